# SPDX-License-Identifier: Apache-2.0
"""A consent's whole life by the command, on a chain with fees and on a free one."""

from __future__ import annotations

import json
import os
import stat
import time
from pathlib import Path

import pytest

from sceau.consent.card import Card
from sceau.party.directory import DirectoryEntry
from tests.client.cli.conftest import PASSWORD, PIN, Desk, furnish
from tests.client.cli.offices import Published
from tests.support.deployed import Deployed
from tests.support.lying_node import head_at, lying_at

REVOKE = ("consent", "revoke", "card.json", "--yes", "--pin-file", "pin")


def status(desk: Desk) -> str:
    return str(desk.run("consent", "check", "card.json", "--json").data["status"])


def test_a_request_is_shown_in_words_before_it_is_signed(consented: Desk) -> None:
    text = consented.run("consent", "read", "request.json", LANG="fr_FR.UTF-8").out
    assert "VOTRE ACCORD" in text
    assert "montants et quantités ligne par ligne" in text
    english = consented.run("consent", "read", "request.json").out
    assert english.index("VOTRE ACCORD") < english.index("YOUR CONSENT")


def test_a_request_for_programs_holds_the_words_and_what_a_wallet_signs(consented: Desk) -> None:
    data = consented.run("consent", "read", "request.json", "--json").data
    assert (data["practice"], data["payer"], data["groups"]) == (1, 3, ["DETAIL-AMOUNTS"])
    assert data["typed_data"]["primaryType"] == "Consent"
    assert data["typed_data"]["message"]["commitment"] == data["commitment"]
    assert "ACCORD" in data["text"]["fr"]


def test_a_patient_reads_the_names_that_a_directory_proves(
    consented: Desk, chain: Deployed, published: Published
) -> None:
    consented.path("directory").mkdir()
    named = ("consent", "read", "request.json", "--directory", "directory")
    consented.write("directory/1.json", published.entries["practice"].to_json())
    # The chain holds the entry's hash: that proves its keys, and no name.
    unconfirmed = consented.run(*named, SCEAU_LANGUAGE="fr")
    assert "Optique du Pont" not in unconfirmed.out
    assert "partie 1" in unconfirmed.err
    consented.write("directory/1-confirmed.json", published.statements["practice"].to_json())
    assert "Optique du Pont (membre" in consented.run(*named, SCEAU_LANGUAGE="fr").out
    words = consented.run(*named, "--json").data["text"]
    assert "Optique du Pont" in words["fr"]
    assert "Optique du Pont" in words["en"]
    # The insurer's entry is not there: its number stands alone.
    assert "Mutuelle Loire" not in words["fr"]
    # An entry that the chain does not confirm names nobody.
    chain.controller("practice").publish(DirectoryEntry("Another", "FR", "1", None)).wait(30)
    assert "Optique du Pont" not in consented.run(*named).out


def test_nothing_is_signed_without_a_yes(consented: Desk) -> None:
    files = consented.files()
    words = ("consent", "sign", "request.json", "-o", "s.json", "--card", "c.json", "--pin-file", "pin")
    result = consented.run(*words, typed="y\n")
    assert result.code == 1
    assert "Not confirmed" in result.err
    assert consented.files() == files


def test_a_card_and_its_signed_consent_are_two_files(consented: Desk) -> None:
    before = consented.files()
    same = (
        *("consent", "sign", "request.json", "--pin-file", "pin", "--yes"),
        *("-o", "one.json", "--card", "new/../one.json"),
    )
    consented.path("new").mkdir()
    for flags in ((), ("--force",)):
        assert "one file" in consented.run(*same, *flags).refused()
    assert consented.files() == before


def test_the_card_is_on_disk_before_the_signed_consent_and_gone_without_it(
    consented: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, written = consented.files(), []

    def fills_up(_descriptor: int) -> None:
        written.append(consented.path("new-card.json").exists())
        if len(written) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fills_up)
    words = ("-o", "new.json", "--card", "new-card.json", "--pin-file", "pin", "--yes", "--json")
    assert "No space left" in consented.run("consent", "sign", "request.json", *words).refused()
    assert written == [False, True]
    assert consented.files() == before


def test_card_and_signed_consent_are_private_and_the_card_tells_nothing(
    consented: Desk, signed_files: Path
) -> None:
    for name in ("request.json", "signed.json", "card.json"):
        assert stat.S_IMODE((signed_files / name).stat().st_mode) == 0o600
    card = consented.path("card.json").read_text()
    assert "THIRD-PARTY" not in card
    assert "DETAIL" not in card
    assert consented.json("card.json")["format"] == "sceau-consent-card/1"


