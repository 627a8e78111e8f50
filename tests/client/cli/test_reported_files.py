# SPDX-License-Identifier: Apache-2.0
"""Files as people reported them of other programs, played on the command: tests/data/reported."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from sceau.chain.errors import KeystoreInvalid
from sceau.chain.signer import Signer
from sceau.consent.typed_data import CONSENT, consent_message, wallet_request
from sceau.deployment import RegistryId
from sceau.documents.strict_json import parse_object
from sceau.documents.wrapped import encrypted_in, is_encrypted, text_of
from sceau.party.errors import MessageKeysInvalid
from sceau.party.message_keys import MessageKeys
from tests.client.cli.conftest import Desk, Result

REPORTED = Path(__file__).parents[2] / "data" / "reported"


@pytest.fixture
def desk(bare: Desk) -> Desk:
    """A desk with all of these files."""
    shutil.copytree(REPORTED, bare.directory, dirs_exist_ok=True)
    return bare


def values(desk: Desk, kind: str, *files: str) -> dict[str, object]:
    done = desk.run("import", kind, *files, "-o", "values.json", "--force", "--json")
    assert done.code == 0, done
    read: dict[str, object] = desk.json("values.json")["values"]
    return read


def refused(done: Result, code: str) -> str:
    assert done.code == 1, done
    (line,) = done.err.splitlines()
    said = json.loads(line)
    assert said["error"] == code
    return str(said["message"])


def test_a_byte_order_mark_before_json_is_passed_over(desk: Desk) -> None:
    assert desk.path("quote-bom.json").read_bytes().startswith(b"\xef\xbb\xbf")
    assert values(desk, "quote", "quote-bom.json")["pec.number"]
    assert values(desk, "fhir-prescription", "prescription-bom.json")["right.sphere"] == "-2.00"


def test_a_keystore_of_another_cipher_is_refused_by_name_and_opens_to_no_other_key() -> None:
    with pytest.raises(KeystoreInvalid, match="aes-128-ctr"):
        Signer.from_keystore(REPORTED / "cbc-noaddr.json", "happy1234")


@pytest.mark.parametrize("claim", ["partial-claim.json", "partial-claim-two-codings.json"])
def test_dates_of_a_coverage_that_give_only_years_are_left_out(desk: Desk, claim: str) -> None:
    read = values(desk, "fhir-claim", claim, "partial-coverage.json")
    assert read["item.1.code"] == "GLASS"
    assert not {"coverage.start", "coverage.end"} & set(read)


def test_a_power_may_have_any_zeros_behind_it(desk: Desk) -> None:
    assert values(desk, "fhir-prescription", "numeric18.json")["right.sphere"] == "-2.00"


def test_a_comma_and_whole_numbers_as_text_are_taken_in_every_file_of_the_trade(desk: Desk) -> None:
    text = (REPORTED / "comma.json").read_text("utf-8")
    desk.write("point.json", re.sub(r"([0-9]),([0-9])", r"\1.\2", text))
    assert desk.path("point.json").read_text() != text
    assert values(desk, "order", "comma.json") == values(desk, "order", "point.json")
    assert values(desk, "order", "texts.json")["right.quantity"] == "1"
    assert values(desk, "quote", "quote-comma.json")["right.price"] == "14900"


def test_message_keys_with_a_negative_number_of_rounds_do_not_open() -> None:
    with pytest.raises(MessageKeysInvalid):
        MessageKeys.unlock((REPORTED / "keys.jwe").read_text(), "x")


@pytest.mark.parametrize("identifier", ["73282932000075", "732 829 320 00074", "732829321", "7328293200007"])
def test_an_entry_takes_no_siret_that_is_none(desk: Desk, identifier: str) -> None:
    words = ("directory", "entry", "--name", "Optique", "--identifier", identifier, "--jwks", "jwks.json")
    refused(desk.run(*words, "-o", "e.json", "--json"), "file-malformed")
    assert not desk.path("e.json").exists()


@pytest.mark.parametrize("identifier", ["73282932000074", "732829320", "35600000000048"])
def test_an_entry_takes_a_siret_and_those_of_la_poste(desk: Desk, identifier: str) -> None:
    words = ("directory", "entry", "--name", "Optique", "--identifier", identifier, "--jwks", "jwks.json")
    assert desk.run(*words, "-o", "e.json").code == 0


def test_a_setting_in_the_folder_of_an_unknown_user_is_told_with_its_file(desk: Desk) -> None:
    shutil.copy(REPORTED / "tilde.toml", desk.path("sceau.toml"))
    assert "sceau.toml" in refused(desk.run("doctor", "--json"), "home-unknown")
    assert desk.run("--help").code == 0


def test_an_envelope_that_a_mail_program_wrapped_is_whole() -> None:
    data = (REPORTED / "wrapped.env").read_bytes()
    assert b"\n" in data.strip()
    assert is_encrypted(data)
    parts = encrypted_in(text_of(data)).split(".")
    assert len(parts) == 5
    assert all(part.isascii() and not set(part) & set(" \r\n=>") for part in parts)


def test_a_large_chain_id_reaches_a_wallet_as_it_is() -> None:
    """JavaScript rounds the number of this file, which another chain has."""
    rounded = json.loads((REPORTED / "wallet-rounded.json").read_text("utf-8"))
    chain_id = rounded["domain"]["chainId"]
    registry = RegistryId(chain_id, "0x" + "11" * 32, rounded["domain"]["verifyingContract"].lower())
    words = rounded["message"]
    message = consent_message(words["commitment"], words["recorder"], words["expiresAt"], words["attested"])
    rounded["domain"]["chainId"] = str(chain_id)
    assert wallet_request(registry, CONSENT, message) == rounded


def test_secrets_as_they_were_reported(desk: Desk) -> None:
    new = ("key", "new", "-o", "k.json", "--json", "--password-file")
    refused(desk.run(*new, "latin1.txt"), "file-not-read")
    assert desk.run(*new, "utf8.txt").code == 0
    secret = (REPORTED / "utf8.txt").read_text("utf-8").splitlines()[0]
    assert Signer.from_keystore(desk.path("k.json"), secret).address


def test_what_is_no_json_is_told_by_its_encoding(desk: Desk) -> None:
    for encoding in ("utf-16", "latin-1"):
        text = desk.path("quote-bom.json").read_text("utf-8-sig").replace("PEC", "É")
        desk.path("other.json").write_bytes(text.encode(encoding))
        told = refused(desk.run("import", "quote", "other.json", "-o", "v.json", "--json"), "quote-refused")
        assert "UTF-8" in told
    assert parse_object(desk.path("quote-bom.json").read_bytes())
