# SPDX-License-Identifier: Apache-2.0
"""Every rule of "Reading a disclosure" in docs/records.md, against authors who cheat and files that were edited."""

from typing import Any

import pytest

from sceau.errors import InputError, SceauError
from sceau.record import Multiproof, Scope, SealedRecord, load_profile
from sceau.record.errors import DisclosureRefused, RecordError
from tests.client.record.records import vectors

CASES = vectors("refused.json")


def named(cases: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


def check(caught: pytest.ExceptionInfo[Any], case: Any) -> None:
    assert caught.value.code == case["code"]
    rule = caught.value.details.get("rule")
    assert (rule.code if rule else None) == case["rule"]


@named(CASES["disclosures"])
def test_a_part_is_refused(case: Any) -> None:
    shown = Multiproof.from_json(case["disclosure"])
    with pytest.raises(DisclosureRefused) as caught:
        shown.read(case["root"], Scope.parse(case["scope"]))
    check(caught, case)


@named(CASES["disclosures"])
def test_the_same_is_refused_as_a_full_opening(case: Any) -> None:
    shown = Multiproof.from_json(case["disclosure"])
    with pytest.raises(DisclosureRefused):
        shown.read_full(case["root"], Scope.parse(case["scope"]))


@named(CASES["full"])
def test_a_full_opening_is_refused(case: Any) -> None:
    shown = Multiproof.from_json(case["disclosure"])
    with pytest.raises(RecordError) as caught:
        shown.read_full(case["root"], Scope.parse(case["scope"]))
    check(caught, case)


@named(CASES["files"])
def test_a_file_of_another_shape_is_refused(case: Any) -> None:
    with pytest.raises(InputError) as caught:
        Multiproof.from_json(case["text"])
    check(caught, case)
    assert caught.value.__cause__ is None
    assert "could" not in str(caught.value)


@named(CASES["openings"])
def test_an_opening_is_refused(case: Any) -> None:
    with pytest.raises(InputError) as caught:
        SealedRecord.from_json(case["opening"])
    check(caught, case)


@named(CASES["records"])
def test_a_record_cannot_be_sealed(case: Any) -> None:
    name, version = case["profile"].split("/")
    with pytest.raises(RecordError) as caught:
        load_profile(name, int(version)).validate(case["values"])
    check(caught, case)


def test_every_refusal_of_the_specification_has_a_vector() -> None:
    def below(error: type[SceauError]) -> set[type[SceauError]]:
        return {error} | {found for each in error.__subclasses__() for found in below(each)}

    codes = {error.code for error in below(DisclosureRefused) - {DisclosureRefused}}
    assert codes <= {case["code"] for kind in ("disclosures", "full") for case in CASES[kind]}
