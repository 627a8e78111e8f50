# SPDX-License-Identifier: Apache-2.0
"""Writes that wait in the outbox: off line a practice goes on, and everything is written in order, once."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from sceau import (
    LocalStore,
    Payer,
    Practice,
    ReceivedDisclosure,
    WriteState,
    load_invoice,
    load_order,
    load_quote,
)
from sceau.chain.contract_errors import ClaimStepIllegal
from sceau.chain.errors import EntryStopped, WriteQueued
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.registries.consents import read_state
from sceau.claim.errors import NoOrder
from sceau.claim.history import read_history
from sceau.messages.mailbox import Mailbox
from sceau.roles.errors import AuthorisationMissing, ConsentDropped, DisclosureQueued, PartyOfAnotherRole
from sceau.store.entry import EntryState
from sceau.terms import Step
from scripts.documents import document
from tests.support.deployed import Deployed
from tests.support.faulty_node import Asked, faulty
from tests.support.mailboxes import publish
from tests.support.posting import with_exchange
from tests.support.stage import Stage

WAIT = 60
NOWHERE = "http://127.0.0.1:9"


def practice_of(
    chain: Deployed, store: LocalStore, *, online: bool, mailbox: Mailbox | None = None
) -> Practice:
    """The practice as another process opens it, with a node or without one."""
    manifest = chain.network.manifest
    network = Network.connect(chain.url, manifest) if online else Network.later([Node(NOWHERE)], manifest)
    return Practice(network, chain.signers["practice"], store=store, mailbox=mailbox, queues=True)


def opened(shop: Practice, chain: Deployed, number: int = 0, **more: str) -> str:
    quote = {**load_quote(document("quote")), "pec.number": f"PEC{number}"}
    handle = shop.open_claim(
        "fr-optical-quote",
        quote,
        payer=chain.party("payer"),
        **more,  # type: ignore[arg-type] # as named
    )
    return handle.claim


def drained(shop: Practice) -> None:
    report = shop.sync(WAIT)
    assert (report.problems, report.queued) == ((), 0)


def steps_of(chain: Deployed, claim: str) -> list[Step]:
    network = Network.connect(chain.url, chain.network.manifest)
    return [each.step for each in read_history(network, claim, block=network.head().number).steps]


def test_with_a_node_a_verb_writes_at_once(chain: Deployed) -> None:
    shop = practice_of(chain, LocalStore(None), online=True)
    handle = shop.open_claim("fr-optical-quote", load_quote(document("quote")), payer=chain.party("payer"))
    assert handle.wait(WAIT).hash == handle.hash
    assert handle.state is WriteState.WRITTEN
    assert steps_of(chain, handle.claim) == [Step.OPEN]
    with pytest.raises(NoOrder):
        shop.invoice(handle.claim, load_invoice(document("invoice")))
    shop.cancel(handle.claim, reason="PATIENT").wait(WAIT)
    with pytest.raises(ClaimStepIllegal):
        shop.cancel(handle.claim, reason="OTHER").wait(WAIT)
    # What was refused is forgotten: it stands before nothing.
    assert shop._queue is not None
    assert shop._queue.outbox.condition().unfinished == 0


def test_a_day_off_line_is_written_in_order_and_once(chain: Deployed, tmp_path: Path) -> None:
    published, exchange = publish(chain, "practice", "payer"), tmp_path / "exchange"
    (tmp_path / "store").mkdir()
    exchange.mkdir()
    store = LocalStore(tmp_path / "store")
    assert practice_of(chain, store, online=True).party == chain.party("practice")

    def program(*, online: bool) -> Practice:
        mailbox = published.mailbox("practice", store)
        return with_exchange(practice_of(chain, store, online=online, mailbox=mailbox), exchange)

    shop = program(online=False)
    claims = [opened(shop, chain, number) for number in range(100)]
    cancelled, shown = claims[::20], claims[1::10]
    for claim in shown:
        with pytest.raises(DisclosureQueued):
            shop.show(claim, clause="minimal")
    for claim in cancelled:
        handle = shop.cancel(claim, reason="PATIENT")
        assert (handle.state, handle.hash) == (WriteState.QUEUED, "")
        with pytest.raises(WriteQueued):
            handle.wait(0)
    sent = chain.sent_by(chain.signers["practice"].address)
    store = LocalStore(tmp_path / "store")
    drained(program(online=True))
    drained(program(online=True))
    for claim in claims:
        assert steps_of(chain, claim) == [Step.OPEN, *([Step.CANCEL] if claim in cancelled else [])]
    assert chain.sent_by(chain.signers["practice"].address) == sent + 100 + len(cancelled)
    assert len(set(claims)) == 100
    payers = LocalStore(None)
    mailbox = published.mailbox("payer", payers)
    payer = Payer(chain.network, chain.signers["payer"], store=payers, mailbox=mailbox)
    assert with_exchange(payer, exchange).sync().received == len(shown)
    received = [each.claim for each in payer.inbox() if isinstance(each, ReceivedDisclosure)]
    assert sorted(received) == sorted(shown)


def test_order_and_invoice_need_no_node_where_the_authorisation_was_received(stage: Stage) -> None:
    life, chain = stage.authorised, stage.chain
    store = life.practice.store
    assert isinstance(store, LocalStore)
    assert practice_of(chain, store, online=True).party == chain.party("practice")
    shop = practice_of(chain, store, online=False, mailbox=life.mailboxes["practice"])
    shop.order(life.claim, load_order(document("order")), supplier=chain.party("supplier"))
    shop.invoice(life.claim, load_invoice(document("invoice")))
    drained(practice_of(chain, store, online=True))
    assert steps_of(chain, life.claim) == [Step.OPEN, Step.AUTHORISE, Step.ORDER, Step.INVOICE]


def test_without_an_authorisation_nothing_is_ordered_off_line(stage: Stage) -> None:
    life, chain = stage.opened, stage.chain
    store = life.practice.store
    assert isinstance(store, LocalStore)
    assert practice_of(chain, store, online=True).party == chain.party("practice")
    shop = practice_of(chain, store, online=False)
    with pytest.raises(AuthorisationMissing):
        shop.order(life.claim, load_order(document("order")), supplier=chain.party("supplier"))
    assert shop._queue is not None
    assert shop._queue.outbox.condition().unfinished == 0


def test_what_was_assumed_of_a_party_is_looked_at_before_anything_is_sent(chain: Deployed) -> None:
    """The contract takes any number for a payer: the client does not, neither now nor later."""
    store = LocalStore(None)
    assert practice_of(chain, store, online=True).party == chain.party("practice")
    shop = practice_of(chain, store, online=False)
    quote = load_quote(document("quote"))
    shop.open_claim("fr-optical-quote", quote, payer=chain.party("supplier"))
    again = practice_of(chain, store, online=True)
    assert again._queue is not None
    done = again._queue.sender().drain(WAIT)
    assert [type(why) for _, why in done.stopped] == [PartyOfAnotherRole]
    assert again._queue.outbox.condition().entries == {EntryState.STOPPED: 1}
    with pytest.raises(PartyOfAnotherRole):
        again.open_claim("fr-optical-quote", quote, payer=chain.party("supplier"))


def test_a_queued_consent_that_is_withdrawn_is_never_sent(stage: Stage) -> None:
    chain, signed, request = stage.chain, *stage.round.consent(record=False)[::-1]
    store = LocalStore(None)
    assert practice_of(chain, store, online=True).party == chain.party("practice")
    shop = practice_of(chain, store, online=False)
    assert shop.record_consent(signed, request).state is WriteState.QUEUED
    opened(shop, chain, consent=signed.consent)
    with pytest.raises(ConsentDropped):
        shop.withdraw_consent(signed.consent)
    again = practice_of(chain, store, online=True)
    # The patient was told so: a program that asks again, or late, changes nothing of it.
    with pytest.raises(ConsentDropped):
        again.record_consent(signed, request)
    with pytest.raises(ConsentDropped):
        again.withdraw_consent(signed.consent)
    assert again._queue is not None
    done = again._queue.sender().drain(WAIT)
    assert not done.mined
    assert [each.call.function for each, _ in done.stopped] == ["open"]


def test_a_claim_waits_for_its_consent(stage: Stage) -> None:
    chain, signed, request = stage.chain, *stage.round.consent(record=False)[::-1]
    store = LocalStore(None)
    assert practice_of(chain, store, online=True).party == chain.party("practice")
    shop = practice_of(chain, store, online=False)
    shop.record_consent(signed, request)
    claim = opened(shop, chain, consent=signed.consent)
    drained(practice_of(chain, store, online=True))
    assert steps_of(chain, claim) == [Step.OPEN]


def test_what_waits_for_an_entry_that_stopped_says_so_at_once(chain: Deployed) -> None:
    """Nothing goes on before somebody retries or drops that entry: to wait is in vain."""
    store = LocalStore(None)
    assert practice_of(chain, store, online=True).party == chain.party("practice")
    shop = practice_of(chain, store, online=False)
    quote = load_quote(document("quote"))
    claim = shop.open_claim("fr-optical-quote", quote, payer=chain.party("supplier")).claim
    cancelled = shop.cancel(claim, reason="PATIENT")
    with pytest.raises(WriteQueued) as refused:
        cancelled.wait(0)
    assert not isinstance(refused.value.details["why"], EntryStopped)
    assert [each.code for each in practice_of(chain, store, online=True).sync(WAIT).problems] == [
        "entry-stopped"
    ]
    with pytest.raises(WriteQueued) as refused:
        cancelled.wait(WAIT)
    assert isinstance(refused.value.details["why"], EntryStopped)


def test_a_process_that_did_not_hear_the_refusal_raises_the_contracts_own_error(
    chain: Deployed, tmp_path: Path
) -> None:
    (tmp_path / "store").mkdir()
    cut = Event()

    def cut_off(asked: Asked) -> None:
        if cut.is_set():
            asked.hang_up()
        else:
            asked.answer()

    with faulty(chain.url, cut_off) as url:
        network = Network.connect(url, chain.network.manifest)
        shop = Practice(network, chain.signers["practice"], store=LocalStore(tmp_path / "store"), queues=True)
        claim = opened(shop, chain)
        drained(shop)
        cut.set()
        cancelled = shop.cancel(claim, reason="PATIENT")
        assert cancelled.hash == ""
        elsewhere = practice_of(chain, LocalStore(None), online=True)
        elsewhere.cancel(claim, reason="OTHER").wait(WAIT)
        report = practice_of(chain, LocalStore(tmp_path / "store"), online=True).sync(WAIT)
        assert [each.code for each in report.problems] == ["entry-stopped"]
        cut.clear()
        with pytest.raises(ClaimStepIllegal) as refused:
            cancelled.wait(WAIT)
    assert refused.value.details["claim"] == claim
    assert [refused.value.details[part].code for part in ("state", "step")] == ["cancelled", "cancelled"]
    assert cancelled.state is WriteState.REFUSED


def test_a_key_that_serves_two_roles_sends_what_either_wanted(stage: Stage) -> None:
    chain, signed, request = stage.chain, *stage.round.consent(record=False)[::-1]
    store = LocalStore(None)
    assert practice_of(chain, store, online=True).party == chain.party("practice")
    shop = practice_of(chain, store, online=False)
    shop.record_consent(signed, request)
    network = Network.connect(chain.url, chain.network.manifest)
    payer = Payer(network, chain.signers["practice"], store=store, queues=True)
    report = payer.sync(WAIT)
    assert (report.written, report.queued, report.problems) == (1, 0, ())
    assert read_state(network, signed.consent).recorder == chain.party("practice")
