# SPDX-License-Identifier: Apache-2.0
"""What a member sees of a claim: its states come from the table of steps, its values from what the reader holds."""

from __future__ import annotations

import json

import pytest

from sceau.chain.registries.errors import NoSuchClaim
from sceau.claim.errors import HistoryIncomplete
from sceau.claim.timeline import StepValues, read_timeline
from sceau.roles.auditor import Auditor
from sceau.roles.errors import StoreMissing
from sceau.store import Kind
from sceau.terms import Group, State, Step
from tests.support.lying_node import lying
from tests.support.stage import OTHER_LENS, Stage


def test_the_state_after_each_step_is_that_of_the_table(stage: Stage) -> None:
    life = stage.ordered
    life.deliver(**OTHER_LENS)
    life.remake()
    life.deliver()
    life.invoice()
    life.settle()
    life.record_return()
    timeline = Auditor(life.chain.network).timeline(life.claim)
    assert [(step.written.step, step.state, step.changed) for step in timeline.steps] == [
        (Step.OPEN, State.OPENED, True),
        (Step.AUTHORISE, State.AUTHORISED, True),
        (Step.ORDER, State.ORDERED, True),
        (Step.DELIVER, State.ORDERED, False),
        (Step.REMAKE, State.ORDERED, False),
        (Step.DELIVER, State.ORDERED, False),
        (Step.INVOICE, State.INVOICED, True),
        (Step.SETTLE, State.SETTLED, True),
        (Step.RETURN, State.SETTLED, False),
    ]
    assert [step.conform for step in timeline.steps] == [
        *(None, None, None, False, None, True, True, None, None),
    ]
    assert timeline.steps[3].written.mismatch == (Group.LENS_PRODUCT,)
    assert timeline.steps[-1].state == timeline.history.state.state


@pytest.mark.parametrize("end", ["refuse", "cancel"])
def test_a_claim_that_ended_unpaid_says_so(stage: Stage, end: str) -> None:
    life = stage.opened
    if end == "refuse":
        life.refuse()
    else:
        life.cancel()
    last = read_timeline(life.chain.network, life.claim).steps[-1]
    assert last.state == {"refuse": State.REFUSED, "cancel": State.CANCELLED}[end]
    assert last.changed


def test_every_party_of_the_claim_is_named(stage: Stage) -> None:
    ordered = read_timeline(stage.chain.network, stage.ordered.claim)
    assert ordered.parties == {stage.ordered.practice.party, stage.ordered.payer.party, 2}
    opened = read_timeline(stage.chain.network, stage.opened.claim)
    assert opened.parties == {stage.opened.practice.party, stage.opened.payer.party}


def test_values_stand_at_the_step_that_they_are_of_and_nowhere_else(stage: Stage) -> None:
    life = stage.delivered
    timeline = read_timeline(life.chain.network, life.claim)
    assert all(not step.values for step in timeline.steps)
    order, delivery = (timeline.history.find(step) for step in (Step.ORDER, Step.DELIVER))
    assert order is not None
    assert delivery is not None
    more = timeline.also(
        StepValues(order, (("lens-order/1", {"left.sphere": "-2.00"}),)),
        StepValues(delivery, (("lens-delivery/1", {"left.sphere": "-2.25"}),)),
    ).also(StepValues(order, (("lens-order/1", {"left.code": "VXB2"}),)))
    assert [dict(step.values) for step in more.steps] == [
        {},
        {},
        {"lens-order/1": {"left.sphere": "-2.00", "left.code": "VXB2"}},
        {"lens-delivery/1": {"left.sphere": "-2.25"}},
    ]
    assert all(not step.values for step in timeline.steps)
    shown = repr([more, *more.steps, *more.known])
    assert "-2.00" not in shown
    assert "VXB2" not in shown


def test_what_the_store_holds_is_shown_where_it_is_asked_for_and_proved(stage: Stage) -> None:
    life, other = stage.delivered, stage.ordered
    assert all(not step.values for step in life.practice.timeline(life.claim).steps)
    # What does not stand on the chain is left out, whoever put it there: another claim's step, a value that is none.
    strange = other.steps["order"]
    life.practice.store.put(Kind.STEP, strange.record.root, strange.to_json(), claim=life.claim)
    (shown_to_payer,) = life.payer.store.of_claim(Kind.MESSAGE, life.claim)
    edited = json.dumps(shown_to_payer).replace("VXB1", "VXB9")
    assert edited != json.dumps(shown_to_payer)
    life.payer.store.put(Kind.MESSAGE, "1:edited", json.loads(edited), claim=life.claim)
    held = {
        role: [list(step.values) for step in party.timeline(life.claim, held=True).steps]
        for role, party in (("practice", life.practice), ("supplier", life.supplier), ("payer", life.payer))
    }
    quote, authorised, ordered, delivered = (
        [life.steps[name].record.scope.profile_key] for name in ("open", "authorise", "order", "deliver")
    )
    assert held["practice"] == [quote, authorised, ordered, []]
    assert held["supplier"] == [[], [], ordered, delivered]
    assert held["payer"] == [quote, authorised, [], []]
    opened = life.payer.timeline(life.claim, held=True).steps[0].values[quote[0]]
    assert opened["right.code"] == "VXB1"
    shown = life.supplier.timeline(life.claim, held=True).steps[2].values[ordered[0]]
    assert shown == life.steps["order"].record.values
    with pytest.raises(StoreMissing):
        Auditor(life.chain.network).timeline(life.claim, held=True)


def test_its_json_says_what_the_chain_holds(stage: Stage) -> None:
    life = stage.delivered
    timeline = read_timeline(life.chain.network, life.claim)
    written = timeline.to_json()
    state = timeline.history.state
    assert {key: written[key] for key in ("claim", "state", "practice", "payer", "supplier", "order")} == {
        "claim": life.claim,
        "state": "ordered",
        "practice": life.practice.party,
        "payer": life.payer.party,
        "supplier": life.supplier.party,
        "order": 1,
    }
    assert (written["head"], written["consent"]) == (state.head, None)
    assert written["block"]["number"] == timeline.block.number
    last = written["steps"][-1]
    assert (last["step"], last["state"], last["mismatch"], last["values"]) == ("delivered", "ordered", [], {})
    assert last["commitment"] == life.steps["deliver"].record.root


def test_a_claim_that_is_not_there_or_not_whole_has_no_timeline(stage: Stage) -> None:
    life = stage.ordered
    auditor = Auditor(life.chain.network)
    with pytest.raises(NoSuchClaim):
        auditor.timeline("0x" + "77" * 32)
    assert auditor.history(life.claim) == life.practice.history(life.claim)
    hidden = life.steps["authorise"].record.root[2:]

    def hide(method: str, _: object, result: object) -> object:
        if method == "eth_getLogs" and isinstance(result, list):
            return [log for log in result if hidden not in str(log["data"]) + str(log["topics"])]
        return result

    with lying(life.chain, hide) as network, pytest.raises(HistoryIncomplete):
        Auditor(network).timeline(life.claim)
