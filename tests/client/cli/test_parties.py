# SPDX-License-Identifier: Apache-2.0
"""Applying, looking at parties, keys, and the doctor."""

from __future__ import annotations

import json
import os
import stat
from importlib.resources import files

import pytest

from sceau.chain.registries.pauses import read_pauses
from sceau.chain.signer import Signer
from sceau.party.application import Application
from sceau.roles.admin import Pausable
from tests.client.cli.conftest import PASSWORD, Desk
from tests.support.deployed import Deployed

CONTROLLER = "0x000000000000000000000000000000000000dEaD"
APPLY = (
    *("party", "apply", "--name", "Optique du Port", "--identifier", "73282932000074", "--role", "practice"),
    *("--controller", CONTROLLER, "--key", "new.json", "-o", "application.json"),
)


@pytest.fixture
def applicant(shop: Desk) -> Desk:
    """A desk with a key of nobody."""
    shop.write("new.json", Signer.generate().to_keystore(PASSWORD, iterations=2**10))
    return shop


def test_an_application_is_made_without_a_node_read_in_words_and_admitted(
    applicant: Desk, chain: Deployed
) -> None:
    made = applicant.run(*APPLY, "--json", SCEAU_NODE="http://127.0.0.1:1")
    assert made.code == 0, made
    for language, role in (("en", "practice"), ("fr", "magasin")):
        words = applicant.run("party", "read", "application.json", SCEAU_LANGUAGE=language).out
        assert "Optique du Port" in words
        assert role in words
    application = Application.from_json(applicant.path("application.json").read_bytes())
    chain.consortium.admit(application).wait(30)
    shown = applicant.run("party", "show", application.keys[0].key, "--json").data
    assert shown["party"] == len(chain.controllers) + 1
    assert shown["controller"] == CONTROLLER
    assert shown["roles"] == ["practice"]
    assert shown["directory"] == application.directory


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("--role", "king"), "practice, supplier"),
        (("--identifier", "73282932000075"), "check digit"),
        (("--controller", "0x12"), "controller"),
        (("--country", "France"), "country"),
        (("--name", "a\u202eb"), "directory entry"),
        (("--key", "new.json"), "twice"),
    ],
)
def test_what_no_admin_would_take_is_not_written(applicant: Desk, change: tuple[str, str], says: str) -> None:
    files = applicant.files()
    assert says in applicant.run(*APPLY, *change).refused()
    assert applicant.files() == files


def test_an_edited_application_is_refused(applicant: Desk) -> None:
    assert applicant.run(*APPLY).code == 0
    edited = applicant.json("application.json")
    edited["roles"] = ["payer"]
    edited["controller"] = "0x" + "11" * 20
    applicant.write("edited.json", edited)
    assert "edited.json" in applicant.run("party", "read", "edited.json").refused()


def test_parties_are_listed_and_a_suspension_is_seen(shop: Desk, chain: Deployed) -> None:
    listed = shop.run("party", "list", "--json").data["parties"]
    assert [party["party"] for party in listed] == list(range(1, len(chain.controllers) + 1))
    assert listed[2]["roles"] == ["payer"]
    chain.consortium.suspend(2).wait(30)
    assert [p["suspended"] for p in shop.run("party", "list", "--json").data["parties"]][:3] == [
        False,
        True,
        False,
    ]
    assert "suspendue" in shop.run("party", "list", LANG="fr_FR.UTF-8").out


def test_a_pause_is_seen_beside_the_parties(shop: Desk, chain: Deployed) -> None:
    assert shop.run("party", "list", "--json").data["paused"] == {"consents": False, "claims": False}
    assert shop.run("party", "list").err == ""
    pauses: tuple[tuple[Pausable, dict[str, bool]], ...] = (
        ("ConsentRegistry", {"consents": True, "claims": False}),
        ("ClaimRegistry", {"consents": True, "claims": True}),
    )
    for registry, paused in pauses:
        chain.consortium.pause(registry).wait(30)
        assert read_pauses(chain.network).to_json() == paused
        assert shop.run("party", "list", "--json").data["paused"] == paused
    said = shop.run("party", "list", LANG="fr_FR.UTF-8")
    assert said.code == 0
    assert all(what in said.err for what in ("accords", "dossiers"))
    chain.consortium.unpause("ConsentRegistry").wait(30)
    chain.consortium.unpause("ClaimRegistry").wait(30)
    assert shop.run("party", "list").err == ""


