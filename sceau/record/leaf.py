# SPDX-License-Identifier: Apache-2.0
"""One leaf of a sealed record, in the private-data format of the Ethereum Attestation Service SDK 2.10."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from eth_abi.abi import encode
from eth_hash.auto import keccak

from sceau.documents.identifiers import ZERO_HASH, bytes_of
from sceau.record.canonical import LeafType, Value

#: Free places of a record are filled with leaves at pad.1, pad.2…: type bytes32, value zero, salted.
PAD_PREFIX = "pad."
ZERO = ZERO_HASH

_SALT_LABEL = b"sceau-salt-1:"


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
        fields = (self.type, self.path, _encoded(self.type, self.value), self.salt)
        return bytes(keccak(keccak(encode(["string", "string", "bytes", "bytes32"], fields))))

    def __repr__(self) -> str:
        # Neither value nor salt: this ends up in logs and tracebacks.
        return f"Leaf({self.type} {self.path})"


def salt(seed: bytes, path: str) -> bytes:
    """The 32-byte salt of ``path`` under a record's 32-byte seed: HMAC-SHA-256(seed, label ‖ path)."""
    return hmac.new(seed, _SALT_LABEL + path.encode(), hashlib.sha256).digest()


def salted(seed: bytes, type: LeafType, path: str, value: Value) -> Leaf:  # noqa: A002  # the word of the format
    """The leaf at ``path`` of the record that ``seed`` seals."""
    return Leaf(type, path, value, salt(seed, path))


def _encoded(type: LeafType, value: Value) -> bytes:  # noqa: A002  # the word of the format
    plain = bytes_of(value) if type == "bytes32" and isinstance(value, str) else value
    return encode([type], [plain])
