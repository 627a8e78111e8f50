# SPDX-License-Identifier: Apache-2.0
"""The encrypted rows of a store, within one change or one view of its database."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update

from sceau.store._protocol import Filed
from sceau.store._sealing import Epoch, Opened, Row, Undecipherable
from sceau.store._tables import OUTBOX, RECORD, STATE
from sceau.store.errors import RecordDamaged

#: How many rows are read and written at once while an epoch changes.
_BATCH = 1_000
#: So many are asked for in one statement: SQLite takes 999 values in one on older systems.
_AT_ONCE = 500

# The statements that are asked most, made once: to make one again takes as long as to ask it.
_ROWS = select(*(RECORD.c[name] for name in Row._fields))
_WITH_KEY = RECORD.c.kind == bindparam("of_kind"), RECORD.c.key == bindparam("with_key")
_FIND = _ROWS.where(*_WITH_KEY)
_OF_CLAIMS = _ROWS.where(
    RECORD.c.kind == bindparam("of_kind"), RECORD.c.claim.in_(bindparam("of_claims", expanding=True))
).order_by(RECORD.c.place)
_INSERT = insert(RECORD)
_REPLACE = update(RECORD).where(RECORD.c.place == bindparam("at_place"))
_GIVE_PLACES = update(STATE).values(places=STATE.c.places + bindparam("so_many"))
_LAST_PLACE = select(STATE.c.places)


class Rows:
    """Rows under one epoch; valid as long as the change or view that it was made for.

    Kinds are told apart by their names; a later table of the same database may be changed in the same change.
    """

    def __init__(self, connection: Connection, epoch: Epoch, shown: str) -> None:
        self.epoch = epoch
        #: The database, for a table beside the records.
        self.connection = connection
        #: Kind, key and claim of each document that was stored here, in the order in which they were.
        self.written: list[tuple[str, str, str]] = []
        self._shown = shown

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """The document under a key. Raises :class:`RecordDamaged`."""
        found = self.opened(kind, key)
        return None if found is None else found.document

    def opened(self, kind: str, key: str) -> Opened | None:
        """The same, with the claim that it is about. Raises :class:`RecordDamaged`."""
        found = self._find(kind, key)
        return None if found is None else self._opened(found)

    def place_of(self, kind: str, key: str) -> int | None:
        """Where the document under a key stands."""
        wanted = select(RECORD.c.place).where(
            RECORD.c.kind == kind, RECORD.c.key == self.epoch.key_of(kind, key)
        )
        return self.connection.execute(wanted).scalar_one_or_none()

    def last_place(self, kind: str) -> int:
        """The place of the document of a kind that came last, 0 where there is none."""
        last = select(RECORD.c.place).where(RECORD.c.kind == kind).order_by(RECORD.c.place.desc()).limit(1)
        return self.connection.execute(last).scalar_one_or_none() or 0

    def of_claim(self, kind: str, claim: str) -> list[dict[str, Any]]:
        """The documents of a kind about a claim, in the order in which they came. Raises :class:`RecordDamaged`."""
        return self.of_claims(kind, [claim]).get(claim, [])

    def of_claims(self, kind: str, claims: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """As :meth:`of_claim`, of many claims, by claim; those of which there is nothing are left out."""
        marks = {self.epoch.claim_of(kind, claim): claim for claim in claims}
        found: dict[str, list[dict[str, Any]]] = {}
        for some in _pieces(list(marks)):
            for row in self._all(_OF_CLAIMS, {"of_kind": kind, "of_claims": some}):
                found.setdefault(marks[row.claim], []).append(self._opened(row).document)
        return found

    def of_kind(self, kind: str, after: int = 0, limit: int = _BATCH) -> list[tuple[int, Opened]]:
        """At most ``limit`` rows of a kind whose place is after ``after``, each with its place, in their order.

        Raises :class:`RecordDamaged`.
        """
        wanted = _ROWS.where(RECORD.c.kind == kind, RECORD.c.place > after)
        return [
            (row.place, self._opened(row)) for row in self._all(wanted.order_by(RECORD.c.place).limit(limit))
        ]

    def at(self, places: Collection[int]) -> dict[int, Opened]:
        """Rows by their places. Raises :class:`RecordDamaged`."""
        return {row.place: self._opened(row) for row in self._all(_ROWS.where(RECORD.c.place.in_(places)))}

    def get_all(self, kind: str, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The documents under some keys, of those that are there. Raises :class:`RecordDamaged`."""
        marks = list(dict.fromkeys(self.epoch.key_of(kind, key) for key in keys))
        found: dict[str, dict[str, Any]] = {}
        for some in _pieces(marks):
            rows = self._all(_ROWS.where(RECORD.c.kind == kind, RECORD.c.key.in_(some)))
            found.update((opened.key, opened.document) for opened in map(self._opened, rows))
        return found

    def put(self, kind: str, key: str, claim: str, document: Mapping[str, Any]) -> int:
        """Stores a document under a key, in place of what was there; its place stays, and is given."""
        there = self._find(kind, key)
        place = self._next_place() if there is None else there.place
        row = self.epoch.seal(place, kind, key, claim, document)
        if there is None:
            self.connection.execute(_INSERT, row._asdict())
        else:
            self.connection.execute(_REPLACE, {"at_place": place, **row._asdict()})
        self.written.append((kind, key, claim))
        return place

    def put_all(self, kind: str, documents: Iterable[Filed]) -> None:
        """As :meth:`put`, of many."""
        new = {each.key: each for each in documents}
        marks = {self.epoch.key_of(kind, key): key for key in new}
        for some in _pieces(list(marks)):
            there = select(RECORD.c.key).where(RECORD.c.kind == kind, RECORD.c.key.in_(some))
            for (mark,) in self.connection.execute(there).all():
                each = new.pop(marks[mark])
                self.put(kind, each.key, each.claim, each.document)
        if not new:
            return
        first = self._next_place(len(new))
        sealed = [
            self.epoch.seal(place, kind, each.key, each.claim, each.document)._asdict()
            for place, each in enumerate(new.values(), first)
        ]
        self.connection.execute(_INSERT, sealed)
        self.written += [(kind, each.key, each.claim) for each in new.values()]

    def remove(self, kind: str, key: str) -> None:
        """Removes a document, if it is there."""
        mark = self.epoch.key_of(kind, key)
        self.connection.execute(delete(RECORD).where(RECORD.c.kind == kind, RECORD.c.key == mark))

    def about(self, claim: str, *, but: Container[str] = ()) -> list[tuple[str, Opened]]:
        """All rows about a claim, of every kind but these, each with its kind. Raises :class:`RecordDamaged`."""
        found: list[tuple[str, Opened]] = []
        for kind in self.kinds():
            if kind not in but:
                wanted = _ROWS.where(
                    RECORD.c.kind == kind, RECORD.c.claim == self.epoch.claim_of(kind, claim)
                )
                found += [(kind, self._opened(row)) for row in self._all(wanted.order_by(RECORD.c.place))]
        return found

    def take_of_claim(self, claim: str, *, but: Container[str] = ()) -> list[tuple[str, Opened]]:
        """Removes all rows about a claim, of every kind but these, and gives what they held, each with its kind.

        What the outbox says of them goes with them. Raises :class:`RecordDamaged`.
        """
        taken = self.about(claim, but=but)
        for kind in {kind for kind, _ in taken}:
            about = RECORD.c.kind == kind, RECORD.c.claim == self.epoch.claim_of(kind, claim)
            self.connection.execute(delete(RECORD).where(*about))
        self.connection.execute(delete(OUTBOX).where(OUTBOX.c.lane == claim))
        return taken

    def waits_to_be_written(self, claim: str) -> bool:
        """Whether something of a claim stands in the outbox and is neither in a block nor stopped."""
        waiting = OUTBOX.c.lane == claim, OUTBOX.c.state.not_in(("mined", "stopped"))
        return self.connection.execute(select(OUTBOX.c.entry).where(*waiting).limit(1)).first() is not None

    def kinds(self) -> list[str]:
        """The kinds of which there are rows."""
        return [row[0] for row in self.connection.execute(select(RECORD.c.kind).distinct())]

    def rewrap(self, following: Epoch) -> None:
        """Brings every row under the next epoch; part of the change. Raises :class:`RecordDamaged`."""
        for batch in self._batches():
            for row in batch:
                try:
                    fresh = self.epoch.rewrap(row, following)
                except Undecipherable:
                    raise RecordDamaged(path=self._shown) from None
                self.connection.execute(
                    update(RECORD)
                    .where(RECORD.c.place == row.place)
                    .values(key=fresh.key, claim=fresh.claim, wrapped=fresh.wrapped)
                )
        self.connection.execute(update(STATE).values(epoch=following.number, key_check=following.check))
        self.epoch = following

    def all(self) -> Iterator[tuple[str, Opened]]:
        """Every row with its kind, in the order in which they first came. Raises :class:`RecordDamaged`."""
        for batch in self._batches():
            yield from ((row.kind, self._opened(row)) for row in batch)

    def _batches(self) -> Iterator[list[Row]]:
        last = 0
        while batch := self._all(_ROWS.where(RECORD.c.place > last).order_by(RECORD.c.place).limit(_BATCH)):
            yield batch
            last = batch[-1].place

    def _find(self, kind: str, key: str) -> Row | None:
        asked = {"of_kind": kind, "with_key": self.epoch.key_of(kind, key)}
        return next(iter(self._all(_FIND, asked)), None)

    def _all(self, wanted: Select[Any], values: Mapping[str, Any] | None = None) -> list[Row]:
        return [Row(*found) for found in self.connection.execute(wanted, values)]

    def _opened(self, row: Row) -> Opened:
        return open_row(self.epoch, row, self._shown)

    def _next_place(self, count: int = 1) -> int:
        """The first of so many places, which are given to nobody else."""
        self.connection.execute(_GIVE_PLACES, {"so_many": count})
        last: int = self.connection.execute(_LAST_PLACE).scalar_one()
        return last - count + 1


def open_row(epoch: Epoch, row: Row, shown: str) -> Opened:
    """What a row holds; ``shown`` is the database as it may be told. Raises :class:`RecordDamaged`."""
    try:
        return epoch.open(row)
    except Undecipherable:
        raise RecordDamaged(path=shown) from None


def _pieces(marks: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """As many at a time as one statement takes."""
    return (marks[start : start + _AT_ONCE] for start in range(0, len(marks), _AT_ONCE))
