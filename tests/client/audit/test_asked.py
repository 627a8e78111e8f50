# SPDX-License-Identifier: Apache-2.0
"""A party is at fault for what it signed to this auditor: not for what a file holds, nor for what a file lacks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sceau.audit import audit
from sceau.audit.errors import EvidenceEmpty
from sceau.audit.evidence import Evidence, OpenedGroup
from sceau.chain.transaction import send
from sceau.claim.prepared import PreparedStep
from sceau.conformity.keys import GroupKey, OrderContext, OrderKey
from sceau.conformity.opening import open_group
from sceau.conformity.seals import tags
from sceau.errors import MessageError
from sceau.formats.optics.order import load_delivery
from sceau.messages.errors import DeadlineTooSoon, MessageMalformed, NotAnAuditor
from sceau.messages.evidence import (
    OPENING,
    RECEIPT,
    REQUEST,
    EvidenceRequest,
    SignedOpening,
    opening_digest,
    opening_envelope,
    receipt_envelope,
    request_envelope,
)
from sceau.messages.order import ORDER, group_key_hashes
from sceau.messages.postal import RECEIPT as POSTAL_RECEIPT
from sceau.record import seal
from sceau.roles.answering import answers
from sceau.roles.errors import NotAsked, NotConcerned, OwnCase, PartyOfAnotherRole
from sceau.store import Kind, LocalStore
from sceau.terms import Group, Role, State
from tests.support.audits import GROUP, WEEK, Office, failing, false, rulings
from tests.support.life import DATA, Life
from tests.support.mailboxes import hostile_envelope, open_message, rotated, signed_on
from tests.support.stage import Stage

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def office(stage: Stage) -> Office:
    """An auditor on a claim on which the supplier attests another lens than was ordered, having accepted the order."""
    return Office.of(stage.swapped)


def opened(life: Life, function: str, key: OrderKey | None = None, group: Group = GROUP) -> OpenedGroup:
    record = life.steps[function].record
    return OpenedGroup(record.scope, open_group(record, key or life.key, group))


def signed(life: Life, by: str, request: EvidenceRequest, shown: OpenedGroup, **changes: Any) -> str:
    """The envelope of an answer, of whatever its sender likes."""
    box = life.mailboxes[by]
    return opening_envelope(box, replace(request, **changes), shown.scope, [shown.opening])


# The whole of it


def test_the_example_of_the_page_runs(office: Office) -> None:
    life = office.life
    page = (ROOT / "docs" / "conformity.md").read_text("utf-8")
    (example,) = (each for each in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "auditor." in each)
    names: dict[str, object] = {
        "auditor": office.auditor,
        "practice": life.practice,
        "supplier": life.supplier,
        "claim": life.claim,
        "next_week": life.chain.network.node.head().timestamp + WEEK,
    }
    exec(example, names)  # noqa: S102  # the document's own example


def test_both_are_asked_answer_and_the_goods_differ(office: Office) -> None:
    life = office.life
    for party in (life.practice, life.supplier):
        office.answered(party, office.confirmed(party))
    found = office.auditor.audit(life.claim)
    assert rulings(found) == [("goods-differ", None)]
    assert failing(found) == []
    assert "right.lens.code" in found.rulings[0].sentence.fr
    # The file with which it can be seen again says the same to whoever was not asked.
    asked = office.auditor.asked(life.claim)
    file = Evidence.about(life.chain.network, life.claim).with_more(asked.groups(), asked.messages())
    assert rulings(Office.of(life).auditor.audit(file)) == [("goods-differ", None)]


def test_only_what_was_asked_of_ones_own_steps_is_opened(office: Office) -> None:
    life = office.life
    life.invoice()
    for party, steps in ((life.practice, {"ordered", "invoiced"}), (life.supplier, {"delivered"})):
        answers = [
            office.auditor.receive(each.text)
            for each in party.answer_request(office.ask(party, Group.QUANTITY))
        ]
        assert all(isinstance(each, SignedOpening) for each in answers)
        assert {each.step for each in answers if isinstance(each, SignedOpening)} == steps
        for each in answers:
            assert isinstance(each, SignedOpening)
            assert [opening.group for opening in each.openings] == [Group.QUANTITY]
            assert "sphere" not in json.dumps(each.openings[0].to_json())
            assert "health" not in repr(each)
    assert len({len(each.text) for each in life.practice.answer_request(office.ask(life.practice))}) == 1


def test_a_request_is_an_auditors_to_a_party_of_the_order_with_time_to_answer(office: Office) -> None:
    life, auditor = office.life, office.auditor
    now = life.chain.network.node.head().timestamp
    with pytest.raises(DeadlineTooSoon):
        auditor.request_evidence(life.claim, 1, [(1, GROUP)], deadline=now + 86_399)
    with pytest.raises(NotConcerned):
        auditor.request_evidence(life.claim, life.chain.party("payer"), [(1, GROUP)], deadline=now + WEEK)
    asked = EvidenceRequest.make(
        life.payer.party, 1, life.claim, [(1, GROUP)], deadline=now + WEEK, asked_at=now
    )
    with pytest.raises(NotAnAuditor):
        life.practice.receive(request_envelope(life.mailboxes["payer"], asked))
    for act in (life.practice.confirm_request, life.practice.answer_request):
        with pytest.raises(PartyOfAnotherRole):
            act(asked)
        with pytest.raises(NotAsked):
            act(office.ask(life.supplier))
    # One whose program leaves less time is none.
    hurried = replace(asked, auditor=auditor.party, deadline=now + 3600)
    envelope = request_envelope(life.mailboxes["auditor"], hurried)
    with pytest.raises(MessageMalformed) as refused:
        life.practice.receive(envelope)
    assert refused.value.details["part"] == "deadline"


def test_who_has_nothing_to_open_says_so(office: Office) -> None:
    life = office.life
    request = office.ask(life.supplier)
    life.supplier.store.discard(Kind.STEP, life.steps["deliver"].record.root)
    with pytest.raises(EvidenceEmpty):
        life.supplier.answer_request(request)


# False openings


@pytest.mark.parametrize(("function", "party"), [("order", 1), ("deliver", 2)])
def test_a_false_opening_in_the_file_is_nobodys(office: Office, function: str, party: int) -> None:
    """Whoever holds the file can put it there."""
    other = opened(office.life, "deliver" if function == "order" else "order")
    found = office.report(false(opened(office.life, function)), other)
    assert rulings(found) == [("not-opened-ask", None)]
    assert found.rulings[0].ask == party
    assert failing(found) == ["group-of-nobody"]


def test_a_false_opening_that_a_party_signed_to_the_auditor_is_its_fault(office: Office) -> None:
    life = office.life
    request = office.confirmed(life.practice)
    wrong = false(opened(life, "order"))
    office.auditor.receive(signed(life, "practice", request, wrong))
    supplier = opened(life, "deliver")
    found = office.report(supplier)
    assert rulings(found) == [("not-reproduced", life.practice.party)]
    assert failing(found) == ["group-does-not-hold"]
    # One that holds is enough, whoever brings it.
    assert rulings(office.report(supplier, opened(life, "order"))) == [("goods-differ", None)]


def test_an_edited_opening_is_not_the_one_that_was_signed(office: Office) -> None:
    life = office.life
    request = office.confirmed(life.practice)
    office.answered(life.practice, request)
    message = office.auditor.store.of_claim(Kind.MESSAGE, life.claim)[-1]["signed"]
    fresh = Office.of(life)
    fresh.auditor.store.put(Kind.EVIDENCE_REQUEST, request.id, request.to_json(), claim=request.claim)
    # The file holds the true signature, and another opening than the one that was signed.
    found = fresh.report(false(opened(life, "order")), opened(life, "deliver"), messages=(message,))
    assert rulings(found) == [("not-opened-ask", None)]
    assert failing(found) == ["group-of-nobody"]


_NUMBERS: dict[str, Callable[[Office], str]] = {
    "another request": lambda _: "0" * 32,
    "a group not asked": lambda office: office.ask(office.life.practice, Group.QUANTITY).id,
    "one to the supplier": lambda office: office.ask(office.life.supplier).id,
}


@pytest.mark.parametrize("of", _NUMBERS)
def test_a_signed_false_opening_counts_for_its_own_request_alone(office: Office, of: str) -> None:
    life = office.life
    request = office.ask(life.practice)
    wrong = false(opened(life, "order"))
    office.auditor.receive(signed(life, "practice", request, wrong, id=_NUMBERS[of](office)))
    assert rulings(office.report(opened(life, "deliver"))) == [("not-opened-ask", None)]


def test_a_signed_false_opening_is_not_replayed_to_another_auditor(stage: Stage, office: Office) -> None:
    life = office.life
    second = stage.chain.party("other_payer")
    stage.chain.consortium.set_roles(second, Role.AUDITOR).wait(30)
    other = Office.of(life, "other_payer")
    request = office.confirmed(life.practice)
    wrong = false(opened(life, "order"))
    office.auditor.receive(signed(life, "practice", request, wrong))
    statement = office.auditor.store.of_claim(Kind.MESSAGE, life.claim)[-1]["signed"]
    # The other one asked as well, under a number of its own or the very same.
    other.confirmed(life.practice)
    other.auditor.store.put(Kind.EVIDENCE_REQUEST, request.id, request.to_json(), claim=request.claim)
    found = other.report(wrong, opened(life, "deliver"), messages=(statement,))
    assert rulings(found) == [("not-opened-ask", None)]
    assert rulings(office.report(wrong, opened(life, "deliver"))) == [("not-reproduced", 1)]


def test_a_signed_false_opening_of_another_claim_says_nothing_of_this_one(
    stage: Stage, office: Office
) -> None:
    life, there = office.life, Office.of(stage.delivered)
    request = there.confirmed(stage.delivered.practice)
    wrong = false(opened(stage.delivered, "order"))
    there.auditor.receive(signed(stage.delivered, "practice", request, wrong))
    statement = there.auditor.store.of_claim(Kind.MESSAGE, stage.delivered.claim)[-1]["signed"]
    office.confirmed(life.practice)
    found = office.report(wrong, opened(life, "deliver"), messages=(statement,))
    assert rulings(found) == [("not-opened-ask", None)]
    assert set(failing(found)) == {"message-does-not-hold", "group-does-not-hold"}


def test_nobody_signs_a_false_opening_of_anothers_step(office: Office) -> None:
    """The supplier is asked, and answers with the practice's step, opened falsely."""
    life = office.life
    request = office.confirmed(life.supplier)
    wrong = false(opened(life, "order"))
    office.auditor.receive(signed(life, "supplier", request, wrong))
    found = office.report(opened(life, "deliver"))
    assert rulings(found) == [("not-opened-ask", None)]
    assert found.rulings[0].ask == life.practice.party


