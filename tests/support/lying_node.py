# SPDX-License-Identifier: Apache-2.0
"""A node that lies: it passes requests on to a true one, and changes some of the answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sceau import Network
from sceau.chain.node import Node
from tests.support.deployed import Deployed
from tests.support.faulty_node import Asked, faulty

#: Given a method, its parameters and the true result, the result to answer instead; it may raise :class:`Refused`.
Lie = Callable[[str, Any, Any], Any]


class Refused(Exception):
    """An error to answer instead of a result, with its HTTP status."""

    def __init__(self, error: Any, status: int = 200) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


def the_truth(_method: str, _params: Any, result: Any) -> Any:
    """No lie: another node of the same chain."""
    return result


@contextmanager
def lying(chain: Deployed, lie: Lie) -> Iterator[Network]:
    """The deployment through a node that lies."""
    with lying_at(chain.url, lie) as url:
        yield Network(Node(url), chain.network.manifest)


def head_at(time_: Callable[[], float]) -> Lie:
    """A lie about the time of the newest block: it is always that of ``time_``, in seconds since 1970."""

    def lie(method: str, params: Any, result: Any) -> Any:
        if method == "eth_getBlockByNumber" and params[0] == "latest":
            return {**result, "timestamp": hex(int(time_()))}
        return result

    return lie


@contextmanager
def behind(chain: Deployed, lie: Lie, *, block_period: int = 1) -> Iterator[list[str]]:
    """All that uses the deployment's network, behind a node that lies, on a chain with a beat; the methods asked."""
    asked: list[str] = []

    def told(method: str, params: Any, result: Any) -> Any:
        asked.append(method)
        return lie(method, params, result)

    network, true = chain.network, chain.network.node
    with lying_at(chain.url, told) as url:
        _point(network, Node(url), block_period)
        try:
            yield asked
        finally:
            _point(network, true, network.manifest.block_period)


def _point(network: Network, node: Node, block_period: int) -> None:
    network.node, network.block_period = node, block_period


@contextmanager
def lying_at(true_url: str, lie: Lie) -> Iterator[str]:
    """The address of a node that lies, in front of a true one."""

    def fault(asked: Asked) -> None:
        answer, status = asked.true(), 200
        try:
            if "result" in answer:
                answer["result"] = lie(asked.method, asked.params, answer["result"])
        except Refused as refused:
            answer = {"jsonrpc": "2.0", "id": asked.id, "error": refused.error}
            status = refused.status
        asked.raw(json.dumps(answer).encode(), status)

    with faulty(true_url, fault) as url:
        yield url
