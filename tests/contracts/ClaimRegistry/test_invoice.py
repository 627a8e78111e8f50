# SPDX-License-Identifier: Apache-2.0
"""The invoice's locks against the order's, and what the chain says of an order. P27, P30."""

from typing import Any

import pytest

from tests.contracts.support.chain import Event, refused
from tests.contracts.support.life import Life
from tests.contracts.support.terms import Conformity, State, Step
from tests.contracts.support.world import World

NOT_ATTESTED, CONFORM, MISMATCH = Conformity


@pytest.mark.parametrize("mask", range(16))
def test_an_invoice_is_compared_group_by_group(mask: int, world: World) -> None:
    life = Life(world).reach(State.ORDERED)
    locks = [world.word() if mask >> group & 1 else lock for group, lock in enumerate(life.locks(1))]
    receipt = life.step(Step.INVOICE, locks=locks)
    assert receipt.event == Event(
        "ClaimRegistry",
        "ClaimInvoiced",
        {
            "claim": life.id,
            "orderNumber": 1,
            "mismatch": mask,
            "key": world.practice.key.address,
            "commitment": receipt.event.args["commitment"],
            "locks": tuple(locks),
        },
    )
    assert life.stored.invoice_mismatch == mask
    assert life.stored.invoiced_order == 1


def test_tags_written_as_the_invoices_locks_differ_in_every_group(world: World) -> None:
    life = Life(world).reach(State.ORDERED).play(Step.DELIVER)
    life.step(Step.INVOICE, locks=life.tags(1))
    assert life.stored.invoice_mismatch == 0b1111


def test_a_claim_is_invoiced_once_also_after_a_remake(world: World) -> None:
    life = Life(world).reach(State.INVOICED)
    for replace in (False, True):
        if replace:
            life.step(Step.REMAKE)
        expected = refused("ClaimStepIllegal", life.id, State.INVOICED, Step.INVOICE)
        assert world.chain.refusal(life.call(Step.INVOICE), world.practice.key.address) == expected


def test_a_claim_is_authorised_once(world: World) -> None:
    life = Life(world).reach(State.AUTHORISED)
    expected = refused("ClaimStepIllegal", life.id, State.AUTHORISED, Step.AUTHORISE)
    assert world.chain.refusal(life.call(Step.AUTHORISE), world.payer.key.address) == expected


@pytest.mark.parametrize("state", [State.OPENED, State.AUTHORISED, State.CANCELLED, State.REFUSED])
def test_an_invoice_without_an_order_is_refused(state: State, world: World) -> None:
    life = Life(world).reach(state)
    expected = refused("ClaimStepIllegal", life.id, state, Step.INVOICE)
    assert world.chain.refusal(life.call(Step.INVOICE), world.practice.key.address) == expected


def test_an_invoice_on_a_cancelled_order_is_refused(world: World) -> None:
    life = Life(world).reach(State.ORDERED).play(Step.CANCEL)
    expected = refused("ClaimStepIllegal", life.id, State.CANCELLED, Step.INVOICE)
    assert world.chain.refusal(life.call(Step.INVOICE), world.practice.key.address) == expected


DELIVERIES = {"none": None, "equal": 0, "differs": 0b0110}
INVOICES = {"none": None, "equal": 0, "differs": 0b1010}
# The table of docs/protocol.md, written out.
VERDICTS = {
    ("none", "none"): (NOT_ATTESTED, 0),
    ("none", "equal"): (NOT_ATTESTED, 0),
    ("none", "differs"): (MISMATCH, 0b1010),
    ("equal", "none"): (CONFORM, 0),
    ("equal", "equal"): (CONFORM, 0),
    ("equal", "differs"): (MISMATCH, 0b1010),
    ("differs", "none"): (MISMATCH, 0b0110),
    ("differs", "equal"): (MISMATCH, 0b0110),
    ("differs", "differs"): (MISMATCH, 0b1110),
}


@pytest.mark.parametrize("invoice", INVOICES)
@pytest.mark.parametrize("delivery", DELIVERIES)
@pytest.mark.parametrize("invoice_first", [False, True])
def test_conformity_says_what_delivery_and_invoice_of_the_current_order_say(
    delivery: str, invoice: str, invoice_first: bool, world: World
) -> None:
    life = Life(world).reach(State.ORDERED)
    for step in (Step.INVOICE, Step.DELIVER) if invoice_first else (Step.DELIVER, Step.INVOICE):
        mask = INVOICES[invoice] if step is Step.INVOICE else DELIVERIES[delivery]
        if mask is not None:
            _write(world, life, step, mask)
    assert _conformity(world, life) == VERDICTS[delivery, invoice]


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_conformity_of_a_remake_leaves_out_the_invoice_of_the_order_before(
    delivery: str, world: World
) -> None:
    life = Life(world).reach(State.ORDERED)
    _write(world, life, Step.INVOICE, 0b1111)
    life.step(Step.REMAKE)
    assert _conformity(world, life) == (NOT_ATTESTED, 0)
    mask = DELIVERIES[delivery]
    if mask is not None:
        _write(world, life, Step.DELIVER, mask)
    assert _conformity(world, life) == VERDICTS[delivery, "none"]
    assert life.stored.invoice_mismatch == 0b1111


def test_conformity_of_a_claim_without_an_order_is_not_attested(world: World) -> None:
    assert _conformity(world, Life(world).reach(State.OPENED)) == (NOT_ATTESTED, 0)


def test_a_claim_whose_supplier_is_absent_is_settled_as_not_attested(world: World) -> None:
    life = Life(world).reach(State.SETTLED)
    assert _conformity(world, life) == (NOT_ATTESTED, 0)


def _write(world: World, life: Life, step: Step, mask: int) -> None:
    right = life.tags(life.order) if step is Step.DELIVER else life.locks(life.order)
    given = [world.word() if mask >> group & 1 else value for group, value in enumerate(right)]
    choices: dict[str, Any] = {"tags" if step is Step.DELIVER else "locks": given}
    life.step(step, **choices)


def _conformity(world: World, life: Life) -> tuple[int, int]:
    conformity, mismatch = world.chain.read(world.claims.conformityOf(life.id))
    return conformity, mismatch
