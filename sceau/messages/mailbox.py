# SPDX-License-Identifier: Apache-2.0
"""A party's mailbox: its message keys, its directory and its store, on one network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sceau.chain.network import Network
from sceau.claim.prepared import PreparedStep
from sceau.messages.envelope import (
    Draft,
    EnvelopeText,
    Message,
    encrypt_envelope,
    open_envelope,
    read_received,
    read_signed,
    require_time,
)
from sceau.messages.errors import MessageMalformed
from sceau.messages.given import enter
from sceau.messages.postal import POSTAL_KINDS
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
    ) -> EnvelopeText:
        """An envelope for one party, which the message's claim must name for messages of this kind.

        ``writing`` is the step that is written together with the message, where the chain does not hold it yet. What
        the envelope shows is in the register of disclosures when it is returned (``sceau/messages/given.py``).

        Raises:
            ReaderNotNamed: the claim names another reader; nothing was made out to ``recipient``.
            MessageKindUnknown, SubjectUnclear: the message is of no known kind, or not about one claim.
            EnvelopeTooLong: the message is longer than any of its kind can be.
            NoSuchClaim, HistoryIncomplete, NotInDirectory, MessageKeysInvalid.
        """
        return self.encrypt_draft(Draft.of(kind, recipient, body, attached), writing=writing)

    def encrypt_draft(self, draft: Draft, *, writing: PreparedStep | None = None) -> EnvelopeText:
        """An envelope of a message, encrypted for the first time or anew; as :meth:`encrypt`.

        Its reader is checked against the claim again, and the newest keys of both parties are used.
        """
        # The table of kinds imports the modules of the kinds, which import this one.
        from sceau.messages.kinds import kind_of

        size, claim = POSTAL_KINDS.get(draft.kind), None
        if size is None:
            row = kind_of(draft.kind)
            subject = subject_of(draft.body, draft.attached, writing)
            require_named(self.network, draft.kind, row.readers, subject, draft.recipient)
            size, claim = row.size, subject.claim
        head = self.network.head()
        theirs = self.directory.keys(self.network, draft.recipient, block=head.number)
        text = EnvelopeText(
            encrypt_envelope(
                draft.kind,
                draft.body,
                namespace=namespace_of(self.network),
                sender=self.party,
                keys=self.keys,
                recipient=draft.recipient,
                recipient_keys=theirs,
                now=head.timestamp,
                size=size,
                attached=draft.attached,
                id=draft.id,
            )
        )
        if claim is not None:
            enter(
                self.store,
                draft.kind,
                draft.body,
                draft.attached,
                claim=claim,
                recipient=draft.recipient,
                now=head.timestamp,
            )
        text.draft, text.encrypted_at = draft, head.timestamp
        text.signing_key, text.encryption_key = self.key_names(draft.recipient)
        return text

    def key_names(self, recipient: int) -> tuple[str, str]:
        """The names of the keys by which an envelope for a party is signed and encrypted now; raises as encrypting."""
        theirs = self.directory.keys(self.network, recipient, block=self.network.head().number)
        return str(self.keys.signing.kid), str(theirs.encryption().kid)

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
        message = self.opened(source, kind)
        if self.store.has_received(message.sender, message.id):
            raise EnvelopeReplayed(sender=message.sender)
        return message

    def opened(self, envelope: str, kind: str | None = None) -> Message:
        """The message of an envelope, received before or not; as :meth:`open`.

        One that no envelope of its kind could hold is malformed: its reader may have to show it in turn, in an envelope
        that has one length too.
        """
        head = self.network.head()
        message = open_envelope(
            envelope,
            kind=kind,
            namespace=namespace_of(self.network),
            reader=self.party,
            keys=self.keys,
            published=lambda party, time: self._published(party, time, head.number),
            now=head.timestamp,
        )
        limit = _size_of(message.kind)
        if limit is not None and len(message.signed) + len(message.attached_text.encode()) > limit:
            raise MessageMalformed(kind=message.kind, sender=message.sender, part="length")
        return message

    def signed(self, signed: str, claim: str) -> Message:
        """What a party signed about a claim, of which no more than the signature is at hand.

        A message that this party received was checked when its envelope was opened. Any other must open now as its
        envelope would: by keys that its sender still publishes, and not dated to another time.

        Raises :class:`EnvelopeError`, :class:`NotInDirectory`, :class:`MessageKeysInvalid`, :class:`PartyUnknown`.
        """
        namespace = namespace_of(self.network)
        if any(each.get("signed") == signed for each in self.store.of_claim(Kind.MESSAGE, claim)):
            return read_received(signed, namespace=namespace)
        head = self.network.head()
        message = read_signed(
            signed,
            namespace=namespace,
            published=lambda party, time: self._published(party, time, head.number),
        )
        require_time(message, head.timestamp)
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
        self.reception([(message, claim_of(message)) for message in arrived])()

    def reception(self, messages: Iterable[tuple[Message, str]]) -> Callable[[], None]:
        """What :meth:`receive` does, as a function that asks no node: for a change of the store with more in it.

        ``messages`` are given with the claim of each.
        """
        arrived = list(messages)
        entries = [self.directory.entry_at(self.network, each.sender, each.issued_at) for each, _ in arrived]

        def receive() -> None:
            for entry in entries:
                self.store.put(Kind.DIRECTORY_ENTRY, entry.hash, entry.to_json())
            self.store.receive(
                Arrived(each.sender, each.id, StoredMessage.of(each).to_json(), claim)
                for each, claim in arrived
            )

        return receive


def _size_of(kind: str) -> int | None:
    """The one length of a kind's envelopes, ``None`` for a kind that is not known."""
    # The table of kinds imports the modules of the kinds, which import this one.
    from sceau.messages.kinds import KINDS

    row = KINDS.get(kind)
    return POSTAL_KINDS.get(kind) if row is None else row.size
