# SPDX-License-Identifier: Apache-2.0
"""Where the keys of a store are kept: in a file, in a file that a passphrase locks, or in the keyring of the machine.

The keys are outside the database, so that a copy of the database alone is of no use. A key of an old epoch that stands
in a copy of this file, or of the keyring, opens a backup of that epoch: docs/store.md says what follows for erasure.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn, Protocol

from sceau.documents.errors import FileExists, FileNotRead
from sceau.documents.files import load, save_json
from sceau.documents.strict_json import parse_object
from sceau.store.errors import (
    KeyringExtraMissing,
    KeyringUnusable,
    StoreKeyExposed,
    StoreKeyInvalid,
    StoreKeyMissing,
    StoreKeyNotNamed,
    StorePassphraseMissing,
    StorePassphraseWrong,
)

#: A folder, or the URL of a database.
Place = str | Path

FORMAT = "sceau-store-key/1"
_KEY_BYTES = 32
_STORE_BYTES = 16
_SERVICE = "sceau store"

# RFC 7914; a third of a second and 128 MiB. Of a file at most that is spent, so that nobody's file stops the machine.
_SCRYPT_LOG_N = 17
_SCRYPT_LOG_N_TAKEN = range(10, 21)


@dataclass(frozen=True, repr=False)
class KeySet:
    """The epoch keys of one store, by the number of the epoch; more than one only while an epoch changes."""

    store: bytes
    epochs: Mapping[int, bytes]

    def __repr__(self) -> str:
        return f"KeySet(epochs {sorted(self.epochs)})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys of a store are never pickled or copied: they would leave the process")

    @classmethod
    def fresh(cls) -> KeySet:
        """The keys of a new store."""
        return cls(os.urandom(_STORE_BYTES), {1: os.urandom(_KEY_BYTES)})

    def with_next(self) -> KeySet:
        """With a fresh key, of an epoch that was never before."""
        return KeySet(self.store, {**self.epochs, max(self.epochs) + 1: os.urandom(_KEY_BYTES)})

    def only(self, epoch: int) -> KeySet:
        """Without the keys of all other epochs."""
        return KeySet(self.store, {epoch: self.epochs[epoch]})

    def to_json(self) -> dict[str, Any]:
        """As a file or a keyring holds it."""
        epochs = {str(number): key.hex() for number, key in sorted(self.epochs.items())}
        return {"format": FORMAT, "store": self.store.hex(), "epochs": epochs}

    @classmethod
    def from_json(cls, written: Mapping[str, Any], shown: object) -> KeySet:
        """Reads it; ``shown`` names where it was. Raises :class:`StoreKeyInvalid`."""
        try:
            store = bytes.fromhex(written["store"])
            epochs = {int(number): bytes.fromhex(key) for number, key in written["epochs"].items()}
            sizes = {len(key) for key in epochs.values()}
            sound = written["format"] == FORMAT and len(store) == _STORE_BYTES and sizes == {_KEY_BYTES}
        except (LookupError, TypeError, ValueError, AttributeError):
            sound = False
        if not sound or min(epochs) < 1:
            raise StoreKeyInvalid(path=shown)
        return cls(store, epochs)


class StoreKeys(Protocol):
    """A place for the keys of one store. Every method raises an error of :class:`sceau.store.errors.StoreLocked`."""

    @property
    def shown(self) -> str:
        """The place, for people."""

    def read(self) -> KeySet | None:
        """The keys, or ``None`` where there are none yet."""

    def create(self, keys: KeySet) -> bool:
        """Keeps the keys of a new store, durably; ``False``, and nothing changed, where there are keys already."""

    def replace(self, keys: KeySet) -> None:
        """Keeps these in place of those that are there: durable when it returns."""


class HeldKeys:
    """Keys in the memory of this process, for a store in memory."""

    shown = "memory"

    def __init__(self) -> None:
        self._keys: KeySet | None = None

    def read(self) -> KeySet | None:
        """As :meth:`StoreKeys.read`."""
        return self._keys

    def create(self, keys: KeySet) -> bool:
        """As :meth:`StoreKeys.create`."""
        if self._keys is not None:
            return False
        self._keys = keys
        return True

    def replace(self, keys: KeySet) -> None:
        """As :meth:`StoreKeys.replace`."""
        self._keys = keys


class KeyFile:
    """Keys in a file that its owner alone can read, outside the store's folder.

    Args:
        path: the file.
        passphrase: locks it, with scrypt and AES-256-GCM. A file that is not locked yet is locked when it is next
            written.
        cost: log2 of scrypt's N.
    """

    def __init__(self, path: str | Path, passphrase: str | None = None, *, cost: int = _SCRYPT_LOG_N) -> None:
        self._path = Path(path)
        self._passphrase = passphrase
        self._cost = cost

    def __repr__(self) -> str:
        return f"KeyFile({str(self._path)!r})"

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @property
    def locked(self) -> bool:
        """Whether a passphrase opens it, which outlives every epoch. Also of a file that is locked as it stands."""
        if self._passphrase is not None:
            return True
        with suppress(OSError, UnicodeDecodeError):
            return '"locked"' in self._path.read_text()
        return False

    @property
    def shown(self) -> str:
        """The file's name."""
        return str(self._path)

    def read(self) -> KeySet | None:
        """As :meth:`StoreKeys.read`."""
        if not self._path.exists():
            return None
        self._require_private()
        try:
            written = parse_object(load(self._path))
        except FileNotRead:
            raise StoreKeyMissing(path=self._path) from None
        if not isinstance(written, dict):
            raise StoreKeyInvalid(path=self._path)
        if "locked" in written:
            return KeySet.from_json(self._unlocked(written["locked"]), self._path)
        return KeySet.from_json(written, self._path)

    def create(self, keys: KeySet) -> bool:
        """As :meth:`StoreKeys.create`. Raises :class:`FileNotWritten`."""
        try:
            self._save(keys, force=False)
        except FileExists:
            return False
        return True

    def replace(self, keys: KeySet) -> None:
        """As :meth:`StoreKeys.replace`. Raises :class:`FileNotWritten`."""
        self._save(keys, force=True)

    def _save(self, keys: KeySet, *, force: bool) -> None:
        content = keys.to_json()
        if self._passphrase is not None:
            content = {"format": FORMAT, "locked": self._locked(content, self._passphrase)}
        save_json(self._path, content, force=force)
        settle(self._path.parent)

    def _require_private(self) -> None:
        if os.name == "posix" and self._path.stat().st_mode & 0o077:
            raise StoreKeyExposed(path=self._path)

    def _locked(self, content: Mapping[str, Any], passphrase: str) -> dict[str, Any]:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        salt, nonce = os.urandom(16), os.urandom(12)
        key = _scrypt(passphrase, salt, self._cost)
        sealed = AESGCM(key).encrypt(nonce, json.dumps(content).encode(), FORMAT.encode())
        return {"cost": self._cost, "salt": salt.hex(), "nonce": nonce.hex(), "sealed": sealed.hex()}

    def _unlocked(self, locked: Any) -> Mapping[str, Any]:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if self._passphrase is None:
            raise StorePassphraseMissing(path=self._path)
        try:
            cost = locked["cost"]
            if type(cost) is not int or cost not in _SCRYPT_LOG_N_TAKEN:
                raise ValueError
            salt, nonce, sealed = (bytes.fromhex(locked[part]) for part in ("salt", "nonce", "sealed"))
            if not (len(salt) == 16 and len(nonce) == 12):
                raise ValueError
        except (LookupError, TypeError, ValueError):
            raise StoreKeyInvalid(path=self._path) from None
        try:
            text = AESGCM(_scrypt(self._passphrase, salt, cost)).decrypt(nonce, sealed, FORMAT.encode())
        except (InvalidTag, ValueError):
            raise StorePassphraseWrong(path=self._path) from None
        written: dict[str, Any] = json.loads(text)
        return written


