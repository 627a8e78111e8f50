# SPDX-License-Identifier: Apache-2.0
"""Nodes lead to a value, or show that there is none, only where they are written as a trie's nodes are."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import rlp
from trie import HexaryTrie

from sceau.documents.hashing import keccak
from sceau.documents.identifiers import hex_of
from sceau.proof.errors import Unproved
from sceau.proof.nodes import Nodes

#: The nibbles 1, 2, 3, 4.
PATH = b"\x12\x34"
CHILD = rlp.encode([b"\x20", b"v" * 40])


def found(*nodes: Any) -> bytes:
    """The value at the path under the first node."""
    written = [rlp.encode(each) for each in nodes]
    return Nodes(map(hex_of, [*written, CHILD])).value(keccak(written[0]), PATH)


def branch(digit: int, child: Any, value: Any = b"") -> list[Any]:
    """A branch with one child."""
    return [child if each == digit else b"" for each in range(16)] + [value]


def test_a_trie_of_any_size_is_read_as_its_library_reads_it() -> None:
    draw = Random(1)
    for size in (1, 2, 3, 10, 200):
        by_hash: dict[bytes, bytes] = {}
        trie = HexaryTrie(by_hash)
        paths = [draw.randbytes(draw.choice([1, 2, 3, 32])) for _ in range(size)]
        for path in paths:
            trie[path] = draw.randbytes(draw.choice([1, 31, 40]))
        nodes = Nodes(map(hex_of, by_hash.values()))
        for path in [*paths, *(draw.randbytes(draw.choice([1, 2, 3, 32])) for _ in range(50))]:
            try:
                true = trie[path]
            except Exception:
                true = b""
            assert nodes.value(trie.root_hash, path) == true
            assert Nodes(nodes.branch(trie.root_hash, path)).value(trie.root_hash, path) == true


def test_nodes_of_each_kind_lead_on() -> None:
    assert found([b"\x20\x12\x34", b"value"]) == b"value"
    assert found([b"\x00\x12", branch(3, [b"\x34", b"value"])]) == b"value"
    assert found([b"\x00\x12\x34", keccak(CHILD)]) == b"v" * 40
    assert found(branch(1, [b"\x12", branch(3, [b"\x34", b"value"])])) == b"value"
    assert found([b"\x00\x12\x34", branch(0, b"", b"value")]) == b"value"


@pytest.mark.parametrize(
    "node",
    [
        [b"\x20\x12\x35", b"value"],
        [b"\x20\x12", b"value"],
        [b"\x20\x12\x34\x56", b"value"],
        [b"\x00\x13", keccak(CHILD)],
        [b"\x00\x12\x34\x56", keccak(CHILD)],
        branch(2, keccak(CHILD)),
        branch(1, b""),
    ],
    ids=str,
)
def test_a_path_that_ends_elsewhere_has_no_value(node: Any) -> None:
    assert found(node) == b""


@pytest.mark.parametrize(
    "node",
    [
        b"bytes",
        [],
        [b"\x20\x12\x34"],
        [b"\x20\x12\x34", b"value", b""],
        branch(1, keccak(CHILD))[:-1],
        [*branch(1, keccak(CHILD)), b""],
        [b"\x20\x12\x34", []],
        [b"\x20\x12\x34", [b"value"]],
        [b"\x00\x12\x34", branch(0, b"", [])],
        [b"", b"value"],
        [[], b"value"],
        [b"\x21\x12\x34", b"value"],
        [b"\x01\x12\x34", keccak(CHILD)],
        [b"\x40\x12\x34", keccak(CHILD)],
        [b"\xf1\x23\x40", b"value"],
        [b"\x00", [b"\x20\x12\x34", b"value"]],
        [b"\x00\x12\x34", CHILD[:31]],
        [b"\x00\x12\x34", keccak(CHILD) + b"\0"],
        [b"\x00\x12\x34", b"\xc0"],
        [b"\x00\x12\x34", keccak(b"\x80")],
        branch(1, keccak(b"another")),
    ],
    ids=str,
)
def test_what_is_no_node_leads_nowhere(node: Any) -> None:
    with pytest.raises(Unproved) as caught:
        found(node)
    assert caught.value.why.code == "no-branch"


@pytest.mark.parametrize("text", ["0x c0", "0xc0 ", "0xc 0", "0x\tc0", "0xc0\n", "0xｃ0", "0x+c0", "0x0_c0"])
def test_spaces_and_other_digits_are_no_hexadecimal_text(text: str) -> None:
    with pytest.raises(Unproved):
        Nodes([text])


@pytest.mark.parametrize(
    ("lists", "why"), [(16, None), (17, "no-branch"), (400, "no-branch"), (2000, "no-branch")]
)
def test_a_node_has_no_more_than_sixteen_lists_in_one_another(lists: int, why: str | None) -> None:
    item = b"\xc0"
    for _ in range(lists - 2):
        item = rlp.codec.length_prefix(len(item), 0xC0) + item
    # Beside the path, in a child that the path does not lead to.
    payload = b"\x80" * 5 + item + b"\x80" * 11
    node = rlp.codec.length_prefix(len(payload), 0xC0) + payload
    nodes = Nodes([hex_of(node)])
    if why is None:
        assert nodes.value(keccak(node), PATH) == b""
    else:
        with pytest.raises(Unproved) as caught:
            nodes.value(keccak(node), PATH)
        assert caught.value.why.code == why
