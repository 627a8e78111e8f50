# SPDX-License-Identifier: Apache-2.0
"""Taking a proof from a node: what shows later, without any node, what the chain held at a block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sceau.chain import codec
from sceau.chain.abis import ContractName
from sceau.chain.batch import ask_all
from sceau.chain.network import Network
from sceau.proof.document import ChainProof
from sceau.proof.errors import Unproved
from sceau.proof.inclusion import branches_of
from sceau.proof.nodes import Nodes

#: A contract, one of its views that can be proved, and the view's arguments.
Read = tuple[ContractName, str, tuple[Any, ...]]
#: A block's number and the hash of a transaction in it.
Written = tuple[int, str]


def take_proof(
    network: Network, reads: Iterable[Read], *, block: int, written: Iterable[Written] = ()
) -> ChainProof | None:
    """What proves the answers of views at a block, and what transactions announced.

    A transaction is left out where the node gives too little to prove it.

    Args:
        network: the deployment.
        reads: the views; what was proved at that block a moment ago is not asked for again.
        block: the block's number.
        written: transactions up to that block.

    Returns:
        The proof; ``None`` where the manifest lists no validators, so that nothing can be proved.

    Raises:
        AnswerUnproved: the node gives no proof of a view, or one that does not hold.
    """
    node, prover = network.node, network.node.prover
    if prover is None:
        return None
    calls = [(name, view, codec.function(name, view).encode(arguments)) for name, view, arguments in reads]
    prover.answers(node, calls, block)
    taken = list(prover.branches(calls, block))
    places: set[tuple[int, int]] = set()
    for number, hashes in _by_block(written).items():
        for place, branches in _receipts(network, number, hashes):
            places.add((number, place))
            taken += branches
    headers = prover.path(node, {block, *(number for number, _ in places)})
    return ChainProof(
        network.manifest.chain_id,
        network.manifest.genesis_hash,
        block,
        tuple(each.raw for each in headers),
        Nodes(taken),
        tuple(sorted(places)),
    )


def _by_block(written: Iterable[Written]) -> dict[int, set[str]]:
    """The hashes of transactions by their block."""
    found: dict[int, set[str]] = {}
    for block, transaction in written:
        found.setdefault(block, set()).add(transaction)
    return found


def _receipts(network: Network, number: int, wanted: set[str]) -> Iterator[tuple[int, list[str]]]:
    """The places of transactions in a block, each with the nodes that prove it and its receipt."""
    node, prover = network.node, network.node.prover
    if prover is None:
        return
    header = prover.header(node, number)
    (block,) = ask_all(node, [("eth_getBlockByNumber", (hex(number), True))])
    hashes = _hashes(block)
    receipts = ask_all(node, [("eth_getTransactionReceipt", (each,)) for each in hashes])
    for place, each in enumerate(hashes):
        if each in wanted:
            try:
                yield place, list(branches_of(header, block, receipts, place))
            except Unproved:
                return


def _hashes(block: Any) -> list[str]:
    """The hashes of a block's transactions; none where the node gives no such block."""
    written = block.get("transactions") if isinstance(block, dict) else None
    found = [each.get("hash") for each in written or () if isinstance(each, dict)]
    return [each for each in found if isinstance(each, str)]
