# SPDX-License-Identifier: Apache-2.0
"""How many blocks one question about event logs covers: a node says by refusing, and by answering."""

from __future__ import annotations

#: Blocks of the first question where the manifest names no limit: what Besu allows unless told otherwise.
USUAL_LIMIT = 5_000

# After a larger piece was refused, so many pieces are asked before the next larger one is tried; at first one, then
# twice as many each time, up to this.
_LONGEST_WAIT = 64


class Pieces:
    """How many blocks one question to a node covers: half after a refusal, twice as many again after answers.

    ``size`` is that of the next question; ``good`` the largest that the node answered, 0 where that is not known.
    """

    def __init__(self) -> None:
        self.size = USUAL_LIMIT
        self.good = 0
        self._answers = 0
        self._wait = 1

    def start_at(self, limit: int | None) -> None:
        """Takes the limit that a manifest names as known: a larger piece is tried late."""
        if limit is not None:
            self.size = self.good = limit
            self._wait = _LONGEST_WAIT

    def answered(self, asked: int) -> None:
        """A question about so many blocks was answered."""
        if asked < self.size:
            return
        if asked > self.good:
            self.good, self._wait = asked, 1
        self._answers += 1
        if self._answers >= self._wait:
            self.size, self._answers = asked * 2, 0

    def refused(self, asked: int) -> None:
        """A question about so many blocks was refused."""
        self._answers = 0
        if asked > self.good > 0:
            self.size, self._wait = self.good, min(_LONGEST_WAIT, self._wait * 2)
        else:
            # What was answered before is refused now: the limit changed, or it is one of results.
            self.good, self._wait = 0, 1
            self.size = max(1, asked // 2)
