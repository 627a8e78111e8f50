# SPDX-License-Identifier: Apache-2.0
"""What a transaction offers to pay, from the head's base fee, and the most that it may."""

from __future__ import annotations

import re
from typing import Any

from sceau.chain.errors import FeeTooHigh, NodeRefused, NotANode
from sceau.chain.node import Block, Node

#: The most that one transaction may cost, in wei, unless the settings name another: a tenth of the chain's coin.
FEE_LIMIT = 10**17

# State can change between the estimate and the block: an order can meet a fuller head.
_GAS_MARGIN_PERCENT = 20
# A revocation takes some 50,000, one that asks a contract wallet more; what a node says beyond that is not believed.
_MOST_INSISTENT_GAS = 1_000_000
# With less it would fail in its block: a node that says so would stop it at all others.
_LEAST_INSISTENT_GAS = 70_000

_COIN = 10**18
_AMOUNT = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,18}))?")


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
    tip = _tip(node, base_fee)
    return {"type": 2, "maxFeePerGas": 2 * base_fee + tip, "maxPriorityFeePerGas": tip}


def is_free(node: Node) -> bool:
    """Whether transactions on this chain cost nothing, so that a key without a balance can send."""
    return highest_fee(fee_fields(node, node.head())) == 0


def highest_fee(fields: dict[str, Any]) -> int:
    """The most that one unit of gas can cost under these fields, in wei."""
    return int(fields.get("maxFeePerGas", fields.get("gasPrice", 0)))


def highest_cost(fields: dict[str, Any]) -> int:
    """The most that a transaction with this gas and these fees can cost, in wei."""
    return int(fields["gas"]) * highest_fee(fields)


def within(limit: int, fees: dict[str, Any], estimated: int, *, insist: bool = False) -> dict[str, Any]:
    """The fees, and the gas of a transaction for which a node estimates so much; it costs at most ``limit`` wei.

    ``insist``: where it would cost more, it offers the limit, as nothing stops a revocation.

    Raises:
        FeeTooHigh: it would cost more.
    """
    gas = estimated + estimated * _GAS_MARGIN_PERCENT // 100
    if insist:
        gas = max(_LEAST_INSISTENT_GAS, min(gas, _MOST_INSISTENT_GAS))
        fees = capped(fees, gas, limit)
    fields = {**fees, "gas": gas}
    if highest_cost(fields) > limit:
        raise FeeTooHigh(asked=coins_text(highest_cost(fields)), limit=coins_text(limit))
    return fields


def coins_text(wei: int) -> str:
    """An amount of wei in the chain's coin, as people read it: ``0.1``."""
    whole, rest = divmod(wei, _COIN)
    return f"{whole}.{rest:018d}".rstrip("0").rstrip(".")


def wei_of(text: str) -> int | None:
    """The wei of an amount in the chain's coin, such as ``0.1``; ``None`` unless it is an amount over zero."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return None
    whole, rest = found.groups()
    return int(whole) * _COIN + int((rest or "0").ljust(18, "0")) or None


def capped(fields: dict[str, Any], gas: int, limit: int) -> dict[str, Any]:
    """The fields with every fee so low that ``gas`` units cost at most ``limit`` wei."""
    most = limit // gas
    return {
        name: min(value, most) if name.endswith(("Price", "PerGas")) else value
        for name, value in fields.items()
    }


def _tip(node: Node, base_fee: int) -> int:
    """The tip that a node asks for; one that has no method for it says it in its gas price."""
    try:
        return node.tip()
    except (NodeRefused, NotANode):
        return max(0, node.ask(lambda: int(node.web3.eth.gas_price)) - base_fee)


def _base_fee(node: Node, head: Block) -> int | None:
    """The head's base fee; at the genesis block the next one's, since a free Besu writes 1 gwei into genesis."""
    if head.number > 0 or head.base_fee is None:
        return head.base_fee
    try:
        return node.ask(lambda: int(node.web3.eth.fee_history(1, "latest", [])["baseFeePerGas"][-1]))
    except (NodeRefused, NotANode):
        return head.base_fee
