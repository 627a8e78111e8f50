# SPDX-License-Identifier: Apache-2.0
"""FHIR R4 Coverage beside a claim: what is sealed of it, and whether the two speak of one another.

Imported: the kind of contract and its dates. Not imported: subscriber, beneficiary, policy and card numbers,
names of plans.
"""

from __future__ import annotations

from functools import partial

from sceau.formats.fhir import rules
from sceau.formats.fhir.element import Element
from sceau.formats.fhir.errors import CoverageElsewhere, Notice
from sceau.formats.fhir.imported import optional
from sceau.record.canonical import Value


def coverage_values(coverage: Element, notices: list[Notice]) -> dict[str, Value]:
    """The values ``coverage.type``, ``coverage.start`` and ``coverage.end``, where the file gives them readably.

    What is given and cannot be read is left out, with a notice. Raises :class:`FieldRefused` for a period that ends
    before it begins.
    """
    values: dict[str, Value] = {}
    kind = optional(lambda: coverage.code("type") if coverage.has("type") else None, notices)
    period = coverage.element("period")
    start, end = (
        optional(partial(period.day, name), notices) if period is not None else None
        for name in ("start", "end")
    )
    if start is not None and end is not None and end < start:
        raise coverage.refused("period", rules.PERIOD_REVERSED)
    for path, value in (("type", kind), ("start", start), ("end", end)):
        if value is not None:
            values[f"coverage.{path}"] = value
    return values


def check_pair(claim: Element, insurance: Element, coverage: Element) -> list[Notice]:
    """Holds claim and coverage together; gives the notices they earn.

    Raises :class:`CoverageElsewhere` when the claim's focal ``insurance`` names another coverage, or the
    claim another insurer than those that pay the coverage.
    """
    named = insurance.required_element("coverage")
    if not _names_this(named, coverage):
        raise CoverageElsewhere(path=named.path, rule=rules.OTHER_COVERAGE)
    notices = []
    insurer = claim.element("insurer")
    if insurer is not None:
        known = [_same(insurer, payer) for payer in coverage.elements("payor")]
        if True not in known and None not in known:
            raise CoverageElsewhere(path=insurer.path, rule=rules.OTHER_PAYER)
        if True not in known:
            notices.append(Notice(insurer.path, rules.PAYER_UNSURE))
    patient, beneficiary = claim.required_element("patient"), coverage.required_element("beneficiary")
    if _same(patient, beneficiary) is not True:
        notices.append(Notice(beneficiary.path, rules.OTHER_BENEFICIARY))
    return notices


def check_in_force(coverage: Element, values: dict[str, Value], days: list[str]) -> list[Notice]:
    """The notice earned when a day of the claim lies outside the coverage's dates, or these are unknown.

    ``days`` are ISO dates, which sort as text.
    """
    start, end = str(values.get("coverage.start", "")), str(values.get("coverage.end", ""))
    if not start and not end:
        return [Notice(coverage.at("period"), rules.PERIOD_UNKNOWN)]
    if any(day < start or (end and day > end) for day in days):
        return [Notice(coverage.at("period"), rules.NOT_IN_FORCE)]
    return []


def _names_this(named: Element, coverage: Element) -> bool:
    """Whether the reference ``named`` means ``coverage``, by its id or by one of its business identifiers."""
    reference, own = named.text("reference"), coverage.text("id")
    if reference is not None:
        return own is not None and _tail(reference) == f"Coverage/{own}"
    wanted = _identifier(named.element("identifier"))
    return wanted is not None and wanted in [_identifier(one) for one in coverage.elements("identifier")]


def _same(one: Element, other: Element) -> bool | None:
    """Whether two references mean one thing; None when they cannot be compared."""
    references = one.text("reference"), other.text("reference")
    if references[0] is not None and references[1] is not None:
        return _same_reference(references[0], references[1])
    identifiers = _identifier(one.element("identifier")), _identifier(other.element("identifier"))
    if None in identifiers:
        return None
    return identifiers[0] == identifiers[1]


def _same_reference(one: str, other: str) -> bool | None:
    if one.startswith("#") or other.startswith("#"):
        # Inside one file each: the same name means nothing.
        return None
    if "://" in one and "://" in other:
        return _without_version(one) == _without_version(other)
    return _tail(one) == _tail(other)


def _without_version(reference: str) -> str:
    return reference.split("/_history/")[0]


def _tail(reference: str) -> str:
    """Type and id of a reference, relative or absolute: its last two steps."""
    return "/".join(_without_version(reference).split("/")[-2:])


def _identifier(identifier: Element | None) -> tuple[str | None, str] | None:
    if identifier is None:
        return None
    value = identifier.text("value")
    return None if value is None else (identifier.text("system"), value)
