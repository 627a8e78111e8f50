# SPDX-License-Identifier: Apache-2.0
"""The deployment manifest: which contracts stand where, on which chain, from which source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sceau.chain.abis import CONTRACTS, ContractName
from sceau.chain.errors import ManifestInvalid, unreadable
from sceau.documents.identifiers import checksummed, is_hash
from sceau.documents.strict_json import parse_object
from sceau.errors import Sentence

FORMAT = "sceau-deployment/1"


@dataclass(frozen=True)
class ContractEntry:
    """A deployed contract.

    ``code_hash`` is keccak256 of the code at ``address``; ``transaction`` is the hash of the transaction that
    created it; ``arguments`` are the constructor's, as JSON values.
    """

    address: str
    code_hash: str
    transaction: str
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """A deployment.

    ``block`` is the block of the first contract; ``block_period`` the seconds between blocks, 0 on a chain that
    makes blocks only when there is something to write; ``compiler`` the settings that rebuild the same code.
    """

    chain_id: int
    genesis_hash: str
    block: int
    block_period: int
    contracts: Mapping[ContractName, ContractEntry]
    compiler: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, path: str | Path) -> Manifest:
        """Reads a manifest file.

        Raises:
            ManifestInvalid: no such file, or not a whole manifest.
        """
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            raise ManifestInvalid(path=path, why=unreadable(error)) from None
        read = parse_object(data)
        if isinstance(read, Sentence):
            raise ManifestInvalid(path=path, why=read)
        return cls.from_json(read, path=str(path))

    @classmethod
    def from_json(cls, data: Any, *, path: str = "manifest") -> Manifest:
        """Builds a manifest from parsed JSON.

        Raises:
            ManifestInvalid: a field is missing or of another shape.
        """
        read = _Reader(data, path)
        read.equal("format", FORMAT)
        contracts = read.mapping("contracts")
        return cls(
            chain_id=read.count("chain_id"),
            genesis_hash=read.hash("genesis_hash"),
            block=read.count("block"),
            block_period=read.count("block_period"),
            contracts={name: _entry(contracts, name, path) for name in CONTRACTS},
            compiler=read.mapping("compiler"),
        )

    def to_json(self) -> dict[str, Any]:
        """The manifest as JSON values."""
        return {
            "format": FORMAT,
            "chain_id": self.chain_id,
            "genesis_hash": self.genesis_hash,
            "block": self.block,
            "block_period": self.block_period,
            "contracts": {
                name: {
                    "address": e.address,
                    "code_hash": e.code_hash,
                    "transaction": e.transaction,
                    "arguments": list(e.arguments),
                }
                for name, e in self.contracts.items()
            },
            "compiler": dict(self.compiler),
        }


class _Reader:
    """Reads fields of one JSON object, naming the one that is wrong."""

    def __init__(self, data: Any, path: str, prefix: str = "") -> None:
        self._path = path
        self._prefix = prefix
        if not isinstance(data, dict):
            raise ManifestInvalid(path=path, why=_not_object(prefix))
        self._data = data

    def get(self, name: str) -> Any:
        if name not in self._data:
            raise ManifestInvalid(path=self._path, why=_missing(f"{self._prefix}{name}"))
        return self._data[name]

    def wrong(self, name: str) -> ManifestInvalid:
        return ManifestInvalid(path=self._path, why=_wrong(f"{self._prefix}{name}"))

    def equal(self, name: str, expected: str) -> None:
        if self.get(name) != expected:
            raise self.wrong(name)

    def count(self, name: str) -> int:
        value = self.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.wrong(name)
        return value

    def hash(self, name: str) -> str:
        value = self.get(name)
        if not is_hash(value):
            raise self.wrong(name)
        return value

    def address(self, name: str) -> str:
        value = self.get(name)
        found = checksummed(value) if isinstance(value, str) else None
        if found is None:
            raise self.wrong(name)
        return found

    def mapping(self, name: str) -> dict[str, Any]:
        value = self.get(name)
        if not isinstance(value, dict):
            raise self.wrong(name)
        return value

    def sequence(self, name: str) -> list[Any]:
        value = self.get(name)
        if not isinstance(value, list):
            raise self.wrong(name)
        return value


def _entry(contracts: dict[str, Any], name: str, path: str) -> ContractEntry:
    if name not in contracts:
        raise ManifestInvalid(path=path, why=_missing(f"contracts.{name}"))
    read = _Reader(contracts[name], path, prefix=f"contracts.{name}.")
    return ContractEntry(
        address=read.address("address"),
        code_hash=read.hash("code_hash"),
        transaction=read.hash("transaction"),
        arguments=tuple(read.sequence("arguments")),
    )


def _missing(name: str) -> Sentence:
    return Sentence("chain.missing", name=name)


def _wrong(name: str) -> Sentence:
    return Sentence("chain.wrong", name=name)


def _not_object(prefix: str) -> Sentence:
    name = prefix.rstrip(".")
    return Sentence("chain.part-not-object", name=name) if name else Sentence("chain.file-not-object")
