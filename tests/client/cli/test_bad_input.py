# SPDX-License-Identifier: Apache-2.0
"""Bad input through the real command: one clear line naming what and where, a non-zero exit, nothing written."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sceau.party import management
from tests.client.chain.test_node import serving
from tests.client.cli.conftest import PASSWORD, Desk, furnish
from tests.support.deployed import Deployed

ROOT = Path(__file__).resolve().parents[3]
FHIR = ROOT / "tests" / "fhir-r4"
QUOTE = ("import", "quote", ROOT / "tests" / "data" / "quote.json", "-o", "values.json")
SIGN = (
    *("consent", "sign", "request.json", "-o", "s.json", "--card", "c.json"),
    *("--yes", "--pin-file", "pin"),
)
NO_CLAIM = "0x" + "11" * 32
RECORD = ("consent", "record", "signed.json", "--request", "request.json")
OPEN = ("claim", "open", "values.json", "--payer", "3", "-o", "step.json")
REVOKE = ("consent", "revoke", "card.json", "--yes", "--pin-file", "pin")


def refuse(desk: Desk, chain: Deployed, *words: object, says: str | tuple[str, ...], code: int = 1) -> str:
    """Runs a command in both languages: refused in one line each, and neither files nor chain changed."""
    files, head = desk.files(), chain.network.node.head().hash
    english = desk.run(*words).refused(code)
    french = desk.run(*words, SCEAU_LANGUAGE="fr").refused(code)
    assert english != french
    for fragment in (says,) if isinstance(says, str) else says:
        assert fragment.lower() in english.lower()
    assert desk.files() == files
    assert chain.network.node.head().hash == head
    return english


def use_key(desk: Desk, chain: Deployed, name: str) -> None:
    desk.write("key.json", chain.signers[name].to_keystore(PASSWORD, iterations=2**10))


def edit(desk: Desk, name: str, change: Callable[[dict[str, Any]], object]) -> None:
    value = desk.json(name)
    change(value)
    desk.write(name, value)


@pytest.fixture
def claimant(shop: Desk) -> Desk:
    """The practice's desk with the values of a quote."""
    assert shop.run(*QUOTE).code == 0
    return shop


@pytest.fixture
def disclosed(claimant: Desk) -> Desk:
    """The same after a claim was opened and disclosed to the payer."""
    assert claimant.run(*OPEN).code == 0
    done = claimant.run("disclose", "step.json", "--to", "3", "--clause", "minimal", "-o", "disclosure.json")
    assert done.code == 0, done
    return claimant


# Roles and keys -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["payer", "supplier", "auditor"])
def test_a_key_of_another_role_opens_no_claim(claimant: Desk, chain: Deployed, name: str) -> None:
    use_key(claimant, chain, name)
    party = str(chain.party(name))
    # A payer is refused for being both sides of the claim's door; all are told which role is missing.
    other = "7" if name == "payer" else "3"
    words = ("claim", "open", "values.json", "--payer", other, "-o", "step.json")
    refuse(claimant, chain, *words, says=(f"Party {party}", "practice"))


def test_a_key_of_another_role_records_no_consent(consented: Desk, chain: Deployed) -> None:
    use_key(consented, chain, "payer")
    refuse(consented, chain, *RECORD, says=("Party 3", "practice"))


def test_an_unknown_key_is_named(claimant: Desk, chain: Deployed) -> None:
    use_key(claimant, chain, "stranger")
    refuse(claimant, chain, *OPEN, says=(chain.signers["stranger"].address, "signing key"))


def test_an_unknown_key_verifies_nothing(disclosed: Desk, chain: Deployed) -> None:
    use_key(disclosed, chain, "stranger")
    refuse(disclosed, chain, "verify", "disclosure.json", says=chain.signers["stranger"].address)


