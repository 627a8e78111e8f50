# SPDX-License-Identifier: Apache-2.0
"""The kinds of messages: for each, how it is read, who may read it, and the one length of its envelopes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sceau.chain.network import Network
from sceau.chain.registries.errors import NoSuchClaim
from sceau.claim.known import remember_time
from sceau.messages import (
    act_codes,
    deletion,
    disclosure,
    evidence,
    information,
    justification,
    order,
    payment,
    ruling,
    step,
    told_mark,
)
from sceau.messages.act_codes import ActCodeKey
from sceau.messages.deletion import DeletionAnswer, DeletionNotice
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.messages.envelope import KIB_8, KIB_16, KIB_32, KIB_64, Message
from sceau.messages.errors import MessageKindUnknown, SubjectUnclear
from sceau.messages.evidence import EvidenceReceipt, EvidenceRequest, SignedOpening
from sceau.messages.information import InformationAnswer, InformationRequest
from sceau.messages.justification import Justification
from sceau.messages.order import OrderAnswer, ReceivedOrder
from sceau.messages.payment import PaymentNotice
from sceau.messages.readers import (
    AUDITOR,
    PAYER,
    PRACTICE,
    SUPPLIER,
    SUPPLIERS,
    Reader,
    require_for_me,
    subject_of,
)
from sceau.messages.ruling import AuditRuling
from sceau.messages.step import ReceivedStep
from sceau.messages.told_mark import ToldMark

#: What a message is once it was read; each has ``claim``.
Received = (
    ReceivedOrder
    | OrderAnswer
    | ReceivedStep
    | ReceivedDisclosure
    | Justification
    | AuditRuling
    | ActCodeKey
    | ToldMark
    | PaymentNotice
    | EvidenceRequest
    | EvidenceReceipt
    | SignedOpening
    | DeletionNotice
    | DeletionAnswer
    | InformationRequest
    | InformationAnswer
)


@dataclass(frozen=True)
class MessageKind:
    """A kind of message.

    ``read`` checks a message against the chain as far as it can. ``readers`` are all who may read one: it is made
    out to nobody else. ``size`` is the length of the plaintext, in bytes; the largest message of the kind fits it.
    """

    name: str
    read: Callable[[Network, Message], Received]
    readers: tuple[Reader, ...]
    size: int


# Whoever was given something of a claim, or gave it.
_ANYBODY = (PRACTICE, PAYER, SUPPLIERS, AUDITOR)

KINDS: Final[Mapping[str, MessageKind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            MessageKind(order.ORDER, order.order_of, (SUPPLIER,), KIB_8),
            MessageKind(order.ANSWER, order.answer_of, (PRACTICE,), KIB_8),
            MessageKind(step.KIND, step.step_of, (PRACTICE,), KIB_16),
            MessageKind(disclosure.KIND, disclosure.disclosure_of, (PAYER,), KIB_32),
            MessageKind(justification.KIND, justification.justification_of, (PAYER,), KIB_8),
            MessageKind(ruling.KIND, ruling.ruling_of, (PAYER,), KIB_8),
            MessageKind(act_codes.KIND, act_codes.act_code_key_of, (PAYER,), KIB_8),
            MessageKind(told_mark.KIND, told_mark.told_mark_of, (PAYER,), KIB_8),
            MessageKind(payment.KIND, payment.payment_of, (PRACTICE,), KIB_8),
            MessageKind(evidence.REQUEST, evidence.request_of, (PRACTICE, SUPPLIERS), KIB_8),
            MessageKind(evidence.RECEIPT, evidence.receipt_of, (AUDITOR,), KIB_8),
            MessageKind(evidence.OPENING, evidence.opening_of, (AUDITOR,), KIB_64),
            MessageKind(deletion.NOTICE, deletion.notice_of, _ANYBODY, KIB_8),
            MessageKind(deletion.ANSWER, deletion.answer_of, _ANYBODY, KIB_8),
            MessageKind(information.REQUEST, information.request_of, (PRACTICE,), KIB_8),
            MessageKind(information.ANSWER, information.answer_of, (PAYER,), KIB_8),
        )
    }
)

#: The kind of the messages that are read as a class.
KIND_OF: Final[Mapping[type, str]] = MappingProxyType(
    {
        ReceivedOrder: order.ORDER,
        OrderAnswer: order.ANSWER,
        ReceivedStep: step.KIND,
        ReceivedDisclosure: disclosure.KIND,
        Justification: justification.KIND,
        AuditRuling: ruling.KIND,
        ActCodeKey: act_codes.KIND,
        ToldMark: told_mark.KIND,
        PaymentNotice: payment.KIND,
        EvidenceRequest: evidence.REQUEST,
        EvidenceReceipt: evidence.RECEIPT,
        SignedOpening: evidence.OPENING,
        DeletionNotice: deletion.NOTICE,
        DeletionAnswer: deletion.ANSWER,
        InformationRequest: information.REQUEST,
        InformationAnswer: information.ANSWER,
    }
)


def kind_of(name: str) -> MessageKind:
    """The kind of this name. Raises :class:`MessageKindUnknown`."""
    try:
        return KINDS[name]
    except KeyError:
        raise MessageKindUnknown from None


def read_message(network: Network, message: Message) -> Received:
    """What a message says.

    Raises:
        MessageRefused: it does not fit the chain: nothing may be done on the strength of it.
        NotTheReader: the claim does not name its recipient for messages of this kind.
        MessageKindUnknown: this version does not know its kind.
    """
    kind = kind_of(message.kind)
    with suppress(SubjectUnclear):
        remember_time(network, subject_of(message.body, message.attached).claim, message.issued_at)
    received = kind.read(network, message)
    # Of a claim that the chain does not hold the kind's own reader and the verification speak.
    with suppress(NoSuchClaim):
        subject = subject_of(message.body, message.attached)
        require_for_me(network, kind.name, kind.readers, subject, message.recipient)
    return received