def test_a_retired_key_stays_in_the_partys_history(shop: Desk, chain: Deployed) -> None:
    first = chain.signers["supplier"]
    second = Signer.generate()
    chain.controller("supplier").add_key(second).wait(30)
    chain.controller("supplier").retire_key(first.address).wait(30)
    keys = {key["key"]: key for key in shop.run("party", "show", "2", "--json").data["keys"]}
    assert keys[first.address]["active"] is False
    assert keys[first.address]["retired_at"]
    assert keys[second.address]["active"] is True
    assert "retired" in shop.run("party", "show", "2").out


def test_a_new_key_is_private_and_opens_with_its_password_only(bare: Desk) -> None:
    made = bare.run("key", "new", "-o", "key.json", "--password-file", "-", "--json", typed="a b c\nmore\n")
    assert made.code == 0, made
    assert stat.S_IMODE(bare.path("key.json").stat().st_mode) == 0o600
    assert Signer.from_keystore(bare.path("key.json"), "a b c").address == made.data["address"]


@pytest.mark.parametrize(("typed", "says"), [("\n", "empty"), ("", "empty")])
def test_an_empty_password_is_refused(bare: Desk, typed: str, says: str) -> None:
    words = ("key", "new", "-o", "key.json", "--password-file", "-")
    assert says in bare.run(*words, typed=typed).refused()
    assert bare.files() == {}


def test_a_byte_order_mark_is_no_part_of_a_password(bare: Desk) -> None:
    bare.write("password", "\ufeffa long password\r\n")
    assert bare.run("key", "new", "-o", "key.json", "--password-file", "password").code == 0
    assert Signer.from_keystore(bare.path("key.json"), "a long password").address


def test_a_typed_password_is_not_shown_and_asked_for_twice(bare: Desk) -> None:
    """In a terminal of its own, as a person meets it."""
    import pty
    import subprocess
    import sys

    master, slave = pty.openpty()
    command = [sys.executable, "-m", "sceau.cli.main", "key", "new", "-o", "key.json"]
    environment = {"PATH": os.environ["PATH"], "TERM": "dumb", **bare.environment}
    process = subprocess.Popen(
        command,
        cwd=bare.directory,
        env=environment,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    shown = _until(master, b": ")
    os.write(master, b"hunter2\n")
    shown += _until(master, b"more: ")
    os.write(master, b"hunter3\n")
    shown += _until(master, None)
    assert process.wait(timeout=30) == 1
    assert b"hunter" not in shown
    assert b"differ" in shown
    assert bare.files() == {}


def test_the_doctor_finds_nothing_wrong(shop: Desk, chain: Deployed) -> None:
    result = shop.run("doctor", "--json")
    assert result.code == 0, result
    checks = {check["name"]: check for check in result.data["checks"]}
    assert {check["level"] for check in checks.values()} == {"ok"}
    assert chain.signers["practice"].address in checks["key"]["en"]
    assert "party 1 (practice)" in checks["key"]["en"]
    assert checks["chain"]["genesis_hash"] == chain.network.manifest.genesis_hash
    for name, entry in chain.network.manifest.contracts.items():
        assert checks[name]["address"] == entry.address
        assert checks[name]["code_hash"] == entry.code_hash
    assert "fr-responsible-contract" in checks["policies"]["en"]
    assert "Tout va bien" in shop.run("doctor", LANG="fr_FR.UTF-8").out


def test_the_doctor_names_the_policy_that_replaced_another_and_not_both(shop: Desk) -> None:
    packaged = files("sceau.policy") / "data" / "fr-responsible-contract-2024-11-30.json"
    newer = json.loads(packaged.read_text(encoding="utf-8"))
    newer |= {"version": "2026-01-01", "valid_from": "2026-01-01"}
    shop.path("policies").mkdir()
    shop.write("policies/newer.json", newer)
    checks = shop.run("doctor", "--json", SCEAU_POLICIES="policies").data["checks"]
    said = next(check["en"] for check in checks if check["name"] == "policies")
    assert said.endswith("fr-responsible-contract/2026-01-01")
    assert "2024" not in said


def test_the_doctor_says_free_where_it_is_free(free_chain: Deployed, bare: Desk) -> None:
    free_chain.write_manifest(bare.directory)
    checks = bare.run("doctor", "--node", free_chain.url, "--manifest", "deployment.json", "--json").data[
        "checks"
    ]
    assert next(check["en"] for check in checks if check["name"] == "fees") == "free"


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("--node", "http://127.0.0.1:1"), 5, "node"),
        (("--manifest", "absent.json"), 1, "manifest"),
        (("--keystore", "absent.json"), 1, "key"),
        (("--policies", "absent"), 1, "policies"),
    ],
)
def test_the_doctor_names_what_is_wrong_and_goes_on(
    shop: Desk, words: tuple[str, ...], code: int, name: str
) -> None:
    result = shop.run("doctor", *words, "--json")
    assert result.code == result.data["exit_code"] == code
    levels = {check["name"]: check["level"] for check in result.data["checks"]}
    assert levels[name] == "fault"
    assert levels["sceau"] == "ok"


