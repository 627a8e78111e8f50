# SPDX-License-Identifier: Apache-2.0
"""A transaction after it was signed: handed to nodes, and followed until it is in a block.

Whatever a node says or does not say from then on, the signed bytes are out of this program's hands. So following ends
in three ways only: the transaction is in a block; it is in a block and a contract refused it; or nobody knows
(:class:`sceau.chain.errors.TransactionUnsettled`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from sceau.chain.contract_errors import ContractError
from sceau.chain.errors import (
    KeyInUse,
    ReceiptDisputed,
    TransactionNotMined,
    TransactionRefused,
    TransactionReplaced,
    TransactionReverted,
    WrittenUnread,
)
from sceau.chain.node import Node, first_line
from sceau.chain.refusals import Refusal, meaning
from sceau.documents.identifiers import hex_of
from sceau.errors import NodeError, SceauError

T = TypeVar("T")

_POLL_SECONDS = 0.25
# Each time, every node is asked for the receipt, and offered what it does not have.
_ROUND_SECONDS = 5


@dataclass(frozen=True)
class Receipt:
    """A transaction in a block; ``contract`` is the address of the contract that it created, if it created one."""

    hash: str
    block_number: int
    block_hash: str
    gas_used: int
    contract: str | None = None


@dataclass(frozen=True)
class Signed:
    """A signed transaction: its hash (``0x`` hex), its bytes, the call that it makes, and its number.

    ``since`` is the height from which on a block can hold another transaction of that number.
    """

    hash: str
    raw: bytes
    request: Mapping[str, Any]
    nonce: int
    since: int = 0


class Offered(Enum):
    """What came of offering signed bytes to a node."""

    TAKEN = "it has them"
    UNKNOWN = "its answer was lost, or says nothing"


class Transaction:
    """A handle on a transaction whose signed bytes were handed to a node; ``await`` it or call :meth:`wait`.

    ``hash`` names it from the moment it is signed, before any node has seen it. ``refusal`` is why no node took it,
    ``None`` where one did, or may have.
    """

    def __init__(
        self, nodes: Sequence[Node], signed: Signed, refusal: TransactionRefused | None = None
    ) -> None:
        self._nodes = list(nodes)
        self.signed = signed
        self._scanned = signed.since
        self._next_round = time.monotonic() + _ROUND_SECONDS
        self._disputed: ReceiptDisputed | None = None
        self.refusal = refusal
        self.hash = signed.hash

    def __repr__(self) -> str:
        return f"Transaction({self.hash})"

    def receipt(self) -> Receipt | None:
        """The receipt, or ``None`` while no node shows the transaction in a block.

        Raises:
            ContractError: it is in a block and a contract refused it.
            TransactionReverted: it is in a block, failed, and no reason can be read.
        """
        return self._look(everywhere=True)

    def wait(self, timeout: float = 120) -> Receipt:
        """The receipt, once the transaction is in a block; ``timeout`` in seconds.

        A node that fails is asked again, and the other nodes that were named with it.

        Raises:
            TransactionNotMined: no node showed it in a block in time; it may still be mined later.
            ReceiptDisputed: one did, and another node has that block without it.
            TransactionReplaced: a block holds another transaction of the same key and number.
            TransactionRefused: no node took it.
            ContractError, TransactionReverted: as :meth:`receipt`.
        """
        deadline = time.monotonic() + timeout
        while True:
            now = time.monotonic()
            its_round = now >= self._next_round
            last = now >= deadline
            receipt = self._look(everywhere=its_round or last)
            if receipt is not None:
                return receipt
            if self.refusal is not None:
                raise self.refusal
            if self.is_replaced():
                raise TransactionReplaced(hash=self.hash)
            if last:
                raise self._disputed or TransactionNotMined(hash=self.hash, seconds=round(timeout))
            if its_round:
                self._offer_again()
            time.sleep(max(0.0, min(_POLL_SECONDS, deadline - time.monotonic())))

    def __await__(self) -> Generator[Any, None, Receipt]:
        return asyncio.to_thread(self.wait).__await__()

    def _look(self, *, everywhere: bool) -> Receipt | None:
        """As :meth:`receipt`, of the node that answered last, or of every one; a node that fails goes to the end."""
        for node in tuple(self._nodes):
            others = [each for each in self._nodes if each is not node]
            try:
                found = _found(node, self.hash)
            except NodeError:
                self._nodes = [*others, node]
                continue
            if found is not None:
                receipt, succeeded = found
                if not succeeded:
                    return self._failed(node, receipt, others)
                self._disputed = self._dispute(node, receipt, others)
                if self._disputed is None:
                    return receipt
                self._nodes = [*others, node]
            elif not everywhere:
                return None
        return None

    def _dispute(self, node: Node, receipt: Receipt, others: Sequence[Node]) -> ReceiptDisputed | None:
        """Why a receipt is not believed: another node has that block, and this transaction is not in it."""
        for other in others:
            with suppress(NodeError):
                if other.head().number < receipt.block_number:
                    continue
                sent = other.sent_in(receipt.block_number, self.signed.request["from"])
                if sent.get(self.signed.nonce) == self.hash:
                    return None
                return ReceiptDisputed(
                    hash=self.hash, url=node.url, other=other.url, block=receipt.block_number
                )
        return None

    def _failed(self, node: Node, receipt: Receipt, others: Sequence[Node]) -> Receipt:
        """The receipt of another node that says it succeeded: against it, no other's word stands. Raises otherwise."""
        for other in others:
            with suppress(NodeError):
                found = _found(other, self.hash)
                if found is not None and found[1]:
                    return found[0]
        for each in (node, *others):
            self._raise_reason(each, receipt.block_number)
        raise TransactionReverted(hash=self.hash, block=receipt.block_number)

    def _raise_reason(self, node: Node, number: int) -> None:
        """Repeats the call where the contract gives its reason again: on the state before its block, or, if
        another transaction of the same block was in its way, on the state after."""
        for block in (number - 1, number):
            with suppress(NodeError):
                node.ask(lambda block=block: node.web3.eth.call(self.signed.request, block))  # type: ignore[misc, arg-type] # built from a transaction

    def is_replaced(self) -> bool:
        """Whether a block holds another transaction of the same key and number: one answer that says both.

        A count that passed this number says nothing by itself: the receipt is asked for at another moment, and perhaps
        of another node behind the same address.
        """
        node, sender, nonce = self._nodes[0], self.signed.request["from"], self.signed.nonce
        with suppress(NodeError):
            if node.count(sender, "latest") <= nonce:
                return False
            head = node.head().number
            while self._scanned <= head:
                found = node.sent_in(self._scanned, sender).get(nonce)
                if found is not None:
                    return found != self.hash
                self._scanned += 1
        return False

    def _offer_again(self) -> None:
        self._next_round = time.monotonic() + _ROUND_SECONDS
        for node in self._nodes:
            with suppress(NodeError):
                if not node.knows(self.hash):
                    offer(node, self.signed)