def test_a_consent_is_recorded_checked_and_shown(recorded: Desk) -> None:
    card = recorded.json("card.json")
    checked = recorded.run("consent", "check", card["consent"], "--json")
    assert checked.code == 0
    assert checked.data["status"] == "valid"
    assert checked.data["recorder"] == 1
    assert checked.data["attested"] is False
    assert checked.data["block"]["hash"].startswith("0x")
    for given in ("card.json", "signed.json"):
        assert recorded.run("consent", "check", given, "--json").data == checked.data
    shown = recorded.run("consent", "show", "card.json", "--json").data
    assert shown["consent"] == card["consent"]
    assert shown["state"] == checked.data
    assert recorded.run("consent", "show", "card.json", "--offline", "--json").data["state"] is None


def test_a_card_is_shown_though_no_node_answers_and_the_code_says_so(recorded: Desk) -> None:
    result = recorded.run("consent", "show", "card.json", "--node", "http://127.0.0.1:1")
    assert result.code == 5
    assert recorded.json("card.json")["consent"] in result.out
    assert "127.0.0.1:1" in result.err


def test_a_consent_that_is_not_valid_has_code_3(consented: Desk) -> None:
    result = consented.run("consent", "check", "card.json", "--json")
    assert (result.code, result.data["status"], result.data["attested"]) == (3, "unknown", None)


def test_revoking_shows_what_it_ends_and_proves_it(recorded: Desk, chain: Deployed) -> None:
    result = recorded.run(*REVOKE, LANG="fr_FR.UTF-8")
    assert result.code == 0, result
    before, after = result.out.split("Révoqué.")
    card = recorded.json("card.json")
    for said in (card["consent"], "1337", "valable jusqu'au", "Enregistré", "Prend fin", "Attesté"):
        assert said in before
    head = chain.network.node.head()
    for said in (card["consent"], "révoqué par sa clé", str(head.number), head.hash):
        assert said in after
    assert status(recorded) == "revoked"


def test_revoking_for_programs_gives_block_and_transaction(recorded: Desk, chain: Deployed) -> None:
    data = recorded.run(*REVOKE, "--json").data
    head = chain.network.node.head()
    assert data["status"] == "revoked"
    assert data["block"]["number"] == data["transaction"]["block_number"] == head.number
    assert data["block"]["hash"] == data["transaction"]["block_hash"] == head.hash
    assert data["revoked_at"] == data["block"]["time"]


def test_revoking_again_says_that_it_is_done(recorded: Desk) -> None:
    assert recorded.run(*REVOKE).code == 0
    again = recorded.run(*REVOKE, "--json")
    assert again.code == 0
    assert again.data["status"] == "revoked"
    assert again.data["transaction"] is None


STALE = head_at(lambda: time.time() - 3600)


def beating(desk: Desk) -> None:
    """The deployment of the desk on a chain with a beat."""
    desk.write("deployment.json", {**desk.json("deployment.json"), "block_period": 1})


def test_a_stale_node_is_told_and_only_a_revocation_goes_on(recorded: Desk, chain: Deployed) -> None:
    beating(recorded)
    with lying_at(chain.url, STALE) as url:
        check = recorded.run("consent", "check", "card.json", "--node", url)
        assert (check.code, check.out) == (5, "")
        consent = recorded.json("card.json")["consent"]
        assert recorded.run("consent", "check", consent, "--node", url).code == 5
        shown = recorded.run("consent", "show", "card.json", "--node", url, "--json")
        assert (shown.code, shown.data["state"]["status"]) == (0, "valid")
        assert "at most 60 s" in json.loads(shown.err)["warning"]
        revoked = recorded.run(*REVOKE, "--via", url, "--json")
        assert (revoked.code, revoked.data["status"]) == (0, "revoked")
        assert "at most 60 s" in json.loads(revoked.err.splitlines()[-1])["warning"]
        # Where the card alone is given, the block period is not known.
        alone = recorded.run(
            "consent", "check", "card.json", "--config", recorded.write("empty.toml", ""), "--node", url
        )
        assert alone.code == 5
    assert recorded.run("consent", "check", "card.json", "--node", chain.url).code in (3, 5)


def test_a_revocation_is_witnessed_by_another_node_that_is_named(recorded: Desk, chain: Deployed) -> None:
    with lying_at(chain.url, lambda _method, _params, result: result) as other:
        via = ("--via", chain.url, "--via", other)
        assert recorded.run(*REVOKE, *via, "--json").data["witnessed"] is True
        assert recorded.run(*REVOKE, *via, "--json").data["witnessed"] is True
        assert recorded.run(*REVOKE, "--via", other, "--json").data["witnessed"] is False


def test_a_revocation_without_a_witness_says_so(recorded: Desk) -> None:
    assert "Only the node that sent it" in recorded.run(*REVOKE).err


