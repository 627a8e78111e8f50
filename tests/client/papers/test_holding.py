# SPDX-License-Identifier: Apache-2.0
"""What a patient may ask for is all that is held, of every kind of row, and no secret with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sceau.documents.model import Fault, parse
from sceau.errors import Language
from sceau.messages.evidence import EvidenceRequest
from sceau.papers import shapes
from sceau.papers.holding import Holding
from sceau.papers.kinds import KIND_WORDS
from sceau.roles.acting import ActingParty
from sceau.roles.holding import ABOUT_NOBODY, COUNTED, IN_PARTS, TOLD, page
from sceau.roles.traces import Traces
from sceau.store import Kind
from sceau.store.erasing import Copies
from tests.client.roles.test_erasing import QUIET
from tests.client.roles.test_notifying import shown
from tests.support.life import Life
from tests.support.posting import connected
from tests.support.stage import Stage
from tests.support.stores import rows_of

LANGUAGES: tuple[Language, ...] = ("en", "fr")


@pytest.fixture
def settled(stage: Stage) -> Life:
    life = stage.delivered
    life.invoice()
    life.settle()
    return life


def traces(role: ActingParty, claim: str) -> Traces:
    return Traces.of((kind, row) for kind, row in rows_of(role.store) if row.claim == claim)


def require_whole(role: ActingParty, claim: str, found: Holding) -> dict[str, Any]:
    """Every row about the claim is in it, with every value that it holds, and no secret."""
    assert not isinstance(parse(shapes.Holding, json.dumps(found.to_json())), Fault)
    [of_claim] = [each for each in found.content["claims"] if each["subject"] == claim]
    rows = [kind for kind, row in rows_of(role.store) if row.claim == claim]
    told = [each["kind"] for each in of_claim["held"]]
    counted = [kind for kind, number in of_claim["notes"].items() for _ in range(number)]
    parts = [Kind.GIVEN.value] * len(of_claim["given"]) + [Kind.NOTICE.value] * len(of_claim["notices"])
    assert sorted(rows) == sorted([*told, *counted, *parts])
    # What is only counted holds no value of its own.
    rows_counted = [row for kind, row in rows_of(role.store) if row.claim == claim and kind in COUNTED]
    assert not [row for row in rows_counted if Traces.of_document(row.document).values]
    expected = traces(role, claim)
    said = json.dumps(found.to_json())
    values = {
        str(value)
        for part in ("claims", "consents")
        for subject in found.content[part]
        for each in subject["held"]
        for record in each["records"]
        for value in record["values"].values()
    }
    # Of a shown record its scope is a leaf, too: it is told as the profile.
    assert {each for each in expected.values if not each.startswith("sceau:")} <= values
    for text in (said, *(page(found, language) for language in LANGUAGES)):
        assert not [each for each in expected.secrets if each[2:] in text]
    return dict(of_claim)


def test_every_kind_of_row_is_covered_by_one_way_of_telling() -> None:
    """A new kind must say whether it is told, has a part of its own, is counted, or is about nobody."""
    ways = (TOLD, IN_PARTS, COUNTED, ABOUT_NOBODY)
    assert {kind for way in ways for kind in way} == {kind.value for kind in Kind} | {
        "received",
        "number",
        "outbox",
        "request-begun",
    }
    assert sum(map(len, ways)) == len(KIND_WORDS)


def test_each_party_of_a_claim_tells_all_that_it_holds(settled: Life) -> None:
    parties = (settled.practice, settled.supplier, settled.payer)
    for role in parties:
        found = role.held(claims=[settled.claim])
        of_claim = require_whole(role, settled.claim, found)
        chain = of_claim["on_chain"]
        assert chain["state"] == "settled"
        roots = {step.record.root for step in role.steps(settled.claim)}
        assert roots <= {each["commitment"] for each in chain["steps"]}
        assert of_claim["kept"]["reason"] == "recent"
        assert of_claim["kept"]["erased_from"] > of_claim["kept"]["until"]
        senders = {each["sender"] for each in of_claim["held"] if each["kind"] == "message"}
        assert role.party not in senders
        assert len(of_claim["given"]) == len(role.register(settled.claim).entries)


def test_by_the_exchange_nothing_is_left_out_either(settled: Life, tmp_path: Path) -> None:
    life = connected(settled, tmp_path / "exchange")
    life.practice.justify(life.claim, "renewal-too-early", "OTHER")
    for role in (life.practice, life.payer, life.practice):
        role.sync()
    for role in (life.practice, life.payer):
        require_whole(role, life.claim, role.held(claims=[life.claim]))


def test_a_consent_is_told_with_what_was_shown_under_it(stage: Stage) -> None:
    round_, practice, payer = shown(stage)
    store, consent = practice.store, round_.signed.consent
    store.put(Kind.CONSENT_REQUEST, round_.request.commitment, round_.request.to_json())
    store.put(Kind.SIGNED_CONSENT, consent, round_.signed.to_json())
    found = practice.held(claims=[round_.claim])
    require_whole(practice, round_.claim, found)
    [of_consent] = found.content["consents"]
    assert of_consent["subject"] == consent
    assert {each["kind"] for each in of_consent["held"]} == {"consent-request", "signed-consent"}
    assert [each["recipient"] for each in of_consent["given"]] == [payer.party]
    assert of_consent["on_chain"]["revoked_at"] is None
    secret = round_.request.to_json()["opening"]["seed"]
    assert secret not in json.dumps(found.to_json())
    require_whole(payer, round_.claim, payer.held(claims=[round_.claim]))


#: Real messages are told above; one that nobody signed is read by nothing. A step is made with its claim.
MADE_OTHERWISE = {"message", "step"}


@pytest.mark.parametrize(
    "kind", sorted({each.value for each in Kind} - ABOUT_NOBODY - IN_PARTS - MADE_OTHERWISE)
)
def test_a_row_of_any_kind_is_found(stage: Stage, kind: str) -> None:
    practice, claim = stage.opened.practice, stage.opened.claim
    before = practice.held(claims=[claim]).content["claims"][0]
    now = stage.chain.now
    request = EvidenceRequest.make(1, 2, claim, [], deadline=now + 2 * QUIET, asked_at=now)
    documents: dict[str, dict[str, Any]] = {
        "evidence-request": request.to_json(),
        "information": {"payer": 3, "practice": 1, "asked_at": now, "paths": ["here"]},
        "intention": {"payer": 3, "wanted_at": now, "paths": ["here"]},
        "outgoing": {"draft": {"kind": "x", "recipient": 3, "body": {"word": "here"}}, "encrypted_at": now},
        "verdict": {"outcome": "accepted", "time": now, "values": {"a": "here"}},
    }
    practice.store.put(Kind(kind), "3:x", documents.get(kind, {"word": "here"}), claim=claim)
    after = practice.held(claims=[claim]).content["claims"][0]
    if kind in COUNTED:
        assert after["notes"].get(kind, 0) == before["notes"].get(kind, 0) + 1
    else:
        assert len(after["held"]) == len(before["held"]) + 1


def test_of_what_is_not_held_it_says_so(settled: Life, stage: Stage, tmp_path: Path) -> None:
    practice = settled.practice
    found = practice.held(claims=["0x" + "11" * 32], consents=["0x" + "22" * 32])
    assert [each["held"] for part in ("claims", "consents") for each in found.content[part]] == [[], []]
    stage.chain.sleep(QUIET)
    practice.erase(Copies(tmp_path / "b"), claims=[settled.claim])
    [of_claim] = practice.held(claims=[settled.claim]).content["claims"]
    assert (of_claim["held"], len(of_claim["erased_at"])) == ([], 1)
    # It is known still who was given what, and what the chain holds.
    assert of_claim["given"]
    assert of_claim["on_chain"]["steps"]
    assert "Holding(" in repr(found)
    assert settled.claim not in repr(found)
