# SPDX-License-Identifier: Apache-2.0
"""Calls and events of the contracts, from values to bytes and back, by the ABIs that are shipped.

The work is eth-abi's, on types that are read from an ABI once: web3's contract objects read them again for each call
and each event, which is most of the time that a reading takes beside the node's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sceau.chain.abis import ContractName, abi
from sceau.documents.identifiers import hex_of

Field = Mapping[str, Any]

_WORD = 32


@dataclass(frozen=True)
class Function:
    """A function of a contract: its selector (4 bytes), and the types that it takes and gives."""

    selector: bytes
    takes: tuple[str, ...]
    gives: tuple[Field, ...]

    def encode(self, args: Sequence[Any]) -> bytes:
        """Calldata. Raises eth-abi's ``EncodingError`` where a value has another type."""
        from eth_abi.abi import encode

        return self.selector + encode(self.takes, args)

    def decode(self, answer: bytes) -> Any:
        """What a call answered: one value as it is, several as a tuple; a struct is a tuple of its fields.

        Raises eth-abi's ``DecodingError`` where that is not what the function gives.
        """
        from eth_abi.abi import decode

        found = decode(_types(self.gives), answer)
        values = tuple(_value(*each) for each in zip(self.gives, found, strict=True))
        return values[0] if len(values) == 1 else values


@dataclass(frozen=True)
class EventKind:
    """An event of a contract: its name, its first topic (``0x`` hex), and its fields in order."""

    name: str
    topic: str
    fields: tuple[Field, ...]

    def decode(self, topics: Sequence[bytes], data: bytes) -> dict[str, Any]:
        """The fields by name; bytes as ``0x`` hex, lists as tuples: values that compare and print.

        Raises ValueError or eth-abi's ``DecodingError`` where these are not the event's topics and data.
        """
        from eth_abi.abi import decode

        indexed = [each for each in self.fields if each["indexed"]]
        others = [each for each in self.fields if not each["indexed"]]
        if len(topics) != 1 + len(indexed) or any(len(topic) != _WORD for topic in topics):
            raise ValueError("no topics of this event")
        # Two questions: where a value of no fixed length stands is counted from the beginning of the data.
        found = (*decode(_types(indexed), b"".join(topics[1:])), *decode(_types(others), data))
        values = {field["name"]: value for field, value in zip((*indexed, *others), found, strict=True)}
        return {field["name"]: _plain(_value(field, values[field["name"]])) for field in self.fields}


@cache
def function(contract: ContractName, name: str) -> Function:
    """A function of a contract; no two of one contract share a name."""
    entry = next(each for each in abi(contract) if each["type"] == "function" and each["name"] == name)
    takes = _types(entry["inputs"])
    return Function(_keccak(f"{name}({','.join(takes)})")[:4], takes, tuple(entry["outputs"]))


@cache
def event_kinds(contract: ContractName) -> Mapping[str, EventKind]:
    """The events of a contract by their first topic."""
    kinds = [_event_kind(each) for each in abi(contract) if each["type"] == "event"]
    return {kind.topic: kind for kind in kinds}


def _event_kind(entry: Field) -> EventKind:
    signature = f"{entry['name']}({','.join(_types(entry['inputs']))})"
    return EventKind(entry["name"], hex_of(_keccak(signature)), tuple(entry["inputs"]))


def _types(fields: Sequence[Field]) -> tuple[str, ...]:
    """The canonical types of an ABI's fields: a struct is written by its fields' types."""
    return tuple(_type(each) for each in fields)


def _type(field: Field) -> str:
    kind: str = field["type"]
    if kind.startswith("tuple"):
        return f"({','.join(_types(field['components']))}){kind[len('tuple') :]}"
    return kind


def _value(field: Field, value: Any, kind: str | None = None) -> Any:
    """A decoded value, with its addresses in mixed case (ERC-55); ``kind`` is its type, or that of its items."""
    from eth_utils.address import to_checksum_address

    kind = field["type"] if kind is None else kind
    if kind.endswith("]"):
        return tuple(_value(field, each, kind[: kind.rindex("[")]) for each in value)
    if kind == "tuple":
        return tuple(_value(*each) for each in zip(field["components"], value, strict=True))
    return to_checksum_address(value) if kind == "address" else value


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return hex_of(value)
    if isinstance(value, (list, tuple)):
        return tuple(_plain(item) for item in value)
    return value


def _keccak(text: str) -> bytes:
    from eth_utils.crypto import keccak

    return keccak(text=text)
