# SPDX-License-Identifier: Apache-2.0
"""Stores that cannot be used, by whatever is wrong with them or their keys: no error says what they hold."""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from unittest import mock

# Loaded before anything is played: it logs, once.
import alembic.runtime.migration  # noqa: F401
import keyring
from keyring.errors import NoKeyringError

from sceau.claim.prepared import PreparedStep
from sceau.store import Kind, LocalStore
from sceau.store.backup import back_up, restore
from sceau.store.earlier import take_in
from sceau.store.entry import Call
from sceau.store.erasing import Copies, finish, remove
from sceau.store.keys import HeldKeys, KeyFile, Keyring, KeySet
from sceau.store.outbox import Outbox
from tests.leaks.play import Play

_SERVER = "postgresql://shop:a-long-password@127.0.0.1:9/sceau"


def refuse_stores(play: Play, step: PreparedStep) -> None:
    """A store is private, and holds what a party may know, secrets too; its errors hold nothing of it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        place = root / "store"
        place.mkdir()
        play.refused("register-unusable", LocalStore, root / "missing")
        store = play.show(LocalStore(place))
        store.put(Kind.STEP, step.record.root, step.to_json(), claim=step.claim)
        play.show(store.vault)
        play.show(store.vault.keys)
        play.show(store.vault.keys.read())
        store.close()
        _refuse_backups(play, place, root)
        _refuse_copies(play, root)
        _refuse_keys(play, place, root / "store.key")
        _change(place, "UPDATE store_record SET sealed = substr(sealed, 1, 40)")
        play.refused("store-record-damaged", store.get, Kind.STEP, step.record.root)
        play.refused("store-record-damaged", store.of_claim, Kind.STEP, step.claim)
        store.close()
        _change(place, "UPDATE store_version SET version_num = '9999'")
        play.refused("store-newer", LocalStore, place)
        _refuse_files(play, place, json.dumps(step.to_json()))
    _refuse_servers(play)


def _change(place: Path, statement: str) -> None:
    with closing(sqlite3.connect(place / "store.sqlite")) as opened, opened:
        opened.execute(statement)


def _refuse_copies(play: Play, root: Path) -> None:
    """The copies of an erasure: written over the store, or by something that keeps nothing."""
    place = root / "erased"
    place.mkdir()
    store = LocalStore(place)
    store.put(Kind.VERDICT, "a", {})
    remove(store, at=1)
    play.refused("copy-in-store", finish, store, Copies(place / "store.sqlite"), at=1)
    keeps_nothing = mock.Mock(spec=HeldKeys, shown="nowhere")
    keeps_nothing.read.return_value = None
    play.refused("copy-unreadable", finish, store, Copies(root / "copy", keeps_nothing), at=1)
    with mock.patch.multiple("sceau.store.outbox", MOST_WAITING=0, _COUNTED_EVERY=1):
        waiting, call = Outbox(store.vault, "chain"), Call("0x" + "11" * 20, "0x", "open")
        play.refused("outbox-full", waiting.want, "a", call, lane="b", signer="c")
    store.close()


def _refuse_backups(play: Play, place: Path, root: Path) -> None:
    other = root / "other"
    other.mkdir()
    play.refused("store-not-there", back_up, LocalStore(other), root / "none")
    play.refused("not-of-version-before", take_in, other)
    play.refused("not-of-version-before", take_in, place)
    play.show(back_up(LocalStore(place), root / "backup"))
    play.refused("store-not-empty", restore, root / "backup", LocalStore(place))
    play.refused("backup-invalid", restore, root / "store.key", LocalStore(other))
    play.refused("store-key-missing", restore, root / "backup", LocalStore(other))


def _refuse_keys(play: Play, place: Path, key: Path) -> None:
    right = key.read_bytes()
    key.write_text(right.decode().replace('"1":', '"2":'))
    play.refused("store-key-wrong", LocalStore, place)
    key.write_bytes(right[:-40])
    play.refused("store-key-invalid", LocalStore, place)
    key.unlink()
    play.refused("store-key-missing", LocalStore, place)
    play.refused("store-key-exposed", LocalStore, place, KeyFile(place / "store.key"))
    keys = KeyFile(key, "a long passphrase", cost=10)
    keys.create(KeySet.from_json(json.loads(right), key))
    play.refused("store-passphrase-missing", LocalStore, place)
    play.refused("store-passphrase-wrong", LocalStore, place, KeyFile(key, "another passphrase"))
    key.write_bytes(right)


def _refuse_files(play: Play, place: Path, secrets: str) -> None:
    for each in place.iterdir():
        each.unlink()
    _change(place, "CREATE TABLE document (kind TEXT, key TEXT, claim TEXT, json TEXT)")
    play.refused("store-of-version-before", LocalStore, place)
    (place / "store.sqlite").write_text(secrets, "utf-8")
    play.refused("register-unusable", LocalStore, place)


def _refuse_servers(play: Play) -> None:
    play.refused("store-key-not-named", LocalStore, _SERVER)
    with tempfile.TemporaryDirectory() as folder:
        key = KeyFile(Path(folder, "key"))
        play.refused("register-unusable", LocalStore, _SERVER, key)
        with mock.patch.dict(sys.modules, {"psycopg": None}):
            play.refused("postgresql-extra-missing", LocalStore, _SERVER, key)
    with mock.patch.object(keyring, "get_password", side_effect=NoKeyringError("no keyring")):
        play.refused("keyring-unusable", Keyring("name").read)
    with mock.patch.dict(sys.modules, {"keyring": None}):
        play.refused("keyring-extra-missing", Keyring("name").read)
