# SPDX-License-Identifier: Apache-2.0
"""The encrypted database of one party: its schema, its epoch and its rows, one change at a time."""

from __future__ import annotations

import hmac
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from sceau.errors import Sentence
from sceau.store import _schema
from sceau.store._database import Database
from sceau.store._process import without_core_dump
from sceau.store._rows import Rows, open_row
from sceau.store._sealing import Epoch, Opened, Row
from sceau.store._tables import HEAD, STATE, VERSION
from sceau.store.errors import StoreKeyMissing, StoreKeyWrong, StoreNotEmpty, StoreUnusable
from sceau.store.keys import HeldKeys, KeySet, StoreKeys

# The state of the store, beside each row of some keys; once where there is none.
_LOOK = (
    "SELECT s.store, s.epoch, s.key_check, " + ", ".join(f"r.{name}" for name in Row._fields) + " "  # names
    "FROM store_state s LEFT JOIN store_record r ON r.kind = ? AND r.key IN ({})"
)

# Asked for each change and each view. On PostgreSQL other processes that write wait for this row; on SQLite they wait
# already.
_STATE = select(STATE)
_STATE_TO_WRITE = _STATE.with_for_update()
_VERSION = select(VERSION.c.version_num)

# So many rows that were looked at are in memory.
_LOOKED_AT = 16


class _Beside(threading.local):
    """What a thread adds to each of its changes."""

    add: Callable[[Rows], None] | None = None


