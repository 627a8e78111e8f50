# SPDX-License-Identifier: Apache-2.0
"""Whoever was given something is told to delete it, once; what is told is believed only as far as the chain says it."""

from __future__ import annotations

import json
import secrets
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sceau import Auditor, Handle, Payer, Practice, Supplier
from sceau.conformity.keys import OrderContext
from sceau.formats.optics.order import load_order
from sceau.messages import deletion, given, outgoing
from sceau.messages.deletion import (
    DELETED,
    KEPT,
    NOTHING_HELD,
    Cause,
    DeletionAnswer,
    DeletionNotice,
    answer_envelope,
    notice_envelope,
)
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.messages.errors import AnswerOfNothing, MessageMalformed
from sceau.messages.evidence import EvidenceRequest
from sceau.messages.mailbox import Mailbox
from sceau.messages.stored import StoredMessage
from sceau.roles import notifying
from sceau.roles.acting import ActingParty
from sceau.roles.handle import Envelope
from sceau.roles.notifying import notices
from sceau.store import Kind, LocalStore
from sceau.store.erasing import Copies
from sceau.terms import Group
from scripts.documents import document
from tests.client.roles.test_erasing import QUIET, about
from tests.support.life import UNTIL, Life
from tests.support.mailboxes import hostile_envelope
from tests.support.posting import connected, with_exchange
from tests.support.round import Round
from tests.support.stage import Stage
from tests.support.stores import rows_of

DAY = 86_400


@pytest.fixture
def settled(stage: Stage) -> Life:
    life = stage.delivered
    life.invoice()
    life.settle()
    return life


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    return Copies(tmp_path / "new.backup")


def by_recipient(envelopes: list[Envelope]) -> dict[int, Envelope]:
    assert len({each.recipient for each in envelopes}) == len(envelopes)
    return {each.recipient: each for each in envelopes}


def received(role: ActingParty, envelope: Envelope) -> Any:
    return role.receive(envelope.text)


def answered(role: ActingParty, envelope: Envelope) -> DeletionAnswer:
    answer = role.receive(envelope.text)
    assert isinstance(answer, DeletionAnswer)
    return answer


def shown(stage: Stage) -> tuple[Round, Practice, Payer]:
    """A disclosure under a consent, sent in an envelope and verified by its payer."""
    round_, published = stage.round, stage.opened.published
    network, signers = stage.chain.network, stage.chain.signers
    stores = {"practice": round_.practice.store, "payer": round_.payer.store}
    practice = Practice(
        network,
        signers["practice"],
        store=stores["practice"],
        mailbox=published.mailbox("practice", stores["practice"]),
    )
    payer = Payer(
        network, signers["payer"], store=stores["payer"], mailbox=published.mailbox("payer", stores["payer"])
    )
    made = practice.disclose(
        round_.record, payer=stage.chain.party("payer"), clause="detailed", consent=round_.held
    )
    seen = payer.receive(practice.disclosure_envelope(made).text, "disclosure")
    assert isinstance(seen, ReceivedDisclosure)
    payer.verify(seen)
    return round_, practice, payer


def test_a_payer_looks_at_what_its_newest_verdict_lets_it_hold(stage: Stage) -> None:
    round_, practice, payer = shown(stage)
    (stored,) = payer.store.of_claim(Kind.MESSAGE, round_.claim)

    def held() -> list[str]:
        opened = payer.timeline(round_.claim, held=True).steps[0]
        return sorted(path for values in opened.values.values() for path in values)

    seen = payer.read(StoredMessage.from_json(stored))
    assert isinstance(seen, ReceivedDisclosure)
    assert held() == sorted(payer.verify(seen).values)
    practice.withdraw_consent(round_.signed.consent).wait(30)
    # What the reader knew stays, until it judges again.
    assert payer.verify(seen).values == {}
    assert held() == []


def notice(
    mailbox: Mailbox, claim: str, recipient: int, cause: Cause, consent: str | None = None
) -> Envelope:
    text = notice_envelope(
        mailbox,
        claim,
        recipient=recipient,
        id=secrets.token_hex(16),
        cause=cause,
        commitments=[],
        consent=consent,
    )
    return Envelope(recipient, text)


