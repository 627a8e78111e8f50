# SPDX-License-Identifier: Apache-2.0
"""Reading the JSON forms that patients, shops and members hand each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sceau.documents.errors import FileMalformed
from sceau.documents.strict_json import malformed, read_object, require_keys
from sceau.errors import Sentence

#: What :meth:`from_json` of a file's class takes: its text, or the object already parsed.
Data = str | bytes | Mapping[str, object]


#: A contract wallet's signature has no fixed length; no known one is longer.
LONGEST_SIGNATURE = 4096

_ADDRESS = re.compile(r"0x[0-9a-f]{40}")
_HASH = re.compile(r"0x[0-9a-f]{64}")
_BYTES = re.compile(r"0x(?:[0-9a-f]{2})+")


def read_form(data: Data, format_: str, keys: Iterable[str], what: Sentence) -> dict[str, Any]:
    """The object in ``data``, when its "format" is ``format_`` and it has exactly ``keys`` beside it.

    ``what`` names the kind of file in errors. Raises :class:`FileMalformed`.
    """
    read = read_object(data, what)
    if read.get("format") != format_:
        raise malformed(what, "format", f"its format is not {format_}", f"son format n'est pas {format_}")
    require_keys(read, {"format", *keys}, what)
    return read


def read_number(read: Mapping[str, Any], key: str, what: Sentence, *, largest: int) -> int:
    """The whole number from 1 to ``largest`` at ``key``. Raises :class:`FileMalformed`."""
    value = read[key]
    if type(value) is int and 1 <= value <= largest:
        return value
    raise _wrong(what, key, "a number from 1", "un nombre à partir de 1")


def read_flag(read: Mapping[str, Any], key: str, what: Sentence) -> bool:
    """The true or false at ``key``. Raises :class:`FileMalformed`."""
    value = read[key]
    if isinstance(value, bool):
        return value
    raise _wrong(what, key, "true or false", "true ou false")


def read_hash(read: Mapping[str, Any], key: str, what: Sentence) -> str:
    """The '0x' and 64 lower-case hexadecimal digits at ``key``. Raises :class:`FileMalformed`."""
    return _read_hex(read, key, what, _HASH)


def read_address(read: Mapping[str, Any], key: str, what: Sentence) -> str:
    """The '0x' and 40 lower-case hexadecimal digits at ``key``. Raises :class:`FileMalformed`."""
    return _read_hex(read, key, what, _ADDRESS)


def read_signature(read: Mapping[str, Any], key: str, what: Sentence) -> str:
    """The '0x' hex at ``key``, of 1 to :data:`LONGEST_SIGNATURE` bytes. Raises :class:`FileMalformed`."""
    return _read_hex(read, key, what, _BYTES)


def _read_hex(read: Mapping[str, Any], key: str, what: Sentence, shape: re.Pattern[str]) -> str:
    value = read[key]
    if isinstance(value, str) and len(value) <= 2 + 2 * LONGEST_SIGNATURE and shape.fullmatch(value):
        return value
    raise _wrong(
        what,
        key,
        "lower-case hexadecimal of the right length",
        "en hexadécimal minuscule de la bonne longueur",
    )


def _wrong(what: Sentence, key: str, en: str, fr: str) -> FileMalformed:
    return malformed(what, "field", f"its '{key}' is not {en}", f"sa clé « {key} » n'est pas {fr}")
