# SPDX-License-Identifier: Apache-2.0
"""Headers and proofs of a Besu network, changed at random as somebody might who forges them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import rlp

from sceau.documents.hashing import keccak
from sceau.documents.identifiers import bytes_of
from sceau.proof.header import FORKS, bytes_of_block
from tests.client.proof.scenes import vector
from tests.support.qbft import Seals, address_of, validator_keys

BLOCK: dict[str, Any] = vector("state")["block"]
FIELDS = [name for name, _ in FORKS["shanghai"]]
EXTRA = FIELDS.index("extraData")
KEYS, STRANGERS = validator_keys(4), validator_keys(3, "stranger")
_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_LIST, _BYTES = 0xC0, 0x80


# Bytes and items


def flipped(draw: Random, raw: bytes) -> bytes:
    """Bytes with one to three bits flipped."""
    changed = bytearray(raw)
    for _ in range(draw.randint(1, 3)):
        changed[draw.randrange(len(raw))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def cut(draw: Random, raw: bytes) -> bytes:
    """Bytes of which some are missing, or among which there are more."""
    at = draw.randrange(len(raw))
    return draw.choice([raw[:at], raw[at:], raw + raw[:at], raw[:at] + draw.randbytes(3) + raw[at:]])


def reshaped(draw: Random, raw: bytes) -> bytes:
    """An item with one change somewhere in it, encoded well."""
    return bytes(rlp.encode(changed(draw, rlp.decode(raw))))


def changed(draw: Random, item: Any) -> Any:
    """An item with one change somewhere in it."""
    if not isinstance(item, list):
        others = [b"", b"\0", b"\xff", item[:-1], item + b"\1", b"\0" + item, item[::-1], draw.randbytes(9)]
        return draw.choice([*others, [item], []])
    if not item or draw.random() < 0.15:
        return draw.choice([b"", [], item[:-1], [*item, b""], [item]])
    at = draw.randrange(len(item))
    return draw.choice(
        [
            [*item[:at], *item[at + 1 :]],
            [*item[:at], item[at], *item[at:]],
            draw.sample(item, len(item)),
            *[[*item[:at], changed(draw, item[at]), *item[at + 1 :]]] * 3,
        ]
    )


def oddly_encoded(draw: Random, item: Any) -> bytes:
    """The bytes of an item, somewhere in which is a length that is not so, or that is not written so."""
    if isinstance(item, list) and item and draw.random() < 0.8:
        at = draw.randrange(len(item))
        parts = [
            oddly_encoded(draw, each) if place == at else rlp.encode(each) for place, each in enumerate(item)
        ]
        payload = b"".join(parts)
        return bytes(rlp.codec.length_prefix(len(payload), _LIST)) + payload
    data = b"".join(map(rlp.encode, item)) if isinstance(item, list) else item
    first = _LIST if isinstance(item, list) else _BYTES
    size = draw.choice([len(data), len(data) + 1, max(len(data) - 1, 0), 2**64 - 1, 2**53 + 1, 2**32])
    length = size.to_bytes(draw.randint(max(1, (size.bit_length() + 7) // 8), 8), "big")
    return draw.choice([bytes([first + 55 + len(length)]) + length, bytes([first + min(size, 55)])]) + data


# Headers


def header(draw: Random, raw: bytes) -> bytes:
    """A header with one kind of change."""
    kinds: list[Callable[[Random, bytes], bytes]] = [
        flipped,
        cut,
        reshaped,
        _other_extra,
        _other_encoding,
        _other_seals,
        _sealed_anew,
    ]
    return draw.choice(kinds)(draw, raw)


def _other_extra(draw: Random, raw: bytes) -> bytes:
    fields = rlp.decode(raw)
    extra = rlp.decode(fields[EXTRA])
    at = draw.randrange(len(extra))
    extra[at] = draw.choice([b"", [], changed(draw, extra[at]), changed(draw, extra[at])])
    fields[EXTRA] = rlp.encode(extra)
    return bytes(rlp.encode(fields))


def _other_encoding(draw: Random, raw: bytes) -> bytes:
    fields = rlp.decode(raw)
    if draw.random() < 0.5:
        return oddly_encoded(draw, fields)
    fields[EXTRA] = oddly_encoded(draw, rlp.decode(fields[EXTRA]))
    return bytes(rlp.encode(fields))


def _other_seals(draw: Random, raw: bytes) -> bytes:
    """Some seals changed, then perhaps some dropped and all in another order."""
    fields = rlp.decode(raw)
    extra = rlp.decode(fields[EXTRA])
    seals = extra[4]
    for _ in range(draw.randint(0, 2)):
        seals[draw.randrange(len(seals))] = _other_seal(draw, draw.choice(seals))
    if draw.random() < 0.5:
        seals = draw.sample(seals, draw.randint(0, len(seals)))
    fields[EXTRA] = rlp.encode([*extra[:4], seals])
    return bytes(rlp.encode(fields))


def _other_seal(draw: Random, seal: bytes) -> bytes:
    r, s, v = seal[:32], int.from_bytes(seal[32:64], "big"), seal[64]
    # The same key's, written in the other way; then numbers out of range, and other keys'.
    second = r + (_ORDER - s).to_bytes(32, "big") + bytes([v ^ 1]) if 0 < s < _ORDER else seal
    recovery = bytes([draw.choice([0, 1, 2, 3, 4, 27, 28, 255])])
    numbers = [bytes(32), *(each.to_bytes(32, "big") for each in (1, _ORDER - 1, _ORDER, _ORDER + 1))]
    return draw.choice(
        [
            seal,
            second,
            seal[:64] + recovery,
            r + draw.choice(numbers) + seal[64:],
            draw.choice(numbers) + seal[32:64] + recovery,
            draw.randbytes(64) + seal[64:],
        ]
    )


def _sealed_anew(draw: Random, _raw: bytes) -> bytes:
    """A header of any list, vote and round, sealed by keys of the test."""
    keys = [*KEYS, *STRANGERS]
    listed = draw.sample(list(map(address_of, keys)), draw.randint(1, 6))
    seals = Seals(
        KEYS,
        listed=listed,
        sealers=draw.sample(keys, draw.randint(0, len(listed))),
        proposer=draw.choice(KEYS),
        vote=draw.choice([None, (address_of(draw.choice(STRANGERS)), draw.random() < 0.5)]),
        round=draw.choice([0, 1, 255, 256, 2**64 - 1]),
    )
    number = draw.choice([0, 1, 127, 128, 2**53 + 1, 2**64 - 1])
    numbers = {"number": hex(number), "timestamp": hex(2**64 - 1 - number)}
    return bytes_of_block(seals.sealed({**BLOCK, **numbers}), "shanghai")


# Proofs


def answer(draw: Random, given: dict[str, Any]) -> Any:
    """An answer to ``eth_getProof`` with one change; the answer that is given may change, too."""
    if draw.random() < 0.8:
        _change_branch(draw, [given["accountProof"], *(proof["proof"] for proof in given["storageProof"])])
        return given
    return draw.choice(
        [
            {
                **given,
                "storageProof": draw.choice([None, {}, "0x", [None], [[]], [{}], [{"proof": None}], [], 3]),
            },
            {**given, "accountProof": draw.choice([None, {}, "0x", [[]], [None], [], 3])},
            draw.choice([None, 1, "0x", [], True, {}, [given]]),
        ]
    )


_NO_NODES: list[Any] = [None, 7, "", "0x", "0xzz", "12", "0x1", [], {}, "0x" + "00" * 32_769]


def _change_branch(draw: Random, branches: list[list[Any]]) -> None:
    branch = draw.choice(branches)
    at = draw.randrange(len(branch))
    node = bytes_of(branch[at])
    branch[at:] = draw.choice(
        [
            branch[at + 1 :],
            branch[at:][::-1],
            [*draw.choice(branches), *branch[at:]],
            [hex_(change(draw, node)) for change in (draw.choice([flipped, cut, reshaped]),)]
            + branch[at + 1 :],
            [hex_(reshaped(draw, node)), *branch[at:]],
            [draw.choice(_NO_NODES), *branch[at + 1 :]],
            [branch[0]] * (draw.choice([64, 65]) - at),
        ]
    )


def hex_(data: bytes) -> str:
    """Bytes as a node writes them."""
    return "0x" + data.hex()


def grown(draw: Random, left: str, nodes: list[str], deep: int = 3) -> Any:
    """A node of about the shape that leads to a value at what is left of a path; it is added to the nodes.

    It is given as it stands in another: by its hash or, where it is short, as it is.
    """
    node = draw.choice([*[_leaf] * 4, *[_extension] * 2, *[_branch] * 3, _no_node])(draw, left, nodes, deep)
    if draw.random() < 0.05:
        node = changed(draw, node)
    encoded = rlp.encode(node)
    nodes.append(hex_(encoded))
    return node if len(encoded) < 32 or draw.random() < 0.1 else keccak(encoded)


def _leaf(draw: Random, left: str, _nodes: list[str], _deep: int) -> Any:
    own = draw.choice([left, left, left, left, left[: draw.randint(0, len(left))], left + "0"])
    return [_prefixed(draw, own, 2), draw.choice([b"value", b"", b"\0", [], [b"value"], b"v" * 40])]


def _extension(draw: Random, left: str, nodes: list[str], deep: int) -> Any:
    own = left[: draw.randint(0, min(3, len(left)))]
    return [_prefixed(draw, own, 0), _next(draw, left[len(own) :], nodes, deep)]


def _branch(draw: Random, left: str, nodes: list[str], deep: int) -> Any:
    node = [draw.choice([b"", b"", draw.randbytes(32)]) for _ in range(16)]
    if left:
        node[int(left[0], 16)] = _next(draw, left[1:], nodes, deep)
    return [*node, draw.choice([b"", b"value", []])]


def _no_node(draw: Random, _left: str, _nodes: list[str], _deep: int) -> Any:
    lists: list[Any] = [[], [b""], [b"", b""], [[], b""], [b" ", b""], [b""] * 16, [b""] * 18, [[]] * 17]
    return draw.choice([b"", b"\1", *lists])


def _next(draw: Random, left: str, nodes: list[str], deep: int) -> Any:
    if deep:
        return grown(draw, left, nodes, deep - 1)
    return draw.choice([b"", draw.randbytes(1), draw.randbytes(32), b"\x80", keccak(b"\x80"), b"\xc0", []])


def _prefixed(draw: Random, digits: str, kind: int) -> bytes:
    """A part of a path as nodes write it, after the digit that says of which kind it is."""
    first = draw.randrange(16) if draw.random() < 0.1 else kind
    if len(digits) % 2:
        return bytes.fromhex(format(first ^ 1, "x") + digits)
    return bytes.fromhex(format(first, "x") + draw.choice("0000000001") + digits)
