# SPDX-License-Identifier: Apache-2.0
"""A node's answers, proved by the chain's validators (:mod:`sceau.proof`), where the manifest lists them.

Whether answers must be proved is said by the manifest, never by the node: one that gives no proof is not used.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from sceau.chain.abis import ContractName
from sceau.chain.batch import Expected, Fault, Question, ask_all
from sceau.chain.block_receipts import BlockReceipts, read_receipts
from sceau.chain.conflicts import Heights
from sceau.chain.contract_errors import PartyUnknown
from sceau.chain.errors import AnswerUnproved, LayoutUnknown
from sceau.chain.manifest import Manifest
from sceau.chain.node import Block, Node
from sceau.documents.hashing import word
from sceau.documents.identifiers import hex_of
from sceau.errors import NodeError, Sentence
from sceau.proof.errors import Unproved
from sceau.proof.header import Header, bytes_of_block, read_header
from sceau.proof.layout import layout_hash, views
from sceau.proof.nodes import Nodes
from sceau.proof.state import branches_of, has_code, nodes_of, proved_words
from sceau.proof.trust import Trust

# Headers that are kept for reading the state under them, and of the newest the nodes that proved it.
_HEADERS_KEPT = 64
_STATES_KEPT = 4
# More in one question make an answer that some nodes refuse; each call rests on three words at most.
_CALLS_AT_ONCE = 20
# For so long a node that gave what does not hold is not asked for its newest block.
_DISTRUST_SECONDS = 60.0

#: A contract and the calldata of one of its views.
Call = tuple[ContractName, str, bytes]


class Prover:
    """Proves what one node says of blocks and of the contracts' storage.

    ``known`` are nodes of its tries that need not be asked for.
    """

    def __init__(self, manifest: Manifest, known: Nodes | None = None) -> None:
        listed = manifest.validators
        if listed is None:
            raise ValueError("the manifest lists no validators")
        if listed.layout != layout_hash():
            raise LayoutUnknown(found=listed.layout, known=layout_hash())
        self._fork = listed.fork
        self._first = listed.sets[0].block
        self._contracts = manifest.contracts
        self._trust = Trust(listed.sets, epoch=listed.epoch, window_days=listed.window_days)
        self._proved: dict[int, Header] = {}
        self._known = known
        self._nodes: dict[int, Nodes] = {}
        self._receipts: BlockReceipts | None = None
        self._distrusted: tuple[float, NodeError] | None = None
        #: Shared by the nodes of one connection.
        self.heights = Heights()

    @property
    def is_outdated(self) -> bool:
        """Whether the manifest's validators were listed too long ago to prove the newest block."""
        return self._trust.is_over(time.time())

    def require_trusted(self) -> None:
        """Raises :class:`AnswerUnproved` where the node gave something a moment ago that does not hold.

        :class:`BlocksConflict` where it or another proved two blocks of one height.
        """
        self.heights.require_one()
        if self._distrusted is not None and time.monotonic() - self._distrusted[0] < _DISTRUST_SECONDS:
            raise self._distrusted[1]

    def block(self, node: Node, answer: Any) -> Block:
        """The block that a node gave, as its header proves it; believed where it is older than the deployment.

        Raises:
            AnswerUnproved: it does not.
            BlocksConflict: another block of that height was proved before.
            ValidatorsOutdated: too much time has passed since the manifest listed the validators.
        """
        try:
            header = self._header_of(answer)
            if header.number < self._first:
                return Block(header.number, header.hash, header.timestamp, header.base_fee)
            self._trust.require(header, lambda number: self._asked_header(node, number), time.time())
        except Unproved as error:
            raise self._doubted(node, error) from None
        self.heights.add(header, node.url)
        while len(self._proved) >= _HEADERS_KEPT:
            del self._proved[next(iter(self._proved))]
        self._proved[header.number] = header
        return Block(header.number, header.hash, header.timestamp, header.base_fee, proved=True)

    def answers(self, node: Node, calls: Iterable[Call], block: int) -> dict[Call, bytes]:
        """What views answer at a block, as the storage under that block's header proves it.

        Raises:
            AnswerUnproved: the node gave no proof, or one that does not hold.
        """
        return self._proved_by(node, calls, block)[0]

    def expected(self, node: Node, calls: Iterable[Call], block: int) -> list[Expected]:
        """The questions that :meth:`answers` asks of a node. Raises as :meth:`answers`."""
        self.require_trusted()
        header, nodes = self.header(node, block), self.nodes_at(block)

        def take(answer: Any) -> None:
            with suppress(Unproved):
                nodes.add(nodes_of(answer))

        return [
            Expected(each, take)
            for each in self._questions(map(_Asked.of, dict.fromkeys(calls)), header, nodes)
        ]

    def branches(self, node: Node, calls: Iterable[Call], block: int) -> list[str]:
        """The nodes that prove what views answer at a block. Raises as :meth:`answers`."""
        answers, header, nodes = self._proved_by(node, calls, block)
        return [
            each
            for asked in map(_Asked.of, answers)
            for each in branches_of(
                header.state_root, self._contracts[asked.call[0]].address, asked.places, nodes
            )
        ]

    def _proved_by(
        self, node: Node, calls: Iterable[Call], block: int
    ) -> tuple[dict[Call, bytes], Header, Nodes]:
        """What views answer, the header of the block, and the nodes that prove it, beside others."""
        self.require_trusted()
        header, nodes = self.header(node, block), self.nodes_at(block)
        wanted = [_Asked.of(call) for call in dict.fromkeys(calls)]
        try:
            self._ask_for(node, self._questions(wanted, header, nodes), nodes)
            return {each.call: self._answer(header, each, nodes) for each in wanted}, header, nodes
        except Unproved as error:
            raise self._doubted(node, error) from None

    def has_code(self, node: Node, address: str, block: int) -> bool:
        """Whether there is a contract at an address at a block. Raises as :meth:`answers`."""
        self.require_trusted()
        header, nodes = self.header(node, block), self.nodes_at(block)
        try:
            self._ask_for(node, [("eth_getProof", (address, [], hex(header.number)))], nodes)
            return has_code(header.state_root, address, nodes)
        except Unproved as error:
            raise self._doubted(node, error) from None

    def path(self, node: Node, numbers: Iterable[int]) -> list[Header]:
        """The headers of these numbers, and those by which somebody with the manifest alone comes to them, in order.

        Raises as :meth:`block`.
        """
        path: dict[int, Header] = {}

        def asked(number: int) -> Header:
            path[number] = self._asked_header(node, number)
            return path[number]

        anew = self._trust.anew()
        for number in sorted(numbers):
            path[number] = self.header(node, number)
            anew.require(path[number], asked, time.time())
        return [path[number] for number in sorted(path)]

    def receipts(self, node: Node, number: int) -> BlockReceipts:
        """The receipts of a block; those of the block that was asked about last are not asked for again.

        Raises:
            Unproved: what the node gives has not the roots of the block's header.
        """
        header, last = self.header(node, number), self._receipts
        if last is None or last.header.hash != header.hash:
            last = self._receipts = read_receipts(node, header)
        return last

    def nodes_at(self, block: int) -> Nodes:
        """The nodes that proved what was read at a block, and those that are added to them."""
        if self._known is not None:
            return self._known
        if block not in self._nodes:
            while len(self._nodes) >= _STATES_KEPT:
                del self._nodes[next(iter(self._nodes))]
            self._nodes[block] = Nodes()
        return self._nodes[block]

    def _ask_for(self, node: Node, questions: Sequence[Question], nodes: Nodes) -> None:
        """Adds the nodes that a node gives in answer to questions. Raises :class:`Unproved` where it gives none."""
        for given in ask_all(node, questions):
            if isinstance(given, Fault):
                raise Unproved(Sentence("proof.no-proof-given", words=given.words))
            nodes.add(nodes_of(given))

    def _is_known(self, header: Header, asked: _Asked, nodes: Nodes) -> bool:
        """Whether nodes that are here prove the answer."""
        with suppress(Unproved):
            self._answer(header, asked, nodes)
            return True
        return False

    def _answer(self, header: Header, asked: _Asked, nodes: Nodes) -> bytes:
        contract, view, calldata = asked.call
        entry = self._contracts[contract]
        words = proved_words(header.state_root, entry.address, entry.code_hash, asked.places, nodes)
        return views()[contract, view].answer(words, calldata, header.timestamp)

    def _questions(self, wanted: Iterable[_Asked], header: Header, nodes: Nodes) -> list[Question]:
        """What is to be asked for the answers that the nodes here do not prove."""
        missing = [each for each in wanted if not self._is_known(header, each, nodes)]
        return [self._question(group, header) for group in _groups(missing)]

    def _question(self, group: Sequence[_Asked], header: Header) -> Question:
        address = self._contracts[group[0].call[0]].address
        places = [hex_of(word(place)) for each in group for place in each.places]
        return "eth_getProof", (address, places, hex(header.number))

    def header(self, node: Node, number: int) -> Header:
        """The header of a block, proved. Raises as :meth:`block`."""
        if number not in self._proved:
            node.block(number)
        header = self._proved.get(number)
        if header is None:
            raise self._doubted(node, Unproved(Sentence("proof.before-deployment", number=number)))
        return header

    def _asked_header(self, node: Node, number: int) -> Header:
        """A header that is not proved yet."""
        return self._header_of(node.raw_block("eth_getBlockByNumber", hex(number)))

    def _header_of(self, answer: Any) -> Header:
        return header_of(answer, self._fork)

    def _doubted(self, node: Node, error: Unproved) -> AnswerUnproved:
        found = AnswerUnproved(url=node.url, why=error.why)
        self._distrusted = (time.monotonic(), found)
        return found


