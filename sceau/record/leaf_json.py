# SPDX-License-Identifier: Apache-2.0
"""Leaves, values and hashes in JSON, as the SDK's private data has them. There is one writing of each."""

from __future__ import annotations

import re
from typing import cast

from sceau.documents.identifiers import hex_of
from sceau.record.canonical import LeafType, Value
from sceau.record.leaf import Leaf

# No sign, leading zero or more digits than 256 bits have.
UNSIGNED = re.compile(r"0|[1-9][0-9]{0,77}")
SIGNED = re.compile(r"0|-?[1-9][0-9]{0,76}")


def leaf_to_json(leaf: Leaf) -> dict[str, str | bool]:
    """One entry of ``leaves``."""
    return {
        "type": leaf.type,
        "name": leaf.path,
        "value": value_to_json(leaf.type, leaf.value),
        "salt": hex_of(leaf.salt),
    }


def value_to_json(type: LeafType, value: Value) -> str | bool:  # noqa: A002  # the word of the format
    """``value`` as JSON holds it: integers as decimal text, since JavaScript has no others of 256 bits."""
    return str(value) if type in ("uint256", "int256") else cast("str | bool", value)


def value_from_json(type: LeafType, written: object) -> Value | None:  # noqa: A002  # the word of the format
    """The value that ``written`` stands for, or ``None`` when it is not written as its type asks."""
    if type == "bool":
        return written if isinstance(written, bool) else None
    if not isinstance(written, str):
        return None
    if type in ("string", "bytes32"):
        return written
    return int(written) if (UNSIGNED if type == "uint256" else SIGNED).fullmatch(written) else None


#: What is wrong with a value that is not written as its type asks.
NOT_ITS_TYPE = "record.json-value"
