# SPDX-License-Identifier: Apache-2.0
"""Houses of a practice, a supplier and a payer on one chain, with one exchange folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.client.cli.offices import Published, publish
from tests.client.gateway.running import House
from tests.support.deployed import Deployed


@pytest.fixture(scope="session")
def published(deployed: Deployed) -> Published:
    """Message keys and directory entries, for the whole run."""
    return publish(deployed)


@pytest.fixture
def house(published: Published, chain: Deployed, tmp_path: Path) -> Callable[[str], House]:
    """Makes the house of a party."""
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    return lambda name: House(tmp_path / name, chain, name, published, exchange)
