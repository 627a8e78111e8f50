# SPDX-License-Identifier: Apache-2.0
"""What stands before every request: a page in a browser must not reach the gateway, whatever its name.

- A request names a host by which the gateway is known. Otherwise a page whose own name was pointed at this machine
  (DNS rebinding) would be of the same origin.
- A request with an ``Origin`` is a page's, and is refused: the gateway serves none. So is one of which a browser says
  that a site made it.
- Nothing that went wrong inside leaves by a log or an answer: errors hold values.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sceau.errors import SceauError
from sceau.gateway.errors import FromAPage, GatewayFailed, HostUnknown
from sceau.gateway.problems import response_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: What a browser says of a request that no page made.
_BY_THE_USER = "none"

_LOG = logging.getLogger("sceau.gateway")

#: Of every answer: no browser keeps it, or takes it for something else.
_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'"),
]


class Guard:
    """Refuses what no program of the shop sends; ``hosts`` are names with their ports, in lower case."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        try:
            require_no_page(scope["headers"], self._hosts)
            await self._app(scope, receive, sent)
        except SceauError as error:
            await response_of(error)(scope, receive, sent)
        except Exception as error:
            _LOG.error("A request failed: %s", type(error).__name__)
            if not begun:
                await response_of(GatewayFailed())(scope, receive, sent)


def require_no_page(headers: list[tuple[bytes, bytes]], hosts: frozenset[str]) -> None:
    """Raises :class:`HostUnknown` or :class:`FromAPage`."""
    named = [value.decode("latin-1").lower() for name, value in headers if name == b"host"]
    if len(named) != 1 or named[0] not in hosts:
        raise HostUnknown
    by = {name: value for name, value in headers if name in (b"origin", b"sec-fetch-site")}
    if b"origin" in by or by.get(b"sec-fetch-site", _BY_THE_USER.encode()) != _BY_THE_USER.encode():
        raise FromAPage
