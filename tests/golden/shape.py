# SPDX-License-Identifier: Apache-2.0
"""What stays of a document when all that differs from run to run is taken out of it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

#: Lists in which the order of the items is part of what they say.
IN_ORDER = ("checks", "findings", "rulings", "steps")

#: Numbers that differ from run to run or between machines though they are small, and 16 random bytes that look like a
#: code, by their keys.
VARIES = ("number", "block", "block_number", "bytes", "gas_used", "age", "size", "oldest")
RANDOM = ("id", "jti", "p2s")

#: Sentences, and names that stay as they are though they hold a blank, by their keys.
PROSE = ("en", "fr")
NAMES = ("code", "name")

PATTERNS = {
    "hash32": r"0x[0-9a-f]{64}",
    "address": r"0x[0-9a-fA-F]{40}",
    "hex": r"0x([0-9a-f]{2})*",
    "bare hex": r"[0-9a-f]{24,}",
    "code of a revocation": r"SCEAUR1:[A-Z2-7]{125}",
    "message": r"\d+:[A-Za-z0-9_-]{22}",
    "uuid": r"(urn:uuid:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "seconds": r"[12]\d{9}",
    "iso-date": r"\d{4}-\d\d-\d\d",
    "iso-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)",
    "version": r"\d+\.\d+\.\d+",
    "path": r"/.*",
    "node": r"http://127\.0\.0\.1:\d+",
    "text": r"(?s).*\s.*",
    "base64": r"[A-Za-z0-9+/=_-]{40,}",
}


def shape(document: Any) -> dict[str, str]:
    """Every key path with what stands there: a type, a pattern's name, or the value itself where it is stable."""
    found: dict[str, set[str]] = {}
    for path, word in _walk(document, ""):
        found.setdefault(path, set()).add(word)
    return {path: " | ".join(sorted(found[path])) for path in sorted(found)}


def shape_of_text(text: str) -> dict[str, str]:
    """The same of a file, JSON or a compact JWE."""
    return shape(json.loads(text) if text.startswith("{") else text.strip())


def _walk(value: Any, path: str) -> Iterator[tuple[str, str]]:
    name = path.rpartition("/")[2]
    inner = _inside(value) if isinstance(value, str) else value
    if isinstance(inner, dict) and inner:
        for key, item in inner.items():
            word = _text(key).strip("'")
            yield from _walk(item, f"{path}/{word}")
    elif isinstance(inner, list) and inner:
        for place, item in enumerate(inner):
            yield from _walk(item, f"{path}[{f'{place:02}' if name in IN_ORDER else ''}]")
    else:
        yield path, _word(name, inner)


def _word(name: str, value: Any) -> str:
    if isinstance(value, str) and name in PROSE:
        return "text"
    if isinstance(value, str) and name in NAMES:
        return f"'{value}'"
    if isinstance(value, str):
        return "base64" if name in RANDOM and re.fullmatch(r"[\w-]{22}", value) else _text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return "int" if name in VARIES or value > 100_000_000 else str(value)
    return json.dumps(value)


def _text(value: str) -> str:
    fitting = (name for name, pattern in PATTERNS.items() if re.fullmatch(pattern, value))
    return next(fitting, f"'{_without_hashes(value)}'")


def _without_hashes(value: str) -> str:
    """A scope or another name that holds hashes, addresses or a block's number, with what is the same in every run."""
    named = re.sub(r"0x[0-9a-f]{40,}", lambda found: "hash32" if len(found[0]) == 66 else "address", value)
    return re.sub(r"(hash32:)\d+", r"\1int", named)


def _inside(text: str) -> Any:
    """The JSON inside a text: as it stands, or what can be read of a signed or an encrypted message."""
    if text.startswith("{"):
        return json.loads(text)
    if not text.startswith("eyJ"):
        return text
    header, payload, *rest = text.split(".")
    signed = {"payload": _decoded(payload)} if len(rest) == 1 else {}
    return {"header": _decoded(header), **signed}


def _decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
