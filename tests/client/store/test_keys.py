# SPDX-License-Identifier: Apache-2.0
"""Where the keys of a store are: made once, kept private, and told from others."""

from __future__ import annotations

import copy
import json
import os
import pickle
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sceau.store import Kind, LocalStore
from sceau.store.errors import (
    KeyringExtraMissing,
    KeyringUnusable,
    StoreKeyExposed,
    StoreKeyInvalid,
    StoreKeyMissing,
    StoreKeyNotNamed,
    StoreKeyWrong,
    StoreLocked,
    StorePassphraseMissing,
    StorePassphraseWrong,
)
from sceau.store.keys import KeyFile, Keyring, KeySet, keys_of
from tests.client.store.conftest import Home

PASSPHRASE = "a long passphrase"
#: scrypt with the least that is taken: its cost is no matter here.
COST = 10


def written(home: Home) -> Home:
    home.open().put(Kind.STEP, "a", {"seed": "0x12"})
    return home


def test_a_key_is_made_on_first_use_beside_the_folder_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    store = LocalStore(folder)
    assert store.get(Kind.STEP, "a") is None
    assert sorted(each.name for each in tmp_path.iterdir()) == ["shop"]
    store.put(Kind.STEP, "a", {})
    key = tmp_path / "shop.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    (told,) = [record.getMessage() for record in caplog.records if record.name == "sceau.store"]
    assert str(key) in told
    assert "lost" in told
    assert json.loads(key.read_text())["epochs"]["1"] not in told
    LocalStore(folder).put(Kind.STEP, "b", {})
    assert len(caplog.records) == 1


def test_a_store_without_its_key_is_refused_and_made_anew_for_nobody(home: Home) -> None:
    written(home)
    content = home.key.read_bytes()
    home.key.unlink()
    for _ in range(2):
        with pytest.raises(StoreKeyMissing) as refused:
            home.open().put(Kind.STEP, "b", {})
        assert str(home.key) in refused.value.message("fr")
    assert not home.key.exists()
    home.key.write_bytes(content)
    home.key.chmod(0o600)
    assert home.open().get(Kind.STEP, "a") == {"seed": "0x12"}


def test_the_key_of_another_store_is_refused(homes: Callable[[], Home]) -> None:
    one, other = written(homes()), written(homes())
    with pytest.raises(StoreKeyWrong):
        Home(one.place, other.key).open()
    assert StoreKeyWrong.exit_code == StoreLocked.exit_code == 7


def test_a_key_with_one_wrong_bit_is_refused(home: Home) -> None:
    written(home)
    content = json.loads(home.key.read_text())
    right = int(content["epochs"]["1"], 16)
    content["epochs"]["1"] = f"{right ^ 1:064x}"
    home.key.write_text(json.dumps(content))
    with pytest.raises(StoreKeyWrong):
        home.open()


ZEROS = ("00" * 16, "00" * 32)
WRONG: tuple[dict[str, Any], ...] = (
    {"format": "sceau-store-key/2"},
    {"epochs": {}},
    {"epochs": {"0": ZEROS[1]}},
    {"epochs": {"1": 7}},
    {"epochs": {"1": ZEROS[0]}},
    {"store": ZEROS[1]},
    {"locked": {}},
    {"locked": []},
    # A cost that would stop the machine.
    {"locked": {"cost": 40, "salt": ZEROS[0], "nonce": "00" * 12, "sealed": ""}},
)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no key",
        "[]",
        "{}",
        '{"format": "sceau-store-key/1", "store": "00", "epochs": {"1": "00"}}',
        *(
            json.dumps({"format": "sceau-store-key/1", "store": ZEROS[0], "epochs": {"1": ZEROS[1]}} | wrong)
            for wrong in WRONG
        ),
    ],
)
def test_what_is_no_key_is_named_and_not_repeated(local: Home, content: str) -> None:
    local.key.write_text(content)
    local.key.chmod(0o600)
    with pytest.raises(StoreKeyInvalid) as refused:
        KeyFile(local.key, PASSPHRASE).read()
    assert str(local.key) in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.skipif(os.name != "posix", reason="Files have no such rights here")
def test_a_key_that_others_may_read_is_refused(local: Home) -> None:
    written(local)
    local.key.chmod(0o640)
    with pytest.raises(StoreKeyExposed):
        local.open()


