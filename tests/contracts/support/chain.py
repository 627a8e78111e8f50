# SPDX-License-Identifier: Apache-2.0
"""Speak to a development chain, an Anvil or a Ganache: real transactions in blocks whose time the test chooses.

Brownie's own transactions take a trace for every revert and leave the block's time to the clock; a thousand
refusals, and a consent that ends at midnight, need neither.
"""

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from eth_abi import decode, encode
from eth_utils import keccak, to_checksum_address

BLOCK_GAS = 30_000_000
GAS = BLOCK_GAS // 5
GAS_PRICE = 10**10  # the node takes the higher first: a little more for the earlier in a block
BALANCE = hex(10**24)

Abi = Sequence[dict[str, Any]]


class Provider(Protocol):
    """What the node is spoken to through: web3's, or a `Wire`."""

    def make_request(self, method: str, params: Any) -> Any: ...

    def make_batch_request(self, batch: list[tuple[str, Any]]) -> Any: ...


class RevertedUnexpectedly(AssertionError):
    """A transaction that the test counts on was refused."""


@dataclass(frozen=True)
class Refused:
    """A custom error with its arguments, in their order."""

    name: str
    args: tuple[Any, ...] = ()


def refused(name: str, *args: object) -> Refused:
    return Refused(name, args)


@dataclass(frozen=True)
class Event:
    """A log, with the name of the contract that emitted it."""

    contract: str
    name: str
    args: dict[str, Any]


@dataclass(frozen=True)
class Receipt:
    time: int
    block: int
    events: tuple[Event, ...]
    gas: int

    @property
    def event(self) -> Event:
        """The only event; a second one is an error."""
        (only,) = self.events
        return only


@dataclass(frozen=True)
class Call:
    """A function of a contract with its arguments."""

    contract: "Contract"
    function: str
    args: tuple[Any, ...]

    @property
    def data(self) -> str:
        entry = self.contract.function(self.function)
        return "0x" + (selector(entry) + encode(types(entry["inputs"]), self.args)).hex()


class Contract:
    """A deployed contract. `contract.f(a, b)` is a Call, not yet sent."""

    def __init__(self, name: str, address: str, abi: Abi) -> None:
        self.name, self.address, self.abi = name, to_checksum_address(address), abi
        self._functions = {entry["name"]: entry for entry in abi if entry["type"] == "function"}
        self.events = {selector_hash(entry): entry for entry in abi if entry["type"] == "event"}

    def function(self, name: str) -> dict[str, Any]:
        return self._functions[name]

    def functions(self) -> list[str]:
        """Signatures of all external functions, two of one name too, and `fallback` or `receive` where there is one."""
        unnamed = sorted(entry["type"] for entry in self.abi if entry["type"] in ("fallback", "receive"))
        return sorted(signature(entry) for entry in self.abi if entry["type"] == "function") + unnamed

    def __getattr__(self, name: str) -> Callable[..., Call]:
        if name.startswith("_") or name not in self._functions:
            raise AttributeError(name)
        return lambda *args: Call(self, name, args)


