# SPDX-License-Identifier: Apache-2.0
"""A transaction and its receipt are those of the block whose header names their tries, or nothing is shown."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
import rlp
from eth_account import Account
from hypothesis import given
from hypothesis import strategies as st
from trie import HexaryTrie

from sceau.documents.hashing import keccak
from sceau.proof.errors import Unproved
from sceau.proof.header import Header
from sceau.proof.inclusion import Log, branches_of, included, tries_of
from sceau.proof.nodes import Nodes
from tests.client.proof.scenes import made

KEY = Account.from_key("0x" + "11" * 32)
TO, OTHER = "0x" + "22" * 20, "0x" + "33" * 20
BLOOM = "0x" + "00" * 256


@dataclass(frozen=True)
class Block:
    """A block of a test: its header, what JSON-RPC gives of it, and the transactions' own hashes."""

    header: Header
    json: dict[str, Any]
    receipts: list[dict[str, Any]]
    hashes: list[str]


def transaction(
    number: int, kind: int, *, creates: bool = False, data: str = "0x"
) -> tuple[bytes, dict[str, Any]]:
    """The bytes of a signed transaction, by another library, and what JSON-RPC gives of it."""
    fields: dict[str, Any] = {
        "nonce": number,
        "gas": 21_000 + number,
        "value": 7 * number,
        "data": data,
        "chainId": 1337,
    }
    if not creates:
        fields["to"] = TO
    if kind == 2:
        fields |= {"maxFeePerGas": 300, "maxPriorityFeePerGas": 0}
    else:
        fields["gasPrice"] = 5
    if kind:
        fields |= {"type": kind, "accessList": [{"address": OTHER, "storageKeys": ["0x" + "44" * 32]}]}
    signed = KEY.sign_transaction(fields)
    numbers = {name: value for name, value in fields.items() if type(value) is int}
    written = {name: hex(value) for name, value in numbers.items()}
    given = {
        **written,
        "type": hex(kind),
        "to": None if creates else TO,
        "input": data,
        "accessList": fields.get("accessList"),
        "v": hex(signed.v),
        "r": hex(signed.r),
        "s": hex(signed.s),
        "hash": "0x" + bytes(signed.hash).hex(),
        "more": "is not looked at",
    }
    return bytes(signed.raw_transaction), given


def receipt(number: int, kind: int, *, succeeded: bool = True, logs: int = 1) -> tuple[bytes, dict[str, Any]]:
    """A receipt's bytes, and what JSON-RPC gives of it."""
    told = [
        {
            "address": TO,
            "topics": ["0x" + f"{each:064x}" for each in range(each % 5)],
            "data": "0x" + "ab" * each,
        }
        for each in range(logs)
    ]
    body = [
        b"\1" if succeeded else b"",
        (21_000 * (number + 1)).to_bytes(3, "big").lstrip(b"\0"),
        bytes(256),
        [
            [_bytes(log["address"]), [_bytes(topic) for topic in log["topics"]], _bytes(log["data"])]  # type: ignore[arg-type]
            for log in told
        ],
    ]
    encoded = bytes(rlp.encode(body))
    given = {
        "type": hex(kind),
        "status": "0x1" if succeeded else "0x0",
        "cumulativeGasUsed": hex(21_000 * (number + 1)),
        "logsBloom": BLOOM,
        "logs": told,
    }
    return (bytes([kind]) if kind else b"") + encoded, given


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def trie_of(values: list[bytes]) -> bytes:
    trie = HexaryTrie({})
    for place, value in enumerate(values):
        trie[bytes(rlp.encode(place))] = value
    return bytes(trie.root_hash)


def block_of(*what: tuple[tuple[bytes, dict[str, Any]], tuple[bytes, dict[str, Any]]]) -> Block:
    transactions, receipts = [each[0] for each in what], [each[1] for each in what]
    header = replace(
        made(7, ["a", "b", "c", "d"]),
        transactions_root=trie_of([raw for raw, _ in transactions]),
        receipts_root=trie_of([raw for raw, _ in receipts]),
    )
    hashes = ["0x" + keccak(raw).hex() for raw, _ in transactions]
    return Block(
        header, {"transactions": [each for _, each in transactions]}, [each for _, each in receipts], hashes
    )


def usual(count: int) -> Block:
    return block_of(
        *(
            (
                transaction(each, each % 3, creates=each % 7 == 3, data="0x" + "cd" * (40 * each)),
                receipt(each, each % 3, succeeded=each % 4 != 1, logs=each % 4),
            )
            for each in range(count)
        )
    )