@pytest.mark.parametrize("words", [OPEN, RECORD], ids=["claim", "consent"])
def test_a_suspended_party_writes_nothing(consented: Desk, chain: Deployed, words: tuple[str, ...]) -> None:
    consented.run(*QUOTE)
    management.suspend(chain.network, chain.admin, 1).wait(30)
    refuse(consented, chain, *words, says=("Party 1", "suspended"))


def test_a_retired_key_writes_nothing(claimant: Desk, chain: Deployed) -> None:
    key = chain.signers["practice"]
    management.retire_key(chain.network, chain.controllers["practice"], key.address).wait(30)
    refuse(claimant, chain, *OPEN, says=(key.address, "retired"))


def test_a_number_that_is_no_payer_is_named(claimant: Desk, chain: Deployed) -> None:
    for number, why in (("2", "payer"), ("99", "Party 99")):
        words = ("claim", "open", "values.json", "--payer", number, "-o", "step.json")
        refuse(claimant, chain, *words, says=(number, why))


def test_a_wrong_password_names_the_keystore(claimant: Desk, chain: Deployed) -> None:
    claimant.write("password", "another\n")
    refuse(claimant, chain, *OPEN, says="key.json")


@pytest.mark.parametrize(
    ("content", "why"),
    [("{", "JSON"), ("[]", "keystore"), ('{"version": 3}', "damaged"), ("[" * 200_000, "")],
)
def test_a_broken_keystore_is_named(claimant: Desk, chain: Deployed, content: str, why: str) -> None:
    claimant.write("key.json", content)
    refuse(claimant, chain, *OPEN, says=("key.json", why))


# Consents -----------------------------------------------------------------------------------------------------


def test_an_expired_consent_is_not_recorded(consented: Desk, chain: Deployed) -> None:
    chain.sleep(400 * 86_400)
    refuse(consented, chain, *RECORD, says="The consent ends at")


def test_a_consent_is_not_recorded_twice(recorded: Desk, chain: Deployed) -> None:
    refuse(recorded, chain, *RECORD, says="recorded")


def test_a_consent_made_out_to_one_practice_is_worthless_to_another(consented: Desk, chain: Deployed) -> None:
    use_key(consented, chain, "other_practice")
    refuse(consented, chain, *RECORD, says="signature")


def test_a_revoked_consent_is_neither_recorded_nor_used(consented: Desk, chain: Deployed) -> None:
    assert consented.run(*QUOTE).code == 0
    consent = consented.json("card.json")["consent"]
    assert consented.run(*REVOKE).code == 0
    refuse(consented, chain, *RECORD, says=(consent, "revoked"))
    refuse(consented, chain, *OPEN, "--consent", consent, says=consent)


def test_a_signature_for_another_chain_is_refused(shop: Desk, chain: Deployed, foreign_files: Path) -> None:
    for name in ("request.json", "signed.json"):
        shutil.copy(foreign_files / name, shop.directory)
    refuse(shop, chain, *RECORD, says="another registry")


def test_a_foreign_signature_dressed_for_this_chain_is_refused(
    consented: Desk, chain: Deployed, foreign_files: Path
) -> None:
    foreign = Desk(foreign_files).json("signed.json")
    edit(consented, "signed.json", lambda signed: signed.update(signature=foreign["signature"]))
    refuse(consented, chain, *RECORD, says=("signed.json", "signature"))


def test_a_request_for_another_chain_is_not_shown_for_signing(
    shop: Desk, chain: Deployed, foreign_files: Path
) -> None:
    shutil.copy(foreign_files / "request.json", shop.directory)
    refuse(shop, chain, *SIGN, says=("request.json", "another registry"))


def test_an_edited_request_is_not_signed(consented: Desk, chain: Deployed) -> None:
    edit(consented, "request.json", lambda request: request.update(attested=True))
    refuse(consented, chain, *SIGN, says=("request.json", "attestation"))


@pytest.mark.parametrize("pin", ["12345", "letters", "123456", "000000"])
def test_a_weak_pin_makes_no_card(consented: Desk, chain: Deployed, pin: str) -> None:
    consented.write("pin", pin)
    assert pin not in refuse(consented, chain, *SIGN, says="PIN")


