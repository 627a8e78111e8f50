# SPDX-License-Identifier: Apache-2.0
"""A store of the version before, in clear, is taken in whole; until then nothing is stored beside it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from pathlib import Path

import pytest

from sceau.store import Arrived, Kind, LocalStore, Number
from sceau.store.earlier import TakenIn, take_in
from sceau.store.errors import (
    EnvelopeReplayed,
    NotOfVersionBefore,
    NumberAlreadyUsed,
    StoreOfVersionBefore,
    StoreUnusable,
)
from sceau.store.keys import KeyFile
from tests.client.store.conftest import Home

ONE, OTHER = "0x" + "11" * 32, "0x" + "22" * 32
_TABLES = """
CREATE TABLE document (
    kind TEXT NOT NULL, key TEXT NOT NULL, claim TEXT NOT NULL, json TEXT NOT NULL, place INTEGER PRIMARY KEY,
    UNIQUE (kind, key)
);
CREATE TABLE once_only (number BLOB PRIMARY KEY, claim TEXT NOT NULL, attempts INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE received (sender INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (sender, id)) WITHOUT ROWID;
"""


@pytest.fixture
def before(local: Home) -> Home:
    """A store as the version before wrote it."""
    with contextlib.closing(sqlite3.connect(local.file)) as opened, opened:
        opened.executescript(_TABLES)
        for kind, key, claim in (
            (Kind.STEP, "b", ONE), (Kind.STEP, "a", ONE), (Kind.MESSAGE, "3:one", ONE),
        ):  # fmt: skip
            opened.execute(
                "INSERT INTO document (kind, key, claim, json) VALUES (?, ?, ?, ?)",
                (kind.value, key, claim, json.dumps({"key": key, "name": "Jeanne Martin"})),
            )
        number = hashlib.sha256(b"file-number:PEC1").digest()
        opened.execute("INSERT INTO once_only VALUES (?, ?, 2)", (number, ONE))
        opened.execute("INSERT INTO received VALUES (3, 'one')")
    return local


def test_it_is_taken_in_whole(before: Home) -> None:
    assert isinstance(before.place, Path)
    with pytest.raises(StoreOfVersionBefore):
        before.open()
    assert take_in(before.place, KeyFile(before.key)) == TakenIn(documents=3, numbers=1, received=1)
    store = before.open()
    assert [each["key"] for each in store.of_claim(Kind.STEP, ONE)] == ["b", "a"]
    with pytest.raises(NumberAlreadyUsed) as refused:
        store.reserve(Number.FILE_NUMBER, "PEC1", OTHER, ended=lambda _: False)
    assert refused.value.details["claim"] == ONE
    store.reserve(Number.DISPATCH, "PEC1", OTHER, ended=lambda _: False)
    for _ in range(2):
        store.release(Number.FILE_NUMBER, "PEC1", ONE)
    store.reserve(Number.FILE_NUMBER, "PEC1", OTHER, ended=lambda _: False)
    with pytest.raises(EnvelopeReplayed):
        store.receive([Arrived(3, "one", {}, ONE)])
    store.close()
    assert b"Jeanne" not in b"".join(each.read_bytes() for each in before.place.iterdir())
    assert [each.name for each in before.place.iterdir()] == ["store.sqlite"]
    with pytest.raises(NotOfVersionBefore):
        take_in(before.place, KeyFile(before.key))


def test_what_is_damaged_is_left_as_it_is(before: Home) -> None:
    assert isinstance(before.place, Path)
    with contextlib.closing(sqlite3.connect(before.file)) as opened, opened:
        opened.execute("UPDATE document SET json = substr(json, 1, 9) WHERE key = 'a'")
    content = before.file.read_bytes()
    with pytest.raises(StoreUnusable) as refused:
        take_in(before.place, KeyFile(before.key))
    assert "Jeanne" not in str(refused.value)
    assert before.file.read_bytes() == content
    assert [each.name for each in before.place.iterdir()] == ["store.sqlite"]


def test_what_somebody_writes_meanwhile_is_not_lost(before: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(before.place, Path)
    monkeypatch.setattr("sceau.store.earlier.PATIENCE", 0.05)
    with contextlib.closing(sqlite3.connect(before.file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnusable):
            take_in(before.place, KeyFile(before.key))


@pytest.mark.parametrize("place", ["folder", "file", "url"])
def test_where_there_is_none_nothing_is_made(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    if place == "file":
        (folder / "store.sqlite").write_text("no store")
    where = "postgresql://shop:secret@127.0.0.1:9/sceau" if place == "url" else folder
    with pytest.raises((NotOfVersionBefore, StoreUnusable)) as refused:
        take_in(where, KeyFile(tmp_path / "key"))
    assert "secret" not in str(refused.value)
    assert not (tmp_path / "key").exists()


def test_the_usual_key_is_made_where_none_is_named(before: Home) -> None:
    assert isinstance(before.place, Path)
    take_in(before.place)
    assert LocalStore(before.place).get(Kind.STEP, "a") is not None
    assert (before.place.parent / "store.key").exists()
