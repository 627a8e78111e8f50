# SPDX-License-Identifier: Apache-2.0
"""A chain for the documents that show code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.deployed import Deployed, deploy
from tools.ganache import ganache


@pytest.fixture(scope="session")
def deployed() -> Iterator[Deployed]:
    """One Ganache with the contracts and parties."""
    with ganache() as node:
        yield deploy(node)
