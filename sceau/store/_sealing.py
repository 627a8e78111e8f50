# SPDX-License-Identifier: Apache-2.0
"""How the rows of a store are encrypted, under the key of one epoch.

A document is encrypted with AES-256-GCM under a data key of its own, which is used once and kept beside it, wrapped
with AES-256-GCM-SIV under a key that follows from the epoch's. The row's own names, its key and its claim, are wrapped
with the data key; in their place stand an HMAC of each. Number, kind, key and claim of a row are associated data: no
row, nor a part of one, opens in the place of another, nor in another party's store.

The HMAC's key follows from the epoch's key, and not from a secret that outlives it: a person with an old backup and
the present keys could otherwise try all file numbers on it, and find which claim of an erased patient was there. So a
re-wrap writes the HMACs anew, and after an erasure an old backup answers no question at all.

Texts are padded with blanks, so that their lengths say little.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = "sceau-store/1"
KEY_BYTES = 32

_NONCE_BYTES = 12
# A data key encrypts one text in its life, so that its nonce may be any.
_ONLY_NONCE = bytes(_NONCE_BYTES)
_NAMES_BLOCK = 64
_DOCUMENT_BLOCK = 256


class Undecipherable(Exception):
    """A row does not open: it was changed, or is not of this place."""


class Row(NamedTuple):
    """One encrypted row. ``key`` and ``claim`` are HMACs of its names (32 bytes each)."""

    place: int
    kind: str
    key: bytes
    claim: bytes
    wrapped: bytes
    sealed: bytes


class Opened(NamedTuple):
    """What a row holds."""

    key: str
    claim: str
    document: dict[str, Any]


class Epoch:
    """An epoch of one store: its number, and the keys that follow from its epoch key.

    Args:
        store: the store's identifier, 16 bytes.
        number: the epoch, from 1.
        key: the epoch key, 32 bytes.
    """

    def __init__(self, store: bytes, number: int, key: bytes) -> None:
        self.store = store
        self.number = number
        derived = HKDF(SHA256(), 3 * KEY_BYTES, salt=store, info=f"{FORMAT} epoch {number}".encode()).derive(
            key
        )
        self._wrapping = AESGCMSIV(derived[:KEY_BYTES])
        self._index = derived[KEY_BYTES : 2 * KEY_BYTES]
        #: Stands in the database, and tells whether a key is this epoch's; it says nothing of the others.
        self.check = derived[2 * KEY_BYTES :]

    def __repr__(self) -> str:
        return f"Epoch({self.number})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("keys of a store are never pickled or copied: they would leave the process")

    def key_of(self, kind: str, key: str) -> bytes:
        """What stands for a row's key."""
        return self._mark("key", kind, key)

    def claim_of(self, kind: str, claim: str) -> bytes:
        """What stands for the claim of a row; another one for each kind."""
        return self._mark("claim", kind, claim)

    def seal(self, place: int, kind: str, key: str, claim: str, document: Mapping[str, Any]) -> Row:
        """A row, under a fresh data key."""
        data_key = os.urandom(KEY_BYTES)
        text = _padded(json.dumps(document), _DOCUMENT_BLOCK)
        sealed = AESGCM(data_key).encrypt(_ONLY_NONCE, text, self._about(place, kind, key, claim))
        return self._wrap(place, kind, data_key, key, claim, sealed)

    def open(self, row: Row) -> Opened:
        """The content of a row. Raises :class:`Undecipherable`."""
        data_key, key, claim = self._unwrap(row)
        try:
            text = AESGCM(data_key).decrypt(
                _ONLY_NONCE, row.sealed, self._about(row.place, row.kind, key, claim)
            )
        except (InvalidTag, ValueError):
            raise Undecipherable from None
        return Opened(key, claim, json.loads(text.decode()))

    def rewrap(self, row: Row, following: Epoch) -> Row:
        """The same row under another epoch's key; its document stays as it is. Raises :class:`Undecipherable`."""
        data_key, key, claim = self._unwrap(row)
        return following._wrap(row.place, row.kind, data_key, key, claim, row.sealed)

    def _wrap(self, place: int, kind: str, data_key: bytes, key: str, claim: str, sealed: bytes) -> Row:
        marks = self.key_of(kind, key), self.claim_of(kind, claim)
        nonce = os.urandom(_NONCE_BYTES)
        names = data_key + _padded(json.dumps([key, claim]), _NAMES_BLOCK)
        wrapped = nonce + self._wrapping.encrypt(nonce, names, self._beside(place, kind, *marks))
        return Row(place, kind, *marks, wrapped, sealed)

    def _unwrap(self, row: Row) -> tuple[bytes, str, str]:
        nonce, wrapped = row.wrapped[:_NONCE_BYTES], row.wrapped[_NONCE_BYTES:]
        beside = self._beside(row.place, row.kind, row.key, row.claim)
        try:
            names = self._wrapping.decrypt(nonce, wrapped, beside)
        except (InvalidTag, ValueError):
            raise Undecipherable from None
        key, claim = json.loads(names[KEY_BYTES:].decode())
        return names[:KEY_BYTES], key, claim

    def _mark(self, what: str, kind: str, name: str) -> bytes:
        return hmac.digest(self._index, json.dumps([what, kind, name]).encode(), "sha256")

    def _about(self, place: int, kind: str, key: str, claim: str) -> bytes:
        return json.dumps([FORMAT, self.store.hex(), place, kind, key, claim]).encode()

    def _beside(self, place: int, kind: str, key: bytes, claim: bytes) -> bytes:
        return json.dumps(
            [FORMAT, self.store.hex(), self.number, place, kind, key.hex(), claim.hex()]
        ).encode()


def _padded(text: str, block: int) -> bytes:
    content = text.encode()
    return content + b" " * (-len(content) % block)
