# SPDX-License-Identifier: Apache-2.0
"""What is refused: by the contracts, so that there is revert data to search; by the roles, and by the readers of files,
so that there are messages made while health values, keys and PINs were at hand."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

from sceau import Disclosure, Envelope, GivenConsent, Payer, Practice, Supplier, load_policy
from sceau.audit.evidence import Evidence
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.signer import Signer
from sceau.claim.prepared import PreparedStep
from sceau.conformity.keys import OrderContext, OrderKey
from sceau.consent.card import UnlockedCard
from sceau.consent.request import ConsentRequest
from sceau.consent.revocation import relay, sign_revocation
from sceau.consent.signing import SignedConsent
from sceau.formats.fhir import import_prescription
from sceau.formats.optics.order import load_order
from sceau.formats.optics.quote import load_quote
from sceau.messages.act_codes import ActCodeKey
from sceau.messages.evidence import EvidenceRequest
from sceau.messages.information import InformationRequest
from sceau.messages.order import ReceivedOrder, order_envelope
from sceau.party.message_keys import MessageKeys
from sceau.record import Multiproof, SealedRecord
from sceau.roles import consenting
from sceau.roles.admin import Admin
from sceau.roles.auditor import Auditor
from sceau.roles.patient import Patient
from sceau.roles.queue import WriteQueue
from sceau.roles.revoked import proof
from sceau.store import Kind, LocalStore
from sceau.store.erasing import remove
from sceau.store.requests import Requests as NamedRequests
from sceau.terms import Group, Step
from scripts.documents import document
from scripts.life import POLICY, QUOTE
from tests.leaks.lives import StoryLife
from tests.leaks.play import Play, altered, send_untried, to_checksum
from tests.leaks.stores import refuse_stores
from tests.support.lying_node import lying_at, the_truth
from tests.support.unsent import unsent

Requests = Mapping[str, ConsentRequest]
Answers = Mapping[str, SignedConsent]
Cards = Mapping[str, UnlockedCard]
Lives = Mapping[str, StoryLife]

_NOTHING = "0x" + "00" * 32
_MORE = 9_999_991
_AN_HOUR = 3600


def refuse_consents(play: Play, requests: Requests, signed: Answers, cards: Cards) -> None:
    """Consents that are recorded, revoked or withdrawn a second time, by another party, or wrongly signed."""
    practice, direct = play.practice, signed["direct"]
    play.refused_by_chain("consent-already-revoked", practice.record_consent, signed["early"])
    stranger = play.party(Practice, "stranger")
    play.refused("key-of-no-party", stranger.record_consent, direct, requests["direct"])
    no_practice = play.party(Practice, "supplier")
    play.refused_by_chain("party-lacks-role", no_practice.record_consent, direct, requests["direct"])
    forged = dataclasses.replace(direct, commitment=requests["early"].commitment)
    late = dataclasses.replace(signed["early"], expires_at=signed["early"].expires_at + 1)
    for wrong in (forged, late):
        play.refused("consent-not-what-was-asked", practice.record_consent, wrong)
    withdrawn, expired = signed["attested"].consent, signed["expired"].consent
    with careless():
        play.refused_by_chain("key-unknown", stranger.record_consent, direct, requests["direct"])
        play.refused_by_chain("consent-signature", practice.record_consent, forged)
        play.refused_by_chain("consent-expiry", practice.record_consent, late)
        play.refused_by_chain("consent-already-recorded", practice.record_consent, signed["signed"])
        play.refused_by_chain("consent-already-withdrawn", practice.withdraw_consent, withdrawn)
    for name in ("signed", "early"):
        revocation = (play.network, play.chain.signers["stranger"], sign_revocation(cards[name]))
        play.refused_by_chain("consent-already-revoked", relay, *revocation)
    other = play.party(Practice, "other_practice")
    play.refused_by_chain("consent-of-another-recorder", other.withdraw_consent, expired)
    play.refused("consent-request-missing", play.party(Practice, "practice").record_consent, direct)
    _refuse_admins(play, direct)


@contextmanager
def careless() -> Iterator[None]:
    """Inside, a practice's software does not look at what the patient signed, nor at what stands on the chain."""
    with (
        mock.patch.object(SignedConsent, "check"),
        mock.patch.object(consenting, "where_written", return_value=None),
    ):
        yield


def refuse_steps(play: Play, lives: Lives) -> None:
    """Steps by others, out of turn, twice, with another head, other locks, nothing committed: by the chain."""
    _refuse_openings(play, lives["glasses"])
    _refuse_decisions(play, lives)
    _refuse_orders(play, lives)


