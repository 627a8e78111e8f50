# SPDX-License-Identifier: Apache-2.0
"""Which Brownie commands get a Ganache of their own."""

import pytest

from tools.run_brownie import needs_ganache


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("test tests/contracts", True),
        ("run deploy", True),
        ("run deploy --network development", True),
        ("run deploy --network sceau", False),
        ("run deploy --network=sceau", False),
        ("console", True),
        ("compile --all", False),
        ("accounts list", False),
        ("test --help", False),
        ("", False),
    ],
)
def test_a_command_gets_a_node_when_it_runs_on_development(line: str, needed: bool) -> None:
    assert needs_ganache(line.split()) is needed
