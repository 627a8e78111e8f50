# SPDX-License-Identifier: Apache-2.0
"""Numbers as JSON-RPC writes them."""

from __future__ import annotations

from typing import Any


def integer(quantity: Any) -> int:
    """A quantity as JSON-RPC writes it, ``0x`` hex; a few nodes write a number. Raises what reading it raises."""
    return int(quantity, 16) if isinstance(quantity, str) else int(quantity)