def _refuse_openings(play: Play, life: StoryLife) -> None:
    practice, opened = play.practice, life.steps["open"]
    assert practice.resend(opened).hash, "what stands on the chain is no error"
    consent = play.consents["signed"]
    other = play.party(Practice, "other_practice")
    step = play.step_refused(
        "claim-consent-of-another", "opening by another", other.open_claim, QUOTE, **life.quote(consent)
    )
    step = altered(step, consent=_NOTHING)
    for code, wrong in (
        ("claim-already-opened", altered(step, nonce=opened.arguments[0])),
        ("claim-commitment-empty", altered(step, commitment=_NOTHING)),
        ("claim-parties-not-distinct", altered(step, payer=practice.party)),
    ):
        play.resend_refused(code, practice, wrong)


def _refuse_decisions(play: Play, lives: Lives) -> None:
    """By another machine of the payer, which knows of no step that the first one wrote."""
    payer, glasses = play.party(Payer, "payer"), lives["glasses"]
    for function, verb, shown in (
        ("authorise", payer.authorise, "open"),
        ("settle", payer.settle, "invoice"),
    ):
        verdict = play.show(payer.verify(glasses.disclosure(shown), clock=play.clock))
        play.refused("verdict-in-doubt", verb, verdict)
        values = glasses.values(function)
        play.step_refused(
            "claim-step-illegal", f"second {function}", verb, verdict, values=values, despite_doubt=True
        )
    dear = {**glasses.values("settle"), "total.amc": _MORE}
    play.refused("payment-beyond", payer.settle, verdict, values=dear, despite_doubt=True)
    step = unsent(play.payer.authorise, lives["refused"].verdict(), values=lives["refused"].says("authorise"))
    waiting = play.hold_step("refused authorise", step)
    play.refused("decision-not-stored", play.party(Payer, "other_payer").resend, waiting)
    play.resend_refused("claim-of-another-party", play.party(Payer, "other_payer"), waiting)
    moved = altered(waiting, head=play.payer.history(lives["again"].claim).state.head)
    play.resend_refused("claim-head-moved", play.payer, moved)


def _refuse_orders(play: Play, lives: Lives) -> None:
    """By other machines of practice and supplier."""
    practice, supplier = play.party(Practice, "practice"), play.party(Supplier, "supplier")
    glasses, fhir = lives["glasses"], lives["fhir"].claim
    invoice = (glasses.claim, glasses.values("invoice"))
    order = glasses.steps["remake"]
    play.step_refused("claim-step-illegal", "second invoice", practice.invoice, *invoice, order=order)
    delivery = play.step_refused(
        "order-already-marked",
        "second delivery",
        supplier.deliver,
        glasses.received,
        glasses.values("deliver"),
    )
    stranger = play.party(Supplier, "other_supplier")
    play.resend_refused("claim-of-another-party", stranger, delivery)
    play.resend_refused("order-not-current", supplier, altered(delivery, orderNumber=1))
    moved = altered(delivery, claim=fhir, orderNumber=1, orderLocks=[_NOTHING] * 4)
    play.resend_refused("order-locks-wrong", supplier, moved)
    values = glasses.values("recordReturn")
    play.step_refused("order-not-delivered", "fhir return", supplier.record_return, fhir, values=values)


def refuse_verbs(play: Play, lives: Lives) -> None:
    """What the roles themselves refuse, before anything is sent."""
    _refuse_verdicts(play, lives)
    _refuse_practice(play, lives)
    _refuse_supplier(play, lives)
    _refuse_without(play, lives["glasses"])
    _refuse_audits(play, lives["glasses"])
    refuse_stores(play, lives["glasses"].steps["remake"])


