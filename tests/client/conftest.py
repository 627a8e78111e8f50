# SPDX-License-Identifier: Apache-2.0
"""Chains for the client's tests: one that is rolled back after each test, one with claims, a Ganache, a free chain."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support.deployed import Deployed, deploy
from tests.support.stage import Played, Stage
from tools.ganache import anvil, anvil_program, ganache, quick_node

# What a busy machine does slowly is no fault. On CI, as in Hypothesis' own profile for it, the examples are the same on
# every run, so that a change is judged by what it changed; everywhere else each run tries new ones.
settings.register_profile(
    "sceau",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("sceau")


@pytest.fixture(scope="session")
def deployed() -> Iterator[Deployed]:
    """One chain with the contracts and parties, for the whole run; prefer ``chain``."""
    with quick_node() as node:
        yield deploy(node)


@pytest.fixture
def chain(deployed: Deployed) -> Iterator[Deployed]:
    """That chain, as it was before each test."""
    with deployed.rolled_back():
        yield deployed


@pytest.fixture(scope="session")
def deployed_on_ganache() -> Iterator[Deployed]:
    """The same on a Ganache; prefer ``ganache_chain``."""
    with ganache() as node:
        yield deploy(node)


@pytest.fixture
def ganache_chain(deployed_on_ganache: Deployed) -> Iterator[Deployed]:
    """The Ganache, as it was before each test: for what is said of a node, and nodes differ in."""
    with deployed_on_ganache.rolled_back():
        yield deployed_on_ganache


@pytest.fixture(scope="session")
def played() -> Iterator[Played]:
    """Claims at several points of their lives, on a chain of their own; prefer ``stage``."""
    with quick_node() as node:
        yield Played.of(deploy(node))


@pytest.fixture
def stage(played: Played) -> Iterator[Stage]:
    """Those claims, as they were before each test."""
    with played.set() as stage:
        yield stage


@pytest.fixture(scope="session")
def free_chain() -> Iterator[Deployed]:
    """An Anvil on which nothing costs a fee and a block comes once a second, whatever is sent. Never rolled back."""
    if anvil_program() is None:
        pytest.skip("Anvil is not installed here; its npm package exists for Linux on x86-64 only")
    with anvil() as node:
        yield deploy(node, block_period=1)


@pytest.fixture(params=["ganache", "anvil"])
def either_chain(request: pytest.FixtureRequest) -> Deployed:
    """The test runs twice: on ``ganache_chain``, then on ``free_chain``."""
    found: Deployed = request.getfixturevalue("ganache_chain" if request.param == "ganache" else "free_chain")
    return found
