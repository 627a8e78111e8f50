# SPDX-License-Identifier: Apache-2.0
"""What the state under a header's root holds of a contract, by the branches that ``eth_getProof`` gives.

The state is a Merkle Patricia trie of accounts by the hash of their address; each account has the hash of its code and
the root of a trie of its own, of storage words by the hash of their place. A branch shows a value, or that there is
none (https://eips.ethereum.org/EIPS/eip-1186).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sceau.documents.hashing import keccak, word
from sceau.documents.identifiers import hex_of
from sceau.errors import Sentence
from sceau.proof.errors import Unproved
from sceau.proof.nodes import Nodes
from sceau.proof.reading import decoded, mapping, row, sized

#: Nodes of one branch: more than any trie of 32 byte keys has.
_MOST_NODES = 64
_NO_BRANCH = Sentence("proof.no-branch")
_NO_ACCOUNT = Sentence("proof.no-account")

_ACCOUNT_FIELDS = 4
_WORD = 32


def proved_words(
    state_root: bytes, address: str, code_hash: str, places: Sequence[int], nodes: Nodes
) -> list[int]:
    """The words of a contract's storage at these places, as nodes prove them.

    Args:
        state_root: the proved header's.
        address: the contract's, ``0x`` hex.
        code_hash: keccak-256 of the code that it must have, ``0x`` hex; empty where it is not known.
        places: numbers of the storage words.
        nodes: those of the branches, and any others.

    Raises:
        Unproved: no branch leads from the root to a value, or the contract is not there with that code.
    """
    storage_root, code = _account(nodes.value(state_root, _path_of(address)))
    if code_hash and hex_of(code) != code_hash:
        raise Unproved(Sentence("proof.other-code", address=address))
    return [_number(nodes.value(storage_root, keccak(word(place)))) for place in places]


def has_code(state_root: bytes, address: str, nodes: Nodes) -> bool:
    """Whether an account (``0x`` hex) is a contract; one that nobody used is none. Raises as :func:`proved_words`."""
    value = nodes.value(state_root, _path_of(address))
    return bool(value) and _account(value)[1] != keccak(b"")


def branches_of(state_root: bytes, address: str, places: Sequence[int], nodes: Nodes) -> Iterator[str]:
    """Of many nodes those that prove a contract's words. Raises as :func:`proved_words`."""
    yield from nodes.branch(state_root, _path_of(address))
    storage_root, _code = _account(nodes.value(state_root, _path_of(address)))
    for place in places:
        yield from nodes.branch(storage_root, keccak(word(place)))


def nodes_of(answer: Any) -> Iterator[Any]:
    """The nodes in an answer to ``eth_getProof``; nothing else in it counts. Raises :class:`Unproved`."""
    given = mapping(answer, _NO_BRANCH)
    yield from _branch(given.get("accountProof"))
    for each in row(given.get("storageProof"), _NO_BRANCH):
        yield from _branch(mapping(each, _NO_BRANCH).get("proof"))


def _path_of(address: str) -> bytes:
    return keccak(bytes.fromhex(address[2:]))


def _branch(nodes: Any) -> Iterable[Any]:
    if not isinstance(nodes, list) or len(nodes) > _MOST_NODES:
        raise Unproved(_NO_BRANCH)
    return nodes


def _account(value: bytes) -> tuple[bytes, bytes]:
    """The root of an account's storage, and the hash of its code."""
    if not value:
        raise Unproved(_NO_ACCOUNT)
    _nonce, _balance, root, code = row(decoded(value, _NO_BRANCH), _NO_ACCOUNT, _ACCOUNT_FIELDS)
    return sized(root, _WORD, _NO_ACCOUNT), sized(code, _WORD, _NO_ACCOUNT)


def _number(value: bytes) -> int:
    """A storage word: RLP of its bytes without leading zeros; nothing is zero."""
    if not value:
        return 0
    data = decoded(value, _NO_BRANCH)
    if not isinstance(data, bytes) or not data or len(data) > _WORD or data.startswith(b"\0"):
        raise Unproved(_NO_BRANCH)
    return int.from_bytes(data, "big")
