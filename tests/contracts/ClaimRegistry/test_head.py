# SPDX-License-Identifier: Apache-2.0
"""The head of a claim: what it hashes, and the payer's steps that name it. P25, P26."""

import re
from pathlib import Path

import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.contracts.support.chain import Event, refused
from tests.contracts.support.head import NUMBERS, head_of, next_head
from tests.contracts.support.life import Life
from tests.contracts.support.protocol import table
from tests.contracts.support.terms import ZERO, Conformity, State, Step
from tests.contracts.support.world import World

INTERFACE = Path(__file__).resolve().parents[3] / "interfaces" / "IClaimRegistry.sol"

LONG_LIFE = (
    Step.OPEN,
    Step.AUTHORISE,
    Step.ORDER,
    Step.DISPUTE,
    Step.REMAKE,
    Step.DELIVER,
    Step.RETURN,
    Step.REMAKE,
    Step.INVOICE,
    Step.DELIVER,
    Step.SETTLE,
    Step.DISPUTE,
    Step.REMAKE,
    Step.DELIVER,
    Step.RETURN,
)


@pytest.mark.parametrize("kind", [State, Step, Conformity])
def test_the_numbers_of_states_and_steps_are_those_of_the_interface(kind: type[State]) -> None:
    body = re.search(rf"enum {kind.__name__} \{{([^}}]*)\}}", INTERFACE.read_text(encoding="utf-8"))
    assert body
    names = [re.sub(r"(?<!^)(?=[A-Z])", "_", name.strip()).upper() for name in body.group(1).split(",")]
    assert {name: number for number, name in enumerate(names)} == {item.name: item.value for item in kind}


def test_the_numbers_of_the_document_are_those_of_the_interface() -> None:
    assert {step.name: step.value for step in Step} == NUMBERS
    states = {name.upper(): int(number) for name, number, _ in table("state", "number", "means")}
    assert {state.name: state.value for state in State} == states


@pytest.mark.parametrize(
    "steps",
    [
        LONG_LIFE,
        (Step.OPEN, Step.REFUSE),
        (Step.OPEN, Step.CANCEL),
        (Step.OPEN, Step.AUTHORISE, Step.CANCEL),
        (Step.OPEN, Step.AUTHORISE, Step.ORDER, Step.REMAKE, Step.CANCEL, Step.DELIVER),
        (Step.OPEN, Step.AUTHORISE, Step.ORDER, Step.REMAKE, Step.INVOICE, Step.REFUSE, Step.DISPUTE),
    ],
    ids=lambda steps: " ".join(step.name.lower() for step in steps),
)
def test_the_head_is_the_running_hash_of_the_claims_events(steps: tuple[Step, ...], world: World) -> None:
    life = Life(world, consent=world.record_consent(world.patient))
    for turn, step in enumerate(steps):
        owner = life.owner(step)
        life.step(step, by=owner.second if turn % 2 else owner.key)
        assert life.stored.head == head_of(_history(world, life)), f"after {step.name}"
    assert len(_history(world, life)) == len(steps)


def test_a_history_with_an_event_left_out_added_or_moved_does_not_give_the_head(world: World) -> None:
    life = Life(world).play(Step.OPEN, Step.AUTHORISE, Step.ORDER, Step.DISPUTE, Step.DELIVER, Step.RETURN)
    history = _history(world, life)
    assert head_of(history) == life.stored.head
    tampered = [history[:-1], [*history, history[-1]], [*history[:3], history[4], history[3], history[5]]]
    for events in tampered:
        assert head_of(events) != life.stored.head


def test_the_first_head_is_made_from_zero(world: World) -> None:
    life = Life(world)
    assert life.stored.head == ZERO
    receipt = life.step(Step.OPEN)
    args = receipt.event.args
    detail = keccak(encode(["uint32", "bytes32"], [world.payer.number, ZERO]))
    expected = next_head(
        ZERO,
        life.id,
        Step.OPEN,
        world.practice.number,
        world.practice.key.address,
        receipt.time,
        0,
        args["commitment"],
        detail,
    )
    assert life.stored.head == expected


# What can be written between the payer's check and its step, for each such step.
WRITTEN_SINCE = [
    (Step.SETTLE, State.INVOICED, Step.DELIVER),
    (Step.SETTLE, State.INVOICED, Step.DISPUTE),
    (Step.SETTLE, State.INVOICED, Step.REMAKE),
    (Step.REFUSE, State.INVOICED, Step.DELIVER),
    (Step.REFUSE, State.INVOICED, Step.DISPUTE),
    (Step.REFUSE, State.INVOICED, Step.REMAKE),
]


@pytest.mark.parametrize(("step", "state", "written"), WRITTEN_SINCE)
def test_a_payers_step_is_refused_when_something_was_written_since_it_verified(
    step: Step, state: State, written: Step, world: World
) -> None:
    life = Life(world).reach(state)
    verified = life.stored.head
    stale = life.call(step, head=verified)
    life.step(written)
    current = life.stored.head
    expected = refused("ClaimHeadMoved", life.id, verified, current)
    assert world.chain.refusal(stale, world.payer.key.address) == expected
    life.step(step, head=current)


@pytest.mark.parametrize(
    ("step", "state"),
    [
        (Step.AUTHORISE, State.OPENED),
        (Step.REFUSE, State.OPENED),
        (Step.REFUSE, State.INVOICED),
        (Step.SETTLE, State.INVOICED),
    ],
)
def test_a_payers_step_names_the_head_of_this_claim_and_no_other(
    step: Step, state: State, world: World
) -> None:
    life, twin = (Life(world).reach(state) for _ in range(2))
    older = head_of(_history(world, life)[:-1])
    for head in (ZERO, twin.stored.head, older, world.word()):
        call = life.call(step, head=head)
        expected = refused("ClaimHeadMoved", life.id, head, life.stored.head)
        assert world.chain.refusal(call, world.payer.key.address) == expected
    life.step(step)


def test_the_queue_of_a_shop_that_was_off_line_goes_through_whatever_was_written(world: World) -> None:
    life = Life(world).reach(State.ORDERED)
    queued = life.call(Step.INVOICE)
    life.play(Step.DISPUTE, Step.DELIVER)
    world.chain.send(queued, world.practice.key.address)


def _history(world: World, life: Life) -> list[tuple[int, Event]]:
    return world.chain.logs(world.claims, None, life.id)
