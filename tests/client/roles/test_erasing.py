# SPDX-License-Identifier: Apache-2.0
"""A claim is erased for good where it may go; the evidence against a party is not its own to destroy."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from sceau import Practice
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.documents.errors import FileNotRead
from sceau.errors import NodeError
from sceau.messages.evidence import EvidenceRequest, request_envelope
from sceau.roles.acting import ActingParty
from sceau.roles.erasing import Erasure, claims_stating, expired
from sceau.roles.errors import StoreMissing, VerdictUnknown
from sceau.roles.traces import Traces
from sceau.store import Kind, LocalStore, MemoryStore, Number
from sceau.store.backup import back_up, restore
from sceau.store.erasing import Copies, opens
from sceau.store.errors import NumberAlreadyUsed, StoreKeyWrong
from sceau.store.keys import KeyFile
from sceau.terms import Group
from tests.support.life import Life
from tests.support.stage import Stage
from tests.support.stores import rows_of

DAY = 86_400
#: Longer than an ended claim may still be marked.
QUIET = 91 * DAY


@pytest.fixture
def settled(stage: Stage) -> Life:
    """A claim that was delivered in conformity, invoiced and settled."""
    life = stage.delivered
    life.invoice()
    life.settle()
    return life


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    return Copies(tmp_path / "new.backup")


def erase(life: Life, copies: Copies, role: ActingParty | None = None) -> Erasure:
    return (role or life.practice).erase(copies, claims=[life.claim])


def reasons(erasure: Erasure) -> list[str]:
    assert erasure.erased is None
    return [each.code for each in erasure.kept]


def about(role: ActingParty, claim: str) -> set[str]:
    return {kind for kind, row in rows_of(role.store) if row.claim == claim}


def to_disk(role: ActingParty, folder: Path) -> LocalStore:
    """The role's store in memory, as a file."""
    assert isinstance(role.store, LocalStore)
    folder.mkdir()
    path = folder.parent / f"{folder.name}.moved"
    back_up(role.store, path)
    keys = role.store.vault.keys.read()
    assert keys is not None
    store = LocalStore(folder, KeyFile(folder.parent / f"{folder.name}.key"))
    store.keys.create(keys)
    restore(path, store)
    path.unlink()
    role._store = store
    return store


def test_a_settled_claim_is_gone_for_good_and_proved_so(
    settled: Life, stage: Stage, copies: Copies, tmp_path: Path
) -> None:
    practice, claim = settled.practice, settled.claim
    store = to_disk(practice, tmp_path / "store")
    records = [step.record for step in practice.steps(claim)]
    old = tmp_path / "old.backup"
    back_up(store, old)
    register = practice.register(claim)
    stage.chain.sleep(QUIET)
    done = practice.erase(copies, claims=[claim], old_backups=[old], nowhere_else=True)
    assert done.kept == ()
    assert done.final
    assert done.erased is not None
    assert done.finished[0].backup_covers == "covered"
    assert {record.root for record in records} <= set(done.erased.commitments)
    assert about(practice, claim) == {"given"}
    # It is known still who was given what; and that says no value.
    assert practice.register(claim) == register
    assert done.proof is not None
    assert done.proof.holds
    assert done.proof.looked_for > 100
    assert done.proof.unreadable == (str(old),)
    assert any(name.endswith("store.sqlite") for name in done.proof.files)
    (tmp_path / "again").mkdir()
    again = LocalStore(tmp_path / "again", store.keys)
    with pytest.raises(StoreKeyWrong):
        restore(old, again)
    said = json.dumps(done.to_json())
    for record in records:
        assert record.seed.hex() not in said
        assert not any(str(value) in said for value in record.values.values() if len(str(value)) > 12)


