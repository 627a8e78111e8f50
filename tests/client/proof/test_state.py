# SPDX-License-Identifier: Apache-2.0
"""A storage word is proved by its branches, or not at all."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import rlp
from hypothesis import example, given
from hypothesis import strategies as st
from trie import HexaryTrie

from sceau.documents.hashing import keccak, word
from sceau.proof.errors import Unproved
from sceau.proof.nodes import Nodes
from sceau.proof.state import branches_of, has_code, nodes_of, proved_words
from tests.client.proof.scenes import header_of, vector

STATE = vector("state")
ROOT = header_of(STATE["header"]).state_root
CONTRACT = STATE["contract"]
PROOFS = STATE["proofs"]
PLACES = [int(proof["slot"], 16) for proof in PROOFS.values()]
WORDS = [int(proof["value"], 16) for proof in PROOFS.values()]
CODE = "0x" + rlp.decode(rlp.decode(bytes.fromhex(PROOFS["absent"]["accountProof"][-1][2:]))[1])[3].hex()
NO_TRIE = keccak(b"\x80")


def answer() -> dict[str, Any]:
    """What the network answered about the three consents, as one answer."""
    return copy.deepcopy(
        {
            "address": CONTRACT,
            "accountProof": PROOFS["recorded"]["accountProof"],
            "storageProof": [
                {"key": proof["slot"], "value": proof["value"], "proof": proof["storageProof"]}
                for proof in PROOFS.values()
            ],
        }
    )


def words(given: Any, **other: Any) -> list[int]:
    """The words that an answer proves to somebody that asked for the three consents."""
    asked: dict[str, Any] = {
        "state_root": ROOT,
        "address": CONTRACT,
        "code_hash": CODE,
        "places": PLACES,
        **other,
    }
    return proved_words(nodes=Nodes(nodes_of(given)), **asked)


def why(given: Any, **other: Any) -> str:
    """Why an answer proves nothing."""
    with pytest.raises(Unproved) as caught:
        words(given, **other)
    return caught.value.why.code


def test_the_words_of_the_network_are_proved_together() -> None:
    assert words(answer()) == WORDS
    assert WORDS[2] == 0


def branches() -> list[tuple[int | None, int]]:
    """Each node of each branch: the number of the storage proof, none for the account's, and its own number."""
    given = answer()
    found: list[tuple[int | None, int]] = [(None, each) for each in range(len(given["accountProof"]))]
    for number, proof in enumerate(given["storageProof"]):
        found += [(number, each) for each in range(len(proof["proof"]))]
    return found


def branch_of(given: dict[str, Any], number: int | None) -> list[Any]:
    """A branch of an answer, to be changed."""
    nodes: list[Any] = given["accountProof"] if number is None else given["storageProof"][number]["proof"]
    return nodes


def with_another(given: dict[str, Any], where: tuple[int | None, int], *other: str) -> dict[str, Any]:
    """An answer with another node in the place of one, wherever that one stands: several branches begin alike."""
    node = branch_of(given, where[0])[where[1]]

    def edited(branch: list[Any]) -> list[Any]:
        return [made for each in branch for made in (other if each == node else (each,))]

    return {
        "accountProof": edited(given["accountProof"]),
        "storageProof": [{**each, "proof": edited(each["proof"])} for each in given["storageProof"]],
    }


@given(where=st.sampled_from(branches()), place=st.integers(0, 10**6), flips=st.integers(1, 255))
def test_no_byte_of_a_node_can_be_changed(where: tuple[int | None, int], place: int, flips: int) -> None:
    node = bytearray.fromhex(branch_of(answer(), where[0])[where[1]][2:])
    node[place % len(node)] ^= flips
    assert why(with_another(answer(), where, "0x" + node.hex())) == "no-branch"


@pytest.mark.parametrize("where", branches(), ids=str)
def test_no_node_can_be_missing_cut_or_longer(where: tuple[int | None, int]) -> None:
    node = branch_of(answer(), where[0])[where[1]]
    for other in ((), (node[:-2],), (node + "00",), ("0x",)):
        assert why(with_another(answer(), where, *other)) == "no-branch"


@pytest.mark.parametrize("where", branches(), ids=str)
def test_nodes_in_another_order_or_beside_others_prove_the_same(where: tuple[int | None, int]) -> None:
    changed = answer()
    nodes = branch_of(changed, where[0])
    nodes.reverse()
    nodes.insert(where[1], nodes[0])
    nodes.append(PROOFS["recorded"]["storageProof"][-1])
    assert words(changed) == WORDS


def test_a_branch_of_another_place_proves_nothing() -> None:
    assert why(answer(), places=[PLACES[0] + 1, *PLACES[1:]]) == "no-branch"


