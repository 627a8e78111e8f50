# SPDX-License-Identifier: Apache-2.0
"""Shapes of a proof and of a conflict. Specified in docs/proved.md."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sceau.documents.fields import Hash
from sceau.documents.model import Shape

_MOST_HEADERS, _MOST_NODES, _MOST_RECEIPTS = 5_000, 50_000, 5_000

Count = Annotated[int, Field(ge=0)]
Bytes = Annotated[str, Field(pattern=r"^0x(?:[0-9a-f]{2})*$", max_length=65_538)]


class Receipt(Shape):
    """Where a transaction stands whose receipt is proved."""

    block: Count
    place: Count
    """In the block, from 0."""


class ChainProof(Shape):
    """What proves, without a node, what the chain held at a block. Nothing in it is believed."""

    format: Literal["sceau-proof/1"]
    chain_id: int
    genesis_hash: Hash
    block: Count
    """The block at which it is read."""
    headers: Annotated[list[Bytes], Field(min_length=1, max_length=_MOST_HEADERS)]
    """RLP of each header that the proof needs, with its seals, in the order of their numbers."""
    nodes: Annotated[list[Bytes], Field(max_length=_MOST_NODES)]
    """RLP of each node of the tries of state, storage, transactions and receipts, in the order of their hashes."""
    receipts: Annotated[list[Receipt], Field(max_length=_MOST_RECEIPTS)]
    """The transactions that are proved with their receipts, in their order."""


class Conflict(Shape):
    """Two blocks of one height, both sealed by the chain's validators, of which the rules allow one."""

    format: Literal["sceau-conflict/1"]
    chain_id: int
    genesis_hash: Hash
    first: Annotated[list[Bytes], Field(min_length=1, max_length=_MOST_HEADERS)]
    """RLP of the first block's header, with its seals, after the headers that lead to it from the manifest's."""
    second: Annotated[list[Bytes], Field(min_length=1, max_length=_MOST_HEADERS)]
    """The same of the second block."""
