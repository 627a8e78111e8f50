# SPDX-License-Identifier: Apache-2.0
"""What a party gave to others, what it erases, and the deletion notices that it sends and obeys."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sceau.documents.identifiers import checked_id
from sceau.errors import MessageError, NodeError, SceauError, StoreError
from sceau.messages.deletion import ANSWER, NOTICE, DeletionAnswer, DeletionNotice
from sceau.messages.envelope import EnvelopeText, Message
from sceau.messages.given import Register, read_register
from sceau.messages.kinds import Received
from sceau.messages.stored import StoredMessage
from sceau.papers.certificate import ErasureCertificate
from sceau.papers.holding import Holding
from sceau.retention import Periods
from sceau.roles.certifying import certificate
from sceau.roles.corresponding import CorrespondingParty
from sceau.roles.erasing import Erasure, Wanted, erase, own
from sceau.roles.handle import Envelope
from sceau.roles.holding import held
from sceau.roles.notifying import Notice, enter_answer, notices_due, obey
from sceau.roles.posting import SyncReport
from sceau.store import Kind, LocalStore
from sceau.store.erasing import Copies

if TYPE_CHECKING:
    from sceau.store.index import ChainIndex


class DeletingParty(CorrespondingParty):
    """A party that erases, and sees to it that others do; arguments as :class:`PartyBase`."""

    #: Kinds of messages that this role deals with by itself when they come.
    _BY_ITSELF: tuple[str, ...] = (NOTICE, ANSWER)

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
        given: Iterable[str] = (),
        insist: bool = False,
        nowhere_else: bool = False,
        old_backups: Iterable[Path] = (),
        search: Iterable[Path] = (),
        periods: Periods | None = None,
    ) -> Erasure:
        """Erases claims, consents and single records of this party's store for good, as far as they may go.

        Without anything named it finishes what was removed before. What must be kept is kept, with its reason: a
        claim that has not ended, is contested or under audit, or that its supplier may still mark (docs/erasure.md).

        Args:
            copies: where the new backup and a copy of the new key are written; what is there is replaced.
            claims, consents: their identifiers.
            records: commitments of single records, and of requests for consent that were never signed.
            given: entries of the register of disclosures whose period is over, as :func:`expired` finds them.
            insist: end a second epoch on one day; otherwise what is removed is not final before the next day.
            nowhere_else: the caller's word that no other copy of the old key exists.
            old_backups: backups from before, which are tried with the keys that remain.
            search: files and folders that are searched for what was erased, beside the store's folder.
            periods: how long a claim is kept at least; those in force if not given.

        Raises:
            StoreMissing: the role has no database of its own.
            NodeError, HistoryIncomplete: the chain cannot be read; nothing was erased.
            CopyInStore, CopyUnreadable, StoreUnusable: what was removed is not final; repeat it.
        """
        wanted = Wanted(tuple(claims), tuple(consents), tuple(records), tuple(given))
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

    def erasure_certificate(self, erasure: str | None = None) -> ErasureCertificate:
        """The signed certificate of an erasure of this party's store, as things stand now: made again, it is new.

        Args:
            erasure: its identifier, or a claim, consent or commitment that it erased; the newest if not given.

        Raises:
            ErasureUnknown: nothing was erased, or not what is named.
            SignerMissing, StoreMissing, NodeError, HistoryIncomplete.
        """
        return certificate(self._network, own(self.store), self.signer, self.party, erasure)

    def held(self, *, claims: Iterable[str] = (), consents: Iterable[str] = ()) -> Holding:
        """All that this party holds of a person's claims, and of the consents that they were opened under, in clear
        (GDPR art. 15): what, from whom, to whom it was given and when, how long it is kept, what the chain holds.

        Args:
            claims: the person's claims.
            consents: further consents of the person.

        Raises:
            StoreMissing, NodeError, HistoryIncomplete.
        """
        return held(self._network, self.store, self.party, claims=claims, consents=consents)

    def deletion_notices(self) -> list[Envelope]:
        """The deletion notices that are due and were not made before: to everybody who was given what was erased here,
        what rested on a consent that was revoked or withdrawn since, or what was to be deleted by now.

        Raises as :meth:`Mailbox.encrypt`.
        """
        return self._notices()

    def _notices(self, index: ChainIndex | None = None) -> list[Envelope]:
        """As :meth:`deletion_notices`; ``index`` as :func:`sceau.roles.notifying.notices_due`."""

        def post(envelope: Envelope) -> str | None:
            text = self._posted(envelope).text
            if self._transport is None or not isinstance(text, EnvelopeText):
                return None
            return text.draft.id

        return notices_due(self.mailbox, own(self.store), post, index=index)

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

    def _sync_messages(self) -> SyncReport:
        """Sends and fetches messages, notices of deletion among them, and does by itself what those ask that came."""
        if isinstance(self.store, LocalStore):
            with suppress(NodeError):
                self._notices(self._index)
        report = super()._sync_messages()
        if isinstance(self.store, LocalStore) and not report.offline:
            with suppress(NodeError):
                self._do_as_told()
        return report

    def _do_as_told(self) -> None:
        """Does what messages of the kinds of :attr:`_BY_ITSELF` ask that came, as far as it may be done."""
        for key in [key for key, _ in self.store.of_kind(Kind.UNHANDLED)]:
            document = self.store.get(Kind.MESSAGE, key)
            if document is None:
                continue
            stored = StoredMessage.from_json(document)
            message = stored.as_received(self._network, *self._BY_ITSELF)
            if message is None or self._was_done(message):
                continue
            try:
                if not self._does(self.read(stored)):
                    continue
            except (NodeError, StoreError):
                raise
            except MessageError:
                # It counts for nothing, now or later.
                pass
            except SceauError:
                # What it is about is not known here yet: it is read again with the next sync.
                continue
            self.store.discard(Kind.UNHANDLED, key)

    def _was_done(self, message: Message) -> bool:  # noqa: ARG002  # roles whose messages stay look into it
        """Whether a message of these kinds was dealt with, and stays in the inbox for a person."""
        return False

    def _does(self, received: Received) -> bool:
        """Does what a message asks; whether it needs no person."""
        if isinstance(received, DeletionNotice):
            self.obey_deletion(received)
        elif isinstance(received, DeletionAnswer):
            self.deletion_answered(received)
        return True

    def _forget(self) -> None:
        """Forgets what this role holds in memory of what was received."""
