# SPDX-License-Identifier: Apache-2.0
"""The transactions and receipts of one block, as the nodes of the tries that its header names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sceau.chain.batch import ask_all
from sceau.chain.node import Node
from sceau.proof.header import Header
from sceau.proof.inclusion import tries_of
from sceau.proof.nodes import Nodes


@dataclass(frozen=True)
class BlockReceipts:
    """Of a block the hashes of its transactions (``0x`` hex), in order, and the nodes of both tries."""

    header: Header
    hashes: tuple[str, ...]
    nodes: Nodes


def read_receipts(node: Node, header: Header) -> BlockReceipts:
    """What a node gives of a block. Raises :class:`Unproved` where its tries have not the roots of the header."""
    (block,) = ask_all(node, [("eth_getBlockByNumber", (hex(header.number), True))])
    hashes = _hashes(block)
    receipts = ask_all(node, [("eth_getTransactionReceipt", (each,)) for each in hashes])
    return BlockReceipts(header, hashes, tries_of(header, block, receipts))


def _hashes(block: Any) -> tuple[str, ...]:
    """The hashes of a block's transactions; none where the node gives no such block."""
    written = block.get("transactions") if isinstance(block, dict) else None
    found = [each.get("hash") for each in written or () if isinstance(each, dict)]
    return tuple(each for each in found if isinstance(each, str))
