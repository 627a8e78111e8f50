# SPDX-License-Identifier: Apache-2.0
"""Every non-conformity of docs/verdicts.md, from client to chain to verdict, and how it is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from sceau import Outcome, Verdict
from sceau.chain.contract_errors import (
    ClaimConsentNotValid,
    ClaimHeadMoved,
    ClaimStepIllegal,
    ContractError,
    PartyIsSuspended,
)
from sceau.chain.illegal_steps import DOUBLE_INVOICE
from sceau.claim.errors import NoOrder
from sceau.claim.prepared import PreparedStep
from sceau.conformity.seals import locks
from sceau.formats.optics.order import load_invoice
from sceau.record import Scope, seal
from sceau.renewal import Beneficiary
from sceau.roles.acting import ActingParty
from sceau.terms import Group, State, Step
from sceau.verify.act_codes import ActCodes
from scripts.documents import document
from tests.client.verify.cheats import CODES
from tests.support.life import UNTIL, Life
from tests.support.round import Round
from tests.support.stage import OTHER_LENS, Stage
from tests.support.unsent import sealed_anew, unsent
from tests.support.words import word


def reasons(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.reasons}


def notes(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.notes}


def refused(life: Life, step: PreparedStep, error: type[ContractError] = ClaimStepIllegal) -> ContractError:
    """The contract refuses a step, and the claim is as it was."""
    before = life.head()
    with pytest.raises(error) as caught:
        life.practice.resend(step).wait(30)
    assert life.head() == before
    assert caught.value.message("en") != caught.value.message("fr")
    return caught.value


def on_paper(life: Life, step: PreparedStep) -> Verdict:
    """What the payer says of the step when it is shown to it all the same."""
    life.steps["invoice"] = step
    return life.payer.verify(life.disclosure("invoice"))


# The contract refuses


def test_a_double_invoice_of_one_authorisation(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    again = life.unsent_invoice(**{"invoice.number": "F20269999"})
    error = refused(life, again)
    assert isinstance(error, ClaimStepIllegal)
    assert error.name == "double-invoice"
    assert error.message("en").endswith(DOUBLE_INVOICE.en)
    assert error.message("fr").endswith(DOUBLE_INVOICE.fr)
    written = life.steps["invoice"]
    assert reasons(on_paper(life, again)) == {"not-sealed"}
    life.steps["invoice"] = written
    life.settle()
    assert refused(life, life.unsent_invoice()).message("en").endswith(error.message("en")[-40:])


def test_an_invoice_without_order(stage: Stage) -> None:
    life = stage.authorised
    with pytest.raises(NoOrder):
        life.practice.invoice(life.claim, {})
    # Another software may try, with locks of another claim's order.
    borrowed = _invoice_for(stage, life.claim)
    error = refused(life, borrowed)
    assert isinstance(error, ClaimStepIllegal)
    assert error.name == "invoice-without-order"
    assert reasons(on_paper(life, borrowed)) == {"step-not-on-chain"}


def test_a_second_order_without_a_link_to_the_first(stage: Stage) -> None:
    life = stage.ordered
    error = refused(life, sealed_anew(life.steps["order"]))
    assert isinstance(error, ClaimStepIllegal)
    assert error.name == "second-order-without-link"
    # The legal way: a remake, which says what it replaces.
    life.remake("CORRECTION")
    assert reasons(life.verdict()) == set()
    assert notes(life.verdict()) >= {"order-corrected"}


def test_an_invoice_on_a_cancelled_authorisation(stage: Stage) -> None:
    life = stage.ordered
    step = life.unsent_invoice()
    life.note("cancel")
    error = refused(life, step)
    assert isinstance(error, ClaimStepIllegal)
    assert error.name == "invoice-of-cancelled"
    assert reasons(on_paper(life, step)) == {"step-not-on-chain", "claim-closed"}


def test_an_invoice_on_a_refused_claim(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    life.refuse("invoice")
    error = refused(life, life.unsent_invoice())
    assert isinstance(error, ClaimStepIllegal)
    assert error.name == "invoice-of-cancelled"


def test_no_step_by_a_suspended_party(stage: Stage) -> None:
    chain, life = stage.chain, stage.delivered
    claim, head = life.claim, life.head()
    tried: dict[str, list[tuple[ActingParty, PreparedStep]]] = {
        "practice": [
            (life.practice, life.unsent_invoice()),
            (life.practice, unsent(life.practice.cancel, claim, reason="OTHER")),
        ],
        "payer": [
            (
                stage.opened.payer,
                unsent(stage.opened.payer.authorise, stage.opened.verdict(), valid_until=UNTIL),
            )
        ],
        "supplier": [(life.supplier, unsent(life.supplier.record_return, claim, reason="OTHER"))],
    }
    for name, steps in tried.items():
        chain.consortium.suspend(chain.party(name)).wait(30)
        for actor, step in steps:
            with pytest.raises(PartyIsSuspended) as caught:
                step.send(chain.network, actor.signer).wait(30)
            assert caught.value.code == "party-suspended"
    assert life.head() == head
    # What they wrote before stands, and the verdict says who is suspended.
    verdict = life.verdict()
    assert verdict.outcome is Outcome.ACCEPTED
    assert [f.code for f in verdict.findings].count("party-suspended") == 3


def _revoke(asked: Round) -> None:
    asked.revoke()


def _withdraw(asked: Round) -> None:
    asked.practice.withdraw_consent(asked.signed.consent).wait(30)


def _expire(asked: Round) -> None:
    asked.chain.sleep(31 * 86_400)


ENDS: list[tuple[Callable[[Round], None], str]] = [
    (_revoke, "consent-revoked"),
    (_withdraw, "consent-withdrawn"),
    (_expire, "consent-expired"),
]


@pytest.mark.parametrize(("end", "_finding"), ENDS)
def test_no_opening_under_a_consent_that_ended(
    stage: Stage, end: Callable[[Round], None], _finding: str
) -> None:
    asked = stage.round
    step = unsent(
        asked.practice.open_claim,
        "fr-optical-quote",
        asked.record.values,
        payer=asked.payer.party,
        consent=asked.signed.consent,
    )
    end(asked)
    with pytest.raises(ClaimConsentNotValid) as caught:
        asked.practice.resend(step).wait(30)
    assert caught.value.code == "claim-consent-not-valid"
    shown = replace(asked.disclose("minimal", step.record), recipient=asked.payer.party)
    assert reasons(asked.payer.verify(shown)) == {"claim-unknown"}
    # The legal way: the minimal claim never waits for a consent.
    opened = asked.practice.open_claim("fr-optical-quote", asked.record.values, payer=asked.payer.party)
    opened.wait(30)
    minimal = opened.step
    assert minimal is not None
    assert asked.payer.verify(asked.disclose("minimal", minimal.record)).outcome is Outcome.ACCEPTED


# Recorded and flagged


def test_another_product_delivered(stage: Stage) -> None:
    life = stage.ordered
    life.deliver(**OTHER_LENS)
    verdict = life.verdict()
    assert reasons(verdict) == {"delivery-differs"}
    assert verdict.reasons[0].sentence.details["groups"].code == "lens-product"
    # A remake closes nothing, an acceptance of it neither: the right lens does.
    life.remake("DEFECT")
    assert life.answer().accepted
    assert reasons(life.verdict()) == {"delivery-differs"}
    life.deliver()
    assert reasons(life.verdict()) == set()
    assert notes(life.verdict()) >= {"closed-by-delivery", "order-remade", "declared-conform"}


@pytest.mark.parametrize(
    ("made", "group"),
    [
        ({"right.code": "VXA1"}, Group.ACT_CODES),
        ({"left.lens.index": 1500}, Group.LENS_PRODUCT),
        ({"right.sphere": "-2.00"}, Group.CORRECTION),
        ({"right.quantity": 2}, Group.QUANTITY),
    ],
    ids=lambda value: value.name if isinstance(value, Group) else None,
)
def test_the_group_that_differs_is_named_and_no_value(
    stage: Stage, made: dict[str, object], group: Group
) -> None:
    life = stage.ordered
    life.deliver(**made)  # type: ignore[arg-type] # values
    assert life.practice.history(life.claim).state.delivery_mismatch == (group,)
    verdict = life.verdict()
    assert reasons(verdict) == {"delivery-differs"}
    for value in made.values():
        assert str(value) not in verdict.reasons[0].sentence.en.replace("order 1", "")


def test_a_supplement_invoiced_and_not_supplied(stage: Stage) -> None:
    life = stage.delivered
    life.invoice(**{"right.supplement.3.code": "ZPHOTO", "right.supplement.3.type": "COATING"})
    verdict = life.verdict()
    assert reasons(verdict) == {"invoice-differs"}
    assert "lens product" in verdict.reasons[0].sentence.en
    # ... or by the practice's word, if the payer takes it.
    closed = life.payer.verify(
        life.disclosure(), justifications=[word(life, "invoice-differs", "SUPPLEMENT-CREDITED")]
    )
    assert closed.outcome is Outcome.ACCEPTED
    note = next(note for note in closed.notes if note.code == "justified")
    assert verdict.reasons[0].sentence.en in note.sentence.en
    assert "SUPPLEMENT-CREDITED" in note.sentence.fr


def test_an_invoice_without_delivery(stage: Stage) -> None:
    life = stage.ordered
    life.invoice()
    assert notes(life.verdict()) >= {"invoice-before-delivery", "delivery-not-attested"}
    assert life.verdict().outcome is Outcome.ACCEPTED
    # Closed when the supplier attests; the comparison is made then.
    life.deliver()
    assert notes(life.verdict()) >= {"invoice-before-delivery", "declared-conform"}
    assert "delivery-not-attested" not in notes(life.verdict())


def test_a_return(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    life.settle()
    life.note("recordReturn")
    verdict = life.verdict()
    assert reasons(verdict) == {"order-returned"}
    assert verdict.outcome is Outcome.IN_DOUBT
    closed = life.payer.verify(
        life.disclosure(), justifications=[word(life, "order-returned", "CREDIT-NOTE-SENT")]
    )
    assert closed.outcome is Outcome.ACCEPTED
    # Closed by goods, and what was paid is what stands now.
    life.remake("ADAPTATION")
    assert reasons(life.verdict()) == {"order-returned", "invoice-of-replaced-order"}
    life.deliver()
    assert reasons(life.verdict()) == {"invoice-of-replaced-order"}
    held = ActCodes((life.act_code_key("remake"),), CODES)
    fits = life.payer.verify(life.disclosure("invoice"), act_codes=held)
    assert reasons(fits) == set()
    assert notes(fits) >= {"closed-by-delivery", "invoice-fits-standing-order", "declared-conform"}


def test_a_dispute(stage: Stage) -> None:
    life = stage.ordered
    life.note("dispute")
    assert reasons(life.verdict()) == {"order-disputed"}
    closed = life.payer.verify(
        life.disclosure(), justifications=[word(life, "order-disputed", "FOUND-AGAIN", by="supplier")]
    )
    assert closed.outcome is Outcome.ACCEPTED


def test_an_invoiced_order_that_nobody_attests_among_several_suppliers(stage: Stage) -> None:
    life = stage.ordered
    life.supplied_by("other_supplier")
    life.remake("CORRECTION")
    life.invoice()
    assert reasons(life.verdict()) == {"invoiced-order-not-attested"}
    said = word(life, "invoiced-order-not-attested", "SENT-BY-POST", order=2)
    closed = life.payer.verify(life.disclosure(), justifications=[said])
    assert closed.outcome is Outcome.ACCEPTED
    # ... or by the supplier, when it attests.
    life.deliver()
    assert reasons(life.verdict()) == set()


def test_an_invoice_of_an_order_that_was_then_replaced(stage: Stage) -> None:
    life = stage.ordered
    life.invoice()
    life.remake("CORRECTION")
    assert reasons(life.verdict()) == {"invoice-of-replaced-order"}
    closed = life.payer.verify(
        life.disclosure(), justifications=[word(life, "invoice-of-replaced-order", "SAME-PRICE")]
    )
    assert closed.outcome is Outcome.ACCEPTED


# Judged by the payer


def test_a_renewal_too_early(stage: Stage) -> None:
    life = stage.opened
    held = Beneficiary(date(2026, 1, 10), band="FROM-16")
    verdict = life.payer.verify(life.disclosure(), beneficiary=held)
    assert reasons(verdict) == {"renewal-too-early"}
    assert "2028-01-10" in verdict.reasons[0].sentence.fr
    justified = word(life, "renewal-too-early", "GLASSES-STOLEN")
    closed = life.payer.verify(life.disclosure(), beneficiary=held, justifications=[justified])
    assert closed.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(("end", "finding"), ENDS)
def test_a_consent_that_ended_since_the_opening(
    stage: Stage, end: Callable[[Round], None], finding: str
) -> None:
    asked = stage.round
    before, disclosure = asked.verdict(), asked.disclose()
    assert before.outcome is Outcome.ACCEPTED
    end(asked)
    after = asked.payer.verify(disclosure)
    assert reasons(after) == {finding}
    assert after.values == {}
    assert set(after.dropped) == set(disclosure.paths)
    # Steps and payment go on: the claim is authorised under the head that was verified before.
    minimal = asked.verdict("minimal")
    assert minimal.head == before.head
    asked.payer.authorise(minimal, valid_until=UNTIL).wait(30)
    assert asked.payer.history(asked.claim).state.state is State.AUTHORISED
    assert asked.verdict("minimal").outcome is Outcome.ACCEPTED


def test_an_invoice_in_hand_whose_step_is_not_on_the_chain(stage: Stage) -> None:
    life = stage.delivered
    step = life.unsent_invoice()
    assert reasons(on_paper(life, step)) == {"step-not-on-chain"}
    # Closed by writing it.
    life.practice.resend(step).wait(30)
    assert on_paper(life, step).outcome is Outcome.ACCEPTED


def test_a_payer_authorises_only_what_it_verified(stage: Stage) -> None:
    """Whatever is written after the verification, the step that rests on it is refused."""
    life = stage.delivered
    life.invoice()
    verdict = life.verdict("invoice")
    life.note("recordReturn")
    with pytest.raises(ClaimHeadMoved):
        life.payer.settle(verdict)
    assert life.state() is State.INVOICED


def _invoice_for(stage: Stage, claim: str) -> PreparedStep:
    """An invoice of order 1 of a claim that has none, with locks of ``stage.ordered``'s."""
    life = stage.ordered
    placed = life.practice.history(life.claim).find(Step.ORDER)
    assert placed is not None
    assert life.key is not None
    contract = stage.chain.network.address("ClaimRegistry")
    scope = Scope("fr-optical-invoice", 1, stage.chain.network.chain_id, contract, claim, 1, "invoiced")
    record = seal(scope, load_invoice(document("invoice")))
    arguments = (claim, 1, record.root, list(locks(record, life.key)), list(placed.locks))
    return PreparedStep(claim, "invoice", arguments, record)
