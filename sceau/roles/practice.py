# SPDX-License-Identifier: Apache-2.0
"""What a practice's software does: asks for consents, opens claims, orders, invoices, discloses."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone

from sceau.chain.registries.claims import NO_CONSENT, claim_id
from sceau.chain.registries.consents import Status, read_state
from sceau.chain.terms import Step
from sceau.chain.transaction import Transaction, send
from sceau.claim.errors import NotAuthorised
from sceau.claim.prepared import Argument, PreparedStep
from sceau.conformity.keys import OrderKey
from sceau.conformity.seals import locks
from sceau.consent.request import ConsentRequest, make_request
from sceau.consent.signing import SignedConsent
from sceau.consent.typed_data import consent_id
from sceau.deployment import RegistryId
from sceau.disclosure import Disclosure, GivenConsent, build_disclosure
from sceau.disclosure.errors import ConsentNotInForce
from sceau.documents.identifiers import CONSENT_ID, bytes_of, checked_id, hex_of
from sceau.formats.optics.order import check_reason
from sceau.policy import Policy
from sceau.record import SealedRecord, Value
from sceau.roles.acting import ActingParty

#: Path under which a claim's record seals the prescription's own commitment.
PRESCRIPTION_PATH = "prescription.commitment"


@dataclass(frozen=True, repr=False)
class OpenedClaim:
    """A claim that was sent to the chain: its identifier, its secret opening, and the handle on its transaction."""

    claim: str
    record: SealedRecord
    transaction: Transaction


class Practice(ActingParty):
    """A practice acting with one of its signing keys."""

    def request_consent(
        self,
        *,
        payer: int,
        purpose: str,
        groups: Iterable[str],
        expires_on: date,
        attested: bool = False,
    ) -> ConsentRequest:
        """What the patient is asked to agree to: ``payer`` may be shown ``groups`` of data for ``purpose``.

        The consent ends at midnight UTC at the start of ``expires_on``, at most 731 days ahead by the chain's time.

        Raises:
            ConsentError: the end, the groups or the parties are not as they should be.
            RecordError: a value is not canonical.
        """
        return make_request(
            RegistryId.of(self._network.manifest),
            practice=self.party,
            payer=payer,
            purpose=purpose,
            groups=groups,
            expires_on=expires_on,
            head_time=self._network.node.head().timestamp,
            attested=attested,
        )

    def record_consent(self, signed: SignedConsent, request: ConsentRequest) -> Transaction:
        """Relays the consent that the patient signed at ``request``; the patient pays nothing.

        Raises:
            ConsentError: it is not the answer to this request, or not signed by its key; nothing was sent.
            ContractError: the registry refuses, for the reason its class names; nothing was written.
        """
        from eth_utils.address import to_checksum_address

        signed.check(request, self._network)
        return send(
            self._network,
            self._signer,
            "ConsentRegistry",
            "record",
            bytes_of(signed.commitment),
            to_checksum_address(signed.key),
            signed.expires_at,
            signed.attested,
            bytes_of(signed.signature),
        )

    def withdraw_consent(self, consent: str) -> Transaction:
        """Ends a consent that this practice recorded, at the word of a patient who lost the card."""
        raw = bytes_of(checked_id(consent, CONSENT_ID))
        return send(self._network, self._signer, "ConsentRegistry", "withdraw", raw)

    def prepare_claim(
        self,
        profile: str,
        values: Mapping[str, Value],
        *,
        payer: int,
        consent: str | None = None,
        prescription: Mapping[str, Value] | None = None,
    ) -> PreparedStep:
        """Seals a record (and a prescription inside it) for a new claim; nothing is sent.

        Keep the result before :meth:`send`: what it holds cannot be made again.

        Args:
            profile: name of the record's profile, such as ``fr-optical-quote``.
            values: the record, by path.
            payer: party number of the payer that may authorise the claim.
            consent: identifier of a consent that this practice recorded, or ``None``.
            prescription: values of ``optical-prescription``, sealed under a commitment of their own in the record.

        Raises:
            RecordError: a value is missing or not canonical.
            IdentifierInvalid: ``consent`` is no identifier.
        """
        consent = checked_id(consent or NO_CONSENT, CONSENT_ID)
        nonce = secrets.token_bytes(32)
        claim = claim_id(self.party, nonce)
        sealed_values = dict(values)
        inner = {}
        if prescription is not None:
            inner["prescription"] = self._seal("optical-prescription", prescription, claim, Step.OPEN)
            sealed_values[PRESCRIPTION_PATH] = inner["prescription"].root
        record = self._seal(profile, sealed_values, claim, Step.OPEN)
        arguments = (hex_of(nonce), payer, consent, record.root)
        return PreparedStep(claim, "open", arguments, record, inner)

    def open_claim(
        self,
        profile: str,
        values: Mapping[str, Value],
        *,
        payer: int,
        keep: Callable[[PreparedStep], object],
        consent: str | None = None,
        prescription: Mapping[str, Value] | None = None,
    ) -> OpenedClaim:
        """:meth:`prepare_claim`, then ``keep`` (to disk), then :meth:`send`; raises as they do."""
        prepared = self.prepare_claim(
            profile, values, payer=payer, consent=consent, prescription=prescription
        )
        keep(prepared)
        return OpenedClaim(prepared.claim, prepared.record, self.send(prepared))

    def prepare_order(
        self, claim: str, values: Mapping[str, Value], *, supplier: int, authorisation: SealedRecord
    ) -> PreparedStep:
        """Seals the first order of an authorised claim under a fresh order key; nothing is sent.

        Args:
            claim: the claim.
            values: ``lens-order`` values, by path.
            supplier: party number of the supplier that will deliver.
            authorisation: the opening of the payer's authorisation, from its envelope: nothing is ordered on the
                strength of an authorisation that does not open.

        Raises:
            NotAuthorised: ``authorisation`` is not that of the claim on the chain.
            ReasonWrong: the order gives a reason, and replaces nothing.
            RecordError: a value is missing or not canonical.
        """
        check_reason(values, order=1)
        written = self.history(claim).find(Step.AUTHORISE)
        if written is None or written.commitment != authorisation.root:
            raise NotAuthorised(claim=claim)
        return self._prepare_order(claim, values, Step.ORDER, 1, supplier, ("order", ()))

    def prepare_remake(self, claim: str, values: Mapping[str, Value], *, supplier: int) -> PreparedStep:
        """Seals an order that replaces the current one: a correction of it, or a remake; as :meth:`prepare_order`.

        ``order.reason`` of ``values`` says why (breakage, adaptation, defect, correction); the chain never does.

        Raises:
            NoOrder: nothing was ordered that could be replaced.
            ReasonWrong: there is no reason, or it is a correction and the current order is attested as delivered.
            RecordError: a value is missing or not canonical.
        """
        history = self.history(claim)
        replaced, _ = history.current_order()
        delivered = history.find(Step.DELIVER, replaced) is not None
        check_reason(values, order=replaced + 1, replaced_delivered=delivered)
        return self._prepare_order(
            claim, values, Step.REMAKE, replaced + 1, supplier, ("remake", (replaced,))
        )

    def _prepare_order(
        self,
        claim: str,
        values: Mapping[str, Value],
        step: Step,
        number: int,
        supplier: int,
        call: tuple[str, tuple[int, ...]],
    ) -> PreparedStep:
        claim, key = checked_id(claim), OrderKey.draw()
        record = self._seal("lens-order", values, claim, step, number)
        function, before = call
        arguments: tuple[Argument, ...] = (claim, *before, supplier, record.root, list(locks(record, key)))
        return PreparedStep(claim, function, arguments, record, order_key=key)

    def prepare_invoice(self, claim: str, values: Mapping[str, Value], *, key: OrderKey) -> PreparedStep:
        """Seals the invoice of the current order under that order's ``key``; nothing is sent.

        Raises:
            RecordError: a ``fr-optical-invoice`` value is missing or not canonical.
            NoOrder: nothing was ordered.
        """
        number, order_locks = self.history(claim).current_order()
        record = self._seal("fr-optical-invoice", values, checked_id(claim), Step.INVOICE, number)
        arguments = (record.scope.claim or "", number, record.root, list(locks(record, key)), order_locks)
        return PreparedStep(record.scope.claim or "", "invoice", arguments, record)

    def prepare_cancellation(self, claim: str, values: Mapping[str, Value]) -> PreparedStep:
        """Seals the cancellation of a claim that is not invoiced, with its reason (``claim-note``)."""
        order = self.history(claim).state.order
        record = self._seal("claim-note", values, checked_id(claim), Step.CANCEL, order)
        return PreparedStep(checked_id(claim), "cancel", (checked_id(claim), record.root), record)

    def disclose(
        self,
        record: SealedRecord,
        paths: Iterable[str] | None = None,
        *,
        recipient: int,
        policy: Policy,
        clause: str,
        consent: GivenConsent | None = None,
    ) -> Disclosure:
        """A disclosure of ``paths`` to a payer, or of all that the clause allows; dated by the chain's head.

        Raises:
            PathNotAllowed: the policy does not allow a path.
            DisclosureError: the policy does not apply, nothing may be shown, or a consent is missing, ended
                or too narrow.
        """
        head = self._network.node.head()
        made = build_disclosure(
            record,
            paths,
            sender=self.party,
            recipient=recipient,
            policy=policy,
            clause=clause,
            consent=consent,
            made_at=datetime.fromtimestamp(head.timestamp, timezone.utc),
        )
        if made.consent is not None:
            state = read_state(self._network, consent_id(made.consent.commitment, made.consent.key), head)
            if state.status is not Status.VALID:
                raise ConsentNotInForce(state=state.words())
        return made
