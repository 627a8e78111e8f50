# SPDX-License-Identifier: Apache-2.0
"""A consent named on the command line: by its identifier, or by a file that is about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sceau.cli.session import Session

if TYPE_CHECKING:
    from sceau.consent.card import Card
    from sceau.consent.compact import CompactCard
    from sceau.consent.signing import SignedConsent


def identifier_of(session: Session, named: str) -> str:
    """The identifier of a consent. Raises :class:`IdentifierInvalid`, and what reading the file raises."""
    found = read_named(session, named)
    return found if isinstance(found, str) else found.consent


def read_named(session: Session, named: str) -> str | Card | CompactCard | SignedConsent:
    """The identifier that is named, or what a file is: a card, or a signed consent."""
    if named[:2].lower() == "0x":
        from sceau.documents.identifiers import CONSENT_ID, checked_id

        return checked_id(named, CONSENT_ID)
    path = Path(named)
    return session.read(path, lambda data: _from_file(path, data))


def _from_file(path: Path, data: bytes) -> Card | CompactCard | SignedConsent:
    from sceau.consent.compact import load_card
    from sceau.consent.signing import FORMAT, SignedConsent

    return SignedConsent.from_json(data) if FORMAT.encode() in data else load_card(path)
