# SPDX-License-Identifier: Apache-2.0
"""A payer's decision from FHIR ClaimResponse and back, and every response that is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sceau.errors import SceauError
from sceau.formats.fhir import export_decision, import_claim, import_decision
from sceau.formats.fhir.claim_response import CODES
from sceau.formats.fhir.errors import (
    AmountsDisagree,
    EnteredInError,
    FieldRefused,
    RecordNotActive,
    WrongResource,
)
from sceau.formats.fhir.imported import Imported
from sceau.record import Scope, Value, seal
from sceau.record.canonical import holds_individual_code
from tests.client.formats.fhir.conftest import Examples

GONE = "(gone)"
VISION = (("type", "coding", 0, "code"), "vision")
PAID = (("payment", "amount", "value"), 90.47)
USD = {"currency": "USD"}
REFERENCES = {"patient": "Patient/1", "insurer": "Organization/2"}


@pytest.fixture
def decision(examples: Examples) -> Callable[..., Imported]:
    """Imports one of HL7's responses, made a vision response whose amounts agree, with further changes."""

    def read(*changes: tuple[tuple[str | int, ...], object], name: str = "ClaimResponse-R3500") -> Imported:
        own = [VISION, PAID] if name == "ClaimResponse-R3500" else [VISION]
        made = [(place, examples.gone if value == GONE else value) for place, value in changes]
        return import_decision(examples.changed(name, *own, *made))

    return read


@pytest.mark.parametrize("name", ["ClaimResponse-R3500", "ClaimResponse-R3501"])
def test_the_dental_examples_are_refused_as_no_vision_claim(examples: Examples, name: str) -> None:
    with pytest.raises(FieldRefused) as refused:
        import_decision(examples.path(name))
    assert refused.value.details["path"] == "ClaimResponse.type"
    assert refused.value.details["rule"].code == "not-vision"


def test_an_example_whose_payment_is_not_its_benefit_is_refused(examples: Examples) -> None:
    with pytest.raises(AmountsDisagree) as refused:
        import_decision(examples.changed("ClaimResponse-R3500", VISION))
    assert refused.value.details["path"] == "ClaimResponse.payment.amount"


def test_a_settled_response_gives_amount_payment_and_day(decision: Callable[..., Imported]) -> None:
    imported = decision()
    assert imported.profile == "payer-decision/1"
    assert dict(imported.values) == {
        "decision.date": "2014-08-16",
        "total.amc": 9047,
        "currency": "USD",
        "payment.date": "2014-08-31",
        "payment.reference": "201408-2-1569478",
    }
    scope = Scope("payer-decision", 1, 31337, "0x" + "1" * 40, "0x" + "2" * 64, 0, "settled")
    assert dict(seal(scope, imported.values).values) == dict(imported.values)


def test_an_error_gives_its_code_as_the_reason(decision: Callable[..., Imported]) -> None:
    imported = decision(name="ClaimResponse-R3501")
    assert dict(imported.values) == {"decision.date": "2014-08-16", "decision.reason": "A002"}


def test_an_authorisation_gives_its_number_and_its_end(decision: Callable[..., Imported]) -> None:
    imported = decision(
        (("use",), "preauthorization"),
        (("preAuthRef",), "pec 2026 0417"),
        (("preAuthPeriod",), {"start": "2014-08-16", "end": "2014-10-16"}),
    )
    assert imported.values["pec.number"] == "PEC20260417"
    assert imported.values["valid-until"] == "2014-10-16"


def test_a_payment_less_an_adjustment_is_the_benefit(decision: Callable[..., Imported]) -> None:
    adjusted = [
        (("payment", "amount", "value"), 80),
        (("payment", "adjustment"), {"value": 10.47, **USD}),
    ]
    assert decision(*adjusted).values["total.amc"] == 9047
    assert decision(*adjusted, (("total",), GONE)).values["total.amc"] == 9047


