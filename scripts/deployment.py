# SPDX-License-Identifier: Apache-2.0
"""Putting the four contracts on a chain and giving their admin roles to one account.

Nothing here needs Brownie: `scripts/deploy.py` is the entry for admins, the tests use the same function.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sceau.chain.abis import CONTRACTS, ContractName
from sceau.chain.errors import KeyInUse
from sceau.chain.fees import fee_fields, highest_fee
from sceau.chain.following import Receipt, Transaction, read_after
from sceau.chain.manifest import ContractEntry, Manifest
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.signer import Signer
from sceau.chain.transaction import send, send_data
from sceau.errors import SceauError
from sceau.party.access import MANAGER, wiring

# Storing a byte of code costs 200 gas, sending it at most 16; the rest is for constructors and transactions.
_GAS_PER_BYTE = 240
_GAS_PER_CONTRACT = 250_000
_GAS_OF_WIRING = 1_500_000
_GAS_OF_A_PAYMENT = 21_000
# As long as a transaction is waited for.
_SECONDS = 120
# So often a payment is sent under a number that is used already.
_PAYMENTS = 8
_PAUSE_SECONDS = 0.25

T = TypeVar("T")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Code:
    """What a compiler made of a contract: the code that creates it (arguments not included), and in the code that
    will stand on the chain the places (offset and length, in bytes) that the creation fills in."""

    creation: bytes
    runtime: bytes = b""
    immutables: tuple[tuple[int, int], ...] = ()


def deploy(
    node: Node,
    contracts: Mapping[ContractName, Code],
    admin: Signer,
    *,
    compiler: Mapping[str, Any],
    block_period: int,
    funder: Signer | None = None,
    say: Say = lambda _: None,
) -> Manifest:
    """Creates the contracts from a key made for this alone and gives every admin role to `admin`.

    The key is fresh so that a chain that was reset never has a contract at an address that old signatures name.
    Where the chain charges fees, `funder` (else `admin`) pays: what the key needs, and what `admin` lacks;
    what is left over is sent back. `block_period` is in seconds, 0 for a chain that makes blocks on demand;
    `compiler` the settings that made the code, for the manifest.

    Once the first transaction was sent, a node that fails is asked again for two minutes.

    Raises SenderHasNoFunds, NodeError, and the errors of TransactionUnsettled.
    """
    deployer = Signer.generate()
    chain_id, genesis_hash = node.chain_id(), node.genesis_hash()
    payer = funder or admin
    _fund(node, chain_id, contracts, payer=payer, deployer=deployer, admin=admin)
    try:
        first, entries = _create_all(node, chain_id, contracts, deployer, admin, say)
    finally:
        _return_rest(node, chain_id, deployer, payer.address)
    manifest = Manifest(
        chain_id=chain_id,
        genesis_hash=genesis_hash,
        block=first,
        block_period=block_period,
        contracts=entries,
        compiler=compiler,
    )
    network = Network(node, manifest)
    last = entries[CONTRACTS[-1]].transaction
    _asked_on(last, lambda: send(network, admin, MANAGER, "multicall", wiring(network, admin.address))).wait()
    say(f"admin roles given to {admin.address}")
    return manifest


def pay(node: Node, payer: Signer, *, to: str, value: int, chain_id: int) -> None:
    """Gives `value` (wei) to an account of the same people, by another number where the node says that one was used.

    A node that counts late is answered so, and one that errs costs a second payment between their own accounts.
    Raises as `send_data` and its `wait`.
    """
    for _ in range(_PAYMENTS - 1):
        with suppress(KeyInUse):
            send_data(node, payer, to=to, value=value, chain_id=chain_id).wait()
            return
        time.sleep(_PAUSE_SECONDS)
    send_data(node, payer, to=to, value=value, chain_id=chain_id).wait()


def constructor_arguments(
    name: ContractName, admin: str, created: Mapping[ContractName, ContractEntry]
) -> tuple[str, ...]:
    """What a contract is created with; `CONTRACTS` is in the order in which each needs those before it."""
    needed: dict[ContractName, tuple[ContractName, ...]] = {
        "PartyRegistry": (MANAGER,),
        "ConsentRegistry": (MANAGER, "PartyRegistry"),
        "ClaimRegistry": (MANAGER, "PartyRegistry", "ConsentRegistry"),
    }
    return (admin,) if name == MANAGER else tuple(created[other].address for other in needed[name])


def creation_data(creation: bytes, arguments: tuple[Any, ...]) -> str:
    """Input of a creating transaction (`0x` hex): the code and the constructor's arguments, all addresses."""
    from eth_abi.abi import encode

    return "0x" + (creation + encode(["address"] * len(arguments), arguments)).hex()