def test_everybody_who_was_given_something_is_told_once_and_answers(
    settled: Life, stage: Stage, copies: Copies
) -> None:
    practice, supplier, payer = settled.practice, settled.supplier, settled.payer
    assert practice.deletion_notices() == []
    stage.chain.sleep(QUIET)
    practice.erase(copies, claims=[settled.claim])
    sent = by_recipient(practice.deletion_notices())
    assert set(sent) == {supplier.party, payer.party}
    assert practice.deletion_notices() == []
    for role in (supplier, payer):
        told = received(role, sent[role.party])
        assert isinstance(told, DeletionNotice)
        assert told.cause is Cause.ERASED
        assert "message" in about(role, settled.claim)
        answer = answered(practice, role.obey_deletion(told))
        assert (answer.outcome, answer.reason) == (DELETED, None)
        assert practice.deletion_answered(answer).outcome == DELETED
        # The same again, for who lost the answer; and an answer is answered by nothing.
        again = answered(practice, role.obey_deletion(told))
        assert replace(again, signed="", issued_at=0) == replace(answer, signed="", issued_at=0)
        assert all(each.recipient != practice.party for each in role.deletion_notices())
    assert {each.outcome for each in notices(practice.store, settled.claim)} == {DELETED}
    # What the payer was shown is gone, with what it made of it; what it wrote itself is its own.
    assert "verdict" not in about(payer, settled.claim)
    assert "step" in about(payer, settled.claim)


def test_a_consent_that_is_revoked_is_told_without_anybody_asking(stage: Stage) -> None:
    round_, practice, payer = shown(stage)
    assert practice.deletion_notices() == []
    round_.revoke()
    [sent] = practice.deletion_notices()
    assert practice.deletion_notices() == []
    told = received(payer, sent)
    assert (told.cause, told.consent) == (Cause.CONSENT_REVOKED, round_.signed.consent)
    assert round_.record.root in told.commitments
    # The claim runs: what the consent covered goes all the same, and cannot be verified or decided on.
    answer = answered(practice, payer.obey_deletion(told))
    assert answer.outcome == DELETED
    assert about(payer, round_.claim) & {"verdict"} == set()
    assert payer._verified == {}


def told_of(handle: Handle) -> str:
    """The envelope of a step that was written."""
    handle.wait(30)
    assert handle.envelope is not None
    return handle.envelope.text


@pytest.mark.parametrize("cause", [Cause.CONSENT_REVOKED, Cause.CONSENT_WITHDRAWN])
def test_an_ended_consent_is_told_to_who_was_given_something_under_it_and_to_nobody_else(
    stage: Stage, cause: Cause
) -> None:
    """Each party of the claim, with what it was given under what; and parties of another consent."""
    round_, practice, payer = shown(stage)
    chain, published = stage.chain, stage.opened.published
    # The payer, under a clause that needs no consent: what it was given so does not rest on one.
    made = practice.disclose(round_.record, payer=payer.party, clause="minimal", consent=round_.held)
    payer.receive(practice.disclosure_envelope(made).text)
    # The supplier, the order: by the order, and under no consent. The auditor, a group of it: by its request.
    [detailed] = payer.store.of_claim(Kind.VERDICT, round_.claim)
    verdict = payer.issued(detailed["id"]).id
    practice.receive(told_of(payer.authorise(verdict, valid_until=UNTIL, tell=True)))
    store = LocalStore(None)
    supplier = Supplier(
        chain.network, chain.signers["supplier"], store=store, mailbox=published.mailbox("supplier", store)
    )
    values = load_order(document("order"))
    supplier.receive(told_of(practice.order(round_.claim, values, supplier=supplier.party, tell=True)))
    box = published.mailbox("auditor")
    auditor = Auditor(chain.network, signer=chain.signers["auditor"], store=box.store, mailbox=box)
    asked = practice.receive(
        auditor.request_evidence(
            round_.claim, practice.party, [(1, Group.LENS_PRODUCT)], deadline=chain.now + 2 * DAY
        ).text
    )
    assert isinstance(asked, EvidenceRequest)
    practice.answer_request(asked)
    # Somebody whom another consent names, and who was given nothing yet; the other practice has its signed copy.
    other = round_.consent(practice="other_practice", payer="other_payer")[1]
    given_to = {(each.recipient, each.consent) for each in practice.register(round_.claim).entries}
    consent = round_.signed.consent
    assert given_to == {
        (payer.party, consent),
        (payer.party, None),
        (supplier.party, None),
        (chain.party("auditor"), None),
    }
    assert other.consent != consent
    if cause is Cause.CONSENT_REVOKED:
        round_.revoke()
    else:
        practice.withdraw_consent(consent).wait(30)
    [sent] = practice.deletion_notices()
    told = received(payer, sent)
    assert (sent.recipient, told.cause, told.consent) == (payer.party, cause, consent)
    # What rested on the consent goes; what did not stays, with the supplier's order.
    assert answered(practice, payer.obey_deletion(told)).outcome == DELETED
    left = [StoredMessage.from_json(each) for each in payer.store.of_claim(Kind.MESSAGE, round_.claim)]
    assert [
        json.loads(each.attached)["policy"]["clause"] for each in left if '"policy"' in each.attached
    ] == ["minimal"]
    assert "message" in about(supplier, round_.claim)