class Keyring:
    """Keys in the keyring of this machine's user, under the name of the store's place."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def shown(self) -> str:
        """The name in the keyring."""
        return f"keyring, {_SERVICE}, {self._name}"

    def read(self) -> KeySet | None:
        """As :meth:`StoreKeys.read`."""
        with _keyring(self.shown) as ring:
            written = ring.get_password(_SERVICE, self._name)
        if written is None:
            return None
        try:
            content = json.loads(written)
        except ValueError:
            raise StoreKeyInvalid(path=self.shown) from None
        return KeySet.from_json(content if isinstance(content, dict) else {}, self.shown)

    def create(self, keys: KeySet) -> bool:
        """As :meth:`StoreKeys.create`; of two processes that create at once, the one whose keys stay says so."""
        if self.read() is not None:
            return False
        self.replace(keys)
        kept = self.read()
        return kept is not None and kept.store == keys.store

    def replace(self, keys: KeySet) -> None:
        """As :meth:`StoreKeys.replace`."""
        with _keyring(self.shown) as ring:
            ring.set_password(_SERVICE, self._name, json.dumps(keys.to_json()))


def keys_of(place: Place | None, key: Place | None = None, passphrase: str | None = None) -> StoreKeys:
    """Where the keys of a store are, as its user named it.

    Args:
        place: the store's folder, URL, or ``None`` for one in memory.
        key: a file; ``"keyring"`` for the keyring; if not given, the file beside the folder with its name and ``.key``.
        passphrase: locks the file.

    Raises:
        StoreKeyNotNamed: a database on a server has no folder beside which its key could be.
    """
    if place is None:
        return HeldKeys()
    if key == "keyring":
        return Keyring(without_password(place) if is_url(place) else str(Path(place).resolve()))
    if key is None and is_url(place):
        raise StoreKeyNotNamed
    return KeyFile(usual_key_file(place) if key is None else key, passphrase)


def usual_key_file(folder: Place) -> Path:
    """Where the key of a store in a folder is by default: beside the folder, not in it."""
    whole = Path(folder).resolve()
    return whole.parent / f"{whole.name}.key"


def is_url(place: Place) -> bool:
    """Whether a place is on a server."""
    return isinstance(place, str) and "://" in place


def without_password(place: Place | None) -> str:
    """A place of a store as it may be shown."""
    if place is None or not is_url(place):
        return str(place)
    scheme, _, rest = str(place).partition("://")
    # A password may stand before the host, or among the parameters.
    return f"{scheme}://{rest.partition('?')[0].rpartition('@')[2]}"


@contextmanager
def _keyring(shown: str) -> Iterator[Any]:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise KeyringExtraMissing from None
    try:
        yield keyring
    except (KeyringError, OSError):
        raise KeyringUnusable(place=shown) from None


@lru_cache(maxsize=8)
def _scrypt(passphrase: str, salt: bytes, cost: int) -> bytes:
    """Kept for this process: one command opens the store more than once."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(salt=salt, length=_KEY_BYTES, n=2**cost, r=8, p=1).derive(passphrase.encode())


def settle(folder: Path) -> None:
    """Makes a file's new name outlive a loss of power."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
