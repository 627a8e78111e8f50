# SPDX-License-Identifier: Apache-2.0
"""Shapes of what parties publish of themselves, and of applications. Specified in docs/envelopes.md, docs/deploy.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from sceau.documents.fields import Address, Hash, OfRegistry, PartyNumber, Signature
from sceau.documents.model import Shape, exactly

_MOST_KEYS = 16
_MOST_FORMER = 1000

Name = Annotated[str, Field(min_length=1, max_length=200)]
"""Text as in a record: NFC, without hidden characters."""

_Coordinate = Annotated[str, exactly("[A-Za-z0-9_-]{43}")]

_USE_AND_ALGORITHM: dict[str, Any] = {
    "oneOf": [
        {"properties": {"use": {"const": use}, "alg": {"const": algorithm}}}
        for use, algorithm in {"sig": "ES256", "enc": "ECDH-ES"}.items()
    ]
}


class Jwk(Shape):
    """A public key on P-256, for signatures or for encryption."""

    model_config = ConfigDict(json_schema_extra=_USE_AND_ALGORITHM)

    crv: Literal["P-256"]
    x: _Coordinate
    y: _Coordinate
    use: Literal["sig", "enc"]
    alg: Literal["ES256", "ECDH-ES"]
    kty: Literal["EC"]
    kid: Annotated[str, exactly("[!-~]{1,100}")]


class Jwks(Shape):
    """The message keys that a party publishes, superseded ones too; no key and no name is there twice."""

    keys: Annotated[list[Jwk], Field(min_length=1, max_length=_MOST_KEYS)]


class DirectoryEntry(Shape):
    """What a party publishes of itself; the chain holds the entry's hash, made of those of identity and keys."""

    format: Literal["sceau-directory-entry/2"]
    name: Name
    country: Name
    """ISO 3166, two capital letters."""
    identifier: Name
    """The party's public number in its country: a SIREN or SIRET in France."""
    identity: Hash
    """The hash of name, country and identifier."""
    jwks: Jwks | None
    former_keys: Annotated[list[Hash], Field(max_length=_MOST_FORMER)]
    """Hashes of the message keys of the party's entries before this one, under the same identity; not hashed."""


class IdentityConfirmation(OfRegistry):
    """An admin's statement that a party bears an identity; ``contract`` is the party registry."""

    format: Literal["sceau-identity-confirmation/1"]
    party: PartyNumber
    publication: Annotated[int, Field(ge=0, le=2**32 - 1)]
    """Which of the party's directory entries it is about: 0 for the one of its admission, then as published."""
    identity: Hash
    """The hash of name, country and identifier."""
    admin: Address
    """The account that signed, a key or a contract (ERC-1271)."""
    signature: Signature
    """Of the typed data IdentityConfirmation."""


class KeyProof(Shape):
    """A signing key, with its signature of the typed data SigningKey."""

    key: Address
    possession: Signature


class Application(OfRegistry):
    """An organisation's request to be admitted; ``contract`` is the party registry."""

    format: Literal["sceau-party-application/1"]
    entry: DirectoryEntry
    directory: Hash
    """The hash of the entry."""
    roles: Annotated[
        list[Literal["practice", "supplier", "payer", "auditor"]],
        Field(json_schema_extra={"uniqueItems": True}),
    ]
    controller: Address
    keys: Annotated[list[KeyProof], Field(max_length=_MOST_KEYS)]