def test_branches_may_stand_in_any_order_and_name_any_place() -> None:
    changed = answer()
    changed["storageProof"].reverse()
    changed["storageProof"].append(changed["storageProof"][0])
    assert words(changed) == WORDS
    assert words(changed, places=[*PLACES[1:], PLACES[1]]) == [*WORDS[1:], WORDS[1]]
    for number, key in enumerate((None, "0x1", changed["storageProof"][0]["key"])):
        changed["storageProof"][number]["key"] = key
    assert words(changed) == WORDS


def test_what_was_proved_does_not_change_with_nodes_that_come_later() -> None:
    nodes = Nodes(nodes_of(answer()))
    first = proved_words(ROOT, CONTRACT, CODE, PLACES, nodes)
    nodes.add(["0x80", "0xc0", *nodes_of(answer())])
    assert proved_words(ROOT, CONTRACT, CODE, PLACES, nodes) == first == WORDS
    later = Nodes()
    with pytest.raises(Unproved):
        proved_words(ROOT, CONTRACT, CODE, PLACES, later)
    later.add(nodes_of(answer()))
    assert proved_words(ROOT, CONTRACT, CODE, PLACES, later) == WORDS


def test_of_many_nodes_those_of_one_branch_are_found() -> None:
    nodes = Nodes(nodes_of(answer()))
    for number, place in enumerate(PLACES):
        chosen = list(branches_of(ROOT, CONTRACT, [place], nodes))
        assert sorted(set(chosen)) == sorted({*branch_of(answer(), None), *branch_of(answer(), number)})
        assert proved_words(ROOT, CONTRACT, CODE, [place], Nodes(chosen)) == [WORDS[number]]
        for each in set(chosen):
            with pytest.raises(Unproved):
                proved_words(ROOT, CONTRACT, CODE, [place], Nodes(set(chosen) - {each}))
    with pytest.raises(Unproved):
        list(branches_of(ROOT, CONTRACT, [PLACES[0] + 1], nodes))
    assert list(Nodes(nodes)) == list(nodes)
    assert len(nodes) == len(set(nodes))


def test_a_branch_of_another_root_proves_nothing() -> None:
    assert why(answer(), state_root=keccak(b"other")) == "no-branch"
    changed = answer()
    changed["storageProof"][0]["proof"] = changed["accountProof"]
    assert why(changed) == "no-branch"


def test_a_branch_of_another_account_proves_nothing() -> None:
    assert why(answer(), address="0x" + "11" * 20) in ("no-branch", "no-account")


def test_the_value_beside_a_branch_does_not_count() -> None:
    changed = answer()
    for proof in changed["storageProof"]:
        proof["value"] = "0x1"
    changed.update(balance="0x1", codeHash="0x2", storageHash="0x3", nonce="0x4", address="0x5")
    assert words(changed) == WORDS


@pytest.mark.parametrize("code", ["0x" + "00" * 32, "0x" + "ff" * 32])
def test_another_code_is_refused(code: str) -> None:
    with pytest.raises(Unproved) as caught:
        words(answer(), code_hash=code)
    assert caught.value.why.code == "other-code"
    assert caught.value.why.details == {"address": CONTRACT}
    assert words(answer(), code_hash="") == WORDS


def test_each_place_needs_a_branch() -> None:
    for number in range(3):
        fewer = answer()
        del fewer["storageProof"][number]
        assert why(fewer) == "no-branch"
    assert words({**answer(), "storageProof": []}, places=[]) == []


# A state of the test's own


def trie_of(values: dict[bytes, bytes]) -> HexaryTrie:
    """A trie of values by the hashes of their keys."""
    made = HexaryTrie({})
    for key, value in values.items():
        made[keccak(key)] = value
    return made


def branch(made: HexaryTrie, key: bytes) -> list[str]:
    """The branch of a key, as a node gives it."""
    return ["0x" + rlp.encode(node).hex() for node in made.get_proof(keccak(key))]


ADDRESS = "0x" + "ab" * 20
OTHERS = {bytes([each]) * 20: rlp.encode([b"", b"\1", NO_TRIE, keccak(b"")]) for each in range(1, 40)}


def world(account: Any, storage: HexaryTrie | None, places: list[int]) -> tuple[bytes, dict[str, Any]]:
    """The root of a state with one contract, and what a node answers about its storage."""
    values = dict(OTHERS)
    if account is not None:
        values[bytes.fromhex(ADDRESS[2:])] = account if isinstance(account, bytes) else rlp.encode(account)
    accounts = trie_of(values)
    return accounts.root_hash, {
        "accountProof": branch(accounts, bytes.fromhex(ADDRESS[2:])),
        "storageProof": [
            {"key": hex(each), "proof": [] if storage is None else branch(storage, word(each))}
            for each in places
        ],
    }


