# SPDX-License-Identifier: Apache-2.0
"""The one door for JSON that somebody else wrote: one clear rule for whatever is wrong, never an echo of the content.

A text must be UTF-8 (a byte order mark before it is passed over), hold at most :data:`LONGEST` characters (bytes)
and nest at most :data:`DEEPEST` deep. A key given twice is refused: readers disagree on which one counts. So are NaN,
Infinity and integers of thousands of digits. A number with a fraction or an exponent is refused, or, where the format
has amounts, read as an exact :class:`~decimal.Decimal`; no float ever comes out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from sceau.documents.errors import FileMalformed
from sceau.errors import Sentence

#: Longest text read, in characters or bytes: a hundred times the largest record.
LONGEST = 1_000_000

#: Deepest nesting read.
DEEPEST = 32

_TOO_LONG = Sentence("documents.json-too-long")
_TOO_DEEP = Sentence("documents.json-too-deep")
_NOT_JSON = Sentence("documents.json-broken")
_NOT_UTF8 = Sentence("documents.json-not-utf8")
_NOT_OBJECT = Sentence("documents.json-not-object")
# A text of JSON whole, or up to the end of a truncated file: a bracket in it nests nothing.
_TEXT = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]+")
_FRACTION = Sentence("documents.json-fraction")
_KEY_TWICE = Sentence("documents.json-key-twice")


#: What :meth:`from_json` of a document's class takes: its text, or the object already parsed.
Data = str | bytes | Mapping[str, object]


class _Stop(Exception):  # a signal out of the parser, not an error anybody sees
    def __init__(self, rule: Sentence) -> None:
        self.rule = rule


def parse_object(data: str | bytes, *, decimals: bool = False) -> dict[str, Any] | Sentence:
    """The JSON object in a text, or the rule that the text breaks.

    ``decimals`` reads numbers with a fraction or an exponent as :class:`~decimal.Decimal`; otherwise they are refused.
    The rule is returned, not raised: nothing stands behind the caller's error. A parser's own error quotes the text.
    """
    if len(data) > LONGEST:
        return _TOO_LONG
    text = decoded(data)
    if text is None:
        return _NOT_UTF8
    try:
        if too_deep(text):
            return _TOO_DEEP
        parsed = (_WITH_DECIMALS if decimals else _WITHOUT).decode(text)
    except _Stop as stop:
        return stop.rule
    except (ValueError, ArithmeticError):
        # Broken JSON, an integer of thousands of digits; an exponent beyond what Decimal takes.
        return _NOT_JSON
    return parsed if isinstance(parsed, dict) else _NOT_OBJECT


def object_in(data: Data) -> dict[str, Any] | Sentence:
    """The JSON object in ``data``, a text or an object already parsed; or the rule it breaks."""
    if isinstance(data, Mapping):
        return dict(data)
    # Whatever else a caller gives is no object either.
    text: object = data
    return parse_object(text) if isinstance(text, str | bytes) else _NOT_OBJECT


def read_object(data: Data, what: Sentence) -> dict[str, Any]:
    """The JSON object in ``data``; ``what`` names the kind of file in errors ('opening' / 'une ouverture').

    Raises :class:`FileMalformed`.
    """
    found = object_in(data)
    if isinstance(found, Sentence):
        raise FileMalformed(what=what, rule=found)
    return found


def decoded(data: str | bytes) -> str | None:
    """The text without a byte order mark before it; ``None`` where it is not UTF-8.

    RFC 8259, section 8.1: a reader may ignore a byte order mark, which some editors and systems write.
    """
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    if b"\0" in data[:4]:
        # UTF-16 or UTF-32, in which some systems save "Unicode": every other byte of plain text is zero.
        return None
    try:
        # Never left to json.loads, which takes those too: the brackets counted must be those it reads.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def too_deep(text: str) -> bool:
    """Whether ``text`` nests deeper than :data:`DEEPEST`, in time proportional to its length.

    To be asked before any parser sees somebody else's JSON: from a depth of some ten thousands, Python's crashes the
    process once a library has lifted the recursion limit, as py_ecc (under eth_account) does.
    """
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    # Without a backslash every other piece between quotation marks is a text.
    outside = _TEXT.sub("", text) if "\\" in text else "".join(text.split('"')[::2])
    depth = 0
    for mark in "".join(_BRACKETS.findall(outside)):
        depth += 1 if mark in "[{" else -1
        if depth > DEEPEST:
            return True
    return False


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise _Stop(_KEY_TWICE)
    return read


def _fraction(_written: str) -> NoReturn:
    raise _Stop(_FRACTION)


def _not_json(_word: str) -> NoReturn:
    raise _Stop(_NOT_JSON)


# Made once: json.loads makes one for each text.
_WITHOUT = json.JSONDecoder(object_pairs_hook=_pairs, parse_float=_fraction, parse_constant=_fraction)
_WITH_DECIMALS = json.JSONDecoder(object_pairs_hook=_pairs, parse_float=Decimal, parse_constant=_not_json)
