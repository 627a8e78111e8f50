# SPDX-License-Identifier: Apache-2.0
"""What the messages of an inbox ask of their reader, as the claim stands: no longer than it can be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from sceau import ReceivedDisclosure, ReceivedOrder
from sceau.errors import NotFoundError
from sceau.formats.optics.order import load_delivery, load_invoice, load_order
from sceau.roles.acting import ActingParty
from sceau.roles.tasks import TASK_WORDS, Task
from scripts.documents import document
from tests.support.life import UNTIL, Life
from tests.support.posting import connected
from tests.support.stage import Stage


def asked(role: ActingParty) -> list[Task | None]:
    """What the messages ask, once what was sent came."""
    assert role.sync().problems == ()
    return [each.task for each in role.inbox().listed()]


@pytest.fixture
def life(stage: Stage, tmp_path: Path) -> Life:
    return connected(stage.opened, tmp_path / "exchange")


def read(role: ActingParty, kind: type) -> object:
    return next(each.received for each in role.inbox().listed() if isinstance(each.received, kind))


def test_each_message_asks_for_what_comes_next_until_it_is_done(life: Life) -> None:
    shop, payer, maker = life.practice, life.payer, life.supplier
    shop.show(life.claim, clause="minimal")
    shop.sync()
    assert asked(payer) == [Task.DECIDE]
    shown = read(payer, ReceivedDisclosure)
    assert isinstance(shown, ReceivedDisclosure)
    payer.authorise(payer.verify(shown), valid_until=UNTIL).wait(30)
    assert asked(payer) == [None]
    assert asked(shop) == [Task.ORDER]
    shop.order(life.claim, load_order(document("order")), supplier=maker.party).wait(30)
    assert asked(shop) == [None]
    assert asked(maker) == [Task.DELIVER]
    order = read(maker, ReceivedOrder)
    assert isinstance(order, ReceivedOrder)
    maker.answer(order)
    maker.deliver(order, load_delivery(document("delivery")), tell=True).wait(30)
    assert asked(maker) == [None]
    assert asked(shop) == [None, None, Task.INVOICE]
    shop.invoice(life.claim, load_invoice(document("invoice"))).wait(30)
    shop.show(life.claim, clause="minimal")
    assert asked(shop) == [None, None, None]
    assert asked(payer) == [None, Task.SETTLE]


def test_an_order_that_is_refused_asks_for_another_and_a_replaced_one_for_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    life = connected(stage.authorised, tmp_path / "exchange")
    shop, maker = life.practice, life.supplier
    shop.order(life.claim, load_order(document("order")), supplier=maker.party).wait(30)
    shop.sync()
    asked(maker)
    order = read(maker, ReceivedOrder)
    assert isinstance(order, ReceivedOrder)
    maker.answer(order, refuse_because="OTHER")
    maker.sync()
    assert asked(shop) == [Task.ORDER_AGAIN]
    values = {**load_order(document("order")), "order.reason": "CORRECTION"}
    shop.remake(life.claim, values, supplier=maker.party).wait(30)
    assert asked(shop) == [None]
    assert asked(maker) == [None, Task.DELIVER]


def test_only_what_asks_for_nothing_is_cleared(life: Life) -> None:
    shop, payer = life.practice, life.payer
    shop.show(life.claim, clause="minimal")
    shop.justify(life.claim, "renewal-too-early", "OTHER")
    shop.sync()
    assert asked(payer) == [Task.DECIDE, Task.CONSIDER]
    inbox = payer.inbox()
    inbox.clear(inbox.listed())
    assert len(inbox) == 2
    shop.cancel(life.claim, reason="PATIENT").wait(30)
    assert asked(payer) == [None, None]
    inbox.clear(inbox.listed())
    assert len(inbox) == 0


def test_a_person_says_that_a_message_is_done_by_its_identifier_alone(life: Life) -> None:
    life.practice.show(life.claim, clause="minimal")
    life.practice.sync()
    assert asked(life.payer) == [Task.DECIDE]
    inbox = life.payer.inbox()
    with pytest.raises(NotFoundError):
        inbox.done("1:nothing")
    (listed,) = inbox.listed()
    inbox.done(listed.key)
    assert len(inbox) == 0
    with pytest.raises(NotFoundError):
        inbox.done(listed.key)


def test_every_task_has_words_in_both_languages() -> None:
    assert set(TASK_WORDS) == set(Task)
    assert all(words.en != words.fr for words in TASK_WORDS.values())
