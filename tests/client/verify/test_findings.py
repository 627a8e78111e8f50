# SPDX-License-Identifier: Apache-2.0
"""Every finding is found on a real chain, weighs what the table says, and speaks both languages."""

from __future__ import annotations

import json
import string
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sceau import Outcome, Payer, Verdict
from sceau.disclosure import Disclosure
from sceau.documents.model import Fault, parse
from sceau.locale.catalogue import template
from sceau.verify.findings import codes
from sceau.verify.shapes import Verdict as Shape
from sceau.verify.verdict import Weight
from tests.client.verify.scenes import SCENES
from tests.support.stage import Stage

REFUSES = {
    "stale-node",
    "chain-stopped",
    "head-in-future",
    "foreign-chain",
    "not-addressed",
    "claim-unknown",
    "step-not-on-chain",
    "not-sealed",
    "not-the-payer",
    "not-the-writer",
    "claim-closed",
    "policy-unknown",
    "policy-not-in-force",
    "purpose-differs",
    "outside-policy",
    "delete-by-passed",
    "delete-by-too-late",
    "made-in-the-future",
    "made-at-another-time",
    "made-before-step",
    "opened-late",
    "contract-differs",
    "consent-missing",
    "consent-not-of-claim",
    "consent-not-recorded",
    "consent-expired",
    "consent-revoked",
    "consent-withdrawn",
    "consent-false",
    "consent-other-recorder",
    "consent-other-practice",
    "consent-other-payer",
    "consent-other-purpose",
    "consent-too-narrow",
    "consent-half-shown",
    "delivery-differs",
    "invoice-differs",
    "act-codes-differ",
    "act-codes-not-authorised",
    "profile-of-another-step",
    "invoice-above-authorised",
    "invoice-other-currency",
    "invoice-other-file-number",
    "invoice-after-last-day",
    "invoice-codes-not-authorised",
    "renewal-too-early",
}
DOUBTS = {
    "invoice-of-replaced-order",
    "invoiced-order-not-attested",
    "order-returned",
    "order-disputed",
    "key-compromised",
    "consent-key-compromised",
    "invoice-not-compared",
    "invoice-line-not-shown",
    "authorisation-incomplete",
    "authorisation-not-held",
    "care-date-implausible",
    "renewal-unattested",
    "renewal-not-judged",
}
VOIDS_THE_CONSENT = {
    "consent-missing",
    "consent-not-of-claim",
    "consent-not-recorded",
    "consent-expired",
    "consent-revoked",
    "consent-withdrawn",
    "consent-false",
    "consent-other-recorder",
    "consent-other-practice",
    "consent-other-payer",
    "consent-other-purpose",
    "consent-half-shown",
}
NO_GROUND = {
    "stale-node",
    "chain-stopped",
    "head-in-future",
    "foreign-chain",
    "not-addressed",
    "claim-unknown",
    "not-the-payer",
    "not-the-writer",
    "step-not-on-chain",
}


def placeholders(code: str) -> set[str]:
    """What the sentence of a finding is filled with."""
    return {name for _, name, _, _ in string.Formatter().parse(template(f"findings.{code}", "en")) if name}


def test_every_finding_has_a_scene_and_every_scene_its_finding() -> None:
    assert set(SCENES) == set(codes())


@pytest.fixture
def _both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is verified by itself is judged among several too, and the verdicts are compared."""
    alone = Payer.verify

    def verify(payer: Payer, shown: Disclosure, **beside: Any) -> Verdict:
        now = beside.pop("clock", time.time)()
        verdict = alone(payer, shown, clock=lambda: now, **beside)
        if not beside:
            answers = payer.verify_each([shown, shown], lambda each: each, clock=lambda: now)
            both = [each.verdict and replace(each.verdict, id="").to_json() for each in answers]
            assert both == [replace(verdict, id="").to_json()] * 2
        return verdict

    monkeypatch.setattr(Payer, "verify", verify)


@pytest.mark.usefixtures("_both_ways")
@pytest.mark.parametrize("code", codes())
def test_a_finding_is_found_weighed_and_said_in_both_languages(
    stage: Stage, tmp_path: Path, code: str
) -> None:
    verdict = SCENES[code](stage, tmp_path)
    found = [each for each in verdict.findings if each.code == code]
    assert len(found) == 1, verdict
    weight = Weight.REFUSES if code in REFUSES else Weight.DOUBTS if code in DOUBTS else Weight.NOTES
    assert found[0].weight is weight
    assert found[0].voids_consent is (code in VOIDS_THE_CONSENT)
    assert found[0].ground is (code not in NO_GROUND)
    assert verdict.has_ground is NO_GROUND.isdisjoint(reason.code for reason in verdict.reasons)
    if code in VOIDS_THE_CONSENT:
        assert not verdict.values
    english, french = found[0].sentence.en, found[0].sentence.fr
    assert english != french
    for text in (english, french):
        assert len(text) > 20
        assert text.endswith((".", ")"))
        assert "{" not in text
        assert "None" not in text
    # Programs read as data what people read in the sentence, and the whole answer is written as its schema says.
    assert placeholders(code) - {"order"} <= set(found[0].data)
    assert all(value is not None for name, value in found[0].data.items() if name != "fault")
    assert not isinstance(parse(Shape, json.dumps(verdict.to_json())), Fault)
    assert verdict.judged is not None
    if code in REFUSES:
        assert verdict.outcome is Outcome.REFUSED
    if code in DOUBTS:
        assert verdict.outcome is Outcome.IN_DOUBT
