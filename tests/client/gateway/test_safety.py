# SPDX-License-Identifier: Apache-2.0
"""Attacks on a service that listens at a shop's machine: by pages in its browser, by programs, by its network."""

from __future__ import annotations

import json
import secrets
import socket
import ssl
import stat
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime, timedelta, timezone
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sceau.gateway.connection import HEAD_SECONDS
from scripts.documents import document
from tests.client.cli.offices import Published
from tests.client.gateway.running import House, Http, address_of, ended
from tests.support.deployed import Deployed

PATIENT = "DUPONT-MARIE-1954"


@pytest.fixture(scope="module")
def home(published: Published, deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A gateway with two shops, and four clients: of one shop, of the other, of both, and one that only reads."""
    place = tmp_path_factory.mktemp("safety")
    (place / "exchange").mkdir()
    made = House(place / "practice", deployed, "practice", published, place / "exchange")
    other = House(place / "supplier", deployed, "supplier", published, place / "exchange")
    shops = ""
    for name, folder in (("shop", made.folder), ("other", other.folder)):
        role = folder.name
        shops += f'[shops.{name}]\nsettings = "{folder}/sceau.toml"\nrole = "{role}"\n'
    clients = ""
    for name, allowed, rights in (
        ("till", ["shop"], ["read", "write"]),
        ("maker", ["other"], ["read", "write"]),
        ("screen", ["shop"], ["read"]),
    ):
        made.write_token(f"{name}.token", f"token-of-the-{name}-" + "x" * 32)
        clients += f'[clients.{name}]\ntoken_file = "{name}.token"\nshops = {allowed}\nrights = {rights}\n'
    made.write(f'listen = "127.0.0.1:0"\nsync_seconds = 3600\n{shops}{clients}')
    return made


def token_of(client: str) -> str:
    return f"token-of-the-{client}-" + "x" * 32


@pytest.fixture(scope="module")
def address(home: House) -> Iterator[str]:
    """Where it listens. Whatever was done to it, it ends well, and said nothing."""
    process = home.start()
    yield address_of(process)
    process.terminate()
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert PATIENT not in said
    assert said.strip() == ""


@pytest.fixture
def till(address: str) -> Http:
    return Http(address, token_of("till"))


def raw(address: str, request: bytes, *, seconds: float = 10) -> bytes:
    """What comes back for some bytes, until the gateway closes or says no more."""
    host, _, port = address.partition(":")
    with closing(socket.create_connection((host, int(port)), timeout=seconds)) as line:
        line.sendall(request)
        said = b""
        while piece := line.recv(65_536):
            said += piece
            if b"\r\n\r\n" in said and said.endswith(b"}"):
                break
        return said


def test_a_program_of_the_shop_is_answered(till: Http) -> None:
    answer = till.get()
    assert (answer.status, answer.body["role"]) == (200, "practice")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers
    assert not [name for name in answer.headers if name.startswith("access-control-")]


# Pages in the shop's browser


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "localhost", "", "localhost:{port}@evil.example"],
)
def test_a_name_that_was_pointed_at_this_machine_is_refused(till: Http, host: str) -> None:
    """DNS rebinding: the page's own name leads here, so that its requests are of the same origin."""
    answer = till.get(Host=host.format(port=till.address.partition(":")[2]))
    assert (answer.status, answer.code) == (421, "host-unknown")


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
def test_its_own_names_are_known(till: Http, name: str) -> None:
    assert till.get(Host=f"{name}:{till.address.partition(':')[2]}").status == 200


def test_two_names_are_refused(till: Http, address: str) -> None:
    request = (
        f"GET /v1/shop HTTP/1.1\r\nHost: {address}\r\nHost: evil.example\r\n"
        f"Authorization: {till.headers['Authorization']}\r\nConnection: close\r\n\r\n"
    )
    said = raw(address, request.encode())
    assert said.split(b" ")[1] in (b"400", b"421")
    assert b'"role"' not in said


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:8420", "http://{own}"])
def test_a_page_is_refused_whatever_its_origin(till: Http, origin: str) -> None:
    answer = till.get(Origin=origin.format(own=till.address))
    assert (answer.status, answer.code) == (403, "from-a-page")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin"])
def test_what_a_browser_says_a_site_made_is_refused(till: Http, site: str) -> None:
    answer = till.get(**{"Sec-Fetch-Site": site})
    assert (answer.status, answer.code) == (403, "from-a-page")


def test_a_browser_is_not_told_that_it_may_ask(till: Http) -> None:
    answer = till.ask(
        "OPTIONS",
        "/v1/shop/quotes",
        None,
        {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
    )
    assert (answer.status, answer.code) == (403, "from-a-page")
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_form_cannot_be_posted(till: Http, kind: str) -> None:
    """What a page may send to any address without asking first."""
    answer = till.post("/quotes", {}, **{"Content-Type": kind})
    assert (answer.status, answer.code) == (415, "body-not-json")


# Other programs


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        f"Basic {token_of('till')}",
        token_of("till"),
        "Bearer " + "x" * 9_000,
    ],
)
def test_without_a_token_nothing_is_said(address: str, shown: str) -> None:
    headers = {"Authorization": shown} if shown else {}
    for path in ("/v1/shop", "/v1/nowhere", "/v1/shop/claims", f"/v1/shop?token={token_of('till')}"):
        answer = Http(address, "").ask("GET", path, None, headers)
        assert (answer.status, answer.code) == (401, "token-missing")
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_cookie_is_no_token(address: str) -> None:
    answer = Http(address, "").ask("GET", "/v1/shop", None, {"Cookie": f"token={token_of('till')}"})
    assert answer.status == 401
    assert "set-cookie" not in answer.headers


