# SPDX-License-Identifier: Apache-2.0
"""When a node's head is too old to rely on: never on a chain that waits for work."""

from __future__ import annotations

import pytest

from sceau.chain.errors import NodeStale
from sceau.chain.freshness import Freshness, require_fresh
from sceau.chain.node import Block

HEAD = Block(number=7, hash="0x" + "12" * 32, timestamp=1_000_000, base_fee=0)


@pytest.mark.parametrize(("period", "limit"), [(1, 60), (2, 60), (3, 60), (4, 80), (15, 300)])
def test_a_head_may_be_twenty_blocks_or_a_minute_old(period: int, limit: int) -> None:
    require_fresh(HEAD, period, HEAD.timestamp + limit)
    with pytest.raises(NodeStale) as told:
        require_fresh(HEAD, period, HEAD.timestamp + limit + 1)
    assert told.value.details == {"number": 7, "age": limit + 1, "limit": limit}


def test_where_blocks_come_on_demand_no_head_is_too_old() -> None:
    require_fresh(HEAD, 0, HEAD.timestamp + 10**9)
    assert Freshness.of(HEAD, 0, HEAD.timestamp + 5) == Freshness(age=5, limit=None)


def test_a_head_from_the_future_has_no_age() -> None:
    assert Freshness.of(HEAD, 1, HEAD.timestamp - 5).age == 0
