# SPDX-License-Identifier: Apache-2.0
"""What a practice's software does: asks for consents, opens claims, orders, invoices, discloses."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext, suppress
from datetime import date, datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

from sceau.chain.following import Receipt, read_after
from sceau.chain.network import Network
from sceau.chain.registries.claims import NO_CONSENT, claim_id
from sceau.chain.registries.consents import ConsentState, Status, consent_standing, read_state
from sceau.chain.registries.errors import NoSuchClaim
from sceau.chain.signer import Signer
from sceau.claim.errors import NoOrder, NotAuthorised, OrderKeyMissing
from sceau.claim.prepared import Argument, PreparedStep
from sceau.claim.steps import STEPS
from sceau.conformity.keys import OrderKey
from sceau.conformity.seals import locks
from sceau.consent.request import ConsentRequest, make_request, usual_end
from sceau.consent.signing import SignedConsent
from sceau.consent.typed_data import consent_id
from sceau.deployment import RegistryId
from sceau.disclosure import Disclosure, GivenConsent, build_disclosure
from sceau.disclosure.errors import ConsentNotInForce
from sceau.documents.identifiers import CONSENT_ID, bytes_of, checked_id, hex_of
from sceau.errors import InputError, MessageError, NodeError, SceauError
from sceau.formats.optics.order import check_reason
from sceau.messages.act_codes import act_code_key_envelope
from sceau.messages.disclosure import KIND, disclosure_envelope
from sceau.messages.errors import NothingToRebuild
from sceau.messages.kinds import KINDS
from sceau.messages.mailbox import Mailbox
from sceau.messages.readers import require_named, subject_of
from sceau.messages.step import ReceivedStep
from sceau.messages.stored import StoredMessage
from sceau.messages.transport import Transport
from sceau.policy import Policy, load_policy
from sceau.record import SealedRecord, Value, seal
from sceau.roles.acting import ActingParty
from sceau.roles.confirmed import require_confirmed
from sceau.roles.entries import ConsentEntries
from sceau.roles.errors import (
    AuthorisationMissing,
    ConsentDropped,
    NoStepToShow,
    NotAnOrder,
    OrderOfAnotherNumber,
    RequestMissing,
)
from sceau.roles.handle import Envelope, Handle
from sceau.roles.justifying import justify
from sceau.roles.notes import note_values
from sceau.roles.offline import listed, newest_order, was_received
from sceau.roles.queue import CONSENT, WITHDRAWAL, Knower
from sceau.roles.writing import newest, queue, write
from sceau.settings import Settings
from sceau.store import Kind, LocalStore, Store
from sceau.terms import Role, Step

# What the registry says when a consent is recorded or withdrawn.
_EVENTS = {CONSENT: "ConsentRecorded", WITHDRAWAL: "ConsentWithdrawn"}

#: Path under which a claim's record seals the prescription's own commitment.
PRESCRIPTION_PATH = "prescription.commitment"

#: What a consent is for, unless another purpose is named.
PURPOSE = "THIRD-PARTY-PAYMENT"


#: The policy of a disclosure, unless another is named.
DEFAULT_POLICY = "fr-responsible-contract"


class Practice(ActingParty):
    """A practice acting with one of its signing keys.

    ``policies`` is a directory of further policy files; the other arguments are as :class:`PartyBase`.
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
        policies: Path | None = None,
    ) -> None:
        super().__init__(
            network, signer, party=party, store=store, mailbox=mailbox, queues=queues, transport=transport
        )
        self._policies = policies

    def _adopt(self, settings: Settings) -> None:
        self._policies = settings.policies

    # Consents

    def request_consent(
        self,
        *,
        payer: int,
        groups: Iterable[str],
        expires_on: date | None = None,
        purpose: str = PURPOSE,
        attested: bool = False,
    ) -> ConsentRequest:
        """What the patient is asked to agree to: ``payer`` may be shown ``groups`` of data for ``purpose``.

        The consent ends at midnight UTC at the start of ``expires_on``, at most 731 days ahead by the chain's time. If
        none is given, it is the first day of a month, as for most consents: every member sees it, and an end like no
        other tells a consent from others (:attr:`ConsentRequest.unusual_end`).
        Where the practice has a store it remembers the request.

        Raises:
            PartyOfAnotherRole: ``payer`` is not a payer.
            ConsentError: the end, the groups or the parties are invalid.
            RecordError: a value is not canonical.
        """
        self._named(payer, Role.PAYER)
        head_time = self._now()
        request = make_request(
            RegistryId.of(self._network.manifest),
            practice=self.party,
            payer=payer,
            purpose=purpose,
            groups=groups,
            expires_on=expires_on or usual_end(head_time),
            head_time=head_time,
            attested=attested,
        )
        if self._store is not None:
            self._store.put(Kind.CONSENT_REQUEST, request.commitment, request.to_json())
        return request

    def record_consent(self, signed: SignedConsent, request: ConsentRequest | None = None) -> Handle:
        """Records the consent that the patient signed at ``request``; the patient pays nothing.

        Without ``request`` it is looked up in the store. A consent that the chain holds already is *written*.

        Raises:
            RequestMissing: the request is neither given nor stored.
            ConsentError: it is not the answer to this request, or not signed by its key; nothing was sent.
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        from eth_utils.address import to_checksum_address

        if self._queue is None:
            self._network.head()
        asked = request or self._request(signed.commitment)
        asked.check(RegistryId.of(self._network.manifest))
        signed.check(asked, self._network)
        if self._store is not None:
            self._store.put(Kind.SIGNED_CONSENT, signed.consent, signed.to_json())
        arguments = (
            bytes_of(signed.commitment),
            to_checksum_address(signed.key),
            signed.expires_at,
            signed.attested,
            bytes_of(signed.signature),
        )
        return self._write_consent(CONSENT, signed.consent, "record", *arguments)

    def withdraw_consent(self, consent: str) -> Handle:
        """Ends a consent that this practice recorded, at the word of a patient who lost the card.

        A consent that it withdrew before is *written*.

        Raises:
            ConsentDropped: it waited in the outbox. It does so no more, and will never be recorded.
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        consent = checked_id(consent, CONSENT_ID)
        queued = None if self._queue is None else self._queue.outbox.find(f"{CONSENT}:{consent}")
        if self._queue is not None and queued is not None and self._queue.outbox.drop(queued):
            raise ConsentDropped
        return self._write_consent(WITHDRAWAL, consent, "withdraw", bytes_of(consent), urgent=True)

    def state_after(self, consent: str, receipt: Receipt, timeout: float = 30) -> ConsentState:
        """How a consent stands once ``receipt`` was given: at its block or later, whatever the age of the head.

        Raises :class:`WrittenUnread` where no node could be read for ``timeout`` seconds.
        """
        return read_after(
            receipt.hash,
            time.monotonic() + timeout,
            lambda: read_state(self._network, consent, self._network.look_past(receipt.block_number)),
        )

    # Claims

    def open_claim(
        self,
        profile: str,
        values: Mapping[str, Value],
        *,
        payer: int,
        consent: str | None = None,
        prescription: Mapping[str, Value] | None = None,
    ) -> Handle:
        """Seals a record (and a prescription inside it) and opens a claim with it.

        Args:
            profile: name of the record's profile, such as ``fr-optical-quote``.
            values: the record, by path.
            payer: party number of the payer that may authorise the claim.
            consent: identifier of a consent that this practice recorded, or ``None``.
            prescription: values of ``optical-prescription``, sealed under a commitment of their own in the record.

        Raises:
            PartyOfAnotherRole: ``payer`` is not a payer.
            ProfileOfAnotherStep: no claim is opened with a record of this profile.
            RecordError: a value is missing or not canonical.
            IdentifierInvalid: ``consent`` is not an identifier.
            ConsentNotInForce: a node that was named knows that it was ended.
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        assumed = self._named(payer, Role.PAYER)
        if consent is not None and self._network.others:
            # The chain refuses it too; but the node that sends may not know it yet.
            with nullcontext() if self._queue is None else suppress(NodeError):
                standing = consent_standing(self._network, checked_id(consent, CONSENT_ID))
                if standing.ended:
                    raise ConsentNotInForce(state=standing.sentence)
        sealed = self._seal_claim(profile, values, payer, consent, prescription)
        return self._write(self._writer.unconfirmed(sealed), assumed=assumed)

    def order(
        self,
        claim: str,
        values: Mapping[str, Value],
        *,
        supplier: int,
        authorisation: ReceivedStep | None = None,
        tell: bool | None = None,
    ) -> Handle:
        """Seals the first order of an authorised claim under a fresh order key, and writes it.

        Args:
            claim: the claim.
            values: ``lens-order`` values, by path.
            supplier: party number of the supplier that will deliver.
            authorisation: the payer's authorisation as it was received; looked up in the store if not given. Nothing is
                ordered on the strength of an authorisation that does not open.
            tell: also make the supplier's envelope (:attr:`Handle.envelope`).

        Raises:
            AuthorisationMissing: the authorisation is neither given nor stored.
            NotAuthorised: ``authorisation`` is not that of the claim on the chain.
            PartyOfAnotherRole: ``supplier`` is not a supplier.
            ReasonWrong: the order gives a reason, and replaces nothing.
            RecordError: a value is missing or not canonical.
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        check_reason(values, order_number=1)
        claim = checked_id(claim)
        self._require_authorised(claim, authorisation)
        assumed = self._named(supplier, Role.SUPPLIER)
        return self._write(
            self._seal_order(claim, values, Step.ORDER, 1, supplier), tell=tell, assumed=assumed
        )

    def remake(
        self, claim: str, values: Mapping[str, Value], *, supplier: int, tell: bool | None = None
    ) -> Handle:
        """Seals an order that replaces the current one: a correction of it, or a remake; as :meth:`order`.

        ``order.reason`` of ``values`` says why (breakage, adaptation, defect, correction); the chain never does.

        Raises:
            NoOrder: nothing was ordered that could be replaced.
            ReasonWrong: there is no reason, or it is a correction and the current order is attested as delivered.
            PartyOfAnotherRole, RecordError, ContractError: as :meth:`order`.
        """
        claim = checked_id(claim)
        history = self.history(claim)
        replaced, _ = history.current_order()
        delivered = history.find(Step.DELIVER, replaced) is not None
        check_reason(values, order_number=replaced + 1, replaced_delivered=delivered)
        self._require_role(supplier, Role.SUPPLIER)
        sealed = self._seal_order(claim, values, Step.REMAKE, replaced + 1, supplier)
        return self._write(sealed if delivered else self._writer.unconfirmed(sealed), tell=tell)

    def invoice(
        self,
        claim: str,
        values: Mapping[str, Value],
        *,
        order: PreparedStep | None = None,
        despite_difference: bool = False,
    ) -> Handle:
        """Seals the invoice of the current order under that order's key, and writes it; the chain compares the two.

        Args:
            claim: the claim.
            values: ``fr-optical-invoice`` values, by path.
            order: the current order as it was stored; looked up in the store if not given.
            despite_difference: write it although it differs from the order: the difference stays on the chain.

        Raises:
            NoOrder: nothing was ordered.
            OrderKeyMissing, NotAnOrder, OrderOfAnotherNumber: the current order is neither given nor stored.
            DifferenceNotConfirmed: it differs from the order, in the groups that the error names.
            RecordError: a value is missing or not canonical.
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        claim = checked_id(claim)
        number, order_locks = self._current_order(claim)
        key = self._order_key(claim, number, order)
        step = self._writer.pending(claim, Step.INVOICE, number, values)
        if step is None:
            record = self._seal("fr-optical-invoice", values, claim, Step.INVOICE, number)
            arguments: tuple[Argument, ...] = (
                claim,
                number,
                record.root,
                list(locks(record, key)),
                order_locks,
            )
            step = PreparedStep(claim, "invoice", arguments, record)
        require_confirmed(step, confirmed=despite_difference)
        return self._write(step)

    def cancel(
        self,
        claim: str,
        *,
        reason: str | None = None,
        reference: str | None = None,
        values: Mapping[str, Value] | None = None,
    ) -> Handle:
        """Cancels for ever a claim that is not invoiced.

        ``reason`` and ``reference`` are codes, sealed in a ``claim-note``; ``values`` the note's own, in their place.

        Raises:
            RecordError: a value is missing or not canonical.
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        claim = checked_id(claim)
        order_number = self._order_number(claim)
        note = note_values(self._today(), reason, reference, values)
        step = self._writer.pending(claim, Step.CANCEL, order_number, note)
        if step is None:
            record = self._seal("claim-note", note, claim, Step.CANCEL, order_number)
            step = PreparedStep(claim, "cancel", (claim, record.root), record)
        return self._write(step)

    # Showing

    def disclose(
        self,
        record: SealedRecord,
        paths: Iterable[str] | None = None,
        *,
        payer: int,
        clause: str,
        policy: Policy | str = DEFAULT_POLICY,
        consent: GivenConsent | None = None,
    ) -> Disclosure:
        """A disclosure of ``paths`` to a payer, or of all that the clause allows; dated by the chain's head.

        ``policy`` may be a policy's name, for the version in force today, or ``name/version``.

        Raises:
            PolicyUnknown, NoPolicyInForce, PolicyFolderMissing, PolicyBroken: the named policy cannot be used.
            ReaderNotNamed: ``payer`` is not the payer that the record's claim names; nothing was built.
            SubjectUnclear, NoSuchClaim: the record belongs to no claim, or to none that the chain holds.
            PathNotAllowed: the policy does not allow a path.
            DisclosureError: the policy does not apply, nothing may be shown, or a consent is missing, ended
                or too narrow.
        """
        if isinstance(policy, str):
            name, _, version = policy.partition("/")
            policy = load_policy(name, version or None, directory=self._policies)
        # Before anything is built: what is made out to another insurer cannot be called back.
        require_named(
            self._network, KIND, KINDS[KIND].readers, subject_of({}, {"record": record.scope.text()}), payer
        )
        head = self._network.head()
        made = build_disclosure(
            record,
            paths,
            sender=self.party,
            recipient=payer,
            policy=policy,
            clause=clause,
            consent=consent,
            made_at=datetime.fromtimestamp(head.timestamp, timezone.utc),
            policies=self._policies,
        )
        if made.consent is not None:
            consent_id_ = consent_id(made.consent.commitment, made.consent.key)
            state = consent_standing(self._network, consent_id_, head)
            if state.status is not Status.VALID:
                raise ConsentNotInForce(state=state.sentence)
        return made

    def given_consent(self, signed: SignedConsent, request: ConsentRequest | None = None) -> GivenConsent:
        """A consent as :meth:`disclose` takes it: the answer, checked, with the request that it answers.

        Raises:
            RequestMissing: the request is neither given nor stored.
            ConsentError: the consent is not the answer to this request, or not signed by its key.
        """
        asked = request or self._request(signed.commitment)
        signed.check(asked, self._network)
        return GivenConsent(asked.record, signed.key)

    def disclosure_envelope(self, disclosure: Disclosure) -> Envelope:
        """The envelope of a disclosure, for the payer that it names; it is made when the disclosure is.

        Raises:
            DisclosureOfAnotherTime: the disclosure was made earlier. Make another one.
            ReaderNotNamed: it names another payer than its claim does.
        """
        text = disclosure_envelope(self.mailbox, disclosure)
        return self._posted(Envelope(disclosure.recipient, text))

    def show(
        self,
        claim: str,
        *,
        clause: str,
        step: PreparedStep | None = None,
        paths: Iterable[str] | None = None,
        policy: Policy | str = DEFAULT_POLICY,
    ) -> Envelope:
        """Discloses a step of a claim to the claim's payer, in its envelope, under the claim's own consent.

        Args:
            claim: the claim.
            clause: the policy's clause; the claim's consent is relied on where it needs one.
            step: the step whose record is shown; the newest of the opening and the invoice that is stored if not given.
            paths, policy: as in :meth:`disclose`.

        Raises:
            NoStepToShow: neither an opening nor an invoice of the claim is stored.
            as :meth:`disclose` and :meth:`disclosure_envelope`.
        """
        shown = step or self._newest_shown(checked_id(claim))
        made = self.disclose(
            shown.record,
            paths,
            payer=self.history(claim).state.payer,
            clause=clause,
            policy=policy,
            consent=self._consent_of(checked_id(claim)),
        )
        return self.disclosure_envelope(made)

    def _newest_shown(self, claim: str) -> PreparedStep:
        for step in reversed(self.steps(claim)):
            if step.row.step in (Step.OPEN, Step.INVOICE):
                return step
        raise NoStepToShow(claim=claim)

    def _consent_of(self, claim: str) -> GivenConsent | None:
        """The consent under which a claim was opened, as it is stored."""
        opened = next((step for step in self.steps(claim) if step.row.step is Step.OPEN), None)
        consent = NO_CONSENT if opened is None else str(opened.argument("consent"))
        stored = self.store.get(Kind.SIGNED_CONSENT, consent)
        return None if stored is None else self.given_consent(SignedConsent.from_json(stored))

    def _rebuild(self, disclosure: Disclosure) -> Disclosure:
        """The same disclosure, made now. Raises as :meth:`disclose`, and :class:`NothingToRebuild`."""
        records = [
            record
            for step in self.steps(disclosure.scope.claim or "")
            for record in (step.record, *step.inner.values())
        ]
        record = next((each for each in records if each.root == disclosure.root), None)
        if record is None:
            raise NothingToRebuild
        consent = None
        if disclosure.consent is not None:
            try:
                asked = self._request(disclosure.consent.commitment)
            except RequestMissing:
                raise NothingToRebuild from None
            consent = GivenConsent(asked.record, disclosure.consent.key)
        return self.disclose(
            record,
            disclosure.paths,
            payer=disclosure.recipient,
            policy=disclosure.policy.id,
            clause=disclosure.policy.clause,
            consent=consent,
        )

    def act_code_key_envelope(self, order: PreparedStep) -> Envelope:
        """The envelope that gives the claim's payer the act-code key of an order, and no other key.

        Raises:
            NotAnOrder: the step places no order.
        """
        if not order.row.places_order:
            raise NotAnOrder
        payer = self.history(order.claim).state.payer
        return self._posted(Envelope(payer, act_code_key_envelope(self.mailbox, order, payer=payer)))

    def justify(self, claim: str, finding: str, reason: str, *, order_number: int | None = None) -> Envelope:
        """The practice's signed word on a finding, for the payer, which accepts it or not.

        Args:
            claim: the claim.
            finding: code of the finding, such as ``delivery-differs``.
            reason: why it is no wrong, as a code; nothing about a person.
            order_number: the order that the finding is about; the current one if not given.

        Raises:
            NotConcerned: this party has no part in the claim.
            NotJustifiable, OrderToName, ValueNotCanonical: the finding, the number or the reason is invalid.
        """
        made = justify(self.mailbox, self.history(claim), finding, reason, order_number=order_number)
        return self._posted(made)

    # What is sealed

    def _seal_claim(
        self,
        profile: str,
        values: Mapping[str, Value],
        payer: int,
        consent: str | None,
        prescription: Mapping[str, Value] | None,
    ) -> PreparedStep:
        consent = checked_id(consent or NO_CONSENT, CONSENT_ID)
        nonce = secrets.token_bytes(32)
        claim = claim_id(self.party, nonce)
        sealed_values = dict(values)
        inner = {}
        if prescription is not None:
            # Inside the claim's record, so that it is no step's own.
            scope = self._scope("optical-prescription", claim, Step.OPEN)
            inner["prescription"] = seal(scope, prescription)
            sealed_values[PRESCRIPTION_PATH] = inner["prescription"].root
        record = self._seal(profile, sealed_values, claim, Step.OPEN)
        arguments = (hex_of(nonce), payer, consent, record.root)
        return PreparedStep(claim, "open", arguments, record, inner)

    def _seal_order(
        self, claim: str, values: Mapping[str, Value], step: Step, number: int, supplier: int
    ) -> PreparedStep:
        pending = self._writer.pending(claim, step, number, values, number=supplier)
        if pending is not None:
            return pending
        key = OrderKey.draw()
        record = self._seal("lens-order", values, claim, step, number)
        replaced = (number - 1,) if step is Step.REMAKE else ()
        arguments: tuple[Argument, ...] = (claim, *replaced, supplier, record.root, list(locks(record, key)))
        return PreparedStep(claim, STEPS[step].function, arguments, record, order_key=key)

    def _write_consent(
        self, entry: str, consent: str, function: str, *arguments: Any, urgent: bool = False
    ) -> Handle:
        """Records or withdraws a consent: at once, or through the outbox."""
        if self._queue is not None:
            return queue(
                self._queue,
                f"{entry}:{consent}",
                "ConsentRegistry",
                function,
                *arguments,
                lane=consent,
                urgent=urgent,
            )
        return write(
            self._network,
            self.signer,
            "ConsentRegistry",
            function,
            *arguments,
            stands=lambda: self._stands(consent, _EVENTS[entry]),
        )

    def _entries(self, store: LocalStore) -> dict[str, Knower]:
        consents = {
            entry: ConsentEntries(partial(self._stands, event=event)) for entry, event in _EVENTS.items()
        }
        return {**super()._entries(store), **consents}

    def _stands(self, consent: str, event: str) -> Receipt | None:
        """Where this practice recorded, or withdrew, a consent."""
        state = read_state(self._network, consent)
        if state.recorder != self.party or (event == "ConsentWithdrawn" and not state.withdrawn_at):
            return None
        at = state.withdrawn_at if event == "ConsentWithdrawn" else state.recorded_at
        return newest(self._network, "ConsentRegistry", event, consent, at=at)

    def _request(self, commitment: str) -> ConsentRequest:
        read = None if self._store is None else self._store.get(Kind.CONSENT_REQUEST, commitment)
        if read is None:
            raise RequestMissing
        return ConsentRequest.from_json(read)

    def _require_authorised(self, claim: str, authorisation: ReceivedStep | None) -> None:
        """Raises unless the claim's authorisation was received; off line it was held against the chain before."""
        try:
            authorised = authorisation or self._authorisation(claim)
            written = self.history(claim).find(Step.AUTHORISE)
        except NodeError:
            if self._queue is None or not was_received(self.store, claim, Step.AUTHORISE):
                raise
            return
        if written is None or written.commitment != authorised.record.root:
            raise NotAuthorised(claim=claim)

    def _current_order(self, claim: str) -> tuple[int, list[str]]:
        """Number and locks of the current order, on the chain or in the outbox. Raises NoOrder."""
        if self._queue is None:
            return self.history(claim).current_order()
        newest = newest_order(self.store, claim)
        placed: tuple[int, list[str]] = (0, [])
        with suppress(NodeError, NoOrder, NoSuchClaim):
            placed = self.history(claim).current_order()
        if newest is not None and newest.order_number > placed[0]:
            return newest.order_number, [str(lock) for lock in listed(newest.argument("locks"))]
        if not placed[0]:
            raise NoOrder(claim=claim)
        return placed

    def _order_number(self, claim: str) -> int:
        """Number of the current order, 0 before the first; as :meth:`_current_order`."""
        if self._queue is None:
            return self.history(claim).state.order_number
        try:
            return self._current_order(claim)[0]
        except NoOrder:
            return 0

    def _authorisation(self, claim: str) -> ReceivedStep:
        """The newest authorisation of a claim that was received, held against the chain again."""
        unread: SceauError | None = None
        for stored in reversed([] if self._store is None else self._store.of_claim(Kind.MESSAGE, claim)):
            try:
                received = self.read(StoredMessage.from_json(stored))
            except (MessageError, InputError) as error:
                # Another party's message about the claim must not hide the payer's.
                unread = unread or error
                continue
            if isinstance(received, ReceivedStep) and received.written.step is Step.AUTHORISE:
                return received
        raise unread or AuthorisationMissing(claim=claim)

    def _order_key(self, claim: str, number: int, order: PreparedStep | None) -> OrderKey:
        if order is None:
            stored = [] if self._store is None else self.steps(claim)
            order = next(
                (step for step in stored if step.row.places_order and step.order_number == number), None
            )
            if order is None:
                raise OrderKeyMissing(order=number, claim=claim)
        if order.order_key is None or order.claim != claim:
            raise NotAnOrder
        if order.order_number != number:
            raise OrderOfAnotherNumber(order=order.order_number, current=number)
        return order.order_key
