# SPDX-License-Identifier: Apache-2.0
"""A lens-order file of the trade is read to the values of an order, or refused by its line and label."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sceau.errors import SceauError
from sceau.formats.dcs import DcsOrder, read_order
from sceau.formats.dcs.errors import DcsMissing, DcsRefused, DcsUnreadable
from sceau.formats.optics.order import load_order
from sceau.record.errors import RuleBroken

DATA = Path(__file__).parents[3] / "data"
LINES = (DATA / "order.dcs").read_bytes().decode("ascii").split("\r\n")[:-1]
PRODUCT: dict[str, Any] = {
    "lens": {
        "manufacturer": "INV", "supplier": "INVFR", "code": "PRX 67", "geometry": 4, "material": 1,
        "index": "1.67", "diameter": "70",
    },
    "supplement": [{"type": "05", "code": "ar plus"}, {"type": "04", "code": "brun 65"}],
}  # fmt: skip
DECLARED: dict[str, Any] = {
    "day": date(2026, 11, 24),
    "codes": {"right": "VXB1", "left": "VXB2"},
    "products": {"PROGRESSIF 67": PRODUCT},
}


def file(*changes: str, gone: str = "", end: str = "\r\n") -> bytes:
    """The sample with lines of other values, and without one label."""
    new = {change.partition("=")[0]: change for change in changes}
    lines = [new.pop(line.partition("=")[0], line) for line in LINES]
    lines = [line for line in lines if line.partition("=")[0] != gone] + list(new.values())
    return "".join(line + end for line in lines).encode("utf-8")


def read(*changes: str, gone: str = "", **declared: Any) -> DcsOrder:
    return read_order(file(*changes, gone=gone), **DECLARED | declared)


def refused(*changes: str, **declared: Any) -> tuple[object, object, str]:
    with pytest.raises(DcsRefused) as error:
        read(*changes, **declared)
    details = error.value.details
    return details["number"], details["path"], details["rule"].code


def test_the_sample_gives_what_the_same_order_in_our_own_format_gives() -> None:
    assert read_order(DATA / "order.dcs", **DECLARED).values == load_order(DATA / "order.json")


def test_what_an_order_cannot_hold_is_listed_in_the_order_of_the_file() -> None:
    order = read()
    assert order.ignored == ("REQ", "IPD", "SEGHT", "_CTO")
    assert order.other_eye == ()


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\r\n\r\n"])
def test_any_end_of_line_and_the_marks_of_old_programs_are_taken(end: str) -> None:
    written = file(end=end)
    for data in (written, written + b"\x1a", b"\xef\xbb\xbf" + written, written.removesuffix(end.encode())):
        assert read_order(data, **DECLARED) .values == read().values  # fmt: skip


@pytest.mark.parametrize(
    "written", ["SPH=-2.5;-2", "SPH= -2.50 ; -2.0 ", "SPH=-2.500;-02.00;", "SPH=-2.5;-2.;;"]
)
def test_one_number_has_many_writings(written: str) -> None:
    assert read(written).values == read().values


def test_quotation_marks_around_a_text_are_no_part_of_it() -> None:
    assert read('JOB="CMD20260118"', 'LNAM="PROGRESSIF 67";"PROGRESSIF 67"').values == read().values


@pytest.mark.parametrize(("do", "eye"), [("R", "right"), ("L", "left")])
def test_only_the_lens_that_is_ordered_is_read_and_the_other_is_told(do: str, eye: str) -> None:
    order = read(f"DO={do}")
    assert order.values == {
        path: value for path, value in read().values.items() if path.startswith((eye, "order"))
    }
    assert order.other_eye[:2] == ("LNAM", "SPH")


def test_a_value_of_one_eye_alone_is_the_right_eyes() -> None:
    assert read("DO=R", "SPH=-2.50", "LNAM=PROGRESSIF 67").values["right.sphere"] == "-1.75"
    with pytest.raises(DcsMissing) as missing:
        read("DO=L", "SPH=-2.50")
    assert missing.value.details == {"path": "SPH"}


@pytest.mark.parametrize("label", ["JOB", "DO", "SPH", "LNAM"])
def test_a_label_that_is_needed_is_named_where_it_is_missing_or_not_known(label: str) -> None:
    without = [file(gone=label)]
    if (
        label != "DO"
    ):  # what it orders is not a value of an eye: anything but R, L and B is refused at its line
        without += [file(f"{label}=?"), file(f"{label}=")]
    for data in without:
        with pytest.raises(DcsMissing) as missing:
            read_order(data, **DECLARED)
        assert missing.value.details == {"path": label}
        assert missing.value.message("fr").startswith(f"{label} manque")


@pytest.mark.parametrize(
    ("changes", "number", "label", "rule"),
    [
        (["DO=N"], 3, "DO", "eyes-unknown"),
        (["DO=?"], 3, "DO", "eyes-unknown"),
        (["DO=R;L"], 3, "DO", "too-many-values"),
        (["SPH=-2.50;-2.00;1"], 5, "SPH", "too-many-values"),
        (["SPH=-2,50;-2.00"], 5, "SPH", "not-a-number"),
        (["SPH=1e1;-2.00"], 5, "SPH", "not-a-number"),
        (["SPH=-2.50;-2.125"], 5, "SPH", "not-a-quarter"),
        (["SPH=-250;-2.00"], 5, "SPH", "out-of-range"),
        (["SPH=-2.50;²"], 5, "SPH", "not-ascii"),
        (["CYL=20;"], 6, "CYL", "out-of-range"),
        (["AX=;"], 6, "CYL", "cylinder-without-axis"),
        (["AX=181;"], 7, "AX", "axis-out-of-range"),
        (["AX=10.5;"], 7, "AX", "axis-not-an-integer"),
        (["CYL=;"], 7, "AX", "axis-without-cylinder"),
        (["ADD=-2.00;2.00"], 8, "ADD", "out-of-range"),
        (["PRVM=-1.00;"], 9, "PRVM", "prism-negative"),
        (["PRVM=31;"], 9, "PRVM", "out-of-range"),
        (["PRVA=;"], 9, "PRVM", "prism-without-base"),
        (["PRVA=45;"], 10, "PRVA", "base-oblique"),
        (["PRVA=90.5;"], 10, "PRVA", "base-oblique"),
        (["PRVA=450;"], 10, "PRVA", "base-range"),
        (["PRVA=0;"], 10, "PRVA", "base-side-unknown"),
        (["PRVA=180;"], 10, "PRVA", "base-side-unknown"),
        (["PRVIN=0;0"], 9, "PRVM", "two-prisms"),
        (["PRVM=;", "PRVUP=-30.25;"], 14, "PRVUP", "out-of-range"),
        (["PRVM=;", "PRVIN=1;", "PRVUP=0.1;"], 15, "PRVUP", "not-a-quarter"),
        (["LNAM=UNIFOCAL;PROGRESSIF 67"], 4, "LNAM", "product-unknown"),
        (["ANS=FIL"], 14, "ANS", "answer"),
        (["JOB=A;B"], 2, "JOB", "too-many-values"),
    ],
)
def test_what_is_wrong_is_refused_by_its_line_label_and_rule(
    changes: list[str], number: int, label: str, rule: str
) -> None:
    assert refused(*changes) == (number, label, rule)


def test_a_reference_that_no_record_holds_is_refused_at_its_line() -> None:
    assert refused("JOB=" + "A" * 500)[:2] == (2, "JOB")


def test_what_is_declared_of_a_lens_is_needed_and_whole() -> None:
    assert refused(codes={"right": "VXB1"}) == (4, "LNAM", "code-unknown")
    assert refused(products={}) == (4, "LNAM", "product-unknown")
    assert refused(products={"PROGRESSIF 67": {"lens": {"colour": "BLUE"}}}) == (4, "LNAM", "unknown")
    with pytest.raises(RuleBroken):
        read(products={"PROGRESSIF 67": {"lens": {"manufacturer": "INV"}}})


@pytest.mark.parametrize("label", ["JOB", "SPH", "PRVM", "DO"])
def test_a_label_that_is_read_stands_once_whether_its_values_agree_or_not(label: str) -> None:
    (line,) = (line for line in LINES if line.startswith(f"{label}="))
    with pytest.raises(DcsRefused) as error:
        read_order(file() + line.encode() + b"\r\n", **DECLARED)
    assert (error.value.details["number"], error.value.details["rule"].code) == (14, "twice")


@pytest.mark.parametrize(
    ("degrees", "view", "expected"),
    [
        ("0;0", "facing", ("1.00", "-1.00")),
        ("360;180.0", "facing", ("1.00", "1.00")),
        ("0;0", "nose", ("1.00", "1.00")),
        ("180;0", "nose", ("-1.00", "1.00")),
    ],
)
def test_the_side_of_a_horizontal_base_is_what_was_declared(
    degrees: str, view: Any, expected: tuple[str, str]
) -> None:
    values = read("PRVM=1.00;1.00", f"PRVA={degrees}", prism_view=view).values
    assert (values["right.prism.horizontal"], values["left.prism.horizontal"]) == expected
    assert "right.prism.vertical" not in values


def test_a_prism_in_two_amounts_is_in_and_up() -> None:
    values = read("PRVM=;", "PRVIN=-0.50;1.00", "PRVUP=2.00;-0.25").values
    assert [values[f"{eye}.prism.{way}"] for eye in ("right", "left") for way in ("horizontal", "vertical")] == [
        "-0.50", "2.00", "1.00", "-0.25"
    ]  # fmt: skip


def test_no_prism_needs_no_base() -> None:
    for changes in (["PRVM=0.00;0", "PRVA=;"], ["PRVM=;", "PRVA=?;?"], ["PRVM=;", "PRVIN=0;0"]):
        assert not [path for path in read(*changes).values if ".prism." in path]


@pytest.mark.parametrize("data", [b"Durand Marie", b"=1", b"sph=1", b"durand=1", b"SPH", b"SPH DURAND=1"])
def test_a_line_that_is_no_record_is_named_by_its_number_and_not_printed(data: bytes) -> None:
    with pytest.raises(DcsRefused) as error:
        read_order(file() + data, **DECLARED)
    assert (error.value.details["number"], error.value.details["path"]) == (14, "(?)")
    assert b"urand" not in str(error.value).encode()


@pytest.mark.parametrize("control", b"\x00\x01\x06\x0b\x0c\x1c\x1d\x1e\x7f")
def test_the_frames_of_messages_between_devices_are_refused(control: int) -> None:
    with pytest.raises(DcsRefused) as error:
        read_order(bytes([control]) + file(), **DECLARED)
    assert (error.value.details["number"], error.value.details["rule"].code) == (1, "device-traffic")


def test_a_name_in_any_code_page_does_not_stop_a_file() -> None:
    assert "CLIENT" in read_order(file() + "CLIENT=Éloïse".encode("cp1252"), **DECLARED).ignored


@pytest.mark.parametrize("data", [b"", b"\r\n \r\n", b"\x1a", b"A" * 1_000_001])
def test_no_file_at_all_is_refused(data: bytes) -> None:
    with pytest.raises(DcsUnreadable):
        read_order(data, **DECLARED)


def test_a_file_that_is_not_there_is_named_without_its_folders(tmp_path: Path) -> None:
    with pytest.raises(DcsUnreadable) as error:
        read_order(tmp_path / "absent.dcs", **DECLARED)
    assert str(error.value).startswith("absent.dcs: ")


def test_nothing_that_is_printed_of_an_order_holds_a_value() -> None:
    order = read()
    assert repr(order) == f"DcsOrder({len(order.values)} values, 4 labels ignored)"


lines_of_labels = st.sampled_from(LINES).flatmap(
    lambda line: st.text("0123456789.,;?+-=\x1c ABé\r\n", max_size=12).map(
        lambda text: line.partition("=")[0] + "=" + text
    )
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.lists(lines_of_labels, max_size=4).map(lambda new: file(*new))))
def test_any_bytes_give_an_order_or_one_error(data: bytes) -> None:
    with suppress(SceauError):
        assert read_order(data, **DECLARED).values["order.date"] == "2026-11-24"


quarters = st.integers(-80, 80).map(lambda quarters: quarters / 4)


@settings(max_examples=200, deadline=None)
@given(quarters, st.integers(-24, 0), st.integers(1, 180), st.integers(0, 16), st.integers(-40, 40))
def test_written_numbers_are_read_as_they_were_written(
    sphere: float, cylinder: int, axis: int, near: int, up: int
) -> None:
    values = read(
        f"SPH={sphere:+.2f};0",
        f"CYL={cylinder / 4:.2f};",
        f"AX={axis:03d};" if cylinder else "AX=;",
        f"ADD={near / 4:.2f};",
        "PRVM=;",
        f"PRVUP={up / 4:+.2f};",
    ).values
    assert values["right.sphere"] == f"{sphere:.2f}"
    assert values["right.cylinder"] == f"{cylinder / 4:.2f}"
    assert values.get("right.axis") == (axis if cylinder else None)
    assert values.get("right.addition") == (f"{near / 4:.2f}" if near else None)
    assert values.get("right.prism.vertical") == (f"{up / 4:.2f}" if up else None)