def test_what_is_found_in_a_file_that_is_searched_is_said(
    settled: Life, stage: Stage, copies: Copies, tmp_path: Path
) -> None:
    """A card, an export or a step that was written into a file of the user's is not known to the store."""
    step = settled.practice.steps(settled.claim)[0]
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "step.json").write_text(json.dumps(step.to_json()))
    (folder / "other.json").write_text("{}")
    stage.chain.sleep(QUIET)
    done = settled.practice.erase(copies, claims=[settled.claim], search=[folder])
    assert done.proof is not None
    assert not done.proof.holds
    assert done.proof.found_in == (str(folder / "step.json"),)


@pytest.mark.parametrize("state", ["opened", "authorised", "ordered", "delivered"])
def test_a_claim_that_runs_is_kept(stage: Stage, state: str, copies: Copies) -> None:
    life: Life = getattr(stage, state)
    stage.chain.sleep(QUIET)
    for role in (life.practice, life.payer):
        before = rows_of(role.store)
        done = erase(life, copies, role)
        assert reasons(done) in (["not-ended"], [])
        assert done.kept or done.unknown
        assert rows_of(role.store) == before


def _difference(life: Life) -> None:
    life.invoice(**{"right.sphere": "-1.00"})
    life.settle()


def test_a_claim_that_ended_just_now_is_kept(settled: Life, stage: Stage, copies: Copies) -> None:
    """Erased at once, it would be gone before its supplier could say that nothing of it is true."""
    done = erase(settled, copies)
    assert reasons(done) == ["recent"]
    last = datetime.fromtimestamp(stage.chain.now, timezone.utc).date()
    assert done.kept[0].until == last + timedelta(days=90)


def test_before_the_supplier_s_delivery_arrives_nothing_goes(stage: Stage, copies: Copies) -> None:
    """The practice settles and erases; the delivery that would say something else comes months later."""
    life = stage.ordered
    life.cancel()
    stage.chain.sleep(QUIET)
    assert reasons(erase(life, copies)) == ["delivery-awaited"]
    stage.chain.sleep(1900 * DAY)
    assert erase(life, copies).erased is not None


@pytest.mark.parametrize("mark", ["recordReturn", "dispute"])
def test_a_claim_in_trouble_is_kept_for_as_long_as_it_may_be_contested(
    settled: Life, stage: Stage, copies: Copies, mark: str
) -> None:
    settled.note(mark)
    stage.chain.sleep(QUIET)
    code = {"recordReturn": "returned", "dispute": "disputed"}[mark]
    for role in (settled.practice, settled.supplier, settled.payer):
        assert reasons(erase(settled, copies, role)) == [code]


def test_a_claim_under_audit_is_kept(settled: Life, stage: Stage, copies: Copies) -> None:
    mailboxes, now = settled.mailboxes, stage.chain.now
    request = EvidenceRequest.make(
        stage.chain.party("auditor"),
        settled.practice.party,
        settled.claim,
        [(1, Group.CORRECTION)],
        deadline=now + 30 * DAY,
        asked_at=now,
    )
    settled.practice.receive(request_envelope(mailboxes["auditor"], request))
    stage.chain.sleep(QUIET)
    done = erase(settled, copies)
    assert reasons(done) == ["under-audit"]
    # Nor is the request itself erased, as a record by itself.
    assert settled.practice.store.of_claim(Kind.MESSAGE, settled.claim)


def test_one_record_after_another_is_kept_as_the_claim_is(stage: Stage, copies: Copies) -> None:
    life = stage.delivered
    before = rows_of(life.practice.store)
    for step in life.practice.steps(life.claim):
        assert reasons(life.practice.erase(copies, records=[step.record.root])) == ["not-ended"]
    assert rows_of(life.practice.store) == before


def test_a_record_goes_with_all_that_tells_of_it(settled: Life, stage: Stage, copies: Copies) -> None:
    stage.chain.sleep(QUIET)
    steps = settled.practice.steps(settled.claim)
    order = next(step for step in steps if step.order_key is not None)
    done = settled.practice.erase(copies, records=[order.record.root])
    assert done.erased is not None
    assert done.erased.commitments == (order.record.root,)
    assert done.proof is not None
    assert done.proof.rows_that_verify == 0
    left = settled.practice.steps(settled.claim)
    assert [step.record.root for step in left] == [step.record.root for step in steps if step is not order]


