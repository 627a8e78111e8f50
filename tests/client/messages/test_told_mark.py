# SPDX-License-Identifier: Apache-2.0
"""What a replaced supplier tells the payer: by the order's supplier, to the claim's payer, in codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sceau import Envelope, Payer, Supplier, ToldMark
from sceau.chain.registries.errors import NoSuchClaim
from sceau.messages import told_mark
from sceau.messages.errors import MessageMalformed, NotTheClaimsPayer, NotTheWriter, StepNotWritten
from sceau.messages.told_mark import told_mark_envelope
from sceau.record.errors import ValueNotCanonical
from sceau.roles.errors import (
    MarkReplacedOrder,
    OrderOfAnotherSupplier,
    OrderStands,
    VerdictBeforeToldMark,
)
from sceau.terms import State, Step
from tests.support.life import Life
from tests.support.mailboxes import hostile_envelope, open_message
from tests.support.stage import Stage
from tests.support.words import word


def replaced(stage: Stage) -> tuple[Life, Supplier]:
    """A claim whose first order was replaced by another supplier's, and the first's supplier."""
    life = stage.ordered
    first = life.supplied_by("other_supplier")
    life.remake("CORRECTION")
    return life, first


def sealed(life: Life, by: str = "supplier", to: str = "payer", changes: Mapping[str, object] = {}) -> str:
    body: dict[str, Any] = {"claim": life.claim, "order": 1, "mark": "disputed", "reason": None, **changes}
    recipient = life.published.mailbox(to).party
    return hostile_envelope(life.mailboxes[by], told_mark.KIND, body, recipient=recipient)


@pytest.mark.parametrize("mark", [Step.DISPUTE, Step.RETURN])
def test_a_replaced_supplier_tells_the_payer(stage: Stage, mark: Step) -> None:
    life, first = replaced(stage)
    made = first.tell_payer(life.claim, 1, mark, reason="not-received")
    assert isinstance(made, Envelope)
    assert made.recipient == life.payer.party
    told = life.payer.receive(made.text)
    assert isinstance(told, ToldMark)
    assert (told.supplier, told.claim, told.order_number) == (first.party, life.claim, 1)
    assert (told.mark, told.reason) == (mark, "NOT-RECEIVED")
    assert life.payer.told(life.claim) == (told,)


def test_an_order_that_stands_is_marked_on_the_chain(stage: Stage) -> None:
    life, first = replaced(stage)
    with pytest.raises(OrderStands):
        life.supplier.tell_payer(life.claim, 2)
    for order in (2, 3):
        with pytest.raises(OrderOfAnotherSupplier):
            first.tell_payer(life.claim, order)
    with pytest.raises(ValueError, match="only a dispute or a return"):
        first.tell_payer(life.claim, 1, Step.DELIVER)


def test_a_replaced_order_is_not_marked_on_the_chain_in_the_place_of_another(stage: Stage) -> None:
    """Where one supplier has both orders, a mark that is meant for the first must not fall on the second."""
    life = stage.delivered
    life.remake("DEFECT")
    head = life.head()
    for verb in (life.supplier.dispute, life.supplier.record_return):
        with pytest.raises(MarkReplacedOrder) as refused:
            verb(life.claim, order_number=1, reason="OTHER")
        assert refused.value.details["current"] == 2
        with pytest.raises(OrderOfAnotherSupplier):
            verb(life.claim, order_number=3, reason="OTHER")
    assert life.head() == head
    life.supplier.dispute(life.claim, order_number=2, reason="OTHER").wait(30)
    found = life.practice.history(life.claim).find(Step.DISPUTE, 2)
    assert found is not None


def test_a_supplier_that_was_replaced_by_another_is_told_so(stage: Stage) -> None:
    life, first = replaced(stage)
    with pytest.raises(MarkReplacedOrder) as refused:
        first.dispute(life.claim, reason="NOT-RECEIVED")
    assert (refused.value.details["order"], refused.value.details["current"]) == (1, 2)
    assert refused.value.message("fr") != refused.value.message("en")


@pytest.mark.parametrize("reason", ["the customer went blind", "", "X" * 41, "É"], ids=repr)
def test_no_free_text_is_told(stage: Stage, reason: str) -> None:
    life, _ = replaced(stage)
    with pytest.raises(ValueNotCanonical) as refused:
        told_mark_envelope(
            life.mailboxes["supplier"], life.claim, 1, Step.DISPUTE, reason, recipient=life.payer.party
        )
    assert "blind" not in str(refused.value)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("claim", None),
        ("claim", 5),
        ("claim", "0x11"),
        ("order", None),
        ("order", 0),
        ("order", 256),
        ("order", True),
        ("order", "1"),
        ("mark", None),
        ("mark", "delivered"),
        ("mark", "DISPUTED"),
        ("mark", 10),
        ("mark", []),
        ("reason", 5),
        ("reason", "the customer went blind"),
        ("reason", "X" * 41),
    ],
)
def test_a_bent_told_mark_is_refused_by_its_part(stage: Stage, part: str, value: object) -> None:
    life, _ = replaced(stage)
    with pytest.raises(MessageMalformed) as refused:
        open_message(life.mailboxes["payer"], sealed(life, changes={part: value}))
    assert refused.value.details["part"] == part
    assert "blind" not in refused.value.message("fr")


def test_it_counts_only_from_the_orders_supplier_to_the_claims_payer(stage: Stage) -> None:
    life, _ = replaced(stage)
    for by in ("other_supplier", "practice", "auditor"):
        with pytest.raises(NotTheWriter):
            open_message(life.mailboxes["payer"], sealed(life, by))
    with pytest.raises(NotTheWriter):
        open_message(life.mailboxes["payer"], sealed(life, changes={"order": 2}))
    with pytest.raises(StepNotWritten):
        open_message(life.mailboxes["payer"], sealed(life, changes={"order": 3}))
    with pytest.raises(NoSuchClaim):
        open_message(life.mailboxes["payer"], sealed(life, changes={"claim": "0x" + "77" * 32}))
    with pytest.raises(NotTheClaimsPayer):
        open_message(life.mailboxes["other_payer"], sealed(life, to="other_payer"))
    assert life.payer.told(life.claim) == ()


def test_a_word_of_another_claim_does_not_count(stage: Stage) -> None:
    life, first = replaced(stage)
    life.payer.receive(first.tell_payer(life.claim, 1).text)
    assert life.payer.told(stage.delivered.claim) == ()


def test_nothing_is_settled_on_a_verdict_from_before_the_word(stage: Stage) -> None:
    life, first = replaced(stage)
    life.deliver()
    life.invoice()
    verdict = life.verdict("invoice")
    life.payer.receive(first.tell_payer(life.claim, 1).text)
    with pytest.raises(VerdictBeforeToldMark):
        life.payer.settle(verdict)
    assert life.state() is State.INVOICED
    # Another process with the same store knows it as well.
    other: Payer = life._roles()[2]
    with pytest.raises(VerdictBeforeToldMark):
        other.settle(verdict.id)
    # It stops no refusal.
    life.payer.refuse(verdict).wait(30)
    assert life.state() is State.REFUSED


def test_a_justification_from_before_the_word_does_not_close_it(stage: Stage) -> None:
    """Nothing moves the claim's head in between: the clock tells which came first."""
    life, first = replaced(stage)
    life.deliver()
    before = word(life, "order-disputed", "FOUND-AGAIN")
    life.payer.receive(first.tell_payer(life.claim, 1).text)
    verdict = life.payer.verify(life.disclosure(), justifications=[before])
    assert [each.code for each in verdict.reasons] == ["order-disputed"]
    assert "word-without-effect" in {note.code for note in verdict.notes}
    # A word dated ahead, as far as a reader takes it, does not either; one of afterwards does.
    stage.chain.sleep(200)
    ahead = word(life, "order-disputed", "FOUND-AGAIN")
    verdict = life.payer.verify(life.disclosure(), justifications=[ahead])
    assert [each.code for each in verdict.reasons] == ["order-disputed"]
    stage.chain.sleep(200)
    after = word(life, "order-disputed", "FOUND-AGAIN")
    verdict = life.payer.verify(life.disclosure(), justifications=[after])
    assert verdict.outcome.value == "accepted"


