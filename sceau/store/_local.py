# SPDX-License-Identifier: Apache-2.0
"""A store in a folder of this machine: one SQLite file, which the folder's owner alone can read."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from sceau.store._protocol import Arrived, Kind, Number
from sceau.store.errors import EnvelopeReplayed, NumberAlreadyUsed, StoreUnusable

#: The file in a store's folder.
FILE_NAME = "store.sqlite"

# ``attempts``: how many steps may have been written with a number, so that one that surely was not takes back its own.
_TABLES = """
CREATE TABLE IF NOT EXISTS document (
    kind TEXT NOT NULL, key TEXT NOT NULL, claim TEXT NOT NULL, json TEXT NOT NULL, place INTEGER PRIMARY KEY,
    UNIQUE (kind, key)
);
CREATE TABLE IF NOT EXISTS once_only (
    number BLOB PRIMARY KEY, claim TEXT NOT NULL, attempts INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS received (
    sender INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (sender, id)
) WITHOUT ROWID;
"""


class LocalStore:
    """A :class:`sceau.store.Store` in ``folder``; ``None`` keeps it in memory, for a single run.

    The file is made when something is first stored. Numbers are stored as SHA-256: that keeps them out of sight, not
    from somebody who has the file and tries them all. Documents are stored in clear: they hold secrets.

    Raises:
        StoreUnusable: ``folder`` is not a folder that can be written, or its file is not a store.
    """

    def __init__(self, folder: str | Path | None) -> None:
        self._path = None if folder is None else Path(folder) / FILE_NAME
        self._lock = RLock()
        self._opened: sqlite3.Connection | None = None
        if self._path is not None and not (
            self._path.parent.is_dir() and os.access(self._path.parent, os.W_OK)
        ):
            raise StoreUnusable(path=folder)
        if not self._absent:
            self._run("SELECT count(*) FROM received")

    def __repr__(self) -> str:
        return f"LocalStore({str(self._path.parent) if self._path else None!r})"

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def put(self, kind: Kind, key: str, document: Mapping[str, Any], *, claim: str = "") -> None:
        """As :meth:`Store.put`."""
        self._run(
            "INSERT INTO document (kind, key, claim, json) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (kind, key) DO UPDATE SET claim = excluded.claim, json = excluded.json",
            (kind.value, key, claim, json.dumps(document)),
        )

    def get(self, kind: Kind, key: str) -> dict[str, Any] | None:
        """As :meth:`Store.get`."""
        found = self._read("SELECT json FROM document WHERE kind = ? AND key = ?", (kind.value, key))
        return None if not found else self._parsed(found[0][0])

    def of_claim(self, kind: Kind, claim: str) -> list[dict[str, Any]]:
        """As :meth:`Store.of_claim`."""
        found = self._read(
            "SELECT json FROM document WHERE kind = ? AND claim = ? ORDER BY place", (kind.value, claim)
        )
        return [self._parsed(text) for (text,) in found]

    def discard(self, kind: Kind, key: str) -> None:
        """As :meth:`Store.discard`."""
        self._run("DELETE FROM document WHERE kind = ? AND key = ?", (kind.value, key))

    def reserve(self, kind: Number, number: str, claim: str, *, ended: Callable[[str], bool]) -> None:
        """As :meth:`Store.reserve`."""
        key = _number_key(kind, number)
        with self._writing():
            found = self._read("SELECT claim, attempts FROM once_only WHERE number = ?", (key,))
            attempts = 1
            if found and found[0][0] == claim:
                attempts += found[0][1]
            elif found and not ended(found[0][0]):
                raise NumberAlreadyUsed(what=kind, claim=found[0][0])
            self._run("INSERT OR REPLACE INTO once_only VALUES (?, ?, ?)", (key, claim, attempts))

    def release(self, kind: Number, number: str, claim: str) -> None:
        """As :meth:`Store.release`."""
        own = (_number_key(kind, number), claim)
        with self._writing():
            self._run("UPDATE once_only SET attempts = attempts - 1 WHERE number = ? AND claim = ?", own)
            self._run("DELETE FROM once_only WHERE number = ? AND claim = ? AND attempts <= 0", own)

    def has_received(self, sender: int, message: str) -> bool:
        """As :meth:`Store.has_received`."""
        return bool(self._read("SELECT 1 FROM received WHERE sender = ? AND id = ?", (sender, message)))

    def receive(self, messages: Iterable[Arrived]) -> None:
        """As :meth:`Store.receive`."""
        with self._writing():
            for each in messages:
                if self.has_received(each.sender, each.id):
                    raise EnvelopeReplayed(sender=each.sender)
                self._run("INSERT INTO received VALUES (?, ?)", (each.sender, each.id))
                self.put(Kind.MESSAGE, each.key, each.document, claim=each.claim)

    @property
    def _absent(self) -> bool:
        return self._path is not None and not self._path.exists()

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            if self._path is not None:
                # Readable by its owner only, as all files of Sceau; SQLite would leave it to the umask.
                os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            # A handle may wait in a thread of its own: the lock orders what they do.
            name = str(self._path or ":memory:")
            opened = sqlite3.connect(name, isolation_level=None, timeout=30, check_same_thread=False)
            opened.execute("PRAGMA synchronous=FULL")
            opened.executescript(_TABLES)
            self._opened = opened
        return self._opened

    def _read(self, statement: str, values: tuple[object, ...]) -> list[Any]:
        """What a query finds; a file that is not there yet is not made for it."""
        return [] if self._absent else self._run(statement, values)

    def _run(self, statement: str, values: tuple[object, ...] = ()) -> list[Any]:
        with self._lock, self._usable():
            return self._connection().execute(statement, values).fetchall()

    def _parsed(self, text: str) -> dict[str, Any]:
        with self._usable():
            document: dict[str, Any] = json.loads(text)
        return document

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One change of the store; other threads and processes wait."""
        with self._lock:
            self._run("BEGIN IMMEDIATE")
            try:
                yield
                self._run("COMMIT")
            except BaseException:
                # Also when it cannot be committed: what is stored next would stay in a change that never ends.
                if self._connection().in_transaction:
                    self._run("ROLLBACK")
                raise

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError):
            raise StoreUnusable(path=self._path) from None


def _number_key(kind: Number, number: str) -> bytes:
    return hashlib.sha256(f"{kind.value}:{number}".encode()).digest()