BENEFIT = {"category": {"coding": [{"code": "benefit"}]}}
REFUSED = [
    (("type",), GONE, "type", "missing"),
    (("use",), "predetermination", "use", "use-unknown"),
    (("use",), GONE, "use", "missing"),
    (("outcome",), "queued", "outcome", "not-decided"),
    (("outcome",), "partial", "outcome", "not-decided"),
    (("outcome",), GONE, "outcome", "missing"),
    (("outcome",), "error", "error", "not-one-reason"),
    (("created",), "2014-08", "created", "day-wanted"),
    (("created",), GONE, "created", "missing"),
    (("preAuthPeriod",), {"end": "2014"}, "preAuthPeriod.end", "day-wanted"),
    (("preAuthRef",), "x" * 50, "preAuthRef", "too-long"),
    (("total", 1, "amount", "value"), -90.47, "total[1].amount.value", "amount-range"),
    (("total", 1, "amount", "value"), 90.471, "total[1].amount.value", "not-cents"),
    (("total", 1, "amount", "currency"), "EUR", "payment.amount.currency", "currency-mixed"),
    (("total", 1, "amount", "currency"), GONE, "total[1].amount.currency", "currency-missing"),
    (("total", 0), {**BENEFIT, "amount": {"value": 1, **USD}}, "total", "not-one-benefit"),
    (("payment", "amount", "value"), 90.48, "payment.amount", "payment-wrong"),
    (("payment", "date"), "31/08/2014", "payment.date", "malformed"),
    (
        ("adjudication",),
        [{**BENEFIT, "reason": {"coding": [{"code": code}]}} for code in ("a1", "a2")],
        "adjudication",
        "not-one-reason",
    ),
    (("extension",), [{"url": CODES}] * 2, "extension", "not-one-codes"),
    (
        ("extension",),
        [{"url": CODES, "extension": [{"url": "both", "valueCode": "VXB1"}]}],
        "extension[0].extension[0].url",
        "not-one-codes",
    ),
    (
        ("extension",),
        [{"url": CODES, "extension": [{"url": "right", "valueCode": "VXB1"}] * 2}],
        "extension[0].extension[1].url",
        "not-one-codes",
    ),
    (("modifierExtension",), [{"url": "urn:x", "valueBoolean": True}], "modifierExtension", "modifier"),
    (("verdict",), "good", "verdict", "unknown"),
]


@pytest.mark.parametrize(("place", "value", "path", "rule"), REFUSED)
def test_a_missing_or_absurd_field_is_refused(
    decision: Callable[..., Imported], place: tuple[str | int, ...], value: object, path: str, rule: str
) -> None:
    with pytest.raises(SceauError) as refused:
        decision((place, value))
    assert refused.value.details["path"] == f"ClaimResponse.{path}"
    assert refused.value.details["rule"].code == rule
    assert refused.value.message("fr").startswith(f"ClaimResponse.{path} : ")


def test_the_reason_of_another_amount_than_the_benefit_is_no_reason_of_the_decision(
    decision: Callable[..., Imported],
) -> None:
    other = {"category": {"coding": [{"code": "copay"}]}, "reason": {"coding": [{"code": "a1"}]}}
    assert "decision.reason" not in decision((("adjudication",), [other])).values
    benefit = {**BENEFIT, "reason": {"coding": [{"code": "a2"}]}}
    assert decision((("adjudication",), [other, benefit])).values["decision.reason"] == "A2"


def test_a_lens_code_that_is_an_individual_one_is_refused(decision: Callable[..., Imported]) -> None:
    extension = [{"url": CODES, "extension": [{"url": "right", "valueCode": "2287916"}]}]
    with pytest.raises(SceauError, match="individual LPP code"):
        decision((("extension",), extension))


@pytest.mark.parametrize(
    ("status", "error"),
    [("entered-in-error", EnteredInError), ("draft", RecordNotActive), ("cancelled", RecordNotActive)],
)
def test_a_response_that_is_not_active_is_refused(
    decision: Callable[..., Imported], status: str, error: type[SceauError]
) -> None:
    with pytest.raises(error):
        decision((("status",), status))


