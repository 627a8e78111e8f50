# SPDX-License-Identifier: Apache-2.0
"""Calls and events of the contracts, from values to bytes and back, by the ABIs that are shipped.

Values of fixed length are read and written by :mod:`sceau.chain.words`; all others, and whatever is refused, are
eth-abi's work, on types that are read from an ABI once: web3's contract objects read them again for each call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from sceau.chain.abis import ContractName, abi
from sceau.chain.words import Field, Reader, writer
from sceau.documents.hashing import WORD, keccak
from sceau.documents.identifiers import hex_of


@dataclass(frozen=True)
class Function:
    """A function of a contract: its selector (4 bytes), and the types that it takes and gives."""

    selector: bytes
    takes: tuple[str, ...]
    gives: tuple[Field, ...]

    def encode(self, args: Sequence[Any]) -> bytes:
        """Calldata. Raises eth-abi's ``EncodingError`` where a value has another type."""
        plain = self._write(args)
        if plain is not None:
            return self.selector + plain
        from eth_abi.abi import encode

        return self.selector + encode(self.takes, args)

    def decode(self, answer: bytes) -> Any:
        """What a call answered: one value as it is, several as a tuple; a struct is a tuple of its fields.

        Raises eth-abi's ``DecodingError`` where that is not what the function gives.
        """
        values = _decoded(self.gives, self._reader, answer)
        return values[0] if len(values) == 1 else values

    @cached_property
    def _reader(self) -> Reader | None:
        return Reader.of(self.gives)

    @cached_property
    def _write(self) -> Callable[[Sequence[Any]], bytes | None]:
        return writer(self.takes)


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
        indexed, others = self._parts
        if len(topics) != 1 + len(indexed) or any(len(topic) != WORD for topic in topics):
            raise ValueError("no topics of this event")
        of_topics, of_data = self._readers
        # Two questions: where a value of no fixed length stands is counted from the beginning of the data.
        found = (*_decoded(indexed, of_topics, b"".join(topics[1:])), *_decoded(others, of_data, data))
        return {name: _plain(found[place]) for name, place in self._places}

    @cached_property
    def _parts(self) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
        """The fields that stand in topics, and the others."""
        indexed = tuple(each for each in self.fields if each["indexed"])
        return indexed, tuple(each for each in self.fields if not each["indexed"])

    @cached_property
    def _readers(self) -> tuple[Reader | None, Reader | None]:
        indexed, others = self._parts
        return Reader.of(indexed), Reader.of(others)

    @cached_property
    def _places(self) -> tuple[tuple[str, int], ...]:
        """The names of the fields in order, each with its place among those of topics and data."""
        indexed, others = self._parts
        places = {field["name"]: place for place, field in enumerate((*indexed, *others))}
        return tuple((field["name"], places[field["name"]]) for field in self.fields)


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


def _decoded(fields: Sequence[Field], reader: Reader | None, data: bytes) -> tuple[Any, ...]:
    """The values of fields; addresses are in mixed case. Raises eth-abi's ``DecodingError``."""
    plain = None if reader is None else reader.read(data)
    if plain is not None:
        return plain
    from eth_abi.abi import decode

    return tuple(_value(*each) for each in zip(fields, decode(_types(fields), data), strict=True))


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
    return keccak(text.encode())
