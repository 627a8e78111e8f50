# SPDX-License-Identifier: Apache-2.0
"""Whatever answers at an address, or nothing, is told in one line that shows no secret."""

from __future__ import annotations

import contextlib
import http.server
import json
import pickle
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from sceau.chain import node as node_module
from sceau.chain.errors import NodeRefused, NodeUnreachable, NotANode
from sceau.chain.node import Node
from sceau.errors import SceauError
from tests.support.deployed import Deployed
from tests.support.lying_node import behind, lying
from tools.ganache import free_port


@pytest.fixture(autouse=True)
def no_second_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What answers here answers the same for ever: no test waits for another answer."""
    monkeypatch.setattr(node_module, "_ATTEMPTS", 1)


SECRETS = ("user", "hunter2", "token", "apikey")


@contextlib.contextmanager
def serving(body: bytes, status: int = 200) -> Iterator[str]:
    """The address, with credentials in every place, of a server that always answers the same."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://user:hunter2@127.0.0.1:{server.server_port}/token?key=apikey"
        finally:
            server.shutdown()
            thread.join()


def answer(result: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 0, "result": result}).encode()


def refusal(error: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 0, "error": error}).encode()


def what_is_said(
    url: str, kind: type[SceauError], ask: Callable[[Node], object] = lambda node: node.chain_id()
) -> str:
    with pytest.raises(kind) as raised:
        ask(Node(url, timeout=2))
    assert type(raised.value) is kind
    shown = "".join(
        [str(raised.value), raised.value.message("fr"), repr(raised.value), repr(raised.value.__cause__)]
    )
    assert not any(secret in shown for secret in SECRETS)
    assert "\n" not in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_an_http_error_is_told_by_its_number(status: int) -> None:
    with serving(b"<html>hunter2</html>", status) as url:
        assert f"HTTP {status}" in what_is_said(url, NodeUnreachable)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>hunter2</html>",
        b"",
        b"\xff\xfe",
        b"{}",
        b"[]",
        b"null",
        b"[" * 200_000,
        answer(None),
        answer("hunter2"),
        answer({}),
        refusal("hunter2"),
    ],
)
def test_what_is_no_node_is_told_so(body: bytes) -> None:
    with serving(body) as url:
        what_is_said(url, NotANode)


TOO_HIGH = {"hash": "0x" + "11" * 32, "number": hex(2**40), "timestamp": "0x1"}


@pytest.mark.parametrize("block", [{}, {"number": "0x1"}, "0x12", [], 7, TOO_HIGH])
def test_a_block_that_is_none_is_told_as_no_node(block: object) -> None:
    with serving(answer(block)) as url:
        what_is_said(url, NotANode, lambda node: node.head())


def test_a_stack_trace_is_cut_to_its_first_line_and_made_printable() -> None:
    with serving(
        refusal({"code": -32603, "message": "boom\u001b[2J " + "x" * 500 + "\n\tat java.lang"})
    ) as url:
        said = what_is_said(url, NodeRefused)
    assert "boom?[2J" in said
    assert "java" not in said
    assert len(said) < 250


def test_a_revert_without_words_is_a_contracts_refusal() -> None:
    from sceau.chain.contract_errors import ContractError

    with serving(refusal({"code": 3, "message": "Execution reverted", "data": "0x"})) as url:
        node = Node(url, timeout=2)
        with pytest.raises(ContractError):
            node.ask(lambda: node.web3.eth.call({"to": "0x" + "00" * 20}))


def test_a_head_that_is_not_there_yet_is_asked_for_again_then_refused() -> None:
    with serving(answer(None)) as url:
        what_is_said(url, NodeRefused, lambda node: node.head())


def test_nothing_at_the_address_is_no_connection() -> None:
    said = what_is_said(f"http://user:hunter2@127.0.0.1:{free_port()}/token", NodeUnreachable)
    assert "no connection" in said


def test_silence_ends_with_the_timeout() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://user:hunter2@127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(NodeUnreachable, match="no answer in time"):
            Node(url, timeout=0.3).chain_id()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8545",
        "user:hunter2@host:8545",
        "http://",
        "http://user:hunter2@",
        "http://[::1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:port",
        "ftp://user:hunter2@host/token",
        "file:///etc/hunter2",
        "javascript:hunter2",
        "http://ho\nst/hunter2",
    ],
)
def test_an_address_that_is_none_is_told_so(url: str) -> None:
    assert "http" in what_is_said(url, NodeUnreachable)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://user:hunter2@node.example:8545/token?key=apikey#user", "http://node.example:8545"),
        ("https://node.example/v3/token", "https://node.example"),
        ("https://user@node.example", "https://node.example"),
        ("http://user:hunter2@[::1]:8545", "http://[::1]:8545"),
        ("http://user:p@hunter2@127.0.0.1:1", "http://127.0.0.1:1"),
    ],
)
def test_of_an_address_only_what_holds_no_secret_is_shown(url: str, shown: str) -> None:
    assert Node(url).url == shown
    assert repr(Node(url)) == f"Node('{shown}')"


def test_blocks_are_read_alike_on_every_node(either_chain: Deployed) -> None:
    node = either_chain.network.node
    head = node.head()
    assert node.block(head.number) in (head, node.head())
    assert node.block(0).number == 0
    assert node.genesis_hash() == node.block(0).hash == either_chain.network.manifest.genesis_hash
    assert head.timestamp >= node.block(0).timestamp
    assert head.hash.startswith("0x")
    assert len(head.hash) == 66


def test_a_free_chain_has_no_base_fee_and_a_paid_one_has(chain: Deployed, free_chain: Deployed) -> None:
    assert free_chain.network.node.head().base_fee == 0
    assert chain.network.node.head().base_fee


def test_a_block_that_does_not_exist_is_refused(chain: Deployed) -> None:
    with pytest.raises(NodeRefused):
        chain.network.node.block(10**9)


def test_code_and_balance_are_read(either_chain: Deployed) -> None:
    node = either_chain.network.node
    assert node.code(either_chain.network.address("PartyRegistry"))
    assert node.code("0x" + "12" * 20) == b""
    assert node.balance("0x" + "12" * 20) == 0
    assert node.balance(either_chain.admin.address) > 0


def test_errors_cross_processes() -> None:
    with serving(b"", 500) as url, pytest.raises(NodeUnreachable) as raised:
        Node(url, timeout=2).chain_id()
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)  # noqa: S301 - made here


def test_the_time_of_a_block_is_asked_for_once(chain: Deployed) -> None:
    head = chain.network.node.head()
    with behind(chain, lambda _method, _params, result: result) as asked:
        node = chain.network.node
        assert [node.time_of(head.number, head.hash) for _ in range(3)] == [head.timestamp] * 3
    assert asked == ["eth_getBlockByHash"]


@pytest.mark.parametrize("part", ["number", "hash"])
def test_another_block_than_was_asked_for_by_its_hash_is_no_answer(chain: Deployed, part: str) -> None:
    head = chain.network.node.head()
    other = {"number": hex(head.number + 1), "hash": "0x" + "77" * 32}[part]
    with (
        lying(chain, lambda _method, _params, result: {**result, part: other}) as network,
        pytest.raises(NotANode),
    ):
        network.node.time_of(head.number, head.hash)


def test_the_number_beside_a_hash_is_compared_also_when_the_block_is_known(chain: Deployed) -> None:
    head = chain.network.node.head()
    node = Node(chain.url)
    node.time_of(head.number, head.hash)
    with pytest.raises(NotANode):
        node.time_of(head.number + 1, head.hash)
