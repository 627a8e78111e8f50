# SPDX-License-Identifier: Apache-2.0
"""What was read of a claim before, so that it need not be asked for again.

These are hints: one that is old or wrong costs questions to the node. What a claim is follows from its events, proved
by its head.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sceau.chain.events import Event
from sceau.chain.network import Network

# More of them are not looked at.
_MOST_BLOCKS = 32
_MOST_TIMES = 4


@dataclass(frozen=True)
class Known:
    """What is known of a claim.

    ``events`` are all up to the block ``upto``, each with the time of its block; there are none where not even the
    opening is known. ``blocks`` are blocks in which steps stand.
    """

    events: tuple[Event, ...] = ()
    upto: int = -1
    blocks: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            # Each value is one of JSON, or a list of texts: dataclasses.asdict would copy every one.
            "events": [{**vars(event), "args": dict(event.args)} for event in self.events],
            "upto": self.upto,
            "blocks": list(self.blocks),
        }

    @classmethod
    def from_json(cls, read: Mapping[str, Any]) -> Known:
        """What :meth:`to_json` wrote; nothing of what cannot be read."""
        blocks = read.get("blocks")
        known = [each for each in blocks if type(each) is int] if isinstance(blocks, list) else []
        try:
            events = tuple(_event(each) for each in read["events"])
            return cls(events, int(read["upto"]) if events else -1, tuple(known))
        except (LookupError, TypeError, ValueError, AttributeError):
            return cls(blocks=tuple(known))


NOTHING = Known()


def known_of(network: Network, claim: str) -> Known:
    """What is known of a claim."""
    return Known.from_json(network.memos.get(claim) or {})


def remember_events(network: Network, claim: str, events: Sequence[Event], upto: int) -> None:
    """These are all events of a claim up to a block, as its head proves; each has its time."""
    before = known_of(network, claim)
    is_earlier = upto < before.upto and before.events[: len(events)] == tuple(events)
    if before.events != tuple(events) and not is_earlier:
        blocks = _blocks(event.block for event in events)
        network.memos.put(claim, Known(tuple(events), upto, blocks).to_json(), claim=claim)


def remember_blocks(network: Network, claim: str, blocks: Iterable[int]) -> None:
    """Steps of a claim stand in these blocks, as its writer heard."""
    before = known_of(network, claim)
    after = Known(before.events, before.upto, _blocks([*before.blocks, *blocks]))
    if after != before:
        network.memos.put(claim, after.to_json(), claim=claim)


def known_times(network: Network, claim: str) -> list[int]:
    """Times, in seconds, at which somebody spoke of a claim, in order."""
    return network.times.get(claim, [])


def remember_time(network: Network, claim: str, time: int) -> None:
    """Somebody says that it spoke of a claim at this time, in seconds. Known to this process alone."""
    network.times[claim] = sorted({*known_times(network, claim), time})[:_MOST_TIMES]


def _blocks(blocks: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(blocks))[:_MOST_BLOCKS])


def _event(read: Mapping[str, Any]) -> Event:
    """An event; lists are tuples, as they come from a node. Raises as reading JSON values does."""
    args = {name: tuple(value) if isinstance(value, list) else value for name, value in read["args"].items()}
    return Event(**{**read, "args": args})
