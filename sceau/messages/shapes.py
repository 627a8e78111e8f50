# SPDX-License-Identifier: Apache-2.0
"""Shapes of an envelope and its parts, and of a received message. Specified in docs/envelopes.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from sceau.documents.model import Shape, exactly

Jws = Annotated[str, exactly(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")]
"""What a sender signed: a compact JWS."""


# The year 9999: no calendar writes a later time.
_Time = Annotated[int, Field(ge=0, le=253_402_300_799)]


class StoredMessage(Shape):
    """A received message as its reader keeps it. It can hold keys and health data."""

    format: Literal["sceau-message/1"]
    signed: Jws
    attached: str
    """The JSON text that travelled beside it; the signature covers its SHA-256."""
    opened_at: _Time | None = None
    """The chain's time when it was first opened, in seconds; a message stored by an older version has none."""


# What an envelope is made of. Nothing in its headers chooses a key, compresses, or must be understood beside.


class SignedHeader(Shape):
    """The header of what a sender signed."""

    alg: str
    kid: str
    """The name of the sender's signing key."""
    typ: Literal["sceau-envelope/1"]


class EncryptedHeader(SignedHeader):
    """The header of an envelope."""

    enc: str
    cty: str
    epk: dict[str, Any]


class Content(Shape):
    """What is encrypted: what the sender signed, and the text that travels beside it."""

    signed: str
    attached: str


class Claims(Shape):
    """What a sender signs."""

    iss: str
    """The sender: sceau:<chain id>:<party registry>:<party number>."""
    aud: str
    """The recipient."""
    jti: Annotated[str, exactly("[A-Za-z0-9_-]{16,64}")]
    iat: _Time
    exp: _Time
    kind: Annotated[str, exactly("[a-z][a-z-]{0,39}")]
    body: dict[str, Any]
    attached: Annotated[str, exactly("[0-9a-f]{64}")]
    """SHA-256 of the text that travels beside it."""
