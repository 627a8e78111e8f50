# SPDX-License-Identifier: Apache-2.0
"""Which register a consent belongs to: a chain and a contract on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sceau.errors import Sentence
from sceau.record import Scope

if TYPE_CHECKING:
    from sceau.chain.manifest import Manifest
    from sceau.documents.fields import OfRegistry

#: The keys of coordinates in a file.
KEYS = ("chain_id", "genesis_hash", "contract")

PROFILE = "consent"
PROFILE_VERSION = 1

_PARTS = {
    "chain_id": Sentence("deployment.chain-id"),
    "genesis_hash": Sentence("deployment.genesis"),
    "contract": Sentence("deployment.contract"),
}


@dataclass(frozen=True)
class RegistryId:
    """A chain (its id, and the hash of its first block, since ids are reused) and the consent contract on it.

    ``genesis_hash`` is '0x' and 64 lower-case hex digits, ``contract`` '0x' and 40.
    """

    chain_id: int
    genesis_hash: str
    contract: str

    @classmethod
    def of(cls, manifest: Manifest) -> RegistryId:
        """Those of a deployment (``network.manifest``)."""
        address = manifest.contracts["ConsentRegistry"].address
        return cls(manifest.chain_id, manifest.genesis_hash.lower(), address.lower())

    def scope(self) -> Scope:
        """What the leaf ``sceau.record`` of a consent says here."""
        return Scope(PROFILE, PROFILE_VERSION, self.chain_id, self.contract)

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
