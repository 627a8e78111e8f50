# SPDX-License-Identifier: Apache-2.0
"""Hexadecimal as documents and people write it: hashes and identifiers of 32 bytes, addresses of 20.

Files hold lower-case digits after ``0x``. People may also write capitals, and an address with its checksum (EIP-55).
"""

from __future__ import annotations

import re
from binascii import a2b_hex
from typing import TypeGuard

from sceau.documents.errors import AddressInvalid, IdentifierInvalid
from sceau.errors import Sentence

#: What a file holds: a hash or identifier, an address.
HASH = re.compile(r"0x[0-9a-f]{64}")
ADDRESS = re.compile(r"0x[0-9a-f]{40}")

#: What the contracts hold where nothing is.
ZERO_HASH = "0x" + "00" * 32
ZERO_ADDRESS = "0x" + "00" * 20

#: What an identifier of 32 bytes is, in errors.
CLAIM_ID = Sentence("documents.claim-id")
CONSENT_ID = Sentence("documents.consent-id")
CLAIM_HEAD = Sentence("documents.claim-head")

_ADDRESS_AS_WRITTEN = re.compile(r"0x[0-9a-fA-F]{40}")
_HASH_AS_WRITTEN = re.compile(r"0x[0-9a-fA-F]{64}")
_ADDRESS_LENGTH = 42
_SHOWN = 10


def hex_of(data: bytes) -> str:
    """``0x`` and lower-case hexadecimal digits, two for each byte."""
    return "0x" + data.hex()


def bytes_of(text: str) -> bytes:
    """The bytes that ``0x`` and hexadecimal digits write."""
    return a2b_hex(text[2:])


def is_hash(value: object) -> TypeGuard[str]:
    """Whether a value is ``0x`` and 64 lower-case hexadecimal digits."""
    return isinstance(value, str) and HASH.fullmatch(value) is not None


def is_address(value: object) -> TypeGuard[str]:
    """Whether a value is ``0x`` and 40 lower-case hexadecimal digits."""
    return isinstance(value, str) and ADDRESS.fullmatch(value) is not None


def checked_id(value: str, what: Sentence = CLAIM_ID) -> str:
    """An identifier of 32 bytes in lower case.

    Raises:
        IdentifierInvalid: it is not ``0x`` and 64 hexadecimal digits.
    """
    if not _HASH_AS_WRITTEN.fullmatch(value):
        raise IdentifierInvalid(what=what)
    return value.lower()


def checksummed(text: str) -> str | None:
    """The address with its checksum (EIP-55), or ``None`` when it is not one.

    One in mixed case must hold its checksum already: otherwise it was mistyped.
    """
    from eth_utils.address import is_checksum_address, to_checksum_address

    if not _ADDRESS_AS_WRITTEN.fullmatch(text):
        return None
    if text != text.lower() and not is_checksum_address(text):
        return None
    return str(to_checksum_address(text))


def require_address(text: str) -> str:
    """The address with its checksum.

    Raises:
        AddressInvalid: it is not ``0x`` and 40 hexadecimal digits, or its checksum is wrong.
    """
    found = checksummed(text)
    if found is None:
        # A secret pasted in its place is not repeated.
        raise AddressInvalid(address=text if len(text) <= _ADDRESS_LENGTH else f"{text[:_SHOWN]}…")
    return found
