# SPDX-License-Identifier: Apache-2.0
"""What reading one claim costs depends on the claim; where it is looked for first changes nothing of what is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sceau import Network
from sceau.chain.announced import newest_event
from sceau.chain.errors import NotANode
from sceau.chain.node import Node
from sceau.claim.errors import HistoryIncomplete
from sceau.claim.history import History, read_history
from sceau.claim.known import known_of, known_times, remember_blocks, remember_time
from sceau.store import Kind, LocalStore, StoredMemos
from tests.support.life import Life
from tests.support.limited_node import Limit
from tests.support.lying_node import lying
from tests.support.old_chain import PASS, OldChain
from tests.support.stage import Stage

LIMITS = (1_000, 5_000, 10_000)


def read(network: Network, life: Life) -> History:
    return read_history(network, life.claim, block=network.node.head().number)


def true_history(old: OldChain, life: Life) -> History:
    return read(Network(Node(old.chain.url), old.chain.network.manifest), life)


@pytest.mark.parametrize("blocks", LIMITS)
@pytest.mark.parametrize("named", [False, True])
def test_a_claim_is_read_behind_a_limit_and_the_second_time_with_few_questions(
    old: OldChain, blocks: int, named: bool
) -> None:
    limit = Limit(blocks=blocks)
    with old.behind(limit, logs_range=blocks if named else None) as network:
        assert read(network, old.slow) == true_history(old, old.slow)
        pieces = 3 * PASS / blocks
        assert len(limit.asked) <= (pieces + 3 if named else 2 * pieces + 14)
        assert limit.refused == 0 or not named
        limit.clear()
        assert read(network, old.slow) == true_history(old, old.slow)
        # Its steps stand in three places.
        assert len(limit.asked) <= 3
        assert limit.refused == 0


@pytest.mark.parametrize("blocks", LIMITS)
def test_a_claim_that_was_over_long_ago_is_read_where_it_was_opened(old: OldChain, blocks: int) -> None:
    limit = Limit(blocks=blocks)
    with old.behind(limit, logs_range=blocks) as network:
        opened = true_history(old, old.quiet).steps[0].block
        remember_blocks(network, old.quiet.claim, [opened])
        assert read(network, old.quiet) == true_history(old, old.quiet)
    assert len(limit.asked) == 1


def test_a_step_since_the_last_reading_is_looked_for_from_both_ends(old: OldChain) -> None:
    limit = Limit(blocks=1_000)
    expected = true_history(old, old.slow)
    with old.behind(limit, logs_range=1_000) as network:
        remember_blocks(network, old.slow.claim, [step.block for step in expected.steps[:-1]])
        assert read(network, old.slow) == expected
        # Two places, and what lies between the last of them and the newest block.
        assert len(limit.asked) <= 2 + 2 * PASS / 1_000 + 2


def test_the_time_of_a_message_leads_to_a_claim_of_long_ago(old: OldChain) -> None:
    limit = Limit(blocks=1_000)
    with old.behind(limit, logs_range=1_000) as network:
        remember_time(network, old.quiet.claim, true_history(old, old.quiet).steps[0].time + 60)
        assert read(network, old.quiet) == true_history(old, old.quiet)
    assert len(limit.asked) <= 5
    assert limit.methods.count("eth_getBlockByNumber") <= 30


FALSE_PLACES = {
    "too late": lambda opened, _: [opened + 2],
    "much too late": lambda _, head: [head - 10],
    "too early": lambda *_: [0],
    "before all": lambda *_: [-5],
    "in the future": lambda _, head: [head + 1, 10**30],
    "between two steps": lambda opened, _: [opened + PASS // 2],
    "very many": lambda _, head: list(range(1, head, 97)),
    "one true among false ones": lambda opened, head: [3, opened, opened + 4_000, head],
    "all but the opening": lambda opened, _: [opened + PASS, opened + 2 * PASS],
}


@pytest.mark.parametrize("which", ["slow", "quiet"])
@pytest.mark.parametrize("places", FALSE_PLACES.values(), ids=FALSE_PLACES)
def test_a_false_place_changes_nothing_but_what_is_asked(old: OldChain, places: Any, which: str) -> None:
    life: Life = getattr(old, which)
    expected, head = true_history(old, life), old.chain.network.node.head().number
    limit = Limit(blocks=5_000)
    with old.behind(limit, logs_range=5_000) as network:
        network.memos.put(life.claim, {"blocks": places(expected.steps[0].block, head)})
        assert read(network, life) == expected
        assert list(known_of(network, life.claim).blocks) == sorted({step.block for step in expected.steps})
    assert len(limit.asked) <= 32 + head / 5_000 + 6


@pytest.mark.parametrize(
    "memo", [{}, {"blocks": None}, {"blocks": ["1", True, 2.5, None]}, {"blocks": {"1": 1}}]
)
def test_a_memo_that_cannot_be_read_is_none(old: OldChain, memo: Any) -> None:
    with old.behind(Limit(blocks=5_000)) as network:
        network.memos.put(old.quiet.claim, memo)
        assert read(network, old.quiet) == true_history(old, old.quiet)


@pytest.mark.parametrize("times", [[0], [1], [253_000_000_000], [0, 1, 2, 3, 4, 5, 6]])
def test_a_false_time_changes_nothing_but_what_is_asked(old: OldChain, times: list[int]) -> None:
    limit = Limit(blocks=1_000)
    with old.behind(limit, logs_range=1_000) as network:
        for time in times:
            remember_time(network, old.quiet.claim, time)
        assert len(known_times(network, old.quiet.claim)) <= 4
        assert read(network, old.quiet) == true_history(old, old.quiet)
    assert len(limit.asked) <= 3 * PASS / 1_000 + 10
    assert limit.methods.count("eth_getBlockByNumber") <= 4 * 35


@pytest.mark.parametrize("hidden", [0, 1, -1])
def test_a_node_that_hides_a_step_is_found_out_wherever_it_was_looked_for(old: OldChain, hidden: int) -> None:
    steps = true_history(old, old.slow).steps
    gone = hex(steps[hidden].block)

    def hide(method: str, _: Any, result: Any) -> Any:
        if method == "eth_getLogs":
            return [log for log in result if log["blockNumber"] != gone]
        return result

    with lying(old.chain, hide) as network:
        for blocks in ([], [step.block for step in steps], [steps[0].block]):
            remember_blocks(network, old.slow.claim, blocks)
            with pytest.raises(HistoryIncomplete):
                read(network, old.slow)


def test_an_opening_that_a_node_invents_near_the_newest_block_is_found_out(old: OldChain) -> None:
    """The search ends at an opening: a false one must not pass for the claim's."""
    head = old.chain.network.node.head().number
    opened = true_history(old, old.quiet).steps[0].block

    def move(method: str, _: Any, result: Any) -> Any:
        if method == "eth_getLogs":
            return [
                {**log, "blockNumber": hex(head - 5)} if log["blockNumber"] == hex(opened) else log
                for log in result
            ]
        return result

    with lying(old.chain, move) as network, pytest.raises((HistoryIncomplete, NotANode)):
        read(network, old.quiet)


