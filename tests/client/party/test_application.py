# SPDX-License-Identifier: Apache-2.0
"""An application holds together, or says why not; whatever is edited in its file is noticed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sceau.chain.manifest import Manifest
from sceau.deployment import RegistryId
from sceau.documents.errors import FileExists, FileMalformed, FileNotRead
from sceau.errors import SceauError
from sceau.party.application import Application, read_application
from sceau.party.directory import DirectoryEntry
from sceau.party.errors import ApplicationInvalid, KeyProofInvalid
from sceau.party.possession import KeyProof, prove_possession, proves
from sceau.terms import Role
from tests.support.deployed import key

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def test_it_is_read_back_as_it_was_written(applied: Callable[..., Application], tmp_path: Path) -> None:
    made = applied(roles=Role.PRACTICE | Role.AUDITOR)
    made.save(tmp_path / "application.json")
    assert read_application(tmp_path / "application.json") == made


def test_its_file_is_not_written_over(applied: Callable[..., Application], tmp_path: Path) -> None:
    applied().save(tmp_path / "application.json")
    with pytest.raises(FileExists):
        applied().save(tmp_path / "application.json")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotRead, match=r"absent\.json"):
        read_application(tmp_path / "absent.json")


def test_it_says_in_both_languages_who_asks_for_what(applied: Callable[..., Application]) -> None:
    made = applied()
    english, french = made.in_words("en"), made.in_words("fr")
    for words in (english, french):
        assert "Optique de la Gare" in words
        assert "73282932000074" in words
        assert made.controller in words
        assert made.directory in words
        assert all(proof.key in words for proof in made.keys)
    assert "Roles asked for: practice" in english
    assert "Rôles demandés : magasin" in french
    assert "Message keys: none" in english


def test_it_says_how_many_message_keys_there_are(applied: Callable[..., Application]) -> None:
    pytest.importorskip("joserfc")
    from sceau.party.message_keys import MessageKeys

    entry = DirectoryEntry("Mutuelle du Rail", "FR", "732829320", MessageKeys.generate().public.jwks)
    made = Application.from_json(json.dumps(applied(entry=entry, roles=Role.PAYER).to_json()))
    assert "Message keys: 2" in made.in_words()
    assert made.directory == entry.hash


def test_a_proof_made_elsewhere_is_taken(applied: Callable[..., Application], manifest: Manifest) -> None:
    controller = key("applicant's controller").address
    registry = RegistryId.of(manifest, "PartyRegistry")
    proof = prove_possession(key("publisher"), controller=controller, registry=registry)
    assert [p.key for p in applied(keys=[proof]).keys] == [key("publisher").address]


@pytest.mark.parametrize(
    "changes",
    [
        {"controller": key("someone else").address},
        {"chain_id": 2019},
        {"contract": "0x0000000000000000000000000000000000000001"},
    ],
)
def test_a_proof_for_another_controller_chain_or_registry_is_worthless(
    applied: Callable[..., Application], manifest: Manifest, changes: Mapping[str, Any]
) -> None:
    changes = dict(changes)
    controller = changes.pop("controller", key("applicant's controller").address)
    registry = replace(RegistryId.of(manifest, "PartyRegistry"), **changes)
    with pytest.raises(KeyProofInvalid):
        applied(keys=[prove_possession(key("applicant's key"), controller=controller, registry=registry)])


def test_a_proof_by_another_key_is_worthless(applied: Callable[..., Application]) -> None:
    first, second = applied().keys
    with pytest.raises(KeyProofInvalid, match=first.key):
        applied(keys=[KeyProof(first.key, second.possession)])


def test_the_twin_of_a_signature_is_refused_as_the_contract_would(manifest: Manifest) -> None:
    where: dict[str, Any] = {
        "controller": key("applicant's controller").address,
        "registry": RegistryId.of(manifest, "PartyRegistry"),
    }
    proof = prove_possession(key("applicant's key"), **where)
    assert proves(proof, **where)
    r, s, v = proof.possession[:32], int.from_bytes(proof.possession[32:64], "big"), proof.possession[64]
    twin = r + (ORDER - s).to_bytes(32, "big") + bytes([55 - v])
    assert not proves(KeyProof(proof.key, twin), **where)
    for broken in (b"", proof.possession[:64], proof.possession + b"\0", r + bytes(32) + b"\x1b", bytes(65)):
        assert not proves(KeyProof(proof.key, broken), **where)


@pytest.mark.parametrize("writing", [lambda s: s[:64] + bytes([s[64] - 27]), lambda s: s[:64]])
def test_a_proof_as_a_wallet_writes_it_is_the_keys(
    applied: Callable[..., Application], writing: Callable[[bytes], bytes]
) -> None:
    whole = applied()
    others = [KeyProof(proof.key, writing(proof.possession)) for proof in whole.keys]
    assert applied(keys=others) == whole
    file = whole.to_json()
    file["keys"] = [
        {**each, "possession": "0x" + o.possession.hex()}
        for each, o in zip(file["keys"], others, strict=True)
    ]
    assert Application.from_json(file) == whole


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"roles": Role(0)}, "no-role"),
        ({"keys": []}, "key-count"),
        ({"keys": [key(f"key {n}") for n in range(17)]}, "key-count"),
        ({"keys": [key("one"), key("one")]}, "key-twice"),
        ({"controller": key("one").address, "keys": [key("one")]}, "controller-signs"),
        ({"controller": "0x" + "00" * 20}, "controller-zero"),
        ({"controller": "not an address"}, "controller-zero"),
        # One letter of a checksummed address in the wrong case: it was mistyped.
        ({"controller": "0x5FbdB2315678afecb367f032d93F642f64180aa3"}, "controller-zero"),
        ({"entry": DirectoryEntry("Aube", "fr", "732829320", None)}, "country"),
        ({"entry": DirectoryEntry("Aube", "FR", "73282932000075", None)}, "identifier-check-digit"),
        ({"entry": DirectoryEntry("Aube", "FR", "7328293200007", None)}, "identifier-length"),
        ({"entry": DirectoryEntry("Aube", "BE", "be 0123", None)}, "identifier-shape"),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_the_rule(
    applied: Callable[..., Application], changes: Mapping[str, Any], code: str
) -> None:
    with pytest.raises(ApplicationInvalid) as refused:
        applied(**changes)
    assert refused.value.details["rule"].code == code


@pytest.mark.parametrize(
    "name",
    [
        "",
        " Optique",
        "Opti\u202eeuq",
        "Opti\nque",
        "Optique\x1b[2J",
        "Cafe\u0301",
    ],
)
def test_a_name_that_could_deceive_its_reader_is_refused(
    applied: Callable[..., Application], name: str
) -> None:
    with pytest.raises(FileMalformed):
        applied(entry=DirectoryEntry(name, "FR", "732829320", None))


def edited(whole: Any, path: tuple[str | int, ...], value: object) -> Any:
    copied = copy.deepcopy(whole)
    place = copied
    for step in path[:-1]:
        place = place[step]
    if value is DELETED:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return copied


DELETED = object()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "sceau-party-application/2"),
        (("chain_id",), 2019),
        (("chain_id",), "2018"),
        (("genesis_hash",), "0x12"),
        (("contract",), "0x" + "12" * 20),
        (("entry", "name"), "Optique du Port"),
        (("entry", "identity"), "0x" + "12" * 32),
        (("entry", "former_keys"), ["0x12"]),
        (("entry", "country"), "BE"),
        (("entry", "identifier"), "732829320"),
        (("entry",), None),
        (("directory",), "0x" + "12" * 32),
        (("roles",), []),
        (("roles",), ["admin"]),
        (("roles",), ["practice", "practice"]),
        (("roles",), [["practice"]]),
        (("roles",), "practice"),
        (("controller",), "0x" + "12" * 20),
        (("controller",), "0x" + "AB" * 20),
        (("keys",), {}),
        (("keys",), [1]),
        (("keys", 0, "key"), "0x" + "12" * 20),
        (("keys", 0, "possession"), "0x12"),
        (("keys", 0, "possession"), "0x" + "12" * 65),
        (("keys", 0, "possession"), DELETED),
        (("keys", 0, "more"), 1),
        (("controller",), DELETED),
        (("more",), 1),
    ],
)
def test_an_edited_file_is_refused(
    applied: Callable[..., Application], path: tuple[str | int, ...], value: object
) -> None:
    with pytest.raises(SceauError) as refused:
        Application.from_json(json.dumps(edited(applied().to_json(), path, value)))
    assert refused.value.code in ("file-malformed", "application-invalid", "key-proof-invalid")


@pytest.fixture(scope="session")
def text(applied: Callable[..., Application]) -> str:
    return json.dumps(applied().to_json())


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 10_000))
def test_a_truncated_file_is_refused(text: str, cut: int) -> None:
    with pytest.raises(FileMalformed):
        Application.from_json(text[: cut % len(text)])


@pytest.mark.parametrize(
    "other", ["null", "[]", "{}", '""', "0", "[" * 100_000, '{"format": "sceau-opening/1"}', ""]
)
def test_any_other_json_is_refused_as_no_application(other: str) -> None:
    with pytest.raises(FileMalformed):
        Application.from_json(other)
