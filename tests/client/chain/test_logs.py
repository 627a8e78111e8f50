# SPDX-License-Identifier: Apache-2.0
"""Event logs are read whole behind whatever limit a node has, with few questions, and a node that fails is said to."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from sceau import Network
from sceau.chain.errors import NodeRefused, NodeUnreachable
from sceau.chain.logs import read_logs
from sceau.chain.node import Node
from sceau.chain.pieces import USUAL_LIMIT, Pieces
from sceau.errors import NodeError
from tests.support.deployed import Deployed
from tests.support.limited_node import BESU, Limit, limited
from tests.support.lying_node import Refused, lying
from tests.support.stage import Stage

#: What nodes and what stands before them say of a question that is too large.
DIALECTS = {
    "besu": BESU,
    "geth": Refused({"code": -32000, "message": "exceed maximum block range: 7"}),
    "nethermind": Refused(
        {"code": -32005, "message": "Too many logs requested. Max logs per response is 7."}
    ),
    "erigon": Refused({"code": -32005, "message": "block range too large, max range: 7"}),
    "reth": Refused({"code": -32602, "message": "query exceeds max results 7, retry with the range 1-7"}),
    "infura": Refused(
        {
            "code": -32005,
            "message": "query returned more than 10000 results",
            "data": {"from": "0x1", "to": "0x7", "limit": 10000},
        }
    ),
    "alchemy": Refused(
        {"code": -32600, "message": "You can make eth_getLogs requests with up to a 7 block"}, 400
    ),
    "quicknode": Refused({"code": -32614, "message": "eth_getLogs is limited to a 7 range"}, 413),
    "a revert": Refused({"code": 3, "message": "execution reverted", "data": "0x08c379a0"}),
    "no words": Refused({"code": -1, "message": ""}),
    "a gateway": Refused({"code": -32000, "message": "backend timeout"}, 504),
}


def everything(network: Network) -> list[tuple[str, int, int]]:
    head = network.node.head().number
    events = network.events("ClaimRegistry", to_block=head)
    return [(event.name, event.block, event.index) for event in events]


@pytest.mark.parametrize("says", DIALECTS.values(), ids=DIALECTS)
def test_whatever_a_node_says_of_its_limit_all_is_read(stage: Stage, says: Refused) -> None:
    chain = stage.chain
    limit = Limit(blocks=7, says=says)
    with limited(chain.url, chain.network.manifest, limit) as network:
        assert everything(network) == everything(chain.network)
    blocks = chain.network.node.head().number - chain.network.manifest.block + 1
    assert limit.refused
    assert len(limit.asked) < 3 * blocks / 7 + 20
    answered = sorted(each for each in limit.asked if each[1] - each[0] < 7)
    assert sum(high - low + 1 for low, high in answered) == blocks


@pytest.mark.parametrize("results", [1, 2, 5])
def test_a_limit_of_results_is_met_too(stage: Stage, results: int) -> None:
    chain = stage.chain
    with limited(chain.url, chain.network.manifest, Limit(results=results)) as network:
        assert everything(network) == everything(chain.network)


def test_a_limit_that_changes_while_it_is_read_is_met(stage: Stage) -> None:
    chain = stage.chain

    def change(limit: Limit) -> None:
        limit.blocks = (40, 3, 11, 1)[len(limit.asked) // 9 % 4]

    with limited(chain.url, chain.network.manifest, Limit(change=change)) as network:
        assert everything(network) == everything(chain.network)


def test_a_node_that_refuses_everything_is_said_to(chain: Deployed) -> None:
    limit = Limit(blocks=0)
    with limited(chain.url, chain.network.manifest, limit) as network:
        with pytest.raises(NodeRefused) as raised:
            everything(network)
        assert "Requested range" in str(raised.value)
        # Half each time, down to a single block.
        assert len(limit.asked) <= 14
        assert limit.asked[-1][0] == limit.asked[-1][1]


def test_a_node_that_is_down_is_asked_once() -> None:
    node = Node("http://127.0.0.1:9")
    with pytest.raises(NodeUnreachable):
        list(read_logs(node, {}, 0, 10_000))
    assert node.pieces.size == USUAL_LIMIT


@pytest.mark.parametrize("status", [401, 403, 404, 429])
def test_who_may_ask_and_how_often_does_not_depend_on_how_much(chain: Deployed, status: int) -> None:
    limit = Limit(blocks=0, says=Refused("no", status))
    with limited(chain.url, chain.network.manifest, limit) as network, pytest.raises(NodeError):
        everything(network)
    assert {high for _, high in limit.asked} == {limit.asked[0][1]}


def test_a_node_that_is_never_in_time_is_not_waited_for_to_the_end(
    chain: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sceau.chain.provider import HttpFault
    from sceau.errors import Sentence

    node, asked = Node(chain.url), []

    def late(_: str, query: Any) -> Any:
        asked.append(query)
        raise HttpFault(Sentence("chain.too-late"))

    monkeypatch.setattr(node.web3.manager, "request_blocking", late)
    with pytest.raises(NodeUnreachable):
        list(read_logs(node, {}, 0, 10**6))
    assert len(asked) == 3


def test_what_a_node_gives_beyond_the_piece_is_not_counted_twice(stage: Stage) -> None:
    """A node that takes no notice of the range gives all with each piece."""
    every: list[Any] = []

    def all_of_it(method: str, _: Any, result: Any) -> Any:
        if method == "eth_getLogs":
            every.extend(log for log in result if log not in every)
            return list(every)
        return result

    with lying(stage.chain, all_of_it) as network:
        network.node.pieces.size = 5
        assert everything(network) == everything(stage.chain.network)


def test_backwards_the_same_comes_newest_piece_first(stage: Stage) -> None:
    network = stage.chain.network
    head, first = network.node.head().number, network.manifest.block
    network = Network(Node(stage.chain.url), network.manifest)
    network.node.pieces.size = 8
    pieces = list(network.pieces("ClaimRegistry", first=first, last=head, backwards=True))
    ends = [(low, high) for low, high, _ in pieces]
    assert ends[0][1] == head
    assert ends[-1][0] == first
    assert all(later[0] == earlier[1] + 1 for later, earlier in pairwise(ends))
    found = [(e.name, e.block, e.index) for _, _, events in reversed(pieces) for e in events]
    assert found == everything(network)


def sizes(pieces: Pieces, limit: int, questions: int) -> list[int]:
    """What is asked of a node with a limit."""
    asked = []
    for _ in range(questions):
        asked.append(pieces.size)
        if pieces.size > limit:
            pieces.refused(pieces.size)
        else:
            pieces.answered(pieces.size)
    return asked


def test_pieces_grow_where_nothing_is_refused() -> None:
    assert sizes(Pieces(), 10**9, 4) == [5_000, 10_000, 20_000, 40_000]


@pytest.mark.parametrize("limit", [1, 10, 1_000, 5_000, 10_000])
def test_few_questions_are_refused_and_a_true_limit_is_used_by_half_at_least(limit: int) -> None:
    asked = sizes(Pieces(), limit, 300)
    assert sum(each > limit for each in asked) <= 25
    assert all(each > limit / 2 for each in asked[20:])


def test_pieces_grow_again_soon_after_a_place_with_many_results() -> None:
    pieces = Pieces()
    sizes(pieces, 5_000, 50)
    sizes(pieces, 30, 20)
    assert max(sizes(pieces, 5_000, 30)) >= 2_500


def test_a_limit_that_the_manifest_names_is_not_tried_at_once() -> None:
    pieces = Pieces()
    pieces.start_at(1_000)
    assert set(sizes(pieces, 1_000, 60)) == {1_000}
    assert max(sizes(pieces, 10**9, 20)) > 100_000


def test_a_limit_named_too_high_is_found_out() -> None:
    pieces = Pieces()
    pieces.start_at(100_000)
    assert sum(each > 1_000 for each in sizes(pieces, 1_000, 300)) <= 20
