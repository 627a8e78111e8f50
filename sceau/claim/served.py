# SPDX-License-Identifier: Apache-2.0
"""What serves one claim only: a payer's file number, and a supplier's physical order.

The chain can see neither, so each party's client keeps a register of its own. It holds SHA-256 of a number: that keeps
numbers out of sight, not from somebody who has the register and tries them all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sceau.claim.errors import ServedBefore
from sceau.errors import Sentence
from sceau.register_file import RegisterFile

FILE_NUMBER = Sentence("file-number", "The claim's file number", "Le numéro de prise en charge du dossier")
DISPATCH = Sentence("dispatch", "The dispatch of this delivery", "L'expédition de cette livraison")


class Served(RegisterFile):
    """Which claim a number serves. One number serves one claim, of whichever order of it."""

    TABLE = "CREATE TABLE IF NOT EXISTS served (number BLOB PRIMARY KEY, claim TEXT NOT NULL) WITHOUT ROWID"

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
        """Enters a number for a claim while a step of it is sent; other processes wait.

        Args:
            what: the kind of number.
            number: the number, as it is sealed.
            claim: the claim that it is to serve.
            over: whether another claim has ended unpaid, so that its number is free again.
            not_written: the exceptions that prove that nothing was written; after any other the entry stays.

        Raises:
            ServedBefore: the number serves another claim; nothing was done.
            RegisterUnusable: another process takes too long, or the file is no register.
        """
        with self._usable():
            self._connection.execute("BEGIN IMMEDIATE")
        refusals: tuple[type[Exception], ...] = (ServedBefore, *not_written)
        ended = "COMMIT"
        try:
            self._enter(what, number, claim, over)
            yield
        except refusals:
            ended = "ROLLBACK"
            raise
        finally:
            with self._usable():
                self._connection.execute(ended)

    def _enter(self, what: Sentence, number: str, claim: str, over: Callable[[str], bool]) -> None:
        key = hashlib.sha256(f"{what.code}:{number}".encode()).digest()
        with self._usable():
            found = self._connection.execute("SELECT claim FROM served WHERE number = ?", (key,)).fetchone()
        if found is not None and found[0] != claim and not over(found[0]):
            raise ServedBefore(what=what, claim=found[0])
        with self._usable():
            self._connection.execute("INSERT OR REPLACE INTO served VALUES (?, ?)", (key, claim))
