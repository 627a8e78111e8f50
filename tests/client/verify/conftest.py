# SPDX-License-Identifier: Apache-2.0
"""A stage with claims, made once for this package."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.deployed import Deployed
from tests.support.stage import Stage


@pytest.fixture(scope="package")
def played(deployed: Deployed) -> Iterator[Stage]:
    """The claims; prefer ``stage``."""
    with deployed.rolled_back():
        yield Stage.of(deployed)


@pytest.fixture
def stage(played: Stage) -> Iterator[Stage]:
    """The claims as they were before each test."""
    with played.set() as stage:
        yield stage
