# SPDX-License-Identifier: Apache-2.0
"""What proofs cost: a proved verdict beside a believed one, proofs of large states, headers, and changed validators.

- Verdicts: requests, bytes of both directions, and the reader's own processor time. The node that seals runs beside it
  and is not counted, so there is no rate by the clock.
- States: bytes of a branch in a trie of many keys, reckoned by how many nodes random keys make; the `trie` library
  builds the smaller ones, and the two are printed beside each other.
- Headers: milliseconds to read one, with the seals of a quorum.
- Changes: headers that are asked for to reach today's block, after so many changes of four validators, a thousand
  blocks apart.

`python -m benchmarks.proving [CLAIMS]`
"""

from __future__ import annotations

import random
import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.verifying import _delivered, _together
from sceau import Payer
from sceau.chain.manifest import Manifest
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.disclosure import Disclosure
from sceau.proof.header import bytes_of_block, read_header
from sceau.verify.verdict import Outcome, Verdict
from tests.client.proof.scenes import NOW, Chain, trust_in
from tests.support.deployed import deploy
from tests.support.life import Life
from tests.support.qbft import FORK, Seals, listing, qbft_at, validator_keys
from tools.ganache import anvil, anvil_program

CLAIMS = 50
_ALONE = 10
_NIBBLES = 64
# A storage word of five fields, as RLP; and what an account holds.
_WORD, _ACCOUNT = 33, 70


@dataclass(frozen=True)
class Cost:
    """What some verdicts cost: requests, bytes, and seconds of the reader's processor."""

    way: str
    verdicts: int
    requests: int
    bytes: int
    processor: float


def verdicts(claims: int = CLAIMS) -> Iterator[Cost]:
    """The cost of verdicts on an Anvil of its own, proved and believed, through the same front."""
    with anvil(block_seconds=None) as node:
        life = Life(deploy(node))
        shown = [_delivered(life, number) for number in range(claims)]
        keys = validator_keys(4)
        with qbft_at(life.chain.url, lambda _: Seals(keys)) as (url, sealed):
            proving = listing(life.chain.network.manifest, sealed, keys)
            for way, manifest in (("believed", life.chain.network.manifest), ("proved", proving)):

                def payer(manifest: Manifest = manifest) -> Payer:
                    made = Network(Node(url), manifest)
                    _ = made.node.web3
                    return Payer(
                        made,
                        life.chain.signers["payer"],
                        party=life.payer.party,
                        store=life.payer.store,
                        mailbox=life.mailboxes["payer"],
                    )

                alone, together = [payer() for _ in range(_ALONE)], payer()
                yield _cost(f"{way}, one by one", partial(_alone, alone, shown))
                yield _cost(f"{way}, {claims} together", partial(_together, together, shown))


def _alone(payers: Sequence[Payer], shown: Sequence[Disclosure]) -> list[Verdict]:
    return [payer.verify(each) for payer, each in zip(payers, shown, strict=False)]


def _cost(way: str, judge: Callable[[], list[Verdict]]) -> Cost:
    with _counted() as sent:
        used = time.thread_time()
        found = judge()
        used = time.thread_time() - used
    if any(each.outcome is not Outcome.ACCEPTED for each in found):
        raise RuntimeError("another claim was verified")
    return Cost(way, len(found), len(sent), sum(sent), used)


@contextmanager
def _counted() -> Iterator[list[int]]:
    """The bytes of each request that is sent to any node meanwhile, and of its answer."""
    from requests import Session

    sent: list[int] = []
    send: Any = Session.send

    def counting(self: Session, request: Any, **named: Any) -> Any:
        answer = send(self, request, **named)
        sent.append(len(request.body or b"") + int(answer.headers.get("Content-Length", 0)))
        return answer

    Session.send = counting  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        Session.send = send  # type: ignore[method-assign]


