# SPDX-License-Identifier: Apache-2.0
"""What practice, supplier and payer have in common: steps stored before they are sent, and evidence of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

from sceau.audit.errors import EvidenceEmpty, HoldsNoRecord, OfNoStep
from sceau.audit.evidence import Evidence
from sceau.audit.gather import EvidenceBuilder
from sceau.audit.step_document import StepDocument
from sceau.chain.registries.claims import read_claim
from sceau.claim.history import History
from sceau.claim.prepared import PreparedStep
from sceau.claim.steps import STEPS
from sceau.claim.timeline import StepValues, Timeline, read_timeline
from sceau.documents.identifiers import checked_id
from sceau.messages.evidence import EvidenceRequest, receipt_envelope
from sceau.messages.order import order_envelope
from sceau.messages.step import step_envelope
from sceau.messages.stored import StoredMessage
from sceau.proof.document import ChainProof
from sceau.record import Scope, SealedRecord, Value, load_profile, seal
from sceau.record.errors import DisclosureRefused
from sceau.roles.answering import answers
from sceau.roles.asking import AskingParty
from sceau.roles.entries import StepEntries
from sceau.roles.errors import (
    DecisionNotStored,
    NotAsked,
    ProfileOfAnotherStep,
    RecordNotShared,
)
from sceau.roles.handle import Envelope, Handle, WriteState
from sceau.roles.named import Assumed, remember_number
from sceau.roles.proving import kept_proof
from sceau.roles.queue import STEP, Knower
from sceau.roles.standing import Standing, of_entry, of_receipt
from sceau.roles.step_writer import OnceOnly, StepWriter, numbers_of, stored_steps
from sceau.store import Kind, LocalStore
from sceau.store.entry import EntryState
from sceau.terms import Group, Role, Step, step_words


class ActingParty(AskingParty):
    """A party that writes steps of claims; arguments as :class:`PartyBase`."""

    # Looking

    def timeline(self, claim: str, *, held: bool = False) -> Timeline:
        """The claim as every member sees it, and the block at which it was read; raises as :meth:`history`.

        :meth:`StepDocument.values` proves what a file holds of a step, and :meth:`Timeline.also` adds it.

        Args:
            claim: the claim.
            held: also the values of what this party's store holds of it: its own steps, the records that it received,
                and of a disclosure those that its newest verdict lets it hold. What does not stand on the chain is left
                out.

        Raises:
            StoreMissing: ``held`` is wanted of a party without a store.
        """
        found = read_timeline(self._network, claim)
        return found.also(*self._held(found.history)) if held else found

    def _held(self, history: History) -> Iterator[StepValues]:
        claim = history.state.claim
        # The newest verdict on each disclosure: what is outside policy or consent may not be held.
        allowed = {each["disclosure"]: each["values"] for each in self.store.of_claim(Kind.VERDICT, claim)}
        for document in self._documents(claim, self._stored_messages(claim)):
            with suppress(HoldsNoRecord, OfNoStep, DisclosureRefused):
                shown = document.values(history)
                if document.disclosure is not None:
                    shown = shown.only(allowed.get(document.disclosure.id, ()))
                yield shown

    def _stored_messages(self, claim: str) -> list[StoredMessage]:
        return [
            StoredMessage.from_json(each) for each in self.store.of_claim(Kind.MESSAGE, checked_id(claim))
        ]

    def _documents(self, claim: str, messages: Iterable[StoredMessage]) -> Iterator[StepDocument]:
        """What the stored steps and messages of a claim hold of its records."""
        yield from map(StepDocument.of_step, self.steps(claim))
        yield from map(StepDocument.of_message, messages)

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
        """What this party shows an auditor of a claim, from its store. It is unencrypted: encrypt it to the auditor.

        Stored steps and messages that do not stand on the chain are left out.

        Args:
            claim: the claim.
            paths: the paths to show of each record that has them.
            groups: the groups to open of each order, delivery and invoice.
            messages: also what the senders of the claim's messages signed.
            others: the evidence of other parties, to be joined to this.

        Raises:
            EvidenceEmpty: nothing was chosen, or the store has nothing to show of the claim.
            ChosenNowhere: a path or a group is in none of the stored records.
            OrderKeyMissing: the order whose key opens a group is not stored.
            OfAnotherClaim: the evidence of another party is about another claim.
            EnvelopeError, NotInDirectory: a message's signature cannot be checked.
        """
        paths, groups, others = tuple(paths), tuple(groups), tuple(others)
        if not (paths or groups or messages or others):
            raise EvidenceEmpty
        builder = EvidenceBuilder(
            self._network, claim, paths=paths, groups=groups, directory=lambda: self.mailbox.directory
        )
        stored = self._stored_messages(claim)
        for document in self._documents(claim, stored):
            if document.order_key is not None or builder.shows(document):
                with suppress(OfNoStep, DisclosureRefused):
                    builder.add_step(document)
        for message in stored if messages else ():
            builder.add_message(message)
        for other in others:
            builder.add_evidence(other)
        return builder.build()

    def proof_of(self, kept: str) -> ChainProof | None:
        """What proves, without a node, a step that this party wrote or the state on which a verdict of its own rests.

        Proofs are kept where the manifest lists the chain's validators, and are erased with their claim.

        Args:
            kept: the commitment of the step's record, or the verdict's identifier.
        """
        return kept_proof(self.store, kept)

    def confirm_request(self, request: EvidenceRequest) -> Envelope:
        """The receipt of an auditor's request, for the auditor.

        From the deadline of a request that it confirmed, a party is at fault for what it was asked and did not open.

        Raises:
            PartyOfAnotherRole: the party that asks is not an auditor.
            NotAsked: another party was asked.
        """
        self._require_asked(request)
        return self._posted(Envelope(request.auditor, receipt_envelope(self.mailbox, request)))

    def answer_request(
        self, request: EvidenceRequest, *, check: Callable[[int], None] | None = None
    ) -> tuple[Envelope, ...]:
        """What an auditor asked of this party, opened from its store and signed: an envelope for each of its steps.

        Orders and answers that others signed to this party go with them. Nothing is opened that was not asked for, and
        nothing of a step that another party wrote.

        Args:
            request: the request, as it was received.
            check: is told how many envelopes there are before any leaves; what it raises keeps them all.

        Raises:
            EvidenceEmpty: this party has written no step that is asked about, or has not stored it.
            OrderKeyMissing: the order whose key opens a group is not stored.
            PartyOfAnotherRole, NotAsked: as :meth:`confirm_request`.
        """
        self._require_asked(request)
        held = self.evidence(request.claim, groups=dict.fromkeys(group for _, group in request.groups))
        made = answers(self.mailbox, request, self.history(request.claim), held)
        if check is not None:
            check(len(made))
        with self.store.change():
            return tuple(self._posted(each) for each in made)

    def _require_asked(self, request: EvidenceRequest) -> None:
        if request.party != self.party:
            raise NotAsked(party=request.party)
        self._require_role(request.auditor, Role.AUDITOR)

    def envelope(self, step: PreparedStep) -> Envelope:
        """The envelope that gives a step's whole record to the party that is to learn of it.

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

    # Steps

    def resend(self, step: PreparedStep, *, tell: bool | None = None) -> Handle:
        """Sends a stored step (again); what the chain holds already is *written*, and is never written twice.

        Args:
            step: the step, as it was stored.
            tell: also make the envelope for the party that is to learn of it (:attr:`Handle.envelope`); where a
                transport carries it, it is made and queued unless this is ``False``.

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

    def standing(self, step: PreparedStep) -> Standing:
        """Where a stored step stands now: in the outbox, in a block, or refused.

        Raises:
            NodeError: it left the outbox, and no node says where it is.
        """
        entry = None if self._queue is None else self._queue.outbox.find(f"{STEP}:{step.record.root}")
        if entry is not None and entry.state is not EntryState.MINED:
            return of_entry(entry)
        receipt = self._writer.written(step)
        # What no outbox holds and no block yet was sent by a handle, which waits for it.
        return Standing(WriteState.SENT) if receipt is None else of_receipt(receipt)

    def steps(self, claim: str, *only: Step) -> list[PreparedStep]:
        """The steps of a claim that this party stored, in the order in which it sealed them; of these kinds, if any."""
        return stored_steps(self.store, claim, *only)

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
        handle = self._writer.write(step, envelope, shown, assumed)
        if self._queue is not None and not isinstance(self._party, int):
            remember_number(self._network, self.store, self.signer.address, self.party)
        return handle

    def _tells(self, step: PreparedStep, tell: bool | None) -> bool:
        """Whether the party that is to learn of a step is sent its envelope: by itself where a transport carries it."""
        return step.row.told is not None and self._transport is not None if tell is None else tell

    @property
    def _writer(self) -> StepWriter:
        def post(envelope: Envelope, step: PreparedStep) -> None:
            self._posted(envelope, step=step.record.root)

        return StepWriter(self._network, lambda: self.signer, self._store, self._queue, post)

    def _entries(self, store: LocalStore) -> dict[str, Knower]:
        """What this role knows of the entries of its outbox, by the word that their keys begin with."""
        writer = StepWriter(self._network, lambda: self.signer, store)
        steps = StepEntries(self._network, store, writer, self._write_instead)
        return {**super()._entries(store), STEP: steps}

    def _write_instead(self, step: PreparedStep, reason: str) -> bool:  # noqa: ARG002  # roles that do look into them
        """Writes another step in the place of one that stopped for a reason (a code); says whether it did."""
        return False

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
