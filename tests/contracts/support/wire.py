# SPDX-License-Identifier: Apache-2.0
"""Questions to the node by one connection that stays open: web3's way takes longer than most answers do."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

_HEADERS = {"Content-Type": "application/json"}
_SECONDS = 300


class Wire:
    """What web3's provider does for `Chain`, for a node on this machine."""

    def __init__(self, url: str) -> None:
        self._node = HTTPConnection(urlsplit(url).netloc, timeout=_SECONDS)

    def make_request(self, method: str, params: Any) -> Any:
        return self._answer(_question(0, method, params))

    def make_batch_request(self, batch: list[tuple[str, Any]]) -> Any:
        answers = self._answer([_question(number, *each) for number, each in enumerate(batch)])
        return sorted(answers, key=lambda answer: answer["id"])

    def _answer(self, question: Any) -> Any:
        body = json.dumps(question)
        try:
            return self._exchange(body)
        except ConnectionError:
            # The node closed a connection that was idle: nothing was asked yet.
            self._node.close()
            return self._exchange(body)

    def _exchange(self, body: str) -> Any:
        self._node.request("POST", "/", body, _HEADERS)
        return json.load(self._node.getresponse())


def _question(number: int, method: str, params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
