# SPDX-License-Identifier: Apache-2.0
"""Every example file of HL7 that is here is imported, or refused for a named reason."""

from __future__ import annotations

from typing import Any

import pytest

from sceau.formats.fhir import import_claim, import_prescription
from sceau.formats.fhir.errors import ContactLenses, FhirError, WrongResource
from sceau.record import Scope, load_profile, seal
from tests.client.formats.fhir.conftest import Examples

CLAIM_SCOPE: dict[str, Any] = {
    "chain_id": 31337,
    "contract": "0x" + "1" * 40,
    "claim": "0x" + "2" * 64,
    "order": 0,
}
COVERAGE_VALUES = {"coverage.type": "EHCPOL", "coverage.start": "2011-05-23", "coverage.end": "2012-05-23"}

IMPORTED = {
    "VisionPrescription-33123": {
        "prescription.written": "2014-06-15",
        "right.sphere": "-2.00",
        "right.cylinder": "0.00",
        "right.addition": "2.00",
        "right.prism.vertical": "-0.50",
        "left.sphere": "-1.00",
        "left.cylinder": "-0.50",
        "left.axis": 180,
        "left.addition": "2.00",
        "left.prism.vertical": "0.50",
    },
    "Claim-660150": {
        "claim.number": "6612345",
        "claim.use": "CLAIM",
        "claim.created": "2014-08-16",
        "currency": "USD",
        "total": 8000,
        "item.1.code": "EXAM",
        "item.1.serviced": "2014-08-16",
        "item.1.quantity": 1,
        "item.1.net": 8000,
    },
    "Claim-660151": {
        "claim.number": "6612346",
        "claim.use": "CLAIM",
        "claim.created": "2014-08-16",
        "currency": "USD",
        "total": 21400,
        "item.1.code": "GLASSES",
        "item.1.serviced": "2014-08-16",
        "item.1.quantity": 1,
        "item.1.net": 21400,
        "detail.1.item": 1,
        "detail.1.code": "FRAME",
        "detail.1.quantity": 1,
        "detail.1.net": 10000,
        "detail.2.item": 1,
        "detail.2.code": "LENS",
        "detail.2.quantity": 2,
        "detail.2.net": 10000,
        "detail.3.item": 1,
        "detail.3.code": "FST",
        "detail.3.quantity": 1,
        "detail.3.net": 1400,
    },
    "Claim-660152": {
        "claim.number": "6612347",
        "claim.use": "CLAIM",
        "claim.created": "2014-08-16",
        "pec.number": "AB543GTD7567",
        "currency": "USD",
        "total": 23540,
        "item.1.code": "GLASSES",
        "item.1.serviced": "2014-08-16",
        "item.1.quantity": 1,
        "item.1.net": 23540,
        "detail.1.item": 1,
        "detail.1.code": "FRAME",
        "detail.1.quantity": 1,
        "detail.1.net": 11000,
        "detail.2.item": 1,
        "detail.2.code": "LENS",
        "detail.2.quantity": 2,
        "detail.2.net": 11000,
        "detail.3.item": 1,
        "detail.3.code": "FST",
        "detail.3.quantity": 1,
        "detail.3.net": 1540,
        "part.1.detail": 2,
        "part.1.code": "LENS",
        "part.1.quantity": 2,
        "part.1.net": 6600,
        "part.2.detail": 2,
        "part.2.code": "HARDENING",
        "part.2.quantity": 2,
        "part.2.net": 3300,
        "part.3.detail": 2,
        "part.3.code": "UVCOATING",
        "part.3.quantity": 2,
        "part.3.net": 1100,
    },
}
OTHERS = {
    "VisionPrescription-33124",
    "Coverage-9876B1",
    "ClaimResponse-R3500",
    "ClaimResponse-R3501",
    "CoverageEligibilityResponse-E2500",
    "ExplanationOfBenefit-EB3500",
    "Patient-example",
}


def test_this_table_knows_every_example_file(examples: Examples) -> None:
    assert {path.stem for path in examples.folder.glob("*.json")} == set(IMPORTED) | OTHERS


@pytest.mark.parametrize("name", sorted(IMPORTED))
def test_an_example_gives_exactly_these_values_and_can_be_sealed(examples: Examples, name: str) -> None:
    if name.startswith("Claim"):
        imported = import_claim(examples.path(name), examples.path("Coverage-9876B1"))
        expected = IMPORTED[name] | COVERAGE_VALUES
    else:
        imported = import_prescription(examples.path(name))
        expected = IMPORTED[name]
    assert dict(imported.values) == expected
    profile, version = imported.profile.split("/")
    scope = Scope(profile=profile, version=int(version), step="opened", **CLAIM_SCOPE)
    assert dict(seal(scope, imported.values).values) == expected


@pytest.mark.parametrize("name", ["Claim-660150", "Claim-660151", "Claim-660152"])
def test_the_example_claims_earn_the_notices_of_a_coverage_that_ended_and_is_somebody_elses(
    examples: Examples, name: str
) -> None:
    imported = import_claim(examples.path(name), examples.path("Coverage-9876B1"))
    assert [(notice.path, notice.code) for notice in imported.notices] == [
        ("Coverage.beneficiary", "coverage-other-beneficiary"),
        ("Coverage.period", "coverage-not-in-force"),
    ]
    for notice in imported.notices:
        assert notice.message("fr") != notice.message("en")


def test_contact_lenses_are_refused_by_name(examples: Examples) -> None:
    with pytest.raises(ContactLenses) as refused:
        import_prescription(examples.path("VisionPrescription-33124"))
    assert refused.value.details["path"] == "VisionPrescription.lensSpecification[0].product"


@pytest.mark.parametrize("name", sorted(OTHERS - {"VisionPrescription-33124"}))
def test_another_resource_is_refused_by_its_type(examples: Examples, name: str) -> None:
    kind = name.split("-")[0]
    with pytest.raises(WrongResource) as refused:
        import_prescription(examples.path(name))
    assert refused.value.details == {"found": kind, "wanted": "VisionPrescription"}
    with pytest.raises(WrongResource) as refused:
        import_claim(examples.path(name), examples.path("Coverage-9876B1"))
    assert refused.value.details == {"found": kind, "wanted": "Claim"}
    if kind != "Coverage":
        with pytest.raises(WrongResource) as refused:
            import_claim(examples.path("Claim-660151"), examples.path(name))
        assert refused.value.details == {"found": kind, "wanted": "Coverage"}


def test_no_narrative_name_or_reference_is_imported(examples: Examples) -> None:
    for name in IMPORTED:
        imported = (
            import_claim(examples.path(name), examples.path("Coverage-9876B1"))
            if name.startswith("Claim")
            else import_prescription(examples.path(name))
        )
        texts = " ".join(str(value) for value in imported.values.values())
        for private in (
            "div",
            "SPH",
            "OD",
            "Patient",
            "Practitioner",
            "Organization",
            "Bak",
            "Silver",
            "654321",
        ):
            assert private not in texts


def test_what_is_imported_is_shown_nowhere_by_accident(examples: Examples) -> None:
    imported = import_prescription(examples.path("VisionPrescription-33123"))
    assert repr(imported) == "Imported(optical-prescription/1, 10 values, 0 notices)"


def test_the_importers_and_the_profiles_agree_on_the_number_of_lines() -> None:
    from sceau.formats.fhir.claim import LINES

    assert dict(load_profile("optical-claim", 1).lists) == LINES


def test_every_refusal_of_an_import_is_one_kind_of_error(examples: Examples) -> None:
    with pytest.raises(FhirError):
        import_prescription(examples.path("Patient-example"))
