# SPDX-License-Identifier: Apache-2.0
"""Writing: a transaction is signed here, sent, and followed by a handle until it is in a block."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Literal

from sceau.chain.abis import ContractName
from sceau.chain.errors import (
    FeeTooHigh,
    OthersWaiting,
    SenderHasNoFunds,
    TransactionNotMined,
    TransactionRefused,
    TransactionReplaced,
    TransactionReverted,
)
from sceau.chain.fees import FEE_LIMIT, capped, coins_text, fee_fields, highest_fee
from sceau.chain.network import Network
from sceau.chain.node import Node, first_line
from sceau.chain.signer import Signer
from sceau.documents.identifiers import hex_of

_POLL_SECONDS = 0.25
# State can change between the estimate and the block: an order can meet a fuller head.
_GAS_MARGIN_PERCENT = 20
# A revocation takes some 50,000, one that asks a contract wallet more; what a node says beyond that is not believed.
_MOST_INSISTENT_GAS = 1_000_000
# No pool that counts takes more of one key at once.
_MOST_WAITING = 16


@dataclass(frozen=True)
class Receipt:
    """A transaction in a block; ``contract`` is the address of the contract that it created, if it created one."""

    hash: str
    block_number: int
    block_hash: str
    gas_used: int
    contract: str | None = None


class Transaction:
    """A handle on a transaction that was sent; ``await`` it or call :meth:`wait`.

    ``hash`` names it from the moment it is signed, before any node has seen it.
    """

    def __init__(self, node: Node, hash_: str, request: dict[str, Any], nonce: int) -> None:
        self._node = node
        self._request = request
        self._nonce = nonce
        self.hash = hash_

    def __repr__(self) -> str:
        return f"Transaction({self.hash})"

    def receipt(self) -> Receipt | None:
        """The receipt, or ``None`` while the transaction is in no block.

        Raises:
            ContractError: it is in a block and a contract refused it.
            TransactionReverted: it is in a block, failed, and no reason can be read.
        """
        from web3.exceptions import TransactionNotFound

        with self._node.translated():
            try:
                # web3's type for hashes has no public constructor from text
                found: Any = self._node.web3.eth.get_transaction_receipt(self.hash)  # type: ignore[arg-type] # text is taken
            except TransactionNotFound:
                return None
        receipt = _receipt(self.hash, found)
        if found["status"] != 1:
            self._raise_reason(receipt)
        return receipt

    def wait(self, timeout: float = 120) -> Receipt:
        """The receipt, once the transaction is in a block; ``timeout`` in seconds.

        Raises:
            TransactionNotMined: not in a block in time; it may still be mined later.
            TransactionReplaced: it never will be: another of the same key, sent elsewhere, took its number.
            ContractError, TransactionReverted: as :meth:`receipt`.
        """
        deadline = time.monotonic() + timeout
        while True:
            # Asked first: what is mined between the two questions then has its receipt.
            number_is_used = _count(self._node, self._request["from"], "latest") > self._nonce
            receipt = self.receipt()
            if receipt is not None:
                return receipt
            if number_is_used:
                raise TransactionReplaced(hash=self.hash)
            if time.monotonic() >= deadline:
                raise TransactionNotMined(hash=self.hash, seconds=int(timeout))
            time.sleep(_POLL_SECONDS)

    def __await__(self) -> Generator[Any, None, Receipt]:
        return asyncio.to_thread(self.wait).__await__()

    def _raise_reason(self, receipt: Receipt) -> None:
        """Repeats the call where the contract gives its reason again: on the state before its block, or, if
        another transaction of the same block was in its way, on the state after."""
        for block in (receipt.block_number - 1, receipt.block_number):
            with self._node.translated():
                self._node.web3.eth.call(self._request, block)  # type: ignore[arg-type] # built from a transaction
        raise TransactionReverted(hash=self.hash, block=receipt.block_number)


def find_receipt(node: Node, hash_: str) -> Receipt:
    """The receipt of a transaction (``0x`` hash) that is known to be in a block."""
    # web3's type for hashes has no public constructor from text
    return _receipt(hash_, node.ask(lambda: node.web3.eth.get_transaction_receipt(hash_)))  # type: ignore[arg-type] # text is taken


def _receipt(hash_: str, found: Any) -> Receipt:
    return Receipt(
        hash=hash_,
        block_number=int(found["blockNumber"]),
        block_hash=hex_of(bytes(found["blockHash"])),
        gas_used=int(found["gasUsed"]),
        contract=found.get("contractAddress"),
    )


def send(
    network: Network,
    signer: Signer,
    contract: ContractName,
    function: str,
    *args: Any,
    insist: bool = False,
) -> Transaction:
    """Calls a function of a contract by a transaction signed here.

    Returns at once with a handle; nothing is known to be written before its :meth:`Transaction.wait`.
    ``insist``: nothing that a node says of itself or asks for stops it, as nothing stops a revocation. It is sent on
    any head, and where the node asks for more than the network's ``fee_limit``, it offers that.

    Raises:
        NodeStale, HeadInFuture, ChainStopped: nothing may be done on the newest block; nothing was sent.
        ContractError: the contract would refuse; nothing was sent.
        FeeTooHigh: the node asks for more than the network's ``fee_limit``; nothing was sent.
        SenderHasNoFunds: the chain charges fees that the signer cannot pay; nothing was sent.
        TransactionRefused: the node did not take it.
    """
    if not insist:
        network.head()
    return send_data(
        network.node,
        signer,
        to=network.address(contract),
        data=network.encode(contract, function, *args),
        chain_id=network.chain_id,
        fee_limit=network.fee_limit,
        insist=insist,
    )


def send_data(
    node: Node,
    signer: Signer,
    *,
    to: str | None,
    data: str = "0x",
    value: int = 0,
    chain_id: int,
    fee_limit: int = FEE_LIMIT,
    insist: bool = False,
) -> Transaction:
    """Sends calldata (``0x`` hex) and ``value`` (wei) to an address, or creates a contract (``to`` is ``None``).

    ``fee_limit`` is the most that it may cost, in wei; ``insist`` is as in :func:`send`.

    Raises as :func:`send`.
    """
    request = _request(signer, to, data, value)
    # First: what nodes answer to a payment that the sender cannot make explains nothing, and no two agree.
    _require_funds(node, signer.address, value)
    fields, cost = _priced(node, request, fee_limit, insist=insist)
    _require_funds(node, signer.address, cost + value)
    nonce = _count(node, signer.address, "pending")
    hash_, raw = _signed(signer, {**request, **fields, "nonce": nonce, "chainId": chain_id})
    try:
        _broadcast(node, hash_, raw)
    except TransactionRefused as refusal:
        # Besu takes five of one key by default, and says of the sixth that its number is "too distant".
        waiting = nonce - _count(node, signer.address, "latest")
        if waiting > 0:
            raise OthersWaiting(waiting=waiting, **refusal.details) from None
        raise
    return Transaction(node, hash_, request, nonce)


def _request(signer: Signer, to: str | None, data: str, value: int = 0) -> dict[str, Any]:
    from eth_utils.address import to_checksum_address

    request: dict[str, Any] = {"from": signer.address, "data": data, "value": value}
    if to is not None:
        request["to"] = to_checksum_address(to)
    return request


def _priced(
    node: Node, request: dict[str, Any], fee_limit: int, *, insist: bool
) -> tuple[dict[str, Any], int]:
    """Gas and fees of a request that the contract would take, and the most that they cost, in wei."""
    fees = fee_fields(node, node.head())
    with node.translated():
        # A call first: some nodes hide a contract's reason behind the sender's empty purse.
        node.web3.eth.call(request)  # type: ignore[arg-type] # a plain dict with text
    gas = node.ask(lambda: int(node.web3.eth.estimate_gas(request)))  # type: ignore[arg-type] # the same
    gas += gas * _GAS_MARGIN_PERCENT // 100
    if insist:
        gas = min(gas, _MOST_INSISTENT_GAS)
        fees = capped(fees, gas, fee_limit)
    cost = gas * highest_fee(fees)
    if cost > fee_limit:
        raise FeeTooHigh(asked=coins_text(cost), limit=coins_text(fee_limit))
    return {**fees, "gas": gas}, cost


def _signed(signer: Signer, transaction: dict[str, Any]) -> tuple[str, bytes]:
    return signer.sign_transaction({name: value for name, value in transaction.items() if name != "from"})


def find_waiting(
    network: Network, signer: Signer, contract: ContractName, function: str, *args: Any
) -> Transaction | None:
    """The very transaction that :func:`send` would send with ``insist``, where the node has it and no block does.

    It is made again and asked for by its hash: nobody but the signer can put it there. Only what the fees of today give
    is found; one that offers too little for today is not waited for.
    """
    node = network.node
    first, next_ = (_count(node, signer.address, at) for at in ("latest", "pending"))
    request = _request(signer, network.address(contract), network.encode(contract, function, *args))
    fields, _ = _priced(node, request, network.fee_limit, insist=True)
    # A node that makes no blocks may not count what waits.
    for nonce in range(first, min(max(next_, first + 1), first + _MOST_WAITING)):
        hash_, raw = _signed(signer, {**request, **fields, "nonce": nonce, "chainId": network.chain_id})
        if _is_in_pool(node, hash_):
            # The same bytes once more are the same transaction: a pool that forgot it takes it again.
            _broadcast(node, hash_, raw)
            return Transaction(node, hash_, request, nonce)
    return None


def _is_in_pool(node: Node, hash_: str) -> bool:
    from web3.exceptions import TransactionNotFound

    with node.translated():
        try:
            found: Any = node.web3.eth.get_transaction(hash_)  # type: ignore[arg-type] # text is taken
        except TransactionNotFound:
            return False
    return found.get("blockNumber") is None


def knows(node: Node, address: str) -> bool:
    """Whether an address has sent anything, what waits for a block included, as far as the node knows."""
    return _count(node, address, "pending") > 0


def is_waiting(node: Node, address: str) -> bool:
    """Whether a transaction that an address sent waits for a block, as far as the node knows."""
    return _count(node, address, "pending") > _count(node, address, "latest")


def _count(node: Node, address: str, block: Literal["pending", "latest"]) -> int:
    """How many transactions an address has sent: the number of its next one."""
    from eth_utils.address import to_checksum_address

    return node.ask(lambda: int(node.web3.eth.get_transaction_count(to_checksum_address(address), block)))


def _require_funds(node: Node, address: str, needed: int) -> None:
    if needed == 0:
        return
    balance = node.balance(address)
    if balance < needed:
        raise SenderHasNoFunds(address=address, needed=needed, balance=balance)


def _broadcast(node: Node, hash_: str, raw: bytes) -> None:
    """Hands the signed bytes to the node; an answer that it has them already is a success."""
    from web3.exceptions import TransactionNotFound, Web3RPCError

    with node.translated():
        try:
            node.web3.eth.send_raw_transaction(raw)
        except Web3RPCError as error:
            try:
                node.web3.eth.get_transaction(hash_)  # type: ignore[arg-type] # text is taken
            except TransactionNotFound:
                raise TransactionRefused(hash=hash_, why=first_line(error)) from None
