# SPDX-License-Identifier: Apache-2.0
"""A consent for other systems: the receipt of ISO/IEC TS 27560 and FHIR's Consent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sceau.chain.node import Block
from sceau.chain.registries.consents import ConsentState, Status
from sceau.chain.signer import Signer
from sceau.consent.errors import NotWhatWasAsked
from sceau.consent.receipt import CONTEXT, consent_receipt, fhir_consent
from sceau.consent.request import ConsentRequest
from sceau.consent.signing import SignedConsent

RECORDED = 1_795_430_000


@pytest.fixture
def state(signed: SignedConsent) -> ConsentState:
    return ConsentState(
        consent=signed.consent,
        recorder=signed.recorder,
        recorded_at=RECORDED,
        expires_at=signed.expires_at,
        revoked_at=0,
        withdrawn_at=0,
        attested=False,
        block=Block(number=12, hash="0x" + "b1" * 32, timestamp=RECORDED + 60, base_fee=0),
    )


@pytest.fixture
def ended(state: ConsentState) -> Callable[..., ConsentState]:
    """The state after something happened, read at a later block."""

    def make(**changes: Any) -> ConsentState:
        later = replace(state.block, timestamp=max([*changes.values(), RECORDED]) + 60)
        return replace(state, **changes, block=later)

    return make


def test_the_state_follows_the_contracts_rule(
    state: ConsentState, ended: Callable[..., ConsentState]
) -> None:
    assert state.status is Status.VALID
    assert ended(revoked_at=RECORDED + 5).status is Status.REVOKED
    assert ended(withdrawn_at=RECORDED + 5).status is Status.WITHDRAWN
    assert ended(revoked_at=RECORDED + 9, withdrawn_at=RECORDED + 5).status is Status.REVOKED
    assert replace(state, recorded_at=0).status is Status.UNKNOWN
    assert replace(state, recorded_at=0, expires_at=0, revoked_at=5).status is Status.REVOKED_EARLY
    at_end = replace(state, block=replace(state.block, timestamp=state.expires_at))
    assert at_end.status is Status.EXPIRED
    assert replace(at_end, block=replace(at_end.block, timestamp=state.expires_at - 1)).status is Status.VALID
    revoked_later = replace(at_end, revoked_at=state.expires_at + 9)
    assert revoked_later.status is Status.REVOKED


def test_validity_at_a_time_is_the_contracts(state: ConsentState) -> None:
    assert not state.valid_at(RECORDED - 1)
    assert state.valid_at(RECORDED)
    assert state.valid_at(state.expires_at - 1)
    assert not state.valid_at(state.expires_at)
    revoked = replace(state, revoked_at=RECORDED + 5)
    assert revoked.valid_at(RECORDED + 4)
    assert not revoked.valid_at(RECORDED + 5)
    assert not replace(state, revoked_at=RECORDED).valid_at(RECORDED)
    assert not replace(state, recorded_at=0).valid_at(RECORDED)


def test_every_state_has_words_in_both_languages(state: ConsentState) -> None:
    happened: tuple[dict[str, Any], ...] = (
        {},
        {"recorded_at": 0},
        {"revoked_at": RECORDED + 5},
        {"withdrawn_at": RECORDED + 5},
        {"recorded_at": 0, "revoked_at": RECORDED},
    )
    for changes in happened:
        words = replace(state, **changes).sentence
        assert words.en
        assert words.fr
        assert words.en != words.fr
    assert "2027-06-01 00:00 UTC" in state.words("fr")


def test_a_receipt_has_the_fields_that_the_standard_requires(
    request_made: ConsentRequest, key: Signer, state: ConsentState
) -> None:
    """The mandatory fields of ISO/IEC TS 27560:2023 by their terms in DPV, guide consent-27560 §7.2."""
    receipt = consent_receipt(request_made, key.address, state, keep_days=365)
    assert receipt["@type"] == "dpv:ConsentReceipt"
    assert receipt["dct:conformsTo"].endswith("#receipt-record")
    assert {"dct:identifier", "dct:created"} <= receipt.keys()
    record = receipt["dpv:hasRecordOfActivity"]
    assert record["@type"] == "dpv:ConsentRecord"
    assert {
        "dct:identifier",
        "dct:conformsTo",
        "dpv:hasDataSubject",
        "dpv:hasDataController",
        "dpv:hasJurisdiction",
        "dpv:hasNotice",
        "dpv:hasConsentControl",
        "dpv:hasConsentStatus",
        "dpv:hasLegalBasis",
    } <= record.keys()
    process = record["dpv:hasProcess"]
    assert process["dpv:hasStorageCondition"]["dpv:hasDuration"] == "P365D"
    assert {"dpv:hasPurpose", "dpv:hasPersonalData", "dpv:hasRecipient"} <= process.keys()
    assert [each["@id"] for each in process["dpv:hasPersonalData"]] == [
        "urn:sceau:data-group:AMOUNTS",
        "urn:sceau:data-group:DETAIL-AMOUNTS",
    ]
    assert record["dpv:hasNotice"]["dct:identifier"] == request_made.values["text.hash"]
    (given,) = record["dpv:hasConsentStatus"]
    assert given["@type"] == "dpv:ConsentGiven"
    assert given["dpv:isIndicatedBy"] == "dpv:DataSubject"
    assert given["dpv:hasDuration"]["rdf:value"] == "2027-06-01T00:00:00Z"


def test_every_prefix_of_a_receipt_is_declared(
    request_made: ConsentRequest, key: Signer, state: ConsentState
) -> None:
    text = json.dumps(consent_receipt(request_made, key.address, state))
    used = set(re.findall(r'"@?([a-z-]+):[A-Za-z]', text)) - {"urn", "https", "eip155"}
    assert used <= CONTEXT.keys()


def test_a_withdrawal_is_one_more_event(
    request_made: ConsentRequest, key: Signer, ended: Callable[..., ConsentState]
) -> None:
    receipt = consent_receipt(request_made, key.address, ended(revoked_at=RECORDED + 5))
    events = receipt["dpv:hasRecordOfActivity"]["dpv:hasConsentStatus"]
    assert [each["@type"] for each in events] == ["dpv:ConsentGiven", "dpv:ConsentWithdrawn"]
    assert events[1]["dpv:isIndicatedBy"] == "dpv:DataSubject"
    by_shop = consent_receipt(request_made, key.address, ended(withdrawn_at=RECORDED + 5))
    assert (
        by_shop["dpv:hasRecordOfActivity"]["dpv:hasConsentStatus"][1]["dpv:isIndicatedBy"]
        == "urn:sceau:party:7"
    )


def test_an_attested_consent_was_indicated_by_the_shop(
    ask: Callable[..., ConsentRequest], key: Signer, state: ConsentState
) -> None:
    from sceau.consent.typed_data import consent_id

    asked = ask(attested=True)
    attested = replace(state, consent=consent_id(asked.commitment, key.address), attested=True)
    record = consent_receipt(asked, key.address, attested)["dpv:hasRecordOfActivity"]
    assert record["dpv:hasConsentStatus"][0]["dpv:isIndicatedBy"] == "urn:sceau:party:7"


@pytest.mark.parametrize("export", [consent_receipt, fhir_consent])
def test_an_export_holds_no_secret(
    export: Callable[..., dict[str, Any]], request_made: ConsentRequest, key: Signer, state: ConsentState
) -> None:
    text = json.dumps(export(request_made, key.address, state))
    assert request_made.record.seed.hex() not in text
    assert key.key_bytes().hex() not in text


@pytest.mark.parametrize("export", [consent_receipt, fhir_consent])
def test_the_state_of_another_consent_is_refused(
    export: Callable[..., dict[str, Any]], request_made: ConsentRequest, key: Signer, state: ConsentState
) -> None:
    with pytest.raises(NotWhatWasAsked):
        export(request_made, key.address, replace(state, consent="0x" + "11" * 32))


@pytest.mark.parametrize("export", [consent_receipt, fhir_consent])
def test_names_and_words_are_in_the_readers_language(
    export: Callable[..., dict[str, Any]], request_made: ConsentRequest, key: Signer, state: ConsentState
) -> None:
    names = {9: "Mutuelle du Port"}
    french = json.dumps(export(request_made, key.address, state, names=names), ensure_ascii=False)
    english = json.dumps(export(request_made, key.address, state, names=names, language="en"))
    assert "Mutuelle du Port" in french
    assert "montants totaux" in french
    assert "total amounts" in english


@pytest.mark.parametrize("patient", [None, "Patient/72"])
@pytest.mark.parametrize("changes", [{}, {"revoked_at": RECORDED + 5}, {"recorded_at": 0}])
def test_the_fhir_consent_is_valid(
    request_made: ConsentRequest,
    key: Signer,
    state: ConsentState,
    patient: str | None,
    changes: dict[str, Any],
) -> None:
    r4b = pytest.importorskip("fhir.resources.R4B.consent")
    resource = fhir_consent(
        request_made, key.address, replace(state, **changes), patient=patient, names={9: "Mutuelle"}
    )
    read = r4b.Consent.model_validate(resource)
    assert read.status == {"revoked_at": "inactive", "recorded_at": "proposed"}.get(
        next(iter(changes), ""), "active"
    )
    # R4, Consent.provision.type: not permitted in the root rule, required in all nested rules.
    root = resource["provision"]
    assert "type" not in root
    assert [nested["type"] for nested in root["provision"]] == ["permit"]
    # Invariant ppc-2: a consent about privacy names its patient.
    assert read.patient.reference == patient
    assert patient or read.patient.identifier.value == key.address.lower()
    assert read.provision.period.end.isoformat() == "2027-06-01T00:00:00+00:00"
    assert [code.coding[0].code for code in read.provision.provision[0].code] == ["AMOUNTS", "DETAIL-AMOUNTS"]
