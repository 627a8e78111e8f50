# SPDX-License-Identifier: Apache-2.0
"""What a party does with messages: it synchronises what it sends and fetches, and receives each message once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from sceau.chain.registries.errors import KeyOfNoParty
from sceau.disclosure import Disclosure
from sceau.documents.identifiers import checked_id, is_hash
from sceau.errors import InputError, MessageError, NodeError, SceauError
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.messages.envelope import EnvelopeText, Message
from sceau.messages.intended import Intention, intentions
from sceau.messages.kinds import Received
from sceau.messages.outgoing import queue
from sceau.messages.source import Source
from sceau.messages.stored import StoredMessage
from sceau.roles.errors import NotReceived, SignerMissing
from sceau.roles.following import FollowingParty
from sceau.roles.handle import Envelope
from sceau.roles.inbox import Inbox
from sceau.roles.posting import Post, Problem, SyncReport
from sceau.roles.reception import Reception
from sceau.roles.tasks import task_of
from sceau.settings.errors import SettingMissing
from sceau.store import Kind, LocalStore


class CorrespondingParty(FollowingParty):
    """A party that sends and receives messages; arguments as :class:`PartyBase`."""

    def sync(self, timeout: float = 60) -> SyncReport:
        """Writes what waits, sends and fetches messages, and follows the chain; the report says all.

        Safe to repeat, to kill, and off line. The outbox is sent first, for ``timeout`` seconds at most. A message
        leaves once what it is about stands on the chain, and again while its recipient did not confirm it. A party
        without an exchange sends and fetches none.

        Raises:
            StoreMissing, MailboxMissing, ExchangeMissing: the party lacks what it needs for it.
            StoreUnusable: nothing can be stored; nothing was lost.
        """
        # First what waits to be written: messages tell of it. What has ended meanwhile, notices tell of.
        writes = None if self._queue is None else self._queue.sync(timeout)
        problem = self._follow(timeout)
        if self._transport is None and writes is not None:
            report = writes
        else:
            report = self._sync_messages()
            if writes is not None:
                report = replace(
                    report,
                    written=writes.written,
                    queued=writes.queued,
                    offline=report.offline or writes.offline,
                    problems=(*writes.problems, *report.problems),
                )
        if problem is None or problem.code in [each.code for each in report.problems]:
            return report
        return replace(report, offline=True, problems=(*report.problems, problem))

    def _sync_messages(self) -> SyncReport:
        """Sends and fetches messages; first what was to be disclosed once its step is written."""
        problems = self._fulfil()
        report = Post(
            self._network, lambda: self.mailbox, self.store, lambda: self.transport, self._rebuild
        ).sync()
        waiting = report.waiting + sum(1 for each in self._intentions() if each.reason is None)
        return replace(report, waiting=waiting, problems=(*problems, *report.problems))

    def _intentions(self) -> list[Intention]:
        return intentions(self._store) if isinstance(self._store, LocalStore) and self._store.is_there else []

    def _follow(self, timeout: float) -> Problem | None:
        """Follows the chain into the store, where there is one; why that was not possible."""
        if not isinstance(self._store, LocalStore):
            return None
        try:
            self.follow(timeout)
        except (SettingMissing, SignerMissing, KeyOfNoParty):
            # A party that has no key yet, or no number, has no claims.
            return None
        except NodeError as error:
            return Problem(error.code, error)
        return None

    def inbox(self) -> Inbox:
        """The messages that :meth:`sync` received and nobody handled yet, to be iterated. Raises StoreMissing."""
        return Inbox(self.store, self.message, partial(task_of, self._network))

    #: Makes a disclosure anew, as policy and consent are now; ``None`` for a role that discloses nothing.
    _rebuild: Callable[[Disclosure], Disclosure] | None = None

    def _fulfil(self) -> Iterable[Problem]:
        """Makes what was wanted to be disclosed, of a role that discloses; says what stopped."""
        return ()

    def _posted(self, envelope: Envelope, *, step: str | None = None) -> Envelope:
        """An envelope, which is queued where the party has a transport; ``step`` as :func:`queue`."""
        if self._transport is not None and isinstance(envelope.text, EnvelopeText):
            with self.store.change():
                queue(self.store, envelope.text, step=step)
        return envelope

    def message(self, source: Source, kind: str | None = None) -> tuple[Message, Received]:
        """A message and what it says, checked against the chain where possible; an envelope does not count as received.

        Args:
            source: an envelope's text, or a stored message.
            kind: the kind expected, ``None`` for any.

        Raises:
            MessageError: it is foreign, altered, stale, received before, or does not fit the chain.
        """
        return Reception(self._network, lambda: self.mailbox).message(source, kind)

    def received(self, name: str, *kinds: str) -> StoredMessage:
        """A message that this party received: by its identifier in the inbox, or the newest about a claim.

        A disclosure of a claim counts only by the claim's practice: nobody else's hides it.

        Args:
            name: the message's identifier, or a claim's.
            kinds: the kinds wanted of a claim; any if none are given.

        Raises:
            NotReceived: there is none.
            MessageError: there are some, and none of them can be read now; it is the newest one's.
        """
        if not is_hash(name.lower()):
            stored = self.store.get(Kind.MESSAGE, name)
            if stored is None:
                raise NotReceived(name=name)
            return StoredMessage.from_json(stored)
        unread: SceauError | None = None
        for each in reversed(self.store.of_claim(Kind.MESSAGE, checked_id(name))):
            stored_message = StoredMessage.from_json(each)
            try:
                message, received = self.message(stored_message)
                if (not kinds or message.kind in kinds) and not self._is_of_another(received):
                    return stored_message
            except (MessageError, InputError) as error:
                unread = unread or error
        raise unread or NotReceived(name=name)

    def _is_of_another(self, received: Received) -> bool:
        """Whether a disclosure is by another party than the practice of its claim."""
        return isinstance(received, ReceivedDisclosure) and (
            received.disclosure.sender != self.history(received.claim).state.practice
        )

    def read(self, source: Source, kind: str | None = None) -> Received:
        """What a message says, as :meth:`message`."""
        return self.message(source, kind)[1]

    @contextmanager
    def reception(self) -> Iterator[Reception]:
        """Reads messages for one piece of work. They are stored, and count as received, when it ends without an error.

        Work that fails has received nothing: the envelopes can be opened again. All are entered, or none.

        Raises:
            EnvelopeReplayed: another process was first; raised at the end.
        """
        reception = Reception(self._network, lambda: self.mailbox)
        yield reception
        reception.end()

    @contextmanager
    def receiving(self, *sources: Source, kind: str | None = None) -> Iterator[tuple[Received, ...]]:
        """What messages of one kind say, for one piece of work, as :meth:`reception`; raises as :meth:`read` too."""
        with self.reception() as reception:
            yield tuple(reception.read(source, kind) for source in sources)

    def receive(self, source: Source, kind: str | None = None) -> Received:
        """What a message says, counted as received at once; raises as :meth:`receiving`."""
        with self.receiving(source, kind=kind) as (received,):
            return received
