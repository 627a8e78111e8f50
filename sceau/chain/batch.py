# SPDX-License-Identifier: Apache-2.0
"""Several questions to a node in one round trip, as a batch of JSON-RPC 2.0."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from sceau.chain.answers import usual
from sceau.chain.contract_errors import ContractError
from sceau.chain.errors import NotANode
from sceau.chain.node import Node, printable
from sceau.chain.revert import decode_revert
from sceau.documents.strict_json import too_deep
from sceau.errors import NodeError

# Besu takes 1,024 at once, and says of more that it takes none.
_MOST = 200
_REVERTED = 3

Question = tuple[str, Sequence[Any]]


class Expected(NamedTuple):
    """A question that is about to be asked, and what takes its answer."""

    question: Question
    take: Callable[[Any], None]


@dataclass(frozen=True)
class Fault:
    """A node's error in answer to one question: its words, and a revert's data (``0x`` hex), where it is one."""

    words: str
    data: str | None = None

    @property
    def error(self) -> ContractError | None:
        """The contract's own error, where a contract refused."""
        return None if self.data is None else decode_revert(self.data)


def ask_all(node: Node, questions: Sequence[Question]) -> list[Any]:
    """The answers, in the order of the questions; a :class:`Fault` in the place of one that the node did not give.

    A node that takes no batches is asked one question at a time. Raises NodeUnreachable, NotANode.
    """
    answers: list[Any] = []
    for start in range(0, len(questions), _MOST):
        answers += _asked(node, questions[start : start + _MOST])
    return answers


def ask_expected(node: Node, expected: Iterable[Expected]) -> None:
    """Asks in one round trip what would be asked one by one.

    Nothing rests on it: an answer that is missing, an error or strange is not taken, and whoever needs it asks for it.
    """
    asked = list(expected)
    with suppress(NodeError):
        for each, answer in zip(asked, ask_all(node, [each.question for each in asked]), strict=True):
            if not isinstance(answer, Fault):
                with suppress(NodeError), node.translated():
                    each.take(answer)


def _asked(node: Node, questions: Sequence[Question]) -> list[Any]:
    asked = [
        {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}
        for number, (method, params) in enumerate(questions)
    ]
    if len(asked) > 1 and node.takes_batches:
        found = _batch(node, asked)
        if found is not None:
            return found
    return [_read(node, _exchange(node, each)) for each in asked]


def _batch(node: Node, asked: list[dict[str, Any]]) -> list[Any] | None:
    """The answers to a batch; ``None`` from a node that takes none, which is remembered."""
    try:
        found = _exchange(node, asked)
    except NotANode:
        found = None
    if not isinstance(found, list):
        node.takes_batches = False
        return None
    by_number = {each.get("id"): each for each in found if isinstance(each, dict)}
    if set(by_number) != set(range(len(asked))):
        raise NotANode(url=node.url)
    return [_read(node, by_number[number]) for number in range(len(asked))]


def _exchange(node: Node, asked: Any) -> Any:
    def sent() -> Any:
        text = node.exchange(json.dumps(asked).encode()).decode()
        if too_deep(text):
            raise ValueError("nested too deep")
        found = json.loads(text)
        if not isinstance(found, (dict, list)):
            raise ValueError("no answer of a node")
        return found

    return node.ask(sent)


def _read(node: Node, answer: Any) -> Any:
    if not isinstance(answer, dict):
        raise NotANode(url=node.url)
    answer = usual(answer)
    error = answer.get("error")
    if error is None:
        if "result" not in answer:
            raise NotANode(url=node.url)
        return answer["result"]
    if not isinstance(error, dict):
        return Fault(printable(str(error)))
    data = error.get("data")
    if not (isinstance(data, str) and data.startswith("0x")):
        data = "0x" if error.get("code") == _REVERTED else None
    return Fault(printable(str(error.get("message"))), data)
