# SPDX-License-Identifier: Apache-2.0
"""A payer judges a renewal by dates that it may hold and the practice's yes or no."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sceau import Outcome, Payer, Verdict, load_policy
from sceau.record import Value
from sceau.renewal import Beneficiary
from sceau.renewal.errors import BandUnknown
from sceau.roles.errors import ProfileOfAnotherStep
from sceau.store import Kind
from sceau.verify.renewal import CARE, check_purchase
from tests.client.verify.cheats import rules_file
from tests.client.verify.invoices import invoiced_as, opened_as, quoted_on
from tests.support.round import Round
from tests.support.stage import Stage

#: The day of the block in the tests of the comparison alone, and that of the quote.
TAKEN = date(2026, 11, 29)
QUOTED: dict[str, Value] = {"quote.date": "2026-11-20", "renewal.early": False}


def renewal(verdict: Verdict) -> str | None:
    return only([each.code for each in verdict.findings])


def only(codes: list[str]) -> str | None:
    found = [code for code in codes if code.startswith("renewal-")]
    assert len(found) <= 1
    return found[0] if found else None


def bought(days: int, **who: Any) -> Beneficiary:
    """Somebody who bought the last equipment so many days ago."""
    return Beneficiary(datetime.now(timezone.utc).date() - timedelta(days=days), **who)


def judged(stage: Stage, beneficiary: Beneficiary | None, step: str = "open") -> str | None:
    return renewal(stage.opened.payer.verify(stage.opened.disclosure(step), beneficiary=beneficiary))


def purchase(values: dict[str, Value], held: Beneficiary, directory: Path | None = None) -> str | None:
    """What is found of a renewal by the dates alone."""
    return only([each.code for each in check_purchase(values, held, TAKEN, directory)])


@pytest.mark.parametrize(
    ("last", "who", "expected"),
    [
        (date(2024, 11, 20), {"band": "FROM-16"}, "renewal-due"),
        (date(2024, 11, 21), {"band": "FROM-16"}, "renewal-too-early"),
        (date(2025, 11, 20), {"band": "7-TO-15"}, "renewal-due"),
        (date(2025, 11, 21), {"band": "7-TO-15"}, "renewal-too-early"),
        (date(2025, 11, 21), {"band": "UP-TO-6"}, "renewal-too-early"),
        # A child until the day after the block's is one on both days; who is 16 on one of the two is none.
        (date(2025, 11, 20), {"born": date(2010, 11, 30)}, "renewal-due"),
        (date(2025, 11, 20), {"born": date(2010, 11, 29)}, "renewal-too-early"),
        (date(2025, 11, 20), {"born": date(2010, 11, 21)}, "renewal-too-early"),
        (date(2025, 11, 20), {"born": date(2010, 11, 20)}, "renewal-too-early"),
        # Of unknown age: no more is held against the patient than against a child.
        (date(2025, 11, 20), {}, "renewal-due"),
        (date(2025, 11, 21), {}, "renewal-too-early"),
        (None, {"band": "FROM-16"}, None),
    ],
)
def test_a_quote_is_judged_on_its_day(last: date | None, who: dict[str, Any], expected: str | None) -> None:
    assert purchase(QUOTED, Beneficiary(last, **who)) == expected


def test_nothing_is_judged_when_nothing_is_known(stage: Stage) -> None:
    assert judged(stage, None) is None


def test_an_invoice_is_judged_on_its_own_day() -> None:
    dated: dict[str, Value] = {"invoice.date": "2026-11-25", "equipment.dispensed": "2026-11-28"}
    for last, expected in (
        (date(2024, 11, 25), "renewal-due"),
        # The invoice shows no yes or no: the payer is sent to ask for it.
        (date(2024, 11, 26), "renewal-unattested"),
    ):
        assert purchase(dated, Beneficiary(last, band="FROM-16")) == expected


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
    held = bought(300, band="FROM-16", early=early)
    verdict = life.payer.verify(life.disclosure("invoice"), beneficiary=held)
    assert renewal(verdict) == expected
    assert verdict.outcome is outcome


def test_the_yes_or_no_that_is_shown_goes_before_the_one_held(stage: Stage) -> None:
    assert judged(stage, bought(300, early=True)) == "renewal-too-early"


def test_the_later_of_the_date_held_and_the_date_shown_counts(stage: Stage) -> None:
    """The patient may have bought the last one under another contract, and consented to show when."""
    shown = stage.round.disclose()
    verify = stage.round.payer.verify
    assert renewal(verify(shown)) == "renewal-due"
    assert renewal(verify(shown, beneficiary=Beneficiary(band="FROM-16"))) == "renewal-due"
    later = bought(600, band="FROM-16")
    assert renewal(verify(shown, beneficiary=later)) == "renewal-too-early"
    recent = Round(stage.chain, changes={"equipment.last": str(bought(150).last_equipment)})
    before = Beneficiary(date(2020, 1, 1), band="FROM-16")
    assert renewal(recent.payer.verify(recent.disclose(), beneficiary=before)) == "renewal-too-early"


def test_a_date_that_the_payer_may_not_hold_judges_nothing(stage: Stage) -> None:
    recent = Round(stage.chain, changes={"equipment.last": str(bought(150).last_equipment)})
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
    held = bought(731, band="FROM-16")
    assert renewal(stage.opened.payer.verify(made, beneficiary=held)) == "renewal-due"
    held = bought(400, band="FROM-16")
    assert renewal(stage.opened.payer.verify(made, beneficiary=held)) == "renewal-unattested"


def test_rules_change_by_a_file_and_without_a_release(stage: Stage, tmp_path: Path) -> None:
    bands = [
        {"code": "ALL", "from_age": 0, "months": 36, "title": {"en": "everybody", "fr": "tout le monde"}}
    ]
    rules_file(tmp_path, version="2026-06-01", valid_from="2026-06-01", bands=bands, early=[])
    payer = Payer(stage.chain.network, stage.chain.signers["payer"], renewal_rules=tmp_path)
    verdict = payer.verify(stage.opened.disclosure(), beneficiary=bought(1_000, early=True))
    assert renewal(verdict) == "renewal-too-early"
    assert "(fr-optical/2026-06-01)" in verdict.reasons[0].sentence.en


def test_no_early_case_reaches_back_before_its_own_delay(tmp_path: Path) -> None:
    """An attested yes counts for no more than the rules can allow on that day."""
    title = {"en": "a case", "fr": "un cas"}
    rules_file(tmp_path, early=[{"code": "ONE", "months": {"FROM-16": 12}, "title": title}])
    for last, expected in (
        (date(2025, 11, 20), "renewal-early"),
        (date(2025, 11, 21), "renewal-too-early"),
    ):
        held = Beneficiary(last, band="FROM-16")
        assert purchase({**QUOTED, "renewal.early": True}, held, tmp_path) == expected


def test_a_band_that_the_rules_do_not_have_is_refused_by_name(stage: Stage) -> None:
    with pytest.raises(BandUnknown, match="UP-TO-6, 7-TO-15, FROM-16"):
        judged(stage, Beneficiary(date(2024, 1, 1), band="ADULT"))


def test_no_date_or_age_is_in_its_repr() -> None:
    assert repr(Beneficiary(date(2024, 1, 1), date(1980, 1, 1), "FROM-16", True)) == "Beneficiary()"


# Dates of care, against the block of their own step


@pytest.mark.parametrize("path", CARE)
@pytest.mark.parametrize(
    ("day", "plausible"),
    [
        (TAKEN - timedelta(days=92), True),
        (TAKEN - timedelta(days=93), False),
        (TAKEN, True),
        (TAKEN + timedelta(days=2), True),
        (TAKEN + timedelta(days=3), False),
        (date(2019, 11, 20), False),
        (date(2035, 11, 20), False),
    ],
)
def test_a_date_far_from_its_block_is_in_doubt_and_judges_nothing(
    path: str, day: date, plausible: bool
) -> None:
    values: dict[str, Value] = {path: day.isoformat(), "renewal.early": False}
    found = [each.code for each in check_purchase(values, None, TAKEN, None)]
    assert found == ([] if plausible else ["care-date-implausible"])
    # Bought two years before the block to the day: due on the block's day, and not a day before.
    held = Beneficiary(date(2024, 11, 29), band="FROM-16")
    due = not plausible or day >= TAKEN
    assert purchase(values, held) == ("renewal-due" if due else "renewal-too-early")


@given(
    st.integers(-400, 40),
    st.dates(date(2020, 1, 2), date(2030, 1, 1)),
    st.integers(0, 900),
    st.sampled_from([0, 7, 16, 40]),
    st.integers(-100, 100),
)
@example(-20, date(2026, 11, 29), 400, 16, 10)
@example(-20, date(2026, 11, 29), 200, 7, 10)
def test_no_date_of_the_sender_makes_a_renewal_better_than_its_block_does(
    written: int, taken: date, last: int, age: int, since_birthday: int
) -> None:
    """Not at a birthday either: a date from before it brings back no shorter delay of a child."""
    born = taken - timedelta(days=since_birthday)
    held = Beneficiary(
        taken - timedelta(days=last), born=born.replace(year=born.year - age, day=min(born.day, 28))
    )

    def worst(values: dict[str, Value]) -> int:
        code = only([each.code for each in check_purchase(values, held, taken, None)])
        return ["renewal-due", "renewal-early", "renewal-unattested", "renewal-too-early"].index(code or "")

    dated = {"quote.date": (taken + timedelta(days=written)).isoformat()}
    for said in ({}, {"renewal.early": True}):
        assert worst({**dated, **said}) >= worst({**said})


@given(st.dates(), st.dates(date(2020, 1, 2), date(2030, 1, 1)), st.dates(date(2018, 1, 1), date(2030, 1, 1)))
def test_no_date_of_the_sender_makes_a_renewal_due_that_its_block_does_not(
    written: date, taken: date, last: date
) -> None:
    held = Beneficiary(last, band="FROM-16")

    def weights(values: dict[str, Value]) -> list[str]:
        return [each.code for each in check_purchase(values, held, taken, None)]

    silent, dated = weights({}), weights({"quote.date": written.isoformat()})
    if "renewal-due" in dated:
        assert "renewal-due" in silent
    assert "renewal-not-judged" not in dated


def test_without_rules_on_the_blocks_day_a_known_renewal_is_in_doubt(tmp_path: Path) -> None:
    rules_file(tmp_path, valid_from="2027-01-01")
    held = Beneficiary(date(2026, 3, 1))
    assert purchase(QUOTED, held, tmp_path) == "renewal-not-judged"
    # A date under later rules does not bring them in; the dates are judged by the format's own numbers.
    later: dict[str, Value] = {"quote.date": "2027-01-02"}
    found = [each.code for each in check_purchase(later, held, TAKEN, tmp_path)]
    assert found == ["care-date-implausible", "renewal-not-judged"]
    assert check_purchase(QUOTED, None, TAKEN, tmp_path) == []


def test_no_sender_chooses_the_version_of_the_rules(tmp_path: Path) -> None:
    """A quote dated before stricter rules came into force is judged by those of its block."""
    bands = [{"code": "ALL", "from_age": 0, "months": 36, "title": {"en": "all", "fr": "tous"}}]
    rules_file(tmp_path, version="2026-11-25", valid_from="2026-11-25", bands=bands, early=[])
    assert purchase(QUOTED, Beneficiary(date(2024, 1, 10)), tmp_path) == "renewal-too-early"


def test_the_tolerance_is_data_in_the_rules_file(tmp_path: Path) -> None:
    rules_file(tmp_path, care_dates={"days_before": 8, "days_after": 0})
    (found,) = check_purchase(QUOTED, None, TAKEN, tmp_path)
    assert (found.code, found.sentence.details["before"]) == ("care-date-implausible", 8)
    rules_file(tmp_path, care_dates={"days_before": 9})
    assert check_purchase(QUOTED, None, TAKEN, tmp_path) == []


@pytest.mark.parametrize("year", ["2019", "2035"])
def test_a_quote_dated_years_away_hides_no_renewal(stage: Stage, year: str) -> None:
    dated = Round(stage.chain, changes=quoted_on(f"{year}-11-20"))
    verdict = dated.payer.verify(dated.disclose("minimal"), beneficiary=bought(300, band="FROM-16"))
    assert {each.code for each in verdict.reasons} == {"care-date-implausible", "renewal-too-early"}
    # And where no earlier equipment is known it is in doubt all the same.
    assert dated.payer.verify(dated.disclose("minimal")).outcome is Outcome.IN_DOUBT


def test_time_passing_before_a_verification_makes_no_renewal_due(stage: Stage) -> None:
    """A date that is withheld is that of the step's block, however late the payer looks."""
    life = stage.opened
    made = life.practice.disclose(
        life.steps["open"].record, ["pec.number"], payer=life.payer.party, clause="minimal"
    )
    held = bought(700, band="FROM-16")
    assert renewal(life.payer.verify(made, beneficiary=held)) == "renewal-unattested"
    stage.chain.sleep(60 * 86_400)
    assert renewal(life.payer.verify(made, beneficiary=held)) == "renewal-unattested"


