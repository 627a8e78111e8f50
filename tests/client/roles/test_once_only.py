# SPDX-License-Identifier: Apache-2.0
"""A file number serves one claim, whichever verb, value or handle would give it to a second one."""

from __future__ import annotations

import pytest

from sceau.chain.contract_errors import ContractError
from sceau.claim.prepared import PreparedStep
from sceau.formats.optics.quote import load_quote
from sceau.record import Value
from sceau.roles.errors import DecisionNotStored, StoreMissing, VerdictRefused
from sceau.roles.handle import Handle, WriteState
from sceau.roles.payer import Payer
from sceau.roles.supplier import Supplier
from sceau.store import Kind, Number
from sceau.store.errors import NumberAlreadyUsed
from sceau.terms import State
from scripts.documents import document
from tests.support.life import UNTIL, Life
from tests.support.stage import Stage
from tests.support.unsent import unsent

QUOTE = load_quote(document("quote"))


def second_claim(stage: Stage, first: Life, number: str | None) -> Life:
    """Another claim of the same practice and payer, with another file number, or none."""
    life = Life(stage.chain, first.published)
    life.payer = first.payer
    own: dict[str, Value] = {path: value for path, value in QUOTE.items() if path != "pec.number"}
    life.open(values=own if number is None else {**own, "pec.number": number})
    return life


def refused_in_its_block(stage: Stage, life: Life) -> Handle:
    """An authorisation of which only its block says that its payer may not write now; it may again afterwards."""
    verdict, node = life.verdict(), stage.chain.test_node
    node.stop_blocks()
    try:
        suspended = stage.chain.consortium.suspend(life.payer.party)
        handle = life.payer.authorise(verdict, valid_until=UNTIL)
    finally:
        node.start_blocks()
    suspended.wait(30)
    with pytest.raises(ContractError):
        handle.wait(30)
    assert handle.state is WriteState.REFUSED
    stage.chain.consortium.reinstate(life.payer.party).wait(30)
    return handle


@pytest.mark.parametrize("shown", [None, "PEC-OTHER"])
def test_a_number_that_a_decision_states_itself_serves_one_claim(stage: Stage, shown: str | None) -> None:
    first = stage.opened
    second = second_claim(stage, first, shown)
    values = {"decision.date": stage.round.today().isoformat(), "pec.number": "PEC-OWN"}
    first.payer.authorise(first.verdict(), values=values, valid_until=UNTIL).wait(30)
    with pytest.raises(NumberAlreadyUsed) as refused:
        second.payer.authorise(second.verdict(), values=values, valid_until=UNTIL)
    assert refused.value.details["claim"] == first.claim
    assert second.state() is State.OPENED
    assert second.payer.steps(second.claim) == []
    # What was shown serves its claim as well, and is free again where nothing was written.
    third = second_claim(stage, first, QUOTE["pec.number"])  # type: ignore[arg-type] # a code
    with pytest.raises(NumberAlreadyUsed):
        third.payer.authorise(
            third.verdict(), values={**values, "pec.number": "PEC-THIRD"}, valid_until=UNTIL
        )
    fourth = second_claim(stage, first, "PEC-OTHER")
    fourth.payer.authorise(
        fourth.verdict(), values={**values, "pec.number": "PEC-THIRD"}, valid_until=UNTIL
    ).wait(30)


def test_an_invoice_does_not_bring_the_number_of_another_claim(stage: Stage) -> None:
    """Authorised under a number of its own, the claim is invoiced under that of a claim that was paid."""
    paid, life = stage.delivered, stage.opened
    paid.invoice()
    paid.settle()
    store = paid.payer.store
    box = life.published.mailbox("payer", store)
    life.payer = Payer(stage.chain.network, stage.chain.signers["payer"], store=store, mailbox=box)
    life.open(values={**life.values("open"), "pec.number": "PEC-OWN"})
    life.authorise()
    life.order()
    life.invoice()
    verdict = life.verdict("invoice")
    assert [each.code for each in verdict.reasons] == ["invoice-other-file-number"]
    with pytest.raises(VerdictRefused):
        life.payer.settle(verdict, despite_doubt=True)
    assert life.state() is State.INVOICED
    assert [step.function for step in life.payer.steps(life.claim)] == ["authorise"]