def test_who_has_no_token_is_told_nothing_of_a_body(address: str) -> None:
    """Nor is the body read."""
    answer = Http(address, "").ask("POST", "/v1/shop/quotes", b"x" * 10_000, {"Content-Type": "text/plain"})
    assert (answer.status, answer.code) == (401, "token-missing")


def test_a_client_of_another_shop_learns_not_even_that_there_is_one(address: str) -> None:
    maker = Http(address, token_of("maker"))
    answers = [
        maker.ask("GET", path, None, maker.headers)
        for path in ("/v1/shop", "/v1/nowhere", "/v1/shop/claims", "/v1/..%2Fother/claims")
    ]
    assert [(each.status, each.code) for each in answers[:3]] == [(404, "shop-unknown")] * 3
    assert answers[0].body == answers[1].body
    assert answers[3].status == 404


def test_a_client_that_reads_writes_nothing(address: str) -> None:
    screen = Http(address, token_of("screen"))
    assert screen.get("/claims").status == 200
    for path in ("/quotes", "/consents", "/outbox/1/drop", "/messages/2:abc/done"):
        answer = screen.post(path, {})
        assert (answer.status, answer.code) == (403, "right-missing")


def test_a_party_does_only_what_its_role_does(till: Http, address: str) -> None:
    claim, verdict = "0x" + "11" * 32, "ab" * 16
    asked: list[tuple[Http, str, Any]] = [
        (till, "/verdicts", {"disclosure": claim}),
        (till, f"/verdicts/{verdict}/authorisation", {"valid_until": "2027-01-01"}),
        (till, f"/verdicts/{verdict}/refusal", {}),
        (till, f"/verdicts/{verdict}/settlement", {}),
        (till, f"/claims/{claim}/information-requests", {"paths": [], "clause": "x", "reason": "CODES"}),
        (till, f"/claims/{claim}/payment-notices", {"day": "2026-12-01", "reference": "VIR"}),
        (till, f"/claims/{claim}/deliveries", {"delivery": {}}),
        (till, f"/claims/{claim}/order-answers", {}),
        (till, f"/claims/{claim}/returns", {}),
        (till, f"/claims/{claim}/disputes", {}),
    ]
    maker = Http(address, token_of("maker"), "other")
    asked += [
        (maker, "/quotes", {"quote": {}, "payer": 3}),
        (maker, "/consents", {"signed": {}}),
        (maker, "/consent-requests", {"payer": 3, "groups": ["PEC"]}),
        (maker, f"/consents/{claim}/withdrawal", {}),
        (maker, "/messages/2:abc/grant", {}),
        (maker, "/messages/2:abc/decline", {"reason": "NO"}),
        (maker, f"/claims/{claim}/orders", {"order": {}, "supplier": 2}),
        (maker, f"/claims/{claim}/invoices", {"invoice": {}}),
        (maker, f"/claims/{claim}/cancellation", {}),
        (maker, f"/claims/{claim}/disclosures", {"clause": "minimal"}),
    ]
    for client, path, body in asked:
        answer = client.post(path, body)
        assert (path, answer.status, answer.code) == (path, 404, "role-differs")
    answer = till.get(f"/verdicts/{verdict}")
    assert (answer.status, answer.code) == (404, "role-differs")


