# SPDX-License-Identifier: Apache-2.0
"""What was learnt of a chain before: it saves questions to a node, and proves nothing.

A memo may be missing, old or wrong. Then the node is asked for all that it would have saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Memos(Protocol):
    """JSON values under a key, for as long as they last."""

    def get(self, key: str) -> Mapping[str, Any] | None:
        """The memo under a key, or ``None``; never raises."""

    def put(self, key: str, memo: Mapping[str, Any], *, claim: str = "") -> None:
        """Stores a memo about a claim, if any, in place of what was there, where it can; never raises."""

    def forget(self) -> None:
        """Forgets what is in memory of memos that are stored: another wrote some."""


class MemosInMemory:
    """:class:`Memos` for as long as the process runs."""

    def __init__(self) -> None:
        self._memos: dict[str, Mapping[str, Any]] = {}

    def get(self, key: str) -> Mapping[str, Any] | None:
        """As :meth:`Memos.get`."""
        return self._memos.get(key)

    def put(self, key: str, memo: Mapping[str, Any], *, claim: str = "") -> None:  # noqa: ARG002 - forgotten with all
        """As :meth:`Memos.put`."""
        self._memos[key] = memo

    def forget(self) -> None:
        """As :meth:`Memos.forget`: there is nothing else than memory."""
