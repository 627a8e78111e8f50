# SPDX-License-Identifier: Apache-2.0
"""Messages leave and arrive by themselves: each is received once, confirmed by one receipt, and never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from sceau import OrderAnswer, ReceivedDisclosure, ReceivedOrder, ReceivedStep, Step
from sceau.formats.optics.order import load_order
from sceau.messages import outgoing
from sceau.roles.acting import ActingParty
from sceau.store import Kind
from scripts.documents import document
from tests.support.life import UNTIL, Life
from tests.support.posting import connected, files
from tests.support.stage import Stage

DAY = 86_400


def waiting(role: ActingParty) -> list[outgoing.Delivery]:
    return list(outgoing.deliveries(role.store))


@pytest.fixture
def life(stage: Stage, tmp_path: Path) -> Life:
    """A claim that is opened; its parties exchange messages by ``tmp_path / "exchange"``."""
    return connected(stage.opened, tmp_path / "exchange")


def test_a_claim_goes_from_its_disclosure_to_its_order_by_sync_alone(life: Life, tmp_path: Path) -> None:
    shop, payer, maker = life.practice, life.payer, life.supplier
    shop.show(life.claim, clause="minimal")
    assert shop.sync().sent == 1
    report = payer.sync()
    assert (report.received, report.problems) == (1, ())
    for message in payer.inbox():
        assert isinstance(message, ReceivedDisclosure)
        assert message.step is Step.OPEN
        payer.authorise(payer.verify(message), valid_until=UNTIL).wait(30)
    assert len(payer.inbox()) == 0
    assert payer.sync().sent == 1
    # The receipt left with the first fetch: nothing waits any more.
    assert shop.sync().waiting == 0
    for message in shop.inbox():
        assert isinstance(message, ReceivedStep)
        assert message.step is Step.AUTHORISE
        shop.order(message.claim, load_order(document("order")), supplier=maker.party).wait(30)
    assert shop.sync().sent == 1
    maker.sync()
    for message in maker.inbox():
        assert isinstance(message, ReceivedOrder)
        maker.answer(message)
    maker.sync()
    shop.sync()
    (answer,) = shop.inbox()
    assert isinstance(answer, OrderAnswer)
    assert answer.accepted
    for role in (payer, maker, shop, payer, maker):
        assert role.sync().problems == ()
    assert [waiting(role) for role in (shop, payer, maker)] == [[], [], []]
    assert [path for path in (tmp_path / "exchange").rglob("*") if path.is_file()] == []


def test_a_step_is_told_only_when_it_stands(life: Life, tmp_path: Path) -> None:
    shop, payer = life.practice, life.payer
    verdict = life.verdict()
    with life.chain.without_blocks():
        handle = payer.authorise(verdict, valid_until=UNTIL)
        report = payer.sync()
        assert (report.sent, report.waiting) == (0, 1)
        assert files(tmp_path / "exchange", f"{payer.party}-to-{shop.party}") == []
    handle.wait(30)
    assert payer.sync().sent == 1
    assert shop.sync().received == 1
    assert shop.store.of_claim(Kind.MESSAGE, life.claim)
