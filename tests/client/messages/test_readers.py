# SPDX-License-Identifier: Apache-2.0
"""Nothing is made out to a reader that the claim does not name for it, and nothing of the kind is read by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from sceau.disclosure import Disclosure
from sceau.errors import MessageError
from sceau.messages import (
    act_codes,
    deletion,
    disclosure,
    evidence,
    information,
    justification,
    order,
    payment,
    ruling,
    step,
    told_mark,
)
from sceau.messages.act_codes import act_code_key_envelope
from sceau.messages.disclosure import disclosure_envelope
from sceau.messages.envelope import SIZES
from sceau.messages.errors import MessageKindUnknown, NotTheReader, ReaderNotNamed, SubjectUnclear
from sceau.messages.kinds import KINDS
from sceau.messages.order import order_envelope
from sceau.messages.readers import AUDITOR, SUPPLIERS, Subject, require_named, subject_of
from sceau.terms import Step, step_words
from tests.support.deployed import PARTIES, Deployed
from tests.support.life import Life
from tests.support.mailboxes import hostile_envelope, open_message
from tests.support.stage import Stage
from tests.support.unsent import unsent

NAMES = [name for name, _ in PARTIES]


@dataclass(frozen=True)
class Sample:
    """A message of one kind about an ordered claim: who sends it, who may read it, what it holds."""

    sender: str
    readers: set[str]
    content: Callable[[Life], tuple[dict[str, Any], dict[str, Any]]]


def _order(life: Life) -> tuple[dict[str, Any], dict[str, Any]]:
    record = life.steps["order"].record
    return {"claim": life.claim, "order": 1, "commitment": record.root}, {"opening": record.to_json()}


def _step(life: Life) -> tuple[dict[str, Any], dict[str, Any]]:
    record = life.steps["authorise"].record
    return {"claim": life.claim, "commitment": record.root}, {"opening": record.to_json()}


def _disclosure(life: Life) -> tuple[dict[str, Any], dict[str, Any]]:
    made = life.disclosure()
    return {"id": made.id}, made.to_json()


def _about_the_order(life: Life) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"claim": life.claim, "order": 1}, {}


#: Whoever was given something of a claim, or gave it.
_ALL = {"practice", "supplier", "payer", "auditor"}

#: Every kind of message must be here: who may read one is said twice, in the library's table and in this one.
SAMPLES: Mapping[str, Sample] = {
    order.ORDER: Sample("practice", {"supplier"}, _order),
    order.ANSWER: Sample("supplier", {"practice"}, _about_the_order),
    step.KIND: Sample("payer", {"practice"}, _step),
    disclosure.KIND: Sample("practice", {"payer"}, _disclosure),
    payment.KIND: Sample("payer", {"practice"}, _step),
    justification.KIND: Sample("supplier", {"payer"}, _about_the_order),
    ruling.KIND: Sample("auditor", {"payer"}, _about_the_order),
    evidence.REQUEST: Sample("auditor", {"practice", "supplier"}, _about_the_order),
    evidence.RECEIPT: Sample("practice", {"auditor"}, _about_the_order),
    evidence.OPENING: Sample("supplier", {"auditor"}, _about_the_order),
    act_codes.KIND: Sample("practice", {"payer"}, _about_the_order),
    told_mark.KIND: Sample("supplier", {"payer"}, _about_the_order),
    deletion.NOTICE: Sample("practice", _ALL, _about_the_order),
    information.REQUEST: Sample("payer", {"practice"}, _about_the_order),
    information.ANSWER: Sample("practice", {"payer"}, _about_the_order),
    deletion.ANSWER: Sample("payer", _ALL, _about_the_order),
}


def test_every_kind_has_readers_and_one_length() -> None:
    assert set(SAMPLES) == set(KINDS), "a kind of message needs a sample here that says who may read it"
    for name, kind in KINDS.items():
        assert kind.name == name
        assert kind.readers
        assert kind.size in SIZES


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_message_is_made_out_to_its_readers_and_to_no_other_party(stage: Stage, kind: str) -> None:
    life, sample = stage.ordered, SAMPLES[kind]
    body, attached = sample.content(life)
    mailbox = life.mailboxes[sample.sender]
    for name in NAMES:
        party = stage.chain.party(name)
        if name in sample.readers:
            assert mailbox.encrypt(kind, body, recipient=party, attached=attached)
            continue
        with pytest.raises(ReaderNotNamed) as refused:
            mailbox.encrypt(kind, body, recipient=party, attached=attached)
        assert refused.value.details["reader"] == party
        named = str(refused.value.details["expected"])
        # Any auditor will do: none is named.
        assert all(str(stage.chain.party(each)) in named for each in sample.readers - {"auditor"})


@pytest.mark.parametrize("kind", SAMPLES)
def test_who_is_sent_one_all_the_same_does_not_read_it(stage: Stage, kind: str) -> None:
    life, sample = stage.ordered, SAMPLES[kind]
    body, attached = sample.content(life)
    for name in set(NAMES) - sample.readers - {sample.sender}:
        party = stage.chain.party(name)
        if kind == disclosure.KIND:
            attached = replace(life.disclosure(), id=body["id"], recipient=party).to_json()
        envelope = hostile_envelope(
            life.mailboxes[sample.sender], kind, body, recipient=party, attached=attached
        )
        with pytest.raises(MessageError):
            open_message(life.mailboxes[name], envelope)


def test_a_party_that_is_no_party_is_named_by_nothing(stage: Stage) -> None:
    body, attached = _disclosure(stage.ordered)
    for nobody in (0, 99, 2**32 - 1):
        with pytest.raises(ReaderNotNamed):
            stage.ordered.mailboxes["practice"].encrypt(
                disclosure.KIND, body, recipient=nobody, attached=attached
            )


def test_a_disclosure_to_another_insurer_is_refused_before_anything_is_built(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def built(*_: object, **__: object) -> Disclosure:
        raise AssertionError("something was built")

    monkeypatch.setattr("sceau.roles.disclosing.build_disclosure", built)
    life, wrong = stage.opened, stage.chain.party("other_payer")
    with pytest.raises(ReaderNotNamed) as refused:
        life.practice.disclose(life.steps["open"].record, payer=wrong, clause="minimal")
    assert refused.value.details["reader"] == wrong
    assert str(life.payer.party) in str(refused.value.details["expected"])
    for language in ("en", "fr"):
        said = refused.value.message(language)
        assert str(wrong) in said
        assert str(life.payer.party) in said


def test_a_disclosure_made_by_hand_goes_to_no_other_insurer(stage: Stage) -> None:
    """A program that builds the disclosure itself, or edits the number in it, meets the same door."""
    life, wrong = stage.opened, stage.chain.party("other_payer")
    edited = replace(life.disclosure(), recipient=wrong)
    with pytest.raises(ReaderNotNamed):
        life.practice.disclosure_envelope(edited)
    with pytest.raises(ReaderNotNamed):
        disclosure_envelope(life.mailboxes["practice"], edited)


def test_the_other_insurer_does_not_read_what_a_hostile_program_sends_it(stage: Stage) -> None:
    life, wrong = stage.opened, stage.chain.party("other_payer")
    edited = replace(life.disclosure(), recipient=wrong)
    envelope = hostile_envelope(
        life.mailboxes["practice"],
        disclosure.KIND,
        {"id": edited.id},
        recipient=wrong,
        attached=edited.to_json(),
    )
    with pytest.raises(NotTheReader) as refused:
        open_message(life.mailboxes["other_payer"], envelope)
    assert refused.value.details["reader"] == wrong


# Which claim a message is about is taken from all that it shows.


def test_another_claims_record_does_not_travel_under_a_claims_name(stage: Stage) -> None:
    """The body names a claim of the recipient's; the record is another claim's."""
    mine, others = stage.ordered, stage.delivered
    body, attached = _step(others)
    with pytest.raises(SubjectUnclear):
        mine.mailboxes["payer"].encrypt(
            step.KIND, {**body, "claim": mine.claim}, recipient=mine.practice.party, attached=attached
        )


def test_another_claims_leaves_do_not_travel_under_a_claims_scope(stage: Stage) -> None:
    """The disclosure's scope is a claim of the recipient's; the leaves that it shows are another claim's."""
    mine, others = stage.ordered.disclosure(), stage.delivered.disclosure()
    bent = replace(others, scope=mine.scope)
    with pytest.raises(SubjectUnclear):
        disclosure_envelope(stage.ordered.mailboxes["practice"], bent)


