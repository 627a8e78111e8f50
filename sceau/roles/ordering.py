# SPDX-License-Identifier: Apache-2.0
"""What a practice writes on claims: it opens, orders, remakes, invoices and cancels."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import nullcontext, suppress

from sceau.chain.registries.claims import NO_CONSENT, claim_id
from sceau.chain.registries.consents import consent_standing
from sceau.chain.registries.errors import NoSuchClaim
from sceau.claim.errors import NoOrder, NotAuthorised, OrderKeyMissing
from sceau.claim.prepared import Argument, PreparedStep
from sceau.claim.steps import STEPS
from sceau.conformity.keys import OrderKey
from sceau.conformity.seals import locks
from sceau.disclosure.errors import ConsentNotInForce
from sceau.documents.identifiers import CONSENT_ID, checked_id, hex_of
from sceau.errors import InputError, MessageError, NodeError, SceauError
from sceau.formats.optics.order import check_reason
from sceau.messages.step import ReceivedStep
from sceau.messages.stored import StoredMessage
from sceau.record import Value, seal
from sceau.roles.confirmed import require_confirmed
from sceau.roles.consenting import ConsentingParty
from sceau.roles.errors import (
    AuthorisationMissing,
    NotAnOrder,
    OrderOfAnotherNumber,
)
from sceau.roles.handle import Handle
from sceau.roles.notes import note_values
from sceau.roles.offline import listed, newest_order, was_received
from sceau.store import Kind
from sceau.terms import Role, Step

#: Path under which a claim's record seals the prescription's own commitment.
PRESCRIPTION_PATH = "prescription.commitment"


class OrderingParty(ConsentingParty):
    """A practice, as far as the steps of its claims go; arguments as :class:`PartyBase`."""

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
            ConsentDoesNotCover: the consent, as it is stored, names another payer.
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        assumed = self._named(payer, Role.PAYER)
        if consent is not None:
            self._require_consent_to(payer, consent)
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
            authorisation: the payer's authorisation as it was received; looked up in the store if not given. An
                authorisation that does not open allows no order.
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

        ``order.reason`` of ``values`` says why (breakage, adaptation, defect, correction); the chain does not.

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
            # Inside the claim's record, so it is no step's own.
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

    def _require_authorised(self, claim: str, authorisation: ReceivedStep | None) -> None:
        """Raises unless the claim's authorisation was received; off line it was checked against the chain before."""
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
        """The newest authorisation of a claim that was received, checked against the chain again."""
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
            stored = [] if self._store is None else self.steps(claim, Step.ORDER, Step.REMAKE)
            order = next((step for step in stored if step.order_number == number), None)
            if order is None:
                raise OrderKeyMissing(order=number, claim=claim)
        if order.order_key is None or order.claim != claim:
            raise NotAnOrder
        if order.order_number != number:
            raise OrderOfAnotherNumber(order=order.order_number, current=number)
        return order.order_key
