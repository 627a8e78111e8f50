# SPDX-License-Identifier: Apache-2.0
"""Which envelopes were received before, by sender and identifier, on disk."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sceau.store.errors import EnvelopeReplayed
from sceau.store.sqlite_file import StoreFile


class ReceivedIds(StoreFile):
    """A register of received envelopes; what was entered stays."""

    TABLE = (
        "CREATE TABLE IF NOT EXISTS seen (sender INTEGER NOT NULL, id TEXT NOT NULL, "
        "PRIMARY KEY (sender, id)) WITHOUT ROWID"
    )

    def enter(self, sender: int, id_: str) -> None:
        """Enters an envelope. Raises :class:`EnvelopeReplayed` if it is there already, in any process."""
        try:
            self._run("INSERT INTO seen VALUES (?, ?)", (sender, id_))
        except sqlite3.IntegrityError:
            raise EnvelopeReplayed(sender=sender) from None

    def holds(self, sender: int, id_: str) -> bool:
        """Whether an envelope was entered before. A file that is not there yet is not made."""
        if self._absent:
            return False
        found = self._run("SELECT 1 FROM seen WHERE sender = ? AND id = ?", (sender, id_))
        return found.fetchone() is not None


class DeferredReceivedIds(ReceivedIds):
    """A register that enters what was opened only when told to: a command that fails has received nothing.

    What was entered before is refused at once, as by :class:`ReceivedIds`.
    """

    def __init__(self, folder: Path | None) -> None:
        super().__init__(folder)
        self._waiting: list[tuple[int, str]] = []

    def enter(self, sender: int, id_: str) -> None:
        """Takes an envelope down for :meth:`release`. Raises :class:`EnvelopeReplayed`."""
        if self.holds(sender, id_) or (sender, id_) in self._waiting:
            raise EnvelopeReplayed(sender=sender)
        self._waiting.append((sender, id_))

    def release(self) -> None:
        """Enters all that was opened, or none: raises :class:`EnvelopeReplayed` if another process was first."""
        if self._waiting:
            with self._writing():
                for sender, id_ in self._waiting:
                    super().enter(sender, id_)
            self._waiting.clear()
