# SPDX-License-Identifier: Apache-2.0
"""Which PINs lock a card."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.consent.errors import PinRefused
from sceau.consent.pin import check_pin, is_pin


@pytest.mark.parametrize("pin", ["482915", "000001", "112233", "19820423", "135790", "1" * 31 + "2"])
def test_a_pin_of_six_digits_or_more_is_taken(pin: str) -> None:
    check_pin(pin)
    assert is_pin(pin)


@pytest.mark.parametrize(
    ("pin", "rule"),
    [
        ("", "pin-short"),
        ("48291", "pin-short"),
        ("4829150" * 5, "pin-long"),
        ("48291a", "pin-not-digits"),
        ("48 291", "pin-not-digits"),
        ("482915\n", "pin-not-digits"),
        ("٤٨٢٩١٥", "pin-not-digits"),
        ("000000", "pin-obvious"),
        ("123456", "pin-obvious"),
        ("01234567", "pin-obvious"),
        ("654321", "pin-obvious"),
        ("987654", "pin-obvious"),
        ("789012", "pin-obvious"),
        ("210987", "pin-obvious"),
        ("121212", "pin-obvious"),
        ("123123", "pin-obvious"),
        ("12341234", "pin-obvious"),
    ],
)
def test_a_pin_that_anybody_tries_first_is_refused(pin: str, rule: str) -> None:
    with pytest.raises(PinRefused) as refused:
        check_pin(pin)
    assert refused.value.details["rule"].code == rule


@given(st.text())
def test_an_error_never_shows_the_pin(pin: str) -> None:
    refused = refusal(pin)
    assert refused is None or refused.details.keys() == {"rule"}


@given(st.text(alphabet="0123456789", min_size=6, max_size=32))
def test_nearly_every_pin_is_taken(pin: str) -> None:
    """Only runs and repeated blocks are refused: of a million PINs of six digits, 1,010 blocks and 18 runs."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    size = len(pin)
    blocks = [size_of for size_of in range(1, size) if size % size_of == 0]
    repeated = any(pin == pin[:block] * (size // block) for block in blocks)
    obvious = repeated or steps in ({1}, {9})
    assert obvious == (refusal(pin) is not None)


def refusal(pin: str) -> PinRefused | None:
    try:
        check_pin(pin)
    except PinRefused as error:
        return error
    return None
