# SPDX-License-Identifier: Apache-2.0
"""The dated tables of renewal: every delay at its edge, leap days, and ages on birthdays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.renewal import Timing, check_renewal, load_rules
from sceau.renewal.errors import BandUnknown, CaseUnknown
from sceau.renewal.rules import add_months

RULES = load_rules(on=date(2026, 11, 23))
DAY = timedelta(days=1)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
BANDS = st.sampled_from([band.code for band in RULES.bands])

# domain: 16 and over two years, under 16 one year; early: vision change for adults after one year and for children
# without delay, up to six years six months when the frame no longer fits, listed medical situations without delay.
DELAYS = [
    ("FROM-16", None, 24),
    ("FROM-16", "VISION-CHANGE", 12),
    ("FROM-16", "MEDICAL-SITUATION", 0),
    ("7-TO-15", None, 12),
    ("7-TO-15", "VISION-CHANGE", 0),
    ("7-TO-15", "MEDICAL-SITUATION", 0),
    ("UP-TO-6", None, 12),
    ("UP-TO-6", "VISION-CHANGE", 0),
    ("UP-TO-6", "FRAME-NO-LONGER-FITS", 6),
    ("UP-TO-6", "MEDICAL-SITUATION", 0),
]


@pytest.mark.parametrize(("band", "case", "months"), DELAYS)
def test_each_delay_of_the_french_rules(band: str, case: str | None, months: int) -> None:
    last = date(2024, 5, 17)
    expected = {0: last, 6: date(2024, 11, 17), 12: date(2025, 5, 17), 24: date(2026, 5, 17)}[months]
    assert RULES.due_on(last, band, case) == expected


@pytest.mark.parametrize(
    ("band", "case"), [("FROM-16", "FRAME-NO-LONGER-FITS"), ("7-TO-15", "FRAME-NO-LONGER-FITS")]
)
def test_a_frame_is_outgrown_by_small_children_alone(band: str, case: str) -> None:
    with pytest.raises(CaseUnknown):
        RULES.due_on(date(2024, 5, 17), band, case)


def test_the_tables_hold_these_delays_and_no_other() -> None:
    held: set[tuple[str, str | None, int]] = {(band.code, None, band.months) for band in RULES.bands}
    held |= {(band, case.code, months) for case in RULES.early for band, months in case.months.items()}
    assert held == set(DELAYS)


@pytest.mark.parametrize(
    ("last", "months", "due"),
    [
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2022, 2, 28), 24, date(2024, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2024, 12, 31), 12, date(2025, 12, 31)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 10, 31), 1, date(2024, 11, 30)),
        (date(9999, 12, 31), 24, date.max),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(last: date, months: int, due: date) -> None:
    assert add_months(last, months) == due


@given(DAYS, st.integers(0, 120))
def test_months_never_skip_a_month_nor_run_backwards(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert later.day == day.day or (later + DAY).day == 1
    assert add_months(day + DAY, months) >= later


@given(DAYS, BANDS)
def test_the_day_before_is_too_early_and_the_day_itself_is_not(last: date, band: str) -> None:
    due = RULES.due_on(last, band)
    judge = {"last": last, "band": band, "early": False}
    assert check_renewal(RULES, purchase=due, **judge).timing is Timing.DUE  # type: ignore[arg-type] # shared arguments
    before = check_renewal(RULES, purchase=due - DAY, **judge)  # type: ignore[arg-type] # shared arguments
    assert before.timing is Timing.TOO_EARLY
    assert before.due_on == due


@pytest.mark.parametrize("early", [True, None])
def test_a_yes_counts_from_the_first_day_of_some_early_case(early: bool | None) -> None:
    """Rules without a case of no delay: an adult's vision change after twelve months comes first."""
    rules = replace(RULES, early=tuple(case for case in RULES.early if case.code == "VISION-CHANGE"))
    last, first = date(2024, 5, 17), date(2025, 5, 17)
    counts = Timing.EARLY_ATTESTED if early else Timing.EARLY_UNATTESTED
    for purchase, timing in ((first - DAY, Timing.TOO_EARLY), (first, counts)):
        renewal = check_renewal(rules, last=last, purchase=purchase, band="FROM-16", early=early)
        assert renewal.timing is timing


@given(DAYS, st.integers(0, 1500), BANDS | st.none(), st.booleans() | st.none())
def test_a_later_purchase_is_never_judged_worse(
    last: date, days: int, band: str | None, early: bool | None
) -> None:
    better = [Timing.TOO_EARLY, Timing.EARLY_UNATTESTED, Timing.EARLY_ATTESTED, Timing.DUE]
    day = last + timedelta(days=days)
    one, next_day = (
        check_renewal(RULES, last=last, purchase=purchase, band=band, early=early).timing
        for purchase in (day, day + DAY)
    )
    assert better.index(one) <= better.index(next_day)


@given(DAYS, st.integers(0, 1500), BANDS)
def test_a_yes_never_makes_it_worse_and_an_unknown_age_never_either(last: date, days: int, band: str) -> None:
    purchase = last + timedelta(days=days)
    plain = check_renewal(RULES, last=last, purchase=purchase, band=band, early=None).timing
    attested = check_renewal(RULES, last=last, purchase=purchase, band=band, early=True).timing
    assert (plain is Timing.DUE) == (attested is Timing.DUE)
    assert attested is not Timing.TOO_EARLY or plain is Timing.TOO_EARLY
    unknown = check_renewal(RULES, last=last, purchase=purchase, early=False)
    assert unknown.due_on <= RULES.due_on(last, band)


@pytest.mark.parametrize(
    ("born", "on", "band"),
    [
        (date(2010, 11, 23), date(2026, 11, 22), "7-TO-15"),
        (date(2010, 11, 23), date(2026, 11, 23), "FROM-16"),
        (date(2019, 11, 23), date(2026, 11, 22), "UP-TO-6"),
        (date(2019, 11, 23), date(2026, 11, 23), "7-TO-15"),
        (date(2026, 11, 22), date(2026, 11, 23), "UP-TO-6"),
        # Born on 29 February: a year older on 1 March, where there is no 29th.
        (date(2008, 2, 29), date(2024, 2, 28), "7-TO-15"),
        (date(2008, 2, 29), date(2024, 2, 29), "FROM-16"),
        (date(2012, 2, 29), date(2028, 2, 28), "7-TO-15"),
        (date(2010, 2, 28), date(2026, 2, 28), "FROM-16"),
        (date(1930, 1, 1), date(2026, 11, 23), "FROM-16"),
        # A date of birth that lies ahead is a mistake of the file, and no reason to fall over.
        (date(2030, 1, 1), date(2026, 11, 23), "UP-TO-6"),
    ],
)
def test_a_band_begins_on_the_birthday(born: date, on: date, band: str) -> None:
    assert RULES.band_on(born, on).code == band


@given(DAYS, DAYS)
def test_everybody_is_in_one_band(born: date, on: date) -> None:
    assert RULES.band_on(born, on) in RULES.bands


def test_a_band_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(BandUnknown, match=r"UP-TO-6, 7-TO-15, FROM-16"):
        RULES.due_on(date(2024, 1, 1), "ADULT")
