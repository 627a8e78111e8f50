# SPDX-License-Identifier: Apache-2.0
"""The main job through the client's verbs: consent, claim, disclosure, verdict, revocation."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from sceau import Disclosure, HeldConsent, Outcome, Payer, Practice, load_policy, patient
from sceau.consent.request import ConsentRequest
from sceau.consent.signing import SignedConsent
from sceau.optics.quote import load_quote
from tests.support.deployed import Deployed

QUOTE = Path(__file__).parents[2] / "data" / "quote.json"
GROUPS = ["AMOUNTS", "CLASS", "COVERAGE", "DATES", "DETAIL-AMOUNTS", "GROUPED-CODES", "PEC", "RENEWAL"]
PIN = "482915"


class Round:
    """One patient's round: a consent recorded, a claim opened under it, and what the practice keeps of both."""

    def __init__(self, chain: Deployed, groups: list[str] | None = None) -> None:
        self.chain = chain
        self.kept: list[object] = []
        self.practice = Practice(chain.network, chain.signers["practice"])
        self.payer = Payer(chain.network, chain.signers["payer"])
        self.request = self._request(groups or GROUPS)
        self.signed, self.card = patient.sign_consent(self.request, PIN)
        self.practice.record_consent(self.signed, self.request).wait(30)
        self.claim = self.practice.open_claim(
            "fr-optical-quote",
            load_quote(QUOTE),
            payer=chain.party("payer"),
            consent=self.signed.consent,
            keep=self.kept.append,
        )
        self.claim.transaction.wait(30)

    def _request(self, groups: list[str]) -> ConsentRequest:
        made = self.practice.request_consent(
            payer=self.chain.party("payer"),
            purpose="THIRD-PARTY-PAYMENT",
            groups=groups,
            expires_on=self.today() + timedelta(days=30),
        )
        return patient.read_request(json.dumps(made.to_json()), self.chain.network)

    def today(self) -> date:
        return datetime.fromtimestamp(self.chain.network.node.head().timestamp, timezone.utc).date()

    def disclose(self, clause: str = "detailed") -> Disclosure:
        made = self.practice.disclose(
            self.claim.opening,
            recipient=self.chain.party("payer"),
            policy=load_policy("fr-responsible-contract"),
            clause=clause,
            consent=HeldConsent(self.request.opening, self.signed.key),
        )
        return Disclosure.from_json(json.dumps(made.to_json()))

    def revoke(self) -> None:
        patient.revoke(self.chain.network, self.card.unlock(PIN), self.chain.signers["stranger"]).wait(30)

    @property
    def consent(self) -> SignedConsent:
        return self.signed


@pytest.fixture
def played(chain: Deployed) -> Round:
    return Round(chain)


def codes(verdict: object) -> set[str]:
    return {finding.code for finding in verdict.reasons}  # type: ignore[attr-defined] # a Verdict


def test_a_disclosure_under_a_valid_consent_is_accepted(played: Round) -> None:
    verdict = played.payer.verify(played.disclose())
    assert verdict.outcome is Outcome.ACCEPTED
    assert verdict.values["right.code"] == "VXB1"
    assert verdict.block.hash == played.chain.network.node.head().hash


def test_it_is_refused_once_the_patient_has_revoked_and_nothing_is_kept(played: Round) -> None:
    disclosure = played.disclose()
    played.revoke()
    verdict = played.payer.verify(disclosure)
    assert verdict.outcome is Outcome.REFUSED
    assert codes(verdict) == {"consent-revoked"}
    assert verdict.values == {}


def test_what_needs_no_consent_stays_accepted_after_a_revocation(played: Round) -> None:
    played.revoke()
    verdict = played.payer.verify(played.disclose("minimal"))
    assert verdict.outcome is Outcome.ACCEPTED


def test_it_is_refused_once_the_consent_has_expired_by_the_chains_time(played: Round) -> None:
    disclosure = played.disclose()
    played.chain.sleep(31 * 86_400)
    verdict = played.payer.verify(disclosure)
    assert "consent-expired" in codes(verdict)


def test_it_is_refused_once_the_practice_has_withdrawn_the_consent(played: Round) -> None:
    disclosure = played.disclose()
    played.practice.withdraw_consent(played.consent.consent).wait(30)
    assert codes(played.payer.verify(disclosure)) == {"consent-withdrawn"}


def test_another_payer_is_told_that_it_is_not_addressed(played: Round) -> None:
    other = Payer(played.chain.network, played.chain.signers["other_payer"])
    verdict = other.verify(played.disclose())
    assert codes(verdict) == {"not-addressed"}
    assert verdict.values == {}
