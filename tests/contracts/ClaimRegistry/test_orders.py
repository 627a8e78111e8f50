# SPDX-License-Identifier: Apache-2.0
"""Orders and what replaces them. P27, P28."""

import pytest

from tests.contracts.support.chain import Receipt, refused
from tests.contracts.support.life import Life
from tests.contracts.support.terms import State, Step
from tests.contracts.support.world import World

LAST_ORDER = 255


@pytest.mark.parametrize("step", [Step.DELIVER, Step.RETURN, Step.DISPUTE, Step.INVOICE, Step.REMAKE])
def test_a_step_for_a_replaced_order_is_refused(step: Step, world: World) -> None:
    life = Life(world).reach(State.ORDERED).play(Step.REMAKE, Step.DELIVER)
    for number in (0, 1, 3, 255):
        call = life.call(step, order=number)
        expected = refused("OrderNotCurrent", life.id, number, 2)
        assert world.chain.refusal(call, life.owner(step).key.address) == expected


def test_a_delivery_that_was_on_its_way_when_the_order_was_replaced_is_refused(world: World) -> None:
    life = Life(world).reach(State.ORDERED)
    on_its_way = life.call(Step.DELIVER)
    life.step(Step.REMAKE)
    expected = refused("OrderNotCurrent", life.id, 1, 2)
    assert world.chain.refusal(on_its_way, world.supplier.key.address) == expected


def test_a_remake_by_another_supplier_leaves_the_first_nothing_to_write(world: World) -> None:
    life = Life(world).reach(State.ORDERED)
    life.step(Step.REMAKE, supplier=world.other_supplier.number)
    expected = refused("ClaimOfAnotherParty", life.id, world.other_supplier.number, world.supplier.number)
    for step in (Step.DELIVER, Step.DISPUTE):
        assert world.chain.refusal(life.call(step), world.supplier.key.address) == expected
        life.step(step, by=world.other_supplier.key)


@pytest.mark.parametrize("state", [State.ORDERED, State.INVOICED, State.SETTLED])
def test_a_remake_clears_the_marks_and_keeps_the_state_and_the_invoice(state: State, world: World) -> None:
    life = Life(world).reach(state)
    wrong = [world.word() for _ in range(4)]
    life.step(Step.DELIVER, tags=wrong)
    life.play(Step.RETURN, Step.DISPUTE)
    before = life.stored
    assert before.delivery_mismatch == 0b1111
    assert before.delivered_at
    assert before.returned_at
    assert before.disputed_at
    life.step(Step.REMAKE)
    after = life.stored
    assert (after.delivered_at, after.returned_at, after.disputed_at, after.delivery_mismatch) == (0, 0, 0, 0)
    assert (after.state, after.invoiced_order) == (before.state, before.invoiced_order)
    assert (before.order, after.order) == (1, 2)
    life.play(Step.DELIVER, Step.RETURN, Step.DISPUTE)


def test_a_second_order_is_a_remake_or_nothing(world: World) -> None:
    life = Life(world).reach(State.ORDERED)
    expected = refused("ClaimStepIllegal", life.id, State.ORDERED, Step.ORDER)
    assert world.chain.refusal(life.call(Step.ORDER), world.practice.key.address) == expected


def test_a_claim_has_255_orders_and_not_one_more(world: World) -> None:
    life = Life(world).reach(State.ORDERED)
    key = world.practice.key.address
    calls = [
        world.claims.remake(life.id, number, world.supplier.number, world.word(), life.locks(0))
        for number in range(1, LAST_ORDER)
    ]
    for start in range(0, len(calls), 64):
        outcomes = world.chain.in_one_block([(call, key) for call in calls[start : start + 64]])
        assert all(isinstance(outcome, Receipt) for outcome in outcomes)
    assert life.order == LAST_ORDER
    one_more = world.claims.remake(life.id, LAST_ORDER, world.supplier.number, world.word(), life.locks(0))
    assert world.chain.refusal(one_more, key) == refused("OrderLimitReached", life.id)
    world.chain.send(life.call(Step.DELIVER, order_locks=life.locks(0)), world.supplier.key.address)
    assert life.stored.delivery_mismatch == 0b1111


def test_two_steps_of_one_claim_in_one_block_are_both_taken_in_their_order(world: World) -> None:
    life = Life(world).reach(State.AUTHORISED)
    key = world.practice.key.address
    order = life.call(Step.ORDER)
    remake = world.claims.remake(life.id, 1, world.supplier.number, world.word(), life.locks(2))
    again = world.claims.remake(life.id, 1, world.supplier.number, world.word(), life.locks(2))
    outcomes = world.chain.in_one_block([(order, key), (remake, key), (again, key)])
    assert isinstance(outcomes[0], Receipt)
    assert isinstance(outcomes[1], Receipt)
    assert outcomes[2] == refused("OrderNotCurrent", life.id, 1, 2)
    assert life.order == 2
