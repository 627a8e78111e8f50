# SPDX-License-Identifier: Apache-2.0
"""A party's word on a finding, to the claim's payer."""

from __future__ import annotations

from sceau.claim.history import History
from sceau.messages.justification import OF_AN_ORDER, FindingOfClaim, justification_envelope
from sceau.messages.mailbox import Mailbox
from sceau.record.normalise import reason_code
from sceau.roles.errors import NotConcerned
from sceau.roles.handle import Envelope


def justify(
    mailbox: Mailbox, history: History, finding: str, reason: str, *, order_number: int | None
) -> Envelope:
    """The envelope of a justification; without ``order_number`` it is about the current order, where it is about one.

    It names the claim's present head, and is not about what is written on the order afterwards.

    Raises:
        NotConcerned: the party is neither the practice nor the supplier of that order.
        NoOrder, NotJustifiable, OrderToName, ValueNotCanonical: as :func:`justification_envelope`.
    """
    about = finding_at(history, finding, order_number)
    about.require_named()
    state = history.state
    if mailbox.party not in concerned(history, about.order_number):
        raise NotConcerned(party=mailbox.party)
    text = justification_envelope(mailbox, about, reason_code(reason), recipient=state.payer)
    return Envelope(state.payer, text)


def finding_at(history: History, finding: str, order_number: int | None) -> FindingOfClaim:
    """A finding as a word names it, at the head of a history."""
    state = history.state
    if order_number is None:
        order_number = state.order_number if finding in OF_AN_ORDER else 0
    return FindingOfClaim(state.claim, order_number, finding, state.head)


def concerned(history: History, order_number: int) -> set[int]:
    """The parties whose word counts on an order: the practice and that order's supplier; the practice alone for 0.

    Raises:
        NoOrder: the claim has no such order.
    """
    practice = {history.state.practice}
    return practice | {history.supplier_of(order_number)} if order_number else practice
