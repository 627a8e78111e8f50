# SPDX-License-Identifier: Apache-2.0
"""The least that is needed to deploy contracts and send transactions, with keys that never change."""

import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from eth_account import Account
from eth_account.signers.local import LocalAccount
from web3 import HTTPProvider, Web3

ROOT = Path(__file__).resolve().parent.parent
# Enough for each of the transactions; a transaction is charged what it uses.
GAS_LIMIT = 8_000_000


def fixed(name: str) -> bytes:
    """32 bytes that look random, the same on every run; none is zero, since a zero byte is 12 gas cheaper."""
    return next(drawn for drawn in _draws(name) if 0 not in drawn)


def signer(name: str) -> LocalAccount:
    """An account whose key is the same on every run; no byte of its address is zero."""
    accounts: Iterator[LocalAccount] = (Account.from_key(drawn) for drawn in _draws(f"key of {name}"))
    return next(account for account in accounts if 0 not in bytes.fromhex(account.address[2:]))


def _draws(name: str) -> Iterator[bytes]:
    return (bytes(Web3.keccak(text=f"sceau gas table: {name} {number}")) for number in itertools.count())


class Call(Protocol):
    """A contract call or deployment that web3 has encoded."""

    def build_transaction(self, transaction: Any) -> Any:
        """The transaction's fields."""


class Chain:
    """A node with one funded key, which gives every sender what it needs."""

    def __init__(self, url: str, funder_key: str) -> None:
        self.web3 = Web3(HTTPProvider(url))
        self._funder: LocalAccount = Account.from_key(funder_key)

    def fund(self, *accounts: LocalAccount) -> None:
        """Give each account 100 ether, for the fees of a node that takes fees."""
        for account in accounts:
            self._send(self._funder, {"to": account.address, "value": 100 * 10**18, "gas": 21_000})

    def deploy(self, sender: LocalAccount, abi: Sequence[Any], bytecode: str, *arguments: object) -> Any:
        """The contract of `abi` and `bytecode`, deployed."""
        maker: Any = self.web3.eth.contract(abi=abi, bytecode=Web3.to_hex(hexstr=bytecode))  # type: ignore[arg-type]  # hex is hex
        receipt = self.send(sender, maker.constructor(*arguments))
        return self.web3.eth.contract(address=receipt["contractAddress"], abi=abi)

    def gas(self, sender: LocalAccount, call: Call) -> int:
        """Gas that this call used, its calldata and the 21,000 of a transaction counted."""
        used: int = self.send(sender, call)["gasUsed"]
        return used

    def send(self, sender: LocalAccount, call: Call) -> Any:
        """Receipt of this call; raises RuntimeError when it is reverted."""
        # `build_transaction` asks the node for what it is not given, so all is given.
        return self._send(sender, call.build_transaction(self._fields(sender) | {"gas": GAS_LIMIT}))

    def _send(self, sender: LocalAccount, fields: dict[str, Any]) -> Any:
        signed = sender.sign_transaction(self._fields(sender) | fields)
        receipt = self.web3.eth.wait_for_transaction_receipt(
            self.web3.eth.send_raw_transaction(signed.raw_transaction)
        )
        if receipt["status"] != 1:
            raise RuntimeError(f"transaction {receipt['transactionHash'].to_0x_hex()} was reverted")
        return receipt

    def _fields(self, sender: LocalAccount) -> dict[str, Any]:
        return {
            "from": sender.address,
            "nonce": self.web3.eth.get_transaction_count(sender.address),
            "chainId": self.web3.eth.chain_id,
            "gasPrice": 10 * 10**9,
        }


def artifact(path: Path) -> tuple[list[Any], str]:
    """ABI and creation code of a compiled contract. Raises FileNotFoundError when it is not there."""
    built = json.loads(path.read_text(encoding="utf-8"))
    return built["abi"], built["bytecode"]
