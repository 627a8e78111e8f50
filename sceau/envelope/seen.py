# SPDX-License-Identifier: Apache-2.0
"""Which envelopes were received before, by sender and identifier, on disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sceau.envelope.errors import EnvelopeReplayed


class SeenEnvelopes:
    """A register of received envelopes in one SQLite file; ``None`` keeps it in memory, for a single run.

    An entry is dropped once its envelope has expired: an expired envelope is refused for being stale.
    """

    def __init__(self, path: Path | None) -> None:
        self._connection = sqlite3.connect(":memory:" if path is None else str(path), isolation_level=None)
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS seen (sender INTEGER NOT NULL, id TEXT NOT NULL, "
            "expires_at INTEGER NOT NULL, PRIMARY KEY (sender, id)) WITHOUT ROWID"
        )

    def enter(self, sender: int, id_: str, expires_at: int) -> None:
        """Enters an envelope. Raises :class:`EnvelopeReplayed` if it is there already, in any process."""
        try:
            with closing(self._connection.cursor()) as cursor:
                cursor.execute("INSERT INTO seen VALUES (?, ?, ?)", (sender, id_, expires_at))
        except sqlite3.IntegrityError:
            raise EnvelopeReplayed(sender=sender) from None

    def forget_expired(self, now: int) -> None:
        """Drops what expired before ``now`` (seconds, the chain's time)."""
        self._connection.execute("DELETE FROM seen WHERE expires_at <= ?", (now,))

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()
