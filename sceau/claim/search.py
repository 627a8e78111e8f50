# SPDX-License-Identifier: Apache-2.0
"""Looking for the events of one claim, with few questions to a node that limits what one question may cover.

The claim's head says when all are found, so that nothing else of the chain need be read. The search starts where steps
were found before (:mod:`sceau.claim.known`). Where that gives no opening, it goes backwards from the newest block, and
after a few pieces to the times of messages about the claim. Once the opening is known, what is left lies between it and
the newest block: it is looked for from both ends in turn, because a claim is mostly read soon after its last step, or
had its steps soon after its opening.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import zip_longest

from sceau.chain.events import Event
from sceau.chain.network import Network
from sceau.claim.known import NOTHING, Known, known_times
from sceau.errors import NodeError

OPENING = "ClaimOpened"

# Blocks near the newest one are asked about before anything is looked for by its time.
_PIECES_BEFORE_TIMES = 3


class Search:
    """The events of one claim up to a block.

    ``whole`` says of events, in order, whether they are all; ``known`` is what was read of the claim before.
    """

    def __init__(
        self,
        network: Network,
        claim: str,
        last: int,
        whole: Callable[[Sequence[Event]], bool],
        known: Known = NOTHING,
    ) -> None:
        self._network = network
        self._claim = claim
        self._first = network.manifest.block
        self._last = last
        self._whole = whole
        self._known = known
        self._found: list[Event] = [event for event in known.events if event.block <= last]
        #: What was asked about, as pairs of first and last block, in order and apart.
        self._asked: list[tuple[int, int]] = [(self._first, known.upto)] if self._found else []

    def events(self) -> Sequence[Event] | None:
        """All events of the claim, in order; ``None`` where the node's answers do not lead to its head."""
        if self._found and self._whole(self._events):
            return self._events
        for low, high in self._places():
            self._look(low, high)
        if self._opening() is None:
            self._look_for_opening()
        opening = self._opening()
        if opening is None:
            return None
        if self._whole(self._events):
            return self._events
        for new in self._from_both_ends(opening):
            if new and self._whole(self._events):
                return self._events
        return None

    @property
    def _events(self) -> list[Event]:
        return sorted(self._found, key=lambda event: (event.block, event.index))

    @property
    def _earliest(self) -> int:
        """The block of the first event that was found, else the last of all."""
        return min((event.block for event in self._found), default=self._last)

    def _opening(self) -> int | None:
        """The block of the opening, if it was found."""
        return next((event.block for event in self._events if event.name == OPENING), None)

    def _places(self) -> Iterator[tuple[int, int]]:
        """Where steps were found before, in ranges of one question each."""
        pieces = self._network.node.pieces
        # Nothing larger than what the node took before is tried here.
        size = pieces.good or pieces.size
        end = -1
        for block in self._known.blocks:
            if max(end + 1, self._first) <= block <= self._last:
                end = min(block + size - 1, self._last)
                yield block, end

    def _look_for_opening(self) -> None:
        """Backwards from the first step that was found, else from the newest block; once from the times known."""
        for count, _ in enumerate(self._backwards(self._first, self._earliest), start=1):
            if self._opening() is not None:
                return
            if count == _PIECES_BEFORE_TIMES:
                break
        self._look_about_times()
        if self._opening() is None:
            for _ in self._backwards(self._first, self._earliest):
                if self._opening() is not None:
                    return

    def _look_about_times(self) -> None:
        half = max(1, self._network.node.pieces.size // 2)
        for time in known_times(self._network, self._claim):
            # A node that cannot say where a time is may know nevertheless what was written.
            with suppress(NodeError):
                block = self._network.node.block_at(time, self._first, self._last)
                self._look(max(self._first, block - half), min(self._last, block + half - 1))

    def _from_both_ends(self, opening: int) -> Iterator[bool]:
        """Asks about all that is left from the opening on; whether each piece had events."""
        middle = (opening + self._last) // 2
        for two in zip_longest(
            self._backwards(middle + 1, self._last), self._forwards(opening, middle), fillvalue=False
        ):
            yield any(two)

    def _look(self, low: int, high: int) -> None:
        for _ in self._forwards(low, high):
            pass

    def _forwards(self, low: int, high: int) -> Iterator[bool]:
        for first, last in self._left(low, high):
            yield from self._pieces(first, last, backwards=False)

    def _backwards(self, low: int, high: int) -> Iterator[bool]:
        for first, last in reversed(self._left(low, high)):
            yield from self._pieces(first, last, backwards=True)

    def _pieces(self, low: int, high: int, *, backwards: bool) -> Iterator[bool]:
        pieces = self._network.pieces(
            "ClaimRegistry", [self._claim], first=low, last=high, backwards=backwards
        )
        for first, last, events in pieces:
            self._asked = sorted([*self._asked, (first, last)])
            self._found += events
            yield bool(events)

    def _left(self, low: int, high: int) -> list[tuple[int, int]]:
        """What was not asked about from ``low`` to ``high``."""
        left = []
        for first, last in self._asked:
            if low < first and low <= high:
                left.append((low, min(first - 1, high)))
            low = max(low, last + 1)
        if low <= high:
            left.append((low, high))
        return left
