# SPDX-License-Identifier: Apache-2.0
"""The ABIs in the package are those of the contracts."""

import pytest

from tools.export_abi import CONTRACTS, SHIPPED, abi_text


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_shipped_abi_is_that_of_the_build(contract: str) -> None:
    assert (SHIPPED / f"{contract}.json").read_text() == abi_text(contract), "run `make abi`"


def test_nothing_else_is_shipped() -> None:
    assert sorted(path.stem for path in SHIPPED.glob("*.json")) == sorted(CONTRACTS)
