# SPDX-License-Identifier: Apache-2.0
"""Reading a proof that was taken before: as a node that knows one moment of the chain, and is believed in nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sceau.chain.errors import AnswerUnproved, ProofIncomplete, ProofInvalid
from sceau.chain.manifest import Manifest
from sceau.chain.network import Network
from sceau.chain.node import Block, Node
from sceau.chain.proved import Prover
from sceau.documents.identifiers import hex_of
from sceau.errors import NodeError, Sentence
from sceau.proof.document import ChainProof
from sceau.proof.errors import Unproved
from sceau.proof.header import Header, read_header
from sceau.proof.inclusion import Included, included

# In a block its logs are numbered; by a receipt alone only their order is known.
_MOST_LOGS = 1 << 20


@contextmanager
def reading(proof: ChainProof, manifest: Manifest) -> Iterator[Network]:
    """The deployment as a proof shows it, at the proof's block; no node is asked.

    What is read there is proved by the validators that the manifest lists; events are those of receipts in the proof.

    Raises:
        ProofOfAnotherChain: the proof is of another chain than the manifest.
        ProofsRequired: the manifest lists no validators.
        ValidatorsOutdated: they were listed too long before the proof's block.
        ProofInvalid: the proof does not hold, or not what is read is in it.
    """
    manifest.require_chain(proof.chain_id, proof.genesis_hash)
    listed = manifest.require_validators()
    try:
        node = _Proof(proof, listed.fork)
        network = Network(node, manifest)
        node.prove(Prover(manifest, proof.nodes))
        yield network
    except Unproved as error:
        raise ProofInvalid(why=error.why) from None
    except AnswerUnproved as error:
        raise ProofInvalid(why=error.details["why"]) from None
    except NodeError:
        raise ProofInvalid(why=Sentence("proof.not-there")) from None


def block_of(network: Network) -> Block:
    """The block at which a proof is read: it says nothing of now. Raises as :func:`reading`."""
    return network.node.head()


def header_of(network: Network) -> Header:
    """That block's header. Raises as :func:`reading`."""
    node = network.node
    if node.prover is None:
        raise AssertionError("no proof")  # `reading` gives it one
    return node.prover.header(node, block_of(network).number)


class _Proof(Node):
    """A proof, as a node answers. Raises :class:`ProofIncomplete` for what is not in it."""

    def __init__(self, proof: ChainProof, fork: str) -> None:
        super().__init__("proof:")
        self._proof = proof
        headers = [read_header(each, fork) for each in proof.headers]
        self._names = {name: each.raw for each in headers for name in (hex(each.number), each.hash)}
        self._logs: list[dict[str, Any]] = []
        # One question covers all blocks.
        self.pieces.start_at(proof.block + 1)

    def prove(self, prover: Prover) -> None:
        """Every receipt, before anything is read: one that is not proved makes the whole a false one."""
        self.prover = prover
        for number, place in self._proof.receipts:
            self._logs += _logs_of(included(prover.header(self, number), place, self._proof.nodes))

    def exchange(self, body: bytes) -> bytes:  # noqa: ARG002 - a node's
        raise self._lacks()

    def raw_block(self, method: str, wanted: str) -> bytes:  # noqa: ARG002 - a node's
        """The bytes of a header, by its number, its hash, or ``latest`` for the one at which the proof is read."""
        found = self._names.get(hex(self._proof.block) if wanted == "latest" else wanted)
        if found is None:
            raise self._lacks()
        return found

    def logs(self, query: Mapping[str, Any]) -> list[Any]:
        """The logs of proved receipts that a query asks for."""
        first, last = int(query["fromBlock"], 16), int(query["toBlock"], 16)
        return [
            log
            for log in self._logs
            if first <= int(log["blockNumber"], 16) <= last
            and log["address"] == query["address"].lower()
            and _fits(log["topics"], query["topics"])
        ]

    def _lacks(self) -> ProofIncomplete:
        return ProofIncomplete()


def _logs_of(receipt: Included) -> Iterator[dict[str, Any]]:
    """The logs of a receipt as JSON-RPC gives them."""
    for number, log in enumerate(receipt.logs):
        yield {
            "address": log.address,
            "topics": [hex_of(each) for each in log.topics],
            "data": hex_of(log.data),
            "blockNumber": hex(receipt.block.number),
            "blockHash": receipt.block.hash,
            "transactionHash": receipt.transaction,
            "logIndex": hex(receipt.place * _MOST_LOGS + number),
        }


def _fits(topics: Sequence[str], wanted: Sequence[str | Sequence[str] | None]) -> bool:
    """Whether a log's topics are those of a query: each one, one of several, or any."""
    if len(wanted) > len(topics):
        return False
    for topic, each in zip(topics, wanted, strict=False):
        if each is not None and topic not in ([each] if isinstance(each, str) else each):
            return False
    return True
