# SPDX-License-Identifier: Apache-2.0
"""A payer decides on a verdict that it issued itself, for this claim and step, and on nothing else."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta

import pytest

from sceau import Network, Outcome, Payer, Verdict, load_policy
from sceau.chain.contract_errors import ClaimStepIllegal
from sceau.claim.steps import STEPS
from sceau.disclosure import Disclosure
from sceau.errors import VerdictError
from sceau.renewal import Beneficiary
from sceau.roles.acting import ActingParty
from sceau.roles.errors import (
    DecisionNotStored,
    DisclosureOfAnotherStep,
    NoGroundToRefuse,
    StoreMissing,
    VerdictElsewhere,
    VerdictInDoubt,
    VerdictOfStaleNode,
    VerdictRefused,
    VerdictTooOld,
    VerdictUnknown,
)
from sceau.roles.issued import LONGEST
from sceau.store import Kind, LocalStore
from sceau.store.errors import NumberAlreadyUsed
from sceau.terms import State, Step
from sceau.verify.verdict import BlockSeen
from tests.client.verify.cheats import edited
from tests.support.life import UNTIL, Life
from tests.support.stage import Stage
from tests.support.unsent import unsent


def forged(life: Life) -> Disclosure:
    """The opening with another act code than the one that was sealed."""
    made = life.disclosure()
    return replace(made, multiproof=edited(made.multiproof, "right.code", "VXA1"))


def unchanged(
    life: Life, verdict: Verdict | str, error: type[VerdictError], *, despite_doubt: bool = False
) -> None:
    """No decision is written on this verdict, and none is stored."""
    before, stored = life.head(), life.payer.steps(life.claim)
    with pytest.raises(error):
        life.payer.authorise(verdict, despite_doubt=despite_doubt, valid_until=UNTIL)
    with pytest.raises(VerdictError):
        life.payer.settle(verdict, despite_doubt=despite_doubt)
    assert life.head() == before
    assert len(life.payer.steps(life.claim)) == len(stored)


def test_a_forged_act_code_is_refused_and_nothing_is_written(stage: Stage) -> None:
    life = stage.opened
    verdict = life.payer.verify(forged(life))
    assert [reason.code for reason in verdict.reasons] == ["not-sealed"]
    unchanged(life, verdict, VerdictRefused)
    unchanged(life, verdict, VerdictRefused, despite_doubt=True)
    assert life.state() is State.OPENED


def test_doubt_needs_the_callers_word(stage: Stage) -> None:
    life = stage.opened
    beneficiary = Beneficiary(stage.round.today() - timedelta(days=300), band="FROM-16")
    shown = life.practice.disclose(
        life.steps["open"].record,
        [path for path in life.disclosure().paths if path != "renewal.early"],
        payer=life.payer.party,
        policy=load_policy("fr-responsible-contract"),
        clause="minimal",
    )
    verdict = life.payer.verify(life.show(shown), beneficiary=beneficiary)
    assert verdict.outcome is Outcome.IN_DOUBT
    unchanged(life, verdict, VerdictInDoubt)
    life.payer.authorise(verdict, despite_doubt=True, valid_until=UNTIL).wait(30)
    assert life.state() is State.AUTHORISED


def test_a_verdict_in_a_callers_hands_is_worth_nothing(stage: Stage) -> None:
    life = stage.opened
    true = life.verdict()
    block = BlockSeen(true.block.number, true.block.hash, true.block.time, 0)
    for made in (
        Verdict((), block, life.claim, life.head()),
        Verdict((), block, life.claim, life.head(), id="0" * 32),
        "0" * 32,
        "",
    ):
        unchanged(life, made, VerdictUnknown)


def test_of_a_verdict_that_was_issued_only_the_identifier_counts(stage: Stage) -> None:
    life = stage.opened
    refused = life.payer.verify(forged(life))
    unchanged(life, replace(refused, findings=()), VerdictRefused)
    accepted = life.verdict()
    elsewhere = replace(accepted, claim=stage.authorised.claim, head="0x" + "77" * 32, values={})
    handle = life.payer.authorise(elsewhere, valid_until=UNTIL)
    handle.wait(30)
    assert handle.claim == life.claim
    assert handle.step is not None
    assert handle.step.record.values["total.amc"] == accepted.values["total.amc"]


def test_a_verdict_counts_for_its_payer_and_its_deployment(stage: Stage) -> None:
    life, chain = stage.opened, stage.chain
    verdict, store = life.verdict(), life.payer.store
    other = Payer(chain.network, chain.signers["other_payer"], store=store)
    with pytest.raises(VerdictElsewhere):
        other.authorise(verdict, valid_until=UNTIL)
    network = Network(chain.network.node, replace(chain.network.manifest, genesis_hash="0x" + "12" * 32))
    with pytest.raises(VerdictElsewhere):
        Payer(network, chain.signers["payer"], store=store).authorise(verdict, valid_until=UNTIL)
    with pytest.raises(VerdictUnknown):
        Payer(chain.network, chain.signers["payer"], store=LocalStore(None)).authorise(
            verdict, valid_until=UNTIL
        )
    assert life.state() is State.OPENED


def test_a_claim_is_authorised_on_its_opening_and_settled_on_its_invoice(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    opening, invoice = life.verdict(), life.verdict("invoice")
    with pytest.raises(DisclosureOfAnotherStep) as refused:
        life.payer.settle(opening)
    assert refused.value.details["needed"].code == STEPS[Step.INVOICE].code
    with pytest.raises(DisclosureOfAnotherStep) as refused:
        life.payer.authorise(invoice, valid_until=UNTIL)
    assert refused.value.details["needed"].code == STEPS[Step.OPEN].code
    assert life.state() is State.INVOICED
    life.payer.settle(invoice).wait(30)
    assert life.state() is State.SETTLED


def test_a_verdict_grows_old_by_the_chains_time(stage: Stage) -> None:
    life = stage.opened
    verdict = life.verdict()
    stage.chain.sleep(LONGEST + 1)
    unchanged(life, verdict, VerdictTooOld)
    life.payer.authorise(life.verdict(), valid_until=UNTIL).wait(30)


def test_a_node_that_is_too_old_gives_nothing_to_decide_on(stage: Stage) -> None:
    life, network = stage.opened, stage.chain.network
    beating = Network(network.node, replace(network.manifest, block_period=2))
    payer = Payer(beating, stage.chain.signers["payer"], store=life.payer.store)
    verdict = payer.verify(life.disclosure(), clock=lambda: time.time() + 3600)
    unchanged(life, verdict, VerdictOfStaleNode)
    with pytest.raises(VerdictOfStaleNode):
        life.payer.refuse(verdict)


def test_what_was_written_since_stops_the_decision(stage: Stage) -> None:
    life = stage.opened
    verdict = life.verdict()
    life.note("cancel")
    with pytest.raises(ClaimStepIllegal):
        life.payer.authorise(verdict, valid_until=UNTIL)
    assert life.state() is State.CANCELLED
    assert life.payer.steps(life.claim) == []


def test_deciding_needs_a_store_and_verifying_none(stage: Stage) -> None:
    bare = Payer(stage.chain.network, stage.chain.signers["payer"])
    verdict = bare.verify(stage.opened.disclosure())
    assert verdict.outcome is Outcome.ACCEPTED
    with pytest.raises(StoreMissing):
        bare.authorise(verdict, valid_until=UNTIL)


# Refusals


def test_any_verdict_on_a_claim_of_ones_own_is_ground_to_refuse(stage: Stage) -> None:
    life = stage.opened
    life.payer.refuse(life.verdict(), reason="codes-differ").wait(30)
    assert life.state() is State.REFUSED
    (step,) = life.payer.steps(life.claim)
    assert step.record.values["decision.reason"] == "CODES-DIFFER"


@pytest.mark.parametrize("change", ["sender", "recipient", "claim"])
def test_what_says_nothing_of_a_claim_of_ones_own_is_no_ground(stage: Stage, change: str) -> None:
    life, chain = stage.opened, stage.chain
    made = life.disclosure()
    other = {
        "sender": replace(made, sender=chain.party("other_practice")),
        "recipient": replace(made, recipient=chain.party("other_payer")),
        "claim": replace(made, scope=replace(made.scope, claim="0x" + "77" * 32)),
    }[change]
    with pytest.raises(NoGroundToRefuse):
        life.payer.refuse(life.payer.verify(other))
    assert life.state() is State.OPENED


def test_a_forged_bare_file_is_no_ground_and_a_signed_one_is(stage: Stage) -> None:
    life = stage.opened
    with pytest.raises(NoGroundToRefuse):
        life.payer.refuse(life.payer.verify(forged(life)))
    life.payer.refuse(life.payer.verify(life.show(forged(life)))).wait(30)
    assert life.state() is State.REFUSED


# What a decision says, and its file number


def test_a_decision_repeats_what_was_shown_of_what_it_decides(stage: Stage) -> None:
    life = stage.opened
    verdict = life.verdict()
    handle = life.payer.authorise(verdict, valid_until=date.fromisoformat(UNTIL))
    assert handle.step is not None
    values = handle.step.record.values
    shown = {path: verdict.values[path] for path in ("pec.number", "right.code", "total.amc", "currency")}
    assert shown.items() <= values.items()
    assert values["valid-until"] == UNTIL


def test_a_file_number_serves_one_claim(stage: Stage) -> None:
    first, second = stage.opened, Life(stage.chain, stage.opened.published)
    second.payer = first.payer
    first.payer.authorise(first.verdict(), valid_until=UNTIL).wait(30)
    with pytest.raises(NumberAlreadyUsed) as refused:
        second.payer.authorise(second.verdict(), valid_until=UNTIL)
    assert refused.value.details["claim"] == first.claim
    assert second.state() is State.OPENED
    assert second.payer.steps(second.claim) == []
    # Whoever has the same store asks in vain.
    again = Payer(stage.chain.network, stage.chain.signers["payer"], store=first.payer.store)
    with pytest.raises(NumberAlreadyUsed):
        again.authorise(again.verify(second.disclosure()), valid_until=UNTIL)
    # A claim that is given up before any order frees its number.
    first.note("cancel")
    second.payer.authorise(second.verdict(), valid_until=UNTIL).wait(30)


def test_a_claim_that_was_given_up_after_an_order_keeps_its_file_number(stage: Stage) -> None:
    """Goods may have been made for it: the number would pay for them twice."""
    first, second = stage.opened, Life(stage.chain, stage.opened.published)
    second.payer = first.payer
    first.authorise()
    first.order()
    first.cancel()
    with pytest.raises(NumberAlreadyUsed) as refused:
        second.payer.authorise(second.verdict(), valid_until=UNTIL)
    assert refused.value.details["claim"] == first.claim
    assert second.state() is State.OPENED


def test_a_claim_that_was_refused_after_an_order_frees_its_file_number(stage: Stage) -> None:
    first, second = stage.opened, Life(stage.chain, stage.opened.published)
    second.payer = first.payer
    first.authorise()
    first.order()
    first.invoice()
    first.refuse("invoice")
    second.payer.authorise(second.verdict(), valid_until=UNTIL).wait(30)


def test_a_number_whose_step_was_refused_is_free(stage: Stage) -> None:
    first, second = stage.opened, Life(stage.chain, stage.opened.published)
    second.payer = first.payer
    verdict = first.verdict()
    first.note("cancel")
    with pytest.raises(ClaimStepIllegal):
        first.payer.authorise(verdict, valid_until=UNTIL)
    second.payer.authorise(second.verdict(), valid_until=UNTIL).wait(30)
    assert first.payer.store.of_claim(Kind.STEP, first.claim) == []


@pytest.mark.parametrize("step", [Step.AUTHORISE, Step.REFUSE, Step.SETTLE])
@pytest.mark.parametrize("role", [Payer, ActingParty])
def test_a_decision_that_no_verdict_allowed_is_not_sent_as_a_stored_step_either(
    stage: Stage, step: Step, role: type[ActingParty]
) -> None:
    life = stage.delivered if step is Step.SETTLE else stage.opened
    if step is Step.SETTLE:
        life.invoice()
    number = life.payer.history(life.claim).state.order_number
    made = life.sealed("payer-decision", {"decision.date": "2026-11-02"}, step, number)
    before = life.head()
    payer = role(life.chain.network, life.chain.signers["payer"], store=life.payer.store)
    with pytest.raises(DecisionNotStored):
        payer.resend(made)
    assert life.head() == before
    assert all(each.record.root != made.record.root for each in life.payer.steps(life.claim))


def test_a_decision_that_was_stored_before_it_was_sent_is_sent(stage: Stage) -> None:
    life = stage.opened
    step = unsent(life.payer.authorise, life.verdict(), valid_until=UNTIL)
    life.payer.store.put(Kind.STEP, step.record.root, step.to_json(), claim=life.claim)
    life.payer.resend(step).wait(30)
    assert life.state() is State.AUTHORISED
