# SPDX-License-Identifier: Apache-2.0
"""What a command says: each thing once, with its words for people and its value for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sceau.chain.times import utc_text
from sceau.cli.words import say

if TYPE_CHECKING:
    from sceau.chain.following import Receipt
    from sceau.chain.network import Network
    from sceau.chain.node import Block


class Fact(NamedTuple):
    """One thing that a command says.

    ``key`` and ``value`` are what programs read, without a key nothing; ``label`` and ``words`` what people read,
    without a label nothing.
    """

    key: str
    value: Any
    label: str = ""
    words: object = ""


Facts = Sequence[Fact]


def fact(key: str, value: Any, label: str, words: object = None) -> Fact:
    """Something for people and programs; ``words`` where people read it otherwise than programs do."""
    return Fact(key, value, label, value if words is None else words)


def for_people(label: str, words: object) -> Fact:
    """Something that people alone are told."""
    return Fact("", None, label, words)


def for_programs(key: str, value: Any) -> Fact:
    """Something that programs alone read."""
    return Fact(key, value)


def all_for_programs(values: Mapping[str, Any]) -> list[Fact]:
    """JSON values of the library, as programs read them."""
    return [for_programs(key, value) for key, value in values.items()]


def block_facts(block: Block) -> list[Fact]:
    """The block at which something was read."""
    when = say("block") + f" {block.number}, {utc_text(block.timestamp)}"
    return [
        fact("block", block.to_json(), say("read-at"), when),
        for_people(say("block-hash"), block.hash),
        for_people(say("proof-of-block"), proof_words(block.proved)),
    ]


def proof_fact(network: Network) -> Fact:
    """Whether what a command read of the chain was proved, or the node believed."""
    return for_people(
        say("proof-of-block"), say("reading-proved") if network.proves else say("node-believed")
    )


def proof_words(proved: bool) -> str:
    """What is said of a block that was proved, or of one that was not."""
    return say("block-sealed") if proved else say("node-believed")


def claim_fact(claim: str) -> Fact:
    """The claim that a command is about."""
    return fact("claim", claim, say("claim"))


def order_fact(number: int) -> Fact:
    """The order that a command is about."""
    return fact("order", number, say("order"))


def receipt_facts(receipt: Receipt) -> list[Fact]:
    """A transaction in a block."""
    return [
        for_programs(
            "transaction",
            {
                "hash": receipt.hash,
                "block_number": receipt.block_number,
                "block_hash": receipt.block_hash,
                "gas_used": receipt.gas_used,
            },
        ),
        for_people(say("transaction"), receipt.hash),
        for_people(say("written"), say("in-block") + f" {receipt.block_number}"),
        for_people(say("block-hash"), receipt.block_hash),
        for_people(say("gas-used"), receipt.gas_used),
    ]
