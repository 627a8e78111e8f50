# SPDX-License-Identifier: Apache-2.0
"""A told mark: the signed word of a supplier to the claim's payer, on an order that it can no longer mark on the chain.

The contract refuses a mark on an order that was replaced. Its supplier sends it to the payer instead, whose client
counts it as a mark of the time at which it was signed (``sceau/verify/marks.py``). Codes only, no free text.
"""

from __future__ import annotations

from dataclasses import dataclass

from sceau.chain.network import Network
from sceau.claim.history import read_history
from sceau.claim.steps import placing
from sceau.conformity.keys import LAST_ORDER
from sceau.documents.identifiers import checked_id
from sceau.errors import SceauError
from sceau.messages.envelope import Message
from sceau.messages.errors import MessageMalformed, NotTheClaimsPayer, NotTheWriter, StepNotWritten
from sceau.messages.mailbox import Mailbox
from sceau.record.canonical import Limits, broken_rule, canonical
from sceau.terms import Step, step_words

KIND = "told-mark"

#: What a supplier can tell of a replaced order, by the mark's code.
MARKS = {step_words(mark).code: mark for mark in (Step.DISPUTE, Step.RETURN)}

_LONGEST = Limits(longest=40)


@dataclass(frozen=True)
class ToldMark:
    """What a supplier said of its order: ``mark`` is a dispute or a return, ``reason`` a code or ``None``.

    ``said_at`` is when it was signed, in seconds since 1970; ``signed`` is its word, a JWS.
    """

    supplier: int
    claim: str
    order_number: int
    mark: Step
    reason: str | None
    said_at: int
    signed: str


def told_mark_envelope(
    mailbox: Mailbox, claim: str, order_number: int, mark: Step, reason: str | None, *, recipient: int
) -> str:
    """The envelope that tells the payer of a mark.

    Raises:
        ValueError: the mark is neither a dispute nor a return.
        IdentifierInvalid, ValueNotCanonical: ``claim`` or ``reason`` is not written as it should be.
    """
    if mark not in MARKS.values():
        raise ValueError("only a dispute or a return is told")
    if reason is not None:
        canonical("reason", "code", reason, _LONGEST)
    body = {
        "claim": checked_id(claim),
        "order": order_number,
        "mark": step_words(mark).code,
        "reason": reason,
    }
    return mailbox.encrypt(KIND, body, recipient=recipient)


def told_mark_of(network: Network, message: Message) -> ToldMark:
    """A told mark, by the supplier that the order names on the chain, to the claim's payer.

    Raises:
        MessageRefused: it is malformed, no such order stands on the chain, or it is not between those two.
        NoSuchClaim, HistoryIncomplete.
    """
    told = read_told_mark(message)
    history = read_history(network, told.claim, block=network.head().number)
    step = placing(told.order_number)
    placed = history.find(step, told.order_number)
    if placed is None:
        raise StepNotWritten(claim=told.claim, step=step_words(step), order=told.order_number)
    if placed.supplier != told.supplier:
        raise NotTheWriter(sender=told.supplier, writer=placed.supplier)
    if history.state.payer != message.recipient:
        raise NotTheClaimsPayer(claim=told.claim, payer=history.state.payer)
    return told


def read_told_mark(message: Message) -> ToldMark:
    """What a message says as a told mark, not yet checked against the chain. Raises :class:`MessageMalformed`."""

    def malformed(part: str) -> MessageMalformed:
        return MessageMalformed(kind=KIND, sender=message.sender, part=part)

    claim, order_number, mark, reason = (
        message.body.get(part) for part in ("claim", "order", "mark", "reason")
    )
    try:
        claim = checked_id(claim if isinstance(claim, str) else "")
    except SceauError:
        raise malformed("claim") from None
    if type(order_number) is not int or not 1 <= order_number <= LAST_ORDER:
        raise malformed("order")
    if not isinstance(mark, str) or mark not in MARKS:
        raise malformed("mark")
    if reason is not None and broken_rule("code", reason, _LONGEST) is not None:
        raise malformed("reason")
    return ToldMark(
        message.sender, claim, order_number, MARKS[mark], reason, message.issued_at, message.signed
    )
