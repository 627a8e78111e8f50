# SPDX-License-Identifier: Apache-2.0
"""What a received message asks of the party that received it, as its claim stands now."""

from __future__ import annotations

from enum import Enum

from sceau.chain.network import Network
from sceau.chain.registries.claims import ClaimState, read_claim
from sceau.chain.registries.errors import NoSuchClaim
from sceau.errors import Sentence
from sceau.messages.deletion import DeletionAnswer, DeletionNotice
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.messages.evidence import EvidenceRequest, SignedOpening
from sceau.messages.information import InformationRequest
from sceau.messages.justification import Justification
from sceau.messages.kinds import Received
from sceau.messages.order import OrderAnswer, ReceivedOrder
from sceau.messages.ruling import AuditRuling
from sceau.messages.step import ReceivedStep
from sceau.terms import State, Step


class Task(Enum):
    """What a message asks for; :data:`TASK_WORDS` says it."""

    ORDER = "order"
    ORDER_AGAIN = "order-again"
    INVOICE = "invoice"
    DELIVER = "deliver"
    DISPUTE = "dispute"
    DECIDE = "decide"
    SETTLE = "settle"
    CONSIDER = "consider"
    OPEN = "open"
    AUDIT = "audit"
    GRANT = "grant"
    #: Nothing by hand: the party does it itself as soon as it can.
    WAIT = "wait"


#: Each in words.
TASK_WORDS = {
    Task.ORDER: Sentence("tasks.order"),
    Task.ORDER_AGAIN: Sentence("tasks.order-again"),
    Task.INVOICE: Sentence("tasks.invoice"),
    Task.DELIVER: Sentence("tasks.deliver"),
    Task.DISPUTE: Sentence("tasks.dispute"),
    Task.DECIDE: Sentence("tasks.decide"),
    Task.SETTLE: Sentence("tasks.settle"),
    Task.CONSIDER: Sentence("tasks.consider"),
    Task.OPEN: Sentence("tasks.open"),
    Task.AUDIT: Sentence("tasks.audit"),
    Task.GRANT: Sentence("tasks.grant"),
    Task.WAIT: Sentence("tasks.wait"),
}

# What the payer may still decide on.
_UNDECIDED = (State.OPENED, State.INVOICED)


def task_of(network: Network, received: Received) -> Task | None:
    """What a message asks for now; ``None`` if it asks for nothing, or for nothing any more.

    Raises:
        NodeError: no node says how the claim stands.
    """
    if isinstance(received, DeletionNotice | DeletionAnswer):
        return Task.WAIT
    if isinstance(received, EvidenceRequest):
        return Task.OPEN
    if isinstance(received, InformationRequest):
        return Task.GRANT
    if isinstance(received, SignedOpening):
        return Task.AUDIT
    try:
        claim = read_claim(network, received.claim, block=network.head().number) if received.claim else None
    except NoSuchClaim:
        # What it is then, the verification says.
        claim = None
    if isinstance(received, ReceivedDisclosure):
        return _of_disclosure(received, claim)
    return None if claim is None else _of_claim(received, claim)


def _of_disclosure(received: ReceivedDisclosure, claim: ClaimState | None) -> Task | None:
    if received.step is Step.INVOICE:
        return Task.SETTLE if claim is None or claim.state is State.INVOICED else None
    return Task.DECIDE if claim is None or claim.state is State.OPENED else None


def _of_claim(received: Received, claim: ClaimState) -> Task | None:
    if isinstance(received, Justification | AuditRuling):
        return Task.CONSIDER if claim.state in _UNDECIDED else None
    if isinstance(received, ReceivedStep) and received.step is Step.AUTHORISE:
        return Task.ORDER if claim.state is State.AUTHORISED else None
    if not isinstance(received, ReceivedStep | ReceivedOrder | OrderAnswer):
        return None
    order_number = (
        received.written.order_number if isinstance(received, ReceivedStep) else received.order_number
    )
    if claim.state is not State.ORDERED or order_number != claim.order_number:
        return None
    if isinstance(received, ReceivedOrder):
        return _of_order(received, claim)
    if isinstance(received, OrderAnswer):
        return None if received.accepted else Task.ORDER_AGAIN
    return {Step.DELIVER: Task.INVOICE, Step.RETURN: Task.ORDER_AGAIN, Step.DISPUTE: Task.ORDER_AGAIN}.get(
        received.step
    )


def _of_order(order: ReceivedOrder, claim: ClaimState) -> Task | None:
    if claim.delivered_at:
        return None
    if order.differing:
        return None if claim.disputed_at else Task.DISPUTE
    return Task.DELIVER
