# SPDX-License-Identifier: Apache-2.0
"""``sceau sync`` and ``sceau inbox``: what waits leaves, what came is listed with what it asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from sceau import Practice
from tests.client.cli.offices import Office, Published, open_office
from tests.support.deployed import Deployed

NOWHERE = "http://127.0.0.1:9"


def connect(*offices: Office) -> None:
    """Offices that exchange messages by one folder."""
    for office in offices:
        folder = office.directory.parent / "exchange"
        folder.mkdir(exist_ok=True)
        with office.path("sceau.toml").open("a", encoding="utf-8") as file:
            file.write('exchange = "../exchange"\n')


@pytest.fixture
def offices(chain: Deployed, tmp_path: Path, published: Published) -> tuple[Office, Office]:
    """A practice and a payer."""
    shop = open_office(tmp_path / "shop", chain, "practice", published)
    insurer = open_office(tmp_path / "insurer", chain, "payer", published)
    connect(shop, insurer)
    return shop, insurer


def shown(shop: Office, chain: Deployed) -> str:
    """A claim, of which a program of the practice shows the payer the opening; it did not leave yet."""
    values = shop.values("quote")
    opened = shop.done(
        "claim", "open", values, "--payer", chain.party("payer"), "-o", "opening.json", "--json"
    )
    claim = str(opened.data["claim"])
    with Practice.open(shop.path("sceau.toml")) as practice:
        practice.show(claim, clause="minimal")
    return claim


def test_a_message_leaves_arrives_and_asks_until_it_is_done(
    offices: tuple[Office, Office], chain: Deployed
) -> None:
    shop, insurer = offices
    claim = shown(shop, chain)
    nothing = {"written": 0, "queued": 0, "sent": 0, "received": 0, "offline": False, "problems": []}
    assert shop.done("sync", "--json").data == {**nothing, "sent": 1, "waiting": 1}
    assert insurer.done("sync", "--json").data == {**nothing, "received": 1, "waiting": 0}
    assert shop.done("sync", "--json").data == {**nothing, "waiting": 0}
    (message,) = insurer.done("inbox", "--json").data["messages"]
    assert (message["kind"], message["from"], message["claim"], message["asks"]) == (
        "disclosure",
        chain.party("practice"),
        claim,
        "decide",
    )
    assert "authorise or refuse" in insurer.done("inbox").out
    assert "refusez le dossier" in " ".join(insurer.done("inbox", LANG="fr_FR.UTF-8").out.split())
    # What it asks is never cleared with what asks nothing.
    insurer.done("inbox", "--clear")
    assert len(insurer.done("inbox", "--json").data["messages"]) == 1
    assert "no message of this identifier" in insurer.run("inbox", "--done", "1:other").refused()
    assert insurer.done("inbox", "--done", message["id"], "--json").data == {"messages": [], "problems": []}
    assert "empty" in insurer.done("inbox").out


def test_off_line_everything_waits_and_nothing_is_lost(
    offices: tuple[Office, Office], chain: Deployed
) -> None:
    shop, insurer = offices
    shown(shop, chain)
    away = shop.done("sync", "--node", NOWHERE, "--json").data
    assert (away["sent"], away["waiting"], away["offline"]) == (0, 1, True)
    assert [each["code"] for each in away["problems"]] == ["node-unreachable"]
    assert shop.done("sync", "--json").data["sent"] == 1
    insurer.done("sync")
    assert insurer.run("inbox", "--node", NOWHERE).code == 5
    assert len(insurer.done("inbox", "--json").data["messages"]) == 1


def test_a_party_without_an_exchange_only_writes_and_one_without_a_store_is_told(
    chain: Deployed, tmp_path: Path, published: Published
) -> None:
    shop = open_office(tmp_path / "shop", chain, "practice", published)
    assert shop.done("sync", "--json").data["problems"] == []
    settings = shop.path("sceau.toml")
    settings.write_text(settings.read_text().replace('store = "store"\n', ""))
    for command in ("sync", "inbox"):
        assert "SCEAU_STORE" in shop.run(command).refused()


def test_what_lies_there_and_is_no_message_is_told_and_left(
    offices: tuple[Office, Office], chain: Deployed
) -> None:
    shop, insurer = offices
    insurer.done("sync")
    folder = insurer.directory.parent / "exchange" / f"{chain.party('practice')}-to-{chain.party('payer')}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "note.env").write_text("hello")
    told = insurer.done("sync")
    assert "note.env" in told.out
    (problem,) = insurer.done("sync", "--json").data["problems"]
    assert (problem["code"], problem["party"]) == ("foreign-file", chain.party("practice"))
    assert (folder / "note.env").exists()
    assert shop.done("sync", "--json").data["sent"] == 0
