# SPDX-License-Identifier: Apache-2.0
"""A practice that writes whenever it sees a refusal coming delays it, and does not stop it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from sceau import Payer, ReceivedDisclosure
from sceau.chain.contract_errors import ClaimHeadMoved, ClaimStepIllegal
from sceau.claim.prepared import PreparedStep
from sceau.roles import refusal
from sceau.roles.errors import GroundGone, NoGroundToRefuse
from sceau.roles.handle import Envelope, Handle, WriteState
from sceau.store import Kind
from sceau.terms import State, Step
from tests.support.deployed import Deployed
from tests.support.life import Life
from tests.support.mailboxes import open_message
from tests.support.stage import OTHER_LENS, Stage


def differing(life: Life) -> Life:
    """A claim with an order, delivered with another lens and invoiced: to be refused."""
    life.deliver(**OTHER_LENS)
    life.invoice()
    return life


@pytest.fixture
def unseeing(ganache_chain: Deployed) -> Life:
    """A claim with one order on a Ganache, which tells a caller nothing of what waits for a block."""
    life = Life(ganache_chain)
    life.authorise()
    life.order()
    return life


def refusals(life: Life) -> list[PreparedStep]:
    return [step for step in life.payer.steps(life.claim) if step.row.step is Step.REFUSE]


def written(life: Life, handle: Handle) -> None:
    """The claim is refused, once, and the payer's store holds that one refusal."""
    handle.wait(30)
    assert handle.state is WriteState.WRITTEN
    history = life.payer.history(life.claim)
    assert history.state.state is State.REFUSED
    (refused,) = (step for step in history.steps if step.step is Step.REFUSE)
    (stored,) = refusals(life)
    assert handle.step is not None
    assert stored.record.root == refused.commitment == handle.step.record.root
    assert stored.order_number == refused.order_number
    assert life.payer.store.get(Kind.UNCONFIRMED, stored.fingerprint) is None


@contextmanager
def remade_before_each_send(life: Life, times: int) -> Iterator[list[int]]:
    """The practice sees each of the payer's first writes coming, and remakes before it."""
    write = life.payer._write
    seen: list[int] = []

    def remake_first(step: PreparedStep, **options: bool) -> Handle:
        if len(seen) < times:
            seen.append(step.order_number)
            life.remake("DEFECT")
        return write(step, **options)  # type: ignore[arg-type] # as it was called

    life.payer._write = remake_first  # type: ignore[method-assign,assignment] # for this while
    yield seen
    del life.payer._write


def test_a_practice_that_remakes_each_time_delays_the_refusal_only(stage: Stage) -> None:
    life = differing(stage.ordered)
    verdict = life.verdict("invoice")
    with remade_before_each_send(life, 5) as seen:
        handle = life.payer.refuse(verdict, reason="LENS-DIFFERS")
    assert seen == [1, 2, 3, 4, 5]
    written(life, handle)


def test_it_is_refused_after_the_last_remake_that_the_contract_takes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can move the head is limited; beyond that a node lies, and the payer's role says so."""
    assert refusal.MOST_MOVES >= 254 + 3 * 255 + 1
    life = differing(stage.ordered)
    monkeypatch.setattr(refusal, "MOST_MOVES", 2)
    with remade_before_each_send(life, 3), pytest.raises(ClaimHeadMoved):
        life.payer.refuse(life.verdict("invoice"))
    assert refusals(life) == []
    with remade_before_each_send(life, 2):
        handle = life.payer.refuse(life.verdict("invoice"))
    written(life, handle)


