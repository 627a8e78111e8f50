# SPDX-License-Identifier: Apache-2.0
"""A node that leads elsewhere, answers without end, drips or grows takes neither time nor memory."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from eth_abi.abi import encode

from sceau.chain import provider
from sceau.chain.contract_errors import ContractError
from sceau.chain.errors import NodeUnreachable, NotANode
from sceau.chain.node import Node
from tools.ganache import free_port

CHAIN = json.dumps({"jsonrpc": "2.0", "id": 0, "result": "0x539"}).encode()

#: Answers one request; ``seen`` holds the paths asked for.
Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(answer: Answer, seen: list[str] | None = None) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if seen is not None:
                seen.append(self.path)
            try:
                answer(self)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def whole(body: bytes, encoding: str = "") -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        if encoding:
            handler.send_header("Content-Encoding", encoding)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def leading(to: Callable[[BaseHTTPRequestHandler], str], status: int = 307) -> Answer:
    """Everything at / leads on; anywhere else the chain id is answered."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path != "/":
            whole(CHAIN)(handler)
            return
        handler.send_response(status)
        handler.send_header("Location", to(handler))
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def why(url: str, timeout: float = 5) -> str:
    with pytest.raises(NodeUnreachable) as raised:
        Node(url, timeout=timeout).chain_id()
    return str(raised.value.details["why"].code)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_another_origin_is_not_followed(status: int) -> None:
    seen: list[str] = []
    with (
        serving(whole(CHAIN), seen) as elsewhere,
        serving(leading(lambda _: elsewhere + "/there", status)) as url,
    ):
        assert why(url + "/") == "led-elsewhere"
    assert seen == []


@pytest.mark.parametrize("scheme", ["https:", "ftp:", "file:"])
def test_another_scheme_of_the_same_host_is_another_origin(scheme: str) -> None:
    def to(handler: BaseHTTPRequestHandler) -> str:
        return f"{scheme}//{handler.headers['Host']}/there"

    with serving(leading(to)) as url:
        assert why(url + "/") == "led-elsewhere"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("to", ["/there", "there", "http://{host}/there"])
def test_the_same_origin_is_followed(to: str, status: int) -> None:
    with serving(leading(lambda handler: to.format(host=handler.headers["Host"]), status)) as url:
        assert Node(url + "/", timeout=5).chain_id() == 1337


def test_a_circle_ends() -> None:
    seen: list[str] = []
    with serving(leading(lambda _: "/"), seen) as url:
        assert why(url + "/") == "led-elsewhere"
    assert len(seen) == 4


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress], ids=["gzip", "deflate"])
def test_what_is_compressed_all_the_same_is_read(pack: Callable[[bytes], bytes]) -> None:
    encoding = "gzip" if pack is gzip.compress else "deflate"
    with serving(whole(pack(CHAIN), encoding)) as url:
        assert Node(url, timeout=5).chain_id() == 1337


def test_nothing_compressed_is_asked_for() -> None:
    found: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        found.append(handler.headers["Accept-Encoding"])
        whole(CHAIN)(handler)

    with serving(answer) as url:
        Node(url, timeout=5).chain_id()
    assert found == ["identity"]


def test_what_grows_when_it_is_read_is_cut_off() -> None:
    """200 MB of blanks are 200 kB when they arrive."""
    bomb = gzip.compress(b" " * 200_000_000, 9)
    tracemalloc.start()
    with serving(whole(bomb, "gzip")) as url:
        assert why(url, timeout=20) == "too-much"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4 * provider.MOST_BYTES


@pytest.mark.parametrize("body", [b"hello", gzip.compress(CHAIN)[:-9], b"\x1f\x8b"])
def test_what_is_badly_compressed_is_no_answer(body: bytes) -> None:
    with serving(whole(body, "gzip")) as url, pytest.raises((NodeUnreachable, NotANode)):
        Node(url, timeout=5).chain_id()


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
def test_another_encoding_is_no_answer(encoding: str) -> None:
    with serving(whole(CHAIN, encoding)) as url, pytest.raises(NotANode):
        Node(url, timeout=5).chain_id()


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider, "MOST_BYTES", 1_000_000)

    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        while True:
            handler.wfile.write(b"10000\r\n" + b" " * 65_536 + b"\r\n")

    with serving(flood) as url:
        assert why(url, timeout=20) == "too-much"


def drip(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    for place in range(len(data)):
        handler.wfile.write(data[place : place + 1])
        handler.wfile.flush()
        time.sleep(0.2)


def dripping_body(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(CHAIN)))
    handler.end_headers()
    drip(handler, CHAIN)


def dripping_headers(handler: BaseHTTPRequestHandler) -> None:
    drip(handler, b"HTTP/1.1 200 OK\r\n" + b"X-Slow: yes\r\n" * 50)


@pytest.mark.parametrize("slow", [dripping_body, dripping_headers])
def test_an_answer_that_drips_ends_with_the_time_of_a_whole_answer(slow: Answer) -> None:
    started = time.monotonic()
    with serving(slow) as url:
        assert why(url, timeout=1) == "too-late"
        assert time.monotonic() - started < 3


def test_a_proxy_of_the_environment_does_not_stand_before_this_computer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with serving(whole(CHAIN)) as url:
        assert Node(url, timeout=5).chain_id() == 1337
        assert Node(url.replace("127.0.0.1", "localhost"), timeout=5).chain_id() == 1337


@pytest.mark.parametrize("proxy", ["nothing", "page", "no-such-scheme"])
def test_a_proxy_that_is_in_the_way_is_named(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    """192.0.2.1 is no computer's address (RFC 5737): only the proxy is asked."""
    with serving(whole(b"<html>Sign in</html>")) as page:
        places = {
            "nothing": f"http://127.0.0.1:{free_port()}",
            "page": page,
            "no-such-scheme": "socks7://127.0.0.1",
        }
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, places[proxy])
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        assert why("http://192.0.2.1:8545") == "by-proxy"


@pytest.mark.parametrize("scheme", ["HTTP", "Http"])
def test_a_scheme_in_capitals_is_the_same(scheme: str) -> None:
    with serving(whole(CHAIN)) as url:
        assert Node(url.replace("http", scheme, 1), timeout=5).chain_id() == 1337


def test_no_node_sends_the_client_to_another_address() -> None:
    """An answer that asks to look elsewhere (ERC-3668) is a contract's refusal, and nobody is asked."""
    seen: list[str] = []
    with serving(whole(CHAIN), seen) as elsewhere:
        data = encode(
            ["address", "string[]", "bytes", "bytes4", "bytes"],
            ["0x" + "12" * 20, [elsewhere + "/{sender}/{data}"], b"", b"abcd", b""],
        )
        error = {"code": 3, "message": "execution reverted", "data": "0x556f1830" + data.hex()}
        body = json.dumps({"jsonrpc": "2.0", "id": 0, "error": error}).encode()
        with serving(whole(body)) as url:
            node = Node(url, timeout=5)
            with pytest.raises(ContractError):
                node.ask(lambda: node.web3.eth.call({"to": "0x" + "12" * 20}))
    assert seen == []
