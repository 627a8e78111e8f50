# SPDX-License-Identifier: Apache-2.0
"""What several commands ask about a party before they go on."""

from __future__ import annotations

from collections.abc import Iterable

from sceau.cli.session import Session


def names_of(session: Session, parties: Iterable[int]) -> dict[int, str]:
    """Names by party number, where the directory of the settings has an entry that the chain confirms."""
    if session.settings.directory is None:
        return {}
    return session.directory.names(session.network, parties)
