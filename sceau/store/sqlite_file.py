# SPDX-License-Identifier: Apache-2.0
"""A party's store: a folder with one SQLite file, in which packages keep tables of their own."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from sceau.store.errors import StoreUnusable

#: The file in a store's folder.
FILE_NAME = "register.sqlite"


class StoreFile:
    """One table of the store in ``folder``; ``None`` keeps it in memory, for a single run.

    Folder and file are made when something is first entered. Every method raises :class:`StoreUnusable` when the file
    is not a store or cannot be written; a new one checks that it could be made.
    """

    #: The statement that makes the table, unless it is there.
    TABLE = ""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._path = None if folder is None else folder / FILE_NAME
        with self._usable():
            exists = self._path is None or self._path.exists()
        if exists:
            self._connection.execute("SELECT 1")
        elif folder is not None and not _writable(folder if folder.exists() else folder.parent):
            raise StoreUnusable(path=folder)

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    @property
    def _absent(self) -> bool:
        return self._path is not None and not self._path.exists()

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        with self._usable():
            if self._path is not None:
                self._path.parent.mkdir(mode=0o700, exist_ok=True)
                # Readable by its owner only, as all files of Sceau; SQLite would leave it to the umask.
                os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            connection = sqlite3.connect(str(self._path or ":memory:"), isolation_level=None, timeout=30)
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute(self.TABLE)
            return connection

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One change of the register; other processes wait."""
        self._run("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._run("ROLLBACK")
            raise
        self._run("COMMIT")

    def _run(self, statement: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        with self._usable():
            return self._connection.execute(statement, values)

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except (sqlite3.Error, OSError, ValueError):
            raise StoreUnusable(path=self._folder) from None


def _writable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK)
