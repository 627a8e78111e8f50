# SPDX-License-Identifier: Apache-2.0
"""Files of orders, deliveries and invoices are read to one writing, or refused by the place in the file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sceau.errors import SceauError
from sceau.formats.optics.errors import CorrectionRefused, LensFileRefused, ReasonWrong
from sceau.formats.optics.order import check_reason, load_delivery, load_invoice, load_order
from sceau.formats.optics.quote import load_quote
from sceau.record import Value
from sceau.record.errors import RuleBroken
from tests.client.conformity.lenses import DATA, LOADERS, file, values


def test_the_sample_order_gives_these_values() -> None:
    assert load_order(DATA / "order.json") == {
        "order.reference": "CMD20260118",
        "order.date": "2026-11-24",
        **{
            f"{eye}.{name}": value
            for eye in ("right", "left")
            for name, value in {
                "quantity": 1,
                "lens.manufacturer": "INV",
                "lens.supplier": "INVFR",
                "lens.code": "PRX67",
                "lens.geometry": "PROGRESSIVE",
                "lens.material": "ORGANIC",
                "lens.index": 1670,
                "lens.diameter": "70.00",
                "supplement.1.code": "ARPLUS",
                "supplement.1.type": "COATING",
                "supplement.2.code": "BRUN65",
                "supplement.2.type": "TINT",
                "addition": "2.00",
            }.items()
        },
        "right.code": "VXB1",
        "right.sphere": "-1.75",
        "right.cylinder": "-0.75",
        "right.axis": 100,
        "right.prism.vertical": "1.00",
        "left.code": "VXB2",
        "left.sphere": "-2.00",
        "left.cylinder": "0.00",
    }


def test_a_delivery_has_what_the_supplier_knows_of_its_own() -> None:
    own = {path: value for path, value in values("delivery").items() if path not in values("order")}
    assert own == {
        "dispatch.reference": "BL88-20417",
        "dispatch.date": "2026-11-27",
        "production.date": "2026-11-26",
        "right.serial.1": "INV-2611-004417",
        "left.serial.1": "INV-2611-004418",
    }


def test_the_sample_invoice_is_to_the_cent_what_the_sample_quote_offered() -> None:
    quote, invoice = load_quote(DATA / "quote.json"), load_invoice(DATA / "invoice.json")
    shared = [path for path in quote if path in invoice]
    assert len(shared) > 20
    assert {path: invoice[path] for path in shared} == {path: quote[path] for path in shared}


@pytest.mark.parametrize("kind", LOADERS)
def test_a_file_its_bytes_and_its_object_are_read_alike(kind: str) -> None:
    path = DATA / f"{kind}.json"
    read = LOADERS[kind](path)
    assert read == LOADERS[kind](str(path)) == LOADERS[kind](path.read_bytes()) == LOADERS[kind](file(kind))
    given = file(kind)
    LOADERS[kind](given)
    assert given == file(kind)


@pytest.mark.parametrize(
    ("written", "thousandths"),
    [(Decimal("1.6"), 1600), ("1,523", 1523), ("1.50", 1500), (2, 2000), (1600, 1600), ("1740", 1740)],
)
def test_an_index_is_kept_in_thousandths(written: Decimal | int | str, thousandths: int) -> None:
    assert values("order", right__lens__index=written)["right.lens.index"] == thousandths


def test_the_order_of_supplements_and_serial_numbers_says_nothing() -> None:
    several = [{"type": "05", "code": "B"}, {"type": 4, "code": "a"}, {"type": "special", "code": "C"}]
    read = [
        values("delivery", right__supplement=given, right__serial=serials)
        for given, serials in ((several, ["2", "10", "1"]), (several[::-1], ["1", "2", "10"]))
    ]
    assert read[0] == read[1]
    assert [read[0][f"right.supplement.{place}.code"] for place in (1, 2, 3)] == ["A", "B", "C"]
    assert [read[0][f"right.supplement.{place}.type"] for place in (1, 2, 3)] == [
        "TINT",
        "COATING",
        "SPECIAL",
    ]
    assert [read[0][f"right.serial.{place}"] for place in (1, 2, 3)] == ["1", "10", "2"]


def test_eight_supplements_and_four_services_fit_and_do_not_disturb_each_other() -> None:
    eight = [{"type": 5, "code": f"C{number}"} for number in range(8)]
    read = values("invoice", right__supplement=eight)
    assert read["right.supplement.8.code"] == "C7"
    assert "service.2.code" not in read


BLANK = {"left": None}


@pytest.mark.parametrize(
    ("kind", "changes", "place", "rule"),
    [
        ("order", {"format": "sceau-quote/1"}, "format", "wrong-format"),
        ("order", {"format": None}, "format", "wrong-format"),
        ("order", {"right": "VXB1"}, "right", "not-an-object"),
        ("order", {"right": []}, "right", "not-an-object"),
        ("order", {"right__colour": "red"}, "right.colour", "unknown"),
        ("order", {"right__class": "B"}, "right.class", "unknown"),
        ("order", {"right__serial": ["1"]}, "right.serial[0]", "unknown"),
        ("order", {"right__lens": "PRX67"}, "right.lens", "unknown"),
        ("order", {"order__date": "24/11/2026"}, "order.date", "date-shape"),
        ("order", {"order__date": None}, "order.date", "missing"),
        ("order", {"order__reference": ""}, "order.reference", "missing"),
        ("order", {"order__reason": "LOST"}, "order.reason", "not-listed"),
        ("order", {"right__code": "2261874"}, "right.code", "code-individual"),
        ("order", {"right__quantity": 0}, "right.quantity", "out-of-range"),
        ("order", {"right__quantity": 10}, "right.quantity", "out-of-range"),
        ("order", {"right__quantity": "one"}, "right.quantity", "not-integer"),
        ("order", {"right__quantity": Decimal("1.5")}, "right.quantity", "not-integer"),
        ("order", {"right__quantity": True}, "right.quantity", "not-integer"),
        ("order", {"right__lens__geometry": 6}, "right.lens.geometry", "not-text"),
        ("order", {"right__lens__geometry": "6"}, "right.lens.geometry", "not-listed"),
        ("order", {"right__lens__geometry": True}, "right.lens.geometry", "not-text"),
        ("order", {"right__lens__material": "glass"}, "right.lens.material", "not-listed"),
        ("order", {"right__lens__index": float("nan")}, "right.lens.index", "not-integer"),
        ("order", {"right__lens__index": Decimal("0.5")}, "right.lens.index", "out-of-range"),
        ("order", {"right__lens__index": Decimal("1.6005")}, "right.lens.index", "not-integer"),
        ("order", {"right__lens__index": Decimal("1.6" + "0" * 30 + "1")}, "right.lens.index", "not-integer"),
        ("order", {"right__lens__index": Decimal("1600.5")}, "right.lens.index", "not-integer"),
        ("order", {"right__lens__index": "1.67 high"}, "right.lens.index", "not-integer"),
        ("order", {"right__lens__index": Decimal("1E+999999")}, "right.lens.index", "not-integer"),
        ("order", {"right__lens__index": Decimal("1E-999999")}, "right.lens.index", "not-integer"),
        ("order", {"right__lens__index": Decimal("NaN")}, "right.lens.index", "not-integer"),
        ("order", {"right__lens__diameter": 29}, "right.lens.diameter", "out-of-range"),
        ("order", {"right__lens__diameter": "70.25"}, "right.lens.diameter", "not-a-step"),
        ("order", {"right__supplement": [{"code": "A"}]}, "right.supplement[0].type", "missing"),
        ("order", {"right__supplement": [{"type": "05"}]}, "right.supplement[0].code", "missing"),
        (
            "order",
            {"right__supplement": [{"code": "A", "type": "02"}]},
            "right.supplement[0].type",
            "not-listed",
        ),
        ("order", {"right__supplement": {"code": "A", "type": "05"}}, "right.supplement.code", "unknown"),
        (
            "order",
            {"right__supplement": [{"code": f"A{number}", "type": 5} for number in range(9)]},
            "right.supplement[8].code",
            "unknown",
        ),
        ("order", {"right__sphere": None}, "right.sphere", "missing"),
        ("order", {"right__prism": {"amount": 1, "base": "up"}}, "right.prism", "not-a-list"),
        ("order", {"right__prism": [1]}, "right.prism[0]", "prism-shape"),
        ("order", {"right__prism": [{"amount": 1, "axis": 3}]}, "right.prism[0]", "prism-shape"),
        ("order", {"right__prism": [{"amount": 1}]}, "right.prism[0].base", "missing"),
        ("delivery", {"dispatch__reference": None}, "dispatch.reference", "missing"),
        ("delivery", {"right__serial": [str(number) for number in range(10)]}, "right.serial[9]", "unknown"),
        ("delivery", {"right__lpp": "22618741"}, "right.lpp", "too-long"),
        ("delivery", {"order__reason": "DEFECT"}, "order.reason", "unknown"),
        ("invoice", {"right__lpp": "2261874"}, "right.lpp", "unknown"),
        ("invoice", {"right__price": "149,000"}, "right.price", "not-an-amount"),
        ("invoice", {"total__price": None}, "total.price", "missing"),
        ("invoice", {"service": [{"code": "PXA"}]}, "service[0].price", "missing"),
        ("invoice", {"currency": "USD"}, "currency", "not-listed"),
    ],
)
def test_what_is_wrong_is_refused_by_its_place_and_rule(
    kind: str, changes: dict[str, Any], place: str, rule: str
) -> None:
    with pytest.raises(LensFileRefused) as refused:
        values(kind, **changes)
    assert (refused.value.details["path"], refused.value.details["rule"].code) == (place, rule)
    assert refused.value.message("fr").startswith(f"{place} : ")


@pytest.mark.parametrize(
    ("changes", "place", "rule"),
    [
        ({"right__axis": None}, "right.cylinder", "cylinder-without-axis"),
        ({"right__axis": 200}, "right.axis", "axis-out-of-range"),
        ({"left__axis": 20}, "left.axis", "axis-without-cylinder"),
        ({"right__sphere": "-2.10"}, "right.sphere", "not-a-quarter"),
        ({"right__sphere": float("nan")}, "right.sphere", "not-a-number"),
        ({"right__addition": "-1.00"}, "right.addition", "out-of-range"),
        ({"right__prism": [{"amount": 1, "base": 45}]}, "right.prism[0].base", "base-oblique"),
        ({"right__prism": [{"amount": -1, "base": "up"}]}, "right.prism[0].amount", "prism-negative"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_by_its_place_and_rule(
    changes: dict[str, Any], place: str, rule: str
) -> None:
    with pytest.raises(CorrectionRefused) as refused:
        values("order", **changes)
    assert (refused.value.details["path"], refused.value.details["rule"].code) == (place, rule)


@pytest.mark.parametrize(
    ("kind", "changes", "rule"),
    [
        ("order", {"right": None, "left": None}, "any-of"),
        ("order", {"right__code": None}, "needs"),
        ("order", {"right__quantity": None}, "needs"),
        ("order", {"right__lens": None}, "needs"),
        ("order", {"right__lens__material": None}, "needs"),
        ("order", {"right__supplement": [{"code": "A", "type": 5}, {"code": "a ", "type": 5}]}, "ascending"),
        ("delivery", {"production__date": "2026-11-28"}, "not-after"),
        ("delivery", {"right__serial": ["A1", "a 1"]}, "ascending"),
        ("invoice", {"prescription__written": "2027-10-02"}, "not-after"),
        ("invoice", {"total__price": "467.01"}, "sum"),
        ("invoice", {"total__amc": "343.96"}, "sum"),
        ("invoice", {"right__class": None}, "needs"),
    ],
)
def test_fields_that_do_not_fit_together_are_refused(kind: str, changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        values(kind, **changes)
    assert refused.value.details["rule"].code == rule


@pytest.mark.parametrize("path", ["right", "left"])
def test_an_eye_left_empty_is_an_eye_left_out(path: str) -> None:
    data = file("order")
    data[path] = None
    assert not [each for each in load_order(data) if each.startswith(f"{path}.")]


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b'{"format": "sceau-lens-order/1"', b"\xff", b"null", b"{}"]
)
def test_what_is_no_such_file_is_refused(data: bytes) -> None:
    for load in LOADERS.values():
        with pytest.raises(LensFileRefused):
            load(data)


def test_a_file_that_is_not_there_is_named_without_its_folders(tmp_path: Path) -> None:
    with pytest.raises(LensFileRefused) as refused:
        load_order(tmp_path / "absent.json")
    assert str(refused.value).startswith("absent.json: ")


def test_a_file_nested_without_end_is_refused_and_does_not_exhaust_the_reader() -> None:
    nested: object = "deep"
    for _ in range(5000):
        nested = {"lens": nested}
    for place in (file("order") | {"right": nested}, file("order") | {"order": nested}):
        with pytest.raises(LensFileRefused):
            load_order(place)


def test_a_key_of_a_damaged_file_is_not_printed() -> None:
    with pytest.raises(LensFileRefused) as refused:
        load_order(file("order") | {"Name: Durand": "x"})
    assert "Durand" not in str(refused.value)
    assert refused.value.details["path"] == "(?)"


@pytest.mark.parametrize("delivered", [False, True])
@pytest.mark.parametrize("reason", [None, "BREAKAGE", "ADAPTATION", "DEFECT", "CORRECTION"])
@pytest.mark.parametrize("order", [1, 2, 9])
def test_an_order_that_replaces_another_says_why_and_a_first_one_does_not(
    order: int, reason: str | None, delivered: bool
) -> None:
    given = {} if reason is None else {"order.reason": reason}
    allowed = (reason is None) == (order == 1) and not (reason == "CORRECTION" and delivered)
    if allowed:
        check_reason(given, order_number=order, replaced_delivered=delivered)
    else:
        with pytest.raises(ReasonWrong):
            check_reason(given, order_number=order, replaced_delivered=delivered)


def places(data: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The place of every value, object and list of a file."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        yield (*above, key)
        yield from places(value, (*above, key))


ABSURD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.sampled_from(["", "NaN", "1e9", "VXB1", "x" * 2000, "-0.00", "१", "ß", "\u202e", "2026-02-30"]),
    st.text(max_size=4),
    st.just([]),
    st.just({}),
    st.just([[[[[["deep"]]]]]]),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.decimals(allow_nan=True),
)


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(sorted(LOADERS)), data=st.data())
def test_a_damaged_file_is_read_or_refused_and_never_breaks_the_reader(
    kind: str, data: st.DataObject
) -> None:
    damaged = file(kind)
    place = data.draw(st.sampled_from(sorted(places(damaged), key=str)))
    holder = damaged
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = data.draw(ABSURD)
    read = outcome(LOADERS[kind], damaged)
    if isinstance(read, SceauError):
        assert len(str(read)) < 1000
        assert read.message("fr") != str(read)
    else:
        assert all(isinstance(value, Value) for value in read.values())


def outcome(load: Callable[[Any], dict[str, Value]], data: Any) -> dict[str, Value] | SceauError:
    """What is read, or the refusal; any other exception is a fault of the reader."""
    try:
        return load(data)
    except SceauError as refused:
        return refused


def test_a_delivery_reads_from_json_text_as_written_by_another_program() -> None:
    assert load_delivery(json.dumps(file("delivery"), default=str).encode()) == values("delivery")


@pytest.mark.parametrize("name", ["order", "delivery", "invoice"])
def test_what_pythons_own_json_parsed_gives_the_same_values(name: str) -> None:
    load = {"order": load_order, "delivery": load_delivery, "invoice": load_invoice}[name]
    path = DATA / f"{name}.json"
    assert load(json.loads(path.read_bytes())) == load(path)


@given(quarters=st.integers(-160, 160))
def test_a_float_is_the_number_that_its_file_wrote(quarters: int) -> None:
    written = json.loads((DATA / "order.json").read_bytes())
    for eye in ("right", "left"):
        written[eye] = {**written[eye], "sphere": quarters / 4, "cylinder": None, "axis": None}
    assert load_order(written)["left.sphere"] == f"{quarters / 4:.2f}".replace("-0.00", "0.00")
