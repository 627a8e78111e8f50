# SPDX-License-Identifier: Apache-2.0
"""Reading a JSON file with exact decimals: no float, no key twice, one rule named for whatever is wrong."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from sceau.documents.strict_json import too_deep
from sceau.errors import Sentence

LARGEST_FILE = 1_000_000
"""Largest file read, in bytes: a hundred times the largest claim."""

Source = Path | str | bytes
"""A JSON file: its path (as Path or text), or its bytes."""

CANNOT_OPEN = Sentence("cannot-open", "the file cannot be opened", "le fichier ne peut pas être ouvert")
TOO_BIG = Sentence("too-big", "the file is bigger than 1 MB", "le fichier dépasse 1 Mo")
NOT_JSON = Sentence(
    "not-json", "this is no complete JSON text in UTF-8", "ce n'est pas un texte JSON complet en UTF-8"
)
KEY_TWICE = Sentence(
    "key-twice", "a key is given twice in one object", "une clé est donnée deux fois dans un même objet"
)
NOT_OBJECT = Sentence("not-an-object", "a JSON object is wanted", "un objet JSON est attendu")
TOO_DEEP = Sentence("too-deep", "the file is nested too deeply", "le fichier est trop profondément imbriqué")


def name_of(source: Source) -> str:
    """The file's name for an error, without its folders."""
    return "JSON" if isinstance(source, bytes) else Path(source).name


def read_exact(source: Source) -> dict[str, Any] | Sentence:
    """The JSON object in ``source``, or the rule it breaks.

    Numbers with a fraction or an exponent are :class:`~decimal.Decimal`, others int. The rule is returned,
    not raised, so that the caller's error has no parser's error behind it: those quote the whole text.
    """
    try:
        data = source if isinstance(source, bytes) else _file_bytes(Path(source))
        if len(data) > LARGEST_FILE:
            return TOO_BIG
        text = data.decode("utf-8")
        if too_deep(text):
            return TOO_DEEP
        parsed = json.loads(text, object_pairs_hook=_pairs, parse_float=Decimal, parse_constant=_no_constant)
    except OSError:
        return CANNOT_OPEN
    except _KeyTwice:
        return KEY_TWICE
    except (ValueError, ArithmeticError):
        # Broken JSON, broken UTF-8, an integer of thousands of digits; an exponent beyond what Decimal takes.
        return NOT_JSON
    return parsed if isinstance(parsed, dict) else NOT_OBJECT


def _file_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


class _KeyTwice(Exception):  # a signal out of the JSON parser, not an error anybody sees
    pass


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        # Readers disagree on which one counts: a second sphere could hide behind the first.
        raise _KeyTwice
    return read


def _no_constant(_word: str) -> NoReturn:
    # NaN and Infinity, which Python's parser takes and JSON has not.
    raise ValueError
