# SPDX-License-Identifier: Apache-2.0
"""A party's word on a finding, to the claim's payer."""

from __future__ import annotations

from sceau.claim.history import History
from sceau.messages.justification import OF_AN_ORDER, justification_envelope
from sceau.messages.mailbox import Mailbox
from sceau.record.normalise import normalised_code
from sceau.roles.errors import NotConcerned
from sceau.roles.handle import Envelope


def justify(
    mailbox: Mailbox, history: History, finding: str, reason: str, *, order_number: int | None
) -> Envelope:
    """The envelope of a justification; without ``order_number`` it is about the current order, where it is about one.

    Raises:
        NotConcerned: the party is neither the practice nor a supplier of the claim.
        NotJustifiable, OrderToName, ValueNotCanonical: as :func:`justification_envelope`.
    """
    state = history.state
    if mailbox.party not in {state.practice, *(step.supplier for step in history.steps)}:
        raise NotConcerned(party=mailbox.party)
    if order_number is None:
        order_number = state.order_number if finding in OF_AN_ORDER else 0
    text = justification_envelope(
        mailbox,
        state.claim,
        finding,
        normalised_code(reason),
        order_number=order_number,
        recipient=state.payer,
    )
    return Envelope(state.payer, text)
