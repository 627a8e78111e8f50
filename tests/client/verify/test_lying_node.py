# SPDX-License-Identifier: Apache-2.0
"""A node that hides, invents or edits what was written is found out; one that falls behind is too."""

from __future__ import annotations

from typing import Any

import pytest

from sceau import Network, Payer
from sceau.chain.errors import BlockChanged, NotANode
from sceau.claim.errors import HistoryIncomplete
from sceau.errors import SceauError
from sceau.record import Value
from sceau.verify import verify_disclosure
from tests.support.lying_node import Lie, lying
from tests.support.stage import Stage


def logs_of(change: Any) -> Lie:
    """A lie about the events of a contract alone."""

    def lie(method: str, _params: Any, result: Any) -> Any:
        return change(result) if method == "eth_getLogs" and len(result) > 1 else result

    return lie


def edited(place: int, log: int = 1) -> Any:
    """One nibble of the data of an event flipped."""

    def change(logs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        data = logs[log]["data"]
        flipped = "0" if data[place] != "0" else "1"
        logs[log]["data"] = data[:place] + flipped + data[place + 1 :]
        return logs

    return change


def verify(stage: Stage, network: Network) -> None:
    disclosure = stage.delivered.disclosure()
    verify_disclosure(network, disclosure, reader=stage.chain.party("payer"))


@pytest.mark.parametrize(
    "change",
    [
        lambda _logs: [],
        lambda logs: logs[:-1],
        lambda logs: logs[1:],
        lambda logs: logs[:2] + logs[3:],
        lambda logs: [*logs, logs[-1]],
        lambda logs: [{**log, "removed": True} if log is logs[1] else log for log in logs],
    ],
    ids=["none", "not the last", "not the first", "not the third", "the last twice", "one said to be gone"],
)
def test_an_event_hidden_or_told_twice_is_found_out(stage: Stage, change: Any) -> None:
    with lying(stage.chain, logs_of(change)) as network, pytest.raises(HistoryIncomplete):
        verify(stage, network)


def test_events_in_another_order_are_put_back(stage: Stage) -> None:
    with lying(stage.chain, logs_of(lambda logs: logs[::-1])) as network:
        verify(stage, network)


# ABI data of OrderDelivered: order, conformity, mismatch, key, commitment, tags; 64 nibbles each, after 0x.
@pytest.mark.parametrize("word", [0, 3, 4, 5, 8], ids=["order", "key", "commitment", "tag", "last tag"])
def test_an_edited_event_is_found_out(stage: Stage, word: int) -> None:
    with (
        lying(stage.chain, logs_of(edited(2 + 64 * word + 63, log=3))) as network,
        pytest.raises(HistoryIncomplete),
    ):
        verify(stage, network)


@pytest.mark.parametrize("made", [{}, {"right.lens.code": "ECO50"}], ids=["conform", "mismatch"])
@pytest.mark.parametrize("step", ["delivery", "invoice"])
def test_a_result_that_an_event_bends_is_found_out(stage: Stage, step: str, made: dict[str, Value]) -> None:
    """The head folds in tags and locks, and not what the contract made of them: that is computed again."""
    if step == "delivery":
        stage.ordered.deliver(**made)
    else:
        stage.ordered.invoice(**made)
    # The mask of the groups that differ is the third word of OrderDelivered and the second of ClaimInvoiced.
    word = {"delivery": 2, "invoice": 1}[step]
    bent = edited(2 + 64 * word + 63, log=3)
    with lying(stage.chain, logs_of(bent)) as network, pytest.raises(HistoryIncomplete):
        verify_disclosure(network, stage.ordered.disclosure(), reader=stage.chain.party("payer"))


def test_a_block_replaced_while_it_was_read_gives_no_verdict(stage: Stage) -> None:
    asked: list[str] = []

    def lie(method: str, params: Any, result: Any) -> Any:
        if method == "eth_getBlockByNumber" and params[0] != "latest":
            asked.append(params[0])
            head = stage.chain.network.node.head().number
            if int(params[0], 16) == head:
                return {**result, "hash": "0x" + "77" * 32}
        return result

    with lying(stage.chain, lie) as network, pytest.raises(BlockChanged) as refused:
        verify(stage, network)
    assert asked
    assert "Repeat" in str(refused.value)


def test_a_node_that_hides_who_recorded_the_consent_is_found_out(stage: Stage) -> None:
    """Whether that key was in wrong hands could not be judged."""
    registry = stage.chain.network.address("ConsentRegistry").lower()

    def lie(method: str, params: Any, result: Any) -> Any:
        return [] if method == "eth_getLogs" and registry in str(params[0]["address"]).lower() else result

    with lying(stage.chain, lie) as network, pytest.raises(HistoryIncomplete):
        verify_disclosure(network, stage.round.disclose(), reader=stage.chain.party("payer"))


@pytest.mark.parametrize("seconds", [253_370_764_800, 2**40, 2**63, 2**255])
def test_a_node_whose_time_no_calendar_holds_is_none(stage: Stage, seconds: int) -> None:
    def lie(method: str, _params: Any, result: Any) -> Any:
        return {**result, "timestamp": hex(seconds)} if method == "eth_getBlockByNumber" else result

    with lying(stage.chain, lie) as network, pytest.raises(NotANode):
        verify(stage, network)


def test_a_node_that_tells_the_truth_is_believed(stage: Stage) -> None:
    with lying(stage.chain, lambda _method, _params, result: result) as network:
        payer = Payer(network, stage.chain.signers["payer"])
        assert payer.verify(stage.delivered.disclosure()).words() == "accepted"


@pytest.mark.parametrize(
    "bent",
    [
        {"data": "0x"},
        {"data": "0x" + "ff" * 31},
        {"data": "0x" + "ff" * 320},
        {"topics": []},
        {"topics": ["0x" + "77" * 32]},
        {"blockNumber": None},
        {"logIndex": "one"},
    ],
    ids=["no data", "short", "no padding", "no topic", "another topic", "no block", "no place"],
)
def test_an_event_that_is_none_is_told_plainly(stage: Stage, bent: dict[str, Any]) -> None:
    def change(logs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*logs[:-1], {**logs[-1], **bent}]

    with lying(stage.chain, logs_of(change)) as network, pytest.raises(SceauError):
        verify(stage, network)
