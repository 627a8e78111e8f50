# SPDX-License-Identifier: Apache-2.0
"""Values of Solidity's types of fixed length, from words of 32 bytes and back.

Nearly all that the contracts take, give and announce is of such types. ``eth_abi`` interprets a type for each value,
which takes many times as long. Where a value or a word is not the plain one of its type, ``None`` says so, and eth-abi
is asked, which refuses it in its own words; tests compare the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sceau.documents.hashing import WORD

Field = Mapping[str, Any]
_Read = Callable[[bytes, int], Any]
_Write = Callable[[Any], "bytes | None"]

_UNSIGNED = re.compile(r"uint(\d+)")
_LIST = re.compile(r"(.+)\[(\d+)\]")
_PAD = bytes(12)


class Strange(Exception):
    """A word is not one of its type."""


class Reader:
    """Reads the values of fields that stand one behind the other, each of fixed length."""

    def __init__(self, parts: Sequence[tuple[_Read, int]]) -> None:
        places, at = [], 0
        for read, length in parts:
            places.append((read, at))
            at += length
        self._parts = tuple(places)
        self.length = at

    @classmethod
    def of(cls, fields: Sequence[Field]) -> Reader | None:
        """The reader of these fields; ``None`` where one is of another type."""
        parts = [_part(each, each["type"]) for each in fields]
        known = [each for each in parts if each is not None]
        return cls(known) if len(known) == len(parts) else None

    def read(self, data: bytes) -> tuple[Any, ...] | None:
        """The values; ``None`` where eth-abi is to be asked. Addresses have their checksum (ERC-55)."""
        if len(data) < self.length:
            return None
        try:
            return self.at(data, 0)
        except Strange:
            return None

    def at(self, data: bytes, start: int) -> tuple[Any, ...]:
        """The values that stand from ``start`` on. Raises :class:`Strange`."""
        return tuple([read(data, start + place) for read, place in self._parts])


def writer(types: Sequence[str]) -> Callable[[Sequence[Any]], bytes | None]:
    """Encodes values of these types; gives ``None`` where eth-abi is to be asked."""
    writes = [_written_as(kind) for kind in types]

    def write(values: Sequence[Any]) -> bytes | None:
        if len(values) != len(writes):
            return None
        words = [each(value) for each, value in zip(writes, values, strict=True)]
        return None if None in words else b"".join(words)  # type: ignore[arg-type] # no None is among them

    return write


@lru_cache(maxsize=4096)
def checksummed_word(word: bytes) -> str:
    """The address in a word, in mixed case (ERC-55). The same few sign most of what is written."""
    from eth_utils.address import to_checksum_address

    return str(to_checksum_address(word[len(_PAD) :]))


def _part(field: Field, kind: str) -> tuple[_Read, int] | None:
    """What reads a value of a type, and the bytes that it takes."""
    of_list = _LIST.fullmatch(kind)
    if of_list is not None:
        item = _part(field, of_list[1])
        return None if item is None else _all(Reader([item] * int(of_list[2])))
    if kind == "tuple":
        inner = Reader.of(field["components"])
        return None if inner is None else _all(inner)
    unsigned = _UNSIGNED.fullmatch(kind)
    read = _unsigned(int(unsigned[1])) if unsigned else _READS.get(kind)
    return None if read is None else (read, WORD)


def _all(reader: Reader) -> tuple[_Read, int]:
    return reader.at, reader.length


def _unsigned(bits: int) -> _Read:
    limit = 1 << bits

    def read(data: bytes, at: int) -> int:
        number = int.from_bytes(data[at : at + WORD], "big")
        if number >= limit:
            raise Strange
        return number

    return read


def _flag(data: bytes, at: int) -> bool:
    number = int.from_bytes(data[at : at + WORD], "big")
    if number > 1:
        raise Strange
    return number == 1


def _address(data: bytes, at: int) -> str:
    word = data[at : at + WORD]
    if not word.startswith(_PAD):
        raise Strange
    return checksummed_word(word)


def _bytes32(data: bytes, at: int) -> bytes:
    return data[at : at + WORD]


_READS: Mapping[str, _Read] = {"bool": _flag, "address": _address, "bytes32": _bytes32}


def _written_as(kind: str) -> _Write:
    unsigned = _UNSIGNED.fullmatch(kind)
    if unsigned is None:
        return {"bytes32": _write_bytes32, "address": _write_address}.get(kind, lambda _: None)
    limit = 1 << int(unsigned[1])
    return lambda value: value.to_bytes(WORD, "big") if type(value) is int and 0 <= value < limit else None


def _write_bytes32(value: Any) -> bytes | None:
    return value if type(value) is bytes and len(value) == WORD else None


def _write_address(value: Any) -> bytes | None:
    return _address_word(value) if type(value) is str else None


@lru_cache(maxsize=4096)
def _address_word(address: str) -> bytes:
    from eth_abi.abi import encode

    return encode(["address"], [address])
