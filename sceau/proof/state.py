# SPDX-License-Identifier: Apache-2.0
"""What the state under a header's root holds of a contract, by the branches that ``eth_getProof`` gives.

The state is a Merkle Patricia trie of accounts by the hash of their address; each account has the hash of its code and
the root of a trie of its own, of storage words by the hash of their place. A branch shows a value, or that there is
none (https://eips.ethereum.org/EIPS/eip-1186).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sceau.documents.hashing import keccak, word
from sceau.documents.identifiers import hex_of
from sceau.errors import Sentence
from sceau.proof.errors import Unproved

#: Nodes of one branch, and bytes of one node: more than any trie of 32 byte keys has.
_MOST_NODES, _MOST_BYTES = 64, 1024
_NO_BRANCH = Sentence("proof.no-branch")
_NO_ACCOUNT = Sentence("proof.no-account")

_ACCOUNT_FIELDS = 4
_WORD = 32


def proved_words(
    state_root: bytes, address: str, code_hash: str, places: Sequence[int], answer: Any
) -> list[int]:
    """The words of a contract's storage at these places, as an answer to ``eth_getProof`` proves them.

    Args:
        state_root: the proved header's.
        address: the contract's, ``0x`` hex.
        code_hash: keccak-256 of the code that it must have, ``0x`` hex; empty where it is not known.
        places: numbers of the storage words.
        answer: ``result`` of the node's answer.

    Raises:
        Unproved: a branch does not lead from the root to the value, or the contract is not there with that code.
    """
    given = _mapping(answer)
    storage_root, code = _account(_value(state_root, bytes.fromhex(address[2:]), given.get("accountProof")))
    if code_hash and hex_of(code) != code_hash:
        raise Unproved(Sentence("proof.other-code", address=address))
    branches = _by_place(given.get("storageProof"))
    return [_number(_value(storage_root, word(place), branches.get(place))) for place in places]


def _by_place(branches: Any) -> Mapping[int, Any]:
    """The branch that a node gives for each place: Besu orders them by the place, others as they were asked for."""
    if not isinstance(branches, list):
        raise Unproved(_NO_BRANCH)
    return {_place(branch.get("key")): branch.get("proof") for branch in map(_mapping, branches)}


def _place(key: Any) -> int:
    try:
        if isinstance(key, str) and len(key) <= len("0x") + 2 * _WORD:
            return int(key, 16)
    except ValueError:
        pass
    raise Unproved(_NO_BRANCH)


def _value(root: bytes, key: bytes, branch: Any) -> bytes:
    """The value under a key's hash in the trie of a root; empty where the branch proves that there is none."""
    from rlp.exceptions import RLPException
    from trie import HexaryTrie, exceptions

    # Where the nodes given are no nodes of a trie the library raises errors of its own, and Python's.
    not_a_branch = (
        exceptions.BadTrieProof,
        exceptions.InvalidNode,
        exceptions.TraversedPartialPath,
        exceptions.ValidationError,
        RLPException,
        IndexError,
        RecursionError,
        TypeError,
        ValueError,
    )
    nodes = [_node(each) for each in _nodes(branch)]
    if root == _root_of_nothing():
        return b""
    try:
        return bytes(HexaryTrie.get_from_proof(root, keccak(key), [_decoded(each) for each in nodes]))
    except not_a_branch:
        raise Unproved(_NO_BRANCH) from None


def _root_of_nothing() -> bytes:
    return keccak(b"\x80")


def _nodes(branch: Any) -> Sequence[Any]:
    if not isinstance(branch, list) or len(branch) > _MOST_NODES:
        raise Unproved(_NO_BRANCH)
    return branch


def _node(text: Any) -> bytes:
    if not (isinstance(text, str) and text.startswith("0x") and len(text) <= len("0x") + 2 * _MOST_BYTES):
        raise Unproved(_NO_BRANCH)
    try:
        return bytes.fromhex(text[2:])
    except ValueError:
        raise Unproved(_NO_BRANCH) from None


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Unproved(_NO_BRANCH)
    return value


def _account(value: bytes) -> tuple[bytes, bytes]:
    """The root of an account's storage, and the hash of its code."""
    if not value:
        raise Unproved(_NO_ACCOUNT)
    fields = _decoded(value)
    if not isinstance(fields, list) or len(fields) != _ACCOUNT_FIELDS:
        raise Unproved(_NO_ACCOUNT)
    _nonce, _balance, root, code = fields
    if not all(isinstance(each, bytes) and len(each) == _WORD for each in (root, code)):
        raise Unproved(_NO_ACCOUNT)
    return root, code


def _number(value: bytes) -> int:
    """A storage word: RLP of its bytes without leading zeros; nothing is zero."""
    if not value:
        return 0
    data = _decoded(value)
    if not isinstance(data, bytes) or not data or len(data) > _WORD or data.startswith(b"\0"):
        raise Unproved(_NO_BRANCH)
    return int.from_bytes(data, "big")


def _decoded(data: bytes) -> Any:
    import rlp
    from rlp.exceptions import RLPException

    try:
        return rlp.decode(data, strict=True)
    except (RLPException, RecursionError):
        raise Unproved(_NO_BRANCH) from None
