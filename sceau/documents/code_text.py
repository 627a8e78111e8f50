# SPDX-License-Identifier: Apache-2.0
"""Bytes as a short text that fits a QR code: a prefix, then base32 in QR's alphanumeric set, with a checksum.

The checksum is the start of the SHA-256 of all before it: it distinguishes a bad copy from everything else.
"""

from __future__ import annotations

import base64
import hashlib

from sceau.documents.wrapped import unwrapped

_CHECKSUM = 4


def to_code(prefix: str, data: bytes) -> str:
    """The text of these bytes; ``prefix`` ends with a colon."""
    return prefix + base64.b32encode(data + _checksum(data)).decode().rstrip("=")


def is_code(prefix: str, text: str) -> bool:
    """Whether a text, in capitals or not, on one line or several, begins as those of this prefix do."""
    return _plain(text).startswith(prefix)


def from_code(prefix: str, text: str, length: int) -> bytes | None:
    """The bytes of a text for which :func:`is_code` holds; ``None`` where it is damaged or of another length."""
    plain = _plain(text)[len(prefix) :]
    try:
        data = base64.b32decode(plain + "=" * (-len(plain) % 8))
    except ValueError:
        return None
    found, checksum = data[:-_CHECKSUM], data[-_CHECKSUM:]
    return found if len(found) == length and _checksum(found) == checksum else None


def _plain(text: str) -> str:
    """Without what telephones, mail and editors (a byte order mark) do to a text."""
    return unwrapped(text).upper()


def _checksum(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:_CHECKSUM]
