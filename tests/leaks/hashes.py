# SPDX-License-Identifier: Apache-2.0
"""Hashes that anybody could repeat: of a value, of a leaf without its salt, of a record, of a group without its key."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from eth_abi.abi import encode
from eth_hash.auto import keccak

from sceau.conformity.groups import VERSIONS, canonical_group
from sceau.conformity.keys import OrderContext, OrderKey
from sceau.record import SealedRecord, Value
from sceau.record.leaf import Leaf, salt
from sceau.record.tree import build
from sceau.terms import Group

Found = tuple[str, bytes]
"""What was hashed and how, in words, and the digest."""

ZEROS = bytes(32)

ALGORITHMS: Mapping[str, Callable[[bytes], bytes]] = {
    "keccak-256": lambda data: bytes(keccak(data)),
    "SHA-256": lambda data: hashlib.sha256(data).digest(),
    "SHA-512": lambda data: hashlib.sha512(data).digest(),
    "SHA-384": lambda data: hashlib.sha384(data).digest(),
    "SHA-224": lambda data: hashlib.sha224(data).digest(),
    "SHA3-256": lambda data: hashlib.sha3_256(data).digest(),
    "SHA3-512": lambda data: hashlib.sha3_512(data).digest(),
    "SHA-1": lambda data: hashlib.sha1(data).digest(),  # noqa: S324 # what is searched for, not relied on
    "MD5": lambda data: hashlib.md5(data).digest(),  # noqa: S324 # the same
    "BLAKE2b": lambda data: hashlib.blake2b(data).digest(),
    "BLAKE2b-256": lambda data: hashlib.blake2b(data, digest_size=32).digest(),
    "BLAKE2b-160": lambda data: hashlib.blake2b(data, digest_size=20).digest(),
    "BLAKE2s": lambda data: hashlib.blake2s(data).digest(),
}
#: The two that the protocol itself uses: tried on everything, and on each other's digests.
OWN = ("keccak-256", "SHA-256")


def hashes(what: str, data: bytes) -> Iterator[Found]:
    """Every hash of ``data``, once and twice."""
    for name, algorithm in ALGORITHMS.items():
        digest = algorithm(data)
        yield f"{name} of {what}", digest
        if name in OWN:
            for second in OWN:
                yield f"{second} of {name} of {what}", ALGORITHMS[second](digest)


def own_hashes(what: str, data: bytes) -> Iterator[Found]:
    """The hashes of the protocol, once and twice."""
    for first in OWN:
        digest = ALGORITHMS[first](data)
        yield f"{first} of {what}", digest
        yield f"{first} of {first} of {what}", ALGORITHMS[first](digest)


def of_value(record: SealedRecord, path: str, public: Sequence[bytes]) -> Iterator[Found]:
    """Hashes of one value of a record with its path or type, without a salt or with one that is ``public``."""
    value, type_ = record.values[path], record.profile.field(path).type
    written, word = _text(value), _abi(type_, value)
    leaf = encode(["string", "string", "bytes"], [type_, path, word])
    forms = {
        "leaf without salt": leaf,
        "type and value": encode(["string", type_], [type_, _plain(type_, value)]),
        "path and value, ABI": encode(["string", type_], [path, _plain(type_, value)]),
        "path and word": path.encode() + word,
        "JSON": json.dumps({path: value}, separators=(",", ":")).encode(),
    }
    forms |= {
        f"path{separator!r}value": f"{path}{separator}{written}".encode()
        for separator in ("", ":", "=", " ", "|")
    }
    for what, data in forms.items():
        yield from own_hashes(what, data)
    for known in (ZEROS, *public):
        yield "leaf with a public salt", Leaf(type_, path, value, known).hash
        for what, data in (("text", written.encode()), ("word", word)):
            yield from own_hashes(f"public salt and {what}", known + data)
            yield from own_hashes(f"{what} and public salt", data + known)
    for known in (b"", ZEROS, *public):
        for what, data in (("text", written.encode()), ("word", word), ("leaf", leaf)):
            yield f"HMAC of {what} under a public key", _hmac(known, data)


def of_record(record: SealedRecord, public: Sequence[bytes]) -> Iterator[Found]:
    """Hashes of a whole record, and its root with salts that are none."""
    values = record.values
    for separators in ((",", ":"), (", ", ": ")):
        written = json.dumps(dict(values), separators=separators, ensure_ascii=False).encode()
        yield from hashes("the record in JSON", written)
    for separator in ("", "|", ",", ";", "\n", "\0"):
        yield from hashes("the values joined", separator.join(_text(v) for v in values.values()).encode())
    types = [record.profile.field(path).type for path in values]
    plain = [_plain(type_, value) for type_, value in zip(types, values.values(), strict=True)]
    yield from hashes("the values, ABI", encode(types, plain))
    for known in (ZEROS, *public):
        bare = [Leaf(leaf.type, leaf.path, leaf.value, known) for leaf in record.leaves]
        yield "root with one public salt", build(leaf.hash for leaf in bare)[0]
        seeded = [Leaf(leaf.type, leaf.path, leaf.value, salt(known, leaf.path)) for leaf in record.leaves]
        yield "root with salts from a public seed", build(leaf.hash for leaf in seeded)[0]
    unsalted = (
        keccak(keccak(encode(["string", "string", "bytes"], [a.type, a.path, _abi(a.type, a.value)])))
        for a in record.leaves
    )
    yield "root of leaves without salts", build(bytes(leaf) for leaf in unsalted)[0]


def of_groups(record: SealedRecord, public: Sequence[bytes]) -> Iterator[Found]:
    """Tags and locks of an order's groups without a key, or with one that is public."""
    scope = record.scope
    if scope.profile_key not in VERSIONS:
        return
    context = OrderContext.of(scope)
    for group in Group:
        encoded = canonical_group(scope.profile_key, group, record.values).encoded
        what = f"group {group}"
        tags = list(hashes(what, encoded))
        for known in (b"", ZEROS, *public):
            tags.append((f"HMAC of {what} under a public key", _hmac(known, encoded)))
            derived = OrderKey(known.rjust(32, b"\0")[-32:]).group_key(context, group)
            tags.append((f"tag of {what} under a public order key", derived.authenticate(encoded)))
        for how, tag in tags:
            yield how, tag
            yield f"lock of {how}", lock(context, group, tag[:32].ljust(32, b"\0"))


def lock(context: OrderContext, group: Group, tag: bytes) -> bytes:
    """The lock that fits a tag of 32 bytes, as ``ClaimRegistry`` computes it."""
    types = ["bytes32", "uint8", "uint256", "bytes32"]
    values = [bytes.fromhex(context.claim[2:]), context.order_number, int(group), tag]
    return bytes(keccak(encode(types, values)))


def _hmac(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _abi(type_: str, value: Value) -> bytes:
    return encode([type_], [_plain(type_, value)])


def _plain(type_: str, value: Value) -> object:
    return bytes.fromhex(value[2:]) if type_ == "bytes32" and isinstance(value, str) else value
