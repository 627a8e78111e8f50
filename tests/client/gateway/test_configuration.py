# SPDX-License-Identifier: Apache-2.0
"""What a gateway's file may say, and what it does not start with."""

from __future__ import annotations

from pathlib import Path

import pytest

from sceau.errors import SceauError
from sceau.gateway.clients import Clients, Rate
from sceau.gateway.configuration import Listen, load_configuration
from sceau.gateway.errors import (
    GatewayAddressWrong,
    GatewayConfigInvalid,
    GatewayExposed,
    TokenExposed,
    TokenMissing,
    TokenShared,
    TokenWeak,
    TooManyRequests,
)
from sceau.settings import ConfigInvalid

SHOP = '[shops.paris]\nsettings = "paris/sceau.toml"\nrole = "practice"\n'
CLIENT = '[clients.till]\ntoken_file = "till.token"\nshops = ["paris"]\nrights = ["read", "write"]\n'
TOKEN = "0123456789abcdefghijklmnopqrstuv"


class Folder:
    """A folder with a gateway's file and the token of a client."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.token("till.token", TOKEN)

    def token(self, name: str, text: str, mode: int = 0o600) -> None:
        file = self.path / name
        file.write_text(text)
        file.chmod(mode)

    def file(self, text: str) -> Path:
        file = self.path / "gateway.toml"
        file.write_text(text)
        return file


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_what_is_not_said_is_safe(folder: Folder) -> None:
    found = load_configuration(
        folder.file(SHOP + '[clients.till]\ntoken_file = "till.token"\nshops = ["paris"]\n')
    )
    assert found.listen == Listen("127.0.0.1", 8420)
    assert (found.tls, found.hosts) == (None, frozenset())
    assert found.shops["paris"].settings == folder.path / "paris/sceau.toml"
    client = found.clients.of(f"Bearer {TOKEN}")
    assert (client.name, client.shops, client.writes) == ("till", frozenset({"paris"}), False)
    assert TOKEN not in repr(client)


@pytest.mark.parametrize(
    ("listen", "is_local"),
    [
        ("127.0.0.1:0", True),
        ("127.9.9.9:80", True),
        ("[::1]:8420", True),
        ("localhost:8420", True),
        ("unix:sceau.sock", True),
        ("0.0.0.0:8420", False),
        ("[::]:8420", False),
        ("192.168.1.20:8420", False),
        ("shop.example:8420", False),
        ("localhost.evil.example:8420", False),
        ("127.0.0.1.evil.example:8420", False),
    ],
)
def test_beyond_this_machine_it_needs_tls_or_a_proxy(folder: Folder, listen: str, is_local: bool) -> None:
    said = f'listen = "{listen}"\n'
    if is_local:
        assert load_configuration(folder.file(said + SHOP + CLIENT)).listen.is_local
        return
    with pytest.raises(GatewayExposed):
        load_configuration(folder.file(said + SHOP + CLIENT))
    proxied = load_configuration(folder.file(f"{said}behind_proxy = true\n{SHOP}{CLIENT}"))
    assert not proxied.listen.is_local
    pair = 'tls_certificate = "c.pem"\ntls_key = "k.pem"\n'
    covered = load_configuration(folder.file(said + pair + SHOP + CLIENT))
    assert covered.tls is not None
    assert covered.tls.key == folder.path / "k.pem"


@pytest.mark.parametrize(
    "listen", ["8420", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", ":8420", "127.0.0.1:-1"]
)
def test_an_address_that_is_none_is_refused(folder: Folder, listen: str) -> None:
    with pytest.raises(GatewayAddressWrong):
        load_configuration(folder.file(f'listen = "{listen}"\n{SHOP}{CLIENT}'))


@pytest.mark.parametrize(
    "text",
    [
        "",
        SHOP,
        CLIENT,
        SHOP + CLIENT.replace("paris", "lyon"),
        SHOP.replace("practice", "auditor") + CLIENT,
        SHOP.replace("paris]", '"../x"]') + CLIENT,
        SHOP + CLIENT.replace('"write"', '"admin"'),
        SHOP + CLIENT.replace('["paris"]', "[]"),
        'tls_key = "k.pem"\n' + SHOP + CLIENT,
        'tls_certificate = "c.pem"\n' + SHOP + CLIENT,
        "unknown = 1\n" + SHOP + CLIENT,
        "requests_per_minute = 0\n" + SHOP + CLIENT,
        "sync_seconds = 0\n" + SHOP + CLIENT,
        'token = "in-the-open"\n' + SHOP + CLIENT,
    ],
)
def test_a_file_of_another_shape_is_refused(folder: Folder, text: str) -> None:
    with pytest.raises(GatewayConfigInvalid) as refused:
        load_configuration(folder.file(text))
    assert "in-the-open" not in refused.value.message("en")


def test_what_is_no_file_or_no_toml_is_refused(folder: Folder) -> None:
    for path in (folder.path / "nothing.toml", folder.file("= x"), folder.path):
        with pytest.raises(ConfigInvalid):
            load_configuration(path)


@pytest.mark.parametrize("token", ["short", "x" * 31, "x" * 40 + "é", "x y " * 20, "x" * 40 + "\t"])
def test_a_token_is_long_and_plain(folder: Folder, token: str) -> None:
    folder.token("till.token", token + "\n")
    with pytest.raises(TokenWeak) as refused:
        load_configuration(folder.file(SHOP + CLIENT))
    assert token not in refused.value.message("en")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o666])
def test_a_token_that_others_may_read_is_refused(folder: Folder, mode: int) -> None:
    folder.token("till.token", TOKEN, mode)
    with pytest.raises(TokenExposed):
        load_configuration(folder.file(SHOP + CLIENT))


def test_a_token_serves_one_client(folder: Folder) -> None:
    folder.token("desk.token", TOKEN)
    with pytest.raises(TokenShared):
        load_configuration(folder.file(SHOP + CLIENT + CLIENT.replace("till", "desk")))


@pytest.mark.parametrize("shown", ["", TOKEN, f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}"])
def test_another_token_is_nobodys(folder: Folder, shown: str) -> None:
    clients = load_configuration(folder.file(SHOP + CLIENT)).clients
    with pytest.raises(TokenMissing):
        clients.of(shown)


def test_without_clients_nobody_is_known() -> None:
    with pytest.raises(TokenMissing):
        Clients([]).of(f"Bearer {TOKEN}")


def test_each_client_has_its_own_minute() -> None:
    now = [100.0]
    rate = Rate(2, lambda: now[0])
    for _ in range(2):
        rate.count("till")
    rate.count("desk")
    with pytest.raises(TooManyRequests):
        rate.count("till")
    now[0] += 59.9
    with pytest.raises(TooManyRequests):
        rate.count("till")
    now[0] += 0.1
    rate.count("till")


def test_every_refusal_is_said_in_both_languages() -> None:
    for error in (TokenMissing(), TooManyRequests(most=3), GatewayExposed(listen="0.0.0.0:1")):
        assert isinstance(error, SceauError)
        assert error.message("en") != error.message("fr")