def proved(root: bytes, given: Any, places: list[int], code: bytes = b"code") -> list[int]:
    """The words that are proved of the test's contract."""
    return proved_words(root, ADDRESS, "0x" + keccak(code).hex(), places, Nodes(nodes_of(given)))


def account_of(storage: HexaryTrie | None) -> list[bytes]:
    """The account of a contract with this storage."""
    return [b"\1", b"", NO_TRIE if storage is None else storage.root_hash, keccak(b"code")]


@given(
    stored=st.dictionaries(st.integers(0, 60), st.integers(1, 2**256 - 1), min_size=1, max_size=40),
    asked=st.lists(st.integers(0, 70), max_size=6),
)
def test_any_storage_is_proved_as_it_is(stored: dict[int, int], asked: list[int]) -> None:
    storage = trie_of({word(place): rlp.encode(value) for place, value in stored.items()})
    root, given = world(account_of(storage), storage, asked)
    assert proved(root, given, asked) == [stored.get(place, 0) for place in asked]


@pytest.mark.parametrize("value", [1, 2**8 - 1, 2**8, 2**248 - 1, 2**248, 2**256 - 1])
def test_a_word_of_any_length_is_proved(value: int) -> None:
    storage = trie_of({word(1): rlp.encode(value), word(2): b"\1"})
    root, given = world(account_of(storage), storage, [1])
    assert proved(root, given, [1]) == [value]


def test_an_empty_storage_holds_nothing_with_or_without_nodes() -> None:
    root, given = world(account_of(None), None, [0, 7])
    assert proved(root, given, [0, 7]) == [0, 0]
    given["storageProof"][0]["proof"] = ["0x80"]
    given["storageProof"][1]["proof"] = answer()["storageProof"][0]["proof"]
    assert proved(root, given, [0, 7]) == [0, 0]


def test_no_nodes_prove_nothing_of_a_storage_that_is_not_empty() -> None:
    storage = trie_of({word(1): b"\1"})
    root, given = world(account_of(storage), storage, [1])
    assert proved(root, given, [1]) == [1]
    given["storageProof"][0]["proof"] = []
    with pytest.raises(Unproved):
        proved(root, given, [1])


@pytest.mark.parametrize("root", [None, NO_TRIE])
def test_a_contract_that_is_proved_absent_is_refused(root: bytes | None) -> None:
    true, given = world(None, None, [1])
    with pytest.raises(Unproved) as caught:
        proved(root or true, given, [1])
    assert caught.value.why.code == "no-account"


@pytest.mark.parametrize("code_hash", [bytes(32), keccak(b"code"), b"\xff" * 32])
def test_an_account_with_any_code_is_a_contract(code_hash: bytes) -> None:
    root, given = world([b"\1", b"", NO_TRIE, code_hash], None, [])
    assert has_code(root, ADDRESS, Nodes(nodes_of(given)))


@pytest.mark.parametrize("account", [None, [b"\1", b"", NO_TRIE, keccak(b"")]])
def test_an_account_without_code_or_that_nobody_used_is_no_contract(account: Any) -> None:
    root, given = world(account, None, [])
    assert not has_code(root, ADDRESS, Nodes(nodes_of(given)))


@pytest.mark.parametrize(
    "account",
    [
        [b"\1", b"", NO_TRIE],
        [b"\1", b"", NO_TRIE, keccak(b"code"), b""],
        [b"\1", b"", NO_TRIE, []],
        [b"\1", b"", [NO_TRIE], keccak(b"code")],
        [b"\1", b"", NO_TRIE[:-1], keccak(b"code")],
        [b"\1", b"", NO_TRIE, keccak(b"code") + b"\0"],
        keccak(b"a"),
        rlp.encode(b"account"),
    ],
)
def test_what_is_no_account_is_refused(account: Any) -> None:
    root, given = world(account, None, [1])
    for code in ("0x" + keccak(b"code").hex(), ""):
        with pytest.raises(Unproved) as caught:
            proved_words(root, ADDRESS, code, [1], Nodes(nodes_of(given)))
        assert caught.value.why.code in ("no-account", "no-branch")


@pytest.mark.parametrize(
    "value",
    [b"\0", b"\x82\0\1", b"\xc0", b"\xc1\1", b"\x80", b"\x81\1", b"\1\1", rlp.encode(b"\1" * 33)],
)
def test_a_word_that_is_not_written_as_the_chain_writes_it_is_refused(value: bytes) -> None:
    storage = trie_of({word(1): value, word(2): b"\1"})
    root, given = world(account_of(storage), storage, [1])
    with pytest.raises(Unproved):
        proved(root, given, [1])