def test_an_order_is_named_by_its_claim_alone(address: str) -> None:
    """Not by any message that its reader received."""
    maker = Http(address, token_of("maker"), "other")
    for path, body in (("order-answers", {}), ("deliveries", {"delivery": json.loads(document("delivery"))})):
        answer = maker.post(f"/claims/2:abc/{path}", body)
        assert (answer.status, answer.code) == (422, "identifier-invalid")


# Too much, too slow, and not what it says it is


@pytest.mark.parametrize("key", ["", "short", "x" * 129, "with a blank", "é-accent-aigu"])
def test_a_request_that_writes_has_a_name(till: Http, key: str) -> None:
    answer = till.post("/quotes", {}, **{"Idempotency-Key": key.encode().decode("latin-1")})
    assert (answer.status, answer.code) == (400, "request-key-missing")


def test_a_body_is_no_longer_than_a_document(till: Http) -> None:
    answer = till.post("/quotes", {"quote": "x" * 1_100_000})
    assert (answer.status, answer.code) == (413, "body-too-long")


def test_a_body_in_pieces_is_counted_too(till: Http, address: str) -> None:
    head = (
        f"POST /v1/shop/quotes HTTP/1.1\r\nHost: {address}\r\nAuthorization: {till.headers['Authorization']}\r\n"
        "Content-Type: application/json\r\nIdempotency-Key: in-pieces-of-it\r\n"
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    said = raw(address, head.encode() + piece * 20 + b"0\r\n\r\n", seconds=30)
    assert said.split(b" ")[1] == b"413"


def test_a_length_and_pieces_together_are_refused(till: Http, address: str) -> None:
    """Request smuggling: a proxy before it may count by one, and the gateway by the other."""
    request = (
        f"POST /v1/shop/quotes HTTP/1.1\r\nHost: {address}\r\nAuthorization: {till.headers['Authorization']}\r\n"
        "Content-Type: application/json\r\nIdempotency-Key: two-lengths-in-one\r\nContent-Length: 4\r\n"
        "Content-Length: 60\r\n\r\n{}\r\nGET /v1/shop HTTP/1.1\r\n\r\n"
    )
    assert raw(address, request.encode()).split(b" ")[1] == b"400"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b'{"payer": 3, "payer": 4}',
        b'{"payer": NaN}',
        b"[" * 100_000,
        b'{"quote":' * 5_000 + b"{}" + b"}" * 5_000,
        b'{"quote": {}, "payer": true}',
        b'{"quote": {}, "payer": "3"}',
        b'{"quote": {}, "payer": 3, "unknown": 1}',
        b'{"quote": {}, "payer": 3.5}',
        "\ud800".encode("utf-8", "surrogatepass"),
        '{"payer": 3}'.encode("utf-16"),
    ],
)
def test_a_body_of_another_shape_is_refused(till: Http, body: bytes) -> None:
    headers = {
        **till.headers,
        "Content-Type": "application/json",
        "Idempotency-Key": secrets.token_hex(8),
    }
    answer = till.ask("POST", "/v1/shop/quotes", body, headers)
    assert (answer.status, answer.code) == (422, "body-malformed")


