# SPDX-License-Identifier: Apache-2.0
"""OpenZeppelin's ``standard-v1`` Merkle tree, byte for byte: root, multiproof, and the check of one.

A tree of n leaves is a list of 2n-1 hashes: the root first, the leaves last in descending order of their
hashes, and node i is the hash of the sorted pair of its children 2i+1 and 2i+2. Only numbers of leaves that
are powers of two are taken here, so that every leaf is as deep as every other.

Sources: @openzeppelin/merkle-tree 1.0 (core.ts), OpenZeppelin Contracts ``MerkleProof.sol``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sceau.documents.hashing import keccak


class Branch(NamedTuple):
    """The hashes and flags that lead from chosen leaves to the root."""

    proof: tuple[bytes, ...]
    flags: tuple[bool, ...]


def build(leaf_hashes: Iterable[bytes]) -> list[bytes]:
    """The tree over ``leaf_hashes`` (32 bytes each), root first. Raises ValueError unless a power of two."""
    leaves = sorted(leaf_hashes, reverse=True)
    count = len(leaves)
    if count == 0 or count & (count - 1):
        raise ValueError("a tree has a power of two of leaves")
    # Ascending hashes are filled in from the end, so they descend from index n-1 to 2n-2.
    nodes = [b""] * (count - 1) + leaves
    for index in reversed(range(count - 1)):
        nodes[index] = _pair(nodes[2 * index + 1], nodes[2 * index + 2])
    return nodes


def multiproof(nodes: Sequence[bytes], indices: Iterable[int]) -> tuple[tuple[int, ...], Branch]:
    """The chosen indices in the order in which the leaves must be shown (descending), and their branch.

    Raises ValueError when an index is no leaf, is given twice, or none is given.
    """
    chosen = sorted(indices, reverse=True)
    if (
        not chosen
        or len(set(chosen)) != len(chosen)
        or chosen[-1] < len(nodes) // 2
        or chosen[0] >= len(nodes)
    ):
        raise ValueError("indices of distinct leaves are needed")
    queue = deque(chosen)
    proof: list[bytes] = []
    flags: list[bool] = []
    while queue[0] > 0:
        index = queue.popleft()
        # The sibling of an odd index is the next, that of an even one the one before.
        sibling = index + 1 if index % 2 else index - 1
        shown = bool(queue) and queue[0] == sibling
        flags.append(shown)
        if shown:
            queue.popleft()
        else:
            proof.append(nodes[sibling])
        queue.append((index - 1) // 2)
    return tuple(chosen), Branch(tuple(proof), tuple(flags))


def root_from(leaf_hashes: Sequence[bytes], branch: Branch, leaves: int) -> bytes | None:
    """The root that ``branch`` leads to from ``leaf_hashes``; None when it fits no tree of ``leaves`` leaves.

    The steps are those of ``MerkleProof.processMultiProof``, and every leaf and hash must be used. Beyond
    it, the height of each node is counted: all leaves lie at the bottom of a full tree of ``leaves``
    leaves, so an author cannot hide more of them under one root.
    """
    if not leaf_hashes:
        return None
    # Two lists, and the pair hashed in place: this loop is most of what a proof costs.
    queue, heights = list(leaf_hashes), [0] * len(leaf_hashes)
    proof = branch.proof
    taken = used = 0
    for shown in branch.flags:
        if taken + shown >= len(queue) or (not shown and used == len(proof)):
            return None
        node, height = queue[taken], heights[taken]
        if shown:
            other = queue[taken + 1]
            if heights[taken + 1] != height:
                return None
            taken += 2
        else:
            other = proof[used]
            taken, used = taken + 1, used + 1
        queue.append(keccak(node + other if node < other else other + node))
        heights.append(height + 1)
    whole = taken == len(queue) - 1 and used == len(proof)
    return queue[-1] if whole and 2 ** heights[-1] == leaves else None


def _pair(first: bytes, second: bytes) -> bytes:
    return keccak(first + second if first < second else second + first)
