# SPDX-License-Identifier: Apache-2.0
"""Writing to the party registry: what admins do to parties, and what a party's controller and keys do.

Every function sends one transaction and returns its handle; each raises as :func:`sceau.chain.transaction.send`
does, with the contract's own error when it refuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sceau.chain.network import Network
from sceau.chain.signer import Signer
from sceau.chain.terms import Role
from sceau.chain.transaction import Transaction, send
from sceau.documents.identifiers import ZERO_ADDRESS, bytes_of
from sceau.party.possession import KeyProof

Pausable = Literal["ConsentRegistry", "ClaimRegistry"]


# By admins of the consortium, who hold the roles of sceau.party.access


def admit(
    network: Network,
    admin: Signer,
    *,
    controller: str,
    roles: Role,
    directory: str,
    keys: Sequence[KeyProof],
) -> Transaction:
    """Admits a party; its number is the party of any of its keys once the transaction is in a block.

    ``directory`` is the hash of its directory entry, ``0x`` hex.
    """
    return _send(network, admin, "admit", *admission(controller, roles, directory, keys))


def admission(controller: str, roles: Role, directory: str, keys: Sequence[KeyProof]) -> tuple[Any, ...]:
    """Arguments of the contract's ``admit``, for an admin that is no key: a Safe, a timelock."""
    proofs = [(proof.key, proof.possession) for proof in keys]
    return controller, int(roles), bytes_of(directory), proofs


def set_roles(network: Network, admin: Signer, party: int, roles: Role) -> Transaction:
    """Replaces a party's roles."""
    return _send(network, admin, "setRoles", party, int(roles))


def suspend(network: Network, admin: Signer, party: int) -> Transaction:
    """Suspends a party: none of its keys may act from that block on."""
    return _send(network, admin, "suspend", party)


def reinstate(network: Network, admin: Signer, party: int) -> Transaction:
    """Ends a suspension."""
    return _send(network, admin, "reinstate", party)


def set_compromised_since(network: Network, admin: Signer, key: str, since: int) -> Transaction:
    """Says, once and for ever, since when (seconds since 1970) a key was in wrong hands; it is retired too."""
    return _send(network, admin, "setCompromisedSince", key, since)


def pause(network: Network, admin: Signer, registry: Pausable) -> Transaction:
    """Stops new consents, or new claims. Running claims and revocations go on."""
    return send(network, admin, registry, "pause")


def unpause(network: Network, admin: Signer, registry: Pausable) -> Transaction:
    """Lets new consents, or new claims, be recorded again."""
    return send(network, admin, registry, "unpause")


# By the party's own controller


def add_key(network: Network, controller: Signer, party: int, proof: KeyProof) -> Transaction:
    """Adds a signing key, which its holder has proved."""
    return _send(network, controller, "addKey", party, proof.key, proof.possession)


def set_directory(network: Network, controller: Signer, party: int, directory: str) -> Transaction:
    """Publishes the hash (``0x`` hex) of the party's directory entry."""
    return _send(network, controller, "setDirectory", party, bytes_of(directory))


def offer_controller(network: Network, controller: Signer, party: int, new: str | None) -> Transaction:
    """Offers control of the party to another address; ``None`` withdraws the offer."""
    return _send(network, controller, "offerController", party, new or ZERO_ADDRESS)


def accept_controller(network: Network, new: Signer, party: int) -> Transaction:
    """Accepts control of a party that was offered to this signer."""
    return _send(network, new, "acceptController", party)


# By the controller, or by the key itself


def retire_key(network: Network, signer: Signer, key: str | None = None) -> Transaction:
    """Retires a signing key for ever: the signer's own, or by the party's controller any of its keys."""
    return _send(network, signer, "retireKey", key or signer.address)


def _send(network: Network, signer: Signer, function: str, *args: object) -> Transaction:
    return send(network, signer, "PartyRegistry", function, *args)