def header_of(answer: Any, fork: str) -> Header:
    """The header of a block: its bytes, or as JSON-RPC gives it, field by field. Raises :class:`Unproved`."""
    if isinstance(answer, bytes):
        return read_header(answer, fork)
    if not isinstance(answer, Mapping):
        raise Unproved(Sentence("proof.no-header"))
    # web3 moves the field that holds the seals.
    extra = answer.get("extraData") or answer.get("proofOfAuthorityData")
    if isinstance(extra, bytes):
        extra = hex_of(extra)
    return read_header(bytes_of_block({**answer, "extraData": extra}, fork), fork)


def require_known(call: Call, answer: bytes) -> None:
    """Raises :class:`PartyUnknown` where the contract would: nothing is stored for a party."""
    contract, view, calldata = call
    if (contract, view) == ("PartyRegistry", "partyOf") and not any(answer):
        raise PartyUnknown(party=int.from_bytes(calldata[4:], "big"))


def is_provable(contract: ContractName, function: str) -> bool:
    """Whether a view of a contract answers what its storage holds."""
    return (contract, function) in views()


class _Asked(NamedTuple):
    """A call, and the places of the storage words on which its answer rests."""

    call: Call
    places: tuple[int, ...]

    @classmethod
    def of(cls, call: Call) -> _Asked:
        return cls(call, views()[call[0], call[1]].places(call[2]))


def _groups(asked: Sequence[_Asked]) -> list[list[_Asked]]:
    """What is asked by contract, and of each contract as many as one question may be about."""
    groups: list[list[_Asked]] = []
    for contract in dict.fromkeys(each.call[0] for each in asked):
        of_contract = [each for each in asked if each.call[0] == contract]
        for start in range(0, len(of_contract), _CALLS_AT_ONCE):
            groups.append(of_contract[start : start + _CALLS_AT_ONCE])
    return groups
