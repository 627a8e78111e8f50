# SPDX-License-Identifier: Apache-2.0
"""An order to its supplier, with the order key, and the supplier's answer.

The practice signs, beside the order's commitment, a hash of each group key: an auditor can then be shown one group
and check it against what was signed, without seeing the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sceau.chain.network import Network
from sceau.claim.history import read_history
from sceau.claim.prepared import PreparedStep
from sceau.claim.steps import placing
from sceau.conformity.keys import GroupKey, OrderContext, OrderKey
from sceau.conformity.seals import check_locks, differing_locks
from sceau.documents.errors import IdentifierInvalid
from sceau.documents.identifiers import bytes_of, checked_id, hex_of
from sceau.messages.envelope import Message
from sceau.messages.errors import (
    GroupKeysDiffer,
    MessageMalformed,
    NotForYou,
    NotTheWriter,
    OpeningNotOnChain,
    StepNotWritten,
)
from sceau.messages.mailbox import Mailbox
from sceau.messages.step import ReceivedStep, attached_record, opened
from sceau.record.canonical import Limits, broken_rule, canonical
from sceau.terms import Group, group_words, step_words

ORDER = "order"
ANSWER = "order-answer"

ACCEPTED = "accepted"
REFUSED = "refused"

_LONGEST_REASON = Limits(longest=40)


@dataclass(frozen=True, repr=False)
class ReceivedOrder:
    """An order that stands on the chain, whose every lock its supplier recomputed.

    ``differing`` names the groups in which the order received does not give the lock on the chain; nothing may be
    made unless it is empty.
    """

    step: ReceivedStep
    key: OrderKey
    differing: tuple[Group, ...]

    @property
    def claim(self) -> str:
        """The claim."""
        return self.step.history.state.claim

    @property
    def order_number(self) -> int:
        """Number of the order."""
        return self.step.written.order_number

    def require_fit(self) -> None:
        """Raises :class:`LocksDiffer`, naming the groups, unless every lock was reproduced."""
        check_locks(self.step.record, self.key, self.step.written.locks)

    def __repr__(self) -> str:
        return f"ReceivedOrder({self.order_number} of {self.claim})"


@dataclass(frozen=True)
class OrderAnswer:
    """A supplier's word on an order: accepted (its locks were recomputed) or refused, with a reason code."""

    supplier: int
    claim: str
    order_number: int
    commitment: str
    accepted: bool
    reason: str | None
    signed: str


def order_envelope(mailbox: Mailbox, prepared: PreparedStep, *, supplier: int) -> str:
    """The envelope of an order (or remake) that was prepared and sent to the chain."""
    key, record = prepared.order_key, prepared.record
    if key is None:
        raise ValueError("this step places no order")
    body = {
        "claim": prepared.claim,
        "order": record.scope.order_number,
        "commitment": record.root,
        "group_keys": group_key_hashes(key, OrderContext.of(record.scope)),
    }
    attached = {"opening": record.to_json(), "order_key": key.reveal()}
    return mailbox.encrypt(ORDER, body, recipient=supplier, attached=attached, writing=prepared)


def order_of(network: Network, message: Message) -> ReceivedOrder:
    """An order, once it stands on the chain for this supplier; every lock is recomputed.

    Raises:
        MessageRefused: it does not open what stands on the chain, or the key is not the one signed for.
    """
    record = attached_record(message)
    if _take(message, "order", int) != record.scope.order_number:
        raise MessageMalformed(kind=ORDER, sender=message.sender, part="order")
    step = placing(record.scope.order_number)
    received = opened(network, message, record, step)
    supplier = received.history.supplier_of(received.written.order_number)
    if supplier != message.recipient:
        claim = received.history.state.claim
        raise NotForYou(order=received.written.order_number, claim=claim, supplier=supplier)
    key = OrderKey.read(message.attached.get("order_key"))
    if message.body.get("group_keys") != group_key_hashes(key, OrderContext.of(record.scope)):
        raise GroupKeysDiffer
    return ReceivedOrder(received, key, differing_locks(record, key, received.written.locks))


def answer_envelope(mailbox: Mailbox, order: ReceivedOrder, *, refuse_because: str | None = None) -> str:
    """The supplier's signed answer to the practice.

    An acceptance says that every lock was recomputed: an order that does not fit can only be refused, and is
    refused with the reason ``LOCKS-DIFFER``. ``refuse_because`` is a code in capitals for any other reason.

    Raises:
        ValueNotCanonical: the reason is not a code; what happened to a person is not for this message.
    """
    reason = "LOCKS-DIFFER" if order.differing else refuse_because
    if reason is not None:
        canonical("reason", "code", reason, _LONGEST_REASON)
    body = {
        "claim": order.claim,
        "order": order.order_number,
        "commitment": order.step.written.commitment,
        "answer": ACCEPTED if reason is None else REFUSED,
        "reason": reason,
    }
    return mailbox.encrypt(ANSWER, body, recipient=order.step.written.party)


def answer_of(network: Network, message: Message) -> OrderAnswer:
    """The answer to an order that stands on the chain, by the supplier that it names.

    Raises:
        MessageRefused: it is malformed, about another order than the one on the chain, or by another party.
    """
    answer = read_answer(message)
    history = read_history(network, answer.claim, block=network.head().number)
    step = placing(answer.order_number)
    placed = history.find(step, answer.order_number)
    if placed is None:
        raise StepNotWritten(claim=answer.claim, step=step_words(step), order=answer.order_number)
    if placed.supplier != answer.supplier:
        raise NotTheWriter(sender=answer.supplier, writer=placed.supplier)
    if placed.commitment != answer.commitment:
        raise OpeningNotOnChain(claim=answer.claim, step=step_words(step))
    return answer


def read_answer(message: Message) -> OrderAnswer:
    """What a message says as an answer, not yet checked against the chain. Raises :class:`MessageMalformed`."""
    body = message.body
    answer = _take(message, "answer", str)
    if answer not in (ACCEPTED, REFUSED):
        raise MessageMalformed(kind=message.kind, sender=message.sender, part="answer")
    reason = body.get("reason")
    if reason is not None and broken_rule("code", reason, _LONGEST_REASON) is not None:
        raise MessageMalformed(kind=message.kind, sender=message.sender, part="reason")
    try:
        claim = checked_id(_take(message, "claim", str))
    except IdentifierInvalid:
        raise MessageMalformed(kind=message.kind, sender=message.sender, part="claim") from None
    return OrderAnswer(
        supplier=message.sender,
        claim=claim,
        order_number=_take(message, "order", int),
        commitment=_take(message, "commitment", str),
        accepted=answer == ACCEPTED,
        reason=reason,
        signed=message.signed,
    )


def group_key_hashes(key: OrderKey, context: OrderContext) -> dict[str, str]:
    """keccak256 of each group key, by the group's code; keys are random, so a plain hash hides them."""
    return {group_words(group).code: hash_of(key.group_key(context, group)) for group in Group}


def hash_of(key: GroupKey) -> str:
    """keccak256 of a group key, ``0x`` hex."""
    from eth_hash.auto import keccak

    return hex_of(keccak(bytes_of(key.reveal())))


def _take(message: Message, part: str, kind: type[Any]) -> Any:
    value = message.body.get(part)
    if type(value) is not kind:
        raise MessageMalformed(kind=message.kind, sender=message.sender, part=part)
    return value
