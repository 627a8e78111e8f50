# SPDX-License-Identifier: Apache-2.0
"""Stores of tests."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sceau.store import RESTORED, Kind, LocalStore, Store
from sceau.store._sealing import Opened
from sceau.store.keys import HeldKeys


def copied(store: Store) -> LocalStore:
    """A store in memory with the content of another that is in memory."""
    assert isinstance(store, LocalStore)
    # Its own keys: what is erased from one must not lock the other.
    keys, held = HeldKeys(), store.vault.keys.read()
    if held is not None:
        keys.create(held)
    other = LocalStore(None, keys)
    store.vault.database.driver().backup(other.vault.database.driver())
    return other


def content_of(store: Store) -> str:
    """The whole database of a store in memory."""
    assert isinstance(store, LocalStore)
    return "\n".join(store.vault.database.driver().iterdump())


def file_of(store: Store, folder: Path) -> bytes:
    """The file that a store in memory would be."""
    assert isinstance(store, LocalStore)
    path = folder / "copy.sqlite"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as copy:
        store.vault.database.driver().backup(copy)
    return path.read_bytes()


def rows_of(store: Store) -> list[tuple[str, Opened]]:
    """Every row of a store, with its kind; the note that it was restored is none of its party's."""
    assert isinstance(store, LocalStore)
    with store.vault.view() as rows:
        found = [] if rows is None else list(rows.all())
    return [(kind, row) for kind, row in found if (kind, row.key) != (Kind.RESTORED.value, RESTORED)]
