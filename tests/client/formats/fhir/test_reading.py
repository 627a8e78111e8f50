# SPDX-License-Identifier: Apache-2.0
"""A FHIR file that cannot be read without doubt is refused before anything is taken from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sceau.errors import SceauError
from sceau.formats.fhir import import_prescription
from sceau.formats.fhir.errors import (
    EnteredInError,
    FhirUnreadable,
    FieldRefused,
    RecordNotActive,
    WrongResource,
)
from tests.client.formats.fhir.conftest import Examples

NAME = "VisionPrescription-33123"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "json-broken"),
        (b"{", "json-broken"),
        (b"\xff\xfe{}", "json-not-utf8"),
        ('{"a": "é"}'.encode("latin-1"), "json-not-utf8"),
        (b'\xef\xbb\xbf\xef\xbb\xbf{"resourceType": "VisionPrescription"}', "json-broken"),
        (b'{"sphere": NaN}', "json-broken"),
        (b'{"sphere": -Infinity}', "json-broken"),
        (b'{"sphere": ' + b"9" * 5000 + b"}", "json-broken"),
        (b'{"sphere": 1E99999999999999999999}', "json-broken"),
        (b"[]", "json-not-object"),
        (b'"text"', "json-not-object"),
        (b'{"sphere": -2, "sphere": -4}', "json-key-twice"),
        (b'{"a": [{"b": 1, "b": 1}]}', "json-key-twice"),
        (b"[" * 200_000, "json-too-deep"),
        (b" " * 1_000_001, "json-too-long"),
    ],
)
def test_a_broken_file_is_refused_with_its_rule(tmp_path: Path, content: bytes, rule: str) -> None:
    file = tmp_path / "prescription.json"
    file.write_bytes(content)
    for source in (content, file, str(file)):
        with pytest.raises(FhirUnreadable) as refused:
            import_prescription(source)
        assert refused.value.details["rule"].code == rule
        assert refused.value.__cause__ is None
        assert refused.value.__context__ is None
    assert "prescription.json: " in str(refused.value)


def test_a_file_of_exactly_the_largest_size_is_read(tmp_path: Path, examples: Examples) -> None:
    content = examples.path(NAME).read_bytes()
    file = tmp_path / "large.json"
    file.write_bytes(content + b" " * (1_000_000 - len(content)))
    assert import_prescription(file) == import_prescription(content)


def test_a_file_that_is_not_there_is_refused_by_its_name(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path, "nul\0.json"):
        with pytest.raises(FhirUnreadable):
            import_prescription(path)


@pytest.mark.parametrize("found", [None, 3, "claim", "x" * 500, "Bad\nName", ["Claim"]])
def test_a_strange_resource_type_is_refused_without_being_repeated(examples: Examples, found: object) -> None:
    with pytest.raises(WrongResource, match=r"type \(unknown\)"):
        import_prescription(examples.changed(NAME, (("resourceType",), found)))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("entered-in-error", EnteredInError),
        ("draft", RecordNotActive),
        ("cancelled", RecordNotActive),
        ("completed", FieldRefused),
    ],
)
def test_only_an_active_record_is_read(examples: Examples, status: str, error: type[SceauError]) -> None:
    with pytest.raises(error) as refused:
        import_prescription(examples.changed(NAME, (("status",), status)))
    assert refused.value.details["path"] == "VisionPrescription.status"


def test_a_record_entered_in_error_is_refused_whatever_else_is_wrong_in_its_values(
    examples: Examples,
) -> None:
    changes = [(("status",), "entered-in-error"), (("lensSpecification", 0, "sphere"), -200)]
    with pytest.raises(EnteredInError):
        import_prescription(examples.changed(NAME, *changes))


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (("modifierExtension",), "VisionPrescription.modifierExtension"),
        (("implicitRules",), "VisionPrescription.implicitRules"),
        (
            ("lensSpecification", 1, "modifierExtension"),
            "VisionPrescription.lensSpecification[1].modifierExtension",
        ),
    ],
)
def test_an_extension_that_may_turn_the_meaning_round_is_refused(
    examples: Examples, place: tuple[str | int, ...], path: str
) -> None:
    with pytest.raises(FieldRefused) as refused:
        import_prescription(examples.changed(NAME, (place, [{"url": "http://example.org/not"}])))
    assert (refused.value.details["path"], refused.value.details["rule"].code) == (path, "modifier")


def test_an_ordinary_extension_changes_nothing(examples: Examples) -> None:
    plain = import_prescription(examples.path(NAME))
    extended = examples.changed(NAME, (("extension",), [{"url": "http://example.org/x", "valueString": "y"}]))
    assert import_prescription(extended) == plain


@pytest.mark.parametrize("kind", ["Patient", "Nonsense", None, 5])
def test_a_contained_resource_is_never_read_and_a_nested_one_is_refused(
    examples: Examples, kind: object
) -> None:
    contained = examples.changed(NAME, (("contained",), [{"resourceType": kind, "sphere": -9}]))
    assert import_prescription(contained) == import_prescription(examples.path(NAME))
    with pytest.raises(FieldRefused) as refused:
        import_prescription(examples.changed(NAME, (("prescriber", "resourceType"), kind)))
    assert refused.value.details["path"] == "VisionPrescription.prescriber.resourceType"


def test_nesting_beyond_reason_is_refused(examples: Examples) -> None:
    deep: dict[str, Any] = {}
    for _ in range(60):
        deep = {"extension": [deep]}
    with pytest.raises(FhirUnreadable) as refused:
        import_prescription(examples.changed(NAME, (("text",), deep)))
    assert refused.value.details["rule"].code == "json-too-deep"


def test_nesting_that_would_crash_the_parser_is_refused() -> None:
    import eth_account  # noqa: F401  # lifts the recursion limit: the parser alone would then crash

    with pytest.raises(FhirUnreadable) as refused:
        import_prescription(b"[" * 99_000)
    assert refused.value.details["rule"].code == "json-too-deep"


def test_an_unknown_field_is_refused_and_a_strange_name_is_not_printed(examples: Examples) -> None:
    with pytest.raises(FieldRefused, match=r"lensSpecification\[0\]\.spherical: FHIR R4 has no such field"):
        import_prescription(examples.changed(NAME, (("lensSpecification", 0, "spherical"), 1)))
    with pytest.raises(FieldRefused, match=r"^VisionPrescription\.\(\?\): FHIR R4 has no such field"):
        import_prescription(examples.changed(NAME, (("Jean Dupont, né le 3 mai",), 1)))


def test_a_refusal_tells_no_value_and_holds_no_other_error(examples: Examples) -> None:
    changes = (("lensSpecification", 0, "sphere"), "-87.25 Dupont")
    with pytest.raises(FieldRefused) as refused:
        import_prescription(examples.changed(NAME, changes))
    shown = refused.value.message("en") + refused.value.message("fr") + repr(refused.value.details)
    assert "87" not in shown
    assert "Dupont" not in shown
    assert refused.value.__context__ is None


def test_without_the_extra_one_error_says_what_to_install(examples: Examples) -> None:
    """In a process of its own, since modules once imported stay."""
    code = (
        "import sys; sys.modules['fhir'] = None\n"
        "import sceau.formats.fhir\n"
        f"sceau.formats.fhir.import_prescription({str(examples.path(NAME))!r})\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    last = run.stderr.splitlines()[-1]
    assert last.startswith("sceau.formats.fhir.errors.FhirExtraMissing: ")
    assert last.endswith("pip install 'sceau[fhir]'")
