# SPDX-License-Identifier: Apache-2.0
"""Nodes of Merkle Patricia tries, found by their hashes: what leads from a root to a value, or to its absence.

A node counts by its hash alone. So it does not matter who gave it, in what order, or beside which others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sceau.documents.hashing import keccak
from sceau.documents.identifiers import hex_of
from sceau.errors import Sentence
from sceau.proof.errors import Unproved
from sceau.proof.reading import data_of

#: Bytes of one node: more than any trie has whose values are words, accounts, receipts or transactions of Sceau.
_MOST_BYTES = 32_768
_NO_BRANCH = Sentence("proof.no-branch")
_NOTHING = b"\x80"


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
        from rlp.exceptions import RLPException
        from trie import HexaryTrie, exceptions

        # Where what hangs from a root is no trie, the library raises errors of its own, and Python's.
        not_a_trie = (
            exceptions.InvalidNode,
            exceptions.MissingTrieNode,
            exceptions.TraversedPartialPath,
            exceptions.ValidationError,
            RLPException,
            LookupError,
            RecursionError,
            TypeError,
            ValueError,
        )
        if root == keccak(_NOTHING):
            return b"", []
        met = _Met(self._by_hash)
        try:
            return bytes(HexaryTrie(met, root).get(path)), met.nodes
        except not_a_trie:
            raise Unproved(_NO_BRANCH) from None


class _Met(dict[bytes, bytes]):
    """The nodes by their hashes, which notes those that are asked for."""

    def __init__(self, known: dict[bytes, bytes]) -> None:
        super().__init__()
        self._known = known
        self.nodes: list[bytes] = []

    def __missing__(self, hash_: bytes) -> bytes:
        node = self._known[hash_]
        self.nodes.append(node)
        return node


def _bytes(text: Any) -> bytes:
    if isinstance(text, str) and len(text) > len("0x") + 2 * _MOST_BYTES:
        raise Unproved(_NO_BRANCH)
    return data_of(text, _NO_BRANCH)
