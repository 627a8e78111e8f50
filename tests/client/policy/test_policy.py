# SPDX-License-Identifier: Apache-2.0
"""The packaged policies show payers what they need and never what is about eyes; files are read strictly."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.policy import PathNotAllowed, list_policies, load_policy, parse_policy
from sceau.policy.errors import (
    ClauseUnknown,
    NoPolicyInForce,
    PolicyBroken,
    PolicyFolderMissing,
    PolicyUnknown,
)
from sceau.policy.policy import matches
from sceau.record import RECORD_PATH, load_profile, profile_names

NEVER_TO_A_PAYER = {"CORRECTION", "PRESCRIPTION", "LPP-CODES", "PRODUCT"}
ID = "fr-responsible-contract"
PROFILES = [load_profile(name, version) for name, version in profile_names()]
CLAUSES = [(policy, clause) for policy in list_policies() for clause in policy.clauses.values()]
DOCS = Path(__file__).parents[3] / "docs"


def shown(clause, profile_key):
    """All paths of a profile that a clause allows."""
    name, version = profile_key.split("/")
    return {path for path in load_profile(name, int(version)).fields if clause.allowed(profile_key, path)}


@pytest.mark.parametrize(
    ("policy", "clause"), CLAUSES, ids=lambda part: getattr(part, "key", None) or part.name
)
def test_no_clause_shows_a_payer_what_is_about_eyes(policy, clause):
    assert policy.recipient == "payer"
    for profile in PROFILES:
        for field in profile.fields.values():
            if field.group in NEVER_TO_A_PAYER:
                assert not clause.allowed(profile.key, field.path), field.path
                with pytest.raises(PathNotAllowed):
                    policy.check(clause.name, profile.key, [field.path])


def test_that_test_sees_paths_of_every_such_group_and_would_see_a_leak():
    groups = {field.group for profile in PROFILES for field in profile.fields.values()}
    assert groups >= NEVER_TO_A_PAYER
    for group in sorted(NEVER_TO_A_PAYER):
        profile, path = next(
            (profile, field.path)
            for profile in PROFILES
            for field in profile.fields.values()
            if field.group == group
        )
        leaking = parse_policy(json.dumps(written(allow={profile.key: [path]})))
        assert leaking.clause("minimal").allowed(profile.key, path)


def test_without_consent_a_payer_sees_the_minimal_claim():
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


def test_with_consent_a_payer_sees_more_and_never_less():
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
def test_one_consent_can_name_every_group_that_a_clause_shows(clause):
    places = load_profile("consent", 1).lists["group"]
    for key in clause.allow:
        name, version = key.split("/")
        fields = load_profile(name, int(version)).fields
        assert len({fields[path].group for path in shown(clause, key)}) <= places


def test_a_path_outside_the_clause_is_refused_by_its_name():
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
def test_what_no_clause_names_is_not_allowed(profile_key, path):
    policy = load_policy(ID)
    for name in policy.clauses:
        assert not policy.clause(name).allowed(profile_key, path)


def test_the_leaf_that_names_the_record_goes_with_whatever_is_shown():
    policy = load_policy(ID)
    policy.check("minimal", "fr-optical-quote/1", [RECORD_PATH, "pec.number"])
    assert policy.holdable("fr-optical-quote/1", [RECORD_PATH]) == ([RECORD_PATH], [])


def test_a_receiver_is_told_what_to_keep_and_what_to_drop():
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


def test_an_unknown_clause_is_refused_with_those_there_are():
    with pytest.raises(ClauseUnknown, match=r"no clause 'full'. It has: detailed, minimal"):
        load_policy(ID).check("full", "fr-optical-quote/1", [])


words = st.lists(st.sampled_from(["a", "b", "1", "*"]), min_size=1, max_size=4)


@given(path=words, pattern=words)
def test_a_star_fits_exactly_one_segment(path, pattern):
    as_regex = r"\.".join(r"[^.]+" if word == "*" else re.escape(word) for word in pattern)
    assert matches(".".join(pattern), ".".join(path)) == bool(re.fullmatch(as_regex, ".".join(path)))


# Files, versions and directories


def written(**changes):
    """A small policy file; ``allow`` replaces what its only clause allows."""
    allow = changes.pop("allow", {"fr-optical-quote/1": ["pec.number"]})
    return {
        "format": "sceau-policy/1",
        "id": ID,
        "version": "2027-01-01",
        "valid_from": "2027-01-01",
        "valid_until": None,
        "recipient": "payer",
        "contract": "responsible",
        "sources": ["https://example.org/decree"],
        "clauses": {
            "minimal": {
                "consent": False,
                "purpose": "THIRD-PARTY-PAYMENT",
                "delete_after_days": 30,
                "allow": allow,
            }
        },
    } | changes


@pytest.fixture
def folder(tmp_path):
    """A directory of policies, written with ``folder(file=content, …)``."""

    def write(**files):
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (tmp_path / f"{name}.json").write_text(text, "utf-8")
        return tmp_path

    return write


def test_a_directory_changes_the_answer_without_a_release(folder):
    directory = folder(decree=written(allow={"fr-optical-quote/1": ["pec.number", "right.price"]}))
    day = date(2027, 3, 1)
    packaged, new = load_policy(ID, on=day), load_policy(ID, on=day, directory=directory)
    assert (packaged.version, new.version) == ("2024-11-30", "2027-01-01")
    assert not packaged.clause("minimal").allowed("fr-optical-quote/1", "right.price")
    assert new.clause("minimal").allowed("fr-optical-quote/1", "right.price")
    assert not new.clause("minimal").allowed("fr-optical-quote/1", "right.code")


def test_a_directory_replaces_a_packaged_version(folder):
    directory = folder(ours=written(version="2024-11-30", valid_from="2024-11-30", valid_until="2026-12-31"))
    ours = load_policy(ID, "2024-11-30", directory=directory)
    assert ours.valid_until == date(2026, 12, 31)
    assert ours.clause("minimal").delete_after_days == 30
    with pytest.raises(NoPolicyInForce):
        load_policy(ID, on=date(2027, 1, 1), directory=directory)
    assert load_policy(ID, "2024-11-30").valid_until is None


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2024, 11, 30), "2024-11-30"),
        (date(2026, 12, 31), "2024-11-30"),
        (date(2027, 1, 1), "2027-01-01"),
        (date(2027, 6, 30), "2027-01-01"),
        (date(2027, 7, 1), "2024-11-30"),
        (date(2028, 1, 1), "2028-01-01"),
    ],
)
def test_the_day_chooses_the_version(folder, day, version):
    directory = folder(
        one=written(valid_until="2027-06-30"),
        two=written(version="2028-01-01", valid_from="2028-01-01"),
    )
    assert load_policy(ID, on=day, directory=directory).version == version


def test_before_the_first_version_there_is_none():
    with pytest.raises(NoPolicyInForce, match="2024-11-29"):
        load_policy(ID, on=date(2024, 11, 29))


def test_an_old_version_can_still_be_named(folder):
    directory = folder(one=written())
    assert load_policy(ID, "2024-11-30", on=date(2030, 1, 1), directory=directory).version == "2024-11-30"


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [
        ("no-such-policy", None, "No policy no-such-policy is"),
        (ID, "1999-01-01", f"No policy {ID}/1999-01-01 is"),
    ],
)
def test_an_unknown_policy_is_refused_by_its_name(name, version, said):
    with pytest.raises(PolicyUnknown, match=said):
        load_policy(name, version)


def test_a_directory_that_cannot_be_read_is_refused(tmp_path):
    for missing in (tmp_path / "none", Path(__file__)):
        with pytest.raises(PolicyFolderMissing):
            load_policy(ID, directory=missing)


def test_two_files_of_one_version_are_refused(folder):
    with pytest.raises(PolicyBroken, match=r"two\.json, version"):
        load_policy(ID, directory=folder(one=written(), two=written(sources=["https://example.org/x"])))


def test_one_broken_file_is_named_and_stops_everything(folder):
    with pytest.raises(PolicyBroken, match=r"^Policy file broken\.json, \$"):
        load_policy(ID, directory=folder(fine=written(), broken="{"))


def without(key):
    return {name: value for name, value in written().items() if name != key}


def clause(**changes):
    return written(clauses={"minimal": written()["clauses"]["minimal"] | changes})


BROKEN = [
    ("[]", "$"),
    ("{", "$"),
    ('{"id": 1, "id": 2}', "$"),
    (json.dumps(written()).replace(": 30", ": 30.5"), "$"),
    *((without(key), "$") for key in written()),
    (written(extra=1), "$"),
    (written(format="sceau-policy/2"), "format"),
    (written(id="Bad Id"), "id"),
    (written(id=7), "id"),
    (written(id="x" * 61), "id"),
    (written(version="1"), "version"),
    (written(version="2027-02-30"), "version"),
    (written(valid_from="soon"), "valid_from"),
    (written(valid_from=None), "valid_from"),
    (written(valid_until="2026-12-31"), "valid_until"),
    (written(valid_until=False), "valid_until"),
    (written(recipient=""), "recipient"),
    (written(contract=None), "contract"),
    (written(sources=[]), "sources"),
    (written(sources="https://example.org"), "sources"),
    (written(sources=["ftp://example.org"]), "sources"),
    (written(clauses={}), "clauses"),
    (written(clauses=[]), "clauses"),
    (written(clauses={"Minimal": clause()["clauses"]["minimal"]}), "clauses"),
    (written(clauses={"minimal": None}), "clauses.minimal"),
    (clause(more=1), "clauses.minimal"),
    (clause(consent="false"), "clauses.minimal.consent"),
    (clause(consent=0), "clauses.minimal.consent"),
    (clause(purpose="third party"), "clauses.minimal.purpose"),
    (clause(delete_after_days=0), "clauses.minimal.delete_after_days"),
    (clause(delete_after_days=3654), "clauses.minimal.delete_after_days"),
    (clause(delete_after_days=True), "clauses.minimal.delete_after_days"),
    (clause(delete_after_days="30"), "clauses.minimal.delete_after_days"),
    (clause(allow={}), "clauses.minimal.allow"),
    (clause(allow={"no-such-profile/1": ["pec.number"]}), "clauses.minimal.allow"),
    (clause(allow={"fr-optical-quote/99": ["pec.number"]}), "clauses.minimal.allow"),
    (clause(allow={"fr-optical-quote": ["pec.number"]}), "clauses.minimal.allow"),
    (clause(allow={"fr-optical-quote/1": []}), "clauses.minimal.allow.fr-optical-quote/1"),
    (clause(allow={"fr-optical-quote/1": "pec.number"}), "clauses.minimal.allow.fr-optical-quote/1"),
    (clause(allow={"fr-optical-quote/1": ["pec.numbr"]}), "clauses.minimal.allow.fr-optical-quote/1[0]"),
    (clause(allow={"fr-optical-quote/1": ["pec.number", "*"]}), None),
    (
        clause(allow={"fr-optical-quote/1": ["pec.number", "service.*"]}),
        "clauses.minimal.allow.fr-optical-quote/1[1]",
    ),
    (clause(allow={"fr-optical-quote/1": ["pec.number"] * 2}), "clauses.minimal.allow.fr-optical-quote/1[1]"),
    (clause(allow={"fr-optical-quote/1": [None]}), "clauses.minimal.allow.fr-optical-quote/1"),
]


@pytest.mark.parametrize(("content", "where"), BROKEN)
def test_a_file_that_breaks_the_format_is_refused_where_it_does(content, where):
    text = content if isinstance(content, str) else json.dumps(content)
    if where is None:
        # '*' alone is one segment: it fits 'currency', a path of this profile, and nothing of two segments.
        policy = parse_policy(text)
        assert shown(policy.clause("minimal"), "fr-optical-quote/1") == {"pec.number", "currency"}
        return
    with pytest.raises(PolicyBroken) as refused:
        parse_policy(text, "own.json")
    assert (refused.value.details["file"], refused.value.details["where"]) == ("own.json", where)
    assert refused.value.message("fr").startswith("Fichier de règles own.json, ")


def test_the_edges_of_the_format_are_inside_it():
    for days in (1, 3653):
        assert (
            parse_policy(json.dumps(clause(delete_after_days=days))).clause("minimal").delete_after_days
            == days
        )
    one_day = parse_policy(json.dumps(written(valid_until="2027-01-01", id="x" * 60)))
    assert one_day.in_force(date(2027, 1, 1))
    assert not one_day.in_force(date(2027, 1, 2))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (without("sources"), "'sources' is missing"),
        (written(extra=1), "holds an unknown key"),
        (written(id="Bad"), "must be a name in lower case with hyphens"),
        (clause(purpose="bad"), "must be a name in capitals with hyphens"),
    ],
)
def test_a_refusal_says_what_to_write_instead(content, said):
    with pytest.raises(PolicyBroken, match=said):
        parse_policy(json.dumps(content))


def test_the_document_shows_a_file_that_is_read_and_code_that_runs(tmp_path, monkeypatch):
    text = (DOCS / "policies.md").read_text("utf-8")
    (file,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "own.json").write_text(file, "utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102  # the document's own example
    assert (names["kept"], names["dropped"]) == (["pec.number"], ["right.price"])
    assert names["own"].version == "2027-01-01"


def test_the_document_names_every_packaged_version_and_its_days():
    text = (DOCS / "policies.md").read_text("utf-8")
    for policy in list_policies():
        assert f"## `{policy.id}`, version {policy.version}" in text
        for clause_ in policy.clauses.values():
            assert f"{clause_.delete_after_days} days" in text