def test_a_head_that_moves_after_the_sending_is_followed_by_waiting(stage: Stage) -> None:
    life, node = differing(stage.ordered), stage.chain.test_node
    verdict = life.verdict("invoice")
    node.stop_blocks()
    try:
        # A remake that its block puts before the refusal, which was estimated without it.
        remade = life.practice.remake(
            life.claim,
            {**life.values("remake"), "order.reason": "DEFECT"},
            supplier=life.supplier.party,
        )
        handle = life.payer.refuse(verdict, reason="LENS-DIFFERS", tell=True)
        first = handle.hash
    finally:
        node.start_blocks()
    remade.wait(30)
    written(life, handle)
    assert handle.hash != first
    assert handle.envelope is not None
    told = open_message(life.mailboxes["practice"], handle.envelope.text)
    assert told.step is Step.REFUSE


def by_outbox(life: Life) -> Payer:
    """The payer as another process opens it, whose writes go through the outbox of the same store."""
    chain, store, mailbox = life.chain, life.payer.store, life.mailboxes["payer"]
    return Payer(chain.network, chain.signers["payer"], store=store, mailbox=mailbox, queues=True)


def remade(life: Life) -> Handle:
    """The practice's remake, on its way."""
    values = {**life.values("remake"), "order.reason": "DEFECT"}
    return life.practice.remake(life.claim, values, supplier=life.supplier.party)


def the_right_lens(life: Life) -> Handle:
    """The supplier's delivery without difference, on its way."""
    return life.supplier.deliver(life._order(), life.values("deliver"))


@contextmanager
def paying_more(chain: Deployed) -> Iterator[None]:
    """What is sent meanwhile stands first in its block: of two that pay the same a node may take either."""
    node = chain.network.node
    usual = node.tip()
    node.tip = lambda: usual + 10**9  # type: ignore[method-assign] # for this while
    yield
    del node.tip


def refused_beside(life: Life, payer: Payer, move: Callable[[Life], Handle]) -> Handle:
    """Refuses; the block has something else before the refusal, which was sent without seeing it."""
    verdict = payer.verify(life.show(life.disclosure("invoice")))
    node = life.chain.test_node
    node.stop_blocks()
    try:
        with paying_more(life.chain):
            moved = move(life)
        handle = payer.refuse(verdict, reason="LENS-DIFFERS", tell=True)
    finally:
        node.start_blocks()
    moved.wait(30)
    return handle


@pytest.mark.parametrize("later", ["this process", "another", "another, once it stopped"])
def test_a_refusal_that_waited_in_the_outbox_is_written_again_by_sync(unseeing: Life, later: str) -> None:
    life = differing(unseeing)
    payer = by_outbox(life)
    told = len(payer.store.of_claim(Kind.ENVELOPE, life.claim))
    refused_beside(life, payer, remade)
    if later != "this process":
        payer = by_outbox(life)
    if later.endswith("stopped"):
        done = payer.queue.sender().drain(30)
        assert len(done.stopped) == len(payer.queue.outbox.stopped()) == 1
    report = payer.sync(30)
    assert (report.problems, report.queued) == ((), 0)
    assert life.state() is State.REFUSED
    (stored,) = refusals(life)
    assert stored.record.values["decision.reason"] == "LENS-DIFFERS"
    assert stored.order_number == 2
    # The practice is told, of the refusal that stands alone.
    assert life.payer.store.get(Kind.ENVELOPE, stored.record.root) is not None
    assert len(life.payer.store.of_claim(Kind.ENVELOPE, life.claim)) == told + 1


def test_a_refusal_whose_stop_another_process_saw_goes_on_in_the_handle(unseeing: Life) -> None:
    life = differing(unseeing)
    handle = refused_beside(life, by_outbox(life), remade)
    other = by_outbox(life)
    other.queue.sender().drain(30)
    assert other.queue.outbox.stopped()
    written(life, handle)


def test_a_refusal_in_the_outbox_that_has_no_ground_any_more_stays_stopped(unseeing: Life) -> None:
    life = unseeing
    life.deliver(**OTHER_LENS)
    life.remake("DEFECT")
    life.invoice()
    payer = by_outbox(life)
    refused_beside(life, payer, the_right_lens)
    report = payer.sync(30)
    assert [each.code for each in report.problems] == ["entry-stopped"]
    assert life.state() is State.INVOICED
    assert len(refusals(life)) == 1