@pytest.mark.parametrize(
    "change",
    [
        {"step": "delivered"},
        {"order": 2},
        {"openings": {}},
        {"openings": {"lens-product": "0" * 64}},
        {"openings": {"colour": "0" * 64}},
        {"request": "0x" + "1" * 30},
        {"request": None},
        {"step": None},
    ],
    ids=str,
)
def test_an_answer_about_something_else_than_it_says_is_none(office: Office, change: dict[str, Any]) -> None:
    """Otherwise a party would have answered, and have opened nothing that it can be held to."""
    life = office.life
    request, true = office.confirmed(life.practice), opened(life, "order")
    box = life.mailboxes["practice"]
    message = life.mailboxes["auditor"].open(signed(life, "practice", request, true), OPENING)
    bent = hostile_envelope(
        box,
        OPENING,
        {**message.body, **change},
        recipient=office.auditor.party,
        attached=dict(message.attached),
    )
    with pytest.raises(MessageError):
        office.auditor.receive(bent)
    life.chain.sleep(WEEK + 1)
    assert rulings(office.report(opened(life, "deliver"))) == [("not-opened", 1)]


def test_a_false_opening_by_a_lost_key_in_a_file_is_nobodys(office: Office) -> None:
    """The practice replaced its keys; who has the old ones answers in its name, dated back, into the file."""
    life = office.life
    request, stolen = office.confirmed(life.practice), life.mailboxes["practice"]
    wrong = false(opened(life, "order"))
    body = {
        "request": request.id,
        "claim": life.claim,
        "step": "ordered",
        "order": 1,
        "openings": {"lens-product": opening_digest(wrong.scope, wrong.opening)},
    }
    forged = signed_on(stolen, life.mailboxes["auditor"], OPENING, body, request.asked_at)
    life.published = rotated(life.published, "practice")
    found = office.report(wrong, opened(life, "deliver"), messages=(forged.signed,))
    assert rulings(found) == [("not-opened-ask", None)]
    assert failing(found) == ["group-of-nobody"]


