# SPDX-License-Identifier: Apache-2.0
"""Messages leave and arrive by themselves: each is received once, confirmed by one receipt, and never lost."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import Any

import pytest

from sceau import (
    Justification,
    OrderAnswer,
    Payer,
    ReceivedDisclosure,
    ReceivedOrder,
    ReceivedStep,
    Step,
)
from sceau.chain.node import Node
from sceau.chain.signer import Signer
from sceau.consent.revocation import relay, sign_revocation_of
from sceau.consent.signing import sign_consent
from sceau.formats.optics.order import load_order
from sceau.messages import outgoing
from sceau.messages.envelope import Draft, encrypt_envelope
from sceau.messages.postal import RECEIPT, RESEND
from sceau.messages.signed import namespace_of
from sceau.roles.acting import ActingParty
from sceau.roles.posting import Post, SyncReport
from sceau.store import RESTORED, Kind, LocalStore
from scripts.documents import document
from tests.support.life import UNTIL, Life
from tests.support.mailboxes import hostile_envelope
from tests.support.posting import connected, files, with_exchange
from tests.support.round import GROUPS
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


def codes(report: SyncReport) -> list[str]:
    return sorted(problem.code for problem in report.problems)


def say(life: Life, number: int = 0) -> str:
    """A message of the practice to the payer; gives its identifier."""
    made = life.practice.justify(life.claim, "renewal-too-early", f"REASON-{number}")
    draft: Draft = made.text.draft  # type: ignore[attr-defined]
    return draft.id


def only(folder: Path, direction: str) -> Path:
    (path,) = files(folder, direction)
    return path


def receipts(role: ActingParty) -> list[dict[str, Any]]:
    return [
        stored["draft"]
        for _, stored in role.store.of_kind(Kind.OUTGOING)
        if stored["draft"]["kind"] == RECEIPT
    ]


@pytest.fixture
def exchange(life: Life, tmp_path: Path) -> Path:
    assert life.practice.party == 1
    assert life.payer.party == 3
    return tmp_path / "exchange"


def test_a_lost_message_is_left_again_under_another_name(life: Life, exchange: Path) -> None:
    say(life)
    assert life.practice.sync().sent == 1
    lost = only(exchange, "1-to-3")
    lost.unlink()
    assert life.practice.sync().sent == 0
    life.chain.sleep(DAY + 1)
    assert life.practice.sync().sent == 1
    assert only(exchange, "1-to-3").name != lost.name
    assert life.payer.sync().received == 1
    assert life.practice.sync().waiting == 0


def test_what_lies_there_unfetched_is_not_doubled_and_told_as_unanswered(life: Life, exchange: Path) -> None:
    say(life)
    life.practice.sync()
    there = only(exchange, "1-to-3")
    for _ in range(3):
        life.chain.sleep(DAY + 1)
        assert life.practice.sync().sent == 0
        assert only(exchange, "1-to-3") == there
    life.chain.sleep(5 * DAY)
    assert codes(life.practice.sync()) == ["unanswered"]
    life.chain.sleep(8 * DAY)
    # The envelope would be stale: another one lies there now.
    assert life.practice.sync().sent == 1
    assert only(exchange, "1-to-3") != there
    assert life.payer.sync().received == 1
    report = life.practice.sync()
    assert (report.waiting, report.problems) == (0, ())


def test_a_repeat_gets_the_same_receipt_and_is_received_once(life: Life, exchange: Path) -> None:
    say(life)
    life.practice.sync()
    path = only(exchange, "1-to-3")
    text = path.read_bytes()
    life.payer.sync()
    (receipt,) = receipts(life.payer)
    answered = only(exchange, "3-to-1").read_bytes()
    only(exchange, "3-to-1").unlink()
    life.chain.sleep(3_700)
    for name in ("again.sceau", "and-again.sceau"):
        (exchange / "1-to-3" / name).write_bytes(text)
    report = life.payer.sync()
    assert (report.received, report.problems) == (0, ())
    assert receipts(life.payer) == [receipt]
    assert only(exchange, "3-to-1").read_bytes() == answered
    assert files(exchange, "1-to-3") == []
    assert life.practice.sync().waiting == 0
    assert len(life.payer.inbox()) == 1


def test_a_disclosure_that_was_not_confirmed_is_built_anew_as_the_same_message(
    life: Life, exchange: Path
) -> None:
    life.practice.show(life.claim, clause="minimal")
    life.practice.sync()
    only(exchange, "1-to-3").unlink()
    (before,) = (stored["draft"] for _, stored in life.practice.store.of_kind(Kind.OUTGOING))
    life.chain.sleep(15 * DAY)
    assert life.practice.sync().sent == 1
    (after,) = (stored["draft"] for _, stored in life.practice.store.of_kind(Kind.OUTGOING))
    assert after["id"] == before["id"]
    assert after["body"] != before["body"]
    assert life.payer.sync().received == 1
    (shown,) = life.payer.inbox()
    assert isinstance(shown, ReceivedDisclosure)
    assert shown.disclosure.id == after["body"]["id"]
    assert life.practice.sync().waiting == 0


def test_a_disclosure_does_not_leave_once_its_consent_is_revoked(life: Life, exchange: Path) -> None:
    shop, key = life.practice, Signer.generate()
    request = shop.request_consent(payer=life.payer.party, groups=GROUPS)
    signed = sign_consent(request, key)
    shop.record_consent(signed).wait(30)
    life.open(consent=signed.consent)
    shop.show(life.claim, clause="detailed")
    revocation = sign_revocation_of(request.commitment, key, request.registry)
    relay(life.chain.network, life.chain.signers["stranger"], revocation).wait(30)
    report = shop.sync()
    assert codes(report) == ["consent-not-in-force"]
    ended = {stored["draft"]["kind"]: stored["ended"] for _, stored in shop.store.of_kind(Kind.OUTGOING)}
    assert ended.pop("disclosure") == "consent-not-in-force"
    # What may leave is a notice that the consent ended.
    assert set(ended) <= {"deletion-notice"}
    assert len(files(exchange, "1-to-3")) == report.sent == report.waiting
    assert shop.sync().problems == ()


def test_a_handler_that_fails_is_handed_the_same_message_again(life: Life, exchange: Path) -> None:
    del exchange
    first, second = say(life, 1), say(life, 2)
    life.practice.sync()
    life.payer.sync()
    assert {key for key, _ in life.payer.store.of_kind(Kind.UNHANDLED)} == {f"1:{first}", f"1:{second}"}

    def fail() -> None:
        for message in life.payer.inbox():
            raise RuntimeError(message)

    with pytest.raises(RuntimeError):
        fail()
    assert len(life.payer.inbox()) == 2
    for message in life.payer.inbox():
        assert isinstance(message, Justification)
        break
    assert len(life.payer.inbox()) == 2
    handled: list[object] = []
    for message in life.payer.inbox():
        if handled:
            break
        handled.append(message)
    assert len(life.payer.inbox()) == 1
    assert len(list(life.payer.inbox())) == 1
    assert len(life.payer.inbox()) == 0


def test_no_node_is_said_and_loses_nothing(
    life: Life, exchange: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(life)
    dead = copy(life.chain.network)
    dead.node = Node("http://127.0.0.1:1")
    monkeypatch.setattr(life.practice, "_network", dead)
    report = life.practice.sync()
    assert (report.offline, report.sent, report.waiting) == (True, 0, 1)
    monkeypatch.undo()
    assert life.practice.sync().sent == 1
    assert len(files(exchange, "1-to-3")) == 1


def test_a_half_synchronised_file_waits_for_its_rest_and_stops_no_other(life: Life, exchange: Path) -> None:
    say(life, 1)
    life.practice.sync()
    path = only(exchange, "1-to-3")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    say(life, 2)
    life.practice.sync()
    report = life.payer.sync()
    assert (report.received, codes(report)) == (1, ["envelope-unreadable"])
    path.write_bytes(whole)
    report = life.payer.sync()
    assert (report.received, report.problems) == (1, ())


def test_a_message_that_fits_no_claim_yet_stays_and_is_told(life: Life, exchange: Path) -> None:
    box = life.mailboxes["practice"]
    early = hostile_envelope(box, "order", {"claim": life.claim, "order": 1}, recipient=2)
    folder = exchange / "1-to-2"
    folder.mkdir()
    (folder / "early.sceau").write_text(early)
    report = life.supplier.sync()
    assert report.received == 0
    assert len(report.problems) == 1
    assert (folder / "early.sceau").exists()
    assert files(exchange, "2-to-1") == []


def post_of(life: Life, name: str, most: int) -> Post:
    role: ActingParty = getattr(life, name)
    return Post(life.chain.network, lambda: role.mailbox, role.store, lambda: role.transport, None, most)


def test_a_flood_of_one_sender_is_bounded_and_hides_no_other(life: Life, exchange: Path) -> None:
    for number in range(5):
        say(life, number)
    life.practice.sync()
    other = hostile_envelope(life.mailboxes["other_payer"], RESEND, {"since": 0}, recipient=life.payer.party)
    folder = exchange / "7-to-3"
    folder.mkdir()
    (folder / "one.sceau").write_text(other)
    post = post_of(life, "payer", 2)
    report = post.sync()
    assert (report.received, codes(report)) == (2, ["more-waiting"])
    assert files(exchange, "7-to-3") == []
    assert len(files(exchange, "1-to-3")) == 3
    assert post.sync().received == 2
    assert (post.sync().received, post.sync().received) == (1, 0)


# Attacks


def receipt_by(
    life: Life, name: str, body: dict[str, Any], folder: Path, file: str = "receipt.sceau"
) -> None:
    folder.mkdir(exist_ok=True)
    (folder / file).write_text(
        hostile_envelope(life.mailboxes[name], RECEIPT, body, recipient=life.practice.party)
    )


def test_no_receipt_but_that_of_the_recipient_ends_a_delivery(life: Life, exchange: Path) -> None:
    id_ = say(life)
    life.practice.sync()
    stored = life.practice.store.get(Kind.OUTGOING, id_)
    assert stored is not None
    right = {"message": id_, "content": stored["contents"][0], "received_at": 0}
    for folder, name, body, code in (
        # Another party's receipt, in the partner's folder and in its own.
        ("3-to-1", "other_payer", right, "letter-of-another"),
        ("7-to-1", "other_payer", right, "receipt-of-nothing"),
        # The recipient's own: of something never sent, of something else, of all.
        ("3-to-1", "payer", {**right, "message": "A" * 22}, "receipt-of-nothing"),
        ("3-to-1", "payer", {**right, "content": "0" * 64}, "receipt-of-nothing"),
        ("3-to-1", "payer", {**right, "message": "*"}, "message-malformed"),
        ("3-to-1", "payer", {**right, "message": [id_]}, "message-malformed"),
        ("3-to-1", "payer", {"since": 0}, "message-malformed"),
        ("3-to-1", "payer", {**right, "received_at": True}, "message-malformed"),
    ):
        receipt_by(life, name, body, exchange / folder)
        report = life.practice.sync()
        assert (codes(report), report.waiting) == ([code], 1), (folder, name)
        (exchange / folder / "receipt.sceau").unlink(missing_ok=True)
    receipt_by(life, "payer", right, exchange / "3-to-1")
    assert life.practice.sync().waiting == 0
    # Replayed, it is nothing new; no receipt was answered by anything.
    receipt_by(life, "payer", right, exchange / "3-to-1")
    report = life.practice.sync()
    assert (report.problems, report.sent) == ((), 0)
    assert receipts(life.practice) == []


def test_a_receipt_of_a_receipt_starts_no_loop(life: Life, exchange: Path) -> None:
    say(life)
    life.practice.sync()
    life.payer.sync()
    (receipt,) = receipts(life.payer)
    text = hostile_envelope(
        life.mailboxes["practice"],
        RECEIPT,
        {"message": receipt["id"], "content": Draft(**receipt).content, "received_at": 0},
        recipient=3,
    )
    (exchange / "1-to-3" / "loop.sceau").write_text(text)
    assert codes(life.payer.sync()) == ["receipt-of-nothing"]
    life.practice.sync()
    for _ in range(3):
        for role in (life.practice, life.payer):
            report = role.sync()
            assert (report.sent, report.waiting, report.problems) == (0, 0, ())
    assert files(exchange, "1-to-3") == files(exchange, "3-to-1") == []


def test_a_message_made_out_to_another_is_neither_received_nor_confirmed(life: Life, exchange: Path) -> None:
    shop, network = life.mailboxes["practice"], life.chain.network
    text = encrypt_envelope(
        "justification",
        {"claim": life.claim, "order": 0, "finding": "renewal-too-early"},
        namespace=namespace_of(network),
        sender=1,
        keys=shop.keys,
        recipient=7,
        recipient_keys=shop.directory.keys(network, 3),
        now=network.node.head().timestamp,
        size=8_192,
    )
    folder = exchange / "1-to-3"
    folder.mkdir()
    (folder / "other.sceau").write_text(text)
    report = life.payer.sync()
    assert (report.received, codes(report)) == (0, ["envelope-foreign"])
    assert receipts(life.payer) == []


def test_a_restored_party_is_sent_again_what_it_lost_and_nothing_of_others(
    life: Life, exchange: Path
) -> None:
    kept, lost = say(life, 1), say(life, 2)
    life.practice.sync()
    texts = {path.name: path.read_bytes() for path in files(exchange, "1-to-3")}
    life.payer.sync()
    life.practice.sync()
    assert list(outgoing.deliveries(life.practice.store)) == []
    # Yesterday's backup lacks the second message.
    store = LocalStore(None)
    stored = life.payer.store.get(Kind.MESSAGE, f"1:{kept}")
    assert stored is not None
    store.put(Kind.MESSAGE, f"1:{kept}", stored)
    store.put(Kind.RESTORED, RESTORED, {})
    payer = with_exchange(
        Payer(
            life.chain.network,
            life.chain.signers["payer"],
            store=store,
            mailbox=life.published.mailbox("payer", store),
        ),
        exchange,
    )
    assert payer.sync().waiting == 1
    # Another party asks, too: nothing was made out to it.
    (exchange / "7-to-1").mkdir()
    text = hostile_envelope(life.mailboxes["other_payer"], RESEND, {"since": 0}, recipient=1)
    (exchange / "7-to-1" / "ask.sceau").write_text(text)
    report = life.practice.sync()
    assert report.sent == 2
    assert len(files(exchange, "1-to-7")) == 1  # The receipt of its request.
    # The old files come back as well: each message is there once all the same.
    for name, content in texts.items():
        (exchange / "1-to-3" / f"old-{name}").write_bytes(content)
    payer.sync()
    assert sorted(key for key, _ in store.of_kind(Kind.UNHANDLED)) == sorted([f"1:{lost}", f"1:{kept}"])
    assert payer.sync().waiting == 0
    assert life.practice.sync().waiting == 0


def test_who_asks_again_and_again_is_served_once_an_hour(life: Life, exchange: Path) -> None:
    say(life)
    life.practice.sync()
    life.payer.sync()
    life.practice.sync()

    def ask(name: str) -> None:
        text = hostile_envelope(life.mailboxes["payer"], RESEND, {"since": 0}, recipient=1)
        (exchange / "3-to-1" / name).write_text(text)

    ask("one")
    assert life.practice.sync().sent == 1
    ask("two")
    ask("three")
    report = life.practice.sync()
    assert (report.sent, codes(report)) == (0, ["asked-too-often"])
    assert report.problems[0].count == 2
