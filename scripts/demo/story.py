# SPDX-License-Identifier: Apache-2.0
"""The demonstration's story: headings, sentences, quotations, tables and verdicts, whatever shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Heading:
    """The start of a chapter; ``number`` counts from 1."""

    number: int
    title: str


@dataclass(frozen=True)
class Lead:
    """What happens in a chapter and why it matters, in a few plain sentences."""

    text: str


@dataclass(frozen=True)
class Sentence:
    """One thing that is said."""

    text: str


@dataclass(frozen=True)
class Command:
    """What a person types."""

    text: str


@dataclass(frozen=True)
class Quotation:
    """A text as a person in the story reads it; ``language`` is that of the text ('fr', 'en')."""

    caption: str
    text: str
    language: str


@dataclass(frozen=True)
class Hidden:
    """The cell of a reader that cannot see a value."""

    def __str__(self) -> str:
        return "hidden"


HIDDEN = Hidden()

Cell: TypeAlias = str | Hidden


@dataclass(frozen=True)
class Table:
    """Rows under columns; a last row that sums up is set off from the others.

    ``numbers`` are the columns whose cells stand to the right, by their place from 0.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    last: tuple[Cell, ...] = ()
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Result:
    """A verdict: what it is called, its word, whether it is good, and the findings that explain it."""

    what: str
    word: str
    good: bool
    findings: tuple[str, ...]


Block: TypeAlias = Heading | Lead | Sentence | Command | Quotation | Table | Result


class Story:
    """What has been told so far, in order; each block is also given to ``show`` at once."""

    def __init__(self, title: str, show: Callable[[Block], object] = lambda _: None) -> None:
        self.title = title
        self.blocks: list[Block] = []
        self._show = show

    @property
    def number(self) -> int:
        """The number of the chapter that is being told, 0 before the first."""
        return sum(isinstance(block, Heading) for block in self.blocks)

    def chapter(self, title: str, lead: str) -> None:
        """Begins a chapter with what happens in it and why it matters."""
        self._add(Heading(self.number + 1, title))
        self._add(Lead(lead))

    def lead(self, text: str) -> None:
        """Says what the whole story is about, before the first chapter."""
        self._add(Lead(text))

    def say(self, text: str) -> None:
        """Says one thing."""
        self._add(Sentence(text))

    def command(self, text: str) -> None:
        """Shows what a person types."""
        self._add(Command(text))

    def quote(self, caption: str, text: str, *, language: str) -> None:
        """Shows a text as a person in the story reads it."""
        self._add(Quotation(caption, text.strip(), language))

    def table(
        self,
        caption: str,
        columns: Sequence[str],
        rows: Iterable[Sequence[Cell]],
        *,
        last: Sequence[Cell] = (),
        numbers: Iterable[int] = (),
    ) -> None:
        """Shows a table."""
        body = tuple(tuple(row) for row in rows)
        self._add(Table(caption, tuple(columns), body, tuple(last), frozenset(numbers)))

    def result(self, what: str, word: str, *, good: bool, findings: Iterable[str] = ()) -> None:
        """Shows a verdict."""
        self._add(Result(what, word, good, tuple(findings)))

    def _add(self, block: Block) -> None:
        self.blocks.append(block)
        self._show(block)
