# SPDX-License-Identifier: Apache-2.0
"""The supplier's tags against the practice's locks. P29."""

import pytest
from eth_utils import keccak

from tests.contracts.support.chain import Event, refused
from tests.contracts.support.life import Life, lock, locks
from tests.contracts.support.terms import GROUPS, Conformity, State, Step
from tests.contracts.support.world import World

ALL_GROUPS = 0b1111
EVERY_MASK = pytest.mark.parametrize("mask", range(ALL_GROUPS + 1))


@EVERY_MASK
def test_a_delivery_is_compared_group_by_group(mask: int, world: World) -> None:
    life = Life(world).reach(State.ORDERED)
    tags = [world.word() if mask >> group & 1 else tag for group, tag in enumerate(life.tags(1))]
    receipt = life.step(Step.DELIVER, tags=tags)
    verdict = Conformity.MISMATCH if mask else Conformity.CONFORM
    assert receipt.event == Event(
        "ClaimRegistry",
        "OrderDelivered",
        {
            "claim": life.id,
            "orderNumber": 1,
            "conformity": verdict,
            "mismatch": mask,
            "key": world.supplier.key.address,
            "commitment": receipt.event.args["commitment"],
            "tags": tuple(tags),
        },
    )
    assert life.stored.delivery_mismatch == mask
    assert _conformity(world, life) == (verdict, mask)


def test_the_contract_makes_a_lock_of_claim_order_group_and_tag(world: World) -> None:
    """Against locks written out here, not by the helper that the other tests use."""
    life = Life(world).reach(State.AUTHORISED)
    tags = [bytes([group + 1]) * 32 for group in range(GROUPS)]
    made = [
        keccak(life.id + (1).to_bytes(32, "big") + group.to_bytes(32, "big") + tag)
        for group, tag in enumerate(tags)
    ]
    life.step(Step.ORDER, locks=made)
    life.step(Step.DELIVER, tags=tags, order_locks=made)
    assert _conformity(world, life) == (Conformity.CONFORM, 0)


@pytest.mark.parametrize("state", [State.ORDERED, State.INVOICED, State.SETTLED])
def test_a_supplier_that_copies_the_locks_is_told_mismatch_in_every_group(state: State, world: World) -> None:
    life = Life(world).reach(state)
    life.step(Step.DELIVER, tags=life.locks(1))
    assert _conformity(world, life) == (Conformity.MISMATCH, ALL_GROUPS)


def test_a_supplier_that_copies_the_tags_of_another_claim_is_told_mismatch_in_every_group(
    world: World,
) -> None:
    """Even where a practice seals both orders with the same tags, which its client never does."""
    conform, copied = (Life(world).reach(State.AUTHORISED) for _ in range(2))
    tags = conform.tags(1)
    conform.step(Step.ORDER)
    conform.step(Step.DELIVER)
    of_the_other_claim = conform.locks(1)
    copied.step(Step.ORDER, locks=of_the_other_claim)
    copied.step(Step.DELIVER, tags=tags, order_locks=of_the_other_claim)
    assert _conformity(world, conform) == (Conformity.CONFORM, 0)
    assert _conformity(world, copied) == (Conformity.MISMATCH, ALL_GROUPS)


def test_a_supplier_that_copies_another_orders_delivery_is_told_mismatch_in_every_group(
    world: World,
) -> None:
    life = Life(world).reach(State.ORDERED).play(Step.DELIVER)
    assert _conformity(world, life) == (Conformity.CONFORM, 0)
    first_locks = life.locks(1)
    life.step(Step.REMAKE, locks=first_locks)
    life.step(Step.DELIVER, tags=life.tags(1), order_locks=first_locks)
    assert _conformity(world, life) == (Conformity.MISMATCH, ALL_GROUPS)


def test_a_tag_fits_its_own_group_only(world: World) -> None:
    life = Life(world).reach(State.ORDERED)
    first, second, *rest = life.tags(1)
    life.step(Step.DELIVER, tags=[second, first, *rest])
    assert _conformity(world, life) == (Conformity.MISMATCH, 0b0011)


def test_one_tag_for_all_groups_gives_four_different_locks(world: World) -> None:
    life = Life(world).reach(State.AUTHORISED)
    tag = world.word()
    same = locks(life.id, 1, [tag] * GROUPS)
    assert len(set(same)) == GROUPS
    life.step(Step.ORDER, locks=[same[0]] * GROUPS)
    life.step(Step.DELIVER, tags=[tag] * GROUPS, order_locks=[same[0]] * GROUPS)
    assert _conformity(world, life) == (Conformity.MISMATCH, 0b1110)


@pytest.mark.parametrize(
    "state", [State.ORDERED, State.INVOICED, State.SETTLED, State.REFUSED, State.CANCELLED]
)
def test_a_delivery_is_compared_whatever_the_state_and_the_state_stays(state: State, world: World) -> None:
    ends = {State.REFUSED: (Step.INVOICE, Step.REFUSE), State.CANCELLED: (Step.CANCEL,)}
    life = Life(world).reach(State.ORDERED if state in ends else state).play(*ends.get(state, ()))
    tags = life.tags(1)
    tags[1] = world.word()
    receipt = life.step(Step.DELIVER, tags=tags)
    assert receipt.event.args["conformity"] == Conformity.MISMATCH
    assert receipt.event.args["mismatch"] == 0b0010
    assert life.stored.state == state
    assert life.stored.delivered_at == receipt.time


@pytest.mark.parametrize("step", [Step.DELIVER, Step.INVOICE])
@pytest.mark.parametrize("group", range(GROUPS))
def test_other_locks_than_the_orders_are_refused_for_comparison(step: Step, group: int, world: World) -> None:
    """Or a supplier would name locks that fit its tags, and a practice ones that fit its invoice."""
    life = Life(world).reach(State.ORDERED)
    tags = [world.word() for _ in range(GROUPS)]
    forged = life.locks(1)
    forged[group] = lock(life.id, 1, group, tags[group])
    choices = {"tags": tags} if step is Step.DELIVER else {"locks": forged}
    call = life.call(step, order_locks=forged, **choices)
    owner = life.owner(step).key.address
    assert world.chain.refusal(call, owner) == refused("OrderLocksWrong", life.id, 1)


def test_the_locks_of_a_replaced_order_are_refused_for_comparison(world: World) -> None:
    life = Life(world).reach(State.ORDERED).play(Step.REMAKE)
    call = life.call(Step.DELIVER, order_locks=life.locks(1))
    expected = refused("OrderLocksWrong", life.id, 2)
    assert world.chain.refusal(call, world.supplier.key.address) == expected


def test_a_delivery_is_attested_once(world: World) -> None:
    life = Life(world).reach(State.ORDERED)
    life.step(Step.DELIVER, tags=life.locks(1))
    expected = refused("OrderAlreadyMarked", life.id, 1, Step.DELIVER)
    assert world.chain.refusal(life.call(Step.DELIVER), world.supplier.key.address) == expected
    assert _conformity(world, life) == (Conformity.MISMATCH, ALL_GROUPS)


def _conformity(world: World, life: Life) -> tuple[int, int]:
    conformity, mismatch = world.chain.read(world.claims.conformityOf(life.id))
    return conformity, mismatch
