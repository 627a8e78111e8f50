# SPDX-License-Identifier: Apache-2.0
"""How the demonstration speaks: chapters, sentences, and tables no wider than a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

_console = Console(width=110, highlight=False, soft_wrap=False)


def chapter(title: str) -> None:
    """Begins a chapter."""
    _console.print()
    _console.rule(Text(title, style="bold"), align="left")


def tell(sentence: str) -> None:
    """Says one thing."""
    _console.print(Text(sentence))


def quote(text: str) -> None:
    """Shows a text as somebody in the story sees it."""
    for line in text.strip().splitlines():
        _console.print(Text("  │ " + line, style="dim"))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Shows a table; numbers stand to the right."""
    shown = Table(box=None, pad_edge=False, padding=(0, 2))
    body = [[str(cell) for cell in row] for row in rows]
    for number, column in enumerate(columns):
        right = bool(body) and all(row[number].replace(",", "").isdigit() for row in body)
        shown.add_column(column, justify="right" if right else "left", overflow="fold")
    for row in body:
        shown.add_row(*[Text(cell) for cell in row])
    _console.print()
    _console.print(Text(title, style="italic"))
    _console.print(shown)