# Profiles of steps


@pytest.mark.parametrize("profile", ["lens-order", "fr-optical-invoice", "payer-decision", "lens-delivery"])
def test_a_claim_opens_only_with_a_record_that_may_open_one(stage: Stage, profile: str) -> None:
    life = stage.opened
    says = {"lens-order": "order", "lens-delivery": "deliver", "fr-optical-invoice": "invoice"}
    values = life.values(says[profile]) if profile in says else {"decision.date": "2026-11-29"}
    stored = life.practice.store.of_claim(Kind.STEP, life.claim)
    with pytest.raises(ProfileOfAnotherStep) as refused:
        life.practice.open_claim(profile, values, payer=life.payer.party)
    assert refused.value.details["known"] == "fr-optical-quote, optical-claim"
    assert life.practice.store.of_claim(Kind.STEP, life.claim) == stored
    # Another software may write it all the same: no payer takes it, whatever the policy lets it see.
    path = next(path for path in values if path.endswith("date"))
    verdict = life.payer.verify(opened_as(life, profile, values, (path,)))
    assert verdict.outcome is Outcome.REFUSED
    assert "profile-of-another-step" in {each.code for each in verdict.reasons}


def test_an_invoice_that_was_sealed_as_a_quote_is_refused(stage: Stage) -> None:
    life = stage.delivered
    shown = invoiced_as(life, "fr-optical-quote", life.values("open"), ("pec.number", "total.amc"))
    verdict = life.payer.verify(shown)
    assert verdict.outcome is Outcome.REFUSED
    assert "profile-of-another-step" in {each.code for each in verdict.reasons}
