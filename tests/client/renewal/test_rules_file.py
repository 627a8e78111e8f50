# SPDX-License-Identifier: Apache-2.0
"""Files of renewal rules: chosen by the day, refused by the place of what is wrong."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sceau.renewal import list_rules, load_rules
from sceau.renewal.errors import RulesBroken, RulesFolderMissing, RulesUnknown
from sceau.renewal.rules_file import parse_rules

PACKAGED = Path(__file__).parents[3] / "sceau" / "renewal" / "data" / "fr-optical-2020-01-01.json"
GONE = object()


def rules(**changes: object) -> dict[str, Any]:
    data = json.loads(PACKAGED.read_text("utf-8")) | changes
    return {key: value for key, value in data.items() if value is not GONE}


def write(directory: Path, name: str, **changes: object) -> None:
    (directory / name).write_text(json.dumps(rules(**changes)), encoding="utf-8")


def test_every_packaged_file_names_its_sources() -> None:
    packaged = list_rules()
    assert [each.key for each in packaged] == ["fr-optical/2020-01-01"]
    for each in packaged:
        assert all(source.startswith("https://") for source in each.sources)
        assert each.valid_from.isoformat() == each.version


@pytest.mark.parametrize(
    ("day", "version"),
    [(date(2020, 1, 1), "2020-01-01"), (date(2026, 12, 31), "2020-01-01"), (date(2027, 1, 1), "2027-01-01")],
)
def test_the_version_in_force_on_the_day_counts(tmp_path: Path, day: date, version: str) -> None:
    write(tmp_path, "new.json", version="2027-01-01", valid_from="2027-01-01")
    assert load_rules(on=day, directory=tmp_path).version == version


def test_before_the_first_and_after_the_last_version_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(RulesUnknown, match="2019-12-31"):
        load_rules(on=date(2019, 12, 31))
    write(tmp_path, "ended.json", valid_until="2026-12-31")
    assert load_rules(on=date(2026, 12, 31), directory=tmp_path).valid_until == date(2026, 12, 31)
    with pytest.raises(RulesUnknown):
        load_rules(on=date(2027, 1, 1), directory=tmp_path)
    with pytest.raises(RulesUnknown, match="be-optical"):
        load_rules("be-optical", on=date(2026, 1, 1))


def test_a_file_with_the_name_and_version_of_a_packaged_one_replaces_it(tmp_path: Path) -> None:
    write(tmp_path, "own.json", early=[])
    assert load_rules(on=date(2026, 1, 1), directory=tmp_path).early == ()
    assert load_rules(on=date(2026, 1, 1)).early != ()


def test_two_files_of_one_version_are_refused_by_name(tmp_path: Path) -> None:
    """Which one counts would rest on their names."""
    write(tmp_path, "a.json")
    write(tmp_path, "b.json", early=[])
    with pytest.raises(RulesBroken) as refused:
        load_rules(on=date(2026, 1, 1), directory=tmp_path)
    assert (refused.value.details["file"], refused.value.details["where"]) == ("b.json", "version")


def test_a_version_may_hold_for_one_day(tmp_path: Path) -> None:
    write(tmp_path, "day.json", valid_until="2020-01-01")
    assert load_rules(on=date(2020, 1, 1), directory=tmp_path).in_force(date(2020, 1, 1))


def test_a_directory_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(RulesFolderMissing):
        load_rules(on=date(2026, 1, 1), directory=tmp_path / "none")


TITLE = {"en": "a", "fr": "b"}
BAND = {"code": "ALL", "from_age": 0, "months": 12, "title": TITLE}
BROKEN = [
    ({"format": "sceau-renewal/2"}, "format"),
    ({"format": GONE}, "$"),
    ({"more": 1}, "$"),
    ({"id": "FR"}, "id"),
    ({"id": 5}, "id"),
    ({"version": "2020"}, "version"),
    ({"version": None}, "version"),
    ({"valid_from": "2020-13-01"}, "valid_from"),
    ({"valid_from": "20200101"}, "valid_from"),
    ({"valid_until": "soon"}, "valid_until"),
    ({"valid_until": "2019-12-31"}, "valid_until"),
    ({"sources": []}, "sources"),
    ({"sources": [5]}, "sources[0]"),
    ({"sources": "https://example.org"}, "sources"),
    ({"bands": {}}, "bands"),
    ({"bands": []}, "bands"),
    ({"bands": [5]}, "bands[0]"),
    ({"bands": [{**BAND, "from_age": 1}], "early": []}, "bands"),
    ({"bands": [BAND, {**BAND, "code": "OLD", "from_age": 0}], "early": []}, "bands"),
    ({"bands": [BAND, {**BAND, "from_age": 16}], "early": []}, "bands"),
    ({"bands": [{**BAND, "months": -1}], "early": []}, "bands[0].months"),
    ({"bands": [{**BAND, "months": 121}], "early": []}, "bands[0].months"),
    ({"bands": [{**BAND, "months": True}], "early": []}, "bands[0].months"),
    ({"bands": [{**BAND, "from_age": "0"}], "early": []}, "bands[0].from_age"),
    ({"bands": [{**BAND, "code": "all"}], "early": []}, "bands[0].code"),
    ({"bands": [{**BAND, "title": {"en": "a"}}], "early": []}, "bands[0].title"),
    ({"bands": [{**BAND, "title": {"en": "a", "fr": ""}}], "early": []}, "bands[0].title.fr"),
    ({"bands": [{**BAND, "more": 1}], "early": []}, "bands[0]"),
    ({"early": [{"code": "X", "months": {}, "title": TITLE}]}, "early[0].months"),
    ({"early": [{"code": "X", "months": {"OLD": 1}, "title": TITLE}]}, "early[0].months"),
    ({"early": [{"code": "X", "months": {"FROM-16": "1"}, "title": TITLE}]}, "early[0].months.FROM-16"),
    ({"early": [{"code": "X", "months": {"FROM-16": 1}}]}, "early[0]"),
    ({"early": [{"code": "X", "months": {"FROM-16": months}, "title": TITLE} for months in (1, 2)]}, "early"),
]


@pytest.mark.parametrize(("changes", "where"), BROKEN)
def test_a_broken_file_is_refused_by_its_place(changes: dict[str, object], where: str) -> None:
    with pytest.raises(RulesBroken) as refused:
        parse_rules(json.dumps(rules(**changes)), "own.json")
    assert refused.value.details["where"] == where
    assert refused.value.message("en") != refused.value.message("fr")
    assert "own.json" in refused.value.message("fr")


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', "{}", "[" * 100_000])
def test_what_is_no_file_of_rules_is_refused(text: str) -> None:
    with pytest.raises(RulesBroken):
        parse_rules(text)
