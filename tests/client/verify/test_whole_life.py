# SPDX-License-Identifier: Apache-2.0
"""A claim's whole life through the client's verbs, with what the payer's verdict makes of it."""

from __future__ import annotations

from sceau import Outcome, Verdict
from sceau.terms import Group, State
from tests.support.stage import Stage


def codes(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.findings}


def test_a_conform_claim_is_accepted_from_opening_to_settlement(stage: Stage) -> None:
    life = stage.opened
    assert life.verdict().outcome is Outcome.ACCEPTED
    life.authorise()
    life.order()
    life.deliver()
    life.invoice()
    verdict = life.verdict()
    assert verdict.outcome is Outcome.ACCEPTED
    assert "declared-conform" in codes(verdict)
    life.settle()
    assert life.state() is State.SETTLED
    assert life.verdict().outcome is Outcome.ACCEPTED


def test_a_swapped_lens_is_refused_and_its_group_named(stage: Stage) -> None:
    life = stage.ordered
    life.deliver(**{"right.lens.code": "ECO50"})
    verdict = life.verdict()
    assert verdict.outcome is Outcome.REFUSED
    assert "delivery-differs" in codes(verdict)
    assert "lens product" in str([f.sentence.en for f in verdict.reasons])
    delivered = life.practice.history(life.claim).state.delivery_mismatch
    assert delivered == (Group.LENS_PRODUCT,)


def test_a_remake_after_a_delivery_is_no_fraud(stage: Stage) -> None:
    life = stage.delivered
    life.remake()
    life.deliver()
    life.invoice()
    verdict = life.verdict()
    assert verdict.outcome is Outcome.ACCEPTED
    assert {"order-remade", "declared-conform"} <= codes(verdict)


def test_an_absent_supplier_is_silence_and_the_claim_is_settled(stage: Stage) -> None:
    life = stage.ordered
    life.invoice()
    verdict = life.verdict()
    assert verdict.outcome is Outcome.ACCEPTED
    assert "delivery-not-attested" in codes(verdict)
    life.settle()
    life.deliver(**{"left.lens.code": "ECO50"})
    assert "delivery-differs" in codes(life.verdict())


def test_a_supplement_invoiced_and_not_ordered_is_refused(stage: Stage) -> None:
    life = stage.delivered
    life.invoice(**{"right.lens.code": "ULTRA74"})
    assert "invoice-differs" in codes(life.verdict())
