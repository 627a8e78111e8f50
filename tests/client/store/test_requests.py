# SPDX-License-Identifier: Apache-2.0
"""Named requests: what one made and was answered is stored with the work, once, and erased with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from sceau.store import Kind, LocalStore
from sceau.store._protocol import BEGUN
from sceau.store.erasing import remove
from sceau.store.errors import RequestDiffers, RequestErased, RequestTaken
from sceau.store.requests import Made, Requests
from tests.client.store.conftest import Home

CLAIM = "0x" + "c1" * 32
STEP = "0x" + "57" * 32
ASKED = b"POST /quotes\n{}"


@pytest.fixture
def store(homes: Callable[[], Home]) -> LocalStore:
    return homes().open()


def work(store: LocalStore, key: str = STEP) -> None:
    """What a verb does: several changes, one of them nested, and what follows from it."""
    with store.change():
        store.put(Kind.STEP, key, {"step": key}, claim=CLAIM)
        store.put(Kind.UNCONFIRMED, key, {"step": key}, claim=CLAIM)
    store.put(Kind.OUTGOING, "message", {"draft": {"kind": "disclosure"}}, claim=CLAIM)


MADE = (Made(Kind.STEP, STEP, CLAIM), Made(Kind.OUTGOING, "message", CLAIM))


def test_a_request_that_was_answered_is_answered_the_same(store: LocalStore) -> None:
    requests = Requests(store)
    with requests.once("till/one", ASKED) as begun:
        assert (begun.made, begun.answer) == ((), None)
        work(store)
    requests.answer("till/one", {"status": 202})
    with Requests(store).once("till/one", ASKED) as again:
        assert again.answer == {"status": 202}
        assert again.made == MADE


def test_what_was_made_is_known_where_nothing_was_answered(store: LocalStore) -> None:
    with Requests(store).once("till/one", ASKED):
        work(store)
    with Requests(store).once("till/one", ASKED) as again:
        assert (again.made, again.answer) == (MADE, None)


def test_another_name_is_another_request(store: LocalStore) -> None:
    requests = Requests(store)
    with requests.once("till/one", ASKED):
        work(store)
    for other in ("till/two", "desk/one"):
        with requests.once(other, ASKED) as begun:
            assert begun.made == ()


def test_what_is_stored_outside_is_no_work_of_it(store: LocalStore) -> None:
    requests = Requests(store)
    with requests.once("till/one", ASKED):
        pass
    work(store)
    with requests.once("till/one", ASKED) as again:
        assert again.made == ()


@pytest.mark.parametrize("answered", [False, True])
def test_something_else_is_refused_under_a_name(store: LocalStore, answered: bool) -> None:
    requests = Requests(store)
    with requests.once("till/one", ASKED):
        work(store)
    if answered:
        requests.answer("till/one", {"status": 202})
    with pytest.raises(RequestDiffers), requests.once("till/one", ASKED + b" "):
        raise AssertionError("it was begun")


def test_what_failed_before_it_made_anything_is_forgotten(store: LocalStore) -> None:
    requests = Requests(store)
    with pytest.raises(ZeroDivisionError), requests.once("till/one", ASKED):
        _ = 1 // 0
    assert list(store.of_kind(Kind.REQUEST)) == []
    with requests.once("till/one", b"something else") as begun:
        assert begun.made == ()


def test_what_failed_after_it_made_something_is_known(store: LocalStore) -> None:
    requests = Requests(store)

    def fails() -> None:
        work(store)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), requests.once("till/one", ASKED):
        fails()
    with requests.once("till/one", ASKED) as again:
        assert again.made == MADE


def test_a_change_that_is_rolled_back_made_nothing(store: LocalStore) -> None:
    requests = Requests(store)

    def fails() -> None:
        with store.change():
            store.put(Kind.STEP, STEP, {}, claim=CLAIM)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), requests.once("till/one", ASKED):
        fails()
    assert store.get(Kind.STEP, STEP) is None
    with requests.once("till/one", ASKED) as again:
        assert again.made == ()


def test_of_two_at_once_the_one_that_began_last_does_it(homes: Callable[[], Home]) -> None:
    home = homes()
    first, second = home.open(), home.open()

    def both() -> None:
        with Requests(first).once("till/one", ASKED):
            with Requests(second).once("till/one", ASKED):
                work(second)
            work(first, "0x" + "58" * 32)

    with pytest.raises(RequestTaken):
        both()
    assert [key for key, _ in second.of_kind(Kind.STEP)] == [STEP]
    with Requests(second).once("till/one", ASKED) as again:
        assert again.made == MADE


def test_what_was_made_is_erased_with_its_claim_and_not_done_again(store: LocalStore) -> None:
    requests = Requests(store)
    with requests.once("till/one", ASKED):
        work(store)
    requests.answer("till/one", {"status": 202, "body": {"values": "of a patient"}})
    removed = remove(store, at=1_900_000_000, claims=[CLAIM])
    assert removed.erased.kinds["request"] == 1
    assert any("of a patient" in str(row.document) for _, row in removed.rows)
    assert list(store.of_kind(Kind.REQUEST)) == []
    for asked in (ASKED, b"something else"):
        with pytest.raises(RequestErased), requests.once("till/one", asked):
            raise AssertionError("it was done again")
    # The name that the client chose may say something, too.
    with store.vault.view() as rows:
        assert rows is not None
        (mark,) = [row for kind, row in rows.all() if kind == BEGUN]
    assert (mark.key, mark.claim, mark.document) == (hashlib.sha256(b"till/one").hexdigest(), "", {})


def test_the_answer_of_a_consent_that_was_recorded_is_erased_with_the_consent(store: LocalStore) -> None:
    requests, consent = Requests(store), "0x" + "c0" * 32
    with requests.once("till/one", ASKED):
        store.put(Kind.SIGNED_CONSENT, consent, {})
    requests.answer("till/one", {"status": 202})
    remove(store, at=1_900_000_000, lanes=[consent])
    with pytest.raises(RequestErased), requests.once("till/one", ASKED):
        raise AssertionError("it was done again")


def test_what_is_about_no_claim_keeps_no_answer(store: LocalStore) -> None:
    requests = Requests(store)
    with requests.once("till/one", ASKED):
        store.put(Kind.CONSENT_REQUEST, STEP, {})
    requests.answer("till/one", {"body": "of a patient"})
    with requests.once("till/one", ASKED) as again:
        assert (again.made, again.answer) == ((Made(Kind.CONSENT_REQUEST, STEP, ""),), None)


def test_nothing_of_a_request_can_be_read_in_the_file_of_a_database(tmp_path: Path) -> None:
    home = Home(tmp_path / "store", tmp_path / "store.key")
    (tmp_path / "store").mkdir()
    store = home.open()
    requests = Requests(store)
    with requests.once("till/DUPONT-MARIE", b"DUPONT MARIE"):
        work(store)
    requests.answer("till/DUPONT-MARIE", {"body": "DUPONT MARIE"})
    store.close()
    held = b"".join(each.read_bytes() for each in home.file.parent.iterdir())
    assert b"DUPONT" not in held
    assert hashlib.sha256(b"till/DUPONT-MARIE").hexdigest().encode() not in held


def test_an_answer_goes_with_the_single_row_that_it_repeats(store: LocalStore) -> None:
    """A verdict that is deleted at a notice must not stand on in what its request was answered."""
    requests = Requests(store)
    for name, verdict in (("till/one", "first"), ("till/two", "second")):
        with requests.once(name, ASKED):
            store.put(Kind.VERDICT, verdict, {"values": {"right.sphere": verdict}}, claim=CLAIM)
        requests.answer(name, {"body": {"values": {"right.sphere": verdict}}})
    removed = remove(store, at=1_900_000_000, rows=[(Kind.VERDICT.value, "first")], begin=False)
    assert removed.erased.kinds == {"verdict": 1, "request": 1}
    with pytest.raises(RequestErased), requests.once("till/one", ASKED):
        raise AssertionError("it is not done again")
    with requests.once("till/two", ASKED) as begun:
        assert begun.answer == {"body": {"values": {"right.sphere": "second"}}}
    assert [document["made"][0][1] for _, document in store.of_kind(Kind.REQUEST)] == ["second"]


def test_an_answer_to_what_another_request_made_is_erased_with_its_claim(store: LocalStore) -> None:
    requests = Requests(store)
    with requests.once("till/two", ASKED):
        # The verb found that it had been done before.
        pass
    requests.answer("till/two", {"claim": CLAIM}, about=CLAIM)
    with requests.once("till/two", ASKED) as begun:
        assert begun.answer == {"claim": CLAIM}
    work(store)
    remove(store, at=1_900_000_000, claims=[CLAIM])
    assert list(store.of_kind(Kind.REQUEST)) == []
    with pytest.raises(RequestErased), requests.once("till/two", ASKED):
        raise AssertionError("it is not done again")
