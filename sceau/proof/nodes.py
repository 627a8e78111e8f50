# SPDX-License-Identifier: Apache-2.0
"""Nodes of Merkle Patricia tries, found by their hashes: what leads from a root to a value, or to its absence.

A node counts by its hash alone. So it does not matter who gave it, in what order, or beside which others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sceau.documents.hashing import keccak
from sceau.documents.identifiers import hex_of
from sceau.errors import Sentence
from sceau.proof.errors import Unproved
from sceau.proof.reading import data_of, decoded, row

#: Bytes of one node: more than any trie has whose values are words, accounts, receipts or transactions of Sceau.
_MOST_BYTES = 32_768
_NO_BRANCH = Sentence("proof.no-branch")
_NOTHING = b"\x80"

#: A branch has a child for each next digit of a path, and a value. A leaf and an extension have a part of the path.
_BRANCH, _PAIR = 17, 2
#: That part begins with what it is: 0 or 1 in an extension, 2 or 3 in a leaf; after 0 and 2 stands another zero.
_WRITTEN_PATH = re.compile("(?:([02])0|([13]))([0-9a-f]*)")


class Nodes:
    """Nodes as JSON-RPC and files write them: ``0x`` hex. Raises :class:`Unproved` for anything else."""

    def __init__(self, texts: Iterable[Any] = ()) -> None:
        self._by_hash: dict[bytes, bytes] = {}
        #: What was proved once, by root and path: no further node changes it.
        self._values: dict[tuple[bytes, bytes], bytes] = {}
        self.add(texts)

    def __len__(self) -> int:
        return len(self._by_hash)

    def __iter__(self) -> Iterator[str]:
        """The nodes, in the order of their hashes."""
        return (hex_of(self._by_hash[each]) for each in sorted(self._by_hash))

    def add(self, texts: Iterable[Any]) -> None:
        """Adds nodes. Raises :class:`Unproved`."""
        for node in [_bytes(each) for each in texts]:
            self._by_hash[keccak(node)] = node

    def value(self, root: bytes, path: bytes) -> bytes:
        """The value at a path in the trie of a root; empty where the nodes prove that there is none.

        Raises:
            Unproved: the nodes do not lead so far.
        """
        found = self._values.get((root, path))
        if found is None:
            found = self._values[root, path] = self._walked(root, path)[0]
        return found

    def branch(self, root: bytes, path: bytes) -> list[str]:
        """The nodes that prove what is at a path. Raises as :meth:`value`."""
        return [hex_of(each) for each in self._walked(root, path)[1]]

    def _walked(self, root: bytes, path: bytes) -> tuple[bytes, list[bytes]]:
        """The value, and the nodes that were met on the way to it."""
        met: list[bytes] = []
        if root == keccak(_NOTHING):
            return b"", met
        left, item = path.hex(), root
        while item != b"":
            node = self._node(item, met)
            if len(node) == _BRANCH:
                if not left:
                    return _value(node[-1]), met
                item, left = node[int(left[0], 16)], left[1:]
            elif len(node) == _PAIR:
                is_leaf, own = _path(node[0])
                if is_leaf:
                    return _value(node[1]) if own == left else b"", met
                if not left.startswith(own):
                    return b"", met
                item, left = node[1], left[len(own) :]
            else:
                raise Unproved(_NO_BRANCH)
        return b"", met

    def _node(self, item: Any, met: list[bytes]) -> list[Any]:
        """The node that stands in another, as it is or, from 32 bytes on, by its hash."""
        if isinstance(item, bytes):
            if item not in self._by_hash:
                raise Unproved(_NO_BRANCH)
            met.append(self._by_hash[item])
            item = decoded(met[-1], _NO_BRANCH)
        return row(item, _NO_BRANCH)


def _path(item: Any) -> tuple[bool, str]:
    """Whether a node is a leaf, and not an extension; and the part of the path that it stands for, in digits."""
    found = _WRITTEN_PATH.fullmatch(_value(item).hex())
    if found is None:
        raise Unproved(_NO_BRANCH)
    is_leaf, own = (found[1] or found[2]) in "23", found[3]
    if not (is_leaf or own):
        raise Unproved(_NO_BRANCH)
    return is_leaf, own


def _value(item: Any) -> bytes:
    if not isinstance(item, bytes):
        raise Unproved(_NO_BRANCH)
    return item


def _bytes(text: Any) -> bytes:
    if isinstance(text, str) and len(text) > len("0x") + 2 * _MOST_BYTES:
        raise Unproved(_NO_BRANCH)
    return data_of(text, _NO_BRANCH)
