# SPDX-License-Identifier: Apache-2.0
"""What a store holds about some claims, each kind asked for once for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Protocol

from sceau.errors import SceauError
from sceau.store._protocol import Kind, Store


class HoldsOfClaims(Protocol):
    """Whatever says what is stored about a claim."""

    def of_claim(self, kind: Kind, claim: str) -> list[dict[str, Any]]:
        """As :meth:`Store.of_claim`."""


class AboutClaims:
    """The documents about some claims as they were when one of their kind was first asked for.

    To ask for one claim at a time costs more than to read what is found. Where those of all cannot be read, each claim
    is asked for by itself: what is wrong with one is said of that one.
    """

    def __init__(self, store: Store, claims: Iterable[str]) -> None:
        self._store = store
        self._claims = frozenset(claims)
        self._found: dict[Kind, dict[str, list[dict[str, Any]]]] = {}

    def of_claim(self, kind: Kind, claim: str) -> list[dict[str, Any]]:
        """As :meth:`Store.of_claim`."""
        if claim in self._claims and kind not in self._found:
            with suppress(SceauError):
                self._found[kind] = self._store.of_claims(kind, self._claims)
        if claim not in self._claims or kind not in self._found:
            return self._store.of_claim(kind, claim)
        return self._found[kind].get(claim, [])
