# SPDX-License-Identifier: Apache-2.0
"""Errors and notices of the FHIR importers. None holds a value of the file: it is health data."""

from __future__ import annotations

from dataclasses import dataclass

from sceau.errors import ExtraMissing, InputError, Language, Sentence


class FhirError(InputError):
    """Base of every refusal of a FHIR file."""


class FhirExtraMissing(ExtraMissing):
    """The optional package that knows FHIR's structure is not installed."""

    code = "fhir-extra-missing"


class FhirUnreadable(FhirError):
    """The file cannot be opened or is no JSON object that can be read without doubt."""

    code = "fhir-unreadable"


class WrongResource(FhirError):
    """The file holds another kind of FHIR resource than the one asked for."""

    code = "fhir-wrong-resource"


class FieldRefused(FhirError):
    """A field is missing, unknown, or has no canonical value. ``path`` is its JSON path."""

    code = "fhir-field-refused"


class ContactLenses(FhirError):
    """A prescription of contact lenses was given where only spectacles are read."""

    code = "fhir-contact-lenses"


class EnteredInError(FhirError):
    """The record was withdrawn by its author as a mistake."""

    code = "fhir-entered-in-error"


class RecordNotActive(FhirError):
    """The record is a draft or was cancelled; only an active record is sealed."""

    code = "fhir-not-active"


class CoverageElsewhere(FhirError):
    """The claim and the coverage do not speak of one another."""

    code = "fhir-coverage-elsewhere"


class AmountsDisagree(FhirError):
    """Two amounts of one claim cannot both be right."""

    code = "fhir-amounts-disagree"


@dataclass(frozen=True)
class Notice:
    """Something the importer lets pass and the caller must see. ``path`` is the JSON path it is about."""

    path: str
    sentence: Sentence

    @property
    def code(self) -> str:
        """The notice's stable name, such as 'coverage-not-in-force'."""
        return self.sentence.code

    def message(self, language: Language = "en") -> str:
        """The notice for a person, in ``language`` ('en' or 'fr')."""
        separator = " : " if language == "fr" else ": "
        return f"{self.path}{separator}{self.sentence.text(language)}"
