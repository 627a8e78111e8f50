# SPDX-License-Identifier: Apache-2.0
"""The story on a terminal: 80 columns, however wide the terminal is."""

from __future__ import annotations

from functools import singledispatchmethod
from typing import TextIO

from rich import box
from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table as RichTable
from rich.text import Text

from scripts.demo.story import (
    Block,
    Cell,
    Command,
    Heading,
    Hidden,
    Lead,
    Quotation,
    Result,
    Sentence,
    Table,
)

#: The width of everything, in columns.
WIDTH = 80

#: A cell up to this long is not wrapped, but for those of the first column; in columns.
_SHORT = 16


class Terminal:
    """Shows blocks of a story as they come; colours only where the output is a terminal."""

    def __init__(self, file: TextIO | None = None) -> None:
        self._console = Console(width=WIDTH, highlight=False, file=file)

    def title(self, text: str) -> None:
        """Shows the story's title."""
        self._print(Text(text, style="bold"))

    def plain(self, text: str) -> None:
        """Says something that is not part of the story."""
        self._console.print(Text(text))

    @singledispatchmethod
    def show(self, block: Block) -> None:
        """Shows one block."""
        raise TypeError(f"{type(block).__name__} is not a block of a story")

    @show.register
    def _(self, block: Heading) -> None:
        self._print("")
        self._console.print(Rule(Text(f"{block.number}. {block.title}", style="bold"), align="left"))

    @show.register
    def _(self, block: Lead) -> None:
        self._print(Text(block.text, style="italic"))

    @show.register
    def _(self, block: Sentence) -> None:
        self._print(Text(block.text))

    @show.register
    def _(self, block: Command) -> None:
        self._print(Text(f"  $ {block.text}", style="bold"))

    @show.register
    def _(self, block: Quotation) -> None:
        self._print(Text(block.caption))
        for line in block.text.splitlines():
            self._hanging("  │ ", "  │ ", Text(line))

    @show.register
    def _(self, block: Table) -> None:
        shown = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
        for place, column in enumerate(block.columns):
            shown.add_column(
                column,
                justify="right" if place in block.numbers else "left",
                overflow="fold",
                no_wrap=place > 0 and _longest(block, place) <= _SHORT,
                # The first and the last get what is left of the width.
                max_width=_SHORT if 0 < place < len(block.columns) - 1 else None,
            )
        for row in block.rows:
            shown.add_row(*map(_cell, row))
        if block.last:
            shown.add_section()
            shown.add_row(*map(_cell, block.last))
        self._print(Text(block.caption, style="bold"))
        self._console.print(shown)

    @show.register
    def _(self, block: Result) -> None:
        style = "bold green" if block.good else "bold red"
        self._print(Text.assemble(f"{block.what}: ", (block.word.upper(), style)))
        for finding in block.findings:
            self._hanging("  - ", "    ", Text(finding))

    def _hanging(self, first: str, then: str, text: Text) -> None:
        """Prints a text after ``first``, and each further line of it after ``then``."""
        for place, line in enumerate(text.wrap(self._console, WIDTH - len(first)) or [Text()]):
            line.rstrip()
            self._console.print(Text(then if place else first, style="dim") + line)

    def _print(self, shown: RenderableType) -> None:
        """After an empty line."""
        self._console.print()
        self._console.print(shown)


def _cell(cell: Cell) -> Text:
    return Text(str(cell), style="dim" if isinstance(cell, Hidden) else "")


def _longest(table: Table, place: int) -> int:
    """The longest cell of a column."""
    return max(len(str(row[place])) for row in (*table.rows, table.last) if row)
