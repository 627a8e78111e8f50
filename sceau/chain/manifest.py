# SPDX-License-Identifier: Apache-2.0
"""The deployment manifest: which contracts stand where, on which chain, from which source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sceau.chain.abis import CONTRACTS, ContractName
from sceau.chain.errors import ManifestInvalid, ProofOfAnotherChain, ProofsRequired, unreadable
from sceau.documents.files import first_bytes
from sceau.documents.strict_json import LONGEST, parse_object
from sceau.errors import Sentence
from sceau.proof.trust import Listed

if TYPE_CHECKING:
    from sceau.chain import shapes

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
class Validators:
    """By what a node's answers are proved: see ``docs/proved.md``.

    ``fork`` says which fields a header has; ``epoch`` after how many blocks the chain clears its votes; ``window_days``
    how long after the last set's block later sets are believed; ``layout`` the hash of the layout of the contracts'
    storage; ``sets`` every set since the deployment.
    """

    fork: str
    epoch: int
    window_days: int
    layout: str
    sets: tuple[Listed, ...]

    def to_json(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "fork": self.fork,
            "epoch": self.epoch,
            "window_days": self.window_days,
            "layout": self.layout,
            "sets": [
                {"block": each.block, "time": each.time, "addresses": sorted(each.validators)}
                for each in self.sets
            ],
        }


@dataclass(frozen=True)
class Manifest:
    """A deployment.

    ``block`` is the block of the first contract; ``block_period`` the seconds between blocks, 0 on a chain that
    makes blocks only when there is something to write; ``compiler`` the settings that rebuild the same code;
    ``logs_range`` the most blocks about whose logs the members' nodes take one question, ``waiting`` the most
    transactions of one key that they let wait for a block; ``None`` where it is not said. ``validators`` is ``None`` on
    a chain that proves nothing: there a node is believed.
    """

    chain_id: int
    genesis_hash: str
    block: int
    block_period: int
    contracts: Mapping[ContractName, ContractEntry]
    compiler: Mapping[str, Any] = field(default_factory=dict)
    logs_range: int | None = None
    waiting: int | None = None
    validators: Validators | None = None

    @classmethod
    def load(cls, path: str | Path) -> Manifest:
        """Reads a manifest file.

        Raises:
            ManifestInvalid: no such file, or not a whole manifest.
        """
        try:
            data = first_bytes(path, LONGEST + 1)
        except (OSError, ValueError) as error:
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
        from sceau.chain import shapes
        from sceau.documents.model import Fault, parse

        written = parse(shapes.Manifest, data)
        if isinstance(written, Fault):
            raise ManifestInvalid(path=path, why=written.sentence)
        return cls(
            chain_id=written.chain_id,
            genesis_hash=written.genesis_hash,
            block=written.block,
            block_period=written.block_period,
            contracts={name: _entry(getattr(written.contracts, name)) for name in CONTRACTS},
            compiler=written.compiler,
            logs_range=written.logs_range,
            waiting=written.waiting,
            validators=_validators(written.validators, path),
        )

    def require_chain(self, chain_id: int, genesis_hash: str) -> None:
        """Raises :class:`ProofOfAnotherChain` unless what was proved is of this chain."""
        if (chain_id, genesis_hash) != (self.chain_id, self.genesis_hash):
            raise ProofOfAnotherChain

    def require_validators(self) -> Validators:
        """The validators, for a reader who wants proofs. Raises :class:`ProofsRequired` where none are listed."""
        if self.validators is None:
            raise ProofsRequired
        return self.validators

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
            **({} if self.logs_range is None else {"logs_range": self.logs_range}),
            **({} if self.waiting is None else {"waiting": self.waiting}),
            **({} if self.validators is None else {"validators": self.validators.to_json()}),
        }


def _entry(written: shapes.ContractEntry) -> ContractEntry:
    return ContractEntry(written.address, written.code_hash, written.transaction, tuple(written.arguments))


def _validators(written: shapes.Validators | None, path: str) -> Validators | None:
    if written is None:
        return None
    sets = tuple(
        Listed(each.block, each.time, frozenset(address.lower() for address in each.addresses))
        for each in written.sets
    )
    blocks = [each.block for each in sets]
    if blocks != sorted(set(blocks)):
        raise ManifestInvalid(path=path, why=Sentence("chain.sets-in-order"))
    return Validators(written.fork, written.epoch, written.window_days, written.layout, sets)