def test_another_resource_is_refused_by_its_type(examples: Examples) -> None:
    with pytest.raises(WrongResource) as refused:
        import_decision(examples.path("Claim-660151"))
    assert refused.value.details == {"found": "Claim", "wanted": "ClaimResponse"}
    with pytest.raises(WrongResource) as refused:
        import_claim(examples.path("ClaimResponse-R3500"), examples.path("Coverage-9876B1"))
    assert refused.value.details == {"found": "ClaimResponse", "wanted": "Claim"}


def test_no_narrative_disposition_or_reference_is_imported(decision: Callable[..., Imported]) -> None:
    texts = " ".join(str(value) for value in decision().values.values())
    for private in ("settled", "rendering", "Patient", "Organization", "555123", "R3500"):
        assert private not in texts


CODE = st.from_regex(r"[A-Z][A-Z0-9]{0,9}", fullmatch=True).filter(
    lambda code: not holds_individual_code(code)
)
DAY = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat)
PAYMENT = st.fixed_dictionaries({}, optional={"payment.reference": CODE, "payment.date": DAY})
MONEY = st.fixed_dictionaries(
    {"total.amc": st.integers(0, 10**12 - 1), "currency": st.sampled_from(["EUR", "USD", "CHF"])}
)
DECISIONS = st.builds(
    lambda head, paid: {**head, **paid},
    st.fixed_dictionaries(
        {"decision.date": DAY},
        optional={
            "pec.number": CODE,
            "decision.reason": CODE,
            "valid-until": DAY,
            "right.code": CODE,
            "left.code": CODE,
            "frame.code": CODE,
        },
    ),
    st.just({}) | st.builds(lambda money, payment: {**money, **payment}, MONEY, PAYMENT),
)


@given(DECISIONS, st.sampled_from(["claim", "preauthorization"]))
@settings(max_examples=60, deadline=None)
def test_every_decision_goes_out_and_comes_back_unchanged(values: dict[str, Value], use: str) -> None:
    written = export_decision(values, use=use, request="Claim/1", identifier="R1", **REFERENCES)
    assert dict(import_decision(json.dumps(written).encode()).values) == values


def test_a_decision_that_goes_out_holds_what_fhir_needs_and_no_more() -> None:
    values: dict[str, Value] = {
        "decision.date": "2026-11-23",
        "pec.number": "PEC1",
        "total.amc": 34397,
        "currency": "EUR",
    }
    assert export_decision(values, use="preauthorization", **REFERENCES) == {
        "resourceType": "ClaimResponse",
        "status": "active",
        "type": {
            "coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/claim-type", "code": "vision"},
            ]
        },
        "use": "preauthorization",
        "patient": {"reference": "Patient/1"},
        "created": "2026-11-23",
        "insurer": {"reference": "Organization/2"},
        "outcome": "complete",
        "preAuthRef": "PEC1",
        "total": [
            {
                "category": {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/adjudication",
                            "code": "benefit",
                        }
                    ]
                },
                "amount": {"value": 343.97, "currency": "EUR"},
            }
        ],
    }


@pytest.mark.parametrize(
    ("values", "use", "path"),
    [
        ({"decision.date": "2026-11-23", "payment.date": "2026-11-23"}, "claim", "payment.amount"),
        ({"decision.date": "2026-11-23"}, "predetermination", "use"),
    ],
)
def test_what_fhir_cannot_say_does_not_go_out(values: dict[str, Value], use: str, path: str) -> None:
    with pytest.raises(FieldRefused) as refused:
        export_decision(values, use=use, **REFERENCES)
    assert refused.value.details["path"] == f"ClaimResponse.{path}"


def test_what_is_no_decision_or_no_reference_does_not_go_out() -> None:
    with pytest.raises(SceauError):
        export_decision({"pec.number": "PEC1"}, use="claim", **REFERENCES)
    with pytest.raises(FieldRefused):
        export_decision({"decision.date": "2026-11-23"}, use="claim", patient="", insurer="Organization/2")