def _refuse_verdicts(play: Play, lives: Lives) -> None:
    payer, other, shown = play.payer, play.party(Payer, "other_payer"), lives["refused"].disclosure()
    opened, invoiced = lives["refused"].verdict(), lives["fhir"].verdict("invoice")
    play.refused("verdict-unknown", payer.authorise, "0" * 32)
    other.store.put(Kind.VERDICT, opened.id, payer.store.get(Kind.VERDICT, opened.id) or {})
    play.refused("verdict-elsewhere", other.authorise, opened)
    said = lives["refused"].values("authorise")
    undated = {path: value for path, value in said.items() if path != "valid-until"}
    play.refused("decision-incomplete", payer.authorise, opened, values=undated)
    play.refused("last-day-passed", payer.authorise, opened, values=undated, valid_until="2026-12-01")
    play.refused("verdict-refused", payer.settle, invoiced)
    play.refused("disclosure-of-another-step", payer.settle, opened)
    misdirected = dataclasses.replace(shown, recipient=play.chain.party("other_payer"))
    play.refused("no-ground-to-refuse", payer.refuse, payer.verify(misdirected, clock=play.clock))
    # A verdict from before what it found was put right: of another head, and with a reason that is gone.
    stored = payer.store.get(Kind.VERDICT, opened.id) or {}
    past = {**stored, "head": "0x" + "77" * 32, "reasons": [["order-returned", "It went back.", "Retour."]]}
    payer.store.put(Kind.VERDICT, opened.id, past, claim=opened.claim)
    play.refused("ground-gone", payer.refuse, opened)
    payer.store.put(Kind.VERDICT, opened.id, stored, claim=opened.claim)
    # A node that stands still: where blocks come by the second, its newest one is too old.
    manifest = dataclasses.replace(play.network.manifest, block_period=1)
    signer, store = play.chain.signers["payer"], LocalStore(None)
    late = Payer(Network(play.network.node, manifest), signer, store=store)
    old = play.show(late.verify(shown, clock=lambda: play.clock() + _AN_HOUR))
    # Decided where blocks come on demand: the play's time is not that of the clock beside it.
    play.refused("verdict-of-stale-node", Payer(play.network, signer, store=store).authorise, old)
    keys = [_act_code_key(play, lives["again"])]
    play.refused("own-authorisation-missing", late.act_codes, keys)
    play.refused("not-the-authorisation", payer.act_codes, keys, lives["glasses"].steps["authorise"])
    claim, day = lives["glasses"].claim, "2026-12-01"
    poor = play.party(Payer, "payer")
    play.refused("own-settlement-missing", poor.payment_notice, claim, day=day, reference="VIR-88214")
    notice = play.show(payer.payment_notice(claim, day=day, reference="VIR-88214"))
    play.show(play.practice.receive(notice.text))
    _ask_for_more(play, claim)
    twice = StoryLife(play, "again", name="twice")
    twice.open_quote()
    play.refused("served-before", twice.authorise)


def _ask_for_more(play: Play, claim: str) -> None:
    """A payer asks to be shown what it may see and what it may not; it is refused, and declined."""
    payer, practice = play.payer, play.practice
    wanted = (claim, ["total.price", "right.price", "prescription.written"])

    def asks(reason: str) -> Envelope:
        return payer.request_information(*wanted, clause="minimal", reason=reason, step=Step.OPEN)

    play.refused("reason-not-listed", asks, "CURIOUS")
    asked = play.show(practice.receive(play.show(asks("RENEWAL")).text))
    assert isinstance(asked, InformationRequest)
    refused = play.show(practice.check_information(asked))
    assert refused is not None
    play.show(payer.receive(refused.text))
    play.show(payer.receive(practice.decline_information(asked, "OTHER").text))
    play.refused("request-answered", practice.grant_information, asked)
    play.show(payer.information_requests(claim))


def _act_code_key(play: Play, life: StoryLife) -> ActCodeKey:
    """The act-code key of the claim's order, as its payer receives it."""
    envelope = play.show(play.practice.act_code_key_envelope(life.steps["order"]))
    received = play.show(play.payer.receive(envelope.text))
    assert isinstance(received, ActCodeKey)
    return received


