# SPDX-License-Identifier: Apache-2.0
"""A verdict that ``sceau verify`` gave, and the decision that rests on it later."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sceau.roles.issued import LONGEST
from tests.client.cli.conftest import Result
from tests.client.cli.offices import Office, Published
from tests.client.cli.trade import Trade, open_trade
from tests.support.deployed import Deployed
from tests.support.life import UNTIL

UNKNOWN = "0" * 32


@pytest.fixture
def trade(chain: Deployed, published: Published, tmp_path: Path) -> Trade:
    return open_trade(tmp_path, chain, published)


def verdict_on(trade: Trade, shown: str, *more: str) -> Any:
    """What ``sceau verify --json`` says."""
    return trade.insurer.run("verify", shown, *more, "--json").data


def refused(trade: Trade, desk: Office, code: str, *words: object, exit_code: int = 1) -> None:
    """The command is refused with a code, and writes nothing at any desk or on the chain."""
    desks = (trade.shop, trade.maker, trade.insurer)
    before, steps = [each.files() for each in desks], trade.history()["steps"]
    result: Result = desk.run(*words, "--json")
    assert f'"error": "{code}"' in result.refused(exit_code)
    assert [each.files() for each in desks] == before
    assert trade.history()["steps"] == steps


def test_a_claim_is_authorised_on_a_verdict_that_was_read_first(trade: Trade) -> None:
    shown = trade.disclose("opening.json")
    verdict = verdict_on(trade, shown)
    done = trade.insurer.done(
        *("claim", "authorise", verdict["id"], "--valid-until", UNTIL, "-o", "a.json"),
        *("--envelope", "a.env", "--json"),
    )
    assert (done.data["verdict"], done.data["reasons"]) == ("accepted", [])
    assert trade.history()["state"] == "authorised"
    sealed = trade.insurer.json("a.json")["opening"]["values"]
    assert (sealed["right.code"], sealed["valid-until"]) == (verdict["values"]["right.code"], UNTIL)
    trade.insurer.hand("a.env", trade.shop)
    trade.shop.done("envelope", "open", "a.env", "-o", "a.json")


def test_people_are_told_the_number_of_a_verdict_that_stays(trade: Trade) -> None:
    shown = trade.disclose("opening.json")
    number = trade.insurer.done("verify", shown).out.split("Verdict number")[1].split()[0]
    trade.insurer.done("claim", "authorise", number, "--valid-until", UNTIL, "-o", "a.json")
    kept = trade.insurer.path("sceau.toml").read_text()
    trade.insurer.write("sceau.toml", kept.replace('store = "store"', ""))
    assert "Verdict number" not in trade.insurer.done("verify", shown).out
    assert verdict_on(trade, shown)["id"] is None


def test_an_unknown_verdict_is_worth_nothing(trade: Trade) -> None:
    for words in (
        ("claim", "authorise", UNKNOWN, "--valid-until", UNTIL, "-o", "x.json"),
        ("claim", "refuse", UNKNOWN, "-o", "x.json"),
        ("claim", "settle", UNKNOWN, "--despite-doubt", "-o", "x.json"),
    ):
        refused(trade, trade.insurer, "verdict-unknown", *words)


def test_a_verdict_counts_for_the_party_that_issued_it(trade: Trade) -> None:
    verdict = verdict_on(trade, trade.disclose("opening.json"))["id"]
    words = (
        "claim",
        "authorise",
        verdict,
        "--valid-until",
        UNTIL,
        "-o",
        "x.json",
        "--store",
        trade.insurer.path("store"),
    )
    refused(trade, trade.maker, "verdict-elsewhere", *words)


def test_a_verdict_counts_for_the_step_that_it_is_on(trade: Trade) -> None:
    opening = verdict_on(trade, trade.disclose("opening.json"))["id"]
    words = ("claim", "settle", opening, "-o", "x.json")
    refused(trade, trade.insurer, "disclosure-of-another-step", *words)
    trade.authorise()
    trade.order()
    trade.deliver()
    trade.invoice()
    shown = trade.disclose("invoice.json")
    invoice = verdict_on(trade, shown)["id"]
    late = ("claim", "authorise", invoice, "--valid-until", UNTIL, "-o", "x.json")
    refused(trade, trade.insurer, "disclosure-of-another-step", *late)
    # The first was given before anything of this was written.
    refused(trade, trade.insurer, "disclosure-of-another-step", "claim", "settle", opening, "-o", "x.json")
    trade.insurer.done("claim", "settle", invoice, "-o", "settlement.json")
    assert trade.history()["state"] == "settled"


def test_a_verdict_grows_old(trade: Trade, chain: Deployed) -> None:
    shown = trade.disclose("opening.json")
    verdict = verdict_on(trade, shown)["id"]
    chain.sleep(LONGEST + 1)
    refused(
        trade,
        trade.insurer,
        "verdict-too-old",
        "claim",
        "authorise",
        verdict,
        "--valid-until",
        UNTIL,
        "-o",
        "x.json",
    )
    trade.insurer.done(
        "claim",
        "authorise",
        verdict_on(trade, shown)["id"],
        "--valid-until",
        UNTIL,
        "-o",
        "authorisation.json",
    )


def test_a_verdict_is_stale_once_the_claim_goes_on(trade: Trade) -> None:
    verdict = verdict_on(trade, trade.disclose("opening.json"))["id"]
    trade.shop.done("claim", "cancel", trade.claim, "--reason", "PATIENT", "-o", "cancel.json")
    refused(
        trade,
        trade.insurer,
        "claim-step-illegal",
        "claim",
        "authorise",
        verdict,
        "--valid-until",
        UNTIL,
        "-o",
        "x.json",
    )


def test_a_refused_or_doubtful_verdict_says_so_again(trade: Trade) -> None:
    shown = trade.disclose("opening.json")
    own = {"format": "sceau-beneficiary/1", "last_equipment": "2026-03-01", "band": "FROM-16", "early": False}
    trade.insurer.write("early.json", own)
    early = verdict_on(trade, shown, "--beneficiary", "early.json")
    assert early["outcome"] == "refused"
    authorise = ("claim", "authorise", early["id"], "--valid-until", UNTIL, "--despite-doubt", "-o", "x.json")
    refused(trade, trade.insurer, "verdict-refused", *authorise, exit_code=3)
    trade.insurer.done("claim", "refuse", early["id"], "--reason", "TOO-EARLY", "-o", "refusal.json")
    assert trade.history()["state"] == "refused"


def test_doubt_is_put_aside_by_a_word(trade: Trade) -> None:
    trade.authorise()
    trade.order()
    trade.deliver()
    trade.maker.done("claim", "return", trade.claim, "--reason", "DEFECT", "-o", "return.json")
    trade.invoice()
    verdict = verdict_on(trade, trade.disclose("invoice.json"))
    assert verdict["outcome"] == "in-doubt"
    settle = ("claim", "settle", verdict["id"], "-o", "settlement.json")
    refused(trade, trade.insurer, "verdict-in-doubt", *settle, exit_code=4)
    trade.insurer.done(*settle, "--despite-doubt")


def test_what_belongs_to_a_verdict_goes_with_verify(trade: Trade) -> None:
    verdict = verdict_on(trade, trade.disclose("opening.json"))["id"]
    before = trade.insurer.files()
    line = trade.insurer.run(
        "claim", "authorise", verdict, "--valid-until", UNTIL, "-o", "x.json", "--beneficiary", "early.json"
    ).refused(2)
    assert "sceau verify" in line
    assert trade.insurer.files() == before


def test_many_files_get_a_line_each_and_one_exit_code(trade: Trade) -> None:
    shown, insurer = trade.disclose("opening.json"), trade.insurer
    words = insurer.json(shown)
    insurer.write("bad.json", "{")
    insurer.write("edited.json", {**words, "format": "sceau-message/2"})
    every = ("bad.json", shown, "absent.json", "opening-shown.env", "edited.json")
    done = insurer.run("verify", *every, "--json")
    assert (done.code, done.err) == (1, "")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert [line["file"] for line in lines] == list(every)
    assert [line.get("outcome") or line["error"] for line in lines] == [
        "file-malformed",
        "accepted",
        "file-not-read",
        "envelope-replayed",
        "disclosure-malformed",
    ]
    assert all(line["file"] in line["message"] for line in lines if "error" in line)
    # A decision rests on the verdict between them.
    done = insurer.run("claim", "authorise", lines[1]["id"], "--valid-until", UNTIL, "-o", "a.json")
    assert done.code == 0, done
    # The claim went on meanwhile: what it says now is refused of both.
    assert [
        json.loads(line)["practice"]
        for line in insurer.run("verify", shown, shown, "--json").out.splitlines()
    ] == [1, 1]


def test_people_are_told_which_verdict_is_of_which_file(trade: Trade) -> None:
    shown, insurer = trade.disclose("opening.json"), trade.insurer
    done = insurer.run("verify", "absent.json", shown)
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert "absent.json" in done.err
    assert done.out.splitlines()[:2] == [shown, "Verdict: ACCEPTED"]


def test_what_is_wrong_with_no_file_is_told_once(trade: Trade) -> None:
    shown, insurer = trade.disclose("opening.json"), trade.insurer
    node = ("--node", "http://127.0.0.1:1")
    assert "node-unreachable" in insurer.run("verify", shown, shown, "--json", *node).refused(5)
    insurer.write("beneficiary.json", {"format": "sceau-beneficiary/1", "early": False})
    insurer.run("verify", shown, shown, "--beneficiary", "beneficiary.json").refused(2)


def test_verifying_for_a_party_needs_no_key_of_it(trade: Trade) -> None:
    shown = trade.disclose("opening.json", sealed=False)
    settings = trade.insurer.path("sceau.toml").read_text().splitlines()
    trade.insurer.write("sceau.toml", "\n".join(settings[:2]))
    assert "SCEAU_KEYSTORE" in trade.insurer.run("verify", shown).refused()
    verdict = trade.insurer.done("verify", shown, "--as", 3, "--json").data
    assert (verdict["outcome"], verdict["id"]) == ("accepted", None)
