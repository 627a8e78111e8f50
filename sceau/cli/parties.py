# SPDX-License-Identifier: Apache-2.0
"""What several commands ask about a party before they go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sceau.cli.errors import PartyOfAnotherRole

if TYPE_CHECKING:
    from sceau.chain.network import Network
    from sceau.chain.terms import Role


def require_role(network: Network, party: int, role: Role) -> None:
    """Raises :class:`PartyUnknown` or :class:`PartyOfAnotherRole` unless a party holds a role."""
    from sceau.chain.terms import roles_words
    from sceau.party.registry import read_party

    if role not in read_party(network, party).roles:
        raise PartyOfAnotherRole(party=party, role=roles_words(role))
