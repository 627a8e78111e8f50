# SPDX-License-Identifier: Apache-2.0
"""Opening a claim, and who its parties can be. P21, P22, P33."""

import pytest

from tests.contracts.support.chain import Event, Refused, refused
from tests.contracts.support.life import Life, claim_id
from tests.contracts.support.terms import NO_CLAIM, PAYER, PRACTICE, ZERO, Claim, State, Step
from tests.contracts.support.world import World


def test_a_claim_has_the_identifier_of_its_practice_and_nonce(world: World) -> None:
    life = Life(world)
    call = life.call(Step.OPEN)
    assert world.chain.ask(call, world.practice.key.address) == life.id
    assert world.chain.read(world.claims.claimId(world.practice.number, life.nonce)) == life.id
    receipt = world.chain.send(call, world.practice.key.address)
    commitment = call.args[3]
    assert receipt.event == Event(
        "ClaimRegistry",
        "ClaimOpened",
        {
            "claim": life.id,
            "practice": world.practice.number,
            "payer": world.payer.number,
            "consent": ZERO,
            "key": world.practice.key.address,
            "commitment": commitment,
        },
    )
    assert life.stored == Claim(
        world.practice.number,
        world.payer.number,
        0,
        State.OPENED,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        life.stored.head,
        ZERO,
    )


def test_a_claim_that_nobody_opened_is_unknown(world: World) -> None:
    unknown = world.word()
    assert world.claim(unknown) == NO_CLAIM
    assert world.chain.ask(world.claims.conformityOf(unknown), None) == refused("ClaimUnknown", unknown)


def test_another_practice_with_the_same_nonce_opens_another_claim_and_blocks_nobody(world: World) -> None:
    life = Life(world)
    seen_in_the_pool = life.call(Step.OPEN)
    world.chain.send(seen_in_the_pool, world.other_practice.key.address)
    assert life.stored == NO_CLAIM
    assert world.claim(claim_id(world.other_practice.number, life.nonce)).state == State.OPENED
    life.step(Step.OPEN)
    assert life.stored.practice == world.practice.number


@pytest.mark.parametrize("state", [state for state in State if state is not State.NONE])
def test_a_claim_is_opened_once(state: State, world: World) -> None:
    life = Life(world).reach(state)
    before = life.stored
    again = life.call(Step.OPEN, payer=world.other_payer.number)
    for key in (world.practice.key, world.practice.second):
        assert world.chain.refusal(again, key.address) == refused("ClaimAlreadyOpened", life.id)
    assert life.stored == before


def test_a_claim_is_not_opened_for_nobody_or_for_its_own_practice(world: World) -> None:
    me = world.practice.number
    for payer in (0, me):
        call = Life(world).call(Step.OPEN, payer=payer)
        expected = refused("ClaimPartiesNotDistinct", me, 0, payer)
        assert world.chain.refusal(call, world.practice.key.address) == expected


def test_the_steps_of_a_number_that_nobody_has_wait_for_a_party_that_holds_the_role(world: World) -> None:
    life = Life(world)
    number = world.chain.read(world.parties.partyCount()) + 1
    life.step(Step.OPEN, payer=number)
    call = life.call(Step.AUTHORISE)
    expected = refused("ClaimOfAnotherParty", life.id, number, world.payer.number)
    assert world.chain.refusal(call, world.payer.key.address) == expected
    newcomer = world.admit("newcomer", PRACTICE)
    assert newcomer.number == number
    expected = refused("PartyLacksRole", number, PAYER)
    assert world.chain.refusal(call, newcomer.key.address) == expected
    world.set_roles(newcomer, PAYER)
    world.chain.send(call, newcomer.key.address)


@pytest.mark.parametrize("step", [Step.ORDER, Step.REMAKE])
def test_an_order_does_not_name_nobody_the_practice_or_the_payer_as_supplier(
    step: Step, world: World
) -> None:
    life = Life(world).reach(State.AUTHORISED if step is Step.ORDER else State.ORDERED)
    practice, payer = world.practice.number, world.payer.number
    for supplier in (0, practice, payer):
        call = life.call(step, supplier=supplier)
        expected = refused("ClaimPartiesNotDistinct", practice, supplier, payer)
        assert world.chain.refusal(call, world.practice.key.address) == expected
    life.step(step, supplier=world.other_supplier.number)
    assert life.stored.supplier == world.other_supplier.number


@pytest.mark.parametrize("party", ["supplier", "payer", "auditor"])
def test_only_a_practice_opens_a_claim(party: str, world: World) -> None:
    organisation = getattr(world, party)
    call = Life(world).call(Step.OPEN)
    expected = refused("PartyLacksRole", organisation.number, PRACTICE)
    assert world.chain.refusal(call, organisation.key.address) == expected


@pytest.mark.parametrize(
    ("step", "state"),
    [
        (Step.OPEN, State.NONE),
        (Step.AUTHORISE, State.OPENED),
        (Step.REFUSE, State.OPENED),
        (Step.CANCEL, State.OPENED),
        (Step.ORDER, State.AUTHORISED),
        (Step.REMAKE, State.ORDERED),
        (Step.DELIVER, State.ORDERED),
        (Step.INVOICE, State.ORDERED),
        (Step.SETTLE, State.INVOICED),
        (Step.DISPUTE, State.ORDERED),
    ],
)
def test_no_step_is_written_without_a_commitment(step: Step, state: State, world: World) -> None:
    life = Life(world).reach(state)
    call = life.call(step, commitment=ZERO)
    assert world.chain.refusal(call, life.owner(step).key.address) == refused("ClaimCommitmentEmpty")


def test_a_return_is_not_written_without_a_commitment(world: World) -> None:
    life = Life(world).reach(State.ORDERED).play(Step.DELIVER)
    call = life.call(Step.RETURN, commitment=ZERO)
    assert world.chain.refusal(call, world.supplier.key.address) == Refused("ClaimCommitmentEmpty")


def test_any_acting_key_of_a_party_writes_for_it(world: World) -> None:
    life = Life(world)
    steps = (Step.OPEN, Step.AUTHORISE, Step.ORDER, Step.DELIVER, Step.INVOICE, Step.SETTLE, Step.RETURN)
    for step in steps:
        owner = life.owner(step)
        receipt = life.step(step, by=owner.second)
        assert receipt.event.args["key"] == owner.second.address
    assert life.stored.state == State.SETTLED