def test_a_payer_s_verdicts_and_what_it_was_shown_go_too(settled: Life, stage: Stage, copies: Copies) -> None:
    payer = settled.payer
    issued = [row.key for kind, row in rows_of(payer.store) if kind == "verdict"]
    assert issued
    stage.chain.sleep(QUIET)
    done = erase(settled, copies, payer)
    assert done.proof is not None
    assert done.proof.holds
    assert about(payer, settled.claim) == {"given"}
    assert payer._verified == {}
    with pytest.raises(VerdictUnknown):
        payer.issued(issued[0])
    # Its file number serves no other claim.
    number = str(settled.steps["authorise"].record.values["pec.number"])
    with pytest.raises(NumberAlreadyUsed):
        payer.store.reserve(Number.FILE_NUMBER, number, "0x" + "11" * 32, ended=lambda _: True)


def test_a_number_of_a_claim_that_was_refused_is_free(stage: Stage, copies: Copies) -> None:
    life = stage.authorised
    number = str(life.steps["authorise"].record.values["pec.number"])
    life.cancel()
    stage.chain.sleep(QUIET)
    assert erase(life, copies, life.payer).erased is not None
    life.payer.store.reserve(Number.FILE_NUMBER, number, "0x" + "11" * 32, ended=lambda _: False)


def test_a_number_of_a_claim_that_was_given_up_after_an_order_is_not(stage: Stage, copies: Copies) -> None:
    """Goods may be on their way: with the claim's own rows gone, nobody could tell."""
    life = stage.delivered
    number = str(life.steps["authorise"].record.values["pec.number"])
    life.cancel()
    stage.chain.sleep(QUIET)
    assert erase(life, copies, life.payer).erased is not None
    with pytest.raises(NumberAlreadyUsed):
        life.payer.store.reserve(Number.FILE_NUMBER, number, "0x" + "11" * 32, ended=lambda _: True)


def test_a_consent_is_kept_with_its_claim(stage: Stage, copies: Copies) -> None:
    round_ = stage.round
    store, consent = round_.practice.store, round_.signed.consent
    store.put(Kind.CONSENT_REQUEST, round_.request.commitment, round_.request.to_json())
    store.put(Kind.SIGNED_CONSENT, consent, round_.signed.to_json())
    practice = round_.practice
    stage.chain.sleep(QUIET)
    assert reasons(practice.erase(copies, consents=[consent])) == ["consent-of-claim"]
    # Not even where the claim's own record is no longer here.
    store.discard(Kind.STEP, round_.opened.record.root)
    assert reasons(practice.erase(copies, consents=[consent])) == ["consent-of-claim"]
    store.put(Kind.STEP, round_.opened.record.root, round_.opened.to_json(), claim=round_.claim)
    practice.cancel(round_.claim, reason="PATIENT").wait(30)
    stage.chain.sleep(QUIET)
    done = practice.erase(copies, claims=[round_.claim])
    assert done.kept == ()
    assert store.get(Kind.SIGNED_CONSENT, consent) is None
    assert store.get(Kind.CONSENT_REQUEST, round_.request.commitment) is None
    assert done.erased is not None
    assert round_.request.commitment in done.erased.commitments


def test_without_a_node_nothing_is_erased(settled: Life, stage: Stage, copies: Copies) -> None:
    stage.chain.sleep(QUIET)
    network = stage.chain.network
    before = rows_of(settled.practice.store)
    dead = Network(Node("http://127.0.0.1:9"), network.manifest)
    alone = Practice(dead, party=1, store=settled.practice.store)
    with pytest.raises(NodeError):
        alone.erase(copies, claims=[settled.claim])
    assert rows_of(settled.practice.store) == before


