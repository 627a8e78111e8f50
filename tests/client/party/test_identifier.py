# SPDX-License-Identifier: Apache-2.0
"""French public numbers carry a check digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from sceau.party.identifier import broken_rule


@pytest.mark.parametrize("number", ["732829320", "73282932000074", "35600000000048", "35600000049837"])
def test_a_siren_or_siret_is_taken(number: str) -> None:
    # The last but one is the head office of La Poste; the last a shop of it, whose digits sum to 45.
    assert broken_rule("FR", number) is None


def taken(digits: str) -> bool:
    return broken_rule("FR", digits) is None


def completed(digits: str) -> str:
    """With the one last digit that is taken."""
    (whole,) = (digits + str(check) for check in range(10) if taken(digits + str(check)))
    return whole


@given(st.integers(0, 10**8 - 1), st.integers(0, 99_999), st.integers(0, 13), st.integers(1, 9))
def test_one_mistyped_digit_is_noticed(company: int, shop: int, place: int, change: int) -> None:
    siren = completed(f"{company:08d}")
    siret = completed(siren + f"{shop:05d}"[:4])
    for number in (siren, siret):
        at = place % len(number)
        mistyped = number[:at] + str((int(number[at]) + change) % 10) + number[at + 1 :]
        assert not taken(mistyped)


def test_a_shop_of_no_company_is_refused() -> None:
    """The last digit fits the 14, and the first nine are not a SIREN."""
    shop = next(
        number for number in (f"7328293210007{check}" for check in range(10)) if luhn.is_valid(number)
    )
    assert not taken(shop)


def test_only_la_poste_counts_its_shops_otherwise() -> None:
    # Its digits sum to a multiple of five, but the SIREN is another's.
    assert broken_rule("FR", "73282932000079") is not None
    assert broken_rule("FR", "35600000049838") is not None


@pytest.mark.parametrize("country", ["FR", "RE", "GP", "MQ", "GF", "YT", "PM", "BL", "MF"])
def test_the_territories_of_the_same_register_have_the_same_numbers(country: str) -> None:
    assert broken_rule(country, "73282932000074") is None
    for mistyped in ("73282932000075", "732829321", "7328293200007"):
        assert broken_rule(country, mistyped) is not None


@pytest.mark.parametrize("number", ["0403.019.261", "HRB-1234", "DE123456789"])
def test_elsewhere_the_shape_alone_is_checked(number: str) -> None:
    assert broken_rule("BE", number) is None


@pytest.mark.parametrize("number", ["", "abc", "12 34", "A" * 41, "١٢٣٤٥٦٧٨٩"])
def test_what_is_no_code_is_refused(number: str) -> None:
    assert broken_rule("BE", number) is not None
    assert broken_rule("FR", number) is not None