@pytest.mark.parametrize("true_first", [True, False])
def test_of_two_answers_that_contradict_each_other_the_true_one_counts(
    office: Office, true_first: bool
) -> None:
    life = office.life
    request, true = office.confirmed(life.practice), opened(life, "order")
    answers = [signed(life, "practice", request, each) for each in (true, false(true))]
    for answer in answers if true_first else answers[::-1]:
        office.auditor.receive(answer)
    found = office.report(opened(life, "deliver"))
    assert rulings(found) == [("goods-differ", None)]
    assert failing(found) == ["group-does-not-hold"]


def test_two_false_answers_are_one_fault(office: Office) -> None:
    life = office.life
    request, wrong = office.confirmed(life.practice), false(opened(life, "order"))
    other = replace(wrong, opening=replace(wrong.opening, key=GroupKey(GROUP, b"\x02" * 32)))
    for each in (wrong, other, wrong):
        office.auditor.receive(signed(life, "practice", request, each))
    assert rulings(office.report(opened(life, "deliver"))) == [("not-reproduced", 1)]


# Silence


@pytest.mark.parametrize("kind", [POSTAL_RECEIPT, REQUEST, ORDER])
def test_a_receipt_of_another_kind_confirms_no_request(office: Office, kind: str) -> None:
    """That its software received the envelope, as it tells of every one, is not the party's word on the request."""
    life = office.life
    request = office.ask(life.practice)
    body = {"request": request.id, "claim": life.claim, "asked": request.digest}
    stray = hostile_envelope(life.mailboxes["practice"], kind, body, recipient=office.auditor.party)
    with pytest.raises(MessageError):
        office.auditor.receive(stray)
    message = life.mailboxes["auditor"].open(stray, kind)
    office.auditor.mailbox.receive([message], claim_of=lambda _: life.claim)
    life.chain.sleep(WEEK + 1)
    assert rulings(office.report(opened(life, "deliver"))) == [("not-opened-ask", None)]


