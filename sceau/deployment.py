# SPDX-License-Identifier: Apache-2.0
"""Where something was made for: a chain and a contract on it. "Is this mine?" is asked by comparing two of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sceau.errors import Sentence

if TYPE_CHECKING:
    from sceau.chain.abis import ContractName
    from sceau.chain.manifest import Manifest
    from sceau.documents.fields import OfRegistry

#: The keys of coordinates in a file.
KEYS = ("chain_id", "genesis_hash", "contract")

_PARTS = {
    "chain_id": Sentence("deployment.chain-id"),
    "genesis_hash": Sentence("deployment.genesis"),
    "contract": Sentence("deployment.contract"),
}


@dataclass(frozen=True)
class RegistryId:
    """A chain (its id, and the hash of its first block, since ids are reused) and one contract on it.

    ``genesis_hash`` is '0x' and 64 lower-case hex digits, ``contract`` '0x' and 40.
    """

    chain_id: int
    genesis_hash: str
    contract: str

    @classmethod
    def of(cls, manifest: Manifest, contract: ContractName = "ConsentRegistry") -> RegistryId:
        """A contract of a deployment (``network.manifest``)."""
        address = manifest.contracts[contract].address
        return cls(manifest.chain_id, manifest.genesis_hash.lower(), address.lower())

    def difference(self, other: RegistryId) -> Sentence | None:
        """The first part in which the two differ, for an error; None when they are one."""
        for part in KEYS:
            if getattr(self, part) != getattr(other, part):
                return _PARTS[part]
        return None

    def to_json(self) -> dict[str, Any]:
        """The coordinates as JSON values, under :data:`KEYS`."""
        return {part: getattr(self, part) for part in KEYS}

    @classmethod
    def of_shape(cls, written: OfRegistry) -> RegistryId:
        """Those that a document names."""
        return cls(written.chain_id, written.genesis_hash, written.contract)