@pytest.mark.parametrize("body", [{}, {"claim": None}, {"claim": "0x11"}, {"claim": ["0x" + "11" * 32]}])
def test_a_message_about_no_claim_is_made_out_to_nobody(stage: Stage, body: dict[str, Any]) -> None:
    life = stage.ordered
    with pytest.raises(SubjectUnclear):
        life.mailboxes["practice"].encrypt(justification.KIND, body, recipient=life.payer.party)


def test_a_kind_that_is_not_in_the_table_is_made_out_to_nobody(stage: Stage) -> None:
    life = stage.ordered
    with pytest.raises(MessageKindUnknown):
        life.mailboxes["practice"].encrypt("telegram", {"claim": life.claim}, recipient=life.payer.party)


# Suppliers: of an order on the chain, of one that is being written, of one that was replaced.


def test_an_order_that_the_chain_holds_goes_to_its_supplier_whatever_a_step_says(stage: Stage) -> None:
    life, other = stage.ordered, stage.chain.party("other_supplier")
    ordered = life.steps["order"]
    number = ordered.row.arguments.index("number")
    bent = replace(ordered, arguments=(*ordered.arguments[:number], other, *ordered.arguments[number + 1 :]))
    assert bent.supplier == other
    with pytest.raises(ReaderNotNamed):
        order_envelope(life.mailboxes["practice"], bent, supplier=other)
    with pytest.raises(ReaderNotNamed):
        life.practice.envelope(bent)