@pytest.mark.parametrize(
    "path", ["/claims?limit=0", "/claims?limit=x", f"/claims?limit={10**30}", "/claims?limit=1.5"]
)
def test_a_parameter_of_another_shape_is_refused(till: Http, path: str) -> None:
    answer = till.get(path)
    assert (answer.status, answer.code, "limit" in answer.body["detail"]) == (
        422,
        "parameter-malformed",
        True,
    )


def test_what_was_sent_is_not_said_again(till: Http) -> None:
    """Neither in an answer nor, as the gateway ends, in what it said all along."""
    quote = {**json.loads(document("quote")), "birth-date": PATIENT, PATIENT: PATIENT}
    asked: list[Any] = [
        {"quote": quote, "payer": 3},
        {"quote": {"format": PATIENT}, "payer": 3},
        {"quote": {**quote, "format": "sceau-values/1"}, "payer": 3},
        {"quote": quote, "payer": PATIENT},
        {PATIENT: PATIENT},
        {"quote": json.loads(document("quote")), "payer": 3, "consent": PATIENT},
        {"quote": json.loads(document("quote")), "payer": 3, "prescription": {"format": PATIENT}},
    ]
    for body in asked:
        answer = till.post("/quotes", body)
        assert answer.status == 422, answer
        assert PATIENT not in json.dumps(answer.body)
    for path in (f"/claims/{PATIENT}", f"/consents/{PATIENT}", f"/claims?state={PATIENT}"):
        answer = till.get(path)
        assert answer.status in (404, 422), answer
        assert PATIENT not in json.dumps(answer.body), path


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "address-unknown"),
        ("GET", "/docs", 404, "address-unknown"),
        ("GET", "/redoc", 404, "address-unknown"),
        ("GET", "/v1/shop/../../etc/passwd", 404, "address-unknown"),
        ("DELETE", "/v1/shop/claims", 405, "method-wrong"),
        ("PUT", "/v1/shop", 405, "method-wrong"),
        ("TRACE", "/v1/shop", 405, "method-wrong"),
    ],
)
def test_nothing_else_is_served(till: Http, method: str, path: str, status: int, code: str) -> None:
    answer = till.ask(method, path, None, till.headers)
    assert (answer.status, answer.code) == (status, code)


def test_another_method_in_a_header_changes_nothing(till: Http) -> None:
    answer = till.get("/outbox", **{"X-HTTP-Method-Override": "POST"})
    assert (answer.status, answer.body) == (200, {"entries": [], "disclosures": []})


def test_headers_without_end_are_cut_off(address: str) -> None:
    try:
        said = raw(address, f"GET / HTTP/1.1\r\nHost: {address}\r\nX: ".encode() + b"x" * 200_000)
    except ConnectionError:
        said = b""
    assert said == b"" or said.split(b" ")[1] in (b"400", b"431")


def test_connections_that_say_nothing_do_not_keep_others_out(till: Http, address: str) -> None:
    """Any program of the machine can open them; it needs no token."""
    host, _, port = address.partition(":")
    with ExitStack() as stack:
        for number in range(250):
            line = stack.enter_context(closing(socket.create_connection((host, int(port)))))
            line.sendall(b"" if number % 2 else b"GET / HTTP/1.1\r\nX: ")
        deadline = monotonic() + 2 * HEAD_SECONDS
        while (status := _status_of(till)) != 200:
            assert status == 503
            assert monotonic() < deadline
            sleep(0.5)


def _status_of(till: Http) -> int:
    """What uvicorn says of itself is no JSON."""
    line = HTTPConnection(till.address, timeout=30)
    with closing(line):
        line.request("GET", "/v1/shop/outbox", headers=till.headers)
        return line.getresponse().status