def _refuse_practice(play: Play, lives: Lives) -> None:
    practice, other = play.practice, play.party(Practice, "practice")
    glasses, waiting = lives["glasses"], lives["refused"].claim
    supplier, payer = play.chain.party("supplier"), play.chain.party("payer")
    quote = {**glasses.quote(None), "payer": supplier}
    play.refused("party-of-another-role", practice.open_claim, QUOTE, **quote)
    play.refused("no-step-to-show", practice.show, _NOTHING, clause="minimal")
    # As of a consent that waits in the outbox: it is dropped from it.
    with mock.patch.object(practice, "_queue", mock.MagicMock()):
        play.refused("consent-dropped", practice.withdraw_consent, _NOTHING)
    # As of a step that waits in the outbox: what is to be shown of it waits with it.
    shown = {"payer": play.chain.party("payer"), "clause": "minimal", "later": True}
    waits: dict[str, Any] = {"_queue": mock.MagicMock(), "_transport": mock.MagicMock()}
    with mock.patch.multiple(practice, _waits=lambda _: True, **waits):
        play.refused("disclosure-queued", practice.disclose, glasses.steps["open"].record, **shown)
    queue = WriteQueue(play.network, lambda: practice.signer, LocalStore(None), {})
    play.refused("entry-unknown", queue.retry, 1)
    _named_requests(play, glasses.claim)
    play.refused("not-in-inbox", play.practice.inbox().done, "3:" + _NOTHING)
    play.refused("not-received", play.practice.received, "3:" + _NOTHING)
    held = mock.MagicMock()
    held.retry.return_value = held.drop.return_value = False
    with mock.patch.object(WriteQueue, "outbox", held):
        play.refused("entry-not-stopped", queue.retry, 1)
        play.refused("entry-on-its-way", queue.drop, 1)
    order = (waiting, lives["again"].values("order"))
    play.refused("authorisation-needed", practice.order, *order, supplier=supplier)
    envelope = play.payer.envelope(lives["again"].steps["authorise"])
    received = practice.read(envelope.text)
    play.refused("not-authorised", practice.order, *order, supplier=supplier, authorisation=received)
    ready = (lives["cancelled"].claim, order[1])
    play.refused("party-of-another-role", practice.order, *ready, supplier=payer)
    opened, replaced, current = (glasses.steps[name] for name in ("open", "order", "remake"))
    play.refused("not-sent-whole", practice.envelope, opened)
    play.refused("not-an-order", practice.act_code_key_envelope, opened)
    invoice = (glasses.claim, glasses.values("invoice"))
    play.refused("not-an-order", practice.invoice, *invoice, order=opened)
    play.refused("invoice-of-replaced-order-file", practice.invoice, *invoice, order=replaced)
    play.refused("order-key-missing", other.invoice, *invoice)
    differing = (glasses.claim, {**invoice[1], **glasses.story.miscounted})
    play.refused("difference-not-confirmed", other.invoice, *differing, order=current)
    stranger = play.party(Practice, "other_practice")
    play.refused("not-concerned", stranger.justify, glasses.claim, "delivery-differs", "OTHER")
    # A step that was stored, and then the machine went down.
    note = lives["cancelled"].values("cancel")
    step = play.hold_step("given up", unsent(other.cancel, waiting, values=note))
    other.store.put(Kind.STEP, step.record.root, step.to_json(), claim=waiting)
    play.refused("step-pending", other.cancel, waiting, reason="CORRECTION")


def _named_requests(play: Play, claim: str) -> None:
    """What is refused of requests by name: their text is a quote, and their name somebody's."""
    store = LocalStore(None)
    requests, asked = NamedRequests(store), document("quote")

    def work(text: bytes, *, meanwhile: bool = False) -> None:
        with requests.once(f"till/{text.decode()}", text):
            if meanwhile:
                work(text)
            store.put(Kind.STEP, claim, {"asked": text.decode()}, claim=claim)

    def other() -> None:
        with requests.once(f"till/{asked.decode()}", asked + b" "):
            raise AssertionError("it was begun")

    play.refused("request-taken", work, asked, meanwhile=True)
    play.refused("request-differs", other)
    remove(store, at=play.network.head().timestamp, claims=[claim])
    play.refused("request-erased", work, asked)


def _refuse_supplier(play: Play, lives: Lives) -> None:
    supplier, glasses = play.supplier, lives["glasses"]
    lost = supplier.read(play.practice.envelope(glasses.steps["order"]).text)
    assert isinstance(lost, ReceivedOrder)
    values = glasses.values("deliver")
    play.refused("order-replaced", supplier.deliver, lost, values)
    play.refused("mark-of-replaced-order", supplier.dispute, glasses.claim, order_number=1, reason="OTHER")
    play.refused("order-stands", supplier.tell_payer, glasses.claim, 3)
    play.refused("order-of-another-supplier", supplier.tell_payer, glasses.claim, 4)
    verdict = glasses.verdict("invoice")
    told = play.show(supplier.tell_payer(glasses.claim, 1, reason="NOT-RECEIVED"))
    play.show(play.payer.receive(told.text))
    play.refused("verdict-before-told-mark", play.payer.settle, verdict)
    assert glasses.received is not None
    assert lives["cancelled"].received is not None
    other = play.party(Supplier, "supplier")
    swapped = {**values, **glasses.story.swapped}
    play.refused("difference-not-confirmed", other.deliver, glasses.received, swapped)
    goods = (lives["cancelled"].received, lives["again"].values("deliver"))
    play.refused("served-before", supplier.deliver, *goods, despite_difference=True)


