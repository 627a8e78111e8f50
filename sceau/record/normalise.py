# SPDX-License-Identifier: Apache-2.0
"""Bringing what a shop's or a supplier's software holds to its one writing, before it is sealed or compared.

Only differences that mean nothing are removed: blanks and case of a code, Unicode form and blanks of a text,
the plus sign, comma or missing decimals of a number. Anything else is left as it is, for the profile to
refuse by name. Readers never tidy: what somebody else sealed is canonical or refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from sceau.documents.identifiers import hex_of
from sceau.record.canonical import FORMATS, Value
from sceau.record.profile import Profile

_NUMBER = re.compile(r"[+-]?[0-9]{1,4}(?:\.[0-9]{1,6}|,[0-9]{1,2})?")  # 1,500 might be thousands
_MAX_DIGITS = 12
_HUNDREDTH = Decimal("0.01")


def normalise(profile: Profile, values: Mapping[str, object]) -> dict[str, Value]:
    """``values`` by path, each in the writing of its format as far as that changes no meaning.

    Taken besides canonical values: codes with blanks or in lower case; text in any Unicode form; numbers with
    decimals as Decimal, int or text ('+2', '-0,5'); :class:`datetime.date`; 32 bytes. A path is left out when
    its value is None or empty text, or zero where the profile writes no zero. Raises :class:`PathUnknown`.
    """
    normalised: dict[str, Value] = {}
    for path, written in values.items():
        field = profile.field(path)
        own = _TIDIED.get(field.format, _same)(written)
        absent = own is None or own == ""
        zero_is_absent = field.limits.over(FORMATS[field.format].limits).zero is False
        if not absent and not (zero_is_absent and own == "0.00"):
            normalised[path] = cast(Value, own)
    return normalised


def normalised_code(written: str) -> str:
    """A code without blanks and in capitals: written with blanks or in lower case it is the same code."""
    # ASCII only: some letters of other alphabets become plain ones in capitals ("ß" becomes "SS").
    return "".join(written.split()).upper() if written.isascii() else written


def _same(written: object) -> object:
    return written


def _code(written: object) -> object:
    return normalised_code(written) if isinstance(written, str) else written


def _text(written: object) -> object:
    # split() takes every blank, no-break spaces and line ends included.
    return " ".join(unicodedata.normalize("NFC", written).split()) if isinstance(written, str) else written


def _date(written: object) -> object:
    # A datetime keeps its time and is refused: which day it is depends on a zone, not for us to choose.
    return written.isoformat() if isinstance(written, date) else written


def _decimal(written: object) -> object:
    if isinstance(written, str):
        if not _NUMBER.fullmatch(written.strip(" ")):
            return written
        number = Decimal(written.strip(" ").replace(",", "."))
    elif type(written) in (int, Decimal):
        number = Decimal(cast("int | Decimal", written))
    else:
        # A float is refused with the rest: it does not hold 0.1 exactly.
        return written
    if not number.is_finite() or abs(number) >= 10**_MAX_DIGITS:
        return written
    rounded = number.quantize(_HUNDREDTH)
    if rounded != number:
        return written
    return str(rounded) if number else "0.00"


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
    "bytes32": _bytes32,
}
