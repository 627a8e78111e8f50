# SPDX-License-Identifier: Apache-2.0
"""The block period that a manifest publishes: told from past blocks, and never zero where blocks come by themselves."""

from __future__ import annotations

import time
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.chain.node import Node
from scripts.block_period import (
    BLOCKS_READ,
    GAPS_NEEDED,
    LONGEST_MEASURED,
    BlockPeriodInvalid,
    BlockPeriodTooLong,
    BlockPeriodUnknown,
    BlockPeriodZero,
    Header,
    choose_block_period,
    makes_blocks_by_itself,
    measured_period,
    past_headers,
    stated_block_period,
)
from tools.ganache import Node as RunningNode
from tools.ganache import ganache

SEAL = 300
GENESIS_TIME = 1_790_000_000


def series(
    gaps: list[int], *, first: int = 0, transactions: int = 1, extra_bytes: int = 0, genesis_seal: int = 0
) -> list[Header]:
    """Headers with these seconds between them; number 0 is a genesis without transactions."""
    times = accumulate(gaps, initial=GENESIS_TIME)
    made = []
    for number, moment in enumerate(times, first):
        genesis = number == 0
        made.append(
            Header(
                number,
                moment,
                0 if genesis else transactions,
                genesis_seal if genesis else extra_bytes,
            )
        )
    return made


def test_a_round_change_does_not_move_the_period() -> None:
    gaps = [1] * 45 + [2, 4, 8, 16, 32, 64, 128, 241] + [1] * 45
    assert measured_period(series(gaps, first=500, extra_bytes=SEAL)) == 1


def test_a_stop_of_the_whole_chain_does_not_move_the_period() -> None:
    assert measured_period(series([5] * 6 + [10_000_000] * 3 + [5] * 4, first=9, extra_bytes=SEAL)) == 5


@given(
    period=st.integers(1, LONGEST_MEASURED),
    steady=st.integers(GAPS_NEEDED, 60),
    late=st.lists(st.integers(1, 100_000), max_size=59),
    order=st.randoms(use_true_random=False),
    sealed=st.booleans(),
)
def test_late_blocks_in_the_minority_never_move_the_period(
    period: int, steady: int, late: list[int], order: object, sealed: bool
) -> None:
    gaps = [period] * steady + [period + more for more in late[: steady - 1]]
    order.shuffle(gaps)  # type: ignore[attr-defined] # a random.Random
    headers = series(gaps, first=7, transactions=int(sealed), extra_bytes=SEAL if sealed else 0)
    assert measured_period(headers) == period


@given(
    gaps=st.lists(st.integers(-5, 1_000), max_size=120),
    first=st.integers(0, 3),
    transactions=st.integers(0, 2),
    extra=st.sampled_from([0, 32, 33, 97, SEAL]),
)
def test_zero_is_never_measured(gaps: list[int], first: int, transactions: int, extra: int) -> None:
    measured = measured_period(series(gaps, first=first, transactions=transactions, extra_bytes=extra))
    assert measured is None or 1 <= measured <= LONGEST_MEASURED


def test_blocks_with_less_than_a_second_between_them_are_one_second_apart() -> None:
    assert measured_period(series([0] * 20, first=1, extra_bytes=SEAL)) == 1


def test_a_slow_chain_must_be_stated() -> None:
    assert measured_period(series([LONGEST_MEASURED] * 20, first=1, extra_bytes=SEAL)) == LONGEST_MEASURED
    assert measured_period(series([LONGEST_MEASURED + 1] * 20, first=1, extra_bytes=SEAL)) is None


def test_a_young_chain_does_not_tell() -> None:
    assert measured_period(series([2] * (GAPS_NEEDED - 1), first=1, extra_bytes=SEAL)) is None
    assert measured_period(series([2] * GAPS_NEEDED, first=1, extra_bytes=SEAL)) == 2


def test_the_genesis_counts_in_no_gap() -> None:
    gaps = [50_000_000] + [2] * GAPS_NEEDED
    assert measured_period(series(gaps, transactions=0)) == 2
    assert measured_period(series(gaps[:-1], transactions=0)) is None


def test_what_makes_blocks_by_itself() -> None:
    assert makes_blocks_by_itself(series([], genesis_seal=SEAL))
    assert makes_blocks_by_itself(series([1, 1], extra_bytes=33))
    assert makes_blocks_by_itself([*series([1, 1], first=1), Header(4, GENESIS_TIME, 0, 0)])
    # A genesis never holds a transaction, and 32 bytes are anybody's.
    assert not makes_blocks_by_itself(series([], genesis_seal=32))
    assert not makes_blocks_by_itself(series([1, 1], extra_bytes=32))


def test_a_stated_period_is_digits() -> None:
    assert (stated_block_period(None), stated_block_period(""), stated_block_period("0")) == (None, None, 0)
    assert stated_block_period("7") == 7
    for text in ("-1", "1.5", "1s", "²", "٣", " 1"):
        with pytest.raises(BlockPeriodInvalid):
            stated_block_period(text)


def mine(node: RunningNode, blocks: int) -> None:
    """So many blocks, each with one transaction."""
    for _ in range(blocks):
        payment = {
            "from": "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
            "to": "0x" + "11" * 20,
            "value": "0x1",
        }
        node.request("eth_sendTransaction", payment)


def test_a_chain_on_demand_gives_no_period_unless_it_is_stated() -> None:
    with ganache() as test_node:
        node = Node(test_node.url)
        # Fresh: nothing tells, and the wait ends.
        with pytest.raises(BlockPeriodUnknown):
            choose_block_period(node, patience=0.5)
        assert choose_block_period(node, own=True) == 0
        mine(test_node, BLOCKS_READ + 3)
        headers = past_headers(node)
        assert [header.number for header in headers] == list(range(4, BLOCKS_READ + 4))
        assert not makes_blocks_by_itself(headers)
        with pytest.raises(BlockPeriodUnknown):
            choose_block_period(node, patience=0.5)
        assert choose_block_period(node, stated=0) == 0
        assert choose_block_period(node, stated=9) == 9
        # One empty block: a clock made it, or a person. Zero is refused, also to whoever started the chain.
        test_node.request("evm_mine")
        with pytest.raises(BlockPeriodZero):
            choose_block_period(node, stated=0)


def test_a_chain_with_a_clock_gives_its_period_and_never_zero_also_once_it_stopped() -> None:
    with ganache(block_seconds=1) as test_node:
        node = Node(test_node.url)
        said: list[str] = []
        assert choose_block_period(node, say=said.append) == 1
        assert node.head().number > GAPS_NEEDED
        assert len(said) == 1
        assert choose_block_period(node, own=True) == 1
        with pytest.raises(BlockPeriodZero):
            choose_block_period(node, stated=0)
        # As during a round change: whoever watches now sees no block at all.
        test_node.request("miner_stop")
        height = node.head().number
        time.sleep(1.5)
        assert choose_block_period(node) == 1
        assert node.head().number == height


def test_the_seconds_between_past_blocks_are_the_period_whatever_the_pace_now() -> None:
    with ganache() as test_node:
        start = Node(test_node.url).head().timestamp
        for number in range(1, GAPS_NEEDED + 2):
            test_node.request("evm_mine", {"timestamp": start + 7 * number})
        node = Node(test_node.url)
        assert choose_block_period(node) == 7
        # Milliseconds in the place of seconds turn staleness off as zero does.
        assert choose_block_period(node, stated=700) == 700
        for far_longer in (701, 7_000, 9_999_999_999):
            with pytest.raises(BlockPeriodTooLong):
                choose_block_period(node, stated=far_longer)