# Cards --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [REVOKE, (*REVOKE, "--offline", "-o", "revocation.json")])
def test_a_wrong_pin_revokes_nothing(consented: Desk, words: tuple[str, ...]) -> None:
    consented.write("pin", "719264\n")
    line = consented.run(*words)
    assert line.code == 1
    assert "card.json" in line.err
    assert "PIN" in line.err
    assert "719264" not in line.err
    assert not consented.path("revocation.json").exists()
    assert consented.run("consent", "check", "card.json", "--json").data["status"] == "unknown"


def test_a_card_for_another_chain_is_refused(shop: Desk, chain: Deployed, foreign_files: Path) -> None:
    shutil.copy(foreign_files / "card.json", shop.directory)
    refuse(shop, chain, *REVOKE, says=("card.json", "another registry", "chain id"))


def test_a_card_for_another_chain_is_refused_without_a_manifest(
    bare: Desk, chain: Deployed, foreign_files: Path
) -> None:
    shutil.copy(foreign_files / "card.json", bare.directory)
    refuse(bare, chain, *REVOKE, "--via", chain.url, says=(chain.url, "chain id", "card"), code=5)


def test_an_edited_card_is_refused(consented: Desk, chain: Deployed) -> None:
    edit(consented, "card.json", lambda card: card.update(commitment="0x" + "ab" * 32))
    refuse(consented, chain, *REVOKE, says=("card.json", "changed"))


def test_a_truncated_card_is_refused(consented: Desk, chain: Deployed) -> None:
    text = consented.path("card.json").read_text()
    consented.write("card.json", text[: len(text) // 2])
    refuse(consented, chain, *REVOKE, says="card.json")


# Disclosures --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keep", [0, 1, 100, 1000])
def test_a_truncated_disclosure_is_refused(disclosed: Desk, chain: Deployed, keep: int) -> None:
    text = disclosed.path("disclosure.json").read_text()
    disclosed.write("disclosure.json", text[:keep])
    refuse(disclosed, chain, "verify", "disclosure.json", "--as", "3", says="disclosure.json")


@pytest.mark.parametrize("field", ["id", "record", "recipient", "policy", "made_at"])
def test_a_disclosure_without_a_field_names_it(disclosed: Desk, chain: Deployed, field: str) -> None:
    edit(disclosed, "disclosure.json", lambda disclosure: disclosure.pop(field))
    refuse(disclosed, chain, "verify", "disclosure.json", "--as", "3", says=("disclosure.json", field))


def test_an_edited_value_is_a_verdict_and_its_code_is_3(disclosed: Desk) -> None:
    def cheaper(disclosure: dict[str, Any]) -> None:
        leaf = next(leaf for leaf in disclosure["record"]["shown"]["leaves"] if leaf["name"] == "total.amc")
        leaf["value"] = "1"

    edit(disclosed, "disclosure.json", cheaper)
    verdict = disclosed.run("verify", "disclosure.json", "--as", "3", "--json")
    assert verdict.code == 3
    assert verdict.data["outcome"] == "refused"
    assert "not-sealed" in [finding["code"] for finding in verdict.data["findings"]]
    assert verdict.data["values"] == {}


def test_a_path_outside_the_policy_is_named_and_not_disclosed(disclosed: Desk, chain: Deployed) -> None:
    words = ("disclose", "step.json", "--to", "3", "--clause", "minimal", "-o", "more.json")
    refuse(disclosed, chain, *words, "--path", "right.price", says=("right.price", "minimal"))
    refuse(disclosed, chain, *words[:5], "detailed", *words[6:], says="consent")
    refuse(disclosed, chain, *words[:5], "secret", *words[6:], says="secret")
    refuse(disclosed, chain, *words, "--policy", "nowhere", says="nowhere")


# Files of other systems ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda f: f.pop("dateWritten"), "dateWritten"),
        (lambda f: f.update(dateWritten="2014-13-40"), "dateWritten"),
        (lambda f: f.update(status="entered-in-error"), "entered in error"),
        (lambda f: f["lensSpecification"][0].update(sphere=-200), "lensSpecification[0].sphere"),
        (lambda f: f["lensSpecification"][0].update(axis=500), "lensSpecification[0].axis"),
        (lambda f: f["lensSpecification"][0].update(eye="middle"), "lensSpecification[0].eye"),
        (lambda f: f["lensSpecification"][0].update(cylinder=-0.5), "lensSpecification[0]"),
    ],
)
def test_a_missing_or_absurd_fhir_field_is_named(
    shop: Desk, chain: Deployed, change: Callable[[dict[str, Any]], object], where: str
) -> None:
    shutil.copy(FHIR / "VisionPrescription-33123.json", shop.path("rx.json"))
    edit(shop, "rx.json", change)
    refuse(
        shop, chain, "import", "fhir-prescription", "rx.json", "-o", "values.json", says=("rx.json", where)
    )


