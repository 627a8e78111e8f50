# SPDX-License-Identifier: Apache-2.0
"""Where a contract stores what one of its views answers: the compiler's storage layout, in ``layout.json``.

A view is proved by the storage words that it reads, packed again as the ABI encodes its answer: a struct of static
types is the row of its members, one word each. The access manager answers by the time of the block too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sceau.documents.hashing import keccak, word
from sceau.proof.access import RULES, Rule

_SELECTOR, _WORD = 4, 32


@dataclass(frozen=True)
class Member:
    """A value in storage: words after the first, bytes from the right within its word, and its length in bytes."""

    name: str
    slot: int
    offset: int
    size: int

    def of(self, words: Sequence[int]) -> int:
        """The member's bits, as a number."""
        return words[self.slot] >> 8 * self.offset & (1 << 8 * self.size) - 1


@dataclass(frozen=True)
class View:
    """The variable that a view answers: its slot, whether it is a mapping by the view's argument, and its members.

    ``inner`` is the place of a mapping by the second argument within what the first one leads to; ``rule`` makes the
    answer of the members, where the view does not answer them as they are.
    """

    slot: int
    mapped: bool
    members: tuple[Member, ...]
    inner: int | None = None
    rule: Rule | None = None

    def places(self, calldata: bytes) -> tuple[int, ...]:
        """The numbers of the storage words that the answer to a call rests on."""
        first = self.slot
        if self.mapped:
            first = _entry(calldata, 0, self.slot)
        if self.inner is not None:
            first = _entry(calldata, 1, first + self.inner)
        return tuple(first + each for each in range(1 + max(member.slot for member in self.members)))

    def answer(self, words: Sequence[int], calldata: bytes, time: int) -> bytes:
        """What the view answers to a call as the ABI encodes it, when storage holds these words; ``time`` in s."""
        members = tuple(member.of(words) for member in self.members)
        return b"".join(map(word, self.rule(calldata, members, time) if self.rule else members))


def _entry(calldata: bytes, argument: int, slot: int) -> int:
    """The place of a mapping's entry by an argument of a call; each argument is one word."""
    start = _SELECTOR + argument * _WORD
    return int.from_bytes(keccak(calldata[start : start + _WORD] + word(slot)), "big")


@cache
def layout_text() -> str:
    """The whole layout, as the package ships it."""
    return (files("sceau.proof") / "layout.json").read_text(encoding="utf-8")


@cache
def layout_hash() -> str:
    """Keccak-256 of the layout (``0x`` hex): the manifest names it."""
    return "0x" + keccak(layout_text().encode()).hex()


@cache
def views() -> dict[tuple[str, str], View]:
    """The views that can be proved, by contract and name."""
    return {
        (contract, view): View(
            written["slot"],
            written["mapped"],
            tuple(Member(**member) for member in written["members"]),
            written.get("inner"),
            RULES.get(view),
        )
        for contract, of_contract in json.loads(layout_text()).items()
        for view, written in of_contract.items()
    }