# What the supplier's own client finds


def test_a_supplier_sees_every_order_that_names_it_and_of_which_no_envelope_came(stage: Stage) -> None:
    life = stage.authorised
    life.connected = False
    life.order()
    life.remake("CORRECTION")
    unknown = life.supplier.orders_without_envelope()
    mine = [each for each in unknown if each.claim == life.claim]
    assert [(each.order_number, each.current, each.disputed) for each in mine] == [
        (1, False, False),
        (2, True, False),
    ]
    assert {each.practice for each in mine} == {life.practice.party}
    # It disputes what stands, and tells the payer of what was replaced.
    life.supplier.dispute(life.claim, order_number=2, reason="NOT-RECEIVED").wait(30)
    life.supplier.tell_payer(life.claim, 1, reason="NOT-RECEIVED")
    mine = [each for each in life.supplier.orders_without_envelope() if each.claim == life.claim]
    assert [each.disputed for each in mine] == [True, True]


def test_an_order_whose_envelope_came_is_not_among_them(stage: Stage) -> None:
    life = stage.ordered
    assert life.claim not in {each.claim for each in life.supplier.orders_without_envelope()}
    life.connected = False
    life.remake("CORRECTION")
    found = [each for each in life.supplier.orders_without_envelope() if each.claim == life.claim]
    assert [each.order_number for each in found] == [2]
    # Another supplier sees none of them.
    other = life.published.mailbox("other_supplier")
    stranger = Supplier(
        stage.chain.network, stage.chain.signers["other_supplier"], store=other.store, mailbox=other
    )
    assert stranger.orders_without_envelope() == []
