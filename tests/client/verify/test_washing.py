# SPDX-License-Identifier: Apache-2.0
"""A practice that would wash a refusal: each way is played by its roles on a chain, and stays shut."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sceau import Outcome, Supplier, Verdict
from sceau.errors import Sentence
from sceau.messages.told_mark import ToldMark
from sceau.messages.word import signed_at
from sceau.roles.errors import VerdictInDoubt, VerdictRefused
from sceau.terms import State, Step
from sceau.verify import verify_disclosure
from sceau.verify.act_codes import ActCodes
from sceau.verify.verdict import Finding
from tests.client.verify.cheats import CODES
from tests.support.life import Life
from tests.support.mailboxes import publish
from tests.support.stage import OTHER_LENS, Stage
from tests.support.unsent import unsent
from tests.support.words import word

#: What the practice puts in the place of the codes that were authorised and invoiced.
CHEAP = {"right.code": "VXA1", "left.code": "VXA1"}


def reasons(verdict: Verdict) -> set[tuple[str, int]]:
    return {(finding.code, finding.order_number) for finding in verdict.reasons}


def notes(verdict: Verdict) -> dict[str, Finding]:
    return {finding.code: finding for finding in verdict.notes}


def not_paid(life: Life, verdict: Verdict) -> None:
    """The payer's role settles nothing on this verdict."""
    with pytest.raises((VerdictRefused, VerdictInDoubt)):
        life.payer.settle(verdict)
    assert life.state() is State.INVOICED


def with_key(life: Life, step: str = "remake") -> Verdict:
    """The verdict on the invoice, with the act-code key of the order that stands."""
    held = ActCodes((life.act_code_key(step),), CODES)
    return life.payer.verify(life.show(life.disclosure("invoice")), act_codes=held)


# A delivery with a difference


@pytest.mark.parametrize("supplier", ["supplier", "other_supplier"])
def test_a_remake_that_nobody_delivers_washes_no_difference(stage: Stage, supplier: str) -> None:
    life = stage.ordered
    life.deliver(**OTHER_LENS)
    life.invoice()
    before = reasons(life.verdict("invoice"))
    assert before == {("delivery-differs", 1)}
    life.supplied_by(supplier)
    for _ in range(2):
        life.remake("DEFECT")
        after = life.verdict("invoice")
        assert reasons(after) == {("delivery-differs", 1), ("invoice-of-replaced-order", 1)}
        not_paid(life, after)


def test_a_remake_to_a_number_that_no_party_has_washes_nothing(stage: Stage) -> None:
    """The client refuses such a supplier; another software writes it all the same."""
    life = stage.ordered
    life.deliver(**OTHER_LENS)
    life.invoice()
    supplier = life.supplier.party
    step = unsent(
        life.practice.remake,
        life.claim,
        {**life.values("remake"), "order.reason": "DEFECT"},
        supplier=supplier,
    )
    arguments = list(step.arguments)
    arguments[step.row.arguments.index("number")] = 4_000_000_000
    life.practice.resend(replace(step, arguments=tuple(arguments))).wait(30)
    assert reasons(life.verdict("invoice")) == {("delivery-differs", 1), ("invoice-of-replaced-order", 1)}


def test_an_acceptance_of_the_remake_closes_nothing(stage: Stage) -> None:
    life = stage.ordered
    life.deliver(**OTHER_LENS)
    life.invoice()
    life.supplied_by("other_supplier")
    life.remake("DEFECT")
    assert life.answer().accepted
    assert ("delivery-differs", 1) in reasons(life.verdict("invoice"))


def test_the_right_lens_closes_it_and_the_verdict_names_who_delivered_it(stage: Stage) -> None:
    life = stage.ordered
    life.deliver(**OTHER_LENS)
    first = life.supplied_by("other_supplier")
    life.remake("DEFECT")
    life.deliver()
    life.invoice()
    verdict = life.verdict("invoice")
    assert verdict.outcome is Outcome.ACCEPTED
    details = notes(verdict)["closed-by-delivery"].sentence.details
    assert (details["order"], details["supplier"]) == (1, first.party)
    assert (details["by"], details["party"]) == (2, life.supplier.party)
    assert details["what"] == Sentence("verify.differed", groups=details["what"].details["groups"])


