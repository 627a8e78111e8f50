# SPDX-License-Identifier: Apache-2.0
"""The timeline of a claim: what every member sees of it, with what the reader knows of its records.

The chain shows parties, times, states and which groups differ. What the steps say is sealed: it is shown where the
reader holds it, proved under the commitment on the chain.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sceau.chain.network import Network
from sceau.chain.node import Block
from sceau.chain.times import iso_text
from sceau.claim.history import History, WrittenStep, read_history
from sceau.claim.steps import STEPS
from sceau.record import Value
from sceau.terms import State, group_words, state_words, step_words


@dataclass(frozen=True, repr=False)
class StepValues:
    """A step on the chain, with values that are proved to be of it: (profile key, values by path) for each record."""

    written: WrittenStep
    records: tuple[tuple[str, Mapping[str, Value]], ...]

    def only(self, paths: Container[str]) -> StepValues:
        """The same, of these paths alone; a record of which nothing is left is left out."""
        kept = (
            (key, {path: each for path, each in values.items() if path in paths})
            for key, values in self.records
        )
        return replace(self, records=tuple((key, values) for key, values in kept if values))

    def __repr__(self) -> str:
        return f"StepValues({self.written.step.name})"


@dataclass(frozen=True, repr=False)
class TimelineStep:
    """One step of a timeline.

    ``state`` is the claim's state after it, ``changed`` whether the step led there; ``conform`` whether a delivery or
    an invoice fits its order in every group, ``None`` for any other step; ``values`` what is known of it, by profile
    key and path.
    """

    written: WrittenStep
    state: State
    changed: bool
    conform: bool | None
    values: Mapping[str, Mapping[str, Value]]

    def __repr__(self) -> str:
        return f"TimelineStep({self.written.step.name})"

    def to_json(self) -> dict[str, Any]:
        """The step as JSON values, with the values that are known of it."""
        written = self.written
        return {
            "step": step_words(written.step).code,
            "order": written.order_number,
            "party": written.party,
            "supplier": written.supplier,
            "key": written.key,
            "time": iso_text(written.time),
            "block": written.block,
            "transaction": written.transaction,
            "commitment": written.commitment,
            "mismatch": [group_words(group).code for group in written.mismatch],
            "state": state_words(self.state).code,
            "values": {profile: dict(values) for profile, values in self.values.items()},
        }


@dataclass(frozen=True, repr=False)
class Timeline:
    """A claim read at one block, proved whole by its head; ``known`` are values that the reader holds."""

    block: Block
    history: History
    known: tuple[StepValues, ...] = ()

    def __repr__(self) -> str:
        return f"Timeline({self.history.state.claim})"

    @property
    def steps(self) -> tuple[TimelineStep, ...]:
        """The steps in their order; marks and remakes change no state."""
        return tuple(self._steps())

    @property
    def parties(self) -> frozenset[int]:
        """Every party of the claim, suppliers of replaced orders too."""
        state, steps = self.history.state, self.history.steps
        suppliers = {step.supplier for step in steps if step.supplier is not None}
        return frozenset({state.practice, state.payer, *(step.party for step in steps), *suppliers})

    def also(self, *values: StepValues) -> Timeline:
        """This timeline, with more of what the reader holds."""
        return replace(self, known=(*self.known, *values))

    def to_json(self) -> dict[str, Any]:
        """The timeline as JSON values, with the values that are known of its records."""
        state = self.history.state
        return {
            "claim": state.claim,
            "state": state_words(state.state).code,
            "practice": state.practice,
            "payer": state.payer,
            "supplier": state.supplier or None,
            "order": state.order_number,
            "consent": self.history.consent,
            "head": state.head,
            "steps": [step.to_json() for step in self.steps],
            "block": self.block.to_json(),
        }

    def _steps(self) -> Iterator[TimelineStep]:
        state = State.NONE
        for written in self.history.steps:
            row = STEPS[written.step]
            after = state if row.leads_to is None else row.leads_to
            conform = not written.mismatch if row.is_compared else None
            yield TimelineStep(written, after, after is not state, conform, self._values(written))
            state = after

    def _values(self, written: WrittenStep) -> dict[str, dict[str, Value]]:
        found: dict[str, dict[str, Value]] = {}
        for known in self.known:
            if known.written == written:
                for profile, values in known.records:
                    found.setdefault(profile, {}).update(values)
        return found


def read_timeline(network: Network, claim: str) -> Timeline:
    """The timeline of a claim at the newest block.

    Raises:
        IdentifierInvalid: ``claim`` is not an identifier.
        NoSuchClaim, HistoryIncomplete.
    """
    block = network.head()
    return Timeline(block, read_history(network, claim, block=block.number))
