# SPDX-License-Identifier: Apache-2.0
"""A shop answers one request at a time, keeps no other shop waiting, and goes on whatever its post meets."""

from __future__ import annotations

import asyncio
from threading import Event, Thread
from typing import Any

import pytest
from anyio import to_thread

from sceau import Practice
from sceau.chain.errors import NodeUnreachable
from sceau.gateway.app import application
from sceau.gateway.asking import Served
from sceau.gateway.clients import Clients, Rate
from sceau.gateway.errors import RoleDiffers, ShopBusy
from sceau.gateway.shops import MOST_REQUESTS, Shop, Shops, Syncing
from sceau.roles.errors import StoreMissing
from sceau.roles.payer import Payer
from sceau.roles.posting import SyncReport
from sceau.store import LocalStore
from tests.client.gateway.running import until
from tests.support.deployed import Deployed


def practice(chain: Deployed) -> Practice:
    return Practice(chain.network, chain.signers["practice"], store=LocalStore(None), queues=True)


def test_eight_requests_wait_and_no_more(chain: Deployed) -> None:
    shop = Shop("shop", "practice", lambda: practice(chain), 3_600)
    begun, done, held, refused = [0], Event(), list[int](), list[int]()

    def ask(number: int) -> None:
        begun[0] += 1
        try:
            with shop.turn():
                held.append(number)
                done.wait(60)
        except ShopBusy:
            refused.append(number)

    threads = [Thread(target=ask, args=(number,)) for number in range(12)]
    for each in threads:
        each.start()
    until(lambda: len(refused), lambda count: count == 4)
    assert len(held) == 1
    done.set()
    for each in threads:
        each.join()
    assert sorted(held + refused) == list(range(12))
    assert len(held) == 8
    with shop.turn():
        pass


def test_what_waits_as_the_gateway_ends_is_refused(chain: Deployed) -> None:
    """Each would wait for a silent node, one after the other."""
    shop = Shop("shop", "practice", lambda: practice(chain), 3_600)
    held, done, told = Event(), Event(), list[str]()

    def hold() -> None:
        with shop.turn():
            held.set()
            done.wait(60)
            told.append("done")

    def wait() -> None:
        try:
            with shop.turn():
                told.append("begun")
        except ShopBusy:
            told.append("refused")

    threads = [Thread(target=hold), *(Thread(target=wait) for _ in range(3))]
    threads[0].start()
    assert held.wait(60)
    for each in threads[1:]:
        each.start()
    shop.end()
    done.set()
    for each in threads:
        each.join()
    assert told == ["done", *["refused"] * 3]
    shop.close()


def test_there_is_a_thread_for_each_request() -> None:
    """A shop whose node is silent holds eight; AnyIO's own forty are taken by five of them."""
    app = application(Served(Clients([]), Shops({}, 1), Rate(1)))

    async def threads() -> float:
        async with app.router.lifespan_context(app):
            return to_thread.current_default_thread_limiter().total_tokens

    assert asyncio.run(threads()) == MOST_REQUESTS


def test_a_failed_request_leaves_its_turn(chain: Deployed) -> None:
    shop = Shop("shop", "practice", lambda: practice(chain), 3_600)
    for _ in range(20):
        with pytest.raises(ZeroDivisionError), shop.turn():
            _ = 1 // 0
    with shop.turn():
        pass


def test_a_shop_acts_in_its_own_role_and_has_a_store(chain: Deployed) -> None:
    shop = Shop("shop", "practice", lambda: practice(chain), 3_600)
    assert isinstance(shop.acting_as(Practice), Practice)
    with pytest.raises(RoleDiffers):
        shop.acting_as(Payer)
    with pytest.raises(StoreMissing):
        Shop("shop", "practice", lambda: Practice(chain.network, chain.signers["practice"]), 3_600)


class Troubled:
    """A party whose post fails in two ways before it succeeds."""

    def __init__(self) -> None:
        self.turns: list[Any] = [NodeUnreachable(url="-", why="-"), ValueError("a value"), SyncReport(sent=1)]
        self.closed = 0

    def sync(self, _: float) -> SyncReport:
        turn = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
        if isinstance(turn, SyncReport):
            return turn
        raise turn

    def close(self) -> None:
        self.closed += 1


def test_the_post_goes_on_whatever_it_meets(caplog: pytest.LogCaptureFixture) -> None:
    party = Troubled()
    syncing = Syncing("shop", lambda: party, 0.01)  # type: ignore[arg-type,return-value] # as much of one as is asked
    syncing.start()
    until(lambda: syncing.report, lambda report: report is not None)
    syncing.stop()
    assert (syncing.report, syncing.trouble) == (SyncReport(sent=1), None)
    assert party.closed == 1
    # Its error may hold what a message says.
    assert "a value" not in caplog.text
    assert "ValueError" in caplog.text
