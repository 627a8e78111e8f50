# SPDX-License-Identifier: Apache-2.0
"""``sceau sync`` and ``sceau inbox``: what waits leaves, what came is listed with what it asks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sceau import Practice
from sceau.store import LocalStore
from scripts.documents import document
from tests.client.cli.conftest import Desk
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


def test_a_claim_is_opened_off_line_says_queued_and_is_written_once_by_sync(
    offices: tuple[Office, Office], chain: Deployed
) -> None:
    shop, insurer = offices
    values = shop.values("quote")
    # The number of the party is known from the first time that a node said it.
    opening = ("claim", "open", values, "--payer", chain.party("payer"), "--json")
    shop.done(*opening)
    away = shop.run(*opening, "--node", NOWHERE, "-o", "queued.json")
    assert (away.code, away.data["state"], away.data["transaction"]) == (6, "queued", None)
    claim = away.data["claim"]
    assert shop.json("queued.json")["claim"] == claim
    # Asked for again it is the same step.
    again = shop.run(*opening, "--node", NOWHERE)
    assert (again.code, again.data["claim"], again.data["file"]) == (6, claim, None)
    assert "sceau sync" in shop.run(*opening[:-1], "--node", NOWHERE).err
    assert "boîte d'envoi" in shop.run(*opening[:-1], "--node", NOWHERE, LANG="fr_FR.UTF-8").out
    assert insurer.run("claim", "show", claim).code == 1
    report = shop.done("sync", "--json").data
    assert (report["written"], report["queued"]) == (1, 0)
    assert insurer.done("claim", "show", claim, "--json").data["state"] == "opened"


def test_what_waits_goes_with_the_next_command_that_reaches_a_node(
    offices: tuple[Office, Office], chain: Deployed
) -> None:
    shop, _ = offices
    opening = ("claim", "open", shop.values("quote"), "--payer", chain.party("payer"), "--json")
    shop.done(*opening)
    claim = shop.run(*opening, "--node", NOWHERE).data["claim"]
    cancelled = shop.done("claim", "cancel", claim, "--reason", "PATIENT", "--json").data
    assert (cancelled["claim"], cancelled["state"]) == (claim, "written")
    assert [step["step"] for step in shop.done("claim", "show", claim, "--json").data["steps"]] == [
        "opened",
        "cancelled",
    ]


def test_a_step_that_the_chain_refuses_after_it_waited_leaves_no_file_and_says_why(
    offices: tuple[Office, Office], chain: Deployed
) -> None:
    shop, _ = offices
    opening = ("claim", "open", shop.values("quote"), "--payer", chain.party("payer"), "--json")
    claim = shop.done(*opening).data["claim"]
    cancel = ("claim", "cancel", claim, "--reason", "PATIENT", "--json")
    assert shop.run(*cancel, "--node", NOWHERE, "-o", "queued.json").code == 6
    # Another program of the party, without this outbox, was first.
    writer = Practice(chain.network, chain.signers["practice"], store=LocalStore(None))
    writer.cancel(claim, reason="OTHER").wait(30)
    assert "claim-step-illegal" in shop.run(*cancel, "-o", "x.json").refused()
    assert not shop.path("x.json").exists()
    assert shop.done("outbox", "list", "--json").data["waiting"] == 0


def test_a_message_without_a_file_needs_the_post(
    chain: Deployed, tmp_path: Path, published: Published
) -> None:
    shop = open_office(tmp_path / "shop", chain, "practice", published)
    claim = shop.done("claim", "open", shop.values("quote"), "--payer", chain.party("payer"), "--json").data[
        "claim"
    ]
    for words in (
        ("disclose", claim, "--clause", "minimal"),
        ("claim", "justify", claim, "--finding", "renewal-too-early", "--reason", "OTHER"),
        ("envelope", "act-codes", claim),
    ):
        assert "SCEAU_EXCHANGE" in shop.run(*words).refused()


def test_without_a_store_a_step_needs_a_file_and_is_not_sent_without(shop: Desk, chain: Deployed) -> None:
    shop.write("quote.json", document("quote").decode())
    assert shop.run("import", "quote", "quote.json", "-o", "values.json").code == 0
    opening = ("claim", "open", "values.json", "--payer", chain.party("payer"))
    before = chain.test_node.request("eth_blockNumber")
    assert "SCEAU_STORE" in shop.run(*opening).refused()
    assert chain.test_node.request("eth_blockNumber") == before
    assert shop.run(*opening, "-o", "opening.json").code == 0


RECORD = ("consent", "record", "signed.json", "--request", "request.json", "--json")


def queue_consent(shop: Office, chain: Deployed, signed_files: Path) -> str:
    """A consent that waits in the outbox, as no node answers."""
    for name in ("request.json", "signed.json"):
        shutil.copy(signed_files / name, shop.directory)
    # The party's number is known from the first time that a node said it.
    shop.done("claim", "open", shop.values("quote"), "--payer", chain.party("payer"))
    away = shop.run(*RECORD, "--node", NOWHERE)
    assert (away.code, away.data["state"]) == (6, "queued")
    return str(away.data["consent"])


def test_a_consent_that_waits_and_is_withdrawn_is_never_recorded(
    offices: tuple[Office, Office], chain: Deployed, signed_files: Path
) -> None:
    shop, _ = offices
    consent = queue_consent(shop, chain, signed_files)
    withdraw = ("consent", "withdraw", consent, "--yes")
    assert "never be recorded" in shop.run(*withdraw, "--node", NOWHERE).refused()
    assert shop.done("sync", "--json").data["written"] == 0
    # Nor is it afterwards: whoever changed their mind signs again.
    assert json.loads(shop.run(*RECORD).refused())["error"] == "consent-dropped"
    assert shop.run("consent", "check", consent).code == 3


def test_a_consent_that_waits_is_written_by_sync_and_so_is_its_withdrawal(
    offices: tuple[Office, Office], chain: Deployed, signed_files: Path
) -> None:
    shop, _ = offices
    consent = queue_consent(shop, chain, signed_files)
    assert shop.done("sync", "--json").data["written"] == 1
    assert shop.done("consent", "check", consent, "--json").data["status"] == "valid"
    gone = shop.run("consent", "withdraw", consent, "--yes", "--node", NOWHERE, "--json")
    assert (gone.code, gone.data["state"]) == (6, "queued")
    assert shop.done("sync", "--json").data["written"] == 1
    assert shop.run("consent", "check", consent, "--json").data["status"] == "withdrawn"
