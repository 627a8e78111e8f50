# SPDX-License-Identifier: Apache-2.0
"""The main job through the client's verbs: consent, claim, disclosure, verdict, revocation."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from sceau import Disclosure, GivenConsent, Outcome, Payer, Practice, Verdict, load_policy
from sceau.consent import card as card_module
from sceau.formats.optics.quote import load_quote
from sceau.roles.patient import Patient
from sceau.store import LocalStore
from scripts.documents import document
from tests.support.round import GROUPS, PURPOSE
from tests.support.stage import Stage

PIN = "482915"


def codes(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.reasons}


def test_a_patient_consents_by_a_card_is_believed_and_takes_it_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The strength of the card's PIN is tested elsewhere; here it would cost two seconds.
    monkeypatch.setattr(card_module, "SCRYPT_N", 2**10)
    chain, payer = stage.chain, stage.round.payer
    practice = Practice(chain.network, chain.signers["practice"], store=LocalStore(None))
    made = practice.request_consent(
        payer=chain.party("payer"),
        purpose=PURPOSE,
        groups=GROUPS,
        expires_on=stage.round.today() + timedelta(days=30),
    )
    patient = Patient(chain.network)
    asked = patient.read_request(json.dumps(made.to_json()))
    signed, card = patient.sign(asked, PIN)
    practice.record_consent(signed, made).wait(30)
    claim = practice.open_claim(
        "fr-optical-quote",
        load_quote(document("quote")),
        payer=payer.party,
        consent=signed.consent,
    )
    claim.wait(30)
    assert claim.step is not None
    disclosure = practice.disclose(
        claim.step.record,
        payer=payer.party,
        policy=load_policy("fr-responsible-contract"),
        clause="detailed",
        consent=GivenConsent(made.record, signed.key),
    )
    received = Disclosure.from_json(json.dumps(disclosure.to_json()))
    verdict = payer.verify(received)
    assert verdict.outcome is Outcome.ACCEPTED
    assert verdict.values["right.code"] == "VXB1"
    assert verdict.block.hash == chain.network.node.head().hash

    Patient(chain.network, card.unlock(PIN), sender=chain.signers["stranger"]).revoke().wait(30)
    again = payer.verify(received)
    assert again.outcome is Outcome.REFUSED
    assert codes(again) == {"consent-revoked"}
    assert again.values == {}


def test_what_needs_no_consent_stays_accepted_after_a_revocation(stage: Stage) -> None:
    stage.round.revoke()
    verdict = stage.round.verdict("minimal")
    assert verdict.outcome is Outcome.ACCEPTED
    assert verdict.values["total.amc"] == 34_397


def test_a_consent_counts_up_to_the_last_second_of_its_time(stage: Stage) -> None:
    disclosure, ends = stage.round.disclose(), stage.round.signed.expires_at
    # A verification writes nothing, so the block it reads is the one made here.
    for time, expected in ((ends - 1, set()), (ends, {"consent-expired"})):
        stage.chain.test_node.request("evm_mine", time)
        assert stage.chain.now == time
        assert codes(stage.round.payer.verify(disclosure)) == expected


def test_a_consent_taken_back_by_practice_is_told_from_one_revoked(stage: Stage) -> None:
    disclosure = stage.round.disclose()
    stage.round.practice.withdraw_consent(stage.round.signed.consent).wait(30)
    assert codes(stage.round.payer.verify(disclosure)) == {"consent-withdrawn"}
    stage.round.revoke()
    assert codes(stage.round.payer.verify(disclosure)) == {"consent-revoked", "consent-withdrawn"}


def test_another_payer_is_told_that_it_is_not_addressed(stage: Stage) -> None:
    other = Payer(stage.chain.network, stage.chain.signers["other_payer"])
    verdict = other.verify(stage.round.disclose())
    assert codes(verdict) == {"not-addressed"}
    assert verdict.values == {}
