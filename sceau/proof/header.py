# SPDX-License-Identifier: Apache-2.0
"""A QBFT header: its bytes, its hash, and the validators that sealed it.

Besu writes into ``extraData`` the list of a block's validators, one vote, the round, and the seals of those that
committed it. A seal signs the header with its round and without seals; the block's hash leaves out both
(https://github.com/hyperledger/besu, ``BftBlockHashing``). So the hash names one block, whoever sealed it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sceau.documents.hashing import keccak
from sceau.documents.identifiers import hex_of
from sceau.errors import Sentence
from sceau.proof.errors import Unproved
from sceau.proof.reading import data_of, decoded, number_of, row, sized

#: Bytes of an address, of a hash, and of a seal (r, s, v).
_ADDRESS, _HASH, _SEAL = 20, 32, 65
#: Instead of a length: a number, of at most so many bytes, and bytes of any length.
_NUMBER, _ANY = -8, -1

#: The fields of a header in their order, as JSON-RPC names them, and their lengths in bytes.
_SHANGHAI = (
    ("parentHash", _HASH),
    ("sha3Uncles", _HASH),
    ("miner", _ADDRESS),
    ("stateRoot", _HASH),
    ("transactionsRoot", _HASH),
    ("receiptsRoot", _HASH),
    ("logsBloom", 256),
    ("difficulty", _NUMBER),
    ("number", _NUMBER),
    ("gasLimit", _NUMBER),
    ("gasUsed", _NUMBER),
    ("timestamp", _NUMBER),
    ("extraData", _ANY),
    ("mixHash", _HASH),
    ("nonce", 8),
    ("baseFeePerGas", _NUMBER),
    ("withdrawalsRoot", _HASH),
)
_CANCUN = (
    *_SHANGHAI,
    ("blobGasUsed", _NUMBER),
    ("excessBlobGas", _NUMBER),
    ("parentBeaconBlockRoot", _HASH),
)
#: The fields of a header by the fork of its chain, which the manifest names: a node must not choose them.
FORKS = {
    "london": _SHANGHAI[:-1],
    "shanghai": _SHANGHAI,
    "cancun": _CANCUN,
    "prague": (*_CANCUN, ("requestsHash", _HASH)),
}
_EXTRA = next(place for place, (name, _) in enumerate(_SHANGHAI) if name == "extraData")

_NO_HEADER = Sentence("proof.no-header")
_NO_EXTRA = Sentence("proof.no-extra")
_NO_SEAL = Sentence("proof.no-seal")

#: Bytes of a header, at most: it holds some 400 validators, and is read in half a second whatever it holds.
_LONGEST = 32_768
#: A vote's second part: to add a validator, or to drop one.
_ADD, _DROP = b"\xff", b""


@dataclass(frozen=True)
class Vote:
    """A proposer's vote to add a validator (``0x`` address) or to drop it."""

    subject: str
    adds: bool


@dataclass(frozen=True)
class Header:
    """A header as its bytes say; addresses and hashes are ``0x`` hex in lower case, ``timestamp`` is in seconds.

    ``sealers`` are the addresses whose seals it bears, whoever they are; ``base_fee`` is in wei; ``raw`` its bytes.
    """

    number: int
    hash: str
    parent: str
    proposer: str
    state_root: bytes
    transactions_root: bytes
    receipts_root: bytes
    timestamp: int
    base_fee: int
    validators: frozenset[str]
    vote: Vote | None
    round: int
    sealers: frozenset[str]
    raw: bytes = field(default=b"", repr=False)


def read_header(raw: bytes, fork: str) -> Header:
    """The header that these bytes are on a chain of a fork.

    Raises:
        Unproved: they are no header of that fork with QBFT's extra data, or are more than 32 KiB.
    """
    if len(raw) > _LONGEST:
        raise Unproved(_NO_HEADER)
    fields = row(decoded(raw, _NO_HEADER), _NO_HEADER, len(FORKS[fork]))
    data = {name: _read(each, size) for (name, size), each in zip(FORKS[fork], fields, strict=True)}
    extra = row(decoded(data["extraData"], _NO_EXTRA), _NO_EXTRA, 5)
    vanity, listed, vote, round_, seals = extra
    # Before anything is hashed: what follows meets no list where bytes belong, and none in another's depth.
    sized(vanity, _HASH, _NO_EXTRA)
    validators, voted, rounds = _validators(listed), _vote(vote), _number(round_, _NO_EXTRA)
    if not isinstance(seals, list) or len(seals) > len(validators):
        raise Unproved(_NO_EXTRA)
    signed = _hash(fields, [vanity, listed, vote, round_, []])
    return Header(
        number=_number(data["number"]),
        hash=hex_of(_hash(fields, [vanity, listed, vote, b"", []])),
        parent=hex_of(data["parentHash"]),
        proposer=hex_of(data["miner"]),
        state_root=data["stateRoot"],
        transactions_root=data["transactionsRoot"],
        receipts_root=data["receiptsRoot"],
        timestamp=_number(data["timestamp"]),
        base_fee=_number(data["baseFeePerGas"]),
        validators=validators,
        vote=voted,
        round=rounds,
        sealers=frozenset(_signer(each, signed) for each in seals),
        raw=raw,
    )


def bytes_of_block(block: Mapping[str, Any], fork: str) -> bytes:
    """The bytes of a header that JSON-RPC gives field by field; other fields of the answer do not count.

    Raises:
        Unproved: a field of the fork's headers is missing or no hexadecimal text.
    """
    import rlp

    return bytes(rlp.encode([_field(block.get(name), size) for name, size in FORKS[fork]]))


def _field(value: Any, size: int) -> bytes:
    return number_of(value, _NO_HEADER) if size == _NUMBER else data_of(value, _NO_HEADER)


def _hash(fields: list[Any], extra: list[Any]) -> bytes:
    import rlp

    return keccak(bytes(rlp.encode([*fields[:_EXTRA], bytes(rlp.encode(extra)), *fields[_EXTRA + 1 :]])))


def _read(field: Any, size: int) -> bytes:
    if size == _NUMBER:
        _number(field)
    return sized(field, len(field) if size < 0 else size, _NO_HEADER)


def _number(data: Any, why: Sentence = _NO_HEADER) -> int:
    """A number in RLP: at most 64 bits, without leading zeros."""
    if not isinstance(data, bytes) or data.startswith(b"\0") or len(data) > -_NUMBER:
        raise Unproved(why)
    return int.from_bytes(data, "big")


def _validators(listed: Any) -> frozenset[str]:
    if not isinstance(listed, list) or not listed:
        # A chain whose validators stand in a contract leaves the list empty: its headers prove nothing.
        raise Unproved(Sentence("proof.no-validators"))
    found = frozenset(hex_of(sized(each, _ADDRESS, _NO_EXTRA)) for each in listed)
    if len(found) != len(listed):
        raise Unproved(_NO_EXTRA)
    return found


def _vote(vote: Any) -> Vote | None:
    if vote == []:
        return None
    subject, adds = row(vote, _NO_EXTRA, 2)
    if adds not in (_ADD, _DROP):
        raise Unproved(_NO_EXTRA)
    return Vote(hex_of(sized(subject, _ADDRESS, _NO_EXTRA)), adds == _ADD)


def _signer(seal: Any, signed: bytes) -> str:
    from coincurve import PublicKey

    try:
        key = PublicKey.from_signature_and_message(sized(seal, _SEAL, _NO_SEAL), signed, hasher=None)
    except ValueError:
        raise Unproved(_NO_SEAL) from None
    return hex_of(keccak(key.format(compressed=False)[1:])[-_ADDRESS:])
