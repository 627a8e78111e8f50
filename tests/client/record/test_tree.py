# SPDX-License-Identifier: Apache-2.0
"""The tree: what leads to the root, and everything that must not."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.record.tree import Branch, build, multiproof, root_from


def hashes(count: int, label: bytes = b"") -> list[bytes]:
    return [hashlib.sha256(label + b"%d" % number).digest() for number in range(count)]


@st.composite
def chosen_parts(draw: st.DrawFn) -> tuple[int, list[bytes], set[int]]:
    count = 2 ** draw(st.integers(0, 7))
    label = draw(st.binary(max_size=8))
    chosen = draw(st.sets(st.integers(count - 1, 2 * count - 2), min_size=1, max_size=count))
    return count, build(hashes(count, label)), chosen


@given(chosen_parts())
def test_any_part_leads_to_the_root_and_to_no_other_size(part: tuple[int, list[bytes], set[int]]) -> None:
    count, nodes, chosen = part
    order, branch = multiproof(nodes, chosen)
    assert list(order) == sorted(chosen, reverse=True)
    shown = [nodes[index] for index in order]
    assert root_from(shown, branch, count) == nodes[0]
    for other in (0, 1, 2, 4, 8, 16, 32, 64, 128, 256):
        assert root_from(shown, branch, other) == (nodes[0] if other == count else None)


@given(chosen_parts(), st.data())
def test_any_change_leads_elsewhere(part: tuple[int, list[bytes], set[int]], data: st.DataObject) -> None:
    count, nodes, chosen = part
    order, branch = multiproof(nodes, chosen)
    shown = [nodes[index] for index in order]
    where = data.draw(
        st.sampled_from(["leaf", "proof", "flag", "drop leaf", "drop hash", "drop flag", "add hash"])
    )
    proof, flags = list(branch.proof), list(branch.flags)
    target: dict[str, list[Any]] = {
        "leaf": shown,
        "drop leaf": shown,
        "proof": proof,
        "drop hash": proof,
        "flag": flags,
        "drop flag": flags,
    }
    if where == "add hash":
        proof.insert(data.draw(st.integers(0, len(proof))), bytes(32))
    elif not target[where]:
        return
    else:
        place = data.draw(st.integers(0, len(target[where]) - 1))
        if where.startswith("drop"):
            del target[where][place]
        elif where == "flag":
            flags[place] = not flags[place]
        else:
            target[where][place] = hashlib.sha256(target[where][place]).digest()
    assert root_from(shown, Branch(tuple(proof), tuple(flags)), count) != nodes[0]


def test_no_leaf_leads_nowhere() -> None:
    # The libraries answer with the hash that was given as the proof.
    assert root_from([], Branch((bytes(32),), ()), 1) is None
    assert root_from([], Branch((), ()), 1) is None


def test_an_inner_node_is_no_leaf() -> None:
    # Second preimage: the two children of the root shown as the leaves of a smaller tree.
    nodes = build(hashes(16))
    smaller = [max(nodes[1:3]), min(nodes[1:3])]
    assert root_from(smaller, Branch((), (True,)), 2) == nodes[0]
    assert root_from(smaller, Branch((), (True,)), 16) is None


def test_a_leaf_beside_an_inner_node_is_refused() -> None:
    # Leaves of different depths under one root: the hash of the whole fits, the heights do not.
    left, right = build(hashes(4)), hashes(1, b"x")[0]
    nodes = build([left[0], right])
    order, branch = multiproof(left, [3, 4, 5, 6])
    mixed = [right, *(left[index] for index in order)]
    for flags in ((True,) * 4, (*branch.flags, True)):
        for leaves in (2, 4, 8):
            assert root_from(mixed, Branch((), flags), leaves) is None
    assert nodes[0] != left[0]


@pytest.mark.parametrize("count", [0, 3, 5, 6, 7, 9, 12, 100])
def test_only_full_trees_are_built(count: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        build(hashes(count))


@pytest.mark.parametrize("indices", [[], [0], [6], [15, 15], [31], [-1], [7, 14, 6]])
def test_only_leaves_are_proved(indices: list[int]) -> None:
    with pytest.raises(ValueError, match="distinct leaves"):
        multiproof(build(hashes(8)), indices)


def test_the_order_in_which_leaves_are_given_does_not_matter() -> None:
    leaves = hashes(32)
    assert build(leaves) == build(reversed(leaves))