def test_what_closed_a_trouble_and_went_back_closes_it_no_more(stage: Stage) -> None:
    life = stage.ordered
    life.deliver(**OTHER_LENS)
    life.remake("DEFECT")
    life.deliver()
    assert life.verdict().outcome is Outcome.ACCEPTED
    life.record_return()
    assert reasons(life.verdict()) == {("delivery-differs", 1), ("order-returned", 2)}
    life.remake("DEFECT")
    assert reasons(life.verdict()) == {("delivery-differs", 1), ("order-returned", 2)}
    life.deliver()
    assert life.verdict().outcome is Outcome.ACCEPTED


def test_a_difference_at_invoice_is_closed_by_no_delivery(stage: Stage) -> None:
    life = stage.ordered
    life.invoice(**OTHER_LENS)
    life.deliver()
    assert reasons(life.verdict("invoice")) == {("invoice-differs", 1)}
    life.remake("DEFECT")
    life.deliver()
    assert ("invoice-differs", 1) in reasons(with_key(life))


# Before the supplier speaks


def test_remaking_before_the_supplier_speaks_leaves_the_invoiced_order_in_doubt(stage: Stage) -> None:
    life = stage.ordered
    life.invoice()
    first = life.supplied_by("other_supplier")
    life.remake("CORRECTION")
    verdict = life.verdict("invoice")
    assert reasons(verdict) == {("invoice-of-replaced-order", 1)}
    not_paid(life, verdict)
    # The first supplier can still be heard, and a delivery of the other's order before its word closes nothing.
    life.deliver()
    told = life.payer.receive(first.tell_payer(life.claim, 1, reason="NOT-RECEIVED").text)
    assert isinstance(told, ToldMark)
    verdict = with_key(life)
    assert reasons(verdict) == {("order-disputed", 1)}
    assert notes(verdict)["mark-told"].sentence.details["supplier"] == first.party
    not_paid(life, verdict)


def test_one_supplier_is_silent_and_several_are_in_doubt(stage: Stage) -> None:
    one = stage.ordered
    one.remake("CORRECTION")
    one.invoice()
    assert one.verdict("invoice").outcome is Outcome.ACCEPTED
    assert "delivery-not-attested" in notes(one.verdict("invoice"))
    life = stage.authorised
    life.order()
    life.supplied_by("other_supplier")
    life.remake("CORRECTION")
    life.invoice()
    verdict = life.verdict("invoice")
    assert reasons(verdict) == {("invoiced-order-not-attested", 2)}
    assert "delivery-not-attested" not in notes(verdict)
    not_paid(life, verdict)
    life.deliver()
    assert life.verdict("invoice").outcome is Outcome.ACCEPTED


def test_a_supplier_that_is_not_connected_still_reaches_settlement(stage: Stage) -> None:
    """Nobody attests anything of two suppliers' orders: a person at the payer takes the practice's word."""
    life = stage.authorised
    life.order()
    life.supplied_by("other_supplier")
    life.connected = False
    life.remake("CORRECTION")
    life.invoice()
    not_paid(life, life.verdict("invoice"))
    envelope = life.practice.justify(life.claim, "invoiced-order-not-attested", "SENT-BY-POST")
    accepted = life.payer.receive(envelope.text)
    shown = life.show(life.disclosure("invoice"))
    verdict = life.payer.verify(shown, justifications=[accepted])  # type: ignore[list-item] # a justification
    assert verdict.outcome is Outcome.ACCEPTED
    life.payer.settle(verdict).wait(30)
    assert life.state() is State.SETTLED


# Dear order 1, cheap order 2


def dear_returned_and_cheap_delivered(stage: Stage) -> Life:
    life = stage.delivered
    life.invoice()
    life.record_return()
    life.remake("ADAPTATION", **CHEAP)
    life.deliver(**CHEAP)
    return life


def test_a_cheap_order_delivered_does_not_pay_the_dear_one_that_went_back(stage: Stage) -> None:
    life = dear_returned_and_cheap_delivered(stage)
    verdict = life.verdict("invoice")
    assert reasons(verdict) == {("invoice-of-replaced-order", 1)}
    assert "closed-by-delivery" in notes(verdict)
    not_paid(life, verdict)
    # With its key it shows: the order that stands carries other codes than were authorised.
    verdict = with_key(life)
    assert reasons(verdict) == {("act-codes-not-authorised", 2), ("invoice-of-replaced-order", 1)}
    assert "conform" not in notes(verdict)
    not_paid(life, verdict)


