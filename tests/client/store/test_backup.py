# SPDX-License-Identifier: Apache-2.0
"""A backup is whole, opens with its own key alone, and is brought into an empty place of either database."""

from __future__ import annotations

import contextlib
import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sceau.documents.errors import FileExists
from sceau.store import Arrived, Kind, Number
from sceau.store.backup import Condition, back_up, condition, restore
from sceau.store.errors import (
    BackupInvalid,
    EnvelopeReplayed,
    NumberAlreadyUsed,
    RecordDamaged,
    StoreKeyMissing,
    StoreKeyWrong,
    StoreNewer,
    StoreNotEmpty,
    StoreNotThere,
)
from tests.client.store.conftest import Home
from tests.client.store.test_thief import found_in, live, needles
from tests.support.postgres import Server
from tests.support.stores import rows_of

ONE, OTHER = "0x" + "11" * 32, "0x" + "22" * 32


@pytest.fixture
def filled(home: Home) -> Home:
    store = home.open()
    for number in range(5):
        store.put(Kind.STEP, str(number), {"number": number}, claim=ONE)
    store.reserve(Number.FILE_NUMBER, "PEC1", ONE, ended=lambda _: False)
    store.receive([Arrived(1, "one", {"x": 1}, ONE)])
    return home


def emptied(home: Home, homes: Callable[[], Home]) -> Home:
    """Another empty place for the same key."""
    return Home(homes().place, home.key)


def test_a_backup_is_restored_with_all_that_it_holds(
    filled: Home, homes: Callable[[], Home], tmp_path: Path
) -> None:
    made = back_up(filled.open(), tmp_path / "backup")
    assert made.records == {"message": 1, "number": 1, "received": 1, "step": 5}
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600
    other = emptied(filled, homes)
    assert restore(tmp_path / "backup", other.open()).records == made.records
    store = other.open()
    assert rows_of(store) == rows_of(filled.open())
    with pytest.raises(NumberAlreadyUsed):
        store.reserve(Number.FILE_NUMBER, "PEC1", OTHER, ended=lambda _: False)
    with pytest.raises(EnvelopeReplayed):
        store.receive([Arrived(1, "one", {}, ONE)])
    # It goes on from there: no place is given twice.
    store.put(Kind.STEP, "new", {"number": 5}, claim=ONE)
    assert [each["number"] for each in store.of_claim(Kind.STEP, ONE)] == list(range(6))


def test_a_folder_moves_to_a_server_and_back(server: Server, local: Home, tmp_path: Path) -> None:
    """A shop outgrows one file: its backup is restored into PostgreSQL, with the same key."""
    live(local)
    back_up(local.open(), tmp_path / "one")
    on_server = Home(server.database(), local.key)
    restore(tmp_path / "one", on_server.open())
    back_up(on_server.open(), tmp_path / "two")
    folder = tmp_path / "again"
    folder.mkdir()
    restore(tmp_path / "two", Home(folder, local.key).open())
    assert rows_of(Home(folder, local.key).open()) == rows_of(local.open()) == rows_of(on_server.open())


def test_a_backup_shows_nothing(home: Home, tmp_path: Path) -> None:
    live(home)
    back_up(home.open(), tmp_path / "backup")
    assert found_in(iter([tmp_path / "backup"]), needles()) == []
    assert sorted(each.name for each in tmp_path.iterdir() if each.name.startswith((".", "backup"))) == [
        "backup"
    ]


def test_a_backup_is_of_one_moment_while_others_write(filled: Home, tmp_path: Path) -> None:
    """Each step is stored with its envelope in one change: no backup has one without the other."""
    stop = threading.Event()

    def write() -> None:
        store, number = filled.open(), 100
        while not stop.is_set():
            with store.vault.change():
                store.put(Kind.STEP, str(number), {"number": number}, claim=OTHER)
                store.put(Kind.ENVELOPE, str(number), {"number": number}, claim=OTHER)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = [back_up(filled.open(), tmp_path / f"backup-{each}").records for each in range(4)]
    finally:
        stop.set()
        writer.join()
    for each in counts:
        assert each["step"] - 5 == each.get("envelope", 0)


