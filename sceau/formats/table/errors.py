# SPDX-License-Identifier: Apache-2.0
"""Errors of tables. None holds a value of the table, nor a header that was not declared: it may be a value."""

from __future__ import annotations

from sceau.errors import InputError, Sentence


class ColumnsInvalid(InputError):
    """The declaration of a table's columns is wrong at ``entry``."""

    code = "columns-invalid"


class TableError(InputError):
    """Base of every refusal of a table."""


class TableUnreadable(TableError):
    """The table cannot be opened, is too long, or is not what its declaration says of all of it."""

    code = "table-unreadable"


class CellRefused(TableError):
    """A cell breaks a rule. ``number`` is the line, from 1; ``path`` the column as declared, or its place."""

    code = "table-cell-refused"


class RowRefused(TableError):
    """The values of a line do not fit together: ``error`` says which and why. ``number`` is the line, from 1."""

    code = "table-row-refused"


NOT_TOML = Sentence("table.not-toml")
WRONG_FORMAT = Sentence("table.wrong-format")
NO_ENTRY = Sentence("table.no-entry")
ENTRY_MISSING = Sentence("table.entry-missing")
ENTRY_WRONG = Sentence("table.entry-wrong")
PATH_UNKNOWN = Sentence("table.path-unknown")
PATH_TWICE = Sentence("table.path-twice")

EMPTY = Sentence("table.empty")
ENCODING = Sentence("table.encoding")
CONTROL = Sentence("table.control")
QUOTES = Sentence("table.quotes")
COLUMN_MISSING = Sentence("table.column-missing")
COLUMN_TWICE = Sentence("table.column-twice")
COLUMN_UNKNOWN = Sentence("table.column-unknown")
CELLS = Sentence("table.cells")
FORMULA = Sentence("table.formula")
NOT_A_NUMBER = Sentence("table.not-a-number")
NOT_A_DATE = Sentence("table.not-a-date")
NOT_A_FLAG = Sentence("table.not-a-flag")


def column(number: int) -> Sentence:
    """The place of a column whose header is not declared, from 1."""
    return Sentence("table.column", number=number)
