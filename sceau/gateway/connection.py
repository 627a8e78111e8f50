# SPDX-License-Identifier: Apache-2.0
"""A connection that asks within a time: whoever opens many and says nothing must not take those of all others."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

# What uvicorn itself limits is the time between two requests, until the first byte of the second.
HEAD_SECONDS = 15.0


class Connection(H11Protocol):
    """HTTP/1.1, closed where a request is not begun or its headers do not end in time."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """It is open."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Some of a request came."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed."""
        super().connection_lost(exc)
        self._rest()

    @property
    def _works(self) -> bool:
        return bool(self.cycle) and not self.cycle.response_complete

    def _watch(self) -> None:
        if self._works:
            self._rest()
        elif self._late is None:
            self._late = self.loop.call_later(HEAD_SECONDS, self._end)

    def _rest(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _end(self) -> None:
        self._late = None
        if not self._works and not self.transport.is_closing():
            self.transport.close()
