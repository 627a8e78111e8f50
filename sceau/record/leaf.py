# SPDX-License-Identifier: Apache-2.0
"""One leaf of a sealed record, in the private-data format of the Ethereum Attestation Service SDK 2.10."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

from sceau.documents.hashing import WORD, keccak, signed_word, tail, text_word, word
from sceau.documents.identifiers import ZERO_HASH
from sceau.record.canonical import LeafType, Value

#: Free places of a record are filled with leaves at pad.1, pad.2…: type bytes32, value zero, salted.
PAD_PREFIX = "pad."
ZERO = ZERO_HASH

_SALT_LABEL = b"sceau-salt-1:"

# Where what stands behind the words begins: behind four of them in a leaf, behind one in a text alone.
_FIRST = 4 * WORD
_TEXT_AT = word(WORD)
# What stands before a value of one word: its length.
_ONE_WORD = word(WORD)


@dataclass(frozen=True, repr=False)
class Leaf:
    """A path, its type, its canonical value and its 32-byte salt."""

    type: LeafType
    path: str
    value: Value
    salt: bytes

    @property
    def hash(self) -> bytes:
        """keccak(keccak(abi.encode(string type, string path, bytes abi.encode(value), bytes32 salt))).

        Hashed twice, and never 64 bytes long before: no inner node of a tree can pass for a leaf.
        """
        heads, names = _named(self.type, self.path)
        return keccak(keccak(heads + self.salt + names + _encoded(self.type, self.value)))

    def __repr__(self) -> str:
        # Neither value nor salt: this ends up in logs and tracebacks.
        return f"Leaf({self.type} {self.path})"


def salt(seed: bytes, path: str) -> bytes:
    """The 32-byte salt of ``path`` under a record's 32-byte seed: HMAC-SHA-256(seed, label ‖ path)."""
    return hmac.new(seed, _SALT_LABEL + path.encode(), hashlib.sha256).digest()


def salted(seed: bytes, type: LeafType, path: str, value: Value) -> Leaf:  # noqa: A002  # the word of the format
    """The leaf at ``path`` of the record that ``seed`` seals."""
    return Leaf(type, path, value, salt(seed, path))


# A profile has few paths, and each is hashed with every record: what depends on no value is encoded once.
@lru_cache(maxsize=4096)
def _named(type: LeafType, path: str) -> tuple[bytes, bytes]:  # noqa: A002  # the word of the format
    """What stands before a leaf's salt, and what between it and the value."""
    kind, name = tail(type.encode()), tail(path.encode())
    path_at = _FIRST + len(kind)
    return word(_FIRST) + word(path_at) + word(path_at + len(name)), kind + name


def _encoded(type: LeafType, value: Value) -> bytes:  # noqa: A002  # the word of the format
    """abi.encode(value) as ``bytes``, behind its length. Raises OverflowError for a number beyond its type."""
    if isinstance(value, str):
        return _ONE_WORD + text_word(value) if type == "bytes32" else _text(value)
    return _ONE_WORD + (signed_word(value) if type == "int256" else word(value))


def _text(value: str) -> bytes:
    data = value.encode()
    before, behind = _text_frame(len(data))
    return before + data + behind


@lru_cache(maxsize=1024)
def _text_frame(length: int) -> tuple[bytes, bytes]:
    """What stands before and behind a text of so many bytes."""
    zeros = bytes(-length % WORD)
    return word(2 * WORD + length + len(zeros)) + _TEXT_AT + word(length), zeros