def test_a_key_in_the_stores_folder_is_refused_by_whatever_name(local: Home, tmp_path: Path) -> None:
    """A thief of the folder would have both."""
    assert isinstance(local.place, Path)
    (tmp_path / "link").symlink_to(local.place)
    for place, key in (
        (local.place, local.place / "store.key"),
        (local.place, local.place / "below" / "store.key"),
        (tmp_path / "link", local.place / "store.key"),
        (local.place, tmp_path / "link" / "store.key"),
    ):
        with pytest.raises(StoreKeyExposed):
            LocalStore(place, KeyFile(key)).put(Kind.STEP, "a", {})
    assert list(local.place.iterdir()) == []


def test_a_passphrase_locks_the_key(local: Home) -> None:
    def opened(passphrase: str | None) -> LocalStore:
        return LocalStore(local.place, KeyFile(local.key, passphrase, cost=COST))

    opened(PASSPHRASE).put(Kind.STEP, "a", {"seed": "0x12"})
    assert "epochs" not in local.key.read_text()
    assert opened(PASSPHRASE).get(Kind.STEP, "a") == {"seed": "0x12"}
    with pytest.raises(StorePassphraseMissing):
        opened(None)
    with pytest.raises(StorePassphraseWrong) as refused:
        opened("another passphrase")
    assert "another passphrase" not in str(refused.value)
    locked = json.loads(local.key.read_text())
    locked["locked"]["cost"] = COST + 1
    local.key.write_text(json.dumps(locked))
    with pytest.raises(StorePassphraseWrong):
        opened(PASSPHRASE)


def test_a_key_that_was_plain_is_locked_when_it_is_next_written(local: Home) -> None:
    written(local)
    store = LocalStore(local.place, KeyFile(local.key, PASSPHRASE, cost=COST))
    store.vault.begin_epoch()
    assert "epochs" not in local.key.read_text()
    store.vault.destroy_old_keys()
    assert store.get(Kind.STEP, "a") == {"seed": "0x12"}


def test_a_database_on_a_server_needs_a_place_for_its_key() -> None:
    with pytest.raises(StoreKeyNotNamed):
        keys_of("postgresql://db.example/sceau")


def test_keys_are_never_shown_pickled_or_copied(local: Home) -> None:
    store = written(local).open()
    keys = store.vault.keys.read()
    assert keys is not None
    with store.vault.view() as rows:
        assert rows is not None
        epoch = rows.epoch
    for each in (keys, epoch):
        for act in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError):
                act(each)
        assert keys.epochs[1].hex() not in repr(each)
    shown = f"{store!r} {store.vault!r} {store.vault.keys!r} {epoch.__dict__.keys()}"
    assert keys.epochs[1].hex() not in shown


# The keyring


class Ring:
    """A keyring in memory, in place of the machine's."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.entries.get((service, name))

    def set_password(self, service: str, name: str, secret: str) -> None:
        self.entries[service, name] = secret


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    import keyring

    found = Ring()
    monkeypatch.setattr(keyring, "get_password", found.get_password)
    monkeypatch.setattr(keyring, "set_password", found.set_password)
    return found


def test_a_keyring_holds_the_key_under_the_stores_place(local: Home, ring: Ring) -> None:
    def opened() -> LocalStore:
        return LocalStore(local.place, keys_of(local.place, "keyring"))

    opened().put(Kind.STEP, "a", {"at": 1})
    ((_, name),) = ring.entries
    assert name == str(local.place)
    assert opened().get(Kind.STEP, "a") == {"at": 1}
    opened().vault.begin_epoch()
    opened().vault.destroy_old_keys()
    assert opened().get(Kind.STEP, "a") == {"at": 1}
    assert not local.key.exists()
    ring.entries[("sceau store", name)] = "no key"
    with pytest.raises(StoreKeyInvalid):
        opened()
    ring.entries.clear()
    with pytest.raises(StoreKeyMissing):
        opened()


def test_a_database_is_named_in_the_keyring_without_its_password(ring: Ring) -> None:
    keys = keys_of("postgresql://shop:secret@db.example/sceau?password=secret", "keyring")
    keys.create(KeySet.fresh())
    ((_, name),) = ring.entries
    assert name == "postgresql://db.example/sceau"


def test_a_keyring_that_cannot_be_used_is_one_line(local: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.errors import NoKeyringError

    def locked(*_: Any) -> str:
        raise NoKeyringError("secret detail")

    monkeypatch.setattr(keyring, "get_password", locked)
    with pytest.raises(KeyringUnusable) as refused:
        LocalStore(local.place, Keyring("name")).put(Kind.STEP, "a", {})
    assert "secret detail" not in str(refused.value)
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)
    with pytest.raises(KeyringExtraMissing):
        Keyring("name").read()
