# SPDX-License-Identifier: Apache-2.0
"""The whole scenario, through the roles' verbs: what is public of it is the same for every story.

Consents are signed, attested, revoked by signature, directly, before they are recorded, withdrawn, and run out.
Claims are opened from a quote and from FHIR files, authorised, ordered, delivered as ordered and not, remade,
disputed, returned, invoiced as ordered and not, settled, refused, cancelled. Much is tried that is refused.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

from sceau import GivenConsent
from sceau.consent.card import Card, UnlockedCard
from sceau.consent.request import ConsentRequest
from sceau.consent.revocation import revoke_directly
from sceau.consent.signing import SignedConsent, sign_consent
from sceau.roles.patient import Patient
from tests.leaks.lives import StoryLife
from tests.leaks.play import Play
from tests.leaks.refusals import refuse_consents, refuse_files, refuse_late, refuse_steps, refuse_verbs
from tests.support.deployed import key

#: Days after the play's first day on which a consent ends: public, and no date of a story.
ENDS = {"signed": 60, "attested": 61, "early": 62, "direct": 63, "expired": 20}


def perform(play: Play) -> None:
    """Plays everything on a stage that was set for it."""
    consents, claims = Consents(play), Claims(play)
    consents.record()
    claims.perform(consents.given("signed"))
    consents.end()
    refuse_consents(play, consents.requests, consents.signed, consents.cards)
    refuse_files(play, claims.lives["glasses"], consents.given("signed"))
    refuse_late(play, claims.lives["again"], consents.signed["expired"].consent)


def perform_briefly(play: Play) -> None:
    """One claim from its opening to a delivery, for tests that break something on purpose."""
    life = StoryLife(play, "glasses")
    life.open_quote()
    life.authorise()
    life.order()
    life.deliver()


class Consents:
    """Consents, from their signing to their end."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.requests: dict[str, ConsentRequest] = {}
        self.signed: dict[str, SignedConsent] = {}
        self.cards: dict[str, UnlockedCard] = {}

    def record(self) -> None:
        """All are signed; one is revoked at once, and the others are recorded."""
        for name in ENDS:
            self._sign(name)
        # The patient is faster than the shop's outbox: the consent can never be recorded.
        self._revoke("early")
        for name in ("signed", "attested", "direct", "expired"):
            handle = self.play.practice.record_consent(self.signed[name])
            self.play.written(f"consent {name}", handle)

    def end(self) -> None:
        """All but one end: by a signature that somebody relays, by the practice, by the card's own key."""
        play = self.play
        self._revoke("signed")
        play.written("consent attested", play.practice.withdraw_consent(self.signed["attested"].consent))
        play.chain.fund(self.cards["direct"].key.address)
        play.show(revoke_directly(play.network, self.cards["direct"])).wait(30)

    def given(self, name: str) -> GivenConsent:
        return self.play.show(self.play.practice.given_consent(self.signed[name]))

    def _sign(self, name: str) -> None:
        play, terms = self.play, self.play.story.consents[name]
        today = datetime.fromtimestamp(play.chain.now, timezone.utc).date()
        made = play.practice.request_consent(
            payer=play.chain.party(terms.payer),
            purpose=terms.purpose,
            groups=terms.groups,
            expires_on=today + timedelta(days=ENDS[name]),
            attested=name == "attested",
        )
        patient = play.show(Patient(play.network))
        request = patient.read_request(json.dumps(made.to_json()))
        play.hold(f"consent {name}", request.record)
        fresh = key(f"consent {name}")
        play.secrets[f"key of consent {name}"] = fresh.key_bytes()
        if name == "signed":
            # With a card, as a patient does it; the other cards would cost a second each and write nothing else.
            signed, card = patient.sign(request, play.story.pin, key=fresh)
            card = play.show(Card.from_json(json.dumps(card.to_json())))
            unlocked = card.unlock(play.story.pin)
            play.refused("card-wrong-pin", card.unlock, play.story.pin[::-1])
            play.refused("card-locked", Patient(play.network, card).revoke)
            known = play.chain.signers["practice"]
            play.refused("key-has-history", patient.sign, request, play.story.pin, key=known)
        else:
            signed = sign_consent(request, fresh)
            unlocked = UnlockedCard(request.registry, request.commitment, fresh)
        self.requests[name], self.signed[name], self.cards[name] = request, signed, unlocked
        play.consents[name] = signed.consent
        for each in (request, signed, unlocked):
            play.show(each)

    def _revoke(self, name: str) -> None:
        """By the card, through somebody who pays."""
        play, card = self.play, self.cards[name]
        play.refused("card-missing", Patient(play.network).revoke)
        play.refused("relay-key-needed", Patient(play.network, card).revoke)
        patient = play.show(Patient(play.network, card, sender=play.chain.signers["stranger"]))
        play.show(play.show(play.show(patient.revoke()).wait(30)).proof)


class Claims:
    """Five claims, written by their parties as the protocol's table allows."""

    def __init__(self, play: Play) -> None:
        self.play = play
        names = ("glasses", "fhir", "again", "refused", "cancelled")
        self.lives = {name: StoryLife(play, name) for name in names}

    def perform(self, consent: GivenConsent) -> None:
        consents, lives = self.play.consents, self.lives
        lives["glasses"].open_quote(consents["signed"])
        self._disclose(consent)
        lives["fhir"].open_fhir(consents["attested"])
        for name in ("again", "refused", "cancelled"):
            lives[name].open_quote()
        self.glasses()
        self.fhir()
        self.again()
        lives["cancelled"].authorise()
        lives["cancelled"].order()
        refuse_steps(self.play, lives)
        refuse_verbs(self.play, lives)
        lives["refused"].refuse()
        # The supplier disputes the order, and the practice gives the claim up.
        lives["cancelled"].dispute()
        lives["cancelled"].cancel()
        for life in lives.values():
            life.see_stores()

    def glasses(self) -> None:
        """Another lens is delivered, disputed by nobody, remade, delivered as ordered, paid, brought back, made anew.

        What was paid is then in doubt: the payer holds no key of the order that stands.
        """
        life = self.lives["glasses"]
        life.authorise()
        life.order()
        assert life.answer().accepted
        life.deliver(**life.story.swapped)
        life.remake(life.story.reason)
        assert life.answer().accepted
        life.deliver()
        life.invoice()
        life.settle()
        life.record_return()
        life.remake(life.story.reason)
        assert life.answer().accepted
        life.deliver()

    def fhir(self) -> None:
        """The supplier is not connected; the payer refuses the invoice, which says another lens."""
        life = self.lives["fhir"]
        life.authorise()
        life.connected = False
        life.order()
        life.invoice(**life.story.miscounted)
        life.refuse("invoice")

    def again(self) -> None:
        """The delivery comes after the settlement."""
        life = self.lives["again"]
        life.authorise()
        life.order()
        assert life.answer().accepted
        life.invoice()
        life.settle()
        life.deliver()

    def _disclose(self, consent: GivenConsent) -> None:
        """What policy and consent allow, in an envelope, to the payer, who verifies it."""
        life = self.lives["glasses"]
        received = life.show(life.disclosure(clause="detailed", consent=consent))
        verdict = self.play.show(life.payer.verify(received, clock=self.play.clock))
        assert verdict.values, "the payer was shown nothing"
