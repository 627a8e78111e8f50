# SPDX-License-Identifier: Apache-2.0
"""Opening a claim, disclosing and judging it, by the command."""

from __future__ import annotations

import shutil
import stat
from datetime import date
from pathlib import Path

import pytest

from sceau.chain.node import Block, Node
from tests.client.cli.conftest import Desk
from tests.support.deployed import Deployed

ROOT = Path(__file__).resolve().parents[3]
OPEN = ("claim", "open", "values.json", "--payer", "3", "-o", "step.json")
DISCLOSE = ("disclose", "step.json", "--to", "3", "-o", "disclosure.json", "--clause")
CONSENT = ("--consent-request", "request.json", "--signed-consent", "signed.json")
VERIFY = ("verify", "disclosure.json", "--as", "3")


def test_fhir_files_become_a_claim_with_its_prescription_sealed_inside(shop: Desk) -> None:
    fhir = ROOT / "tests" / "fhir-r4"
    rx = shop.run(
        "import", "fhir-prescription", fhir / "VisionPrescription-33123.json", "-o", "rx.json", "--json"
    )
    assert rx.data["profile"] == "optical-prescription/1"
    claim = shop.run(
        *("import", "fhir-claim", fhir / "Claim-660150.json", fhir / "Coverage-9876B1.json"),
        *("-o", "values.json", "--json"),
    )
    assert claim.code == 0, claim
    assert claim.data["profile"] == "optical-claim/1"
    assert all({"code", "path"} == set(notice) for notice in claim.data["notices"])
    opened = shop.run(*OPEN, "--prescription", "rx.json", "--json")
    assert opened.code == 0, opened
    step = shop.json("step.json")
    assert step["opening"]["values"]["prescription.commitment"] == step["inner"]["prescription"]["root"]
    shown = shop.run("claim", "show", opened.data["claim"], "--json").data
    assert shown["state"] == "opened"
    assert shown["consent"] is None
    assert [s["commitment"] for s in shown["steps"]] == [opened.data["commitment"]]


@pytest.mark.parametrize(
    ("kind", "file", "profile"),
    [
        ("quote", "quote.json", "fr-optical-quote/1"),
        ("order", "order.json", "lens-order/1"),
        ("delivery", "delivery.json", "lens-delivery/1"),
        ("invoice", "invoice.json", "fr-optical-invoice/1"),
    ],
)
def test_each_file_of_the_trade_becomes_a_values_file(bare: Desk, kind: str, file: str, profile: str) -> None:
    done = bare.run("import", kind, ROOT / "tests" / "data" / file, "-o", "values.json", "--json")
    assert done.data["profile"] == bare.json("values.json")["profile"] == profile
    assert done.data["values"] == len(bare.json("values.json")["values"])
    assert stat.S_IMODE(bare.path("values.json").stat().st_mode) == 0o600


@pytest.fixture
def opened(recorded: Desk) -> Desk:
    """The practice's desk after a claim was opened under the recorded consent."""
    quote = ROOT / "tests" / "data" / "quote.json"
    assert recorded.run("import", "quote", quote, "-o", "values.json").code == 0
    done = recorded.run(*OPEN, "--consent", recorded.json("card.json")["consent"])
    assert done.code == 0, done
    return recorded


def test_the_minimal_clause_needs_no_consent_and_shows_what_the_policy_allows(opened: Desk) -> None:
    shown = opened.run(*DISCLOSE, "minimal", "--json")
    assert shown.code == 0, shown
    assert "right.price" not in shown.data["paths"]
    assert "total.amc" in shown.data["paths"]
    assert date.fromisoformat(shown.data["delete_by"]) > date(2026, 11, 23)
    verdict = opened.run(*VERIFY, "--json")
    assert (verdict.code, verdict.data["outcome"]) == (0, "accepted")
    assert sorted(verdict.data["values"]) == shown.data["paths"]


def test_the_detailed_clause_counts_until_the_patient_revokes(opened: Desk) -> None:
    assert opened.run(*DISCLOSE, "detailed", *CONSENT).code == 0
    accepted = opened.run(*VERIFY, LANG="fr_FR.UTF-8")
    assert accepted.code == 0, accepted
    assert "ACCEPTÉ" in accepted.out
    revoke = ("consent", "revoke", "card.json", "--yes", "--pin-file", "pin")
    assert opened.run(*revoke).code == 0
    refused = opened.run(*VERIFY, "--json")
    assert (refused.code, refused.data["outcome"]) == (3, "refused")
    assert "consent-revoked" in [finding["code"] for finding in refused.data["findings"]]
    said = opened.run(*VERIFY, LANG="fr_FR.UTF-8")
    assert said.code == 3
    assert "REFUSÉ" in said.out


def test_chosen_paths_only_are_shown(opened: Desk) -> None:
    shown = opened.run(*DISCLOSE, "minimal", "--path", "total.amc", "--path", "currency", "--json")
    assert shown.data["paths"] == ["currency", "total.amc"]
    verdict = opened.run(*VERIFY)
    assert "343.97" in verdict.out
    assert "343,97" in opened.run(*VERIFY, LANG="fr_FR.UTF-8").out


def test_amounts_and_flags_are_shown_as_people_write_them(opened: Desk) -> None:
    opened.run(*DISCLOSE, "minimal")
    out = opened.run(*VERIFY, LANG="fr_FR.UTF-8").out
    assert "467,00" in out
    assert "attesté par le magasin (oui ou non) : non" in " ".join(out.split()).replace("\u00a0", " ")


