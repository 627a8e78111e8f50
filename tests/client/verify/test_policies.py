# SPDX-License-Identifier: Apache-2.0
"""Under which policy something was disclosed, and that nothing is held where none applies."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from sceau import Disclosure, Outcome, Payer, Verdict, load_policy
from sceau.disclosure import PolicyReference
from sceau.disclosure.errors import PolicyDoesNotApply
from sceau.policy.errors import PolicyBroken, PolicyFolderMissing
from tests.client.verify.cheats import POLICY, ROOT, file_of, policy_file
from tests.support.stage import Stage


def reasons(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.reasons}


def verdict_with(stage: Stage, policies: Path, disclosure: Disclosure | None = None) -> Verdict:
    payer = Payer(stage.chain.network, stage.chain.signers["payer"], policies=policies)
    return payer.verify(disclosure or stage.opened.disclosure())


def today(stage: Stage) -> date:
    return datetime.fromtimestamp(stage.chain.now, timezone.utc).date()


def test_a_version_that_a_later_one_replaced_is_refused_from_its_first_day(
    stage: Stage, tmp_path: Path
) -> None:
    """Both are valid until further notice: a practice may not choose the older, wider one."""
    later = today(stage).isoformat()
    policy_file(tmp_path, version=later, valid_from=later)
    verdict = verdict_with(stage, tmp_path)
    assert reasons(verdict) == {"policy-not-in-force"}
    assert verdict.values == {}


def test_a_version_of_tomorrow_changes_nothing_today(stage: Stage, tmp_path: Path) -> None:
    later = (today(stage) + timedelta(days=1)).isoformat()
    policy_file(tmp_path, version=later, valid_from=later)
    assert verdict_with(stage, tmp_path).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("recipient", ["auditor", "supplier"])
def test_a_policy_about_others_than_payers_lets_a_payer_hold_nothing(
    stage: Stage, tmp_path: Path, recipient: str
) -> None:
    policy_file(tmp_path, id="for-others", recipient=recipient)
    made = replace(stage.opened.disclosure(), policy=PolicyReference("for-others", "2024-11-30", "minimal"))
    verdict = verdict_with(stage, tmp_path, made)
    assert reasons(verdict) == {"policy-unknown"}
    assert verdict.values == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "for-auditors", "recipient": "auditor"},
        {"version": "2090-01-01", "valid_from": "2090-01-01"},
        {"version": "2024-12-01", "valid_until": "2025-01-01"},
    ],
    ids=["recipient", "not yet", "no more"],
)
def test_no_disclosure_is_made_under_a_policy_that_does_not_apply(
    stage: Stage, tmp_path: Path, changes: dict[str, str]
) -> None:
    policy_file(tmp_path, **changes)
    name, version = changes.get("id", "fr-responsible-contract"), changes.get("version", "2024-11-30")
    policy = load_policy(name, version, directory=tmp_path)
    with pytest.raises(PolicyDoesNotApply) as refused:
        stage.opened.practice.disclose(
            stage.opened.steps["open"].record,
            payer=stage.chain.party("payer"),
            policy=policy,
            clause="minimal",
        )
    assert policy.key in refused.value.message("fr")


@pytest.mark.parametrize("day", ["9999-12-31T23:59:59Z", "9998-01-01T00:00:00Z"])
def test_a_disclosure_from_the_end_of_the_calendar_is_refused(stage: Stage, day: str) -> None:
    file = json.loads(file_of(stage.opened.disclosure())) | {"made_at": day}
    verdict = stage.opened.payer.verify(Disclosure.from_json(json.dumps(file)))
    assert reasons(verdict) == {"made-in-the-future"}
    assert verdict.values == {}


def test_a_payer_s_own_broken_or_missing_directory_is_no_verdict(stage: Stage, tmp_path: Path) -> None:
    """It would blame the practice for what the payer has to mend."""
    with pytest.raises(PolicyFolderMissing):
        verdict_with(stage, tmp_path / "absent")
    text = (ROOT / POLICY).read_text("utf-8")
    (tmp_path / "cut.json").write_text(text[:200], encoding="utf-8")
    with pytest.raises(PolicyBroken):
        verdict_with(stage, tmp_path)


def test_nothing_is_held_for_another_purpose(stage: Stage) -> None:
    verdict = stage.opened.payer.verify(replace(stage.opened.disclosure(), purpose="MARKETING"))
    assert verdict.values == {}
    assert verdict.dropped == stage.opened.disclosure().paths


def test_nothing_is_held_past_the_day_to_delete(stage: Stage) -> None:
    made = stage.opened.disclosure()
    last = replace(made, delete_by=today(stage))
    assert stage.opened.payer.verify(last).outcome is Outcome.ACCEPTED
    verdict = stage.opened.payer.verify(replace(made, delete_by=today(stage) - timedelta(days=1)))
    assert reasons(verdict) == {"delete-by-passed"}
    assert verdict.values == {}


def test_a_payer_that_is_not_the_claim_s_holds_nothing(stage: Stage) -> None:
    other = Payer(stage.chain.network, stage.chain.signers["other_payer"])
    verdict = other.verify(replace(stage.opened.disclosure(), recipient=other.party))
    assert reasons(verdict) == {"not-the-payer"}
    assert verdict.values == {}
    assert verdict.dropped == stage.opened.disclosure().paths
