# SPDX-License-Identifier: Apache-2.0
"""A table is read by its declaration alone, to what our own file gives, or refused by line and column."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sceau.errors import SceauError
from sceau.formats.optics.order import load_delivery, load_order
from sceau.formats.optics.quote import load_quote
from sceau.formats.table import Row, load_columns, read_rows
from sceau.formats.table.errors import CellRefused, ColumnsInvalid, RowRefused, TableUnreadable
from sceau.record import Value

DATA = Path(__file__).parents[3] / "data"
TOML = (DATA / "quote-columns.toml").read_text("utf-8")
COLUMNS = load_columns(DATA / "quote-columns.toml")
HEADERS, CELLS = (line.split(";") for line in (DATA / "quote.csv").read_bytes().decode("cp1252").splitlines())


def table(*lines: dict[str, str], headers: list[str] = HEADERS, end: str = "\r\n") -> bytes:
    """The sample, with a line for each of ``lines``, which changes some of its cells."""
    first = dict(zip(HEADERS, CELLS, strict=True))
    rows = [headers, *([(first | line).get(header, "") for header in headers] for line in lines or ({},))]
    return "".join(";".join(row) + end for row in rows).encode("cp1252")


def read(*lines: dict[str, str]) -> tuple[Row, ...]:
    return read_rows(table(*lines), COLUMNS)


def refused(data: bytes) -> tuple[object, str, str]:
    with pytest.raises(CellRefused) as error:
        read_rows(data, COLUMNS)
    details = error.value.details
    assert error.value.message("fr").startswith(f"Ligne {details['number']}, ")
    return details["number"], str(details["path"]), details["rule"].code


def test_the_sample_gives_what_the_same_quote_in_our_own_format_gives() -> None:
    (row,) = read_rows(DATA / "quote.csv", COLUMNS)
    assert row.values == load_quote(DATA / "quote.json")
    assert (row.number, row.profile) == (2, "fr-optical-quote/1")


def test_every_line_is_one_record_and_empty_lines_are_none() -> None:
    rows = read({}, dict.fromkeys(HEADERS, ""), {"N° PEC": "PEC2"})
    assert [(row.number, row.values["pec.number"]) for row in rows] == [
        (2, "PEC20260417338"),
        (4, "PEC2"),
    ]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_columns_stand_in_any_order_and_lines_end_in_any_way(end: str) -> None:
    assert read_rows(table(headers=HEADERS[::-1], end=end), COLUMNS)[0].values == read()[0].values


def test_an_empty_cell_is_no_value() -> None:
    values = read({"N° PEC": "", "Ordonnance": ""})[0].values
    assert "pec.number" not in values
    assert "prescription.written" not in values


def test_a_service_that_is_left_out_leaves_no_gap() -> None:
    columns = load_columns(
        (
            TOML.replace("service.1.", "service.3.") + '"service.2.code" = "PXB"\n"service.2.price" = 0\n'
        ).encode()
    )
    values = read_rows(table(), columns)[0].values
    assert [values[f"service.{n}.code"] for n in (1, 2)] == ["PXB", "PXA"]
    assert "service.3.code" not in values


@pytest.mark.parametrize(
    ("column", "cell", "rule"),
    [
        ("Prix OD", "149.00", "not-a-number"),
        ("Prix OD", "1 490,00", "not-a-number"),
        ("Prix OD", "1.490,00", "not-a-number"),
        ("Prix OD", "149,001", "not-cents"),
        ("Prix OD", "149 €", "not-a-number"),
        ("Prix OD", "-149,00", "amount-range"),
        ("Prix OD", "=149", "formula"),
        ("Prix OD", "+A1", "formula"),
        ("N° PEC", "=1+1", "formula"),
        ("N° PEC", "+CMD", "formula"),
        ("N° PEC", "-CMD", "formula"),
        ("N° PEC", "@SUM(A1)", "formula"),
        ("Date devis", "=TODAY()", "formula"),
        ("Date devis", "2026-11-20", "not-a-date"),
        ("Date devis", "20/11/26", "not-a-date"),
        ("Date devis", "1/11/2026", "not-a-date"),
        ("Date devis", "31/11/2026", "not-a-date"),
        ("Anticipé", "non", "not-a-flag"),
        ("Anticipé", "n", "not-a-flag"),
        ("Classe OD", "C", "not-listed"),
        ("Prix prestation", "10,001", "not-cents"),
        ("AMC", "", "missing"),
        ("Total", "", "missing"),
        ("Prix prestation", "", "missing"),
    ],
)
def test_what_is_wrong_is_refused_by_its_line_and_column(column: str, cell: str, rule: str) -> None:
    data = table({}, {column: cell})
    assert refused(data) == (3, column, rule)


def test_values_that_do_not_fit_together_are_refused_by_their_line() -> None:
    for change in ({"Total": "467,01"}, {"Validité": "19/11/2026"}, {"Prix OD": ""}):
        with pytest.raises(RowRefused) as error:
            read({}, change)
        assert error.value.details["number"] == 3
        assert not [cell for cell in change.values() if cell and cell in str(error.value)]


def test_a_column_that_is_not_declared_is_named_by_its_place_since_it_may_be_a_value() -> None:
    headers = [*HEADERS[:6], "Durand", *HEADERS[6:]]
    assert refused(table(headers=headers)) == (1, "column 7", "column-unknown")
    # A table without its line of headers: nothing of the patient is told.
    with pytest.raises(CellRefused) as error:
        read_rows(table().split(b"\r\n", 1)[1], COLUMNS)
    assert str(error.value).startswith("Line 1, column 1: ")


def test_every_declared_column_is_there_once() -> None:
    assert refused(table(headers=HEADERS[1:])) == (1, "N° client", "column-missing")
    assert refused(table(headers=[*HEADERS, "AMC"])) == (1, "AMC", "column-twice")
    assert refused(table(headers=[*HEADERS, ""])) == (1, f"column {len(HEADERS) + 1}", "column-unknown")


def test_a_line_with_more_or_fewer_cells_is_refused_and_so_are_open_quotes() -> None:
    for cells in (HEADERS[1:], [*CELLS, ""]):
        assert refused(table() + ";".join(cells).encode("cp1252")) == (3, "(?)", "cells")
    assert refused(table({"N° client": '"81'})) == (2, "(?)", "quotes")
    assert refused(table({"N° client": '"8"1'})) == (2, "(?)", "quotes")


def test_quotation_marks_hold_a_separator() -> None:
    assert read({"N° client": '"Durand; ""Marie"""'})[0].values == read()[0].values


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "empty"),
        (b"\r\n;;\r\n", "empty"),
        (table().split(b"\r\n")[0], "empty"),
        (b"\x81" + table(), "encoding"),
        (table() + b"\x00", "control"),
        (b"A" * 1_000_001, "too-big"),
    ],
)
def test_what_is_no_such_table_is_refused(data: bytes, rule: str) -> None:
    with pytest.raises(TableUnreadable) as error:
        read_rows(data, COLUMNS)
    assert error.value.details["rule"].code == rule


