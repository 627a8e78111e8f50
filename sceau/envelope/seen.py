# SPDX-License-Identifier: Apache-2.0
"""Which envelopes were received before, by sender and identifier, on disk."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sceau.envelope.errors import EnvelopeReplayed
from sceau.register_file import RegisterFile


class SeenEnvelopes(RegisterFile):
    """A register of received envelopes.

    An entry is dropped once its envelope has expired: an expired envelope is refused for being stale.
    """

    TABLE = (
        "CREATE TABLE IF NOT EXISTS seen (sender INTEGER NOT NULL, id TEXT NOT NULL, "
        "expires_at INTEGER NOT NULL, PRIMARY KEY (sender, id)) WITHOUT ROWID"
    )

    def enter(self, sender: int, id_: str, expires_at: int) -> None:
        """Enters an envelope. Raises :class:`EnvelopeReplayed` if it is there already, in any process."""
        try:
            with self._usable():
                self._connection.execute("INSERT INTO seen VALUES (?, ?, ?)", (sender, id_, expires_at))
        except sqlite3.IntegrityError:
            raise EnvelopeReplayed(sender=sender) from None

    def holds(self, sender: int, id_: str) -> bool:
        """Whether an envelope was entered before. A file that is not there yet is not made."""
        if self._absent:
            return False
        with self._usable():
            found = self._connection.execute("SELECT 1 FROM seen WHERE sender = ? AND id = ?", (sender, id_))
            return found.fetchone() is not None

    def forget_expired(self, now: int) -> None:
        """Drops what expired before ``now`` (seconds, the chain's time)."""
        with self._usable():
            self._connection.execute("DELETE FROM seen WHERE expires_at <= ?", (now,))


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
