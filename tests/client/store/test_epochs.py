# SPDX-License-Identifier: Apache-2.0
"""One epoch after the other: all rows under the next key in one change, and nothing under the old one."""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from sceau.store import Kind, LocalStore, Number
from sceau.store._tables import RECORD
from sceau.store.errors import NumberAlreadyUsed, RecordDamaged, StoreKeyWrong
from sceau.store.keys import KeyFile
from tests.client.store.conftest import Home
from tests.support.stores import rows_of

ONE, OTHER = "0x" + "11" * 32, "0x" + "22" * 32


def filled(home: Home, rows: int = 5) -> LocalStore:
    store = home.open()
    with store.vault.change():
        for number in range(rows):
            store.put(Kind.STEP, str(number), {"number": number}, claim=ONE)
    store.reserve(Number.FILE_NUMBER, "PEC1", ONE, ended=lambda _: False)
    return store


def epochs(home: Home) -> list[int]:
    keys = KeyFile(home.key).read()
    assert keys is not None
    return sorted(keys.epochs)


def marks(store: LocalStore) -> set[bytes]:
    """All that an epoch key made."""
    wanted = select(RECORD.c.key, RECORD.c.claim, RECORD.c.wrapped)
    with store.vault.database.view() as connection:
        return {bytes(value) for row in connection.execute(wanted) for value in row}


def test_every_row_is_under_the_next_key_and_says_what_it_said(home: Home) -> None:
    store = filled(home)
    before = rows_of(store)
    with store.vault.database.view() as connection:
        old = {
            bytes(value)
            for row in connection.execute(select(RECORD))
            for value in (row.key, row.claim, row.wrapped)
        }
    store.vault.begin_epoch()
    assert epochs(home) == [1, 2]
    store.vault.destroy_old_keys()
    assert epochs(home) == [2]
    assert rows_of(home.open()) == before
    with store.vault.database.view() as connection:
        new = {
            bytes(value)
            for row in connection.execute(select(RECORD))
            for value in (row.key, row.claim, row.wrapped)
        }
    # Not even the marks of its names: whoever tries numbers on an old copy needs a key that is gone.
    assert old.isdisjoint(new)
    with pytest.raises(NumberAlreadyUsed):
        home.open().reserve(Number.FILE_NUMBER, "PEC1", OTHER, ended=lambda _: False)


def test_a_process_with_the_old_key_at_hand_goes_on_under_the_new_one(home: Home) -> None:
    """A row under a key that is about to go would be lost: tried with a cached key, it was."""
    till, office = filled(home), home.open()
    assert office.get(Kind.STEP, "1") == {"number": 1}
    till.vault.begin_epoch()
    assert office.get(Kind.STEP, "1") == {"number": 1}
    office.put(Kind.STEP, "new", {"number": 9}, claim=ONE)
    till.vault.destroy_old_keys()
    office.put(Kind.STEP, "newer", {"number": 10}, claim=ONE)
    assert [each["number"] for each in home.open().of_claim(Kind.STEP, ONE)] == [0, 1, 2, 3, 4, 9, 10]


def test_a_process_without_the_new_key_writes_nothing(home: Home, tmp_path: Path) -> None:
    """Two machines on one database, the key copied by hand: the second one is told, and leaves no unreadable row."""
    till = filled(home)
    copy = tmp_path / "copy.key"
    shutil.copy(home.key, copy)
    office = Home(home.place, copy).open()
    assert office.get(Kind.STEP, "1") == {"number": 1}
    till.vault.begin_epoch()
    with pytest.raises(StoreKeyWrong):
        office.put(Kind.STEP, "new", {})
    with pytest.raises(StoreKeyWrong):
        office.discard(Kind.STEP, "1")
    with pytest.raises(StoreKeyWrong):
        office.get(Kind.STEP, "1")
    assert len(rows_of(till)) == 6


def test_an_old_copy_of_the_file_is_unreadable_once_its_key_is_gone(local: Home, tmp_path: Path) -> None:
    """Also the copy that is put back in the place of the file."""
    store = filled(local)
    assert isinstance(local.place, Path)
    store.close()
    copy = tmp_path / "copy"
    shutil.copytree(local.place, copy)
    store = local.open()
    store.discard(Kind.STEP, "1")
    store.vault.begin_epoch()
    # The old key is there still: the copy is of an epoch that has not ended.
    assert Home(copy, local.key).open().get(Kind.STEP, "1") == {"number": 1}
    store.vault.destroy_old_keys()
    with pytest.raises(StoreKeyWrong):
        Home(copy, local.key).open()
    store.close()
    for each in local.place.iterdir():
        each.unlink()
    shutil.copy(copy / "store.sqlite", local.place)
    with pytest.raises(StoreKeyWrong):
        local.open()


