# SPDX-License-Identifier: Apache-2.0
"""Every step in every situation by every party, against the table of docs/protocol.md. P2, P24, P27, P28."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.ClaimRegistry.conftest import Cast
from tests.contracts.support.chain import Receipt, Refused
from tests.contracts.support.life import FUNCTIONS, PAYER_STEPS, SUPPLIER_MARKS, Life
from tests.contracts.support.protocol import Row, Situation, errors, situations, steps
from tests.contracts.support.terms import AUDITOR, Claim, State, Step
from tests.contracts.support.world import World

MASKS = Path(__file__).resolve().parents[3] / "contracts" / "claim" / "LegalStates.sol"
EVERYWHERE = pytest.mark.parametrize("situation", situations(), ids=str)


def test_the_table_has_a_row_for_every_step() -> None:
    assert set(steps()) == set(Step)
    assert {step: row.function for step, row in steps().items()} == FUNCTIONS
    assert {step for step, row in steps().items() if row.names_head} == PAYER_STEPS
    assert {step for step, row in steps().items() if row.party == "supplier"} == SUPPLIER_MARKS


def test_the_table_reaches_every_state_and_every_mark() -> None:
    assert {situation.state for situation in situations()} == set(State)
    assert {mark for situation in situations() for mark in situation.marks} == {
        "delivered",
        "returned",
        "disputed",
    }


def test_the_masks_of_legal_states_are_the_tables_column_in_its_order() -> None:
    found = re.findall(r"uint256 internal constant (\w+) = (.+);", MASKS.read_text(encoding="utf-8"))
    masks = [(Step[name], {State[bit.strip(" _")] for bit in bits.split("|")}) for name, bits in found]
    assert masks == [(step, set(row.legal_in)) for step, row in steps().items()]


@EVERYWHERE
def test_a_step_is_taken_only_where_and_by_whom_the_table_says(
    situation: Situation, general_life: Life, generalists: Cast, world: World
) -> None:
    general_life.play(*situations()[situation])
    for row in steps().values():
        # Another party's `open` opens a claim of its own: test_opening.py.
        names = ["practice"] if row.step is Step.OPEN else list(generalists)
        call = general_life.call(row.step)
        answers = world.chain.ask_each(call, [generalists[name].key.address for name in names])
        for name, answer in zip(names, answers, strict=True):
            reasons = _reasons(situation, row, name)
            if reasons:
                assert isinstance(answer, Refused), f"{row.step.name} by the {name}: accepted"
                assert answer.name in reasons, f"{row.step.name} by the {name}: {answer}"
            else:
                assert not isinstance(answer, Refused), f"{row.step.name} by the {name}: {answer}"


def _reasons(situation: Situation, row: Row, party: str) -> set[str]:
    """Errors by which the table refuses this step; none, and it is legal."""
    reasons = {errors()[f"needs {need}"] for need in row.needs if not situation.meets(need)}
    if party != row.party:
        reasons.add(errors()["another party of the consortium than the row's"])
    if situation.state not in row.legal_in:
        opened_before = "Open, of a claim that was opened before"
        reasons.add(errors()[opened_before if row.step is Step.OPEN else "not legal in this state"])
    return reasons


@EVERYWHERE
def test_a_step_changes_what_the_table_says_and_nothing_else(
    situation: Situation, general_life: Life, world: World
) -> None:
    general_life.play(*situations()[situation])
    for row in steps().values():
        if not situation.allows(row):
            continue
        before = general_life.stored
        snapshot = world.chain.snapshot()
        receipt = general_life.step(row.step)
        after = general_life.stored
        assert after == _expected(before, row, receipt, general_life)._replace(
            head=after.head, locks_hash=after.locks_hash
        )
        assert after.head != before.head
        assert (after.locks_hash != before.locks_hash) == (row.step in (Step.ORDER, Step.REMAKE))
        world.chain.revert(snapshot)


def _expected(before: Claim, row: Row, receipt: Receipt, life: Life) -> Claim:
    after = before
    if row.step is Step.OPEN:
        after = after._replace(practice=life.practice.number, payer=life.payer.number)
    if row.state_after is not None:
        after = after._replace(state=row.state_after)
    if row.mark:
        marked: dict[str, Any] = {f"{row.mark}_at": receipt.time}
        after = after._replace(**marked)
    if row.step in (Step.ORDER, Step.REMAKE):
        after = after._replace(
            supplier=life.supplier.number,
            order=before.order + 1,
            delivered_at=0,
            returned_at=0,
            disputed_at=0,
            delivery_mismatch=0,
        )
    if row.step is Step.INVOICE:
        after = after._replace(invoiced_order=before.order)
    return after


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.OPEN])
@pytest.mark.parametrize("standing", ["suspended", "retired", "compromised", "without the role"])
def test_no_step_is_written_by_a_party_or_key_that_may_not_act(
    step: Step, standing: str, world: World
) -> None:
    """P2, for the claim's own parties: before the change the same call goes through."""
    life = Life(world).play(*_way_to(step))
    before = life.stored
    owner = life.owner(step)
    call, key = life.call(step), owner.key.address
    assert not isinstance(world.chain.ask(call, key), Refused)
    if standing == "suspended":
        world.suspend(owner)
        assert world.chain.refusal(call, key) == Refused("PartyIsSuspended", (owner.number,))
        world.reinstate(owner)
    elif standing == "retired":
        key = owner.retired.address
        assert world.chain.refusal(call, key) == Refused("KeyIsRetired", (key,))
    elif standing == "compromised":
        key = owner.compromised.address
        assert world.chain.refusal(call, key) == Refused("KeyIsRetired", (key,))
    else:
        role = world.party(owner.number).roles
        world.set_roles(owner, AUDITOR)
        assert world.chain.refusal(call, key) == Refused("PartyLacksRole", (owner.number, role))
        world.set_roles(owner, role)
    assert life.stored == before
    world.chain.send(call, owner.key.address)


def _way_to(step: Step) -> tuple[Step, ...]:
    ways = (way for situation, way in situations().items() if situation.allows(steps()[step]))
    return min(ways, key=len)
