# SPDX-License-Identifier: Apache-2.0
"""What a transaction offers to pay, from the head's base fee."""

from __future__ import annotations

from typing import Any

from sceau.chain.node import Block, Node


def fee_fields(node: Node, head: Block) -> dict[str, Any]:
    """Fee fields of a transaction, in wei.

    A base fee of zero means a free chain and fee zero, whatever ``eth_gasPrice`` says; otherwise twice the base
    fee and the node's tip. A chain from before London has only a gas price.
    """
    base_fee = _base_fee(node, head)
    if base_fee is None:
        return {"gasPrice": node.ask(lambda: int(node.web3.eth.gas_price))}
    if base_fee == 0:
        return {"type": 2, "maxFeePerGas": 0, "maxPriorityFeePerGas": 0}
    tip = node.ask(lambda: int(node.web3.eth.max_priority_fee))
    return {"type": 2, "maxFeePerGas": 2 * base_fee + tip, "maxPriorityFeePerGas": tip}


def is_free(node: Node) -> bool:
    """Whether transactions on this chain cost nothing, so that a key without a balance can send."""
    return highest_fee(fee_fields(node, node.head())) == 0


def highest_fee(fields: dict[str, Any]) -> int:
    """The most that one unit of gas can cost under these fields, in wei."""
    return int(fields.get("maxFeePerGas", fields.get("gasPrice", 0)))


def _base_fee(node: Node, head: Block) -> int | None:
    """The head's base fee; at the genesis block the next one's, since a free Besu writes 1 gwei into genesis."""
    if head.number > 0 or head.base_fee is None:
        return head.base_fee
    return node.ask(lambda: int(node.web3.eth.fee_history(1, "latest", [])["baseFeePerGas"][-1]))