def read_after(
    hash_: str,
    deadline: float,
    read: Callable[[], T],
    passing: tuple[type[SceauError], ...] = (NodeError,),
) -> T:
    """What ``read`` gives after the transaction ``hash_`` was written, asked again until ``deadline`` (monotonic).

    The errors ``passing`` are not believed before: what was written a moment ago is not yet known everywhere. Raises
    :class:`WrittenUnread`.
    """
    while True:
        try:
            return read()
        except passing as error:
            if time.monotonic() >= deadline:
                raise WrittenUnread(hash=hash_, why=error) from None
        time.sleep(_POLL_SECONDS)


def find_receipt(node: Node, hash_: str) -> Receipt:
    """The receipt of a transaction (``0x`` hash) that is known to be in a block."""

    def found() -> Receipt:
        held = _read(hash_, _raw_receipt(node, hash_))
        if held is None:
            raise ValueError("a receipt without a block")
        return held[0]

    return node.ask(found)


def _found(node: Node, hash_: str) -> tuple[Receipt, bool] | None:
    """A transaction's receipt, and whether it succeeded; ``None`` while it is in no block. Raises NodeError."""
    from web3.exceptions import TransactionNotFound

    with node.translated():
        try:
            return _read(hash_, _raw_receipt(node, hash_))
        except TransactionNotFound:
            return None


def _raw_receipt(node: Node, hash_: str) -> Any:
    # web3's type for hashes has no public constructor from text
    return node.web3.eth.get_transaction_receipt(hash_)  # type: ignore[arg-type] # text is taken


def _read(hash_: str, found: Any) -> tuple[Receipt, bool] | None:
    """A node's receipt. Raises ValueError, TypeError, LookupError where it is another's, or has no status."""
    # Parity and OpenEthereum give one before there is a block.
    if found["blockNumber"] is None or found["blockHash"] is None:
        return None
    if bytes(found["transactionHash"]) != bytes.fromhex(hash_[2:]) or found["status"] not in (0, 1):
        raise ValueError("no receipt of this transaction")
    receipt = Receipt(
        hash=hash_,
        block_number=int(found["blockNumber"]),
        block_hash=hex_of(bytes(found["blockHash"])),
        gas_used=int(found["gasUsed"]),
        contract=found.get("contractAddress"),
    )
    return receipt, found["status"] == 1


def hand_over(nodes: Sequence[Node], signed: Signed) -> Transaction:
    """Hands signed bytes to the first node that takes them; the handle knows if none did."""
    refusal: TransactionRefused | None = None
    lost = False
    for node in nodes:
        answer = offer(node, signed)
        if answer is Offered.TAKEN:
            return Transaction(nodes, signed)
        if isinstance(answer, TransactionRefused):
            refusal = refusal or answer
            if isinstance(answer, KeyInUse):
                break
        lost = lost or answer is Offered.UNKNOWN
    return Transaction(nodes, signed, None if lost else refusal)


def offer(node: Node, signed: Signed) -> Offered | TransactionRefused:
    """Offers signed bytes to a node; its refusal is returned, a lost answer is one that says nothing."""
    from web3.exceptions import Web3RPCError

    try:
        with node.translated():
            try:
                node.web3.eth.send_raw_transaction(signed.raw)
            except Web3RPCError as error:
                return _refused(node, signed, first_line(error))
    except (NodeError, ContractError):
        return Offered.UNKNOWN
    return Offered.TAKEN


def _is_taken(node: Node, signed: Signed) -> bool:
    """Whether another transaction has the number; a node that takes it at this instant does not count it yet."""
    for pause in (_POLL_SECONDS, _POLL_SECONDS, _POLL_SECONDS, 0):
        if node.count(signed.request["from"], "pending") > signed.nonce:
            return True
        time.sleep(pause)
    return False


def _refused(node: Node, signed: Signed, words: str) -> Offered | TransactionRefused:
    refusal = meaning(words)
    if refusal is Refusal.HAS_IT:
        return Offered.TAKEN
    try:
        if node.knows(signed.hash):
            return Offered.TAKEN
        if refusal is Refusal.UNDERPRICED and _is_taken(node, signed):
            refusal = Refusal.NUMBER_WAITS
    except NodeError:
        return Offered.UNKNOWN
    if refusal is Refusal.NOT_NOW:
        return Offered.UNKNOWN
    taken = refusal in (Refusal.NUMBER_USED, Refusal.NUMBER_WAITS)
    return (KeyInUse if taken else TransactionRefused)(hash=signed.hash, why=words)
