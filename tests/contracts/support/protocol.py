# SPDX-License-Identifier: Apache-2.0
"""The tables of docs/protocol.md, read: what the contracts are held against."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.contracts.support.terms import State, Step

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "protocol.md"
NOTHING = "–"
SAME = "="


@dataclass(frozen=True)
class Row:
    """A row of the table of steps. `needs` holds conditions such as 'order' and 'not delivered'."""

    step: Step
    function: str
    party: str
    legal_in: frozenset[State]
    needs: tuple[str, ...]
    state_after: State | None
    mark: str | None
    names_head: bool


@dataclass(frozen=True)
class Situation:
    """Where a claim stands, as far as the table tells: its state, and its current order with its marks."""

    state: State = State.NONE
    has_order: bool = False
    marks: frozenset[str] = frozenset()

    def meets(self, need: str) -> bool:
        if need == "order":
            return self.has_order
        if need.startswith("not "):
            return need.removeprefix("not ") not in self.marks
        return need in self.marks

    def after(self, row: Row) -> "Situation":
        """Where a step leads. A new order has no marks."""
        ordering = row.step in (Step.ORDER, Step.REMAKE)
        marks = frozenset() if ordering else self.marks | ({row.mark} if row.mark else set())
        state = self.state if row.state_after is None else row.state_after
        return Situation(state, self.has_order or ordering, marks)

    def allows(self, row: Row) -> bool:
        return self.state in row.legal_in and all(self.meets(need) for need in row.needs)

    def __str__(self) -> str:
        order = "with an order " + ", ".join(sorted(self.marks)) if self.has_order else "without an order"
        return f"{self.state.name.lower()} {order}".strip()


@lru_cache(maxsize=1)
def document() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def steps() -> dict[Step, Row]:
    """The rows of the table of steps."""
    rows = [_row(*cells) for cells in table("step", "function", "written by")]
    return {row.step: row for row in rows}


@lru_cache(maxsize=1)
def errors() -> dict[str, str]:
    """Name of the error by the reason of a refusal."""
    return {why: error.strip("`") for why, error in table("why a step is refused", "error")}


@lru_cache(maxsize=1)
def situations() -> dict[Situation, tuple[Step, ...]]:
    """Every situation that the table can reach, with the shortest way to it."""
    ways: dict[Situation, tuple[Step, ...]] = {Situation(): ()}
    waiting = [Situation()]
    for here in waiting:
        for row in steps().values():
            there = here.after(row)
            if here.allows(row) and there not in ways:
                ways[there] = (*ways[here], row.step)
                waiting.append(there)
    return ways


@lru_cache(maxsize=1)
def properties() -> tuple[str, ...]:
    """Numbers of the properties, such as 'P7', in their order."""
    return tuple(re.findall(r"^- \*\*(P\d+)\*\*", document(), re.MULTILINE))


def table(*headers: str) -> Iterator[tuple[str, ...]]:
    """The rows of the only table whose first columns have these headers."""
    lines = iter(document().splitlines())
    found = [line for line in lines if _cells(line)[: len(headers)] == headers and next(lines)]
    assert len(found) == 1, f"{DOCUMENT} has {len(found)} tables with the columns {headers}"
    start = document().splitlines().index(found[0]) + 2
    for line in document().splitlines()[start:]:
        if not line.startswith("|"):
            return
        yield _cells(line)


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _row(
    step: str, function: str, party: str, legal_in: str, needs: str, after: str, mark: str, head: str
) -> Row:
    return Row(
        step=Step[step.upper()],
        function=function.strip("`"),
        party=party,
        legal_in=frozenset(State[name.upper()] for name in _list(legal_in)),
        needs=_list(needs),
        state_after=None if after == SAME else State[after.upper()],
        mark=None if mark == NOTHING else mark,
        names_head={"yes": True, "no": False}[head],
    )


def _list(cell: str) -> tuple[str, ...]:
    return () if cell == NOTHING else tuple(part.strip() for part in cell.split(","))
