# SPDX-License-Identifier: Apache-2.0
"""Looking for many things at once in many places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

#: A find of fewer bytes than this can be chance: a dump holds some 200,000 bytes that look random, and there are
#: thousands of short things to look for. :func:`surely` tells chance from leak.
LONG = 8

_SHORTEST = 4
_WORD = 32
#: Bytes by which numbers are filled up: they tell nothing.
_FILLERS = b"\x00\xff"


Origin = tuple[tuple[str, ...], str]
"""The labels of what a needle comes from (one value can stand in many records), and how it is written."""


@dataclass(frozen=True)
class Hit:
    """Something that should not be there: whose it is, how it is written, how many bytes tell it, and where."""

    labels: tuple[str, ...]
    how: str
    size: int
    places: frozenset[str]

    def __str__(self) -> str:
        # Neither the bytes nor the value: a failing test's output is kept by the machine that runs it.
        places = ", ".join(sorted(self.places)[:3])
        return f"{self.labels[0]} ({self.how}, {self.size} bytes; {len(self.labels)} records) in {places}"


@dataclass(repr=False)
class Needles:
    """What is looked for, each with the labels of the value that it comes from and how it is written."""

    # By the first four bytes that tell something, since long runs of zeros are everywhere.
    _anywhere: dict[bytes, dict[bytes, list[Origin]]] = field(default_factory=lambda: defaultdict(dict))
    _words: dict[bytes, list[Origin]] = field(default_factory=lambda: defaultdict(list))
    _parts: dict[bytes, Origin] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)

    def add(self, labels: tuple[str, ...], how: str, needle: bytes) -> None:
        """A value in one writing. Found anywhere if four bytes or more tell it.

        Of two or three bytes that fill a word of 32 with zeros, only where a word can begin; other short
        writings are left to the comparison of two plays.
        """
        self.labels.update(labels)
        told = len(needle.strip(_FILLERS))
        if told >= _SHORTEST:
            start = _first(needle)
            same = self._anywhere[needle[start : start + _SHORTEST]]
            same.setdefault(needle, []).append((labels, how))
        elif told >= 2 and len(needle) == _WORD:
            self._words[needle].append((labels, how))

    def add_digest(self, labels: tuple[str, ...], how: str, digest: bytes) -> None:
        """A hash, found whole or cut to eight bytes or more of its beginning or its end."""
        self.labels.update(labels)
        for part in (digest[:LONG], digest[-LONG:]):
            self._parts.setdefault(part, (labels, how))

    def add_random(self, labels: tuple[str, ...], how: str, secret: bytes) -> None:
        """Random bytes, found whole or in quarters."""
        self.labels.update(labels)
        for start in range(0, len(secret) - LONG + 1, LONG):
            self._parts.setdefault(secret[start : start + LONG], (labels, how))

    def forget_digest(self, digest: bytes) -> None:
        """A hash that is on every chain, whatever is private, is looked for no more."""
        for part in (digest[:LONG], digest[-LONG:]):
            self._parts.pop(part, None)

    def __len__(self) -> int:
        return sum(map(len, self._anywhere.values())) + len(self._words) + len(self._parts)

    def search(self, pieces: Iterable[tuple[str, bytes]]) -> list[Hit]:
        """What is found in pieces of (place, bytes), each once with all its places."""
        places: dict[bytes, set[str]] = defaultdict(set)
        for place, data in pieces:
            if len(data) >= _SHORTEST:
                places[data].add(place)
        found: dict[tuple[Origin, int], set[str]] = defaultdict(set)
        for data, where in places.items():
            for origin, size in self._in(data):
                found[origin, size] |= where
        return [Hit(*origin, size, frozenset(where)) for (origin, size), where in found.items()]

    def _in(self, data: bytes) -> Iterator[tuple[Origin, int]]:
        for start in range(len(data) - _SHORTEST + 1):
            begun = self._anywhere.get(data[start : start + _SHORTEST])
            if begun is not None:
                for needle, origins in begun.items():
                    begin = start - _first(needle)
                    if begin >= 0 and data.startswith(needle, begin):
                        yield from ((origin, len(needle.strip(_FILLERS))) for origin in origins)
            part = self._parts.get(data[start : start + LONG])
            if part is not None:
                yield part, LONG
        # Words begin at the beginning, or after the four bytes of a selector.
        for first in (0, _SHORTEST):
            for start in range(first, len(data) - _WORD + 1, _WORD):
                for origin in self._words.get(data[start : start + _WORD], ()):
                    yield origin, _WORD


def _first(needle: bytes) -> int:
    """Where the first byte stands that tells something."""
    return len(needle) - len(needle.lstrip(_FILLERS))


def surely(hits: Iterable[Hit], others: Iterable[Hit], other_labels: set[str]) -> list[Hit]:
    """The hits that are no chance: long ones, and short ones of which the other play has the like.

    What a few bytes of a random number say is chance in one play, and not again for the same path, written the same
    way, in the same place of the other play, where that path says something else. A value of which the other play
    has no path cannot be confirmed: its hit stays. After about one in thirty changes to what stands on the chain that
    is chance; plays with other draws (the label in play.py) tell: a leak stays.
    """
    again: dict[tuple[str, str], set[str]] = defaultdict(set)
    for other in others:
        for label in other.labels:
            again[label, other.how] |= other.places

    def chance(hit: Hit) -> bool:
        known = other_labels.intersection(hit.labels)
        return (
            hit.size < LONG and bool(known) and not any(hit.places & again[label, hit.how] for label in known)
        )

    return [hit for hit in hits if not chance(hit)]
