# SPDX-License-Identifier: Apache-2.0
"""The lines of a table to the values of records, one record for each line, by its declared columns.

Each line becomes what our own files hold and is read by their reader, so that both give the same values. The table has
a line of headers, and exactly the declared ones, in any order. An empty cell is no value.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

from sceau.documents.files import LONGEST, TOO_BIG, first_bytes
from sceau.errors import Sentence
from sceau.formats.optics.errors import CorrectionRefused, LensFileRefused, QuoteRefused
from sceau.formats.source import Source, name_of
from sceau.formats.table import errors
from sceau.formats.table.columns import LOADERS, Columns
from sceau.formats.table.errors import CellRefused, RowRefused, TableUnreadable
from sceau.record import Value
from sceau.record.errors import RecordError

_NUMBERS: Final = frozenset({"dioptre", "prism", "decimal", "cents", "axis", "count"})
_NUMBER = re.compile(r"[+-]?[0-9]{1,10}(?:[.,][0-9]{1,6})?")
# What a spreadsheet would compute when somebody opens the table.
_FORMULA = ("=", "+", "-", "@")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BASES: Final = {"vertical": ("up", "down"), "horizontal": ("in", "out")}
_CANNOT_OPEN = Sentence("documents.cannot-open")


@dataclass(frozen=True, repr=False)
class Row:
    """The values of one line: its ``number`` from 1, the ``profile`` of its values."""

    number: int
    profile: str
    values: Mapping[str, Value]

    def __repr__(self) -> str:
        # No value: this ends up in logs and tracebacks.
        return f"Row({self.number}, {self.profile}, {len(self.values)} values)"


def read_rows(source: Source, columns: Columns) -> tuple[Row, ...]:
    """Every line of the table in ``source``, a path or the file's bytes.

    Raises :class:`TableUnreadable`, :class:`CellRefused` (line, column and rule) or :class:`RowRefused` (line, and what
    does not fit together); none has a value.
    """
    lines = _lines(source, columns)
    first = next(lines, None)
    if first is None:
        raise TableUnreadable(file=name_of(source), rule=errors.EMPTY)
    places = _places(first, columns)
    rows = []
    for number, cells in lines:
        if len(cells) != len(first[1]):
            raise CellRefused(number=number, path="(?)", rule=errors.CELLS)
        rows.append(_row(number, {path: cells[place] for path, place in places.items()}, columns))
    if not rows:
        raise TableUnreadable(file=name_of(source), rule=errors.EMPTY)
    return tuple(rows)


def _lines(source: Source, columns: Columns) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each line that is not empty."""
    reader = csv.reader(
        io.StringIO(_text(source, columns), newline=""), delimiter=columns.separator, strict=True
    )
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise CellRefused(number=reader.line_num, path="(?)", rule=errors.QUOTES) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield reader.line_num, [cell.strip() for cell in cells]


def _text(source: Source, columns: Columns) -> str:
    try:
        data = source if isinstance(source, bytes) else first_bytes(Path(source), LONGEST + 1)
    except (OSError, ValueError):
        raise TableUnreadable(file=name_of(source), rule=_CANNOT_OPEN) from None
    if len(data) > LONGEST:
        raise TableUnreadable(file=name_of(source), rule=TOO_BIG)
    try:
        text = data.decode(columns.encoding)
    except UnicodeDecodeError:
        # The decoder's own error holds the bytes.
        raise TableUnreadable(file=name_of(source), rule=errors.ENCODING) from None
    if _CONTROL.search(text):
        raise TableUnreadable(file=name_of(source), rule=errors.CONTROL)
    return text


def _places(first: tuple[int, list[str]], columns: Columns) -> dict[str, int]:
    """Where the column of each path is. A header that is not declared is named by its place: it may be a value."""
    number, headers = first
    for place, header in enumerate(headers):
        if header not in columns.headers:
            raise CellRefused(number=number, path=errors.column(place + 1), rule=errors.COLUMN_UNKNOWN)
        if header in headers[:place]:
            raise CellRefused(number=number, path=header, rule=errors.COLUMN_TWICE)
    for header in sorted(columns.headers.difference(headers)):
        raise CellRefused(number=number, path=header, rule=errors.COLUMN_MISSING)
    return {path: headers.index(header) for path, header in columns.columns.items()}