def _create_all(
    node: Node,
    chain_id: int,
    contracts: Mapping[ContractName, Code],
    deployer: Signer,
    admin: Signer,
    say: Say,
) -> tuple[int, dict[ContractName, ContractEntry]]:
    """Block of the first contract, and all of them."""
    entries: dict[ContractName, ContractEntry] = {}
    first = 0
    last = ""
    for number, name in enumerate(CONTRACTS):
        arguments = constructor_arguments(name, admin.address, entries)
        data = creation_data(contracts[name].creation, arguments)
        receipt = _create(node, deployer, chain_id, data, last, number)
        entries[name] = _entry(node, receipt, arguments)
        last = receipt.hash
        first = first or receipt.block_number
        say(f"{name} created at {entries[name].address}, block {receipt.block_number}")
    return first, entries


def _create(node: Node, deployer: Signer, chain_id: int, data: str, last: str, number: int) -> Receipt:
    def sent() -> Transaction:
        # The key is fresh: it sent so many before, whatever a node counts.
        return send_data(node, deployer, to=None, data=data, chain_id=chain_id, least=number)

    # Nothing was written before the first: its node's failure is told at once.
    return (_asked_on(last, sent) if last else sent()).wait()


def _asked_on(last: str, ask: Callable[[], T]) -> T:
    """What `ask` gives after the transaction `last`: what fails before it hands over signed bytes is asked again."""
    return read_after(last, time.monotonic() + _SECONDS, ask)


def _entry(node: Node, receipt: Receipt, arguments: tuple[str, ...]) -> ContractEntry:
    from eth_utils.crypto import keccak

    if receipt.contract is None:
        raise RuntimeError(f"Transaction {receipt.hash} created no contract.")
    address = receipt.contract
    code = _asked_on(receipt.hash, lambda: node.code(address))
    return ContractEntry(address, "0x" + keccak(code).hex(), receipt.hash, arguments)


def _fund(
    node: Node,
    chain_id: int,
    contracts: Mapping[ContractName, Code],
    *,
    payer: Signer,
    deployer: Signer,
    admin: Signer,
) -> None:
    price = highest_fee(fee_fields(node, node.head()))
    if price == 0:
        return
    size = sum(len(code.creation) for code in contracts.values())
    gas = size * _GAS_PER_BYTE + len(contracts) * _GAS_PER_CONTRACT
    pay(node, payer, to=deployer.address, value=gas * price, chain_id=chain_id)
    lacking = _GAS_OF_WIRING * price - node.balance(admin.address)
    if payer.address != admin.address and lacking > 0:
        pay(node, payer, to=admin.address, value=lacking, chain_id=chain_id)


def _return_rest(node: Node, chain_id: int, deployer: Signer, to: str) -> None:
    price = highest_fee(fee_fields(node, node.head()))
    # Twice the gas of a payment: the price may rise before it is sent.
    rest = node.balance(deployer.address) - 2 * _GAS_OF_A_PAYMENT * price
    if price and rest > 0:
        # Money left behind is no reason to lose a deployment that stands.
        with suppress(SceauError):
            pay(node, deployer, to=to, value=rest, chain_id=chain_id)
