# SPDX-License-Identifier: Apache-2.0
"""Which party a key is of, and whether a named party has its role; off line it is assumed, and checked later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sceau.chain.network import Network
from sceau.chain.registries.parties import party_number, read_party
from sceau.errors import NodeError
from sceau.roles.errors import PartyOfAnotherRole
from sceau.store import Kind, LocalStore, Store
from sceau.terms import Role, roles_words

Assumed = tuple[Mapping[str, Any], ...]


def require_role(network: Network, party: int, role: Role) -> None:
    """Raises :class:`PartyUnknown` or :class:`PartyOfAnotherRole` unless a party holds a role."""
    if role not in read_party(network, party).roles:
        raise PartyOfAnotherRole(party=party, role=roles_words(role))


def assume_role(network: Network, party: int, role: Role) -> Assumed:
    """What is assumed of a party where no node can say its role; nothing where one does. Raises as ``require_role``."""
    try:
        require_role(network, party, role)
    except NodeError:
        return ({"party": party, "role": role.name},)
    return ()


def require_assumed(network: Network, assumed: Iterable[Mapping[str, Any]]) -> None:
    """Checks what was assumed. Raises as ``require_role``, and NodeError."""
    for each in assumed:
        require_role(network, each["party"], Role[each["role"]])


def number_of_key(network: Network, store: Store, address: str, *, make: bool = True) -> int:
    """The party of a signing key, by the chain; without a node, as it was learnt before.

    ``make``: a store that is not there yet is made to note it.

    Raises:
        KeyOfNoParty: it is not a party's key.
        NodeError: no node says it, and it was not learnt before.
    """
    memo = f"party:{network.manifest.genesis_hash}:{address}"
    known = store.get(Kind.MEMO, memo)
    try:
        number = party_number(network, address)
    except NodeError:
        if known is None:
            raise
        return int(known["party"])
    # No store is made by what only asks.
    if make or not isinstance(store, LocalStore) or store.is_there:
        remember_number(network, store, address, number)
    return number


def remember_number(network: Network, store: Store, address: str, number: int) -> None:
    """Notes the party of a signing key, for when no node says it."""
    memo = f"party:{network.manifest.genesis_hash}:{address}"
    if store.get(Kind.MEMO, memo) != {"party": number}:
        store.put(Kind.MEMO, memo, {"party": number})
