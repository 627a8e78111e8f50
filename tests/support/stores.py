# SPDX-License-Identifier: Apache-2.0
"""Stores of tests."""

from __future__ import annotations

from sceau.store import LocalStore, Store


def copied(store: Store) -> LocalStore:
    """A store in memory with the content of another that is in memory."""
    assert isinstance(store, LocalStore)
    other = LocalStore(None)
    store._connection().backup(other._connection())
    return other
