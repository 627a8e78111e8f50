# SPDX-License-Identifier: Apache-2.0
"""A request is done once, whoever asks again, and whatever is killed when."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.client import HTTPException
from pathlib import Path
from random import Random
from threading import Thread
from time import sleep
from typing import Any

import pytest

from sceau import Practice, load_quote
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.gateway.answers import ConsentAnswer, MessageAnswer, of_handle
from sceau.gateway.asked import Nothing
from sceau.gateway.asking import Writing
from sceau.gateway.practice import withdraw_consent
from sceau.gateway.reading import done
from sceau.gateway.shops import Shop
from sceau.roles.errors import ConsentDropped
from sceau.store import Kind, LocalStore
from sceau.store.erasing import remove
from sceau.store.errors import RequestErased
from sceau.store.keys import KeyFile
from sceau.store.requests import Requests
from scripts.documents import document
from tests.client.gateway.running import House, Http, address_of, until
from tests.support.deployed import Deployed
from tests.support.kills import lives
from tests.support.opened_claims import opened

#: So many lives of a process are killed while it does what was asked.
KILLS = 40
#: So often the same is asked again.
LIVES_OF_ONE = 4


def quote(number: str) -> dict[str, Any]:
    """A quote of its own for each claim."""
    return {**load_quote(document("quote")), "pec.number": number}


def shop_of(chain: Deployed, folder: Path) -> Shop:
    """A shop as a process of its own opens it; it follows nothing by itself."""

    def opening() -> Practice:
        network = Network(Node(chain.url), chain.network.manifest)
        store = LocalStore(folder / "store", KeyFile(folder / "store.key"))
        return Practice(network, chain.signers["practice"], store=store, queues=True)

    return Shop("shop", "practice", opening, 3_600)


def ask(shop: Shop, chain: Deployed, number: int) -> tuple[int, Any]:
    """Asks a shop for the claim of a number; the answer's body and status."""
    practice = shop.acting_as(Practice)
    answer = Writing(shop, f"till/{number}", str(number).encode()).once(
        lambda: of_handle(
            practice.open_claim("fr-optical-quote", quote(f"N{number}"), payer=chain.party("payer"))
        )
    )
    return answer.status_code, json.loads(bytes(answer.body))


