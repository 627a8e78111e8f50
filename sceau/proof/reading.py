# SPDX-License-Identifier: Apache-2.0
"""Values as JSON-RPC and RLP write them. Whatever else stands there proves nothing: each raises :class:`Unproved`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sceau.errors import Sentence
from sceau.proof.errors import Unproved

# Not bytes.fromhex alone: it passes over spaces.
_DATA = re.compile("0x(?:[0-9a-fA-F]{2})*")
#: So many lists in one another, at most; the chain's have five. Further down Python's stack would decide.
_DEEPEST = 16


def data_of(text: Any, why: Sentence) -> bytes:
    """The bytes that ``0x`` and pairs of hexadecimal digits write."""
    if not (isinstance(text, str) and _DATA.fullmatch(text)):
        raise Unproved(why)
    return bytes.fromhex(text[2:])


def number_of(text: Any, why: Sentence) -> bytes:
    """A number that ``0x`` and hexadecimal digits write, as RLP does: without leading zeros."""
    odd = isinstance(text, str) and len(text) % 2
    return data_of(text.replace("0x", "0x0", 1) if odd else text, why).lstrip(b"\0")


def mapping(value: Any, why: Sentence) -> Mapping[str, Any]:
    """An object of JSON."""
    if not isinstance(value, dict):
        raise Unproved(why)
    return value


def row(value: Any, why: Sentence, length: int | None = None) -> list[Any]:
    """A list, of a length where one is given."""
    if not isinstance(value, list) or length not in (None, len(value)):
        raise Unproved(why)
    return value


def sized(value: Any, length: int, why: Sentence) -> bytes:
    """Bytes of a length."""
    if not isinstance(value, bytes) or len(value) != length:
        raise Unproved(why)
    return value


def decoded(raw: bytes, why: Sentence) -> Any:
    """What RLP writes, in its only form: bytes, and lists of them."""
    import rlp
    from rlp.exceptions import RLPException

    try:
        item = rlp.decode(raw, strict=True)
    except (RLPException, RecursionError):
        raise Unproved(why) from None
    if _is_deeper(item, _DEEPEST):
        raise Unproved(why)
    return item


def _is_deeper(item: Any, than: int) -> bool:
    return isinstance(item, list) and (than == 0 or any(_is_deeper(each, than - 1) for each in item))