def test_orders_that_no_envelope_could_carry_on_keep_nobody_from_answering(office: Office) -> None:
    """Who sends orders so long that the answer which shows them would be too long has sent none."""
    life = office.life
    record = life.steps["order"].record
    body = {
        "claim": life.claim,
        "order": 1,
        "commitment": record.root,
        "group_keys": group_key_hashes(life.key, OrderContext.of(record.scope)),
    }
    attached = {"opening": record.to_json(), "order_key": life.key.reveal()}
    for length in (500, 8_000, 22_000, 22_001, 22_002):
        envelope = hostile_envelope(
            life.mailboxes["practice"],
            ORDER,
            {**body, "more": "x" * length},
            recipient=life.supplier.party,
            attached=attached,
        )
        if length == 500:
            life.supplier.receive(envelope)
            continue
        with pytest.raises(MessageMalformed) as refused:
            life.supplier.receive(envelope)
        assert refused.value.details == {"kind": ORDER, "sender": life.practice.party, "part": "length"}
    office.answered(life.supplier, office.confirmed(life.supplier))
    assert rulings(office.report(opened(life, "order"))) == [("goods-differ", None)]


def test_silence_is_a_fault_after_the_deadline_of_a_confirmed_request_and_never_before(
    office: Office,
) -> None:
    life = office.life
    request = office.ask(life.practice)
    life.chain.sleep(10)
    supplier = opened(life, "deliver")
    assert rulings(office.report(supplier)) == [("not-opened-ask", None)]
    office.auditor.receive(life.practice.confirm_request(request).text)
    assert rulings(office.report(supplier)) == [("not-opened-ask", None)]
    life.chain.sleep(WEEK)
    assert rulings(office.report(supplier)) == [("not-opened", life.practice.party)]
    # What it opens later still counts.
    assert rulings(office.report(supplier, opened(life, "order"))) == [("goods-differ", None)]
    # Another group was not asked for, and nobody else finds a fault.
    assert rulings(Office.of(life).report(supplier)) == [("not-opened-ask", None)]


