# SPDX-License-Identifier: Apache-2.0
"""Leaves, values and hashes in JSON, as the SDK's private data has them. Readers take one writing only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from sceau.documents.identifiers import is_hash
from sceau.documents.strict_json import malformed, require_keys
from sceau.errors import Sentence
from sceau.record.canonical import LEAF_TYPES, LeafType, Value
from sceau.record.leaf import Leaf

# No sign, leading zero or more digits than 256 bits have.
_UNSIGNED = re.compile(r"0|[1-9][0-9]{0,77}")
_SIGNED = re.compile(r"0|-?[1-9][0-9]{0,76}")


def leaf_to_json(leaf: Leaf) -> dict[str, str | bool]:
    """One entry of ``leaves``."""
    return {
        "type": leaf.type,
        "name": leaf.path,
        "value": value_to_json(leaf.type, leaf.value),
        "salt": hash_to_json(leaf.salt),
    }


def leaf_from_json(given: object, what: Sentence) -> Leaf:
    """The leaf that ``given`` writes. Raises :class:`FileMalformed`; path and value are checked later."""
    if not isinstance(given, Mapping):
        raise malformed(what, "json-leaf", "a leaf is no JSON object", "une feuille n'est pas un objet JSON")
    require_keys(given, ("type", "name", "value", "salt"), what)
    written, path = given["type"], given["name"]
    if not isinstance(written, str) or written not in LEAF_TYPES:
        raise malformed(
            what,
            "json-leaf-type",
            "the type of a leaf is none of string, uint256, int256, bool and bytes32",
            "le type d'une feuille n'est ni string, ni uint256, ni int256, ni bool, ni bytes32",
        )
    if not isinstance(path, str):
        raise malformed(
            what, "json-leaf-name", "the name of a leaf is no text", "le nom d'une feuille n'est pas un texte"
        )
    kind = cast(LeafType, written)
    return Leaf(kind, path, value_from_json(kind, given["value"], what), hash_from_json(given["salt"], what))


def value_to_json(type: LeafType, value: Value) -> str | bool:  # noqa: A002  # the word of the format
    """``value`` as JSON holds it: integers as decimal text, since JavaScript has no others of 256 bits."""
    return str(value) if type in ("uint256", "int256") else cast("str | bool", value)


def value_from_json(type: LeafType, written: object, what: Sentence) -> Value:  # noqa: A002  # the word of the format
    """The value that ``written`` stands for. Raises :class:`FileMalformed` on another kind of JSON value."""
    if type == "bool":
        if isinstance(written, bool):
            return written
    elif isinstance(written, str):
        if type in ("string", "bytes32"):
            return written
        if (_UNSIGNED if type == "uint256" else _SIGNED).fullmatch(written):
            return int(written)
    raise malformed(
        what,
        "json-value",
        "a value is not written as its type asks (integers as decimal text, bool as true or false)",
        "une valeur n'est pas écrite selon son type (entiers en texte décimal, bool en true ou false)",
    )


def hash_to_json(node: bytes) -> str:
    """'0x' and lower-case hexadecimal digits."""
    return "0x" + node.hex()


def hash_from_json(given: object, what: Sentence) -> bytes:
    """The 32 bytes that ``given`` writes. Raises :class:`FileMalformed`."""
    if not is_hash(given):
        raise malformed(
            what,
            "json-hash",
            "a salt, secret or hash is not 0x and 64 lower-case hexadecimal digits",
            "un sel, un secret ou une empreinte n'est pas 0x et 64 chiffres hexadécimaux minuscules",
        )
    return bytes.fromhex(given[2:])
