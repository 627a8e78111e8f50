# SPDX-License-Identifier: Apache-2.0
"""How old a node's head may be before its answers are no longer those of the chain."""

from __future__ import annotations

from dataclasses import dataclass

from sceau.chain.errors import NodeStale
from sceau.chain.node import Block

#: A head older than this many block periods, or than a minute, is stale: a validator may be late, not gone.
STALE_PERIODS = 20
STALE_SECONDS = 60


@dataclass(frozen=True)
class Freshness:
    """Age of a head in seconds by a reader's clock, and the most it may be; ``None`` where blocks come on demand."""

    age: int
    limit: int | None

    @classmethod
    def of(cls, head: Block, block_period: int, now: float) -> Freshness:
        """The freshness of a head at ``now`` (seconds since 1970); ``block_period`` as the manifest gives it."""
        limit = max(STALE_SECONDS, STALE_PERIODS * block_period) if block_period else None
        return cls(age=max(0, int(now) - head.timestamp), limit=limit)

    @property
    def stale(self) -> bool:
        """Whether the head is too old."""
        return self.limit is not None and self.age > self.limit


def require_fresh(head: Block, block_period: int, now: float) -> None:
    """Raises :class:`NodeStale` when the head is too old to rely on."""
    freshness = Freshness.of(head, block_period, now)
    if freshness.stale:
        raise NodeStale(number=head.number, age=freshness.age, limit=freshness.limit)
