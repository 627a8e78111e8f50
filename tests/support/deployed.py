# SPDX-License-Identifier: Apache-2.0
"""The contracts of ``build/``, deployed without Brownie on a node that a test started, and parties admitted there."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sceau.chain.abis import CONTRACTS, ContractName
from sceau.chain.following import Transaction
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.signer import Signer
from sceau.chain.transaction import send, send_data
from sceau.deployment import RegistryId
from sceau.party.possession import KeyProof, prove_possession
from sceau.roles.admin import Admin
from sceau.roles.controller import Controller
from sceau.terms import Role
from scripts.deployment import Code
from scripts.deployment import deploy as deploy_contracts
from tools.ganache import Node as TestNode

BUILD = Path(__file__).resolve().parents[2] / "build" / "contracts"

#: Admitted in this order: the first is party 1.
PARTIES: tuple[tuple[str, Role], ...] = (
    ("practice", Role.PRACTICE),
    ("supplier", Role.SUPPLIER),
    ("payer", Role.PAYER),
    ("auditor", Role.AUDITOR),
    ("other_practice", Role.PRACTICE),
    ("other_supplier", Role.SUPPLIER),
    ("other_payer", Role.PAYER),
)

_ETHER = 10**18


@dataclass(frozen=True)
class Deployed:
    """A deployment with its parties.

    ``signers`` holds a signing key by party name, and ``stranger``, a funded key of no party; ``controllers`` the
    parties' controllers. ``admin`` holds every admin role. ``test_node.request`` talks to the node itself.
    """

    test_node: TestNode
    network: Network
    admin: Signer
    signers: Mapping[str, Signer]
    controllers: Mapping[str, Signer]

    def party(self, name: str) -> int:
        """Party number of a name in ``PARTIES``."""
        return [each for each, _ in PARTIES].index(name) + 1

    @property
    def url(self) -> str:
        """The node's address."""
        return self.test_node.url

    @property
    def now(self) -> int:
        """Time of the newest block, in seconds."""
        return self.network.node.head().timestamp

    def sleep(self, seconds: int) -> None:
        """Moves the chain's time forward and makes a block."""
        self.test_node.request("evm_increaseTime", seconds)
        self.test_node.request("evm_mine")

    def catch_up(self) -> None:
        """Makes a block of this moment: a node that was rolled back may go on from the time at which it was then."""
        self.test_node.request("evm_mine")
        late = int(time.time()) - self.now
        if late > 0:
            self.sleep(late)

    @contextmanager
    def without_blocks(self) -> Iterator[None]:
        """The chain takes transactions and makes no block, as one without enough validators does."""
        self.test_node.stop_blocks()
        try:
            yield
        finally:
            self.test_node.start_blocks()

    def fund(self, address: str, wei: int = _ETHER) -> None:
        """Gives an address money, of use where the chain charges fees."""
        send_data(self.network.node, self.admin, to=address, value=wei, chain_id=self.network.chain_id).wait(
            30
        )

    def sent_by(self, address: str) -> int:
        """How many transactions an address has sent, those that wait for a block included."""
        from eth_utils.address import to_checksum_address

        return self.network.node.web3.eth.get_transaction_count(to_checksum_address(address), "pending")

    def proof(self, signing_key: Signer, controller: str) -> KeyProof:
        """The proof that a key is held, for the party of a controller."""
        registry = RegistryId.of(self.network.manifest, "PartyRegistry")
        return prove_possession(signing_key, controller=controller, registry=registry)

    def write_manifest(self, directory: Path) -> Path:
        """The manifest as a file in ``directory``."""
        path = directory / "deployment.json"
        path.write_text(json.dumps(self.network.manifest.to_json()), encoding="utf-8")
        return path

    @property
    def consortium(self) -> Admin:
        """The role of the admin."""
        return Admin(self.network, self.admin)

    def controller(self, name: str) -> Controller:
        """The role of a party's controller."""
        return Controller(self.network, self.controllers[name], self.party(name))

    @contextmanager
    def rolled_back(self) -> Iterator[None]:
        """Whatever is written inside is gone afterwards, the time that passed included."""
        snapshot = self.test_node.request("evm_snapshot")
        try:
            yield
        finally:
            # A transaction that is still on its way to a block would be in the first one after the return.
            self.test_node.finish()
            self.test_node.request("evm_revert", snapshot)
            # What the network knows of a block that is gone, it forgets when it sees another one.
            self.network.look()


def key(name: str) -> Signer:
    """A signer that is the same in every run."""
    from eth_utils.crypto import keccak

    return Signer.from_key(keccak(text=f"sceau test key {name}"))


def deploy(test_node: TestNode, *, block_period: int = 0) -> Deployed:
    """Deploys and admits on a node just started. Fails plainly when the contracts are not compiled."""
    node = Node(test_node.url)
    admin = Signer.from_key(bytes.fromhex(test_node.keys[0].removeprefix("0x")))
    manifest = deploy_contracts(node, built(), admin, compiler={"version": "test"}, block_period=block_period)
    network = Network.connect(test_node.url, manifest)
    signers = {name: key(name) for name, _ in PARTIES} | {"stranger": key("stranger")}
    controllers = {name: key(f"controller of {name}") for name, _ in PARTIES}
    deployed = Deployed(test_node, network, admin, signers, controllers)
    sent = [_admit(deployed, name, role) for name, role in PARTIES]
    # Sent one after the other and awaited together: a chain with a beat takes them all in one block.
    sent += _fund(deployed, [*signers.values(), *controllers.values()])
    for transaction in sent:
        transaction.wait(30)
    return deployed


def built(directory: Path = BUILD) -> Mapping[ContractName, Code]:
    """What the compiler made of each contract. Raises RuntimeError when it was not run."""
    return {name: Code(bytes.fromhex(artifact(name, directory)["bytecode"])) for name in CONTRACTS}


def artifact(name: str, directory: Path = BUILD) -> dict[str, Any]:
    """Brownie's file of a compiled contract."""
    path = directory / f"{name}.json"
    if not path.is_file():
        raise RuntimeError(f"{path} is missing: run 'make compile' first")
    compiled: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return compiled


def _admit(deployed: Deployed, name: str, role: Role) -> Transaction:
    controller = deployed.controllers[name].address
    proof = deployed.proof(deployed.signers[name], controller)
    # Without a directory entry: a test that needs one publishes it.
    arguments = (controller, int(role), bytes(32), [(proof.key, proof.possession)])
    return send(deployed.network, deployed.admin, "PartyRegistry", "admit", *arguments)


def _fund(deployed: Deployed, signers: list[Signer]) -> list[Transaction]:
    """Money for everybody, where the chain charges fees."""
    node, chain_id = deployed.network.node, deployed.network.chain_id
    if not node.head().base_fee:
        return []
    return [
        send_data(node, deployed.admin, to=signer.address, value=10 * _ETHER, chain_id=chain_id)
        for signer in signers
    ]
