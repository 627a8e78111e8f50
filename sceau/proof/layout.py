# SPDX-License-Identifier: Apache-2.0
"""Where a contract stores what one of its views answers: the compiler's storage layout, in ``layout.json``.

A view is proved by the storage words that it reads, packed again as the ABI encodes its answer: a struct of static
types is the row of its members, one word each.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sceau.documents.hashing import keccak, word

_SELECTOR = 4


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
    """The variable that a view answers: its slot, whether it is a mapping by the view's argument, and its members."""

    slot: int
    mapped: bool
    members: tuple[Member, ...]

    def places(self, calldata: bytes) -> tuple[int, ...]:
        """The numbers of the storage words that the answer to a call rests on."""
        first = self.slot
        if self.mapped:
            first = int.from_bytes(keccak(calldata[_SELECTOR:] + word(self.slot)), "big")
        return tuple(first + each for each in range(1 + max(member.slot for member in self.members)))

    def answer(self, words: Sequence[int]) -> bytes:
        """What the view answers when storage holds these words, as the ABI encodes it."""
        return b"".join(word(member.of(words)) for member in self.members)


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
        )
        for contract, of_contract in json.loads(layout_text()).items()
        for view, written in of_contract.items()
    }
