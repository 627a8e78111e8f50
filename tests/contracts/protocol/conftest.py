# SPDX-License-Identifier: Apache-2.0
"""The crowd that tries every function."""

from collections.abc import Iterator

import pytest

from tests.contracts.support.actors import ActingParty, everybody
from tests.contracts.support.chain import Chain
from tests.contracts.support.world import World


@pytest.fixture(scope="module")
def actors(consortium: World, node: Chain) -> Iterator[list[ActingParty]]:
    snapshot = node.snapshot()
    yield everybody(consortium)
    node.revert(snapshot)
