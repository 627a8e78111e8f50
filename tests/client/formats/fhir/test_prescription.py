# SPDX-License-Identifier: Apache-2.0
"""Every missing or absurd field of a prescription is refused by its JSON path."""

from __future__ import annotations

import json

import pytest

from sceau.errors import SceauError
from sceau.formats.fhir import import_prescription
from sceau.formats.fhir.errors import ContactLenses
from tests.client.formats.fhir.conftest import Examples

NAME = "VisionPrescription-33123"
RIGHT, LEFT = ("lensSpecification", 0), ("lensSpecification", 1)
GONE = "(gone)"

MASKED = {
    "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}
    ]
}
REFUSED = [
    (("dateWritten",), GONE, "dateWritten", "missing"),
    (("dateWritten",), "2014", "dateWritten", "day-wanted"),
    (("dateWritten",), "2014-06", "dateWritten", "day-wanted"),
    (("dateWritten",), "2014-02-30", "dateWritten", "malformed"),
    (("dateWritten",), "0001-01-01", "dateWritten", "day-wanted"),
    (("dateWritten",), "15/06/2014", "dateWritten", "malformed"),
    (("dateWritten",), 2014, "dateWritten", "not-text"),
    (("lensSpecification",), [], "lensSpecification", "missing"),
    (("lensSpecification",), GONE, "lensSpecification", "missing"),
    (("lensSpecification",), {}, "lensSpecification", "malformed"),
    ((*RIGHT, "eye"), GONE, "lensSpecification[0].eye", "missing"),
    ((*RIGHT, "eye"), "middle", "lensSpecification[0].eye", "eye-unknown"),
    ((*RIGHT, "eye"), "RIGHT", "lensSpecification[0].eye", "eye-unknown"),
    ((*LEFT, "eye"), "right", "lensSpecification[1].eye", "eye-twice"),
    ((*RIGHT, "product"), GONE, "lensSpecification[0].product", "missing"),
    ((*RIGHT, "product"), {"text": "lens"}, "lensSpecification[0].product", "not-spectacles"),
    ((*RIGHT, "product", "coding", 0, "code"), "prism", "lensSpecification[0].product", "not-spectacles"),
    ((*RIGHT, "sphere"), GONE, "lensSpecification[0].sphere", "missing"),
    ((*RIGHT, "sphere"), None, "lensSpecification[0].sphere", "not-a-number"),
    ((*RIGHT, "sphere"), "-2.00", "lensSpecification[0].sphere", "not-a-number"),
    ((*RIGHT, "sphere"), "plano", "lensSpecification[0].sphere", "malformed"),
    ((*RIGHT, "sphere"), True, "lensSpecification[0].sphere", "malformed"),
    ((*RIGHT, "sphere"), -200, "lensSpecification[0].sphere", "out-of-range"),
    ((*RIGHT, "sphere"), 10**400, "lensSpecification[0].sphere", "not-a-number"),
    ((*RIGHT, "sphere"), 1e300, "lensSpecification[0].sphere", "not-a-number"),
    ((*RIGHT, "sphere"), -2.1, "lensSpecification[0].sphere", "not-a-quarter"),
    ((*RIGHT, "axis"), 90, "lensSpecification[0].axis", "axis-without-cylinder"),
    ((*LEFT, "axis"), GONE, "lensSpecification[1].cylinder", "cylinder-without-axis"),
    ((*LEFT, "axis"), 500, "lensSpecification[1].axis", "axis-out-of-range"),
    ((*LEFT, "axis"), -90, "lensSpecification[1].axis", "axis-out-of-range"),
    ((*LEFT, "axis"), "90", "lensSpecification[1].axis", "not-a-number"),
    ((*LEFT, "axis"), 90.5, "lensSpecification[1].axis", "malformed"),
    ((*LEFT, "cylinder"), -20, "lensSpecification[1].cylinder", "out-of-range"),
    ((*LEFT, "cylinder"), -0.3, "lensSpecification[1].cylinder", "not-a-quarter"),
    ((*LEFT, "cylinder"), GONE, "lensSpecification[1].axis", "axis-without-cylinder"),
    ((*RIGHT, "_cylinder"), MASKED, "lensSpecification[0].cylinder", "withheld"),
    ((*LEFT, "_backCurve"), MASKED, "lensSpecification[1].backCurve", "withheld"),
    ((*RIGHT, "add"), -1, "lensSpecification[0].add", "out-of-range"),
    ((*RIGHT, "add"), 20, "lensSpecification[0].add", "out-of-range"),
    ((*RIGHT, "prism"), [{}], "lensSpecification[0].prism[0].amount", "missing"),
    ((*RIGHT, "prism", 0, "base"), GONE, "lensSpecification[0].prism[0].base", "missing"),
    ((*RIGHT, "prism", 0, "base"), "nasal", "lensSpecification[0].prism[0].base", "base-unknown"),
    ((*RIGHT, "prism", 0, "base"), "45", "lensSpecification[0].prism[0].base", "base-unknown"),
    ((*RIGHT, "prism", 0, "amount"), -1, "lensSpecification[0].prism[0].amount", "prism-negative"),
    ((*RIGHT, "prism", 0, "amount"), 99, "lensSpecification[0].prism[0].amount", "out-of-range"),
    ((*RIGHT, "prism", 0, "amount"), 0.6, "lensSpecification[0].prism[0].amount", "not-a-quarter"),
]