def _row(number: int, cells: Mapping[str, str], columns: Columns) -> Row:
    values: dict[str, Any] = dict(columns.constants)
    for path, cell in cells.items():
        if cell:
            refused = partial(CellRefused, number=number, path=columns.columns[path])
            values[path] = _value(cell, columns.profile.fields[path].format, columns, refused)
    profile = columns.profile.key
    own_format, load = LOADERS[profile]
    data, written = _nested(values)
    try:
        return Row(number, profile, load({"format": own_format, **data}))
    except (QuoteRefused, LensFileRefused, CorrectionRefused) as error:
        path = _path_of(str(error.details["path"]), written)
        raise CellRefused(
            number=number, path=columns.columns.get(path, path), rule=error.details["rule"]
        ) from error
    except RecordError as error:
        raise RowRefused(number=number, error=error) from error


def _path_of(place: str, written: Mapping[str, str]) -> str:
    """The path that a refusal's ``place`` is written from: its own, that of its prism, or one beside it in its list."""
    above, _, last = place.rpartition(".")
    beside = [path for each, path in written.items() if above and each.startswith(f"{above}.")]
    return (
        written.get(place)
        or written.get(above)
        or (f"{beside[0].rpartition('.')[0]}.{last}" if beside else place)
    )


def _value(cell: str, form: str, columns: Columns, refused: Callable[..., CellRefused]) -> object:
    if form in _NUMBERS:
        other = "." if columns.decimal == "," else ","
        if other in cell or not _NUMBER.fullmatch(cell):
            raise refused(rule=errors.FORMULA if _is_formula(cell) else errors.NOT_A_NUMBER)
        return Decimal(cell.replace(",", "."))
    if _is_formula(cell):
        raise refused(rule=errors.FORMULA)
    if form == "date":
        day = _day(cell, columns.dates)
        if day is None:
            raise refused(rule=errors.NOT_A_DATE)
        return day
    if form == "flag":
        if cell not in (columns.yes, columns.no):
            raise refused(rule=errors.NOT_A_FLAG)
        return cell == columns.yes
    return cell


def _is_formula(cell: str) -> bool:
    """Whether a spreadsheet would compute the cell. A signed number is none, nor is what is written like one."""
    return cell.startswith(_FORMULA) and not re.fullmatch(r"[+-][0-9., ]*", cell)


def _day(cell: str, written: str) -> str | None:
    """The day in the profiles' writing. Python takes one digit where two are declared, so it is written again."""
    try:
        day = datetime.strptime(cell, written).date()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        return None
    return day.isoformat() if day.year >= 1000 and day.strftime(written) == cell else None


def _nested(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The object that our own file has for ``values``, and the path of each of its places."""
    tree: dict[str, Any] = {}
    for path, value in values.items():
        *above, last = path.split(".")
        holder = tree
        for name in above:
            holder = holder.setdefault(name, {})
        holder[last] = _Written(path, value)
    places: dict[str, str] = {}
    return _shaped(tree, "", places), places


@dataclass(frozen=True)
class _Written:
    path: str
    value: object


def _shaped(node: Any, place: str, places: dict[str, str]) -> Any:
    """A tree of paths as the objects and lists of a file; each value's place is noted in ``places``."""
    if isinstance(node, _Written):
        places[place] = node.path
        return node.value
    if node and set(node) <= set(_BASES):
        parts: list[dict[str, object]] = []
        for way, written in node.items():
            places[f"{place}[{len(parts)}]"] = written.path
            parts.append({"amount": abs(written.value), "base": _BASES[way][written.value < 0]})
        return parts
    if node and all(name.isdigit() for name in node):
        # Used places alone: a list has no gaps.
        used = sorted(node, key=int)
        return [_shaped(node[name], f"{place}[{number}]", places) for number, name in enumerate(used)]
    return {name: _shaped(inner, f"{place}.{name}".lstrip("."), places) for name, inner in node.items()}
