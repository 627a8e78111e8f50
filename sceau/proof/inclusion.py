# SPDX-License-Identifier: Apache-2.0
"""A transaction and its receipt, as they stand in a block: what it was, whether it succeeded, and what was announced.

A header has the roots of two tries, of a block's transactions and of their receipts, each by its place in the block
(https://eips.ethereum.org/EIPS/eip-2718, https://eips.ethereum.org/EIPS/eip-658).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sceau.documents.hashing import keccak
from sceau.documents.identifiers import hex_of
from sceau.errors import Sentence
from sceau.proof.errors import Unproved
from sceau.proof.header import Header
from sceau.proof.nodes import Nodes
from sceau.proof.reading import data_of, decoded, mapping, number_of, row, sized

_NO_RECEIPT = Sentence("proof.no-receipt")

#: The fields of a transaction by its type, as JSON-RPC names them; of a legacy one all but the type's byte.
_TRANSACTIONS = {
    0: ("nonce", "gasPrice", "gas", "to", "value", "input", "v", "r", "s"),
    1: ("chainId", "nonce", "gasPrice", "gas", "to", "value", "input", "accessList", "v", "r", "s"),
    2: (
        *("chainId", "nonce", "maxPriorityFeePerGas", "maxFeePerGas", "gas"),
        *("to", "value", "input", "accessList", "v", "r", "s"),
    ),
}
#: Fields that are bytes; all others are numbers.
_BYTES = ("to", "input")
#: The least first byte of a list in RLP; what begins with less is a type.
_LIST = 0xC0
_RECEIPT_FIELDS, _LOG_FIELDS = 4, 3
_ADDRESS, _TOPIC = 20, 32


@dataclass(frozen=True)
class Log:
    """What a contract announced: its address (``0x`` hex in lower case), topics and data."""

    address: str
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True)
class Included:
    """A transaction in a block: its place there, its hash (``0x`` hex), whether it succeeded, and its logs."""

    block: Header
    place: int
    transaction: str
    succeeded: bool
    logs: tuple[Log, ...]


def included(header: Header, place: int, nodes: Nodes) -> Included:
    """The transaction at a place of a block, with its receipt, as nodes prove them.

    Raises:
        Unproved: no branch leads to both, or they cannot be read.
    """
    path = _path(place)
    transaction = nodes.value(header.transactions_root, path)
    receipt = nodes.value(header.receipts_root, path)
    if not transaction or not receipt:
        raise Unproved(_NO_RECEIPT)
    succeeded, logs = _receipt(receipt)
    return Included(header, place, hex_of(keccak(transaction)), succeeded, logs)


def tries_of(header: Header, block: Any, receipts: Sequence[Any]) -> Nodes:
    """The nodes of both tries of a block.

    Args:
        header: the block's, proved.
        block: the block as JSON-RPC gives it with its transactions.
        receipts: of each transaction its receipt, in their order, as JSON-RPC gives them.

    Raises:
        Unproved: they do not give the header's roots.
    """
    transactions = row(mapping(block, _NO_RECEIPT).get("transactions"), _NO_RECEIPT, len(receipts))
    written = _trie(header.transactions_root, [_transaction_bytes(each) for each in transactions])
    told = _trie(header.receipts_root, [_receipt_bytes(each) for each in receipts])
    return Nodes(map(hex_of, (*written, *told)))


def branches_of(header: Header, place: int, nodes: Nodes) -> Iterator[str]:
    """Of many nodes those that prove a transaction and its receipt. Raises :class:`Unproved`."""
    for root in (header.transactions_root, header.receipts_root):
        yield from nodes.branch(root, _path(place))


def _trie(root: bytes, values: Sequence[bytes]) -> list[bytes]:
    """The nodes of the trie of values by their places. Raises :class:`Unproved` unless it has that root."""
    from trie import HexaryTrie

    by_hash: dict[bytes, bytes] = {}
    made = HexaryTrie(by_hash)
    for place, value in enumerate(values):
        made[_path(place)] = value
    if made.root_hash != root:
        raise Unproved(_NO_RECEIPT)
    return list(by_hash.values())


def _path(place: int) -> bytes:
    import rlp

    return bytes(rlp.encode(place))


def _transaction_bytes(written: Any) -> bytes:
    given = mapping(written, _NO_RECEIPT)
    kind = _type(given)
    if kind not in _TRANSACTIONS:
        raise Unproved(_NO_RECEIPT)
    return _typed(kind, [_field(name, given.get(name)) for name in _TRANSACTIONS[kind]])


def _field(name: str, value: Any) -> Any:
    if name == "to" and value is None:
        return b""
    if name == "accessList":
        return [_access(mapping(each, _NO_RECEIPT)) for each in row(value, _NO_RECEIPT)]
    return _data(value) if name in _BYTES else number_of(value, _NO_RECEIPT)


def _access(entry: Mapping[str, Any]) -> list[Any]:
    return [_data(entry.get("address")), list(map(_data, row(entry.get("storageKeys"), _NO_RECEIPT)))]


def _receipt_bytes(written: Any) -> bytes:
    given = mapping(written, _NO_RECEIPT)
    fields = [
        number_of(given.get("status"), _NO_RECEIPT),
        number_of(given.get("cumulativeGasUsed"), _NO_RECEIPT),
        _data(given.get("logsBloom")),
        [_log_fields(mapping(each, _NO_RECEIPT)) for each in row(given.get("logs"), _NO_RECEIPT)],
    ]
    return _typed(_type(given), fields)


def _log_fields(log: Mapping[str, Any]) -> list[Any]:
    topics = row(log.get("topics"), _NO_RECEIPT)
    return [_data(log.get("address")), list(map(_data, topics)), _data(log.get("data"))]


def _type(given: Mapping[str, Any]) -> int:
    return int.from_bytes(number_of(given.get("type", "0x0"), _NO_RECEIPT), "big")


def _typed(kind: int, fields: list[Any]) -> bytes:
    import rlp

    encoded = bytes(rlp.encode(fields))
    return bytes([kind]) + encoded if kind else encoded


def _data(text: Any) -> bytes:
    return data_of(text, _NO_RECEIPT)


def _receipt(data: bytes) -> tuple[bool, tuple[Log, ...]]:
    """Whether a transaction succeeded, and its logs, by its receipt's bytes."""
    fields = row(decoded(data[1:] if data[0] < _LIST else data, _NO_RECEIPT), _NO_RECEIPT, _RECEIPT_FIELDS)
    status, _gas, _bloom, logs = fields
    # Before Byzantium a root stood there: no chain of Sceau is so old.
    if status not in (b"", b"\1"):
        raise Unproved(_NO_RECEIPT)
    return status == b"\1", tuple(map(_log, row(logs, _NO_RECEIPT)))


def _log(fields: Any) -> Log:
    address, topics, data = row(fields, _NO_RECEIPT, _LOG_FIELDS)
    return Log(
        hex_of(sized(address, _ADDRESS, _NO_RECEIPT)),
        tuple(sized(each, _TOPIC, _NO_RECEIPT) for each in row(topics, _NO_RECEIPT)),
        sized(data, len(data), _NO_RECEIPT),
    )
