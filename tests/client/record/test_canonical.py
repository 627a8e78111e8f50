# SPDX-License-Identifier: Apache-2.0
"""One value has one writing."""

import enum
import json
import sys
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.errors import SceauError, Sentence
from sceau.record import FORMATS, Limits, parse_profile
from sceau.record.canonical import broken_rule, canonical
from sceau.record.errors import ValueNotCanonical
from sceau.record.profile import Field
from tests.client.record.records import vectors

CASES = vectors("canonical.json")


def field_of(written: dict[str, Any]) -> Field:
    """The field that a vector describes, read as a profile file is."""
    profile = {
        "format": "sceau-profile/1",
        "name": "x",
        "version": 1,
        "title": {"en": "x", "fr": "x"},
        "bound_to": "claim",
        "leaves": 2,
        "fields": [{"path": "value", "required": True, "group": "X", **written}],
    }
    return parse_profile(json.dumps(profile), "x/1").field("value")


def value_of(case: Any) -> Any:
    return "".join(map(chr, case["code_points"])) if "code_points" in case else case["value"]


def words_of(error: SceauError) -> str:
    return error.message("en") + error.message("fr") + repr(error)


@pytest.mark.parametrize("case", CASES["accepted"], ids=str)
def test_a_canonical_value_is_taken_as_it_is(case: Any) -> None:
    field = field_of(case["field"])
    value = value_of(case)
    taken = canonical("value", field.format, value, field.limits)
    assert taken == value
    assert type(taken) is type(value)


@pytest.mark.parametrize("case", CASES["refused"], ids=str)
def test_any_other_writing_is_refused_by_its_rule(case: Any) -> None:
    field = field_of(case["field"])
    with pytest.raises(ValueNotCanonical) as caught:
        canonical("value", field.format, value_of(case), field.limits)
    assert caught.value.details["rule"].code == case["rule"]
    assert "value:" in caught.value.message("en")
    assert "value " in caught.value.message("fr")


def test_every_format_has_vectors_both_ways() -> None:
    for kind in ("accepted", "refused"):
        assert {case["field"]["format"] for case in CASES[kind]} == set(FORMATS)


def test_every_rule_of_a_format_has_a_vector() -> None:
    modules = [sys.modules[f"sceau.record.{name}"] for name in ("canonical", "text")]
    rules = {each.code for part in modules for each in vars(part).values() if isinstance(each, Sentence)}
    assert {case["rule"] for case in CASES["refused"]} == rules


@pytest.mark.parametrize("name", ["code", "text", "dioptre", "date", "bytes32", "currency"])
def test_a_refusal_never_repeats_the_value(name: str) -> None:
    secret = "diagnosis: keratoconus -7.25"
    with pytest.raises(ValueNotCanonical) as caught:
        canonical("value", name, secret + "\n")
    words = words_of(caught.value)
    assert "keratoconus" not in words
    assert "7.25" not in words
    assert secret not in str(caught.value.details)


def test_a_hostile_path_is_not_printed() -> None:
    with pytest.raises(ValueNotCanonical) as caught:
        canonical("\x1b[2J secret", "code", "")
    assert "secret" not in words_of(caught.value)


class Word(str):
    __slots__ = ()


class Number(enum.IntEnum):
    ONE = 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("code", Word("A")), ("axis", Number.ONE), ("axis", True), ("axis", 1.0), ("flag", 1), ("code", b"A")],
)
def test_only_the_exact_types_are_taken(name: str, value: object) -> None:
    with pytest.raises(ValueNotCanonical):
        canonical("value", name, value)


@given(st.integers(-160, 160))
def test_every_quarter_of_a_dioptre_has_one_writing(quarters: int) -> None:
    written = f"{Decimal(quarters) / 4:.2f}"
    assert canonical("value", "dioptre", written) == written


digits = st.text("0123456789.-+, e٣", max_size=8)


@given(st.lists(digits, min_size=2, max_size=30))
def test_two_writings_of_one_number_are_never_both_taken(writings: list[str]) -> None:
    limits = Limits(-99999, 99999, 1)
    taken = {written for written in writings if broken_rule("dioptre", written, limits) is None}
    assert len({Decimal(written) for written in taken}) == len(taken)
    assert all(f"{Decimal(written):.2f}" == written for written in taken)


@given(st.text("0123456789-", min_size=8, max_size=11))
def test_a_date_taken_is_a_day_in_its_one_writing(written: str) -> None:
    if broken_rule("date", written) is None:
        assert date.fromisoformat(written).isoformat() == written


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_is_taken(day: date) -> None:
    assert broken_rule("date", day.isoformat()) is None


@given(st.text(max_size=40))
def test_text_taken_has_one_form_and_nothing_hidden(text: str) -> None:
    if broken_rule("text", text) is not None:
        return
    assert unicodedata.normalize("NFC", text) == text
    assert " ".join(text.split()) == text
    assert all(character == " " or unicodedata.category(character)[0] in "LMNPS" for character in text)
    assert text.encode("utf-8").decode("utf-8") == text


LATIN = "abcdefghijklmnopqrstuvwxyzàâäçéèêëîïôöùûüœæÉÈÀŒ0123456789’'(),.;:!?-–€%°/"


@given(st.text(LATIN, min_size=1, max_size=60))
def test_ordinary_french_text_is_taken(text: str) -> None:
    assert broken_rule("text", text) is None


def test_characters_of_one_form_agree_with_a_fixed_unicode() -> None:
    # Whatever Unicode this Python knows, the repertoire is the same: as many characters as counted when this was
    # written, under Python 3.10 (Unicode 13.0) and 3.13 (Unicode 15.1) alike.
    taken = [point for point in range(0x110000) if broken_rule("text", chr(point)) is None]
    assert len(taken) == 93_968


@given(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.lists(st.text())
    )
)
def test_whatever_is_given_is_taken_or_refused(value: object) -> None:
    for name in FORMATS:
        rule = broken_rule(name, value)
        assert rule is None or (rule.en and rule.fr)
