# SPDX-License-Identifier: Apache-2.0
"""Keccak-256, and the few encodings of Solidity's ABI that are hashed for each leaf and each step.

A verdict hashes more than a hundred times. ``eth_abi`` interprets a type for each value that it encodes, which takes
longer than to hash it; tests compare what is here with it, byte by byte.
"""

from __future__ import annotations

from collections.abc import Callable

#: The bytes of one word.
WORD = 32


def _keccak() -> Callable[[bytes], bytes]:
    """Keccak-256 of the extra ``fast`` where it is installed, five times as fast as the one that web3 brings."""
    try:
        from sha3 import keccak_256
    except ImportError:
        from eth_hash.auto import keccak

        return keccak
    return lambda data: keccak_256(data).digest()


keccak = _keccak()


def word(number: int) -> bytes:
    """A whole number from 0 to 2²⁵⁶ - 1, as any unsigned type is encoded. Raises OverflowError."""
    return number.to_bytes(WORD, "big")


def signed_word(number: int) -> bytes:
    """A whole number from -2²⁵⁵ to 2²⁵⁵ - 1, as any signed type is encoded. Raises OverflowError."""
    return number.to_bytes(WORD, "big", signed=True)


def text_word(text: str) -> bytes:
    """An address or 32 bytes, ``0x`` and hexadecimal digits, as ``address`` or ``bytes32`` is encoded."""
    return bytes.fromhex(text[2:]).rjust(WORD, b"\0")


def tail(data: bytes) -> bytes:
    """What stands behind the words for a ``string`` or ``bytes``: its length, and itself filled up with zeros."""
    return word(len(data)) + data + bytes(-len(data) % WORD)
