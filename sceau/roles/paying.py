# SPDX-License-Identifier: Apache-2.0
"""A payer's word that it paid what it settled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sceau.claim.history import History
from sceau.claim.prepared import PreparedStep
from sceau.messages.errors import NotTheWriter, StepNotWritten
from sceau.messages.mailbox import Mailbox
from sceau.messages.payment import payment_envelope
from sceau.roles.errors import OwnSettlementMissing
from sceau.roles.handle import Envelope
from sceau.terms import Step, step_words


def payment_notice(
    mailbox: Mailbox,
    history: History,
    stored: Iterable[PreparedStep],
    *,
    amount: int | None,
    day: date | str,
    reference: str,
) -> Envelope:
    """The envelope of a payment notice, for the claim's practice; ``stored`` are the settlements that the payer has.

    Raises:
        StepNotWritten, NotTheWriter: the claim is not settled, or another payer settled it.
        OwnSettlementMissing: the settlement that stands on the chain is not stored.
        PaymentDiffers, PaidAhead, ValueNotCanonical: as :func:`payment_envelope`.
    """
    state, written = history.state, history.find(Step.SETTLE)
    if written is None:
        raise StepNotWritten(claim=state.claim, step=step_words(Step.SETTLE), order=state.order_number)
    if written.party != mailbox.party:
        raise NotTheWriter(sender=mailbox.party, writer=written.party)
    settlement = next((each for each in stored if each.record.root == written.commitment), None)
    if settlement is None:
        raise OwnSettlementMissing(claim=state.claim)
    text = payment_envelope(
        mailbox, settlement, amount=amount, day=day, reference=reference, recipient=state.practice
    )
    return Envelope(state.practice, text)
