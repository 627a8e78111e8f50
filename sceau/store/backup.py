# SPDX-License-Identifier: Apache-2.0
"""Backups of a store: one file of encrypted rows, the same from either database, and for either.

A backup is a SQLite file with the tables of a store. It holds the rows as they are encrypted: it opens with the key of
the epoch in which it was made, and with no other.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from sceau.documents.errors import FileExists
from sceau.documents.files import require_writable
from sceau.store import _schema
from sceau.store._database import Database
from sceau.store._files import copy as copy_file
from sceau.store._local import LocalStore
from sceau.store._protocol import RESTORED, Kind
from sceau.store._tables import OUTBOX, RECORD, STATE
from sceau.store._vault import Vault
from sceau.store.errors import BackupInvalid, StoreLocked, StoreNotEmpty, StoreNotThere, StoreUnusable
from sceau.store.keys import StoreKeys, settle

_BATCH = 1_000


class Condition(NamedTuple):
    """The state of a store: records by kind, the epoch that it is in, and the bytes that its database takes."""

    records: dict[str, int]
    epoch: int
    size: int

    @property
    def total(self) -> int:
        """All records."""
        return sum(self.records.values())


def condition(store: LocalStore) -> Condition:
    """The state of a store; nothing is decrypted, and no private value is in it.

    Raises:
        StoreNotThere: nothing was stored yet.
        StoreUnusable: it cannot be read.
    """
    with store.vault.view() as rows:
        if rows is None:
            raise StoreNotThere
        counted = select(RECORD.c.kind, func.count()).group_by(RECORD.c.kind).order_by(RECORD.c.kind)
        with store.vault.database.view() as connection:
            records = {row[0]: row[1] for row in connection.execute(counted)}
            return Condition(records, rows.epoch.number, store.vault.database.size(connection))


def back_up(store: LocalStore, path: str | Path, *, force: bool = False) -> Condition:
    """Writes a backup, as the store is at one moment while others go on writing, and reads it back whole.

    Args:
        path: the file, which its owner alone can read; ``force`` writes over another.

    Raises:
        FileExists, FileNotWritten: the file cannot be written.
        StoreNotThere: nothing was stored yet.
        RecordDamaged: a record of the store does not open; no backup was made.
        StoreUnusable: the store cannot be read.
    """
    require_writable(path, force=force)
    target = Path(path)
    with temporary_file(target.parent) as temporary:
        with store.vault.view() as rows:
            if rows is None:
                raise StoreNotThere
            with store.vault.database.view() as source, _opened(temporary) as copy:
                _schema.make(copy)
                _copy(source, copy)
        with _named(store.vault.database.shown):
            found = _checked(temporary, store.vault.keys)
        _settle(temporary, target, force=force)
    return found


def restore(path: str | Path, store: LocalStore) -> Condition:
    """Restores a backup to a place where nothing was stored yet, on either database; all of it or nothing.

    The restored store remembers that it was restored: its party asks its partners for what they sent since.
    The keys of ``store`` must be those of the backup: they are put in their place first.

    Raises:
        BackupInvalid: the file is not a backup.
        StoreNotEmpty: something was stored in that place.
        StoreKeyMissing, StoreKeyWrong: the keys are not those of the backup, or its epoch has ended.
        RecordDamaged: a record of the backup does not open; nothing was restored.
        StoreNewer: the backup is from a newer version.
    """
    source = Path(path)
    if not source.is_file():
        raise BackupInvalid(path=path)
    if store.is_there:
        raise StoreNotEmpty
    with temporary_file(source.parent if os.access(source.parent, os.W_OK) else None) as temporary:
        # A copy: one of an older version is upgraded there, and the backup stays as it is.
        copy_file(source, temporary)
        with _named(path):
            found = _checked(temporary, store.vault.keys)
        _mark_restored(temporary, store.vault.keys)
        with _opened(temporary) as backup:
            store.vault.fill(lambda connection: _copy(backup, connection))
    with store.vault.view() as rows:
        if rows is None or sum(1 for _ in rows.all()) < found.total:
            raise StoreUnusable(path=store.vault.database.shown)
    return found


def _mark_restored(path: Path, keys: StoreKeys) -> None:
    """Notes in the restored records that later ones may be missing: partners are asked for what they sent since."""
    vault = Vault(path, keys)
    try:
        with vault.change() as rows:
            rows.put(Kind.RESTORED.value, RESTORED, "", {})
    finally:
        vault.close()


def _copy(source: Connection, target: Connection) -> None:
    """Every row as it is."""
    target.execute(insert(STATE), [dict(row._mapping) for row in source.execute(select(STATE))])
    last = 0
    while rows := source.execute(
        select(RECORD).where(RECORD.c.place > last).order_by(RECORD.c.place).limit(_BATCH)
    ).all():
        target.execute(insert(RECORD), [dict(row._mapping) for row in rows])
        last = rows[-1].place
    last = 0
    while rows := source.execute(
        select(OUTBOX).where(OUTBOX.c.entry > last).order_by(OUTBOX.c.entry).limit(_BATCH)
    ).all():
        target.execute(insert(OUTBOX), [dict(row._mapping) for row in rows])
        last = rows[-1].entry


def _checked(path: Path, keys: StoreKeys) -> Condition:
    """A backup whose every record opens; what is wrong is raised."""
    vault = Vault(path, keys)
    try:
        with vault.view() as rows:
            if rows is None:
                raise StoreUnusable(path=path)
            records: dict[str, int] = {}
            for kind, _ in rows.all():
                records[kind] = records.get(kind, 0) + 1
            return Condition(records, rows.epoch.number, path.stat().st_size)
    finally:
        vault.close()


@contextmanager
def _named(shown: object) -> Iterator[None]:
    """Names in errors what the user knows, and not the file beside it that is worked on."""
    try:
        yield
    except StoreUnusable as error:
        if type(error) is StoreUnusable:
            raise BackupInvalid(path=shown) from None
        if "place" in error.details or not isinstance(error, StoreLocked):
            raise type(error)(**{**error.details, "path": shown}) from None
        raise


@contextmanager
def _opened(path: Path) -> Iterator[Connection]:
    database = Database(path)
    try:
        with database.change() as connection:
            yield connection
    finally:
        database.close()


@contextmanager
def temporary_file(folder: Path | None) -> Iterator[Path]:
    """An empty file that its owner alone can read, and that is gone afterwards unless it was given another name."""
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".sceau-")
    os.close(descriptor)
    path = Path(name)
    try:
        yield path
    finally:
        for each in (path, *(Path(f"{name}{ending}") for ending in ("-wal", "-shm", "-journal"))):
            with suppress(OSError):
                each.unlink()


def _settle(temporary: Path, target: Path, *, force: bool) -> None:
    """Gives a finished file its name."""
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    if not force and target.exists():
        raise FileExists(path=target)
    temporary.replace(target)
    settle(target.parent)
