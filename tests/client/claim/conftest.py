# SPDX-License-Identifier: Apache-2.0
"""A chain that has grown for hours: none of the session's can."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.old_chain import OldChain
from tools.ganache import anvil_program


@pytest.fixture(scope="session")
def old() -> Iterator[OldChain]:
    """Claims on a chain of some 12,000 blocks. Nothing is written there by a test."""
    if anvil_program() is None:
        pytest.skip("Anvil is not installed here; its npm package exists for Linux on x86-64 only")
    with OldChain.grown() as old:
        yield old
