# SPDX-License-Identifier: Apache-2.0
"""FHIR R4 Claim and its Coverage to the values of profile ``optical-claim/1``.

FHIR's three levels of lines are kept apart, because they are not shown to the same readers: ``item.N`` (the
equipment), ``detail.N`` (frame, lenses, services: the grouped codes) and ``part.N`` (the product's
supplements). Not imported: narrative, patient, care team, diagnosis, notes, references.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sceau.formats.fhir import rules
from sceau.formats.fhir.amounts import Amounts, quantity
from sceau.formats.fhir.coverage import check_in_force, check_pair, coverage_values
from sceau.formats.fhir.element import Element
from sceau.formats.fhir.errors import AmountsDisagree, Notice
from sceau.formats.fhir.imported import Imported, optional
from sceau.formats.fhir.resource import read_resource
from sceau.formats.source import Source
from sceau.record.canonical import Limits, Value

PROFILE = "optical-claim/1"
LINES = {"item": 4, "detail": 8, "part": 10}
"""How many lines of each level the profile holds."""

_CLAIM_TYPE = "http://terminology.hl7.org/CodeSystem/claim-type"

# A number given by another system may be a whole URN.
_NUMBER = Limits(longest=60)
_LEVELS = (("item", "item"), ("detail", "detail"), ("subDetail", "part"))


@dataclass(frozen=True)
class _Line:
    element: Element
    code: str
    quantity: int
    net: int
    serviced: str | None
    parts: list[_Line]


def import_claim(claim: Source, coverage: Source) -> Imported:
    """The values of the vision claim in ``claim`` under ``coverage``, each a path or the file's bytes.

    Amounts become cents of the claim's one currency. Raises :class:`~sceau.formats.fhir.errors.FhirError`, naming the
    JSON path. The notices say what a person should look at: a coverage that was not in force, or whose
    beneficiary is not the claim's patient, and what the record may lack and was left out since it cannot be read.
    """
    read = read_resource(claim, "Claim")
    covered = read_resource(coverage, "Coverage")
    if not read.has_coding("type", _CLAIM_TYPE, "vision") and read.code("type") != "VISION":
        raise read.refused("type", rules.NOT_VISION)
    if read.required_text("use") not in ("claim", "preauthorization"):
        raise read.refused("use", rules.USE_UNKNOWN)
    insurance = _focal(read)
    notices = check_pair(read, insurance, covered)
    values = _head(read, insurance, notices) | coverage_values(covered, notices)
    days = _add_lines(values, read, notices)
    notices += check_in_force(covered, values, days or [str(values["claim.created"])])
    return Imported(PROFILE, values, tuple(notices))


def _focal(claim: Element) -> Element:
    focal = [insurance for insurance in claim.elements("insurance") if insurance.flag("focal")]
    if len(focal) != 1:
        raise claim.refused("insurance", rules.NOT_ONE_FOCAL)
    return focal[0]


def _head(claim: Element, insurance: Element, notices: list[Notice]) -> dict[str, Value]:
    values: dict[str, Value] = {
        "claim.use": claim.required_text("use").upper(),
        "claim.created": claim.required_day("created"),
    }
    number = optional(lambda: _number(claim), notices)
    if number is not None:
        values["claim.number"] = number
    authorisations = insurance.texts("preAuthRef")
    if len(authorisations) > 1:
        raise insurance.refused("preAuthRef", rules.NOT_ONE_NUMBER)
    if authorisations:
        values["pec.number"] = insurance.normalised("preAuthRef", authorisations[0], _NUMBER)
    return values


def _number(claim: Element) -> str | None:
    """The claim's own number: its only identifier, or the one that is marked official."""
    numbers = [number for number in claim.elements("identifier") if number.has("value")]
    chosen = [number for number in numbers if number.text("use") == "official"] or numbers
    if len(chosen) > 1:
        raise claim.refused("identifier", rules.NOT_ONE_IDENTIFIER)
    return chosen[0].normalised_code("value", _NUMBER) if chosen else None


def _add_lines(values: dict[str, Value], claim: Element, notices: list[Notice]) -> list[str]:
    """Adds all lines, the total and the currency to ``values``; gives the days of service."""
    amounts = Amounts()
    items = _lines(claim, amounts, notices, 0)
    if not items:
        raise claim.refused("item", rules.MISSING)
    total, given = sum(item.net for item in items), amounts.cents(claim, "total")
    if given is not None and given != total:
        raise AmountsDisagree(path=claim.at("total"), rule=rules.TOTAL_WRONG)
    _number_lines(values, items, 0, None, dict.fromkeys(LINES, 0))
    values["total"] = total
    values["currency"] = str(amounts.currency)
    return [item.serviced for item in items if item.serviced is not None]


def _lines(holder: Element, amounts: Amounts, notices: list[Notice], level: int) -> list[_Line]:
    if level == len(_LEVELS):
        return []
    elements = holder.elements(_LEVELS[level][0])
    known = set()
    for element in elements:
        sequence = element.number("sequence")
        if sequence in known:
            # FHIR R4: it identifies the line among its siblings. One line given twice would be paid twice.
            raise element.refused("sequence", rules.LINE_TWICE)
        known.add(sequence)
    return [_line(element, amounts, notices, level) for element in elements]


def _line(element: Element, amounts: Amounts, notices: list[Notice], level: int) -> _Line:
    parts = _lines(element, amounts, notices, level + 1)
    count = quantity(element)
    return _Line(
        element=element,
        # The parts of a product are shown to no payer; of the lines above them, only grouped codes are sealed.
        code=element.code("productOrService", grouped=_LEVELS[level][1] != "part"),
        quantity=count,
        net=amounts.net(element, count, [part.net for part in parts]),
        serviced=optional(partial(_served_on, element), notices),
        parts=parts,
    )


def _served_on(line: Element) -> str | None:
    """The day of service: that of ``servicedDate``, or of a ``servicedPeriod`` of one day."""
    period = line.element("servicedPeriod")
    if period is None:
        return line.day("servicedDate")
    start, end = period.day("start"), period.day("end")
    if start is None or start != end:
        raise line.refused("servicedPeriod", rules.PERIOD_OF_SERVICE)
    return start


def _number_lines(
    values: dict[str, Value], lines: list[_Line], level: int, above: int | None, used: dict[str, int]
) -> None:
    """Numbers the lines of each level from 1 through the whole claim; a lower line names the one above it."""
    for line in lines:
        name = _LEVELS[level][1]
        used[name] += 1
        number = used[name]
        if number > LINES[name]:
            raise line.element.refused("sequence", rules.TOO_MANY)
        at = f"{name}.{number}"
        values |= {f"{at}.code": line.code, f"{at}.quantity": line.quantity, f"{at}.net": line.net}
        if line.serviced is not None:
            values[f"{at}.serviced"] = line.serviced
        if above is not None:
            values[f"{at}.{_LEVELS[level - 1][1]}"] = above
        _number_lines(values, line.parts, level + 1, number, used)
