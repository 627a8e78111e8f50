# SPDX-License-Identifier: Apache-2.0
"""Reading parties and signing keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sceau.chain.network import Network
from sceau.chain.registries.errors import KeyOfNoParty
from sceau.chain.terms import Role
from sceau.documents.identifiers import ZERO_ADDRESS, hex_of


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


def party_number(network: Network, key: str) -> int:
    """Number of the party that a signing key belongs to.

    Raises:
        KeyOfNoParty: the address never was a signing key.
    """
    party = read_key(network, key).party
    if party == 0:
        raise KeyOfNoParty(key=key)
    return party
