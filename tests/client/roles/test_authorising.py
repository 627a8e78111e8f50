# SPDX-License-Identifier: Apache-2.0
"""What an authorisation must state before it is sealed, and what a settlement may pay on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

import pytest

from sceau import Outcome, Verdict, load_policy
from sceau.claim.decision import AUTHORISATION
from sceau.formats.fhir import import_claim
from sceau.record import Value
from sceau.roles.errors import (
    DecisionIncomplete,
    LastDayPassed,
    OwnAuthorisationMissing,
    PaymentBeyond,
    VerdictInDoubt,
)
from sceau.store import Kind, Number
from sceau.terms import State
from scripts.demo.consent import FHIR
from tests.client.verify.invoices import AUTHORISED
from tests.support.life import UNTIL, Life
from tests.support.stage import Stage

CODES = ("right.code", "left.code", "frame.code")
#: What a payer gives itself for an opening that shows none of it.
GIVEN: Mapping[str, Value] = {
    "total.amc": 1_500,
    "currency": "USD",
    "pec.number": "PEC77",
    "right.code": "VXB1",
}


def shown(life: Life, without: Iterable[str] = ()) -> Verdict:
    """The payer's verdict on an opening that leaves paths out."""
    paths = [path for path in life.disclosure().paths if path not in set(without)]
    disclosure = life.practice.disclose(
        life.steps["open"].record,
        paths,
        payer=life.payer.party,
        policy=load_policy("fr-responsible-contract"),
        clause="minimal",
    )
    return life.payer.verify(life.show(disclosure))


def nothing_written(life: Life) -> None:
    assert life.state() is State.OPENED
    assert life.payer.steps(life.claim) == []
    assert life.payer.store.of_claim(Kind.ENVELOPE, life.claim) == []


def test_an_authorisation_seals_all_that_the_invoice_is_compared_with(stage: Stage) -> None:
    life = stage.opened
    life.authorise(valid_until=UNTIL)
    values = life.steps["authorise"].record.values
    assert AUTHORISED.items() <= values.items()
    assert set(values) == {*AUTHORISED, "decision.date"}


@pytest.mark.parametrize("missing", [*AUTHORISATION, CODES], ids=str)
def test_without_one_of_its_parts_nothing_is_written_and_the_path_is_named(
    stage: Stage, missing: str | tuple[str, ...]
) -> None:
    life = stage.opened
    paths = (missing,) if isinstance(missing, str) else missing
    verdict = shown(life, paths)
    until = None if missing == "valid-until" else UNTIL
    with pytest.raises(DecisionIncomplete) as refused:
        life.payer.authorise(verdict, valid_until=until, tell=True)
    assert refused.value.details["paths"] == ", ".join(paths)
    for value in AUTHORISED.values():
        assert str(value) not in refused.value.message("en")
    nothing_written(life)
    # Nothing was reserved either; what is missing comes from the caller.
    given = {path: AUTHORISED[path] for path in paths}
    life.payer.authorise(verdict, valid_until=until, values=given).wait(30)
    assert AUTHORISED.items() <= life.payer.steps(life.claim)[-1].record.values.items()


def test_a_quotes_own_last_day_binds_no_payer(stage: Stage) -> None:
    life = stage.opened
    verdict = life.verdict()
    assert "quote.valid-until" in verdict.values
    with pytest.raises(DecisionIncomplete, match="valid-until"):
        life.payer.authorise(verdict)
    nothing_written(life)


def test_an_authorisation_does_not_end_before_it_begins(stage: Stage) -> None:
    life, today = stage.opened, stage.round.today()
    with pytest.raises(LastDayPassed):
        life.payer.authorise(life.verdict(), valid_until=today - timedelta(days=1))
    nothing_written(life)
    life.payer.authorise(life.verdict(), valid_until=today).wait(30)


def test_each_code_that_was_shown_needs_one_that_is_authorised(stage: Stage) -> None:
    """Of a claim for one eye that eye's code, of a frame alone the frame's: what was not shown is not asked for."""
    life = stage.opened
    verdict = shown(life, ("left.code", "frame.code"))
    life.payer.authorise(verdict, valid_until=UNTIL).wait(30)
    values = life.payer.steps(life.claim)[-1].record.values
    assert [path for path in CODES if path in values] == ["right.code"]


def test_a_payer_gives_a_claim_its_own_file_number(stage: Stage) -> None:
    """Over the one on the quote, which it reserves as well; the invoice must then bear the payer's."""
    life = stage.opened
    life.payer.authorise(life.verdict(), valid_until=UNTIL, file_number="pec 77").wait(30)
    (step,) = life.payer.steps(life.claim)
    assert step.record.values["pec.number"] == "PEC77"
    life.practice.receive(life.payer.envelope(step).text)
    life.order()
    life.invoice()
    assert [each.code for each in life.verdict("invoice").reasons] == ["invoice-other-file-number"]


