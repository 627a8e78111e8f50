# SPDX-License-Identifier: Apache-2.0
"""An address as people type it."""

from __future__ import annotations

import pytest

from sceau.documents.errors import AddressInvalid
from sceau.documents.identifiers import checksummed, require_address

CHECKSUMMED = "0xABaBaBaBABabABabAbAbABAbABabababaBaBABaB"


@pytest.mark.parametrize("text", ["0x" + "ab" * 20, CHECKSUMMED])
def test_an_address_gets_its_checksum(text: str) -> None:
    assert checksummed(text) == require_address(text) == CHECKSUMMED


@pytest.mark.parametrize(
    "text", ["", "0x12", "ab" * 20, "0x" + "aB" * 20, CHECKSUMMED[:-1] + "b", " " + CHECKSUMMED]
)
def test_what_is_mistyped_is_refused(text: str) -> None:
    assert checksummed(text) is None
    with pytest.raises(AddressInvalid):
        require_address(text)


def test_a_secret_pasted_in_its_place_is_not_repeated() -> None:
    secret = "0x" + "5e" * 32
    with pytest.raises(AddressInvalid) as refused:
        require_address(secret)
    for language in ("en", "fr"):
        assert secret[:20] not in refused.value.message(language)
