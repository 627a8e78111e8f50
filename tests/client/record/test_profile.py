# SPDX-License-Identifier: Apache-2.0
"""Profiles and their files."""

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest

from sceau.record import Profile, Value, load_profile, parse_profile, profile_names
from sceau.record.errors import PathMissing, PathUnknown, ProfileBroken, ProfileUnknown, RuleBroken

LINES: dict[str, Any] = {
    "format": "sceau-profile/1",
    "name": "lines",
    "version": 1,
    "title": {"en": "Lines", "fr": "Lignes"},
    "bound_to": "claim",
    "leaves": 16,
    "lists": {"line": {"places": 3, "at_least": 1}},
    "fields": [
        {"path": "line.N.code", "format": "code", "required": True, "group": "CODES"},
        {"path": "line.N.net", "format": "cents", "required": True, "group": "AMOUNTS"},
        {"path": "line.N.day", "format": "date", "required": False, "group": "DATES"},
        {"path": "total", "format": "cents", "required": False, "group": "AMOUNTS", "max": 500},
        {"path": "paid", "format": "cents", "required": False, "group": "AMOUNTS"},
        {"path": "day", "format": "date", "required": False, "group": "DATES"},
        {
            "path": "cylinder",
            "format": "dioptre",
            "required": False,
            "group": "LENS",
            "min": "-4.00",
            "max": "0.00",
        },
        {"path": "axis", "format": "axis", "required": False, "group": "LENS"},
    ],
    "rules": [],
}
LINE: dict[str, Value] = {"line.1.code": "A", "line.1.net": 200}


def profile(**changes: object) -> Profile:
    return parse_profile(json.dumps({**copy.deepcopy(LINES), **changes}), "lines/1")


def one_field(**changes: object) -> dict[str, Any]:
    return {"fields": [{"path": "a", "format": "code", "required": True, "group": "X", **changes}]}


def with_rules(*rules: object) -> Profile:
    return profile(rules=list(rules))


@pytest.mark.parametrize(("name", "version"), profile_names())
def test_every_packaged_profile_holds_to_its_format(name: str, version: int) -> None:
    found = load_profile(name, version)
    assert found.key == f"{name}/{version}"
    assert len(found.fields) < found.leaves
    assert found.leaves & (found.leaves - 1) == 0
    assert found.title("en") != found.title("fr")
    for path, field in found.fields.items():
        assert field.path == path
        assert field.title("en")
        assert field.title("fr")
        assert field.place == 0 or f".{field.place}" in path


def test_the_latest_version_is_loaded_unless_one_is_named() -> None:
    assert load_profile("consent").version == max(
        version for name, version in profile_names() if name == "consent"
    )


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "",
        "../consent",
        "consent-1",
        "Consent",
        "consent/1",
        "x" * 5000,
        "a\x1b[2J",
        None,
        5,
        ["consent"],
    ],
    ids=lambda name: repr(name)[:20],
)
def test_an_unknown_profile_is_refused_without_repeating_a_hostile_name(name: Any) -> None:
    with pytest.raises(ProfileUnknown) as caught:
        load_profile(name)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_an_unknown_version_is_refused_by_name() -> None:
    with pytest.raises(ProfileUnknown, match="consent/99"):
        load_profile("consent", 99)


def test_the_paths_of_a_list_are_written_out() -> None:
    found = profile()
    assert [path for path in found.fields if path.startswith("line")] == [
        f"line.{place}.{name}" for name in ("code", "net", "day") for place in (1, 2, 3)
    ]
    assert found.field("line.1.code").required
    assert not found.field("line.2.code").required
    assert found.field("line.2.code").required_in_place
    assert not found.field("line.1.day").required_in_place
    assert found.field("line.2.code").template == "line.N.code"
    assert found.field("line.2.code").place == 2
    assert found.groups() == {"CODES", "AMOUNTS", "DATES", "LENS"}


def test_a_profile_cannot_be_changed() -> None:
    found = profile()
    with pytest.raises(TypeError):
        found.fields["total"] = found.fields["paid"]  # type: ignore[index]  # what must not work
    with pytest.raises(AttributeError):
        found.leaves = 32  # type: ignore[misc]  # what must not work


