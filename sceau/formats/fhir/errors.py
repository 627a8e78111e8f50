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
    en = "Reading FHIR files needs the package fhir.resources. Run: pip install 'sceau[fhir]'"
    fr = "La lecture de fichiers FHIR demande le paquet fhir.resources. Lancez : pip install 'sceau[fhir]'"


class FhirUnreadable(FhirError):
    """The file cannot be opened or is no JSON object that can be read without doubt."""

    code = "fhir-unreadable"
    en = "{file}: {rule}. Export the file again."
    fr = "{file} : {rule}. Exportez de nouveau le fichier."


class WrongResource(FhirError):
    """The file holds another kind of FHIR resource than the one asked for."""

    code = "fhir-wrong-resource"
    en = "resourceType: this file is of type {found}, and {wanted} is wanted. Give the right file."
    fr = "resourceType : ce fichier est de type {found}, et {wanted} est attendu. Donnez le bon fichier."


class FieldRefused(FhirError):
    """A field is missing, unknown, or has no canonical value. ``path`` is its JSON path."""

    code = "fhir-field-refused"
    en = "{path}: {rule}. Correct the record in the software that wrote it, and export it again."
    fr = "{path} : {rule}. Corrigez la fiche dans le logiciel qui l'a écrite, puis exportez-la de nouveau."


class ContactLenses(FhirError):
    """A prescription of contact lenses was given where only spectacles are read."""

    code = "fhir-contact-lenses"
    en = "{path}: contact lenses are prescribed here; this profile seals spectacle prescriptions only."
    fr = "{path} : des lentilles de contact sont prescrites ici ; ce profil ne scelle que des lunettes."


class EnteredInError(FhirError):
    """The record was withdrawn by its author as a mistake."""

    code = "fhir-entered-in-error"
    en = "{path}: this record is marked as entered in error. Do not use it; ask for the right one."
    fr = "{path} : cette fiche est marquée comme saisie par erreur. Ne l'utilisez pas ; demandez la bonne."


class RecordNotActive(FhirError):
    """The record is a draft or was cancelled; only an active record is sealed."""

    code = "fhir-not-active"
    en = "{path}: this record is {status}, and only an active one can be sealed."
    fr = "{path} : cette fiche est {status}, et seule une fiche active peut être scellée."


class CoverageElsewhere(FhirError):
    """The claim and the coverage do not speak of one another."""

    code = "fhir-coverage-elsewhere"
    en = "{path}: {rule}. Give the coverage that this claim names."
    fr = "{path} : {rule}. Donnez la couverture que nomme ce dossier."


class AmountsDisagree(FhirError):
    """Two amounts of one claim cannot both be right."""

    code = "fhir-amounts-disagree"
    en = "{path}: {rule}. Correct the claim in the software that wrote it, and export it again."
    fr = "{path} : {rule}. Corrigez le dossier dans le logiciel qui l'a écrit, puis exportez-le de nouveau."


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
