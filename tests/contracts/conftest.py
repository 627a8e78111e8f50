# SPDX-License-Identifier: Apache-2.0
"""The consortium that every contract test starts from, deployed once and put back after each test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brownie
import pytest

from tests.contracts.support.chain import Chain, Contract
from tests.contracts.support.machine.machine import ConsortiumMachine
from tests.contracts.support.signing import Signer
from tests.contracts.support.wire import Wire
from tests.contracts.support.world import World
from tools.ganache import quick_node

Mock = Callable[..., Contract]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how long the random lives were."""
    taken = ConsortiumMachine.taken
    if taken:
        refused = sum(number for name, number in taken.items() if name.endswith(", refused"))
        terminalreporter.write_line(
            f"random lives: {sum(taken.values())} steps on the chain and in the model, {refused} of them refused"
        )


@pytest.fixture(scope="session")
def contract_types() -> Any:
    """Brownie's container of each contract of the loaded project, by name."""
    return brownie.project.get_loaded_projects()[0].dict()


@pytest.fixture(scope="session")
def node() -> Iterator[Chain]:
    """A node beside Brownie's own: the quickest that there is, of the same accounts and rules."""
    with quick_node(chain_id=brownie.chain.id) as started:
        yield Chain(Wire(started.url))


@pytest.fixture(scope="session")
def deploy(node: Chain, contract_types: Any) -> Any:
    """Deploy a contract of the project, or of another container given, from the first development account."""

    def deployed(name: str, *args: object, container: Any = None) -> Contract:
        contract_type = contract_types[name] if container is None else container
        creation = "0x" + contract_type.deploy.encode_input(*args).removeprefix("0x")
        return node.deploy(name, creation, contract_type.abi, brownie.accounts[0].address)

    return deployed


@pytest.fixture(scope="session")
def mock(deploy: Any) -> Mock:
    """Deploy a contract of mocks/Mocks.sol by its name."""
    source = Path(__file__).with_name("mocks") / "Mocks.sol"
    compiled = brownie.compile_source(
        source.read_text(encoding="utf-8"), solc_version="0.8.28", evm_version="shanghai"
    )

    def deployed(name: str, *args: object) -> Contract:
        contract: Contract = deploy(name, *args, container=compiled[name])
        return contract

    return deployed


@pytest.fixture(scope="session")
def consortium(node: Chain, deploy: Any) -> World:
    admin = Signer("admin")
    manager = deploy("ConsortiumAccessManager", admin.address)
    parties = deploy("PartyRegistry", manager.address)
    consents = deploy("ConsentRegistry", manager.address, parties.address)
    claims = deploy("ClaimRegistry", manager.address, parties.address, consents.address)
    contracts = {contract.name: contract for contract in (manager, parties, consents, claims)}
    world = World(node, contracts, brownie.chain.id)
    world.settle_in()
    return world


@pytest.fixture
def world(consortium: World, node: Chain) -> Iterator[World]:
    """The consortium as it was founded, whatever the test before did."""
    snapshot = node.snapshot()
    yield consortium
    node.revert(snapshot)
