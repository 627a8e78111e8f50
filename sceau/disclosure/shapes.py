# SPDX-License-Identifier: Apache-2.0
"""Shape of a disclosure. Specified in docs/records.md and docs/policies.md."""

from __future__ import annotations

from typing import Annotated, Literal

from sceau.documents.fields import Day, Hash, PartyNumber, Time
from sceau.documents.model import Shape, exactly
from sceau.record.shapes import Multiproof, ScopeText

Word = Annotated[str, exactly("[A-Za-z0-9][A-Za-z0-9._/-]{0,79}")]
"""A code or a name without blanks."""


class ShownRecord(Shape):
    """The leaves that are shown of a record."""

    scope: ScopeText
    root: Hash
    """The record's commitment on the chain."""
    shown: Multiproof


class PolicyReference(Shape):
    """The clause of a policy under which something is disclosed."""

    id: Word
    version: Word
    clause: Word


class GivenConsent(Shape):
    """The consent that a disclosure relies on, with what its record says."""

    commitment: Hash
    key: Annotated[str, exactly("0x[0-9a-fA-F]{40}")]
    """The address of the key that signed the consent."""
    shown: Multiproof


class Disclosure(Shape):
    """What a practice sends to a payer: shown leaves with their proof, and everything that says why and to whom."""

    format: Literal["sceau-disclosure/1"]
    id: Annotated[str, exactly("[0-9a-f]{32}")]
    sender: PartyNumber
    recipient: PartyNumber
    record: ShownRecord
    policy: PolicyReference
    purpose: Word
    consent: GivenConsent | None
    made_at: Time
    delete_by: Day
    """The last day on which the recipient may hold the values."""
