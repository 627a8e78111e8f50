# SPDX-License-Identifier: Apache-2.0
"""The contracts of ``build/``, deployed without Brownie on a node that a test started, and parties admitted there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sceau.chain.abis import ContractName
from sceau.chain.fees import fee_fields
from sceau.chain.manifest import ContractEntry, Manifest
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.signer import Signer
from sceau.chain.terms import Role
from sceau.chain.transaction import Transaction, send, send_data
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
    parties' controllers. ``admin`` holds every admin role.
    """

    test_node: TestNode
    network: Network
    admin: Signer
    signers: Mapping[str, Signer]
    controllers: Mapping[str, Signer]

    def party(self, name: str) -> int:
        """Party number of a name in ``PARTIES``."""
        return [each for each, _ in PARTIES].index(name) + 1

    def sleep(self, seconds: int) -> None:
        """Moves the chain's time forward and makes a block."""
        self.test_node.request("evm_increaseTime", seconds)
        self.test_node.request("evm_mine")

    @contextmanager
    def rolled_back(self) -> Iterator[None]:
        """Whatever is written inside is gone afterwards."""
        snapshot = self.test_node.request("evm_snapshot")
        try:
            yield
        finally:
            self.test_node.request("evm_revert", snapshot)


def key(name: str) -> Signer:
    """A signer that is the same in every run."""
    from eth_utils.crypto import keccak

    return Signer.from_key(keccak(text=f"sceau test key {name}"))


def deploy(test_node: TestNode, *, block_period: int = 0) -> Deployed:
    """Deploys and admits on a node just started. Fails plainly when the contracts are not compiled."""
    node = Node(test_node.url)
    admin = Signer.from_key(bytes.fromhex(test_node.keys[0].removeprefix("0x")))
    first = node.head().number + 1
    entries = _contracts(node, test_node.chain_id, admin)
    manifest = Manifest(
        test_node.chain_id, node.genesis_hash(), first, block_period, entries, {"version": "test"}
    )
    network = Network.connect(test_node.url, manifest)
    signers = {name: key(name) for name, _ in PARTIES} | {"stranger": key("stranger")}
    controllers = {name: key(f"controller of {name}") for name, _ in PARTIES}
    _fund(node, test_node.chain_id, admin, [*signers.values(), *controllers.values()])
    for name, role in PARTIES:
        admit(network, admin, controllers[name], role, signers[name]).wait(30)
    return Deployed(test_node, network, admin, signers, controllers)


def admit(
    network: Network, admin: Signer, controller: Signer, role: Role, signing_key: Signer
) -> Transaction:
    """Admits a party with one key that proves its possession."""
    possession = prove_possession(network, controller.address, signing_key)
    return send(
        network,
        admin,
        "PartyRegistry",
        "admit",
        controller.address,
        int(role),
        bytes(32),
        [(signing_key.address, possession)],
    )


def prove_possession(network: Network, controller: str, signing_key: Signer) -> bytes:
    """The signature by which a key shows that its party holds it."""
    domain = {
        "name": "Sceau PartyRegistry",
        "version": "1",
        "chainId": network.chain_id,
        "verifyingContract": network.address("PartyRegistry"),
    }
    types = {"SigningKey": [{"name": "controller", "type": "address"}, {"name": "key", "type": "address"}]}
    return signing_key.sign_typed(domain, types, {"controller": controller, "key": signing_key.address})


def artifact(name: str) -> dict[str, Any]:
    """What the compiler made of a contract."""
    path = BUILD / f"{name}.json"
    if not path.is_file():
        raise RuntimeError(f"{path} is missing: run 'make compile' first")
    compiled: dict[str, Any] = json.loads(path.read_text())
    return compiled


def _contracts(node: Node, chain_id: int, admin: Signer) -> dict[ContractName, ContractEntry]:
    access = _create(node, chain_id, admin, "ConsortiumAccessManager", admin.address)
    parties = _create(node, chain_id, admin, "PartyRegistry", access.address)
    consents = _create(node, chain_id, admin, "ConsentRegistry", access.address, parties.address)
    claims = _create(
        node, chain_id, admin, "ClaimRegistry", access.address, parties.address, consents.address
    )
    return {
        "ConsortiumAccessManager": access,
        "PartyRegistry": parties,
        "ConsentRegistry": consents,
        "ClaimRegistry": claims,
    }


def _create(node: Node, chain_id: int, admin: Signer, name: ContractName, *arguments: str) -> ContractEntry:
    from eth_utils.crypto import keccak

    compiled = artifact(name)
    factory = node.web3.eth.contract(abi=compiled["abi"], bytecode=compiled["bytecode"])
    request = {
        "data": factory.constructor(*arguments).data_in_transaction,
        "gas": 6_000_000,
        "value": 0,
        "chainId": chain_id,
        "nonce": node.web3.eth.get_transaction_count(admin.address, "pending"),  # type: ignore[arg-type] # checksummed
        **fee_fields(node, node.head()),
    }
    hash_, raw = admin.sign_transaction(request)
    node.web3.eth.send_raw_transaction(raw)
    receipt = node.web3.eth.wait_for_transaction_receipt(hash_, timeout=30)  # type: ignore[arg-type] # text is taken
    address = receipt["contractAddress"]
    if receipt["status"] != 1 or address is None:
        raise RuntimeError(f"{name} was not deployed")
    return ContractEntry(address, "0x" + keccak(node.code(address)).hex(), hash_, arguments)


def _fund(node: Node, chain_id: int, admin: Signer, signers: list[Signer]) -> None:
    """Ether for everybody, where the chain charges fees."""
    if not node.head().base_fee:
        return
    for signer in signers:
        send_data(node, admin, to=signer.address, value=10 * _ETHER, chain_id=chain_id).wait(30)
