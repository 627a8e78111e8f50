# SPDX-License-Identifier: Apache-2.0
"""Comparing a deployment with the source: what stands on the chain, what created it, who may do what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from eth_abi.exceptions import EncodingError

from sceau.chain.abis import CONTRACTS, ContractName
from sceau.chain.errors import NodeRefused
from sceau.chain.manifest import ContractEntry
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.documents.identifiers import hex_of
from scripts.deployment import Code, constructor_arguments, creation_data


def contract_faults(
    network: Network, contracts: Mapping[ContractName, Code], *, block: int
) -> dict[ContractName, list[str]]:
    """For each contract what differs between the chain at `block`, the manifest and the compiled source.

    All lists empty: every byte on the chain comes from this source, created with the arguments of the manifest.
    Raises NodeUnreachable.
    """
    return {name: list(_faults(network, name, contracts[name], block)) for name in CONTRACTS}


def masked(code: bytes, code_source: Code) -> bytes:
    """Code of a contract with zeros where its creation filled something in (its own address, another's)."""
    blank = bytearray(code)
    for start, length in code_source.immutables:
        blank[start : start + length] = bytes(length)
    return bytes(blank)


def _faults(network: Network, name: ContractName, source: Code, block: int) -> Iterator[str]:
    from eth_utils.crypto import keccak

    entry = network.manifest.contracts[name]
    code = network.node.code(entry.address, block)
    if not code:
        yield f"there is no contract at {entry.address}"
        return
    if "0x" + keccak(code).hex() != entry.code_hash:
        yield f"the code at {entry.address} is not the one that the manifest's code_hash names"
    # A length that differs is caught first: masking past the end would lengthen the code.
    if len(code) != len(source.runtime) or masked(code, source) != masked(source.runtime, source):
        yield f"the code at {entry.address} does not come from this source"
    yield from _creation_faults(network, name, entry, source)


def _creation_faults(
    network: Network, name: ContractName, entry: ContractEntry, source: Code
) -> Iterator[str]:
    """What is immutable was given at creation: only the creating transaction shows all of it."""
    initial_admin = str(entry.arguments[0]) if entry.arguments else ""
    expected = constructor_arguments(name, initial_admin, network.manifest.contracts)
    if _lower(entry.arguments) != _lower(expected):
        yield f"the manifest's arguments are not the addresses of its contracts, {', '.join(expected)}"
    sent = _sent(network.node, entry.transaction)
    if sent is None:
        yield f"the node does not know transaction {entry.transaction}, which should have created it"
        return
    if _created(sent).lower() != entry.address.lower():
        yield f"transaction {entry.transaction} did not create {entry.address}"
    try:
        wanted = creation_data(source.creation, entry.arguments)
    except (ValueError, EncodingError):
        yield "the manifest's arguments are no addresses"
        return
    if hex_of(bytes(sent["input"])) != wanted:
        yield f"transaction {entry.transaction} did not create it from this source with the manifest's arguments"


def _sent(node: Node, transaction: str) -> Mapping[str, Any] | None:
    """A transaction; None if the node does not know it, which is told of no node that only fails to answer."""

    def read() -> Mapping[str, Any]:
        # web3's type for hashes has no public constructor from text
        found = node.web3.eth.get_transaction(transaction)  # type: ignore[arg-type] # text is taken
        if hex_of(bytes(found["hash"])) != transaction.lower():
            raise ValueError("another transaction")
        return found

    try:
        return node.ask(read)
    except NodeRefused:
        if node.knows(transaction):
            raise
        return None


def _created(sent: Mapping[str, Any]) -> str:
    """Address that a transaction creates by its sender and number, empty if it calls one that was there.

    Where code stands at that address, no other transaction put it there. Its receipt says no more, and comes later.
    """
    from web3.utils import get_create_address

    return "" if sent.get("to") is not None else str(get_create_address(sent["from"], sent["nonce"]))


def _lower(values: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(str(value).lower() for value in values)
