# SPDX-License-Identifier: Apache-2.0
"""The admins' word that a party bears a new identity: typed data, signed by a holder of ADMISSION.

It is about one publication of the party, by its place in the registry's events: the same identity published again later
needs another statement. It counts while its signer holds the role: an admin whose key was stolen loses the role, and
with it whatever the thief signed at any time. A holder that must wait before it acts is waited for: its statement
counts that long after the publication, as its other acts would.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sceau.chain.network import Network
from sceau.chain.registries.parties import Publication, read_publications
from sceau.chain.signatures import TypedMessage, signed_by
from sceau.deployment import RegistryId
from sceau.documents.identifiers import bytes_of, require_address
from sceau.documents.strict_json import Data
from sceau.errors import Sentence
from sceau.party.access import MANAGER, admin_role
from sceau.party.errors import ConfirmationWorthless
from sceau.party.possession import registry_domain

FORMAT = "sceau-identity-confirmation/1"

#: The role whose holders confirm: they admitted the party under its first identity.
CONFIRMING = admin_role("ADMISSION")

#: Types and fields as they are signed.
IDENTITY_CONFIRMATION: Mapping[str, list[dict[str, str]]] = {
    "IdentityConfirmation": [
        {"name": "party", "type": "uint32"},
        {"name": "publication", "type": "uint32"},
        {"name": "identity", "type": "bytes32"},
        {"name": "genesis", "type": "bytes32"},
    ]
}

_WHAT = Sentence("files.identity-confirmation")


@dataclass(frozen=True)
class IdentityConfirmation:
    """An admin's statement.

    ``identity`` is the hash of name, country and identifier, ``publication`` the place of the entry among those that
    the party published (0: the one of its admission), ``admin`` the lower-case address that signed.
    """

    registry: RegistryId
    party: int
    publication: int
    identity: str
    admin: str
    signature: str

    def counts(self, network: Network, publication: Publication, *, block: int) -> bool:
        """Whether it counts for the publication that it is about, as of a block.

        Its signer holds ADMISSION then, its signature holds, and the delay of the holder has passed since.
        """
        if self.registry != RegistryId.of(network.manifest, "PartyRegistry"):
            return False
        member, delay = network.read(
            MANAGER, "hasRole", CONFIRMING.number, require_address(self.admin), block=block
        )
        if not member or (delay and _age(network, publication, block) < delay):
            return False
        signed = statement(self.registry, self.party, self.publication, self.identity)
        return signed_by(network.node, self.admin, bytes_of(self.signature), signed, block=block)

    def check(self, network: Network, *, block: int) -> None:
        """Raises :class:`ConfirmationWorthless` unless it counts, for a publication that there is, as of a block."""
        publications = read_publications(network, block=block).get(self.party, ())
        if not self.publication < len(publications) or not self.counts(
            network, publications[self.publication], block=block
        ):
            raise ConfirmationWorthless(party=self.party, role=CONFIRMING.label)

    def to_json(self) -> dict[str, Any]:
        """The statement as JSON values."""
        return {
            "format": FORMAT,
            **self.registry.to_json(),
            "party": self.party,
            "publication": self.publication,
            "identity": self.identity,
            "admin": self.admin,
            "signature": self.signature,
        }

    @classmethod
    def from_json(cls, data: Data) -> IdentityConfirmation:
        """Reads a statement; :meth:`counts` judges it. Raises :class:`FileMalformed`."""
        from sceau.documents.model import read
        from sceau.party import shapes

        written = read(shapes.IdentityConfirmation, data, _WHAT)
        return cls(
            registry=RegistryId.of_shape(written),
            party=written.party,
            publication=written.publication,
            identity=written.identity,
            admin=written.admin,
            signature=written.signature,
        )


def statement(registry: RegistryId, party: int, publication: int, identity: str) -> TypedMessage:
    """The typed data that an admin signs; see :class:`IdentityConfirmation`."""
    values = {
        "party": party,
        "publication": publication,
        "identity": bytes_of(identity),
        "genesis": bytes_of(registry.genesis_hash),
    }
    return TypedMessage(registry_domain(registry), IDENTITY_CONFIRMATION, values)


def _age(network: Network, publication: Publication, block: int) -> int:
    """Seconds from a publication to a block."""
    return network.node.block(block).timestamp - network.node.block(publication.block).timestamp
