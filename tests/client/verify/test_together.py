# SPDX-License-Identifier: Apache-2.0
"""Disclosures judged together get what each gets alone, from few questions, and nothing of another block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from sceau import Network, Payer, Verdict
from sceau.chain.node import Node
from sceau.disclosure import Disclosure
from sceau.record import Value
from sceau.store import Filed, Kind, LocalStore
from sceau.store.errors import StoreUnusable
from sceau.verify.batch import Answer
from tests.support.lying_node import Lie, lying, the_truth
from tests.support.stage import Stage

Said = tuple[str, Any]

#: The place of the one with a consent among :func:`many`.
_CONSENTED = 5


def payer_at(stage: Stage, network: Network) -> Payer:
    """A payer that knows nothing yet."""
    return Payer(network, stage.chain.signers["payer"], party=stage.chain.party("payer"))


def together(payer: Payer, shown: Sequence[Disclosure], clock: float) -> list[Answer[Disclosure]]:
    return list(payer.verify_each(shown, lambda each: each, clock=lambda: clock))


def said(answer: Answer[Disclosure]) -> Said:
    """All of an answer but for the verdict's own identifier."""
    if answer.verdict is None:
        assert answer.error is not None
        return answer.error.code, str(answer.error)
    return answer.verdict.outcome.value, plain(answer.verdict)


def plain(verdict: Verdict) -> Any:
    return replace(verdict, id="").to_json()


def alone(stage: Stage, lie: Lie, shown: Disclosure, clock: float) -> Said:
    with lying(stage.chain, lie) as network:
        (answer,) = together(payer_at(stage, network), [shown], clock)
        return said(answer)


def many(stage: Stage) -> list[Disclosure]:
    """Good and bad ones, several of one claim among them."""
    claims = (stage.opened, stage.authorised, stage.ordered, stage.delivered, stage.swapped)
    good = [life.disclosure() for life in claims]
    consented = stage.round.disclose()
    assert consented.consent is not None
    return [
        *good,
        consented,
        replace(consented, consent=None),
        replace(consented, consent=replace(consented.consent, key="0x" + "11" * 20)),
        replace(good[0], recipient=2),
        replace(good[1], multiproof=good[2].multiproof),
        replace(good[2], scope=replace(good[2].scope, claim="0x" + "22" * 32)),
        replace(good[3], scope=replace(good[3].scope, chain_id=5)),
        replace(good[4], sender=9),
        replace(good[3], delete_by=good[3].made_at.date()),
        good[0],
    ]


@pytest.fixture
def shown(stage: Stage) -> list[Disclosure]:
    return many(stage)


def one_by_one(stage: Stage, shown: Sequence[Disclosure], clock: float) -> list[Verdict]:
    return [
        payer_at(stage, Network(Node(stage.chain.url), stage.chain.network.manifest)).verify(
            each, clock=lambda: clock
        )
        for each in shown
    ]


def test_each_gets_the_verdict_that_it_gets_alone(stage: Stage, shown: list[Disclosure]) -> None:
    stage.round.revoke()
    clock = float(stage.chain.now)
    with lying(stage.chain, the_truth) as network:
        answers = together(payer_at(stage, network), shown, clock)
    expected = [plain(each) for each in one_by_one(stage, shown, clock)]
    assert [said(answer)[1] for answer in answers] == expected
    assert {answer.exit_code for answer in answers} >= {0, 3}


def test_what_a_node_says_meanwhile_counts_for_all(stage: Stage, shown: list[Disclosure]) -> None:
    payer = payer_at(stage, stage.chain.network)
    before = together(payer, shown, stage.chain.now)
    stage.round.revoke()
    after = together(payer, shown, stage.chain.now)
    assert (before[_CONSENTED].exit_code, after[_CONSENTED].exit_code) == (0, 3)


@contextmanager
def counted(stage: Stage) -> Iterator[tuple[Network, list[bytes]]]:
    """A connection, and the requests that it makes."""
    network = Network(Node(stage.chain.url), stage.chain.network.manifest)
    provider: Any = network.node.web3.provider
    exchange: Callable[[bytes], bytes] = provider.exchange
    asked: list[bytes] = []

    def counting(body: bytes) -> bytes:
        asked.append(body)
        return exchange(body)

    provider.exchange = counting
    yield network, asked


