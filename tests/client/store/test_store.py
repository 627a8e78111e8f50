# SPDX-License-Identifier: Apache-2.0
"""A store on either database: one number serves one claim, a message counts once, whatever is killed."""

from __future__ import annotations

import signal
import stat
from pathlib import Path

import pytest
from sqlalchemy import update

from sceau.store import AboutClaims, Arrived, Filed, Kind, LocalStore, Number
from sceau.store._tables import RECORD
from sceau.store.errors import EnvelopeReplayed, NumberAlreadyUsed, RecordDamaged, StoreUnusable
from tests.client.store.conftest import Home

ONE, OTHER = "0x" + "11" * 32, "0x" + "22" * 32
FILE_NUMBER, DISPATCH = Number.FILE_NUMBER, Number.DISPATCH


def reserve(
    store: LocalStore, number: str, claim: str, *, ended: bool = False, kind: Number = FILE_NUMBER
) -> None:
    store.reserve(kind, number, claim, ended=lambda _: ended)


def arrived(sender: int, id_: str = "message-1") -> Arrived:
    return Arrived(sender, id_, {"signed": "x"}, ONE)


# Numbers


def test_a_number_serves_its_claim_as_often_as_wanted_and_no_other(home: Home) -> None:
    store = home.open()
    reserve(store, "PEC1", ONE)
    reserve(home.open(), "PEC1", ONE)
    with pytest.raises(NumberAlreadyUsed) as refused:
        reserve(store, "PEC1", OTHER)
    assert refused.value.details["claim"] == ONE
    assert "PEC1" not in refused.value.message("en") + refused.value.message("fr")
    reserve(store, "PEC2", OTHER)
    reserve(store, "PEC1", OTHER, kind=DISPATCH)


def test_the_number_of_a_claim_that_ended_unpaid_is_free_again(home: Home) -> None:
    store = home.open()
    reserve(store, "PEC1", ONE)
    reserve(store, "PEC1", OTHER, ended=True)
    with pytest.raises(NumberAlreadyUsed):
        reserve(store, "PEC1", ONE)


def test_what_was_surely_not_written_serves_nothing(home: Home) -> None:
    store = home.open()
    reserve(store, "PEC1", ONE)
    store.release(FILE_NUMBER, "PEC1", ONE)
    reserve(store, "PEC1", OTHER)


def test_one_attempt_that_fails_takes_back_its_own_alone(home: Home) -> None:
    store = home.open()
    reserve(store, "PEC1", ONE)
    reserve(store, "PEC1", ONE)
    store.release(FILE_NUMBER, "PEC1", ONE)
    with pytest.raises(NumberAlreadyUsed):
        reserve(store, "PEC1", OTHER)


def test_a_claim_that_does_not_hold_a_number_releases_nothing(home: Home) -> None:
    store = home.open()
    reserve(store, "PEC1", ONE)
    store.release(FILE_NUMBER, "PEC1", OTHER)
    with pytest.raises(NumberAlreadyUsed):
        reserve(store, "PEC1", OTHER)


def test_a_process_that_is_killed_leaves_the_number_reserved(home: Home) -> None:
    killed = home.run(
        "import os, signal; from sceau.store import Number\n"
        "home.open().reserve(Number.FILE_NUMBER, 'PEC1', arguments[0], ended=lambda _: False)\n"
        "os.kill(os.getpid(), signal.SIGKILL)",
        ONE,
    )
    assert killed.wait(60) == -signal.SIGKILL
    with pytest.raises(NumberAlreadyUsed):
        reserve(home.open(), "PEC1", OTHER)


def test_of_many_processes_at_once_one_claim_gets_the_number(home: Home) -> None:
    """Also where they all make the store, and its key."""
    take = (
        "from sceau.store import Number; from sceau.store.errors import NumberAlreadyUsed\n"
        "try: home.open().reserve(Number.FILE_NUMBER, 'PEC1', arguments[0], ended=lambda _: False)\n"
        "except NumberAlreadyUsed: sys.exit(3)"
    )
    running = [home.run(take, "0x" + f"{each:02x}" * 32) for each in range(1, 4)]
    assert sorted(each.wait(60) for each in running) == [0, 3, 3]


