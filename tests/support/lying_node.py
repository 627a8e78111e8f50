# SPDX-License-Identifier: Apache-2.0
"""A node that lies: it passes requests on to a true one, and changes some of the answers."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sceau import Network
from sceau.chain.node import Node
from tests.support.deployed import Deployed

#: Given a method, its parameters and the true result, the result to answer instead.
Lie = Callable[[str, Any, Any], Any]


@contextmanager
def lying(chain: Deployed, lie: Lie) -> Iterator[Network]:
    """The deployment through a node that lies."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            answer = _ask(chain.url, asked)
            request = json.loads(asked)
            if "result" in answer:
                answer["result"] = lie(request["method"], request["params"], answer["result"])
            told = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Network(Node(f"http://127.0.0.1:{server.server_port}"), chain.network.manifest)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _ask(url: str, body: bytes) -> dict[str, Any]:
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})  # noqa: S310  # the test's own node
    with urllib.request.urlopen(request, timeout=30) as reply:  # noqa: S310  # as above
        answer: dict[str, Any] = json.load(reply)
    return answer
