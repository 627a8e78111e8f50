# SPDX-License-Identifier: Apache-2.0
"""Proof that a signing key is held by whoever asks for it: EIP-712 typed data of the party registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sceau.chain.signer import Signer
from sceau.deployment import RegistryId

#: Types and fields as the contract hashes them.
SIGNING_KEY: Mapping[str, list[dict[str, str]]] = {
    "SigningKey": [{"name": "controller", "type": "address"}, {"name": "key", "type": "address"}]
}

_SIGNATURE_BYTES = 65
# The order of secp256k1, halved: OpenZeppelin refuses the other half, where each signature has a twin.
_HALF_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141 // 2


@dataclass(frozen=True)
class KeyProof:
    """A signing key (checksummed address) and its signature (65 bytes) for one controller, chain and contract."""

    key: str
    possession: bytes


def prove_possession(signer: Signer, *, controller: str, registry: RegistryId) -> KeyProof:
    """The proof that ``signer`` is held, for the party of ``controller`` in a party registry."""
    message = _message(controller, signer.address)
    signature = signer.sign_typed(_domain(registry), SIGNING_KEY, message)
    return KeyProof(signer.address, signature)


def proves(proof: KeyProof, *, controller: str, registry: RegistryId) -> bool:
    """Whether the contract would take this proof (65 bytes, v 27 or 28, low s, signed by the key itself)."""
    signature = proof.possession
    if len(signature) != _SIGNATURE_BYTES or signature[64] not in (27, 28):
        return False
    if int.from_bytes(signature[32:64], "big") > _HALF_ORDER:
        return False
    from eth_account import Account
    from eth_account.messages import encode_typed_data
    from eth_keys.exceptions import BadSignature
    from eth_utils.exceptions import ValidationError

    signable = encode_typed_data(_domain(registry), dict(SIGNING_KEY), _message(controller, proof.key))
    try:
        found: str = Account.recover_message(signable, signature=signature)
    except (BadSignature, ValidationError):
        return False
    return found == proof.key


def _domain(registry: RegistryId) -> dict[str, Any]:
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
