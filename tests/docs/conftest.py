# SPDX-License-Identifier: Apache-2.0
"""A chain for the documents that show code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.deployed import Deployed, deploy
from tools.ganache import quick_node


@pytest.fixture(scope="session")
def deployed() -> Iterator[Deployed]:
    """One chain with the contracts and parties."""
    with quick_node() as node:
        yield deploy(node)
