# SPDX-License-Identifier: Apache-2.0
"""Directory entries as a program makes, finds and keeps them; what counts on the chain is tried with the roles."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sceau.documents.errors import FileMalformed, FileNotRead
from sceau.errors import SceauError, Sentence
from sceau.party.application import Application, entry_in, roles_named
from sceau.party.entry import DirectoryEntry
from sceau.party.errors import MessageKeysInvalid, RoleUnknown
from sceau.party.folder import store_entry
from sceau.party.message_keys import MessageKeys, PublicKeys
from sceau.terms import Role
from tests.client.party.conftest import ENTRY


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"name": "a\u202eb"}, {"identifier": "x" * 201}, {"jwks": {"keys": []}}]
)
def test_an_entry_that_no_reader_takes_is_not_made(changes: dict[str, object]) -> None:
    given = {"name": "Optique", "country": "FR", "identifier": "73282932000074", "jwks": None, **changes}
    with pytest.raises((FileMalformed, MessageKeysInvalid)):
        DirectoryEntry.make(**given)  # type: ignore[arg-type] # the changes are of each kind


def test_an_entry_is_found_by_itself_and_in_an_application(applied: Callable[..., Application]) -> None:
    assert entry_in(json.dumps(ENTRY.to_json())) == ENTRY
    application = applied()
    assert entry_in(json.dumps(application.to_json())) == application.entry
    edited = {**application.to_json(), "roles": ["payer"], "controller": "0x" + "11" * 20}
    for other in ("[]", "{}", json.dumps(edited)):
        with pytest.raises(SceauError):
            entry_in(other)


def test_an_entry_takes_the_place_of_the_former_one(tmp_path: Path) -> None:
    file = store_entry(tmp_path, ENTRY, 7)
    newer = replace(ENTRY, jwks=MessageKeys.generate().public.jwks)
    assert store_entry(tmp_path, newer, 7) == file
    stored = DirectoryEntry.from_json(file.read_bytes())
    assert (stored, stored.former_keys) == (newer, (ENTRY.keys_hash,))
    # The former one is still found by its hash.
    assert {path.name for path in tmp_path.iterdir()} == {file.name, f"party-7-{ENTRY.hash[2:18]}.json"}
    assert store_entry(tmp_path, newer, 7) == file
    assert len(list(tmp_path.iterdir())) == 2
    assert DirectoryEntry.from_json(file.read_bytes()).former_keys == (ENTRY.keys_hash,)
    file.write_text("{}")
    assert store_entry(tmp_path, newer, 7) == file
    assert len(list(tmp_path.iterdir())) == 2
    # Of another identity: what the former one says of its own is no part of it.
    renamed = DirectoryEntry("Optique du Port", "FR", "73282932000074", None)
    assert store_entry(tmp_path, renamed, 7) == file
    assert DirectoryEntry.from_json(file.read_bytes()).former_keys == ()
    assert len(list(tmp_path.iterdir())) == 3
    with pytest.raises(FileNotRead):
        store_entry(tmp_path / "absent", ENTRY, 7)


def test_roles_are_named_as_in_an_application() -> None:
    assert roles_named(["practice", "auditor"]) == Role.PRACTICE | Role.AUDITOR
    assert roles_named([]) == Role(0)
    with pytest.raises(RoleUnknown, match="practice, supplier, payer, auditor"):
        roles_named(["practice", "king"])


def test_message_keys_are_read_from_a_file_and_checked() -> None:
    jwks = MessageKeys.generate().public.jwks
    assert PublicKeys.from_json(json.dumps(jwks), "a party").jwks == jwks
    with pytest.raises(MessageKeysInvalid):
        PublicKeys.from_json("{}", "a party")
    with pytest.raises(FileMalformed):
        PublicKeys.from_json("not json", "a party")


@pytest.mark.parametrize(
    ("identifier", "code"),
    [
        ("73282932000075", "identifier-check-digit"),
        ("732829321", "identifier-check-digit"),
        ("732 829 320 00074", "identifier-shape"),
        ("7328293200007", "identifier-length"),
    ],
)
def test_a_mistyped_siren_or_siret_is_no_identity(identifier: str, code: str) -> None:
    with pytest.raises(FileMalformed) as refused:
        DirectoryEntry.make("Optique", "FR", identifier)
    rule = refused.value.details["rule"]
    assert isinstance(rule, Sentence)
    assert rule.code == code
    # What somebody else wrote is held to the same rule.
    written = DirectoryEntry("Optique", "FR", identifier, None).to_json()
    with pytest.raises(FileMalformed):
        DirectoryEntry.from_json(written)