def test_a_revocation_that_waits_is_not_sent_again(recorded: Desk, chain: Deployed) -> None:
    chain.test_node.stop_blocks()
    try:
        first = recorded.run(*REVOKE, "--timeout", "1", "--json")
        again = recorded.run(*REVOKE, "--timeout", "1", "--json")
    finally:
        chain.test_node.start_blocks()
    assert (first.code, again.code) == (6, 6)
    assert "waits for a block" not in first.err
    warning, error = map(json.loads, again.err.splitlines())
    assert "waits for a block" in warning["warning"]
    assert error["error"] == "transaction-not-mined"
    assert json.loads(first.err)["message"] == error["message"]
    assert warning["warning"].count("0x") == 1


def test_revoking_before_recording_leaves_a_tombstone(consented: Desk) -> None:
    result = consented.run(*REVOKE)
    assert result.code == 0
    assert "can never be recorded" in result.err
    assert status(consented) == "revoked-early"


def test_revoking_needs_a_yes(recorded: Desk) -> None:
    result = recorded.run(*REVOKE[:3], "--pin-file", "pin", typed="yes\n")
    assert result.code == 1
    assert status(recorded) == "valid"


def test_a_patient_needs_the_card_and_a_members_address_only(
    recorded: Desk, bare: Desk, chain: Deployed
) -> None:
    patient = bare
    patient.write("card.json", recorded.json("card.json"))
    patient.write("pin", PIN)
    patient.write("payer-of-fees.json", chain.signers["stranger"].to_keystore(PASSWORD, iterations=2**10))
    patient.write("password", PASSWORD)
    # This chain charges fees: somebody's key must send it.
    refused = patient.run(*REVOKE, "--via", chain.url).refused()
    assert "--keystore" in refused
    assert "--offline" in refused
    sender = ("--keystore", "payer-of-fees.json", "--password-file", "password")
    done = patient.run(*REVOKE, "--via", chain.url, *sender, "--json")
    assert done.code == 0, done
    assert status(recorded) == "revoked"


def test_on_a_free_chain_a_key_that_nobody_ever_saw_sends_it(free_desk: Desk, free_chain: Deployed) -> None:
    data = free_desk.run(*REVOKE, "--json").data
    sent = free_chain.network.node.web3.eth.get_transaction(data["transaction"]["hash"])
    known = {signer.address for signer in free_chain.signers.values()}
    card = Card.from_json(free_desk.path("card.json").read_bytes())
    assert sent["from"] not in known
    assert sent["from"].lower() != card.address
    assert free_chain.network.node.web3.eth.get_transaction_count(sent["from"]) == 1


def test_a_revocation_made_off_line_can_be_sent_by_anyone(
    recorded: Desk, bare: Desk, chain: Deployed
) -> None:
    patient = bare
    patient.write("card.json", recorded.json("card.json"))
    made = patient.run(*REVOKE, "--offline", "-o", "revocation.json", "--pin-file", "-", typed=PIN + "\n")
    assert made.code == 0, made
    assert "Nothing is revoked yet" in made.err
    assert status(recorded) == "valid"
    anyone = furnish(_folder(bare, "anyone"), chain, "stranger")
    anyone.write("revocation.json", patient.json("revocation.json"))
    sent = anyone.run("consent", "relay", "revocation.json", "--json")
    assert sent.code == 0, sent
    assert sent.data["status"] == "revoked"
    again = anyone.run("consent", "relay", "revocation.json", "--json")
    assert (again.code, again.data["transaction"]) == (0, None)


def test_an_edited_revocation_is_not_relayed(recorded: Desk) -> None:
    assert recorded.run(*REVOKE, "--offline", "-o", "revocation.json").code == 0
    edited = recorded.json("revocation.json")
    signature = edited["signature"]
    edited["signature"] = signature[:10] + ("00" if signature[10:12] != "00" else "11") + signature[12:]
    recorded.write("edited.json", edited)
    assert "signature" in recorded.run("consent", "relay", "edited.json").refused()
    edited["consent"] = "0x" + "11" * 32
    recorded.write("edited.json", edited)
    assert "edited.json" in recorded.run("consent", "relay", "edited.json").refused()
    assert status(recorded) == "valid"


def test_relaying_writes_nowhere_who_asked(recorded: Desk) -> None:
    assert recorded.run(*REVOKE, "--offline", "-o", "revocation.json").code == 0
    files = recorded.files()
    assert recorded.run("consent", "relay", "revocation.json").code == 0
    assert recorded.files() == files


