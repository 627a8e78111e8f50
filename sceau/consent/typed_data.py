# SPDX-License-Identifier: Apache-2.0
"""What a consent's key signs: EIP-712 typed data of the consent registry, docs/protocol.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

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

_DOMAIN_FIELDS = [
    {"name": "name", "type": "string"},
    {"name": "version", "type": "string"},
    {"name": "chainId", "type": "uint256"},
    {"name": "verifyingContract", "type": "address"},
]

SIGNATURE_BYTES = 65
_LARGEST_OF_JAVASCRIPT = 2**53 - 1
# The order of secp256k1, halved: OpenZeppelin refuses the other half, where each signature has a twin.
_HALF_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141 // 2


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
    """``signature`` as the contract takes it, if it is ``key``'s own in another usual writing; else as it is.

    Some wallets write the last byte as 0 or 1 instead of 27 or 28 (Ledger), or all in 64 bytes (EIP-2098).
    """
    if len(signature) == SIGNATURE_BYTES and signature[64] in (0, 1):
        usual = signature[:64] + bytes([signature[64] + 27])
    elif len(signature) == SIGNATURE_BYTES - 1:
        # EIP-2098: the highest bit of s says which of the two keys it is.
        parity, s = signature[32] >> 7, bytes([signature[32] & 0x7F]) + signature[33:]
        usual = signature[:32] + s + bytes([27 + parity])
    else:
        return signature
    return usual if is_signed_by(key, usual, registry, types, message) else signature


def wallet_request(
    registry: RegistryId, types: Mapping[str, list[dict[str, str]]], message: Mapping[str, Any]
) -> dict[str, Any]:
    """The same as the JSON object that a wallet takes by ``eth_signTypedData_v4``."""
    return {
        "types": {"EIP712Domain": _DOMAIN_FIELDS, **types},
        "primaryType": next(iter(types)),
        "domain": {**domain(registry), "chainId": _for_javascript(registry.chain_id)},
        "message": {
            name: hex_of(value) if isinstance(value, bytes) else value for name, value in message.items()
        },
    }


def _for_javascript(number: int) -> int | str:
    """A number as JavaScript reads it exactly: beyond 2^53 as text, which EIP-712 libraries take for a number."""
    return number if number <= _LARGEST_OF_JAVASCRIPT else str(number)


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
    if len(signature) != SIGNATURE_BYTES or signature[64] not in (27, 28):
        return False
    if int.from_bytes(signature[32:64], "big") > _HALF_ORDER:
        return False
    from eth_account import Account
    from eth_account.messages import encode_typed_data
    from eth_keys.exceptions import BadSignature
    from eth_utils.exceptions import ValidationError

    signable = encode_typed_data(domain(registry), dict(types), dict(message))
    try:
        found: str = Account.recover_message(signable, signature=signature)
    except (BadSignature, ValidationError):
        return False
    return found.lower() == key.lower()
