# SPDX-License-Identifier: Apache-2.0
"""A party's mailbox: its message keys, its directory and its store, on one network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sceau.chain.network import Network
from sceau.claim.prepared import PreparedStep
from sceau.messages.envelope import Message, encrypt_envelope, open_envelope
from sceau.messages.given import enter
from sceau.messages.readers import require_named, subject_of
from sceau.messages.signed import namespace_of
from sceau.messages.stored import StoredMessage
from sceau.party.directory import Directory
from sceau.party.message_keys import MessageKeys, PublicKeys
from sceau.store import Arrived, Kind, Store
from sceau.store.errors import EnvelopeReplayed


class Mailbox:
    """Encrypts and opens a party's envelopes. Time is that of the chain's head; keys are checked against the chain.

    ``keys`` may be a function that unlocks them: they are asked for when an envelope is first made or opened.
    """

    def __init__(
        self,
        network: Network,
        party: int,
        keys: MessageKeys | Callable[[], MessageKeys],
        directory: Directory,
        store: Store,
    ) -> None:
        self.network = network
        self.party = party
        self.directory = directory.beside(lambda digest: store.get(Kind.DIRECTORY_ENTRY, digest))
        self.store = store
        self._keys = keys

    @property
    def keys(self) -> MessageKeys:
        """The party's own message keys."""
        if not isinstance(self._keys, MessageKeys):
            self._keys = self._keys()
        return self._keys

    def encrypt(
        self,
        kind: str,
        body: Mapping[str, Any],
        *,
        recipient: int,
        attached: Mapping[str, Any] | None = None,
        writing: PreparedStep | None = None,
    ) -> str:
        """An envelope for one party, which the message's claim must name for messages of this kind.

        ``writing`` is the step that is written together with the message, where the chain does not hold it yet. What
        the envelope shows is in the register of disclosures when it is returned (``sceau/messages/given.py``).

        Raises:
            ReaderNotNamed: the claim names another reader; nothing was made out to ``recipient``.
            MessageKindUnknown, SubjectUnclear: the message is of no known kind, or not about one claim.
            EnvelopeTooLong: the message is longer than any of its kind can be.
            NoSuchClaim, HistoryIncomplete, NotInDirectory, MessageKeysInvalid.
        """
        # The table of kinds imports the modules of the kinds, which import this one.
        from sceau.messages.kinds import kind_of

        row = kind_of(kind)
        subject = subject_of(body, attached or {}, writing)
        require_named(self.network, kind, row.readers, subject, recipient)
        head = self.network.head()
        envelope = encrypt_envelope(
            kind,
            body,
            namespace=namespace_of(self.network),
            sender=self.party,
            keys=self.keys,
            recipient=recipient,
            recipient_keys=self.directory.keys(self.network, recipient, block=head.number),
            now=head.timestamp,
            size=row.size,
            attached=attached,
        )
        enter(
            self.store,
            kind,
            body,
            attached or {},
            claim=subject.claim,
            recipient=recipient,
            now=head.timestamp,
        )
        return envelope

    def open(self, source: str | StoredMessage, kind: str | None = None) -> Message:
        """The message of an envelope, or one that is stored, with everything about it checked.

        An envelope is not counted as received before :meth:`receive`.

        Args:
            source: the envelope's text, or a stored message.
            kind: the kind expected, ``None`` for any.

        Raises:
            EnvelopeReplayed: it was received before.
            EnvelopeError: it is foreign, altered or stale.
            FileMalformed: a stored message was edited.
        """
        if isinstance(source, StoredMessage):
            message = source.read(self.network, self.directory, reader=self.party, kind=kind)
            return replace(message, opened_at=self._opened_at(message))
        head = self.network.head()
        message = open_envelope(
            source,
            kind=kind,
            namespace=namespace_of(self.network),
            reader=self.party,
            keys=self.keys,
            published=lambda party, time: self._published(party, time, head.number),
            now=head.timestamp,
        )
        if self.store.has_received(message.sender, message.id):
            raise EnvelopeReplayed(sender=message.sender)
        return message

    def _published(self, party: int, time: int, block: int) -> PublicKeys:
        """The keys that a party published when it signed, as far as it still publishes them.

        A key that was taken back opens nothing any more, and one that was added signs nothing from before: what counts
        here counts for an auditor as well.
        """
        now = self.directory.keys(self.network, party, block=block)
        return now.common(self.directory.keys_at(self.network, party, time, block=block))

    def _opened_at(self, message: Message) -> int:
        """When a stored message was first opened, as this party's own store has it; otherwise it is opened now.

        A file says what its bringer wrote into it: it could name any day, of a message that nobody ever opened.
        """
        stored = self.store.get(Kind.MESSAGE, f"{message.sender}:{message.id}")
        if stored is not None and stored.get("signed") == message.signed:
            opened_at = StoredMessage.from_json(stored).opened_at
            if opened_at is not None:
                return opened_at
        return self.network.head().timestamp

    def receive(self, messages: Iterable[Message], *, claim_of: Callable[[Message], str]) -> None:
        """Stores messages and counts them as received, all or none; with each, its sender's entry of that time.

        Raises :class:`EnvelopeReplayed`.
        """
        arrived = list(messages)
        for each in arrived:
            entry = self.directory.entry_at(self.network, each.sender, each.issued_at)
            self.store.put(Kind.DIRECTORY_ENTRY, entry.hash, entry.to_json())
        self.store.receive(
            Arrived(each.sender, each.id, StoredMessage.of(each).to_json(), claim_of(each))
            for each in arrived
        )