class Chain:
    """The node, the contracts known on it, and its clock. No block is mined but by the functions below."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._send_request = provider.make_request
        self._contracts: dict[str, Contract] = {}
        self._errors: dict[bytes, dict[str, Any]] = {}
        self._anvil = str(self.request("web3_clientVersion")).startswith("anvil")
        self.request("evm_setAutomine", False) if self._anvil else self.request("miner_stop")

    def request(self, method: str, *params: object) -> Any:
        answer = self._send_request(method, list(params))
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message'][:300]}")
        return answer["result"]

    # -- accounts and contracts

    def fund(self, address: str) -> None:
        """Let the node send for this address, and give it ether."""
        if self._anvil:
            self.request("anvil_impersonateAccount", address)
            self.request("anvil_setBalance", address, BALANCE)
            return
        self.request("evm_addAccount", address, "")
        self.request("personal_unlockAccount", address, "", 0)
        self.request("evm_setAccountBalance", address, BALANCE)

    def set_code(self, address: str, code: str) -> None:
        """Put code (hex) at an address, in the place of what is there."""
        self.request("anvil_setCode" if self._anvil else "evm_setAccountCode", address, code)

    def deploy(self, name: str, creation: str, abi: Abi, by: str) -> Contract:
        """Deploy a contract from its creation code with its arguments (hex)."""
        tx_hash = self.request("eth_sendTransaction", {"from": by, "data": creation, "gas": hex(GAS)})
        self.mine_at(self.now + 1)
        receipt = self.request("eth_getTransactionReceipt", tx_hash)
        assert receipt["status"] == "0x1", f"{name} was not deployed"
        return self.know(name, receipt["contractAddress"], abi)

    def know(self, name: str, address: str, abi: Abi) -> Contract:
        contract = Contract(name, address, abi)
        self._contracts[contract.address] = contract
        self._errors.update({selector(entry): entry for entry in abi if entry["type"] == "error"})
        return contract

    # -- time

    @property
    def now(self) -> int:
        """Time of the last block."""
        return int(self.request("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def sleep(self, seconds: int) -> int:
        """A block that many seconds after the last; returns its time."""
        return self.mine_at(self.now + seconds)

    def mine_at(self, time: int) -> int:
        self.request("evm_mine", hex(time))
        return time

    def snapshot(self) -> str:
        return str(self.request("evm_snapshot"))

    def revert(self, snapshot: str) -> None:
        assert self.request("evm_revert", snapshot)

    # -- reading

    def read(self, call: Call) -> Any:
        return self._value(call, self._send_request("eth_call", self._question(call, None)))

    def read_all(self, reader: Contract, calls: Sequence[Call]) -> list[Any]:
        """Values of many calls, made by a `Reader`: the node answers one question sooner than a hundred."""
        questions = [bytes.fromhex(call.data[2:]) for call in calls]
        asked = reader.readAll([call.contract.address for call in calls], questions)
        answer = self._send_request("eth_call", self._question(asked, None, BLOCK_GAS))
        answers = self._value(asked, answer)
        return [self._decoded(call, each) for call, each in zip(calls, answers, strict=True)]

    def ask(self, call: Call, by: str | None) -> Any:
        """What the call would answer to this sender at the last block: its value, or Refused."""
        return self._answer(call, self._send_request("eth_call", self._question(call, by)))

    def ask_each(self, call: Call, senders: Sequence[str]) -> list[Any]:
        """What the call would answer to each of these senders."""
        batch = [("eth_call", self._question(call, by)) for by in senders]
        return [self._answer(call, answer) for answer in self._provider.make_batch_request(batch)]

    @staticmethod
    def _question(call: Call, by: str | None, gas: int = GAS) -> list[Any]:
        params: dict[str, Any] = {"to": call.contract.address, "data": call.data, "gas": hex(gas)}
        if by:
            params["from"] = by
        return [params, "latest"]

    def _answer(self, call: Call, answer: dict[str, Any]) -> Any:
        if "error" in answer:
            return self._refusal(answer["error"])
        return self._decoded(call, bytes.fromhex(answer["result"][2:]))

    def _value(self, call: Call, answer: dict[str, Any]) -> Any:
        value = self._answer(call, answer)
        if isinstance(value, Refused):
            raise RevertedUnexpectedly(f"{call.contract.name}.{call.function}: {value}")
        return value

    @staticmethod
    def _decoded(call: Call, answer: bytes) -> Any:
        outputs = call.contract.function(call.function)["outputs"]
        values = decode(types(outputs), answer)
        plain = tuple(_plain(output, value) for output, value in zip(outputs, values, strict=True))
        return plain[0] if len(plain) == 1 else plain

    def storage(self, contract: Contract, slot: int) -> bytes:
        """A storage word, whatever its value."""
        word = self.request("eth_getStorageAt", contract.address, hex(slot), "latest")
        return bytes.fromhex(word[2:].rjust(64, "0"))

    def all_storage(self, contract: Contract) -> dict[str, str]:
        """Every storage word of a contract that is not zero, by its slot or the hash of it, as the node knows it."""
        if self._anvil:
            state = json.loads(gzip.decompress(bytes.fromhex(self.request("anvil_dumpState")[2:])))
            words = state["accounts"][contract.address.lower()]["storage"]
            return {slot: word for slot, word in words.items() if int(word, 16)}
        anyone = self.request("eth_accounts")[0]
        self.request("eth_sendTransaction", {"from": anyone, "to": anyone})
        self.mine_at(self.now + 1)
        # Ganache shows the storage as it was before a transaction, so one follows that does nothing.
        block = self.request("eth_getBlockByNumber", "latest", False)["hash"]
        found = self.request("debug_storageRangeAt", block, 0, contract.address, "0x00", 1_000_000)
        assert found["nextKey"] is None
        return {slot: entry["value"] for slot, entry in found["storage"].items()}

    def logs(self, contract: Contract, *topics: bytes | None) -> list[tuple[int, Event]]:
        """All logs of a contract with these topics, in their order, with their block's time."""
        wanted = [None if topic is None else "0x" + topic.hex() for topic in topics]
        found = self.request(
            "eth_getLogs", {"address": contract.address, "fromBlock": "0x0", "topics": wanted}
        )
        blocks = sorted({int(log["blockNumber"], 16) for log in found})
        times = dict(zip(blocks, self._times_of(blocks), strict=True))
        return [(times[int(log["blockNumber"], 16)], self._event(log)) for log in found]

    def time_of(self, block: int) -> int:
        return int(self.request("eth_getBlockByNumber", hex(block), False)["timestamp"], 16)

    def _times_of(self, blocks: Sequence[int]) -> list[int]:
        batch = [("eth_getBlockByNumber", [hex(block), False]) for block in blocks]
        answers = self._provider.make_batch_request(batch) if batch else []
        return [int(answer["result"]["timestamp"], 16) for answer in answers]

    # -- writing

    def attempt(self, call: Call, by: str, at: int | None = None) -> Receipt | Refused:
        """Mine a transaction, alone in a block at `at` (a second after the last); its receipt, or Refused."""
        (outcome,) = self.in_one_block([(call, by)], at)
        return outcome

    def in_one_block(
        self, calls: Sequence[tuple[Call, str]], at: int | None = None
    ) -> list[Receipt | Refused]:
        """Mine transactions in one block, in their order. A refusal's error is that after the whole block."""
        time = self.now + 1 if at is None else at
        gas = min(GAS, BLOCK_GAS // len(calls))
        hashes = [
            self._submit(call, by, gas, GAS_PRICE + len(calls) - place)
            for place, (call, by) in enumerate(calls)
        ]
        # A Ganache as Brownie wants it answers a mined revert with an error; the receipts tell all the same.
        self._send_request("evm_mine", [hex(time)])
        return [
            self._outcome(tx_hash, place, call, by, time)
            for place, (tx_hash, (call, by)) in enumerate(zip(hashes, calls, strict=True))
        ]

    def send(self, call: Call, by: str, at: int | None = None) -> Receipt:
        """Mine a transaction that must succeed."""
        outcome = self.attempt(call, by, at)
        if isinstance(outcome, Refused):
            raise RevertedUnexpectedly(f"{call.contract.name}.{call.function}: {outcome}")
        return outcome

    def refusal(self, call: Call, by: str, at: int | None = None) -> Refused:
        """Mine a transaction that must be refused; its error."""
        outcome = self.attempt(call, by, at)
        assert isinstance(outcome, Refused), f"{call.contract.name}.{call.function} was accepted"
        return outcome

    def _submit(self, call: Call, by: str, gas: int, price: int) -> str:
        params = {"from": by, "to": call.contract.address, "data": call.data}
        params |= {"gas": hex(gas), "gasPrice": hex(price)}
        return str(self.request("eth_sendTransaction", params))

    def _outcome(self, tx_hash: str, place: int, call: Call, by: str, time: int) -> Receipt | Refused:
        receipt = self.request("eth_getTransactionReceipt", tx_hash)
        assert receipt, "the transaction was not mined"
        assert int(receipt["transactionIndex"], 16) == place
        if receipt["status"] == "0x1":
            events = tuple(self._event(log) for log in receipt["logs"])
            return Receipt(time, int(receipt["blockNumber"], 16), events, int(receipt["gasUsed"], 16))
        assert not receipt["logs"]
        # The refused transaction changed nothing: asked again at its own block, it says why.
        answer = self.ask(call, by)
        assert isinstance(answer, Refused), f"{call.contract.name}.{call.function}: no reason to be found"
        return answer

    def _refusal(self, error: dict[str, Any]) -> Refused:
        data = bytes.fromhex((error.get("data") or "0x")[2:])
        entry = self._errors.get(data[:4])
        if entry is None:
            return Refused("no custom error", (data, error["message"]))
        values = decode(types(entry["inputs"]), data[4:])
        inputs = entry["inputs"]
        return Refused(
            entry["name"], tuple(_plain(part, value) for part, value in zip(inputs, values, strict=True))
        )

    def _event(self, log: dict[str, Any]) -> Event:
        contract = self._contracts[to_checksum_address(log["address"])]
        topics = [bytes.fromhex(topic[2:]) for topic in log["topics"]]
        entry = contract.events[topics[0]]
        indexed = [part for part in entry["inputs"] if part["indexed"]]
        rest = [part for part in entry["inputs"] if not part["indexed"]]
        args = {
            part["name"]: _plain(part, decode([abi_type(part)], topic)[0])
            for part, topic in zip(indexed, topics[1:], strict=True)
        }
        values = decode(types(rest), bytes.fromhex(log["data"][2:]))
        args |= {part["name"]: _plain(part, value) for part, value in zip(rest, values, strict=True)}
        return Event(contract.name, entry["name"], args)


def abi_type(part: dict[str, Any]) -> str:
    kind = str(part["type"])
    if not kind.startswith("tuple"):
        return kind
    return "(" + ",".join(types(part["components"])) + ")" + kind[len("tuple") :]


def types(parts: Sequence[dict[str, Any]]) -> list[str]:
    return [abi_type(part) for part in parts]


def signature(entry: dict[str, Any]) -> str:
    return f"{entry['name']}({','.join(types(entry['inputs']))})"


def selector_hash(entry: dict[str, Any]) -> bytes:
    return _hash(signature(entry))


def selector(entry: dict[str, Any]) -> bytes:
    return selector_hash(entry)[:4]


@cache
def _hash(text: str) -> bytes:
    return bytes(keccak(text=text))


def _plain(part: dict[str, Any], value: Any) -> Any:
    if part["type"] == "address":
        return to_checksum_address(value)
    if part["type"] == "address[]":
        return tuple(to_checksum_address(address) for address in value)
    if part["type"] == "tuple":
        return tuple(
            _plain(component, item) for component, item in zip(part["components"], value, strict=True)
        )
    return value
