# SPDX-License-Identifier: Apache-2.0
"""Every verb does behind a node that limits questions about events what it does at any other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sceau import Auditor, Outcome, Practice, Supplier
from sceau.chain.errors import NodeRefused
from sceau.chain.registries.parties import read_keys, read_publications, read_published
from sceau.claim.known import known_of
from sceau.party.access import holders
from sceau.roles.patient import Patient
from sceau.store import LocalStore
from sceau.terms import Group, State
from tests.support.audits import Office
from tests.support.deployed import key
from tests.support.life import Life
from tests.support.limited_node import Limit
from tests.support.lying_node import behind
from tests.support.stage import Stage


@pytest.fixture(params=[9, 40], ids="{} blocks".format)
def limit(request: pytest.FixtureRequest, stage: Stage) -> Iterator[Limit]:
    """The stage behind a node with a limit, far below its blocks, of which nothing is known yet."""
    limit = Limit(blocks=request.param)
    network = stage.chain.network
    memos, network.memos = network.memos, type(network.memos)()
    try:
        with behind(stage.chain, limit, block_period=0):
            yield limit
    finally:
        network.memos = memos


def test_a_disclosure_is_judged(stage: Stage, limit: Limit) -> None:
    assert stage.round.verdict().outcome is Outcome.ACCEPTED
    assert limit.refused


def test_a_claim_lives_to_its_settlement_and_is_audited(stage: Stage, limit: Limit) -> None:
    life = stage.authorised
    life.order()
    life.deliver()
    life.invoice()
    life.settle()
    timeline = Auditor(stage.chain.network).timeline(life.claim)
    assert timeline.history.state.state is State.SETTLED
    assert len(timeline.steps) == 6
    evidence = life.practice.evidence(life.claim, groups=list(Group))
    assert Auditor(stage.chain.network).audit(evidence).holds
    assert limit.refused


def test_an_opened_claim_is_authorised_or_refused(stage: Stage, limit: Limit) -> None:
    stage.opened.copy().authorise()
    stage.opened.cancel()
    assert limit.refused


def test_evidence_is_asked_for_and_given(stage: Stage, limit: Limit) -> None:
    office = Office.of(stage.delivered)
    request = office.confirmed(stage.delivered.practice)
    office.answered(stage.delivered.practice, request)
    assert office.report().holds
    assert limit.refused


def test_lists_are_whole(stage: Stage, limit: Limit) -> None:
    network = stage.chain.network
    head = network.node.head().number
    allowed, limit.blocks = limit.blocks, 10**9
    expected = _lists(stage, head)
    limit.blocks = allowed
    network.memos = type(network.memos)()
    assert _lists(stage, head) == expected
    assert limit.refused


def _lists(stage: Stage, head: int) -> list[object]:
    network, chain = stage.chain.network, stage.chain
    supplier = Supplier(network, chain.signers["supplier"], store=LocalStore(None))
    return [
        read_publications(network, block=head),
        read_published(network, chain.party("practice"), block=head),
        read_keys(network, chain.party("payer"), block=head),
        holders(network, block=head),
        [(order.claim, order.order_number) for order in supplier.orders_without_envelope()],
        stage.delivered.published.directory.listed(network, block=head),
        Patient(network).has_history(stage.round.key.address),
        Patient(network).has_history(key("nobody").address),
    ]


def test_what_stands_already_is_found(stage: Stage, limit: Limit) -> None:
    practice = Practice(stage.chain.network, stage.chain.signers["practice"], store=LocalStore(None))
    again = practice.record_consent(stage.round.signed, stage.round.request)
    assert again.wait(30).block_number < stage.chain.network.node.head().number
    assert limit.refused


def test_a_node_that_refuses_every_question_about_events_is_said_to(stage: Stage) -> None:
    network = stage.chain.network
    network.memos, memos = type(network.memos)(), network.memos
    try:
        with behind(stage.chain, Limit(blocks=0), block_period=0), pytest.raises(NodeRefused):
            stage.round.verdict()
    finally:
        network.memos = memos


def test_who_writes_a_step_knows_where_it_stands(stage: Stage) -> None:
    """A claim is read where its writer opened it, although it has not read it before."""
    network = stage.chain.network
    network.memos = type(network.memos)()
    life = Life(stage.chain, stage.opened.published)
    assert list(known_of(network, life.claim).blocks) == [stage.chain.network.node.head().number]
    stage.chain.test_node.mine(60)
    limit = Limit(blocks=9)
    with behind(stage.chain, limit, block_period=0):
        network.node.pieces.start_at(9)
        assert life.practice.history(life.claim).state.state is State.OPENED
    assert len(limit.asked) == 1