def test_a_page_opens_no_socket(address: str) -> None:
    """A browser asks nobody before it opens one, and what is no HTTP would pass by the guard."""
    said = raw(
        address,
        f"GET /v1/shop HTTP/1.1\r\nHost: {address}\r\nOrigin: https://evil.example\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n".encode(),
    )
    assert b"from-a-page" in said


def test_a_socket_file_is_its_owners_alone(published: Published, deployed: Deployed, tmp_path: Path) -> None:
    (tmp_path / "exchange").mkdir()
    home = House(tmp_path / "practice", deployed, "practice", published, tmp_path / "exchange")
    home.write(home.file.read_text().replace("127.0.0.1:0", "unix:sceau.sock"))
    path = home.folder / "sceau.sock"
    with ended(home.start()) as process:
        assert process.stdout is not None
        assert any("sceau.sock" in line for line in process.stdout)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with closing(socket.socket(socket.AF_UNIX)) as line:
            line.connect(str(path))
            line.sendall(
                f"GET /v1/shop HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {home.token}\r\n"
                "Connection: close\r\n\r\n".encode()
            )
            assert line.recv(15) == b"HTTP/1.1 200 OK"
    assert not path.exists()


def test_a_second_gateway_does_not_take_the_socket_file_of_the_first(
    published: Published, deployed: Deployed, tmp_path: Path
) -> None:
    (tmp_path / "exchange").mkdir()
    home = House(tmp_path / "practice", deployed, "practice", published, tmp_path / "exchange")
    home.write(home.file.read_text().replace("127.0.0.1:0", "unix:sceau.sock"))
    first = home.start()
    assert first.stdout is not None
    assert any("sceau.sock" in line for line in first.stdout)
    second = home.start()
    said, _ = second.communicate(timeout=60)
    assert second.returncode != 0
    assert "sceau.sock" in said
    with closing(socket.socket(socket.AF_UNIX)) as line:
        line.connect(str(home.folder / "sceau.sock"))
    first.kill()
    first.communicate()
    # What a killed one left is in nobody's way.
    third = home.start()
    assert third.stdout is not None
    assert any("sceau.sock" in line for line in third.stdout)
    third.terminate()
    third.communicate(timeout=60)
    assert third.returncode == 0


def certificate(folder: Path) -> str:
    """A certificate for this machine and its key, in the files ``c.pem`` and ``k.pem``; the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "k.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    written = made.public_bytes(serialization.Encoding.PEM)
    (folder / "c.pem").write_bytes(written)
    return written.decode()


def test_with_a_certificate_it_speaks_tls_alone(
    published: Published, deployed: Deployed, tmp_path: Path
) -> None:
    (tmp_path / "exchange").mkdir()
    home = House(tmp_path / "practice", deployed, "practice", published, tmp_path / "exchange")
    trusted = ssl.create_default_context(cadata=certificate(home.folder))
    home.write('tls_certificate = "c.pem"\ntls_key = "k.pem"\n' + home.file.read_text())
    with ended(home.start()) as process:
        port = int(address_of(process).rpartition(":")[2])
        line = HTTPSConnection("localhost", port, timeout=30, context=trusted)
        line.request("GET", "/v1/shop", headers={"Authorization": f"Bearer {home.token}"})
        assert line.getresponse().status == 200
        line.close()
        with pytest.raises((ConnectionError, HTTPException)):
            Http(f"127.0.0.1:{port}", home.token).get()


def test_whoever_asks_too_often_waits(published: Published, deployed: Deployed, tmp_path: Path) -> None:
    (tmp_path / "exchange").mkdir()
    home = House(tmp_path / "practice", deployed, "practice", published, tmp_path / "exchange")
    home.write("requests_per_minute = 3\n" + home.file.read_text())
    with home.running() as shop:
        answers = [shop.get("/outbox") for _ in range(5)]
    assert [each.status for each in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].code == "too-many-requests"
