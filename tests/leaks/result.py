# SPDX-License-Identifier: Apache-2.0
"""A whole play, from the raising of the curtain to the dump."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

from tests.leaks import overheard
from tests.leaks.dump import Dump, recorded, take
from tests.leaks.facts import Fact, Telling
from tests.leaks.play import Play, stage
from tests.leaks.stories import Story

_MASKED = (
    (re.compile(r"0x[0-9a-fA-F]+|[0-9a-fA-F]{8,}"), "(hex)"),
    (re.compile(r"127\.0\.0\.1:\d+"), "(node)"),
    (re.compile(r"'id': \d+"), "(number of the request)"),
    (re.compile(re.escape(tempfile.gettempdir()) + r"/\w+"), "(folder)"),
    # A fee is written without leading zeros, so an answer can be a digit longer.
    (re.compile(r'" 200 \d+$'), '" 200 (length of the answer)'),
)
#: A node ends a connection that was idle for some seconds, and a busy machine is slow: the next request opens another.
_CONNECTIONS = (
    "urllib3.connectionpool Resetting dropped connection",
    "urllib3.connectionpool Starting new HTTP connection",
)


@dataclass(frozen=True, repr=False)
class Result:
    """What is left of a play: its secrets, the dump of its chain, the facts of the dump, and all that was said."""

    play: Play
    dump: Dump
    facts: tuple[Fact, ...]
    logs: tuple[str, ...]

    def errors(self) -> list[str]:
        """Everything that errors said."""
        return [
            text
            for each in self.play.spoken
            for text in (each.kind, each.code, each.english, each.french, each.whole)
        ]

    def said(self) -> Iterator[tuple[str, bytes]]:
        """Everything that was logged, printed, raised or shown by ``repr``, as pieces to search."""
        yield from overheard.pieces("logs", self.logs)
        yield from overheard.pieces("errors", self.errors())
        yield from overheard.pieces("repr", self.play.shown)


def played(story: Story, perform: Callable[[Play], None]) -> Result:
    """Plays a story on a fresh chain."""
    with recorded() as traffic, stage(story) as play:
        with overheard.overheard() as logs:
            perform(play)
        dump = take(play, traffic)
        facts = tuple(Telling(play, dump).facts())
    return Result(play, dump, facts, tuple(logs))


def masked(texts: Iterable[str]) -> list[str]:
    """Texts without what differs by chance: hashes, addresses, fees, the node's port, connections that it ended."""
    return [
        reduce(lambda shown, mask: mask[0].sub(mask[1], shown), _MASKED, text)
        for text in texts
        if not text.startswith(_CONNECTIONS)
    ]
