# SPDX-License-Identifier: Apache-2.0
"""A node in front of a true one, with one fault.

    python -m tests.support.faulty_node UPSTREAM PORT MODE

serves it until it is interrupted; the modes are those of ``MODES``. Faults count since the first block was asked for
last, which each command does when it connects.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SEND = "eth_sendRawTransaction"
RECEIPT = "eth_getTransactionReceipt"
COUNT = "eth_getTransactionCount"
BLOCK = "eth_getBlockByNumber"
#: Several questions in one request.
BATCH = "batch"

HTML = b"<html>502 Bad Gateway</html>"
_OTHER_HASH = "0x" + "ab" * 32


@dataclass
class Seen:
    """What a faulty node was asked before: each method so many times, and every block number of :attr:`heights`."""

    times: Counter[str]
    heights: Counter[object]

    @property
    def sent(self) -> bool:
        """Whether signed bytes were handed to it."""
        return self.times[SEND] > 0


class Asked:
    """One request to a faulty node, and the ways to answer it. Those that take an answer give it to the client."""

    def __init__(self, handler: BaseHTTPRequestHandler, true_url: str, seen: Seen) -> None:
        self._handler = handler
        self._true_url = true_url
        self.body = handler.rfile.read(int(handler.headers["Content-Length"]))
        request = json.loads(self.body)
        if isinstance(request, list):
            request = {"method": BATCH}
        self.method: str = request["method"]
        self.params: Any = request.get("params") or []
        self.id = request.get("id")
        self.seen = seen

    @property
    def times(self) -> int:
        """How often this method was asked, this time included."""
        return self.seen.times[self.method]

    def true(self) -> dict[str, Any]:
        """What the true node answers."""
        return ask(self._true_url, self.body)

    def of(self, method: str, *params: object) -> Any:
        """The true result of another question."""
        question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return ask(self._true_url, json.dumps(question).encode())["result"]

    def answer(self, answer: Mapping[str, Any] | None = None) -> None:
        """An answer as a node gives one; the true one if not given."""
        self.raw(json.dumps(self.true() if answer is None else answer).encode())

    def result(self, result: Any) -> None:
        """An answer with this result."""
        self.answer({"jsonrpc": "2.0", "id": self.id, "result": result})

    def error(self, code: int, message: str, **more: Any) -> None:
        """An answer with this error."""
        error = {"code": code, "message": message, **more}
        self.answer({"jsonrpc": "2.0", "id": self.id, "error": error})

    def raw(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Any bytes with any status."""
        self._start(status, **{"Content-Length": str(len(body)), **headers})
        self._handler.wfile.write(body)

    def hang_up(self) -> None:
        """No answer: the connection is closed."""
        self._handler.close_connection = True
        self._handler.connection.close()

    def drip(self, seconds: float = 3) -> None:
        """The true answer, one byte at a time."""
        body = json.dumps(self.true()).encode()
        self._start(200, **{"Content-Length": str(len(body))})
        for byte in body:
            self._handler.wfile.write(bytes([byte]))
            time.sleep(seconds)

    def flood(self) -> None:
        """3 GB of blanks."""
        self._start(200, **{"Transfer-Encoding": "chunked"})
        for _ in range(3000):
            self._handler.wfile.write(b"f4240\r\n" + b" " * 1_000_000 + b"\r\n")

    def headers_without_end(self) -> None:
        """A header each instant, for a minute."""
        self._handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(600):
            self._handler.wfile.write(b"X-More: %d\r\n" % number)
            time.sleep(0.1)

    def lead_to(self, path: str) -> None:
        """A redirect, until it is followed."""
        if self._handler.path == path:
            self.answer()
        else:
            self.raw(b"", 307, Location=path)

    def _start(self, status: int, **headers: str) -> None:
        self._handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()