def test_contact_lenses_are_refused_by_name(shop: Desk, chain: Deployed) -> None:
    file = FHIR / "VisionPrescription-33124.json"
    refuse(shop, chain, "import", "fhir-prescription", file, "-o", "values.json", says="contact lenses")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda v: v["values"].pop("quote.date"), "quote.date"),
        (lambda v: v["values"].update({"right.class": "Z"}), "right.class"),
        (lambda v: v["values"].update({"patient.name": "X"}), "patient.name"),
        (lambda v: v["values"].update({"total.amc": 12.5}), "fraction"),
        (lambda v: v.update(profile="fr-optical-quote/99"), "fr-optical-quote/99"),
        (lambda v: v.update(profile="../secrets"), "profile"),
        (lambda v: v.update(format="other"), "sceau-values/1"),
        (lambda v: v.update(more=1), "key"),
    ],
)
def test_an_edited_values_file_is_refused_before_anything_is_sealed(
    claimant: Desk, chain: Deployed, change: Callable[[dict[str, Any]], object], where: str
) -> None:
    edit(claimant, "values.json", change)
    refuse(claimant, chain, *OPEN, says=("values.json", where))


# Node and deployment ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        OPEN,
        RECORD,
        REVOKE,
        ("consent", "check", "0x" + "00" * 32),
        ("party", "list"),
        ("claim", "show", "0x" + "11" * 32),
    ],
)
def test_a_node_that_does_not_answer_is_named_and_the_code_is_5(
    consented: Desk, chain: Deployed, words: tuple[str, ...]
) -> None:
    consented.run(*QUOTE)
    refuse(consented, chain, *words, "--node", "http://127.0.0.1:1", says="http://127.0.0.1:1", code=5)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda m: m["contracts"]["ClaimRegistry"].update(address="0x" + "12" * 20),
            ("0x" + "12" * 20, "ClaimRegistry"),
        ),
        (lambda m: m["contracts"]["PartyRegistry"].update(code_hash="0x" + "ab" * 32), "PartyRegistry"),
        (lambda m: m.update(chain_id=5), ("chain id", "1337")),
        (lambda m: m.update(genesis_hash="0x" + "ab" * 32), "genesis"),
    ],
)
def test_a_node_without_the_deployment_is_told_and_the_code_is_5(
    claimant: Desk, chain: Deployed, change: Callable[[dict[str, Any]], object], says: str | tuple[str, ...]
) -> None:
    edit(claimant, "deployment.json", change)
    for words in (OPEN, ("party", "list")):
        refuse(claimant, chain, *words, says=says, code=5)