def test_what_is_asked_again_after_a_kill_is_written_once(chain: Deployed, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()

    def life(number: int, tell: Callable[[str], None]) -> None:
        shop = shop_of(chain, tmp_path)
        # What was asked before is written meanwhile: the verb alone would take it for another claim.
        shop.party.sync(10)
        status, body = ask(shop, chain, number // LIVES_OF_ONE)
        assert status in (201, 202)
        tell(f"{number // LIVES_OF_ONE} {body['claim']}")
        shop.party.sync(10)

    told: dict[str, set[str]] = {}
    for lines in lives(life, KILLS, seed=20261201):
        for line in lines:
            number, claim = line.split()
            told.setdefault(number, set()).add(claim)
    shop = shop_of(chain, tmp_path)
    for each in range(KILLS // LIVES_OF_ONE):
        _, body = ask(shop, chain, each)
        told.setdefault(str(each), set()).add(body["claim"])
    shop.party.sync(30)
    assert {len(claims) for claims in told.values()} == {1}
    stands = opened(chain)
    assert sorted(stands) == sorted(claim for claims in told.values() for claim in claims)
    shop.close()


def test_an_erased_claim_is_not_opened_again(chain: Deployed, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    shop = shop_of(chain, tmp_path)
    _, body = ask(shop, chain, 1)
    shop.party.sync(30)
    remove(shop.store, at=1_900_000_000, claims=[body["claim"]])
    with pytest.raises(RequestErased) as refused:
        ask(shop, chain, 1)
    assert refused.value.http_status == 410
    assert len(opened(chain)) == 1
    shop.close()


@pytest.mark.parametrize("in_answer", [True, False])
def test_an_answer_about_what_was_there_is_erased_with_it(
    chain: Deployed, tmp_path: Path, in_answer: bool
) -> None:
    """A withdrawal stores nothing of its own, nor does an order that is answered a second time."""
    (tmp_path / "store").mkdir()
    shop, about = shop_of(chain, tmp_path), "0x" + "c0" * 32
    answer = (
        ConsentAnswer(consent=about, state="queued", transaction=None)
        if in_answer
        else MessageAnswer(id="ab" * 16, recipient=3, state="leaves")
    )
    writing = Writing(shop, "till/withdrawal", b"asked", "" if in_answer else about)
    assert writing.once(lambda: answer).status_code == 202
    remove(shop.store, at=1_900_000_000, lanes=[about])
    assert list(shop.store.of_kind(Kind.REQUEST)) == []
    with pytest.raises(RequestErased):
        writing.once(lambda: answer)
    shop.close()


class Killed(BaseException):
    """The process ends here."""


def test_what_takes_something_away_is_answered_again_after_a_kill(
    chain: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it took is not there any more: the verb alone would refuse what it did."""
    (tmp_path / "store").mkdir()
    shop = shop_of(chain, tmp_path)
    shop.store.put(Kind.UNHANDLED, "2:ab", {})
    writing = Writing(shop, "till/done", b"asked")
    answered = Requests.answer

    def killed(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr(Requests, "answer", killed)
    with pytest.raises(Killed):
        done(writing, "2:ab", Nothing())
    monkeypatch.setattr(Requests, "answer", answered)
    assert done(writing, "2:ab", Nothing()).status_code == 201
    assert done(writing, "2:ab", Nothing()).status_code == 201
    assert shop.store.get(Kind.UNHANDLED, "2:ab") is None
    shop.close()


def test_a_disclosure_that_waited_is_not_made_again(chain: Deployed, tmp_path: Path) -> None:
    """It was made by the post, and arrived, before its request was answered."""
    (tmp_path / "store").mkdir()
    shop, about = shop_of(chain, tmp_path), "shown:" + "ab" * 32
    with suppress(Killed), shop.requests.once("till/shown", b"asked"):
        shop.store.put(Kind.INTENTION, about, {"payer": 3}, claim="0x" + "c1" * 32)
        raise Killed
    shop.store.discard(Kind.INTENTION, about)
    shop.store.put(Kind.OUTGOING, "ab" * 16, {"draft": {"id": "ab" * 16, "recipient": 3}})
    shop.store.put(Kind.TOLD, about, {"id": "ab" * 16})

    def again() -> MessageAnswer:
        raise AssertionError("it is made a second time")

    answer = Writing(shop, "till/shown", b"asked").once(again)
    assert json.loads(bytes(answer.body)) == {"id": "ab" * 16, "recipient": 3, "state": "leaves"}
    shop.close()


def test_a_consent_that_was_dropped_is_withdrawn_once(
    chain: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The role tells it by an error, and has done it: what is forgotten would be done again, and fail."""
    (tmp_path / "store").mkdir()
    shop, consent, asked = shop_of(chain, tmp_path), "0x" + "c0" * 32, list[str]()

    def dropped(_: Practice, consent: str) -> None:
        asked.append(consent)
        raise ConsentDropped

    monkeypatch.setattr(Practice, "withdraw_consent", dropped)
    writing = Writing(shop, "till/withdrawal", b"asked")
    for _ in range(2):
        answer = withdraw_consent(writing, consent, Nothing())
        assert answer.status_code == 201
        assert json.loads(bytes(answer.body))["state"] == "dropped"
    assert asked == [consent]
    shop.close()


def test_a_step_that_the_contract_refused_is_asked_again(chain: Deployed, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    shop = shop_of(chain, tmp_path)
    practice = shop.acting_as(Practice)
    _, body = ask(shop, chain, 1)
    claim = body["claim"]

    def cancel(name: str) -> int:
        writing = Writing(shop, name, b"cancel")
        return writing.once(lambda: of_handle(practice.cancel(claim, reason="PATIENT"))).status_code

    assert cancel("till/a") in (201, 202)
    shop.party.sync(30)
    first = cancel("till/a")
    assert first in (201, 202)
    assert [step.row.function for step in practice.steps(claim)] == ["open", "cancel"]
    shop.close()


def test_the_same_is_answered_again_over_http_and_something_else_is_refused(
    house: Callable[[str], House], chain: Deployed
) -> None:
    asked = {"quote": json.loads(document("quote")), "payer": chain.party("payer")}
    with house("practice").running() as shop:
        first = shop.post("/quotes", asked, "the-first-of-today")
        assert first.status in (201, 202)
        assert first.headers["location"].endswith(first.body["commitment"])
        again = shop.post("/quotes", asked, "the-first-of-today")
        assert (again.status, again.body, again.headers["location"]) == (
            first.status,
            first.body,
            first.headers["location"],
        )
        other = shop.post("/quotes", {**asked, "consent": "0x" + "11" * 32}, "the-first-of-today")
        assert (other.status, other.code) == (422, "request-differs")
        elsewhere = shop.post(f"/claims/{first.body['claim']}/cancellation", {}, "the-first-of-today")
        assert (elsewhere.status, elsewhere.code) == (422, "request-differs")
        until(lambda: opened(chain), lambda claims: claims == [first.body["claim"]])


def test_a_gateway_that_is_killed_goes_on_where_it_was(
    house: Callable[[str], House], chain: Deployed
) -> None:
    home, draw = house("practice"), Random(20261201)
    claims: dict[str, str] = {}
    for number in range(4):
        process = home.start()
        shop = Http(address_of(process), home.token)
        asked = {
            "quote": {"format": "sceau-values/1", "profile": "fr-optical-quote/1", "values": written(number)},
            "payer": chain.party("payer"),
        }
        thread = Thread(target=partial(_ask_and_forget, shop, asked, f"claim-number-{number}"))
        thread.start()
        sleep(draw.uniform(0, 0.4))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        thread.join()
        with home.running() as again:
            answer = again.done("/quotes", asked, f"claim-number-{number}")
            claims[str(number)] = answer["claim"]
            until(lambda: again.get("/outbox").body["entries"], lambda entries: entries == [])
    assert sorted(opened(chain)) == sorted(claims.values())


def written(number: int) -> dict[str, Any]:
    """The values of a quote, as JSON holds them."""
    from sceau.record.values import RecordValues

    return dict(RecordValues("fr-optical-quote/1", quote(f"K{number}")).to_json()["values"])


def _ask_and_forget(shop: Http, asked: Any, name: str) -> None:
    with suppress(OSError, HTTPException, ValueError):
        shop.post("/quotes", asked, name)
