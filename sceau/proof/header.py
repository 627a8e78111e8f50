# SPDX-License-Identifier: Apache-2.0
"""A QBFT header: its bytes, its hash, and the validators that sealed it.

Besu writes into ``extraData`` the list of a block's validators, one vote, the round, and the seals of those that
committed it. A seal signs the header with its round and without seals; the block's hash leaves out both
(https://github.com/hyperledger/besu, ``BftBlockHashing``). So the hash names one block, whoever sealed it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sceau.documents.hashing import keccak
from sceau.documents.identifiers import hex_of
from sceau.errors import Sentence
from sceau.proof.errors import Unproved

_DATA, _QUANTITY = True, False

#: The fields of a header in their order, as JSON-RPC names them, and whether each is bytes or a number.
_SHANGHAI = (
    ("parentHash", _DATA),
    ("sha3Uncles", _DATA),
    ("miner", _DATA),
    ("stateRoot", _DATA),
    ("transactionsRoot", _DATA),
    ("receiptsRoot", _DATA),
    ("logsBloom", _DATA),
    ("difficulty", _QUANTITY),
    ("number", _QUANTITY),
    ("gasLimit", _QUANTITY),
    ("gasUsed", _QUANTITY),
    ("timestamp", _QUANTITY),
    ("extraData", _DATA),
    ("mixHash", _DATA),
    ("nonce", _DATA),
    ("baseFeePerGas", _QUANTITY),
    ("withdrawalsRoot", _DATA),
)
_CANCUN = (
    *_SHANGHAI,
    ("blobGasUsed", _QUANTITY),
    ("excessBlobGas", _QUANTITY),
    ("parentBeaconBlockRoot", _DATA),
)
#: The fields of a header by the fork of its chain, which the manifest names: a node must not choose them.
FORKS = {
    "london": _SHANGHAI[:-1],
    "shanghai": _SHANGHAI,
    "cancun": _CANCUN,
    "prague": (*_CANCUN, ("requestsHash", _DATA)),
}
_EXTRA = next(place for place, (name, _) in enumerate(_SHANGHAI) if name == "extraData")

_NO_HEADER = Sentence("proof.no-header")
_NO_EXTRA = Sentence("proof.no-extra")

#: Bytes of an address, of a hash and of a seal (r, s, v).
_ADDRESS, _HASH, _SEAL = 20, 32, 65
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

    ``sealers`` are the addresses whose seals it bears, whoever they are; ``base_fee`` is in wei.
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


def read_header(raw: bytes, fork: str) -> Header:
    """The header that these bytes are on a chain of a fork.

    Raises:
        Unproved: they are no header of that fork with QBFT's extra data.
    """
    fields = _list(_decoded(raw, _NO_HEADER), len(FORKS[fork]), _NO_HEADER)
    if any(isinstance(each, list) for each in fields):
        raise Unproved(_NO_HEADER)
    extra = _list(_decoded(fields[_EXTRA], _NO_EXTRA), 5, _NO_EXTRA)
    vanity, listed, vote, round_, seals = extra
    if isinstance(vanity, list) or isinstance(round_, list) or not isinstance(seals, list):
        raise Unproved(_NO_EXTRA)
    by_name = dict(zip((name for name, _ in FORKS[fork]), fields, strict=True))
    sealed = _hash(fields, [vanity, listed, vote, round_, []])
    return Header(
        number=_number(by_name["number"]),
        hash=hex_of(_hash(fields, [vanity, listed, vote, b"", []])),
        parent=hex_of(_sized(by_name["parentHash"], _HASH)),
        proposer=hex_of(_sized(by_name["miner"], _ADDRESS)),
        state_root=_sized(by_name["stateRoot"], _HASH),
        transactions_root=_sized(by_name["transactionsRoot"], _HASH),
        receipts_root=_sized(by_name["receiptsRoot"], _HASH),
        timestamp=_number(by_name["timestamp"]),
        base_fee=_number(by_name["baseFeePerGas"]),
        validators=_validators(listed),
        vote=_vote(vote),
        round=_number(round_),
        sealers=frozenset(_signer(each, sealed) for each in seals),
    )


def bytes_of_block(block: Mapping[str, Any], fork: str) -> bytes:
    """The bytes of a header that JSON-RPC gives field by field; other fields of the answer do not count.

    Raises:
        Unproved: a field of the fork's headers is missing or no hexadecimal text.
    """
    import rlp

    return bytes(rlp.encode([_field(block.get(name), is_data) for name, is_data in FORKS[fork]]))


def _field(value: Any, is_data: bool) -> bytes:
    if not (isinstance(value, str) and value.startswith("0x")):
        raise Unproved(_NO_HEADER)
    digits = value[2:]
    try:
        data = bytes.fromhex(digits if is_data or len(digits) % 2 == 0 else "0" + digits)
    except ValueError:
        raise Unproved(_NO_HEADER) from None
    return data if is_data else data.lstrip(b"\0")


def _hash(fields: list[Any], extra: list[Any]) -> bytes:
    import rlp

    return keccak(bytes(rlp.encode([*fields[:_EXTRA], bytes(rlp.encode(extra)), *fields[_EXTRA + 1 :]])))


def _decoded(raw: bytes, why: Sentence) -> Any:
    import rlp

    try:
        return rlp.decode(raw, strict=True)
    except (rlp.exceptions.RLPException, RecursionError, TypeError):
        raise Unproved(why) from None


def _list(decoded: Any, length: int, why: Sentence) -> list[Any]:
    if not isinstance(decoded, list) or len(decoded) != length:
        raise Unproved(why)
    return decoded


def _sized(data: Any, size: int) -> bytes:
    if not isinstance(data, bytes) or len(data) != size:
        raise Unproved(_NO_HEADER)
    return data


def _number(data: bytes) -> int:
    """A number in RLP: without leading zeros, at most 64 bits but for the base fee's 256."""
    if data.startswith(b"\0") or len(data) > _HASH:
        raise Unproved(_NO_HEADER)
    return int.from_bytes(data, "big")


def _validators(listed: Any) -> frozenset[str]:
    if not isinstance(listed, list) or not listed:
        # A chain whose validators stand in a contract leaves the list empty: its headers prove nothing.
        raise Unproved(Sentence("proof.no-validators"))
    found = frozenset(hex_of(_sized(each, _ADDRESS)) for each in listed)
    if len(found) != len(listed):
        raise Unproved(_NO_EXTRA)
    return found


def _vote(vote: Any) -> Vote | None:
    if vote in ([], b""):
        return None
    subject, adds = _list(vote, 2, _NO_EXTRA)
    if adds not in (_ADD, _DROP):
        raise Unproved(_NO_EXTRA)
    return Vote(hex_of(_sized(subject, _ADDRESS)), adds == _ADD)


def _signer(seal: Any, signed: bytes) -> str:
    from coincurve import PublicKey

    try:
        key = PublicKey.from_signature_and_message(_sized(seal, _SEAL), signed, hasher=None)
    except ValueError:
        raise Unproved(Sentence("proof.no-seal")) from None
    except Exception as error:  # the library's own error for a key that cannot be recovered
        if type(error) is not Exception:
            raise
        raise Unproved(Sentence("proof.no-seal")) from None
    return hex_of(keccak(key.format(compressed=False)[1:])[-_ADDRESS:])