def test_the_practice_withdraws_for_a_patient_without_a_card(recorded: Desk) -> None:
    consent = recorded.json("card.json")["consent"]
    assert "Not confirmed" in recorded.run("consent", "withdraw", consent).err
    assert status(recorded) == "valid"
    data = recorded.run("consent", "withdraw", consent, "--yes", "--json").data
    assert data["status"] == "withdrawn"
    assert data["revoked_at"] is None
    assert status(recorded) == "withdrawn"


def test_another_practice_withdraws_nothing(recorded: Desk, chain: Deployed) -> None:
    consent = recorded.json("card.json")["consent"]
    recorded.write("key.json", chain.signers["other_practice"].to_keystore(PASSWORD, iterations=2**10))
    result = recorded.run("consent", "withdraw", consent, "--yes", "--json")
    assert result.code == 1
    assert status(recorded) == "valid"


def test_a_receipt_and_a_fhir_consent_are_printed_or_written(recorded: Desk) -> None:
    words = ("consent", "receipt", "signed.json", "--request", "request.json")
    assert recorded.run(*words).data["@type"] == "dpv:ConsentReceipt"
    assert recorded.run(*words, "--fhir").data["resourceType"] == "Consent"
    assert recorded.run(*words, "-o", "receipt.json").code == 0
    assert recorded.json("receipt.json")["@type"] == "dpv:ConsentReceipt"


@pytest.mark.parametrize(("name", "start"), [("card.pdf", b"%PDF-"), ("card.png", b"\x89PNG")])
def test_a_card_is_printed(consented: Desk, name: str, start: bytes) -> None:
    assert consented.run("consent", "print", "card.json", "-o", name, "--pin-file", "pin").code == 0
    assert consented.path(name).read_bytes().startswith(start)
    assert (
        "card.txt"
        in consented.run("consent", "print", "card.json", "-o", "card.txt", "--pin-file", "pin").err
    )


def test_an_attested_consent_says_so(shop: Desk) -> None:
    asked = shop.run(
        *("consent", "request", "--payer", "3", "--purpose", "REIMBURSEMENT", "--group", "COVERAGE"),
        *("--group", "AMOUNTS", "--until", "2027-06-30", "--attested", "-o", "r.json", "--json"),
    )
    assert asked.data["attested"] is True
    assert asked.data["unusual_end"] is True
    data = shop.run("consent", "read", "r.json", "--json").data
    assert data["attested"] is True
    assert data["groups"] == ["AMOUNTS", "COVERAGE"]


def test_without_an_end_a_consent_ends_on_the_first_day_of_a_month(shop: Desk) -> None:
    asked = shop.run(
        *("consent", "request", "--payer", "3", "--purpose", "REIMBURSEMENT", "--group", "AMOUNTS"),
        *("-o", "r.json", "--json"),
    )
    assert asked.data["unusual_end"] is False
    assert asked.data["expires_on"].endswith("-01")


def test_a_key_that_was_used_before_is_warned_of(consented: Desk, chain: Deployed) -> None:
    consented.write("used.json", chain.signers["stranger"].to_keystore(PASSWORD, iterations=2**10))
    result = consented.run(
        *("consent", "sign", "request.json", "-o", "s2.json", "--card", "c2.json", "--pin-file", "pin"),
        *("--yes", "--key", "used.json", "--json"),
    )
    assert result.code == 0, result
    assert "used before" in json.loads(result.err)["warning"]
    assert consented.json("s2.json")["key"] == chain.signers["stranger"].address.lower()


def test_two_secrets_cannot_both_come_from_standard_input(recorded: Desk) -> None:
    words = (*REVOKE[:4], "--pin-file", "-", "--password-file", "-")
    assert "standard input" in recorded.run(*words, typed=f"{PASSWORD}\n{PIN}\n").err


def test_a_pin_is_asked_for_only_where_somebody_can_answer(recorded: Desk) -> None:
    assert "--pin-file" in recorded.run(*REVOKE[:4]).err
    assert status(recorded) == "valid"


@pytest.fixture
def free_desk(free_chain: Deployed, tmp_path: Path) -> Desk:
    """A desk on the free chain with a consent of its own, recorded."""
    desk = furnish(_folder(Desk(tmp_path), "free"), free_chain, "practice")
    for words in (
        (
            *("consent", "request", "--payer", "3", "--purpose", "THIRD-PARTY-PAYMENT"),
            *("--group", "DETAIL-AMOUNTS", "--until", "2027-06-30", "-o", "request.json"),
        ),
        (
            "consent",
            "sign",
            "request.json",
            "-o",
            "signed.json",
            "--card",
            "card.json",
            "--pin-file",
            "pin",
            "--yes",
        ),
        ("consent", "record", "signed.json", "--request", "request.json"),
    ):
        done = desk.run(*words)
        assert done.code == 0, done
    return desk


def _folder(desk: Desk, name: str) -> Path:
    path = desk.path(name)
    path.mkdir()
    return path
