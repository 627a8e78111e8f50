# SPDX-License-Identifier: Apache-2.0
"""What was learnt of a chain before: it saves questions to a node, and proves nothing.

A note may be gone, old or wrong. Then the node is asked for all that the note would have saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Notes(Protocol):
    """JSON values under a key, for as long as they last."""

    def get(self, key: str) -> Mapping[str, Any] | None:
        """What is noted under a key, or ``None``; never raises."""

    def put(self, key: str, note: Mapping[str, Any]) -> None:
        """Notes it in place of what was there, if it can; never raises."""


class NotesInMemory:
    """:class:`Notes` for as long as the process runs."""

    def __init__(self) -> None:
        self._notes: dict[str, Mapping[str, Any]] = {}

    def get(self, key: str) -> Mapping[str, Any] | None:
        """As :meth:`Notes.get`."""
        return self._notes.get(key)

    def put(self, key: str, note: Mapping[str, Any]) -> None:
        """As :meth:`Notes.put`."""
        self._notes[key] = note
