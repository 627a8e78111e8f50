# SPDX-License-Identifier: Apache-2.0
"""Taking in a store of the earlier version: one SQLite file that is not encrypted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from sceau.store._local import FILE_NAME
from sceau.store._protocol import NUMBER, RECEIVED
from sceau.store._rows import Rows
from sceau.store._vault import Vault
from sceau.store.backup import temporary_file
from sceau.store.errors import NotOfVersionBefore, StoreUnusable
from sceau.store.keys import StoreKeys, is_url, keys_of, settle, without_password

#: How long another program that uses it is waited for, in seconds.
PATIENCE = 5


class TakenIn(NamedTuple):
    """How many documents, numbers and received messages were taken in."""

    documents: int
    numbers: int
    received: int


def take_in(folder: str | Path, keys: StoreKeys | None = None) -> TakenIn:
    """Replaces an unencrypted store by an encrypted one, with all that it holds; one or the other is there.

    What stood unencrypted may remain in free blocks of the disk. Other programs that use the store must be stopped.

    Raises:
        NotOfVersionBefore: there is none; also where it was taken in already.
        StoreUnusable: it is damaged, or in use; nothing was changed.
    """
    if is_url(folder):
        raise NotOfVersionBefore(path=without_password(folder))
    path = Path(folder) / FILE_NAME
    found = keys or keys_of(folder)
    with _plain(path) as before, temporary_file(path.parent) as temporary:
        with closing(Vault(temporary, found)) as vault:
            with vault.change() as rows:
                taken = TakenIn(_documents(before, rows), _numbers(before, rows), _received(before, rows))
            with vault.view() as written:
                if written is None or sum(1 for _ in written.all()) != sum(taken):
                    raise StoreUnusable(path=path)
        temporary.replace(path)
        settle(path.parent)
    return taken


def _documents(before: sqlite3.Connection, rows: Rows) -> int:
    count = 0
    for kind, key, claim, text in before.execute(
        "SELECT kind, key, claim, json FROM document ORDER BY place"
    ):
        rows.put(kind, key, claim, json.loads(text))
        count += 1
    return count


def _numbers(before: sqlite3.Connection, rows: Rows) -> int:
    count = 0
    for number, claim, attempts in before.execute("SELECT number, claim, attempts FROM once_only"):
        rows.put(NUMBER, bytes(number).hex(), claim, {"claim": claim, "attempts": attempts})
        count += 1
    return count


def _received(before: sqlite3.Connection, rows: Rows) -> int:
    count = 0
    claims = dict(before.execute("SELECT key, claim FROM document WHERE kind = 'message'"))
    for sender, message in before.execute("SELECT sender, id FROM received"):
        key = f"{sender}:{message}"
        rows.put(RECEIVED, key, claims.get(key, ""), {})
        count += 1
    return count


@contextmanager
def _plain(path: Path) -> Iterator[sqlite3.Connection]:
    """The unencrypted store, locked so that nobody writes into it meanwhile."""
    if not path.is_file():
        raise NotOfVersionBefore(path=path)
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)) as before:
            tables = {
                name for (name,) in before.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            if not {"document", "once_only", "received"} <= tables:
                raise NotOfVersionBefore(path=path)
            before.execute("BEGIN EXCLUSIVE")
            yield before
            with suppress(sqlite3.Error):
                before.execute("ROLLBACK")
    except (sqlite3.Error, OSError, ValueError, TypeError):
        raise StoreUnusable(path=path) from None
