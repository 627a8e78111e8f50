# SPDX-License-Identifier: Apache-2.0
"""Processes that send and receive messages, killed at any point: each message is received once, with one receipt.

Disclosures that were wanted without a node are among them: each is made once its step stands, and given once.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sceau import Payer, Practice, ReceivedDisclosure, load_quote
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.messages import outgoing
from sceau.messages.intended import intentions
from sceau.messages.mailbox import Mailbox
from sceau.messages.transport import ExchangeFolder
from sceau.roles.acting import ActingParty
from sceau.roles.errors import DisclosureQueued
from sceau.store import Kind, LocalStore
from scripts.documents import document
from tests.client.store.conftest import Home
from tests.support.life import Life
from tests.support.opened_claims import opened
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

    def started(self, name: str, *, online: bool = True) -> ActingParty:
        """A party's program as a process of its own starts it: nothing is shared with another one."""
        chain, published = self.life.chain, self.life.published
        manifest = chain.network.manifest
        network = (
            Network(Node(chain.url), manifest)
            if online
            else Network.later([Node("http://127.0.0.1:9")], manifest)
        )
        party, store = chain.party(name), self._homes[name].open()
        kind: type[ActingParty] = {"practice": Practice, "payer": Payer}[name]
        return kind(
            network,
            chain.signers[name],
            party=party,
            store=store,
            mailbox=Mailbox(network, party, published.keys[name], published.directory, store),
            transport=ExchangeFolder(self.exchange, party),
            queues=True,
        )

    def run(self, name: str, work: Callable[[ActingParty], object], *, online: bool = True) -> None:
        """Runs some work of a party to its end, and closes its store: a process that forks must hold none open."""
        role = self.started(name, online=online)
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


class Sent:
    """What a practice tells a payer, as it is told more and more: by identifier, and by claim what was only wanted."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._life = place.life
        self.messages: list[str] = []
        self.wanted: list[str] = []

    def more(self) -> None:
        """Queues some messages and, without a node, the opening of a claim and a disclosure of it."""
        self._place.run("practice", self._justify)
        self._place.run("practice", self._want, online=False)

    def _justify(self, shop: ActingParty) -> None:
        assert isinstance(shop, Practice)
        for _ in range(BATCH):
            made = shop.justify(self._life.claim, "renewal-too-early", f"REASON-{len(self.messages)}")
            self.messages.append(made.text.draft.id)  # type: ignore[attr-defined]

    def _want(self, shop: ActingParty) -> None:
        assert isinstance(shop, Practice)
        quote = {**load_quote(document("quote")), "pec.number": f"KILLED{len(self.wanted)}"}
        claim = shop.open_claim("fr-optical-quote", quote, payer=self._life.payer.party).claim
        self.wanted.append(claim)
        with pytest.raises(DisclosureQueued):
            shop.show(claim, clause="minimal")

    def check_shop(self, shop: ActingParty) -> None:
        """Everything left once, and was confirmed; it says under which identifiers what was wanted left."""
        assert list(outgoing.deliveries(shop.store)) == []
        assert isinstance(shop.store, LocalStore)
        assert intentions(shop.store) == []
        left = [stored for _, stored in shop.store.of_kind(Kind.OUTGOING)]
        assert all(stored["receipt"] for stored in left)
        self.messages += [each["draft"]["id"] for each in left if each["draft"]["kind"] == "disclosure"]

    def check_payer(self, payer: ActingParty) -> None:
        """Everything came once, and was answered by one receipt."""
        assert isinstance(payer, Payer)
        received = [key for key, _ in payer.store.of_kind(Kind.MESSAGE)]
        assert sorted(received) == sorted(f"{self._life.practice.party}:{id_}" for id_ in self.messages)
        assert sorted(key for key, _ in payer.store.of_kind(Kind.UNHANDLED)) == sorted(received)
        receipts = [stored["draft"]["body"] for _, stored in payer.store.of_kind(Kind.OUTGOING)]
        assert sorted(each["message"] for each in receipts) == sorted(self.messages)
        assert list(outgoing.deliveries(payer.store)) == []
        shown = [each.claim for each in payer.inbox() if isinstance(each, ReceivedDisclosure)]
        assert sorted(shown) == sorted(self.wanted)

    def check_chain(self) -> None:
        """Each claim was opened once."""
        stands = opened(self._life.chain)
        assert [stands.count(claim) for claim in self.wanted] == [1] * len(self.wanted)


def kill_post(place: Place, *, kills: int, seed: int) -> int:
    """Kills so many processes that send and fetch; looks at both stores. Gives the number of messages."""
    sent = Sent(place)

    def both() -> None:
        for name in ("practice", "payer", "practice"):
            place.run(name, lambda role: role.sync())

    both()
    sent.more()
    # What writes waits for a block.
    writes = _seconds(lambda: place.run("practice", lambda shop: shop.sync()))
    lasts = _seconds(both) / 3
    chance = random.Random(seed)
    killed = lives = 0
    while killed < kills:
        if lives % 8 == 0:
            sent.more()
            killed += place.killed("practice", chance.uniform(0, writes))
        else:
            killed += place.killed(chance.choice(("practice", "payer")), chance.uniform(0, lasts))
        lives += 1
    both()
    both()
    place.run("practice", sent.check_shop)
    place.run("payer", sent.check_payer)
    assert list(place.exchange.rglob("*.sceau")) == []
    sent.check_chain()
    return len(sent.messages)


def _seconds(work: Callable[[], None]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun
