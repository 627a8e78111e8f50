# SPDX-License-Identifier: Apache-2.0
"""Reading parties and signing keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sceau.chain.network import Network
from sceau.chain.registries.errors import EntriesIncomplete, KeyOfNoParty
from sceau.chain.times import iso_text
from sceau.documents.identifiers import ZERO_ADDRESS, hex_of
from sceau.terms import Role, role_names


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


def read_parties(network: Network, *, block: int) -> list[PartyState]:
    """Every party that was admitted, by number, at a block."""
    count = network.read("PartyRegistry", "partyCount", block=block)
    return [read_party(network, number, block=block) for number in range(1, count + 1)]


def read_keys(network: Network, party: int, *, block: int) -> list[KeyState]:
    """Every signing key that a party ever had, in the order in which they were added, at a block.

    Raises:
        PartyUnknown: no party has this number.
    """
    read_party(network, party, block=block)
    added = network.events("PartyRegistry", [party_topic(party)], name="KeyAdded", to_block=block)
    return [read_key(network, str(event.args["key"]), block=block) for event in added]


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
    held = read_party(network, party, block=block).directory
    events = network.events("PartyRegistry", [party_topic(party)], to_block=block)
    published = [
        PublishedHash(str(event.args["directory"]), network.node.block(event.block).timestamp)
        for event in events
        if event.name in ("PartyAdmitted", "PartyDirectorySet")
    ]
    if not published or published[-1].hash != held:
        raise EntriesIncomplete(party=party)
    return published


def party_topic(party: int) -> str:
    """A party's number as an indexed topic of the registry's events."""
    return f"0x{party:064x}"


def address_topic(address: str) -> str:
    """An address as an indexed topic of the registry's events."""
    return "0x" + address[2:].lower().rjust(64, "0")


def party_number(network: Network, key: str) -> int:
    """Number of the party that a signing key belongs to.

    Raises:
        KeyOfNoParty: the address never was a signing key.
    """
    party = read_key(network, key).party
    if party == 0:
        raise KeyOfNoParty(key=key)
    return party
