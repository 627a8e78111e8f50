# SPDX-License-Identifier: Apache-2.0
"""The whole scenario, through the client's verbs: what is public of it is the same for every story.

Consents are signed, attested, revoked by signature, directly, before they are recorded, withdrawn, and run out.
Claims are opened from a quote and from FHIR files, authorised, ordered, delivered as ordered and not, remade,
disputed, returned, invoiced as ordered and not, settled, refused, cancelled. Much is tried that is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from sceau import Disclosure, GivenConsent, load_policy
from sceau.chain.signer import Signer
from sceau.chain.terms import Step
from sceau.claim.prepared import PreparedStep
from sceau.conformity.keys import OrderKey
from sceau.consent.card import Card, UnlockedCard
from sceau.consent.request import ConsentRequest
from sceau.consent.revocation import relay, revoke_directly, sign_revocation
from sceau.consent.signing import SignedConsent, sign_consent
from sceau.formats.fhir import import_claim, import_prescription
from sceau.messages.disclosure import disclosure_envelope, receive_disclosure
from sceau.messages.order import ReceivedOrder, answer_envelope, order_envelope, receive_answer, receive_order
from sceau.messages.step import receive_step, step_envelope
from sceau.record import SealedRecord, Value
from sceau.roles.patient import Patient
from tests.leaks.play import Play
from tests.leaks.refusals import refuse_claims, refuse_consents, refuse_files
from tests.leaks.stories import Claim
from tests.support.deployed import key

QUOTE = "fr-optical-quote"
POLICY = "fr-responsible-contract"

#: Days after the play's first day on which a consent ends: public, and no date of a story.
ENDS = {"signed": 60, "attested": 61, "early": 62, "direct": 63, "expired": 20}


def perform(play: Play) -> None:
    """Plays everything on a stage that was set for it."""
    Consents(play).perform()


def perform_briefly(play: Play) -> None:
    """One claim from its opening to a delivery, for tests that break something on purpose."""
    claims = Claims(play)
    claims.open("glasses", QUOTE, None)
    claims.authorise("glasses")
    claims.order("glasses")
    claims.deliver("glasses")


class Consents:
    """Consents, and between their recording and their end the claims that are opened under them."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.requests: dict[str, ConsentRequest] = {}
        self.signed: dict[str, SignedConsent] = {}
        self.cards: dict[str, UnlockedCard] = {}

    def perform(self) -> None:
        for name in ENDS:
            self._sign(name)
        # The patient is faster than the shop's outbox: the consent can never be recorded.
        self._revoke("early")
        for name in ("signed", "attested", "direct", "expired"):
            self.play.practice().record_consent(self.signed[name], self.requests[name]).wait(30)
        claims = Claims(self.play)
        claims.perform(self._held("signed"))
        self._revoke("signed")
        self.play.practice().withdraw_consent(self.signed["attested"].consent).wait(30)
        self.play.chain.fund(self.cards["direct"].key.address)
        revoke_directly(self.play.network, self.cards["direct"]).wait(30)
        refuse_consents(self.play, self.requests, self.signed, self.cards)
        refuse_files(self.play, claims.opened["glasses"], self._held("signed"))
        self.play.chain.sleep(25 * 86_400)
        claims.late(self.signed["expired"].consent)

    def _sign(self, name: str) -> None:
        play, terms = self.play, self.play.story.consents[name]
        today = datetime.fromtimestamp(play.chain.now, timezone.utc).date()
        made = play.practice().request_consent(
            payer=play.chain.party(terms.payer),
            purpose=terms.purpose,
            groups=terms.groups,
            expires_on=today + timedelta(days=ENDS[name]),
            attested=name == "attested",
        )
        patient = Patient(play.network)
        request = patient.read_request(json.dumps(made.to_json()))
        play.hold(f"consent {name}", request.record)
        fresh = key(f"consent {name}")
        play.secrets[f"key of consent {name}"] = fresh.key_bytes()
        if name == "signed":
            # With a card, as a patient does it; the other cards would cost a second each and write nothing else.
            signed, card = patient.sign(request, play.story.pin, key=fresh)
            card = Card.from_json(json.dumps(card.to_json()))
            unlocked = card.unlock(play.story.pin)
            play.shown += [repr(card), str(card)]
            play.refused("card-wrong-pin", lambda: card.unlock(play.story.pin[::-1]))
        else:
            signed = sign_consent(request, fresh)
            unlocked = UnlockedCard(request.registry, request.commitment, fresh)
        self.requests[name], self.signed[name], self.cards[name] = request, signed, unlocked
        play.consents[name] = signed.consent
        play.shown += [repr(request), repr(signed), repr(unlocked)]

    def _revoke(self, name: str) -> None:
        revocation = sign_revocation(self.cards[name])
        relay(self.play.network, self.play.chain.signers["stranger"], revocation).wait(30)

    def _held(self, name: str) -> GivenConsent:
        return GivenConsent(self.requests[name].record, self.signed[name].key)


