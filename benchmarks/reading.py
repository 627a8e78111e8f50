# SPDX-License-Identifier: Apache-2.0
"""What reading one claim costs on a chain of 10², 10⁴ and 10⁶ blocks, behind a node that takes 5,000 blocks a question.

The claim was ordered, delivered and invoiced soon after the deployment, and nothing was written since. It is read
by somebody who knows nothing of it, by somebody with a message of that time, and by somebody who read it before.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from sceau.claim.history import read_history
from sceau.claim.known import remember_blocks, remember_time
from sceau.terms import Step
from tests.support.deployed import deploy
from tests.support.life import Life
from tests.support.limited_node import Limit, limited
from tools.ganache import Node, anvil, anvil_program

LENGTHS = (10**2, 10**4, 10**6)
LIMIT = 5_000

# A node makes about 15,000 blocks a second; more at once than it makes within the time limit of one request fails.
_AT_ONCE = 20_000


@dataclass(frozen=True)
class Figure:
    """One reading: what was known before, the length of the chain, the requests (of them for logs), the seconds."""

    known: str
    blocks: int
    requests: int
    logs: int
    refused: int
    seconds: float


def measure(lengths: tuple[int, ...] = LENGTHS) -> Iterator[Figure]:
    """The figures for each length of chain, in order, on an Anvil of its own."""
    with anvil(block_seconds=None, began=int(time.time()) - max(lengths) - 1_000) as node:
        chain = deploy(node)
        life = Life(chain)
        life.authorise()
        life.order()
        life.deliver()
        life.invoice()
        steps = life.practice.history(life.claim).steps
        opened = next(step for step in steps if step.step is Step.OPEN)
        for length in lengths:
            _grow(node, length)
            for known in ("nothing", "a message of that time", "where it stands"):
                limit = Limit(blocks=LIMIT)
                with limited(chain.url, chain.network.manifest, limit) as network:
                    if known == "a message of that time":
                        remember_time(network, life.claim, opened.time + 300)
                    if known == "where it stands":
                        remember_blocks(network, life.claim, [step.block for step in steps])
                    head = network.node.head().number
                    limit.clear()
                    began = time.perf_counter()
                    read = read_history(network, life.claim, block=head)
                    seconds = time.perf_counter() - began
                if read.steps != steps:
                    raise RuntimeError("another claim was read")
                yield Figure(known, head, len(limit.methods), len(limit.asked), limit.refused, seconds)


def _grow(node: Node, blocks: int) -> None:
    missing = blocks - int(str(node.request("eth_blockNumber")), 16)
    while missing > 0:
        node.request("anvil_mine", hex(min(missing, _AT_ONCE)), hex(1))
        missing -= _AT_ONCE


def main() -> int:
    """Prints the table; nothing is compared."""
    console = Console()
    if anvil_program() is None:
        console.print("Reading a claim: Anvil is not installed here, so that no long chain can be made.")
        return 0
    table = Table(title=f"Reading one claim behind a limit of {LIMIT:,} blocks a question")
    for column in ("blocks", "known before", "requests", "for logs", "refused", "seconds"):
        table.add_column(column, justify="left" if column == "known before" else "right")
    for figure in measure():
        table.add_row(
            f"{figure.blocks:,}",
            figure.known,
            f"{figure.requests:,}",
            f"{figure.logs:,}",
            f"{figure.refused:,}",
            f"{figure.seconds:.2f}",
        )
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