def test_what_cannot_be_searched_is_said_before_anything_goes(
    settled: Life, stage: Stage, copies: Copies, tmp_path: Path
) -> None:
    stage.chain.sleep(QUIET)
    before = rows_of(settled.practice.store)
    with pytest.raises(FileNotRead):
        settled.practice.erase(copies, claims=[settled.claim], search=[tmp_path / "nowhere"])
    assert rows_of(settled.practice.store) == before


def test_a_second_erasure_of_a_day_is_not_final(settled: Life, stage: Stage, copies: Copies) -> None:
    practice = settled.practice
    stage.authorised.cancel()
    for step in stage.authorised.practice.steps(stage.authorised.claim):
        practice.store.put(Kind.STEP, step.record.root, step.to_json(), claim=step.claim)
    stage.chain.sleep(QUIET)
    assert practice.erase(copies, claims=[settled.claim]).final
    second = practice.erase(copies, claims=[stage.authorised.claim])
    assert second.erased is not None
    assert not second.final
    assert not practice.erase(copies).final
    stage.chain.sleep(DAY)
    assert practice.erase(copies).final


def test_a_backup_that_was_restored_is_erased_again_and_says_the_same(
    settled: Life, stage: Stage, copies: Copies, tmp_path: Path
) -> None:
    """A practice restores what it erased and keeps its certificate: with the keys that it should hold it cannot."""
    store = to_disk(settled.practice, tmp_path / "store")
    old = tmp_path / "old.backup"
    back_up(store, old)
    stolen = store.keys.read()
    stage.chain.sleep(QUIET)
    done = settled.practice.erase(copies, claims=[settled.claim])
    # Nobody said that no copy of the key was left: so it is not said that backups are covered.
    assert done.finished[0].backup_covers == "copies-of-key-not-excluded"
    assert stolen is not None
    thief = KeyFile(tmp_path / "thief.key")
    thief.create(stolen)
    (tmp_path / "back").mkdir()
    back = LocalStore(tmp_path / "back", thief)
    restore(old, back)
    practice = Practice(stage.chain.network, stage.chain.signers["practice"], store=back)
    # Brought back, it is there again, and no erasure is written in it.
    assert practice.erase(Copies(tmp_path / "b")).finished == ()
    assert practice.steps(settled.claim)


def test_a_copy_of_every_file_from_before_shows_nothing_with_the_keys_that_remain(
    settled: Life, stage: Stage, tmp_path: Path
) -> None:
    """Somebody copied the folder, its log, the backup and the key's copy the night before; the old keys are gone."""
    practice, claim = settled.practice, settled.claim
    store = to_disk(practice, tmp_path / "store")
    copies = Copies(tmp_path / "night.backup", KeyFile(tmp_path / "safe.key"))
    # What an erasure of another day left: they are replaced by this one's.
    back_up(store, copies.backup)
    keys = store.keys.read()
    assert keys is not None
    assert copies.key is not None
    copies.key.create(keys)
    store.put(Kind.MEMO, "x", {"a": 1}, claim=claim)
    night = tmp_path / "night"
    night.mkdir()
    for path in [*(tmp_path / "store").iterdir(), copies.backup]:
        shutil.copy(path, night / path.name)
    databases = [night / "store.sqlite", night / "night.backup"]
    assert all(opens(path, store.keys) for path in databases)
    traces = Traces.of((kind, row) for kind, row in rows_of(store) if row.claim == claim)
    stage.chain.sleep(QUIET)
    done = practice.erase(copies, claims=[claim], old_backups=databases, search=[night])
    assert done.final
    assert done.proof is not None
    assert done.proof.holds
    assert set(done.proof.unreadable) == set(map(str, databases))
    assert {str(path) for path in night.iterdir()} <= set(done.proof.files)
    # Nor with the copy of the key that was made anew, nor put back in the place of the store, with its log or without.
    assert not any(opens(path, copies.key) for path in databases)
    store.close()
    for names in ({"store.sqlite"}, {"store.sqlite", "store.sqlite-wal", "store.sqlite-shm"}):
        place = tmp_path / f"back-{len(names)}"
        place.mkdir()
        for path in night.iterdir():
            if path.name in names:
                shutil.copy(path, place / path.name)
        with suppress(StoreKeyWrong):
            # Without its log the file may hold nothing at all.
            assert rows_of(LocalStore(place, store.keys)) == []
    # Not even their bytes say a value.
    for path in night.iterdir():
        assert not [each for each in traces.needles if each in path.read_bytes()]