class Claims:
    """Five claims, written by their parties as the protocol's table allows, and a sixth that comes too late."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.opened: dict[str, PreparedStep] = {}
        self.authorised: dict[str, SealedRecord] = {}
        self.keys: dict[str, OrderKey] = {}
        self.received: dict[str, ReceivedOrder] = {}

    def perform(self, consent: GivenConsent) -> None:
        consents = self.play.consents
        self.open("glasses", QUOTE, consents["signed"])
        self.disclose("glasses", consent)
        self.open("fhir", "optical-claim", consents["attested"])
        for name in ("again", "refused", "cancelled"):
            self.open(name, QUOTE, None)
        self.glasses()
        self.fhir()
        self.again()
        refuse_claims(self.play, self.opened["glasses"], self.received["glasses"], self.keys["glasses"])
        self.decide("refused", Step.REFUSE)
        self.authorise("cancelled")
        self.order("cancelled")
        self.note("cancelled", "disputed")
        self.note("cancelled", "cancelled")

    def glasses(self) -> None:
        """Another lens is delivered, disputed by nobody, remade, delivered as ordered, paid, and brought back."""
        self.authorise("glasses")
        self.order("glasses")
        self.deliver("glasses", self.says("glasses").swapped)
        self.order("glasses", remake=True)
        self.deliver("glasses")
        self.invoice("glasses")
        self.decide("glasses", Step.SETTLE)
        self.note("glasses", "returned")

    def fhir(self) -> None:
        """The supplier is not connected; the payer refuses the invoice."""
        self.authorise("fhir")
        self.order("fhir")
        self.invoice("fhir")
        self.decide("fhir", Step.REFUSE)

    def again(self) -> None:
        """The invoice says another lens; the delivery comes after the settlement."""
        self.authorise("again")
        self.order("again")
        self.invoice("again", self.says("again").miscounted)
        self.decide("again", Step.SETTLE)
        self.deliver("again")

    def late(self, consent: str) -> None:
        """Under a consent that ran out nothing opens."""
        prepared = self.prepare("late", self.says("again"), QUOTE, consent)
        self.play.step_refused("claim-consent-not-valid", self.signer("practice"), prepared)

    def says(self, name: str) -> Claim:
        return self.play.story.claims[name]

    def signer(self, name: str) -> Signer:
        return self.play.chain.signers[name]

    def prepare(self, name: str, says: Claim, profile: str, consent: str | None) -> PreparedStep:
        values: Mapping[str, Value]
        prescription: Mapping[str, Value] | None = None
        if profile == QUOTE:
            values = says.record(QUOTE)
            if "prescription.written" in says.says:
                prescription = says.record("optical-prescription")
        else:
            files = self.play.story.fhir
            values = import_claim(files["Claim"], files["Coverage"]).values
            prescription = import_prescription(files["VisionPrescription"]).values
        payer = self.play.chain.party("payer")
        practice = self.play.practice()
        prepared = practice.prepare_claim(
            profile, values, payer=payer, consent=consent, prescription=prescription
        )
        return self.play.keep(f"{name} opened", prepared)

    def open(self, name: str, profile: str, consent: str | None) -> None:
        prepared = self.prepare(name, self.says(name), profile, consent)
        self.play.practice().send(prepared).wait(30)
        self.opened[name] = prepared
        self.play.claims[name] = prepared.claim

    def disclose(self, name: str, consent: GivenConsent) -> None:
        """What policy and consent allow, in an envelope, to the payer, who verifies it."""
        play = self.play
        made = play.practice().disclose(
            self.opened[name].record,
            recipient=play.chain.party("payer"),
            policy=load_policy(POLICY),
            clause="detailed",
            consent=consent,
        )
        envelope = disclosure_envelope(play.posts["practice"], made)
        received = receive_disclosure(play.posts["payer"], envelope)
        play.shown += [repr(made), repr(received), repr(consent)]
        verdict = play.payer().verify(received, clock=play.clock)
        assert verdict.values, "the payer was shown nothing"

    def head(self, name: str) -> str:
        """The head that the payer verified, over what it may see without consent."""
        play = self.play
        made = play.practice().disclose(
            self.opened[name].record,
            recipient=play.chain.party("payer"),
            policy=load_policy(POLICY),
            clause="minimal",
        )
        verdict = play.payer().verify(Disclosure.from_json(made.to_json()), clock=play.clock)
        return verdict.head or play.practice().history(self.opened[name].claim).state.head

    def authorise(self, name: str) -> None:
        prepared = self.decide(name, Step.AUTHORISE)
        envelope = step_envelope(
            self.play.posts["payer"], prepared, recipient=self.play.chain.party("practice")
        )
        received = receive_step(self.play.posts["practice"], envelope, Step.AUTHORISE)
        self.authorised[name] = received.record
        self.play.shown.append(repr(received))

    def decide(self, name: str, step: Step) -> PreparedStep:
        without = {
            Step.AUTHORISE: ("decision.reason", "payment."),
            Step.REFUSE: ("payment.", "valid-until", "total."),
            Step.SETTLE: ("decision.reason", "valid-until"),
        }[step]
        values = self.says(name).record("payer-decision", without=without)
        payer, claim, head = self.play.payer(), self.opened[name].claim, self.head(name)
        prepare = {
            Step.AUTHORISE: payer.prepare_authorisation,
            Step.REFUSE: payer.prepare_refusal,
            Step.SETTLE: payer.prepare_settlement,
        }[step]
        return self.play.write(f"{name} {step.name.lower()}", payer, prepare(claim, values, head=head))

    def order(self, name: str, *, remake: bool = False) -> None:
        play, says, claim = self.play, self.says(name), self.opened[name].claim
        practice, supplier = play.practice(), play.chain.party("supplier")
        if remake:
            values = says.record("lens-order", order__reason=says.reason)
            prepared = practice.prepare_remake(claim, values, supplier=supplier)
        else:
            prepared = practice.prepare_order(
                claim, says.record("lens-order"), supplier=supplier, authorisation=self.authorised[name]
            )
        kept = play.write(f"{name} {'remade' if remake else 'ordered'}", practice, prepared)
        assert kept.order_key is not None
        self.keys[name] = kept.order_key
        envelope = order_envelope(play.posts["practice"], kept, supplier=supplier)
        self.received[name] = receive_order(play.posts["supplier"], envelope)
        answer = answer_envelope(play.posts["supplier"], self.received[name])
        assert receive_answer(play.posts["practice"], answer).accepted
        play.shown.append(repr(self.received[name]))

    def deliver(self, name: str, swapped: Mapping[str, Value] | None = None) -> None:
        supplier, order = self.play.supplier(), self.received[name]
        values = self.says(name).record("lens-delivery") | dict(swapped or {})
        prepared = supplier.prepare_delivery(order, values)
        self.play.write(f"{name} delivery of order {order.order_number}", supplier, prepared)

    def invoice(self, name: str, miscounted: Mapping[str, Value] | None = None) -> None:
        practice, claim = self.play.practice(), self.opened[name].claim
        values = self.says(name).record("fr-optical-invoice") | dict(miscounted or {})
        prepared = practice.prepare_invoice(claim, values, key=self.keys[name])
        self.play.write(f"{name} invoiced", practice, prepared)

    def note(self, name: str, kind: str) -> None:
        values, claim = self.says(name).notes[kind], self.opened[name].claim
        practice, supplier = self.play.practice(), self.play.supplier()
        if kind == "cancelled":
            self.play.write(f"{name} {kind}", practice, practice.prepare_cancellation(claim, values))
        elif kind == "disputed":
            self.play.write(f"{name} {kind}", supplier, supplier.prepare_dispute(claim, values))
        else:
            self.play.write(f"{name} {kind}", supplier, supplier.prepare_return(claim, values))
