# SPDX-License-Identifier: Apache-2.0
"""How old a node's head may be before its answers are no longer those of the chain."""

from __future__ import annotations

from dataclasses import dataclass

from sceau.chain.errors import HeadInFuture, NodeStale
from sceau.chain.node import Block
from sceau.errors import NodeError

#: A head older than this many block periods, or than a minute, is stale: a validator may be late, not gone.
STALE_PERIODS = 20
STALE_SECONDS = 60
#: The same where the block period is not known, as with a card and no manifest.
STALE_UNKNOWN_SECONDS = 300
#: A head this many seconds ahead of the reader's clock is as wrong as a stale one: one of the two clocks is false.
AHEAD_SECONDS = 300


@dataclass(frozen=True)
class Freshness:
    """Age of a head in seconds by a reader's clock, and the most it may be; ``None`` where blocks come on demand.

    ``ahead`` is by how much the head is in the reader's future, in seconds.
    """

    age: int
    limit: int | None
    ahead: int = 0

    @classmethod
    def of(cls, head: Block, block_period: int | None, now: float) -> Freshness:
        """The freshness of a head at ``now`` (seconds since 1970).

        ``block_period`` is as the manifest gives it: 0 where blocks come on demand; ``None`` where it is not known.
        """
        passed = int(now) - head.timestamp
        return cls(age=max(0, passed), limit=_limit(block_period), ahead=max(0, -passed))

    @property
    def stale(self) -> bool:
        """Whether the head is too old."""
        return self.limit is not None and self.age > self.limit

    @property
    def early(self) -> bool:
        """Whether the head is too far in the reader's future."""
        return self.limit is not None and self.ahead > AHEAD_SECONDS


def doubt(head: Block, block_period: int | None, now: float) -> NodeError | None:
    """Why nothing may be done on a head, ``None`` where it may; arguments as :meth:`Freshness.of`."""
    fresh = Freshness.of(head, block_period, now)
    if fresh.stale:
        return NodeStale(number=head.number, age=fresh.age, limit=fresh.limit)
    if fresh.early:
        return HeadInFuture(number=head.number, ahead=fresh.ahead, limit=AHEAD_SECONDS)
    return None


def _limit(block_period: int | None) -> int | None:
    if block_period is None:
        return STALE_UNKNOWN_SECONDS
    return max(STALE_SECONDS, STALE_PERIODS * block_period) if block_period else None
