# SPDX-License-Identifier: Apache-2.0
"""A node that limits what one question about event logs may cover, in front of a true one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sceau import Network
from sceau.chain.manifest import Manifest
from sceau.chain.node import Node
from tests.support.lying_node import Refused, lying_at

#: What Besu answers.
BESU = Refused({"code": -32005, "message": "Requested range exceeds maximum RPC range limit"})


@dataclass
class Limit:
    """What a node allows: ``blocks`` and ``results`` of one question, and what it says to more.

    ``asked`` are the questions about logs, as pairs of first and last block; ``refused`` counts those that were too
    much, ``methods`` are all that was asked. ``change`` is told the limit before each question, to change it.
    """

    blocks: int = 10**9
    results: int = 10**9
    says: Refused = BESU
    change: Callable[[Limit], None] = lambda _: None
    asked: list[tuple[int, int]] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    refused: int = 0

    def __call__(self, method: str, params: Any, result: Any) -> Any:
        """As :data:`tests.support.lying_node.Lie`."""
        self.methods.append(method)
        if method != "eth_getLogs":
            return result
        low, high = int(params[0]["fromBlock"], 16), int(params[0]["toBlock"], 16)
        self.change(self)
        self.asked.append((low, high))
        if high - low + 1 > self.blocks or len(result) > self.results:
            self.refused += 1
            raise self.says
        return result

    def clear(self) -> None:
        """Forgets what was asked so far."""
        self.asked, self.methods, self.refused = [], [], 0


@contextmanager
def limited(url: str, manifest: Manifest, limit: Limit) -> Iterator[Network]:
    """A deployment through a node with a limit; nothing was learnt of it yet."""
    with lying_at(url, limit) as at:
        yield Network(Node(at), manifest)
