# SPDX-License-Identifier: Apache-2.0
"""What must not be erased: a claim that still runs, that is or may be contested, or that is under audit.

A party must not be able to destroy the evidence against itself. What is written on a claim is read from the chain when
something is to be erased; without a node nothing is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from sceau.chain.network import Network
from sceau.chain.registries.errors import NoSuchClaim
from sceau.claim.history import History, read_history
from sceau.claim.steps import STEPS
from sceau.errors import Language, Sentence
from sceau.messages import evidence, ruling, told_mark
from sceau.messages.stored import StoredMessage
from sceau.retention import Periods
from sceau.store import Kind, Store
from sceau.terms import State, Step

#: Why something is kept, by its code.
REASONS: Mapping[str, str] = {
    "not-on-chain": "keeping.not-on-chain",
    "waits-to-be-written": "keeping.waits-to-be-written",
    "not-ended": "keeping.not-ended",
    "difference": "keeping.difference",
    "disputed": "keeping.disputed",
    "returned": "keeping.returned",
    "delivery-awaited": "keeping.delivery-awaited",
    "under-audit": "keeping.under-audit",
    "recent": "keeping.recent",
    "consent-of-claim": "keeping.consent-of-claim",
}

#: The reasons that hold also of a claim that runs.
_EVIDENCE = frozenset({"difference", "disputed", "returned", "under-audit"})
_ENDED = frozenset({State.SETTLED, State.REFUSED, State.CANCELLED})


@dataclass(frozen=True)
class Kept:
    """A claim (or a consent) that is not erased, by the code of why; ``until`` is the first day on which this reason
    holds no more, ``None`` where no day is known."""

    subject: str
    code: str
    until: date | None = None

    @property
    def sentence(self) -> Sentence:
        """Why, and until when."""
        why = Sentence(REASONS[self.code])
        if self.until is None:
            return why
        return Sentence("keeping.until", why=why, day=self.until.isoformat())

    def words(self, language: Language = "en") -> str:
        """Why, and until when, in words."""
        return self.sentence.text(language)

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        until = None if self.until is None else self.until.isoformat()
        return {"subject": self.subject, "reason": self.code, "until": until}


@dataclass(frozen=True)
class Judged:
    """A claim that is to be erased: why it is kept, if it is, and what the chain says of it (``None``: nothing)."""

    claim: str
    kept: Kept | None
    history: History | None

    @property
    def frees_its_numbers(self) -> bool:
        """Whether its numbers may serve another claim."""
        return self.history is not None and self.history.state.frees_its_numbers


def judge(network: Network, store: Store, claim: str, periods: Periods, *, waiting: bool) -> Judged:
    """Whether a claim must be kept, as the chain stands at its newest block.

    ``waiting`` says that something of it waits in the outbox. Raises as :meth:`Network.head` and
    :func:`read_history`: without a node that can be believed nothing is erased.
    """
    head = network.head()
    today = _day(head.timestamp)
    try:
        history = read_history(network, claim, block=head.number)
    except NoSuchClaim:
        # The node may be behind, or the step on its way: no word on a claim is none that it may go.
        return Judged(claim, Kept(claim, "not-on-chain"), None)
    if waiting:
        return Judged(claim, Kept(claim, "waits-to-be-written"), history)
    if history.state.state not in _ENDED:
        return Judged(claim, Kept(claim, "not-ended"), history)
    reasons = [
        each for each in _reasons(network, store, history, periods) if each.until and each.until > today
    ]
    # The last reason to hold is the one that counts.
    return Judged(claim, max(reasons, key=lambda each: each.until or date.max, default=None), history)


def contested(network: Network, store: Store, claim: str, periods: Periods) -> Kept | None:
    """Why a claim is evidence, whether it has ended or not; ``None`` where it is not. Raises as :func:`judge`."""
    head = network.head()
    today = _day(head.timestamp)
    try:
        history = read_history(network, claim, block=head.number)
    except NoSuchClaim:
        return Kept(claim, "not-on-chain")
    found = [
        each
        for each in _reasons(network, store, history, periods)
        if each.code in _EVIDENCE and each.until and each.until > today
    ]
    return max(found, key=lambda each: each.until or date.max, default=None)


def _reasons(network: Network, store: Store, history: History, periods: Periods) -> Iterator[Kept]:
    claim = history.state.claim
    last = max(step.day for step in history.steps)
    contested = last + timedelta(days=periods.contested_days)
    if any(step.mismatch for step in history.steps):
        yield Kept(claim, "difference", contested)
    if history.find(Step.DISPUTE) is not None:
        yield Kept(claim, "disputed", contested)
    if history.find(Step.RETURN) is not None:
        yield Kept(claim, "returned", contested)
    if _undelivered(history):
        yield Kept(claim, "delivery-awaited", contested)
    for code, at in _in_store(network, store, claim):
        yield Kept(claim, code, _day(at) + timedelta(days=periods.contested_days))
    yield Kept(claim, "recent", last + timedelta(days=periods.quiet_days))


def _undelivered(history: History) -> bool:
    """Whether the supplier of the last order said nothing: its word may still come."""
    placed = [step.order_number for step in history.steps if STEPS[step.step].places_order]
    return bool(placed) and history.find(Step.DELIVER, placed[-1]) is None


def _in_store(network: Network, store: Store, claim: str) -> Iterator[tuple[str, int]]:
    """What this party's own store says against erasing a claim, with the time (seconds) from which it counts."""
    for each in store.of_claim(Kind.EVIDENCE_REQUEST, claim):
        yield "under-audit", int(each["deadline"])
    for each in store.of_claim(Kind.MESSAGE, claim):
        stored = StoredMessage.from_json(each)
        asked = stored.as_received(network, evidence.REQUEST)
        if asked is not None:
            yield "under-audit", int(asked.body["deadline"])
        for kind, code in ((ruling.KIND, "under-audit"), (told_mark.KIND, "disputed")):
            found = stored.as_received(network, kind)
            if found is not None:
                yield code, found.issued_at


def _day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, timezone.utc).date()
