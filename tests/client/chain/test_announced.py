# SPDX-License-Identifier: Apache-2.0
"""What a node told of the parties is asked for once a day, and what it hid once does not stay hidden."""

from __future__ import annotations

import time
from typing import Any

import pytest

from sceau import Network
from sceau.chain import announced as module
from sceau.chain.announced import announced
from sceau.chain.registries.parties import read_keys, read_publications, read_published
from sceau.store import Kind, LocalStore, StoredMemos
from tests.support.deployed import Deployed
from tests.support.limited_node import Limit, limited
from tests.support.lying_node import lying


@pytest.fixture
def grown(chain: Deployed, monkeypatch: pytest.MonkeyPatch) -> Deployed:
    """The chain, where little is enough to be behind the newest block."""
    monkeypatch.setattr(module, "_SETTLED", 8)
    chain.test_node.mine(20)
    return chain


def events(network: Network, **how: Any) -> list[Any]:
    return announced(network, "PartyRegistry", to_block=network.node.head().number, **how)


def test_what_is_known_is_not_asked_for_again(grown: Deployed) -> None:
    limit = Limit()
    with limited(grown.url, grown.network.manifest, limit) as network:
        first = events(network)
        assert limit.asked[-1][0] == grown.network.manifest.block
        assert events(network) == first
        head = network.node.head().number
        assert limit.asked[-1] == (head - 7, head)
        # Of an earlier block all is known.
        before = len(limit.asked)
        assert announced(network, "PartyRegistry", to_block=head - 10) == [
            event for event in first if event.block <= head - 10
        ]
        assert len(limit.asked) == before


def test_what_comes_after_is_there(grown: Deployed) -> None:
    network = Network(grown.network.node, grown.network.manifest)
    known = len(events(network))
    grown.consortium.suspend(grown.party("other_payer")).wait(30)
    assert [event.name for event in events(network)[known:]] == ["PartySuspended"]
    grown.test_node.mine(30)
    assert [event.name for event in events(network)[known:]] == ["PartySuspended"]
    assert [event.name for event in events(network)[known:]] == ["PartySuspended"]


def test_another_chain_at_the_same_address_is_asked_for_all(grown: Deployed) -> None:
    network = Network(grown.network.node, grown.network.manifest)
    with grown.rolled_back():
        grown.consortium.suspend(grown.party("other_payer")).wait(30)
        grown.test_node.mine(20)
        suspended = events(network)
    grown.test_node.mine(40)
    assert events(network) == suspended[:-1]


def test_the_next_day_all_is_asked_for_again(grown: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = Limit()
    with limited(grown.url, grown.network.manifest, limit) as network:
        events(network)
        later = time.time() + 86_401
        monkeypatch.setattr("time.time", lambda: later)
        events(network)
    assert [low for low, _ in limit.asked] == [grown.network.manifest.block] * 2


def test_a_memo_that_lacks_the_newest_publication_is_not_believed(grown: Deployed) -> None:
    """As a store that was edited, or one that a lying node filled."""
    practice = grown.party("practice")
    grown.controller("practice")._write("setDirectory", practice, b"\x12" * 32, stands=lambda: None).wait(30)
    grown.test_node.mine(20)
    network = Network(grown.network.node, grown.network.manifest)
    head = network.node.head().number
    expected = read_published(network, practice, block=head)

    def hide(method: str, _: Any, result: Any) -> Any:
        return result[:-1] if method == "eth_getLogs" else result

    with lying(grown, hide) as liar:
        events(liar)
        memos = liar.memos
        key = module._key(liar, "PartyRegistry")
        memo = memos.get(key)
    assert memo is not None
    network.memos.put(module._key(network, "PartyRegistry"), memo)
    assert len(read_publications(network, block=head)[practice]) == len(expected) - 1
    assert read_published(network, practice, block=head) == expected
    assert len(read_publications(network, block=head)[practice]) == len(expected)


def test_a_list_that_nothing_proves_is_read_whole_each_time(grown: Deployed) -> None:
    limit = Limit()
    with limited(grown.url, grown.network.manifest, limit) as network:
        head = network.node.head().number
        for _ in range(2):
            read_keys(network, 1, block=head)
    assert [low for low, _ in limit.asked] == [grown.network.manifest.block] * 2


@pytest.mark.parametrize(
    "memo",
    [
        {},
        {"since": 0, "block": 1, "hash": "0x", "events": []},
        {"since": "now", "block": None},
        {"events": [[1, 2]]},
        {"events": 3, "block": 5, "hash": "", "since": 0},
    ],
)
def test_a_memo_that_cannot_be_read_is_none(grown: Deployed, memo: Any) -> None:
    network = Network(grown.network.node, grown.network.manifest)
    expected = events(network)
    network.memos.put(module._key(network, "PartyRegistry"), memo)
    assert events(network) == expected


def test_memos_are_stored_beside_what_a_party_stores_and_nowhere_else(grown: Deployed, tmp_path: Any) -> None:
    network = Network(grown.network.node, grown.network.manifest)
    network.memos = StoredMemos(lambda: LocalStore(tmp_path))
    expected = events(network)
    # No store is made for memos alone.
    assert list(tmp_path.iterdir()) == []
    LocalStore(tmp_path).put(Kind.VERDICT, "1", {})
    network.memos = StoredMemos(lambda: LocalStore(tmp_path))
    assert events(network) == expected
    limit = Limit()
    with limited(grown.url, grown.network.manifest, limit) as other:
        other.memos = StoredMemos(lambda: LocalStore(tmp_path))
        # Another node's word.
        assert events(other) == expected
        assert limit.asked[-1][0] == grown.network.manifest.block
        other.memos = StoredMemos(lambda: LocalStore(tmp_path))
        assert events(other) == expected
        assert limit.asked[-1][0] > grown.network.manifest.block


def test_a_store_that_cannot_be_used_costs_questions_only(grown: Deployed, tmp_path: Any) -> None:
    (tmp_path / "store.sqlite").write_bytes(b"no store at all" * 100)
    network = Network(grown.network.node, grown.network.manifest)
    expected = events(network)
    network.memos = StoredMemos(lambda: LocalStore(tmp_path))
    assert events(network) == expected
