# SPDX-License-Identifier: Apache-2.0
"""What a verdict costs: round trips to the node, and verdicts a second, on a claim that was delivered and invoiced.

A payer knows nothing and its node takes no batches; knows nothing; verifies at a new head; verifies at the same head.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from sceau import Payer
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.disclosure import Disclosure
from sceau.verify.verdict import Outcome
from tests.support.deployed import deploy
from tests.support.life import Life
from tools.ganache import anvil, anvil_program

VERDICTS = 50


@dataclass(frozen=True)
class Figure:
    """One way to verify: what was known, the round trips of a verdict, verdicts a second."""

    known: str
    trips: float
    rate: float


def measure(verdicts: int = VERDICTS) -> Iterator[Figure]:
    """The figures, on an Anvil of its own."""
    with anvil(block_seconds=None) as node:
        life = Life(deploy(node))
        life.authorise()
        life.order()
        life.deliver()
        life.invoice()
        shown = life.disclosure()

        def unknowing(*, batches: bool) -> Iterator[Payer]:
            for _ in range(verdicts):
                yield _payer(life, batches=batches)

        def at_new_heads(payer: Payer) -> Iterator[Payer]:
            for _ in range(verdicts):
                node.request("evm_mine")
                yield payer

        yield _figure("nothing, without batches", unknowing(batches=False), shown)
        yield _figure("nothing", unknowing(batches=True), shown)
        known = _payer(life, batches=True)
        known.verify(shown)
        yield _figure("the claim, at a new head", at_new_heads(known), shown)
        yield _figure("the claim, at the same head", [known] * verdicts, shown)


def _payer(life: Life, *, batches: bool) -> Payer:
    node = Node(life.chain.url)
    node.takes_batches = batches
    network = Network(node, life.chain.network.manifest)
    return Payer(
        network,
        life.chain.signers["payer"],
        party=life.payer.party,
        store=life.payer.store,
        mailbox=life.mailboxes["payer"],
    )


def _figure(known: str, payers: Iterable[Payer], shown: Disclosure) -> Figure:
    trips, seconds, verdicts = 0, 0.0, 0
    for payer in payers:
        provider: Any = payer._network.node.web3.provider
        exchange, asked = provider.exchange, 0

        def counted(body: bytes, exchange: Callable[[bytes], bytes] = exchange) -> bytes:
            nonlocal asked
            asked += 1
            return exchange(body)

        provider.exchange = counted
        began = time.perf_counter()
        verdict = payer.verify(shown)
        seconds += time.perf_counter() - began
        provider.exchange = exchange
        if verdict.outcome is not Outcome.ACCEPTED:
            raise RuntimeError("another claim was verified")
        trips, verdicts = trips + asked, verdicts + 1
    return Figure(known, trips / verdicts, verdicts / seconds)


def main() -> int:
    """Prints the table; nothing is compared."""
    console = Console()
    if anvil_program() is None:
        console.print("Verifying: Anvil is not installed here.")
        return 0
    table = Table(title="A payer's verdict")
    for column in ("known before", "round trips", "verdicts a second", "ratio"):
        table.add_column(column, justify="left" if column == "known before" else "right")
    first: float | None = None
    for figure in measure():
        first = first or figure.rate
        table.add_row(figure.known, f"{figure.trips:.0f}", f"{figure.rate:.1f}", f"{figure.rate / first:.2f}")
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
