# SPDX-License-Identifier: Apache-2.0
"""A disclosure in its signed envelope, made out to the payer it names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sceau.chain.network import Network
from sceau.chain.times import utc_text
from sceau.claim.steps import row_of_code
from sceau.disclosure import Disclosure
from sceau.errors import SceauError
from sceau.messages.envelope import CLOCK_SECONDS, Message
from sceau.messages.errors import DisclosureOfAnotherTime, MessageMalformed
from sceau.messages.mailbox import Mailbox
from sceau.terms import Step

KIND = "disclosure"


def disclosure_envelope(mailbox: Mailbox, disclosure: Disclosure) -> str:
    """The envelope of a disclosure, to the party it names, at the time at which it was made.

    Raises:
        DisclosureOfAnotherTime: it was made longer ago than two clocks may be apart: its reader would refuse it.
        and as :meth:`Mailbox.encrypt`.
    """
    if not of_one_time(disclosure.made_at, mailbox.network.head().timestamp):
        raise DisclosureOfAnotherTime(at=utc_text(int(disclosure.made_at.timestamp())), limit=CLOCK_SECONDS)
    return mailbox.encrypt(
        KIND, {"id": disclosure.id}, recipient=disclosure.recipient, attached=disclosure.to_json()
    )


@dataclass(frozen=True)
class Sent:
    """When an envelope was signed, by its sender's word, and when its reader first opened it: chain times in seconds.

    ``opened_at`` is ``None`` where the reader does not know it: it counts as opened when it is judged.
    """

    issued_at: int
    opened_at: int | None


@dataclass(frozen=True, repr=False)
class ReceivedDisclosure:
    """A disclosure as its sender signed it (``signed``, a JWS)."""

    disclosure: Disclosure
    signed: str
    sent: Sent

    @property
    def claim(self) -> str:
        """The claim that it is about; empty where it names none."""
        return self.disclosure.scope.claim or ""

    @property
    def step(self) -> Step | None:
        """Which step's record it shows; ``None`` where it names none that there is."""
        row = row_of_code(self.disclosure.scope.step)
        return row.step if row else None

    def __repr__(self) -> str:
        return f"ReceivedDisclosure({self.disclosure!r})"


def of_one_time(made_at: datetime, issued_at: int) -> bool:
    """Whether a disclosure was made when its envelope was signed (seconds since 1970)."""
    return abs(int(made_at.timestamp()) - issued_at) <= CLOCK_SECONDS


def disclosure_of(network: Network, message: Message) -> ReceivedDisclosure:
    """The disclosure that a message holds, by the party that signed it and made out to the reader.

    Nothing in it is proved before :meth:`Payer.verify`. Raises :class:`MessageMalformed`.
    """
    del network
    try:
        disclosure = Disclosure.from_json(message.attached)
    except SceauError:
        raise MessageMalformed(kind=KIND, sender=message.sender, part="attached") from None
    if disclosure.sender != message.sender or disclosure.recipient != message.recipient:
        raise MessageMalformed(kind=KIND, sender=message.sender, part="sender")
    if message.body.get("id") != disclosure.id:
        raise MessageMalformed(kind=KIND, sender=message.sender, part="id")
    return ReceivedDisclosure(disclosure, message.signed, Sent(message.issued_at, message.opened_at))