def test_sync_alone_tells_obeys_and_answers(settled: Life, stage: Stage, tmp_path: Path) -> None:
    """Nobody asks: the notices leave, what they ask for is done, and the answers are entered."""
    life = connected(settled, tmp_path / "exchange")
    stage.chain.sleep(QUIET)
    life.practice.erase(Copies(tmp_path / "b"), claims=[life.claim])
    # Named again, it takes nothing of what is still to be told.
    assert life.practice.erase(Copies(tmp_path / "b"), claims=[life.claim]).unknown == (life.claim,)
    life.practice.sync()
    for role in (life.supplier, life.payer):
        assert role.sync().problems == ()
        assert len(role.inbox()) == 0
        role.sync()
    life.practice.sync()
    assert {each.outcome for each in notices(life.practice.store, life.claim)} == {DELETED}
    everybody: list[ActingParty] = [life.practice, life.supplier, life.payer]
    for each in everybody:
        each.sync()
    assert not any(len(each.inbox()) for each in everybody)
    assert list(outgoing.deliveries(life.practice.store)) == []


def test_a_notice_counts_as_made_only_once_it_is_queued(
    settled: Life, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before its envelope is queued, it would never be made again."""
    life = connected(settled, tmp_path / "exchange")
    stage.chain.sleep(QUIET)
    life.practice.erase(Copies(tmp_path / "b"), claims=[life.claim])

    def killed(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("sceau.roles.corresponding.queue", killed)
        with pytest.raises(KeyboardInterrupt):
            life.practice.deletion_notices()
    assert notices(life.practice.store) == []
    assert len(life.practice.deletion_notices()) == 2
    assert {each.message for each in notices(life.practice.store)} == {
        each.id for each in outgoing.deliveries(life.practice.store)
    }


def test_what_is_obeyed_and_its_answer_are_one_change(
    settled: Life, stage: Stage, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the two, it would answer that it held nothing."""
    practice, supplier = settled.practice, settled.supplier
    stage.chain.sleep(QUIET)
    practice.erase(copies, claims=[settled.claim])
    told = received(supplier, by_recipient(practice.deletion_notices())[supplier.party])
    before = about(supplier, settled.claim)
    put = LocalStore.put

    def killed(store: LocalStore, kind: Kind, *given: Any, **named: Any) -> None:
        if kind is Kind.OBEYED:
            raise KeyboardInterrupt
        put(store, kind, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(LocalStore, "put", killed)
        with pytest.raises(KeyboardInterrupt):
            supplier.obey_deletion(told)
    assert about(supplier, settled.claim) == before
    assert answered(practice, supplier.obey_deletion(told)).outcome == DELETED


def test_an_order_that_is_erased_takes_its_keys_with_it_and_their_reader_is_told(
    settled: Life, stage: Stage, tmp_path: Path
) -> None:
    """The key of act codes names no record; it opens a group of one all the same."""
    life = connected(settled, tmp_path / "exchange")
    practice, payer = life.practice, life.payer
    order = next(step for step in practice.steps(life.claim) if step.order_key is not None)
    practice._posted(practice.act_code_key_envelope(order))
    [entry] = [each for each in practice.register(life.claim).entries if each.kind == "act-code-key"]
    assert [each.commitment for each in entry.shown] == [order.record.root]
    assert entry.left_at is None
    stage.chain.sleep(QUIET)
    key_of_group = order.order_key
    assert key_of_group is not None
    group_key = key_of_group.group_key(OrderContext.of(order.record.scope), Group.ACT_CODES).reveal()
    done = practice.erase(Copies(tmp_path / "b"), records=[order.record.root])
    assert done.proof is not None
    assert done.proof.rows_that_verify == 0
    assert not [kind for kind, row in rows_of(practice.store) if group_key in json.dumps(row.document)]
    told = {each.recipient for each in practice.deletion_notices()}
    assert payer.party in told


def test_the_register_says_what_left(settled: Life, tmp_path: Path, stage: Stage) -> None:
    life = connected(settled, tmp_path / "exchange")
    order = next(step for step in life.practice.steps(life.claim) if step.order_key is not None)
    life.practice._posted(life.practice.act_code_key_envelope(order))

    def left() -> int | None:
        entries = life.practice.register(life.claim).entries
        return next(each.left_at for each in entries if each.kind == "act-code-key")

    assert left() is None
    life.practice.sync()
    first = left()
    assert first is not None
    # Left again where no receipt came.
    stage.chain.sleep(2 * DAY)
    life.practice.sync()
    assert left() == first
    shutil.rmtree(tmp_path / "exchange")
    (tmp_path / "exchange").mkdir()
    stage.chain.sleep(10 * DAY)
    life.practice.sync()
    assert (left() or 0) > first
    [entry] = [each for each in life.practice.register(life.claim).entries if each.kind == "act-code-key"]
    assert entry.times >= 1


def test_many_consents_are_asked_about_in_turn(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    round_, practice, _ = shown(stage)
    [entry] = practice.register(round_.claim).entries
    for number in range(4):
        other = replace(entry, consent="0x" + f"{number:064x}")
        practice.store.put(Kind.GIVEN, other.id, other._stored(), claim=other.claim)
    round_.revoke()
    monkeypatch.setattr(notifying, "MOST_ASKED", 2)
    told = [envelope for _ in range(3) for envelope in practice.deletion_notices()]
    assert len(told) == 1


def test_the_register_is_read_again_only_when_something_can_be_due(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A register of years is not read every minute, and a revocation is told at once."""
    (tmp_path / "exchange").mkdir()
    round_, practice, _ = shown(stage)
    with_exchange(practice, tmp_path / "exchange")
    read: list[None] = []
    entries = given.entries_of

    def counted(store: Any) -> Any:
        read.append(None)
        return entries(store)

    monkeypatch.setattr(notifying, "entries_of", counted)

    def synced() -> tuple[bool, set[str]]:
        read.clear()
        practice.sync()
        return bool(read), {each.cause for each in notices(practice.store)}

    assert synced() == (True, set())
    assert synced() == (False, set())
    stage.chain.sleep(60)
    assert synced() == (False, set())
    # Something is given: it may rest on what has ended already.
    practice.disclosure_envelope(
        practice.disclose(
            round_.record, payer=stage.chain.party("payer"), clause="minimal", consent=round_.held
        )
    )
    assert synced() == (True, set())
    assert synced() == (False, set())
    round_.revoke()
    told = {Cause.CONSENT_REVOKED.value}
    assert synced() == (True, told)
    assert synced() == (False, told)
    stage.chain.sleep(400 * DAY)
    assert synced() == (True, told | {Cause.DELETE_BY.value})


def test_an_end_that_the_node_does_not_confirm_is_told_to_nobody_yet(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index heard it, perhaps from a node that lied."""
    (tmp_path / "exchange").mkdir()
    round_, practice, _ = shown(stage)
    with_exchange(practice, tmp_path / "exchange")
    round_.revoke()
    with monkeypatch.context() as hidden:
        hidden.setattr(notifying, "_end_of", lambda *_: None)
        for _ in range(2):
            practice.sync()
            assert notices(practice.store) == []
    practice.sync()
    assert {each.cause for each in notices(practice.store)} == {Cause.CONSENT_REVOKED.value}


def test_a_notice_of_a_consent_that_stands_deletes_nothing(stage: Stage) -> None:
    round_, practice, payer = shown(stage)
    before = about(payer, round_.claim)
    for cause in (Cause.CONSENT_REVOKED, Cause.CONSENT_WITHDRAWN):
        told = received(
            payer, notice(practice.mailbox, round_.claim, payer.party, cause, round_.signed.consent)
        )
        answer = answered(practice, payer.obey_deletion(told))
        assert (answer.outcome, answer.reason) == (KEPT, "consent-stands")
    # Revoked is not withdrawn: the cause must be the true one.
    round_.revoke()
    told = received(
        payer,
        notice(practice.mailbox, round_.claim, payer.party, Cause.CONSENT_WITHDRAWN, round_.signed.consent),
    )
    assert answered(practice, payer.obey_deletion(told)).reason == "consent-stands"
    assert about(payer, round_.claim) >= before


def test_the_notice_of_another_consent_deletes_nothing(stage: Stage) -> None:
    """One that was revoked indeed, of another patient: its notice must not empty this claim."""
    round_, practice, payer = shown(stage)
    other = Round(stage.chain)
    other.revoke()
    told = received(
        payer,
        notice(practice.mailbox, round_.claim, payer.party, Cause.CONSENT_REVOKED, other.signed.consent),
    )
    answer = answered(practice, payer.obey_deletion(told))
    assert answer.outcome == NOTHING_HELD
    assert {"message", "verdict"} <= about(payer, round_.claim)


def test_a_disclosure_goes_by_its_own_day_and_not_by_the_notice_s(stage: Stage) -> None:
    round_, practice, payer = shown(stage)
    told = received(payer, notice(practice.mailbox, round_.claim, payer.party, Cause.DELETE_BY))
    answer = answered(practice, payer.obey_deletion(told))
    assert (answer.outcome, answer.reason) == (KEPT, "not-due")
    stage.chain.sleep(366 * DAY)
    [sent] = practice.deletion_notices()
    told = received(payer, sent)
    assert told.cause is Cause.DELETE_BY
    assert answered(practice, payer.obey_deletion(told)).outcome == DELETED


def test_a_made_up_erasure_does_not_destroy_a_partner_s_evidence(settled: Life, stage: Stage) -> None:
    """The practice asks its supplier to delete the order that shows what was asked; the supplier disputes it."""
    practice, supplier = settled.practice, settled.supplier
    before = about(supplier, settled.claim)
    told = received(supplier, notice(practice.mailbox, settled.claim, supplier.party, Cause.ERASED))
    answer = answered(practice, supplier.obey_deletion(told))
    assert (answer.outcome, answer.reason) == (KEPT, "recent")
    settled.dispute()
    stage.chain.sleep(QUIET)
    told = received(supplier, notice(practice.mailbox, settled.claim, supplier.party, Cause.ERASED))
    answer = answered(practice, supplier.obey_deletion(told))
    assert (answer.outcome, answer.reason) == (KEPT, "disputed")
    assert isinstance(answer.until, date)
    assert about(supplier, settled.claim) >= before


def test_a_revoked_consent_does_not_destroy_the_evidence_of_a_dispute(stage: Stage) -> None:
    """The practice has the patient revoke, when the payer is about to show what it was told."""
    round_, practice, payer = shown(stage)
    round_.revoke()
    # What the payer's own store says counts: here it is asked about the claim.
    now = stage.chain.now
    request = EvidenceRequest.make(
        payer.party, payer.party, round_.claim, [], deadline=now + 2 * DAY, asked_at=now
    )
    payer.store.put(Kind.EVIDENCE_REQUEST, request.id, request.to_json(), claim=round_.claim)
    [sent] = practice.deletion_notices()
    answer = answered(practice, payer.obey_deletion(received(payer, sent)))
    assert (answer.outcome, answer.reason) == (KEPT, "under-audit")
    assert {"message", "verdict"} <= about(payer, round_.claim)


def test_only_what_its_sender_gave_goes(settled: Life, stage: Stage) -> None:
    """The supplier erases: its practice deletes the supplier's delivery, and not the payer's authorisation."""
    practice, supplier = settled.practice, settled.supplier
    stage.chain.sleep(QUIET)
    told = received(practice, notice(supplier.mailbox, settled.claim, practice.party, Cause.ERASED))
    answered(supplier, practice.obey_deletion(told))
    senders = {
        key.partition(":")[0]
        for key, row in practice.store.of_kind(Kind.MESSAGE)
        if json.loads(row["attached"] or "{}")
    }
    assert str(supplier.party) not in senders
    assert str(settled.payer.party) in senders


def test_an_answer_to_no_notice_is_entered_nowhere(stage: Stage) -> None:
    round_, practice, payer = shown(stage)
    made_up = DeletionNotice(practice.party, payer.party, "ab" * 16, round_.claim, Cause.ERASED, None, (), "")
    text = answer_envelope(payer.mailbox, made_up, DELETED, reason=None, until=None)
    answer = answered(practice, Envelope(practice.party, text))
    with pytest.raises(AnswerOfNothing):
        practice.deletion_answered(answer)
    # Nor one by another party than the one that was told.
    round_.revoke()
    [sent] = practice.deletion_notices()
    told = received(payer, sent)
    forged = replace(answered(practice, payer.obey_deletion(told)), sender=stage.chain.party("supplier"))
    with pytest.raises(AnswerOfNothing):
        practice.deletion_answered(forged)
    assert [each.outcome for each in notices(practice.store)] == [None]


def test_that_something_was_deleted_is_not_taken_back(stage: Stage) -> None:
    round_, practice, payer = shown(stage)
    round_.revoke()
    [sent] = practice.deletion_notices()
    answer = answered(practice, payer.obey_deletion(received(payer, sent)))
    practice.deletion_answered(answer)
    later = replace(answer, outcome=KEPT, reason="under-audit")
    assert practice.deletion_answered(later).outcome == DELETED


@pytest.mark.parametrize(
    ("kind", "part", "value"),
    [
        (deletion.NOTICE, "cause", "because"),
        (deletion.NOTICE, "consent", "0x12"),
        (deletion.NOTICE, "consent", None),
        (deletion.NOTICE, "commitments", ["x"]),
        (deletion.NOTICE, "commitments", ["0x" + "11" * 32] * 65),
        (deletion.NOTICE, "notice", "AB" * 16),
        (deletion.ANSWER, "outcome", "perhaps"),
        (deletion.ANSWER, "reason", "x" * 41),
        (deletion.ANSWER, "until", "soon"),
        (deletion.ANSWER, "notice", 1),
    ],
)
def test_what_is_malformed_is_refused(stage: Stage, kind: str, part: str, value: object) -> None:
    life = stage.ordered
    bodies: dict[str, dict[str, Any]] = {
        deletion.NOTICE: {
            "claim": life.claim,
            "notice": "ab" * 16,
            "cause": "consent-revoked",
            "consent": "0x" + "11" * 32,
            "commitments": [],
        },
        deletion.ANSWER: {
            "claim": life.claim,
            "notice": "ab" * 16,
            "outcome": KEPT,
            "reason": "recent",
            "until": None,
        },
    }
    body = bodies[kind]
    text = hostile_envelope(
        life.mailboxes["practice"], kind, {**body, part: value}, recipient=life.payer.party
    )
    with pytest.raises(MessageMalformed):
        life.payer.read(text)


def test_the_largest_notice_fits(stage: Stage) -> None:
    life = stage.ordered
    many = ["0x" + f"{number:064x}" for number in range(100)]
    text = notice_envelope(
        life.practice.mailbox,
        life.claim,
        recipient=life.payer.party,
        id="ab" * 16,
        cause=Cause.CONSENT_WITHDRAWN,
        commitments=many,
        consent=many[0],
    )
    told = life.payer.read(text)
    assert isinstance(told, DeletionNotice)
    assert len(told.commitments) == 64
