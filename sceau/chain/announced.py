# SPDX-License-Identifier: Apache-2.0
"""Lists of what a contract announced: what is known of them already is not asked for again.

Parties, keys and roles are few and read often, on a chain that grows for years. What a node told of them is remembered
up to a block that is some way behind the newest one, and counts for that node and that chain alone, for one day:
nothing proves that such a list is whole, and what a node hid once must not stay hidden.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sceau.chain.abis import ContractName
from sceau.chain.batch import Expected
from sceau.chain.events import Event
from sceau.chain.network import Network
from sceau.errors import NodeError

# Seconds after which all is asked for again.
_LASTS = 86_400
# Behind so many blocks nothing changes, and every computer of a node that is several knows what was written.
_SETTLED = 256


@dataclass(frozen=True)
class _Known:
    """The events up to a block, the hash of that block, and when the first of them were asked for, in seconds."""

    since: int
    block: int
    hash: str
    events: tuple[Event, ...]


def announced(network: Network, contract: ContractName, *, to_block: int, fresh: bool = False) -> list[Event]:
    """Everything that a contract announced up to a block, in order; for contracts that announce little.

    ``fresh`` asks the node for all of it, and forgets what was remembered.
    """
    known = None if fresh else _remembered(network, contract)
    if known is None:
        known = _Known(int(time.time()), network.manifest.block - 1, "", ())
    new = network.events(contract, from_block=known.block + 1, to_block=to_block, once=not fresh)
    events = [event for event in (*known.events, *new) if event.block <= to_block]
    settled = to_block - _SETTLED
    if settled >= network.manifest.block and (fresh or settled - known.block > _SETTLED):
        # A node that does not know its own block is told of by whatever needs one.
        with suppress(NodeError):
            hash_ = network.node.block(settled).hash
            old = tuple(event for event in events if event.block <= settled)
            _remember(network, contract, _Known(known.since, settled, hash_, old))
    return events


def newest_event(
    network: Network,
    contract: ContractName,
    name: str,
    topics: Iterable[str | None],
    *,
    to_block: int,
    at: int | None = None,
) -> Event | None:
    """The newest event of a name, ``None`` if there is none; ``topics`` as :meth:`Network.events` takes them.

    ``at`` is the time of its block in seconds, where it is known: the search starts there.
    """
    first, topics = network.manifest.block, list(topics)
    question = (contract, name, *topics)
    kept = network.kept(to_block, question)
    if isinstance(kept, Event):
        return kept
    start = first if at is None else block_since(network, at, to_block)
    if start > first:
        end = min(start + network.node.pieces.size - 1, to_block)
        found = network.events(contract, topics, name=name, from_block=start, to_block=end)
        if found:
            network.keep(to_block, question, found[-1])
            return found[-1]
    backwards = network.pieces(contract, topics, name=name, first=first, last=to_block, backwards=True)
    newest = next((events[-1] for _, _, events in backwards if events), None)
    if newest is not None:
        network.keep(to_block, question, newest)
    return newest


def expected_newest(
    network: Network,
    contract: ContractName,
    name: str,
    subject: str,
    wanted: Iterable[str],
    take: Callable[[Event], None],
    *,
    to_block: int,
) -> list[Expected]:
    """One question for what :func:`newest_event` will be asked of each that is wanted; ``take`` is given each found.

    ``subject`` is the argument by which they differ, the first topic. What is known already is given at once.
    """
    missing = []
    for each in dict.fromkeys(wanted):
        kept = network.kept(to_block, (contract, name, each))
        if isinstance(kept, Event):
            take(kept)
        else:
            missing.append(each)

    def keep(events: list[Event]) -> None:
        newest = {str(event.args[subject]): event for event in events}
        for each, event in ((each, newest[each]) for each in missing if each in newest):
            network.keep(to_block, (contract, name, each), event)
            take(event)

    return expected_piece(network, contract, missing, keep, to_block=to_block, name=name)


def expected_piece(
    network: Network,
    contract: ContractName,
    subjects: Sequence[str],
    take: Callable[[list[Event]], None],
    *,
    to_block: int,
    name: str | None = None,
) -> list[Expected]:
    """The question for events of some subjects (first topics), from the newest blocks, as many as one question covers.

    ``take`` is given the events, in order; there may be more before.
    """
    if not subjects:
        return []
    first = max(network.manifest.block, to_block - network.node.pieces.size + 1)
    topics = [list(subjects)]
    return [network.expected_events(contract, topics, take, name=name, first=first, last=to_block)]


def block_since(network: Network, at: int, last: int) -> int:
    """A block, up to ``last``, before which nothing stands that was written at a time in seconds or later.

    It is the deployment's first block where one question covers all, and where the node does not say more.
    """
    first = network.manifest.block
    if last - first >= network.node.pieces.size:
        with suppress(NodeError):
            return network.node.block_at(at, first, last)
    return first


def _key(network: Network, contract: ContractName) -> str:
    return f"{network.chain_id}:{network.address(contract).lower()}:{network.node.url}"


def _remember(network: Network, contract: ContractName, known: _Known) -> None:
    memo = {
        "since": known.since,
        "block": known.block,
        "hash": known.hash,
        "events": [
            [event.name, dict(event.args), event.block, event.block_hash, event.index, event.transaction]
            for event in known.events
        ],
    }
    network.memos.put(_key(network, contract), memo)


def _remembered(network: Network, contract: ContractName) -> _Known | None:
    """What is remembered, if it is of today, and of this chain as the node has it."""
    memo = network.memos.get(_key(network, contract))
    known = None if memo is None else _read(memo)
    if known is None or known.block < network.manifest.block or not 0 <= time.time() - known.since < _LASTS:
        return None
    with suppress(NodeError):
        return known if network.node.block(known.block).hash == known.hash else None
    return None


def _read(memo: Mapping[str, Any]) -> _Known | None:
    """What a memo says, ``None`` where it cannot be read."""
    try:
        events = tuple(
            Event(str(name), dict(args), int(block), str(block_hash), int(index), str(transaction))
            for name, args, block, block_hash, index, transaction in memo["events"]
        )
        return _Known(int(memo["since"]), int(memo["block"]), str(memo["hash"]), events)
    except (KeyError, TypeError, ValueError):
        return None
