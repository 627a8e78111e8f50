# SPDX-License-Identifier: Apache-2.0
"""The packaged policies show payers what they need and never what is about eyes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.policy import Clause, PathNotAllowed, Policy, list_policies, load_policy
from sceau.policy._policy import matches
from sceau.policy.errors import (
    ClauseUnknown,
)
from sceau.record import RECORD_PATH, load_profile, profile_names

NEVER_TO_A_PAYER = {"CORRECTION", "PRESCRIPTION", "LPP-CODES", "PRODUCT", "ORDER"}
ID = "fr-responsible-contract"
PROFILES = [load_profile(name, version) for name, version in profile_names()]
CLAUSES = [(policy, clause) for policy in list_policies() for clause in policy.clauses.values()]


def shown(clause: Clause, profile_key: str) -> set[str]:
    """All paths of a profile that a clause allows."""
    name, version = profile_key.split("/")
    return {path for path in load_profile(name, int(version)).fields if clause.allowed(profile_key, path)}


@pytest.mark.parametrize(
    ("policy", "clause"), CLAUSES, ids=lambda part: getattr(part, "key", None) or part.name
)
def test_no_clause_shows_a_payer_what_is_about_eyes(policy: Policy, clause: Clause) -> None:
    assert policy.recipient == "payer"
    for profile in PROFILES:
        for field in profile.fields.values():
            if field.group in NEVER_TO_A_PAYER:
                assert not clause.allowed(profile.key, field.path), field.path
                with pytest.raises(PathNotAllowed):
                    policy.check(clause.name, profile.key, [field.path])


def test_that_test_sees_paths_of_every_such_group_and_would_see_a_leak() -> None:
    groups = {field.group for profile in PROFILES for field in profile.fields.values()}
    assert groups >= NEVER_TO_A_PAYER
    for group in sorted(NEVER_TO_A_PAYER):
        profile, path = next(
            (profile, field.path)
            for profile in PROFILES
            for field in profile.fields.values()
            if field.group == group
        )
        leaking = Clause("leaking", False, "X", 1, {profile.key: (path,)})
        assert leaking.allowed(profile.key, path)


def test_those_are_all_the_groups_that_no_clause_shows_as_the_documentation_says() -> None:
    claims = [profile for profile in PROFILES if profile.bound_to == "claim"]
    seen = {
        field.group
        for _, clause in CLAUSES
        for profile in claims
        for field in profile.fields.values()
        if clause.allowed(profile.key, field.path)
    }
    assert {group for profile in claims for group in profile.groups()} - seen == NEVER_TO_A_PAYER
    documented = (Path(__file__).parents[3] / "docs" / "profiles.md").read_text("utf-8")
    sentence = documented.partition("Some groups are never shown to a payer")[2].partition(".\n")[0]
    assert set(re.findall(r"[A-Z]{2,}[A-Z-]*", sentence)) == NEVER_TO_A_PAYER


@pytest.mark.parametrize(
    ("policy", "clause"), CLAUSES, ids=lambda part: getattr(part, "key", None) or part.name
)
def test_no_code_that_a_payer_may_see_can_be_an_individual_one(policy: Policy, clause: Clause) -> None:
    for profile in PROFILES:
        for field in profile.fields.values():
            if field.group == "GROUPED-CODES" and clause.allowed(profile.key, field.path):
                assert field.format == "grouped-code", (policy.key, field.path)


def test_without_consent_a_payer_sees_the_minimal_claim() -> None:
    minimal = load_policy(ID).clause("minimal")
    assert not minimal.consent
    assert shown(minimal, "fr-optical-quote/1") == {
        *("pec.number", "payer.amc", "practice.billing", "quote.date", "quote.valid-until"),
        *("right.code", "left.code", "frame.code", *(f"service.{place}.code" for place in range(1, 5))),
        *("right.class", "left.class", "frame.class"),
        *("total.price", "total.amo", "total.amc", "total.patient", "currency"),
        "renewal.early",
    }
    assert shown(minimal, "fr-optical-invoice/1") == {
        *("pec.number", "payer.amc", "practice.billing"),
        *("invoice.number", "invoice.date", "equipment.dispensed"),
        *("right.code", "left.code", "frame.code", *(f"service.{place}.code" for place in range(1, 5))),
        *("right.class", "left.class", "frame.class"),
        *("total.price", "total.amo", "total.amc", "total.patient", "currency"),
    }
    assert shown(minimal, "optical-claim/1") == {
        *("claim.number", "pec.number", "claim.use", "claim.created", "total", "currency"),
        *(f"item.{place}.{field}" for place in range(1, 5) for field in ("code", "serviced")),
        *(f"detail.{place}.code" for place in range(1, 9)),
    }


def test_with_consent_a_payer_sees_more_and_never_less() -> None:
    policy = load_policy(ID)
    minimal, detailed = policy.clause("minimal"), policy.clause("detailed")
    assert detailed.consent
    assert detailed.purpose == minimal.purpose
    for key in ("fr-optical-quote/1", "fr-optical-invoice/1", "optical-claim/1"):
        assert shown(detailed, key) > shown(minimal, key)
    name, version = "fr-optical-quote", 1
    fields = load_profile(name, version).fields
    more = shown(detailed, f"{name}/{version}") - shown(minimal, f"{name}/{version}")
    assert {fields[path].group for path in more} == {"DETAIL-AMOUNTS", "RENEWAL", "COVERAGE"}


@pytest.mark.parametrize("clause", [clause for _, clause in CLAUSES], ids=lambda clause: clause.name)
def test_one_consent_can_name_every_group_that_a_clause_shows(clause: Clause) -> None:
    places = load_profile("consent", 1).lists["group"]
    for key in clause.allow:
        name, version = key.split("/")
        fields = load_profile(name, int(version)).fields
        assert len({fields[path].group for path in shown(clause, key)}) <= places


def test_a_path_outside_the_clause_is_refused_by_its_name() -> None:
    policy = load_policy(ID)
    with pytest.raises(PathNotAllowed) as refused:
        policy.check("minimal", "fr-optical-quote/1", ["pec.number", "right.price"])
    assert str(refused.value) == (
        "right.price: policy fr-responsible-contract/2024-11-30, clause 'minimal', does not allow it "
        "for fr-optical-quote/1. Leave it out."
    )
    assert refused.value.message("fr").startswith(
        "right.price : les règles fr-responsible-contract/2024-11-30"
    )
    policy.check("detailed", "fr-optical-quote/1", ["pec.number", "right.price"])


@pytest.mark.parametrize(
    ("profile_key", "path"),
    [
        ("optical-prescription/1", "right.sphere"),
        ("optical-prescription/1", RECORD_PATH),
        ("fr-optical-quote/2", "pec.number"),
        ("optical-claim", "pec.number"),
        ("fr-optical-quote/1", "pad.1"),
        ("fr-optical-quote/1", "*"),
        ("fr-optical-quote/1", ""),
    ],
)
def test_what_no_clause_names_is_not_allowed(profile_key: str, path: str) -> None:
    policy = load_policy(ID)
    for name in policy.clauses:
        assert not policy.clause(name).allowed(profile_key, path)


def test_the_leaf_that_names_the_record_goes_with_whatever_is_shown() -> None:
    policy = load_policy(ID)
    policy.check("minimal", "fr-optical-quote/1", [RECORD_PATH, "pec.number"])
    assert policy.holdable("fr-optical-quote/1", [RECORD_PATH]) == ([RECORD_PATH], [])


def test_a_receiver_is_told_what_to_keep_and_what_to_drop() -> None:
    policy = load_policy(ID)
    paths = ["right.price", "pec.number", "prescription.written", "right.code"]
    assert policy.holdable("fr-optical-quote/1", paths, clause="minimal") == (
        ["pec.number", "right.code"],
        ["right.price", "prescription.written"],
    )
    assert policy.holdable("fr-optical-quote/1", paths) == (
        ["right.price", "pec.number", "right.code"],
        ["prescription.written"],
    )
    assert policy.holdable("optical-prescription/1", ["right.sphere"]) == ([], ["right.sphere"])


@pytest.mark.parametrize(("contract", "fits"), [("RESPONSIBLE", True), ("AAA", False), ("ZZZ", False)])
def test_a_policy_is_for_one_kind_of_contract(contract: str, fits: bool) -> None:
    policy = load_policy(ID)
    assert policy.fits_contract({"contract.type": contract}) is fits
    assert policy.fits_contract({})


def test_an_unknown_clause_is_refused_with_those_there_are() -> None:
    with pytest.raises(ClauseUnknown) as refused:
        load_policy(ID).check("full", "fr-optical-quote/1", [])
    assert (refused.value.details["clause"], refused.value.details["known"]) == ("full", "detailed, minimal")


words = st.lists(st.sampled_from(["a", "b", "1", "*"]), min_size=1, max_size=4)


@given(path=words, pattern=words)
def test_a_star_fits_exactly_one_segment(path: list[str], pattern: list[str]) -> None:
    as_regex = r"\.".join(r"[^.]+" if word == "*" else re.escape(word) for word in pattern)
    assert matches(".".join(pattern), ".".join(path)) == bool(re.fullmatch(as_regex, ".".join(path)))
