# SPDX-License-Identifier: Apache-2.0
"""One entry of the outbox: a call of a contract, and how far it has come towards a block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class EntryState(Enum):
    """The state of an entry."""

    WANTED = "wanted"
    SIGNED = "signed"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    MINED = "mined"
    STOPPED = "stopped"


#: The states of an entry that has a number and is in no block yet.
IN_FLIGHT = (EntryState.SIGNED, EntryState.OFFERED, EntryState.ACCEPTED)
#: The states of an entry that those behind it wait for.
UNFINISHED = (EntryState.WANTED, *IN_FLIGHT, EntryState.STOPPED)


@dataclass(frozen=True, repr=False)
class Call:
    """A call of a contract: its address, the calldata (``0x`` hex), and the function's name, for people."""

    to: str
    data: str
    function: str


@dataclass(frozen=True)
class SignedCall:
    """A call under a number, signed: its hash, its bytes (``0x`` hex), and the height since which it can be mined.

    ``fills``: it writes nothing. It takes the number of a call that no contract takes any more. ``fees`` are the gas
    and the fees that it offers, ``None`` where an earlier version did not note them; ``height`` is the head's when it
    was signed.
    """

    hash: str
    raw: str = field(repr=False)
    since: int
    fills: bool = False
    fees: Mapping[str, int] | None = None
    height: int = 0


@dataclass(frozen=True, repr=False)
class Entry:
    """One entry.

    ``key`` names it, and is given by who wants it: wanting the same twice is wanting it once. ``signed`` are its signed
    bytes, ``earlier`` other bytes that were signed for it under this number before, and may still be mined. ``said`` is
    what a node said last, ``reason`` why it stopped. ``block`` is where it stands once it is mined.
    """

    id: int
    key: str
    state: EntryState
    lane: str
    urgent: bool
    signer: str
    number: int | None
    wanted_at: int
    call: Call
    signed: SignedCall | None = None
    earlier: tuple[SignedCall, ...] = ()
    said: str = ""
    reason: Mapping[str, Any] | None = None
    block: Mapping[str, Any] | None = None
    assumed: tuple[Mapping[str, Any], ...] = ()

    def __repr__(self) -> str:
        return f"Entry({self.id}, {self.call.function}, {self.state.value})"

    def document(self) -> dict[str, Any]:
        """What is stored of it, encrypted."""
        return {
            "call": vars(self.call),
            "signed": None if self.signed is None else vars(self.signed),
            "earlier": [vars(each) for each in self.earlier],
            "said": self.said,
            "reason": self.reason,
            "block": self.block,
            "assumed": list(self.assumed),
        }


@dataclass(frozen=True)
class Condition:
    """The state of an outbox: entries by state, the age in seconds of the oldest unwritten one (``None`` if there is
    none), and how many wait for another chain than this deployment's.
    """

    entries: Mapping[EntryState, int]
    oldest: int | None
    elsewhere: int

    @property
    def unfinished(self) -> int:
        """Entries that are not written yet."""
        return sum(number for state, number in self.entries.items() if state in UNFINISHED)