def test_an_order_that_is_being_written_goes_to_the_supplier_that_it_names(stage: Stage) -> None:
    life, other = stage.authorised, stage.chain.party("other_supplier")
    ordered = unsent(life.practice.order, life.claim, life.values("order"), supplier=other)
    assert order_envelope(life.mailboxes["practice"], ordered, supplier=other)
    with pytest.raises(ReaderNotNamed):
        order_envelope(life.mailboxes["practice"], ordered, supplier=life.supplier.party)


def test_an_order_that_is_being_written_names_a_supplier(stage: Stage) -> None:
    """A step of a program's own making names whom it likes: another practice, a payer, a party that is none."""
    life = stage.authorised
    ordered = unsent(life.practice.order, life.claim, life.values("order"), supplier=life.supplier.party)
    for nobody in (stage.chain.party("other_practice"), life.payer.party, 99):
        bent = replace(
            ordered,
            arguments=tuple(nobody if each == ordered.supplier else each for each in ordered.arguments),
        )
        with pytest.raises(ReaderNotNamed):
            order_envelope(life.mailboxes["practice"], bent, supplier=nobody)


def test_a_replaced_supplier_is_sent_its_own_order_and_not_the_one_that_replaced_it(stage: Stage) -> None:
    life, other = stage.ordered, stage.chain.party("other_supplier")
    first = life.steps["order"]
    values = {**life.values("remake"), "order.reason": "CORRECTION"}
    handle = life.practice.remake(life.claim, values, supplier=other)
    handle.wait(30)
    second = handle.step
    assert second is not None
    mailbox = life.mailboxes["practice"]
    assert order_envelope(mailbox, first, supplier=life.supplier.party)
    assert order_envelope(mailbox, second, supplier=other)
    for placed, supplier in ((first, other), (second, life.supplier.party)):
        with pytest.raises(ReaderNotNamed):
            order_envelope(mailbox, placed, supplier=supplier)
    both = Subject(life.claim)
    for supplier in (other, life.supplier.party):
        require_named(stage.chain.network, "any", (SUPPLIERS,), both, supplier)
    with pytest.raises(ReaderNotNamed):
        require_named(stage.chain.network, "any", (SUPPLIERS,), both, life.practice.party)


def test_a_key_of_act_codes_goes_to_the_claims_payer_alone(stage: Stage) -> None:
    life = stage.ordered
    for name in ("other_payer", "supplier", "auditor"):
        with pytest.raises(ReaderNotNamed):
            act_code_key_envelope(
                life.mailboxes["practice"], life.steps["order"], payer=stage.chain.party(name)
            )


# Auditors


def test_an_auditor_is_a_party_with_that_role_that_is_not_suspended(stage: Stage) -> None:
    chain, about = stage.chain, Subject(stage.ordered.claim)

    def allowed() -> set[str]:
        return {name for name in NAMES if _may_read(chain, about, name)}

    assert allowed() == {"auditor"}
    chain.consortium.suspend(chain.party("auditor")).wait(30)
    assert allowed() == set()


def _may_read(chain: Deployed, about: Subject, name: str) -> bool:
    try:
        require_named(chain.network, "any", (AUDITOR,), about, chain.party(name))
    except ReaderNotNamed:
        return False
    return True


def test_a_subject_is_one_claim_and_the_orders_that_are_named(stage: Stage) -> None:
    life = stage.ordered
    body, attached = _order(life)
    assert subject_of(body, attached) == Subject(life.claim, frozenset({1}))
    assert subject_of({"claim": life.claim.upper().replace("0X", "0x")}, {}) == Subject(life.claim)
    # At any depth, and in lists: what is shown of a claim counts, wherever it stands.
    scope = replace(life.steps["order"].record.scope, order_number=3, step=step_words(Step.REMAKE).code)
    nested = {"parts": [{"deep": [scope.text()]}]}
    assert subject_of({"claim": life.claim}, nested) == Subject(life.claim, frozenset({3}))
