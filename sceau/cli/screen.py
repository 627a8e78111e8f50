# SPDX-License-Identifier: Apache-2.0
"""What a command shows: results on standard output, everything else on standard error.

With ``--json`` standard output holds one JSON object and nothing else, and each message on standard error is one
JSON object on one line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console

_WIDEST_LABEL = 24


class Screen:
    """The two streams of one command."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json

    def data(self, value: Mapping[str, Any]) -> None:
        """Prints the machine's view of a result."""
        print(json.dumps(value, indent=2, ensure_ascii=False))  # noqa: T201 - this is where a result is printed

    def title(self, text: str) -> None:
        """Prints a heading."""
        _console(sys.stdout).print(_plain(text, "bold"), soft_wrap=True)

    def text(self, text: str = "") -> None:
        """Prints a paragraph, wrapped at words."""
        _console(sys.stdout).print(_plain(text))

    def facts(self, facts: Sequence[tuple[str, object]]) -> None:
        """Prints pairs of a label and a value in two columns.

        A value too long for the second column, as a hash is, stands whole on a line of its own, so that it can be
        copied.
        """
        console = _console(sys.stdout)
        shown = [(label, str(value)) for label, value in facts]
        width = min(max((len(label) for label, _ in shown), default=0), _WIDEST_LABEL)
        for label, value in shown:
            fits = len(label) <= width and width + 2 + len(value) <= console.width
            if fits or (" " in value and len(label) <= width):
                _print_wrapped(console, label.ljust(width), value)
            else:
                console.print(_plain(label, "dim"), soft_wrap=True)
                console.print(_plain(f"  {value}"), soft_wrap=True)

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Prints a table; a cell is wrapped rather than cut."""
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for heading in headings:
            table.add_column(_plain(heading), overflow="fold")
        for row in rows:
            table.add_row(*(_plain(str(cell)) for cell in row))
        _console(sys.stdout).print(table)

    def note(self, text: str) -> None:
        """Says something beside the result."""
        self._say("note", text)

    def warn(self, text: str) -> None:
        """Says something that the user should not miss."""
        self._say("warning", text, "yellow")

    def error(self, code: str, text: str) -> None:
        """Says in one line why a command ends without its result."""
        line = " ".join(text.split())
        if self.as_json:
            print(json.dumps({"error": code, "message": line}, ensure_ascii=False), file=sys.stderr)  # noqa: T201
        else:
            _console(sys.stderr).print(_plain(f"sceau: {line}", "red"), soft_wrap=True)

    def _say(self, kind: str, text: str, style: str = "") -> None:
        if self.as_json:
            print(json.dumps({kind: text}, ensure_ascii=False), file=sys.stderr)  # noqa: T201 - a message
        else:
            _console(sys.stderr).print(_plain(text, style))

    @contextmanager
    def working(self, text: str) -> Iterator[None]:
        """Shows that something takes its time, where somebody is watching."""
        if self.as_json or not sys.stderr.isatty():
            yield
            return
        with _console(sys.stderr).status(_plain(text)):
            yield


def _console(stream: TextIO) -> Console:
    # Made anew each time: a stream may have been replaced since, and rich takes 50 ms to import.
    from rich.console import Console

    return Console(file=stream, highlight=False, markup=False, emoji=False)


def _plain(text: str, style: str = "") -> Any:
    from rich.text import Text

    return Text(_printable(text), style=style)


def _printable(text: str) -> str:
    """Text from files and nodes cannot move the cursor, recolour or reorder what a reader sees."""
    return "".join(c if c == "\n" or c.isprintable() else "�" for c in text)


def _print_wrapped(console: Console, label: str, value: str) -> None:
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    grid.add_row(_plain(label), _plain(value))
    console.print(grid)