@pytest.mark.parametrize(
    "path", ["line.4.code", "line.0.code", "line.N.code", "line.code", "", "pad.1", "sceau.record"]
)
def test_no_other_path_exists(path: str) -> None:
    with pytest.raises(PathUnknown):
        profile().validate({**LINE, path: "A"})


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({}, "line.1.code"),
        ({"line.1.code": "A"}, "line.1.net"),
        ({**LINE, "line.2.day": "2026-01-01"}, "line.2.code"),
        ({**LINE, "line.2.code": "A"}, "line.2.net"),
    ],
)
def test_a_place_that_is_used_is_complete(values: Mapping[str, Value], missing: str) -> None:
    with pytest.raises(PathMissing, match=missing):
        profile().validate(values)


def test_places_are_used_without_a_gap() -> None:
    with pytest.raises(RuleBroken, match="without a gap"):
        profile().validate({**LINE, "line.3.code": "A", "line.3.net": 1})


def test_a_valid_record_comes_back_in_the_order_of_its_paths() -> None:
    values = {"total": 1, **LINE, "axis": 5}
    assert list(profile().validate(values).items()) == sorted(values.items())


RULES: list[tuple[dict[str, Any], dict[str, Value], dict[str, Value], str]] = [
    ({"rule": "needs", "path": "total", "other": "paid"}, {"total": 1}, {"total": 1, "paid": 1}, "needs"),
    ({"rule": "needs", "path": "total", "other": "paid"}, {"total": 1}, {"paid": 1}, "needs"),
    (
        {"rule": "excludes", "path": "total", "other": "paid"},
        {"total": 1, "paid": 1},
        {"total": 1},
        "excludes",
    ),
    ({"rule": "any-of", "paths": ["total", "paid"]}, {}, {"paid": 1}, "any-of"),
    (
        {"rule": "axis-with-cylinder", "cylinder": "cylinder", "axis": "axis"},
        {"cylinder": "-0.25"},
        {"cylinder": "-0.25", "axis": 90},
        "axis-missing",
    ),
    (
        {"rule": "axis-with-cylinder", "cylinder": "cylinder", "axis": "axis"},
        {"cylinder": "0.00", "axis": 90},
        {"cylinder": "0.00"},
        "axis-without-cylinder",
    ),
    (
        {"rule": "axis-with-cylinder", "cylinder": "cylinder", "axis": "axis"},
        {"axis": 90},
        {},
        "axis-without-cylinder",
    ),
    (
        {"rule": "not-after", "first": "line.1.day", "then": "day"},
        {"line.1.day": "2026-01-02", "day": "2026-01-01"},
        {"line.1.day": "2026-01-01", "day": "2026-01-01"},
        "not-after",
    ),
    (
        {"rule": "not-after", "first": "line.N.day", "then": "day"},
        {"line.2.code": "A", "line.2.net": 0, "line.2.day": "2026-01-02", "day": "2026-01-01"},
        {"line.2.code": "A", "line.2.net": 0, "line.2.day": "2026-01-02"},
        "not-after",
    ),
    (
        {"rule": "at-most", "part": "paid", "whole": "total"},
        {"paid": 100, "total": 99},
        {"paid": 100, "total": 100},
        "at-most",
    ),
    (
        {"rule": "at-most", "part": "line.N.net", "whole": "total"},
        {"line.2.code": "B", "line.2.net": 300, "total": 250},
        {"line.2.code": "B", "line.2.net": 200, "total": 200},
        "at-most",
    ),
    (
        {"rule": "sum", "total": "total", "parts": "line.N.net"},
        {"line.2.code": "B", "line.2.net": 1, "total": 200},
        {"line.2.code": "B", "line.2.net": 1, "total": 201},
        "sum",
    ),
    (
        {"rule": "sum", "total": "total", "parts": ["line.N.net", "paid"]},
        {"paid": 5, "total": 206},
        {"paid": 5, "total": 205},
        "sum",
    ),
    (
        {"rule": "ascending", "items": "line.N.code"},
        {"line.2.code": "A", "line.2.net": 1},
        {"line.2.code": "B", "line.2.net": 1},
        "ascending",
    ),
]


