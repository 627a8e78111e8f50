# SPDX-License-Identifier: Apache-2.0
"""Questions asked in one round trip: they save time, and no answer to them changes what is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from sceau import Payer
from sceau.chain.foresight import foresee_blocks
from sceau.chain.manifest import Manifest
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.disclosure import Disclosure
from sceau.errors import SceauError
from sceau.verify.verdict import Outcome
from tests.support.lying_node import lying_at
from tests.support.qbft import Seals, listing, qbft_at, validator_keys
from tests.support.stage import Stage


class Watched(Node):
    """A node whose requests are counted, and whose answers to batches may be changed."""

    def __init__(self, url: str, change: Callable[[list[Any]], Any] = lambda answers: answers) -> None:
        super().__init__(url)
        self.requests: list[Any] = []
        self._change = change
        provider: Any = self.web3.provider
        exchange = provider.exchange

        def watched(body: bytes) -> bytes:
            asked = json.loads(body)
            batch = isinstance(asked, list)
            self.requests.append([each["method"] for each in asked] if batch else asked["method"])
            answer: bytes = exchange(body)
            return json.dumps(self._change(json.loads(answer))).encode() if batch else answer

        provider.exchange = watched


def payer(stage: Stage, node: Node, manifest: Manifest | None = None) -> Payer:
    life = stage.delivered
    return Payer(
        Network(node, manifest or stage.chain.network.manifest),
        stage.chain.signers["payer"],
        store=life.payer.store,
        mailbox=life.mailboxes["payer"],
    )


def results(value: object) -> Callable[[list[Any]], Any]:
    return lambda answers: [{**answer, "result": value} for answer in answers]


def requests(node: Watched, reader: Payer, shown: Disclosure) -> int:
    """How many it takes to verify what is shown."""
    node.requests.clear()
    assert reader.verify(shown).outcome is Outcome.ACCEPTED
    return len(node.requests)


@pytest.mark.parametrize("is_proved", [False, True])
def test_a_verdict_takes_four_round_trips(stage: Stage, is_proved: bool) -> None:
    keys = validator_keys(4)
    with qbft_at(stage.chain.url, lambda _: Seals(keys)) as (url, sealed):
        manifest = stage.chain.network.manifest
        node = Watched(url)
        reader = payer(stage, node, listing(manifest, sealed, keys) if is_proved else manifest)
        _ = reader.party
        shown = stage.delivered.disclosure()
        # The newest block; claim, consent and what was announced; who and when; that the block still stands.
        assert requests(node, reader, shown) == 4
        assert [len(each) for each in node.requests if isinstance(each, list)] == [2, 5 if is_proved else 9]
        stage.chain.test_node.request("evm_mine")
        assert requests(node, reader, shown) == 4
        assert requests(node, reader, shown) == 2


@pytest.mark.parametrize("is_proved", [False, True])
def test_a_consent_that_is_not_shown_is_known_one_round_trip_later(stage: Stage, is_proved: bool) -> None:
    shown, keys = stage.round.disclose(), validator_keys(4)
    with qbft_at(stage.chain.url, lambda _: Seals(keys)) as (url, sealed):
        manifest = stage.chain.network.manifest
        for disclosure, expected in ((shown, 4), (replace(shown, consent=None), 5)):
            node = Watched(url)
            network = Network(node, listing(manifest, sealed, keys) if is_proved else manifest)
            reader = Payer(network, party=stage.round.payer.party)
            node.requests.clear()
            assert reader.verify(disclosure).block.proved is is_proved
            assert len(node.requests) == expected


def test_behind_a_limit_the_rest_is_looked_for(stage: Stage) -> None:
    node = Watched(stage.chain.url)
    reader, shown = payer(stage, node), stage.delivered.disclosure()
    node.pieces.start_at(3)
    assert reader.verify(shown).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    "change",
    [
        results(None),
        results("0x"),
        results("0x00"),
        results("no hex"),
        results(["0x"]),
        results({"hash": "0x" + "11" * 32, "number": "0x1", "timestamp": "0x1"}),
        results({"hash": "0x" + "11" * 32, "number": "0x1", "timestamp": hex(2**62)}),
        lambda answers: [
            {"jsonrpc": "2.0", "id": answer["id"], "error": {"code": -32000, "message": "busy"}}
            for answer in answers
        ],
        lambda _: {"jsonrpc": "2.0", "id": None, "error": {"code": -32005, "message": "too many"}},
        lambda answers: answers[:-1],
        lambda answers: [*reversed(answers)],
    ],
)
def test_strange_answers_to_a_batch_are_asked_for_again_one_by_one(
    stage: Stage, change: Callable[[list[Any]], Any]
) -> None:
    shown = stage.delivered.disclosure()
    expected = payer(stage, Watched(stage.chain.url)).verify(shown)
    found = payer(stage, Watched(stage.chain.url, change)).verify(shown)
    assert (found.outcome, found.findings, found.head) == (expected.outcome, expected.findings, expected.head)


def test_what_a_contract_refuses_is_not_remembered(stage: Stage) -> None:
    node = Watched(stage.chain.url)
    network = Network(node, stage.chain.network.manifest)
    head = network.head()
    network.foresee(
        [("PartyRegistry", "partyOf", (1,)), ("PartyRegistry", "partyOf", (999,))], block=head.number
    )
    node.requests.clear()
    with pytest.raises(Exception, match="999"):
        network.read("PartyRegistry", "partyOf", 999, block=head.number)
    network.read("PartyRegistry", "partyOf", 1, block=head.number)
    assert node.requests == ["eth_call"]


def test_at_another_block_than_the_newest_nothing_is_foreseen(stage: Stage) -> None:
    node = Watched(stage.chain.url)
    network = Network(node, stage.chain.network.manifest)
    reads: list[Any] = [("PartyRegistry", "partyOf", (1,)), ("PartyRegistry", "partyOf", (2,))]
    network.foresee(reads, block=1)
    network.foresee(reads, block=network.head().number - 1)
    assert node.requests == ["eth_getBlockByNumber"]


def test_one_question_is_no_batch(stage: Stage) -> None:
    node = Watched(stage.chain.url)
    foresee_blocks(node, [node.head().hash])
    assert node.requests == ["eth_getBlockByNumber"]
    Network(node, stage.chain.network.manifest).foresee([], block=1)
    assert node.requests == ["eth_getBlockByNumber"]


def test_what_a_node_invents_makes_nobody_ask_for_much(stage: Stage) -> None:
    def invented(method: str, _params: Any, result: Any) -> Any:
        if method != "eth_getLogs":
            return result
        return [
            {
                **each,
                "blockHash": "0x" + f"{place:064x}",
                "topics": [*each["topics"][:2], "0x" + f"{copy:064x}"],
            }
            for copy in range(100)
            for place, each in enumerate(result, start=1000 * copy)
        ]

    shown = stage.round.disclose()
    with lying_at(stage.chain.url, invented) as url:
        node = Watched(url)
        reader = Payer(Network(node, stage.chain.network.manifest), party=stage.round.payer.party)
        with suppress(SceauError):
            reader.verify(shown)
    assert sum(len(each) if isinstance(each, list) else 1 for each in node.requests) < 400


def test_what_one_node_answers_is_not_kept_as_anothers(stage: Stage) -> None:
    """Another thread may turn to another node between a question and its asking."""
    node, other = Watched(stage.chain.url), Watched(stage.chain.url)
    network = Network(node, stage.chain.network.manifest)
    head = network.head()
    reads: list[Any] = [("PartyRegistry", "partyOf", (1,))]
    assert len(network.expected(reads, node=node, block=head.number)) == 1
    assert network.expected(reads, node=other, block=head.number) == []
