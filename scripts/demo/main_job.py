# SPDX-License-Identifier: Apache-2.0
"""The main job: consent, claim, disclosure, verdict, revocation."""

from __future__ import annotations

import re
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from sceau import Disclosure, GivenConsent, Payer, Practice, Verdict, load_policy
from sceau.chain.registries.claims import read_claim
from sceau.consent.request import ConsentRequest
from sceau.consent.signing import SignedConsent
from sceau.disclosure import covered_groups
from sceau.documents.files import save, save_json
from sceau.formats.fhir.claim import import_claim
from sceau.formats.fhir.prescription import import_prescription
from sceau.messages.disclosure import disclosure_envelope, receive_disclosure
from sceau.record import SealedRecord
from sceau.roles.patient import Patient
from scripts.demo.cast import ROOT, Cast, run
from scripts.demo.telling import chapter, quote, table, tell

FHIR = ROOT / "tests" / "fhir-r4"
POLICY = "fr-responsible-contract"
PIN = "482915"
GROUPS = ("AMOUNTS", "COVERAGE", "DATES", "DETAIL-AMOUNTS", "GROUPED-CODES", "PEC")


def play(cast: Cast) -> None:
    """Plays the main job."""
    request, signed = _consent(cast)
    record = _claim(cast, signed)
    received = _disclose(cast, record, GivenConsent(request.record, signed.key))
    _verify(cast, received, "The insurer verifies")
    _revoke(cast)
    _verify(cast, received, "The insurer verifies the same disclosure again")


def _today(cast: Cast) -> date:
    return datetime.fromtimestamp(cast.network.node.head().timestamp, timezone.utc).date()


def _consent(cast: Cast) -> tuple[ConsentRequest, SignedConsent]:
    chapter("The patient is asked, reads, and signs")
    practice = Practice(cast.network, cast["shop"].signer)
    request = practice.request_consent(
        payer=cast["insurer"].party,
        purpose="THIRD-PARTY-PAYMENT",
        groups=GROUPS,
        expires_on=_today(cast) + timedelta(days=365),
    )
    request.save(cast.folder / "request.json")
    patient = Patient(cast.network)
    read = patient.read_request((cast.folder / "request.json").read_bytes())
    tell("The patient's software rebuilds the commitment from what it was given, then shows (in French):")
    quote(read.in_words("fr", cast.names()))
    signed, card = patient.sign(read, PIN)
    card.save(cast.folder / "card.json")
    save(cast.folder / "card.pin", PIN.encode())
    cast.purse.mined("consent recorded, relayed by the shop", practice.record_consent(signed, request))
    tell(f"A fresh key signed; it goes on the patient's card with a PIN. Consent {signed.consent}")
    tell("The shop relayed it: the patient paid nothing and has no account.")
    return request, signed


def _claim(cast: Cast, signed: SignedConsent) -> SealedRecord:
    chapter("The shop seals the claim")
    claim = import_claim(FHIR / "Claim-660151.json", FHIR / "Coverage-9876B1.json")
    prescription = import_prescription(FHIR / "VisionPrescription-33123.json")
    tell("Input: HL7's FHIR R4 examples Claim-660151, Coverage-9876B1 and VisionPrescription-33123.")
    for notice in claim.notices:
        tell(f"Notice: {notice.message('en')}")
    practice = Practice(cast.network, cast["shop"].signer)
    opened = practice.open_claim(
        "optical-claim",
        claim.values,
        payer=cast["insurer"].party,
        consent=signed.consent,
        prescription=prescription.values,
        keep=lambda step: save_json(cast.folder / "claim.json", step.to_json()),
    )
    receipt = cast.purse.mined("claim opened under the consent", opened.transaction)
    _show_chain(cast, opened.claim, receipt.hash, receipt.block_number)
    return opened.record