@pytest.mark.parametrize(("rule", "broken", "kept", "code"), RULES, ids=lambda each: str(each)[:60])
def test_a_rule_refuses_what_breaks_it_and_nothing_else(
    rule: dict[str, Any], broken: dict[str, Value], kept: dict[str, Value], code: str
) -> None:
    with pytest.raises(RuleBroken) as caught:
        with_rules(rule).validate({**LINE, **broken})
    assert caught.value.details["rule"].code == code
    assert caught.value.message("en") != caught.value.message("fr")
    assert with_rules(rule).validate({**LINE, **kept})
    assert profile().validate({**LINE, **broken})


def test_every_kind_of_rule_is_tried() -> None:
    from sceau.record.rules import RULES as KINDS

    assert {rule["rule"] for rule, *_ in RULES} == set(KINDS)


@pytest.mark.parametrize(
    ("change", "place", "rule"),
    [
        ({"format": "sceau-profile/2"}, "format", "json-format"),
        ({"leaves": 15}, "leaves", "power-of-two"),
        ({"leaves": 8}, "fields", "do-not-fit"),
        ({"leaves": 2, "fields": LINES["fields"][3:5]}, "fields", "do-not-fit"),
        ({"leaves": 2048}, "leaves", "power-of-two"),
        ({"leaves": True}, "leaves", "power-of-two"),
        ({"bound_to": "patient"}, "bound_to", "json-listed"),
        ({"title": {"en": "x"}}, "title.fr", "json-key-missing"),
        ({"note": "x"}, "", "json-key-unknown"),
        ({"fields": [*LINES["fields"], LINES["fields"][3]]}, "fields[8]", "path-twice"),
        ({"lists": {}}, "fields[0].path", "of-no-list"),
        ({"lists": {"line": {"places": 3}}}, "lists.line.at_least", "json-key-missing"),
        ({"lists": {"line": {"places": 1, "at_least": 2}}}, "lists.line", "at-least-over-places"),
        ({"lists": {"line": {"places": 10**12, "at_least": 0}}}, "lists.line.places", "places"),
        (
            one_field(path="pad.1"),
            "fields[0].path",
            "not-a-path",
        ),
        (
            one_field(path="pad.x"),
            "fields[0].path",
            "reserved",
        ),
        (
            one_field(path="sceau.record"),
            "fields[0].path",
            "reserved",
        ),
        (
            one_field(path="A"),
            "fields[0].path",
            "not-a-path",
        ),
        (
            one_field(path="x" * 61),
            "fields[0].path",
            "not-a-path",
        ),
        (
            one_field(format="uint"),
            "fields[0].format",
            "format-unknown",
        ),
        (
            one_field(required=1),
            "fields[0].required",
            "json-boolean",
        ),
        (
            one_field(group="x y"),
            "fields[0].group",
            "json-code",
        ),
        (
            {"fields": [{"path": "a", "format": "code", "required": True}]},
            "fields[0].group",
            "json-key-missing",
        ),
        (
            one_field(format="axis", min="1"),
            "fields[0].min",
            "json-number",
        ),
        (
            one_field(format="dioptre", min="1"),
            "fields[0].min",
            "two-decimals",
        ),
        (
            one_field(most=1),
            "fields[0]",
            "json-key-unknown",
        ),
        ({"fields": None}, "fields", "json-a-list"),
        ({"rules": [{"rule": "magic", "path": "total"}]}, "rules[0]", "not-a-rule"),
        ({"rules": [{"rule": "needs", "path": "total"}]}, "rules[0]", "not-a-rule"),
        ({"rules": [{"rule": "needs", "path": "total", "other": "nothing"}]}, "rules[0]", "names-no-field"),
    ],
)
def test_a_file_outside_the_format_is_refused_by_its_place_and_rule(
    change: dict[str, Any], place: str, rule: str
) -> None:
    with pytest.raises(ProfileBroken) as caught:
        profile(**change)
    assert caught.value.details["rule"].code == rule
    for language in ("en", "fr"):
        assert f" {place} " in caught.value.message(language).replace("'", " ") or not place
        assert "lines/1" in caught.value.message(language)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "sceau-profile/1"}', json.dumps(LINES)[:-5]])
def test_a_file_that_is_no_profile_is_refused(text: str) -> None:
    with pytest.raises(ProfileBroken):
        parse_profile(text, "lines/1")


def test_limits_of_a_field_replace_those_of_its_format() -> None:
    found = profile()
    assert found.field("total").limits.maximum == 500
    assert found.field("cylinder").limits.minimum == -400
    assert found.field("paid").limits.maximum is None
