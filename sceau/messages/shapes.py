# SPDX-License-Identifier: Apache-2.0
"""Shape of a received message. Specified in docs/envelopes.md."""

from __future__ import annotations

from typing import Annotated, Literal

from sceau.documents.model import Shape, exactly

Jws = Annotated[str, exactly(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")]
"""What a sender signed: a compact JWS."""


class StoredMessage(Shape):
    """A received message as its reader keeps it. It can hold keys and health data."""

    format: Literal["sceau-message/1"]
    signed: Jws
    attached: str
    """The JSON text that travelled beside it; the signature covers its SHA-256."""