def test_an_epoch_number_is_never_given_twice(local: Home, tmp_path: Path) -> None:
    """A backup of before is put back while both keys are there, and the store goes on: it takes a third key."""
    store = filled(local)
    store.close()
    assert isinstance(local.place, Path)
    copy = tmp_path / "copy"
    shutil.copytree(local.place, copy)
    local.open().vault.begin_epoch()
    keys = KeyFile(local.key).read()
    other = Home(copy, local.key).open()
    other.vault.begin_epoch()
    assert epochs(local) == [1, 2, 3]
    again = KeyFile(local.key).read()
    assert keys is not None
    assert again is not None
    assert again.epochs[2] == keys.epochs[2]
    assert local.open().get(Kind.STEP, "1") == other.get(Kind.STEP, "1") == {"number": 1}


def test_rows_of_two_epochs_do_not_stand_side_by_side(home: Home) -> None:
    """A row of the epoch before is put back among those of this one."""
    store = filled(home)
    with store.vault.database.view() as connection:
        old = connection.execute(select(RECORD).where(RECORD.c.place == 1)).one()
    store.vault.begin_epoch()
    with store.vault.database.change() as connection:
        connection.execute(
            RECORD.update().where(RECORD.c.place == 1).values(wrapped=old.wrapped, claim=old.claim)
        )
    with pytest.raises(RecordDamaged):
        store.get(Kind.STEP, "0")
    # Nor is it carried on: the re-wrap stops, and nothing is changed.
    with pytest.raises(RecordDamaged):
        store.vault.begin_epoch()
    assert store.get(Kind.STEP, "1") == {"number": 1}


REWRAP = "home.open().vault.begin_epoch()\nhome.open().vault.destroy_old_keys()\n"
WRITE = (
    "from sceau.store import Kind\n"
    "store = home.open()\n"
    "for number in range(100_000):\n"
    "    store.put(Kind.STEP, str(number), {'number': number}, claim=arguments[0])\n"
    "    print(number, flush=True)\n"
)


def test_a_rewrap_that_is_killed_leaves_every_row_readable(home: Home) -> None:
    """At any moment: before the key is kept, after it, among the rows, after the change, while the old key goes."""
    store = filled(home, 300)
    expected = rows_of(store)
    dice = random.Random(20261130)
    for _ in range(5):
        running = home.run(REWRAP)
        time.sleep(0.25 + dice.random() * 0.4)
        running.kill()
        running.wait(30)
        assert rows_of(home.open()) == expected
    home.open().vault.begin_epoch()
    home.open().vault.destroy_old_keys()
    assert len(epochs(home)) == 1
    assert rows_of(home.open()) == expected


@pytest.mark.parametrize("point", ["replace", "rewrap", "after"])
def test_a_rewrap_that_fails_at_a_known_point_can_be_done_again(
    home: Home, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = filled(home)
    expected = rows_of(store)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        if point == "replace":
            broken.setattr(KeyFile, "replace", fail)
        elif point == "rewrap":
            broken.setattr("sceau.store._rows.Epoch.rewrap", fail)
        else:
            broken.setattr("sceau.store._vault.Rows.rewrap", fail)
        with pytest.raises(KeyboardInterrupt):
            store.vault.begin_epoch()
    for each in (store, home.open()):
        assert rows_of(each) == expected
    store.vault.begin_epoch()
    store.vault.destroy_old_keys()
    assert rows_of(home.open()) == expected
    assert len(epochs(home)) == 1


def test_writes_that_are_killed_are_there_as_soon_as_they_returned(homes: Callable[[], Home]) -> None:
    home = homes()
    running = home.run(WRITE, ONE)
    assert running.stdout is not None
    said = [running.stdout.readline() for _ in range(20)]
    running.send_signal(signal.SIGKILL)
    said += running.stdout.readlines()
    running.wait(30)
    written = [int(line) for line in said if line.endswith("\n")]
    found = [each["number"] for each in home.open().of_claim(Kind.STEP, ONE)]
    # One more may have been written, and not said.
    assert found[: len(written)] == written
    assert len(found) <= len(written) + 1
    assert len(rows_of(home.open())) == len(found)


def test_two_processes_write_while_a_third_changes_the_epoch(home: Home) -> None:
    filled(home)
    writers = [home.run(WRITE, claim) for claim in (ONE, OTHER)]
    said: list[list[int]] = [[], []]
    for round_ in range(3):
        for writer, lines in zip(writers, said, strict=True):
            assert writer.stdout is not None
            lines += [int(writer.stdout.readline()) for _ in range(3)]
        home.open().vault.begin_epoch()
        home.open().vault.destroy_old_keys()
        assert epochs(home) == [round_ + 2]
    for writer in writers:
        writer.kill()
        writer.wait(30)
    keys = {row.key for kind, row in rows_of(home.open()) if kind == Kind.STEP.value}
    assert {str(number) for lines in said for number in lines} <= keys