def test_a_fhir_claim_shows_no_amount_of_the_payers_and_no_eye_so_the_payer_states_them(stage: Stage) -> None:
    life = stage.opened
    values = import_claim(FHIR / "Claim-660151.json", FHIR / "Coverage-9876B1.json").values
    today = stage.round.today().isoformat()
    life.open("optical-claim", {**values, "claim.created": today})
    verdict = life.verdict()
    assert verdict.outcome is Outcome.ACCEPTED
    with pytest.raises(DecisionIncomplete) as refused:
        life.payer.authorise(verdict, valid_until=UNTIL)
    missing = refused.value.details["paths"].split(", ")
    assert {"total.amc", *CODES} <= set(missing)
    assert "currency" not in missing
    nothing_written(life)
    life.payer.authorise(verdict, valid_until=UNTIL, values=GIVEN).wait(30)
    assert GIVEN.items() <= life.payer.steps(life.claim)[-1].record.values.items()


# Settlements


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"total.amc": 34_398}, "total.amc"),
        ({"total.amc": 534_397}, "total.amc"),
        ({"currency": "CHF"}, "currency"),
        ({"pec.number": "PEC-OF-ANOTHER"}, "pec.number"),
    ],
)
def test_a_settlements_own_values_pay_no_more_and_nobody_else(
    stage: Stage, values: dict[str, Value], path: str
) -> None:
    life = stage.delivered
    life.invoice()
    before = life.payer.steps(life.claim)
    with pytest.raises(PaymentBeyond) as refused:
        life.payer.settle(life.verdict("invoice"), values=values, despite_doubt=True)
    assert refused.value.details["paths"] == path
    assert life.state() is State.INVOICED
    assert life.payer.steps(life.claim) == before
    # The number was not taken from the claim that it serves.
    elsewhere = "0x" + "77" * 32
    life.payer.store.reserve(Number.FILE_NUMBER, "PEC-OF-ANOTHER", elsewhere, ended=lambda _: False)


def test_a_settlement_seals_what_it_pays_and_may_pay_less(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    life.payer.settle(life.verdict("invoice"), values={"total.amc": 30_000}, payment_reference="vir 1").wait(
        30
    )
    values = life.payer.steps(life.claim)[-1].record.values
    paid = {"total.amc": 30_000, "currency": "EUR", "pec.number": AUTHORISED["pec.number"]}
    assert {**paid, "payment.reference": "VIR1"}.items() <= values.items()


def test_no_more_is_paid_than_was_invoiced(stage: Stage) -> None:
    life = stage.opened
    life.authorise({"total.amc": 50_000})
    life.order()
    life.invoice()
    verdict = life.verdict("invoice")
    assert verdict.outcome is Outcome.ACCEPTED
    with pytest.raises(PaymentBeyond):
        life.payer.settle(verdict, values={"total.amc": 50_000})
    life.payer.settle(verdict).wait(30)
    assert life.payer.steps(life.claim)[-1].record.values["total.amc"] == 34_397


def test_what_the_invoice_hides_is_not_paid_without_being_stated(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    paths = [path for path in life.disclosure("invoice").paths if path != "total.amc"]
    hidden = life.practice.disclose(
        life.steps["invoice"].record, paths, payer=life.payer.party, clause="minimal"
    )
    verdict = life.payer.verify(life.show(hidden))
    with pytest.raises(VerdictInDoubt):
        life.payer.settle(verdict)
    with pytest.raises(DecisionIncomplete, match=r"total\.amc"):
        life.payer.settle(verdict, despite_doubt=True)
    with pytest.raises(PaymentBeyond):
        life.payer.settle(verdict, values={"total.amc": 34_398}, despite_doubt=True)
    life.payer.settle(verdict, values={"total.amc": 34_397}, despite_doubt=True).wait(30)


def test_an_authorisation_that_was_lost_since_the_verdict_stops_the_settlement(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    verdict, own = life.verdict("invoice"), life.steps["authorise"]
    life.payer.store.discard(Kind.STEP, own.record.root)
    with pytest.raises(OwnAuthorisationMissing):
        life.payer.settle(verdict)
    assert life.state() is State.INVOICED
    life.payer.settle(verdict, authorisation=own).wait(30)


def test_a_lost_store_is_settled_at_a_persons_word_and_never_above_the_invoice(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    for stored in life.payer.steps(life.claim):
        life.payer.store.discard(Kind.STEP, stored.record.root)
    verdict = life.verdict("invoice")
    assert [each.code for each in verdict.reasons] == ["authorisation-not-held"]
    with pytest.raises(VerdictInDoubt):
        life.payer.settle(verdict)
    with pytest.raises(PaymentBeyond):
        life.payer.settle(verdict, values={"total.amc": 34_398}, despite_doubt=True)
    life.payer.settle(verdict, despite_doubt=True).wait(30)
