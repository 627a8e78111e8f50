# SPDX-License-Identifier: Apache-2.0
"""All that was written on a claim, read from events and proved whole by the head that the contract keeps.

The head folds every step in: previous head, claim, step, party, key, block time, order number, commitment and
detail (docs/protocol.md). A node that hides, adds or edits an event cannot reach it. Which groups differ is not in
the head: it follows from tags and locks, which are, and is computed here again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from typing import Any, NamedTuple

from sceau.chain.events import Event
from sceau.chain.foresight import foresee_blocks
from sceau.chain.network import Network
from sceau.chain.registries.claims import NO_CONSENT, ClaimState, read_claim
from sceau.claim.errors import HistoryIncomplete, NoOrder, StateUnknown
from sceau.claim.known import Known, known_of, remember_events
from sceau.claim.search import OPENING, Search
from sceau.claim.steps import STEPS, StepRow, placing, row_of_event
from sceau.conformity.keys import OrderContext
from sceau.conformity.seals import lock_of
from sceau.documents.hashing import keccak, text_word, word
from sceau.documents.identifiers import ZERO_HASH, hex_of
from sceau.terms import Group, Role, State, Step, groups_of, state_words

#: Under which a history is kept among what a node said at one block.
_HISTORY = "history"


@dataclass(frozen=True)
class WrittenStep:
    """One step or mark on a claim.

    ``order_number`` is that of the order it is about, 0 before one; ``time`` its block's time in seconds; ``supplier``
    the party that an order names; ``locks`` those of an order or an invoice, ``tags`` those of a delivery, one for each
    group; ``mismatch`` the groups that the contract found to differ; ``head`` the claim's head after it.
    """

    step: Step
    party: int
    key: str
    time: int
    block: int
    transaction: str
    order_number: int
    commitment: str
    supplier: int | None = None
    locks: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    mismatch: tuple[Group, ...] = ()
    head: str = ""

    @property
    def day(self) -> date:
        """The day of its block, in UTC."""
        return datetime.fromtimestamp(self.time, timezone.utc).date()


@dataclass(frozen=True)
class History:
    """A claim's state and everything written on it, in order; ``consent`` is ``None`` if it was opened without."""

    state: ClaimState
    consent: str | None
    steps: tuple[WrittenStep, ...]

    def find(self, step: Step, order_number: int | None = None) -> WrittenStep | None:
        """The last step of a kind (about an order), or ``None``."""
        for written in reversed(self.steps):
            if written.step == step and order_number in (None, written.order_number):
                return written
        return None

    def since(self, head: str) -> tuple[WrittenStep, ...] | None:
        """What was written after the claim had a head; ``None`` where it never had that one."""
        for place, written in enumerate(self.steps, start=1):
            if written.head == head:
                return self.steps[place:]
        return None

    def supplier_of(self, order_number: int) -> int:
        """Party number of the supplier that an order names. Raises :class:`NoOrder`."""
        placed = self.find(placing(order_number), order_number)
        if placed is None or placed.supplier is None:
            raise NoOrder(claim=self.state.claim)
        return placed.supplier

    def current_order(self) -> tuple[int, list[str]]:
        """Number and locks of the current order. Raises :class:`NoOrder` before the first."""
        for written in reversed(self.steps):
            if STEPS[written.step].places_order:
                return written.order_number, list(written.locks)
        raise NoOrder(claim=self.state.claim)


def read_history(network: Network, claim: str, *, block: int) -> History:
    """The history of a claim up to a block.

    Raises:
        NoSuchClaim: nothing was opened under this identifier.
        HistoryIncomplete: the node's events do not lead to the claim's head.
    """
    state = read_claim(network, claim, block=block)
    kept = kept_history(network, state.claim, block)
    if kept is not None:
        return kept
    events = find_events(network, state, block)
    history = None if events is None else proved_history(network, state, events)
    if events is None or history is None:
        raise HistoryIncomplete(claim=state.claim)
    remember_events(network, state.claim, events, block)
    network.keep(block, (_HISTORY, state.claim), history)
    return history


def proved_history(network: Network, state: ClaimState, events: Sequence[Event]) -> History | None:
    """The history that events tell, each with its time; ``None`` where they do not lead to the claim's head."""
    steps = _steps_from_opening(state.claim, events)
    if not steps or steps[-1].head != state.head or _inconsistent(network, state.claim, steps):
        return None
    return History(state=state, consent=consent_of(events), steps=steps)


def kept_history(network: Network, claim: str, block: int) -> History | None:
    """The history that was read at the newest block that was seen, ``None`` if none was; no node is asked.

    The head proves it, and at that block nothing is added to it any more.
    """
    kept = network.kept(block, (_HISTORY, claim))
    return kept if isinstance(kept, History) else None


def foresee_history(network: Network, history: History, block: int) -> None:
    """Keeps a history that was proved, so that :func:`read_history` need not read it."""
    network.keep(block, (_HISTORY, history.state.claim), history)


def steps_of(claim: str, events: Sequence[Event]) -> tuple[WrittenStep, ...]:
    """The steps that events of a claim announce, from its opening on, each with its time. Nothing is checked."""
    opened = events[0].args
    fold = _Fold(claim, int(opened["practice"]), int(opened["payer"]))
    return tuple(fold.add(event, event.time or 0) for event in events)


def consent_of(events: Sequence[Event]) -> str | None:
    """The consent that a claim's opening names, the first of its events."""
    consent = str(events[0].args["consent"])
    return None if consent == NO_CONSENT else consent


