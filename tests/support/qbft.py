# SPDX-License-Identifier: Apache-2.0
"""A QBFT chain over a test node: its blocks, with headers that validators of the test's own have sealed.

State, transactions and receipts are the test node's, whose roots the headers hold; only parents, proposers and extra
data are other, and so the hashes of blocks, which are replaced in every answer and question.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import rlp
from coincurve import PrivateKey

from sceau import Network
from sceau.chain.manifest import Manifest, Validators
from sceau.chain.node import Node
from sceau.documents.hashing import keccak
from sceau.proof.header import FORKS, bytes_of_block
from sceau.proof.layout import layout_hash
from sceau.proof.trust import Listed, quorum
from tests.support.deployed import Deployed
from tests.support.faulty_node import Asked, ask, faulty

FORK = "shanghai"
EPOCH = 30_000
_VANITY = bytes(32)
_MIX = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365"


def validator_keys(count: int, name: str = "validator") -> list[PrivateKey]:
    """So many keys, the same ones in each run."""
    return [PrivateKey(keccak(f"sceau test {name} {each}".encode())) for each in range(count)]


def address_of(key: PrivateKey) -> str:
    """Address (``0x`` hex in lower case) of a key."""
    return "0x" + keccak(key.public_key.format(compressed=False)[1:])[-20:].hex()


@dataclass(frozen=True)
class Seals:
    """Who seals a block, and what its extra data say; ``listed`` and ``sealers`` are the validators if not given."""

    validators: Sequence[PrivateKey]
    listed: Sequence[str] | None = None
    sealers: Sequence[PrivateKey] | None = None
    proposer: PrivateKey | None = None
    vote: tuple[str, bool] | None = None
    round: int = 0

    def sealed(self, block: Mapping[str, Any]) -> dict[str, Any]:
        """A block as JSON-RPC gives it, with these seals and its new hash."""
        listed = sorted(map(address_of, self.validators)) if self.listed is None else self.listed
        sealers = self.validators[: quorum(len(self.validators))] if self.sealers is None else self.sealers
        vote: Any = []
        if self.vote is not None:
            vote = [bytes.fromhex(self.vote[0][2:]), b"\xff" if self.vote[1] else b""]
        extra = [_VANITY, [bytes.fromhex(each[2:]) for each in listed], vote, _number(self.round)]
        made = {
            **block,
            "miner": address_of(self.proposer or self.validators[0]),
            "difficulty": "0x1",
            "mixHash": _MIX,
            "nonce": "0x" + bytes(8).hex(),
            "extraData": "0x",
        }
        signed = keccak(_bytes(made, [*extra, []]))
        seals = [key.sign_recoverable(signed, hasher=None) for key in sealers]
        made["extraData"] = "0x" + rlp.encode([*extra, seals]).hex()
        made["hash"] = "0x" + keccak(_bytes(made, [*extra[:3], b"", []])).hex()
        return made


def _bytes(block: Mapping[str, Any], extra: list[Any]) -> bytes:
    return bytes_of_block({**block, "extraData": "0x" + rlp.encode(extra).hex()}, FORK)


def _number(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


#: The seals of the block of a number.
SealsOf = Callable[[int], Seals]
#: Given a method, its parameters and the true result of the QBFT chain, the result to answer instead.
Lie = Callable[[str, Any, Any], Any]


class SealedChain:
    """The blocks of a test node, sealed; block 0 stays as it is."""

    def __init__(self, true: Callable[..., Any], seals: SealsOf) -> None:
        self._ask = true
        self._seals = seals
        self._blocks: list[dict[str, Any]] = []
        self._true: list[str] = []
        self._lock = threading.Lock()

    def answer(self, method: str, params: Sequence[Any]) -> dict[str, Any]:
        """The answer to a question about this chain, as JSON-RPC gives it."""
        with self._lock:
            self._follow()
            asked = _replaced(list(params), dict(zip(self.hashes, self._true, strict=True)))
        answer: dict[str, Any] = self._ask(method, asked)
        with self._lock:
            self._follow()
            by_hash = {block["hash"]: block for block in self._blocks}
            answer = _replaced(answer, dict(zip(self._true, self.hashes, strict=True)))
        if method.startswith("eth_getBlockBy") and answer.get("result"):
            answer["result"] = {**answer["result"], **by_hash[answer["result"]["hash"]]}
        return answer

    def block(self, number: int) -> dict[str, Any]:
        """A block of this chain."""
        with self._lock:
            self._follow()
            return self._blocks[number]

    @property
    def hashes(self) -> list[str]:
        """The hashes of its blocks."""
        return [block["hash"] for block in self._blocks]

    def _follow(self) -> None:
        head = self._true_block("latest")
        while self._true and (
            len(self._true) > int(head["number"], 16) + 1
            or self._true_block(hex(len(self._true) - 1))["hash"] != self._true[-1]
        ):
            self._true.pop()
            self._blocks.pop()
        for number in range(len(self._true), int(head["number"], 16) + 1):
            block = self._true_block(hex(number))
            self._true.append(block["hash"])
            fields = {name: block[name] for name, _ in FORKS[FORK] if name in block}
            fields.setdefault("withdrawalsRoot", "0x" + keccak(b"\x80").hex())
            if number:
                fields = self._seals(number).sealed({**fields, "parentHash": self._blocks[-1]["hash"]})
            else:
                fields["hash"] = block["hash"]
            self._blocks.append(fields)

    def _true_block(self, wanted: str) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("eth_getBlockByNumber", [wanted, False])["result"]
        return found


def _replaced(value: Any, texts: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(each, texts) for name, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, texts) for each in value]
    return texts.get(value, value) if isinstance(value, str) else value


def the_truth(_method: str, _params: Any, result: Any) -> Any:
    """No lie."""
    return result


@contextmanager
def qbft_at(true_url: str, seals: SealsOf, lie: Lie = the_truth) -> Iterator[tuple[str, SealedChain]]:
    """The address of a node of the QBFT chain over a test node, which takes batches as Besu does."""

    def ask_true(method: str, params: Sequence[Any]) -> Any:
        return ask(
            true_url, json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        )

    sealed = SealedChain(ask_true, seals)

    def one(request: Mapping[str, Any]) -> dict[str, Any]:
        method, params = request["method"], request.get("params") or []
        answer = {**sealed.answer(method, params), "id": request.get("id")}
        if "result" in answer:
            answer["result"] = lie(method, params, answer["result"])
        return answer

    def fault(asked: Asked) -> None:
        request = json.loads(asked.body)
        answer = [one(each) for each in request] if isinstance(request, list) else one(request)
        asked.raw(json.dumps(answer).encode())

    with faulty(true_url, fault, batches=True) as url:
        yield url, sealed


def listing(manifest: Manifest, sealed: SealedChain, keys: Sequence[PrivateKey], **changes: Any) -> Manifest:
    """A manifest that lists these keys as the validators since its first block."""
    time = int(sealed.block(manifest.block)["timestamp"], 16)
    sets = (Listed(manifest.block, time, frozenset(map(address_of, keys))),)
    listed = Validators(FORK, EPOCH, 90, layout_hash(), sets)
    return replace(manifest, validators=replace(listed, **changes))


@contextmanager
def proved(
    chain: Deployed, keys: Sequence[PrivateKey], *, lie: Lie = the_truth, seals: SealsOf | None = None
) -> Iterator[tuple[Network, SealedChain]]:
    """A deployment on a QBFT chain of these validators, whose manifest lists them, through a node."""
    with qbft_at(chain.url, seals or (lambda _: Seals(keys)), lie) as (url, sealed):
        yield Network(Node(url), listing(chain.network.manifest, sealed, keys)), sealed