class Vault:
    """A database and the keys to it.

    Every change and every view looks at the epoch that stands in the database at that moment: when another process
    went on to the next one, its key is fetched first, so that no row is written under a key that goes.

    Args:
        place: as of :class:`Database`.
        keys: where the epoch keys are; the log ``sceau.store`` is told when they are made.
    """

    def __init__(self, place: Path | str | None, keys: StoreKeys) -> None:
        without_core_dump()
        self.database = Database(place)
        self.keys = keys
        self._epoch: Epoch | None = None
        self._made = False
        self._looked_at: dict[Row, Opened] = {}
        self._beside = _Beside()

    @contextmanager
    def view(self) -> Iterator[Rows | None]:
        """The rows as they are at one moment; ``None`` where no store was made yet, and none is made for it.

        Raises an error of :class:`StoreUnusable`.
        """
        if self.database.absent:
            yield None
            return
        self._bring_up_to_date(make=False)
        with self.database.view() as connection:
            yield self._rows(connection, writes=False) if self._made else None

    def look(self, kind: str, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """As :meth:`Rows.get_all` of a view of its own, in one statement: for few keys, often asked for.

        The epoch stands beside the rows that are read, so that none is opened under another key than its own.
        """
        known = self._epoch
        if known is not None and not self.database.absent:
            marks = [known.key_of(kind, key) for key in keys]
            found = self.database.at_once(_LOOK.format(", ".join("?" * len(marks))), [kind, *marks])
            if [tuple(each[:3]) for each in found[:1]] == [(known.store, known.number, known.check)]:
                there = (Row(*each[3:]) for each in found if each[3] is not None)
                opened = [self._opened(known, row) for row in there]
                return {each.key: each.document for each in opened}
        with self.view() as rows:
            return {} if rows is None else rows.get_all(kind, keys)

    @contextmanager
    def change(self) -> Iterator[Rows]:
        """One change of the rows: all or nothing; other threads and processes wait. The store is made for the first.

        Raises an error of :class:`StoreUnusable`.
        """
        self._bring_up_to_date(make=True)
        with self.database.change() as connection:
            rows = self._rows(connection, writes=True)
            yield rows
            if self._beside.add is not None:
                self._beside.add(rows)

    @contextmanager
    def together(self, add: Callable[[Rows], None]) -> Iterator[None]:
        """Whatever this thread changes inside is changed together with what ``add`` adds at the end of each change."""
        before, self._beside.add = self._beside.add, add
        try:
            yield
        finally:
            self._beside.add = before

    def fill(self, content: Callable[[Connection], None]) -> None:
        """Makes the tables, and whatever ``content`` writes into them, in one change: where no store is yet."""
        self.database.keep_a_log()
        with self.database.change() as connection:
            _schema.lock(connection)
            if _schema.stands(connection, self.database.shown):
                raise StoreNotEmpty
            _schema.make(connection)
            content(connection)

    def begin_epoch(self) -> None:
        """Re-wraps every row under a fresh epoch key, in one change. The old key stays until it is destroyed.

        The fresh key is kept before the change is committed: a process that is killed leaves the database whole, under
        the epoch that it names, and the keys of both.
        """
        with self.change() as rows:
            keys = self._keys().with_next()
            self.keys.replace(keys)
            number = max(keys.epochs)
            following = Epoch(keys.store, number, keys.epochs[number])
            rows.rewrap(following)

    def destroy_old_keys(self) -> None:
        """Keeps the key of the database's epoch alone: what is under any other epoch can never be read again."""
        with self.change() as rows:
            self.keys.replace(self._keys().only(rows.epoch.number))

    def close(self) -> None:
        """Closes the database and forgets the keys."""
        self.database.close()
        self._epoch = None
        self._looked_at.clear()
        self._made = False

    def _bring_up_to_date(self, *, make: bool) -> None:
        """Makes the database, or upgrades one of an older version, once."""
        if self._made:
            return
        with self.database.view() as connection:
            there = _schema.stands(connection, self.database.shown)
            current = there and connection.execute(_VERSION).scalar_one_or_none() == HEAD
        if current:
            self._made = True
        elif there or make:
            if not there:
                self.database.keep_a_log()
            with self.database.change() as connection:
                _schema.lock(connection)
                # Another process may have been here meanwhile.
                if _schema.stands(connection, self.database.shown):
                    _schema.upgrade(connection, self.database.shown)
                else:
                    self._make(connection)
            self._made = True

    def _make(self, connection: Connection) -> None:
        keys = self.keys.read()
        if keys is None:
            keys = KeySet.fresh()
            if self.keys.create(keys):
                _tell(self.keys)
            else:
                keys = self._keys()
        number = max(keys.epochs)
        epoch = Epoch(keys.store, number, keys.epochs[number])
        _schema.make(connection)
        connection.execute(
            insert(STATE).values(id=1, store=keys.store, epoch=number, key_check=epoch.check, places=0)
        )

    def _rows(self, connection: Connection, *, writes: bool) -> Rows:
        state = connection.execute(_STATE_TO_WRITE if writes else _STATE).one_or_none()
        if state is None:
            raise StoreUnusable(path=self.database.shown)
        return Rows(connection, self._epoch_of(state), self.database.shown)

    def _epoch_of(self, state: Any) -> Epoch:
        known = self._epoch
        if known is None or (known.store, known.number) != (state.store, state.epoch):
            key = self._keys().epochs.get(state.epoch)
            if key is None:
                raise StoreKeyWrong(path=self.database.shown, place=self.keys.shown)
            known = Epoch(bytes(state.store), state.epoch, key)
        if not hmac.compare_digest(known.check, state.key_check):
            raise StoreKeyWrong(path=self.database.shown, place=self.keys.shown)
        self._epoch = known
        return known

    def _opened(self, epoch: Epoch, row: Row) -> Opened:
        """What a row holds. The same bytes hold the same: what was looked at last need not be decrypted again."""
        opened = self._looked_at.pop(row, None) or open_row(epoch, row, self.database.shown)
        if len(self._looked_at) >= _LOOKED_AT:
            del self._looked_at[next(iter(self._looked_at))]
        self._looked_at[row] = opened
        return opened

    def _keys(self) -> KeySet:
        keys = self.keys.read()
        if keys is None:
            raise StoreKeyMissing(path=self.keys.shown)
        return keys


def _tell(keys: StoreKeys) -> None:
    """Says where keys were made, that somebody looks after them; of keys in memory there is nothing to keep."""
    if not isinstance(keys, HeldKeys):
        # The sentence itself, so that a surface can say it in its user's language.
        logging.getLogger("sceau.store").warning("%s", Sentence("store.key-made", place=keys.shown))
