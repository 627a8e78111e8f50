# SPDX-License-Identifier: Apache-2.0
"""Shapes of the files of records: openings, disclosed leaves, values. Specified in docs/records.md."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from sceau.documents.fields import Hash
from sceau.documents.identifiers import HASH
from sceau.documents.model import Says, Shape
from sceau.record.leaf_json import NOT_ITS_TYPE, SIGNED, UNSIGNED
from sceau.record.scope import TEXT

#: More than any profile has.
MOST_LEAVES = 1024


def _text_or_flag(written: object) -> str | bool:
    if isinstance(written, str | bool):
        return written
    raise PydanticCustomError("value", "neither text nor true or false")


Written = Annotated[
    Any,
    BeforeValidator(_text_or_flag),
    WithJsonSchema({"type": ["string", "boolean"]}),
    Says(NOT_ITS_TYPE),
]
"""A value: text, or true or false. Integers are decimal text, since JavaScript has no others of 256 bits."""

# What does not fit has an error of its own (ScopeNotCanonical); named groups are Python's.
ScopeText = Annotated[
    str, Field(json_schema_extra={"pattern": f"^(?:{re.sub(r'[?]P<[a-z]+>', '', TEXT.pattern)})$"})
]
"""The leaf ``sceau.record``: which record it is."""

_LIST = Says("record.json-list")


_VALUE_BY_TYPE: dict[str, Any] = {
    "allOf": [
        {"if": {"properties": {"type": {"const": kind}}}, "then": {"properties": {"value": value}}}
        for kind, value in {
            "string": {"type": "string"},
            "uint256": {"type": "string", "pattern": f"^(?:{UNSIGNED.pattern})$"},
            "int256": {"type": "string", "pattern": f"^(?:{SIGNED.pattern})$"},
            "bool": {"type": "boolean"},
            "bytes32": {"type": "string", "pattern": f"^{HASH.pattern}$"},
        }.items()
    ]
}


class Leaf(Shape):
    """One leaf of a record, in the private data format of the Ethereum Attestation Service SDK."""

    model_config = ConfigDict(json_schema_extra=_VALUE_BY_TYPE)

    type: Annotated[
        Literal["string", "uint256", "int256", "bool", "bytes32"],
        Says("record.json-leaf-type"),
    ]
    name: Annotated[str, Says("record.json-leaf-name")]
    """The path of the value in its record."""
    value: Written
    salt: Hash


_Leaf = Annotated[Leaf, Says("record.json-leaf")]
_Flag = Annotated[bool, Says("record.json-flag")]


class Multiproof(Shape):
    """Leaves of a record, with the hashes and flags that lead from them to its root."""

    leaves: Annotated[list[_Leaf], Field(max_length=2 * MOST_LEAVES), _LIST]
    proof: Annotated[list[Hash], Field(max_length=2 * MOST_LEAVES), _LIST]
    proofFlags: Annotated[list[_Flag], Field(max_length=2 * MOST_LEAVES), _LIST]  # noqa: N815  # the SDK's word


class Opening(Shape):
    """A whole sealed record, with the seed of its salts. It is secret."""

    format: Annotated[
        Literal["sceau-opening/1"],
        Says("record.opening-format"),
    ]
    scope: ScopeText
    values: Annotated[dict[str, Written], Says("record.opening-values")]
    """The values by path, each written as its type in the profile asks."""
    seed: Hash
    root: Hash


class RecordValues(Shape):
    """The values of a record before it is sealed, unencrypted."""

    format: Literal["sceau-values/1"]
    profile: Annotated[
        str,
        Field(pattern=r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*/[1-9][0-9]{0,3}$"),
        Says("record.profile-key"),
    ]
    values: dict[str, Written]
    """The values by path, each written as its type in the profile asks."""
