# SPDX-License-Identifier: Apache-2.0
"""What serves one claim only: a payer's file number, and a supplier's physical order.

The chain can see neither, so each party's client keeps a register of its own. It holds SHA-256 of a number: that keeps
numbers out of sight, not from somebody who has the register and tries them all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sceau.errors import Sentence
from sceau.store.errors import NumberAlreadyUsed
from sceau.store.sqlite_file import StoreFile

FILE_NUMBER = Sentence("store.file-number")
DISPATCH = Sentence("store.dispatch")


class OnceOnly(StoreFile):
    """Which claim a number serves. One number serves one claim, of whichever order of it."""

    # ``attempts``: how many steps may have been written with it, so that one that surely was not takes back its own.
    TABLE = (
        "CREATE TABLE IF NOT EXISTS served (number BLOB PRIMARY KEY, claim TEXT NOT NULL, "
        "attempts INTEGER NOT NULL) WITHOUT ROWID"
    )

    @contextmanager
    def serving(
        self,
        what: Sentence,
        number: str,
        claim: str,
        *,
        over: Callable[[str], bool],
        not_written: tuple[type[Exception], ...],
    ) -> Iterator[None]:
        """Enters a number for a claim, on disk before a step of it is sent: a process that is killed leaves it there.

        Args:
            what: the kind of number.
            number: the number, as it is sealed.
            claim: the claim that it is to serve.
            over: whether another claim has ended unpaid, so that its number is free again.
            not_written: the exceptions that prove that nothing was written; after any other the entry stays.

        Raises:
            NumberAlreadyUsed: the number serves another claim; nothing was done.
            StoreUnusable: another process takes too long, or the file is no register.
        """
        key = hashlib.sha256(f"{what.code}:{number}".encode()).digest()
        with self._writing():
            self._enter(what, key, claim, over)
        try:
            yield
        except not_written:
            with self._writing():
                own = (key, claim)
                self._run("UPDATE served SET attempts = attempts - 1 WHERE number = ? AND claim = ?", own)
                self._run("DELETE FROM served WHERE number = ? AND claim = ? AND attempts = 0", own)
            raise

    def _enter(self, what: Sentence, key: bytes, claim: str, over: Callable[[str], bool]) -> None:
        found = self._run("SELECT claim, attempts FROM served WHERE number = ?", (key,)).fetchone()
        attempts = 1
        if found is not None and found[0] == claim:
            attempts += found[1]
        elif found is not None and not over(found[0]):
            raise NumberAlreadyUsed(what=what, claim=found[0])
        self._run("INSERT OR REPLACE INTO served VALUES (?, ?, ?)", (key, claim, attempts))
