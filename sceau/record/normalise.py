# SPDX-License-Identifier: Apache-2.0
"""Bringing what a shop's or a supplier's software holds to its one writing, before it is sealed or compared.

Only differences that mean nothing are removed: blanks and case of a code, Unicode form and blanks of a text,
the plus sign, comma or missing decimals of a number, a whole number as text. Anything else is left as it is, for the
profile to refuse by name. Readers never normalise: what somebody else sealed is canonical or refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from sceau.documents.identifiers import hex_of
from sceau.record.canonical import FORMATS, Value, canonical
from sceau.record.profile import Profile

_NUMBER = re.compile(r"[+-]?[0-9]{1,10}(?:\.[0-9]{1,18}|,[0-9]{1,2})?")  # 1,500 might be thousands
# FHIR allows 18 digits; an exponent beyond these would fill the memory.
_MOST_DIGITS = 40
# Also those that do not break, which French programs write around numbers.
_BLANKS = " \u00a0\u202f"
_LARGEST = 10**12
_HUNDREDTH = Decimal("0.01")


def normalise(profile: Profile, values: Mapping[str, object]) -> dict[str, Value]:
    """``values`` by path, each in the writing of its format as far as that changes no meaning.

    Taken besides canonical values: codes with blanks or in lower case; text in any Unicode form; numbers as
    :func:`number_in` reads them ('+2', '-0,5'); :class:`datetime.date`; 32 bytes. A path is left out when
    its value is None or empty text, or zero where the profile writes no zero. Raises :class:`PathUnknown`.
    """
    normalised: dict[str, Value] = {}
    for path, written in values.items():
        field = profile.field(path)
        tidied = _reason if path.endswith(".reason") else _TIDIED.get(field.format, _same)
        own = tidied(written)
        absent = own is None or own == ""
        zero_is_absent = field.limits.over(FORMATS[field.format].limits).zero is False
        if not absent and not (zero_is_absent and own == "0.00"):
            normalised[path] = cast(Value, own)
    return normalised


def normalised_code(written: str) -> str:
    """A code without blanks and in capitals: written with blanks or in lower case it is the same code."""
    # ASCII only: some letters of other alphabets become plain ones in capitals ("ß" becomes "SS").
    return "".join(written.split()).upper() if written.isascii() else written


def reason_code(written: str) -> str:
    """A reason, as :func:`one_code`."""
    return one_code("reason", written)


def one_code(what: str, written: str) -> str:
    """What is said in one code, ``what`` in errors: in capitals, without the blanks around it.

    Blanks inside are not removed, as they are from a product's code: a sentence, which may tell of a person, must not
    pass for a code. Raises :class:`ValueNotCanonical`.
    """
    return cast(str, canonical(what, "code", _reason(written)))


def number_in(written: object) -> Decimal | None:
    """The number that a value of somebody's file writes, exact; ``None`` where it writes none.

    The one rule for all files: a whole number, an exact decimal, or either as text with a point or a comma before the
    decimals (at most two after a comma) and any zeros behind them. Nothing separates thousands. A float is none: it
    does not hold 0.1 exactly.
    """
    if isinstance(written, str):
        text = written.strip(_BLANKS)
        return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
    if type(written) not in (int, Decimal):
        return None
    if type(written) is int and abs(written) >= _LARGEST:
        return None
    number = Decimal(cast("int | Decimal", written))
    _, digits, exponent = number.as_tuple()
    if (
        not isinstance(exponent, int)
        or len(digits) > _MOST_DIGITS
        or not -_MOST_DIGITS <= exponent <= _MOST_DIGITS
    ):
        return None
    return number if abs(number) < _LARGEST else None


def whole_number_in(written: object) -> int | None:
    """The whole number that a value writes, as :func:`number_in`; ``None`` where it is none."""
    number = number_in(written)
    return int(number) if number is not None and number == number.to_integral_value() else None


def _same(written: object) -> object:
    return written


def _reason(written: object) -> object:
    return written.strip().upper() if isinstance(written, str) and written.isascii() else written


def _code(written: object) -> object:
    return normalised_code(written) if isinstance(written, str) else written


def _text(written: object) -> object:
    # split() takes every blank, no-break spaces and line ends included.
    return " ".join(unicodedata.normalize("NFC", written).split()) if isinstance(written, str) else written


def _date(written: object) -> object:
    # A datetime keeps its time and is refused: which day it is depends on a zone, not for us to choose.
    return written.isoformat() if isinstance(written, date) else written


def _decimal(written: object) -> object:
    number = number_in(written)
    if number is None:
        return written
    rounded = number.quantize(_HUNDREDTH)
    if rounded != number:
        return written
    return str(rounded) if number else "0.00"


def _whole(written: object) -> object:
    number = whole_number_in(written)
    return written if number is None else number


def _bytes32(written: object) -> object:
    if isinstance(written, bytes):
        return hex_of(written)
    return written.lower() if isinstance(written, str) else written


_TIDIED: Mapping[str, Callable[[object], object]] = {
    "code": _code,
    "grouped-code": _code,
    "currency": _code,
    "text": _text,
    "date": _date,
    "dioptre": _decimal,
    "prism": _decimal,
    "decimal": _decimal,
    "axis": _whole,
    "count": _whole,
    "bytes32": _bytes32,
}
