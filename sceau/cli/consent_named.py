# SPDX-License-Identifier: Apache-2.0
"""A consent named on the command line: by its identifier, or by a file that is about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sceau.cli.session import Session

if TYPE_CHECKING:
    from sceau.deployment import RegistryId


def identifier_of(session: Session, named: str) -> str:
    """The identifier of a consent. Raises :class:`IdentifierInvalid`, and what reading the file raises."""
    return read_named(session, named)[0]


def read_named(session: Session, named: str) -> tuple[str, RegistryId | None]:
    """The identifier, and from a file (a card, a signed consent) the register that it is for."""
    if named[:2].lower() == "0x":
        from sceau.documents.identifiers import CONSENT_ID, checked_id

        return checked_id(named, CONSENT_ID), None
    path = Path(named)
    return session.read(path, lambda data: _from_file(path, data))


def _from_file(path: Path, data: bytes) -> tuple[str, RegistryId]:
    from sceau.consent.compact import load_card
    from sceau.consent.signing import FORMAT, SignedConsent

    if FORMAT.encode() in data:
        signed = SignedConsent.from_json(data)
        return signed.consent, signed.registry
    card = load_card(path)
    return card.consent, card.registry