def test_values_have_their_names_and_the_order_of_the_profile(opened: Desk) -> None:
    opened.run(*DISCLOSE, "minimal")
    out = opened.run(*VERIFY).out
    names = ["Date of the quote: ", "Right lens: grouped code: VXB1", "Total price: 467.00", "Currency: EUR"]
    places = [out.find(name) for name in names]
    assert -1 not in places
    assert places == sorted(places)


def test_the_reader_is_the_keystores_party_without_its_password(opened: Desk, insurer: Desk) -> None:
    assert opened.run(*DISCLOSE, "minimal").code == 0
    shutil.copy(opened.path("disclosure.json"), insurer.directory)
    insurer.write("password", "not the password")
    assert insurer.run("verify", "disclosure.json").code == 0
    not_mine = opened.run("verify", "disclosure.json", "--json")
    assert (not_mine.code, not_mine.data["findings"][0]["code"]) == (3, "not-addressed")


def test_a_compromised_key_puts_the_verdict_in_doubt_and_the_code_is_4(opened: Desk, chain: Deployed) -> None:
    opened.run(*DISCLOSE, "minimal")
    key = chain.signers["practice"].address
    chain.consortium.set_compromised_since(key, chain.now - 3600).wait(30)
    verdict = opened.run(*VERIFY, "--json")
    assert (verdict.code, verdict.data["outcome"]) == (4, "in-doubt")
    assert "DOUTE" in opened.run(*VERIFY, LANG="fr_FR.UTF-8").out


def test_a_stale_node_gives_no_verdict_and_the_code_is_5(opened: Desk) -> None:
    opened.run(*DISCLOSE, "minimal")
    manifest = opened.json("deployment.json")
    manifest["block_period"] = 1
    opened.write("deployment.json", manifest)
    # Ganache makes blocks on demand: by a clock an hour ahead its head is far too old for a period of a second.
    before = Node.head
    try:
        Node.head = lambda self: _older(before(self))  # type: ignore[method-assign] # put back below
        verdict = opened.run(*VERIFY, "--json")
    finally:
        Node.head = before  # type: ignore[method-assign] # as it was
    assert verdict.code == 5
    assert verdict.data["findings"][0]["code"] == "stale-node"


def test_a_step_sent_again_is_not_written_twice(opened: Desk, chain: Deployed) -> None:
    head = chain.network.node.head().hash
    again = opened.run("claim", "send", "step.json", "--json")
    assert again.code == 0, again
    assert again.data["transaction"] is None
    assert again.data["claim"] == opened.json("step.json")["claim"]
    assert chain.network.node.head().hash == head


def test_a_step_that_was_kept_and_never_sent_is_sent(opened: Desk, chain: Deployed) -> None:
    with chain.rolled_back():
        assert opened.run("claim", "open", "values.json", "--payer", "3", "-o", "second.json").code == 0
    sent = opened.run("claim", "send", "second.json", "--json")
    assert sent.code == 0, sent
    assert sent.data["transaction"]["gas_used"] > 21_000
    assert opened.run("claim", "show", sent.data["claim"]).code == 0


def test_the_opening_is_private_and_on_disk_before_anything_is_sent(
    shop: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sceau.claim.prepared import PreparedStep

    quote = ROOT / "tests" / "data" / "quote.json"
    assert shop.run("import", "quote", quote, "-o", "values.json").code == 0
    seen = []

    def killed(_self: object, *_arguments: object) -> None:
        seen.append(stat.S_IMODE(shop.path("step.json").stat().st_mode))
        raise KeyboardInterrupt

    monkeypatch.setattr(PreparedStep, "send", killed)
    assert shop.run(*OPEN).code == 130
    assert seen == [0o600]
    monkeypatch.undo()
    assert shop.run("claim", "send", "step.json").code == 0


def test_a_transaction_in_no_block_yet_keeps_its_file_and_the_code_is_6(shop: Desk, chain: Deployed) -> None:
    quote = ROOT / "tests" / "data" / "quote.json"
    assert shop.run("import", "quote", quote, "-o", "values.json").code == 0
    chain.test_node.stop_blocks()
    try:
        result = shop.run(*OPEN, "--timeout", "1")
    finally:
        chain.test_node.start_blocks()
    assert result.code == 6
    assert "claim send step.json" in result.err
    assert shop.run("claim", "send", "step.json").code == 0


def test_a_policy_in_a_folder_counts_for_both_sides(opened: Desk) -> None:
    import json
    from importlib.resources import files

    packaged = files("sceau.policy").joinpath("data")
    file = next(f for f in packaged.iterdir() if f.name.endswith(".json"))
    policy = json.loads(file.read_text("utf-8"))
    policy["id"] = "narrow"
    policy["clauses"]["minimal"]["allow"] = {"fr-optical-quote/1": ["currency"]}
    del policy["clauses"]["detailed"]
    opened.path("policies").mkdir()
    opened.write("policies/narrow.json", policy)
    where = ("--policies", "policies")
    shown = opened.run(*DISCLOSE, "minimal", "--policy", "narrow", *where, "--json")
    assert shown.data["paths"] == ["currency"]
    assert opened.run(*VERIFY, *where).code == 0
    assert opened.run(*VERIFY).code == 3


def _older(block: Block) -> Block:
    from dataclasses import replace

    return replace(block, timestamp=block.timestamp - 100_000)
