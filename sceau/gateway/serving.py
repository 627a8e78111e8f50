# SPDX-License-Identifier: Apache-2.0
"""Serves the gateway until it is asked to end."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sceau.errors import ExtraMissing
from sceau.gateway.errors import GatewayAddressWrong

if TYPE_CHECKING:
    from sceau.gateway.configuration import Configuration

# Waiting for a request, for what is left of one, and for what is being done when it is asked to end, in seconds.
_IDLE_SECONDS = 15
_ENDING_SECONDS = 30
_LONGEST_HEADERS = 16_384
_WAITING_CONNECTIONS = 100


class GatewayExtraMissing(ExtraMissing):
    """The libraries of the gateway are not installed."""

    code = "gateway-extra-missing"


def serve(path: Path, listening: Callable[[str], Any]) -> None:
    """Serves what a file ``gateway.toml`` says; ``listening`` is told the address once requests are taken.

    Raises:
        GatewayExtraMissing: the extra ``gateway`` is not installed.
        GatewayAddressWrong: the address cannot be used.
        as :func:`sceau.gateway.configuration.load_configuration` and :class:`sceau.gateway.shops.Shop`.
    """
    try:
        import uvicorn

        from sceau.gateway.app import application
        from sceau.gateway.asking import Served
        from sceau.gateway.connection import Connection
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("anyio", "fastapi", "starlette", "uvicorn"):
            raise
        raise GatewayExtraMissing from None
    from sceau.gateway.clients import Rate
    from sceau.gateway.configuration import load_configuration
    from sceau.gateway.guard import Guard
    from sceau.gateway.shops import MOST_REQUESTS, Shops

    configuration = load_configuration(path)
    bound, address = _bound(configuration)
    try:
        shops = Shops(configuration.shops, configuration.sync_seconds)
        served = Served(configuration.clients, shops, Rate(configuration.requests_per_minute))
        tls = configuration.tls
        server = uvicorn.Server(
            uvicorn.Config(
                Guard(application(served), _hosts(configuration, bound)),
                # What it would log holds addresses of requests, and errors with their values.
                log_config=None,
                http=Connection,
                # A socket of a page would pass by the guard.
                ws="none",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=MOST_REQUESTS,
                timeout_keep_alive=_IDLE_SECONDS,
                timeout_graceful_shutdown=_ENDING_SECONDS,
                h11_max_incomplete_event_size=_LONGEST_HEADERS,
                ssl_certfile=None if tls is None else str(tls.certificate),
                ssl_keyfile=None if tls is None else str(tls.key),
            )
        )
        logging.getLogger("uvicorn").setLevel(logging.CRITICAL + 1)

        def end(*_: object) -> None:
            server.should_exit = True

        # uvicorn ends well and then raises the signal again, to end by what was there before.
        signal.signal(signal.SIGTERM, end)
        listening(address)
        server.run(sockets=[bound])
    finally:
        bound.close()
        if configuration.listen.path is not None:
            with suppress(OSError):
                configuration.listen.path.unlink()


def _bound(configuration: Configuration) -> tuple[socket.socket, str]:
    """The socket at which requests arrive, and its address for people."""
    listen = configuration.listen
    try:
        if listen.path is not None:
            return _file_socket(listen.path), f"unix:{listen.path}"
        family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((listen.host, listen.port))
        bound.listen(_WAITING_CONNECTIONS)
    except OSError as error:
        raise GatewayAddressWrong(listen=str(listen.path or f"{listen.host}:{listen.port}")) from error
    scheme = "http" if configuration.tls is None else "https"
    shown = f"[{listen.host}]" if ":" in listen.host else listen.host
    return bound, f"{scheme}://{shown}:{bound.getsockname()[1]}"


def _file_socket(path: Path) -> socket.socket:
    """A socket file that its owner alone may use."""
    with suppress(FileNotFoundError):
        if path.is_socket():
            # Of a process that was killed, or of one that still serves: it must not lose its clients to another.
            _require_left(path)
            path.unlink()
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    bound.bind(str(path))
    path.chmod(0o600)
    bound.listen(_WAITING_CONNECTIONS)
    return bound


def _require_left(path: Path) -> None:
    """Raises OSError where a process listens at a socket file."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        asking.settimeout(_IDLE_SECONDS)
        try:
            asking.connect(str(path))
        except ConnectionRefusedError:
            return
    raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))


def _hosts(configuration: Configuration, bound: socket.socket) -> frozenset[str]:
    """The names by which the gateway is known."""
    listen = configuration.listen
    if listen.path is not None:
        return configuration.hosts | {"localhost"}
    port = bound.getsockname()[1]
    own = {f"[{listen.host}]" if ":" in listen.host else listen.host}
    if listen.is_local:
        own |= {"localhost", "127.0.0.1", "[::1]"}
    return configuration.hosts | {f"{each}:{port}" for each in own}
