# SPDX-License-Identifier: Apache-2.0
"""What practice, supplier and payer have in common: steps stored before they are sent, and messages received once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from sceau.audit.errors import OfNoStep
from sceau.audit.evidence import Evidence
from sceau.audit.gather import EvidenceBuilder
from sceau.audit.step_document import StepDocument
from sceau.chain.network import Network
from sceau.chain.registries.claims import read_claim
from sceau.chain.registries.parties import party_number
from sceau.chain.signer import Signer
from sceau.claim.history import History, read_history
from sceau.claim.prepared import PreparedStep
from sceau.claim.steps import STEPS
from sceau.disclosure import Disclosure
from sceau.documents.identifiers import checked_id
from sceau.errors import MessageError, NodeError, SceauError, StoreError
from sceau.messages.deletion import ANSWER, NOTICE, DeletionAnswer, DeletionNotice
from sceau.messages.envelope import EnvelopeText, Message
from sceau.messages.errors import ExchangeMissing
from sceau.messages.evidence import EvidenceRequest, receipt_envelope
from sceau.messages.given import Register, read_register
from sceau.messages.kinds import Received
from sceau.messages.mailbox import Mailbox
from sceau.messages.order import order_envelope
from sceau.messages.outgoing import queue
from sceau.messages.source import Source
from sceau.messages.step import step_envelope
from sceau.messages.stored import StoredMessage
from sceau.messages.transport import Transport
from sceau.record import Scope, SealedRecord, Value, load_profile, seal
from sceau.record.errors import DisclosureRefused
from sceau.retention import Periods
from sceau.roles.answering import answers
from sceau.roles.entries import StepEntries
from sceau.roles.erasing import Erasure, Wanted, erase, own
from sceau.roles.errors import (
    DecisionNotStored,
    MailboxMissing,
    NotAsked,
    ProfileOfAnotherStep,
    RecordNotShared,
    SignerMissing,
    StoreMissing,
)
from sceau.roles.handle import Envelope, Handle
from sceau.roles.inbox import Inbox
from sceau.roles.named import Assumed, assume_role, require_role
from sceau.roles.notifying import Notice, enter_answer, notices_due, obey
from sceau.roles.opening import Opening
from sceau.roles.posting import Post, SyncReport
from sceau.roles.queue import STEP, Knower, WriteQueue
from sceau.roles.reception import Reception
from sceau.roles.step_writer import OnceOnly, StepWriter, numbers_of, stored_steps
from sceau.settings import Settings
from sceau.store import Kind, LocalStore, Store
from sceau.store.erasing import Copies
from sceau.terms import Group, Role, Step, step_words

R = TypeVar("R", bound=Received)
A = TypeVar("A", bound="ActingParty")


class ActingParty:
    """A party acting on a network with one of its signing keys.

    A signer, a number or a mailbox may be given as a function, which is called when it is first needed.

    Args:
        network: the deployment.
        signer: one of the party's signing keys; needed to write.
        party: the party's number; that of the signing key if not given.
        store: where steps are stored before they are sent, with what was received and issued; needed to write steps.
        mailbox: the party's message keys and directory; needed to make and open envelopes.
        queues: what is written goes through the outbox of the store, and waits there while no node takes it.
        transport: carries envelopes; where it is given, every envelope that a verb makes is queued, too, and leaves at
            the next :meth:`sync`.
    """

    def __init__(
        self,
        network: Network,
        signer: Signer | Callable[[], Signer] | None = None,
        *,
        party: int | Callable[[], int] | None = None,
        store: Store | None = None,
        mailbox: Mailbox | Callable[[], Mailbox] | None = None,
        queues: bool = False,
        transport: Transport | Callable[[], Transport] | None = None,
    ) -> None:
        self._network = network
        self._signer = signer
        self._party = party
        self._store = store
        self._mailbox = mailbox
        self._queues = queues
        self._transport = transport
        self._opening: Opening | None = None

    @classmethod
    def open(
        cls: type[A],
        config: str | Path | None = None,
        *,
        password: str | None = None,
        message_password: str | None = None,
    ) -> A:
        """The party of a settings file, which names node, manifest, keys, directory and store once.

        A node that does not answer is said here; a key is unlocked, a directory read, when it is first needed.

        Args:
            config: the file ``sceau.toml``; if not given, as :func:`load_settings` finds it.
            password: of the keystore, in place of the settings' ``password_file``.
            message_password: of the message keys, in place of the settings' ``message_password_file``.

        Raises:
            ConfigInvalid, SettingMissing: the settings cannot be used; and as :func:`sceau.settings.connect`.
            StoreUnusable: the store's folder cannot be used.
        """
        opening = Opening(config, password=password, message_password=message_password)
        party = cls(opening.network, signer=opening.signer, store=opening.store)
        party._opening = opening
        party._queues = True
        party._mailbox = lambda: opening.mailbox(party.party, party.store)
        if opening.settings.exchange is not None:
            party._transport = lambda: opening.transport(party.party)
        party._adopt(opening.settings)
        return party

    def __enter__(self: A) -> A:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes what :meth:`open` opened."""
        if self._opening is not None and self._opening.store is not None:
            self._opening.store.close()

    def _adopt(self, settings: Settings) -> None:
        """Takes from the settings what this role alone needs."""

    @cached_property
    def party(self) -> int:
        """The party's number. Raises :class:`KeyOfNoParty`, or :class:`SignerMissing`."""
        if self._party is None:
            return self._number_of_key()
        return self._party() if callable(self._party) else self._party

    @cached_property
    def signer(self) -> Signer:
        """The party's signing key. Raises :class:`SignerMissing`."""
        if self._signer is None:
            raise SignerMissing
        return self._signer if isinstance(self._signer, Signer) else self._signer()

    @property
    def store(self) -> Store:
        """The party's store. Raises :class:`StoreMissing`."""
        if self._store is None:
            raise StoreMissing
        return self._store

    @property
    def mailbox(self) -> Mailbox:
        """The party's mailbox. Raises :class:`MailboxMissing`."""
        if self._mailbox is None:
            raise MailboxMissing
        if not isinstance(self._mailbox, Mailbox):
            self._mailbox = self._mailbox()
        return self._mailbox

    @property
    def transport(self) -> Transport:
        """What carries the party's envelopes. Raises :class:`ExchangeMissing`."""
        if self._transport is None:
            raise ExchangeMissing
        if callable(self._transport):
            self._transport = self._transport()
        return self._transport

    def history(self, claim: str) -> History:
        """Everything written on a claim, proved by its head, at the newest block.

        Raises:
            NoSuchClaim, HistoryIncomplete.
        """
        return read_history(self._network, claim, block=self._network.head().number)

    # Post

    def sync(self, timeout: float = 60) -> SyncReport:
        """Writes what waits, sends and fetches messages. Safe to repeat, to kill, and off line; the report says all.

        The outbox is sent first, for ``timeout`` seconds at most. A message leaves once what it tells of stands on the
        chain, and again while its recipient did not confirm it. A party without an exchange only writes.

        Raises:
            StoreMissing, MailboxMissing, ExchangeMissing: the party lacks what it needs for it.
            StoreUnusable: nothing can be stored; nothing was lost.
        """
        # First what waits to be written: messages tell of it.
        writes = None if self._queue is None else self._queue.sync(timeout)
        if self._transport is None and writes is not None:
            return writes
        report = self._sync_messages()
        if writes is None:
            return report
        return replace(
            report,
            written=writes.written,
            queued=writes.queued,
            offline=report.offline or writes.offline,
            problems=(*writes.problems, *report.problems),
        )

    def _sync_messages(self) -> SyncReport:
        """Sends and fetches messages, notices of deletion among them."""
        post = Post(self._network, lambda: self.mailbox, self.store, lambda: self.transport, self._rebuild)
        if isinstance(self.store, LocalStore):
            with suppress(NodeError):
                self.deletion_notices()
        report = post.sync()
        if isinstance(self.store, LocalStore) and not report.offline:
            with suppress(NodeError):
                self._do_as_told()
        return report

    def _do_as_told(self) -> None:
        """Obeys the deletion notices that came, as far as they may be, and enters the answers."""
        for key in [key for key, _ in self.store.of_kind(Kind.UNHANDLED)]:
            document = self.store.get(Kind.MESSAGE, key)
            if document is None:
                continue
            stored = StoredMessage.from_json(document)
            if not any(stored.as_received(self._network, kind) for kind in (NOTICE, ANSWER)):
                continue
            try:
                received = self.read(stored)
                if isinstance(received, DeletionNotice):
                    self.obey_deletion(received)
                elif isinstance(received, DeletionAnswer):
                    self.deletion_answered(received)
            except (NodeError, StoreError):
                raise
            except MessageError:
                # It counts for nothing, now or later.
                pass
            except SceauError:
                # What it is about is not known here yet: it is read again with the next sync.
                continue
            self.store.discard(Kind.UNHANDLED, key)

    @property
    def queue(self) -> WriteQueue:
        """What waits to be written. Raises :class:`StoreMissing` where the party's writes go through no outbox."""
        if self._queue is None:
            raise StoreMissing
        return self._queue

    def inbox(self) -> Inbox:
        """The messages that :meth:`sync` received and nobody handled yet, to be iterated. Raises StoreMissing."""
        return Inbox(self.store, self.message)

    #: Makes a disclosure anew, as policy and consent are now; ``None`` for a role that discloses nothing.
    _rebuild: Callable[[Disclosure], Disclosure] | None = None

    def _posted(self, envelope: Envelope, *, step: str | None = None) -> Envelope:
        """An envelope, which is queued where the party has a transport; ``step`` as :func:`queue`."""
        if self._transport is not None and isinstance(envelope.text, EnvelopeText):
            with self.store.change():
                queue(self.store, envelope.text, step=step)
        return envelope

    # Messages

    def message(self, source: Source, kind: str | None = None) -> tuple[Message, Received]:
        """A message and what it says, held against the chain as far as it can; an envelope is not counted as received.

        Args:
            source: an envelope's text, or a stored message.
            kind: the kind expected, ``None`` for any.

        Raises:
            MessageError: it is foreign, altered, stale, received before, or does not fit the chain.
        """
        return Reception(self._network, lambda: self.mailbox).message(source, kind)

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

    def envelope(self, step: PreparedStep) -> Envelope:
        """The envelope that gives a step's whole record to the party that is told of it.

        It repairs a message that was lost: it may be made again at any time.

        Raises:
            RecordNotShared: no party is sent the whole of this step.
            NotInDirectory, MessageKeysInvalid: the recipient's keys are not at hand.
        """
        row = step.row
        if row.told is Role.SUPPLIER:
            return Envelope(step.supplier, order_envelope(self.mailbox, step, supplier=step.supplier))
        if row.told is Role.PRACTICE:
            practice = read_claim(self._network, step.claim, block=self._network.head().number).practice
            return Envelope(practice, step_envelope(self.mailbox, step, recipient=practice))
        raise RecordNotShared(step=step_words(row.step))

    def register(self, claim: str | None = None) -> Register:
        """The register of disclosures: to whom this party gave what, when and until when; never the values.

        Every envelope that shows something of a record is in it, of one claim or of all. Raises StoreMissing.
        """
        return read_register(self.store, None if claim is None else checked_id(claim))

    def erase(
        self,
        copies: Copies,
        *,
        claims: Iterable[str] = (),
        consents: Iterable[str] = (),
        records: Iterable[str] = (),
        insist: bool = False,
        nowhere_else: bool = False,
        old_backups: Iterable[Path] = (),
        search: Iterable[Path] = (),
        periods: Periods | None = None,
    ) -> Erasure:
        """Erases claims, consents and single records of this party's store for good, as far as they may go.

        Without anything named it finishes what was removed before. What must be kept is kept, and said: a claim that
        has not ended, that is contested or under audit, or whose supplier may still speak (docs/erasure.md).

        Args:
            copies: where the new backup, and a copy of the new key, go; what stands there is replaced.
            claims, consents: their identifiers.
            records: commitments of single records.
            insist: end a second epoch on one day; otherwise what is removed is not final before the next day.
            nowhere_else: the caller's word that no other copy of the old key stands anywhere.
            old_backups: backups from before, which are tried with the keys that remain.
            search: files and folders that are searched for what was erased, beside the store's folder.
            periods: how long a claim is kept at least; those in force if not given.

        Raises:
            StoreMissing: the role has no database of its own.
            NodeError, HistoryIncomplete: the chain cannot be read; nothing was erased.
            CopyInStore, CopyUnreadable, StoreUnusable: what was removed is not final; repeat it.
        """
        wanted = Wanted(tuple(claims), tuple(consents), tuple(records))
        done = erase(
            self._network,
            self.store,
            wanted,
            copies,
            insist=insist,
            nowhere_else=nowhere_else,
            old_backups=old_backups,
            search=search,
            periods=periods,
        )
        if done.erased is not None:
            for claim in done.erased.claims:
                self._network.times.pop(claim, None)
            self._forget()
        return done

    def deletion_notices(self) -> list[Envelope]:
        """The deletion notices that are due and were not made before: to everybody who was given what was erased here,
        what rested on a consent that was revoked or withdrawn since, or what was to be deleted by now.

        Raises as :meth:`Mailbox.encrypt`.
        """
        return [self._posted(each) for each in notices_due(self.mailbox, own(self.store))]

    def obey_deletion(self, notice: DeletionNotice) -> Envelope:
        """Deletes what a notice asks for, where its cause holds on the chain and nothing must be kept; the answer.

        Raises as :meth:`erase`.
        """
        answer = obey(self.mailbox, own(self.store), notice)
        self._forget()
        return self._posted(answer)

    def deletion_answered(self, answer: DeletionAnswer) -> Notice:
        """Enters an answer with the notice that it answers. Raises :class:`AnswerOfNothing`."""
        return enter_answer(self.store, answer)

    def _forget(self) -> None:
        """Forgets what this role holds in memory of what was received."""

    # Evidence

    def evidence(
        self,
        claim: str,
        *,
        paths: Iterable[str] = (),
        groups: Iterable[Group] = (),
        messages: bool = False,
        others: Iterable[Evidence] = (),
    ) -> Evidence:
        """What this party shows an auditor of a claim, from its store. It is in clear: encrypt it to the auditor.

        Stored steps and messages that do not stand on the chain are left out.

        Args:
            claim: the claim.
            paths: the paths to show of each record that has them.
            groups: the groups to open of each order, delivery and invoice.
            messages: also what the senders of the claim's messages signed.
            others: the evidence of other parties, to be joined to this.

        Raises:
            EvidenceEmpty: the store has nothing to show of the claim.
            ChosenNowhere: a path or a group is in none of the stored records.
            OrderKeyMissing: the order whose key opens a group is not stored.
            OfAnotherClaim: the evidence of another party is about another claim.
            EnvelopeError, NotInDirectory: a message's signature cannot be checked.
        """
        builder = EvidenceBuilder(
            self._network, claim, paths=paths, groups=groups, directory=lambda: self.mailbox.directory
        )
        stored = [
            StoredMessage.from_json(each) for each in self.store.of_claim(Kind.MESSAGE, checked_id(claim))
        ]
        for document in (
            *(StepDocument.of_step(step) for step in self.steps(claim)),
            *(StepDocument.of_message(message) for message in stored),
        ):
            if document.order_key is not None or builder.shows(document):
                with suppress(OfNoStep, DisclosureRefused):
                    builder.add_step(document)
        for message in stored if messages else ():
            builder.add_message(message)
        for other in others:
            builder.add_evidence(other)
        return builder.build()

    def confirm_request(self, request: EvidenceRequest) -> Envelope:
        """The receipt of an auditor's request, for the auditor.

        From the deadline of a request that it confirmed, a party is at fault for what it was asked and did not open.

        Raises:
            PartyOfAnotherRole: who asks is no auditor.
            NotAsked: another party was asked.
        """
        self._require_asked(request)
        return self._posted(Envelope(request.auditor, receipt_envelope(self.mailbox, request)))

    def answer_request(self, request: EvidenceRequest) -> tuple[Envelope, ...]:
        """What an auditor asked of this party, opened from its store and signed: an envelope for each of its steps.

        Orders and answers that others signed to this party go with them. Nothing is opened that was not asked for, and
        nothing of a step that another party wrote.

        Raises:
            EvidenceEmpty: this party has written no step that is asked about, or has not stored it.
            OrderKeyMissing: the order whose key opens a group is not stored.
            PartyOfAnotherRole, NotAsked: as :meth:`confirm_request`.
        """
        self._require_asked(request)
        held = self.evidence(request.claim, groups=dict.fromkeys(group for _, group in request.groups))
        made = answers(self.mailbox, request, self.history(request.claim), held)
        return tuple(self._posted(each) for each in made)

    def _require_asked(self, request: EvidenceRequest) -> None:
        if request.party != self.party:
            raise NotAsked(party=request.party)
        self._require_role(request.auditor, Role.AUDITOR)

    # Steps

    def resend(self, step: PreparedStep, *, tell: bool | None = None) -> Handle:
        """Sends a stored step (again); what the chain holds already is *written*, and is never written twice.

        Args:
            step: the step, as it was stored.
            tell: also make the envelope for the party that is told of it (:attr:`Handle.envelope`); where a transport
                carries it, it is made and queued unless this is ``False``.

        Raises:
            ContractError: the registry refuses, for the reason its class names; nothing was written.
            StepForeign: it was sealed for another chain or deployment.
            NumberAlreadyUsed: it is not stored, and its number serves another claim.
            DecisionNotStored: it is a payer's decision and not stored, so that no verdict allowed it.
        """
        step.require_here(self._network)
        writer = self._writer
        known = writer.is_stored(step) or writer.written(step) is not None
        if not known and step.row.writer is Role.PAYER:
            raise DecisionNotStored(claim=step.claim)
        if not known and numbers_of(step):
            # It gave its number back when it was taken back: another claim may have it.
            return self._write(step, tell=tell)
        envelope = self.envelope(step) if self._tells(step, tell) else None
        if envelope is not None:
            self._posted(envelope, step=step.record.root)
        return writer.send(step, envelope)

    def steps(self, claim: str) -> list[PreparedStep]:
        """The steps of a claim that this party stored, in the order in which it sealed them."""
        return stored_steps(self.store, claim)

    def _write(
        self,
        step: PreparedStep,
        *,
        tell: bool | None = None,
        shown: OnceOnly | None = None,
        assumed: Assumed = (),
    ) -> Handle:
        """Stores a step, then sends it; the number that its record states, and the one ``shown``, serve its claim.

        The envelope is made first: what is wrong with keys or directory is said before anything is on the chain.
        """
        _ = self.store, self.signer
        step.require_here(self._network)
        envelope = self.envelope(step) if self._tells(step, tell) else None
        return self._writer.write(step, envelope, shown, assumed)

    def _tells(self, step: PreparedStep, tell: bool | None) -> bool:
        """Whether the party that is told of a step is sent its envelope: by itself where a transport carries it."""
        return step.row.told is not None and self._transport is not None if tell is None else tell

    @property
    def _writer(self) -> StepWriter:
        def post(envelope: Envelope, step: PreparedStep) -> None:
            self._posted(envelope, step=step.record.root)

        return StepWriter(self._network, lambda: self.signer, self._store, self._queue, post)

    @cached_property
    def _queue(self) -> WriteQueue | None:
        """The outbox of the party's store, where its writes go through one."""
        if not self._queues or not isinstance(self._store, LocalStore):
            return None
        return WriteQueue(self._network, lambda: self.signer, self._store, self._entries(self._store))

    def _entries(self, store: LocalStore) -> dict[str, Knower]:
        """What this role knows of the entries of its outbox, by the word that their keys begin with."""
        writer = StepWriter(self._network, lambda: self.signer, store)
        return {STEP: StepEntries(self._network, store, writer)}

    def _number_of_key(self) -> int:
        """The party of the signing key, by the chain; without a node, as it was learnt before. Raises NodeError."""
        address = self.signer.address
        memo = f"party:{self._network.manifest.genesis_hash}:{address}"
        try:
            number = party_number(self._network, address)
        except NodeError:
            known = None if self._queue is None else self.store.get(Kind.MEMO, memo)
            if known is None:
                raise
            return int(known["party"])
        if self._queue is not None and self.store.get(Kind.MEMO, memo) != {"party": number}:
            self.store.put(Kind.MEMO, memo, {"party": number})
        return number

    def _now(self) -> int:
        """Time of the chain's newest block, in seconds; off line, where writes are queued, this computer's."""
        try:
            return self._network.head().timestamp
        except NodeError:
            if self._queue is None:
                raise
            return int(time.time())

    def _today(self) -> str:
        """The day of :meth:`_now`, ISO 8601."""
        return datetime.fromtimestamp(self._now(), timezone.utc).date().isoformat()

    def _require_role(self, party: int, role: Role) -> None:
        """Raises :class:`PartyUnknown` or :class:`PartyOfAnotherRole` unless a party holds a role."""
        require_role(self._network, party, role)

    def _named(self, party: int, role: Role) -> Assumed:
        """As :meth:`_require_role`; what is assumed, where writes are queued and no node can say it."""
        if self._queue is not None:
            return assume_role(self._network, party, role)
        self._require_role(party, role)
        return ()

    def _scope(self, profile: str, claim: str, step: Step, order_number: int = 0) -> Scope:
        return Scope(
            profile=profile,
            version=load_profile(profile).version,
            chain_id=self._network.chain_id,
            contract=self._network.address("ClaimRegistry"),
            claim=claim,
            order_number=order_number,
            step=STEPS[step].code,
        )

    def _seal(
        self, profile: str, values: Mapping[str, Value], claim: str, step: Step, order_number: int = 0
    ) -> SealedRecord:
        """The record of a step. Raises :class:`ProfileOfAnotherStep`, and what :func:`seal` raises."""
        if profile not in STEPS[step].profiles:
            known = ", ".join(STEPS[step].profiles)
            raise ProfileOfAnotherStep(step=step_words(step), known=known)
        return seal(self._scope(profile, claim, step, order_number), values)
