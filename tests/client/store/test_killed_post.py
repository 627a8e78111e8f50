# SPDX-License-Identifier: Apache-2.0
"""Processes that send and receive messages, killed at any point: each message is received once, with one receipt."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sceau import Payer, Practice
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.messages import outgoing
from sceau.messages.mailbox import Mailbox
from sceau.messages.transport import ExchangeFolder
from sceau.roles.acting import ActingParty
from sceau.store import Kind
from tests.client.store.conftest import Home
from tests.support.life import Life
from tests.support.stage import Stage

#: So many processes are killed here; ``python -m tests.kill_outbox`` kills more. On a server a process takes longer to
#: start, and the code is the same.
KILLS = {True: 150, False: 24}
#: So many messages are on their way at once.
BATCH = 3


class Place:
    """The programs of two parties, each started anew over its own store and the folder between them."""

    def __init__(self, life: Life, homes: Callable[[], Home], exchange: Path) -> None:
        self.life = life
        self._homes = {"practice": homes(), "payer": homes()}
        self.exchange = exchange
        exchange.mkdir()

    @property
    def on_sqlite(self) -> bool:
        return self._homes["payer"].on_sqlite

    def started(self, name: str) -> ActingParty:
        """A party's program as a process of its own starts it: nothing is shared with another one."""
        chain, published = self.life.chain, self.life.published
        network = Network(Node(chain.url), chain.network.manifest)
        party, store = chain.party(name), self._homes[name].open()
        kind: type[ActingParty] = {"practice": Practice, "payer": Payer}[name]
        return kind(
            network,
            chain.signers[name],
            party=party,
            store=store,
            mailbox=Mailbox(network, party, published.keys[name], published.directory, store),
            transport=ExchangeFolder(self.exchange, party),
        )

    def run(self, name: str, work: Callable[[ActingParty], object]) -> None:
        """Runs some work of a party to its end, and closes its store: a process that forks must hold none open."""
        role = self.started(name)
        try:
            work(role)
        finally:
            role.store.close()  # type: ignore[attr-defined]

    def killed(self, name: str, seconds: float) -> bool:
        """Starts a party's sync and kills it after a time; whether it did not end before."""
        child = os.fork()
        if child == 0:
            try:
                self.started(name).sync()
            finally:
                os._exit(0)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_a_message_is_received_once_with_one_receipt_whatever_is_killed_when(
    stage: Stage, homes: Callable[[], Home], tmp_path: Path
) -> None:
    place = Place(stage.opened, homes, tmp_path / "exchange")
    assert kill_post(place, kills=KILLS[place.on_sqlite], seed=20261130) > BATCH


def kill_post(place: Place, *, kills: int, seed: int) -> int:
    """Kills so many processes that send and fetch; looks at both stores. Gives the number of messages."""
    life = place.life
    sent: list[str] = []

    def queue_some(shop: ActingParty) -> None:
        assert isinstance(shop, Practice)
        for _ in range(BATCH):
            made = shop.justify(life.claim, "renewal-too-early", f"REASON-{len(sent)}")
            sent.append(made.text.draft.id)  # type: ignore[attr-defined]

    def both() -> None:
        for name in ("practice", "payer", "practice"):
            place.run(name, lambda role: role.sync())

    place.run("practice", queue_some)
    begun = time.monotonic()
    both()
    lasts = (time.monotonic() - begun) / 3
    chance = random.Random(seed)
    killed = lives = 0
    while killed < kills:
        if lives % 8 == 0:
            place.run("practice", queue_some)
        killed += place.killed(chance.choice(("practice", "payer")), chance.uniform(0, lasts))
        lives += 1
    both()
    both()

    def check_payer(payer: ActingParty) -> None:
        received = [key for key, _ in payer.store.of_kind(Kind.MESSAGE)]
        assert sorted(received) == sorted(f"{life.practice.party}:{id_}" for id_ in sent)
        assert sorted(key for key, _ in payer.store.of_kind(Kind.UNHANDLED)) == sorted(received)
        receipts = [stored["draft"]["body"] for _, stored in payer.store.of_kind(Kind.OUTGOING)]
        assert sorted(each["message"] for each in receipts) == sorted(sent)
        assert list(outgoing.deliveries(payer.store)) == []

    def check_shop(shop: ActingParty) -> None:
        assert list(outgoing.deliveries(shop.store)) == []
        assert all(stored["receipt"] for _, stored in shop.store.of_kind(Kind.OUTGOING))

    place.run("payer", check_payer)
    place.run("practice", check_shop)
    assert list(place.exchange.rglob("*.sceau")) == []
    return len(sent)
