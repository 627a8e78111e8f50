# SPDX-License-Identifier: Apache-2.0
"""What a practice's software does: asks for consents, opens claims, orders, invoices, discloses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from pathlib import Path

from sceau.chain.network import Network
from sceau.chain.registries.claims import NO_CONSENT
from sceau.chain.registries.consents import Status, consent_standing
from sceau.chain.signer import Signer
from sceau.claim.errors import NoOrder
from sceau.claim.prepared import PreparedStep
from sceau.consent.signing import SignedConsent
from sceau.consent.typed_data import consent_id
from sceau.disclosure import Disclosure, GivenConsent, build_disclosure
from sceau.disclosure.errors import ConsentNotInForce
from sceau.documents.identifiers import checked_id
from sceau.messages.act_codes import act_code_key_envelope
from sceau.messages.disclosure import KIND, disclosure_envelope
from sceau.messages.errors import NothingToRebuild
from sceau.messages.kinds import KINDS
from sceau.messages.mailbox import Mailbox
from sceau.messages.readers import require_named, subject_of
from sceau.messages.transport import Transport
from sceau.policy import Policy, load_policy
from sceau.record import SealedRecord
from sceau.roles.errors import (
    NoStepToShow,
    NotAnOrder,
    RequestMissing,
)
from sceau.roles.handle import Envelope
from sceau.roles.justifying import justify
from sceau.roles.offline import newest_order
from sceau.roles.ordering import OrderingParty
from sceau.roles.policies import keep_policy
from sceau.settings import Settings
from sceau.store import Kind, Store
from sceau.terms import Step

#: The policy of a disclosure, unless another is named.
DEFAULT_POLICY = "fr-responsible-contract"


class Practice(OrderingParty):
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
        if self._store is not None:
            keep_policy(self._store, policy)
        return made

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
            step: the step whose record is shown; if not given, the newest stored one of opening and invoice.
            paths, policy: as in :meth:`disclose`.

        Raises:
            NoStepToShow: neither an opening nor an invoice of the claim is stored.
            as :meth:`disclose` and :meth:`disclosure_envelope`.
        """
        return self.disclosure_envelope(
            self.shown(claim, clause=clause, step=step, paths=paths, policy=policy)
        )

    def shown(
        self,
        claim: str,
        *,
        clause: str,
        step: PreparedStep | None = None,
        paths: Iterable[str] | None = None,
        policy: Policy | str = DEFAULT_POLICY,
        payer: int | None = None,
    ) -> Disclosure:
        """The disclosure that :meth:`show` puts into an envelope; ``payer`` is the claim's if not given.

        Raises as :meth:`show`.
        """
        claim = checked_id(claim)
        return self.disclose(
            (step or self._newest_shown(claim)).record,
            paths,
            payer=payer or self.history(claim).state.payer,
            clause=clause,
            policy=policy,
            consent=self._consent_of(claim),
        )

    def _newest_shown(self, claim: str) -> PreparedStep:
        shown = self.steps(claim, Step.OPEN, Step.INVOICE)
        if not shown:
            raise NoStepToShow(claim=claim)
        return shown[-1]

    def _consent_of(self, claim: str) -> GivenConsent | None:
        """The consent under which a claim was opened, as it is stored."""
        opened = next(iter(self.steps(claim, Step.OPEN)), None)
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

    def placed_order(self, claim: str) -> PreparedStep:
        """The newest order of a claim that this practice placed. Raises :class:`NoOrder`."""
        placed = newest_order(self.store, checked_id(claim))
        if placed is None:
            raise NoOrder(claim=claim)
        return placed

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
        """The practice's signed justification of a finding, for the payer, which accepts it or not.

        Args:
            claim: the claim.
            finding: code of the finding, such as ``delivery-differs``.
            reason: why it is not a fault, as a code; nothing about a person.
            order_number: the order that the finding is about; the current one if not given.

        Raises:
            NotConcerned: this party has no part in the claim.
            NotJustifiable, OrderToName, ValueNotCanonical: the finding, the number or the reason is invalid.
        """
        made = justify(self.mailbox, self.history(claim), finding, reason, order_number=order_number)
        return self._posted(made)
