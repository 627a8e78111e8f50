# SPDX-License-Identifier: Apache-2.0
"""HL7's example files under a patient's consent, and what becomes of it when the patient revokes."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from sceau import Disclosure, GivenConsent
from sceau.consent.card import Card
from sceau.consent.signing import SignedConsent
from sceau.disclosure.errors import ConsentNotInForce
from sceau.documents.files import save, save_json
from sceau.formats.fhir.claim import import_claim
from sceau.formats.fhir.prescription import import_prescription
from sceau.roles.patient import Patient
from scripts.demo.demonstration import Demonstration, holdings
from scripts.demo.parties import ROOT, run
from scripts.life import ClaimLife

FHIR = ROOT / "tests" / "fhir-r4"

_PIN = "482915"
_GROUPS = ("AMOUNTS", "COVERAGE", "DATES", "DETAIL-AMOUNTS", "GROUPED-CODES", "PEC")


@dataclass(frozen=True)
class _Shown:
    """A claim under a consent, and what the insurer was shown of it."""

    life: ClaimLife
    consent: GivenConsent
    disclosure: Disclosure


def play(demo: Demonstration) -> None:
    """Consent, claim and verdict; then the revocation, and the verdict on the same disclosure."""
    shown = _consented(demo)
    _revoked(demo, shown)


def _consented(demo: Demonstration) -> _Shown:
    story = demo.story
    story.chapter(
        "HL7's example files, under the patient's consent",
        "For more than the minimum the insurer needs the patient's consent: to one insurer, for one purpose, for "
        "named kinds of data, until a day. The patient reads it in plain French and signs; the insurer's own "
        "program finds it on the chain.",
    )
    signed, consent = _sign(demo)
    claim = import_claim(FHIR / "Claim-660151.json", FHIR / "Coverage-9876B1.json")
    prescription = import_prescription(FHIR / "VisionPrescription-33123.json")
    story.say(
        "The shop's software reads HL7's FHIR examples Claim-660151, Coverage-9876B1 and "
        "VisionPrescription-33123, and seals them, dated today, in a claim under the consent."
    )
    notices = "; ".join(notice.message("en").partition(": ")[2] for notice in claim.notices)
    story.say(f"HL7's examples do not fit each other everywhere, and the software says so: {notices}.")
    life = demo.life("claim opened under a consent")
    # HL7's example is dated 2014, and a verification holds a date of care against the chain's time.
    values = {**claim.values, "claim.created": _today(demo).isoformat()}
    life.open("optical-claim", values, consent=signed.consent, prescription=prescription.values)
    demo.note(life)
    disclosure = life.disclosure(clause="detailed", consent=consent)
    opened = life.steps["open"]
    held, seen = holdings(
        story, opened.record, disclosure.paths, what="the claim", inner=opened.inner.values()
    )
    story.say(
        f"Under the consent the insurer sees {seen} of {held} values. The prescription stays hidden: no clause of "
        "the policy shows it to an insurer, whatever the patient signs."
    )
    received = life.show(disclosure)
    verdict = life.payer.verify(received)
    demo.verdict(verdict)
    demo.outcome("HL7's claim, under a consent", verdict.words(), f"the insurer sees {seen} of {held} values")
    return _Shown(life, consent, received.disclosure)


def _sign(demo: Demonstration) -> tuple[SignedConsent, GivenConsent]:
    """The patient is asked, reads, and signs; the shop records the consent."""
    story, shop = demo.story, demo.parties.practice
    request = shop.request_consent(
        payer=demo.parties.payer.party, groups=_GROUPS, expires_on=_today(demo) + timedelta(days=365)
    )
    patient = Patient(demo.network)
    read = patient.read_request(json.dumps(request.to_json()))
    story.quote(
        "What the patient reads before signing:", read.in_words("fr", demo.parties.names), language="fr"
    )
    signed, card = patient.sign(read, _PIN)
    recorded = shop.record_consent(signed).wait()
    demo.cost("consent signed by the patient, recorded", recorded.gas_used, "eas_attest_by_delegation")
    _keep(demo, card)
    story.say(
        "A key made for this consent alone signed it, and is on the patient's card, locked by a PIN. The shop wrote "
        "the consent on the chain: the patient pays nothing and needs no account."
    )
    return signed, shop.given_consent(signed)


def _keep(demo: Demonstration, card: Card) -> None:
    card.save(demo.folder / "card.json")
    save(demo.folder / "card.pin", _PIN.encode())


def _revoked(demo: Demonstration, shown: _Shown) -> None:
    story, life = demo.story, shown.life
    story.chapter(
        "The patient takes the consent back",
        "Withdrawing is as easy as agreeing: the card, its PIN and one command, through any member's node, free "
        "of charge. No member can prevent it, and from that block on the same data are refused.",
    )
    story.command(f"python scripts/revoke_consent.py card.json --via {demo.network.node.url}")
    said = run([sys.executable, "scripts/revoke_consent.py", *_arguments(demo)], _SETTINGS)
    if demo.fees:
        story.say(
            "This chain charges fees: the lens maker's key sends the revocation for the patient, and pays."
        )
    story.quote("What the patient reads, the identifiers left out:", _plain(said), language="fr")
    gas = re.search(r"Gaz utilisé\s+(\d+)", said)
    if gas:
        demo.cost("consent revoked by the patient's card", int(gas[1]), "eas_revoke_by_delegation")
    verdict = life.payer.verify(shown.disclosure)
    story.say("The insurer's program looks again at what it was shown in chapter 2:")
    demo.verdict(verdict, notes=False)
    try:
        life.disclosure(clause="detailed", consent=shown.consent)
    except ConsentNotInForce as error:
        story.say(f"The shop's own program refuses to show it again: “{error.message('en')}”")
    minimal = life.verdict()
    story.say(
        "The claim itself goes on, for the minimal clause never needed the consent: shown that much, the insurer's "
        f"verdict is {minimal.words()}."
    )
    demo.outcome("The same, after the patient revoked", verdict.words(), "the minimal claim goes on")


def _plain(said: str) -> str:
    """What was said, from the revocation on, without identifiers, blocks and gas."""
    lines = said[said.index("Révoqué.") :].splitlines()
    return "\n".join(re.sub("  +", " : ", line) for line in lines if line.startswith(("Révoqué.", "État")))


#: The patient's script speaks French, and needs nothing but the card and a node.
_SETTINGS = {"SCEAU_LANGUAGE": "fr"}


def _arguments(demo: Demonstration) -> list[str]:
    """The patient's card, PIN and node; on a chain with fees a member's key sends, here the lens maker's."""
    folder = demo.folder
    arguments = [
        str(folder / "card.json"),
        "--yes",
        "--pin-file",
        str(folder / "card.pin"),
        "--via",
        demo.network.node.url,
    ]
    if demo.fees:
        save(folder / "relay.password", b"relay")
        save_json(folder / "relay.json", demo.parties.relay.to_keystore("relay", iterations=2**14))
        arguments += ["--keystore", str(folder / "relay.json")]
        arguments += ["--password-file", str(folder / "relay.password")]
    return arguments


def _today(demo: Demonstration) -> date:
    return datetime.fromtimestamp(demo.network.node.head().timestamp, timezone.utc).date()
