# SPDX-License-Identifier: Apache-2.0
"""A practice discloses what the policy and the consent allow, and is refused by name beyond it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sceau import Disclosure, GivenConsent, Outcome, load_policy
from sceau.disclosure import build_disclosure
from sceau.disclosure.errors import (
    ConsentDoesNotCover,
    ConsentNeeded,
    ConsentNotInForce,
    NothingAllowed,
    PolicyDoesNotApply,
)
from sceau.policy import Policy
from sceau.policy.errors import ClauseUnknown, PathNotAllowed
from sceau.record import load_profile
from sceau.record.errors import PathNotInRecord
from tests.client.conformity.lenses import sealed
from tests.support.round import Round
from tests.support.stage import Stage

POLICY = load_policy("fr-responsible-contract", "2024-11-30")


def disclose(asked: Round, paths: Any = None, clause: str = "detailed", **changes: Any) -> Disclosure:
    arguments: dict[str, Any] = {
        "payer": asked.payer.party,
        "policy": POLICY,
        "clause": clause,
        "consent": asked.held,
    }
    return asked.practice.disclose(asked.record, paths, **{**arguments, **changes})


def test_a_disclosure_says_to_whom_why_under_what_and_until_when(stage: Stage) -> None:
    asked = stage.round
    made = disclose(asked)
    head = datetime.fromtimestamp(stage.chain.now, timezone.utc)
    assert (made.sender, made.recipient) == (stage.chain.party("practice"), stage.chain.party("payer"))
    assert (made.scope.claim, made.scope.step, made.scope.order_number) == (asked.claim, "opened", 0)
    assert (made.policy.id, made.policy.version, made.policy.clause) == (
        POLICY.id,
        POLICY.version,
        "detailed",
    )
    assert made.purpose == "THIRD-PARTY-PAYMENT"
    assert made.made_at == head
    assert made.delete_by == (head + timedelta(days=365)).date()
    assert made.consent is not None
    assert made.consent.commitment == asked.request.commitment
    assert made.id != disclose(asked).id


def test_without_paths_all_that_clause_and_consent_allow_is_shown_and_no_more(stage: Stage) -> None:
    asked = stage.round
    minimal, detailed = disclose(asked, clause="minimal").paths, disclose(asked).paths
    assert set(minimal) < set(detailed)
    clauses = POLICY.clauses
    for shown, clause in ((minimal, "minimal"), (detailed, "detailed")):
        allowed = {
            path for path in asked.record.values if clauses[clause].allowed("fr-optical-quote/1", path)
        }
        assert set(shown) == allowed
    narrow = Round(stage.chain, ["PEC", "AMOUNTS"])
    fields = load_profile("fr-optical-quote").fields
    shown = disclose(narrow).paths
    assert {fields[path].group for path in shown} == {"PEC", "AMOUNTS"}
    assert narrow.payer.verify(disclose(narrow)).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("recipient", ["auditor", "supplier", "PAYER"])
def test_a_policy_for_others_than_payers_allows_no_disclosure(recipient: str) -> None:
    arguments: dict[str, Any] = {
        "sender": 1,
        "recipient": 3,
        "clause": "minimal",
        "consent": None,
        "made_at": datetime(2026, 11, 30, tzinfo=timezone.utc),
    }
    assert build_disclosure(sealed("invoice"), None, policy=POLICY, **arguments).recipient == 3
    with pytest.raises(PolicyDoesNotApply):
        build_disclosure(sealed("invoice"), None, policy=replace(POLICY, recipient=recipient), **arguments)


def test_under_a_clause_without_consent_none_is_shown_even_if_held(stage: Stage) -> None:
    assert disclose(stage.round, clause="minimal").consent is None


def test_a_clause_that_needs_a_consent_is_refused_without_one(stage: Stage) -> None:
    with pytest.raises(ConsentNeeded) as refused:
        disclose(stage.round, consent=None)
    assert refused.value.details["clause"] == "detailed"


@pytest.mark.parametrize(
    "path",
    ["right.price", "prescription.written", "equipment.last", "contract.type", "no.such.path"],
)
def test_a_path_beyond_the_clause_is_refused_by_name(stage: Stage, path: str) -> None:
    with pytest.raises(PathNotAllowed) as refused:
        disclose(stage.round, ["pec.number", path], clause="minimal")
    assert refused.value.details["path"] == path


@pytest.mark.parametrize("clause", ["minimal", "detailed"])
def test_no_clause_shows_anything_of_a_prescription(stage: Stage, clause: str) -> None:
    with pytest.raises(PathNotAllowed):
        disclose(stage.round, ["prescription.written"], clause=clause)


def test_a_path_that_the_record_does_not_hold_is_refused(stage: Stage) -> None:
    with pytest.raises(PathNotInRecord):
        disclose(stage.round, ["service.2.code"], clause="minimal")


@pytest.mark.parametrize("paths", [[], ()])
def test_nothing_is_no_disclosure(stage: Stage, paths: Any) -> None:
    with pytest.raises(NothingAllowed):
        disclose(stage.round, paths)


def test_a_record_of_which_nothing_may_be_shown_is_refused(stage: Stage) -> None:
    record = stage.delivered.steps["order"].record
    with pytest.raises(NothingAllowed) as refused:
        stage.delivered.practice.disclose(
            record, payer=stage.chain.party("payer"), policy=POLICY, clause="minimal"
        )
    assert refused.value.details["profile"] == "lens-order/1"
    with pytest.raises(PathNotAllowed):
        stage.delivered.practice.disclose(
            record, ["right.sphere"], payer=stage.chain.party("payer"), policy=POLICY, clause="minimal"
        )


def test_a_clause_that_is_none_is_refused(stage: Stage) -> None:
    with pytest.raises(ClauseUnknown):
        disclose(stage.round, clause="generous")


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"practice": "other_practice"}, "practice"),
        ({"payer": "other_payer"}, "payer"),
        ({"purpose": "REIMBURSEMENT"}, "purpose"),
    ],
)
def test_a_consent_for_something_else_does_not_cover(
    stage: Stage, changes: dict[str, Any], what: str
) -> None:
    request, signed = stage.round.consent(record=False, **changes)
    with pytest.raises(ConsentDoesNotCover) as refused:
        disclose(stage.round, consent=GivenConsent(request.record, signed.key))
    assert refused.value.details["what"].code == what


def test_a_consent_that_ended_covers_no_new_disclosure(stage: Stage) -> None:
    """Revocation or expiry stops new disclosures; what needs no consent can still be shown."""
    asked = stage.round
    ends: dict[str, Callable[[], object]] = {
        "revoked": asked.revoke,
        "withdrawn": lambda: asked.practice.withdraw_consent(asked.signed.consent).wait(30),
        "expired": lambda: stage.chain.sleep(31 * 86_400),
    }
    for code, end in ends.items():
        with stage.chain.rolled_back():
            disclose(asked)
            end()
            with pytest.raises(ConsentNotInForce) as refused:
                disclose(asked)
            assert refused.value.details["state"].code == f"consent-{code}"
            assert refused.value.message("en") != refused.value.message("fr")
            assert disclose(asked, clause="minimal").consent is None


def test_a_consent_that_is_not_recorded_yet_covers_nothing(stage: Stage) -> None:
    request, signed = stage.round.consent(record=False)
    with pytest.raises(ConsentNotInForce) as refused:
        disclose(stage.round, consent=GivenConsent(request.record, signed.key))
    assert refused.value.details["state"].code == "consent-unknown"


def test_a_consent_that_names_another_payer_covers_nothing(stage: Stage) -> None:
    """A practice that has a consent for another insurer than the one that the claim names."""
    request, signed = stage.round.consent(payer="other_payer")
    with pytest.raises(ConsentDoesNotCover):
        disclose(stage.round, consent=GivenConsent(request.record, signed.key))


def test_a_path_of_a_group_that_the_consent_does_not_name_is_refused_by_path(stage: Stage) -> None:
    narrow = Round(stage.chain, ["PEC", "AMOUNTS"])
    with pytest.raises(ConsentDoesNotCover) as refused:
        disclose(narrow, ["pec.number", "right.price"])
    assert "right.price" in refused.value.message("en")
    assert "right.price" in refused.value.message("fr")


def test_the_consent_shows_the_groups_relied_on_and_no_others(stage: Stage) -> None:
    made = disclose(stage.round, ["pec.number", "right.price"])
    assert made.consent is not None
    shown = {leaf.path: leaf.value for leaf in made.consent.multiproof.leaves}
    groups = {value for path, value in shown.items() if path.startswith("group.")}
    assert groups == {"PEC", "DETAIL-AMOUNTS"}
    assert not {"expires", "text.hash", "text.version", "attested"} & set(shown)


def test_no_value_is_in_its_repr(stage: Stage) -> None:
    made = disclose(stage.round)
    for value in ("VXB1", "PEC20260417338", "34397"):
        assert value not in repr(made) + repr(made.multiproof)


def own_policy(clause: dict[str, Any]) -> Policy:
    from sceau.policy._policy_file import parse_policy

    whole = {
        "format": "sceau-policy/1",
        "id": "own",
        "version": "2026-01-01",
        "valid_from": "2026-01-01",
        "valid_until": None,
        "recipient": "payer",
        "contract": "responsible",
        "sources": ["https://example.org"],
        "clauses": {"only": clause},
    }
    return parse_policy(json.dumps(whole))


QUOTE_PATHS = sorted(load_profile("fr-optical-quote").fields)


@given(allowed=st.sets(st.sampled_from(QUOTE_PATHS), min_size=1), asked=st.sets(st.sampled_from(QUOTE_PATHS)))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_policy_nothing_else_is_shown(stage: Stage, allowed: set[str], asked: set[str]) -> None:
    policy = own_policy(
        {
            "consent": False,
            "purpose": "THIRD-PARTY-PAYMENT",
            "delete_after_days": 30,
            "allow": {"fr-optical-quote/1": sorted(allowed)},
        }
    )
    held = set(stage.round.record.values)
    arguments: dict[str, Any] = {"policy": policy, "clause": "only", "consent": None}
    if not asked:
        with pytest.raises(NothingAllowed):
            disclose(stage.round, asked, **arguments)
    elif not asked <= allowed:
        with pytest.raises(PathNotAllowed):
            disclose(stage.round, asked, **arguments)
    elif not asked <= held:
        with pytest.raises(PathNotInRecord):
            disclose(stage.round, asked, **arguments)
    else:
        assert set(disclose(stage.round, asked, **arguments).paths) == asked
