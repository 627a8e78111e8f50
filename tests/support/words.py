# SPDX-License-Identifier: Apache-2.0
"""Words on a finding, as they reach a claim's payer."""

from __future__ import annotations

from sceau.messages.justification import (
    OF_AN_ORDER,
    FindingOfClaim,
    Justification,
    justification_envelope,
)
from sceau.messages.ruling import AuditRuling, ruling_envelope
from tests.support.life import Life
from tests.support.mailboxes import open_message


def about(life: Life, finding: str, *, order: int = 1, head: str = "") -> FindingOfClaim:
    """A finding on an order, where it is about one; at the claim's head of now unless another is given."""
    return FindingOfClaim(life.claim, order if finding in OF_AN_ORDER else 0, finding, head or life.head())


def word(
    life: Life, finding: str, reason: str = "OTHER", *, by: str = "practice", order: int = 1, head: str = ""
) -> Justification:
    """A party's justification, received by the payer."""
    named = about(life, finding, order=order, head=head)
    envelope = justification_envelope(life.mailboxes[by], named, reason, recipient=life.payer.party)
    read: Justification = open_message(life.mailboxes["payer"], envelope)
    return read


def ruled(
    life: Life, finding: str, fault: int | None, *, by: str = "auditor", order: int = 1, head: str = ""
) -> AuditRuling:
    """An auditor's ruling, received by the payer."""
    named = about(life, finding, order=order, head=head)
    envelope = ruling_envelope(life.mailboxes[by], named, fault, recipient=life.payer.party)
    read: AuditRuling = open_message(life.mailboxes["payer"], envelope)
    return read
