# SPDX-License-Identifier: Apache-2.0
"""A consent for other systems: a consent receipt, and a FHIR R4 ``Consent``.

The receipt has the shape of ISO/IEC TS 27560:2023 in the W3C Data Privacy Vocabulary, JSON-LD, as the guide
https://w3id.org/dpv/guides/consent-27560 (report of 2024-08-01) lays it out: a receipt around one consent record.
The standard's fields about parties' addresses and places of storage are the parties' own and left to them.

Both say what was consented to: they are for the patient and for the parties that the consent names, never for
the chain. Neither holds the patient's name, the key or a salt.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from sceau.chain.registries.consents import ConsentState, Status
from sceau.consent.errors import NotWhatWasAsked
from sceau.consent.request import ConsentRequest
from sceau.consent.typed_data import consent_id
from sceau.consent.wording import Terms, consent_text
from sceau.errors import Language, Sentence

CONTEXT: Mapping[str, str] = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sceau": "urn:sceau:",
}

#: Code systems of Sceau in FHIR: data groups and purposes are those of the consent profile, docs/consent.md.
GROUP_SYSTEM = "urn:sceau:data-group"
PURPOSE_SYSTEM = "urn:sceau:purpose"
CONSENT_SYSTEM = "urn:sceau:consent"
KEY_SYSTEM = "urn:sceau:key"
PARTY_SYSTEM = "urn:sceau:party"
TEXT_SYSTEM = "urn:sceau:consent-text"

_SCHEMA = "https://w3id.org/dpv/schema/dpv-27560#"
_CONSENT = Sentence("consent.consent")

_DPV_PURPOSES = {
    "THIRD-PARTY-PAYMENT": "dpv:PaymentManagement",
    "REIMBURSEMENT": "dpv:PaymentManagement",
}
_DPV_STATUS = {
    Status.UNKNOWN: "dpv:ConsentRequested",
    Status.VALID: "dpv:ConsentGiven",
    Status.EXPIRED: "dpv:ConsentExpired",
    Status.REVOKED: "dpv:ConsentWithdrawn",
    Status.REVOKED_EARLY: "dpv:ConsentWithdrawn",
    Status.WITHDRAWN: "dpv:ConsentWithdrawn",
}
_FHIR_STATUS = {
    Status.UNKNOWN: "proposed",
    Status.VALID: "active",
}


def consent_receipt(
    request: ConsentRequest,
    key: str,
    state: ConsentState,
    *,
    names: Mapping[int, str] | None = None,
    keep_days: int | None = None,
    language: Language = "fr",
) -> dict[str, Any]:
    """The consent receipt, as JSON-LD values.

    Args:
        request: what was consented to.
        key: address of the key that signed.
        state: the consent as the chain holds it, from :func:`sceau.chain.registries.consents.read_state`.
        names: names of parties by number, from a directory that was checked.
        keep_days: how long the payer keeps the data, from the policy it is disclosed under.
        language: of the words; the codes are the same in both.

    Raises:
        NotWhatWasAsked: the state is that of another consent than the request and the key make.
    """
    _check(request, key, state)
    record = _record(request, key, state, names or {}, language)
    if keep_days is not None:
        record["dpv:hasProcess"]["dpv:hasStorageCondition"] = {
            "@type": "dpv:StorageDuration",
            "dpv:hasDuration": f"P{keep_days}D",
        }
    return {
        "@context": dict(CONTEXT),
        "@id": f"urn:sceau:receipt:{state.consent}:{state.block.number}",
        "@type": "dpv:ConsentReceipt",
        "dct:identifier": f"{state.consent}:{state.block.number}",
        "dct:conformsTo": f"{_SCHEMA}receipt-record",
        "dct:created": _time(state.block.timestamp),
        "dct:source": f"{_register(request)}#block={state.block.hash}",
        "schema:recipient": "dpv:DataSubject",
        "dpv:hasRecordOfActivity": record,
    }


def fhir_consent(
    request: ConsentRequest,
    key: str,
    state: ConsentState,
    *,
    names: Mapping[int, str] | None = None,
    patient: str | None = None,
    language: Language = "fr",
) -> dict[str, Any]:
    """The consent as a FHIR R4 ``Consent`` resource, as JSON values; arguments as :func:`consent_receipt`.

    ``patient`` is a reference such as 'Patient/72', known to the caller only; without it the patient, whom a
    privacy consent must name (invariant ppc-2), is named by the consent's own key. Raises as :func:`consent_receipt`.
    """
    _check(request, key, state)
    terms = request.terms
    resource: dict[str, Any] = {
        "resourceType": "Consent",
        "identifier": [{"system": CONSENT_SYSTEM, "value": state.consent}],
        "status": _FHIR_STATUS.get(state.status, "inactive"),
        "scope": _concept("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"),
        "category": [_concept("http://loinc.org", "59284-0")],
        "patient": {"reference": patient} if patient else _identified("Patient", KEY_SYSTEM, key.lower()),
        "organization": [_party(terms.practice, names or {})],
        "policyRule": _concept("http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPTIN"),
        "provision": _provision(terms, state, names or {}, str(request.values["text.version"]), language),
    }
    if state.recorded_at:
        resource["dateTime"] = _time(state.recorded_at)
    return resource


def _record(
    request: ConsentRequest, key: str, state: ConsentState, names: Mapping[int, str], language: Language
) -> dict[str, Any]:
    terms = request.terms
    return {
        "@id": f"{CONSENT_SYSTEM}:{state.consent}",
        "@type": "dpv:ConsentRecord",
        "dct:identifier": state.consent,
        "dct:conformsTo": f"{_SCHEMA}record-eu-gdpr",
        # The patient is known to the chain by the consent's own key alone.
        "dpv:hasDataSubject": {"@id": f"{KEY_SYSTEM}:{key.lower()}", "@type": "dpv:DataSubject"},
        "dpv:hasDataController": _entity(terms.practice, names, "dpv:DataController"),
        "dpv:hasJurisdiction": "loc:FR",
        "dpv:hasApplicableLaw": "eu-gdpr:GDPR",
        "dpv:hasLegalBasis": ["dpv:ExplicitlyExpressedConsent", "eu-gdpr:A9-2-a"],
        "dpv:hasNotice": {
            "@id": f"{TEXT_SYSTEM}:{request.values['text.version']}",
            "@type": "dpv:ConsentNotice",
            "dct:identifier": request.values["text.hash"],
            "dct:language": str(request.values["text.version"]).split("-")[0],
        },
        "dpv:hasProcess": _process(request, terms, names, language),
        "dpv:hasConsentControl": {
            "@type": "dpv:WithdrawConsent",
            "dpv:isExercisedAt": f"{_register(request)}#consent={state.consent}",
        },
        "dpv:hasRight": {"@type": ["dpv:DataSubjectRight", "eu-gdpr:A7-3"]},
        "dpv:hasConsentStatus": _events(terms, state),
    }


def _process(
    request: ConsentRequest, terms: Terms, names: Mapping[int, str], language: Language
) -> dict[str, Any]:
    words = consent_text(str(request.values["text.version"]), language)
    return {
        "@type": "dpv:Process",
        "dpv:hasRecipient": _entity(terms.payer, names, "dpv:Recipient"),
        "dpv:hasPurpose": {
            "@id": f"{PURPOSE_SYSTEM}:{terms.purpose}",
            "@type": _DPV_PURPOSES.get(terms.purpose, "dpv:Purpose"),
            "dct:title": words.purpose(terms.purpose),
        },
        "dpv:hasPersonalData": [
            {
                "@id": f"{GROUP_SYSTEM}:{group}",
                "@type": "dpv:SpecialCategoryPersonalData",
                "dct:title": words.group(group),
            }
            for group in terms.groups
        ],
        "dpv:hasProcessing": "dpv:Disclose",
        "dpv:hasNecessity": "dpv:Optional",
    }


def _events(terms: Terms, state: ConsentState) -> list[dict[str, Any]]:
    """The states that the consent went through, each with its time."""
    by = _party_id(terms.practice) if terms.attested else "dpv:DataSubject"
    events: list[dict[str, Any]] = []
    if state.recorded_at:
        given = _event(Status.VALID, state.recorded_at, by)
        given["dpv:hasDuration"] = {
            "@type": "dpv:UntilTimeDuration",
            "rdf:value": _time(terms.expires_at),
        }
        events.append(given)
    if state.revoked_at:
        events.append(_event(Status.REVOKED, state.revoked_at, "dpv:DataSubject"))
    if state.withdrawn_at:
        events.append(_event(Status.WITHDRAWN, state.withdrawn_at, _party_id(terms.practice)))
    if state.status is Status.EXPIRED:
        events.append(_event(Status.EXPIRED, state.expires_at, by))
    return events or [{"@type": _DPV_STATUS[state.status]}]


def _event(status: Status, at: int, by: str) -> dict[str, Any]:
    return {
        "@type": _DPV_STATUS[status],
        "dpv:isIndicatedAtTime": _time(at),
        "dpv:isIndicatedBy": by,
        "dpv:hasIndicationMethod": "EIP-712",
    }


def _provision(
    terms: Terms, state: ConsentState, names: Mapping[int, str], version: str, language: Language
) -> dict[str, Any]:
    words = consent_text(version, language)
    period = {"end": _time(terms.expires_at)}
    if state.recorded_at:
        period["start"] = _time(state.recorded_at)
    # FHIR R4, Consent.provision.type: "Not permitted in root rule, required in all nested rules".
    permitted = {
        "type": "permit",
        "period": period,
        "actor": [
            {
                "role": _concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP"),
                "reference": _party(terms.payer, names),
            }
        ],
        "action": [_concept("http://terminology.hl7.org/CodeSystem/consentaction", "disclose")],
        "purpose": [
            {"system": PURPOSE_SYSTEM, "code": terms.purpose, "display": words.purpose(terms.purpose)}
        ],
        "code": [
            {"coding": [{"system": GROUP_SYSTEM, "code": group, "display": words.group(group)}]}
            for group in terms.groups
        ],
    }
    return {"period": period, "provision": [permitted]}


def _check(request: ConsentRequest, key: str, state: ConsentState) -> None:
    if consent_id(request.commitment, key) != state.consent:
        raise NotWhatWasAsked(part=_CONSENT)


def _entity(number: int, names: Mapping[int, str], role: str) -> dict[str, Any]:
    entity: dict[str, Any] = {"@id": _party_id(number), "@type": role, "dct:identifier": str(number)}
    if number in names:
        entity["dpv:hasName"] = names[number]
    return entity


def _party(number: int, names: Mapping[int, str]) -> dict[str, Any]:
    reference = _identified("Organization", PARTY_SYSTEM, str(number))
    if number in names:
        reference["display"] = names[number]
    return reference


def _identified(kind: str, system: str, value: str) -> dict[str, Any]:
    """A FHIR reference to something known by an identifier alone."""
    return {"type": kind, "identifier": {"system": system, "value": value}}


def _party_id(number: int) -> str:
    return f"{PARTY_SYSTEM}:{number}"


def _concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def _register(request: ConsentRequest) -> str:
    """The contract, in the writing of CAIP-10 (https://chainagnostic.org/CAIPs/caip-10)."""
    return f"eip155:{request.registry.chain_id}:{request.registry.contract}"


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
