# SPDX-License-Identifier: Apache-2.0
"""The key of an order's act codes, from the practice to the payer: that key alone, and no other of the order.

With it and the grouped codes that it authorised, or finds on an invoice, the payer recomputes the first lock. It
learns nothing of product, correction or quantity: their keys do not come out of this one.
"""

from __future__ import annotations

from dataclasses import dataclass

from sceau.chain.network import Network
from sceau.claim.history import read_history
from sceau.claim.prepared import PreparedStep
from sceau.claim.steps import placing
from sceau.conformity.errors import KeyMalformed
from sceau.conformity.keys import LAST_ORDER, GroupKey, OrderContext
from sceau.documents.identifiers import checked_id
from sceau.errors import SceauError
from sceau.messages.envelope import Message
from sceau.messages.errors import MessageMalformed, NotTheClaimsPayer, NotTheWriter, StepNotWritten
from sceau.messages.mailbox import Mailbox
from sceau.messages.order import hash_of
from sceau.terms import Group, step_words

KIND = "act-code-key"


@dataclass(frozen=True, repr=False)
class ActCodeKey:
    """The key of the act codes of one order, as its practice gave and signed it (``signed``). Keep it encrypted."""

    practice: int
    claim: str
    order_number: int
    key: GroupKey
    signed: str

    def __repr__(self) -> str:
        return f"ActCodeKey(order {self.order_number} of {self.claim})"


def act_code_key_envelope(mailbox: Mailbox, prepared: PreparedStep, *, payer: int) -> str:
    """The envelope that gives the payer the act-code key of an order (or remake) that was sent to the chain."""
    if prepared.order_key is None:
        raise ValueError("this step places no order")
    scope = prepared.record.scope
    key = prepared.order_key.group_key(OrderContext.of(scope), Group.ACT_CODES)
    body = {"claim": prepared.claim, "order": scope.order_number, "key": hash_of(key)}
    return mailbox.encrypt(KIND, body, recipient=payer, attached={"key": key.reveal()})


def act_code_key_of(network: Network, message: Message) -> ActCodeKey:
    """The act-code key of an order that stands on the chain, given by its practice to the claim's payer.

    That it is the order's true key shows only when it gives the order's lock: :meth:`Payer.verify` tries it.

    Raises:
        MessageRefused: it is malformed, no such order stands on the chain, or it is not between its practice and payer.
        NoSuchClaim, HistoryIncomplete.
    """
    claim, order_number = _about(message)
    key = _key(message)
    history = read_history(network, claim, block=network.head().number)
    step = placing(order_number)
    written = history.find(step, order_number)
    if written is None:
        raise StepNotWritten(claim=claim, step=step_words(step), order=order_number)
    if written.party != message.sender:
        raise NotTheWriter(sender=message.sender, writer=written.party)
    if history.state.payer != message.recipient:
        raise NotTheClaimsPayer(claim=claim, payer=history.state.payer)
    return ActCodeKey(message.sender, claim, order_number, key, message.signed)


def _about(message: Message) -> tuple[str, int]:
    claim, order_number = message.body.get("claim"), message.body.get("order")
    try:
        claim = checked_id(claim if isinstance(claim, str) else "")
    except SceauError:
        raise MessageMalformed(kind=KIND, sender=message.sender, part="claim") from None
    if type(order_number) is not int or not 1 <= order_number <= LAST_ORDER:
        raise MessageMalformed(kind=KIND, sender=message.sender, part="order")
    return claim, order_number


def _key(message: Message) -> GroupKey:
    """The key attached, which must be the one whose hash the practice signed."""
    try:
        key = GroupKey.read(Group.ACT_CODES, message.attached.get("key"))
    except KeyMalformed:
        key = None
    if key is None or message.body.get("key") != hash_of(key):
        raise MessageMalformed(kind=KIND, sender=message.sender, part="key")
    return key
