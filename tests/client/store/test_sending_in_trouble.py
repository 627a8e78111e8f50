# SPDX-License-Identifier: Apache-2.0
"""A full disk, a wrong clock and a node that is killed, played to the outbox: nothing is lost and nothing doubled."""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from sceau.chain import node
from sceau.chain.errors import HeadInFuture, NodeStale
from sceau.chain.network import Network
from sceau.errors import NodeError
from sceau.store import LocalStore
from sceau.store.entry import EntryState
from sceau.store.errors import StoreUnusable
from tests.client.store.conftest import Home
from tests.support.deployed import Deployed, deploy
from tests.support.faulty_node import BLOCK, Asked, faulty
from tests.support.opened_claims import claim_of, opened, outbox_of, sender_of, want
from tools.ganache import ganache

WAIT = 30


def allow(store: LocalStore, more: int | None) -> None:
    """Lets the file of a store grow by so many pages of 4 kB, as on a disk that is almost full; ``None``: for ever."""
    driver = store.vault.database.driver()
    (pages,) = driver.execute("PRAGMA page_count").fetchone()
    driver.execute(f"PRAGMA max_page_count = {2**30 if more is None else pages + more}")


def test_a_full_disk_loses_and_doubles_nothing(chain: Deployed, local: Home) -> None:
    """What could be stored is written once; what could not was refused, and is on no chain."""
    store = local.open()
    outbox = outbox_of(store, chain.network)
    want(outbox, chain.network, chain, "first")
    told, failed, number = ["first"], 0, 0
    for more in range(6):
        allow(store, more)
        for _ in range(40):
            name, number = f"claim {number}", number + 1
            try:
                want(outbox, chain.network, chain, name)
            except StoreUnusable:
                failed += 1
                break
            told.append(name)
        # It may be full in the middle of numbering, noting and marking as mined, too.
        try:
            sender_of(outbox, chain.network, chain).drain(WAIT)
        except StoreUnusable:
            failed += 1
        assert set(opened(chain)) <= {claim_of(chain, each) for each in told}
    assert failed >= 6
    allow(store, None)
    assert sender_of(outbox, chain.network, chain).drain(WAIT).problem is None
    found = Counter(opened(chain))
    assert set(found) == {claim_of(chain, each) for each in told}
    assert set(found.values()) == {1}
    assert outbox.condition().entries == {EntryState.MINED: len(told)}


@pytest.mark.parametrize(
    ("seconds", "expected"), [(-100_000, NodeStale), (100_000, HeadInFuture)], ids=["ahead", "behind"]
)
def test_with_a_wrong_clock_nothing_is_sent_and_nothing_lost(
    chain: Deployed, seconds: int, expected: type[NodeError]
) -> None:
    """A clock that is far ahead takes every head for an old one, one that is behind for one of the future."""

    def shifted(asked: Asked) -> None:
        answer = asked.true()
        if asked.method == BLOCK and asked.params[0] == "latest":
            answer["result"]["timestamp"] = hex(int(answer["result"]["timestamp"], 16) + seconds)
        asked.answer(answer)

    manifest = replace(chain.network.manifest, block_period=1)
    chain.test_node.request("evm_mine")
    outbox = outbox_of(LocalStore(None), chain.network)
    with faulty(chain.url, shifted) as url:
        network = Network(node.Node(url), manifest)
        want(outbox, network, chain, "claim")
        assert isinstance(sender_of(outbox, network, chain).drain(WAIT).problem, expected)
    assert outbox.condition().entries == {EntryState.WANTED: 1}
    assert opened(chain) == []
    assert sender_of(outbox, chain.network, chain).drain(WAIT).problem is None
    assert opened(chain) == [claim_of(chain, "claim")]


@pytest.mark.parametrize("by", [-10_000_000, 10_000_000], ids=["behind", "ahead"])
def test_a_clock_that_is_put_right_changes_no_order_and_no_age_below_nothing(
    chain: Deployed, by: int
) -> None:
    """The order is that of the entries, not that of a clock."""
    outbox = outbox_of(LocalStore(None), chain.network)
    right = outbox._clock
    names = [f"claim {n}" for n in range(4)]
    for place, name in enumerate(names):
        outbox._clock = (lambda: right() + by) if place % 2 else right
        want(outbox, chain.network, chain, name, lane="one")
    outbox._clock = right
    age = outbox.condition().oldest
    assert age is not None
    assert age >= 0
    assert sender_of(outbox, chain.network, chain).drain(WAIT).problem is None
    assert opened(chain) == [claim_of(chain, name) for name in names]


def test_a_node_that_is_killed_at_any_moment_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """It comes back with its chain; what it had not written to it is gone."""
    draw = random.Random(1)
    database = tmp_path / "chain"
    with ganache(database=database) as first:
        chain = deploy(first)
    outbox = outbox_of(LocalStore(None), chain.network)
    names = [f"claim {n}" for n in range(30)]
    for name in names:
        want(outbox, chain.network, chain, name)
    for _ in range(2):
        with ThreadPoolExecutor(1) as pool:
            with ganache(database=database, port=first.port):
                sending = pool.submit(sender_of(outbox, chain.network, chain).drain, WAIT)
                time.sleep(draw.uniform(0, 0.4))
            assert not sending.result().stopped
        assert sender_of(outbox, chain.network, chain).round().problem is not None
    with ganache(database=database, port=first.port):
        done = sender_of(outbox, chain.network, chain).drain(WAIT)
        assert done.problem is None
        assert opened(chain) == [claim_of(chain, name) for name in names]
    assert outbox.condition().entries == {EntryState.MINED: len(names)}
