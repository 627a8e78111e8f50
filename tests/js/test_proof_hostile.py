# SPDX-License-Identifier: Apache-2.0
"""Whatever a node or a file gives, ``web/proof`` refuses it as ``sceau/proof`` does: by ``Unproved``, and soon."""

from __future__ import annotations

import re
from typing import Any

import pytest
import rlp
from coincurve import PrivateKey

from sceau.documents.hashing import keccak
from sceau.documents.identifiers import bytes_of, hex_of
from sceau.proof.header import bytes_of_block, read_header
from tests.client.proof.scenes import vector
from tests.js.forged import BLOCK, EXTRA, FIELDS, STRANGERS, hex_
from tests.js.proving import (
    HERE,
    Case,
    Compared,
    block_case,
    header_case,
    require_packages,
    value_case,
    words_case,
)
from tests.support.qbft import Seals, validator_keys

require_packages()

STATE = vector("state")
RAW = bytes_of(STATE["header"])
ROOT = read_header(RAW, "shanghai").state_root
_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def with_extra(part: int, encoded: bytes) -> bytes:
    """The header with other bytes of one part of its extra data."""
    fields = rlp.decode(RAW)
    parts = [rlp.encode(each) for each in rlp.decode(fields[EXTRA])]
    parts[part] = encoded
    payload = b"".join(parts)
    fields[EXTRA] = rlp.codec.length_prefix(len(payload), 0xC0) + payload
    return bytes(rlp.encode(fields))


def with_number(encoded: bytes) -> bytes:
    """The header with other bytes of its number."""
    parts = [rlp.encode(each) for each in rlp.decode(RAW)]
    parts[FIELDS.index("number")] = encoded
    payload = b"".join(parts)
    return bytes(rlp.codec.length_prefix(len(payload), 0xC0)) + payload


def nested(depth: int, inside: bytes = b"\xc0") -> bytes:
    """So many lists of one in one another, as RLP."""
    made = inside
    for _ in range(depth):
        made = rlp.codec.length_prefix(len(made), 0xC0) + made
    return made


# Lists in lists


@pytest.mark.parametrize("depth", [1, 2, 13, 14, 15, 16, 17, 100, 900, 1100, 10_000])
def test_lists_in_lists_are_refused_alike_however_deep(compared: Compared, depth: int) -> None:
    deep = nested(depth)
    node = rlp.codec.length_prefix(len(deep) + 1, 0xC0) + b"\x20" + deep
    cases = [header_case(with_extra(part, deep)) for part in range(5)]
    cases += [header_case(deep), value_case(keccak(deep), b"", [hex_(deep)])]
    cases.append(value_case(keccak(node), b"", [hex_(node)]))
    assert "proved" not in compared(cases)


def test_a_list_in_sixteen_is_read_and_one_in_seventeen_is_not(compared: Compared) -> None:
    cases = [header_case(with_extra(4, nested(each))) for each in (13, 14, 15)]
    # The seals, the extra data, and the empty list inside count as well.
    assert [case.here["code"] for case in cases] == ["proof.no-seal", "proof.no-seal", "proof.no-extra"]
    compared(cases)


# Lengths


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xb8",
        b"\xbf" + b"\xff" * 8,
        b"\xff" + b"\xff" * 8,
        b"\xff\x80" + bytes(7),
        b"\xff\x00\x20" + bytes(6) + RAW,
        b"\xfb\xff\xff\xff\xff",
        b"\xfa\x00\x03\x62" + RAW[3:],
        b"\xf8" + RAW[1:],
        b"\xf7" + RAW[1:],
        b"\xc0" * 32_768,
        b"\xc0" * 32_769,
        b"\x80" * 2_000_000,
        b"\xf9\xff\xff" + b"\xc1" * 32_765,
        b"\xf9\x7f\xfd" + b"\x80" * 32_765,
    ],
    ids=lambda raw: raw[:6].hex(),
)
def test_lengths_that_are_none_are_refused(compared: Compared, raw: bytes) -> None:
    assert compared([header_case(raw)]) == {"proof.no-header": 1}
    assert compared([value_case(keccak(raw), b"\1", [hex_(raw)])]) == {"proof.no-branch": 1}


