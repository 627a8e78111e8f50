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
    if head.base_fee is None:
        return {"gasPrice": node.ask(lambda: int(node.web3.eth.gas_price))}
    if head.base_fee == 0:
        return {"type": 2, "maxFeePerGas": 0, "maxPriorityFeePerGas": 0}
    tip = node.ask(lambda: int(node.web3.eth.max_priority_fee))
    return {"type": 2, "maxFeePerGas": 2 * head.base_fee + tip, "maxPriorityFeePerGas": tip}


def highest_fee(fields: dict[str, Any]) -> int:
    """The most that one unit of gas can cost under these fields, in wei."""
    return int(fields.get("maxFeePerGas", fields.get("gasPrice", 0)))
