# SPDX-License-Identifier: Apache-2.0
"""A supplier makes nothing before the order opens and every lock is reproduced."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sceau.chain.registries.errors import NoSuchClaim
from sceau.claim.errors import NoOrder, OrderReplaced
from sceau.claim.prepared import PreparedStep
from sceau.conformity.errors import KeyMalformed, LocksDiffer
from sceau.conformity.keys import OrderContext, OrderKey
from sceau.formats.optics.errors import ReasonWrong
from sceau.formats.optics.order import load_delivery, load_order
from sceau.messages.errors import (
    GroupKeysDiffer,
    MessageMalformed,
    NotForYou,
    NotTheWriter,
    OpeningNotOnChain,
    ReaderNotNamed,
    StepNotWritten,
)
from sceau.messages.order import (
    ANSWER,
    ORDER,
    ReceivedOrder,
    answer_envelope,
    group_key_hashes,
    order_envelope,
)
from sceau.record import seal
from sceau.record.errors import ValueNotCanonical
from sceau.terms import Group
from scripts.documents import document
from tests.support.life import Life
from tests.support.mailboxes import hostile_envelope, open_message
from tests.support.stage import Stage
from tests.support.unsent import unsent

VALUES = load_order(document("order"))


def prepared(life: Life) -> PreparedStep:
    """A first order, sealed and not written."""
    return unsent(life.practice.order, life.claim, VALUES, supplier=life.supplier.party)


def received(life: Life, step: PreparedStep, *, by: str = "practice") -> ReceivedOrder:
    envelope = order_envelope(life.mailboxes[by], step, supplier=life.supplier.party)
    order: ReceivedOrder = open_message(life.mailboxes["supplier"], envelope)
    return order


def bent(life: Life, body: dict[str, Any], attached: dict[str, Any], to: str = "supplier") -> str:
    """An order envelope with other parts than the client would send."""
    step = life.steps["order"]
    assert step.order_key is not None
    whole = {
        "claim": step.claim,
        "order": 1,
        "commitment": step.record.root,
        "group_keys": group_key_hashes(step.order_key, OrderContext.of(step.record.scope)),
    }
    beside = {"opening": step.record.to_json(), "order_key": step.order_key.reveal()}
    return hostile_envelope(
        life.mailboxes["practice"],
        ORDER,
        whole | body,
        recipient=life.chain.party(to),
        attached=beside | attached,
    )


def test_an_order_that_fits_is_received_and_accepted(stage: Stage) -> None:
    life = stage.ordered
    order = received(life, life.steps["order"])
    assert (order.claim, order.order_number, order.differing) == (life.claim, 1, ())
    order.require_fit()
    answer = life.answer()
    assert (answer.accepted, answer.reason, answer.supplier) == (True, None, life.supplier.party)
    assert answer.commitment == life.steps["order"].record.root
    assert "VXB1" not in repr(order)


def test_an_order_is_received_only_once_it_stands_on_the_chain(stage: Stage) -> None:
    life = stage.authorised
    step = prepared(life)
    with pytest.raises(StepNotWritten):
        received(life, step)
    life.practice.resend(step).wait(30)
    assert received(life, step).differing == ()


def test_an_order_for_another_supplier_is_not_yours(stage: Stage) -> None:
    life = stage.ordered
    other = life.chain.party("other_supplier")
    with pytest.raises(ReaderNotNamed):
        order_envelope(life.mailboxes["practice"], life.steps["order"], supplier=other)
    envelope = bent(life, {}, {}, to="other_supplier")
    with pytest.raises(NotForYou) as refused:
        open_message(life.mailboxes["other_supplier"], envelope)
    assert refused.value.details["supplier"] == life.supplier.party


def test_an_order_counts_only_from_its_practice(stage: Stage) -> None:
    life = stage.ordered
    with pytest.raises(NotTheWriter):
        received(life, life.steps["order"], by="other_practice")


def test_another_record_than_the_one_on_the_chain_is_refused(stage: Stage) -> None:
    life = stage.ordered
    step = life.steps["order"]
    other = seal(step.record.scope, {**VALUES, "right.lens.code": "ECO50"})
    with pytest.raises(OpeningNotOnChain):
        received(life, replace(step, record=other))


def test_a_key_that_is_not_the_one_signed_for_is_refused(stage: Stage) -> None:
    life = stage.ordered
    for attached in ({"order_key": OrderKey.draw().reveal()},):
        with pytest.raises(GroupKeysDiffer):
            open_message(life.mailboxes["supplier"], bent(life, {}, attached))
    damaged: tuple[object, ...] = (None, {}, [], {"act-codes": "0x11"})
    for hashes in damaged:
        with pytest.raises(GroupKeysDiffer):
            open_message(life.mailboxes["supplier"], bent(life, {"group_keys": hashes}, {}))


@pytest.mark.parametrize("number", [2, 0, "1", True, None], ids=repr)
def test_the_number_that_the_practice_signs_is_the_orders(stage: Stage, number: object) -> None:
    """An auditor finds the signed order by it: under another number it would say nothing against the practice."""
    life = stage.ordered
    with pytest.raises(MessageMalformed) as refused:
        open_message(life.mailboxes["supplier"], bent(life, {"order": number}, {}))
    assert refused.value.details["part"] == "order"


@pytest.mark.parametrize("key", [None, "", "0x11", 5, [], "11" * 32])
def test_what_is_no_key_is_refused(stage: Stage, key: object) -> None:
    life = stage.ordered
    with pytest.raises(KeyMalformed):
        open_message(life.mailboxes["supplier"], bent(life, {}, {"order_key": key}))


@pytest.mark.parametrize("record", [None, {}, 5, []])
def test_what_is_no_opening_is_refused(stage: Stage, record: object) -> None:
    life = stage.ordered
    with pytest.raises(MessageMalformed):
        open_message(life.mailboxes["supplier"], bent(life, {}, {"opening": record}))


def test_a_wrong_key_in_the_envelope_is_refused_before_acceptance(stage: Stage) -> None:
    """The practice signed for a key, and the locks on the chain were made with another."""
    life = stage.ordered
    wrong = replace(life.steps["order"], order_key=OrderKey.draw())
    order = received(life, wrong)
    assert order.differing == tuple(Group)
    with pytest.raises(LocksDiffer):
        order.require_fit()
    with pytest.raises(LocksDiffer):
        life.supplier.deliver(order, load_delivery(document("delivery")))
    # Whatever the supplier wants to say, it cannot accept.
    answer = open_message(life.mailboxes["practice"], answer_envelope(life.mailboxes["supplier"], order))
    assert (answer.accepted, answer.reason) == (False, "LOCKS-DIFFER")
    # It disputes on the chain, too.
    life.note("dispute")
    assert life.practice.history(life.claim).state.disputed_at > 0


@pytest.mark.parametrize("group", list(Group))
def test_one_lock_that_differs_is_enough_and_is_named(stage: Stage, group: Group) -> None:
    life = stage.authorised
    step = prepared(life)
    claim, supplier, root, own = step.arguments
    assert isinstance(own, list)
    false = [("0x" + "77" * 32) if namespace == group else lock for namespace, lock in enumerate(own)]
    other = replace(step, arguments=(claim, supplier, root, false))
    life.practice.resend(other).wait(30)
    order = received(life, other)
    assert order.differing == (group,)
    with pytest.raises(LocksDiffer) as refused:
        life.supplier.deliver(order, load_delivery(document("delivery")))
    assert refused.value.details["groups"].code == group.name.lower().replace("_", "-")


def test_nothing_is_delivered_on_an_order_that_the_chain_no_longer_holds(stage: Stage) -> None:
    """Blocks can be replaced after the order was received; another order may then stand in its place."""
    life = stage.authorised
    with life.chain.rolled_back():
        gone = life.copy()
        gone.order()
        first = gone.received
    assert first is not None
    values = load_delivery(document("delivery"))
    with pytest.raises(NoOrder):
        life.supplier.deliver(first, values)
    life.order()
    with pytest.raises(LocksDiffer):
        life.supplier.deliver(first, values)
    life.deliver()


def test_a_replaced_order_is_neither_made_nor_delivered(stage: Stage) -> None:
    life = stage.ordered
    first = received(life, life.steps["order"])
    life.remake("CORRECTION")
    with pytest.raises(OrderReplaced) as refused:
        life.supplier.deliver(first, load_delivery(document("delivery")))
    assert refused.value.details["current"] == 2
    # The new one has its own number, key and locks.
    assert life.received is not None
    assert life.received.order_number == 2
    assert life.received.key != first.key
    assert not set(life.received.step.written.locks) & set(first.step.written.locks)


def test_a_remake_is_received_as_its_own_order(stage: Stage) -> None:
    life = stage.delivered
    life.remake("BREAKAGE")
    order = received(life, life.steps["remake"])
    assert (order.order_number, order.differing) == (2, ())
    # Under the first order's number it would be another record.
    with pytest.raises(MessageMalformed):
        open_message(
            life.mailboxes["supplier"],
            bent(life, {}, {"opening": life.steps["authorise"].record.to_json()}),
        )


# Answers


def answered(life: Life, *, by: str = "supplier", **changes: object) -> str:
    body = {
        "claim": life.claim,
        "order": 1,
        "commitment": life.steps["order"].record.root,
        "answer": "accepted",
        "reason": None,
    }
    return hostile_envelope(life.mailboxes[by], ANSWER, body | changes, recipient=life.practice.party)


def test_a_refusal_says_why_in_a_code(stage: Stage) -> None:
    life = stage.ordered
    answer = life.answer(refuse_because="NOT-IN-CATALOGUE")
    assert (answer.accepted, answer.reason) == (False, "NOT-IN-CATALOGUE")
    for words in ("the customer is blind", "", "x" * 41):
        with pytest.raises(ValueNotCanonical):
            life.answer(refuse_because=words)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("answer", "maybe"),
        ("answer", None),
        ("answer", True),
        ("claim", 5),
        ("claim", None),
        ("order", "1"),
        ("order", True),
        ("claim", "0x11"),
        ("commitment", None),
        ("reason", "the customer is blind"),
        ("reason", 5),
    ],
)
def test_a_bent_answer_is_refused_by_its_part(stage: Stage, part: str, value: Any) -> None:
    life = stage.ordered
    with pytest.raises(MessageMalformed) as refused:
        open_message(life.mailboxes["practice"], answered(life, **{part: value}))
    assert refused.value.details["part"] == part


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"claim": "0x" + "77" * 32}, NoSuchClaim),
        ({"order": 2}, StepNotWritten),
        ({"order": 0}, StepNotWritten),
        ({"commitment": "0x" + "77" * 32}, OpeningNotOnChain),
    ],
    ids=str,
)
def test_an_answer_counts_for_the_order_on_the_chain_alone(
    stage: Stage, changes: dict[str, Any], error: type[Exception]
) -> None:
    life = stage.ordered
    with pytest.raises(error):
        open_message(life.mailboxes["practice"], answered(life, **changes))


def test_an_answer_counts_from_the_supplier_that_the_order_names_alone(stage: Stage) -> None:
    life = stage.ordered
    with pytest.raises(NotTheWriter):
        open_message(life.mailboxes["practice"], answered(life, by="other_supplier"))


# Reasons


@pytest.mark.parametrize(
    ("where", "reason", "fits"),
    [
        ("ordered", "CORRECTION", True),
        ("ordered", "BREAKAGE", True),
        ("delivered", "CORRECTION", False),
        ("delivered", "BREAKAGE", True),
        ("delivered", "ADAPTATION", True),
        ("delivered", "DEFECT", True),
        ("delivered", None, False),
        ("ordered", None, False),
    ],
)
def test_an_order_that_replaces_another_says_why_and_truly(
    stage: Stage, where: str, reason: str | None, fits: bool
) -> None:
    life: Life = getattr(stage, where)
    values = VALUES if reason is None else {**VALUES, "order.reason": reason}
    if fits:
        step = unsent(life.practice.remake, life.claim, values, supplier=life.supplier.party)
        assert step.record.values["order.reason"] == reason
        assert step.arguments[1] == 1
    else:
        with pytest.raises(ReasonWrong):
            life.practice.remake(life.claim, values, supplier=life.supplier.party)


def test_a_first_order_has_no_reason_and_a_remake_something_to_replace(stage: Stage) -> None:
    life = stage.authorised
    with_reason = {**VALUES, "order.reason": "BREAKAGE"}
    with pytest.raises(ReasonWrong):
        life.practice.order(life.claim, with_reason, supplier=life.supplier.party)
    with pytest.raises(NoOrder):
        life.practice.remake(life.claim, with_reason, supplier=life.supplier.party)


def test_no_mark_before_there_is_an_order(stage: Stage) -> None:
    life = stage.authorised
    for mark in (life.supplier.record_return, life.supplier.dispute):
        with pytest.raises(NoOrder):
            mark(life.claim, reason="OTHER")


def test_a_step_without_an_order_key_is_sent_to_no_supplier(stage: Stage) -> None:
    life = stage.ordered
    with pytest.raises(ValueError, match="places no order"):
        order_envelope(life.mailboxes["practice"], life.steps["open"], supplier=life.supplier.party)
