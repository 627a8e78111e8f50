# SPDX-License-Identifier: Apache-2.0
"""French public numbers carry a check digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.party.identifier import broken_rule, luhn


@pytest.mark.parametrize("number", ["732829320", "73282932000074", "35600000000048", "35600000049837"])
def test_a_siren_or_siret_is_taken(number: str) -> None:
    # The last but one is the head office of La Poste; the last a shop of it, whose digits sum to 45.
    assert broken_rule("FR", number) is None


@given(st.integers(0, 10**8 - 1), st.integers(0, 8), st.integers(1, 9))
def test_one_mistyped_digit_is_noticed(number: int, place: int, change: int) -> None:
    digits = [int(d) for d in f"{number:08d}"]
    digits.append(next(check for check in range(10) if luhn([*digits, check])))
    assert luhn(digits)
    digits[place] = (digits[place] + change) % 10
    assert not luhn(digits)


def test_only_la_poste_counts_its_shops_otherwise() -> None:
    # Its digits sum to a multiple of five, but the SIREN is another's.
    assert broken_rule("FR", "73282932000079") is not None
    assert broken_rule("FR", "35600000049838") is not None


@pytest.mark.parametrize("number", ["0403.019.261", "HRB-1234", "DE123456789"])
def test_elsewhere_the_shape_alone_is_checked(number: str) -> None:
    assert broken_rule("BE", number) is None


@pytest.mark.parametrize("number", ["", "abc", "12 34", "A" * 41, "١٢٣٤٥٦٧٨٩"])
def test_what_is_no_code_is_refused(number: str) -> None:
    assert broken_rule("BE", number) is not None
    assert broken_rule("FR", number) is not None
