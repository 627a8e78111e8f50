# SPDX-License-Identifier: Apache-2.0
"""Reading parties and signing keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sceau.chain.announced import announced
from sceau.chain.contract_errors import PartyUnknown
from sceau.chain.events import Event
from sceau.chain.network import Network, Read
from sceau.chain.registries.errors import EntriesIncomplete, KeyOfNoParty
from sceau.chain.times import iso_text
from sceau.documents.identifiers import ZERO_ADDRESS, hex_of
from sceau.errors import NodeError
from sceau.terms import Role, role_names

T = TypeVar("T")

#: The events that name the hash of a directory entry.
_PUBLISHED = ("PartyAdmitted", "PartyDirectorySet")


@dataclass(frozen=True)
class PartyState:
    """A party as the contract holds it; fields as in ``IPartyRegistry.Party``, ``None`` for no address offered."""

    party: int
    controller: str
    pending_controller: str | None
    roles: Role
    suspended: bool
    admitted_at: int
    directory: str

    def to_json(self) -> dict[str, Any]:
        """The party as JSON values."""
        return {
            "party": self.party,
            "roles": role_names(self.roles),
            "suspended": self.suspended,
            "admitted_at": iso_text(self.admitted_at),
            "controller": self.controller,
            "pending_controller": self.pending_controller,
            "directory": self.directory,
        }


@dataclass(frozen=True)
class KeyState:
    """A signing key as the contract holds it; fields as in ``IPartyRegistry.SigningKey``, party 0 if unknown."""

    key: str
    party: int
    roles: Role
    suspended: bool
    added_at: int
    retired_at: int
    compromised_since: int

    @property
    def active(self) -> bool:
        """Whether the key may act."""
        return self.party != 0 and not self.suspended and self.retired_at == 0

    def to_json(self) -> dict[str, Any]:
        """The key as JSON values."""
        return {
            "key": self.key,
            "active": self.active,
            "added_at": iso_text(self.added_at),
            "retired_at": iso_text(self.retired_at),
            "compromised_since": iso_text(self.compromised_since),
        }


def read_party(network: Network, party: int, *, block: int | None = None) -> PartyState:
    """A party at a block, or at the head.

    Raises:
        PartyUnknown: no party has this number.
    """
    stored = network.read("PartyRegistry", "partyOf", party, block=block)
    controller, pending, roles, suspended, admitted_at, directory = stored
    return PartyState(
        party=party,
        controller=controller,
        pending_controller=None if pending == ZERO_ADDRESS else pending,
        roles=Role(roles),
        suspended=suspended,
        admitted_at=admitted_at,
        directory=hex_of(directory),
    )


def read_key(network: Network, key: str, *, block: int | None = None) -> KeyState:
    """A signing key at a block, or at the head; all zero for an address that never was one."""
    stored: Any = network.read("PartyRegistry", "keyOf", key, block=block)
    party, roles, suspended, added_at, retired_at, compromised_since = stored
    return KeyState(key, party, Role(roles), suspended, added_at, retired_at, compromised_since)


def party_standing(network: Network, party: int, *, block: int) -> PartyState:
    """A party at a block, for what rests on it: suspended, or without a role, where any node that was named says so.

    Each answers at its own newest block. Raises :class:`PartyUnknown`.
    """
    state = read_party(network, party, block=block)
    for other in _witnessed(network, lambda other, head: read_party(other, party, block=head)):
        state = replace(state, roles=state.roles & other.roles, suspended=state.suspended or other.suspended)
    return state


def may_act(network: Network, party: int, role: Role, *, block: int) -> bool:
    """Whether a party holds a role and is not suspended, as every node that was named says (:func:`party_standing`)."""
    try:
        state = party_standing(network, party, block=block)
    except PartyUnknown:
        return False
    return role in state.roles and not state.suspended


def key_standing(network: Network, key: str, *, block: int) -> KeyState:
    """A signing key at a block, for what rests on it: the worst that any node that was named says of it.

    Each answers at its own newest block; of two times at which it ended, the earlier counts.
    """
    state = read_key(network, key, block=block)
    states = [state, *_witnessed(network, lambda other, head: read_key(other, key, block=head))]

    def earliest(*times: int) -> int:
        return min((time for time in times if time), default=0)

    return replace(
        state,
        suspended=any(each.suspended for each in states),
        retired_at=earliest(*(each.retired_at for each in states)),
        compromised_since=earliest(*(each.compromised_since for each in states)),
    )


def standings(keys: Iterable[str], parties: Iterable[int]) -> list[Read]:
    """What :func:`key_standing` and :func:`party_standing` read."""
    return [
        *(("PartyRegistry", "keyOf", (key,)) for key in keys),
        *(("PartyRegistry", "partyOf", (party,)) for party in parties),
    ]


def foresee_standings(network: Network, keys: Iterable[str], parties: Iterable[int], *, block: int) -> None:
    """Asks each node in one round trip what :func:`key_standing` and :func:`party_standing` will be asked."""
    reads = standings(keys, parties)
    network.foresee(reads, block=block)
    for other, head in network.witnesses():
        other.foresee(reads, block=head.number)


def _witnessed(network: Network, read: Callable[[Network, int], T]) -> list[T]:
    """What the other nodes answer; one that fails, or does not know yet what is asked about, says nothing."""
    found = []
    for other, head in network.witnesses():
        with suppress(NodeError, PartyUnknown):
            found.append(read(other, head.number))
    return found


def read_parties(network: Network, *, block: int) -> list[PartyState]:
    """Every party that was admitted, by number, at a block."""
    count = network.read("PartyRegistry", "partyCount", block=block)
    return [read_party(network, number, block=block) for number in range(1, count + 1)]


@dataclass(frozen=True)
class Publication:
    """A hash of a directory entry that a party had on the chain, and the block from which on."""

    directory: str
    block: int


def read_publications(
    network: Network, *, block: int, fresh: bool = False
) -> dict[int, tuple[Publication, ...]]:
    """Every hash of a directory entry that each party had up to a block, in order.

    The first is the one that the party was admitted with, zero if it had none; the last is in force. ``fresh`` as
    :func:`sceau.chain.announced.announced`.
    """
    found: dict[int, tuple[Publication, ...]] = {}
    for event in announced(network, "PartyRegistry", to_block=block, fresh=fresh):
        if event.name not in _PUBLISHED:
            continue
        party = int(event.args["party"])
        found[party] = (*found.get(party, ()), Publication(str(event.args["directory"]), event.block))
    return found


def read_keys(network: Network, party: int, *, block: int) -> list[KeyState]:
    """Every signing key that a party ever had, in the order in which they were added, at a block.

    Raises:
        PartyUnknown: no party has this number.
    """
    read_party(network, party, block=block)
    return [
        read_key(network, str(event.args["key"]), block=block)
        for event in announced(network, "PartyRegistry", to_block=block, fresh=True)
        if event.name == "KeyAdded" and event.args["party"] == party
    ]


@dataclass(frozen=True)
class PublishedHash:
    """A directory hash that a party had from a block on; ``since`` is that block's time in seconds."""

    hash: str
    since: int


