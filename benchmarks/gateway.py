# SPDX-License-Identifier: Apache-2.0
"""What the gateway adds: the same asked of a practice through HTTP and through its Python role, in one run.

`python -m benchmarks.gateway [CLAIMS]`: claims opened with a quote one after another, each stored, signed and handed to
a node that mines at once; the claims listed; the processor and the memory of the gateway's process.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sceau import Practice, load_quote
from sceau.record.values import RecordValues
from scripts.documents import document
from tests.client.cli.offices import publish
from tests.client.gateway.running import House, address_of, ended
from tests.client.gateway.running import Http as Client
from tests.support.deployed import deploy
from tools.ganache import quick_node

CLAIMS = 50
_TICKS = os.sysconf("SC_CLK_TCK")


def quote(number: str) -> dict[str, Any]:
    """A quote of its own."""
    return {**load_quote(document("quote")), "pec.number": number}


def timed(count: int, ask: Callable[[int], object]) -> list[float]:
    """Milliseconds that each took."""
    taken = []
    for number in range(count):
        began = time.perf_counter()
        ask(number)
        taken.append((time.perf_counter() - began) * 1_000)
    return taken


def processor(process: int) -> float:
    """Seconds of the processor that a process took."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory(process: int) -> float:
    """Megabytes that a process holds."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1_000 for line in lines if line.startswith("VmRSS"))


def tell(what: str, python: list[float], http: list[float]) -> None:
    """Prints both, and what the one adds to the other."""
    one, other = statistics.median(python), statistics.median(http)
    print(
        f"{what:<16} {1_000 * len(python) / sum(python):>7,.0f}/s {1_000 * len(http) / sum(http):>7,.0f}/s"
        f"   median {one:6.1f} ms {other:6.1f} ms, {other - one:+.1f} ms"
    )


def main(arguments: list[str]) -> None:
    """Prints the figures."""
    claims = int(arguments[0]) if arguments else CLAIMS
    with quick_node() as node, TemporaryDirectory() as folder:
        chain = deploy(node)
        published, payer = publish(chain), chain.party("payer")
        exchange = Path(folder) / "exchange"
        exchange.mkdir()
        alone = House(Path(folder) / "alone", chain, "practice", published, exchange)
        served = House(Path(folder) / "served", chain, "practice", published, exchange)
        served.write(
            "requests_per_minute = 100000\n"
            + served.file.read_text().replace("_seconds = 1", "_seconds = 3600")
        )
        with ended(served.start()) as process:
            shop = Client(address_of(process), served.token)
            shop.get("/outbox")
            at_rest = memory(process.pid)
            print(f"{'':<16} {'Python':>9} {'HTTP':>9}")
            with Practice.open(alone.folder / "sceau.toml") as practice:

                def opened(number: int) -> None:
                    practice.open_claim("fr-optical-quote", quote(f"P{number}"), payer=payer)

                def posted(number: int) -> None:
                    values = RecordValues("fr-optical-quote/1", quote(f"H{number}")).to_json()
                    shop.done("/quotes", {"quote": values, "payer": payer})

                opened(claims)
                posted(claims)
                python = timed(claims, opened)
                before = processor(process.pid)
                http = timed(claims, posted)
                spent = (processor(process.pid) - before) / claims
                tell("claims opened", python, http)
                practice.sync()
                tell(
                    "claims listed",
                    timed(claims, lambda _: json.dumps([each.to_json() for each in practice.claims()])),
                    timed(claims, lambda _: shop.get("/claims")),
                )
            print(
                f"the gateway's process: {spent * 1_000:.0f} ms of processor a claim opened, "
                f"{at_rest:.0f} MB at rest, {memory(process.pid):.0f} MB afterwards"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
