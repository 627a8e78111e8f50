# SPDX-License-Identifier: Apache-2.0
"""The values of ``optical-claim/1`` to FHIR R4 Claim and Coverage; what comes out goes back in unchanged.

Records do not hold persons and organisations: the exporting program gives their FHIR references. The commitment of a
prescription stays here: it is of no use without the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sceau.formats.fhir import rules
from sceau.formats.fhir.errors import FieldRefused
from sceau.formats.fhir.resource import check_structure
from sceau.record import load_profile
from sceau.record.canonical import Value

_CLAIM_TYPE = "http://terminology.hl7.org/CodeSystem/claim-type"
_PRIORITY = "http://terminology.hl7.org/CodeSystem/processpriority"

# Our level, the field of it that says which line above it belongs to, FHIR's name of it inside that line.
_LEVELS = (("item", None, "item"), ("detail", "item", "detail"), ("part", "detail", "subDetail"))


def export_claim(
    values: Mapping[str, Value], *, patient: str, provider: str, insurer: str, coverage: str
) -> dict[str, Any]:
    """A FHIR R4 vision Claim with the values of an ``optical-claim``, as JSON values.

    Args:
        values: the claim, by path.
        patient, provider, insurer, coverage: FHIR references, such as ``Patient/1`` and ``Coverage/9876B1``.

    Raises:
        RecordError: the values are no whole claim.
        FieldRefused: a line belongs to one that is not there, or a reference is none.
    """
    checked = load_profile("optical-claim", 1).validate(values)
    insurance: dict[str, Any] = {"sequence": 1, "focal": True, "coverage": reference(coverage)}
    if "pec.number" in checked:
        insurance["preAuthRef"] = [checked["pec.number"]]
    claim: dict[str, Any] = {
        "status": "active",
        "type": concept("vision", _CLAIM_TYPE),
        "use": str(checked["claim.use"]).lower(),
        "patient": reference(patient),
        "created": checked["claim.created"],
        "insurer": reference(insurer),
        "provider": reference(provider),
        "priority": concept("normal", _PRIORITY),
        "insurance": [insurance],
        "item": _lines(checked),
        "total": money(checked, "total"),
    }
    if "claim.number" in checked:
        claim["identifier"] = [{"value": checked["claim.number"]}]
    return validated("Claim", claim)


def export_coverage(
    values: Mapping[str, Value],
    *,
    resource_id: str,
    beneficiary: str,
    payer: str,
) -> dict[str, Any]:
    """A FHIR R4 Coverage with what an ``optical-claim`` says of it, as JSON values.

    ``resource_id`` is the id by which the claim names it, ``beneficiary`` and ``payer`` are references. Raises as
    :func:`export_claim`.
    """
    checked = load_profile("optical-claim", 1).validate(values)
    coverage: dict[str, Any] = {
        "id": resource_id,
        "status": "active",
        "beneficiary": reference(beneficiary),
        "payor": [reference(payer)],
    }
    if "coverage.type" in checked:
        coverage["type"] = concept(str(checked["coverage.type"]))
    period = {end: checked[f"coverage.{end}"] for end in ("start", "end") if f"coverage.{end}" in checked}
    if period:
        coverage["period"] = period
    return validated("Coverage", coverage)


def validated(kind: str, resource: dict[str, Any]) -> dict[str, Any]:
    """``resource`` with its type. Raises :class:`FieldRefused` where FHIR R4 would not have it."""
    check_structure(resource, kind)
    return {"resourceType": kind, **resource}


def concept(code: str, system: str | None = None) -> dict[str, Any]:
    """A CodeableConcept with one code."""
    coding = {"code": code} if system is None else {"system": system, "code": code}
    return {"coding": [coding]}


def reference(to: str) -> dict[str, str]:
    """A Reference."""
    return {"reference": to}


def money(values: Mapping[str, Value], path: str) -> dict[str, Any] | None:
    """The amount at ``path`` as Money, in the currency of the record; ``None`` when the record has none there."""
    cents = values.get(path)
    if not isinstance(cents, int):
        return None
    # Up to 10^12 cents a float prints as exactly these two decimals.
    return {"value": cents / 100, "currency": values["currency"]}


def _lines(values: Mapping[str, Value]) -> list[dict[str, Any]]:
    """The lines of the three levels, each inside the one that it belongs to."""
    items: list[dict[str, Any]] = []
    above: dict[int, dict[str, Any]] = {}
    for level, owner, name in _LEVELS:
        here: dict[int, dict[str, Any]] = {}
        for number in _numbers(values, level):
            at = f"{level}.{number}"
            siblings = items
            if owner is not None:
                holder = above.get(int(values[f"{at}.{owner}"]))
                if holder is None:
                    raise FieldRefused(path=f"{at}.{owner}", rule=rules.LINE_ASTRAY)
                siblings = holder.setdefault(name, [])
            line = here[number] = _line(values, at, len(siblings) + 1)
            siblings.append(line)
        above = here
    return items


def _numbers(values: Mapping[str, Value], level: str) -> list[int]:
    prefix = f"{level}."
    return sorted({int(path.split(".")[1]) for path in values if path.startswith(prefix)})


def _line(values: Mapping[str, Value], at: str, sequence: int) -> dict[str, Any]:
    line: dict[str, Any] = {
        "sequence": sequence,
        "productOrService": concept(str(values[f"{at}.code"])),
        "quantity": {"value": values[f"{at}.quantity"]},
        "net": money(values, f"{at}.net"),
    }
    if f"{at}.serviced" in values:
        line["servicedDate"] = values[f"{at}.serviced"]
    return line
