# SPDX-License-Identifier: Apache-2.0
"""What a view answers is read out of storage as Solidity packs it."""

from __future__ import annotations

from typing import Any, cast

import pytest
from eth_abi import decode
from hypothesis import given
from hypothesis import strategies as st

from sceau.chain.abis import ContractName, abi
from sceau.documents.hashing import keccak, word
from sceau.proof.layout import Member, View, layout_hash, layout_text, views

#: Those that answer what is stored as it is; the others are in test_access.py.
ALL = sorted((key, view) for key, view in views().items() if view.rule is None)
NAMES = [f"{contract}.{name}" for (contract, name), _ in ALL]
_WORD = 32


def outputs(contract: str, name: str) -> list[dict[str, Any]]:
    """What a view answers, by the ABI: the members of its struct, or one value."""
    (entry,) = (
        each
        for each in abi(cast("ContractName", contract))
        if each["type"] == "function" and each["name"] == name
    )
    (answered,) = entry["outputs"]
    found: list[dict[str, Any]] = answered.get("components", [answered])
    return found


def packed(view: View, values: list[int], garbage: int) -> list[int]:
    """The words of storage that hold these values, with other bits where no member is."""
    words = [garbage] * (1 + max(member.slot for member in view.members))
    for member, value in zip(view.members, values, strict=True):
        data = bytearray(word(words[member.slot]))
        end = _WORD - member.offset
        data[end - member.size : end] = value.to_bytes(member.size, "big")
        words[member.slot] = int.from_bytes(data, "big")
    return words


def value_of(kind: str, given: int) -> Any:
    """A number as ``eth_abi`` gives a value of a type."""
    if kind == "bool":
        return bool(given)
    if kind == "address":
        return "0x" + given.to_bytes(20, "big").hex()
    return word(given) if kind == "bytes32" else given


@pytest.mark.parametrize(("key", "view"), ALL, ids=NAMES)
@given(data=st.data(), garbage=st.sampled_from([0, 2**256 - 1]))
def test_packed_values_are_read_back(
    key: tuple[str, str], view: View, data: st.DataObject, garbage: int
) -> None:
    kinds = [each["type"] for each in outputs(*key)]
    values = [
        data.draw(st.integers(0, 1 if kind == "bool" else 2 ** (8 * member.size) - 1))
        for kind, member in zip(kinds, view.members, strict=True)
    ]
    words = packed(view, values, garbage)
    assert list(decode(kinds, view.answer(words, b"", 0))) == list(map(value_of, kinds, values))
    assert [member.of(words) for member in view.members] == values


@pytest.mark.parametrize(("key", "view"), ALL, ids=NAMES)
def test_members_are_those_of_the_abi_and_lie_apart(key: tuple[str, str], view: View) -> None:
    names = [each["name"] for each in outputs(*key)]
    assert [each.name for each in view.members] == names or names == [""]
    taken = set[tuple[int, int]]()
    for member in view.members:
        own = {(member.slot, member.offset + each) for each in range(member.size)}
        assert member.offset + member.size <= _WORD
        assert not own & taken
        taken |= own


def test_places_of_a_mapping_follow_its_key() -> None:
    view = views()["ClaimRegistry", "claimOf"]
    claim = bytes(range(32))
    first = int.from_bytes(keccak(claim + word(view.slot)), "big")
    assert view.places(bytes(4) + claim) == (first, first + 1, first + 2)
    assert view.places(b"\1\2\3\4" + claim) == (first, first + 1, first + 2)


def test_places_of_a_variable_do_not() -> None:
    assert View(7, mapped=False, members=(Member("one", 0, 0, 4),)).places(bytes(36)) == (7,)
    assert views()["PartyRegistry", "partyCount"].places(bytes(4)) == (7,)


def test_the_layouts_hash_is_that_of_its_text() -> None:
    assert layout_hash() == "0x" + keccak(layout_text().encode()).hex()
    assert len(layout_hash()) == 66


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_words_of_a_variable_follow_its_slot(count: int) -> None:
    members = tuple(Member(str(slot), slot, 0, 32) for slot in range(count))
    assert View(3, mapped=False, members=members).places(b"") == tuple(range(3, 3 + count))


@pytest.mark.parametrize("inner", [0, 1, 5])
def test_a_mapping_within_a_mapping_follows_both_arguments(inner: int) -> None:
    members = (Member("one", 0, 0, 4), Member("two", 1, 0, 4))
    view = View(3, mapped=True, members=members, inner=inner)
    # Of several hashes some have a bit where the inner place has one, and some have none.
    for one, two in ((word(each), word(9)) for each in range(12)):
        outer = int.from_bytes(keccak(one + word(3)), "big")
        first = int.from_bytes(keccak(two + word(outer + inner)), "big")
        assert view.places(b"\1\2\3\4" + one + two) == (first, first + 1)
