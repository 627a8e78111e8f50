# SPDX-License-Identifier: Apache-2.0
"""ABI encoding, by encoders of eth-abi that are made once for the types of a value."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any


def encode(types: Sequence[str], values: Sequence[Any]) -> bytes:
    """The values as Solidity's ``abi.encode`` writes them.

    Raises eth-abi's ``EncodingError`` where a value is not of its type.
    """
    encoded: bytes = _encoder(tuple(types))(values)
    return encoded


@cache
def _encoder(types: tuple[str, ...]) -> Any:
    from eth_abi.encoding import TupleEncoder
    from eth_abi.registry import registry

    return TupleEncoder(encoders=[registry.get_encoder(each) for each in types])  # type: ignore[no-untyped-call] # eth-abi's own