def ask(url: str, body: bytes) -> dict[str, Any]:
    """What a node answers to a request."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310  # the test's own node
    with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310  # as above
        answer: dict[str, Any] = json.load(reply)
    return answer


#: Answers one request, the true way or another.
Fault = Callable[[Asked], None]


@contextmanager
def faulty(true_url: str, fault: Fault, *, batches: bool = False) -> Iterator[str]:
    """The address of a node with a fault, in front of a true one; ``batches``: the fault answers those too."""
    server = _server(true_url, fault, 0, batches=batches)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _server(true_url: str, fault: Fault, port: int, *, batches: bool = False) -> ThreadingHTTPServer:
    seen = Seen(Counter(), Counter())

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body of an answer are two packets: the second must not wait for the first one's receipt.
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            asked = Asked(self, true_url, seen)
            if asked.method == BATCH and not batches:
                # Its faults are those of single answers.
                return asked.error(-32600, "batches are not taken")
            if asked.method == BLOCK and asked.params[0] == "0x0":
                seen.times.clear()
                seen.heights.clear()
            seen.times[asked.method] += 1
            try:
                return fault(asked)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None: ...

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        # A client that leaves in the middle of an answer is what some faults provoke.
        handle_error = lambda *_: None  # noqa: E731 - its base's method

    return Server(("127.0.0.1", port), Handler)


def _of(method: str, fault: Fault, *, first: int | None = None) -> Fault:
    """A fault in the answers to one method, in the ``first`` of them only if that is given."""

    def at(asked: Asked) -> None:
        if asked.method == method and (first is None or asked.times <= first):
            fault(asked)
        else:
            asked.answer()

    return at


def _receipts(change: Callable[[dict[str, Any]], Any], first: int | None) -> Fault:
    """A fault in what receipts hold, in the ``first`` that are there of each transaction."""

    def at(asked: Asked) -> None:
        answer = asked.true()
        if asked.method == RECEIPT and answer.get("result"):
            asked.seen.times[asked.params[0]] += 1
            if first is None or asked.seen.times[asked.params[0]] <= first:
                answer["result"] = change(answer["result"])
        asked.answer(answer)

    return at


def _without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda receipt: {key: value for key, value in receipt.items() if key != name}


def _after_sending(fault: Fault, *, first: int | None = None) -> Fault:
    """A fault in all but the sending itself once something was sent, in the ``first`` of each method."""

    def at(asked: Asked) -> None:
        if not asked.seen.sent or asked.method == SEND:
            return asked.answer()
        late = f"{asked.method} after sending"
        asked.seen.times[late] += 1
        return fault(asked) if first is None or asked.seen.times[late] <= first else asked.answer()

    return at


def _sent(answer: Fault) -> Fault:
    """Signed bytes are passed on, and answered with a fault."""

    def passed_on(asked: Asked) -> None:
        asked.true()
        answer(asked)

    return _of(SEND, passed_on)


def said_of_what_was_sent(code: int, words: str) -> Fault:
    """Signed bytes are passed on, and refused in these words."""
    return _sent(lambda asked: asked.error(code, words))


def _old_counts(asked: Asked) -> None:
    """A replica that does not know the newest block yet answers the first counts after something was sent."""
    answer = asked.true()
    if asked.method == COUNT and asked.seen.times["old counts"] < 3:
        asked.seen.times["old counts"] += 1
        answer["result"] = hex(max(0, int(answer["result"], 16) - 1))
    asked.answer(answer)


def _state_later(asked: Asked) -> None:
    """A block is announced before its state is there: the first question at each height is refused."""
    height = asked.params[-1] if asked.method in ("eth_call", "eth_getCode") else None
    if isinstance(height, str) and height.startswith("0x"):
        asked.seen.heights[height] += 1
        if asked.seen.heights[height] == 1:
            return asked.error(-32000, "header not found")
    return asked.answer()


def _null_blocks(asked: Asked) -> None:
    """The first question after each block, but for the first one, is answered with nothing."""
    if asked.method == BLOCK and asked.params[0] != "0x0":
        height = json.dumps(asked.params[0])
        asked.seen.heights[height] += 1
        if asked.seen.heights[height] == 1:
            return asked.result(None)
    return asked.answer()


def _prefixed(asked: Asked) -> None:
    """A revert as Nethermind told it until 2023, and Parity."""
    answer = asked.true()
    error = answer.get("error")
    if asked.method not in ("eth_call", "eth_estimateGas") or error is None:
        return asked.answer(answer)
    data = error.get("data")
    data = data if isinstance(data, str) else (data or {}).get("result", "0x")
    return asked.error(-32015, "VM execution error.", data=f"Reverted {data}")


def _bare(asked: Asked) -> None:
    """A node of before the methods for tips and for the history of fees."""
    if asked.method in ("eth_maxPriorityFeePerGas", "eth_feeHistory"):
        return asked.error(-32601, f"the method {asked.method} does not exist/is not available")
    return asked.answer()


def _changed(change: Callable[[dict[str, Any]], object]) -> Fault:
    """A change of every good answer."""

    def at(asked: Asked) -> None:
        answer = asked.true()
        if "result" in answer:
            change(answer)
        asked.answer(answer)

    return at


#: Modes that a client survives without another node.
SURVIVABLE: Mapping[str, Fault] = {
    # A node is busy for a moment after something was sent.
    "indexing": _of(
        RECEIPT, lambda asked: asked.error(-32000, "transaction indexing is in progress"), first=3
    ),
    "receipt429": _of(RECEIPT, lambda asked: asked.raw(b"<html>Too many requests</html>", 429), first=2),
    "html200": _after_sending(lambda asked: asked.raw(HTML, Content_Type="text/html"), first=2),
    "closed": _after_sending(Asked.hang_up, first=2),
    # The answer to the sending is lost, or strange.
    "senddrop": _sent(Asked.hang_up),
    "sendhtml": _sent(lambda asked: asked.raw(HTML, 502)),
    "send429": _sent(lambda asked: asked.raw(b"", 429)),
    "sendbusy": said_of_what_was_sent(-32005, "daily request count exceeded, request rate limited"),
    "sendotherhash": _sent(lambda asked: asked.result(_OTHER_HASH)),
    "sendnull": _sent(lambda asked: asked.result(None)),
    "alreadyknown": said_of_what_was_sent(-32000, "already known"),
    "noncetoolow": said_of_what_was_sent(-32000, "nonce too low: next nonce 8, tx nonce 7"),
    # Receipts that are none yet, and answers of different moments.
    "pendingnull": _receipts(lambda receipt: {**receipt, "blockNumber": None, "blockHash": None}, first=3),
    "nostatus": _receipts(_without("status"), first=3),
    "otherreceipt": _receipts(lambda receipt: {**receipt, "transactionHash": _OTHER_HASH}, first=3),
    "latereceipt": _receipts(lambda _: None, first=6),
    "oldcounts": _old_counts,
    "statelater": _state_later,
    "nullblocks": _null_blocks,
    # Another dress.
    "nopriority": _bare,
    "neth5740": _prefixed,
    "errnull": _changed(lambda answer: answer.setdefault("error", None)),
    "errempty": _changed(lambda answer: answer.setdefault("error", {})),
    "noversion": _changed(lambda answer: answer.pop("jsonrpc")),
    "zipped": lambda asked: asked.raw(
        gzip.compress(json.dumps(asked.true()).encode()), Content_Encoding="gzip"
    ),
    "redirected": lambda asked: asked.lead_to("/rpc/"),
}

#: Modes behind which a client needs another node, or ends without an answer.
OTHERS: Mapping[str, Fault] = {
    "dropaftersend": _after_sending(Asked.hang_up),
    "drip": Asked.drip,
    "flood": Asked.flood,
    "headers": Asked.headers_without_end,
    "falsestatus": _receipts(lambda receipt: {**receipt, "status": "0x0"}, first=None),
}

MODES: Mapping[str, Fault] = {**SURVIVABLE, **OTHERS}


def main(words: list[str]) -> None:
    """Serves a faulty node until it is interrupted."""
    if len(words) != 3 or words[2] not in MODES or not re.fullmatch(r"[0-9]+", words[1]):
        raise SystemExit(f"{__doc__}\nModes: {', '.join(MODES)}")
    true_url, port, mode = words
    with suppress(KeyboardInterrupt):
        _server(true_url, MODES[mode], int(port)).serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
