# SPDX-License-Identifier: Apache-2.0
"""The answer of a verification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from enum import Enum
from typing import Any

from sceau.chain.node import Block
from sceau.disclosure import Disclosure, PolicyReference
from sceau.documents.times import time_text
from sceau.errors import Language, Sentence
from sceau.record import Value

FORMAT = "sceau-verdict/1"


class Outcome(Enum):
    """What a payer can rely on."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    IN_DOUBT = "in-doubt"


class Weight(Enum):
    """What a finding does to the outcome: refuses, puts in doubt, or only informs."""

    REFUSES = "refuses"
    DOUBTS = "doubts"
    NOTES = "notes"


_OUTCOMES = {
    Outcome.ACCEPTED: Sentence("outcomes.accepted"),
    Outcome.REFUSED: Sentence("outcomes.refused"),
    Outcome.IN_DOUBT: Sentence("outcomes.in-doubt"),
}


def outcome_words(outcome: Outcome) -> Sentence:
    """An outcome in one word or two."""
    return _OUTCOMES[outcome]


@dataclass(frozen=True)
class Finding:
    """One thing that was found: its weight and a sentence whose code is stable.

    ``order_number`` is the number of the order that it is about, 0 where it is about the claim as a whole. ``data``
    holds what the sentence says beside that, as JSON values. ``voids_consent`` and ``ground`` say what follows from it
    (:class:`sceau.verify.findings.Kind`).
    """

    weight: Weight
    sentence: Sentence
    order_number: int
    data: Mapping[str, Any]
    voids_consent: bool
    ground: bool

    @property
    def code(self) -> str:
        """The finding's stable name, such as ``consent-revoked``."""
        return self.sentence.code

    def to_json(self) -> dict[str, Any]:
        """The finding as JSON values, its sentence in both languages."""
        return {
            "code": self.code,
            "order": self.order_number,
            "weight": self.weight.value,
            "data": dict(self.data),
            "en": self.sentence.en,
            "fr": self.sentence.fr,
        }


@dataclass(frozen=True)
class BlockSeen:
    """The block at which everything was read. ``age`` is in seconds, by the reader's clock.

    ``proved`` says that the chain's validators sealed it, and that what was read of consents, claims, parties and keys
    is the state under it; else the node was believed.
    """

    number: int
    hash: str
    time: datetime
    age: int
    proved: bool = False

    @classmethod
    def of(cls, block: Block, now: float) -> BlockSeen:
        """A block as seen at ``now`` (seconds since 1970)."""
        return cls(
            number=block.number,
            hash=block.hash,
            time=datetime.fromtimestamp(block.timestamp, timezone.utc),
            age=max(0, int(now) - block.timestamp),
            proved=block.proved,
        )

    def to_json(self) -> dict[str, Any]:
        """The block as JSON values."""
        found: dict[str, Any] = {
            "number": self.number,
            "hash": self.hash,
            "time": time_text(self.time),
            "age": self.age,
        }
        return {**found, "proved": True} if self.proved else found


@dataclass(frozen=True)
class Judged:
    """The disclosure that was judged, by its own word: what a program routes and deletes by.

    ``policy_hash`` is SHA-256 of the policy's file as the reader has it, ``None`` where it was not consulted.
    """

    disclosure: str
    profile: str
    step: str
    order_number: int | None
    policy: PolicyReference
    purpose: str
    delete_by: date
    policy_hash: str | None = None

    @classmethod
    def of(cls, disclosure: Disclosure) -> Judged:
        """What a disclosure says of itself."""
        scope = disclosure.scope
        return cls(
            disclosure.id,
            scope.profile_key,
            scope.step or "",
            scope.order_number,
            disclosure.policy,
            disclosure.purpose,
            disclosure.delete_by,
        )

    def to_json(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "disclosure": self.disclosure,
            "profile": self.profile,
            "step": self.step,
            "order": self.order_number,
            "policy": {**self.policy.to_json(), "hash": self.policy_hash},
            "purpose": self.purpose,
            "delete_by": self.delete_by.isoformat(),
        }


@dataclass(frozen=True, repr=False)
class Verdict:
    """The verdict on a disclosure.

    ``id`` names it among the verdicts that its payer issued; empty where none was issued. ``findings`` holds every
    reason and note. ``values`` are those shown, proved and lawful to hold, by path;
    ``dropped`` the paths that were shown and may not be held, whose values were not kept. ``practice`` is the number
    of the claim's practice on the chain, ``None`` where the claim was not read; ``judged`` the disclosure.
    """

    findings: tuple[Finding, ...]
    block: BlockSeen
    claim: str
    head: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    id: str = ""
    practice: int | None = None
    judged: Judged | None = None

    def __repr__(self) -> str:
        return f"Verdict({self.outcome.value}, {', '.join(f.code for f in self.findings)})"

    @property
    def outcome(self) -> Outcome:
        """Refused if anything refuses, else in doubt if anything puts in doubt, else accepted."""
        weights = {finding.weight for finding in self.findings}
        if Weight.REFUSES in weights:
            return Outcome.REFUSED
        return Outcome.IN_DOUBT if Weight.DOUBTS in weights else Outcome.ACCEPTED

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """The findings that made the outcome what it is; none when accepted."""
        return tuple(f for f in self.findings if f.weight is not Weight.NOTES)

    @property
    def has_ground(self) -> bool:
        """Whether the disclosure is about a claim that its reader may refuse: no reason says the contrary."""
        return all(finding.ground for finding in self.reasons)

    @property
    def notes(self) -> tuple[Finding, ...]:
        """The findings that only inform."""
        return tuple(f for f in self.findings if f.weight is Weight.NOTES)

    def words(self, language: Language = "en") -> str:
        """The outcome in one word or two."""
        return outcome_words(self.outcome).text(language)

    def to_json(self) -> dict[str, Any]:
        """The verdict as JSON values, sentences in both languages; whole numbers of values as they are."""
        return {
            "format": FORMAT,
            "id": self.id or None,
            "outcome": self.outcome.value,
            "claim": self.claim,
            "practice": self.practice,
            **({} if self.judged is None else self.judged.to_json()),
            "head": self.head,
            "findings": [each.to_json() for each in self.findings],
            "block": self.block.to_json(),
            "values": dict(self.values),
            "dropped": list(self.dropped),
        }
