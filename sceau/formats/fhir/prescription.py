# SPDX-License-Identifier: Apache-2.0
"""FHIR R4 VisionPrescription to the values of profile ``optical-prescription/1``.

Imported: the day it was written and, for each eye, sphere, cylinder, axis, addition and prism, in the one
canonical writing. Not imported: narrative, notes, colour, brand, patient, prescriber, identifiers.
"""

from __future__ import annotations

from sceau.formats.fhir import rules
from sceau.formats.fhir.element import Element
from sceau.formats.fhir.errors import ContactLenses
from sceau.formats.fhir.imported import Imported
from sceau.formats.fhir.resource import read_resource
from sceau.formats.optics.correction import PrismPart, addition, correction, fold_prism, lens_values
from sceau.formats.source import Source
from sceau.record.canonical import Value

PROFILE = "optical-prescription/1"

# Fields that FHIR R4 keeps for contact lenses; a spectacle lens has none of them.
_CONTACT_FIELDS = ("power", "backCurve", "diameter", "duration")


def import_prescription(source: Source) -> Imported:
    """The values of the spectacle prescription in ``source``, a path or the bytes of a VisionPrescription.

    Raises :class:`~sceau.formats.fhir.errors.FhirError` or
    :class:`~sceau.formats.optics.errors.CorrectionRefused`, each naming the JSON path: contact lenses, a record that is
    not active, an eye twice, and any missing or absurd field.
    """
    prescription = read_resource(source, "VisionPrescription")
    lenses = prescription.elements("lensSpecification")
    if not lenses:
        raise prescription.refused("lensSpecification", rules.MISSING)
    for lens in lenses:
        _refuse_contact(lens)
    values: dict[str, Value] = {"prescription.written": prescription.required_day("dateWritten")}
    seen: set[str] = set()
    for lens in lenses:
        eye = lens.required_text("eye")
        if eye not in ("right", "left"):
            raise lens.refused("eye", rules.EYE_UNKNOWN)
        if eye in seen:
            raise lens.refused("eye", rules.EYE_TWICE)
        seen.add(eye)
        values.update(_lens(lens, eye))
    return Imported(PROFILE, values)


def _refuse_contact(lens: Element) -> None:
    """Contact lenses by name, whether the product says so or a field that only they have."""
    codings = lens.required_element("product").elements("coding")
    codes = {coding.text("code") for coding in codings}
    if "contact" in codes:
        raise ContactLenses(path=lens.at("product"))
    for name in _CONTACT_FIELDS:
        if lens.has(name):
            raise ContactLenses(path=lens.at(name))
    if "lens" not in codes:
        raise lens.refused("product", rules.NOT_SPECTACLES)


def _lens(lens: Element, eye: str) -> dict[str, Value]:
    sphere = lens.number("sphere")
    if sphere is None:
        raise lens.refused("sphere", rules.MISSING)
    power = correction(sphere, lens.number("cylinder"), lens.number("axis"), path=lens.path)
    prism = fold_prism([_prism_part(part) for part in lens.elements("prism")], eye, path=lens.at("prism"))
    return lens_values(eye, power, addition(lens.number("add"), path=lens.at("add")), prism)


def _prism_part(part: Element) -> PrismPart:
    amount = part.number("amount")
    if amount is None:
        raise part.refused("amount", rules.MISSING)
    return PrismPart(amount, part.required_text("base"), path=part.path)