def _refuse_without(play: Play, life: StoryLife) -> None:
    """By a machine that has no store, no mailbox, no key, or that of a stranger."""
    signer = play.chain.signers["practice"]
    play.refused("store-missing", Practice(play.network, signer).cancel, life.claim, reason="OTHER")
    forgetful = Practice(play.network, signer, store=LocalStore(None))
    play.refused("erasure-unknown", forgetful.erasure_certificate, life.claim)
    play.refused("mailbox-missing", Practice(play.network, signer).envelope, life.steps["order"])
    play.refused("signer-missing", lambda: Practice(play.network).party)
    play.refused("key-of-no-party", lambda: Practice(play.network, play.chain.signers["stranger"]).party)


def _refuse_audits(play: Play, life: StoryLife) -> None:
    """A request that another party was sent; an auditor with a part in the claim; a node that hides a revocation."""
    auditor = play.show(Auditor(play.network, party=play.chain.party("auditor")))
    now = play.network.node.head().timestamp
    asked = EvidenceRequest.make(
        auditor.party,
        life.practice.party,
        life.claim,
        [(1, Group.CORRECTION)],
        deadline=now + 30 * 86_400,
        asked_at=now,
    )
    play.refused("not-asked", life.supplier.confirm_request, asked)
    report = play.show(auditor.audit(Evidence.about(play.network, life.claim), clock=play.clock))
    with mock.patch.object(Auditor, "_require_role"):
        play.refused(
            "own-case", Auditor(play.network, party=play.payer.party).rule, report, "delivery-differs", None
        )
    with lying_at(play.network.node.url, the_truth) as other:
        nodes = [play.network.node, Node(other)]
        relay = Network.joined([Network(node, play.network.manifest) for node in nodes])
        play.refused("nodes-disagree", proof, relay, play.consents["signed"], None, None)


def refuse_files(play: Play, life: StoryLife, consent: GivenConsent) -> None:
    """Files with wrong values, damaged files, envelopes and keys: refused before anything is sent."""
    _refuse_values(play)
    _refuse_damaged(play, life.steps["open"], consent)
    _refuse_envelopes(play, life)


def _refuse_values(play: Play) -> None:
    practice, payer = play.practice, play.chain.party("payer")
    says = play.story.claims["glasses"]
    for change, code in (
        ({"right.sphere": "-2.0"}, "value-not-canonical"),
        ({"right.axis": 271}, "value-not-canonical"),
        ({"patient.name": play.story.patient["family name"]}, "path-unknown"),
        ({"right.sphere": None}, "path-missing"),
    ):
        values = says.record("optical-prescription") | change
        if change.get("right.sphere", "") is None:
            del values["prescription.written"], values["right.sphere"]
        quote = says.record(QUOTE)
        play.refused(code, practice.open_claim, QUOTE, quote, payer=payer, prescription=values)
    ordered = says.record("lens-order")
    play.refused("profile-of-another-step", practice.open_claim, "lens-order", ordered, payer=payer)
    wrong_total = says.record(QUOTE) | {"total.price": 999_983}
    play.refused("record-rule-broken", practice.open_claim, QUOTE, wrong_total, payer=payer)
    name = play.story.patient["family name"]
    file = {"format": "sceau-quote/1", "patient": name, "pec": {"number": name}}
    play.refused("quote-refused", load_quote, json.dumps(file).encode())
    order = {"format": "sceau-lens-order/1", "right": {"sphere": name, "cylinder": "-0.37", "axis": 173}}
    play.refused("correction-refused", load_order, order)
    prescription = json.loads(play.story.fhir["VisionPrescription"])
    prescription["lensSpecification"][0]["axis"] = 271
    prescription["patient"]["display"] = name
    play.refused("correction-refused", import_prescription, json.dumps(prescription).encode())
    prescription["dateWritten"] = play.story.patient["birth date"] + "T25:00"
    play.refused("fhir-field-refused", import_prescription, json.dumps(prescription).encode())