def test_a_node_is_asked_while_nothing_waits(home: Home) -> None:
    """Whether a claim ended is asked of a node: others write meanwhile, also what decides."""
    store, other = home.open(), home.open()
    reserve(store, "PEC1", ONE)
    third = "0x" + "33" * 32
    asked = []

    def ended(claim: str) -> bool:
        asked.append(claim)
        if claim == ONE:
            reserve(other, "PEC1", third, ended=True)
        return claim == ONE

    with pytest.raises(NumberAlreadyUsed) as refused:
        store.reserve(FILE_NUMBER, "PEC1", OTHER, ended=ended)
    assert refused.value.details["claim"] == third
    assert asked == [ONE, third]


# Messages


def test_a_message_counts_once_in_any_process(home: Home) -> None:
    first, second = home.open(), home.open()
    assert not first.has_received(1, "message-1")
    first.receive([arrived(1)])
    assert second.has_received(1, "message-1")
    with pytest.raises(EnvelopeReplayed):
        second.receive([arrived(1)])
    second.receive([arrived(2)])


def test_when_one_of_several_was_received_elsewhere_none_is_entered(home: Home) -> None:
    store = home.open()
    store.receive([arrived(2)])
    with pytest.raises(EnvelopeReplayed):
        store.receive([arrived(sender) for sender in (1, 2, 3)])
    assert [sender for sender in (1, 2, 3) if store.has_received(sender, "message-1")] == [2]
    assert store.get(Kind.MESSAGE, arrived(1).key) is None


def test_of_many_processes_at_once_one_receives_a_message(home: Home) -> None:
    enter = (
        "from sceau.store import Arrived; from sceau.store.errors import EnvelopeReplayed\n"
        "try: home.open().receive([Arrived(1, 'message-1', {}, '')])\n"
        "except EnvelopeReplayed: sys.exit(3)"
    )
    running = [home.run(enter) for _ in range(3)]
    assert sorted(each.wait(60) for each in running) == [0, 3, 3]


# Documents and the file


def test_documents_are_found_by_key_and_by_claim_in_the_order_in_which_they_came(home: Home) -> None:
    store = home.open()
    for key in ("b", "a", "c"):
        store.put(Kind.STEP, key, {"key": key}, claim=OTHER if key == "c" else ONE)
    store.put(Kind.VERDICT, "a", {"key": "verdict"}, claim=ONE)
    store.put(Kind.STEP, "b", {"key": "b", "again": True}, claim=ONE)
    again = home.open()
    assert again.get(Kind.STEP, "a") == {"key": "a"}
    assert again.of_claim(Kind.STEP, ONE) == [{"key": "b", "again": True}, {"key": "a"}]
    again.discard(Kind.STEP, "b")
    assert again.get(Kind.STEP, "b") is None
    assert again.of_claim(Kind.STEP, ONE) == [{"key": "a"}]


def test_the_file_is_its_owners_alone_and_made_when_something_is_stored(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    assert not store.has_received(1, "message-1")
    assert store.get(Kind.STEP, "a") is None
    assert list(tmp_path.iterdir()) == []
    store.receive([arrived(1)])
    assert stat.S_IMODE((tmp_path / "store.sqlite").stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "store.sqlite").write_text("not a store " * 100)
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "absent", tmp_path / "file", broken):
        with pytest.raises(StoreUnusable) as refused:
            LocalStore(path)
        assert str(path) in refused.value.message("fr")
    assert (broken / "store.sqlite").read_text().startswith("not a store")


def test_a_damaged_document_is_named_and_not_shown(home: Home) -> None:
    store = home.open()
    store.put(Kind.STEP, "one", {"seed": "0xsecret"}, claim=ONE)
    with store.vault.database.change() as connection:
        connection.execute(update(RECORD).values(sealed=b"0xsecret" * 40))
    for read in (lambda: store.get(Kind.STEP, "one"), lambda: store.of_claim(Kind.STEP, ONE)):
        with pytest.raises(RecordDamaged) as refused:
            read()
        assert "secret" not in f"{refused.value} {refused.value!r} {refused.value.details}"
        assert refused.value.__suppress_context__


def test_what_is_kept_in_memory_is_gone_with_it() -> None:
    store = LocalStore(None)
    reserve(store, "PEC1", ONE)
    store.put(Kind.STEP, "a", {}, claim=ONE)
    assert store.get(Kind.STEP, "a") == {}
    assert LocalStore(None).get(Kind.STEP, "a") is None


