# SPDX-License-Identifier: Apache-2.0
"""Messages read for one piece of work: they count as received when that work is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sceau.chain.network import Network
from sceau.disclosure import Disclosure
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.messages.envelope import Message
from sceau.messages.kinds import KIND_OF, Received, read_message
from sceau.messages.mailbox import Mailbox
from sceau.messages.source import Source
from sceau.messages.stored import StoredMessage

R = TypeVar("R", bound=Received)


class Reception:
    """What :meth:`CorrespondingParty.reception` gives: reads messages, and remembers which envelopes were opened."""

    def __init__(self, network: Network, mailbox: Callable[[], Mailbox]) -> None:
        self._network = network
        self._mailbox = mailbox
        self._opened: list[tuple[Message, str]] = []

    def message(self, source: Source, kind: str | None = None) -> tuple[Message, Received]:
        """A message and what it says, checked against the chain; raises as :meth:`CorrespondingParty.read`."""
        message = self._mailbox().open(source, kind)
        received = read_message(self._network, message)
        if not isinstance(source, StoredMessage):
            self._opened.append((message, received.claim))
        return message, received

    def read(self, source: Source, kind: str | None = None) -> Received:
        """What a message says, as :meth:`message`."""
        return self.message(source, kind)[1]

    def disclosure(self, source: Source | Disclosure) -> ReceivedDisclosure | Disclosure:
        """A disclosure from its envelope, from a stored message, or as a bare file gives it."""
        if isinstance(source, Disclosure):
            return source
        return self.take(source, ReceivedDisclosure)

    def take(self, source: Source, wanted: type[R]) -> R:
        """What a message of the wanted class says; raises as :meth:`message`."""
        received = self.read(source, KIND_OF[wanted])
        if not isinstance(received, wanted):
            raise TypeError(f"a message of this kind is read as {wanted.__name__}")
        return received

    def end(self) -> None:
        """Stores the messages of the envelopes that were opened, and counts them as received: all or none.

        Raises :class:`EnvelopeReplayed` if another process was first.
        """
        if self._opened:
            claims = {(message.sender, message.id): claim for message, claim in self._opened}
            self._mailbox().receive(
                [message for message, _ in self._opened],
                claim_of=lambda message: claims[message.sender, message.id],
            )