def _refuse_damaged(play: Play, opened: PreparedStep, consent: GivenConsent) -> None:
    show = {"payer": play.chain.party("payer"), "policy": load_policy(POLICY), "consent": consent}
    disclose = play.practice.disclose
    play.refused("path-not-allowed", disclose, opened.record, ["right.price"], clause="minimal", **show)
    play.refused("consent-not-in-force", disclose, opened.record, clause="detailed", **show)
    kept = opened.record.to_json()
    edited = {**kept, "values": {**kept["values"], "pec.number": play.story.patient["national number"]}}
    play.refused("opening-does-not-fit", SealedRecord.from_json, edited)
    play.refused("file-malformed", SealedRecord.from_json, {**kept, "seed": kept["seed"][:-1] + "Z"})
    play.refused("file-malformed", PreparedStep.from_json, json.dumps(opened.to_json())[:-40])
    play.refused("disclosure-malformed", Disclosure.from_json, json.dumps(kept)[:-9])
    request = {"format": "sceau-consent-request/1", "opening": kept}
    play.refused("file-malformed", Patient(play.network).read_request, json.dumps(request))
    shown = opened.record.prove([*opened.record.values][:3]).to_json()
    play.refused("file-malformed", Multiproof.from_json, {**shown, "proof": [kept["seed"][:-2]]})


def _refuse_envelopes(play: Play, life: StoryLife) -> None:
    """An order whose key is not that of its locks, and envelopes that are replayed, altered, for another party."""
    practice, supplier = play.practice, play.supplier
    values = {**life.values("order"), "order.reason": life.story.reason}
    handle = practice.remake(life.claim, values, supplier=supplier.party, tell=True)
    play.written("glasses", handle)
    sent, envelope = handle.step, handle.envelope
    assert sent is not None
    assert envelope is not None
    wrong = OrderKey.draw()
    play.hold_order_key("wrong key", wrong, OrderContext.of(sent.record.scope))
    misfit = dataclasses.replace(sent, order_key=wrong)
    received = supplier.receive(order_envelope(practice.mailbox, misfit, supplier=supplier.party))
    assert isinstance(received, ReceivedOrder)
    play.refused("order-does-not-fit-its-locks", received.require_fit)
    play.refused("order-does-not-fit-its-locks", supplier.deliver, received, life.values("deliver"))
    assert sent.order_key is not None
    play.refused("order-key-malformed", OrderKey.read, sent.order_key.reveal().upper())
    play.show(supplier.receive(envelope.text))
    play.refused("envelope-replayed", supplier.receive, envelope.text)
    play.refused("envelope-unreadable", play.payer.receive, envelope.text)
    play.refused("envelope-unreadable", supplier.receive, envelope.text[:-12])
    keys = practice.mailbox.keys
    for each in (keys, keys.public, practice.mailbox, play.chain.signers["practice"]):
        play.show(each)
    play.refused("message-keys-invalid", MessageKeys.unlock, json.dumps(keys.private), play.story.pin)
    keystore = play.chain.signers["practice"].to_keystore(play.story.pin, iterations=2)
    play.refused("wrong-password", Signer.from_keystore_json, keystore, play.story.patient["telephone"])


def refuse_late(play: Play, life: StoryLife, expired: str) -> None:
    """What time has ended: a consent under which nothing opens any more, a verdict on which nothing rests."""
    verdict = life.verdict()
    play.chain.sleep(25 * 86_400)
    play.refused("verdict-too-old", play.payer.authorise, verdict)
    quote = life.quote(expired)
    play.step_refused("claim-consent-not-valid", "late open", play.practice.open_claim, QUOTE, **quote)


def _refuse_admins(play: Play, signed: SignedConsent) -> None:
    """A member that plays the admin, a suspended party, a pause, a call of no function; each is undone."""
    network, admin, other = play.network, play.chain.consortium, play.party(Practice, "other_practice")
    member = Admin(network, play.chain.signers["practice"])
    play.refused_by_chain("admin-unauthorised", member.suspend, other.party)
    quote = StoryLife(play, "again").quote(None)
    admin.suspend(other.party).wait(30)
    step = play.step_refused("party-suspended", "suspended open", other.open_claim, QUOTE, **quote)
    admin.reinstate(other.party).wait(30)
    admin.pause("ClaimRegistry").wait(30)
    admin.pause("ConsentRegistry").wait(30)
    play.resend_refused("paused", other, step)
    with careless():
        play.refused_by_chain("paused", play.practice.record_consent, signed)
    admin.unpause("ClaimRegistry").wait(30)
    admin.unpause("ConsentRegistry").wait(30)
    stranger = play.chain.signers["stranger"]
    call = {
        "from": stranger.address,
        "to": to_checksum(network.address("ClaimRegistry")),
        "data": "0x" + b"no such function".hex(),
        "value": 0,
    }
    send_untried(network.nodes, stranger, call, network.chain_id)
