# SPDX-License-Identifier: Apache-2.0
"""Memos of what was learnt of a chain, in a party's store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

from sceau.errors import SceauError
from sceau.store._local import LocalStore
from sceau.store._protocol import Kind


class StoredMemos:
    """:class:`sceau.chain.memos.Memos` in a party's store, which is opened when one is asked for.

    No store is made for them alone, and one that cannot be used costs questions to a node only.
    """

    def __init__(self, open_store: Callable[[], LocalStore]) -> None:
        self._open = open_store
        self._known: dict[str, Mapping[str, Any]] = {}

    def get(self, key: str) -> Mapping[str, Any] | None:
        """As :meth:`sceau.chain.memos.Memos.get`."""
        if key not in self._known:
            with suppress(SceauError):
                stored = self._store.get(Kind.MEMO, key)
                if stored is not None:
                    self._known[key] = stored
        return self._known.get(key)

    def put(self, key: str, memo: Mapping[str, Any], *, claim: str = "") -> None:
        """As :meth:`sceau.chain.memos.Memos.put`."""
        self._known[key] = memo
        with suppress(SceauError):
            if self._store.is_there:
                self._store.put(Kind.MEMO, key, memo, claim=claim)

    def forget(self) -> None:
        """As :meth:`sceau.chain.memos.Memos.forget`."""
        self._known.clear()

    @cached_property
    def _store(self) -> LocalStore:
        return self._open()
