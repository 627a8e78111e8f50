# SPDX-License-Identifier: Apache-2.0
"""Policy files are read strictly, a directory adds to the packaged ones, and the day chooses the version."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sceau.policy import list_policies, load_policy, parse_policy, replacing
from sceau.policy.errors import NoPolicyInForce, PolicyBroken, PolicyFolderMissing, PolicyUnknown

ID = "fr-responsible-contract"
DOCS = Path(__file__).parents[3] / "docs"


def written(**changes: Any) -> dict[str, Any]:
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
def folder(tmp_path: Path) -> Callable[..., Path]:
    """A directory of policies, written with ``folder(file=content, …)``."""

    def write(**files: str | dict[str, Any]) -> Path:
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (tmp_path / f"{name}.json").write_text(text, "utf-8")
        return tmp_path

    return write


def test_a_directory_changes_the_answer_without_a_release(folder: Callable[..., Path]) -> None:
    directory = folder(decree=written(allow={"fr-optical-quote/1": ["pec.number", "right.price"]}))
    day = date(2027, 3, 1)
    packaged, new = load_policy(ID, on=day), load_policy(ID, on=day, directory=directory)
    assert (packaged.version, new.version) == ("2024-11-30", "2027-01-01")
    assert not packaged.clause("minimal").allowed("fr-optical-quote/1", "right.price")
    assert new.clause("minimal").allowed("fr-optical-quote/1", "right.price")
    assert not new.clause("minimal").allowed("fr-optical-quote/1", "right.code")


def test_a_directory_replaces_a_packaged_version(folder: Callable[..., Path]) -> None:
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
def test_the_day_chooses_the_version(folder: Callable[..., Path], day: date, version: str) -> None:
    directory = folder(
        one=written(valid_until="2027-06-30"),
        two=written(version="2028-01-01", valid_from="2028-01-01"),
    )
    assert load_policy(ID, on=day, directory=directory).version == version


@pytest.mark.parametrize("version", ["2020-01-01", "2027-01-01"])
def test_what_came_into_force_later_counts_whatever_the_versions_are_called(
    folder: Callable[..., Path], version: str
) -> None:
    directory = folder(one=written(version=version, valid_from="2027-01-01"))
    shipped = load_policy(ID, "2024-11-30")
    assert replacing(shipped, date(2026, 12, 31), directory) is None
    later = replacing(shipped, date(2027, 1, 1), directory)
    assert later is not None
    assert later.version == version
    assert replacing(later, date(2027, 1, 1), directory) is None


def test_a_policy_of_another_name_replaces_none(folder: Callable[..., Path]) -> None:
    directory = folder(one=written(id="a-contract"), two=written(id="z-contract"))
    assert replacing(load_policy(ID, "2024-11-30"), date(2027, 1, 1), directory) is None


def test_before_the_first_version_there_is_none() -> None:
    with pytest.raises(NoPolicyInForce, match="2024-11-29"):
        load_policy(ID, on=date(2024, 11, 29))


def test_an_old_version_can_still_be_named(folder: Callable[..., Path]) -> None:
    directory = folder(one=written())
    assert load_policy(ID, "2024-11-30", on=date(2030, 1, 1), directory=directory).version == "2024-11-30"


@pytest.mark.parametrize(
    ("name", "version", "policy"),
    [
        ("a-policy", None, "a-policy"),
        ("no-such-policy", None, "no-such-policy"),
        *((ID, year, f"{ID}/{year}") for year in ("1999-01-01", "2099-01-01")),
    ],
)
def test_an_unknown_policy_is_refused_by_its_name(name: str, version: str | None, policy: str) -> None:
    with pytest.raises(PolicyUnknown) as refused:
        load_policy(name, version)
    assert refused.value.details["policy"] == policy


def test_a_directory_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for missing in (tmp_path / "none", Path(__file__)):
        with pytest.raises(PolicyFolderMissing):
            load_policy(ID, directory=missing)


def test_two_files_of_one_version_are_refused(folder: Callable[..., Path]) -> None:
    with pytest.raises(PolicyBroken) as refused:
        load_policy(ID, directory=folder(one=written(), two=written(sources=["https://example.org/x"])))
    assert (refused.value.details["file"], refused.value.details["where"]) == ("two.json", "version")


def test_one_broken_file_is_named_and_stops_everything(folder: Callable[..., Path]) -> None:
    with pytest.raises(PolicyBroken) as refused:
        load_policy(ID, directory=folder(fine=written(), broken="{"))
    assert (refused.value.details["file"], refused.value.details["where"]) == ("broken.json", "$")


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in written().items() if name != key}


def clause(**changes: Any) -> dict[str, Any]:
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
    (written(sources=["ftp://example.org"]), "sources[0]"),
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
    (
        clause(allow={"fr-optical-quote/1": ["pec.number", "service.*"]}),
        "clauses.minimal.allow.fr-optical-quote/1[1]",
    ),
    (clause(allow={"fr-optical-quote/1": ["pec.number"] * 2}), "clauses.minimal.allow.fr-optical-quote/1[1]"),
    (clause(allow={"fr-optical-quote/1": [None]}), "clauses.minimal.allow.fr-optical-quote/1[0]"),
]


@pytest.mark.parametrize(("content", "where"), BROKEN)
def test_a_file_that_breaks_the_format_is_refused_where_it_does(
    content: str | dict[str, Any], where: str
) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    with pytest.raises(PolicyBroken) as refused:
        parse_policy(text, "own.json")
    assert (refused.value.details["file"], refused.value.details["where"]) == ("own.json", where)
    assert "own.json" in refused.value.message("fr")


def test_a_star_alone_is_one_segment() -> None:
    minimal = parse_policy(json.dumps(clause(allow={"fr-optical-quote/1": ["*"]}))).clause("minimal")
    assert minimal.allowed("fr-optical-quote/1", "currency")
    assert not minimal.allowed("fr-optical-quote/1", "pec.number")


def test_the_edges_of_the_format_are_inside_it() -> None:
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
        (written(extra=1), "it holds a key that the format does not have"),
        (written(id="Bad"), "must be a name in lower case with hyphens"),
        (clause(purpose="bad"), "must be a name in capitals with hyphens"),
    ],
)
def test_a_refusal_says_what_to_write_instead(content: dict[str, Any], said: str) -> None:
    with pytest.raises(PolicyBroken, match=said):
        parse_policy(json.dumps(content))


def test_the_document_shows_a_file_that_is_read_and_code_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (DOCS / "policies.md").read_text("utf-8")
    (file,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "own.json").write_text(file, "utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102  # the document's own example
    assert (names["kept"], names["dropped"]) == (["pec.number"], ["right.price"])
    assert names["own"].version == "2027-01-01"


def test_the_document_names_every_packaged_version_and_its_days() -> None:
    text = (DOCS / "policies.md").read_text("utf-8")
    for policy in list_policies():
        assert f"## `{policy.id}`, version {policy.version}" in text
        for clause_ in policy.clauses.values():
            assert f"{clause_.delete_after_days} days" in text