def test_a_backup_opens_with_its_own_key_alone(
    filled: Home, homes: Callable[[], Home], tmp_path: Path
) -> None:
    """One party's backup is no other party's store, and the key is put back first."""
    back_up(filled.open(), tmp_path / "backup")
    other, third = homes(), homes()
    other.open().put(Kind.STEP, "a", {})
    for key, error in ((other.key, StoreKeyWrong), (third.key, StoreKeyMissing)):
        place = Home(homes().place, key)
        with pytest.raises(error):
            restore(tmp_path / "backup", place.open())
        assert not place.open().is_there
    assert not third.key.exists()


def test_a_backup_of_an_epoch_that_ended_stays_shut(
    filled: Home, homes: Callable[[], Home], tmp_path: Path
) -> None:
    back_up(filled.open(), tmp_path / "old")
    filled.open().vault.begin_epoch()
    # Its key is there still.
    restore(tmp_path / "old", emptied(filled, homes).open())
    filled.open().vault.destroy_old_keys()
    with pytest.raises(StoreKeyWrong) as refused:
        restore(tmp_path / "old", emptied(filled, homes).open())
    assert str(tmp_path / "old") in str(refused.value)
    assert back_up(filled.open(), tmp_path / "new").epoch == 2
    restore(tmp_path / "new", emptied(filled, homes).open())


def test_a_place_where_something_is_stored_is_left_alone(filled: Home, tmp_path: Path) -> None:
    back_up(filled.open(), tmp_path / "backup")
    filled.open().put(Kind.STEP, "later", {})
    with pytest.raises(StoreNotEmpty):
        restore(tmp_path / "backup", filled.open())
    assert filled.open().get(Kind.STEP, "later") == {}


def test_a_file_is_written_over_only_where_that_is_wanted(filled: Home, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("precious")
    with pytest.raises(FileExists):
        back_up(filled.open(), tmp_path / "backup")
    assert (tmp_path / "backup").read_text() == "precious"
    back_up(filled.open(), tmp_path / "backup", force=True)


@pytest.mark.parametrize("harm", ["cut", "text", "absent", "row", "swapped", "newer"])
def test_a_backup_that_was_harmed_is_refused_whole(
    filled: Home, homes: Callable[[], Home], tmp_path: Path, harm: str
) -> None:
    backup = tmp_path / "backup"
    back_up(filled.open(), backup)
    content = backup.read_bytes()
    statements = {
        "row": "UPDATE store_record SET sealed = zeroblob(300) WHERE place = 3",
        "swapped": "UPDATE store_record SET sealed = (SELECT sealed FROM store_record WHERE place = 2)",
        "newer": "UPDATE store_version SET version_num = '9999'",
    }
    if harm in statements:
        with contextlib.closing(sqlite3.connect(backup)) as opened, opened:
            opened.execute(statements[harm])
    elif harm == "absent":
        backup.unlink()
    else:
        backup.write_bytes(content[: len(content) // 2] if harm == "cut" else b"no backup")
    expected = {"row": RecordDamaged, "swapped": RecordDamaged, "newer": StoreNewer}.get(harm, BackupInvalid)
    other = emptied(filled, homes)
    with pytest.raises(expected) as refused:
        restore(backup, other.open())
    assert str(backup) in str(refused.value)
    assert not other.open().is_there


def test_of_a_store_that_is_damaged_no_backup_is_made(filled: Home, tmp_path: Path) -> None:
    """A backup that would not open is found out while there is still a store."""
    from sqlalchemy import update

    from sceau.store._tables import RECORD

    store = filled.open()
    with store.vault.database.change() as connection:
        connection.execute(update(RECORD).where(RECORD.c.place == 2).values(sealed=b"0" * 300))
    with pytest.raises(RecordDamaged):
        back_up(store, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_the_condition_of_a_store_says_no_private_value(home: Home) -> None:
    with pytest.raises(StoreNotThere):
        condition(home.open())
    live(home)
    found = condition(home.open())
    assert isinstance(found, Condition)
    assert found.epoch == 2
    assert found.size > 4096
    assert found.total == len(rows_of(home.open()))
    assert not any(needle in repr(found).encode() for needle in needles())
