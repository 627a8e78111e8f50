# SPDX-License-Identifier: Apache-2.0
"""Who asks: a program that shows its token, and how often it asks."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock

from sceau.gateway.errors import TokenMissing, TooManyRequests

_SCHEME = "bearer"
_MINUTE = 60.0


@dataclass(frozen=True, repr=False)
class Client:
    """A program, by its token's SHA-256; the shops that it may ask for, and whether it may write."""

    name: str
    token_hash: bytes
    shops: frozenset[str]
    writes: bool

    def __repr__(self) -> str:
        return f"Client({self.name})"


def hash_of(token: str) -> bytes:
    """What is kept of a token in memory. Tokens are long and random: nobody finds one by its hash."""
    return hashlib.sha256(token.encode()).digest()


class Clients:
    """All programs that may ask."""

    def __init__(self, clients: Iterable[Client]) -> None:
        self._clients = tuple(clients)

    def of(self, authorization: str) -> Client:
        """The program that sent a request, by its ``Authorization`` header. Raises :class:`TokenMissing`."""
        scheme, _, token = authorization.partition(" ")
        shown = hash_of(token.strip())
        found = None
        # Every one is compared, so that the time says nothing of which it is.
        for each in self._clients:
            if hmac.compare_digest(each.token_hash, shown):
                found = each
        if found is None or scheme.lower() != _SCHEME:
            raise TokenMissing
        return found


class Rate:
    """How often each client asked in the minute that runs."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._lock = Lock()
        self._asked: dict[str, tuple[float, int]] = {}

    def count(self, client: str) -> None:
        """Counts a request. Raises :class:`TooManyRequests`."""
        now = self._clock()
        with self._lock:
            began, times = self._asked.get(client, (now, 0))
            if now - began >= _MINUTE:
                began, times = now, 0
            self._asked[client] = began, times + 1
        if times >= self._most:
            raise TooManyRequests(most=self._most)
