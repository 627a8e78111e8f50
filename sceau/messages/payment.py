# SPDX-License-Identifier: Apache-2.0
"""A payer's signed word to the practice that it paid a settled claim: how much, on which day, by which transfer.

The settlement's sealed record travels with it, so that its reader holds the amount against the chain without having
anything else of the settlement. Nothing about it is on the chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from sceau.chain.network import Network
from sceau.claim.decision import AMOUNT, CURRENCY
from sceau.claim.prepared import PreparedStep
from sceau.documents.times import day_of
from sceau.messages.envelope import Message
from sceau.messages.errors import MessageMalformed, PaidAhead, PaymentDiffers
from sceau.messages.mailbox import Mailbox
from sceau.messages.step import attached_record, opened
from sceau.record import SealedRecord
from sceau.record.canonical import broken_rule, canonical
from sceau.record.normalise import one_code
from sceau.terms import Step

KIND = "payment-notice"


@dataclass(frozen=True, repr=False)
class PaymentNotice:
    """What a payer said of a payment: ``amount`` in cents, the ``day`` of the transfer, its own ``reference`` of it.

    Amount and currency are what the settlement on the chain seals. ``signed`` is the payer's word, a JWS.
    """

    payer: int
    claim: str
    amount: int
    currency: str
    day: date
    reference: str
    signed: str

    def __repr__(self) -> str:
        return f"PaymentNotice({self.claim})"


def payment_envelope(
    mailbox: Mailbox,
    settlement: PreparedStep,
    *,
    amount: int | None,
    day: date | str,
    reference: str,
    recipient: int,
) -> str:
    """The envelope of a notice about a settlement that stands on the chain.

    ``amount`` is what was transferred for the claim, in cents; the settlement's if not given.

    Raises:
        PaymentDiffers: the settlement seals another amount, or none.
        PaidAhead: the day is later than tomorrow.
        ValueNotCanonical: the day is none, or the reference is not a code.
    """
    sealed = _amount(settlement.record)
    if sealed is None or amount not in (None, sealed):
        raise PaymentDiffers(claim=settlement.claim)
    paid = str(canonical("day", "date", day.isoformat() if isinstance(day, date) else day))
    _require_past(settlement.claim, date.fromisoformat(paid), mailbox.network.head().timestamp)
    body = {
        "claim": settlement.claim,
        "commitment": settlement.record.root,
        "amount": sealed,
        "day": paid,
        "reference": one_code("reference", reference),
    }
    return mailbox.encrypt(KIND, body, recipient=recipient, attached={"opening": settlement.record.to_json()})


def payment_of(network: Network, message: Message) -> PaymentNotice:
    """A notice, once the settlement that it is about stands on the chain, by its sender, with this very amount.

    Raises:
        MessageRefused: it is malformed, the claim is not settled, or by another payer, or with another amount.
        NoSuchClaim, HistoryIncomplete.
    """
    amount, day, reference = (message.body.get(part) for part in ("amount", "day", "reference"))
    if type(amount) is not int or broken_rule("cents", amount) is not None:
        raise _malformed(message, "amount")
    paid = day_of(day)
    if paid is None:
        raise _malformed(message, "day")
    if not isinstance(reference, str) or broken_rule("code", reference) is not None:
        raise _malformed(message, "reference")
    settled = opened(network, message, attached_record(message), Step.SETTLE)
    if _amount(settled.record) != amount:
        raise PaymentDiffers(claim=settled.claim)
    _require_past(settled.claim, paid, message.issued_at)
    currency = str(settled.record.values[CURRENCY])
    return PaymentNotice(message.sender, settled.claim, amount, currency, paid, reference, message.signed)


def _amount(record: SealedRecord) -> int | None:
    """What a settlement seals that the payer pays, in cents; ``None`` where it seals none."""
    amount = record.values.get(AMOUNT)
    return amount if type(amount) is int else None


def _require_past(claim: str, day: date, now: int) -> None:
    """Nothing was paid on a day to come; ``now`` is in seconds, and somewhere on earth it is tomorrow already."""
    if day > datetime.fromtimestamp(now, timezone.utc).date() + timedelta(days=1):
        raise PaidAhead(claim=claim, day=day.isoformat())


def _malformed(message: Message, part: str) -> MessageMalformed:
    return MessageMalformed(kind=KIND, sender=message.sender, part=part)
