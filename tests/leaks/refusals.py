# SPDX-License-Identifier: Apache-2.0
"""What is refused: by the contracts, so that there is revert data to search, and by the client, so that there are
messages made while health values, keys and PINs were at hand."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from sceau import Disclosure, GivenConsent, load_policy
from sceau.chain.signer import Signer
from sceau.claim.prepared import PreparedStep
from sceau.conformity.keys import OrderContext, OrderKey
from sceau.consent.card import UnlockedCard
from sceau.consent.request import ConsentRequest
from sceau.consent.revocation import sign_revocation
from sceau.consent.signing import SignedConsent
from sceau.formats.fhir import import_prescription
from sceau.formats.optics.order import load_order
from sceau.formats.optics.quote import load_quote
from sceau.messages.order import order_envelope, receive_order
from sceau.messages.step import receive_step, step_envelope
from sceau.party.message_keys import MessageKeys
from sceau.record import Multiproof, SealedRecord
from sceau.roles.patient import Patient
from tests.leaks.play import Play, send_blindly, to_checksum

Requests = Mapping[str, ConsentRequest]
Answers = Mapping[str, SignedConsent]
Cards = Mapping[str, UnlockedCard]

_NOTHING = bytes(32)


def refuse_consents(play: Play, requests: Requests, signed: Answers, cards: Cards) -> None:
    """Consents that are recorded, revoked or withdrawn a second time, by somebody else, or wrongly signed."""
    practice = play.chain.signers["practice"]
    stranger = play.chain.signers["stranger"]
    for name, code in (("early", "consent-already-revoked"), ("signed", "consent-already-recorded")):
        play.refused_by_chain(code, practice, "ConsentRegistry", "record", *_record(signed[name]))
    for who, code in (("stranger", "key-unknown"), ("supplier", "party-lacks-role")):
        signer = play.chain.signers[who]
        play.refused_by_chain(code, signer, "ConsentRegistry", "record", *_record(signed["direct"]))
    other = dataclasses.replace(signed["direct"], commitment=requests["early"].commitment)
    play.refused_by_chain("consent-signature", practice, "ConsentRegistry", "record", *_record(other))
    late = dataclasses.replace(signed["early"], expires_at=signed["early"].expires_at + 1)
    play.refused_by_chain("consent-expiry", practice, "ConsentRegistry", "record", *_record(late))
    for name in ("signed", "early"):
        revocation = sign_revocation(cards[name])
        arguments = (_raw(revocation.commitment), to_checksum(revocation.key), _raw(revocation.signature))
        play.refused_by_chain(
            "consent-already-revoked", stranger, "ConsentRegistry", "revokeBySignature", *arguments
        )
    play.refused_by_chain(
        "consent-already-withdrawn", practice, "ConsentRegistry", "withdraw", _raw(signed["attested"].consent)
    )
    play.refused_by_chain(
        "consent-of-another-recorder",
        play.chain.signers["other_practice"],
        "ConsentRegistry",
        "withdraw",
        _raw(signed["expired"].consent),
    )
    # A call of no function.
    data = "0x" + b"no such function".hex()
    send_blindly(play.network.node, stranger, play.network.address("ClaimRegistry"), data)
    _refuse_admins(play)


def refuse_claims(play: Play, opened: PreparedStep, order: Any, key: OrderKey) -> None:
    """Steps by others, out of turn, twice, with another head, other locks, nothing committed."""
    step_refused, signers = play.step_refused, play.chain.signers
    step_refused("claim-already-opened", signers["practice"], opened)
    step_refused("claim-commitment-empty", signers["practice"], opened, at0=b"\7" * 32, at3=_NOTHING)
    own = play.chain.party("practice")
    step_refused("claim-parties-not-distinct", signers["practice"], opened, at0=b"\7" * 32, at1=own)
    step_refused("claim-consent-of-another", signers["other_practice"], opened)
    says = play.story.claims["glasses"]
    decision = says.record("payer-decision", without=("decision.reason",))
    payer, claim = play.payer(), opened.claim
    head = play.practice().history(claim).state.head
    for prepared, code in (
        (payer.prepare_authorisation(claim, decision, head=head), "claim-step-illegal"),
        (payer.prepare_settlement(claim, decision, head=head), "claim-step-illegal"),
    ):
        step_refused(code, signers["payer"], play.keep(f"refused {prepared.function}", prepared))
    refused = play.claims["refused"]
    head = play.practice().history(refused).state.head
    waiting = play.keep("refused early", payer.prepare_authorisation(refused, decision, head=head))
    step_refused("claim-of-another-party", signers["other_payer"], waiting)
    moved = play.practice().history(play.claims["again"]).state.head
    step_refused("claim-head-moved", signers["payer"], waiting, at1=_raw(moved))
    invoice = play.practice().prepare_invoice(claim, says.record("fr-optical-invoice"), key=key)
    step_refused("claim-step-illegal", signers["practice"], play.keep("second invoice", invoice))
    delivery = play.supplier().prepare_delivery(order, says.record("lens-delivery"))
    delivery = play.keep("second delivery", delivery)
    step_refused("order-already-marked", signers["supplier"], delivery)
    step_refused("claim-of-another-party", signers["other_supplier"], delivery)
    step_refused("order-not-current", signers["supplier"], delivery, at1=1)
    fhir = play.supplier().prepare_return(play.claims["fhir"], says.notes["returned"])
    step_refused("order-not-delivered", signers["supplier"], play.keep("fhir returned", fhir))
    other = _raw(play.claims["fhir"])
    step_refused("order-locks-wrong", signers["supplier"], delivery, at0=other, at1=1, at4=[_NOTHING] * 4)


def refuse_files(play: Play, opened: PreparedStep, consent: GivenConsent) -> None:
    """Files with wrong values, damaged files, envelopes and keys: refused before anything is sent."""
    _refuse_values(play)
    _refuse_damaged(play, opened, consent)
    _refuse_envelopes(play, opened)


def _refuse_values(play: Play) -> None:
    practice, payer = play.practice(), play.chain.party("payer")
    says = play.story.claims["glasses"]
    for change, code in (
        ({"right.sphere": "-2.0"}, "value-not-canonical"),
        ({"right.axis": 271}, "value-not-canonical"),
        ({"patient.name": play.story.patient["family name"]}, "path-unknown"),
        ({"right.sphere": None}, "path-missing"),
    ):
        values = dict(says.record("optical-prescription")) | change
        if change.get("right.sphere", "") is None:
            del values["prescription.written"], values["right.sphere"]
        _refuse(play, code, practice.prepare_claim, "optical-prescription", values, payer=payer)
    wrong_total = dict(says.record("fr-optical-quote")) | {"total.price": 999_983}
    _refuse(play, "record-rule-broken", practice.prepare_claim, "fr-optical-quote", wrong_total, payer=payer)
    name = play.story.patient["family name"]
    quote = {"format": "sceau-quote/1", "patient": name, "pec": {"number": name}}
    _refuse(play, "quote-refused", load_quote, json.dumps(quote).encode())
    order = {"format": "sceau-lens-order/1", "right": {"sphere": name, "cylinder": "-0.37", "axis": 173}}
    _refuse(play, "correction-refused", load_order, order)
    prescription = json.loads(play.story.fhir["VisionPrescription"])
    prescription["lensSpecification"][0]["axis"] = 271
    prescription["patient"]["display"] = name
    _refuse(play, "correction-refused", import_prescription, json.dumps(prescription).encode())
    prescription["dateWritten"] = play.story.patient["birth date"] + "T25:00"
    _refuse(play, "fhir-field-refused", import_prescription, json.dumps(prescription).encode())


def _refuse_damaged(play: Play, opened: PreparedStep, consent: GivenConsent) -> None:
    policy = load_policy("fr-responsible-contract")
    payer = play.chain.party("payer")
    show = {"recipient": payer, "policy": policy, "consent": consent}
    disclose = play.practice().disclose
    _refuse(play, "path-not-allowed", disclose, opened.record, ["right.price"], clause="minimal", **show)
    kept = opened.record.to_json()
    edited = {**kept, "values": {**kept["values"], "pec.number": play.story.patient["national number"]}}
    _refuse(play, "opening-does-not-fit", SealedRecord.from_json, edited)
    _refuse(play, "file-malformed", SealedRecord.from_json, {**kept, "seed": kept["seed"][:-1] + "Z"})
    _refuse(play, "file-malformed", PreparedStep.from_json, json.dumps(opened.to_json())[:-40])
    _refuse(play, "file-malformed", Disclosure.from_json, json.dumps(kept)[:-9])
    request = {"format": "sceau-consent-request/1", "opening": kept}
    _refuse(play, "file-malformed", Patient(play.network).read_request, json.dumps(request))
    shown = opened.record.prove([*opened.record.values][:3]).to_json()
    _refuse(play, "file-malformed", Multiproof.from_json, {**shown, "proof": [kept["seed"][:-2]]})


def _refuse_envelopes(play: Play, opened: PreparedStep) -> None:
    """An order whose key is not that of its locks, and envelopes that are replayed, altered, for somebody else."""
    posts, practice = play.posts, play.practice()
    says, supplier = play.story.claims["glasses"], play.chain.party("supplier")
    values = says.record("lens-order", order__reason=says.reason)
    prepared = practice.prepare_remake(opened.claim, values, supplier=supplier)
    sent = play.write("glasses remade again", practice, prepared)
    wrong = OrderKey.draw()
    play.hold_order_key("wrong key", wrong, OrderContext.of(sent.record.scope))
    received = receive_order(
        posts["supplier"],
        order_envelope(posts["practice"], dataclasses.replace(sent, order_key=wrong), supplier=supplier),
    )
    _refuse(play, "order-does-not-fit-its-locks", received.require_fit)
    assert sent.order_key is not None
    _refuse(play, "order-key-malformed", OrderKey.read, sent.order_key.reveal().upper())
    envelope = step_envelope(posts["practice"], sent, recipient=supplier)
    step = sent_step = received.step.written.step
    receive_step(posts["supplier"], envelope, step)
    _refuse(play, "envelope-replayed", receive_step, posts["supplier"], envelope, sent_step)
    _refuse(play, "envelope-unreadable", receive_step, posts["payer"], envelope, sent_step)
    _refuse(play, "envelope-unreadable", receive_step, posts["supplier"], envelope[:-12], sent_step)
    keys = posts["practice"].keys
    _refuse(play, "message-keys-invalid", MessageKeys.unlock, json.dumps(keys.private), play.story.pin)
    keystore = play.chain.signers["practice"].to_keystore(play.story.pin, iterations=2)
    _refuse(play, "wrong-password", Signer.from_keystore_json, keystore, play.story.patient["telephone"])
    play.shown += [
        repr(keys),
        repr(keys.public),
        repr(posts["practice"]),
        repr(play.chain.signers["practice"]),
    ]


def _refuse_admins(play: Play) -> None:
    """A member that plays the admin, a suspended party, a pause; each is undone."""
    signers, admin = play.chain.signers, play.chain.consortium
    party = play.chain.party("other_practice")
    play.refused_by_chain("admin-unauthorised", signers["practice"], "PartyRegistry", "suspend", party)
    admin.suspend(party).wait(30)
    arguments = (b"\7" * 32, play.chain.party("payer"), _NOTHING, b"\7" * 32)
    play.refused_by_chain("party-suspended", signers["other_practice"], "ClaimRegistry", "open", *arguments)
    admin.reinstate(party).wait(30)
    signed = (b"\7" * 32, to_checksum(signers["stranger"].address), 0, False, bytes(65))
    admin.pause("ClaimRegistry").wait(30)
    admin.pause("ConsentRegistry").wait(30)
    play.refused_by_chain("paused", signers["practice"], "ClaimRegistry", "open", *arguments)
    play.refused_by_chain("paused", signers["practice"], "ConsentRegistry", "record", *signed)
    admin.unpause("ClaimRegistry").wait(30)
    admin.unpause("ConsentRegistry").wait(30)


def _record(signed: SignedConsent) -> tuple[Any, ...]:
    return (
        _raw(signed.commitment),
        to_checksum(signed.key),
        signed.expires_at,
        signed.attested,
        _raw(signed.signature),
    )


def _refuse(play: Play, code: str, act: Any, *arguments: Any, **named: Any) -> None:
    play.refused(code, lambda: act(*arguments, **named))


def _raw(value: str) -> bytes:
    return bytes.fromhex(value[2:])