def test_a_change_that_cannot_be_written_is_undone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process writes for too long: what is stored next must not wait in a change that never ends."""
    monkeypatch.setattr("sceau.store._database.PATIENCE", 1)
    store, writer = home.open(), home.open()
    reserve(store, "PEC1", ONE)
    with writer.vault.change(), pytest.raises(StoreUnusable):
        reserve(store, "PEC2", ONE)
    store.put(Kind.STEP, "a", {}, claim=ONE)
    assert home.open().get(Kind.STEP, "a") == {}
    reserve(home.open(), "PEC2", OTHER)


def test_a_reader_holds_up_nobody(home: Home) -> None:
    store = home.open()
    store.put(Kind.STEP, "a", {"at": 1}, claim=ONE)
    with home.open().vault.view() as rows:
        assert rows is not None
        assert rows.get(Kind.STEP.value, "a") == {"at": 1}
        store.put(Kind.STEP, "a", {"at": 2}, claim=ONE)
        # What is read in one view is of one moment.
        assert rows.get(Kind.STEP.value, "a") == {"at": 1}


def test_what_fails_in_the_middle_of_a_change_leaves_nothing_of_it(home: Home) -> None:
    store = home.open()
    store.put(Kind.STEP, "a", {"at": 1})

    def twice() -> None:
        with store.vault.change():
            store.put(Kind.STEP, "a", {"at": 2})
            store.receive([arrived(1)])
            store.receive([arrived(1)])

    with pytest.raises(EnvelopeReplayed):
        twice()
    assert store.get(Kind.STEP, "a") == {"at": 1}
    assert not store.has_received(1, "message-1")


# Many at once


def test_what_is_wrong_with_one_claim_is_said_of_that_one(home: Home) -> None:
    store = home.open()
    store.put_all(Kind.STEP, [Filed("a", {"of": 1}, ONE), Filed("b", {"of": 2}, OTHER)])
    about = AboutClaims(store, [ONE, OTHER])
    with store.vault.change() as rows:
        place = rows.place_of(Kind.STEP.value, "b")
        rows.connection.execute(update(RECORD).where(RECORD.c.place == place).values(sealed=b"x"))
    assert about.of_claim(Kind.STEP, ONE) == [{"of": 1}]
    with pytest.raises(RecordDamaged):
        about.of_claim(Kind.STEP, OTHER)


def test_what_is_stored_about_claims_is_read_once_for_all(home: Home) -> None:
    store = home.open()
    store.put(Kind.STEP, "a", {"of": 1}, claim=ONE)
    about = AboutClaims(store, [ONE])
    assert about.of_claim(Kind.STEP, ONE) == [{"of": 1}]
    store.put_all(Kind.STEP, [Filed("b", {"of": 2}, ONE), Filed("c", {"of": 3}, OTHER)])
    assert about.of_claim(Kind.STEP, ONE) == [{"of": 1}]
    assert about.of_claim(Kind.STEP, OTHER) == [{"of": 3}]


def test_what_is_looked_at_is_what_stands_there_now(home: Home) -> None:
    """Whatever another process did meanwhile, an epoch of its own included."""
    store, other = home.open(), home.open()
    assert store.vault.look(Kind.MEMO.value, ["a"]) == {}
    store.put(Kind.MEMO, "a", {"of": 1}, claim=ONE)
    for _ in range(2):
        assert store.vault.look(Kind.MEMO.value, ["a", "b"]) == {"a": {"of": 1}}
    other.vault.begin_epoch()
    other.vault.destroy_old_keys()
    assert store.vault.look(Kind.MEMO.value, ["a"]) == {"a": {"of": 1}}
    other.put(Kind.MEMO, "a", {"of": 2}, claim=ONE)
    assert store.vault.look(Kind.MEMO.value, ["a"]) == {"a": {"of": 2}}
    with store.change():
        store.put(Kind.MEMO, "b", {"of": 3}, claim=ONE)
        assert store.vault.look(Kind.MEMO.value, ["b"]) == {"b": {"of": 3}}
    other.discard(Kind.MEMO, "a")
    assert store.vault.look(Kind.MEMO.value, ["a"]) == {}
    with store.change():
        place = store.vault.database.at_once("SELECT place FROM store_record WHERE kind = ?", ["memo"])[0][0]
        with store.vault.change() as rows:
            rows.connection.execute(update(RECORD).where(RECORD.c.place == place).values(sealed=b"x"))
    with pytest.raises(RecordDamaged):
        store.vault.look(Kind.MEMO.value, ["b"])
