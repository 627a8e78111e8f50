# SPDX-License-Identifier: Apache-2.0
"""Amounts are whole cents from nothing to ten thousand million, exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.formats.optics.amount import LARGEST_CENTS, broken_amount, to_cents
from sceau.record import FORMATS


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        (0, 0),
        (Decimal("-0.00"), 0),
        (214, 21400),
        (Decimal("0.01"), 1),
        (Decimal("214.10"), 21410),
        (Decimal("9999999999.99"), 999999999999),
        (Decimal("2.14E+2"), 21400),
        (Decimal("0.01" + "0" * 18), 1),
    ],
)
def test_an_amount_becomes_its_cents(amount: Decimal | int, cents: int) -> None:
    assert broken_amount(amount) is None
    assert to_cents(amount) == cents


@pytest.mark.parametrize(
    ("amount", "rule"),
    [
        (-1, "amount-range"),
        (Decimal("-0.01"), "amount-range"),
        (10**10, "amount-range"),
        (Decimal("1E+999999"), "amount-range"),
        (Decimal("NaN"), "amount-range"),
        (Decimal("Infinity"), "amount-range"),
        (Decimal("0.001"), "not-cents"),
        (Decimal("9999999999.991"), "not-cents"),
        (Decimal("0.01" + "0" * 19), "not-cents"),
        (Decimal("1E-999999"), "not-cents"),
    ],
)
def test_another_amount_is_refused(amount: Decimal | int, rule: str) -> None:
    broken = broken_amount(amount)
    assert broken is not None
    assert broken.code == rule


@given(cents=st.integers(0, LARGEST_CENTS))
def test_every_number_of_cents_is_an_amount(cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    assert broken_amount(amount) is None
    assert to_cents(amount) == cents


def test_the_largest_amount_is_that_of_a_record() -> None:
    assert FORMATS["cents"].limits.maximum == LARGEST_CENTS