def test_what_was_found_is_remembered_only_once_the_head_proves_it(old: OldChain) -> None:
    def hide(method: str, _: Any, result: Any) -> Any:
        return result[:-1] if method == "eth_getLogs" else result

    with lying(old.chain, hide) as network:
        with pytest.raises(HistoryIncomplete):
            read(network, old.slow)
        assert list(known_of(network, old.slow.claim).blocks) == []


def test_an_event_whose_time_the_contract_holds_is_found_by_it(old: OldChain) -> None:
    limit = Limit(blocks=1_000)
    head = old.chain.network.node.head().number
    step = true_history(old, old.slow).steps[1]
    for time in (step.time, 0, 1, 253_000_000_000, None):
        limit.clear()
        with old.behind(limit, logs_range=1_000) as network:
            found = newest_event(
                network, "ClaimRegistry", "ClaimAuthorised", [old.slow.claim], to_block=head, at=time
            )
            assert found is not None
            assert found.block == step.block
        if time == step.time:
            assert len(limit.asked) == 1
        assert len(limit.asked) <= 3 * PASS / 1_000 + 3


@pytest.mark.parametrize("at", [0, 1, PASS // 3, 2 * PASS, 3 * PASS])
def test_a_block_is_found_by_its_time(old: OldChain, at: int) -> None:
    node, first = old.chain.network.node, old.chain.network.manifest.block
    head = node.head().number
    block = node.block(min(first + at, head))
    found = node.block(node.block_at(block.timestamp, first, head))
    assert found.timestamp == block.timestamp
    assert found.number == first or node.block(found.number - 1).timestamp < block.timestamp


@pytest.mark.parametrize("number", [lambda _: 0, lambda asked: asked + 10**6, lambda asked: asked - 1])
def test_a_node_that_names_blocks_by_other_numbers_holds_nobody_up(old: OldChain, number: Any) -> None:
    def misname(method: str, params: Any, result: Any) -> Any:
        if method == "eth_getBlockByNumber" and params[0].startswith("0x"):
            return {**result, "number": hex(max(0, number(int(params[0], 16))))}
        return result

    first, head = old.chain.network.manifest.block, old.chain.network.node.head().number
    time = old.chain.network.node.block(first + PASS).timestamp
    with lying(old.chain, misname) as network:
        assert first <= network.node.block_at(time, first, head) <= head


def test_where_a_claim_stands_is_stored_as_one_of_its_documents(stage: Stage, tmp_path: Path) -> None:
    """Whoever erases a claim finds it there."""
    life, network = stage.delivered, Network(Node(stage.chain.url), stage.chain.network.manifest)
    network.memos = StoredMemos(lambda: LocalStore(tmp_path))
    store = LocalStore(tmp_path)
    store.put(Kind.STEP, "made", {})
    read_history(network, life.claim, block=network.head().number)
    (memo,) = store.of_claim(Kind.MEMO, life.claim)
    assert memo["blocks"] == sorted({step.block for step in life.payer.history(life.claim).steps})
