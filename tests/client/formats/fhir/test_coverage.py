# SPDX-License-Identifier: Apache-2.0
"""Claim and coverage belong together, and what a person should look at is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from sceau.errors import SceauError
from sceau.formats.fhir import import_claim
from sceau.formats.fhir.errors import CoverageElsewhere
from sceau.formats.fhir.imported import Imported
from tests.client.formats.fhir.conftest import Examples

GONE = "(gone)"
NAMED = ("insurance", 0, "coverage")
OFFICIAL = {"identifier": {"system": "http://benefitsinc.com/certificate", "value": "12345"}}


@pytest.fixture
def pair(examples: Examples) -> Callable[..., Imported]:
    """Imports the example claim and coverage, each with changes."""

    def changed(name: str, changes: Iterable[tuple[tuple[str | int, ...], object]]) -> bytes:
        return examples.changed(
            name, *((place, examples.gone if value == GONE else value) for place, value in changes)
        )

    def read(
        claim: Iterable[tuple[tuple[str | int, ...], object]] = (),
        coverage: Iterable[tuple[tuple[str | int, ...], object]] = (),
    ) -> Imported:
        return import_claim(changed("Claim-660151", claim), changed("Coverage-9876B1", coverage))

    return read


def codes(imported: Imported) -> set[str]:
    return {notice.code for notice in imported.notices}


@pytest.mark.parametrize(
    ("reference", "fits"),
    [
        ({"reference": "Coverage/9876B1"}, True),
        ({"reference": "Coverage/9876B1/_history/3"}, True),
        ({"reference": "https://example.org/fhir/Coverage/9876B1"}, True),
        (OFFICIAL, True),
        ({"reference": "Coverage/9876B2"}, False),
        ({"reference": "Coverage/19876B1"}, False),
        ({"reference": "Patient/9876B1"}, False),
        ({"reference": "9876B1"}, False),
        ({"reference": "#9876B1"}, False),
        ({"display": "Coverage/9876B1"}, False),
        ({"identifier": {"system": "http://benefitsinc.com/certificate", "value": "12346"}}, False),
        ({"identifier": {"system": "http://example.org/other", "value": "12345"}}, False),
        ({"identifier": {"system": "http://benefitsinc.com/certificate"}}, False),
    ],
)
def test_the_claim_must_name_this_coverage(
    pair: Callable[..., Imported], reference: dict[str, object], fits: bool
) -> None:
    if fits:
        assert pair(claim=[(NAMED, reference)]).values == pair().values
    else:
        with pytest.raises(CoverageElsewhere) as refused:
            pair(claim=[(NAMED, reference)])
        assert refused.value.details["path"] == "Claim.insurance[0].coverage"


def test_a_coverage_without_id_is_not_the_one_named(pair: Callable[..., Imported]) -> None:
    with pytest.raises(CoverageElsewhere):
        pair(coverage=[(("id",), GONE)])


@pytest.mark.parametrize("payor", ["Organization/3", "Organization/22", "Practitioner/2"])
def test_another_insurer_is_refused(pair: Callable[..., Imported], payor: str) -> None:
    with pytest.raises(CoverageElsewhere) as refused:
        pair(coverage=[(("payor",), [{"reference": payor}])])
    assert refused.value.details["path"] == "Claim.insurer"


def test_two_absolute_references_on_two_servers_are_two_things(pair: Callable[..., Imported]) -> None:
    here, there = "https://a.example/fhir/Organization/2", "https://b.example/fhir/Organization/2"
    claim = [(("insurer",), {"reference": here})]
    assert pair(claim=claim, coverage=[(("payor",), [{"reference": here}])]).values == pair().values
    with pytest.raises(CoverageElsewhere):
        pair(claim=claim, coverage=[(("payor",), [{"reference": there}])])


def test_a_relative_and_an_absolute_reference_may_mean_one_thing(pair: Callable[..., Imported]) -> None:
    absolute = {"reference": "https://a.example/fhir/Organization/2/_history/7"}
    assert "payer-unsure" not in codes(pair(claim=[(("insurer",), absolute)]))
    assert "payer-unsure" not in codes(pair(coverage=[(("payor",), [absolute])]))


@pytest.mark.parametrize(("value", "fits"), [("555123", True), ("555124", False)])
def test_insurers_named_by_business_identifier_are_compared(
    pair: Callable[..., Imported], value: str, fits: bool
) -> None:
    def named(number: str) -> dict[str, Any]:
        return {"identifier": {"system": "http://www.jurisdiction.org/insurers", "value": number}}

    claim, coverage = [(("insurer",), named(value))], [(("payor",), [named("555123")])]
    if fits:
        assert "payer-unsure" not in codes(pair(claim=claim, coverage=coverage))
    else:
        with pytest.raises(CoverageElsewhere):
            pair(claim=claim, coverage=coverage)


def test_an_insurer_that_cannot_be_compared_is_said(pair: Callable[..., Imported]) -> None:
    assert "payer-unsure" in codes(pair(claim=[(("insurer",), {"display": "An insurer"})]))
    assert "payer-unsure" in codes(pair(claim=[(("insurer",), {"reference": "#2"})]))
    assert "payer-unsure" not in codes(pair())
    assert "payer-unsure" not in codes(pair(claim=[(("insurer",), GONE)]))


def test_the_beneficiary_is_compared_with_the_patient(pair: Callable[..., Imported]) -> None:
    assert "coverage-other-beneficiary" in codes(pair())
    same = pair(coverage=[(("beneficiary",), {"reference": "Patient/1"})])
    assert "coverage-other-beneficiary" not in codes(same)
    unknown = pair(coverage=[(("beneficiary",), {"display": "Somebody"})])
    assert "coverage-other-beneficiary" in codes(unknown)


@pytest.mark.parametrize(
    ("period", "notice"),
    [
        ({"start": "2014-01-01", "end": "2014-12-31"}, None),
        ({"start": "2014-08-16", "end": "2014-08-16"}, None),
        ({"start": "2014-01-01"}, None),
        ({"end": "2014-08-16"}, None),
        ({"start": "2014-08-17"}, "coverage-not-in-force"),
        ({"end": "2014-08-15"}, "coverage-not-in-force"),
        ({"start": "2011-05-23", "end": "2012-05-23"}, "coverage-not-in-force"),
        ({}, "coverage-period-unknown"),
        (GONE, "coverage-period-unknown"),
    ],
)
def test_a_coverage_that_is_not_in_force_is_said(
    pair: Callable[..., Imported], period: object, notice: str | None
) -> None:
    found = codes(pair(coverage=[(("period",), period)])) - {"coverage-other-beneficiary"}
    assert found == ({notice} if notice else set())


def test_the_day_of_service_counts_and_else_the_day_of_the_claim(pair: Callable[..., Imported]) -> None:
    coverage = [(("period",), {"start": "2014-08-01", "end": "2014-08-31"})]
    served_before = [(("item", 0, "servicedDate"), "2014-07-31")]
    assert "coverage-not-in-force" in codes(pair(claim=served_before, coverage=coverage))
    made_after = [(("created",), "2014-09-02")]
    assert "coverage-not-in-force" not in codes(pair(claim=made_after, coverage=coverage))
    no_service = [*made_after, (("item", 0, "servicedDate"), GONE)]
    assert "coverage-not-in-force" in codes(pair(claim=no_service, coverage=coverage))


@pytest.mark.parametrize(
    ("place", "value", "path", "rule"),
    [
        (("period", "end"), "2010-01-01", "period", "period-reversed"),
        (("beneficiary",), GONE, "beneficiary", "missing"),
        (("payor",), GONE, "payor", "missing"),
    ],
)
def test_an_absurd_coverage_is_refused(
    pair: Callable[..., Imported], place: tuple[str | int, ...], value: object, path: str, rule: str
) -> None:
    with pytest.raises(SceauError) as refused:
        pair(coverage=[(place, value)])
    assert refused.value.details["path"] == f"Coverage.{path}"
    assert refused.value.details["rule"].code == rule


def test_without_a_type_of_contract_none_is_made_up(pair: Callable[..., Imported]) -> None:
    assert "coverage.type" not in pair(coverage=[(("type",), GONE)]).values


@pytest.mark.parametrize(
    ("place", "value", "where", "path"),
    [
        (("period", "start"), "2011", "Coverage.period.start", "coverage.start"),
        (("period", "end"), "2012-05", "Coverage.period.end", "coverage.end"),
        (
            ("type", "coding", 0, "code"),
            "extended healthcare plán",
            "Coverage.type.coding[0].code",
            "coverage.type",
        ),
        (("type", "coding"), [{"code": "A"}, {"code": "B"}], "Coverage.type", "coverage.type"),
    ],
)
def test_what_a_coverage_gives_unreadably_is_left_out_with_a_notice(
    pair: Callable[..., Imported], place: tuple[str | int, ...], value: object, where: str, path: str
) -> None:
    imported = pair(coverage=[(place, value)])
    assert path not in imported.values
    assert [each.path for each in imported.notices if each.code == "left-out"] == [where]


def test_a_coverage_of_years_alone_gives_no_dates(pair: Callable[..., Imported]) -> None:
    imported = pair(coverage=[(("period",), {"start": "2011", "end": "2012"})])
    assert not {"coverage.start", "coverage.end"} & set(imported.values)
    assert codes(imported) >= {"left-out", "coverage-period-unknown"}
