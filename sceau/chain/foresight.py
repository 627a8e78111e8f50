# SPDX-License-Identifier: Apache-2.0
"""Questions that are about to be asked one by one, to be asked in one round trip and remembered.

Nothing rests on it: what takes an answer raises where it is strange (:func:`sceau.chain.batch.ask_expected`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sceau.chain.batch import Expected, ask_expected
from sceau.chain.node import Node
from sceau.documents.identifiers import is_address


def foresee_blocks(node: Node, hashes: Iterable[str]) -> None:
    """Asks for the blocks of these hashes (``0x`` hex) that the node was not asked for before."""
    expected = expected_blocks(node, hashes)
    if len(expected) > 1:
        ask_expected(node, expected)


def expected_blocks(node: Node, hashes: Iterable[str]) -> list[Expected]:
    """The blocks of these hashes (``0x`` hex) that the node was not asked for before."""

    def take(answer: Any) -> None:
        node.remember(node.block_from(answer))

    unknown = [each for each in dict.fromkeys(hashes) if not node.remembers(each)]
    return [Expected(("eth_getBlockByHash", (each, False)), take) for each in unknown]


def expected_senders(node: Node, transactions: Iterable[str]) -> list[Expected]:
    """Who sent these transactions (``0x`` hashes), unless the node was asked before."""

    def expected(transaction: str) -> Expected:
        def take(answer: Any) -> None:
            if answer["hash"] == transaction and is_address(answer["from"]):
                node.remember_sender(transaction, answer["from"])

        return Expected(("eth_getTransactionByHash", (transaction,)), take)

    unknown = [each for each in dict.fromkeys(transactions) if not node.remembers_sender(each)]
    return [expected(each) for each in unknown]
