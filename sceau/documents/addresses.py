# SPDX-License-Identifier: Apache-2.0
"""Addresses as people and files write them."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")


def checksummed(text: str) -> str | None:
    """The address with its checksum (EIP-55), or ``None`` when it is none.

    One in mixed case must hold its checksum already: otherwise it was mistyped.
    """
    from eth_utils.address import is_checksum_address, to_checksum_address

    if not _ADDRESS.fullmatch(text):
        return None
    if text != text.lower() and not is_checksum_address(text):
        return None
    return str(to_checksum_address(text))
