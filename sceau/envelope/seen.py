# SPDX-License-Identifier: Apache-2.0
"""Which envelopes were received before, by sender and identifier, on disk."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path

from sceau.envelope.errors import EnvelopeReplayed, SeenUnusable


class SeenEnvelopes:
    """A register of received envelopes in one SQLite file; ``None`` keeps it in memory, for a single run.

    An entry is dropped once its envelope has expired: an expired envelope is refused for being stale.
    Every method raises :class:`SeenUnusable` when the file is no register or cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._require_place()

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        with self._usable():
            if self._path is not None:
                # Readable by its owner only, as all files of Sceau; SQLite would leave it to the umask.
                os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            connection = sqlite3.connect(str(self._path or ":memory:"), isolation_level=None)
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS seen (sender INTEGER NOT NULL, id TEXT NOT NULL, "
                "expires_at INTEGER NOT NULL, PRIMARY KEY (sender, id)) WITHOUT ROWID"
            )
            return connection

    def enter(self, sender: int, id_: str, expires_at: int) -> None:
        """Enters an envelope. Raises :class:`EnvelopeReplayed` if it is there already, in any process."""
        try:
            with self._usable(), closing(self._connection.cursor()) as cursor:
                cursor.execute("INSERT INTO seen VALUES (?, ?, ?)", (sender, id_, expires_at))
        except sqlite3.IntegrityError:
            raise EnvelopeReplayed(sender=sender) from None

    def holds(self, sender: int, id_: str) -> bool:
        """Whether an envelope was entered before. A file that is not there yet is not made."""
        if self._path is not None and not self._path.exists():
            return False
        with self._usable(), closing(self._connection.cursor()) as cursor:
            cursor.execute("SELECT 1 FROM seen WHERE sender = ? AND id = ?", (sender, id_))
            return cursor.fetchone() is not None

    def forget_expired(self, now: int) -> None:
        """Drops what expired before ``now`` (seconds, the chain's time)."""
        with self._usable():
            self._connection.execute("DELETE FROM seen WHERE expires_at <= ?", (now,))

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def _require_place(self) -> None:
        """An existing file is a register, and a new one can be made: known before anything else is done."""
        if self._path is None or self._path.exists():
            self.holds(0, "")
        elif not (self._path.parent.is_dir() and os.access(self._path.parent, os.W_OK)):
            raise SeenUnusable(path=self._path)

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except (sqlite3.Error, OSError, ValueError):
            raise SeenUnusable(path=self._path) from None


class HeldBack(SeenEnvelopes):
    """A register that enters what was opened only when told to: a command that fails has received nothing.

    What was entered before is refused at once, as by :class:`SeenEnvelopes`.
    """

    def __init__(self, path: Path | None) -> None:
        super().__init__(path)
        self._waiting: list[tuple[int, str, int]] = []

    def enter(self, sender: int, id_: str, expires_at: int) -> None:
        """Takes an envelope down for :meth:`release`. Raises :class:`EnvelopeReplayed`."""
        if self.holds(sender, id_) or (sender, id_, expires_at) in self._waiting:
            raise EnvelopeReplayed(sender=sender)
        self._waiting.append((sender, id_, expires_at))

    def release(self) -> None:
        """Enters all that was opened. Raises :class:`EnvelopeReplayed` if another process was first."""
        while self._waiting:
            super().enter(*self._waiting.pop())
