# SPDX-License-Identifier: Apache-2.0
"""``sceau outbox``: shows what waits, sends it, and gives up or retries what stopped."""

from __future__ import annotations

import pytest

from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.formats.optics.quote import load_quote
from sceau.roles.named import number_of_key
from sceau.roles.practice import Practice
from sceau.store import Kind, LocalStore
from scripts.documents import document
from tests.client.cli.conftest import Desk
from tests.support.deployed import Deployed

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def desk(shop: Desk) -> Desk:
    """The practice's desk, with a store."""
    shop.path("store").mkdir()
    settings = shop.path("sceau.toml")
    settings.write_text(settings.read_text(encoding="utf-8") + 'store = "store"\n', encoding="utf-8")
    return shop


def opened_off_line(desk: Desk, chain: Deployed, *payers: str) -> list[str]:
    """Claims that a program of the practice opens while no node answers, each for another payer."""
    store = LocalStore(desk.path("store"))
    network = Network.later([Node(NOWHERE)], chain.network.manifest)
    shop = Practice(
        network, chain.signers["practice"], party=chain.party("practice"), store=store, queues=True
    )
    quote = load_quote(document("quote"))
    claims = [shop.open_claim("fr-optical-quote", quote, payer=chain.party(each)).claim for each in payers]
    store.close()
    return claims


def test_what_waits_is_shown_without_a_node_and_sent_with_one(desk: Desk, chain: Deployed) -> None:
    claims = opened_off_line(desk, chain, "payer", "other_payer")
    listed = desk.run("outbox", "list", "--node", NOWHERE, "--json").data
    assert (listed["waiting"], listed["elsewhere"]) == (2, 0)
    assert [(each["state"], each["function"], each["claim"]) for each in listed["entries"]] == [
        ("wanted", "open", claim) for claim in claims
    ]
    sent = desk.run("outbox", "send", "--node", NOWHERE, "--json")
    assert (sent.code, sent.data["waiting"]) == (0, 2)
    assert [each["code"] for each in sent.data["problems"]] == ["node-unreachable"]
    assert desk.run("outbox", "send", "--json").data == {"written": 2, "waiting": 0, "problems": []}
    assert desk.run("claim", "show", claims[1], "--json").data["claim"] == claims[1]
    assert desk.run("outbox", "list", "--json").data["entries"] == []


def test_what_stopped_is_explained_retried_and_given_up(desk: Desk, chain: Deployed) -> None:
    """A claim for a party that is no payer: the client alone notices it, once a node says what the party is."""
    opened_off_line(desk, chain, "supplier")
    sent = desk.run("outbox", "send", "--json").data
    assert (sent["written"], sent["waiting"]) == (0, 1)
    (problem,) = sent["problems"]
    assert problem["code"] == "entry-stopped"
    (entry,) = desk.run("outbox", "list", "--json").data["entries"]
    assert (str(entry["entry"]), entry["state"], entry["reason"]) == (
        problem["entry"],
        "stopped",
        "party-of-another-role",
    )
    assert "stopped" in desk.run("outbox", "list").out
    assert "arrêtée" in desk.run("outbox", "list", LANG="fr_FR.UTF-8").out
    assert desk.run("outbox", "retry", entry["entry"]).code == 0
    assert "is not stopped" in desk.run("outbox", "retry", entry["entry"]).refused()
    assert desk.run("outbox", "drop", entry["entry"]).code == 0
    assert "no entry" in desk.run("outbox", "drop", entry["entry"]).refused()
    assert list(LocalStore(desk.path("store")).of_kind(Kind.STEP)) == []


def test_a_disclosure_without_a_node_is_listed_sent_later_and_can_be_given_up(
    desk: Desk, chain: Deployed
) -> None:
    desk.path("exchange").mkdir()
    settings = desk.path("sceau.toml")
    settings.write_text(settings.read_text(encoding="utf-8") + 'exchange = "exchange"\n', encoding="utf-8")
    first, second = opened_off_line(desk, chain, "payer", "other_payer")
    store = LocalStore(desk.path("store"))
    number_of_key(chain.network, store, chain.signers["practice"].address)
    store.close()
    for claim in (first, first, second):
        queued = desk.run("disclose", claim, "--clause", "minimal", "--node", NOWHERE)
        assert queued.code == 6
        assert "Queued" in queued.err
    listed = desk.run("outbox", "list", "--node", NOWHERE, "--json").data["disclosures"]
    assert [(each["claim"], each["payer"], each["state"]) for each in listed] == [
        (first, chain.party("payer"), "wanted"),
        (second, chain.party("other_payer"), "wanted"),
    ]
    assert "divulgation" in desk.run("outbox", "list", "--node", NOWHERE, LANG="fr_FR.UTF-8").out
    assert "is not stopped" in desk.run("outbox", "retry", listed[0]["entry"]).refused()
    assert desk.run("outbox", "drop", listed[1]["entry"]).code == 0
    left = desk.run("outbox", "list", "--json").data["disclosures"]
    assert [each["claim"] for each in left] == [first]
