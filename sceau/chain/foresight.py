# SPDX-License-Identifier: Apache-2.0
"""Questions that are about to be asked one by one, asked in one round trip and remembered.

Nothing rests on it: an answer that is missing, an error or strange is not remembered, and whoever needs it asks for it
by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from sceau.chain.batch import ask_all
from sceau.chain.node import UNREADABLE, Node
from sceau.documents.identifiers import is_address
from sceau.errors import NodeError

Read = tuple[str, bytes]


def foresee_blocks(node: Node, hashes: Iterable[str]) -> None:
    """Asks for the blocks of these hashes (``0x`` hex) that the node was not asked for before."""
    unknown = [each for each in dict.fromkeys(hashes) if not node.remembers(each)]
    if len(unknown) < 2:
        return
    with suppress(NodeError):
        answers = ask_all(node, [("eth_getBlockByHash", (each, False)) for each in unknown])
        for answer in answers:
            with suppress(*UNREADABLE):
                node.remember(node.block_from(answer))


def foresee_calls(node: Node, calls: Iterable[Read], block: int) -> dict[Read, bytes]:
    """What the node answers to calls, each a contract's address and its calldata, at a block; only good answers."""
    asked = list(dict.fromkeys(calls))
    if len(asked) < 2:
        return {}
    questions = [("eth_call", ({"to": to, "data": "0x" + data.hex()}, hex(block))) for to, data in asked]
    found = {}
    with suppress(NodeError):
        for call, answer in zip(asked, ask_all(node, questions), strict=True):
            with suppress(TypeError, ValueError, AttributeError):
                found[call] = bytes.fromhex(answer.removeprefix("0x"))
    return found


def foresee_senders(node: Node, transactions: Iterable[str]) -> None:
    """Asks who sent these transactions (``0x`` hashes), unless the node was asked before."""
    unknown = [each for each in dict.fromkeys(transactions) if not node.remembers_sender(each)]
    if len(unknown) < 2:
        return
    with suppress(NodeError):
        answers = ask_all(node, [("eth_getTransactionByHash", (each,)) for each in unknown])
        for transaction, answer in zip(unknown, answers, strict=True):
            if (
                isinstance(answer, dict)
                and answer.get("hash") == transaction
                and is_address(answer.get("from"))
            ):
                node.remember_sender(transaction, answer["from"])
