# SPDX-License-Identifier: Apache-2.0
"""A pause stops new claims and nothing else. P31."""

from tests.contracts.support.chain import Event, refused
from tests.contracts.support.life import Life
from tests.contracts.support.terms import State, Step
from tests.contracts.support.world import GOVERNANCE, SUSPENSION, World


def test_a_pause_stops_new_claims_until_it_ends(world: World) -> None:
    pause = world.pause(world.claims)
    by = {"account": world.admins[SUSPENSION].address}
    assert pause.event == Event("ClaimRegistry", "Paused", by)
    assert world.chain.read(world.claims.paused())
    life = Life(world)
    assert world.chain.refusal(life.call(Step.OPEN), world.practice.key.address) == refused("EnforcedPause")
    unpause = world.unpause(world.claims)
    assert unpause.event == Event("ClaimRegistry", "Unpaused", {"account": world.admins[GOVERNANCE].address})
    life.step(Step.OPEN)


def test_a_running_claim_goes_on_while_new_ones_are_paused(world: World) -> None:
    running, another, third = (Life(world).reach(State.OPENED) for _ in range(3))
    world.pause(world.claims)
    world.pause(world.consents)
    running.play(
        Step.AUTHORISE,
        Step.ORDER,
        Step.REMAKE,
        Step.DISPUTE,
        Step.DELIVER,
        Step.RETURN,
        Step.INVOICE,
        Step.SETTLE,
    )
    another.play(Step.AUTHORISE, Step.CANCEL)
    third.play(Step.REFUSE)
    assert running.stored.state == State.SETTLED


def test_each_registry_is_paused_by_itself(world: World) -> None:
    consent = world.record_consent(world.patient)
    world.pause(world.consents)
    Life(world, consent=consent).step(Step.OPEN)
    world.unpause(world.consents)
    world.pause(world.claims)
    world.record_consent(world.patient)


def test_a_pause_is_neither_begun_nor_ended_twice(world: World) -> None:
    governor, suspender = world.admins[GOVERNANCE].address, world.admins[SUSPENSION].address
    for contract in (world.claims, world.consents):
        assert world.chain.refusal(contract.unpause(), governor) == refused("ExpectedPause")
        world.pause(contract)
        assert world.chain.refusal(contract.pause(), suspender) == refused("EnforcedPause")
