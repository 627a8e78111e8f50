# SPDX-License-Identifier: Apache-2.0
"""FHIR R4 ClaimResponse to and from the values of profile ``payer-decision/1``.

Imported: the day, the authorisation's number and end, what the payer pays, the payment's date and reference, the
reason of a refusal. Not imported: narrative, disposition, notes, the adjudication of single lines, references.

FHIR has no place for the grouped codes that a payer authorised, by lens and frame: a response names the lines of the
claim that it answers. They travel in the extension :data:`CODES`, which other software passes over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sceau.formats.fhir import rules
from sceau.formats.fhir.amounts import Amounts
from sceau.formats.fhir.element import Element
from sceau.formats.fhir.errors import AmountsDisagree
from sceau.formats.fhir.export import concept, money, reference, validated
from sceau.formats.fhir.imported import Imported
from sceau.formats.fhir.resource import read_resource
from sceau.formats.source import Source
from sceau.record import load_profile
from sceau.record.canonical import Value

PROFILE = "payer-decision/1"

#: Extension of ours with the grouped codes authorised: one inner extension ``right``, ``left`` or ``frame`` each.
CODES = "urn:sceau:fhir:authorised-codes"

_ADJUDICATION = "http://terminology.hl7.org/CodeSystem/adjudication"
_PAYMENT_TYPE = "http://terminology.hl7.org/CodeSystem/ex-paymenttype"
_CLAIM_TYPE = "http://terminology.hl7.org/CodeSystem/claim-type"
_BENEFIT = "BENEFIT"
_PLACES = ("right", "left", "frame")
_USES = ("claim", "preauthorization")


def import_decision(source: Source) -> Imported:
    """The values of the vision ClaimResponse in ``source``, a path or the file's bytes.

    An ``outcome`` of ``error`` gives the code of its only error as the reason; ``queued`` and ``partial`` are no
    decision yet and are refused. Raises :class:`~sceau.formats.fhir.errors.FhirError`, naming the JSON path.
    """
    response = read_resource(source, "ClaimResponse")
    if response.code("type") != "VISION":
        raise response.refused("type", rules.NOT_VISION)
    if response.required_text("use") not in _USES:
        raise response.refused("use", rules.USE_UNKNOWN)
    outcome = response.required_text("outcome")
    if outcome not in ("complete", "error"):
        raise response.refused("outcome", rules.NOT_DECIDED)
    values: dict[str, Value] = {"decision.date": response.required_day("created")}
    values |= _authorisation(response)
    reason = _error(response) if outcome == "error" else _refusal(response)
    if reason is not None:
        values["decision.reason"] = reason
    values |= _amounts(response)
    values |= _codes(response)
    return Imported(PROFILE, load_profile("payer-decision", 1).validate(values))


def export_decision(
    values: Mapping[str, Value],
    *,
    use: str,
    patient: str,
    insurer: str,
    request: str | None = None,
    identifier: str | None = None,
) -> dict[str, Any]:
    """A FHIR R4 ClaimResponse with the values of a ``payer-decision``, as JSON values.

    Args:
        values: the decision, by path. A currency without an amount says nothing in FHIR and is left out.
        use: ``preauthorization`` for an authorisation or its refusal, ``claim`` for a settlement or its refusal.
        patient, insurer: FHIR references, such as ``Organization/2``; a patient's is for the payer's own systems.
        request: reference of the Claim that it answers.
        identifier: the response's own number.

    Raises:
        RecordError: the values are no whole decision.
        FieldRefused: the response would not be one that FHIR R4 allows; a payment needs its amount.
    """
    checked = load_profile("payer-decision", 1).validate(values)
    here = Element("ClaimResponse", {})
    if use not in _USES:
        raise here.refused("use", rules.USE_UNKNOWN)
    response: dict[str, Any] = {
        "status": "active",
        "type": concept("vision", _CLAIM_TYPE),
        "use": use,
        "patient": reference(patient),
        "created": checked["decision.date"],
        "insurer": reference(insurer),
        "outcome": "complete",
    }
    if request is not None:
        response["request"] = reference(request)
    if identifier is not None:
        response["identifier"] = [{"value": identifier}]
    response |= _decided(checked)
    response |= _paid(checked, here)
    return validated("ClaimResponse", response)


def _authorisation(response: Element) -> dict[str, Value]:
    values: dict[str, Value] = {}
    if response.has("preAuthRef"):
        values["pec.number"] = response.normalised_code("preAuthRef")
    period = response.element("preAuthPeriod")
    end = None if period is None else period.day("end")
    if end is not None:
        values["valid-until"] = end
    return values


def _error(response: Element) -> str:
    errors = response.elements("error")
    if len(errors) != 1:
        raise response.refused("error", rules.NOT_ONE_REASON)
    return errors[0].code("code")


def _refusal(response: Element) -> str | None:
    """The reason given for the benefit of the whole; those of single lines are not imported."""
    reasons = [
        each.code("reason")
        for each in response.elements("adjudication")
        if each.code("category") == _BENEFIT and each.has("reason")
    ]
    if len(reasons) > 1:
        raise response.refused("adjudication", rules.NOT_ONE_REASON)
    return reasons[0] if reasons else None


def _amounts(response: Element) -> dict[str, Value]:
    """What the payer pays, and its payment; the two amounts must agree."""
    amounts = Amounts()
    benefits = [
        amounts.cents(total, "amount")
        for total in response.elements("total")
        if total.code("category") == _BENEFIT
    ]
    if len(benefits) > 1:
        raise response.refused("total", rules.NOT_ONE_BENEFIT)
    benefit = benefits[0] if benefits else None
    values: dict[str, Value] = {}
    payment = response.element("payment")
    if payment is not None:
        paid = amounts.cents(payment, "amount")
        # FHIR R4, ClaimResponse.payment.amount: benefits payable less any payment adjustment.
        before = None if paid is None else paid + (amounts.cents(payment, "adjustment") or 0)
        if benefit is None:
            benefit = before
        elif before != benefit:
            raise AmountsDisagree(path=payment.at("amount"), rule=rules.PAYMENT_WRONG)
        values |= _payment(payment)
    if benefit is not None:
        values |= {"total.amc": benefit, "currency": str(amounts.currency)}
    return values


def _payment(payment: Element) -> dict[str, Value]:
    values: dict[str, Value] = {}
    day = payment.day("date")
    if day is not None:
        values["payment.date"] = day
    identifier = payment.element("identifier")
    if identifier is not None and identifier.has("value"):
        values["payment.reference"] = identifier.normalised_code("value")
    return values


def _codes(response: Element) -> dict[str, Value]:
    own = [each for each in response.elements("extension") if each.text("url") == CODES]
    if len(own) > 1:
        raise response.refused("extension", rules.NOT_ONE_CODES)
    values: dict[str, Value] = {}
    for each in own[0].elements("extension") if own else ():
        place = each.required_text("url")
        if place not in _PLACES or f"{place}.code" in values:
            raise each.refused("url", rules.NOT_ONE_CODES)
        values[f"{place}.code"] = each.normalised_code("valueCode", grouped=True)
    return values


def _decided(values: Mapping[str, Value]) -> dict[str, Any]:
    part: dict[str, Any] = {}
    codes = [
        {"url": place, "valueCode": values[f"{place}.code"]} for place in _PLACES if f"{place}.code" in values
    ]
    if codes:
        part["extension"] = [{"url": CODES, "extension": codes}]
    if "pec.number" in values:
        part["preAuthRef"] = values["pec.number"]
    if "valid-until" in values:
        part["preAuthPeriod"] = {"end": values["valid-until"]}
    if "decision.reason" in values:
        reason = concept(str(values["decision.reason"]))
        part["adjudication"] = [{"category": concept("benefit", _ADJUDICATION), "reason": reason}]
    return part


def _paid(values: Mapping[str, Value], here: Element) -> dict[str, Any]:
    amount = money(values, "total.amc")
    payment: dict[str, Any] = {}
    if "payment.date" in values:
        payment["date"] = values["payment.date"]
    if "payment.reference" in values:
        payment["identifier"] = {"value": values["payment.reference"]}
    part: dict[str, Any] = {}
    if amount is not None:
        part["total"] = [{"category": concept("benefit", _ADJUDICATION), "amount": amount}]
    if payment:
        if amount is None:
            raise here.refused("payment.amount", rules.MISSING)
        part["payment"] = {"type": concept("complete", _PAYMENT_TYPE), "amount": amount, **payment}
    return part
