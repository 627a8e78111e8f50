# SPDX-License-Identifier: Apache-2.0
"""A payer judges a renewal by dates that it may hold and the practice's yes or no."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sceau import Outcome, Payer, Verdict, load_policy
from sceau.renewal import Beneficiary
from sceau.renewal.errors import BandUnknown
from tests.client.verify.cheats import rules_file
from tests.support.round import Round
from tests.support.stage import Stage

# tests/data/quote.json is dated 2026-11-20, invoice.json 2026-12-01; its last equipment is of 2024-09-12.


def renewal(verdict: Verdict) -> str | None:
    found = [each.code for each in verdict.findings if each.code.startswith("renewal-")]
    assert len(found) <= 1
    return found[0] if found else None


def judged(stage: Stage, beneficiary: Beneficiary | None, step: str = "open") -> str | None:
    return renewal(stage.opened.payer.verify(stage.opened.disclosure(step), beneficiary=beneficiary))


@pytest.mark.parametrize(
    ("last", "who", "expected"),
    [
        (date(2024, 11, 20), {"band": "FROM-16"}, "renewal-due"),
        (date(2024, 11, 21), {"band": "FROM-16"}, "renewal-too-early"),
        (date(2025, 11, 20), {"band": "7-TO-15"}, "renewal-due"),
        (date(2025, 11, 21), {"band": "7-TO-15"}, "renewal-too-early"),
        (date(2025, 11, 21), {"band": "UP-TO-6"}, "renewal-too-early"),
        # A child until the day before the purchase is 16 on it.
        (date(2025, 11, 20), {"born": date(2010, 11, 21)}, "renewal-due"),
        (date(2025, 11, 20), {"born": date(2010, 11, 20)}, "renewal-too-early"),
        # Of unknown age: no more is held against the patient than against a child.
        (date(2025, 11, 20), {}, "renewal-due"),
        (date(2025, 11, 21), {}, "renewal-too-early"),
        (None, {"band": "FROM-16"}, None),
    ],
)
def test_a_quote_is_judged_on_its_day(
    stage: Stage, last: date | None, who: dict[str, object], expected: str | None
) -> None:
    assert judged(stage, Beneficiary(last, **who)) == expected  # type: ignore[arg-type] # a table of cases


def test_nothing_is_judged_when_nothing_is_known(stage: Stage) -> None:
    assert judged(stage, None) is None


def test_an_invoice_is_judged_on_its_own_day(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    for last, expected in (
        (date(2024, 12, 1), "renewal-due"),
        # The invoice shows no yes or no: the payer is sent to ask for it.
        (date(2024, 12, 2), "renewal-unattested"),
    ):
        held = Beneficiary(last, band="FROM-16")
        assert renewal(life.payer.verify(life.disclosure("invoice"), beneficiary=held)) == expected


@pytest.mark.parametrize(
    ("early", "expected", "outcome"),
    [
        (True, "renewal-early", Outcome.ACCEPTED),
        (False, "renewal-too-early", Outcome.REFUSED),
        (None, "renewal-unattested", Outcome.IN_DOUBT),
    ],
)
def test_a_yes_or_no_that_the_payer_holds_from_the_quote_counts_for_the_invoice(
    stage: Stage, early: bool | None, expected: str, outcome: Outcome
) -> None:
    life = stage.delivered
    life.invoice()
    held = Beneficiary(date(2026, 1, 10), band="FROM-16", early=early)
    verdict = life.payer.verify(life.disclosure("invoice"), beneficiary=held)
    assert renewal(verdict) == expected
    assert verdict.outcome is outcome


def test_the_yes_or_no_that_is_shown_goes_before_the_one_held(stage: Stage) -> None:
    assert judged(stage, Beneficiary(date(2026, 1, 10), early=True)) == "renewal-too-early"


def test_the_later_of_the_date_held_and_the_date_shown_counts(stage: Stage) -> None:
    """The patient may have bought the last one under another contract, and consented to show when."""
    shown = stage.round.disclose()
    verify = stage.round.payer.verify
    assert renewal(verify(shown)) == "renewal-due"
    assert renewal(verify(shown, beneficiary=Beneficiary(band="FROM-16"))) == "renewal-due"
    later = Beneficiary(date(2025, 1, 1), band="FROM-16")
    assert renewal(verify(shown, beneficiary=later)) == "renewal-too-early"
    recent = Round(stage.chain, changes={"equipment.last": "2026-06-30"})
    before = Beneficiary(date(2020, 1, 1), band="FROM-16")
    assert renewal(recent.payer.verify(recent.disclose(), beneficiary=before)) == "renewal-too-early"


def test_a_date_that_the_payer_may_not_hold_judges_nothing(stage: Stage) -> None:
    recent = Round(stage.chain, changes={"equipment.last": "2026-06-30"})
    assert renewal(recent.payer.verify(recent.disclose())) == "renewal-too-early"
    disclosure = recent.disclose()
    recent.revoke()
    verdict = recent.payer.verify(disclosure)
    assert verdict.values == {}
    assert renewal(verdict) is None


def test_without_a_day_shown_the_day_of_the_block_counts(stage: Stage) -> None:
    made = stage.opened.practice.disclose(
        stage.opened.steps["open"].record,
        ["pec.number"],
        payer=stage.chain.party("payer"),
        policy=load_policy("fr-responsible-contract"),
        clause="minimal",
    )
    today = stage.round.today()
    held = Beneficiary(today.replace(day=1, year=today.year - 2), band="FROM-16")
    assert renewal(stage.opened.payer.verify(made, beneficiary=held)) == "renewal-due"
    held = Beneficiary(today.replace(day=1, year=today.year - 1), band="FROM-16")
    assert renewal(stage.opened.payer.verify(made, beneficiary=held)) == "renewal-unattested"


def test_rules_change_by_a_file_and_without_a_release(stage: Stage, tmp_path: Path) -> None:
    bands = [
        {"code": "ALL", "from_age": 0, "months": 36, "title": {"en": "everybody", "fr": "tout le monde"}}
    ]
    rules_file(tmp_path, version="2026-06-01", valid_from="2026-06-01", bands=bands, early=[])
    payer = Payer(stage.chain.network, stage.chain.signers["payer"], renewal_rules=tmp_path)
    held = Beneficiary(date(2024, 1, 10), early=True)
    verdict = payer.verify(stage.opened.disclosure(), beneficiary=held)
    assert renewal(verdict) == "renewal-too-early"
    assert "2027-01-10 (fr-optical/2026-06-01)" in verdict.reasons[0].sentence.en


def test_no_early_case_reaches_back_before_its_own_delay(stage: Stage, tmp_path: Path) -> None:
    """An attested yes counts for no more than the rules can allow on that day."""
    title = {"en": "a case", "fr": "un cas"}
    rules_file(tmp_path, early=[{"code": "ONE", "months": {"FROM-16": 12}, "title": title}])
    payer = Payer(stage.chain.network, stage.chain.signers["payer"], renewal_rules=tmp_path)
    attested = Round(stage.chain, changes={"renewal.early": True}).disclose("minimal")
    for last, expected in (
        (date(2025, 11, 20), "renewal-early"),
        (date(2025, 11, 21), "renewal-too-early"),
    ):
        held = Beneficiary(last, band="FROM-16")
        assert renewal(payer.verify(attested, beneficiary=held)) == expected


def test_a_band_that_the_rules_do_not_have_is_refused_by_name(stage: Stage) -> None:
    with pytest.raises(BandUnknown, match="UP-TO-6, 7-TO-15, FROM-16"):
        judged(stage, Beneficiary(date(2024, 1, 1), band="ADULT"))


def test_no_date_or_age_is_in_its_repr() -> None:
    assert repr(Beneficiary(date(2024, 1, 1), date(1980, 1, 1), "FROM-16", True)) == "Beneficiary()"
