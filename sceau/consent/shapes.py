# SPDX-License-Identifier: Apache-2.0
"""Shapes of the files of a consent. Specified in docs/consent.md."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sceau.documents.fields import Address, Hash, OfRegistry, PartyNumber, Seconds, Signature
from sceau.documents.model import Says, Shape, exactly
from sceau.proof.shapes import ChainProof
from sceau.record.shapes import Opening


class ConsentRequest(OfRegistry):
    """A practice's request for consent. It holds what is asked and the secret of its seal: for the patient only."""

    format: Literal["sceau-consent-request/1"]
    opening: Opening
    """The sealed record of the profile consent/1."""
    recorder: PartyNumber
    """The practice that may record the consent."""
    expires_at: Seconds
    """The end of the consent, a midnight UTC."""
    attested: bool
    """Whether the practice vouches for the patient's agreement."""


class SignedConsent(OfRegistry):
    """A consent as its key signed it, for the practice to record. It does not say what was consented to."""

    format: Literal["sceau-signed-consent/1"]
    commitment: Hash
    key: Address
    """The address of the key that signed."""
    recorder: PartyNumber
    expires_at: Seconds
    attested: bool
    signature: Signature
    """EIP-712 signature of the typed data Consent."""


class Revocation(OfRegistry):
    """A signed revocation; anybody may send it."""

    format: Literal["sceau-revocation/1"]
    consent: Hash
    """keccak256(abi.encode(commitment, key))."""
    commitment: Hash
    key: Address
    signature: Signature
    """EIP-712 signature of the typed data Revocation."""


class RevocationProof(OfRegistry):
    """The proof of a revocation, for the patient: what the chain held at a block at which the consent was revoked."""

    format: Literal["sceau-revocation-proof/1"]
    consent: Hash
    block: Annotated[int, Field(ge=0, le=2**40 - 1)]
    hash: Hash
    """The block's hash."""
    time: Seconds
    """The block's time."""
    proof: ChainProof


class CipherParams(Shape):
    """Parameters of the cipher."""

    iv: Annotated[str, exactly("(?:[0-9a-f]{2}){1,16}")]
    """A number of 16 bytes: libraries leave out its leading zero bytes."""


class KdfParams(Shape):
    """Parameters of scrypt: the standard's strong setting, and no other. Another could ask for any amount of memory."""

    # Not Literal, which takes true for 1 and 8.0 for 8.
    dklen: Annotated[int, Field(ge=32, le=32)]
    n: Annotated[int, Field(json_schema_extra={"const": 2**18})]
    r: Annotated[int, Field(ge=8, le=8)]
    p: Annotated[int, Field(ge=1, le=1)]
    salt: Annotated[str, exactly("[0-9a-f]{32,64}")]


class Crypto(Shape):
    """The locked key of a keystore, version 3."""

    cipher: Literal["aes-128-ctr"]
    cipherparams: CipherParams
    ciphertext: Annotated[str, exactly("[0-9a-f]{64}")]
    kdf: Literal["scrypt"]
    kdfparams: KdfParams
    mac: Annotated[str, exactly("[0-9a-f]{64}")]


class Card(OfRegistry):
    """A consent card: a standard keystore (version 3, scrypt) with a few more keys, so that any wallet opens it."""

    format: Literal["sceau-consent-card/1"]
    commitment: Hash
    consent: Hash
    """keccak256(abi.encode(commitment, address))."""
    address: Annotated[
        str,
        exactly("[0-9a-f]{40}"),
        Says("consent.plain-address"),
    ]
    crypto: Crypto
    id: Annotated[str, exactly("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    version: Annotated[int, Field(ge=3, le=3)]