def _show_chain(cast: Cast, claim: str, transaction: str, block: int) -> None:
    """Everything that the chain was given, word by word."""
    node = cast.network.node
    data = node.calldata(transaction)
    words = [data[10 + 64 * n : 74 + 64 * n] for n in range((len(data) - 10) // 64)]
    names = ("nonce, random", "payer's party number", "consent's identifier", "commitment")
    table(
        "All that was sent to the chain (calldata of the claim's opening):",
        ("word", "what it is"),
        [(f"0x{word}", name) for word, name in zip(words, names, strict=True)],
    )
    state = read_claim(cast.network, claim, block=block)
    table(
        "All that the chain holds of the claim:",
        ("what", "value"),
        [
            ("practice", f"party {state.practice}"),
            ("payer", f"party {state.payer}"),
            ("state", state.state.name.lower()),
            ("head", state.head),
        ],
    )


def _disclose(cast: Cast, record: SealedRecord, consent: GivenConsent) -> Disclosure:
    chapter("The shop shows the insurer what policy and consent allow")
    practice = Practice(cast.network, cast["shop"].signer)
    policy = load_policy(POLICY)
    disclosure = practice.disclose(
        record, recipient=cast["insurer"].party, policy=policy, clause="detailed", consent=consent
    )
    envelope = disclosure_envelope(cast["shop"].post, disclosure)
    save(cast.folder / "disclosure.jwe", envelope.encode())
    received = receive_disclosure(cast["insurer"].post, (cast.folder / "disclosure.jwe").read_text())
    groups = ", ".join(sorted(covered_groups(consent.record)))
    tell(f"Policy {policy.key}, clause 'detailed'; the consent covers {groups}.")
    tell(f"{len(envelope)} characters, signed by the shop and encrypted to the insurer, carried by a file.")
    shown = set(disclosure.paths)
    fields = record.profile.fields
    table(
        "What each party sees of the claim:",
        ("path", "shop", "insurer", "lens maker, others, the chain"),
        [
            (path, _short(record.values[path]), _short(record.values[path]) if path in shown else "–", "–")
            for path in record.values
            if fields[path].group != "RECORD"
        ],
    )
    tell("The prescription is sealed inside by a commitment of its own; no policy lets a payer see it.")
    return received


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 24 else text[:21] + "…"


def _verify(cast: Cast, disclosure: Disclosure, title: str) -> Verdict:
    chapter(title)
    verdict = Payer(cast.network, cast["insurer"].signer).verify(disclosure)
    block = verdict.block
    tell(f"Verdict: {verdict.words('en').upper()} ({verdict.words('fr')})")
    tell(f"Read at block {block.number}, {block.time:%Y-%m-%d %H:%M:%S} UTC, {block.age} s old, {block.hash}")
    for finding in verdict.findings:
        tell(f"  {finding.weight.value}: {finding.sentence.en}")
    tell(f"  values held: {len(verdict.values)}, dropped: {len(verdict.dropped)}")
    return verdict


def _revoke(cast: Cast) -> None:
    chapter("The patient revokes, with the card and one script")
    card: Path = cast.folder / "card.json"
    settings = {
        "SCEAU_NODE": cast.network.node.url,
        "SCEAU_MANIFEST": str(cast.folder / "deployment.json"),
        "SCEAU_LANGUAGE": "fr",
    }
    command = [
        sys.executable,
        "scripts/revoke_consent.py",
        str(card),
        "--yes",
        "--pin-file",
        str(cast.folder / "card.pin"),
    ]
    if cast.purse.funder is not None:
        command += _relay(cast)
    tell("python scripts/revoke_consent.py card.json")
    said = run(command, settings)
    quote(said)
    gas = re.search(r"Gaz utilisé\s+(\d+)", said)
    if gas:
        cast.purse.costs.append(("consent revoked by the patient's card", int(gas[1])))


def _relay(cast: Cast) -> list[str]:
    """On a chain with fees somebody's key pays: here a member's, which relays for the patient."""
    save(cast.folder / "relay.password", b"relay")
    save_json(cast.folder / "relay.json", cast["maker"].signer.to_keystore("relay", iterations=2**14))
    return [
        "--keystore",
        str(cast.folder / "relay.json"),
        "--password-file",
        str(cast.folder / "relay.password"),
    ]
