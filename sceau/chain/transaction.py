# SPDX-License-Identifier: Apache-2.0
"""Writing: a transaction is priced and signed here, and handed to nodes; :mod:`sceau.chain.following` follows it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sceau.chain.abis import ContractName
from sceau.chain.errors import KeyInUse, OthersWaiting, SenderHasNoFunds
from sceau.chain.fees import FEE_LIMIT, fee_fields, highest_cost, within
from sceau.chain.following import Signed, Transaction, hand_over, offer
from sceau.chain.network import Network
from sceau.chain.node import Block, Node
from sceau.chain.refusals import Refusal, meaning
from sceau.chain.signer import Signer
from sceau.errors import NodeError

# No pool that counts takes more of one key at once.
_MOST_WAITING = 16
# Another program with the same key was faster each time.
_ATTEMPTS = 16
_PAUSE_SECONDS = 0.25
# By so many blocks the node that gave the head can be ahead of the one behind the same address that gave the number.
_BLOCKS_APART = 16


def send(
    network: Network,
    signer: Signer,
    contract: ContractName,
    function: str,
    *args: Any,
    insist: bool = False,
) -> Transaction:
    """Calls a function of a contract by a transaction signed here.

    Returns at once with a handle; nothing is known to be written before its :meth:`Transaction.wait`. Where another
    program of the same key took the number first, the next one is chosen: the contracts take no step twice.
    ``insist``: nothing that a node says of itself or asks for stops it, as nothing stops a revocation. It is sent on
    any head, and where the node asks for more than the network's ``fee_limit``, it offers that.

    Raises, where nothing was handed to any node:
        NodeStale, HeadInFuture, ChainStopped: nothing may be done on the newest block.
        NodeError: the node does not answer what must be known first.
        ContractError: the contract would refuse.
        FeeTooHigh: the node asks for more than the network's ``fee_limit``.
        SenderHasNoFunds: the chain charges fees that the signer cannot pay.
    """
    if not insist:
        network.head()
    request = _request(signer, network.address(contract), network.encode(contract, function, *args))
    least = 0
    for _ in range(_ATTEMPTS - 1):
        sent = _send(network.nodes, signer, request, network.chain_id, network.fee_limit, insist, least)
        if not isinstance(sent.refusal, KeyInUse):
            return sent
        if meaning(sent.refusal.details["why"]) is Refusal.NUMBER_WAITS:
            least = sent.signed.nonce + 1
        time.sleep(_PAUSE_SECONDS)
    return _send(network.nodes, signer, request, network.chain_id, network.fee_limit, insist, least)


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
    least: int = 0,
) -> Transaction:
    """Sends calldata (``0x`` hex) and ``value`` (wei) to an address, or creates a contract (``to`` is ``None``).

    ``fee_limit`` is the most that it may cost, in wei; ``insist`` is as in :func:`send`. It is signed under one number
    only, ``least`` or more: twice, it would pay twice. A node may count late what the signer knows that it sent.

    Raises as :func:`send`.
    """
    return _send((node,), signer, _request(signer, to, data, value), chain_id, fee_limit, insist, least)


def _send(
    nodes: Sequence[Node],
    signer: Signer,
    request: dict[str, Any],
    chain_id: int,
    fee_limit: int,
    insist: bool,
    least: int = 0,
) -> Transaction:
    """As :func:`send_data`, by the first node, with the number ``least`` at least."""
    node, value = nodes[0], request["value"]
    # First: what nodes answer to a payment that the sender cannot make explains nothing, and no two agree.
    _require_funds(node, signer.address, value)
    head = node.head()
    fields = _priced(node, head, request, fee_limit, insist=insist)
    _require_funds(node, signer.address, highest_cost(fields) + value)
    nonce = max(least, node.count(signer.address, "pending"))
    sent = hand_over(nodes, _signed(signer, request, fields, nonce, chain_id, head))
    if sent.refusal is not None and not isinstance(sent.refusal, KeyInUse):
        with suppress(NodeError):
            # Besu takes five of one key by default, and says of the sixth that its number is "too distant".
            waiting = nonce - node.count(signer.address, "latest")
            if waiting > 0:
                sent.refusal = OthersWaiting(waiting=waiting, **sent.refusal.details)
    return sent


def _request(signer: Signer, to: str | None, data: str, value: int = 0) -> dict[str, Any]:
    from eth_utils.address import to_checksum_address

    request: dict[str, Any] = {"from": signer.address, "data": data, "value": value}
    if to is not None:
        request["to"] = to_checksum_address(to)
    return request


def _priced(
    node: Node, head: Block, request: dict[str, Any], fee_limit: int, *, insist: bool
) -> dict[str, Any]:
    """Gas and fees of a request that the contract would take."""
    fees = fee_fields(node, head)
    # A call first: some nodes hide a contract's reason behind the sender's empty purse.
    node.ask(lambda: node.web3.eth.call(request))  # type: ignore[arg-type] # a plain dict with text
    gas = node.ask(lambda: int(node.web3.eth.estimate_gas(request)))  # type: ignore[arg-type] # the same
    return within(fee_limit, fees, gas, insist=insist)


def _signed(
    signer: Signer, request: dict[str, Any], fields: dict[str, Any], nonce: int, chain_id: int, head: Block
) -> Signed:
    whole = {**request, **fields, "nonce": nonce, "chainId": chain_id}
    hash_, raw = signer.sign_transaction({name: value for name, value in whole.items() if name != "from"})
    return Signed(hash_, raw, request, nonce, since=max(0, head.number - _BLOCKS_APART))


def find_waiting(
    network: Network, signer: Signer, contract: ContractName, function: str, *args: Any
) -> Transaction | None:
    """The very transaction that :func:`send` would send with ``insist``, where the node has it and no block does.

    It is made again and asked for by its hash: nobody but the signer can put it there. Only what the fees of today give
    is found; one that offers too little for today is not waited for.
    """
    node = network.node
    first, next_ = node.count(signer.address, "latest"), node.count(signer.address, "pending")
    request = _request(signer, network.address(contract), network.encode(contract, function, *args))
    head = node.head()
    fields = _priced(node, head, request, network.fee_limit, insist=True)
    # A node that makes no blocks may not count what waits.
    for nonce in range(first, min(max(next_, first + 1), first + _MOST_WAITING)):
        signed = _signed(signer, request, fields, nonce, network.chain_id, head)
        if node.holds_in_pool(signed.hash):
            # The same bytes once more are the same transaction: a pool that forgot it takes it again.
            offer(node, signed)
            return Transaction(network.nodes, signed)
    return None


def knows(node: Node, address: str) -> bool:
    """Whether an address has sent anything, what waits for a block included, as far as the node knows."""
    return node.count(address, "pending") > 0


def is_waiting(node: Node, address: str) -> bool:
    """Whether a transaction that an address sent waits for a block, as far as the node knows."""
    return node.count(address, "pending") > node.count(address, "latest")


def _require_funds(node: Node, address: str, needed: int) -> None:
    if needed == 0:
        return
    balance = node.balance(address)
    if balance < needed:
        raise SenderHasNoFunds(address=address, needed=needed, balance=balance)
