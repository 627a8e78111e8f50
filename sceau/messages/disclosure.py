# SPDX-License-Identifier: Apache-2.0
"""A disclosure in its signed envelope, made out to the payer it names."""

from __future__ import annotations

from sceau.disclosure import Disclosure
from sceau.errors import SceauError
from sceau.messages.envelope import Message
from sceau.messages.errors import MessageMalformed
from sceau.messages.mailbox import Mailbox

KIND = "disclosure"


def disclosure_envelope(post: Mailbox, disclosure: Disclosure) -> str:
    """The envelope of a disclosure, to the party it names."""
    return post.seal(
        KIND, {"id": disclosure.id}, recipient=disclosure.recipient, attached=disclosure.to_json()
    )


def receive_disclosure(post: Mailbox, envelope: str) -> Disclosure:
    """The disclosure of an envelope, by the party that signed it and made out to the reader.

    Nothing in it is proved before :meth:`Payer.verify`.

    Raises:
        EnvelopeError: the envelope is foreign, altered, replayed or stale.
        MessageMalformed: it holds no disclosure, or one from or to another party.
    """
    return disclosure_of(post.open(KIND, envelope))


def disclosure_of(message: Message) -> Disclosure:
    """The disclosure that a message holds. Raises :class:`MessageMalformed`."""
    try:
        disclosure = Disclosure.from_json(message.attached)
    except SceauError:
        raise MessageMalformed(kind=KIND, sender=message.sender, part="attached") from None
    if disclosure.sender != message.sender or disclosure.recipient != message.recipient:
        raise MessageMalformed(kind=KIND, sender=message.sender, part="sender")
    if message.body.get("id") != disclosure.id:
        raise MessageMalformed(kind=KIND, sender=message.sender, part="id")
    return disclosure
