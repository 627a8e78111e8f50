# SPDX-License-Identifier: Apache-2.0
"""What an author's software holds is brought to its one writing; what means something else is left to be refused."""

from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.record import load_profile
from sceau.record.canonical import broken_rule
from sceau.record.errors import PathUnknown
from sceau.record.normalise import normalise, normalised_code

LENSES = load_profile("optical-prescription", 1)
CONSENT = load_profile("consent", 1)


@pytest.mark.parametrize("written", ["ab 12-c", "AB12-C", " ab12-c", "a b 1 2 - c\n", "Ab\t12-C"])
def test_a_code_with_blanks_or_in_lower_case_is_one_code(written: str) -> None:
    assert normalised_code(written) == "AB12-C"
    assert normalise(CONSENT, {"purpose": written}) == {"purpose": "AB12-C"}


@pytest.mark.parametrize("written", ["straße", "ﬁx", "ſ", "ı", "é", "a\u200b", "A\xa0B"])
def test_a_letter_that_is_not_ascii_never_becomes_one(written: str) -> None:
    assert broken_rule("code", normalised_code(written)) is not None


@pytest.mark.parametrize(
    "written",
    [
        *(Decimal("-2"), Decimal("-2.000"), -2, "-2", "-2.0", "-2,00", "-02.00", " -2.00 ", Decimal("-2E0")),
        *("-2." + "0" * 18, Decimal("-2." + "0" * 30), "\u00a0-2,00\u202f"),
    ],
)
def test_a_number_has_one_writing(written: object) -> None:
    assert normalise(LENSES, {"right.sphere": written}) == {"right.sphere": "-2.00"}


@pytest.mark.parametrize("written", ["+0.5", "0,50", Decimal("0.5")])
def test_a_plus_sign_is_dropped(written: object) -> None:
    assert normalise(LENSES, {"right.addition": written}) == {"right.addition": "0.50"}


@pytest.mark.parametrize("zero", [0, "0", "-0.00", "+0", Decimal("-0.0"), Decimal(0), "0.00", None, ""])
def test_absent_and_zero_are_one_value_where_the_profile_says_so(zero: object) -> None:
    assert normalise(LENSES, {"right.addition": zero, "right.prism.vertical": zero}) == {}


@pytest.mark.parametrize("zero", [0, "-0.00", Decimal("-0.0"), "0"])
def test_zero_is_kept_elsewhere(zero: object) -> None:
    assert normalise(LENSES, {"right.cylinder": zero}) == {"right.cylinder": "0.00"}


@pytest.mark.parametrize(
    "written",
    [
        *("2.005", "1,500", "1e2", "--2", "2 00", "٢", "\u22122", "9" * 5000, 2.0, True, b"2", ["2"]),
        *map(Decimal, ("0.001", "-2.00" + "0" * 30 + "1", "1E-999999", "NaN", "sNaN", "Infinity", "1E+30")),
    ],
    ids=lambda written: repr(written)[:20],
)
def test_what_may_mean_something_else_is_left_to_be_refused(written: object) -> None:
    left = normalise(LENSES, {"right.sphere": written})["right.sphere"]
    assert broken_rule("dioptre", left) is not None


def test_text_dates_and_hashes() -> None:
    normalised = normalise(
        CONSENT,
        {
            "text.version": " Ve\u0301rifie\u0301\xa0: \n une  fois ",
            "text.hash": b"\xab" * 32,
            "expires": date(2027, 6, 30),
            "attested": False,
            "practice": 7,
        },
    )
    assert normalised == {
        "text.version": "Vérifié : une fois",
        "text.hash": "0x" + "ab" * 32,
        "expires": "2027-06-30",
        "attested": False,
        "practice": 7,
    }
    assert normalise(CONSENT, {"text.hash": "0x" + "AB" * 32}) == {"text.hash": "0x" + "ab" * 32}


def test_a_time_is_no_date() -> None:
    left = normalise(CONSENT, {"expires": datetime(2027, 6, 30, tzinfo=timezone.utc)})["expires"]
    assert broken_rule("date", left) is not None


def test_a_path_that_is_none_is_refused() -> None:
    with pytest.raises(PathUnknown):
        normalise(CONSENT, {"name": "x"})


@given(st.text(max_size=20), st.sampled_from(["purpose", "text.version", "text.hash", "expires"]))
def test_what_is_canonical_stays_and_what_was_tidied_is_not_tidied_again(written: object, path: str) -> None:
    once = normalise(CONSENT, {path: written})
    assert normalise(CONSENT, once) == once
    field = CONSENT.field(path)
    if broken_rule(field.format, written, field.limits) is None:
        assert once == {path: written}


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-40, max_value=40))
def test_tidying_changes_no_number(number: Decimal) -> None:
    assert Decimal(normalise(LENSES, {"right.sphere": number})["right.sphere"]) == number
