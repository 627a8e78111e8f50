# SPDX-License-Identifier: Apache-2.0
"""What a party wants to be written on the chain, until it stands there: durable, in order, each entry once.

An entry is *wanted* until it has a number, then *signed*, *offered* to a node, *accepted* by one and *mined*; one that
can no longer be legal is *stopped*. Number and signed bytes are stored in one change, before any node is asked to take
them, and a number never serves two entries. Entries of one lane (a claim, a consent) follow one another.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, exists, func, insert, or_, select, update

from sceau.store._rows import Rows
from sceau.store._tables import OUTBOX
from sceau.store._vault import Vault
from sceau.store.entry import IN_FLIGHT, UNFINISHED, Call, Condition, Entry, EntryState, SignedCall
from sceau.store.errors import OutboxFull

#: The kind of the records that hold what entries are about.
OUTBOX_KIND = "outbox"

#: So many entries may wait at once.
MOST_WAITING = 200_000
_ENDED = (EntryState.MINED, EntryState.STOPPED)
# Counting takes as long as there are entries: not every time.
_COUNTED_EVERY = 64

#: Above all numbers that a database gives.
_NO_ENTRY = 2**63


class Outbox:
    """The entries of one party for one deployment.

    Args:
        vault: the database of its store.
        chain: identifies the chain: its genesis block's hash.
        clock: seconds since 1970.
    """

    def __init__(self, vault: Vault, chain: str, clock: Callable[[], float] = time.time) -> None:
        self._vault = vault
        self._chain = chain
        self._clock = clock

    def want(
        self,
        key: str,
        call: Call,
        *,
        lane: str,
        signer: str,
        after: str = "",
        urgent: bool = False,
        assumed: Sequence[Mapping[str, Any]] = (),
    ) -> Entry:
        """Puts a call at the end; one that is there under this key already is given as it is.

        Args:
            key: names the entry.
            call: what is to be written.
            lane: what it belongs to: entries of one lane are written in their order.
            signer: address of the key that will sign it.
            after: another lane whose entries must be written before it.
            urgent: it overtakes all entries without a number, also in its lane; it waits for those that have one.
            assumed: what was assumed about the chain; it is checked again before the entry is sent.

        Raises:
            OutboxFull: too many entries are unfinished.
        """
        with self._vault.change() as rows:
            there = self._named(rows, key)
            if there is not None:
                return there
            entry = Entry(
                id=0,
                key=key,
                state=EntryState.WANTED,
                lane=lane,
                urgent=urgent,
                signer=signer,
                number=None,
                wanted_at=int(self._clock()),
                call=call,
                assumed=tuple(assumed),
            )
            place = rows.put(OUTBOX_KIND, self._key(key), lane, entry.document())
            if place % _COUNTED_EVERY == 0:
                self._require_room(rows)
            rows.connection.execute(
                insert(OUTBOX).values(
                    entry=place,
                    state=entry.state.value,
                    urgent=int(urgent),
                    lane=lane,
                    after=after,
                    chain=self._chain,
                    signer=signer,
                    number=None,
                    wanted_at=entry.wanted_at,
                )
            )
            return replace(entry, id=place)

    def find(self, key: str) -> Entry | None:
        """The entry under a key."""
        with self._vault.view() as rows:
            return None if rows is None else self._named(rows, key)

    def entry(self, id_: int) -> Entry | None:
        """The entry of a number of its own, of this deployment."""
        if not 0 < id_ < _NO_ENTRY:
            # A database takes no such number, not even to compare it.
            return None
        with self._vault.view() as rows:
            found = (
                []
                if rows is None
                else self._select(rows, OUTBOX.c.entry == id_, OUTBOX.c.chain == self._chain)
            )
        return next(iter(found), None)

    def in_flight(self, signer: str) -> list[Entry]:
        """The entries of a key that have a number and are in no block yet, by their numbers."""
        with self._vault.view() as rows:
            return (
                []
                if rows is None
                else self._select(
                    rows, self._of(signer), OUTBOX.c.state.in_(_values(IN_FLIGHT)), order=(OUTBOX.c.number,)
                )
            )

    def ready(self, signer: str, limit: int) -> list[Entry]:
        """Wanted entries that need not wait for others: urgent ones first, then the first of each lane in its order."""
        before = OUTBOX.alias()
        stands_before = select(before.c.entry).where(
            before.c.chain == OUTBOX.c.chain, before.c.entry < OUTBOX.c.entry
        )
        in_its_lane = stands_before.where(before.c.lane == OUTBOX.c.lane)
        waited_for = stands_before.where(before.c.lane == OUTBOX.c.after)
        unfinished, in_flight = (before.c.state.in_(_values(states)) for states in (UNFINISHED, IN_FLIGHT))
        blocked = or_(exists(in_its_lane.where(unfinished)), exists(waited_for.where(unfinished)))
        overtakes = and_(OUTBOX.c.urgent == 1, ~exists(in_its_lane.where(in_flight)))
        with self._vault.view() as rows:
            return (
                []
                if rows is None
                else self._select(
                    rows,
                    self._of(signer),
                    OUTBOX.c.state == EntryState.WANTED.value,
                    or_(overtakes, ~blocked),
                    order=(OUTBOX.c.urgent.desc(), OUTBOX.c.entry),
                    limit=limit,
                )
            )

    def number(
        self, entries: Sequence[Entry], least: int, sign: Callable[[Entry, int], SignedCall]
    ) -> list[Entry]:
        """Gives each entry the next number of its key and stores the bytes that ``sign`` makes of it, in one change.

        ``least`` is the first number that the chain takes, as far as a node says it; no number is given twice. Entries
        that another process has numbered meanwhile are left out.
        """
        signed: list[Entry] = []
        with self._vault.change() as rows:
            for entry in entries:
                now = self._by_id(rows, entry.id)
                if now is None or now.state is not EntryState.WANTED:
                    continue
                highest = rows.connection.execute(
                    select(func.max(OUTBOX.c.number)).where(self._of(entry.signer))
                ).scalar_one_or_none()
                number = least if highest is None else max(least, highest + 1)
                signed.append(
                    self._store(
                        rows, replace(now, state=EntryState.SIGNED, number=number, signed=sign(now, number))
                    )
                )
        return signed

    def note(self, entries: Sequence[Entry]) -> None:
        """Stores how entries stand now, in one change; one with which another process went on stays as it is."""
        with self._vault.change() as rows:
            for entry in entries:
                now = self._by_id(rows, entry.id)
                if now is not None and now.state not in _ENDED and now.signed == entry.signed:
                    self._store(rows, entry)

    def sign_again(self, entry: Entry, signed: SignedCall, reason: Mapping[str, Any] | None) -> Entry | None:
        """Stores other bytes under the number of an entry, beside those from before, which may be mined nevertheless.

        This is the decision; it is stored before any node is offered them, and ``None`` where another process decided.
        ``reason`` is why the call itself is given up, where the bytes only fill the number.
        """
        with self._vault.change() as rows:
            now = self._by_id(rows, entry.id)
            if now is None or now.state not in IN_FLIGHT or now.signed != entry.signed or now.signed is None:
                return None
            earlier = (*now.earlier, now.signed)
            changed = replace(now, state=EntryState.SIGNED, signed=signed, earlier=earlier, reason=reason)
            return self._store(rows, changed)

    def mined(self, entry: Entry, block: Mapping[str, Any], then: Callable[[], None] = lambda: None) -> None:
        """An entry is in a block; ``then`` stores what follows from it, in the same change, once."""
        with self._vault.change() as rows:
            now = self._by_id(rows, entry.id)
            if now is None or now.state is EntryState.MINED:
                return
            of_block = [each for each in _all_signed(now) if each.hash == block["transaction"]]
            signed = next(iter(of_block), now.signed)
            self._store(
                rows,
                replace(
                    now,
                    state=EntryState.MINED,
                    signed=signed,
                    earlier=(),
                    block=block,
                    reason=None,
                    said="",
                ),
            )
            then()

    def again(self, entry: Entry, said: str) -> None:
        """Removes the number of an entry: a block holds another transaction of the key under it."""
        with self._vault.change() as rows:
            now = self._by_id(rows, entry.id)
            if now is not None and now.state in IN_FLIGHT and now.signed == entry.signed:
                self._store(
                    rows,
                    replace(now, state=EntryState.WANTED, number=None, signed=None, earlier=(), said=said),
                )

    def stop(self, entry: Entry, reason: Mapping[str, Any]) -> bool:
        """An entry can no longer be legal, or was refused in its block; those behind it in its lane wait.

        Says whether it stopped: one that another process has signed meanwhile goes on, since it may be mined.
        """
        with self._vault.change() as rows:
            now = self._by_id(rows, entry.id)
            if now is None or now.state is EntryState.MINED or now.signed != entry.signed:
                return False
            self._store(rows, replace(now, state=EntryState.STOPPED, reason=reason))
            return True

    def retry(self, entry: Entry) -> bool:
        """Makes a stopped entry wanted again; says whether it was stopped, and did not use up its number."""
        with self._vault.change() as rows:
            now = self._by_id(rows, entry.id)
            if now is None or now.state is not EntryState.STOPPED:
                return False
            self._store(rows, replace(now, state=EntryState.WANTED, number=None, signed=None, reason=None))
            return True

    def drop(self, entry: Entry, then: Callable[[], None] = lambda: None) -> bool:
        """Forgets an entry that has no number, or is stopped; ``then`` stores what follows from it, in the same change.

        Says whether it was forgotten: an entry that was numbered meanwhile may be mined.
        """
        with self._vault.change() as rows:
            now = self._by_id(rows, entry.id)
            if now is None or now.state not in (EntryState.WANTED, EntryState.STOPPED):
                return False
            rows.connection.execute(delete(OUTBOX).where(OUTBOX.c.entry == entry.id))
            rows.remove(OUTBOX_KIND, self._key(now.key))
            then()
            return True

    def held_by(self, entry: Entry) -> Entry | None:
        """The first stopped entry for which an entry waits."""
        own = OUTBOX.alias()
        waits_for_it = select(own.c.entry).where(
            own.c.entry == entry.id, or_(own.c.lane == OUTBOX.c.lane, own.c.after == OUTBOX.c.lane)
        )
        with self._vault.view() as rows:
            found = (
                []
                if rows is None
                else self._select(
                    rows,
                    OUTBOX.c.chain == self._chain,
                    OUTBOX.c.entry < entry.id,
                    OUTBOX.c.state == EntryState.STOPPED.value,
                    exists(waits_for_it),
                    order=(OUTBOX.c.entry,),
                    limit=1,
                )
            )
        return next(iter(found), None)

    def stopped(self) -> list[Entry]:
        """The stopped entries of this deployment, of all keys, in the order in which they were wanted."""
        with self._vault.view() as rows:
            return (
                []
                if rows is None
                else self._select(
                    rows,
                    OUTBOX.c.chain == self._chain,
                    OUTBOX.c.state == EntryState.STOPPED.value,
                    order=(OUTBOX.c.entry,),
                )
            )

    def unfinished(self, after: int = 0, limit: int = 1_000) -> list[Entry]:
        """Entries that are not written yet, of all keys, in the order in which they were wanted."""
        with self._vault.view() as rows:
            return (
                []
                if rows is None
                else self._select(
                    rows,
                    OUTBOX.c.chain == self._chain,
                    OUTBOX.c.state.in_(_values(UNFINISHED)),
                    OUTBOX.c.entry > after,
                    order=(OUTBOX.c.entry,),
                    limit=limit,
                )
            )

    def condition(self) -> Condition:
        """How many entries are in each state, and the age of the oldest that is not written."""
        with self._vault.view() as rows:
            if rows is None:
                return Condition({}, None, 0)
            counted = rows.connection.execute(
                select(OUTBOX.c.state, func.count(), func.min(OUTBOX.c.wanted_at))
                .where(OUTBOX.c.chain == self._chain)
                .group_by(OUTBOX.c.state)
            ).all()
            others = rows.connection.execute(
                select(func.count()).where(
                    OUTBOX.c.chain != self._chain, OUTBOX.c.state.in_(_values(UNFINISHED))
                )
            ).scalar_one()
        counts = {EntryState(state): count for state, count, _ in counted}
        oldest = [at for state, _, at in counted if EntryState(state) in UNFINISHED]
        return Condition(counts, max(0, int(self._clock()) - min(oldest)) if oldest else None, others)

    def _require_room(self, rows: Rows) -> None:
        waiting = rows.connection.execute(
            select(func.count()).where(
                OUTBOX.c.chain == self._chain, OUTBOX.c.state == EntryState.WANTED.value
            )
        ).scalar_one()
        if waiting >= MOST_WAITING:
            raise OutboxFull(most=MOST_WAITING)

    def _key(self, key: str) -> str:
        return f"{self._chain}:{key}"

    def _of(self, signer: str) -> ColumnElement[bool]:
        return and_(OUTBOX.c.chain == self._chain, OUTBOX.c.signer == signer)

    def _named(self, rows: Rows, key: str) -> Entry | None:
        place = rows.place_of(OUTBOX_KIND, self._key(key))
        found = [] if place is None else self._select(rows, OUTBOX.c.entry == place)
        return next(iter(found), None)

    def _by_id(self, rows: Rows, id_: int) -> Entry | None:
        return next(iter(self._select(rows, OUTBOX.c.entry == id_)), None)

    def _select(
        self, rows: Rows, *conditions: Any, order: Sequence[Any] = (), limit: int | None = None
    ) -> list[Entry]:

        found = rows.connection.execute(select(OUTBOX).where(*conditions).order_by(*order).limit(limit)).all()
        opened = rows.at([each.entry for each in found])
        return [
            _entry(each, opened[each.entry].key.removeprefix(f"{self._chain}:"), opened[each.entry].document)
            for each in found
            if each.entry in opened
        ]

    def _store(self, rows: Rows, entry: Entry) -> Entry:
        rows.put(OUTBOX_KIND, self._key(entry.key), entry.lane, entry.document())
        rows.connection.execute(
            update(OUTBOX)
            .where(OUTBOX.c.entry == entry.id)
            .values(state=entry.state.value, number=entry.number)
        )
        return entry


def _all_signed(entry: Entry) -> tuple[SignedCall, ...]:
    return (*([entry.signed] if entry.signed is not None else []), *entry.earlier)


def _earlier(stored: Any) -> SignedCall:
    """Bytes that were signed before; an earlier version stored their hash alone."""
    return SignedCall(stored, "0x", 0) if isinstance(stored, str) else SignedCall(**stored)


def _values(states: Sequence[EntryState]) -> list[str]:
    return [state.value for state in states]


def _entry(row: Row[Any], key: str, document: Mapping[str, Any]) -> Entry:
    signed = document["signed"]
    return Entry(
        id=row.entry,
        key=key,
        state=EntryState(row.state),
        lane=row.lane,
        urgent=bool(row.urgent),
        signer=row.signer,
        number=row.number,
        wanted_at=row.wanted_at,
        call=Call(**document["call"]),
        signed=None if signed is None else SignedCall(**signed),
        earlier=tuple(_earlier(each) for each in document["earlier"]),
        said=document["said"],
        reason=document["reason"],
        block=document["block"],
        assumed=tuple(document["assumed"]),
    )