def test_an_item_is_written_in_one_way(compared: Compared) -> None:
    assert compared([header_case(with_number(each)) for each in (b"\5", b"\x81\x80", b"\x80")]) == {
        "proved": 3
    }
    written = [b"\x81\5", b"\xb8\1\5", b"\xb8\1\x80", b"\xb8\0", b"\xb9\0\1\5", b"\x81\0", b"\0", b"\x82\0\1"]
    assert compared([header_case(with_number(each)) for each in written]) == {"proof.no-header": len(written)}
    lists = [
        b"\xf8\0",
        b"\xf8\1\5",
        b"\xf8\x37" + b"\5" * 55,
        b"\xf9\0\x38" + b"\5" * 56,
        b"\xb8\x37" + b"\5" * 55,
    ]
    assert compared([header_case(with_extra(4, each)) for each in lists]) == {"proof.no-extra": len(lists)}


def test_a_header_has_32_kib_and_a_node_as_much(compared: Compared) -> None:
    spare = 32_768 - len(sealed_by(bytes(30_000)))
    most, more = sealed_by(bytes(30_000 + spare)), sealed_by(bytes(30_001 + spare))
    assert (len(most), len(more)) == (32_768, 32_769)
    assert compared([header_case(most)]) == {"proof.no-seal": 1}
    assert compared([header_case(more)]) == {"proof.no-header": 1}
    node = rlp.encode([b"\x20", bytes(32_768 - 7)])
    longer = rlp.encode([b"\x20", bytes(32_768 - 6)])
    assert (len(node), len(longer)) == (32_768, 32_769)
    assert compared([value_case(keccak(node), b"", [hex_(node)])]) == {"proved": 1}
    assert compared([value_case(keccak(longer), b"", [hex_(longer)])]) == {"proof.no-branch": 1}


def test_a_hundred_seals_are_read(compared: Compared) -> None:
    keys = validator_keys(120)
    raw = bytes_of_block(Seals(keys, sealers=keys).sealed(BLOCK), "shanghai")
    assert len(raw) < 32_768
    assert compared([header_case(raw)]) == {"proved": 1}


# Names and values that JavaScript knows


_NAMES = ["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "length", "then"]


@pytest.mark.parametrize("name", _NAMES)
def test_names_that_objects_have_count_for_nothing(compared: Compared, name: str) -> None:
    proofs = STATE["proofs"]["recorded"]
    given = {
        "accountProof": proofs["accountProof"],
        "storageProof": [{"key": proofs["slot"], "proof": proofs["storageProof"]}],
    }
    place = [int(proofs["slot"], 16)]
    contract = STATE["contract"]
    assert compared(
        [
            block_case({**BLOCK, name: {**BLOCK, "number": "0x7"}}),
            words_case(ROOT, contract, "", place, {**given, name: {"accountProof": []}}),
        ]
    ) == {"proved": 2}
    assert compared(
        [
            block_case({name: BLOCK}),
            *(block_case({**BLOCK, field: {name: BLOCK[field]}}) for field in FIELDS),
        ]
    ) == {"proof.no-header": 1 + len(FIELDS)}
    assert compared(
        [
            words_case(ROOT, contract, "", place, {name: given}),
            words_case(ROOT, contract, "", place, {**given, "accountProof": {name: proofs["accountProof"]}}),
            words_case(ROOT, contract, "", place, {**given, "accountProof": name}),
            words_case(
                ROOT, contract, "", place, {**given, "storageProof": [{name: proofs["storageProof"]}]}
            ),
            words_case(ROOT, contract, "", place, {**given, "accountProof": [name]}),
        ]
    ) == {"proof.no-branch": 5}


_ANY: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "0x",
    "constructor",
    [],
    {},
    {"length": 1, "0": "0x80"},
    [[]],
    [{}],
]


