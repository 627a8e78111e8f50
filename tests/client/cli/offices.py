# SPDX-License-Identifier: Apache-2.0
"""Desks of parties that write to each other: message keys, a directory, a store."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sceau.party.confirmation import IdentityConfirmation
from sceau.party.entry import DirectoryEntry
from sceau.party.message_keys import MessageKeys
from sceau.store import Kind, LocalStore
from scripts.documents import document
from tests.client.cli.conftest import Desk, Result, furnish
from tests.support.deployed import Deployed
from tests.support.mailboxes import confirmation, siret

MESSAGE_PASSWORD = "another long password"
NAMES = {
    "practice": "Optique du Pont",
    "supplier": "Verrier du Jura",
    "payer": "Mutuelle Loire",
    "auditor": "Audit",
}
DATA = Path(__file__).parents[2] / "data"


@dataclass(frozen=True)
class Published:
    """Locked message keys, directory entries and the admins' statements on them by party name.

    The chain holds the entries' hashes.
    """

    locked: Mapping[str, str]
    entries: Mapping[str, DirectoryEntry]
    statements: Mapping[str, IdentityConfirmation] = field(default_factory=dict)


def publish(deployed: Deployed) -> Published:
    """Message keys for every party named above, their entries published by their controllers."""
    keys = {name: MessageKeys.generate() for name in NAMES}
    entries = {
        name: DirectoryEntry(words, "FR", siret(deployed.party(name)), keys[name].public.jwks)
        for name, words in NAMES.items()
    }
    statements = {}
    for name, entry in entries.items():
        deployed.controller(name).publish(entry).wait(30)
        statements[name] = confirmation(deployed, deployed.party(name), entry.identity)
    return Published(
        {name: keys[name].locked(MESSAGE_PASSWORD, rounds=1_000) for name in NAMES}, entries, statements
    )


class Office(Desk):
    """A party's desk, and others' that it hands files to."""

    def done(self, *words: object, **variables: str) -> Result:
        """A command that succeeds."""
        result = self.run(*words, **variables)
        assert result.code == 0, result
        return result

    def hand(self, name: str, other: Office) -> str:
        """Gives a copy of a file to another desk."""
        shutil.copy(self.path(name), other.path(name))
        return name

    def values(self, kind: str, **changes: Any) -> str:
        """A values file made by ``sceau import`` from tests/data, with other values at some paths."""
        name = f"{kind}-values.json"
        told = self.write(f"{kind}-told.json", document(kind).decode())
        self.done("import", kind, told, "-o", name, "--force")
        read = self.json(name)
        read["values"].update({path.replace("_", "."): value for path, value in changes.items()})
        return self.write(name, read)


def open_office(directory: Path, deployed: Deployed, name: str, published: Published) -> Office:
    """A desk of a party with everything that messages need."""
    directory.mkdir()
    furnish(directory, deployed, name)
    office = Office(directory)
    office.write("messages.jwe", published.locked[name])
    office.write("messages.password", MESSAGE_PASSWORD + "\n")
    (directory / "directory").mkdir()
    (directory / "store").mkdir()
    # Made beforehand, so that no command says that it made the key.
    LocalStore(directory / "store").discard(Kind.STEP, "")
    for party, entry in published.entries.items():
        office.write(f"directory/{party}.json", entry.to_json())
    for party, statement in published.statements.items():
        office.write(f"directory/{party}-confirmed.json", statement.to_json())
    with office.path("sceau.toml").open("a") as file:
        file.write(
            'message_keys = "messages.jwe"\nmessage_password_file = "messages.password"\n'
            'directory = "directory"\nstore = "store"\n'
        )
    return office