@pytest.mark.parametrize(("place", "value", "path", "rule"), REFUSED)
def test_a_missing_or_absurd_field_is_refused(
    examples: Examples, place: tuple[str | int, ...], value: object, path: str, rule: str
) -> None:
    file = examples.changed(NAME, (place, examples.gone if value == GONE else value))
    with pytest.raises(SceauError) as refused:
        import_prescription(file)
    assert refused.value.details["path"] == f"VisionPrescription.{path}"
    assert refused.value.details["rule"].code == rule
    assert refused.value.message("fr").startswith(f"VisionPrescription.{path} : ")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("power", -2.75),
        ("backCurve", 8.7),
        ("diameter", 14),
        ("duration", {"value": 1, "unit": "month"}),
    ],
)
def test_a_field_that_only_contact_lenses_have_is_refused_by_name(
    examples: Examples, field: str, value: object
) -> None:
    with pytest.raises(ContactLenses) as refused:
        import_prescription(examples.changed(NAME, ((*LEFT, field), value)))
    assert refused.value.details["path"] == f"VisionPrescription.lensSpecification[1].{field}"


def test_one_contact_lens_beside_a_spectacle_lens_is_refused(examples: Examples) -> None:
    with pytest.raises(ContactLenses):
        import_prescription(examples.changed(NAME, ((*LEFT, "product", "coding", 0, "code"), "contact")))


def test_a_plus_cylinder_file_and_a_minus_cylinder_file_give_one_record(examples: Examples) -> None:
    plus = [((*LEFT, "sphere"), -1.5), ((*LEFT, "cylinder"), 0.5), ((*LEFT, "axis"), 90)]
    assert import_prescription(examples.changed(NAME, *plus)) == import_prescription(examples.path(NAME))


def test_an_extension_beside_a_value_withholds_nothing(examples: Examples) -> None:
    noted = examples.changed(NAME, ((*RIGHT, "_add"), MASKED))
    assert import_prescription(noted) == import_prescription(examples.path(NAME))


def test_zero_fields_and_absent_fields_give_one_record(examples: Examples) -> None:
    zeros = [
        ((*RIGHT, "cylinder"), 0),
        ((*RIGHT, "axis"), 0),
        ((*RIGHT, "prism"), [{"amount": 0.5, "base": "down"}, {"amount": 0, "base": "in"}]),
    ]
    assert import_prescription(examples.changed(NAME, *zeros)) == import_prescription(examples.path(NAME))
    without = [((*RIGHT, "add"), 0), ((*LEFT, "add"), examples.gone)]
    values = import_prescription(examples.changed(NAME, *without)).values
    assert not any("addition" in path for path in values)


def test_one_eye_alone_is_a_prescription(examples: Examples) -> None:
    values = import_prescription(examples.changed(NAME, (RIGHT, examples.gone))).values
    assert values["left.sphere"] == "-1.00"
    assert not any(path.startswith("right") for path in values)


def test_the_day_is_the_one_its_author_wrote(examples: Examples) -> None:
    late = examples.changed(NAME, (("dateWritten",), "2014-06-15T23:30:00-05:00"))
    assert import_prescription(late).values["prescription.written"] == "2014-06-15"


def test_numbers_are_read_from_their_digits_and_never_as_floats(examples: Examples) -> None:
    text = json.dumps(examples.data(NAME)).replace('"sphere": -2.0', '"sphere": -2.0000000000000000001')
    assert "0000001" in text
    with pytest.raises(SceauError) as refused:
        import_prescription(text.encode())
    assert refused.value.details["path"] == "VisionPrescription.lensSpecification[0].sphere"
