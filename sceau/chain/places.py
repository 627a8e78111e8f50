# SPDX-License-Identifier: Apache-2.0
"""Where to look first for what was written on a claim: a hint, which never says what is there.

A place that is wrong costs a question to the node. What a claim is follows from its events, proved by its head.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

#: More places than these of one claim are not looked at.
MOST_PLACES = 32
#: More times than these are not looked for.
MOST_TIMES = 4


class Places(Protocol):
    """What is known of where the steps of claims stand."""

    def blocks(self, claim: str) -> Sequence[int]:
        """The blocks in which steps of a claim were found before."""

    def found(self, claim: str, blocks: Iterable[int]) -> None:
        """Steps of a claim stand in these blocks."""

    def times(self, claim: str) -> Sequence[int]:
        """Times, in seconds, about which somebody wrote on a claim."""

    def heard(self, claim: str, time: int) -> None:
        """Somebody says that it wrote on a claim about this time, in seconds."""


class PlacesInMemory:
    """:class:`Places` for as long as the process runs."""

    def __init__(self) -> None:
        self._blocks: dict[str, tuple[int, ...]] = {}
        self._times: dict[str, tuple[int, ...]] = {}

    def blocks(self, claim: str) -> Sequence[int]:
        """As :meth:`Places.blocks`."""
        return self._blocks.get(claim, ())

    def found(self, claim: str, blocks: Iterable[int]) -> None:
        """As :meth:`Places.found`."""
        self._blocks[claim] = tuple(sorted(set(blocks)))[:MOST_PLACES]

    def times(self, claim: str) -> Sequence[int]:
        """As :meth:`Places.times`."""
        return self._times.get(claim, ())

    def heard(self, claim: str, time: int) -> None:
        """As :meth:`Places.heard`."""
        self._times[claim] = tuple(sorted({*self.times(claim), time}))[:MOST_TIMES]
