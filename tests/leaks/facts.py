# SPDX-License-Identifier: Apache-2.0
"""A dump told as a list of named facts, by the contracts' ABIs, so that two dumps can be laid side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sceau.chain.abis import CONTRACTS, ContractName, abi, error_entries
from tests.leaks.dump import Dump
from tests.leaks.play import GAS, Play
from tests.leaks.stories import read_data

Fact = tuple[str, object]
"""A name, which is the same for all facts of a kind (``ClaimRegistry.open: payer``), and a value."""

#: What each slot of a claim, of a consent holds: of the struct in the contract's mapping.
_SLOTS = read_data("public")["storage"]
_PLACES_TRIED = 16


class Telling:
    """Tells the facts of one play's dump."""

    def __init__(self, play: Play, dump: Dump) -> None:
        self._dump = dump
        contracts = play.network.manifest.contracts
        self._names: Mapping[str, ContractName] = {e.address.lower(): name for name, e in contracts.items()}
        self._slots = _named_slots(play, dump)

    def facts(self) -> Iterator[Fact]:
        """All facts, in the order of the chain."""
        for name, code in self._dump.code.items():
            yield f"code of {name}", code
        for block in self._dump.blocks:
            yield from self._block(block)
        for snapshot in self._dump.storage:
            for name, slots in snapshot.items():
                yield from self._storage(name, slots)
        for request, answer in self._dump.traffic:
            yield from self._traffic(request, answer)

    def _block(self, block: dict[str, Any]) -> Iterator[Fact]:
        for name, value in block.items():
            if name not in ("transactions", "withdrawals", "uncles"):
                yield f"block: {name}", value
        yield "block: number of transactions", len(block["transactions"])
        for transaction in block["transactions"]:
            yield from self._transaction(transaction)
            yield from self._receipt(transaction, self._dump.receipts[transaction["hash"]])

    def _transaction(self, transaction: dict[str, Any]) -> Iterator[Fact]:
        calldata = bytes.fromhex(transaction["input"][2:])
        for name, value in transaction.items():
            if name not in ("input", "gas"):
                yield f"transaction: {name}", value
        yield "transaction: length of calldata", len(calldata)
        yield "transaction: gas allowed beside calldata", _allowed(int(transaction["gas"], 16), calldata)
        yield from self._call("transaction", transaction["to"], calldata)

    def _receipt(self, transaction: dict[str, Any], receipt: dict[str, Any]) -> Iterator[Fact]:
        calldata = bytes.fromhex(transaction["input"][2:])
        for name, value in receipt.items():
            if name not in ("logs", "gasUsed", "cumulativeGasUsed"):
                yield f"receipt: {name}", value
        # Zero bytes of calldata cost 4, others 16: random words have more or fewer of them. All else must be equal.
        yield "receipt: gas used beside calldata", int(receipt["gasUsed"], 16) - price(calldata)
        yield "receipt: number of logs", len(receipt["logs"])
        for log in receipt["logs"]:
            yield from self._log(log)
        if transaction["hash"] in self._dump.reverts:
            yield from revert("revert", self._dump.reverts[transaction["hash"]])

    def _log(self, log: dict[str, Any]) -> Iterator[Fact]:
        contract = self._names[log["address"].lower()]
        entry = _events(contract)[log["topics"][0]]
        yield "log: event", f"{contract}.{entry['name']}"
        yield "log: topics, length of data", (len(log["topics"]), len(log["data"]))
        for name in ("address", "logIndex", "removed", "transactionIndex"):
            yield f"log: {name}", log[name]
        named = f"{contract}.{entry['name']}"
        indexed = [each for each in entry["inputs"] if each["indexed"]]
        for each, topic in zip(indexed, log["topics"][1:], strict=True):
            yield from _values(named, [each], bytes.fromhex(topic[2:]))
        others = [each for each in entry["inputs"] if not each["indexed"]]
        yield from _values(named, others, bytes.fromhex(log["data"][2:]))

    def _call(self, kind: str, to: str | None, calldata: bytes) -> Iterator[Fact]:
        contract = self._names.get((to or "").lower())
        entry = None if contract is None else _functions(contract).get(calldata[:4])
        if contract is None or entry is None:
            yield f"{kind}: calldata", calldata
            return
        named = f"{contract}.{entry['name']}"
        yield f"{kind}: function", named
        yield from _values(named, entry["inputs"], calldata[4:])

    def _storage(self, contract: str, slots: Mapping[str, str]) -> Iterator[Fact]:
        yield f"storage of {contract}: number of slots", len(slots)
        named = {self._slots.get(slot, (contract, slot, slot)): word for slot, word in slots.items()}
        for (kind, whose, name), word in sorted(named.items()):
            yield f"storage of {kind}: which", (whose, name)
            yield f"storage of {kind}: {name if whose != name else 'slot'}", word

    def _traffic(self, request: Any, answer: Any) -> Iterator[Fact]:
        """What the client asked a node: the method, the calldata, and how a refused call was answered.

        Of several questions in one request each is told.
        """
        if isinstance(request, list):
            answers = {each["id"]: each for each in answer}
            for each in request:
                yield from self._traffic(each, answers[each["id"]])
            return
        yield "request: method", request["method"]
        if request["method"] in ("eth_call", "eth_estimateGas"):
            call = request["params"][0]
            yield from self._call("request", call.get("to"), bytes.fromhex(call.get("data", "0x")[2:]))
        error = answer.get("error")
        yield "request: refused", error is not None
        if error is not None:
            data = error.get("data")
            yield from revert("revert", data if isinstance(data, str) else (data or {}).get("result", "0x"))


