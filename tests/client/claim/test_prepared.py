# SPDX-License-Identifier: Apache-2.0
"""A prepared step survives its file unchanged, and a damaged file sends nothing."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sceau.chain.contract_errors import ClaimAlreadyOpened
from sceau.claim.errors import StepForeign
from sceau.claim.prepared import PreparedStep
from sceau.conformity.keys import OrderKey
from sceau.errors import SceauError
from sceau.formats.optics.quote import load_quote
from sceau.record import seal
from sceau.roles.handle import WriteState
from tests.support.life import DATA, UNTIL
from tests.support.stage import Played, Stage
from tests.support.unsent import unsent

ON_ONE_CHAIN = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PRESCRIPTION = {
    "prescription.written": "2026-10-02",
    "right.sphere": "-1.75",
    "right.cylinder": "0.00",
    "left.sphere": "-2.00",
    "left.cylinder": "0.00",
}


@pytest.fixture(scope="module")
def steps(played: Played) -> dict[str, PreparedStep]:
    """A prepared step of every kind, none of them sent."""
    with played.set() as stage:
        return prepare(stage)


def prepare(stage: Stage) -> dict[str, PreparedStep]:
    opened, ordered, delivered = stage.opened, stage.ordered, stage.delivered
    assert ordered.received is not None
    values = dict(ordered.steps["order"].record.values)
    supplier, invoiced = ordered.supplier.party, delivered.copy()
    invoiced.invoice()
    again = {**values, "order.reason": "CORRECTION"}
    prepared = [
        unsent(
            opened.practice.open_claim,
            "fr-optical-quote",
            load_quote(DATA / "quote.json"),
            payer=opened.payer.party,
            prescription=PRESCRIPTION,
        ),
        unsent(opened.payer.authorise, opened.verdict(), valid_until=UNTIL),
        unsent(opened.payer.refuse, opened.verdict(), reason="OTHER"),
        unsent(opened.practice.cancel, opened.claim, reason="OTHER"),
        unsent(stage.authorised.practice.order, stage.authorised.claim, values, supplier=supplier),
        unsent(ordered.practice.remake, ordered.claim, again, supplier=supplier),
        unsent(ordered.supplier.deliver, ordered.received, dict(delivered.steps["deliver"].record.values)),
        ordered.unsent_invoice(),
        unsent(invoiced.payer.settle, invoiced.verdict("invoice")),
        unsent(delivered.supplier.record_return, delivered.claim, reason="OTHER"),
        unsent(delivered.supplier.dispute, delivered.claim, reason="OTHER"),
    ]
    return {step.function: step for step in prepared}


def test_every_kind_of_step_survives_its_file(steps: dict[str, PreparedStep]) -> None:
    assert len(steps) == 11
    for function, step in steps.items():
        again = PreparedStep.from_json(json.dumps(step.to_json()))
        assert again.arguments == step.arguments, function
        assert (again.claim, again.function) == (step.claim, step.function)
        assert again.record.root == step.record.root
        assert again.order_key == step.order_key
        assert {name: inner.root for name, inner in again.inner.items()} == {
            name: inner.root for name, inner in step.inner.items()
        }


def test_a_step_sent_again_is_written_once(stage: Stage) -> None:
    step = PreparedStep.from_json(stage.opened.steps["open"].to_json())
    before = stage.opened.practice.history(stage.opened.claim)
    again = stage.opened.practice.resend(step)
    assert again.state is WriteState.WRITTEN
    assert again.wait().hash == before.steps[0].transaction
    assert stage.opened.head() == before.state.head
    # Another record for the same claim is not the one that was written.
    with pytest.raises(ClaimAlreadyOpened):
        stage.opened.practice.resend(_sealed_anew(step))


def _sealed_anew(step: PreparedStep) -> PreparedStep:
    record = seal(step.record.scope, step.record.values)
    return replace(step, record=record, arguments=(*step.arguments[:3], record.root))


@pytest.mark.parametrize("place", [{"contract": "0x" + "12" * 20}, {"chain_id": 5}], ids=str)
def test_a_step_of_another_deployment_is_not_sent(
    stage: Stage, steps: dict[str, PreparedStep], place: dict[str, Any]
) -> None:
    life = stage.opened
    step = steps["authorise"]
    scope = replace(step.record.scope, **place)
    record = seal(scope, step.record.values)
    foreign = PreparedStep.from_json(
        replace(step, record=record, arguments=(*step.arguments[:2], record.root)).to_json()
    )
    before = life.head()
    with pytest.raises(StepForeign):
        life.payer.resend(foreign)
    assert life.head() == before


def test_no_secret_is_in_its_repr(steps: dict[str, PreparedStep]) -> None:
    step = steps["order"]
    shown = repr(step)
    assert step.order_key is not None
    for secret in (step.order_key.reveal()[2:12], step.record.seed.hex()[:10], "VXB1", "-1.75"):
        assert secret not in shown


def other(value: Any) -> Any:
    """A value of the same shape that says something else."""
    if isinstance(value, str):
        flipped = "0" if value[-1] != "0" else "1"
        return value[:-1] + flipped
    if isinstance(value, list):
        return [other(value[0]), *value[1:]]
    return value + 1


def test_a_call_that_does_not_write_its_own_record_is_refused(steps: dict[str, PreparedStep]) -> None:
    """Of its own claim, commitment or locks a file can be edited into nothing else."""
    fixed = {
        "open": (3,),
        "authorise": (0, 2),
        "refuse": (0, 2),
        "cancel": (0, 1),
        "order": (0, 2, 3),
        "remake": (0, 1, 3, 4),
        "deliver": (0, 1, 2),
        "invoice": (0, 1, 2),
        "settle": (0, 2),
        "recordReturn": (0, 1, 2),
        "dispute": (0, 1, 2),
    }
    for function, step in steps.items():
        for place in fixed[function]:
            data = step.to_json()
            data["arguments"][place] = other(data["arguments"][place])
            with pytest.raises(SceauError):
                PreparedStep.from_json(data)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "sceau-prepared-step/2"},
        {"function": "transferOwnership"},
        {"function": "invoice"},
        {"function": "remake"},
        {"function": ["order"]},
        {"function": None},
        {"claim": "0x" + "77" * 32},
        {"claim": 5},
        {"arguments": {}},
        {"arguments": []},
        {"arguments": None},
        {"opening": None},
        {"opening": {}},
        {"opening": 5},
        {"inner": None},
        {"inner": {"prescription": {}}},
        {"order_key": None},
        {"order_key": "0x" + "11" * 32},
        {"order_key": "0x11"},
        {"order_key": 7},
        {"more": 1},
    ],
    ids=str,
)
def test_a_part_that_does_not_fit_is_refused_plainly(
    steps: dict[str, PreparedStep], change: dict[str, object]
) -> None:
    data = json.loads(json.dumps(steps["order"].to_json())) | change
    with pytest.raises(SceauError) as refused:
        PreparedStep.from_json(json.dumps(data))
    assert refused.value.message("en") != refused.value.message("fr")


@pytest.mark.parametrize("wrong", [True, -1, 2**32, 1.5, "2", None, ["0x11"], "0x" + "1" * 63])
def test_an_argument_of_another_shape_is_refused(steps: dict[str, PreparedStep], wrong: object) -> None:
    step = steps["invoice"]
    for place in range(len(step.arguments)):
        data = step.to_json()
        data["arguments"][place] = wrong
        with pytest.raises(SceauError):
            PreparedStep.from_json(data)
    for arguments in (step.arguments[:-1], (*step.arguments, step.claim)):
        with pytest.raises(SceauError):
            PreparedStep.from_json({**step.to_json(), "arguments": list(arguments)})


def test_a_key_that_no_order_needs_and_an_inner_record_that_is_not_sealed_are_refused(
    steps: dict[str, PreparedStep],
) -> None:
    with_key = {**steps["cancel"].to_json(), "order_key": OrderKey.draw().reveal()}
    with pytest.raises(SceauError):
        PreparedStep.from_json(with_key)
    foreign = steps["open"].to_json()
    foreign["inner"]["prescription"] = steps["cancel"].record.to_json()
    with pytest.raises(SceauError):
        PreparedStep.from_json(foreign)


@given(data=st.data())
@ON_ONE_CHAIN
def test_a_truncated_file_is_refused_plainly(stage: Stage, data: st.DataObject) -> None:
    text = json.dumps(stage.ordered.steps["order"].to_json())
    with pytest.raises(SceauError):
        PreparedStep.from_json(text[: data.draw(st.integers(0, len(text) - 1))])


@given(seed=st.integers(0, 2**32))
@ON_ONE_CHAIN
def test_an_edited_file_is_refused_or_means_the_same(stage: Stage, seed: int) -> None:
    """One character changed anywhere: nothing is sent that the record and the key do not stand behind."""
    dice = random.Random(seed)
    step = stage.ordered.steps["order"]
    text = json.dumps(step.to_json())
    at = dice.randrange(len(text))
    changed = text[:at] + dice.choice('0123456789abcdefXZ"{}[],: ') + text[at + 1 :]
    try:
        read = PreparedStep.from_json(changed)
    except SceauError:
        return
    assert (read.claim, read.function, read.record.root) == (step.claim, step.function, step.record.root)
    assert read.order_key == step.order_key
    # All that can differ is the number of the supplier, which no record holds.
    differing = [one for one, two in zip(read.arguments, step.arguments, strict=True) if one != two]
    assert all(type(each) is int for each in differing)