def test_claims_are_found_by_what_they_state(stage: Stage) -> None:
    life = stage.authorised
    store = life.practice.store
    number = life.practice.steps(life.claim)[0].record.values["pec.number"]
    assert claims_stating(store, "pec.number", number) == [life.claim]
    assert claims_stating(store, "pec.number", "NOBODY") == []


def test_what_expired_is_named_and_not_before(settled: Life, stage: Stage, copies: Copies) -> None:
    practice = settled.practice
    stage.chain.sleep(QUIET)
    assert expired(stage.chain.network, practice.store).claims == ()
    stage.chain.sleep(1740 * DAY)
    assert expired(stage.chain.network, practice.store).claims == (settled.claim,)
    assert about(practice, settled.claim) > {"step"}
    assert erase(settled, copies).erased is not None
    assert expired(stage.chain.network, practice.store).claims == ()


def test_what_was_only_received_or_judged_expires_too(settled: Life, stage: Stage, copies: Copies) -> None:
    """A supplier that answered no order and a payer that decided nothing wrote no step of the claim."""
    network = stage.chain.network
    for role in (settled.supplier, settled.payer):
        for step in role.steps(settled.claim):
            role.store.discard(Kind.STEP, step.record.root)
        assert about(role, settled.claim) & {"message", "verdict"}
    stage.chain.sleep(1900 * DAY)
    for role in (settled.supplier, settled.payer):
        assert expired(network, role.store).claims == (settled.claim,)
        assert role.erase(copies, claims=[settled.claim], insist=True).erased is not None
        assert about(role, settled.claim) <= {"given"}


def test_a_request_that_nobody_signed_and_an_entry_of_the_register_expire(
    settled: Life, stage: Stage, copies: Copies
) -> None:
    practice, network = settled.practice, stage.chain.network
    request = stage.round.request
    practice.store.put(Kind.CONSENT_REQUEST, request.commitment, request.to_json())
    before = expired(network, practice.store)
    assert (before.records, before.given) == ((), ())
    stage.chain.sleep(1900 * DAY)
    due = expired(network, practice.store)
    assert due.records == (request.commitment,)
    # Who was given what is known for longer.
    assert due.given == ()
    practice.erase(copies, claims=due.claims, records=due.records)
    assert practice.store.get(Kind.CONSENT_REQUEST, request.commitment) is None
    stage.chain.sleep(1800 * DAY)
    entries = expired(network, practice.store).given
    assert len(entries) == len(practice.register(settled.claim).entries) > 0
    practice.erase(copies, given=entries)
    assert practice.register(settled.claim).entries == ()
    assert expired(network, practice.store).given == ()


def test_an_entry_of_the_register_stays_while_its_claim_is_stored(settled: Life, copies: Copies) -> None:
    """Nobody erases by itself the proof of what was given."""
    practice = settled.practice
    ids = [each.id for each in practice.register(settled.claim).entries]
    done = practice.erase(copies, given=[*ids, "0" * 64])
    assert done.unknown == (*ids, "0" * 64)
    assert [each.id for each in practice.register(settled.claim).entries] == ids


def test_a_store_in_dictionaries_is_not_erased_from(stage: Stage, copies: Copies) -> None:
    practice = Practice(stage.chain.network, stage.chain.signers["practice"], store=MemoryStore())
    with pytest.raises(StoreMissing):
        practice.erase(copies, claims=[stage.opened.claim])