def test_who_signed_an_opening_that_is_not_at_hand_was_not_silent(office: Office) -> None:
    """Its signed answer is in the file, and what was attached to it is lost."""
    life, network = office.life, office.life.chain.network
    request = office.confirmed(life.supplier)
    [answer] = life.supplier.answer_request(request)
    received = office.auditor.receive(answer.text)
    assert isinstance(received, SignedOpening)
    life.chain.sleep(WEEK + 1)
    bare = replace(office.auditor.asked(life.claim), answers=())
    for messages, ruling in (((), ("not-opened", 2)), ((received.signed,), ("not-opened-ask", None))):
        file = Evidence.about(network, life.claim, groups=(opened(life, "order"),), messages=messages)
        found = audit(network, file, life.mailboxes["auditor"].directory, asked=bare)
        assert rulings(found) == [ruling]


def test_without_a_receipt_nobody_is_silent(office: Office) -> None:
    office.ask(office.life.practice)
    office.life.chain.sleep(2 * WEEK)
    assert rulings(office.report(opened(office.life, "deliver"))) == [("not-opened-ask", None)]


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "0" * 32},
        {"groups": ((1, Group.QUANTITY),)},
        {"deadline": 4_000_000_000},
    ],
    ids=["number", "groups", "deadline"],
)
def test_a_receipt_is_for_the_words_that_were_read(office: Office, changes: dict[str, Any]) -> None:
    life = office.life
    request = office.ask(life.practice)
    bent = receipt_envelope(life.mailboxes["practice"], replace(request, **changes))
    office.auditor.receive(bent)
    life.chain.sleep(WEEK + 1)
    assert rulings(office.report(opened(life, "deliver"))) == [("not-opened-ask", None)]


def test_a_receipt_by_somebody_else_or_after_the_deadline_is_none(office: Office) -> None:
    life = office.life
    request = office.ask(life.practice)
    office.auditor.receive(receipt_envelope(life.mailboxes["supplier"], request))
    life.chain.sleep(WEEK + 1)
    office.auditor.receive(life.practice.confirm_request(request).text)
    assert rulings(office.report(opened(life, "deliver"))) == [("not-opened-ask", None)]


def test_a_receipt_to_one_auditor_serves_no_other(stage: Stage, office: Office) -> None:
    life = office.life
    stage.chain.consortium.set_roles(stage.chain.party("other_payer"), Role.AUDITOR).wait(30)
    other = Office.of(life, "other_payer")
    request = office.confirmed(life.practice)
    mine = other.ask(life.practice)
    receipt = office.auditor.store.of_claim(Kind.MESSAGE, life.claim)[-1]["signed"]
    other.auditor.store.put(Kind.EVIDENCE_REQUEST, request.id, request.to_json(), claim=request.claim)
    life.chain.sleep(WEEK + 1)
    supplier = opened(life, "deliver")
    assert rulings(other.report(supplier, messages=(receipt,))) == [("not-opened-ask", None)]
    assert rulings(office.report(supplier)) == [("not-opened", 1)]
    assert mine.auditor != request.auditor


