# SPDX-License-Identifier: Apache-2.0
"""A French quote is read to the cent, or refused by the place in its file."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sceau.errors import SceauError, Sentence
from sceau.formats.optics.errors import QuoteRefused
from sceau.formats.optics.quote import load_quote
from sceau.record import Scope, load_profile, seal
from sceau.record.errors import RuleBroken

SAMPLE = Path(__file__).parents[3] / "data" / "quote.json"
QUOTE = json.loads(SAMPLE.read_text("utf-8"))
GONE = object()


def changed(*changes: tuple[tuple[str | int, ...], object]) -> bytes:
    """The bytes of the sample quote with each (place, value) changed."""
    data = copy.deepcopy(QUOTE)
    for place, value in changes:
        *above, last = place
        holder = data
        for step in above:
            holder = holder[step]
        if value is GONE:
            del holder[last]
        else:
            holder[last] = value
    return json.dumps(data).encode()


def test_the_sample_quote_gives_these_values_and_can_be_sealed() -> None:
    values = load_quote(SAMPLE)
    assert values == {
        "pec.number": "PEC20260417338",
        "payer.amc": "0004017390",
        "practice.billing": "752699314",
        "quote.date": "2026-11-20",
        "quote.valid-until": "2027-01-20",
        "prescription.written": "2026-10-02",
        "contract.type": "RESPONSIBLE",
        "right.code": "VXB1",
        "right.class": "B",
        "right.price": 14900,
        "right.amo": 3,
        "right.amc": 12000,
        "left.code": "VXB2",
        "left.class": "B",
        "left.price": 16900,
        "left.amo": 3,
        "left.amc": 12000,
        "frame.code": "MXB",
        "frame.class": "B",
        "frame.price": 13900,
        "frame.amo": 3,
        "frame.amc": 9997,
        "service.1.code": "PXA",
        "service.1.price": 1000,
        "service.1.amo": 600,
        "service.1.amc": 400,
        "total.price": 46700,
        "total.amo": 609,
        "total.amc": 34397,
        "total.patient": 11694,
        "currency": "EUR",
        "equipment.count": 1,
        "equipment.last": "2024-09-12",
        "renewal.early": False,
    }
    assert load_quote(str(SAMPLE)) == load_quote(SAMPLE.read_bytes()) == values
    scope = Scope(
        "fr-optical-quote", 1, 31337, "0x" + "1" * 40, claim="0x" + "2" * 64, order_number=0, step="opened"
    )
    assert dict(seal(scope, values).values) == values


def test_one_quote_has_one_record_however_it_is_written() -> None:
    written = changed(
        (("right", "price"), 149),
        (("left", "price"), 169.00),
        (("right", "code"), "vxb 1"),
        (("frame", "class"), "b"),
        (("contract", "type"), "responsible"),
        (("currency",), "eur"),
        (("prescription", "commitment"), None),
    )
    assert load_quote(written) == load_quote(SAMPLE)


REFUSED = [
    (("format",), "sceau-quote/2", "format", "wrong-format"),
    (("format",), GONE, "format", "wrong-format"),
    (("pec", "number"), "n° 12", "pec.number", "code-shape"),
    (("pec", "serial"), "12", "pec.serial", "unknown"),
    (("Jean Dupont",), "12", "(?)", "unknown"),
    (("right", "Jean Dupont"), "12", "right.(?)", "unknown"),
    (("payer", "amc"), GONE, "payer.amc", "missing"),
    (("payer", "amc"), "", "payer.amc", "missing"),
    (("payer",), "0004017390", "payer", "unknown"),
    (("payer", "amc"), "12345678901", "payer.amc", "too-long"),
    (("practice", "billing"), 752699314, "practice.billing", "not-text"),
    (("quote", "date"), "20/11/2026", "quote.date", "date-shape"),
    (("quote", "date"), "2026-02-30", "quote.date", "date-shape"),
    (("quote",), GONE, "quote.date", "missing"),
    (("right", "code"), "2212345", "right.code", "code-individual"),
    (("right", "code"), " 22 123 45 ", "right.code", "code-individual"),
    (("service", 0, "code"), "2212345", "service[0].code", "code-individual"),
    (("service", 0, "price"), GONE, "service[0].price", "missing"),
    (("service",), [{}, {"code": "PXA", "price": "10.00"}], None, None),
    (("service",), [{"code": "PXA", "price": "1"}] * 5, "service[4].code", "unknown"),
    (("service", 0), "PXA", "service[0]", "unknown"),
    (("right", "class"), "C", "right.class", "not-listed"),
    (("right", "class"), 1, "right.class", "not-text"),
    (("right", "price"), "149,000", "right.price", "not-an-amount"),
    (("right", "price"), "1 149,00", "right.price", "not-an-amount"),
    (("right", "price"), "149,00 €", "right.price", "not-an-amount"),
    (("right", "price"), "149.001", "right.price", "not-cents"),
    (("right", "price"), "-149.00", "right.price", "amount-range"),
    (("right", "price"), "١٤٩", "right.price", "not-an-amount"),
    (("right", "price"), True, "right.price", "not-an-amount"),
    (("right", "price"), None, "right.price", "not-an-amount"),
    (("right", "price"), -1, "right.price", "amount-range"),
    (("right", "price"), 149.001, "right.price", "not-cents"),
    (("right", "price"), 10**10, "right.price", "amount-range"),
    (("currency",), GONE, "currency", "missing"),
    (("currency",), "USD", "currency", "not-listed"),
    (("total", "price"), GONE, "total.price", "missing"),
    (("equipment", "count"), 0, "equipment.count", "out-of-range"),
    (("equipment", "count"), "1,5", "equipment.count", "not-integer"),
    (("renewal", "early"), "no", "renewal.early", "not-flag"),
    (("renewal",), GONE, "renewal.early", "missing"),
    (("right",), {"code": {"code": {"code": {"code": {"code": 1}}}}}, "right.code.code.code.code", "unknown"),
]


@pytest.mark.parametrize(("place", "value", "path", "rule"), REFUSED)
def test_a_missing_or_absurd_field_is_refused_where_it_is(
    place: tuple[str | int, ...], value: object, path: str | None, rule: str | None
) -> None:
    file = changed((place, value))
    if path is None:
        with pytest.raises(RuleBroken) as gap:
            load_quote(file)
        assert gap.value.details["rule"] == Sentence("record.list-gap", name="service")
        return
    with pytest.raises(QuoteRefused) as refused:
        load_quote(file)
    assert (refused.value.details["path"], refused.value.details["rule"].code) == (path, rule)
    assert refused.value.message("fr").startswith(f"{path} : ")
    assert "Dupont" not in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "rule", "paths"),
    [
        ([(("total", "price"), "468.00")], "sum", {"total": "total.price"}),
        ([(("total", "amo"), "6.10")], "sum", {"total": "total.amo"}),
        ([(("total", "amc"), "343.98")], "sum", {"total": "total.amc"}),
        ([(("total", "patient"), "116.95")], "sum", {"total": "total.price"}),
        ([(("total", "patient"), GONE)], "sum", {"total": "total.price"}),
        ([(("right", "class"), GONE)], "needs", {"path": "right.code", "other": "right.class"}),
        ([(("right", "code"), GONE)], "needs", {"path": "right.price", "other": "right.code"}),
        (
            [(("quote", "valid-until"), "2026-11-19")],
            "not-after",
            {"first": "quote.date", "then": "quote.valid-until"},
        ),
        (
            [(("prescription", "written"), "2026-11-21")],
            "not-after",
            {"first": "prescription.written", "then": "quote.date"},
        ),
        (
            [(("equipment", "last"), "2026-11-21")],
            "not-after",
            {"first": "equipment.last", "then": "quote.date"},
        ),
        (
            [((part,), GONE) for part in ("right", "left", "frame")],
            "any-of",
            {"paths": "right.code, left.code, frame.code"},
        ),
    ],
)
def test_fields_that_do_not_fit_together_are_refused(
    changes: list[tuple[tuple[str | int, ...], object]], rule: str, paths: dict[str, str]
) -> None:
    with pytest.raises(RuleBroken) as refused:
        load_quote(changed(*changes))
    assert refused.value.details["rule"] == Sentence(f"record.{rule}", **paths)


def test_a_quote_may_leave_out_what_is_not_known_yet() -> None:
    file = changed(
        (("pec",), GONE),
        (("prescription",), GONE),
        (("contract",), GONE),
        (("equipment", "last"), GONE),
        (("service",), []),
        (("total",), {"price": "457.00"}),
        *(((part, share), GONE) for part in ("right", "left", "frame") for share in ("amo", "amc")),
    )
    assert load_quote(file)["total.price"] == 45700


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "json-broken"),
        (b"[]", "json-not-object"),
        (b'{"format": 1, "format": 2}', "json-key-twice"),
        (b'{"a": NaN}', "json-broken"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes, rule: str) -> None:
    file = tmp_path / "devis.json"
    file.write_bytes(content)
    with pytest.raises(QuoteRefused) as refused:
        load_quote(file)
    assert (refused.value.details["path"], refused.value.details["rule"].code) == ("devis.json", rule)
    with pytest.raises(QuoteRefused):
        load_quote(tmp_path / "none.json")


@pytest.mark.parametrize("opening", ["[", '{"right":'])
def test_nesting_beyond_reason_is_refused(opening: str) -> None:
    closing = "]" if opening == "[" else "}"
    deep = f'{{"format": "sceau-quote/1", "service": {opening * 400}1{closing * 400}}}'
    with pytest.raises(QuoteRefused):
        load_quote(deep.encode())


def places(value: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*above, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*above, key))


ABSURD = [
    GONE,
    None,
    True,
    0,
    -1,
    0.005,
    10**40,
    1e300,
    "",
    "Dupont",
    "\ud800",
    [],
    {},
    [[]],
    [None],
    {"code": []},
]


@settings(deadline=None, max_examples=300)
@given(place=st.sampled_from(list(places(QUOTE))), value=st.sampled_from(ABSURD))
def test_whatever_is_changed_it_is_read_or_refused_in_one_clear_line(
    place: tuple[str | int, ...], value: object
) -> None:
    try:
        values = load_quote(changed((place, value)))
    except SceauError as refused:
        said = refused.message("en") + refused.message("fr")
        assert "Dupont" not in said
        return
    assert load_profile("fr-optical-quote", 1).validate(values) == values


def test_the_largest_quote_fits_its_leaves() -> None:
    profile = load_profile("fr-optical-quote", 1)
    assert len(profile.fields) + 1 <= profile.leaves