@pytest.mark.parametrize("count", [1, 2, 4, 17, 130])
def test_each_transaction_is_shown_by_its_own_branches(count: int) -> None:
    block = usual(count)
    nodes = tries_of(block.header, block.json, block.receipts)
    for place in {0, count // 2, count - 1}:
        own = list(branches_of(block.header, place, nodes))
        found = included(block.header, place, Nodes(own))
        assert (found.block, found.place) == (block.header, place)
        assert found.transaction == block.hashes[place] == block.json["transactions"][place]["hash"]
        assert found.succeeded is (place % 4 != 1)
        assert found.logs == tuple(
            Log(log["address"], tuple(map(_bytes, log["topics"])), _bytes(log["data"]))
            for log in block.receipts[place]["logs"]
        )
        for each in set(own):
            with pytest.raises(Unproved):
                included(block.header, place, Nodes(set(own) - {each}))


def test_a_place_behind_the_last_one_is_not_shown() -> None:
    block = usual(5)
    nodes = tries_of(block.header, block.json, block.receipts)
    for place in (5, 100, 10**9):
        with pytest.raises(Unproved) as caught:
            included(block.header, place, nodes)
        assert caught.value.why.code == "no-receipt"


def test_both_tries_must_be_the_header_s() -> None:
    block, other = usual(3), usual(4)
    nodes = Nodes(
        [
            *tries_of(block.header, block.json, block.receipts),
            *tries_of(other.header, other.json, other.receipts),
        ]
    )
    assert included(block.header, 1, nodes).transaction == block.hashes[1]
    for header in (
        replace(block.header, transactions_root=keccak(b"other")),
        replace(block.header, receipts_root=keccak(b"other")),
        replace(block.header, transactions_root=keccak(b"\x80")),
        replace(block.header, receipts_root=keccak(b"\x80")),
    ):
        with pytest.raises(Unproved):
            included(header, 1, nodes)


EDITS: list[tuple[str, Callable[[dict[str, Any], list[dict[str, Any]]], Any]]] = [
    ("a transaction less", lambda json, _: json["transactions"].pop()),
    ("no transactions", lambda json, _: json.pop("transactions")),
    ("a receipt less", lambda _, receipts: receipts.pop()),
    ("receipts in another order", lambda _, receipts: receipts.reverse()),
    ("another nonce", lambda json, _: json["transactions"][0].update(nonce="0x99")),
    ("no nonce", lambda json, _: json["transactions"][0].pop("nonce")),
    ("a nonce that is a number", lambda json, _: json["transactions"][0].update(nonce=0)),
    ("an unknown type", lambda json, _: json["transactions"][0].update(type="0x3")),
    ("another type", lambda json, _: json["transactions"][0].update(type="0x2")),
    ("a type that is no number", lambda json, _: json["transactions"][0].update(type="0xzz")),
    ("only its hash", lambda json, _: json["transactions"].__setitem__(0, "0x" + "11" * 32)),
    ("no access list", lambda json, _: json["transactions"][1].update(accessList=None)),
    ("another access list", lambda json, _: json["transactions"][1].update(accessList=[])),
    ("an access list of nothing", lambda json, _: json["transactions"][1].update(accessList=[1])),
    ("keys that are none", lambda json, _: json["transactions"][1]["accessList"][0].update(storageKeys="0x")),
    ("another recipient", lambda json, _: json["transactions"][0].update(to=OTHER)),
    ("no recipient", lambda json, _: json["transactions"][0].update(to=None)),
    ("other data", lambda json, _: json["transactions"][0].update(input="0x01")),
    ("another status", lambda _, receipts: receipts[0].update(status="0x0")),
    ("no status", lambda _, receipts: receipts[0].pop("status")),
    ("other gas", lambda _, receipts: receipts[0].update(cumulativeGasUsed="0x1")),
    ("another bloom", lambda _, receipts: receipts[0].update(logsBloom="0x" + "01" * 256)),
    ("no logs", lambda _, receipts: receipts[2].update(logs=[])),
    ("logs that are none", lambda _, receipts: receipts[2].update(logs={})),
    ("a log that is none", lambda _, receipts: receipts[2].update(logs=[1])),
    ("another log", lambda _, receipts: receipts[2]["logs"][0].update(data="0x01")),
    ("another topic", lambda _, receipts: receipts[2]["logs"][1].update(topics=["0x" + "11" * 32])),
    ("topics that are none", lambda _, receipts: receipts[2]["logs"][1].update(topics="0x")),
    ("another address", lambda _, receipts: receipts[2]["logs"][0].update(address=OTHER)),
    ("a receipt of another type", lambda _, receipts: receipts[1].update(type="0x2")),
    ("no receipt", lambda _, receipts: receipts.__setitem__(1, None)),  # type: ignore[call-overload]
]


@pytest.mark.parametrize("edit", [edit for _, edit in EDITS], ids=[name for name, _ in EDITS])
def test_what_a_node_edits_has_other_roots(edit: Callable[[Any, Any], Any]) -> None:
    block = usual(3)
    json, receipts = copy.deepcopy(block.json), copy.deepcopy(block.receipts)
    edit(json, receipts)
    with pytest.raises(Unproved) as caught:
        tries_of(block.header, json, receipts)
    assert caught.value.why.code == "no-receipt"
    assert included(block.header, 1, tries_of(block.header, block.json, block.receipts)).succeeded is False


@pytest.mark.parametrize("block", [None, [], 1, "0x", {}, {"transactions": None}, {"transactions": [None]}])
def test_a_block_of_another_shape_is_refused(block: Any) -> None:
    with pytest.raises(Unproved):
        tries_of(usual(1).header, block, usual(1).receipts)


def test_a_block_without_transactions_has_none() -> None:
    block = block_of()
    nodes = tries_of(block.header, block.json, [])
    assert block.header.transactions_root == keccak(b"\x80")
    with pytest.raises(Unproved):
        included(block.header, 0, nodes)


BROKEN = [
    b"\xc0",
    b"\x02",
    b"\x02\xc0",
    b"\x01\x01",
    bytes(rlp.encode([b"\1", b"", b"", []])) + b"\0",
    bytes(rlp.encode([keccak(b"a root"), b"", b"", []])),
    bytes(rlp.encode([b"\2", b"", b"", []])),
    bytes(rlp.encode([b"\1", b"", b"", b""])),
    bytes(rlp.encode([b"\1", b"", []])),
    bytes(rlp.encode([b"\1", b"", b"", [[]]])),
    bytes(rlp.encode([b"\1", b"", b"", [[bytes(20), [], b"", b""]]])),
    bytes(rlp.encode([b"\1", b"", b"", [[bytes(19), [], b""]]])),
    bytes(rlp.encode([b"\1", b"", b"", [[bytes(20), b"", b""]]])),
    bytes(rlp.encode([b"\1", b"", b"", [[bytes(20), [bytes(31)], b""]]])),
    bytes(rlp.encode([b"\1", b"", b"", [[bytes(20), [], []]]])),
    bytes(rlp.encode([b"\1", b"", b"", [[[], [], b""]]])),
]


@pytest.mark.parametrize("raw", BROKEN, ids=lambda raw: raw.hex()[:40])
def test_a_receipt_that_cannot_be_read_shows_nothing(raw: bytes) -> None:
    """No true header has such a root."""
    written, _ = transaction(0, 2)
    tries = [HexaryTrie({}), HexaryTrie({})]
    for trie, value in zip(tries, (written, raw), strict=True):
        trie[b"\x80"] = value
    header = replace(made(7, ["a"]), transactions_root=tries[0].root_hash, receipts_root=tries[1].root_hash)
    nodes = Nodes("0x" + node.hex() for trie in tries for node in trie.db.values())
    with pytest.raises(Unproved) as caught:
        included(header, 0, nodes)
    assert caught.value.why.code == "no-receipt"


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["", "0x", "0x1", "0x0", "x", "0x" + "11" * 32]),
    lambda each: (
        st.lists(each, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["transactions", "type", "nonce", "to", "logs", "topics", "status", "accessList"]
            ),
            each,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(block=_JSON, receipts=st.lists(_JSON, max_size=3))
def test_any_answer_gives_the_true_tries_or_none(block: Any, receipts: Any) -> None:
    true = usual(2)
    for json, given_ in (
        (block, receipts),
        ({"transactions": [block, block]}, [receipts, receipts]),
        (true.json, receipts),
    ):
        with pytest.raises(Unproved):
            tries_of(true.header, json, given_)


def test_only_the_recipient_of_a_transaction_may_be_nobody() -> None:
    """A zero is written as one: what a node leaves out of a transaction is not taken for it."""
    places = (transaction(number, 2) for number in range(20))
    raw, told = next((raw, told) for raw, told in places if told["v"] == "0x0")
    block = block_of(((raw, told), receipt(0, 2)))
    assert tries_of(block.header, block.json, block.receipts)
    for name in ("v", "value", "nonce", "maxPriorityFeePerGas"):
        changed = {"transactions": [{**told, name: None}]}
        with pytest.raises(Unproved):
            tries_of(block.header, changed, block.receipts)
