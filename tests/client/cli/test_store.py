# SPDX-License-Identifier: Apache-2.0
"""``sceau store``: the commands say what the library does, and name files and settings."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sceau.store import Kind, LocalStore
from tests.client.cli.conftest import Desk
from tests.support.stage import Stage
from tests.support.stores import rows_of


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with a store that holds a record."""
    (tmp_path / "store").mkdir()
    desk = Desk(tmp_path)
    desk.write("sceau.toml", 'store = "store"\n')
    LocalStore(tmp_path / "store").put(Kind.VERDICT, "v", {"name": "Jeanne Martin"}, claim="0x1")
    return desk


def test_its_condition_names_the_key_and_nothing_private(desk: Desk) -> None:
    told = desk.run("store", "status", "--json")
    assert told.code == 0
    assert told.data["records"] == {"verdict": 1}
    assert told.data["epoch"] == 1
    assert told.data["key"] == str(desk.path("store.key"))
    assert "verdict" in desk.run("store", "status").out
    assert "Jeanne" not in told.out


def test_a_backup_is_restored_with_the_key_it_was_made_with(desk: Desk) -> None:
    assert desk.run("store", "backup", "night.backup", "--json").data["records"] == {"verdict": 1}
    assert "night.backup" in desk.run("store", "backup", "night.backup").refused()
    desk.path("new").mkdir()
    moved = ("--store", "new", "--store-key", "store.key")
    assert desk.run("store", "restore", "night.backup", *moved).code == 0
    assert rows_of(LocalStore(desk.path("store"))) == rows_of(
        LocalStore(desk.path("new"), LocalStore(desk.path("store")).keys)
    )
    assert "already" in desk.run("store", "restore", "night.backup", *moved).refused()


def test_a_store_without_its_key_ends_every_command_alike(desk: Desk) -> None:
    desk.path("store.key").rename(desk.path("elsewhere.key"))
    for words in (("status",), ("backup", "b"), ("restore", "b"), ("take-in",)):
        line = desk.run("store", *words).refused(7 if words[0] != "take-in" else 1)
        assert "store" in line
    assert not desk.path("b").exists()
    assert desk.run("store", "status", "--store-key", "elsewhere.key").code == 0
    other = desk.path("other")
    other.mkdir()
    LocalStore(other).put(Kind.STEP, "a", {})
    wrong = ("--store-key", "other.key")
    assert "other.key" in desk.run("store", "status", *wrong, SCEAU_LANGUAGE="fr").refused(7)


def test_a_passphrase_file_locks_the_key(desk: Desk) -> None:
    desk.write("passphrase", "a long passphrase\n")
    desk.path("locked").mkdir()
    settings = ("--store", "locked", "--store-passphrase-file", "passphrase")
    desk.run("store", "backup", "b")
    shutil.copy(desk.path("store.key"), desk.path("locked.key"))
    assert desk.run("store", "restore", "b", *settings).code == 0
    store = LocalStore(desk.path("locked"))
    from sceau.store.keys import KeyFile

    KeyFile(desk.path("locked.key"), "a long passphrase", cost=10).replace(store.keys.read())  # type: ignore[arg-type] # is there
    assert desk.run("store", "status", *settings).code == 0
    assert "--store-passphrase-file" in desk.run("store", "status", "--store", "locked").refused(7)
    desk.write("passphrase", "another\n")
    assert "passphrase" in desk.run("store", "status", *settings).refused(7)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://[db/x", "register-unusable"),
        ("postgresql://db:port/x", "register-unusable"),
        ("postgresql://db:99999/x", "register-unusable"),
        ("postgresql://db/x?no_such_option=1", "register-unusable"),
        ("mysql://db/x", "register-unusable"),
        ("://", "register-unusable"),
        ("postgresql://shop:a-secret@[db/x", "secret-in-the-open"),
        ("postgresql://[db/x?password=a-secret", "secret-in-the-open"),
    ],
)
def test_an_address_that_is_none_is_told_in_one_line(desk: Desk, url: str, code: str) -> None:
    line = desk.run("store", "status", "--store", url, "--store-key", "some.key", "--json").refused(1)
    assert json.loads(line)["error"] == code
    assert "a-secret" not in line


@pytest.mark.parametrize("url", ["postgresql://shop:a-secret@db/x", "postgresql://db/x?password=a-secret"])
def test_no_password_of_a_database_is_taken_in_the_open(desk: Desk, url: str) -> None:
    for words, more in ((("--store", url), {}), ((), {"SCEAU_STORE": url})):
        line = desk.run("store", "status", *words, **more).refused()
        assert "a-secret" not in line
    desk.write("sceau.toml", f'store = "{url}"\n')
    line = desk.run("store", "status").refused(7)
    assert "--store-key" in line
    assert "a-secret" not in line
    looked = desk.run("doctor")
    assert "postgresql://db/x" in looked.out
    assert "a-secret" not in looked.out + looked.err


def test_the_version_before_is_taken_in_with_files(stage: Stage, desk: Desk) -> None:
    step = stage.opened.steps["open"]
    desk.write("opening.json", step.to_json())
    desk.write("nothing.json", {"format": "sceau-consent-card/1"})
    assert "take-in" not in desk.run("store", "take-in").refused()
    assert "nothing.json" in desk.run("store", "take-in", "opening.json", "nothing.json").refused()
    store = LocalStore(desk.path("store"))
    assert store.get(Kind.STEP, step.record.root) is None
    for documents in (1, 0):
        assert desk.run("store", "take-in", "opening.json", "--json").data["documents"] == documents
    assert store.of_claim(Kind.STEP, step.claim) == [step.to_json()]
    desk.path("plain").mkdir()
    with closing(sqlite3.connect(desk.path("plain") / "store.sqlite")) as before, before:
        before.executescript(
            "CREATE TABLE document (kind, key, claim, json, place INTEGER PRIMARY KEY);"
            "CREATE TABLE once_only (number, claim, attempts); CREATE TABLE received (sender, id);"
        )
        before.execute("INSERT INTO document VALUES ('verdict', 'v', '', ?, 1)", (json.dumps({"x": 1}),))
    assert "sceau store take-in" in desk.run("store", "status", "--store", "plain").refused()
    taken = desk.run("store", "take-in", "opening.json", "--store", "plain", "--json")
    assert taken.data == {"documents": 2, "numbers": 0, "received": 0}
    assert "plain.key" in taken.err
    assert desk.run("store", "status", "--store", "plain", "--json").data["records"] == {
        "step": 1,
        "verdict": 1,
    }
