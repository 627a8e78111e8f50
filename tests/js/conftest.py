# SPDX-License-Identifier: Apache-2.0
"""One process of Node for all questions about proofs."""

from collections.abc import Iterator

import pytest

from tests.js.proving import Compared, compared_with, node_program


@pytest.fixture(scope="session")
def compared() -> Iterator[Compared]:
    """Asserts that both languages answer cases alike, and counts the answers by their code."""
    with node_program() as program:
        yield compared_with(program)
