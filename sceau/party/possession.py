# SPDX-License-Identifier: Apache-2.0
"""Proof that the applicant holds a signing key: EIP-712 typed data of the party registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sceau.chain.signatures import TypedMessage, signed_by_key, usual_signature
from sceau.chain.signer import Signer
from sceau.deployment import RegistryId

#: Types and fields as the contract hashes them.
SIGNING_KEY: Mapping[str, list[dict[str, str]]] = {
    "SigningKey": [{"name": "controller", "type": "address"}, {"name": "key", "type": "address"}]
}


@dataclass(frozen=True)
class KeyProof:
    """A signing key (checksummed address) and its signature (65 bytes) for one controller, chain and contract."""

    key: str
    possession: bytes


def prove_possession(signer: Signer, *, controller: str, registry: RegistryId) -> KeyProof:
    """The proof that ``signer`` is held, for the party of ``controller`` in a party registry."""
    signature = signer.sign_typed(
        registry_domain(registry), SIGNING_KEY, _message(controller, signer.address)
    )
    return KeyProof(signer.address, signature)


def proves(proof: KeyProof, *, controller: str, registry: RegistryId) -> bool:
    """Whether the contract would take this proof (65 bytes, v 27 or 28, low s, signed by the key itself)."""
    asked = TypedMessage(registry_domain(registry), SIGNING_KEY, _message(controller, proof.key))
    return signed_by_key(proof.key, proof.possession, asked)


def in_usual_writing(proof: KeyProof, *, controller: str, registry: RegistryId) -> KeyProof:
    """The proof as the contract takes it, where a wallet wrote its signature in another way."""
    asked = TypedMessage(registry_domain(registry), SIGNING_KEY, _message(controller, proof.key))
    return KeyProof(proof.key, usual_signature(proof.key, proof.possession, asked))


def registry_domain(registry: RegistryId) -> dict[str, Any]:
    """The EIP-712 domain of a party registry."""
    from eth_utils.address import to_checksum_address

    return {
        "name": "Sceau PartyRegistry",
        "version": "1",
        "chainId": registry.chain_id,
        "verifyingContract": to_checksum_address(registry.contract),
    }


def _message(controller: str, key: str) -> dict[str, str]:
    from eth_utils.address import to_checksum_address

    return {"controller": to_checksum_address(controller), "key": to_checksum_address(key)}
