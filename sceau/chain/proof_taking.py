# SPDX-License-Identifier: Apache-2.0
"""Taking a proof from a node: what shows later, without any node, what the chain held at a block."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sceau.chain import codec
from sceau.chain.abis import ContractName
from sceau.chain.errors import AnswerUnproved
from sceau.chain.listing import list_validators
from sceau.chain.manifest import Manifest
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.proved import Prover
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
        written: transactions up to that block; neither these nor the views are looked at where nothing can be proved.

    Returns:
        The proof. Where the manifest lists no validators, it is taken as the block's own list of them proves it, for
        whoever knows them; ``None`` where the chain's headers bear no seals, or the node gives no such proof.

    Raises:
        AnswerUnproved: the manifest lists validators, and the node gives no proof of a view, or one that does not hold.
    """
    if network.node.prover is not None:
        return _taken(network.node, network.node.prover, network.manifest, reads, block, written)
    node = network.node.anew()
    node.prover = _by_its_own_list(node, network.manifest, block)
    if node.prover is None:
        return None
    with suppress(AnswerUnproved):
        return _taken(node, node.prover, network.manifest, reads, block, written)
    return None


def _by_its_own_list(node: Node, manifest: Manifest, block: int) -> Prover | None:
    """What proves by the validators that a block lists, as if they were those since the deployment."""
    listed = list_validators(node, block)
    if listed is None:
        return None
    (newest,) = listed.sets
    sets = (replace(newest, block=manifest.block),)
    return Prover(replace(manifest, validators=replace(listed, sets=sets)))


def _taken(
    node: Node,
    prover: Prover,
    manifest: Manifest,
    reads: Iterable[Read],
    block: int,
    written: Iterable[Written],
) -> ChainProof:
    calls = [(name, view, codec.function(name, view).encode(arguments)) for name, view, arguments in reads]
    taken = prover.branches(node, calls, block)
    places: set[tuple[int, int]] = set()
    for number, hashes in _by_block(written).items():
        with suppress(Unproved):
            receipts = prover.receipts(node, number)
            for place in [receipts.hashes.index(each) for each in hashes if each in receipts.hashes]:
                taken += branches_of(receipts.header, place, receipts.nodes)
                places.add((number, place))
    headers = prover.path(node, {block, *(number for number, _ in places)})
    return ChainProof(
        manifest.chain_id,
        manifest.genesis_hash,
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
