# SPDX-License-Identifier: Apache-2.0
"""Everything that a node holds of a chain, and everything that was said to it and by it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from tests.leaks.play import Play
from tools.ganache import Node

#: More slots than any contract of a play has.
_SLOTS = 100_000
_NO_TRACE = {"disableMemory": True, "disableStack": True, "disableStorage": True}


@dataclass(repr=False)
class Dump:
    """What a node gives of a chain.

    ``blocks`` with their transactions, ``receipts`` by transaction with their logs, ``code`` and ``storage`` (slot to
    word, before each transaction and at the end) by contract name, ``reverts``: what each refused transaction returned,
    ``traces``: memory, stack and returned data of one transaction for each function, ``traffic``: every request of
    the client with its answer, refused calls and estimates included.
    """

    blocks: list[dict[str, Any]] = field(default_factory=list)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    code: dict[str, str] = field(default_factory=dict)
    storage: list[dict[str, dict[str, str]]] = field(default_factory=list)
    reverts: dict[str, str] = field(default_factory=dict)
    traces: list[dict[str, Any]] = field(default_factory=list)
    traffic: list[tuple[Any, Any]] = field(default_factory=list)

    def pieces(self) -> Iterator[tuple[str, bytes]]:
        """Every value of the dump, as bytes, with the place where it stands."""
        for name, part in vars(self).items():
            yield from _leaves(name, part)

    @property
    def transactions(self) -> list[dict[str, Any]]:
        """All transactions in their order."""
        return [transaction for block in self.blocks for transaction in block["transactions"]]


@contextmanager
def recorded() -> Iterator[list[tuple[Any, Any]]]:
    """Inside, every HTTP request that this process's client makes is kept with its answer."""
    from requests.adapters import HTTPAdapter
    from urllib3.response import HTTPResponse

    traffic: list[tuple[Any, Any]] = []
    send = HTTPAdapter.send

    def recording(adapter: HTTPAdapter, request: Any, **named: Any) -> Any:
        answer = send(adapter, request, **named)
        asked, answered = json.loads(request.body), json.loads(answer.content)
        if isinstance(asked, list):
            # Several requests in one: their answers come in any order.
            by_id = {each["id"]: each for each in answered}
            traffic.extend((each, by_id[each["id"]]) for each in asked)
        else:
            traffic.append((asked, answered))
        # Its client reads the answer as it comes, and so once more.
        answer.raw = HTTPResponse(
            io.BytesIO(answer.content), status=answer.status_code, preload_content=False
        )
        return answer

    with mock.patch.object(HTTPAdapter, "send", recording):
        yield traffic


def take(play: Play, traffic: list[tuple[Any, Any]]) -> Dump:
    """Dumps the chain of a play."""
    node = play.chain.test_node
    # Ganache shows a contract's whole storage as it was before a transaction: one more, and the end is shown too.
    play.chain.fund(play.chain.admin.address, 0)
    dump = Dump(traffic=list(traffic))
    contracts = {name: entry.address for name, entry in play.network.manifest.contracts.items()}
    dump.code = {name: str(node.request("eth_getCode", at, "latest")) for name, at in contracts.items()}
    head = int(str(node.request("eth_blockNumber")), 16)
    for number in range(head + 1):
        block: Any = node.request("eth_getBlockByNumber", hex(number), True)
        dump.blocks.append(block)
        for transaction in block["transactions"]:
            _take_transaction(node, dump, transaction)
        if block["transactions"]:
            dump.storage.append({name: storage(node, block, at) for name, at in contracts.items()})
    return dump


def _take_transaction(node: Node, dump: Dump, transaction: dict[str, Any]) -> None:
    hash_ = transaction["hash"]
    receipt: Any = node.request("eth_getTransactionReceipt", hash_)
    dump.receipts[hash_] = receipt
    if receipt["status"] == "0x0":
        trace: Any = node.request("debug_traceTransaction", hash_, _NO_TRACE)
        dump.reverts[hash_] = "0x" + trace["returnValue"]
    call = {"to": transaction["to"], "function": transaction["input"][:10], "status": receipt["status"]}
    if call["to"] and len(transaction["input"]) > 2 and not any(t["call"] == call for t in dump.traces):
        dump.traces.append(_trace(node, hash_, call))


def _trace(node: Node, hash_: str, call: dict[str, Any]) -> dict[str, Any]:
    """Every word that memory and stack hold while a transaction runs, and what it returns.

    Words of up to four bytes are places in the code, lengths and offsets.
    """
    trace: Any = node.request("debug_traceTransaction", hash_, {})
    words: dict[str, None] = {}
    for step in trace["structLogs"]:
        words.update(dict.fromkeys(step["stack"]))
        words.update(dict.fromkeys(step["memory"]))
    return {
        "call": call,
        "returned": "0x" + trace["returnValue"],
        "words": ["0x" + w for w in words if int(w, 16) >> 32],
    }


def storage(node: Node, block: dict[str, Any], address: str) -> dict[str, str]:
    """Every slot of a contract that is not zero before a block's one transaction, slot to word."""
    if node.request("eth_getCode", address, hex(int(block["number"], 16) - 1)) == "0x":
        return {}
    given: Any = node.request("debug_storageRangeAt", block["hash"], 0, address, "0x00", _SLOTS)
    assert given["nextKey"] is None, "the contract has more slots than were asked for"
    return {slot["key"]: slot["value"] for slot in given["storage"].values()}


def _leaves(place: str, value: Any) -> Iterator[tuple[str, bytes]]:
    if isinstance(value, dict):
        for number, (key, inner) in enumerate(value.items()):
            named = str(key)
            if named.startswith("0x"):
                yield place, as_bytes(named)
                named = str(number)  # two dumps are compared by place
            yield from _leaves(f"{place} / {named}", inner)
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value):
            yield from _leaves(place if isinstance(inner, str) else f"{place} / {number}", inner)
    elif isinstance(value, str):
        yield place, as_bytes(value)


def as_bytes(text: str) -> bytes:
    """The bytes that ``0x`` hex stands for; of any other text, its UTF-8."""
    if text.startswith("0x"):
        digits = text[2:]
        try:
            return bytes.fromhex(digits if len(digits) % 2 == 0 else f"0{digits}")
        except ValueError:
            pass
    return text.encode()
