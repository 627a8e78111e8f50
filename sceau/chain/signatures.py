# SPDX-License-Identifier: Apache-2.0
"""Whether typed data (EIP-712) was signed by an account, as the contracts judge it: by a key, or a contract wallet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sceau.chain.pairings import accounts, defer_pairings
from sceau.documents.identifiers import hex_of

if TYPE_CHECKING:
    from eth_account.messages import SignableMessage

    from sceau.chain.node import Node

SIGNATURE_BYTES = 65
_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
# Half the order of secp256k1: OpenZeppelin refuses the other half, where each signature has a twin.
_HALF_ORDER = _ORDER // 2
# Room for the last part of a transaction's signature, which may hold a chain id (EIP-155).
_LONGEST_PARITY = 9
# What a contract wallet answers for a signature that is its own (ERC-1271), and the function that is asked.
_OWN = bytes.fromhex("1626ba7e") + bytes(28)
_IS_VALID_SIGNATURE = bytes.fromhex("1626ba7e")
_LARGEST_OF_JAVASCRIPT = 2**53 - 1
_DOMAIN_FIELDS = [
    {"name": "name", "type": "string"},
    {"name": "version", "type": "string"},
    {"name": "chainId", "type": "uint256"},
    {"name": "verifyingContract", "type": "address"},
]


@dataclass(frozen=True)
class TypedMessage:
    """Typed data: the domain, the type with its fields, and the values."""

    domain: Mapping[str, Any]
    types: Mapping[str, list[dict[str, str]]]
    values: Mapping[str, Any]

    @property
    def digest(self) -> bytes:
        """The 32 bytes that are signed."""
        from eth_hash.auto import keccak

        signable = self.signable()
        return bytes(keccak(b"\x19" + signable.version + signable.header + signable.body))

    def for_wallet(self) -> dict[str, Any]:
        """The message as the JSON object that a wallet takes by ``eth_signTypedData_v4``."""
        return {
            "types": {"EIP712Domain": _DOMAIN_FIELDS, **self.types},
            "primaryType": next(iter(self.types)),
            "domain": {**self.domain, "chainId": _for_javascript(self.domain["chainId"])},
            "message": {
                name: hex_of(value) if isinstance(value, bytes) else value
                for name, value in self.values.items()
            },
        }

    def signable(self) -> SignableMessage:
        """The message as eth_account takes it."""
        defer_pairings()
        from eth_account.messages import encode_typed_data

        return encode_typed_data(dict(self.domain), dict(self.types), dict(self.values))


def signed_by_key(address: str, signature: bytes, message: TypedMessage) -> bool:
    """Whether the contracts would take a signature as a key's own (65 bytes, v 27 or 28, low s)."""
    if len(signature) != SIGNATURE_BYTES or signature[64] not in (27, 28):
        return False
    if int.from_bytes(signature[32:64], "big") > _HALF_ORDER:
        return False
    from eth_keys.exceptions import BadSignature
    from eth_utils.exceptions import ValidationError

    try:
        found: str = accounts().recover_message(message.signable(), signature=signature)
    except (BadSignature, ValidationError):
        return False
    return found.lower() == address.lower()


def usual_signature(address: str, signature: bytes, message: TypedMessage) -> bytes:
    """``signature`` as the contracts take it, if it is a key's own in another writing; else as it is.

    Other writings: the last byte as 0 or 1 (Ledger), 31 to 34 (compressed keys) or with a chain id (EIP-155), or before
    the others; 64 bytes, with the parity in the highest bit of s (EIP-2098) or without it; DER; the twin of each with
    a high s. Only what recovers ``address`` comes out, so nothing is taken that the key did not sign.
    """
    if signed_by_key(address, signature, message):
        return signature
    for r, s in _readings(signature):
        low = min(s, _ORDER - s)
        for parity in (27, 28):
            usual = r + low.to_bytes(32, "big") + bytes([parity])
            if signed_by_key(address, usual, message):
                return usual
    return signature


def is_usual_length(signature: bytes) -> bool:
    """Whether a signature is as long as a key's own in one of its writings."""
    return len(signature) in (SIGNATURE_BYTES - 1, SIGNATURE_BYTES) or _in_der(signature) is not None


def _readings(signature: bytes) -> Iterator[tuple[bytes, int]]:
    """What r and s of a signature can be; s from 1 up to the curve's order."""
    for r, s in _parts(signature):
        number = int.from_bytes(s, "big")
        if len(r) == 32 and 0 < number < _ORDER:
            yield r, number


def _parts(signature: bytes) -> Iterator[tuple[bytes, bytes]]:
    if 64 <= len(signature) < 64 + _LONGEST_PARITY:
        yield signature[:32], signature[32:64]
    if len(signature) == SIGNATURE_BYTES - 1:
        yield signature[:32], bytes([signature[32] & 0x7F]) + signature[33:]
    if len(signature) == SIGNATURE_BYTES:
        yield signature[1:33], signature[33:]
    found = _in_der(signature)
    if found is not None:
        yield found


def _in_der(signature: bytes) -> tuple[bytes, bytes] | None:
    """r and s of a signature in DER: a sequence (0x30) of two integers (0x02), perhaps with a byte behind it."""
    if len(signature) < 8 or signature[0] != 0x30 or signature[2] != 0x02:
        return None
    end = 4 + signature[3]
    if signature[end : end + 1] != b"\x02" or len(signature) < end + 2:
        return None
    last = end + 2 + signature[end + 1]
    if not last <= len(signature) <= last + 1:
        return None
    return signature[4:end].lstrip(b"\0").rjust(32, b"\0"), signature[end + 2 : last]


def signed_by(node: Node, address: str, signature: bytes, message: TypedMessage, *, block: int) -> bool:
    """Whether an account signed, as of a block: a contract is asked (ERC-1271), a key's signature recovered.

    Raises as :meth:`Node.ask`, but for what the contract itself refuses.
    """
    if not node.has_code(address, block):
        # A shorter one may be a longer one that was cut.
        whole = len(signature) == SIGNATURE_BYTES
        return signed_by_key(
            address, usual_signature(address, signature, message) if whole else signature, message
        )
    from eth_abi.abi import encode
    from eth_utils.address import to_checksum_address

    from sceau.chain.contract_errors import ContractError

    data = _IS_VALID_SIGNATURE + encode(["bytes32", "bytes"], [message.digest, signature])
    call: Any = {"to": to_checksum_address(address), "data": hex_of(data)}
    try:
        answer = node.ask(lambda: bytes(node.web3.eth.call(call, block)))
    except ContractError:
        return False
    return answer[:32] == _OWN


def _for_javascript(number: int) -> int | str:
    """A number as JavaScript reads it exactly: beyond 2^53 as text, which EIP-712 libraries take for a number."""
    return number if number <= _LARGEST_OF_JAVASCRIPT else str(number)