def read_published(network: Network, party: int, *, block: int) -> list[PublishedHash]:
    """Every directory hash that a party had up to a block, in the order in which it published them.

    Raises:
        PartyUnknown: no party has this number.
        EntriesIncomplete: the node's events do not lead to the hash that the contract holds.
    """
    return [
        PublishedHash(str(event.args["directory"]), network.node.time_of(event.block, event.block_hash))
        for event in published_events(network, party, block=block)
    ]


def published_events(network: Network, party: int, *, block: int) -> list[Event]:
    """The events by which a party published them; raises as :func:`read_published`."""
    held = read_party(network, party, block=block).directory
    # What is remembered may lack some; what the node itself hides is not believed.
    for fresh in (False, True):
        events = [
            event
            for event in announced(network, "PartyRegistry", to_block=block, fresh=fresh)
            if event.name in _PUBLISHED and event.args["party"] == party
        ]
        if events and events[-1].args["directory"] == held:
            return events
    raise EntriesIncomplete(party=party)


def party_topic(party: int) -> str:
    """A party's number as an indexed topic of the registry's events."""
    return f"0x{party:064x}"


def address_topic(address: str) -> str:
    """An address as an indexed topic of the registry's events."""
    return "0x" + address[2:].lower().rjust(64, "0")


def party_number(network: Network, key: str) -> int:
    """Number of the party that a signing key belongs to; it never changes, so that the age of the head does not count.

    Raises:
        KeyOfNoParty: the address never was a signing key.
    """
    head, _ = network.look()
    party = read_key(network, key, block=head.number).party
    if party == 0:
        raise KeyOfNoParty(key=key)
    return party
