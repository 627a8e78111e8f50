# SPDX-License-Identifier: Apache-2.0
"""A store in a folder: one number serves one claim, a message counts once, whatever is killed."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from sceau.store import Arrived, Kind, LocalStore, Number
from sceau.store.errors import EnvelopeReplayed, NumberAlreadyUsed, StoreUnusable

ROOT = Path(__file__).parents[3]
ONE, OTHER = "0x" + "11" * 32, "0x" + "22" * 32
FILE_NUMBER, DISPATCH = Number.FILE_NUMBER, Number.DISPATCH


def reserve(
    store: LocalStore, number: str, claim: str, *, ended: bool = False, kind: Number = FILE_NUMBER
) -> None:
    store.reserve(kind, number, claim, ended=lambda _: ended)


def arrived(sender: int, id_: str = "message-1") -> Arrived:
    return Arrived(sender, id_, {"signed": "x"}, ONE)


# Numbers


def test_a_number_serves_its_claim_as_often_as_wanted_and_no_other(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    reserve(store, "PEC1", ONE)
    reserve(LocalStore(tmp_path), "PEC1", ONE)
    with pytest.raises(NumberAlreadyUsed) as refused:
        reserve(store, "PEC1", OTHER)
    assert refused.value.details["claim"] == ONE
    assert "PEC1" not in refused.value.message("en") + refused.value.message("fr")
    reserve(store, "PEC2", OTHER)
    reserve(store, "PEC1", OTHER, kind=DISPATCH)


def test_the_number_of_a_claim_that_ended_unpaid_is_free_again(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    reserve(store, "PEC1", ONE)
    reserve(store, "PEC1", OTHER, ended=True)
    with pytest.raises(NumberAlreadyUsed):
        reserve(store, "PEC1", ONE)


def test_what_was_surely_not_written_serves_nothing(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    reserve(store, "PEC1", ONE)
    store.release(FILE_NUMBER, "PEC1", ONE)
    reserve(store, "PEC1", OTHER)


def test_one_attempt_that_fails_takes_back_its_own_alone(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    reserve(store, "PEC1", ONE)
    reserve(store, "PEC1", ONE)
    store.release(FILE_NUMBER, "PEC1", ONE)
    with pytest.raises(NumberAlreadyUsed):
        reserve(store, "PEC1", OTHER)


def test_a_claim_that_does_not_hold_a_number_releases_nothing(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    reserve(store, "PEC1", ONE)
    store.release(FILE_NUMBER, "PEC1", OTHER)
    with pytest.raises(NumberAlreadyUsed):
        reserve(store, "PEC1", OTHER)


def test_a_process_that_is_killed_leaves_the_number_reserved(tmp_path: Path) -> None:
    killed = (
        "import os, signal, sys; from sceau.store import LocalStore, Number\n"
        "LocalStore(sys.argv[1]).reserve(Number.FILE_NUMBER, 'PEC1', sys.argv[2], ended=lambda _: False)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", killed, str(tmp_path), ONE], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    with pytest.raises(NumberAlreadyUsed):
        reserve(LocalStore(tmp_path), "PEC1", OTHER)


def test_of_many_processes_at_once_one_claim_gets_the_number(tmp_path: Path) -> None:
    take = (
        "import sys; from sceau.store import LocalStore, Number; from sceau.store.errors import NumberAlreadyUsed\n"
        "try: LocalStore(sys.argv[1]).reserve(Number.FILE_NUMBER, 'PEC1', sys.argv[2], ended=lambda _: False)\n"
        "except NumberAlreadyUsed: sys.exit(3)"
    )
    claims = ["0x" + f"{each:02x}" * 32 for each in range(1, 5)]
    running = [
        subprocess.Popen([sys.executable, "-c", take, str(tmp_path), claim], cwd=ROOT) for claim in claims
    ]
    assert sorted(each.wait(60) for each in running) == [0, 3, 3, 3]


def test_no_number_stands_in_the_file(tmp_path: Path) -> None:
    reserve(LocalStore(tmp_path), "PEC-2026-000123", ONE)
    for file in tmp_path.iterdir():
        assert b"PEC-2026-000123" not in file.read_bytes()


# Messages


def test_a_message_counts_once_in_any_process(tmp_path: Path) -> None:
    first, second = LocalStore(tmp_path), LocalStore(tmp_path)
    assert not first.has_received(1, "message-1")
    first.receive([arrived(1)])
    assert second.has_received(1, "message-1")
    with pytest.raises(EnvelopeReplayed):
        second.receive([arrived(1)])
    second.receive([arrived(2)])


def test_when_one_of_several_was_received_elsewhere_none_is_entered(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    store.receive([arrived(2)])
    with pytest.raises(EnvelopeReplayed):
        store.receive([arrived(sender) for sender in (1, 2, 3)])
    assert [sender for sender in (1, 2, 3) if store.has_received(sender, "message-1")] == [2]
    assert store.get(Kind.MESSAGE, arrived(1).key) is None


def test_of_many_processes_at_once_one_receives_a_message(tmp_path: Path) -> None:
    enter = (
        "import sys; from sceau.store import Arrived, LocalStore; from sceau.store.errors import EnvelopeReplayed\n"
        "try: LocalStore(sys.argv[1]).receive([Arrived(1, 'message-1', {}, '')])\n"
        "except EnvelopeReplayed: sys.exit(3)"
    )
    running = [subprocess.Popen([sys.executable, "-c", enter, str(tmp_path)], cwd=ROOT) for _ in range(4)]
    assert sorted(each.wait(60) for each in running) == [0, 3, 3, 3]


# Documents and the file


def test_documents_are_found_by_key_and_by_claim_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    for key in ("b", "a", "c"):
        store.put(Kind.STEP, key, {"key": key}, claim=OTHER if key == "c" else ONE)
    store.put(Kind.VERDICT, "a", {"key": "verdict"}, claim=ONE)
    store.put(Kind.STEP, "b", {"key": "b", "again": True}, claim=ONE)
    again = LocalStore(tmp_path)
    assert again.get(Kind.STEP, "a") == {"key": "a"}
    assert again.of_claim(Kind.STEP, ONE) == [{"key": "b", "again": True}, {"key": "a"}]
    again.discard(Kind.STEP, "b")
    assert again.get(Kind.STEP, "b") is None
    assert again.of_claim(Kind.STEP, ONE) == [{"key": "a"}]


def test_the_file_is_its_owners_alone_and_made_when_something_is_stored(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    assert not store.has_received(1, "message-1")
    assert store.get(Kind.STEP, "a") is None
    assert list(tmp_path.iterdir()) == []
    store.receive([arrived(1)])
    assert stat.S_IMODE((tmp_path / "store.sqlite").stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "store.sqlite").write_text("not a store " * 100)
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "absent", tmp_path / "file", broken):
        with pytest.raises(StoreUnusable) as refused:
            LocalStore(path)
        assert str(path) in refused.value.message("fr")
    assert (broken / "store.sqlite").read_text().startswith("not a store")


def test_a_damaged_document_is_named_and_not_shown(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    store.put(Kind.STEP, "one", {"seed": "0xsecret"}, claim=ONE)
    store.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "store.sqlite")) as damaged:
        damaged.execute("UPDATE document SET json = substr(json, 1, 12)")
        damaged.commit()
    for read in (lambda: store.get(Kind.STEP, "one"), lambda: store.of_claim(Kind.STEP, ONE)):
        with pytest.raises(StoreUnusable) as refused:
            read()
        assert "seed" not in f"{refused.value} {refused.value!r} {refused.value.details}"
        assert refused.value.__suppress_context__


def test_what_is_kept_in_memory_is_gone_with_it() -> None:
    store = LocalStore(None)
    reserve(store, "PEC1", ONE)
    store.put(Kind.STEP, "a", {}, claim=ONE)
    assert store.get(Kind.STEP, "a") == {}
    assert LocalStore(None).get(Kind.STEP, "a") is None


def test_a_change_that_cannot_be_committed_is_undone(tmp_path: Path) -> None:
    """Somebody reads the file too long: what is stored next must not wait in a change that never ends."""
    store = LocalStore(tmp_path)
    reserve(store, "PEC1", ONE)
    store._connection().execute("PRAGMA busy_timeout=0")
    reader = sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM once_only").fetchall()
    with pytest.raises(StoreUnusable):
        reserve(store, "PEC2", ONE)
    reader.close()
    store.put(Kind.STEP, "a", {}, claim=ONE)
    assert LocalStore(tmp_path).get(Kind.STEP, "a") == {}
    reserve(LocalStore(tmp_path), "PEC2", OTHER)
