# SPDX-License-Identifier: Apache-2.0
"""The formats of values: one value has one writing, and anything else is refused by the name of the rule.

docs/records.md specifies every format; tests/vectors/canonical.json holds values accepted and refused.
Nothing is corrected here: :mod:`sceau.record.normalise` does that for an author, before anything is sealed.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, Literal, cast, get_args

from sceau.documents.identifiers import HASH
from sceau.errors import Sentence
from sceau.record import text as free_text
from sceau.record.errors import ValueNotCanonical

LeafType = Literal["string", "uint256", "int256", "bool", "bytes32"]
#: A value: text for ``string`` and ``bytes32`` ('0x' and 64 lower-case hex digits), int, or bool.
Value = str | int | bool

LEAF_TYPES: Final[frozenset[str]] = frozenset(get_args(LeafType))


@dataclass(frozen=True)
class Limits:
    """What a profile says of one field beyond its format; None leaves the format's own limit.

    ``minimum``, ``maximum`` and ``step`` are in the format's unit: hundredths for ``dioptre``, ``prism`` and
    ``decimal``, cents for amounts, degrees for ``axis``. ``longest`` counts characters. ``values`` is a
    closed list. ``zero`` False refuses zero: absent and zero are then one value, absent.
    """

    minimum: int | None = None
    maximum: int | None = None
    step: int | None = None
    longest: int | None = None
    values: tuple[str, ...] | None = None
    zero: bool | None = None

    def over(self, own: Limits) -> Limits:
        """These limits, with those of the format (``own``) where nothing is said here."""
        return dataclasses.replace(
            own, **{name: said for name, said in vars(self).items() if said is not None}
        )


@dataclass(frozen=True)
class Format:
    """One way to write a value: its leaf type, its own limits, and the check that names a broken rule.

    The check is given values of the Python type of its leaf type alone.
    """

    type: LeafType
    check: Callable[[Any, Limits], Sentence | None]
    limits: Limits = Limits()


def canonical(path: str, format: str, value: object, limits: Limits | None = None) -> Value:  # noqa: A002  # the word
    """``value`` itself, when it is written the one way that ``format`` and ``limits`` allow.

    ``format`` is a key of :data:`FORMATS`. Raises :class:`ValueNotCanonical`, which names the path and the
    rule and never the value.
    """
    rule = broken_rule(format, value, limits)
    if rule is not None:
        raise ValueNotCanonical(path, rule=rule)
    return cast(Value, value)


def broken_rule(format: str, value: object, limits: Limits | None = None) -> Sentence | None:  # noqa: A002  # the word
    """The first rule that ``value`` breaks, or None when it is canonical."""
    return checks(format, limits)(value)


@lru_cache(maxsize=1024)
def checks(format: str, limits: Limits | None = None) -> Callable[[object], Sentence | None]:  # noqa: A002  # the word
    """What gives the first rule that a value breaks: to look a rule up costs more than to apply it."""
    chosen = FORMATS[format]
    wanted, rule = _PYTHON[chosen.type]
    check, fitted = chosen.check, chosen.limits if limits is None else limits.over(chosen.limits)

    def broken(value: Any) -> Sentence | None:
        # The exact type: True is an int to Python, and another language would not take it for 1.
        return check(value, fitted) if type(value) is wanted else rule

    return broken


_NOT_TEXT = Sentence("record.not-text")
_NOT_INTEGER = Sentence("record.not-integer")
_NOT_FLAG = Sentence("record.not-flag")
_PYTHON: Mapping[str, tuple[type, Sentence]] = {
    "string": (str, _NOT_TEXT),
    "bytes32": (str, _NOT_TEXT),
    "uint256": (int, _NOT_INTEGER),
    "int256": (int, _NOT_INTEGER),
    "bool": (bool, _NOT_FLAG),
}

_CODE = Sentence("record.code-shape")
_LPP = Sentence("record.code-individual")
_DATE = Sentence("record.date-shape")
_DECIMAL = Sentence("record.decimal-shape")
_MINUS_ZERO = Sentence("record.decimal-minus-zero")
_ZERO = Sentence("record.zero-left-out")
_CURRENCY = Sentence("record.currency-shape")
_BYTES32 = Sentence("record.bytes32-shape")


def _text(written: str, limits: Limits) -> Sentence | None:
    return _too_long(written, limits) or free_text.broken_rule(written) or _not_listed(written, limits)


def _code(written: str, limits: Limits) -> Sentence | None:
    return _shaped(_CODE_SHAPE, _CODE, written, limits)


def _grouped_code(written: str, limits: Limits) -> Sentence | None:
    return _code(written, limits) or (_LPP if holds_individual_code(written) else None)


def holds_individual_code(written: str) -> bool:
    """Whether a code holds an individual LPP code (seven digits), however it is dressed.

    Dresses: alone; with a word (``LPP2287890``), a mark of quantity or of a second code (``2287890*1``, ``2287890/1``),
    leading zeros to 13 places, groups with points, hyphens or slashes (``22.878.90``), letters that look like digits
    (``22878 9O``, ``2Z87B90``). No grouped code has as many digits.
    """
    plain = _SEPARATORS.sub("", written)
    digits = sum(char.isdigit() for char in plain)
    return digits >= _LPP_DIGITS or any(
        sum(char.isdigit() for char in run) > _LPP_DIGITS // 2 for run in _LOOKS_INDIVIDUAL.findall(plain)
    )


def _currency(written: str, limits: Limits) -> Sentence | None:
    return _shaped(_CURRENCY_SHAPE, _CURRENCY, written, limits)


def _bytes32(written: str, limits: Limits) -> Sentence | None:
    return _shaped(HASH, _BYTES32, written, limits)


def _date(written: str, limits: Limits) -> Sentence | None:
    rule = _shaped(_DATE_SHAPE, _DATE, written, limits)
    if rule is None:
        try:
            date.fromisoformat(written)
        except ValueError:
            return _DATE
    return rule


def _decimal(written: str, limits: Limits) -> Sentence | None:
    if not _DECIMAL_SHAPE.fullmatch(written):
        return _DECIMAL
    if written == "-0.00":
        return _MINUS_ZERO
    return _number(int(written.replace(".", "")), limits)


def _number(number: int, limits: Limits) -> Sentence | None:
    if limits.minimum is not None and number < limits.minimum:
        return _OUT_OF_RANGE
    if limits.maximum is not None and number > limits.maximum:
        return _OUT_OF_RANGE
    if limits.step is not None and number % limits.step:
        return _NO_STEP
    if limits.zero is False and number == 0:
        return _ZERO
    return None


def _flag(_value: Value, _limits: Limits) -> Sentence | None:
    return None


def _shaped(shape: re.Pattern[str], rule: Sentence, written: str, limits: Limits) -> Sentence | None:
    # Length first: nobody wants a megabyte matched against a pattern.
    if limits.longest is not None and len(written) > limits.longest:
        return _LONGER
    if shape.fullmatch(written) is None:
        return rule
    return _LISTED if limits.values is not None and written not in limits.values else None


def _too_long(written: str, limits: Limits) -> Sentence | None:
    return _LONGER if limits.longest is not None and len(written) > limits.longest else None


def _not_listed(written: str, limits: Limits) -> Sentence | None:
    return _LISTED if limits.values is not None and written not in limits.values else None


_OUT_OF_RANGE = Sentence("record.out-of-range")
_NO_STEP = Sentence("record.not-a-step")
_LONGER = Sentence("record.too-long")
_LISTED = Sentence("record.not-listed")

# [0-9] and fullmatch, never \d and $: those take Arabic digits and a final line feed.
_CODE_SHAPE = re.compile(r"[A-Z0-9][A-Z0-9._/+*:#-]*")
_SEPARATORS = re.compile(r"[^A-Z0-9]")
_LPP_DIGITS = 7
# Further letters stand for a digit only behind one: a grouped code may begin with letters.
_LOOKS_INDIVIDUAL = re.compile(r"[0-9OIL]{7,}|[0-9][0-9OQDILZSGB]{6,}")
_DATE_SHAPE = re.compile(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_DECIMAL_SHAPE = re.compile(r"-?(?:0|[1-9][0-9]{0,3})\.[0-9]{2}")
_CURRENCY_SHAPE = re.compile(r"[A-Z]{3}")

_AMOUNT = 10**12 - 1

#: Every format by its name, with the limits it has when a profile says nothing. Read-only.
FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        "code": Format("string", _code, Limits(longest=40)),
        # A code that groups products for payers. Individual LPP codes go to the compulsory insurance alone.
        "grouped-code": Format("string", _grouped_code, Limits(longest=40)),
        "text": Format("string", _text, Limits(longest=200)),
        "date": Format("string", _date, Limits(longest=10)),
        # Sphere, cylinder, addition: hundredths of a dioptre, in quarters.
        "dioptre": Format("string", _decimal, Limits(-4000, 4000, 25)),
        # A prism on one axis of one eye, signed: up and in are positive, down and out negative.
        "prism": Format("string", _decimal, Limits(-3000, 3000, 25, zero=False)),
        # Another measure with two decimals: a refractive index, a distance or a diameter in millimetres.
        "decimal": Format("string", _decimal, Limits(0, 99999, 1)),
        "axis": Format("uint256", _number, Limits(1, 180)),
        "cents": Format("uint256", _number, Limits(0, _AMOUNT)),
        # A credit or a discount may be negative.
        "signed-cents": Format("int256", _number, Limits(-_AMOUNT, _AMOUNT)),
        "currency": Format("string", _currency, Limits(longest=3)),
        "party": Format("uint256", _number, Limits(1, 2**32 - 1)),
        "count": Format("uint256", _number, Limits(0, 2**32 - 1)),
        "bytes32": Format("bytes32", _bytes32, Limits(longest=66)),
        "flag": Format("bool", _flag),
    }
)
