# SPDX-License-Identifier: Apache-2.0
"""Signatures of patients and of signing keys, right ones and wrong ones."""

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from eth_abi import encode
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from tests.contracts.support.chain import Contract

CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

SIGNING_KEY = {"SigningKey": [("controller", "address"), ("key", "address")]}
CONSENT = {
    "Consent": [
        ("commitment", "bytes32"),
        ("recorder", "uint32"),
        ("expiresAt", "uint40"),
        ("attested", "bool"),
    ]
}
REVOCATION = {"Revocation": [("consent", "bytes32")]}

TypedData = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Domain:
    """An EIP-712 domain."""

    name: str
    chain_id: int
    contract: str
    version: str = "1"

    @classmethod
    def of(cls, contract: Contract, chain_id: int) -> "Domain":
        return cls(f"Sceau {contract.name}", chain_id, contract.address)

    def elsewhere(self, **changes: Any) -> "Domain":
        return replace(self, **changes)


@dataclass(frozen=True)
class Signer:
    """A key of a name: the same on every run."""

    name: str
    address: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", _account(self.name).address)

    def sign(self, domain: Domain, kind: TypedData, message: dict[str, Any]) -> bytes:
        """65 bytes r, s, v over EIP-712 typed data."""
        types = {name: [{"name": n, "type": t} for n, t in fields] for name, fields in kind.items()}
        header = {
            "name": domain.name,
            "version": domain.version,
            "chainId": domain.chain_id,
            "verifyingContract": domain.contract,
        }
        signed = _account(self.name).sign_message(encode_typed_data(header, types, message))
        return bytes(signed.signature)


def malleated(signature: bytes) -> bytes:
    """The other signature that the curve accepts for the same message and key: s in the upper half."""
    r, s, v = signature[:32], int.from_bytes(signature[32:64], "big"), signature[64]
    return r + (CURVE_ORDER - s).to_bytes(32, "big") + bytes([27 + 28 - v])


def compact(signature: bytes) -> bytes:
    """The 64-byte form of ERC-2098."""
    s = int.from_bytes(signature[32:64], "big") | (signature[64] - 27) << 255
    return signature[:32] + s.to_bytes(32, "big")


def consent_id(commitment: bytes, key: str) -> bytes:
    return keccak(encode(["bytes32", "address"], [commitment, key]))


@cache
def _account(name: str) -> Any:
    return Account.from_key(keccak(text=f"sceau test key: {name}"))
