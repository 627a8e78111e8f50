# SPDX-License-Identifier: Apache-2.0
"""What the chapters share: the network and its parties, the story, and what the last chapters sum up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sceau import Network, SealedRecord, Verdict
from sceau.chain.times import utc_text
from sceau.claim.steps import STEPS
from sceau.formats.optics.quote import load_quote
from sceau.record import Value
from sceau.record.words import values_in_words
from sceau.roles.handle import Handle
from sceau.roles.ordering import PRESCRIPTION_PATH
from sceau.terms import Step, groups_words, step_words
from sceau.verify.verdict import Outcome
from scripts.demo.parties import Parties
from scripts.demo.story import HIDDEN, Cell, Story
from scripts.documents import document
from scripts.life import ClaimLife

#: What is said once for the whole story, and not again under each verdict.
_SAID = frozenset({"without-consent", "declared-only"})

#: What each step of a claim is called where its cost is shown.
_STEPS = {
    "authorise": "claim authorised",
    "order": "order placed, with its four locks",
    "remake": "order placed again: a remake",
    "deliver": "delivery attested, compared with the order",
    "invoice": "invoice sealed, compared with the order",
    "settle": "claim settled",
    "refuse": "claim refused",
}


class Cost(NamedTuple):
    """Gas of a write, and what it is compared with: a key of ``benchmarks/gas.json``."""

    gas: int
    anchor: str


@dataclass
class Demonstration:
    """One run.

    ``fees`` says whether the chain charges them; ``costs`` is the gas of each kind of write, the first time;
    ``outcomes`` what became of each case; ``claims`` their identifiers, by the chapter in which they were opened.
    """

    network: Network
    parties: Parties
    story: Story
    folder: Path
    fees: bool
    costs: dict[str, Cost] = field(default_factory=dict)
    outcomes: list[tuple[str, str, str]] = field(default_factory=list)
    claims: dict[str, str] = field(default_factory=dict)

    def life(self, opened: str = "claim opened without a consent") -> ClaimLife:
        """A claim between the three parties, whose steps' costs are noted; ``opened`` is what its opening is called."""
        parties, called = self.parties, {**_STEPS, "open": opened}

        def written(function: str, handle: Handle) -> None:
            self.cost(called[function], handle.wait().gas_used)

        return ClaimLife(parties.practice, parties.supplier, parties.payer, written=written)

    def note(self, life: ClaimLife) -> None:
        """Notes a claim's identifier under the chapter that is being told."""
        self.claims[f"chapter {self.story.number}"] = life.claim

    def cost(self, what: str, gas: int, anchor: str = "eas_attest") -> None:
        """Notes what a write cost, if it is the first of its kind; ``anchor`` as in ``benchmarks/gas.json``."""
        self.costs.setdefault(what, Cost(gas, anchor))

    def verdict(self, verdict: Verdict, *, notes: bool = True) -> None:
        """Tells the insurer's verdict with its reasons, and its notes if wanted."""
        findings = [*verdict.reasons, *(verdict.notes if notes else ())]
        self.story.result(
            "The insurer's verdict",
            verdict.words(),
            good=verdict.outcome is Outcome.ACCEPTED,
            findings=[each.sentence.en for each in findings if each.code not in _SAID],
        )

    def outcome(self, case: str, verdict: str, meaning: str) -> None:
        """Notes what became of a case, for the summary."""
        self.outcomes.append((case, verdict, meaning))

    def history(self, life: ClaimLife) -> None:
        """Tells what every member sees of a claim."""
        called = self.parties.called
        self.story.table(
            "What every member sees of this claim:",
            ("time (UTC)", "step", "order", "written by", "what the chain found"),
            [
                (
                    utc_text(step.time)[11:19],
                    step_words(step.step).en,
                    str(step.order_number or ""),
                    called[step.party],
                    _found(step.step, groups_words(step.mismatch).en),
                )
                for step in life.practice.history(life.claim).steps
            ],
        )


@dataclass(frozen=True)
class Documents:
    """What one pair of glasses is written down in: its quote, and what delivery and invoice say in their own words."""

    quote: Mapping[str, Value]
    delivery: Mapping[str, Value]
    invoice: Mapping[str, Value]


def documents_of(place: int) -> Documents:
    """Those of the story's pair at ``place``: a file number serves one claim, and so does a dispatch."""
    file_number = f"PEC2026{place:04}"
    return Documents(
        quote={**load_quote(document("quote")), "pec.number": file_number},
        delivery={"dispatch.reference": f"BL88{place:04}"},
        invoice={"pec.number": file_number, "invoice.number": f"F2026{place:04}"},
    )


def holdings(
    story: Story, record: SealedRecord, shown: Iterable[str], *, what: str, inner: Iterable[SealedRecord] = ()
) -> tuple[int, int]:
    """Tells who holds what of a record and of those sealed inside it; how many values there are, and how many are seen.

    ``shown`` are the paths that the insurer is shown; what it sees stands first.
    """
    seen = set(shown)
    values = _in_words(record)
    hidden: dict[str, tuple[str, str]] = {}
    for each in inner:
        hidden |= {path: words for path, words in _in_words(each).items() if path not in values}
    rows = [(title, text, text if path in seen else HIDDEN, HIDDEN) for path, (title, text) in values.items()]
    rows += [(title, text, HIDDEN, HIDDEN) for title, text in hidden.values()]
    story.table(
        f"Who has what of {what}:",
        ("value", "shop holds", "insurer sees", "chain holds"),
        _joined(sorted(rows, key=lambda row: row[2] is HIDDEN)),
        last=("seal of all these values", "its secret", "proofs", "a commitment"),
    )
    return len(rows), len(seen)


def _in_words(record: SealedRecord) -> dict[str, tuple[str, str]]:
    """Title and value by path, in the order of the profile; without the seal of a record inside it."""
    fields = record.profile.fields
    values = {path: value for path, value in record.values.items() if path != PRESCRIPTION_PATH}
    words = values_in_words(record.scope.profile_key, values)
    paths = [path for path in fields if path in values]
    return {
        path: (title.removesuffix(f" ({fields[path].place})"), text)
        for path, (title, text) in zip(paths, words, strict=True)
    }


def _joined(rows: Iterable[tuple[str, str, Cell, Cell]]) -> list[tuple[Cell, ...]]:
    """One row for the values of a list that have one title."""
    joined: dict[tuple[str, bool], tuple[Cell, ...]] = {}
    for title, text, insurer, chain in rows:
        key = (title, insurer is HIDDEN)
        texts = f"{joined[key][1]}, {text}" if key in joined else text
        joined[key] = (title, texts, HIDDEN if insurer is HIDDEN else texts, chain)
    return list(joined.values())


def _found(step: Step, differing: str) -> str:
    if not STEPS[step].is_compared:
        return ""
    return f"differs in: {differing}" if differing else "fits the order"
