# SPDX-License-Identifier: Apache-2.0
"""Where to look first for what was written on a claim: blocks in which steps were found, times of messages about it.

These are hints: one that is wrong costs questions to the node. What a claim is follows from its events, proved by its
head.
"""

from __future__ import annotations

from collections.abc import Iterable

from sceau.chain.network import Network

# More of them are not looked at.
_MOST_BLOCKS = 32
_MOST_TIMES = 4


def known_blocks(network: Network, claim: str) -> list[int]:
    """The blocks in which steps of a claim were found before, in order."""
    found = (network.memos.get(claim) or {}).get("blocks")
    if not isinstance(found, list):
        return []
    return sorted(each for each in found[:_MOST_BLOCKS] if type(each) is int)


def remember_blocks(network: Network, claim: str, blocks: Iterable[int]) -> None:
    """Steps of a claim stand in these blocks, as its head proves or its writer heard."""
    found = sorted(set(blocks))[:_MOST_BLOCKS]
    if found != known_blocks(network, claim):
        network.memos.put(claim, {"blocks": found}, claim=claim)


def known_times(network: Network, claim: str) -> list[int]:
    """Times, in seconds, at which somebody spoke of a claim, in order."""
    return network.times.get(claim, [])


def remember_time(network: Network, claim: str, time: int) -> None:
    """Somebody says that it spoke of a claim at this time, in seconds. Known to this process alone."""
    network.times[claim] = sorted({*known_times(network, claim), time})[:_MOST_TIMES]
