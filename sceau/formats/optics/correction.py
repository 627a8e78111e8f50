# SPDX-License-Identifier: Apache-2.0
"""One writing for one lens: transposition of corrections and folding of prisms (design rules of §4).

Sphere S, cylinder C, axis A is the same lens as S+C, -C, A±90. An optician may write one and a lens maker the
other, so both are brought to the negative-cylinder writing before anything is sealed or compared.

Powers are counted in whole quarters of a dioptre, so all arithmetic is on integers and exact; they are shown
as the canonical text of a record (``'-2.00'``, no plus sign, zero ``'0.00'``).

Ranges are this project's choice, wide enough for the lenses that are made and narrow enough to catch a
decimal point in the wrong place. They bind the canonical writing only, so both writings of a lens are
accepted or both refused:

======== ================== ============
value    range              step
======== ================== ============
sphere   -40.00 to 40.00 D  0.25
cylinder -15.00 to 0.00 D   0.25
axis     1 to 180 degrees   1
addition 0.00 to 8.00 D     0.25
prism    -30.00 to 30.00 Δ  0.25 (each of vertical and horizontal)
======== ================== ============
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import Literal

from sceau.formats.optics import errors
from sceau.formats.optics.errors import CorrectionRefused
from sceau.record.normalise import number_in

Number = Decimal | int | str
"""A power as it comes from a file: never a float, which cannot hold every decimal exactly."""

Eye = Literal["right", "left"]
Base = Literal["up", "down", "in", "out"]

SPHERE_LIMIT = 160
CYLINDER_LIMIT = 60
ADDITION_LIMIT = 32
PRISM_LIMIT = 120
"""Largest absolute values, in quarters of a dioptre (of a prism dioptre)."""

# A power of this many dioptres is not the power of any lens.
_ABSURD = 1_000_000
# Enough for what :func:`number_in` gives, times four.
_EXACT = Context(prec=64)

_BASE_BY_NAME: dict[str, Base] = {"up": "up", "down": "down", "in": "in", "out": "out"}

# TABO notation over 360 degrees (ISO 8429), seen by somebody facing the wearer: 0 points to the right of the
# one who looks, which is the nose for the right eye and the temple for the left.
_BASE_BY_DEGREES: dict[str, dict[int, Base]] = {
    "right": {0: "in", 90: "up", 180: "out", 270: "down"},
    "left": {0: "out", 90: "up", 180: "in", 270: "down"},
}


@dataclass(frozen=True)
class Correction:
    """The power of one lens in its canonical writing; build it with :func:`correction`.

    ``sphere`` and ``cylinder`` are canonical texts in dioptres, ``cylinder`` never positive; ``axis`` is in
    degrees, 1 to 180, and None exactly when the cylinder is ``'0.00'``.
    """

    sphere: str
    cylinder: str
    axis: int | None


@dataclass(frozen=True)
class Prism:
    """The prism of one lens: canonical texts in prism dioptres.

    ``vertical`` is positive for base up, negative for base down; ``horizontal`` is positive for base in
    (towards the nose), negative for base out. No prism on an axis is ``'0.00'``.
    """

    vertical: str
    horizontal: str


@dataclass(frozen=True)
class PrismPart:
    """One amount of a prism as a prescription gives it.

    ``amount`` in prism dioptres, never negative; ``base`` a name, or whole degrees in TABO notation (0 to
    360); ``path`` is where the amount and the base are, for errors.
    """

    amount: Number
    base: str | int
    path: str = "prism"


def correction(
    sphere: Number, cylinder: Number | None = None, axis: Number | None = None, *, path: str = "lens"
) -> Correction:
    """The canonical writing of a lens: ``sphere`` and ``cylinder`` in dioptres, ``axis`` 0 to 180 degrees.

    An axis beside a cylinder written as zero says nothing and is dropped. Raises :class:`CorrectionRefused`,
    naming ``path`` and the rule, for a cylinder without axis, an axis without cylinder, and a value that is
    not a multiple of 0.25 or out of range.
    """
    degrees = None if axis is None else _axis(axis, f"{path}.axis")
    if cylinder is None and degrees is not None:
        raise CorrectionRefused(path=f"{path}.axis", rule=errors.AXIS_WITHOUT_CYLINDER)
    s = _quarters(sphere, f"{path}.sphere")
    c = 0 if cylinder is None else _quarters(cylinder, f"{path}.cylinder")
    if c != 0 and degrees is None:
        raise CorrectionRefused(path=f"{path}.cylinder", rule=errors.CYLINDER_WITHOUT_AXIS)
    if c > 0 and degrees is not None:
        s, c, degrees = s + c, -c, _turned(degrees)
    _within(s, -SPHERE_LIMIT, SPHERE_LIMIT, f"{path}.sphere")
    _within(c, -CYLINDER_LIMIT, 0, f"{path}.cylinder")
    return Correction(_text(s), _text(c), degrees if c != 0 else None)


def transposed(lens: Correction) -> tuple[str, str, int | None]:
    """The other writing of ``lens``: (S+C, -C, A±90), with a positive cylinder, as texts and degrees.

    It is for showing only; given back to :func:`correction` it yields ``lens`` again.
    """
    s, c = _quarters(lens.sphere, "lens.sphere"), _quarters(lens.cylinder, "lens.cylinder")
    return _text(s + c), _text(-c), None if lens.axis is None else _turned(lens.axis)


def lens_values(eye: str, power: Correction, near: str, prism: Prism) -> dict[str, str | int]:
    """The values of one lens in a record, under ``right.`` or ``left.``.

    ``near`` is the addition. An axis, addition or prism that is absent or zero has no path: absent and zero
    are one value. The cylinder is always written.
    """
    values: dict[str, str | int] = {f"{eye}.sphere": power.sphere, f"{eye}.cylinder": power.cylinder}
    if power.axis is not None:
        values[f"{eye}.axis"] = power.axis
    optional = {"addition": near, "prism.vertical": prism.vertical, "prism.horizontal": prism.horizontal}
    return values | {f"{eye}.{name}": text for name, text in optional.items() if text != "0.00"}


def addition(value: Number | None, *, path: str = "lens.addition") -> str:
    """The canonical text of a near addition in dioptres; None (single vision) and zero are both ``'0.00'``.

    Raises :class:`CorrectionRefused` when it is negative, too big, or not a multiple of 0.25.
    """
    quarters = 0 if value is None else _quarters(value, path)
    _within(quarters, 0, ADDITION_LIMIT, path)
    return _text(quarters)


def fold_prism(parts: Iterable[PrismPart], eye: str, *, path: str = "lens.prism") -> Prism:
    """One vertical and one horizontal amount for all ``parts`` of the prism of ``eye`` ('right' or 'left').

    Amounts on one axis are added with their sign, so 2 up and 0.5 down is 1.5 up. The eye matters for a base
    in degrees only: 0 degrees is the nose's side for a right eye, the temple's for a left one. Raises
    :class:`CorrectionRefused` for an amount that is negative, no multiple of 0.25 or too big, and for a base
    that is unknown or oblique; the sums are held to the same limit.
    """
    sums = {"vertical": 0, "horizontal": 0}
    for part in parts:
        amount = _quarters(part.amount, f"{part.path}.amount")
        if amount < 0:
            raise CorrectionRefused(path=f"{part.path}.amount", rule=errors.PRISM_NEGATIVE)
        _within(amount, 0, PRISM_LIMIT, f"{part.path}.amount", "Δ")
        base = _base(part.base, eye, f"{part.path}.base")
        signed = amount if base in ("up", "in") else -amount
        sums["vertical" if base in ("up", "down") else "horizontal"] += signed
    for axis, total in sums.items():
        _within(total, -PRISM_LIMIT, PRISM_LIMIT, f"{path}.{axis}", "Δ")
    return Prism(_text(sums["vertical"]), _text(sums["horizontal"]))


def _base(base: str | int, eye: str, path: str) -> Base:
    if eye not in _BASE_BY_DEGREES:
        raise CorrectionRefused(path=path, rule=errors.EYE_UNKNOWN)
    if isinstance(base, int) and not isinstance(base, bool):
        if not 0 <= base <= 360:
            raise CorrectionRefused(path=path, rule=errors.BASE_UNKNOWN)
        if base % 90 != 0:
            raise CorrectionRefused(path=path, rule=errors.BASE_OBLIQUE)
        return _BASE_BY_DEGREES[eye][base % 360]
    if isinstance(base, str) and base in _BASE_BY_NAME:
        return _BASE_BY_NAME[base]
    raise CorrectionRefused(path=path, rule=errors.BASE_UNKNOWN)


def _axis(value: object, path: str) -> int:
    """Whole degrees 1 to 180, with 0 written as 180."""
    number = number_in(value)
    if number is None:
        raise CorrectionRefused(path=path, rule=errors.AXIS_NOT_AN_INTEGER)
    if not 0 <= number <= 180:
        raise CorrectionRefused(path=path, rule=errors.AXIS_OUT_OF_RANGE)
    if number != int(number):
        raise CorrectionRefused(path=path, rule=errors.AXIS_NOT_AN_INTEGER)
    return int(number) or 180


def _turned(axis: int) -> int:
    """``axis`` turned by 90 degrees, still in 1 to 180."""
    return axis + 90 if axis <= 90 else axis - 90


def _quarters(value: object, path: str) -> int:
    """``value`` in whole quarters, exact."""
    number = number_in(value)
    if number is None or abs(number) >= _ABSURD:
        raise CorrectionRefused(path=path, rule=errors.NOT_A_NUMBER)
    with localcontext(_EXACT):
        quarters = number * 4
        if quarters != quarters.to_integral_value():
            raise CorrectionRefused(path=path, rule=errors.NOT_A_QUARTER)
    return int(quarters)


def _text(quarters: int) -> str:
    whole, rest = divmod(abs(quarters), 4)
    return f"{'-' if quarters < 0 else ''}{whole}.{rest * 25:02d}"


def _within(quarters: int, low: int, high: int, path: str, unit: str = "D") -> None:
    if not low <= quarters <= high:
        raise CorrectionRefused(path=path, rule=errors.out_of_range(_text(low), _text(high), unit))
