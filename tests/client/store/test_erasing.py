# SPDX-License-Identifier: Apache-2.0
"""Rows that are erased are gone for good, whatever is killed when; all others stay."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sceau.store import Arrived, Kind, LocalStore, Number, _rows, _sealing, _vault, backup, erasing
from sceau.store.backup import back_up, restore
from sceau.store.erasing import DAY, Copies, covers, erasures, finish, opens, pending, remove
from sceau.store.errors import CopyInStore, EnvelopeReplayed, NumberAlreadyUsed, StoreKeyWrong
from sceau.store.keys import HeldKeys, KeyFile, Keyring
from tests.client.store.conftest import Home
from tests.support.kills import forked, live
from tests.support.stores import rows_of

ONE, OTHER = "0x" + "11" * 32, "0x" + "22" * 32
SECRET = "5eed" * 16
NOW = 1_796_000_000


def filled(home: Home, rows: int = 5) -> LocalStore:
    store = home.open()
    with store.vault.change():
        for number in range(rows):
            store.put(Kind.STEP, f"one-{number}", {"seed": SECRET, "number": number}, claim=ONE)
            store.put(Kind.STEP, f"other-{number}", {"number": number}, claim=OTHER)
        store.put(Kind.VERDICT, "verdict", {"values": [1]}, claim=ONE)
        store.put(Kind.GIVEN, "given", {"paths": ["a"]}, claim=ONE)
        store.receive([Arrived(3, "m", {"text": SECRET}, ONE)])
    store.reserve(Number.FILE_NUMBER, "PEC1", ONE, ended=lambda _: False)
    store.reserve(Number.FILE_NUMBER, "PEC2", OTHER, ended=lambda _: False)
    return store


def epochs(home: Home) -> list[int]:
    keys = KeyFile(home.key).read()
    assert keys is not None
    return sorted(keys.epochs)


def left_of(store: LocalStore, claim: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind, row in rows_of(store):
        if row.claim == claim:
            found[kind] = found.get(kind, 0) + 1
    return found


def test_all_of_a_claim_goes_but_what_must_stay(home: Home, tmp_path: Path) -> None:
    store = filled(home)
    before = left_of(store, OTHER)
    removed = remove(store, at=NOW, claims=[ONE])
    assert removed.erased.kinds == {"message": 1, "step": 5, "verdict": 1}
    assert left_of(store, ONE) == {"given": 1}
    assert left_of(store, OTHER) == before
    # The number stays used, by no claim that could be named; and nobody is asked whether that claim has ended.
    with pytest.raises(NumberAlreadyUsed):
        store.reserve(Number.FILE_NUMBER, "PEC1", OTHER, ended=lambda _: True)
    with pytest.raises(NumberAlreadyUsed):
        store.reserve(Number.FILE_NUMBER, "PEC1", ONE, ended=lambda _: True)
    # A message that is brought again does not bring everything back.
    with pytest.raises(EnvelopeReplayed):
        store.receive([Arrived(3, "m", {"text": SECRET}, ONE)])
    assert SECRET not in repr(removed)
    assert all(SECRET not in str(row.document) for _, row in rows_of(store))
    [done] = finish(store, Copies(tmp_path / "new.backup"), at=NOW)
    assert done.final
    assert epochs(home) == [2]


def test_a_number_whose_claim_ended_unpaid_is_free(home: Home) -> None:
    store = filled(home)
    remove(store, at=NOW, claims=[ONE], free=[ONE])
    store.reserve(Number.FILE_NUMBER, "PEC1", OTHER, ended=lambda _: False)


def test_an_old_backup_and_an_old_key_do_not_bring_it_back(home: Home, tmp_path: Path) -> None:
    store = filled(home)
    old = tmp_path / "old.backup"
    back_up(store, old)
    assert opens(old, store.keys)
    remove(store, at=NOW, claims=[ONE])
    # Not yet: the key of the old epoch is there until the copies are tested.
    assert opens(old, store.keys)
    copy = KeyFile(tmp_path / "safe" / "copy.key")
    copy.path.parent.mkdir()
    new = tmp_path / "new.backup"
    finish(store, Copies(new, copy), at=NOW)
    for keys in (store.keys, copy):
        assert not opens(old, keys)
        assert opens(new, keys)
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(StoreKeyWrong):
        restore(old, LocalStore(tmp_path / "elsewhere", copy))
    back = LocalStore(tmp_path / "elsewhere", copy)
    restore(new, back)
    assert left_of(back, ONE) == {"given": 1}
    assert left_of(back, OTHER)["step"] == 5


def test_one_epoch_a_day_finishes_several_erasures(home: Home, tmp_path: Path) -> None:
    store = filled(home)
    copies = Copies(tmp_path / "new.backup")
    remove(store, at=NOW, rows=[("step", "one-0")])
    assert len(finish(store, copies, at=NOW)) == 1
    assert epochs(home) == [2]
    for number in (1, 2):
        remove(store, at=NOW + number, rows=[("step", f"one-{number}")])
        assert finish(store, copies, at=NOW + number) == []
    assert len(pending(store)) == 2
    assert epochs(home) == [2]
    assert len(finish(store, copies, at=NOW + DAY)) == 2
    assert epochs(home) == [3]
    remove(store, at=NOW + DAY, rows=[("step", "one-3")])
    assert finish(store, copies, at=NOW + DAY) == []
    assert len(finish(store, copies, at=NOW + DAY, insist=True)) == 1
    assert epochs(home) == [4]
    assert [each.final for each in erasures(store)] == [True] * 4


def test_nothing_is_written_over_the_store_or_beside_it(local: Home, tmp_path: Path) -> None:
    store = filled(local)
    remove(store, at=NOW, claims=[ONE])
    assert isinstance(local.place, Path)
    for copies in (
        Copies(local.file),
        Copies(local.key),
        Copies(tmp_path / "b", KeyFile(local.key)),
        Copies(tmp_path / "b", KeyFile(local.place / "copy.key")),
        Copies(tmp_path / "b", KeyFile(tmp_path / "b")),
    ):
        with pytest.raises(CopyInStore):
            finish(store, copies, at=NOW)
    assert len(epochs(local)) == 2
    assert left_of(store, OTHER)["step"] == 5


def test_backups_are_said_to_be_covered_only_where_it_is_so(tmp_path: Path) -> None:
    plain, copies = KeyFile(tmp_path / "a.key"), Copies(tmp_path / "b")
    assert covers(plain, copies, nowhere_else=True) == "covered"
    assert covers(plain, copies, nowhere_else=False) == "copies-of-key-not-excluded"
    assert covers(HeldKeys(), copies, nowhere_else=False) == "covered"
    locked = KeyFile(tmp_path / "c.key", "a passphrase", cost=10)
    # Whatever the caller says: the passphrase opens an old copy.
    assert covers(locked, copies, nowhere_else=True) == "key-under-passphrase"
    assert covers(plain, Copies(tmp_path / "b", locked), nowhere_else=True) == "key-under-passphrase"
    assert covers(Keyring("a"), copies, nowhere_else=True) == "key-in-keyring"


def test_under_a_passphrase_an_old_backup_with_its_key_file_reads_it_back(tmp_path: Path) -> None:
    """Why it is not said to be covered."""
    home = Home(tmp_path / "store", tmp_path / "s.key")
    (tmp_path / "store").mkdir()
    keys = KeyFile(home.key, "a passphrase", cost=10)
    store = LocalStore(home.place, keys)
    store.put(Kind.STEP, "a", {"seed": SECRET}, claim=ONE)
    back_up(store, tmp_path / "old.backup")
    shutil.copy(home.key, tmp_path / "old.key")
    remove(store, at=NOW, claims=[ONE])
    [done] = finish(store, Copies(tmp_path / "new.backup"), at=NOW, nowhere_else=True)
    assert done.backup_covers == "key-under-passphrase"
    assert opens(tmp_path / "old.backup", KeyFile(tmp_path / "old.key", "a passphrase", cost=10))


def erase(home: Home, new: Path, copy: Path, dies_at: int = 0) -> None:
    """What a process runs that is killed: the n-th time that one of the steps begins or ends is its last moment."""
    left = [dies_at]

    def point() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def last(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any, **named: Any) -> Any:
            point()
            result = function(*given, **named)
            point()
            return result

        return wrapped

    owner: Any
    for owner, name in (
        (_rows.Rows, "take_of_claim"),
        (_rows.Rows, "rewrap"),
        (KeyFile, "replace"),
        (_vault.Vault, "begin_epoch"),
        (_vault.Vault, "destroy_old_keys"),
        (backup, "back_up"),
        (erasing, "_copy"),
        (erasing, "_truncate_log"),
        (LocalStore, "put"),
    ):
        setattr(owner, name, last(getattr(owner, name)))
    # In the midst of the re-wrap as well: some rows are under the next key, some are not.
    owner = _sealing.Epoch
    rewrap, seen = owner.rewrap, [0]

    def rewrapped(*given: Any) -> Any:
        seen[0] += 1
        if seen[0] % 5 == 0:
            point()
        return rewrap(*given)

    owner.rewrap = rewrapped
    store = home.open()
    erasing.remove(store, at=NOW, claims=[ONE])
    erasing.finish(store, Copies(new, KeyFile(copy)), at=NOW)


def _go_on(home: Home, old: Path, new: Path, copy: Path) -> None:
    """Goes on after a kill, with the commands of a user, and ends complete."""
    store = home.open()
    assert left_of(store, OTHER) == {"step": 5, "number": 1}
    gone = left_of(store, ONE) == {"given": 1}
    # In one change: all of it is there, or nothing.
    assert gone or left_of(store, ONE) == {
        "given": 1,
        "message": 1,
        "number": 1,
        "received": 1,
        "step": 5,
        "verdict": 1,
    }
    if not gone:
        remove(store, at=NOW, claims=[ONE])
    finish(store, Copies(new, KeyFile(copy)), at=NOW)
    assert pending(home.open()) == []
    assert left_of(home.open(), ONE) == {"given": 1}
    assert len(epochs(home)) == 1
    assert not opens(old, KeyFile(home.key))
    assert opens(new, KeyFile(home.key))
    assert opens(new, KeyFile(copy))
    assert left_of(home.open(), OTHER) == {"step": 5, "number": 1}


def test_killed_at_any_point_it_goes_on_and_ends_complete(homes: Callable[[], Home], tmp_path: Path) -> None:
    ended, place = False, 0
    while not ended:
        home = homes()
        # A server starts more slowly, and the steps are the same.
        place += 1 if home.on_sqlite else 4
        old, new, copy = _filled_and_saved(home, tmp_path, place)
        running = forked(partial(erase, home, new, copy, place))
        code = os.waitstatus_to_exitcode(os.waitpid(running, 0)[1])
        assert code in (0, -signal.SIGKILL)
        ended = code == 0
        _go_on(home, old, new, copy)
    # Every step was its last moment once, before and after.
    assert place > 20


def test_killed_at_random_it_goes_on_and_ends_complete(homes: Callable[[], Home], tmp_path: Path) -> None:
    dice = random.Random(20261130)
    longest: float | None = None
    for place in range(7):
        home = homes()
        old, new, copy = _filled_and_saved(home, tmp_path, place)
        began = time.monotonic()
        # The first one ends, and tells how long that takes.
        limit = None if longest is None else longest * dice.random()
        live(lambda _, __, to=(home, new, copy): erase(*to), limit=limit)  # type: ignore[misc]
        longest = longest or time.monotonic() - began
        _go_on(home, old, new, copy)


def _filled_and_saved(home: Home, folder: Path, place: int) -> tuple[Path, Path, Path]:
    """A store with rows and a backup of it; the backup, and where the next one and a copy of the key will be."""
    old, new, copy = (folder / f"{place}.{name}" for name in ("old", "new", "copy"))
    store = filled(home)
    back_up(store, old)
    # A process that forks must hold none open.
    store.close()
    return old, new, copy
