# SPDX-License-Identifier: Apache-2.0
"""What a consent's key signs: EIP-712 typed data of the consent registry, docs/protocol.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sceau.chain import signatures
from sceau.chain.signatures import TypedMessage, signed_by_key
from sceau.consent import errors
from sceau.deployment import RegistryId
from sceau.documents.identifiers import bytes_of, hex_of

#: Types and fields as the contract hashes them.
CONSENT: Mapping[str, list[dict[str, str]]] = {
    "Consent": [
        {"name": "commitment", "type": "bytes32"},
        {"name": "recorder", "type": "uint32"},
        {"name": "expiresAt", "type": "uint40"},
        {"name": "attested", "type": "bool"},
    ]
}
REVOCATION: Mapping[str, list[dict[str, str]]] = {"Revocation": [{"name": "consent", "type": "bytes32"}]}


class TypedDataSigner(Protocol):
    """Anything that signs typed data: :class:`sceau.chain.signer.Signer`, or a wallet behind the same two names."""

    @property
    def address(self) -> str:
        """The address that the signature is checked against, '0x' hex."""

    def sign_typed(
        self, domain: Mapping[str, Any], types: Mapping[str, list[dict[str, str]]], message: Mapping[str, Any]
    ) -> bytes:
        """An EIP-712 signature."""


def domain(registry: RegistryId) -> dict[str, Any]:
    """The EIP-712 domain of the consent registry."""
    from eth_utils.address import to_checksum_address

    return {
        "name": "Sceau ConsentRegistry",
        "version": "1",
        "chainId": registry.chain_id,
        "verifyingContract": to_checksum_address(registry.contract),
    }


def consent_message(commitment: str, recorder: int, expires_at: int, attested: bool) -> dict[str, Any]:
    """The message of type Consent; ``commitment`` is '0x' hex, ``expires_at`` seconds."""
    return {
        "commitment": bytes_of(commitment),
        "recorder": recorder,
        "expiresAt": expires_at,
        "attested": attested,
    }


def revocation_message(consent: str) -> dict[str, Any]:
    """The message of type Revocation; ``consent`` is '0x' hex."""
    return {"consent": bytes_of(consent)}


def usual_signature(
    key: str,
    signature: bytes,
    registry: RegistryId,
    types: Mapping[str, list[dict[str, str]]],
    message: Mapping[str, Any],
) -> bytes:
    """As :func:`sceau.chain.signatures.usual_signature`."""
    return signatures.usual_signature(key, signature, TypedMessage(domain(registry), types, message))


def not_signed(signature: bytes) -> errors.SignatureNotByKey:
    """The error for a signature that is not its key's own; it says what it is instead, if its form shows that."""
    if signatures.is_usual_length(signature):
        return errors.SignatureNotByKey()
    return errors.SignatureOfAnotherShape(count=len(signature))


def wallet_request(
    registry: RegistryId, types: Mapping[str, list[dict[str, str]]], message: Mapping[str, Any]
) -> dict[str, Any]:
    """The same as the JSON object that a wallet takes by ``eth_signTypedData_v4``."""
    return TypedMessage(domain(registry), types, message).for_wallet()


def consent_id(commitment: str, key: str) -> str:
    """A consent's identifier: keccak256(abi.encode(bytes32 commitment, address key)), '0x' lower-case hex."""
    from eth_hash.auto import keccak

    encoded = bytes_of(commitment) + bytes(12) + bytes_of(key)
    return hex_of(bytes(keccak(encoded)))


def is_signed_by(
    key: str,
    signature: bytes,
    registry: RegistryId,
    types: Mapping[str, list[dict[str, str]]],
    message: Mapping[str, Any],
) -> bool:
    """Whether ``signature`` is one that the contract takes as ``key``'s own (65 bytes, v 27 or 28, low s).

    A contract wallet's signature is none: only the chain can ask the wallet (ERC-1271).
    """
    return signed_by_key(key, signature, TypedMessage(domain(registry), types, message))