@pytest.mark.parametrize("paper", [None, CHEAP])
def test_the_invoices_codes_are_held_against_the_standing_orders_lock(
    stage: Stage, paper: dict[str, str] | None
) -> None:
    """That the standing order carries codes which a caller gives by hand says nothing of the invoice.

    Nor do they replace those that the payer sealed when it authorised the claim.
    """
    life = dear_returned_and_cheap_delivered(stage)
    held = ActCodes((life.act_code_key("remake"),), CHEAP, invoiced=paper)
    verdict = life.payer.verify(life.disclosure("invoice"), act_codes=held)
    assert reasons(verdict) == {("act-codes-not-authorised", 2), ("invoice-of-replaced-order", 1)}
    assert "conform" not in notes(verdict)


def test_a_key_of_the_standing_order_makes_nothing_conform_without_the_invoices_codes(stage: Stage) -> None:
    life = stage.ordered
    life.invoice()
    life.remake("CORRECTION")
    life.deliver()
    held = ActCodes((life.act_code_key("remake"),), CODES)
    verdict = life.payer.verify(life.disclosure("open"), act_codes=held)
    assert reasons(verdict) == {("invoice-of-replaced-order", 1)}
    assert "conform" not in notes(verdict)
    # The key of the order that was invoiced does not do either: its lock is not the standing order's.
    both = ActCodes((life.act_code_key("order"),), CODES, invoiced=CODES)
    assert reasons(life.payer.verify(life.disclosure("open"), act_codes=both)) == {
        ("invoice-of-replaced-order", 1)
    }
    fits = ActCodes(held.keys, CODES, invoiced=CODES)
    assert life.payer.verify(life.disclosure("open"), act_codes=fits).outcome is Outcome.ACCEPTED


def test_another_remake_after_the_fit_is_in_doubt_again(stage: Stage) -> None:
    life = stage.ordered
    life.invoice()
    life.remake("CORRECTION")
    life.deliver()
    assert with_key(life).outcome is Outcome.ACCEPTED
    second = life.act_code_key("remake")
    life.remake("BREAKAGE")
    keys = (second, life.act_code_key("remake"))
    verdict = life.payer.verify(life.disclosure("invoice"), act_codes=ActCodes(keys, CODES))
    assert reasons(verdict) == {("invoice-of-replaced-order", 1)}
    life.deliver()
    assert with_key(life).outcome is Outcome.ACCEPTED


# Marks of a replaced order


@pytest.mark.parametrize("supplier", ["supplier", "other_supplier"])
def test_a_dispute_of_a_replaced_order_does_not_vanish(stage: Stage, supplier: str) -> None:
    life = stage.ordered
    life.dispute("NOT-RECEIVED")
    life.supplied_by(supplier)
    life.remake("CORRECTION")
    assert reasons(life.verdict()) == {("order-disputed", 1)}
    life.invoice()
    assert ("order-disputed", 1) in reasons(life.verdict("invoice"))
    life.deliver()
    assert life.verdict("invoice").outcome is Outcome.ACCEPTED
    assert notes(life.verdict("invoice"))["closed-by-delivery"].order_number == 1


def test_a_supplier_that_disputed_and_then_delivers_closes_its_own_dispute(stage: Stage) -> None:
    life = stage.ordered
    life.dispute("LOCKS-DIFFER")
    assert reasons(life.verdict()) == {("order-disputed", 1)}
    life.deliver()
    assert reasons(life.verdict()) == set()
    closed = notes(life.verdict())["closed-by-delivery"].sentence.details
    assert (closed["order"], closed["by"]) == (1, 1)


def test_a_dispute_after_the_delivery_is_open(stage: Stage) -> None:
    life = stage.delivered
    life.dispute("OTHER")
    assert reasons(life.verdict()) == {("order-disputed", 1)}


# What a replaced supplier tells


def told_of(stage: Stage, mark: Step = Step.DISPUTE) -> tuple[Life, Supplier, ToldMark]:
    """Order 1, replaced before its supplier spoke; order 2 is delivered whole and invoiced."""
    life = stage.ordered
    first = life.supplied_by("other_supplier")
    life.remake("CORRECTION")
    life.deliver()
    life.invoice()
    assert life.verdict("invoice").outcome is Outcome.ACCEPTED
    told = life.payer.receive(first.tell_payer(life.claim, 1, mark).text)
    assert isinstance(told, ToldMark)
    return life, first, told


