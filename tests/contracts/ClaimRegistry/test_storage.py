# SPDX-License-Identifier: Apache-2.0
"""What a claim leaves in storage. P36."""

from tests.contracts.support.life import Life
from tests.contracts.support.terms import State, Step
from tests.contracts.support.world import World


def test_a_claim_takes_two_storage_slots_and_a_third_with_its_order(world: World) -> None:
    life = Life(world, consent=world.record_consent(world.patient))
    empty = world.chain.all_storage(world.claims)
    life.step(Step.OPEN)
    opened = world.chain.all_storage(world.claims)
    assert len(set(opened) - set(empty)) == 2
    life.play(Step.AUTHORISE, Step.ORDER)
    ordered = world.chain.all_storage(world.claims)
    assert len(set(ordered) - set(empty)) == 3
    life.play(Step.DELIVER, Step.RETURN, Step.DISPUTE, Step.REMAKE, Step.INVOICE, Step.SETTLE)
    settled = world.chain.all_storage(world.claims)
    assert set(settled) == set(ordered)
    assert life.stored.state == State.SETTLED


def test_a_claim_writes_in_no_other_registry(world: World) -> None:
    others = (world.parties, world.consents)
    life = Life(world, consent=world.record_consent(world.patient))
    before = [world.chain.all_storage(contract) for contract in others]
    life.reach(State.SETTLED)
    assert [world.chain.all_storage(contract) for contract in others] == before