def revert(kind: str, data: str) -> Iterator[Fact]:
    """What a refused call returned."""
    yield f"{kind}: length", len(data)
    entry = error_entries().get(data[:10])
    yield f"{kind}: error", data if entry is None else entry["name"]
    if entry is not None:
        yield from _values(entry["name"], entry["inputs"], bytes.fromhex(data[10:]))


def price(calldata: bytes) -> int:
    """Gas that calldata costs by itself (EIP-2028)."""
    zeros = calldata.count(0)
    return 4 * zeros + 16 * (len(calldata) - zeros)


def _allowed(gas: int, calldata: bytes) -> int:
    """The gas limit without what calldata has to do with it: the client adds 20 % to the node's estimate."""
    if gas == GAS:
        return gas
    for estimate in range(gas * 5 // 6 - 2, gas):
        if estimate + estimate * 20 // 100 == gas:
            return estimate - price(calldata)
    raise AssertionError(
        "no estimate with 20 % more gives this gas limit: does the client add another margin?"
    )


def _values(named: str, inputs: list[dict[str, Any]], data: bytes) -> Iterator[Fact]:
    from eth_abi.abi import decode

    types = [_type(each) for each in inputs]
    for each, value in zip(inputs, decode(types, data), strict=True):
        yield from _flat(f"{named}: {each['name']}", value)


def _flat(name: str, value: Any) -> Iterator[Fact]:
    if isinstance(value, (list, tuple)):
        yield f"{name}, how many", len(value)
        for inner in value:
            yield from _flat(name, inner)
    else:
        yield name, value


def _type(entry: dict[str, Any]) -> str:
    if not entry["type"].startswith("tuple"):
        return str(entry["type"])
    inner = ",".join(_type(each) for each in entry["components"])
    return f"({inner}){entry['type'].removeprefix('tuple')}"


def _signature(entry: dict[str, Any]) -> bytes:
    from eth_utils.crypto import keccak

    return keccak(text=f"{entry['name']}({','.join(_type(each) for each in entry['inputs'])})")


@cache
def _functions(contract: ContractName) -> dict[bytes, dict[str, Any]]:
    return {_signature(entry)[:4]: entry for entry in abi(contract) if entry["type"] == "function"}


@cache
def _events(contract: ContractName) -> dict[str, dict[str, Any]]:
    return {"0x" + _signature(entry).hex(): entry for entry in abi(contract) if entry["type"] == "event"}


def _named_slots(play: Play, dump: Dump) -> dict[str, tuple[str, str, str]]:
    """The slots of claims and consents, by claim and consent: a consent's identifier follows from its commitment."""
    from eth_utils.crypto import keccak

    named: dict[str, tuple[str, str, str]] = {}
    for kind, identifiers in (("ClaimRegistry", play.claims), ("ConsentRegistry", play.consents)):
        assert kind in CONTRACTS
        used = set(dump.storage[-1][kind])
        for whose, identifier in identifiers.items():
            for place in range(_PLACES_TRIED):
                first = int.from_bytes(
                    keccak(bytes.fromhex(identifier[2:]) + place.to_bytes(32, "big")), "big"
                )
                if f"0x{first:064x}" in used:
                    named |= {
                        f"0x{first + n:064x}": (kind, whose, name) for n, name in enumerate(_SLOTS[kind])
                    }
    return named
