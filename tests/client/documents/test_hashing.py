# SPDX-License-Identifier: Apache-2.0
"""What is encoded and hashed by hand is what the libraries of Ethereum make of the same values."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak as keccak_of_web3
from hypothesis import given
from hypothesis import strategies as some

from sceau.documents import hashing
from sceau.documents.hashing import keccak, signed_word, tail, text_word, word
from sceau.documents.identifiers import hex_of
from sceau.record.canonical import LeafType, Value
from sceau.record.leaf import Leaf

_VALUES: dict[LeafType, some.SearchStrategy[Any]] = {
    "string": some.text(max_size=120),
    "uint256": some.integers(0, 2**256 - 1),
    "int256": some.integers(-(2**255), 2**255 - 1),
    "bool": some.booleans(),
    "bytes32": some.binary(min_size=32, max_size=32).map(hex_of),
}


@given(data=some.data(), path=some.text(max_size=70), salt=some.binary(min_size=32, max_size=32))
def test_a_leaf_is_hashed_as_eth_abi_encodes_it(data: some.DataObject, path: str, salt: bytes) -> None:
    type_ = data.draw(some.sampled_from(sorted(_VALUES)))
    value: Value = data.draw(_VALUES[type_])
    plain = bytes.fromhex(str(value)[2:]) if type_ == "bytes32" else value
    leaf = encode(["string", "string", "bytes", "bytes32"], [type_, path, encode([type_], [plain]), salt])
    assert Leaf(type_, path, value, salt).hash == keccak_of_web3(keccak_of_web3(leaf))


@given(
    unsigned=_VALUES["uint256"],
    signed=_VALUES["int256"],
    address=some.binary(min_size=20, max_size=20).map(hex_of),
    raw=some.binary(max_size=100),
)
def test_words_are_those_of_eth_abi(unsigned: int, signed: int, address: str, raw: bytes) -> None:
    assert word(unsigned) == encode(["uint256"], [unsigned])
    assert signed_word(signed) == encode(["int256"], [signed])
    assert text_word(address) == encode(["address"], [address])
    assert word(32) + tail(raw) == encode(["bytes"], [raw])


@given(some.binary(max_size=600))
def test_both_libraries_hash_alike(data: bytes) -> None:
    assert keccak(data) == keccak_of_web3(data)


def test_what_no_word_holds_is_not_cut() -> None:
    for number in (-1, 2**256):
        with pytest.raises(OverflowError):
            word(number)
    for number in (-(2**255) - 1, 2**255):
        with pytest.raises(OverflowError):
            signed_word(number)


def test_without_the_extra_the_library_of_web3_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sha3", None)
    assert hashing._keccak() is keccak_of_web3
