# SPDX-License-Identifier: Apache-2.0
"""What parties' software says about messages: that one was received, and that those since a time are wanted again.

They are about no claim, and any party may say them to any other. Nobody answers a receipt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sceau.messages.envelope import KIB_8, Draft, Message
from sceau.messages.errors import MessageMalformed

RECEIPT = "message-receipt"
RESEND = "resend-request"

#: The kinds of this module, with the length of what is encrypted of each, in bytes.
POSTAL_KINDS: Final[Mapping[str, int]] = MappingProxyType({RECEIPT: KIB_8, RESEND: KIB_8})

_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
#: The year 9999: no calendar writes a later time.
_LAST_TIME = 253_402_300_799


@dataclass(frozen=True)
class Receipt:
    """A recipient's word that it received one message: its ``id``, and the SHA-256 of what it says.

    ``received_at`` is the chain's time, in seconds; ``signed`` the recipient's word, a JWS.
    """

    recipient: int
    id: str
    content: str
    received_at: int
    signed: str


def receipt_draft(message: Message, received_at: int) -> Draft:
    """The receipt of a message, for its sender."""
    body = {"message": message.id, "content": message.content, "received_at": received_at}
    return Draft.of(RECEIPT, message.sender, body)


def receipt_of(message: Message) -> Receipt:
    """The receipt in a message: of one message, and no more. Raises :class:`MessageMalformed`."""
    body = message.body
    id_, content = body.get("message"), body.get("content")
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        raise MessageMalformed(kind=RECEIPT, sender=message.sender, part="message")
    if not isinstance(content, str) or not _SHA256.fullmatch(content):
        raise MessageMalformed(kind=RECEIPT, sender=message.sender, part="content")
    return Receipt(message.sender, id_, content, _time(message, "received_at"), message.signed)


def resend_draft(party: int, since: int) -> Draft:
    """Asks a party for what it sent and this party confirmed since a time: its store may have lost it."""
    return Draft.of(RESEND, party, {"since": since})


def resend_of(message: Message) -> int:
    """Since when a party wants to be sent again what was made out to it. Raises :class:`MessageMalformed`."""
    return _time(message, "since")


def _time(message: Message, part: str) -> int:
    time = message.body.get(part)
    if type(time) is not int or not 0 <= time <= _LAST_TIME:
        raise MessageMalformed(kind=message.kind, sender=message.sender, part=part)
    return time
