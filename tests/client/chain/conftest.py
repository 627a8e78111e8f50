# SPDX-License-Identifier: Apache-2.0
"""This room talks to nodes: its tests run on a Ganache, where others run on the quickest node that there is."""

from __future__ import annotations

import pytest

from tests.support.deployed import Deployed


@pytest.fixture
def chain(ganache_chain: Deployed) -> Deployed:
    """The Ganache, as it was before each test."""
    return ganache_chain
