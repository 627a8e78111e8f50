# SPDX-License-Identifier: Apache-2.0
"""What a consent must say to count, and what a payer may keep when it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sceau import Disclosure, Verdict
from sceau.chain.registries.consents import read_state
from sceau.disclosure import ConsentPart
from sceau.record.errors import PathNotInRecord
from tests.client.verify.cheats import consent_shown, edited
from tests.support.round import Round
from tests.support.stage import Stage


def reasons(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.reasons}


def showing(stage: Stage, shown: ConsentPart) -> Verdict:
    return stage.round.payer.verify(replace(stage.round.disclose(), consent=shown))


def own(stage: Stage, *paths: str) -> ConsentPart:
    return consent_shown(stage.round.request, stage.round.signed, paths or None)


def test_the_practice_shows_no_more_of_a_consent_than_a_reader_must_see(stage: Stage) -> None:
    shown = stage.round.disclose().consent
    assert shown is not None
    paths = {leaf.path for leaf in shown.multiproof.leaves}
    groups = {path for path in paths if path.startswith("group.")}
    assert paths - groups == {"sceau.record", "practice", "payer", "purpose"}


def test_a_consent_shown_whole_is_as_good(stage: Stage) -> None:
    assert reasons(showing(stage, own(stage))) == set()


@pytest.mark.parametrize("missing", ["practice", "payer", "purpose"])
def test_each_part_that_must_be_shown_is_missed(stage: Stage, missing: str) -> None:
    values = stage.round.request.record.values
    verdict = showing(stage, own(stage, *(path for path in values if path != missing)))
    assert reasons(verdict) == {"consent-half-shown"}
    assert verdict.values == {}


def test_a_group_that_is_not_shown_covers_nothing(stage: Stage) -> None:
    values = stage.round.request.record.values
    hidden = [path for path in values if values[path] != "DETAIL-AMOUNTS"]
    verdict = showing(stage, own(stage, *hidden))
    assert reasons(verdict) == {"consent-too-narrow"}
    assert "right.price" in verdict.dropped
    assert "right.price" not in verdict.values
    assert verdict.values["pec.number"] == "PEC20260417338"


def test_what_a_narrow_consent_covers_is_kept_and_the_rest_dropped(stage: Stage) -> None:
    narrow = Round(stage.chain, ["PEC", "AMOUNTS"])
    shown = narrow.record.prove(["pec.number", "total.amc", "right.price"])
    verdict = narrow.payer.verify(replace(narrow.disclose(), multiproof=shown))
    assert reasons(verdict) == {"consent-too-narrow"}
    assert set(verdict.values) == {"pec.number", "total.amc"}
    assert verdict.dropped == ("right.price",)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"practice": "other_practice"}, {"consent-other-recorder", "consent-other-practice"}),
        ({"payer": "other_payer"}, {"consent-other-payer"}),
        ({"purpose": "REIMBURSEMENT"}, {"consent-other-purpose"}),
        ({}, set()),
    ],
    ids=["practice", "payer", "purpose", "the same again"],
)
def test_another_consent_of_the_patient_does_not_count(
    stage: Stage, changes: dict[str, Any], expected: set[str]
) -> None:
    request, signed = stage.round.consent(**changes)
    verdict = showing(stage, consent_shown(request, signed))
    assert reasons(verdict) == {"consent-not-of-claim", *expected}
    assert verdict.values == {}


def test_a_consent_under_which_the_claim_was_opened_can_still_be_for_somebody_else(stage: Stage) -> None:
    """The contract cannot see what a consent says: only the payer finds that it names another payer."""
    foreign = Round(stage.chain)
    request, signed = foreign.consent(payer="other_payer")
    foreign.request, foreign.signed = request, signed
    opened = foreign.practice.open_claim(
        "fr-optical-quote", foreign.record.values, payer=foreign.payer.party, consent=signed.consent
    )
    opened.wait(30)
    assert opened.step is not None
    disclosure = replace(
        Round.disclose(stage.round, record=opened.step.record), consent=consent_shown(request, signed)
    )
    verdict = foreign.payer.verify(disclosure)
    assert reasons(verdict) == {"consent-other-payer"}
    assert verdict.values == {}


def _other_commitment(shown: ConsentPart) -> ConsentPart:
    return replace(shown, commitment="0x" + "77" * 32)


def _other_key(shown: ConsentPart) -> ConsentPart:
    return replace(shown, key="0x" + "77" * 20)


@pytest.mark.parametrize("change", [_other_commitment, _other_key], ids=["commitment", "key"])
def test_a_consent_under_another_identifier_is_not_recorded(
    stage: Stage, change: Callable[[ConsentPart], ConsentPart]
) -> None:
    verdict = showing(stage, change(own(stage)))
    assert {"consent-not-of-claim", "consent-not-recorded"} <= reasons(verdict)
    assert verdict.values == {}


@pytest.mark.parametrize(
    ("path", "value"),
    [("payer", "7"), ("purpose", "MARKETING"), ("group.1", "CORRECTION"), ("practice", "5")],
)
def test_an_edited_leaf_of_the_consent_is_found_out(stage: Stage, path: str, value: str) -> None:
    shown = own(stage)
    verdict = showing(stage, replace(shown, multiproof=edited(shown.multiproof, path, value)))
    assert reasons(verdict) == {"consent-false"}
    assert verdict.values == {}


def test_the_leaves_of_another_consent_do_not_open_this_one(stage: Stage) -> None:
    request, _ = stage.round.consent(record=False)
    verdict = showing(stage, replace(own(stage), multiproof=request.record.prove(request.record.values)))
    assert reasons(verdict) == {"consent-false"}


def test_the_leaves_of_a_claim_are_no_consent(stage: Stage) -> None:
    verdict = showing(stage, replace(own(stage), multiproof=stage.round.record.prove(["pec.number"])))
    assert reasons(verdict) == {"consent-false"}


def test_under_a_clause_without_consent_a_consent_is_neither_asked_nor_looked_at(stage: Stage) -> None:
    plain: Disclosure = stage.round.disclose("minimal")
    with_one = replace(plain, consent=_other_key(own(stage)))
    assert plain.consent is None
    assert reasons(stage.round.payer.verify(with_one)) == set()


@pytest.mark.parametrize(("later", "doubted"), [(0, True), (1, False)])
def test_a_consent_is_doubted_if_its_recorder_s_key_was_in_wrong_hands_at_that_second(
    stage: Stage, later: int, doubted: bool
) -> None:
    chain = stage.chain
    recorded_at = read_state(chain.network, stage.round.signed.consent).recorded_at
    chain.sleep(10)
    key = chain.signers["practice"].address
    chain.consortium.set_compromised_since(key, recorded_at + later).wait(30)
    assert ("consent-key-compromised" in reasons(stage.round.verdict())) is doubted


def test_a_group_beyond_those_of_the_consent_cannot_be_shown_as_its_own(stage: Stage) -> None:
    with pytest.raises(PathNotInRecord):
        own(stage, "practice", "payer", "purpose", "group.8", "group.9")