def test_many_are_few_round_trips(stage: Stage, shown: list[Disclosure]) -> None:
    with counted(stage) as (network, asked):
        payer = payer_at(stage, network)
        together(payer, shown, stage.chain.now)
        first = len(asked)
        together(payer, shown, stage.chain.now)
    # The node's newest block, and that it still stands, are all that is asked of what is known.
    assert (first <= 12, len(asked) - first) == (True, 2)


def lie_about_logs(change: Callable[[list[Any]], list[Any]]) -> Lie:
    def lie(method: str, _params: Any, result: Any) -> Any:
        return change(result) if method == "eth_getLogs" else result

    return lie


@pytest.mark.parametrize(
    "change",
    [lambda _logs: [], lambda logs: logs[:-1], lambda logs: logs[1:], lambda logs: [*logs, *logs[-1:]]],
    ids=["none", "not the last", "not the first", "the last twice"],
)
def test_a_node_that_hides_or_repeats_is_found_out_all_the_same(
    stage: Stage, shown: list[Disclosure], change: Callable[[list[Any]], list[Any]]
) -> None:
    clock = float(stage.chain.now)
    lie = lie_about_logs(change)
    with lying(stage.chain, lie) as network:
        answers = together(payer_at(stage, network), shown, clock)
    true = one_by_one(stage, shown, clock)
    for each, answer, verdict in zip(shown, answers, true, strict=True):
        # One answer about many hides less than one about each; but what is believed is the truth.
        found = said(answer)
        assert found == alone(stage, lie, each, clock) or found[1] == plain(verdict)


def changed_at(times: int) -> Lie:
    """A lie about a block that is asked for by its number, so many times: its hash is another."""
    left = [times]

    def lie(method: str, params: Any, result: Any) -> Any:
        if method == "eth_getBlockByNumber" and params[0].startswith("0x") and left[0]:
            left[0] -= 1
            return {**result, "hash": "0x" + "77" * 32}
        return result

    return lie


def test_of_a_block_that_was_replaced_nothing_is_said(stage: Stage, shown: list[Disclosure]) -> None:
    clock = float(stage.chain.now)
    with lying(stage.chain, changed_at(1)) as network:
        answers = together(payer_at(stage, network), shown, clock)
    expected = [plain(each) for each in one_by_one(stage, shown, clock)]
    assert [said(answer)[1] for answer in answers] == expected
    with lying(stage.chain, changed_at(-1)) as network:
        answers = together(payer_at(stage, network), [shown[0], shown[_CONSENTED]], clock)
    assert [said(answer)[0] for answer in answers] == ["block-changed"] * 2


def test_no_verdict_is_issued_before_its_block_is_known_to_stand(
    stage: Stage, shown: list[Disclosure]
) -> None:
    life = stage.delivered
    with lying(stage.chain, changed_at(-1)) as network:
        payer = Payer(network, stage.chain.signers["payer"], party=life.payer.party, store=life.payer.store)
        before = _verdicts(payer)
        assert together(payer, [shown[3]], stage.chain.now)[0].verdict is None
        assert _verdicts(payer) == before


def test_a_verdict_of_many_carries_a_decision(stage: Stage) -> None:
    life = stage.opened
    received = life.show(life.disclosure())
    (answer,) = life.payer.verify_each([received], lambda each: each)
    assert answer.verdict is not None
    values: dict[str, Value] = {}
    life.payer.authorise(answer.verdict, valid_until=life.last_day(), values=values).wait(30)


def _verdicts(payer: Payer) -> list[str]:
    return [key for key, _ in payer.store.of_kind(Kind.VERDICT)]


def test_a_store_that_takes_no_verdict_issues_none(stage: Stage, shown: list[Disclosure]) -> None:
    life = stage.delivered
    stored: list[str] = []

    class Full(LocalStore):
        def put_all(self, kind: Kind, documents: Iterable[Filed]) -> None:
            def until_full() -> Iterator[Filed]:
                for each in documents:
                    if kind is Kind.VERDICT and len(stored) == 2:
                        raise StoreUnusable(path="a full disk")
                    stored.append(each.key)
                    yield each

            super().put_all(kind, until_full())

    store = Full(None)
    payer = Payer(stage.chain.network, stage.chain.signers["payer"], party=life.payer.party, store=store)
    answers = together(payer, shown[:4], stage.chain.now)
    assert [answer.error and answer.error.code for answer in answers] == [StoreUnusable.code] * 4
    assert len(stored) == 2
    assert _verdicts(payer) == []
