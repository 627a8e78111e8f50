# SPDX-License-Identifier: Apache-2.0
"""What an audit says: checks that hold or do not, and rulings on groups that differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sceau.claim.history import History
from sceau.errors import Sentence
from sceau.verify.verdict import BlockSeen


@dataclass(frozen=True)
class Check:
    """One thing in the evidence that was checked against the chain."""

    holds: bool
    sentence: Sentence


@dataclass(frozen=True)
class Ruling:
    """Who is wrong on one group of one order; ``fault`` is a party number, ``None`` where nobody is found at fault.

    ``ask`` is the party to be asked before a fault can be found.
    """

    code: str
    fault: int | None
    sentence: Sentence
    ask: int | None = None

    @property
    def blame(self) -> Sentence:
        """Which party is at fault or to be asked, or that none is."""
        if self.ask is not None:
            return Sentence("rulings-blame.to-ask", party=self.ask)
        if self.fault is not None:
            return Sentence("rulings-blame.at-fault", party=self.fault)
        return Sentence("rulings-blame.nobody")


@dataclass(frozen=True)
class Seals:
    """The validators of a block, and those of them whose seals a proof of it bears: addresses, in order."""

    validators: tuple[str, ...]
    sealers: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """The result of an audit, read at one block; ``seals`` where it was read from a proof, and from no node."""

    block: BlockSeen
    history: History
    checks: tuple[Check, ...]
    rulings: tuple[Ruling, ...]
    seals: Seals | None = None

    @property
    def holds(self) -> bool:
        """Whether all that was shown holds, and no group differs."""
        return all(check.holds for check in self.checks) and not self.rulings

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values, sentences in both languages; it holds no value of a record."""
        return {
            "format": "sceau-audit/1",
            "holds": self.holds,
            "claim": self.history.state.claim,
            "head": self.history.state.head,
            "block": {"number": self.block.number, "hash": self.block.hash},
            "checks": [
                {"holds": c.holds, "code": c.sentence.code, "en": c.sentence.en, "fr": c.sentence.fr}
                for c in self.checks
            ],
            "rulings": [
                {"code": r.code, "fault": r.fault, "ask": r.ask, "en": r.sentence.en, "fr": r.sentence.fr}
                for r in self.rulings
            ],
            **({} if self.seals is None else {name: list(each) for name, each in vars(self.seals).items()}),
        }


def ruling(code: str, fault: int | None, **details: object) -> Ruling:
    """The ruling of this code: its sentence is in the catalogues under ``rulings``."""
    return Ruling(code, fault, Sentence(f"rulings.{code}", party=fault, **details))


def to_ask(code: str, party: int, **details: object) -> Ruling:
    """The ruling that a party must be asked first."""
    return Ruling(code, None, Sentence(f"rulings.{code}", party=party, **details), ask=party)
