# SPDX-License-Identifier: Apache-2.0
"""Parties that hold every role: what refuses their steps is the claim, not a missing role."""

from collections.abc import Iterator

import pytest

from tests.contracts.support.chain import Chain
from tests.contracts.support.life import Life
from tests.contracts.support.terms import PAYER, PRACTICE, SUPPLIER
from tests.contracts.support.world import Organisation, World

Cast = dict[str, Organisation]


@pytest.fixture(scope="module")
def generalists(consortium: World, node: Chain) -> Iterator[Cast]:
    snapshot = node.snapshot()
    names = ("practice", "payer", "supplier", "stranger")
    yield {name: consortium.admit(f"general {name}", PRACTICE | SUPPLIER | PAYER) for name in names}
    node.revert(snapshot)


@pytest.fixture
def general_life(generalists: Cast, world: World) -> Life:
    """A claim not yet opened whose practice, payer and supplier all hold every role."""
    return Life(world, generalists["practice"], generalists["payer"], generalists["supplier"])
