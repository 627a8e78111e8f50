# SPDX-License-Identifier: Apache-2.0
"""A disclosure's file: whole, or refused with the part that is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sceau import Disclosure
from sceau.disclosure.errors import DisclosureMalformed
from sceau.errors import SceauError
from tests.support.stage import Stage

GONE = object()


@pytest.fixture
def whole(stage: Stage) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(stage.round.disclose().to_json()))
    return data


def changed(data: dict[str, Any], place: str, value: object) -> dict[str, Any]:
    holder = data
    *above, last = place.split(".")
    for key in above:
        holder = holder[key]
    if value is GONE:
        del holder[last]
    else:
        holder[last] = value
    return data


def test_it_comes_back_as_it_was_written(whole: dict[str, Any]) -> None:
    again = Disclosure.from_json(json.dumps(whole).encode())
    assert json.loads(json.dumps(again.to_json())) == whole


EVERY_KEY = [
    *("format", "id", "sender", "recipient", "record", "record.scope", "record.root", "record.shown"),
    *("policy", "policy.id", "policy.version", "policy.clause", "purpose", "consent", "consent.commitment"),
    *("consent.key", "consent.shown", "made_at", "delete_by"),
]


@pytest.mark.parametrize("place", EVERY_KEY)
@pytest.mark.parametrize("value", [GONE, 5.5, True, [], {}, "", "\n", -1, "x" * 500], ids=str)
def test_every_part_must_be_there_and_be_one(whole: dict[str, Any], place: str, value: object) -> None:
    with pytest.raises(SceauError) as refused:
        Disclosure.from_json(json.dumps(changed(whole, place, value)))
    assert refused.value.message("en") != refused.value.message("fr")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("sender", 0),
        ("sender", 2**32),
        ("recipient", "3"),
        ("id", "AB" * 16),
        ("id", "ab" * 15),
        ("record.root", "0x" + "AB" * 32),
        ("record.root", "ab" * 32),
        ("record.scope", "sceau:2"),
        ("consent.key", "0x" + "ab" * 19),
        ("made_at", "2026-11-23T10:00:00"),
        ("made_at", "2026-11-23T10:00:00+00:00"),
        ("made_at", "2026-02-30T10:00:00Z"),
        ("made_at", "2026-11-23T10:00:00.5Z"),
        ("made_at", "2026-1-03T10:00:00Z"),
        ("made_at", "2026-11-23T1:00:00Z"),
        ("delete_by", "2027-1-1"),
        ("delete_by", "20270101"),
        ("delete_by", "2027-W01-1"),
        ("purpose", "two words"),
        ("policy.clause", "../minimal"),
    ],
)
def test_one_writing_is_taken_and_no_other(whole: dict[str, Any], place: str, value: object) -> None:
    with pytest.raises(SceauError):
        Disclosure.from_json(json.dumps(changed(whole, place, value)))


@pytest.mark.parametrize("place", ["more", "record.more", "policy.more", "consent.more"])
def test_a_key_that_the_format_does_not_have_is_refused(whole: dict[str, Any], place: str) -> None:
    with pytest.raises(DisclosureMalformed, match="key that the format does not have") as refused:
        Disclosure.from_json(json.dumps(changed(whole, place, 1)))
    assert "clé" in refused.value.message("fr")
    assert "key" not in refused.value.message("fr")


@pytest.mark.parametrize("text", ["", "null", "[]", '"sceau"', "{", "[" * 100_000, '{"format": 1e999}'])
def test_what_is_no_disclosure_is_refused(text: str) -> None:
    with pytest.raises(SceauError):
        Disclosure.from_json(text)


def test_a_refusal_echoes_no_value_of_the_file(whole: dict[str, Any]) -> None:
    secret = "PRIVATE-4711"
    for place in EVERY_KEY:
        data = json.loads(json.dumps(whole))
        with pytest.raises(SceauError) as refused:
            Disclosure.from_json(json.dumps(changed(data, place, {"value": secret})))
        assert secret not in refused.value.message("en") + refused.value.message("fr") + repr(refused.value)
