# SPDX-License-Identifier: Apache-2.0
"""What the chain announced of a party's claims and consents, followed into its store.

An index saves questions to a node, and answers where no node does. What it says of a claim counts only as far as the
claim's head proves it (:func:`sceau.claim.history.read_history`); what it says of a consent is as of the block up to
which the chain was followed. It can be lost: it is filled again from the deployment's first block.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from sceau.chain.announced import block_since
from sceau.chain.events import Event
from sceau.chain.network import Network
from sceau.chain.node import Block
from sceau.chain.registries.claims import read_claim
from sceau.chain.registries.consents import ConsentState, read_state
from sceau.chain.registries.errors import NoSuchClaim
from sceau.chain.registries.parties import read_party
from sceau.claim.history import consent_of, find_events, state_after, steps_of, timed
from sceau.claim.known import Known
from sceau.claim.search import OPENING
from sceau.claim.steps import STEPS
from sceau.documents.identifiers import bytes_of
from sceau.store._local import LocalStore
from sceau.store._protocol import Kind
from sceau.terms import Role, State, Step, state_words, step_words

#: The key of what says how far the chain was followed.
_POSITION = "followed"
_ORDER = "OrderPlaced"
_CLAIM_EVENTS = tuple(sorted({row.event for row in STEPS.values()}))
_CONSENT_EVENTS = ("ConsentRecorded", "ConsentRevoked", "ConsentWithdrawn")
#: After these no order is placed.
_ENDS = ("ClaimRefused", "ClaimCancelled")
#: So many consents are asked about in one request.
_AT_ONCE = 100


@dataclass(frozen=True)
class Listed:
    """A claim as it was followed: its parties, its state, and its last step.

    ``supplier`` is that of the current order, ``None`` before one; ``opened`` and ``day`` are the days of the opening
    and of the last step, in UTC.
    """

    claim: str
    state: State
    practice: int
    payer: int
    supplier: int | None
    order_number: int
    consent: str | None
    opened: date
    last: Step
    day: date

    def to_json(self) -> dict[str, Any]:
        """The claim as JSON values."""
        return {
            "claim": self.claim,
            "state": state_words(self.state).code,
            "practice": self.practice,
            "payer": self.payer,
            "supplier": self.supplier,
            "order": self.order_number,
            "consent": self.consent,
            "opened": self.opened.isoformat(),
            "last": step_words(self.last).code,
            "day": self.day.isoformat(),
        }


class _Position(NamedTuple):
    """How far a chain was followed; and whether for a supplier, whom a claim names only when it is ordered.

    ``ended`` counts the consents that were seen to end.
    """

    block: Block
    supplies: bool
    ended: int = 0

    def to_json(self, deployment: str) -> dict[str, Any]:
        number, hash_, timestamp = self.block.number, self.block.hash, self.block.timestamp
        position = {"number": number, "hash": hash_, "timestamp": timestamp}
        return {"deployment": deployment, "supplies": self.supplies, "ended": self.ended, **position}


class ChainIndex:
    """The index of one party on one deployment.

    Args:
        network: the deployment.
        store: the party's store.
        party: its number, or what gives it when it is first needed: what was followed of a consent is read without.
    """

    def __init__(self, network: Network, store: LocalStore, party: int | Callable[[], int]) -> None:
        self._network = network
        self._store = store
        self._named = party

    @cached_property
    def _party(self) -> int:
        return self._named() if callable(self._named) else self._named

    @property
    def ended(self) -> int:
        """How many consents were seen to end."""
        position = self._position
        return 0 if position is None else position.ended

    @property
    def block(self) -> Block | None:
        """The block up to which the chain was followed; ``None`` where it was not, or was another chain's."""
        position = self._position
        return None if position is None else position.block

    def claims(self, after: str | None = None) -> Iterator[Listed]:
        """The party's claims, in the order in which they came, or those after one of them.

        A batch of them is in memory at once.
        """
        for key, memo in self._store.of_kind(Kind.MEMO, after=after):
            events = Known.from_json(memo).events
            if events and self._concerns(events):
                yield _listed(key, events)

    def consent(self, consent: str) -> ConsentState | None:
        """A consent (``0x`` hex) as it was followed; ``None`` where the index does not know it."""
        return self._states_in(self._store.vault.look(Kind.MEMO.value, [_POSITION, consent]), [consent])[0]

    def consents(self, consents: Iterable[str]) -> list[ConsentState | None]:
        """As :meth:`consent`, of many."""
        wanted = list(consents)
        with self._store.vault.view() as rows:
            memos = {} if rows is None else rows.get_all(Kind.MEMO.value, [_POSITION, *wanted])
        return self._states_in(memos, wanted)

    def _states_in(
        self, memos: Mapping[str, Mapping[str, Any]], wanted: Sequence[str]
    ) -> list[ConsentState | None]:
        """The states of consents as memos hold them, with how far the chain was followed."""
        position = self._position_in(memos)
        held = [None if position is None else memos.get(each, {}).get("consent") for each in wanted]
        return [
            None if each is None or position is None else ConsentState(**each, block=position.block)
            for each in held
        ]

    def follow(self, timeout: float = 60) -> bool:
        """Takes in what was announced since the last time; whether it came to the newest block within the time.

        Safe to repeat, to kill, and to run in two processes at once. A chain that was reset is followed from its
        beginning, and what was known of the one before is forgotten.

        Raises:
            NodeError: the node answers no more; what was taken in before counts.
            StoreUnusable: nothing can be stored.
        """
        deadline = time.monotonic() + timeout
        head = self._network.head()
        position = self._start(head)
        first = position.block.number + 1
        for low, high, events in self._network.pieces(
            "ClaimRegistry", name=_CLAIM_EVENTS, first=first, last=head.number
        ):
            consents = self._network.events(
                "ConsentRegistry", name=_CONSENT_EVENTS, from_block=low, to_block=high
            )
            end = head if high == head.number else self._network.node.block(high)
            after = self._take(position, replace(end, base_fee=None), timed(self._network, events), consents)
            if after is None:
                # Another process follows it, too.
                return False
            position = after
            if time.monotonic() >= deadline:
                break
        self._network.memos.forget()
        return position.block.number >= head.number

    @property
    def _position(self) -> _Position | None:
        found = self._store.get(Kind.MEMO, _POSITION)
        return self._position_in({} if found is None else {_POSITION: found})

    def _position_in(self, memos: Mapping[str, Mapping[str, Any]]) -> _Position | None:
        found = memos.get(_POSITION)
        if found is None or found["deployment"] != self._deployment:
            return None
        block = Block(found["number"], found["hash"], found["timestamp"], None)
        return _Position(block, bool(found["supplies"]), int(found["ended"]))

    def _start(self, head: Block) -> _Position:
        """How far the chain was followed: at first, to before the first block that can concern the party.

        What was known is forgotten where that block is not on the chain any more.
        """
        position, node = self._position, self._network.node
        if position is not None:
            block = position.block
            if head.number < block.number or self._hash_at(block.number, head) == block.hash:
                return position
        party = read_party(self._network, self._party, block=head.number)
        first = block_since(self._network, party.admitted_at, head.number)
        before = node.block(max(0, first - 1))
        position = _Position(replace(before, base_fee=None), Role.SUPPLIER in party.roles)
        known = [key for key, memo in self._store.of_kind(Kind.MEMO) if memo.keys() & {"blocks", "consent"}]
        with self._store.change():
            for key in known:
                self._store.discard(Kind.MEMO, key)
            self._put(position)
        self._network.memos.forget()
        return position

    @property
    def _deployment(self) -> str:
        manifest = self._network.manifest
        return f"{manifest.genesis_hash}:{self._network.address('ClaimRegistry').lower()}"

    def _hash_at(self, number: int, head: Block) -> str:
        return head.hash if number == head.number else self._network.node.block(number).hash

    def _put(self, position: _Position) -> None:
        self._store.put(Kind.MEMO, _POSITION, position.to_json(self._deployment))

    def _take(
        self, before: _Position, end: Block, events: Sequence[Event], consents: Sequence[Event]
    ) -> _Position | None:
        """Takes in what was announced up to ``end``, in one change; nothing where another process did so meanwhile."""
        claims = self._claims_after(events, end)
        states = self._states(self._touched(claims, consents))
        known = self.consents(state.consent for state in states)
        ended = sum(new.ended and not (old and old.ended) for new, old in zip(states, known, strict=True))
        after = before._replace(block=end, ended=before.ended + ended)
        with self._store.change():
            if self._position != before:
                return None
            for claim, read in claims.items():
                if self._concerns(read.events) or (before.supplies and _may_be_ordered(read.events)):
                    self._store.put(Kind.MEMO, claim, read.to_json(), claim=claim)
                else:
                    self._store.discard(Kind.MEMO, claim)
            for state in states:
                self._store.put(Kind.MEMO, state.consent, {"consent": _held(state)}, claim=state.consent)
            self._put(after)
        return after

    def _claims_after(self, events: Sequence[Event], end: Block) -> dict[str, Known]:
        """What is known of every claim of these events that is followed."""
        found: dict[str, Known] = {}
        for claim, group in groupby(sorted(events, key=_claim_of), _claim_of):
            new = list(group)
            before = Known.from_json(self._store.get(Kind.MEMO, claim) or {})
            known = [*before.events, *(event for event in new if event.block > before.upto)]
            if known and known[0].name == OPENING:
                found[claim] = replace(before, events=tuple(known), upto=max(end.number, before.upto))
            elif any(event.name == _ORDER and event.args["supplier"] == self._party for event in new):
                # A later order names another supplier, which did not follow the claim before.
                found.update(self._whole(claim))
        return found

    def _touched(self, claims: dict[str, Known], consents: Sequence[Event]) -> list[str]:
        """The consents of the party, or of claims that it has, that were not known, or were recorded or ended."""
        named = {
            str(event.args["consent"])
            for event in consents
            if event.args.get("recorder") == self._party
            or self._store.get(Kind.MEMO, str(event.args["consent"])) is not None
        }
        for known in claims.values():
            consent = consent_of(known.events) if self._concerns(known.events) else None
            if consent is not None and self._store.get(Kind.MEMO, consent) is None:
                named.add(consent)
        return sorted(named)

    def _states(self, consents: Sequence[str]) -> list[ConsentState]:
        """Consents at the newest block: what was announced since is in it, and what ended stays so."""
        head, found = self._network.head(), []
        for start in range(0, len(consents), _AT_ONCE):
            some = consents[start : start + _AT_ONCE]
            self._network.foresee(
                [("ConsentRegistry", "consentOf", (bytes_of(each),)) for each in some], block=head.number
            )
            found += [read_state(self._network, each, head) for each in some]
        return found

    def _whole(self, claim: str) -> dict[str, Known]:
        """A claim from its opening on, at the newest block; nothing where the node does not lead to its head."""
        head = self._network.head()
        with suppress(NoSuchClaim):
            events = find_events(
                self._network, read_claim(self._network, claim, block=head.number), head.number
            )
            if events is not None:
                return {claim: Known(tuple(events), head.number)}
        return {}

    def _concerns(self, events: Sequence[Event]) -> bool:
        """Whether the party is one of the claim's."""
        opened = events[0].args
        return self._party in (opened["practice"], opened["payer"]) or any(
            event.args.get("supplier") == self._party for event in events
        )


def _may_be_ordered(events: Sequence[Event]) -> bool:
    """Whether the first order of a claim may still be placed, and name any supplier."""
    return not any(event.name in (_ORDER, *_ENDS) for event in events)


def _claim_of(event: Event) -> str:
    return str(event.args["claim"])


def _held(state: ConsentState) -> dict[str, Any]:
    """The fields of a state but for its block."""
    return {each.name: getattr(state, each.name) for each in fields(state) if each.name != "block"}


def _listed(claim: str, events: Sequence[Event]) -> Listed:
    steps = steps_of(claim, events)
    orders = [step for step in steps if step.supplier is not None]
    return Listed(
        claim=claim,
        state=state_after(steps),
        practice=int(events[0].args["practice"]),
        payer=int(events[0].args["payer"]),
        supplier=orders[-1].supplier if orders else None,
        order_number=orders[-1].order_number if orders else 0,
        consent=consent_of(events),
        opened=steps[0].day,
        last=steps[-1].step,
        day=steps[-1].day,
    )