def test_a_table_in_unicode_may_begin_with_a_byte_order_mark() -> None:
    columns = load_columns(TOML.replace("cp1252", "utf-8").encode())
    for mark in ("", "\ufeff"):
        data = (mark + table().decode("cp1252")).encode()
        assert read_rows(data, columns)[0].values == read()[0].values


def test_nothing_that_is_printed_of_a_line_holds_a_value() -> None:
    assert repr(read()[0]) == "Row(2, fr-optical-quote/1, 34 values)"


# Profiles of lenses


def declared(profile: str, values: dict[str, Value]) -> tuple[str, bytes]:
    """A declaration with a column for each path, and a table of one line with these values."""
    head = (
        TOML.split("passed-over")[0].replace("fr-optical-quote/1", profile).replace("DD/MM/YYYY", "YYYYMMDD")
    )
    columns = "".join(f'"c {path}" = "{path}"\n' for path in values)
    cells = [str(value).replace(".", ",") for value in values.values()]
    dates = [
        cell.replace("-", "") if path.endswith("date") else cell
        for path, cell in zip(values, cells, strict=True)
    ]
    return f"{head}[columns]\n{columns}", "\n".join(
        [";".join(f"c {path}" for path in values), ";".join(dates)]
    ).encode()


@pytest.mark.parametrize(
    ("profile", "load", "name"),
    [("lens-order/1", load_order, "order.json"), ("lens-delivery/1", load_delivery, "delivery.json")],
)
def test_lenses_are_read_as_from_our_own_files(profile: str, load: Any, name: str) -> None:
    values = load(DATA / name)
    toml, data = declared(profile, values)
    assert read_rows(data, load_columns(toml.encode()))[0].values == values


def test_a_plus_cylinder_and_a_signed_prism_get_their_one_writing() -> None:
    values = load_order(DATA / "order.json")
    given: dict[str, Any] = {
        **values,
        "right.sphere": "-2.50",
        "right.cylinder": "+0.75",
        "right.axis": 10,
        "right.prism.horizontal": "-0.50",
        "right.prism.vertical": "-1.25",
    }
    toml, data = declared("lens-order/1", given)
    columns = load_columns(toml.encode())
    assert read_rows(data, columns)[0].values == {
        **values,
        "right.prism.horizontal": "-0.50",
        "right.prism.vertical": "-1.25",
    }
    with pytest.raises(CellRefused) as error:
        read_rows(data.replace(b"-1,25", b"-1,20"), columns)
    assert error.value.details["path"] == "c right.prism.vertical"
    with pytest.raises(CellRefused) as error:
        read_rows(data.replace(b";10;", b";200;"), columns)
    assert error.value.details["path"] == "c right.axis"


# The declaration


