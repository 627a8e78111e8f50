# SPDX-License-Identifier: Apache-2.0
"""Amounts of money as exact whole cents (hundredths of the currency, whichever it is)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from sceau.errors import Sentence

LARGEST_CENTS = 10**12 - 1

NOT_CENTS = Sentence("optics.not-cents")
AMOUNT_RANGE = Sentence("optics.amount-range")


def broken_amount(amount: Decimal | int) -> Sentence | None:
    """The rule that ``amount`` breaks, or None: it is 0 to 9,999,999,999.99, in whole cents."""
    # Range and exponent first: 1E+999999 or 1E-999999 as a fraction would fill the memory.
    if isinstance(amount, Decimal) and not amount.is_finite():
        return AMOUNT_RANGE
    if not 0 <= amount <= LARGEST_CENTS // 100 + 1:
        return AMOUNT_RANGE
    if not exact_enough(amount) or (Fraction(amount) * 100).denominator != 1:
        return NOT_CENTS
    return None if to_cents(amount) <= LARGEST_CENTS else AMOUNT_RANGE


def to_cents(amount: Decimal | int) -> int:
    """``amount`` in cents, when it breaks no rule."""
    return int(Fraction(amount) * 100)


def exact_enough(number: Decimal | int) -> bool:
    """Whether ``number`` has at most 20 decimals, so that it is safe to compute with exactly."""
    exponent = number.as_tuple().exponent if isinstance(number, Decimal) else 0
    return isinstance(exponent, int) and exponent >= -20
