# SPDX-License-Identifier: Apache-2.0
"""Disclosures that are wanted off line: each is made when its step stands, as policy and consent are then, once."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from sceau import LocalStore, Practice, ReceivedDisclosure, Step, load_policy, load_quote
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.signer import Signer
from sceau.consent.revocation import relay, sign_revocation_of
from sceau.consent.signing import SignedConsent, sign_consent
from sceau.disclosure.errors import ConsentNeeded, ConsentNotInForce
from sceau.errors import NodeError
from sceau.messages import outgoing
from sceau.messages.errors import ReaderNotNamed
from sceau.messages.intended import Intention, intentions, made
from sceau.policy.errors import PathNotAllowed
from sceau.roles import disclosing
from sceau.roles.errors import DisclosureQueued, EntryNotStopped, EntryUnknown
from sceau.roles.posting import SyncReport
from sceau.store import Kind
from sceau.store.backup import back_up, restore
from sceau.store.erasing import Copies
from scripts.documents import document
from tests.support.life import Life
from tests.support.posting import connected, files, with_exchange
from tests.support.round import GROUPS
from tests.support.stage import Stage

WAIT = 60
DAY = 86_400
#: Longer than an ended claim may still be marked.
QUIET = 91 * DAY


class Shop:
    """A practice that loses its node and gets it back: each program over the same store and exchange."""

    def __init__(self, stage: Stage, exchange: Path) -> None:
        self.life: Life = connected(stage.opened, exchange)
        self.chain, self.exchange = stage.chain, exchange
        store = self.life.practice.store
        assert isinstance(store, LocalStore)
        self.store = store
        self.payer = self.life.payer
        assert self.on_line.party == self.chain.party("practice")

    @property
    def on_line(self) -> Practice:
        return self.program()

    @property
    def off_line(self) -> Practice:
        return self.program(online=False)

    def program(self, *, online: bool = True, policies: Path | None = None) -> Practice:
        manifest = self.chain.network.manifest
        network = (
            Network.connect(self.chain.url, manifest)
            if online
            else Network.later([Node("http://127.0.0.1:9")], manifest)
        )
        shop = Practice(
            network,
            self.chain.signers["practice"],
            store=self.store,
            mailbox=self.life.mailboxes["practice"],
            queues=True,
            policies=policies,
        )
        return with_exchange(shop, self.exchange)

    def opened(self, number: int = 0, **more: str) -> str:
        """A claim that is opened off line."""
        quote = {**load_quote(document("quote")), "pec.number": f"PEC{number}"}
        handle = self.off_line.open_claim("fr-optical-quote", quote, payer=self.payer.party, **more)  # type: ignore[arg-type] # as named
        return handle.claim

    def consented(self) -> tuple[Signer, SignedConsent]:
        """A consent that is asked for, signed and recorded off line."""
        key, shop = Signer.generate(), self.off_line
        signed = sign_consent(shop.request_consent(payer=self.payer.party, groups=GROUPS), key)
        shop.record_consent(signed)
        return key, signed

    @property
    def waiting(self) -> list[Intention]:
        return intentions(self.store)

    def left(self) -> list[Path]:
        """What lies there for the payer."""
        return files(self.exchange, f"{self.on_line.party}-to-{self.payer.party}")

    def received(self) -> list[ReceivedDisclosure]:
        """What the payer receives now."""
        self.payer.sync()
        return [each for each in self.payer.inbox() if isinstance(each, ReceivedDisclosure)]


@pytest.fixture
def shop(stage: Stage, tmp_path: Path) -> Shop:
    return Shop(stage, tmp_path / "exchange")


def queued(show: Callable[[], object]) -> None:
    with pytest.raises(DisclosureQueued) as refused:
        show()
    assert (refused.value.exit_code, refused.value.code) == (6, "disclosure-queued")


def codes(report: SyncReport) -> list[str]:
    return [each.code for each in report.problems]


def test_what_is_wanted_off_line_is_made_and_received_once_its_step_stands(shop: Shop) -> None:
    claim = shop.opened()
    for _ in range(2):
        queued(lambda: shop.off_line.show(claim, clause="minimal"))
    (wanted,) = shop.waiting
    assert (wanted.claim, wanted.payer, wanted.reason) == (claim, shop.payer.party, None)
    report = shop.off_line.sync(1)
    assert (report.offline, report.sent, report.waiting) == (True, 0, 1)
    report = shop.on_line.sync(WAIT)
    assert (report.written, report.sent, report.waiting, report.problems) == (1, 1, 1, ())
    assert shop.waiting == []
    (received,) = shop.received()
    assert (received.claim, received.step) == (claim, Step.OPEN)
    assert shop.payer.verify(received).reasons == ()
    # It is over: neither another synchronisation nor the same wish again sends a second one before it is confirmed.
    shop.on_line.show(claim, clause="minimal")
    report = shop.on_line.sync(WAIT)
    assert (report.sent, report.waiting) == (0, 0)


def test_with_a_node_a_disclosure_waits_for_a_step_that_is_on_its_way(shop: Shop) -> None:
    with shop.chain.without_blocks():
        quote = load_quote(document("quote"))
        claim = shop.on_line.open_claim("fr-optical-quote", quote, payer=shop.payer.party).claim
        queued(lambda: shop.on_line.show(claim, clause="minimal"))
        shop.on_line.sync(0)
        assert (len(shop.waiting), shop.left()) == (1, [])
    assert shop.on_line.sync(WAIT).sent == 1


def test_without_an_outbox_or_a_stored_step_nothing_waits(shop: Shop) -> None:
    claim = shop.opened()
    (opened,) = shop.off_line.steps(claim, Step.OPEN)
    ask = {"payer": shop.payer.party, "clause": "minimal"}
    with pytest.raises(NodeError):
        shop.off_line.disclose(opened.record, **ask)  # type: ignore[arg-type] # as named
    other = shop.program(online=False)
    other._store = LocalStore(None)
    other._party = shop.on_line.party
    with pytest.raises(NodeError):
        other.disclose(opened.record, later=True, **ask)  # type: ignore[arg-type] # as named
    assert shop.waiting == []
    queued(lambda: shop.off_line.disclose(opened.record, later=True, **ask))  # type: ignore[arg-type] # as named
    assert len(shop.waiting) == 1


def test_what_can_be_known_without_a_node_is_refused_at_once(shop: Shop) -> None:
    _, signed = shop.consented()
    claim, plain = shop.opened(consent=signed.consent), shop.opened()
    with pytest.raises(ReaderNotNamed):
        shop.off_line.shown(claim, clause="minimal", payer=shop.chain.party("other_payer"), later=True)
    with pytest.raises(PathNotAllowed):
        shop.off_line.show(claim, clause="minimal", paths=["right.sphere"])
    with pytest.raises(ConsentNeeded):
        shop.off_line.show(plain, clause="detailed")
    assert shop.waiting == []


def test_a_record_that_is_shown_under_another_payer_s_number_is_never_sent(shop: Shop) -> None:
    """Where the opening is not stored, the chain alone knows the payer: it is asked before anything is built."""
    claim = shop.opened()
    queued(lambda: shop.off_line.show(claim, clause="minimal"))
    (wanted,) = shop.waiting
    wrong = {**wanted.document(), "payer": shop.chain.party("other_payer")}
    shop.store.put(Kind.INTENTION, wanted.about, wrong, claim=claim)
    assert codes(shop.on_line.sync(WAIT)) == ["reader-not-named"]
    assert [path for path in shop.exchange.rglob("*") if path.is_file()] == []


def revoked(shop: Shop, key: Signer, signed: SignedConsent) -> None:
    registry = shop.on_line._request(signed.commitment).registry
    revocation = sign_revocation_of(signed.commitment, key, registry)
    relay(shop.chain.network, shop.chain.signers["stranger"], revocation).wait(30)


def expired(shop: Shop, key: Signer, signed: SignedConsent) -> None:
    del key
    shop.chain.sleep(signed.expires_at - shop.chain.now)


@pytest.mark.parametrize("ended", [revoked, expired])
def test_a_consent_that_ended_meanwhile_ends_the_intention(
    shop: Shop, ended: Callable[[Shop, Signer, SignedConsent], None]
) -> None:
    key, signed = shop.consented()
    claim = shop.opened(consent=signed.consent)
    queued(lambda: shop.off_line.show(claim, clause="detailed"))
    shop.on_line.queue.sync(WAIT)
    ended(shop, key, signed)
    report = shop.on_line.sync(WAIT)
    assert "consent-not-in-force" in codes(report)
    (stopped,) = shop.waiting
    assert stopped.reason is not None
    assert stopped.reason["code"] == "consent-not-in-force"
    # It is told once; it stays where people see it, until they give it up.
    assert "consent-not-in-force" not in codes(shop.on_line.sync(WAIT))
    sent = [stored["draft"]["kind"] for _, stored in shop.store.of_kind(Kind.OUTGOING)]
    assert "disclosure" not in sent
    shop.on_line.queue.drop(stopped.id)
    assert shop.waiting == []


def test_a_consent_that_this_party_saw_revoked_is_refused_without_a_node(shop: Shop) -> None:
    key, signed = shop.consented()
    claim = shop.opened(consent=signed.consent)
    shop.on_line.sync(WAIT)
    revoked(shop, key, signed)
    shop.on_line.sync(WAIT)
    with pytest.raises(ConsentNotInForce):
        shop.off_line.show(claim, clause="detailed")


def test_a_policy_that_is_not_in_force_any_more_ends_the_intention(shop: Shop, tmp_path: Path) -> None:
    claim, policies = shop.opened(), tmp_path / "policies"
    policies.mkdir()
    queued(lambda: shop.off_line.show(claim, clause="minimal"))
    packaged = load_policy("fr-responsible-contract")
    folder = Path(disclosing.__file__).parents[1] / "policy" / "data"
    written = json.loads((folder / f"{packaged.id}-{packaged.version}.json").read_text("utf-8"))
    # A later version counts from yesterday on, and knows the clause no more.
    version = (datetime.now(timezone.utc).date() - timedelta(days=1)).isoformat()
    clauses = {"less": written["clauses"]["minimal"]}
    written |= {"version": version, "valid_from": version, "clauses": clauses}
    (policies / "new.json").write_text(json.dumps(written))
    shop.on_line.queue.sync(WAIT)
    assert codes(shop.program(policies=policies).sync(WAIT)) == ["policy-clause-unknown"]
    (stopped,) = shop.waiting
    # Once it is allowed again, it is made at somebody's word.
    for number in (stopped.id + 1000, 0, -1, 2**63, 10**30):
        with pytest.raises(EntryUnknown):
            shop.on_line.queue.retry(number)
        with pytest.raises(EntryUnknown):
            shop.on_line.queue.drop(number)
    shop.on_line.queue.retry(stopped.id)
    with pytest.raises(EntryNotStopped):
        shop.on_line.queue.retry(stopped.id)
    assert shop.on_line.sync(WAIT).sent == 1


def test_it_goes_with_its_step_and_can_be_given_up(shop: Shop) -> None:
    claim, other = shop.opened(1), shop.opened(2)
    for each in (claim, other):
        queued(lambda each=each: shop.off_line.show(each, clause="minimal"))  # type: ignore[misc] # as bound
    first, second = shop.waiting
    queue = shop.off_line.queue
    (entry, _) = queue.outbox.unfinished()
    queue.drop(entry.id)
    assert shop.waiting == [second]
    queue.drop(second.id)
    with pytest.raises(EntryUnknown):
        queue.drop(first.id)
    report = shop.on_line.sync(WAIT)
    assert (report.written, report.sent, report.waiting) == (1, 0, 0)


def test_it_goes_with_an_erasure_of_its_claim(shop: Shop, tmp_path: Path) -> None:
    claim = shop.opened()
    queued(lambda: shop.off_line.show(claim, clause="minimal"))
    shop.on_line.queue.sync(WAIT)
    shop.on_line.cancel(claim, reason="PATIENT").wait(WAIT)
    shop.chain.sleep(QUIET)
    done = shop.on_line.erase(Copies(tmp_path / "night.backup"), claims=[claim])
    assert done.kept == ()
    assert shop.waiting == []
    assert shop.on_line.sync(WAIT).sent == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
@pytest.mark.parametrize("after", [False, True])
def test_a_process_that_is_killed_where_it_is_made_neither_loses_nor_doubles_it(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    shop = Shop(stage, tmp_path / "exchange")
    (tmp_path / "store").mkdir()
    shop.store = LocalStore(tmp_path / "store")
    assert shop.on_line.party
    claim = shop.opened()
    queued(lambda: shop.off_line.show(claim, clause="minimal"))
    shop.on_line.queue.sync(WAIT)
    shop.store.close()

    def killed(*arguments: object) -> None:
        if after:
            made(*arguments)  # type: ignore[arg-type] # as given
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(disclosing, "made", killed)
    child = os.fork()
    if child == 0:
        try:
            shop.store = LocalStore(tmp_path / "store")
            shop.on_line.sync(WAIT)
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    monkeypatch.undo()
    shop.store = LocalStore(tmp_path / "store")
    assert len(shop.waiting) == (0 if after else 1)
    shop.on_line.sync(WAIT)
    assert len(shop.received()) == 1
    shop.on_line.sync(WAIT)
    assert (shop.waiting, list(outgoing.deliveries(shop.store))) == ([], [])


@pytest.mark.parametrize("ends", [False, True])
def test_a_store_restored_from_before_makes_it_again_and_shows_nothing_more(
    stage: Stage, tmp_path: Path, ends: bool
) -> None:
    shop = Shop(stage, tmp_path / "exchange")
    (tmp_path / "store").mkdir()
    shop.store = LocalStore(tmp_path / "store")
    assert shop.on_line.party
    key, signed = shop.consented()
    claim = shop.opened(consent=signed.consent)
    queued(lambda: shop.off_line.show(claim, clause="detailed"))
    back_up(shop.store, tmp_path / "backup")
    assert shop.on_line.sync(WAIT).sent == 1
    (first,) = shop.received()
    if ends:
        revoked(shop, key, signed)
    keys = shop.store.keys.read()
    assert keys is not None
    (tmp_path / "again").mkdir()
    shop.store = LocalStore(tmp_path / "again")
    shop.store.keys.create(keys)
    restore(tmp_path / "backup", shop.store)
    shop.on_line.sync(WAIT)
    again = [each.disclosure for each in shop.received()]
    assert len(again) == (0 if ends else 1)
    for each in again:
        assert each.multiproof == first.disclosure.multiproof
        assert (each.root, each.recipient) == (first.disclosure.root, shop.payer.party)


def test_two_programs_that_make_it_at_once_send_one(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = shop.opened()
    queued(lambda: shop.off_line.show(claim, clause="minimal"))
    shop.on_line.queue.sync(WAIT)

    def second_first(*arguments: object) -> bool:
        monkeypatch.undo()
        assert shop.on_line.sync(WAIT).sent == 1
        return made(*arguments)  # type: ignore[arg-type] # as given

    monkeypatch.setattr(disclosing, "made", second_first)
    assert shop.on_line.sync(WAIT).sent == 0
    assert len(shop.received()) == 1