@pytest.mark.parametrize("others", [(), ("--node", "http://127.0.0.1:1")], ids=["one", "two"])
def test_an_address_that_is_no_node_ends_with_5_however_many_are_named(
    claimant: Desk, chain: Deployed, others: tuple[str, ...]
) -> None:
    with serving(b"<html>hello</html>") as url:
        address = url.replace("user:hunter2@", "").partition("/token")[0]
        refuse(claimant, chain, "party", "list", "--node", address, *others, says=address, code=5)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda m: m.pop("contracts"), ("deployment.json", "contracts")),
        (lambda m: m["contracts"].pop("ConsentRegistry"), ("deployment.json", "ConsentRegistry")),
    ],
)
def test_a_manifest_that_lacks_something_is_named(
    claimant: Desk, chain: Deployed, change: Callable[[dict[str, Any]], object], says: tuple[str, ...]
) -> None:
    edit(claimant, "deployment.json", change)
    for words in (OPEN, ("party", "list")):
        refuse(claimant, chain, *words, says=says)


def test_an_absent_manifest_is_named(claimant: Desk, chain: Deployed) -> None:
    refuse(claimant, chain, *OPEN, "--manifest", "absent.json", says="absent.json")


@pytest.mark.parametrize("consent", ["0x12", "0x" + "zz" * 32, "0x" + "11" * 33])
def test_an_identifier_that_is_none_is_refused(claimant: Desk, chain: Deployed, consent: str) -> None:
    refuse(claimant, chain, *OPEN, "--consent", consent, says="identifier")
    refuse(claimant, chain, "claim", "show", consent, says="identifier")


def test_nothing_is_known_under_an_identifier(claimant: Desk, chain: Deployed) -> None:
    refuse(claimant, chain, "claim", "show", NO_CLAIM, says=NO_CLAIM)


# Files that are there already ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        OPEN,
        ("disclose", "step.json", "--to", "3", "--clause", "minimal", "-o", "disclosure.json"),
        QUOTE,
        ("key", "new", "-o", "key.json", "--password-file", "password"),
    ],
)
def test_no_file_is_written_over(disclosed: Desk, chain: Deployed, words: tuple[str, ...]) -> None:
    refuse(disclosed, chain, *words, says="already exists")


@pytest.mark.parametrize("taken", ["s.json", "c.json"])
def test_nothing_is_signed_when_one_of_its_two_files_is_there(
    consented: Desk, chain: Deployed, taken: str
) -> None:
    consented.write(taken, "precious")
    refuse(consented, chain, *SIGN, says=(taken, "already exists"))


# A few, in a process of its own -------------------------------------------------------------------------------


def test_in_real_processes_too(consented: Desk, chain: Deployed) -> None:
    files, head = consented.files(), chain.network.node.head().hash
    cases = [
        (("consent", "show", "absent.json"), 1, "absent.json"),
        (("party", "list", "--node", "http://127.0.0.1:1"), 5, "127.0.0.1:1"),
        ((*RECORD, "--keystore", "request.json"), 1, "request.json"),
        (("consent", "nope"), 2, "nope"),
    ]
    for words, code, says in cases:
        assert says in consented.process(*words).refused(code)
    # And the installed program itself.
    program = (str(Path(sys.executable).parent / "sceau"),)
    assert "absent" in consented.process("consent", "show", "absent", program=program).refused(1)
    assert consented.files() == files
    assert chain.network.node.head().hash == head


@pytest.fixture(scope="session")
def foreign_files(free_chain: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A request, a signed consent and a card of another chain."""
    desk = furnish(tmp_path_factory.mktemp("foreign"), free_chain, "practice")
    asked = desk.run(
        *("consent", "request", "--payer", "3", "--purpose", "THIRD-PARTY-PAYMENT"),
        *("--group", "DETAIL-AMOUNTS", "--until", "2027-06-30", "-o", "request.json"),
    )
    assert asked.code == 0, asked
    signed = desk.run(
        *("consent", "sign", "request.json", "-o", "signed.json", "--card", "card.json"),
        *("--pin-file", "pin", "--yes"),
    )
    assert signed.code == 0, signed
    return desk.directory
