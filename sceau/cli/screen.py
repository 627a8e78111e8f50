# SPDX-License-Identifier: Apache-2.0
"""What a command shows: results on standard output, everything else on standard error.

With ``--json`` standard output holds one JSON object and nothing else, and each message on standard error is one
JSON object on one line.
"""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from sceau.cli.streams import give_up
from sceau.cli.words import spoken

if TYPE_CHECKING:
    from rich.console import Console

    from sceau.cli.result import Fact

# French sets a space before these marks, after the opening quote and after "n°"; a line never ends there.
_FRENCH_SPACE = re.compile(r" (?=[;:?!»])|(?<=[«°]) ")


class Screen:
    """The two streams of one command."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json

    def data(self, value: Mapping[str, Any]) -> None:
        """Prints the machine's view of a result."""
        _print_json(sys.stdout, value, indent=2)

    def line(self, value: Mapping[str, Any]) -> None:
        """Prints one of several results for programs, on one line and at once."""
        _print_json(sys.stdout, value)

    def show(self, facts: Sequence[Fact], *, note: str = "") -> None:
        """Prints a result: for programs one object, for people two columns, and ``note`` beside it for people."""
        if self.as_json:
            self.data({each.key: each.value for each in facts if each.key})
            return
        self.facts([(each.label, each.words) for each in facts if each.label])
        if note:
            self.note(note)

    def tell(self, facts: Sequence[Fact]) -> None:
        """Tells people something before they are asked; programs are told nothing."""
        if not self.as_json:
            self.facts([(each.label, each.words) for each in facts if each.label])

    def title(self, text: str) -> None:
        """Prints a heading."""
        _print(_console(sys.stdout), _plain(text, "bold"))

    def text(self, text: str = "") -> None:
        """Prints paragraphs, wrapped at words."""
        _print_wrapped(_console(sys.stdout), text)

    def facts(self, facts: Sequence[tuple[str, object]]) -> None:
        """Prints pairs of a label and a value in two columns.

        A value too long for the second column, as a hash is, stands whole on a line of its own, so that it can be
        copied.
        """
        console = _console(sys.stdout)
        width = max((len(label) for label, _ in facts), default=0)
        for label, value in facts:
            text = str(value)
            if " " not in text and width + 2 + len(text) > console.width:
                _print(console, _plain(label, "dim"))
                _print(console, _plain(f"  {text}"))
                continue
            lines = _wrapped(text, console.width - width - 2)
            for name, line in zip([label, *[""] * len(lines)], lines, strict=False):
                row = _plain(name.ljust(width), "dim")
                _print(console, row.append(f"  {line}", style="not dim"))

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Prints a table; a cell is wrapped rather than cut."""
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for heading in headings:
            table.add_column(_plain(heading), overflow="fold")
        for row in rows:
            table.add_row(*(_plain(str(cell)) for cell in row))
        _print(_console(sys.stdout), table, soft_wrap=False)

    def timeline(self, entries: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Draws what happened, one entry below the other: a headline each, and the lines that belong to it."""
        console = _console(sys.stdout)
        for place, (headline, details) in enumerate(entries):
            last = place == len(entries) - 1
            self._entry(console, "● ", " " if last and not details else "│", headline, "bold")
            for detail in details:
                self._entry(console, "│   ", "│         ", detail)
            if not last:
                _print(console, _plain("│"))

    def _entry(self, console: Console, first: str, more: str, text: str, style: str = "") -> None:
        for place, line in enumerate(_wrapped(text, console.width - len(more.ljust(2)))):
            row = _plain(more.ljust(2) if place else first)
            _print(console, row.append(line, style=style or None))

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
            _print_json(sys.stderr, {"error": code, "message": line})
        elif sys.stderr.isatty():
            _print_wrapped(_console(sys.stderr), f"sceau: {line}", "red")
        else:
            # One line for whatever reads it.
            _print(_console(sys.stderr), _plain(f"sceau: {line}"))

    def _say(self, kind: str, text: str, style: str = "") -> None:
        if self.as_json:
            _print_json(sys.stderr, {kind: text})
        else:
            _print_wrapped(_console(sys.stderr), text, style)

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

    class OurConsole(Console):
        def on_broken_pipe(self) -> None:
            # Rich would end the process here, and with it the command's work; called while handling the error.
            raise  # noqa: PLE0704

    return OurConsole(file=stream, highlight=False, markup=False, emoji=False)


def _print(console: Console, what: Any, *, soft_wrap: bool = True) -> None:
    try:
        console.print(what, soft_wrap=soft_wrap)
    except OSError as error:
        give_up(console.file, error)


def _print_json(stream: TextIO, value: Mapping[str, Any], indent: int | None = None) -> None:
    try:
        # In ASCII: the same on a terminal, a pipe or a disk, whatever characters they take.
        print(json.dumps(value, indent=indent), file=stream, flush=indent is None)
    except OSError as error:
        give_up(stream, error)


def _print_wrapped(console: Console, text: str, style: str = "") -> None:
    for paragraph in text.split("\n"):
        for line in _wrapped(paragraph, console.width):
            _print(console, _plain(line, style))


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns (a hash is never broken), at least one."""
    together = _FRENCH_SPACE.sub("\u00a0", _printable(text)) if spoken() == "fr" else _printable(text)
    return textwrap.wrap(together, max(width, 20), break_long_words=False, break_on_hyphens=False) or [""]


def _plain(text: str, style: str = "") -> Any:
    from rich.text import Text

    return Text(_printable(text), style=style)


def _printable(text: str) -> str:
    """Text from files and nodes cannot move the cursor, recolour or reorder what a reader sees."""
    return "".join(c if c in "\n\u00a0" or c.isprintable() else "\ufffd" for c in text)
