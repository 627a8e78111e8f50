# SPDX-License-Identifier: Apache-2.0
"""Claims and coverages that go out to FHIR come back unchanged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sceau.errors import SceauError
from sceau.formats.fhir import export_claim, export_coverage, import_claim
from sceau.formats.fhir.claim import LINES
from sceau.formats.fhir.errors import FieldRefused
from sceau.formats.fhir.imported import Imported
from sceau.record import Value
from sceau.record.canonical import holds_individual_code
from tests.client.formats.fhir.conftest import Examples

REFERENCES = {"patient": "Patient/1", "provider": "Organization/1", "insurer": "Organization/2"}


def out_and_back(values: Mapping[str, Value]) -> Imported:
    claim = export_claim(values, coverage="Coverage/1", **REFERENCES)
    coverage = export_coverage(values, resource_id="1", beneficiary="Patient/1", payer="Organization/2")
    return import_claim(json.dumps(claim).encode(), json.dumps(coverage).encode())


@pytest.mark.parametrize("name", ["Claim-660150", "Claim-660151", "Claim-660152"])
def test_an_example_goes_out_and_comes_back_unchanged(examples: Examples, name: str) -> None:
    values = import_claim(examples.path(name), examples.path("Coverage-9876B1")).values
    again = out_and_back(values)
    assert dict(again.values) == dict(values)
    # The beneficiary is now the patient; the coverage still had ended.
    assert [notice.code for notice in again.notices] == ["coverage-not-in-force"]


CODE = st.from_regex(r"[A-Z][A-Z0-9]{0,9}", fullmatch=True).filter(
    lambda code: not holds_individual_code(code)
)
DAY = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat)
COUNT = st.integers(1, 99)
PART: st.SearchStrategy[tuple[str, int, int, list[Any]]] = st.builds(
    lambda code, count, net: (code, count, net, []), CODE, COUNT, st.integers(0, 10**8)
)


def lines_over(
    below: st.SearchStrategy[tuple[str, int, int, list[Any]]],
) -> st.SearchStrategy[tuple[str, int, int, list[Any]]]:
    """Lines whose amounts are the sums of those below them, or free where there is none."""
    return st.builds(
        lambda code, count, net, parts: (code, count, sum(p[2] for p in parts) if parts else net, parts),
        CODE,
        COUNT,
        st.integers(0, 10**8),
        st.lists(below, max_size=2),
    )


ITEMS = st.lists(lines_over(lines_over(PART)), min_size=1, max_size=3)
HEADS = st.fixed_dictionaries(
    {"claim.use": st.sampled_from(["CLAIM", "PREAUTHORIZATION"]), "claim.created": DAY},
    optional={"claim.number": CODE, "pec.number": CODE, "coverage.type": CODE, "coverage.start": DAY},
)


def as_values(
    head: dict[str, str], items: list[tuple[str, int, int, list[Any]]], currency: str
) -> dict[str, Value] | None:
    values: dict[str, Value] = {**head, "currency": currency, "total": sum(item[2] for item in items)}
    used = dict.fromkeys(LINES, 0)

    def add(lines: list[tuple[str, int, int, list[Any]]], level: int, above: int | None) -> None:
        for code, count, net, below in lines:
            name = tuple(LINES)[level]
            used[name] += 1
            number = used[name]
            at = f"{name}.{number}"
            values.update({f"{at}.code": code, f"{at}.quantity": count, f"{at}.net": net})
            if above is not None:
                values[f"{at}.{tuple(LINES)[level - 1]}"] = above
            add(below, level + 1, number)

    add(items, 0, None)
    return values if all(used[name] <= most for name, most in LINES.items()) else None


CLAIMS = st.builds(as_values, HEADS, ITEMS, st.sampled_from(["EUR", "USD"])).filter(bool)


@given(CLAIMS)
@settings(max_examples=60, deadline=None)
def test_every_claim_goes_out_and_comes_back_unchanged(values: Mapping[str, Value]) -> None:
    assert dict(out_and_back(values).values) == values


def small(changes: Mapping[str, Value] = {}) -> dict[str, Value]:
    return {
        "claim.use": "CLAIM",
        "claim.created": "2026-11-23",
        "currency": "EUR",
        "total": 8000,
        "item.1.code": "GLASSES",
        "item.1.quantity": 1,
        "item.1.net": 8000,
        **changes,
    }


def test_a_line_of_no_item_does_not_go_out() -> None:
    astray = small(
        {"detail.1.item": 2, "detail.1.code": "FRAME", "detail.1.quantity": 1, "detail.1.net": 8000}
    )
    with pytest.raises(FieldRefused) as refused:
        export_claim(astray, coverage="Coverage/1", **REFERENCES)
    assert refused.value.details["path"] == "detail.1.item"


def test_the_commitment_of_a_prescription_stays_here() -> None:
    sealed = small({"prescription.commitment": "0x" + "ab" * 32})
    claim = export_claim(sealed, coverage="Coverage/1", **REFERENCES)
    assert "abab" not in json.dumps(claim)


def test_what_is_no_claim_or_no_reference_does_not_go_out() -> None:
    with pytest.raises(SceauError):
        export_claim({**small(), "total": 7999}, coverage="Coverage/1", **REFERENCES)
    with pytest.raises(FieldRefused):
        export_claim(small(), coverage="", **REFERENCES)
    with pytest.raises(FieldRefused):
        export_coverage(small(), resource_id="not an id!", beneficiary="Patient/1", payer="Organization/2")
