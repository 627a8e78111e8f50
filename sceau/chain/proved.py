# SPDX-License-Identifier: Apache-2.0
"""A node's answers, proved by the chain's validators (:mod:`sceau.proof`), where the manifest lists them.

Whether answers must be proved is said by the manifest, never by the node: one that gives no proof is not used.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from sceau.chain.abis import ContractName
from sceau.chain.batch import Fault, ask_all
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
from sceau.proof.state import proved_words
from sceau.proof.trust import Trust

# Headers that are kept for reading the state under them.
_HEADERS_KEPT = 64
# More in one question make an answer that some nodes refuse; each call rests on three words at most.
_CALLS_AT_ONCE = 20
# For so long a node that gave what does not hold is not asked for its newest block.
_DISTRUST_SECONDS = 60.0

#: A contract and the calldata of one of its views.
Call = tuple[ContractName, str, bytes]


class Prover:
    """Proves what one node says of blocks and of the contracts' storage."""

    def __init__(self, manifest: Manifest) -> None:
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
        self._distrusted: tuple[float, NodeError] | None = None

    @property
    def is_outdated(self) -> bool:
        """Whether the manifest's validators were listed too long ago to prove the newest block."""
        return self._trust.is_over(time.time())

    def require_trusted(self) -> None:
        """Raises :class:`AnswerUnproved` where the node gave something a moment ago that does not hold."""
        if self._distrusted is not None and time.monotonic() - self._distrusted[0] < _DISTRUST_SECONDS:
            raise self._distrusted[1]

    def block(self, node: Node, answer: Any) -> Block:
        """The block that a node gave, as its header proves it; believed where it is older than the deployment.

        Raises:
            AnswerUnproved: it does not.
            ValidatorsOutdated: too much time has passed since the manifest listed the validators.
        """
        try:
            header = self._header_of(answer)
            if header.number < self._first:
                return Block(header.number, header.hash, header.timestamp, header.base_fee)
            self._trust.require(header, lambda number: self._asked_header(node, number), time.time())
        except Unproved as error:
            raise self._doubted(node, error) from None
        while len(self._proved) >= _HEADERS_KEPT:
            del self._proved[next(iter(self._proved))]
        self._proved[header.number] = header
        return Block(header.number, header.hash, header.timestamp, header.base_fee, proved=True)

    def answers(self, node: Node, calls: Iterable[Call], block: int) -> dict[Call, bytes]:
        """What views answer at a block, as the storage under that block's header proves it.

        Raises:
            AnswerUnproved: the node gave no proof, or one that does not hold.
        """
        self.require_trusted()
        header = self._header_at(node, block)
        groups = _groups(list(dict.fromkeys(calls)))
        wanted = [[views()[call[0], call[1]].places(call[2]) for call in group] for group in groups]
        questions = [
            (
                "eth_getProof",
                (
                    self._contracts[group[0][0]].address,
                    [hex_of(word(place)) for of_call in places for place in of_call],
                    hex(header.number),
                ),
            )
            for group, places in zip(groups, wanted, strict=True)
        ]
        answers: dict[Call, bytes] = {}
        for group, places, found in zip(groups, wanted, ask_all(node, questions), strict=True):
            words = self._words(node, header, group[0][0], list(chain.from_iterable(places)), found)
            for call, of_call in zip(group, places, strict=True):
                own, words = words[: len(of_call)], words[len(of_call) :]
                answers[call] = views()[call[0], call[1]].answer(own)
        return answers

    def _words(
        self, node: Node, header: Header, contract: ContractName, places: Sequence[int], found: Any
    ) -> list[int]:
        entry = self._contracts[contract]
        try:
            if isinstance(found, Fault):
                raise Unproved(Sentence("proof.no-proof-given", words=found.words))
            return proved_words(header.state_root, entry.address, entry.code_hash, places, found)
        except Unproved as error:
            raise self._doubted(node, error) from None

    def _header_at(self, node: Node, number: int) -> Header:
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
    """The header of a block as JSON-RPC gives it, field by field. Raises :class:`Unproved`."""
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


def _groups(calls: Sequence[Call]) -> list[list[Call]]:
    """The calls by contract, and of each contract as many as one question may be about."""
    groups: list[list[Call]] = []
    for contract in dict.fromkeys(call[0] for call in calls):
        of_contract = [call for call in calls if call[0] == contract]
        for start in range(0, len(of_contract), _CALLS_AT_ONCE):
            groups.append(of_contract[start : start + _CALLS_AT_ONCE])
    return groups