def timed(network: Network, events: Sequence[Event]) -> list[Event]:
    """Events with the times of their blocks."""
    foresee_blocks(network.node, [event.block_hash for event in events if event.time is None])
    return [
        event
        if event.time is not None
        else replace(event, time=network.node.time_of(event.block, event.block_hash))
        for event in events
    ]


def state_named(name: str) -> State:
    """The state of a claim by its code (``ordered``). Raises :class:`StateUnknown`."""
    states = {state_words(state).code: state for state in State if state is not State.NONE}
    if name not in states:
        raise StateUnknown(known=", ".join(states))
    return states[name]


def state_after(steps: Sequence[WrittenStep]) -> State:
    """The state to which steps lead; marks and remakes change none."""
    states = [STEPS[written.step].leads_to for written in steps]
    return next((state for state in reversed(states) if state is not None), State.NONE)


def find_events(network: Network, state: ClaimState, block: int) -> list[Event] | None:
    """All events of a claim up to a block, in order, each with its time; ``None`` where none lead to its head."""

    def whole(found: Sequence[Event]) -> bool:
        return head_after(state.claim, timed(network, found)) == state.head

    known = known_of(network, state.claim)
    found = Search(network, state.claim, block, whole, known).events()
    if found is None and known.events:
        # What was known is not the claim's, or not all of it.
        found = Search(network, state.claim, block, whole, Known(blocks=known.blocks)).events()
    return None if found is None else timed(network, found)


def head_after(claim: str, events: Sequence[Event]) -> str | None:
    """The head (``0x`` hex) that a claim has after these events; ``None`` where they do not begin with its opening."""
    steps = _steps_from_opening(claim, events)
    return steps[-1].head if steps else None


def _steps_from_opening(claim: str, events: Sequence[Event]) -> tuple[WrittenStep, ...]:
    """The steps that events of a claim announce; none where they do not begin with its opening."""
    # The contract announces no other event about a claim; a node that does invents it.
    if any(row_of_event(event.name, event.args.get("orderNumber")) is None for event in events):
        return ()
    if not events or events[0].name != OPENING:
        return ()
    return steps_of(claim, events)


def _inconsistent(network: Network, claim: str, steps: Sequence[WrittenStep]) -> bool:
    """Whether an event names other groups than its tags or locks give, as the contract compares them."""
    placed: tuple[str, ...] = ()
    for step in steps:
        if STEPS[step.step].places_order:
            placed = step.locks
        elif STEPS[step.step].is_compared:
            written = step.locks or _locks_of_tags(network, claim, step)
            if step.mismatch != tuple(group for group in Group if written[group] != placed[group]):
                return True
    return False


def _locks_of_tags(network: Network, claim: str, delivery: WrittenStep) -> tuple[str, ...]:
    """The locks that a delivery's tags give."""
    context = OrderContext(network.chain_id, network.address("ClaimRegistry"), claim, delivery.order_number)
    return tuple(lock_of(context, group, delivery.tags[group]) for group in Group)


class _Fold:
    """Folds events into a head, as ``ClaimRegistry._advanceHead`` does."""

    def __init__(self, claim: str, practice: int, payer: int) -> None:
        self.head = ZERO_HASH
        self._claim = claim
        self._parties = {Role.PRACTICE: practice, Role.PAYER: payer, Role.SUPPLIER: 0}
        self._order = 0

    def add(self, event: Event, time: int) -> WrittenStep:
        args = event.args
        row = row_of_event(event.name, args.get("orderNumber"))
        if row is None:
            raise AssertionError("an event of no step")  # the caller asked before
        if row.places_order:
            self._parties[Role.SUPPLIER], self._order = int(args["supplier"]), int(args["orderNumber"])
        written = _Written(
            row.step,
            self._parties[row.writer],
            str(args["key"]),
            time,
            int(args.get("orderNumber", self._order)),
            str(args["commitment"]),
        )
        locks, tags = tuple(args.get("locks", ())), tuple(args.get("tags", ()))
        self.head = _fold(self.head, self._claim, written, _detail(row, args, locks or tags))
        return WrittenStep(
            **written._asdict(),
            block=event.block,
            transaction=event.transaction,
            supplier=args.get("supplier"),
            locks=locks,
            tags=tags,
            mismatch=groups_of(int(args.get("mismatch", 0))),
            head=self.head,
        )


class _Written(NamedTuple):
    """What the head folds in of a step, beside its detail; fields as in :class:`WrittenStep`."""

    step: Step
    party: int
    key: str
    time: int
    order_number: int
    commitment: str


def _detail(row: StepRow, args: Any, seals: tuple[str, ...]) -> bytes:
    """Hash of what a step holds beside its commitment; zero where it holds nothing. ``seals``: its locks or tags."""
    if row.step is Step.OPEN:
        return keccak(word(args["payer"]) + text_word(args["consent"]))
    if row.places_order:
        return keccak(word(int(args["supplier"])) + _hash_of_all(seals))
    return _hash_of_all(seals) if seals else bytes(32)


def _fold(head: str, claim: str, written: _Written, detail: bytes) -> str:
    words = (
        text_word(head),
        text_word(claim),
        word(written.step),
        word(written.party),
        text_word(written.key),
        word(written.time),
        word(written.order_number),
        text_word(written.commitment),
        detail,
    )
    return hex_of(keccak(b"".join(words)))


def _hash_of_all(seals: Sequence[str]) -> bytes:
    return keccak(b"".join(map(text_word, seals)))