@pytest.mark.parametrize("opened", ["bare file", "envelope", "stored"])
def test_the_disclosure_is_at_hand_in_memory_or_in_the_store(stage: Stage, opened: str) -> None:
    life = differing(stage.ordered)
    shown = life.disclosure("invoice")
    verdict = life.payer.verify(shown if opened == "bare file" else life.show(shown))
    life.remake("DEFECT")
    if opened == "stored":
        # Another process, with the same store.
        life.payer = life._roles()[2]
    written(life, life.payer.refuse(verdict.id))


def test_without_the_disclosure_the_moved_head_is_said(stage: Stage) -> None:
    life = differing(stage.ordered)
    verdict = life.payer.verify(life.disclosure("invoice"))
    life.remake("DEFECT")
    life.payer = life._roles()[2]
    with pytest.raises(ClaimHeadMoved):
        life.payer.refuse(verdict.id)
    assert refusals(life) == []


def test_a_refusal_stops_when_what_refused_was_put_right(stage: Stage) -> None:
    life = stage.ordered
    life.deliver(**OTHER_LENS)
    life.remake("DEFECT")
    life.invoice()
    verdict = life.verdict("invoice")
    assert [each.code for each in verdict.reasons] == ["delivery-differs"]
    life.deliver()
    with pytest.raises(GroundGone):
        life.payer.refuse(verdict)
    assert life.state() is State.INVOICED
    assert refusals(life) == []
    # A payer that wants to refuse all the same says so on the new verdict.
    written(life, life.payer.refuse(life.verdict("invoice")))


def test_a_reason_from_elsewhere_is_not_gone_with_the_history(stage: Stage) -> None:
    """Another process verifies again without the key that showed the wrong codes: they are wrong still."""
    from sceau.verify.act_codes import ActCodes

    life = stage.delivered
    life.invoice()
    held = ActCodes((life.act_code_key(),), {"right.code": "VXA1"})
    verdict = life.payer.verify(life.show(life.disclosure("invoice")), act_codes=held)
    assert [each.code for each in verdict.reasons] == ["act-codes-not-authorised"]
    life.remake("DEFECT")
    life.payer = life._roles()[2]
    written(life, life.payer.refuse(verdict.id))


def test_a_claim_that_was_given_up_meanwhile_is_not_refused(stage: Stage) -> None:
    life = stage.opened
    verdict = life.verdict()
    life.cancel()
    with pytest.raises(ClaimStepIllegal):
        life.payer.refuse(verdict)
    assert life.state() is State.CANCELLED


def test_what_was_no_ground_is_none_after_the_head_moved(stage: Stage) -> None:
    life = differing(stage.ordered)
    shown = life.disclosure("invoice")
    other = replace(shown, sender=stage.chain.party("other_practice"))
    with pytest.raises(NoGroundToRefuse):
        life.payer.refuse(life.payer.verify(other))


def test_another_messages_disclosure_is_not_taken_for_the_one_that_was_verified(stage: Stage) -> None:
    """The store holds the opening's disclosure, too: what refuses is the invoice's."""
    life = differing(stage.ordered)
    life.show(life.disclosure("open"))
    received = life.show(life.disclosure("invoice"))
    assert isinstance(received, ReceivedDisclosure)
    verdict = life.payer.verify(received)
    issued = life.payer.issued(verdict)
    assert issued.disclosure == received.disclosure.id
    life.remake("DEFECT")
    again: Payer = life._roles()[2]
    newer = again._verify_again(issued)
    assert newer is not None
    assert (newer.disclosure, newer.step) == (issued.disclosure, issued.step)
    assert newer.head != issued.head
    assert isinstance(life.practice.disclosure_envelope(life.disclosure("invoice")), Envelope)
