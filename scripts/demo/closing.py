# SPDX-License-Identifier: Apache-2.0
"""The end of the story: what became of each case, what it cost, and the identifiers that an engineer looks for."""

from __future__ import annotations

import json

from scripts.demo.demonstration import Demonstration
from scripts.demo.parties import ORGANISATIONS, ROOT

#: What the words of a claim's opening are, in their order in its calldata.
_WORDS = ("random", "payer", "consent", "commitment")


def play(demo: Demonstration) -> None:
    """Sums up."""
    _summary(demo)
    _costs(demo)
    _identifiers(demo)


def _summary(demo: Demonstration) -> None:
    demo.story.chapter(
        "In short",
        "The insurer checked and paid claims without a prescription, a correction or a lens code. The patient's "
        "word counted from the block that held it, and what differed was told by the chain, not by an inspection.",
    )
    demo.story.table("What became of each case:", ("case", "verdict", "and then"), demo.outcomes)


def _costs(demo: Demonstration) -> None:
    anchors = json.loads((ROOT / "benchmarks" / "gas.json").read_text())
    demo.story.chapter(
        "What it cost",
        "A consortium's chain charges no fees; gas measures the work that every member's node does. Beside it stands "
        "what the Ethereum Attestation Service (EAS), a well-kept public contract, takes for the same kind of work.",
    )
    demo.story.table(
        "Gas of each kind of write:",
        ("operation", "here", "EAS"),
        [(what, f"{cost.gas:,}", f"{anchors[cost.anchor]:,}") for what, cost in demo.costs.items()],
        numbers={1, 2},
    )


def _identifiers(demo: Demonstration) -> None:
    network, node = demo.network, demo.network.node
    demo.story.chapter(
        "For engineers",
        "Everything above was done on a chain by the roles of the Python client, each party with its own keys, store "
        "and mailbox. The contracts were deployed by the admins' script, tools/brownie run deploy.",
    )
    history = demo.parties.practice.history(demo.claims["chapter 2"])
    data = node.calldata(history.steps[0].transaction)
    words = [data[10 + 64 * place : 74 + 64 * place] for place in range((len(data) - 10) // 64)]
    demo.story.table(
        "All that was sent to the chain to open the claim of chapter 2 (its calldata):",
        ("what", "word"),
        [(name, f"0x{word}") for name, word in zip(_WORDS, words, strict=True)],
    )
    demo.story.table("The claims:", ("opened in", "identifier"), demo.claims.items())
    numbers = demo.parties.numbers
    demo.story.table(
        "The deployment:",
        ("what", "where"),
        [
            ("chain", f"{network.chain_id}, {node.client_version().partition('/Ethereum')[0]}"),
            *((name, entry.address) for name, entry in network.manifest.contracts.items()),
            *((each.called, f"party {numbers[each.role]}") for each in ORGANISATIONS),
        ],
    )