@pytest.mark.parametrize(
    ("mark", "code"), [(Step.DISPUTE, "order-disputed"), (Step.RETURN, "order-returned")]
)
def test_a_told_mark_counts_whatever_the_caller_gives(stage: Stage, mark: Step, code: str) -> None:
    life, _, told = told_of(stage, mark)
    verdict = life.verdict("invoice")
    assert reasons(verdict) == {(code, 1)}
    not_paid(life, verdict)
    assert life.payer.told(life.claim) == (told,)
    # However the claim's identifier is written.
    shown = life.disclosure("invoice")
    upper = replace(shown, scope=replace(shown.scope, claim="0x" + life.claim[2:].upper()))
    assert life.payer.verify(upper).outcome is not Outcome.ACCEPTED


def test_a_told_mark_counts_after_its_sender_dropped_its_keys(stage: Stage) -> None:
    """The payer checked the signature when it received it: nobody takes the word back by publishing other keys."""
    life, _, _ = told_of(stage)
    publish(stage.chain, "supplier")
    assert reasons(life.verdict("invoice")) == {("order-disputed", 1)}


def test_a_told_mark_is_closed_by_a_later_delivery_and_by_no_earlier_one(stage: Stage) -> None:
    life, _, told = told_of(stage)
    shown, network, payer = life.disclosure("invoice"), stage.chain.network, life.payer.party

    def verdict(*said: ToldMark) -> Verdict:
        own = [life.steps["authorise"].record]
        return verify_disclosure(network, shown, reader=payer, told=said, decisions=own)

    delivered = life.practice.history(life.claim).find(Step.DELIVER, 2)
    assert delivered is not None
    assert verdict().outcome is Outcome.ACCEPTED
    for said_at, expected in (
        (delivered.time + 1, {("order-disputed", 1)}),
        (delivered.time, {("order-disputed", 1)}),
        (delivered.time - 1, set()),
    ):
        assert reasons(verdict(replace(told, said_at=said_at))) == expected
    # Of several words the newest decides.
    assert reasons(verdict(replace(told, said_at=1), told)) == {("order-disputed", 1)}


@pytest.mark.parametrize(
    "change",
    [{"claim": "0x" + "77" * 32}, {"order_number": 2}, {"order_number": 3}, {"supplier": 1}],
    ids=str,
)
def test_a_word_that_is_not_of_the_orders_supplier_is_passed_over(
    stage: Stage, change: dict[str, int]
) -> None:
    life, _, told = told_of(stage)
    verdict = verify_disclosure(
        stage.chain.network,
        life.disclosure("invoice"),
        reader=life.payer.party,
        told=[replace(told, **change)],  # type: ignore[arg-type] # of the right types
        decisions=[life.steps["authorise"].record],
    )
    assert verdict.outcome is Outcome.ACCEPTED


def test_a_mark_that_is_told_after_a_word_was_signed_ends_the_word(stage: Stage) -> None:
    """Clocks may differ by five minutes: what may have been told after the word is taken to have been."""
    life, _, told = told_of(stage)
    stage.chain.sleep(1_000)
    mine = word(life, "order-disputed")
    signed, shown = signed_at(stage.chain.network, mine), life.disclosure("invoice")
    second = replace(told, supplier=life.supplier.party, order_number=2)

    def left(*said: ToldMark) -> set[tuple[str, int]]:
        verdict = verify_disclosure(
            stage.chain.network,
            shown,
            reader=life.payer.party,
            justifications=[mine],
            mailbox=life.mailboxes["payer"],
            told=said,
            decisions=[life.steps["authorise"].record],
        )
        return reasons(verdict)

    assert left(replace(told, said_at=signed - 301)) == set()
    for said_at in (signed - 300, signed - 299, signed, signed + 1_000):
        assert left(replace(told, said_at=said_at)) == {("order-disputed", 1)}
    # A mark on another order leaves the word as it is.
    before = replace(told, said_at=signed - 301)
    assert left(before, replace(second, said_at=signed)) == {("order-disputed", 2)}


def test_a_told_mark_unmakes_the_delivery_that_closed_a_trouble(stage: Stage) -> None:
    """Order 2 closed the difference of order 1; replaced in its turn, its supplier says that it went back."""
    life = stage.ordered
    life.deliver(**OTHER_LENS)
    life.remake("DEFECT")
    life.deliver()
    second = life.supplied_by("other_supplier")
    life.remake("BREAKAGE")
    assert life.verdict().outcome is Outcome.ACCEPTED
    life.payer.receive(second.tell_payer(life.claim, 2, Step.RETURN).text)
    assert reasons(life.verdict()) == {("delivery-differs", 1), ("order-returned", 2)}
    stage.chain.sleep(2)
    life.deliver()
    assert life.verdict().outcome is Outcome.ACCEPTED