def test_a_payment_on_the_number_of_another_claim_needs_that_number(stage: Stage) -> None:
    """Where the authorisation is lost and a person goes on, the store still knows whose number it is."""
    paid, life = stage.delivered, stage.ordered
    paid.invoice()
    paid.settle()
    store = paid.payer.store
    box = life.published.mailbox("payer", store)
    life.payer = Payer(stage.chain.network, stage.chain.signers["payer"], store=store, mailbox=box)
    life.invoice()
    with pytest.raises(NumberAlreadyUsed):
        life.payer.settle(life.verdict("invoice"), despite_doubt=True)
    assert life.state() is State.INVOICED
    assert life.payer.steps(life.claim) == []


def test_a_handle_gives_a_number_back_once(stage: Stage) -> None:
    """Waited for again, a refused handle must not release what a later attempt reserved."""
    first, second = stage.opened, Life(stage.chain, stage.opened.published)
    second.payer = first.payer
    refused = refused_in_its_block(stage, first)
    first.payer.authorise(first.verdict(), valid_until=UNTIL).wait(30)
    with pytest.raises(ContractError):
        refused.wait(30)
    with pytest.raises(NumberAlreadyUsed):
        second.payer.authorise(second.verdict(), valid_until=UNTIL)
    assert second.state() is State.OPENED


def test_a_decision_that_was_taken_back_is_decided_again_and_not_sent_again(stage: Stage) -> None:
    first, second = stage.opened, Life(stage.chain, stage.opened.published)
    second.payer = first.payer
    refused = refused_in_its_block(stage, first)
    assert refused.step is not None
    second.payer.authorise(second.verdict(), valid_until=UNTIL).wait(30)
    with pytest.raises(DecisionNotStored):
        first.payer.resend(refused.step)
    assert first.state() is State.OPENED
    assert first.payer.store.get(Kind.STEP, refused.step.record.root) is None
    # What is written is written, whichever claim the number serves now.
    written = second.payer.steps(second.claim)[-1]
    assert first.payer.resend(written).state is WriteState.WRITTEN


def undelivered(stage: Stage) -> PreparedStep:
    """A delivery that the supplier of ``stage.ordered`` sealed, and did not send."""
    life, made = stage.ordered, dict(stage.delivered.steps["deliver"].record.values)
    assert life.received is not None
    return unsent(life.supplier.deliver, life.received, made, despite_difference=True)


def test_resending_what_states_a_number_reserves_it_again(stage: Stage) -> None:
    life, step = stage.ordered, undelivered(stage)
    number = str(step.record.values["dispatch.reference"])
    life.supplier.store.reserve(Number.DISPATCH, number, stage.delivered.claim, ended=lambda _: False)
    with pytest.raises(NumberAlreadyUsed):
        life.supplier.resend(step)
    assert life.state() is State.ORDERED


def test_resending_what_states_a_number_needs_a_store(stage: Stage) -> None:
    step = undelivered(stage)
    with pytest.raises(StoreMissing):
        Supplier(stage.chain.network, stage.chain.signers["supplier"]).resend(step)
    assert stage.ordered.state() is State.ORDERED


def test_a_node_that_does_not_know_a_claim_frees_none_of_its_numbers(stage: Stage) -> None:
    """It may lag behind: only a claim that ended unpaid gives its number back."""
    life, elsewhere = stage.opened, "0x" + "ab" * 32
    number = str(QUOTE["pec.number"])
    life.payer.store.reserve(Number.FILE_NUMBER, number, elsewhere, ended=lambda _: False)
    with pytest.raises(NumberAlreadyUsed) as refused:
        life.payer.authorise(life.verdict(), valid_until=UNTIL)
    assert refused.value.details["claim"] == elsewhere
    assert life.state() is State.OPENED