def test_the_doctor_sees_a_wrong_contract_and_a_wrong_chain(shop: Desk) -> None:
    manifest = shop.json("deployment.json")
    manifest["contracts"]["ClaimRegistry"]["code_hash"] = "0x" + "ab" * 32
    shop.write("deployment.json", manifest)
    result = shop.run("doctor", "--json")
    levels = {check["name"]: check["level"] for check in result.data["checks"]}
    assert (result.code, levels["ClaimRegistry"], levels["PartyRegistry"]) == (5, "fault", "ok")
    manifest["chain_id"] = 5
    shop.write("deployment.json", manifest)
    assert shop.run("doctor", "--json").code == 5


def test_the_doctor_accepts_a_dead_node_beside_a_live_one(shop: Desk, chain: Deployed) -> None:
    result = shop.run("doctor", "--node", "http://127.0.0.1:1", "--node", chain.url, "--json")
    assert result.code == 0
    assert [c["level"] for c in result.data["checks"] if c["name"] == "node"] == ["warning", "ok"]


def test_the_doctor_sees_a_key_that_may_not_act(shop: Desk, chain: Deployed) -> None:
    chain.consortium.suspend(1).wait(30)
    said = next(c for c in shop.run("doctor", "--json").data["checks"] if c["name"] == "key")
    assert said["level"] == "warning"
    assert "suspended" in said["en"]


def test_the_doctor_shows_no_password_of_an_address(shop: Desk, chain: Deployed) -> None:
    address = chain.url.replace("http://", "http://shop:hunter2@")
    shop.write("sceau.toml", f'nodes = ["{address}"]\nmanifest = "deployment.json"\n')
    for words in (("doctor",), ("doctor", "--json"), ("doctor", "--node", "http://127.0.0.1:1")):
        result = shop.run(*words)
        assert "hunter2" not in result.out + result.err
    assert "hunter2" not in json.dumps(shop.run("party", "list", "--json").data)


def _until(terminal: int, end: bytes | None) -> bytes:
    shown = b""
    while end is None or end not in shown:
        try:
            part = os.read(terminal, 1000)
        except OSError:
            return shown
        if not part:
            return shown
        shown += part
    return shown


def test_the_doctor_sees_slow_blocks_and_a_clock_that_is_late(shop: Desk, chain: Deployed) -> None:
    manifest = shop.json("deployment.json")
    shop.write("deployment.json", {**manifest, "block_period": 1})
    chain.sleep(100_000)
    checks = {check["name"]: check for check in shop.run("doctor", "--json").data["checks"]}
    assert checks["block period"]["level"] == "warning"
    assert checks["clock"]["level"] == "warning"
