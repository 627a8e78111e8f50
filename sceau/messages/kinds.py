# SPDX-License-Identifier: Apache-2.0
"""The kinds of messages: for each, its reader, and the roles that it is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sceau.chain.network import Network
from sceau.messages import act_codes, disclosure, justification, order, ruling, step
from sceau.messages.act_codes import ActCodeKey
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.messages.envelope import Message
from sceau.messages.errors import MessageKindUnknown
from sceau.messages.justification import Justification
from sceau.messages.order import OrderAnswer, ReceivedOrder
from sceau.messages.ruling import AuditRuling
from sceau.messages.step import ReceivedStep
from sceau.terms import Role

#: What a message is once it was read; each has ``claim``.
Received = (
    ReceivedOrder | OrderAnswer | ReceivedStep | ReceivedDisclosure | Justification | AuditRuling | ActCodeKey
)


@dataclass(frozen=True)
class MessageKind:
    """A kind of message: its reader holds it against the chain as far as it can; ``role`` is that of its recipient."""

    name: str
    read: Callable[[Network, Message], Received]
    role: Role


KINDS: Final[Mapping[str, MessageKind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            MessageKind(order.ORDER, order.order_of, Role.SUPPLIER),
            MessageKind(order.ANSWER, order.answer_of, Role.PRACTICE),
            MessageKind(step.KIND, step.step_of, Role.PRACTICE),
            MessageKind(disclosure.KIND, disclosure.disclosure_of, Role.PAYER),
            MessageKind(justification.KIND, justification.justification_of, Role.PAYER),
            MessageKind(ruling.KIND, ruling.ruling_of, Role.PAYER),
            MessageKind(act_codes.KIND, act_codes.act_code_key_of, Role.PAYER),
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
    }
)


def read_message(network: Network, message: Message) -> Received:
    """What a message says.

    Raises:
        MessageRefused: it does not fit the chain: nothing may be done on the strength of it.
        MessageKindUnknown: this version does not know its kind.
    """
    kind = KINDS.get(message.kind)
    if kind is None:
        raise MessageKindUnknown
    return kind.read(network, message)
