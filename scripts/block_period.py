# SPDX-License-Identifier: Apache-2.0
"""How many seconds lie between two blocks of a chain, told from the times of its past blocks.

The manifest publishes it, and clients refuse a node whose newest block is too old for it. Zero turns that off for good,
so zero is never measured: an admin states it, or Brownie started the chain itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sceau.chain.node import Node
from sceau.errors import SceauError

#: So many past blocks are looked at, and so many gaps are needed: a round change or a stop spans a few of them.
BLOCKS_READ = 101
GAPS_NEEDED = 10
#: A measured period is at most this, in seconds: a longer one would let an old head pass, so a person must state it.
LONGEST_MEASURED = 60
#: Seconds that a young chain gets for its next block.
PATIENCE = 30.0
#: A stated period is at most so many times the measured one: milliseconds are a thousand times the seconds.
MOST_TIMES_MEASURED = 100
_MOST_DIGITS = 10
#: Bytes of `extraData` that any chain may fill; validators write their seals after them (Clique, IBFT, QBFT).
_VANITY = 32


class BlockPeriodInvalid(SceauError):
    """A stated period is not a number of seconds."""

    code = "block-period-invalid"
    en = "BLOCK_PERIOD is the whole number of seconds between two blocks; 0 for a chain that waits for work."
    fr = "BLOCK_PERIOD est le nombre entier de secondes entre deux blocs ; 0 si la chaîne attend du travail."


class BlockPeriodUnknown(SceauError):
    """The past blocks do not tell the period, and nobody stated it."""

    code = "block-period-unknown"
    en = (
        "The past blocks do not tell how many seconds lie between two blocks. State them: BLOCK_PERIOD=5, for "
        "example, or BLOCK_PERIOD=0 if the chain makes a block only when there is something to write."
    )
    fr = (
        "Les blocs passés ne disent pas combien de secondes séparent deux blocs. Indiquez-le : BLOCK_PERIOD=5, par "
        "exemple, ou BLOCK_PERIOD=0 si la chaîne ne produit un bloc que s'il y a quelque chose à écrire."
    )


class BlockPeriodZero(SceauError):
    """Zero is stated for a chain that makes blocks by itself."""

    code = "block-period-zero"
    en = (
        "BLOCK_PERIOD=0 would let every client trust a node that stopped, and this chain makes blocks by itself: its "
        "blocks carry seals of validators, or some are empty. State the seconds between two blocks."
    )
    fr = (
        "Avec BLOCK_PERIOD=0, chaque logiciel ferait confiance à un nœud arrêté, or cette chaîne produit des blocs "
        "d'elle-même : ses blocs portent des sceaux de validateurs, ou certains sont vides. Indiquez les secondes "
        "entre deux blocs."
    )


class BlockPeriodTooLong(SceauError):
    """A stated period is far longer than what lies between the past blocks."""

    code = "block-period-too-long"
    en = (
        "BLOCK_PERIOD is more than a hundred times what lies between the past blocks: every client would trust a node "
        "that stopped long ago. State seconds, not milliseconds."
    )
    fr = (
        "BLOCK_PERIOD dépasse cent fois ce qui sépare les blocs passés : chaque logiciel ferait confiance à un nœud "
        "arrêté depuis longtemps. Indiquez des secondes, et non des millisecondes."
    )


@dataclass(frozen=True)
class Header:
    """What a block tells of its chain's rhythm: time in seconds, number of transactions, size of its `extraData`."""

    number: int
    timestamp: int
    transactions: int
    extra_bytes: int


def stated_block_period(text: str | None) -> int | None:
    """The period that an admin states, if any. Raises BlockPeriodInvalid."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise BlockPeriodInvalid
    return int(text)


def choose_block_period(
    node: Node,
    *,
    stated: int | None = None,
    own: bool = False,
    patience: float = PATIENCE,
    say: Callable[[str], None] = lambda _: None,
) -> int:
    """The period to publish, in seconds: the stated one, else the measured one.

    `own` says that the chain was started for this command and mines when asked. `patience` is how many seconds a
    young chain gets for each of its next blocks.

    Raises BlockPeriodUnknown, BlockPeriodZero, BlockPeriodTooLong, NodeUnreachable, NodeRefused.
    """
    headers = past_headers(node)
    if stated:
        if is_too_long(stated, headers):
            raise BlockPeriodTooLong
        return stated
    if makes_blocks_by_itself(headers):
        if stated == 0:
            raise BlockPeriodZero
    elif stated == 0 or own:
        return 0
    measured = measured_period(_grown(node, headers, patience, say))
    if measured is None:
        raise BlockPeriodUnknown
    return measured


def past_headers(node: Node) -> list[Header]:
    """The newest blocks of the chain, oldest first. Raises NodeUnreachable, NodeRefused."""
    head = node.head().number
    return [_header(node, number) for number in range(max(0, head - BLOCKS_READ + 1), head + 1)]


def makes_blocks_by_itself(headers: Sequence[Header]) -> bool:
    """Whether validators seal these blocks, or one beside the genesis holds no transaction."""
    return any(
        header.extra_bytes > _VANITY or (header.number > 0 and not header.transactions) for header in headers
    )


def measured_period(headers: Sequence[Header]) -> int | None:
    """The median of the seconds between these blocks, at least 1; `None` where they do not tell it.

    They tell it where the chain makes blocks by itself, has made enough of them, and not too slowly. The genesis
    counts in no gap: its time is chosen.
    """
    times = [header.timestamp for header in headers if header.number > 0]
    gaps = sorted(later - earlier for earlier, later in pairwise(times))
    if len(gaps) < GAPS_NEEDED or not makes_blocks_by_itself(headers):
        return None
    median = max(1, gaps[len(gaps) // 2])
    return median if median <= LONGEST_MEASURED else None


def is_too_long(period: int, headers: Sequence[Header]) -> bool:
    """Whether a period would let a node pass that stopped long ago, where these blocks tell what it is."""
    measured = measured_period(headers)
    return measured is not None and period > MOST_TIMES_MEASURED * measured


def _grown(
    node: Node, headers: list[Header], patience: float, say: Callable[[str], None]
) -> Sequence[Header]:
    """The headers of a chain that is old enough to be measured, or that stopped growing before."""
    needed = GAPS_NEEDED + 1
    if headers[-1].number < needed:
        say(f"The chain is young: waiting for its block {needed} to know its block period…")
    deadline = time.monotonic() + patience
    while headers[-1].number < needed and time.monotonic() < deadline:
        time.sleep(0.2)
        if node.head().number > headers[-1].number:
            headers = past_headers(node)
            deadline = time.monotonic() + patience
    return headers


def _header(node: Node, number: int) -> Header:
    block = node.ask(lambda: node.web3.eth.get_block(number))
    # web3's middleware for such chains gives `extraData` another name.
    extra = block.get("proofOfAuthorityData", block.get("extraData", b""))
    return Header(number, int(block["timestamp"]), len(block["transactions"]), len(bytes(extra)))
