# SPDX-License-Identifier: Apache-2.0
"""What several commands ask about a party before they go on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sceau.cli.errors import PartyOfAnotherRole
from sceau.cli.session import Session

if TYPE_CHECKING:
    from sceau.chain.network import Network
    from sceau.chain.terms import Role


def require_role(network: Network, party: int, role: Role) -> None:
    """Raises :class:`PartyUnknown` or :class:`PartyOfAnotherRole` unless a party holds a role."""
    from sceau.chain.registries.parties import read_party
    from sceau.chain.terms import roles_words

    if role not in read_party(network, party).roles:
        raise PartyOfAnotherRole(party=party, role=roles_words(role))


def names_of(session: Session, parties: Iterable[int]) -> dict[int, str]:
    """Names by party number, where the directory of the settings has an entry that the chain confirms."""
    if session.settings.directory is None:
        return {}
    return session.directory.names(session.network, parties)
