# SPDX-License-Identifier: Apache-2.0
"""Lists of what a contract announced: what is known of them already is not asked for again.

Parties, keys and roles are few and read often, on a chain that grows for years. What a node told of them is noted up to
a block that is some way behind the newest one, and counts for that node and that chain alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sceau.chain.abis import ContractName
from sceau.chain.network import Event, Network
from sceau.errors import NodeError

# Behind so many blocks nothing changes, and every computer of a node that is several knows what was written.
_SETTLED = 256


@dataclass(frozen=True)
class _Known:
    """The events up to a block, and the hash of that block."""

    block: int
    hash: str
    events: tuple[Event, ...]


def announced(network: Network, contract: ContractName, *, to_block: int, fresh: bool = False) -> list[Event]:
    """Everything that a contract announced up to a block, in order; for contracts that announce little.

    ``fresh`` asks the node for all of it, and forgets what was noted.
    """
    known = None if fresh else _noted(network, contract)
    if known is None:
        known = _Known(network.manifest.block - 1, "", ())
    new = network.events(contract, from_block=known.block + 1, to_block=to_block)
    events = [event for event in (*known.events, *new) if event.block <= to_block]
    if fresh or to_block - known.block > 2 * _SETTLED:
        _note(network, contract, to_block - _SETTLED, events)
    return events


def newest_event(
    network: Network,
    contract: ContractName,
    name: str,
    topics: Iterable[str | None],
    *,
    to_block: int,
    time: int | None = None,
) -> Event | None:
    """The newest event of a name, ``None`` if there is none; ``topics`` as :meth:`Network.events` takes them.

    Where its block's ``time`` is known, in seconds, the search starts there.
    """
    first, topics = network.manifest.block, list(topics)
    start = first if time is None else block_since(network, time, to_block)
    if start > first:
        end = min(start + network.node.pieces.size - 1, to_block)
        found = network.events(contract, topics, name=name, from_block=start, to_block=end)
        if found:
            return found[-1]
    backwards = network.pieces(contract, topics, name=name, first=first, last=to_block, backwards=True)
    return next((events[-1] for _, _, events in backwards if events), None)


def block_since(network: Network, time: int, last: int) -> int:
    """A block before which nothing was written since a time in seconds, up to block ``last``.

    It is the deployment's first block where one question covers all, and where the node does not say more.
    """
    first = network.manifest.block
    if last - first >= network.node.pieces.size:
        with suppress(NodeError):
            return network.node.block_at(time, first, last)
    return first


def _key(network: Network, contract: ContractName) -> str:
    return f"{network.chain_id}:{network.address(contract).lower()}:{network.node.url}"


def _note(network: Network, contract: ContractName, block: int, events: Iterable[Event]) -> None:
    if block < network.manifest.block:
        return
    note = {
        "block": block,
        "hash": network.node.block(block).hash,
        "events": [
            [event.name, dict(event.args), event.block, event.block_hash, event.index, event.transaction]
            for event in events
            if event.block <= block
        ],
    }
    network.notes.put(_key(network, contract), note)


def _noted(network: Network, contract: ContractName) -> _Known | None:
    """What is noted, if it is of this chain as the node has it."""
    note = network.notes.get(_key(network, contract))
    known = None if note is None else _read(note)
    if known is None or known.block < network.manifest.block:
        return None
    with suppress(NodeError):
        return known if network.node.block(known.block).hash == known.hash else None
    return None


def _read(note: Mapping[str, Any]) -> _Known | None:
    """What a note says, ``None`` where it cannot be read."""
    try:
        events = tuple(
            Event(str(name), dict(args), int(block), str(block_hash), int(index), str(transaction))
            for name, args, block, block_hash, index, transaction in note["events"]
        )
        return _Known(int(note["block"]), str(note["hash"]), events)
    except (KeyError, TypeError, ValueError):
        return None