@pytest.mark.parametrize("value", _ANY, ids=str)
def test_what_is_no_bytes_is_no_header_and_what_is_no_list_no_nodes(compared: Compared, value: Any) -> None:
    no_header = {"code": "proof.no-header", "details": {}}
    no_branch = {"code": "proof.no-branch", "details": {}}
    compared(
        [Case({"any": value, "as": "header"}, no_header), Case({"any": value, "as": "block"}, no_header)]
    )
    nodes = {"size": "0"} if value == [] else no_branch
    compared([Case({"any": value, "as": "nodes"}, nodes), Case({"any": value, "as": "answer"}, no_branch)])


# Seals at the edges of the curve


def sealed_by(seal: bytes) -> bytes:
    """The header with one seal."""
    return with_extra(4, rlp.encode([seal]))


def test_small_numbers_in_seals_are_read_alike(compared: Compared) -> None:
    one = (1).to_bytes(32, "big")
    seals = [
        number.to_bytes(32, "big") + one + bytes([recovery])
        for number in range(1, 12)
        for recovery in range(4)
    ]
    assert set(compared([header_case(sealed_by(each)) for each in seals])) == {"proved", "proof.no-seal"}


def test_a_seal_of_the_point_at_infinity_is_none(compared: Compared) -> None:
    """Q is (sR - zG) / r. Whoever knows the k of R = kG makes both terms alike, or each the other's negative."""
    fields = rlp.decode(RAW)
    extra = rlp.decode(fields[EXTRA])
    fields[EXTRA] = rlp.encode([*extra[:4], []])
    signed = int.from_bytes(keccak(rlp.encode(fields)), "big")
    k = 12_345
    x, y = PrivateKey.from_int(k).public_key.point()

    def seal(s: int) -> bytes:
        return x.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([y & 1])

    s = signed * pow(k, -1, _ORDER) % _ORDER
    assert compared([header_case(sealed_by(seal(s)))]) == {"proof.no-seal": 1}
    assert compared([header_case(sealed_by(seal(_ORDER - s)))]) == {"proved": 1}
    assert compared([header_case(sealed_by(seal(s + 1)))]) == {"proved": 1}


# Nodes that lead nowhere


def test_nodes_that_go_on_without_a_digit_are_refused(compared: Compared) -> None:
    """A row of extensions of no digits would be walked without end if a node could have its own hash."""
    nodes, root = [], keccak(b"end")
    for _ in range(200):
        node = rlp.encode([b"\0", root])
        nodes.append(hex_of(node))
        root = keccak(node)
    assert compared([value_case(root, b"\x12", nodes)]) == {"proof.no-branch": 1}


def test_there_are_no_more_seals_than_validators(compared: Compared) -> None:
    keys = validator_keys(5)
    for sealers, found in ((4, "proved"), (5, "proof.no-extra")):
        raw = bytes_of_block(Seals(keys[:4], sealers=keys[:sealers]).sealed(BLOCK), "shanghai")
        assert compared([header_case(raw)]) == {found: 1}


def test_strangers_seals_are_read_and_count_for_nobody(compared: Compared) -> None:
    raw = bytes_of_block(Seals(validator_keys(4), sealers=STRANGERS).sealed(BLOCK), "shanghai")
    assert compared([header_case(raw)]) == {"proved": 1}


# Where it runs


def test_a_page_needs_nothing_of_node_and_two_packages() -> None:
    wanted = {"@noble/curves/secp256k1.js", "@noble/hashes/sha3.js", "@noble/hashes/utils.js"}
    found = set[str]()
    for module in (HERE.parents[1] / "web").rglob("*"):
        if module.is_dir():
            continue
        text = module.read_text("utf-8")
        found |= {name for name in re.findall(r'from "([^"]+)"', text) if not name.startswith("./")}
        assert module.suffix == ".mjs"
        assert not re.findall(r"\b(?:Buffer|process|__dirname|import\()|node:", _code(text)), module
    assert found == wanted


def _code(text: str) -> str:
    """A module without comments."""
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)
