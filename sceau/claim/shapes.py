# SPDX-License-Identifier: Apache-2.0
"""Shape of a prepared step's file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from sceau.documents.fields import Hash
from sceau.documents.identifiers import HASH, is_hash
from sceau.documents.model import Says, Shape
from sceau.record.shapes import Opening


def _argument(written: object) -> int | str | list[str]:
    if type(written) is int or is_hash(written):
        return written
    if isinstance(written, list) and all(map(is_hash, written)):
        return written
    raise PydanticCustomError("argument", "not an argument")


_BYTES32 = {"type": "string", "pattern": f"^{HASH.pattern}$"}

Argument = Annotated[
    Any,
    BeforeValidator(_argument),
    WithJsonSchema({"anyOf": [{"type": "integer"}, _BYTES32, {"type": "array", "items": _BYTES32}]}),
    Says("claim.not-an-argument"),
]
"""An argument of a contract's function: a number, 32 bytes, or several times 32 bytes."""


class PreparedStep(Shape):
    """A sealed step of a claim and the call that writes it. It is secret: it holds the records' seeds."""

    format: Literal["sceau-prepared-step/1"]
    claim: Hash
    function: str
    """The claim registry's function that writes the step."""
    arguments: list[Argument]
    opening: Opening
    """The step's own record."""
    inner: dict[str, Opening]
    """Records whose commitments it seals, by name."""
    order_key: Hash | None
    """The key of the order that it places."""