def branch_size(keys: Sequence[bytes], key: bytes, value: int) -> int:
    """Bytes of the nodes from the root to a value of so many bytes, in a trie of these keys, sorted."""
    size, depth, low, high = 0, 0, 0, len(keys)
    path = key.hex()
    while high - low > 1:
        first, last = keys[low].hex(), keys[high - 1].hex()
        if first[depth] == last[depth]:
            shared = next(at for at in range(depth, _NIBBLES) if first[at] != last[at])
            size += _listed(_string((shared - depth) // 2 + 1) + 33)
            depth = shared
        marks = [_first(keys, path[:depth] + f"{nibble:x}", low, high) for nibble in range(16)] + [high]
        size += _listed(sum(33 if end > start else 1 for start, end in pairwise(marks)) + 1)
        nibble = int(path[depth], 16)
        low, high, depth = marks[nibble], marks[nibble + 1], depth + 1
    return size + _listed(_string((_NIBBLES - depth) // 2 + 1) + _string(value))


def _first(keys: Sequence[bytes], prefix: str, low: int, high: int) -> int:
    return bisect_left(keys, bytes.fromhex(prefix.ljust(_NIBBLES, "0")), low, high)


def _string(length: int) -> int:
    """Bytes of a string of so many bytes as RLP; one that is one small byte does not occur."""
    return length + 1 if length < 56 else length + 2


def _listed(length: int) -> int:
    return length + 1 if length < 56 else length + 2 if length < 256 else length + 3


def states() -> Iterator[tuple[int, float, float | None]]:
    """Keys, bytes of a branch on the average, and what the `trie` library gives, where it is built."""
    drawn = random.Random(1)  # noqa: S311 - not a secret
    for power in range(3, 7):
        keys = sorted(drawn.randbytes(32) for _ in range(10**power))
        some = drawn.sample(keys, 200)
        reckoned = sum(branch_size(keys, each, _WORD) for each in some) / len(some)
        yield len(keys), reckoned, _built(keys, some) if power < 5 else None


def _built(keys: Sequence[bytes], some: Sequence[bytes]) -> float:
    import rlp
    from trie import HexaryTrie

    trie = HexaryTrie({}, prune=True)
    for each in keys:
        trie[each] = bytes([7]) * _WORD
    return sum(len(rlp.encode(node)) for each in some for node in trie.get_proof(each)) / len(some)


def headers() -> Iterator[tuple[int, int, float]]:
    """Validators, bytes of a header, and milliseconds to read it."""
    for count in (4, 22, 100):
        raw = bytes_of_block(Seals(validator_keys(count)).sealed(_BLOCK), FORK)
        times = 20
        began = time.process_time()
        for _ in range(times):
            read_header(raw, FORK)
        yield count, len(raw), 1000 * (time.process_time() - began) / times


_BLOCK = {
    "parentHash": "0x" + "11" * 32,
    "sha3Uncles": "0x" + "22" * 32,
    **dict.fromkeys(("stateRoot", "transactionsRoot", "receiptsRoot", "withdrawalsRoot"), "0x" + "33" * 32),
    "logsBloom": "0x" + "00" * 256,
    "number": "0x1000",
    "gasLimit": "0x1c9c380",
    "gasUsed": "0x5208",
    "timestamp": "0x66000000",
    "baseFeePerGas": "0x0",
}


def changes() -> Iterator[tuple[int, int, int]]:
    """Changes of validators, headers asked for once, and once more after another block."""
    for count in (1, 10, 100):
        chain = Chain([f"0x{each:040x}" for each in range(4)])
        first = sorted(chain.validators)
        for change in range(count):
            chain.blocks(1000)
            present = sorted(chain.validators)
            # One comes, one goes: in the end nobody is left of those that the manifest lists.
            adds = change % 2 == 0
            subject = f"0x{4 + change:040x}" if adds else present[0]
            chain.vote(subject, adds, *present[: len(present) // 2 + 1])
        chain.blocks(1000)
        trust, found = trust_in(first), []
        for _ in range(2):
            chain.asked.clear()
            chain.block()
            trust.require(chain.headers[-1], chain.given, NOW)
            found.append(1 + len(chain.asked))
        yield count, found[0], found[1]


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title)
    for column in columns:
        table.add_column(column, justify="left" if column == "verdicts" else "right")
    return table


def main() -> int:
    """Prints the tables; nothing is compared."""
    console = Console()
    claims = int(sys.argv[1]) if len(sys.argv) > 1 else CLAIMS
    if anvil_program() is None:
        console.print("Verdicts: Anvil is not installed here.")
    else:
        table = _table("Of one verdict", "verdicts", "requests", "KiB", "reader's processor (ms)")
        for cost in verdicts(claims):
            each = [cost.requests / cost.verdicts, cost.bytes / 1024 / cost.verdicts]
            each.append(1000 * cost.processor / cost.verdicts)
            table.add_row(cost.way, *(f"{figure:.1f}" for figure in each))
        console.print(table)
    table = _table("A branch", "keys in the trie", "bytes, reckoned", "bytes, built")
    for keys, reckoned, built in states():
        table.add_row(f"{keys:,}", f"{reckoned:,.0f}", "" if built is None else f"{built:,.0f}")
    console.print(table)
    table = _table("A header with the seals of a quorum", "validators", "bytes", "read in ms")
    for count, size, milliseconds in headers():
        table.add_row(str(count), f"{size:,}", f"{milliseconds:.1f}")
    console.print(table)
    table = _table("Headers asked for, to today's block", "changes", "first", "at the next block")
    for count, asked, again in changes():
        table.add_row(str(count), str(asked), str(again))
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
