# SPDX-License-Identifier: Apache-2.0
"""``sceau directory``: the entries in which parties publish their names and message keys.

The chain holds the hash of each party's entry; the entries themselves travel by any way and are kept in a folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.entry_options import (
    country_option,
    given_entry,
    identifier_option,
    jwks_option,
    name_option,
)
from sceau.cli.options import Needs, force_option, output_option, party_option
from sceau.cli.result import Fact, fact, for_people
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.cli.writing import show, wait
from sceau.documents.files import require_writable, save_json
from sceau.party.application import entry_in
from sceau.party.directory import DirectoryEntry, party_of, store_entry


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau directory``."""
    add_command(group, "entry", entry, french="Écrit une fiche : nom, identifiant public, clés de messages.")
    add_command(
        group,
        "publish",
        publish,
        french="Inscrit l'empreinte d'une fiche sur la chaîne ; avec la clé du contrôleur de la partie.",
        needs=Needs.WRITE,
    )
    add_command(
        group,
        "add",
        add_entry,
        french="Range une fiche (ou celle d'une demande d'admission) que la chaîne confirme dans votre annuaire.",
        needs=Needs.CHAIN | Needs.DIRECTORY,
    )
    add_command(
        group,
        "list",
        list_entries,
        french="Liste les parties avec leur nom, là où votre annuaire a leur fiche.",
        needs=Needs.CHAIN | Needs.DIRECTORY,
    )


def entry(
    session: Session,
    name: Annotated[str, name_option()],
    identifier: Annotated[str, identifier_option()],
    output: Annotated[Path, output_option()],
    jwks: Annotated[Path | None, jwks_option()] = None,
    country: Annotated[str, country_option()] = "FR",
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Write an entry: name, public identifier, message keys."""
    require_writable(output, force=force)
    made = given_entry(session, name, country, identifier, jwks)
    save_json(output, made.to_json(), force=force)
    session.screen.show([fact("file", str(output), say("entry")), _hash(made)])


def publish(
    session: Session, entry: Annotated[Path, _entry_argument()], party: Annotated[int, _party_option()]
) -> None:
    """Write an entry's hash on the chain; with the key of the party's controller."""
    from sceau.roles.controller import Controller

    published = session.read(entry, entry_in)
    handle = Controller(session.network, session.signer, party).publish(published)
    name = for_people(say("name"), published.name)
    show(session, [_party(party), name, _hash(published)], wait(session, handle))


def add_entry(session: Session, entry: Annotated[Path, _entry_argument()]) -> None:
    """Put an entry (or that of an application) that the chain confirms into your directory."""
    found = session.read(entry, entry_in)
    folder = session.settings.require_directory()
    network = session.network
    with session.screen.working(say("reading-parties")):
        party = party_of(network, found, block=network.head().number)
    file = store_entry(folder, found, party)
    session.screen.show(
        [
            _party(party),
            fact("name", found.name, say("name")),
            fact("file", str(file), say("step-kept-in")),
        ]
    )


def list_entries(session: Session) -> None:
    """List the parties with their names, where your directory has their entry."""
    directory, network = session.directory, session.network
    entries = directory.entries(network, block=network.head().number)
    if session.screen.as_json:
        rows = [{"party": party, "entry": entry and entry.to_json()} for party, entry in entries.items()]
        session.screen.data({"parties": rows})
        return
    headings = (
        say("number"),
        say("name"),
        say("identifier"),
        say("messages"),
    )
    cells = [
        (
            party,
            entry.name if entry else say("no-entry"),
            f"{entry.country} {entry.identifier}" if entry else "",
            say("yes") if entry and entry.jwks else say("no"),
        )
        for party, entry in entries.items()
    ]
    session.screen.table(headings, cells)


def _party(party: int) -> Fact:
    return fact("party", party, say("party"))


def _hash(entry: DirectoryEntry) -> Fact:
    return fact("hash", entry.hash, say("hash"))


def _entry_argument() -> Any:
    text = say("entry-application")
    return typer.Argument(metavar=say("metavar-entry"), help=text)


def _party_option() -> Any:
    return party_option("--party", say("number-party"))
