# SPDX-License-Identifier: Apache-2.0
"""What contracts announced: the events that logs tell of, and the queries that ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sceau.chain import codec
from sceau.chain.abis import ContractName
from sceau.chain.quantities import integer
from sceau.documents.identifiers import bytes_of, hex_of


@dataclass(frozen=True)
class Event:
    """Something that a contract announced: the event's name, its arguments, and the place where it stands.

    ``block`` is the block's number, ``block_hash`` its hash, ``time`` its time in seconds where it is known.
    """

    name: str
    args: Mapping[str, Any]
    block: int
    block_hash: str
    index: int
    transaction: str
    time: int | None = field(default=None, compare=False)


def query_of(
    contract: ContractName,
    address: str,
    topics: Iterable[str | Sequence[str] | None],
    name: str | Sequence[str] | None,
) -> dict[str, Any]:
    """A query for the events of a contract, by its address, of one name, several or any; blocks are not named.

    ``topics`` are values of the indexed topics after the event's own: one, one of several, or any.
    """
    named = [name] if isinstance(name, str) else name
    kinds = codec.event_kinds(contract).values()
    wanted = None if named is None else [kind.topic for kind in kinds if kind.name in named]
    return {"address": address, "topics": [wanted, *topics]}


def events_of(contract: ContractName, logs: Iterable[Any]) -> list[Event]:
    """The events that logs tell of, in order; those that this version does not know are left out."""
    kinds = codec.event_kinds(contract)
    decoded = [_event_of(kinds, log) for log in logs if not log.get("removed")]
    return sorted(
        (event for event in decoded if event is not None), key=lambda event: (event.block, event.index)
    )


def _event_of(kinds: Mapping[str, codec.EventKind], log: Any) -> Event | None:
    """A log of a node; ``None`` for an event that this version does not know."""
    topics = [bytes_of(each) for each in log["topics"]]
    kind = kinds.get(hex_of(topics[0]))
    if kind is None:
        return None
    return Event(
        name=kind.name,
        args=kind.decode(topics, bytes_of(log["data"])),
        block=integer(log["blockNumber"]),
        block_hash=hex_of(bytes_of(log["blockHash"])),
        index=integer(log["logIndex"]),
        transaction=hex_of(bytes_of(log["transactionHash"])),
    )
