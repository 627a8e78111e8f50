# SPDX-License-Identifier: Apache-2.0
"""The proof as a document: headers, nodes and where receipts stand, from which anybody can read without a node.

Nothing in it is believed. A header counts by the rule of trust (:mod:`sceau.proof.trust`), everything else by the
hashes that lead to it from a header.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sceau.documents.identifiers import bytes_of, hex_of
from sceau.documents.strict_json import Data
from sceau.errors import Sentence
from sceau.proof.nodes import Nodes

FORMAT = "sceau-proof/1"

_WHAT = Sentence("files.proof")


@dataclass(frozen=True)
class ChainProof:
    """What proves what the chain held at the block of number ``block``.

    ``headers`` are the bytes of headers, ``receipts`` block numbers and places of transactions whose receipts are
    among the nodes.
    """

    chain_id: int
    genesis_hash: str
    block: int
    headers: tuple[bytes, ...]
    nodes: Nodes
    receipts: tuple[tuple[int, int], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The proof as JSON values."""
        return {
            "format": FORMAT,
            "chain_id": self.chain_id,
            "genesis_hash": self.genesis_hash,
            "block": self.block,
            "headers": [hex_of(each) for each in self.headers],
            "nodes": list(self.nodes),
            "receipts": [{"block": block, "place": place} for block, place in self.receipts],
        }

    @classmethod
    def from_json(cls, data: Data) -> ChainProof:
        """Reads a proof; what it is worth is said by reading from it. Raises :class:`FileMalformed`."""
        from sceau.documents.model import read
        from sceau.proof import shapes

        return cls.of_shape(read(shapes.ChainProof, data, _WHAT))

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> ChainProof:
        """The proof that :meth:`to_json` gave, from a store."""
        return cls.from_json(json.dumps(stored))

    @classmethod
    def of_shape(cls, written: Any) -> ChainProof:
        """The proof of a shape that was read."""
        return cls(
            written.chain_id,
            written.genesis_hash,
            written.block,
            tuple(bytes_of(each) for each in written.headers),
            Nodes(written.nodes),
            tuple((each.block, each.place) for each in written.receipts),
        )
