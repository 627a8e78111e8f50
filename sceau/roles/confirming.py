# SPDX-License-Identifier: Apache-2.0
"""Confirming a party's new identity: what an admin is asked to sign, by a key or by a contract."""

from __future__ import annotations

from dataclasses import dataclass

from sceau.chain.network import Network
from sceau.chain.registries.parties import read_party, read_publications
from sceau.chain.signatures import TypedMessage
from sceau.chain.signer import Signer
from sceau.deployment import RegistryId
from sceau.documents.identifiers import hex_of, require_address
from sceau.party import identifier
from sceau.party.access import MANAGER
from sceau.party.confirmation import CONFIRMING, IdentityConfirmation, statement
from sceau.party.directory import Directory
from sceau.party.entry import DirectoryEntry
from sceau.party.errors import ConfirmingRoleMissing, EntryOfNobody, IdentityInvalid, NameLooksAlike


@dataclass(frozen=True)
class IdentityToConfirm:
    """An identity that a party published and that waits: :meth:`signed` or :meth:`signed_elsewhere` confirms it."""

    network: Network
    party: int
    publication: int
    entry: DirectoryEntry

    @property
    def typed(self) -> TypedMessage:
        """What an admin signs; a contract's owners sign it as ``typed.for_wallet()``."""
        return statement(self._registry, self.party, self.publication, self.entry.identity.hash)

    def signed(self, admin: Signer) -> IdentityConfirmation:
        """The statement, signed by an admin's key. Raises :class:`ConfirmingRoleMissing`."""
        typed = self.typed
        return self.signed_elsewhere(admin.address, admin.sign_typed(typed.domain, typed.types, typed.values))

    def signed_elsewhere(self, admin: str, signature: bytes) -> IdentityConfirmation:
        """The statement with a signature that was made elsewhere: of a contract (ERC-1271), or of a key kept apart.

        Raises:
            AddressInvalid: ``admin`` is not an address.
            ConfirmingRoleMissing: it does not hold ADMISSION.
            ConfirmationWorthless: the signature is not its own, or its delay has not passed yet.
        """
        block, address = self.network.head().number, require_address(admin)
        if not self.network.read(MANAGER, "hasRole", CONFIRMING.number, address, block=block)[0]:
            raise ConfirmingRoleMissing(account=address, role=CONFIRMING.label)
        made = IdentityConfirmation(
            registry=self._registry,
            party=self.party,
            publication=self.publication,
            identity=self.entry.identity.hash,
            admin=address.lower(),
            signature=hex_of(signature),
        )
        made.check(self.network, block=block)
        return made

    @property
    def _registry(self) -> RegistryId:
        return RegistryId.of(self.network.manifest, "PartyRegistry")


def identity_to_confirm(
    network: Network, party: int, entry: DirectoryEntry, *, directory: Directory | None = None
) -> IdentityToConfirm:
    """The identity in the entry that a party published last, once it is found fit to be confirmed.

    Args:
        network: the deployment.
        party: the party's number.
        entry: the entry, as the party gave it.
        directory: the other parties' entries, whose names the new one must not resemble.

    Raises:
        EntryOfNobody: the chain does not hold this entry's hash for the party.
        IdentityInvalid: its country or its public number is none.
        NameLooksAlike: its name looks like that of another party in the directory.
        PartyUnknown: no party has this number.
    """
    block = network.head().number
    if read_party(network, party, block=block).directory != entry.hash:
        raise EntryOfNobody
    rule = identifier.broken_rule(entry.country, entry.identifier)
    if rule is not None:
        raise IdentityInvalid(rule=rule)
    require_distinct_name(network, entry, directory, party=party, block=block)
    publications = read_publications(network, block=block)[party]
    return IdentityToConfirm(network, party, len(publications) - 1, entry)


def require_distinct_name(
    network: Network, entry: DirectoryEntry, directory: Directory | None, *, party: int = 0, block: int
) -> None:
    """Raises :class:`NameLooksAlike` where a name looks like that of another party than ``party`` in a directory."""
    other = None if directory is None else directory.resembling(network, entry.name, party, block=block)
    if other is not None:
        raise NameLooksAlike(party=other)