@pytest.mark.parametrize(
    ("old", "new", "entry", "rule"),
    [
        ("sceau-columns/1", "sceau-columns/2", "format", "wrong-format"),
        ("fr-optical-quote/1", "consent/1", "profile", "entry-wrong"),
        ('separator = ";"', 'separator = ";;"', "separator", "entry-wrong"),
        ('decimal = ","', "", "decimal", "entry-missing"),
        ("cp1252", "utf-7", "encoding", "entry-wrong"),
        ("DD/MM/YYYY", "MM/DD/YYYY", "dates", "entry-wrong"),
        ('yes = "O"', "", "yes", "entry-missing"),
        ('no = "N"', 'no = "O"', "no", "entry-wrong"),
        ('no = "N"', "no = 0", "no", "entry-wrong"),
        ('"payer.amc"', '"payer.name"', "payer.name", "path-unknown"),
        ('"payer.amc"', '"pec.number"', "pec.number", "path-twice"),
        ('"payer.amc"', "3", "columns", "entry-wrong"),
        ('"AMC" =', '" AMC" =', "columns", "entry-wrong"),
        ('"currency" = "EUR"', '"payer.amc" = "1"', "payer.amc", "path-twice"),
        ('"currency" = "EUR"', '"currency" = 1.5', "currency", "entry-wrong"),
        ('"N° client", ', '"N° client", "AMC", ', "passed-over", "entry-wrong"),
        ('"N° client", ', '"N° client", "N° client", ', "passed-over", "entry-wrong"),
        ("passed-over =", "passed =", "passed", "no-entry"),
        ("[columns]", "[columns", "TOML", "not-toml"),
    ],
)
def test_a_wrong_declaration_is_refused_by_its_entry(old: str, new: str, entry: str, rule: str) -> None:
    assert TOML.count(old) >= 1
    with pytest.raises(ColumnsInvalid) as error:
        load_columns(TOML.replace(old, new, 1).encode())
    assert (error.value.details["entry"], error.value.details["rule"].code) == (entry, rule)


@pytest.mark.parametrize(
    "data", [b"\xff", b"[" * 90_000, b"a=" + b"[" * 2_000, TOML.encode() + b"#" * 100_000]
)
def test_what_is_no_declaration_is_refused(data: bytes) -> None:
    with pytest.raises(ColumnsInvalid) as error:
        load_columns(data)
    assert error.value.details["rule"].code == "not-toml"


def test_the_process_survives_open_brackets_where_the_recursion_limit_was_lifted() -> None:
    # As `import eth_account` does; a crash of the parser would end this process, so another one tries.
    code = """
import sys
sys.setrecursionlimit(1_000_000)
from sceau.formats.table import load_columns
try:
    load_columns(b"a=" + b"[" * 90_000)
except Exception as error:
    print(error.code)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "columns-invalid"), done.stderr


def test_the_amount_of_a_prism_is_never_the_same_in_every_line() -> None:
    toml, _ = declared("lens-order/1", load_order(DATA / "order.json"))
    toml = toml.replace('"c right.prism.vertical" = "right.prism.vertical"\n', "")
    with pytest.raises(ColumnsInvalid) as error:
        load_columns(f'{toml}[constants]\n"right.prism.vertical" = "1.00"\n'.encode())
    assert (error.value.details["entry"], error.value.details["rule"].code) == (
        "right.prism.vertical",
        "entry-wrong",
    )


def test_a_declaration_that_is_not_there_is_named_without_its_folders(tmp_path: Path) -> None:
    with pytest.raises(ColumnsInvalid) as error:
        load_columns(tmp_path / "absent.toml")
    assert str(error.value).startswith("absent.toml: ")


def test_a_declaration_without_columns_is_refused() -> None:
    with pytest.raises(ColumnsInvalid) as error:
        load_columns(TOML.split("[columns]")[0].replace('yes = "O"\nno = "N"\n', "").encode())
    assert error.value.details["entry"] == "columns"


# Anything at all


cells_of_the_sample = st.dictionaries(
    st.sampled_from(HEADERS), st.text('0123456789,.;"=+-@/ ABOé\n', max_size=8), max_size=3
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), cells_of_the_sample.map(lambda cells: table(cells))))
def test_any_bytes_give_values_or_one_error(data: bytes) -> None:
    with suppress(SceauError):
        assert all(row.values["currency"] == "EUR" for row in read_rows(data, COLUMNS))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9))
def test_an_amount_is_read_as_it_was_written(cents: int) -> None:
    written = f"{cents // 100},{cents % 100:02d}"
    none = dict.fromkeys(("RO OD", "RC OD", "RO OG", "RC OG", "RO monture", "RC monture"), "")
    none |= dict.fromkeys(("RO prestation", "RC prestation", "Total RO", "Total RC", "Reste à charge"), "")
    total = cents + 16900 + 13900 + 1000
    values = read({**none, "Prix OD": written, "Total": f"{total // 100},{total % 100:02d}"})[0].values
    assert values["right.price"] == cents
