# SPDX-License-Identifier: Apache-2.0
"""One leaf of a sealed record, in the private-data format of the Ethereum Attestation Service SDK 2.10."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache

from sceau.documents.hashing import keccak, signed_word, tail, text_word, word
from sceau.documents.identifiers import ZERO_HASH
from sceau.record.canonical import LeafType, Value

#: Free places of a record are filled with leaves at pad.1, pad.2…: type bytes32, value zero, salted.
PAD_PREFIX = "pad."
ZERO = ZERO_HASH

_SALT_LABEL = b"sceau-salt-1:"

# Where what stands behind the words begins: behind four of them in a leaf, behind one in a text alone.
_FIRST = 4 * 32
_TEXT_AT = word(32)


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
        kind, path, value = _name(self.type), _name(self.path), tail(_encoded(self))
        path_at = _FIRST + len(kind)
        heads = word(_FIRST) + word(path_at) + word(path_at + len(path)) + self.salt
        return keccak(keccak(heads + kind + path + value))

    def __repr__(self) -> str:
        # Neither value nor salt: this ends up in logs and tracebacks.
        return f"Leaf({self.type} {self.path})"


def salt(seed: bytes, path: str) -> bytes:
    """The 32-byte salt of ``path`` under a record's 32-byte seed: HMAC-SHA-256(seed, label ‖ path)."""
    return hmac.new(seed, _SALT_LABEL + path.encode(), hashlib.sha256).digest()


def salted(seed: bytes, type: LeafType, path: str, value: Value) -> Leaf:  # noqa: A002  # the word of the format
    """The leaf at ``path`` of the record that ``seed`` seals."""
    return Leaf(type, path, value, salt(seed, path))


@lru_cache(maxsize=4096)
def _name(written: str) -> bytes:
    return tail(written.encode())


def _encoded(leaf: Leaf) -> bytes:
    """abi.encode(value), as the leaf's type. Raises OverflowError for a number that its type does not hold."""
    value = leaf.value
    if isinstance(value, str):
        return text_word(value) if leaf.type == "bytes32" else _TEXT_AT + tail(value.encode())
    return signed_word(value) if leaf.type == "int256" else word(value)