# Nodes of any kind


@pytest.mark.parametrize("node", [None, 1, "", "12", "0Xc0", "0xzz", "0x1", "0x1é", [], {}, b"\1", True])
def test_a_node_that_is_no_hexadecimal_text_is_refused(node: Any) -> None:
    for number in (None, 0, 2):
        changed = answer()
        branch_of(changed, number).append(node)
        assert why(changed) == "no-branch"


@pytest.mark.parametrize("given", [None, 1, "0x", [], True, {}, {"accountProof": None}, {"storageProof": []}])
def test_an_answer_of_another_shape_is_refused(given: Any) -> None:
    assert why(given) == "no-branch"


@pytest.mark.parametrize("proofs", [None, {}, "0x", [None] * 3, [[]] * 3, [{}] * 3, [{"proof": None}] * 3, 3])
def test_storage_proofs_of_another_shape_are_refused(proofs: Any) -> None:
    assert why({**answer(), "storageProof": proofs}) == "no-branch"


def test_a_branch_has_at_most_64_nodes_and_a_node_32_kib() -> None:
    most = answer()
    nodes = branch_of(most, 0)
    nodes += [nodes[0]] * (64 - len(nodes))
    filled = rlp.encode([b"\1", bytes(32_761)])
    assert len(filled) == 32_768
    nodes[-1] = "0x" + filled.hex()
    assert words(most) == WORDS
    assert why({**most, "accountProof": [*most["accountProof"], *["0xc0"] * 62]}) == "no-branch"
    nodes[-1] = "0x" + rlp.encode([b"\1", bytes(32_762)]).hex()
    assert why(most) == "no-branch"
    nodes[-1] = nodes[0]
    nodes.append(nodes[0])
    assert why(most) == "no-branch"


def nested(depth: int, inside: bytes = b"\xc0") -> bytes:
    """So many lists of two in one another, as RLP."""
    made = inside
    for _ in range(depth):
        made = rlp.codec.length_prefix(len(made) + 1, 0xC0) + b"\1" + made
    return made


@pytest.mark.parametrize("depth", [3, 50, 150, 240, 5000])
def test_lists_in_lists_are_no_trie(depth: int) -> None:
    node = nested(depth)
    for number in (None, 0):
        beside = answer()
        branch_of(beside, number).append("0x" + node.hex())
        assert words(beside) == WORDS
    with pytest.raises(Unproved) as caught:
        proved_words(keccak(node), CONTRACT, "", [], Nodes(["0x" + node.hex()]))
    assert caught.value.why.code in ("no-branch", "no-account")


_LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.binary(max_size=40).map(lambda data: "0x" + data.hex())
)
_JSON = st.recursive(
    _LEAVES,
    lambda each: (
        st.lists(each, max_size=4)
        | st.dictionaries(st.sampled_from(["accountProof", "storageProof", "proof", "key"]), each, max_size=4)
    ),
    max_leaves=15,
)


def _words_or_unproved(given: Any) -> None:
    try:
        found = words(given)
    except Unproved:
        return
    assert found == WORDS


@given(value=_JSON)
def test_any_answer_proves_the_true_words_or_nothing(value: Any) -> None:
    _words_or_unproved(value)
    _words_or_unproved({**answer(), "accountProof": value})
    _words_or_unproved({**answer(), "storageProof": value})
    _words_or_unproved({**answer(), "storageProof": [value] * 3})


_ITEMS = st.recursive(
    st.sampled_from([b"", b"\0", b"\x20", b"\x30", b"\1" * 31, b"\1" * 32, b"\xff" * 33])
    | st.binary(max_size=33),
    lambda each: st.lists(each, max_size=3) | st.lists(each, min_size=17, max_size=17),
    max_leaves=20,
)


@given(item=_ITEMS, number=st.sampled_from([None, 0, 1, 2]), place=st.integers(0, 4))
def test_nodes_of_any_shape_among_the_true_ones_change_nothing(
    item: Any, number: int | None, place: int
) -> None:
    changed = answer()
    branch_of(changed, number).insert(place, "0x" + rlp.encode(item).hex())
    _words_or_unproved(changed)


@example(item=[b"", b""])
@given(item=_ITEMS)
def test_a_root_over_a_node_of_any_shape_proves_nothing_else(item: Any) -> None:
    """No true header has such a root; nothing but :class:`Unproved` comes of it either way."""
    node = rlp.encode(item)
    with pytest.raises(Unproved) as caught:
        proved_words(keccak(node), CONTRACT, "", [], Nodes(["0x" + node.hex()]))
    assert caught.value.why.code in ("no-branch", "no-account")
