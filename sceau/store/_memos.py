# SPDX-License-Identifier: Apache-2.0
"""Memos of what was learnt of a chain, in a party's store."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from sceau.store._local import FILE_NAME, LocalStore
from sceau.store._protocol import Kind
from sceau.store.errors import StoreUnusable


class StoredMemos:
    """:class:`sceau.chain.memos.Memos` in the store in ``folder``; no store is made for them alone."""

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)
        self._known: dict[str, Mapping[str, Any]] = {}

    def get(self, key: str) -> Mapping[str, Any] | None:
        """As :meth:`sceau.chain.memos.Memos.get`."""
        if key not in self._known and self._is_there:
            with suppress(StoreUnusable):
                stored = self._store.get(Kind.MEMO, key)
                if isinstance(stored, dict):
                    self._known[key] = stored
        return self._known.get(key)

    def put(self, key: str, memo: Mapping[str, Any], *, claim: str = "") -> None:
        """As :meth:`sceau.chain.memos.Memos.put`."""
        self._known[key] = memo
        if self._is_there:
            with suppress(StoreUnusable):
                self._store.put(Kind.MEMO, key, memo, claim=claim)

    @property
    def _is_there(self) -> bool:
        return (self._folder / FILE_NAME).is_file()

    @cached_property
    def _store(self) -> LocalStore:
        return LocalStore(self._folder)
