# SPDX-License-Identifier: Apache-2.0
"""What a gateway serves, where, and to whom: the file ``gateway.toml``. docs/gateway.md describes it."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from sceau.documents.model import Fault, Shape, parse
from sceau.errors import Sentence
from sceau.gateway.clients import Client, Clients, hash_of
from sceau.gateway.errors import (
    GatewayAddressWrong,
    GatewayConfigInvalid,
    GatewayExposed,
    TokenExposed,
    TokenShared,
    TokenWeak,
)
from sceau.secrets import read_secret
from sceau.settings import read_toml

#: Characters of the shortest token: ``secrets.token_urlsafe(24)`` has as many.
SHORTEST_TOKEN = 32

_UNIX = "unix:"
_MOST_BRACKETS = 3_000
_TOKEN = Sentence("gateway.token")
_READABLE_BY_OTHERS = 0o077

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]


class _Shop(Shape):
    settings: str
    role: Literal["practice", "supplier", "payer"]


class _Client(Shape):
    token_file: str
    shops: Annotated[list[Name], Field(min_length=1, max_length=1_000)]
    rights: Annotated[list[Literal["read", "write"]], Field(min_length=1, max_length=2)] = Field(
        default=["read"]
    )


class _File(Shape):
    listen: str = "127.0.0.1:8420"
    hosts: Annotated[list[str], Field(max_length=20)] = Field(default=[])
    tls_certificate: str | None = None
    tls_key: str | None = None
    behind_proxy: bool = False
    requests_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 600
    sync_seconds: Annotated[int, Field(ge=1, le=3_600)] = 10
    shops: Annotated[dict[Name, _Shop], Field(min_length=1, max_length=1_000)]
    clients: Annotated[dict[Name, _Client], Field(min_length=1, max_length=1_000)]


@dataclass(frozen=True)
class ShopConfiguration:
    """A party that the gateway acts for: its ``sceau.toml``, and its role (``practice``, ``supplier``, ``payer``)."""

    settings: Path
    role_name: str


@dataclass(frozen=True)
class Listen:
    """Where the gateway listens: a host and a port, or the path of a socket file."""

    host: str = ""
    port: int = 0
    path: Path | None = None

    @property
    def is_local(self) -> bool:
        """Whether other machines cannot reach it."""
        if self.path is not None or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True)
class Tls:
    """The files of a certificate and its key."""

    certificate: Path
    key: Path


@dataclass(frozen=True)
class Configuration:
    """What a gateway serves, where, and to whom.

    ``hosts`` are further names by which it is reached, in lower case. A client may ask ``requests_per_minute``;
    each shop follows the chain and its post every ``sync_seconds``.
    """

    listen: Listen
    hosts: frozenset[str]
    tls: Tls | None
    shops: Mapping[str, ShopConfiguration]
    clients: Clients
    requests_per_minute: int
    sync_seconds: int


def load_configuration(path: Path) -> Configuration:
    """What ``gateway.toml`` says; paths in it are relative to its folder.

    Raises:
        ConfigInvalid: it cannot be read, or is not TOML.
        GatewayConfigInvalid: it does not have its shape, or names a shop that it does not list.
        GatewayAddressWrong, GatewayExposed: nothing may be served at this address.
        TokenWeak, TokenExposed, TokenShared, FileNotRead, SecretEmpty: a token cannot be used.
    """
    written = parse(_File, read_toml(path, most_brackets=_MOST_BRACKETS))
    if isinstance(written, Fault):
        raise GatewayConfigInvalid(path=path, why=written.sentence)
    folder = path.parent
    listen = _listen(written.listen, folder)
    tls = _tls(written, path)
    if not (listen.is_local or tls is not None or written.behind_proxy):
        raise GatewayExposed(listen=written.listen)
    return Configuration(
        listen=listen,
        hosts=frozenset(each.lower() for each in written.hosts),
        tls=tls,
        shops={
            name: ShopConfiguration(folder / each.settings, each.role) for name, each in written.shops.items()
        },
        clients=Clients(_clients(written, path)),
        requests_per_minute=written.requests_per_minute,
        sync_seconds=written.sync_seconds,
    )


def _listen(text: str, folder: Path) -> Listen:
    if text.startswith(_UNIX):
        return Listen(path=folder / text.removeprefix(_UNIX))
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdecimal() and int(port) < 2**16):
        raise GatewayAddressWrong(listen=text)
    return Listen(host.lower(), int(port))


def _tls(written: _File, path: Path) -> Tls | None:
    certificate, key = written.tls_certificate, written.tls_key
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise GatewayConfigInvalid(path=path, why=Sentence("gateway.tls-half"))
    return Tls(path.parent / certificate, path.parent / key)


def _clients(written: _File, path: Path) -> list[Client]:
    found: dict[bytes, Client] = {}
    for name, each in written.clients.items():
        for shop in each.shops:
            if shop not in written.shops:
                raise GatewayConfigInvalid(
                    path=path, why=Sentence("gateway.no-such-shop", client=name, shop=shop)
                )
        token = _token(path.parent / each.token_file)
        if token in found:
            raise TokenShared(client=name, other=found[token].name)
        found[token] = Client(name, token, frozenset(each.shops), writes="write" in each.rights)
    return list(found.values())


def _token(path: Path) -> bytes:
    token = read_secret(path, _TOKEN)
    if len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise TokenWeak(path=path, characters=SHORTEST_TOKEN)
    if os.name == "posix" and path.stat().st_mode & _READABLE_BY_OTHERS:
        raise TokenExposed(path=path)
    return hash_of(token)
