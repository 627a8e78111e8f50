# SPDX-License-Identifier: Apache-2.0
"""When nothing may be done on a node's head: too old, or in the future; never on a chain that waits for work."""

from __future__ import annotations

import pytest

from sceau.chain.errors import HeadInFuture, NodeStale
from sceau.chain.freshness import Freshness, doubt
from sceau.chain.node import Block

HEAD = Block(number=7, hash="0x" + "12" * 32, timestamp=1_000_000, base_fee=0)


@pytest.mark.parametrize(("period", "limit"), [(1, 60), (2, 60), (3, 60), (4, 80), (15, 300), (None, 300)])
def test_a_head_may_be_twenty_blocks_or_a_minute_old(period: int | None, limit: int) -> None:
    assert doubt(HEAD, period, HEAD.timestamp + limit) is None
    told = doubt(HEAD, period, HEAD.timestamp + limit + 1)
    assert isinstance(told, NodeStale)
    assert told.details == {"number": 7, "age": limit + 1, "limit": limit}


@pytest.mark.parametrize("period", [1, 15, None])
def test_a_head_may_be_five_minutes_ahead_of_the_readers_clock(period: int | None) -> None:
    assert doubt(HEAD, period, HEAD.timestamp - 300) is None
    told = doubt(HEAD, period, HEAD.timestamp - 301)
    assert isinstance(told, HeadInFuture)
    assert told.details == {"number": 7, "ahead": 301, "limit": 300}


@pytest.mark.parametrize("now", [HEAD.timestamp + 10**9, HEAD.timestamp - 10**5])
def test_where_blocks_come_on_demand_no_head_is_doubted(now: int) -> None:
    assert doubt(HEAD, 0, now) is None


def test_where_blocks_come_on_demand_there_is_an_age_and_no_limit() -> None:
    assert Freshness.of(HEAD, 0, HEAD.timestamp + 5) == Freshness(age=5, limit=None)


def test_a_head_from_the_future_has_no_age() -> None:
    assert Freshness.of(HEAD, 1, HEAD.timestamp - 5) == Freshness(age=0, limit=60, ahead=5)
