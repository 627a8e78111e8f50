# SPDX-License-Identifier: Apache-2.0
"""An auditor's signed ruling on a finding, to the claim's payer. Codes only, no free text."""

from __future__ import annotations

from dataclasses import dataclass

from sceau.chain.network import Network
from sceau.messages.envelope import Message
from sceau.messages.errors import MessageMalformed
from sceau.messages.justification import FindingOfClaim, OnFinding
from sceau.messages.mailbox import Mailbox

KIND = "audit-ruling"


@dataclass(frozen=True)
class AuditRuling(OnFinding):
    """An auditor's word on one finding: ``fault`` is the party at fault, ``None`` for nobody."""

    party: int
    about: FindingOfClaim
    fault: int | None
    signed: str


def ruling_envelope(mailbox: Mailbox, about: FindingOfClaim, fault: int | None, *, recipient: int) -> str:
    """An envelope with a ruling for the claim's payer; raises as :func:`justification_envelope`."""
    about.require_named()
    return mailbox.encrypt(KIND, {**about.body(), "fault": fault}, recipient=recipient)


def ruling_of(network: Network, message: Message) -> AuditRuling:
    """The ruling that a message holds; it closes nothing before it is given to :meth:`Payer.verify`.

    Raises :class:`MessageMalformed`.
    """
    del network
    about, fault = FindingOfClaim.read(message), message.body.get("fault")
    if "fault" not in message.body or (fault is not None and (type(fault) is not int or fault < 1)):
        raise MessageMalformed(kind=KIND, sender=message.sender, part="fault")
    return AuditRuling(message.sender, about, fault, message.signed)