def test_a_receipt_in_a_file_blames_nobody_without_the_auditors_own_mailbox(office: Office) -> None:
    """A payer keeps the receipt in the file, and leaves the answer out."""
    life = office.life
    office.answered(life.practice, office.confirmed(life.practice))
    receipt = office.auditor.store.of_claim(Kind.MESSAGE, life.claim)[0]["signed"]
    life.chain.sleep(WEEK + 1)
    supplier = opened(life, "deliver")
    assert rulings(office.report(supplier, messages=(receipt,))) == [("goods-differ", None)]
    fresh = Office(life, Office.of(life).auditor)
    assert rulings(fresh.report(supplier, messages=(receipt,))) == [("not-opened-ask", None)]


# Wrong keys


def deliver_under(life: Life, key: OrderKey) -> None:
    """True goods, under a key that the client would not take."""
    number, order_locks = life.supplier.history(life.claim).current_order()
    scope = replace(life.steps["order"].record.scope, profile="lens-delivery", step="delivered")
    record = seal(scope, load_delivery(DATA / "delivery.json"))
    arguments = (life.claim, number, record.root, list(tags(record, key)), order_locks)
    step = PreparedStep(life.claim, "deliver", arguments, record)
    life.supplier.resend(step).wait(30)
    life.steps["deliver"] = step


def false_order(life: Life, key: OrderKey) -> str:
    """An order that the practice signs with another key than its locks have."""
    record = life.steps["order"].record
    hashes = group_key_hashes(key, OrderContext.of(record.scope))
    body = {"claim": life.claim, "order": 1, "commitment": record.root, "group_keys": hashes}
    return life.mailboxes["practice"].encrypt(
        ORDER,
        body,
        recipient=life.supplier.party,
        attached={"opening": record.to_json(), "order_key": key.reveal()},
    )


def test_a_supplier_with_another_key_is_asked_for_its_order_before_it_is_blamed(stage: Stage) -> None:
    life, own = stage.ordered, OrderKey.draw()
    office = Office.of(life)
    deliver_under(life, own)
    sides = [
        opened(life, name, key, group) for group in Group for name, key in (("order", None), ("deliver", own))
    ]
    found = office.report(*sides)
    assert rulings(found) == [("key-not-explained", None)] * 4
    assert {ruling.ask for ruling in found.rulings} == {life.supplier.party}
    request = office.confirmed(life.supplier, *Group)
    life.chain.sleep(WEEK + 1)
    assert request.party == life.supplier.party
    assert rulings(office.report(*sides)) == [("wrong-key", life.supplier.party)] * 4


def test_the_order_that_gave_the_key_comes_with_the_answer_whatever_else_was_sent(stage: Stage) -> None:
    """A practice that signs a false key, and then many true orders, does not push the false one out."""
    life, own = stage.ordered, OrderKey.draw()
    office = Office.of(life)
    open_message(life.mailboxes["supplier"], false_order(life, own))
    for _ in range(6):
        open_message(life.mailboxes["supplier"], life.practice.envelope(life.steps["order"]).text)
    deliver_under(life, own)
    request = office.confirmed(life.supplier, GROUP)
    box, delivery = life.mailboxes["supplier"], opened(life, "deliver", own)
    held = Evidence.about(life.chain.network, life.claim, groups=(delivery,))
    (answer,) = answers(box, request, life.supplier.history(life.claim), held)
    office.auditor.receive(answer.text)
    others = [opened(life, "order", group=group) for group in Group]
    found = office.report(*others, *(opened(life, "deliver", own, group) for group in Group))
    assert rulings(found) == [("envelope-differs", life.practice.party)] * 4


