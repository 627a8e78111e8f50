# SPDX-License-Identifier: Apache-2.0
"""Sending what waits and receiving what arrived: safe to repeat, to kill, and to run in two processes at once.

A message is stored in one change with its receipt, and taken away afterwards: one that is fetched twice is stored once,
and answered by the same receipt. One bad message stops no other; it stays where it is and is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from sceau.chain.network import Network
from sceau.chain.registries.errors import NoSuchClaim
from sceau.chain.times import utc_text
from sceau.claim.history import read_history
from sceau.disclosure import Disclosure
from sceau.disclosure.errors import DisclosureError
from sceau.errors import Language, NodeError, SceauError, Sentence, StoreError
from sceau.messages import disclosure, outgoing
from sceau.messages.envelope import Draft, EnvelopeText, Message
from sceau.messages.errors import (
    AskedTooOften,
    EnvelopeStale,
    ExchangeUnusable,
    LetterOfAnother,
    MessageBroken,
    NothingToRebuild,
    ReceiptOfNothing,
)
from sceau.messages.given import note_left
from sceau.messages.kinds import read_message
from sceau.messages.mailbox import Mailbox
from sceau.messages.outgoing import Delivery, Outgoing
from sceau.messages.postal import RECEIPT, RESEND, receipt_draft, receipt_of, resend_draft, resend_of
from sceau.messages.transport import Letter, Transport
from sceau.policy.errors import NoPolicyInForce, PathNotAllowed
from sceau.store import RESTORED, Kind, Store
from sceau.store.errors import EnvelopeReplayed

#: So many messages of one sender are received at once: the others stay, and are told of.
MOST_MESSAGES = 500

#: A party that lost its store is sent its messages again once in so many seconds.
AGAIN_AFTER = 3_600

#: Why a disclosure cannot be built anew, and will not be.
_NEVER_AGAIN = (DisclosureError, NoPolicyInForce, PathNotAllowed, NothingToRebuild)

#: What a text by somebody else can raise where nothing foresaw it: it must stop no other message.
_UNFORESEEN = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


@dataclass(frozen=True)
class Problem:
    """Something that did not succeed, ``count`` times in one way: the first of them is reported.

    ``party`` is the other party, ``None`` where it is about none; ``place`` is the name of a file, or empty.
    """

    code: str
    sentence: Sentence | SceauError
    party: int | None = None
    place: str = ""
    count: int = 1

    def text(self, language: Language = "en") -> str:
        """The sentence in a language."""
        told = self.sentence
        return told.message(language) if isinstance(told, SceauError) else told.text(language)


@dataclass(frozen=True)
class SyncReport:
    """What :meth:`CorrespondingParty.sync` did.

    ``written`` entries of the outbox stand on the chain now, ``queued`` wait for it or stopped. ``sent`` messages were
    left for their recipients, ``received`` are new and wait in the inbox. ``waiting`` are on their way: not written on
    the chain yet, not left, or not confirmed by their recipient. ``offline`` says that no node answered, so that
    nothing was opened or sent.
    """

    written: int = 0
    queued: int = 0

    sent: int = 0
    received: int = 0
    waiting: int = 0
    offline: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass
class _Progress:
    """A report that is being written; what is reported again and again is reported once."""

    sent: int = 0
    received: int = 0
    waiting: int = 0
    offline: bool = False
    problems: dict[tuple[object, ...], Problem] = field(default_factory=dict)

    def tell(self, problem: Problem) -> None:
        key = (problem.code, problem.party)
        before = self.problems.get(key)
        self.problems[key] = problem if before is None else replace(before, count=before.count + 1)

    def report(self) -> SyncReport:
        return SyncReport(
            sent=self.sent,
            received=self.received,
            waiting=self.waiting,
            offline=self.offline,
            problems=tuple(self.problems.values()),
        )


class Post:
    """Sends and fetches a party's messages.

    ``rebuild`` makes a disclosure anew, under policy and consent as they are now. ``most`` is the number of messages
    that one sender's folder may bring at once.
    """

    def __init__(
        self,
        network: Network,
        mailbox: Callable[[], Mailbox],
        store: Store,
        transport: Callable[[], Transport],
        rebuild: Callable[[Disclosure], Disclosure] | None = None,
        most: int = MOST_MESSAGES,
    ) -> None:
        self._network = network
        self._mailbox = mailbox
        self._store = store
        self._transport = transport
        self._rebuild = rebuild
        self._most = most
        self._progress = _Progress()

    def sync(self) -> SyncReport:
        """Receives what arrived, then sends what is due; a bad message or a silent node raises no error.

        Raises:
            StoreUnusable: nothing can be stored, and nothing was lost.
            SceauError: the party's own keys, directory or number cannot be used.
        """
        self._progress = progress = _Progress()
        try:
            self._now()
            mailbox, transport = self._mailbox(), self._transport()
            _ = mailbox.keys
            self._ask_again(transport)
            self._fetch(mailbox, transport)
            self._send(mailbox, transport)
        except ExchangeUnusable as error:
            progress.tell(Problem(error.code, error))
        except NodeError as error:
            progress.offline = True
            progress.tell(Problem(error.code, error))
        progress.waiting = sum(1 for each in outgoing.deliveries(self._store) if not each.final)
        return progress.report()

    # What came

    def _fetch(self, mailbox: Mailbox, transport: Transport) -> None:
        received: dict[int, int] = {}
        for letter in self._in_turn([transport.arrived(party) for party in transport.partners()]):
            if received.get(letter.sender, 0) >= self._most:
                told = Sentence("posting.more-waiting", sender=letter.sender, limit=self._most)
                self._progress.tell(Problem(told.code, told, letter.sender))
                continue
            if letter.text is None:
                if letter.why is not None:
                    self._tell(letter, letter.why)
                continue
            if self._is_done(mailbox, letter, letter.text):
                received[letter.sender] = received.get(letter.sender, 0) + 1
                try:
                    transport.remove(letter)
                except ExchangeUnusable as error:
                    self._tell(letter, error)

    def _is_done(self, mailbox: Mailbox, letter: Letter, text: str) -> bool:
        """Whether a file needs nothing more; what is wrong with it is reported. Raises where no node answers."""
        try:
            self._take(mailbox, letter, text)
        except EnvelopeReplayed:
            # Another process was first.
            return True
        except StoreError:
            raise
        except EnvelopeStale as error:
            self._tell(letter, error)
            # It opens for nobody any more: its sender makes it anew while no receipt came.
            return error.is_over
        except SceauError as error:
            self._tell(letter, error)
            if isinstance(error, NodeError):
                # Away, or only unable to show this one claim?
                self._now()
            return isinstance(error, ReceiptOfNothing)
        except _UNFORESEEN:
            self._tell(letter, MessageBroken(sender=letter.sender))
            return False
        return True

    def _in_turn(self, sources: list[Iterator[Letter]]) -> Iterator[Letter]:
        """One letter of each partner in turn, so that none waits for another's flood."""
        while sources:
            left = []
            for source in sources:
                try:
                    letter = next(source, None)
                except ExchangeUnusable as error:
                    self._progress.tell(Problem(error.code, error))
                    continue
                if letter is not None:
                    yield letter
                    left.append(source)
            sources = left

    def _take(self, mailbox: Mailbox, letter: Letter, text: str) -> None:
        """Takes in one message; raises why it cannot be."""
        message = mailbox.opened(text)
        if message.sender != letter.sender:
            raise LetterOfAnother(sender=message.sender, party=letter.sender)
        if message.kind == RECEIPT:
            self._confirm(message)
        elif self._store.has_received(message.sender, message.id):
            now = self._now()
            with self._store.change():
                outgoing.queue_receipt(self._store, receipt_draft(message, now), message, now)
        elif message.kind == RESEND:
            self._send_again(mailbox, message)
        else:
            received = read_message(self._network, message)
            self._receive(mailbox, message, received.claim)
            self._progress.received += 1

    def _receive(self, mailbox: Mailbox, message: Message, claim: str) -> None:
        """Stores a message, that it waits to be handled, and its receipt: all or nothing."""
        receive = mailbox.reception([(message, claim)])
        now = self._now()
        with self._store.change():
            receive()
            if message.kind != RESEND:
                key = f"{message.sender}:{message.id}"
                self._store.put(Kind.UNHANDLED, key, {}, claim=claim)
            outgoing.queue_receipt(self._store, receipt_draft(message, now), message, now)

    def _confirm(self, message: Message) -> None:
        """A recipient's word: nobody answers it."""
        delivery = outgoing.confirm(self._store, receipt_of(message))
        if delivery is not None and delivery.last_name is not None:
            # It was received, and may lie there still where the two folders are brought into line one way only.
            self._transport().take_back(delivery.recipient, delivery.last_name)

    # What was lost

    def _ask_again(self, transport: Transport) -> None:
        """After a backup was restored, asks each partner for what it sent since."""
        if self._store.get(Kind.RESTORED, RESTORED) is None:
            return
        since = 0
        for _, stored in self._store.of_kind(Kind.MESSAGE):
            since = max(since, stored.get("opened_at") or 0)
        partners = transport.partners()
        with self._store.change():
            for party in partners:
                outgoing.queue(self._store, resend_draft(party, since), about=f"again:{party}:{self._now()}")
            self._store.discard(Kind.RESTORED, RESTORED)

    def _send_again(self, mailbox: Mailbox, message: Message) -> None:
        """Lets all messages leave again that were made out to a party, and that it confirmed since a time.

        Raises :class:`AskedTooOften`: the request stays where it is, and is answered later.
        """
        since, now, party = resend_of(message), self._now(), message.sender
        last = self._store.get(Kind.SENT_AGAIN, str(party))
        if last is not None and now < last["at"] + AGAIN_AFTER:
            raise AskedTooOften(sender=party, at=utc_text(last["at"] + AGAIN_AFTER))
        ids = list(outgoing.confirmed_since(self._store, party, since))
        receive = mailbox.reception([(message, "")])
        with self._store.change():
            receive()
            self._store.put(Kind.SENT_AGAIN, str(party), {"at": now})
            outgoing.queue_receipt(self._store, receipt_draft(message, now), message, now)
            for id_ in ids:
                outgoing.leave_again(self._store, id_)

    # What leaves

    def _send(self, mailbox: Mailbox, transport: Transport) -> None:
        now = self._now()
        for delivery in outgoing.deliveries(self._store):
            if delivery.is_unanswered(now):
                told = Sentence(
                    "posting.unanswered",
                    recipient=delivery.recipient,
                    since=utc_text(delivery.first_left_at or 0),
                )
                self._progress.tell(Problem(told.code, told, delivery.recipient))
            if not delivery.is_due(now):
                continue
            try:
                self._leave(mailbox, transport, delivery, now)
            except NodeError as error:
                self._tell_of(delivery, error)
                self._now()
            except _NEVER_AGAIN as error:
                # A disclosure that may not be made any more: it ends, and says why.
                outgoing.end(self._store, delivery, error.code)
                if delivery.last_name is not None:
                    transport.take_back(delivery.recipient, delivery.last_name)
                self._tell_of(delivery, error)
            except StoreError:
                raise
            except SceauError as error:
                self._tell_of(delivery, error)

    def _leave(self, mailbox: Mailbox, transport: Transport, delivery: Delivery, now: int) -> None:
        if delivery.step is not None and not self._stands(delivery.claim, delivery.step):
            if self._store.get(Kind.STEP, delivery.step) is None:
                outgoing.unqueue(self._store, delivery.step)
            return
        stored = self._store.get(Kind.OUTGOING, delivery.id)
        if stored is None:
            self._store.discard(Kind.DELIVERY, delivery.id)
            return
        message = Outgoing.from_json(stored)
        fresh = message.is_fresh(now, mailbox.key_names(delivery.recipient))
        if not fresh:
            message = message.encrypted(self._encrypted(mailbox, message.draft))
            outgoing.put_outgoing(self._store, message)
        last = delivery.last_name
        if not (fresh and last is not None and transport.is_waiting(delivery.recipient, last)):
            transport.leave(delivery.recipient, delivery.name, message.text or "")
            self._progress.sent += not delivery.final
            if last is not None:
                transport.take_back(delivery.recipient, last)
            with self._store.change():
                outgoing.was_left(self._store, delivery, now)
                note_left(self._store, message.draft, delivery.claim, now)
        else:
            # It lies there unfetched: another copy beside it would only show that there are two.
            outgoing.still_lies(self._store, delivery, now)

    def _encrypted(self, mailbox: Mailbox, draft: Draft) -> EnvelopeText:
        """A message's envelope, anew; a disclosure is built anew, too, as its reader takes none of another time."""
        if draft.kind != disclosure.KIND:
            return mailbox.encrypt_draft(draft)
        if self._rebuild is None:
            raise NothingToRebuild
        built = self._rebuild(Disclosure.from_json(draft.attached))
        return mailbox.encrypt_draft(replace(draft, body={"id": built.id}, attached=built.to_json()))

    def _stands(self, claim: str, commitment: str) -> bool:
        """Whether a step stands on the chain."""
        try:
            history = read_history(self._network, claim, block=self._network.head().number)
        except NoSuchClaim:
            return False
        return any(step.commitment == commitment for step in history.steps)

    def _now(self) -> int:
        """The chain's time. Raises NodeError."""
        return self._network.head().timestamp

    def _tell(self, letter: Letter, why: Sentence | SceauError) -> None:
        self._progress.tell(Problem(why.code, why, letter.sender, letter.shown))

    def _tell_of(self, delivery: Delivery, error: SceauError) -> None:
        self._progress.tell(Problem(error.code, error, delivery.recipient))
