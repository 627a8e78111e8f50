# SPDX-License-Identifier: Apache-2.0
"""Two writings of one lens have one canonical value, and nothing absurd has any."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.formats.optics.correction import (
    Correction,
    Number,
    Prism,
    PrismPart,
    addition,
    correction,
    fold_prism,
    transposed,
)
from sceau.formats.optics.errors import CorrectionRefused

quarters = st.integers(min_value=-150, max_value=150)
axes = st.integers(min_value=1, max_value=180)
cylinders = st.integers(min_value=-60, max_value=60).filter(bool)


def dioptres(number: int) -> Decimal:
    """A power written as a file may write it, from whole quarters."""
    return Decimal(number) / 4


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        (("-2.00", None, None), Correction("-2.00", "0.00", None)),
        (("-1.00", "-0.50", 180), Correction("-1.00", "-0.50", 180)),
        (("-1.50", "+0.50", 90), Correction("-1.00", "-0.50", 180)),
        (("+2", "1.25", 45), Correction("3.25", "-1.25", 135)),
        (("0.25", "-0.25", 0), Correction("0.25", "-0.25", 180)),
        (("-0.25", "0.25", 0), Correction("0.00", "-0.25", 90)),
        (("-0.00", "-0.00", 17), Correction("0.00", "0.00", None)),
        ((Decimal("2.000"), Decimal("-25E-2"), Decimal("90.0")), Correction("2.00", "-0.25", 90)),
        ((38, 2, 1), Correction("40.00", "-2.00", 91)),
    ],
)
def test_a_lens_is_written_with_a_negative_cylinder(
    written: tuple[Number, Number | None, Decimal | int | None], canonical: Correction
) -> None:
    assert correction(*written) == canonical


@given(sphere=quarters, cylinder=cylinders, axis=axes)
def test_both_writings_of_a_lens_have_one_canonical_value_or_are_both_refused(
    sphere: int, cylinder: int, axis: int
) -> None:
    turned = axis + 90 if axis <= 90 else axis - 90

    def outcome(s: int, c: int, a: int) -> Correction | str:
        try:
            return correction(dioptres(s), dioptres(c), a)
        except CorrectionRefused as refused:
            return str(refused.details["path"])

    assert outcome(sphere, cylinder, axis) == outcome(sphere + cylinder, -cylinder, turned)


@given(sphere=st.integers(-140, 140), cylinder=st.integers(-60, 0), axis=axes)
def test_transposing_twice_gives_the_lens_back(sphere: int, cylinder: int, axis: int) -> None:
    lens = correction(dioptres(sphere), dioptres(cylinder), axis)
    s, c, a = transposed(lens)
    assert Decimal(c) >= 0
    assert Decimal(s) == Decimal(lens.sphere) + Decimal(lens.cylinder)
    if lens.axis is not None:
        assert a is not None
        assert abs(a - lens.axis) == 90
    assert correction(s, c, a) == lens


@given(sphere=st.integers(-99, 99), cylinder=cylinders, axis=axes)
def test_two_lenses_that_differ_have_different_canonical_values(
    sphere: int, cylinder: int, axis: int
) -> None:
    lens = correction(dioptres(sphere), dioptres(cylinder), axis)
    assert correction(dioptres(sphere + 1), dioptres(cylinder), axis) != lens
    assert correction(dioptres(sphere), dioptres(cylinder), axis % 180 + 1) != lens
    # The power along the axis of either writing is its sphere.
    along = dioptres(sphere) if lens.axis == axis else dioptres(sphere + cylinder)
    assert Decimal(lens.sphere) == along


@pytest.mark.parametrize(
    ("written", "path", "rule"),
    [
        (("-2.00", "-0.50", None), "right.cylinder", "cylinder-without-axis"),
        (("-2.00", None, 90), "right.axis", "axis-without-cylinder"),
        (("-2.10", None, None), "right.sphere", "not-a-quarter"),
        (("-2.00", "0.125", 90), "right.cylinder", "not-a-quarter"),
        (("40.25", None, None), "right.sphere", "out-of-range"),
        (("-200", None, None), "right.sphere", "out-of-range"),
        (("39.00", "2.00", 90), "right.sphere", "out-of-range"),
        (("0.00", "-15.25", 90), "right.cylinder", "out-of-range"),
        (("0.00", "15.25", 90), "right.cylinder", "out-of-range"),
        (("-2.00", "-0.50", 181), "right.axis", "axis-out-of-range"),
        (("-2.00", "-0.50", 500), "right.axis", "axis-out-of-range"),
        (("-2.00", "0.00", 500), "right.axis", "axis-out-of-range"),
        (("-2.00", "-0.50", -1), "right.axis", "axis-out-of-range"),
        (("-2.00", "-0.50", Decimal("1E+999999")), "right.axis", "axis-not-an-integer"),
        (("-2.00", "-0.50", Decimal("90.5")), "right.axis", "axis-not-an-integer"),
        (("-2.00", "-0.50", Decimal("NaN")), "right.axis", "axis-not-an-integer"),
        (("-2.00", "-0.50", True), "right.axis", "axis-not-an-integer"),
        (("-2.00", "-0.50", "90°"), "right.axis", "axis-not-an-integer"),
        (("-2,000", None, None), "right.sphere", "not-a-number"),
        (("-2.0000001", None, None), "right.sphere", "not-a-quarter"),
        ((Decimal("-2.000000000000000001"), None, None), "right.sphere", "not-a-quarter"),
        (("plano", None, None), "right.sphere", "not-a-number"),
        (("", None, None), "right.sphere", "not-a-number"),
        (("-٢.00", None, None), "right.sphere", "not-a-number"),
        ((True, None, None), "right.sphere", "not-a-number"),
        ((-2.0, None, None), "right.sphere", "not-a-number"),
        ((None, None, None), "right.sphere", "not-a-number"),
        ((Decimal("NaN"), None, None), "right.sphere", "not-a-number"),
        ((Decimal("-Infinity"), None, None), "right.sphere", "not-a-number"),
        ((Decimal("1E+999999"), None, None), "right.sphere", "not-a-number"),
        ((Decimal("1E-999999"), None, None), "right.sphere", "not-a-number"),
        ((10**30, None, None), "right.sphere", "not-a-number"),
    ],
)
def test_an_absurd_correction_is_refused_by_path_and_rule(
    written: tuple[Any, Any, Any], path: str, rule: str
) -> None:
    with pytest.raises(CorrectionRefused) as refused:
        correction(*written, path="right")
    assert refused.value.details["path"] == path
    assert refused.value.details["rule"].code == rule


def test_a_refusal_speaks_both_languages_and_tells_no_value() -> None:
    with pytest.raises(CorrectionRefused) as refused:
        correction("-87.25", None, None, path="right")
    assert "87" not in refused.value.message("en") + refused.value.message("fr") + repr(refused.value)
    assert refused.value.message("fr").startswith(
        "right.sphere : la valeur doit être comprise entre -40.00 et 40.00"
    )


@pytest.mark.parametrize(
    ("given_", "text"), [(None, "0.00"), (0, "0.00"), ("2", "2.00"), (Decimal("0.75"), "0.75")]
)
def test_an_absent_addition_is_a_zero_addition(given_: Number | None, text: str) -> None:
    assert addition(given_) == text


@pytest.mark.parametrize("value", ["-0.25", "8.25", "1.1", 2.0])
def test_an_absurd_addition_is_refused(value: Any) -> None:
    with pytest.raises(CorrectionRefused):
        addition(value)


@pytest.mark.parametrize(
    ("parts", "eye", "folded"),
    [
        ([], "right", Prism("0.00", "0.00")),
        ([(0, "up"), ("0.00", "in")], "left", Prism("0.00", "0.00")),
        ([("0.5", "down")], "right", Prism("-0.50", "0.00")),
        ([("2", "up"), ("0.5", "down")], "right", Prism("1.50", "0.00")),
        ([("1", "in"), ("1", "out")], "right", Prism("0.00", "0.00")),
        ([("1", "in"), ("3", "out"), ("0.25", "up")], "left", Prism("0.25", "-2.00")),
        ([("1", 0)], "right", Prism("0.00", "1.00")),
        ([("1", 0)], "left", Prism("0.00", "-1.00")),
        ([("1", 360)], "left", Prism("0.00", "-1.00")),
        ([("1", 180)], "right", Prism("0.00", "-1.00")),
        ([("1", 180)], "left", Prism("0.00", "1.00")),
        ([("1", 90)], "left", Prism("1.00", "0.00")),
        ([("1", 90)], "right", Prism("1.00", "0.00")),
        ([("1", 270)], "right", Prism("-1.00", "0.00")),
    ],
)
def test_a_prism_is_one_vertical_and_one_horizontal_amount(
    parts: list[tuple[Number, str | int]], eye: str, folded: Prism
) -> None:
    assert fold_prism([PrismPart(amount, base) for amount, base in parts], eye) == folded


parts_of_prisms = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["up", "down", "in", "out"])), max_size=4
)


@given(parts=parts_of_prisms, data=st.data())
def test_the_order_of_the_parts_and_a_zero_part_change_nothing(
    parts: list[tuple[int, str]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations([*parts, (0, "up")]))

    def fold(given_: list[tuple[int, str]]) -> Prism:
        return fold_prism([PrismPart(dioptres(amount), base) for amount, base in given_], "right")

    assert fold(parts) == fold(shuffled)
    total = sum(amount if base == "up" else -amount for amount, base in parts if base in ("up", "down"))
    assert Decimal(fold(parts).vertical) == dioptres(total)


@given(parts=parts_of_prisms, eye=st.sampled_from(["right", "left"]))
def test_a_base_in_degrees_and_in_words_are_one_value(parts: list[tuple[int, str]], eye: str) -> None:
    degrees = {"up": 90, "down": 270, "in": 0 if eye == "right" else 180, "out": 180 if eye == "right" else 0}
    words = [PrismPart(dioptres(amount), base) for amount, base in parts]
    turned = [PrismPart(dioptres(amount), degrees[base]) for amount, base in parts]
    assert fold_prism(words, eye) == fold_prism(turned, eye)


@pytest.mark.parametrize(
    ("part", "path", "rule"),
    [
        (("1", 45), "right.prism.base", "base-oblique"),
        (("1", 37), "right.prism.base", "base-oblique"),
        (("1", 450), "right.prism.base", "base-unknown"),
        (("1", -90), "right.prism.base", "base-unknown"),
        (("1", True), "right.prism.base", "base-unknown"),
        (("1", "nasal"), "right.prism.base", "base-unknown"),
        (("1", "UP"), "right.prism.base", "base-unknown"),
        (("-1", "up"), "right.prism.amount", "prism-negative"),
        (("0.1", "up"), "right.prism.amount", "not-a-quarter"),
        (("30.25", "up"), "right.prism.amount", "out-of-range"),
        (("x", "up"), "right.prism.amount", "not-a-number"),
    ],
)
def test_an_absurd_prism_is_refused(part: tuple[str, str | int], path: str, rule: str) -> None:
    with pytest.raises(CorrectionRefused) as refused:
        fold_prism([PrismPart(*part, path="right.prism")], "right", path="right.prism")
    assert (refused.value.details["path"], refused.value.details["rule"].code) == (path, rule)


def test_the_sum_of_a_prism_is_held_to_the_limit_of_its_parts() -> None:
    with pytest.raises(CorrectionRefused) as refused:
        fold_prism([PrismPart("20", "in"), PrismPart("20", "in")], "right", path="right.prism")
    assert refused.value.details["path"] == "right.prism.horizontal"


def test_a_prism_needs_to_know_its_eye() -> None:
    with pytest.raises(CorrectionRefused):
        fold_prism([PrismPart("1", 0)], "middle")


@pytest.mark.parametrize(
    "written",
    ["-2,5", " -2.50 ", "-2.500000000000000000", Decimal("-2.500000000000000000"), Decimal("-25E-1")],
)
def test_a_power_is_one_however_its_number_is_written(written: Any) -> None:
    assert correction(written) == correction("-2.50")
    assert correction("0.00", written, "010") == correction("0.00", "-2.50", Decimal("10.0"))