def test_a_practice_that_changes_its_keys_does_not_take_its_signed_order_back(
    stage: Stage, office: Office
) -> None:
    life, chain = office.life, stage.chain
    body = {
        "claim": life.claim,
        "order": 1,
        "commitment": "0x" + "77" * 32,
        "group_keys": group_key_hashes(life.key, OrderContext.of(life.steps["order"].record.scope)),
    }
    envelope = hostile_envelope(life.mailboxes["practice"], ORDER, body, recipient=life.supplier.party)
    message = life.mailboxes["supplier"].open(envelope, ORDER)
    chain.sleep(10)
    send(chain.network, chain.controllers["practice"], "PartyRegistry", "setDirectory", 1, b"\x12" * 32).wait(
        30
    )
    sides = [opened(life, "order"), opened(life, "deliver")]
    assert rulings(office.report(*sides, messages=(message.signed,))) == [("envelope-differs", 1)]


# Rulings


def test_a_ruling_goes_from_an_audit_to_the_payer_and_closes_the_finding(office: Office) -> None:
    life = office.life
    for party in (life.practice, life.supplier):
        office.answered(party, office.confirmed(party))
    life.invoice()
    shown = life.disclosure("invoice")
    assert [reason.code for reason in life.payer.verify(shown).reasons] == ["delivery-differs"]
    report = office.auditor.audit(life.claim)
    made = office.auditor.rule(report, "delivery-differs", life.supplier.party)
    assert made.recipient == life.payer.party
    ruling: Any = life.payer.receive(made.text)
    verdict = life.payer.verify(shown, justifications=[ruling])
    assert verdict.reasons == ()
    life.payer.settle(verdict).wait(30)
    assert life.state() is State.SETTLED


def test_a_ruling_is_by_an_auditor_without_a_part_in_the_claim(stage: Stage, office: Office) -> None:
    report = office.auditor.audit(office.life.claim)
    with pytest.raises(NotConcerned):
        office.auditor.rule(report, "delivery-differs", stage.chain.party("other_supplier"))
    for name, error in (("other_payer", PartyOfAnotherRole), ("payer", OwnCase)):
        if name == "payer":
            roles = Role.PAYER | Role.AUDITOR
            stage.chain.consortium.set_roles(stage.chain.party(name), roles).wait(30)
        with pytest.raises(error):
            Office.of(office.life, name).auditor.rule(report, "delivery-differs", None)


@pytest.mark.parametrize("kind", [REQUEST, RECEIPT])
@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("request", None),
        ("request", "A" * 32),
        ("claim", "0x11"),
        ("groups", []),
        ("groups", [{"order": 1, "group": "colour"}]),
        ("groups", [{"order": True, "group": "quantity"}]),
        ("groups", [{"order": 1, "group": "quantity"}] * 2),
        ("groups", [5]),
        ("deadline", "soon"),
        ("deadline", 1),
        ("asked", "0x11"),
    ],
)
def test_a_bent_message_is_refused(office: Office, kind: str, part: str, value: object) -> None:
    life, request = office.life, office.ask(office.life.practice)
    body = request.body() if kind == REQUEST else {
        "request": request.id, "claim": life.claim, "asked": request.digest}  # fmt: skip
    if part not in body:
        return
    sender, reader = ("auditor", life.practice) if kind == REQUEST else ("practice", office.auditor)
    envelope = hostile_envelope(life.mailboxes[sender], kind, {**body, part: value}, recipient=reader.party)
    with pytest.raises(MessageError):
        reader.receive(envelope)


def test_requests_are_stored_and_read_back(office: Office) -> None:
    request = office.ask(office.life.practice, *Group)
    (kept,) = office.auditor.asked(office.life.claim).requests
    assert kept == request
    assert kept.digest == request.digest
    assert Office.of(office.life).auditor.asked(office.life.claim).requests == ()
    assert isinstance(office.auditor.store, LocalStore)
