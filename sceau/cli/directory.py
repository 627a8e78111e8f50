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
from sceau.cli.options import Needs, file_word, force_option, output_option, party_option
from sceau.cli.result import Fact, fact, for_people, for_programs
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.cli.writing import show, wait
from sceau.documents.files import require_writable, save_json
from sceau.party.application import entry_in, kept_in
from sceau.party.directory import Listed, party_of
from sceau.party.entry import DirectoryEntry
from sceau.party.errors import ConfirmationWorthless
from sceau.party.folder import store_confirmation, store_entry


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau directory``."""
    add_command(group, "entry", entry, french="Écrit une fiche : nom, identifiant public, clés de messages.")
    add_command(
        group,
        "publish",
        publish,
        french="Écrit l'empreinte d'une fiche sur la chaîne ; avec la clé du contrôleur de la partie.",
        needs=Needs.WRITE,
    )
    add_command(
        group,
        "add",
        add_entry,
        french="Ajoute à votre annuaire une fiche que la chaîne confirme, ou une déclaration des administrateurs.",
        needs=Needs.CHAIN | Needs.DIRECTORY,
    )
    add_command(
        group,
        "list",
        list_entries,
        french="Liste les parties, avec leur nom si votre annuaire a leur fiche.",
        needs=Needs.CHAIN | Needs.DIRECTORY,
    )


def entry(
    session: Session,
    name: Annotated[str, name_option()],
    identifier: Annotated[str, identifier_option()],
    output: Annotated[Path, output_option()],
    jwks: Annotated[Path | None, jwks_option()] = None,
    country: Annotated[str, country_option()] = "FR",
    after: Annotated[Path | None, _after_option()] = None,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Write an entry: name, public identifier, message keys."""
    require_writable(output, force=force)
    former = None if after is None else session.read(after, entry_in)
    made = given_entry(session, name, country, identifier, jwks, former=former)
    save_json(output, made.to_json(), force=force)
    if former is not None and former.identity != made.identity:
        session.screen.warn(say("new-identity-waits"))
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


def add_entry(session: Session, entry: Annotated[Path, _kept_argument()]) -> None:
    """Store an entry that the chain confirms, or a statement of the admins, in your directory."""
    folder, network = session.settings.require_directory(), session.network
    found, known = session.read(entry, kept_in), session.directory
    block = network.head().number
    with session.screen.working(say("reading-parties")):
        if isinstance(found, DirectoryEntry):
            party = party_of(network, found, block=block)
            file = store_entry(folder, found, party)
        else:
            with session.in_file(entry, ConfirmationWorthless):
                found.check(network, block=block)
            party, file = found.party, store_confirmation(folder, found)
        listed = known.also(found).listed(network, block=block)[party]
    session.warn_of_names([listed])
    session.screen.show(
        [
            _party(party),
            fact("name", listed.name, say("name"), listed.name or say("none")),
            for_programs("waits", listed.waits),
            for_programs("resembles", listed.resembles),
            fact("file", str(file), say("step-kept-in")),
        ]
    )


def list_entries(session: Session) -> None:
    """List the parties, with their names if your directory has their entry."""
    listed = session.directory.listed(session.network)
    if session.screen.as_json:
        session.screen.data({"parties": [_row(each) for each in listed.values()]})
        return
    headings = (
        say("number"),
        say("name"),
        say("identifier"),
        say("messages"),
    )
    cells = [
        (
            each.party,
            each.name or (say("no-name") if each.entry else say("no-entry")),
            f"{each.identity.country} {each.identity.identifier}" if each.identity else "",
            say("yes") if each.entry and each.entry.jwks else say("no"),
        )
        for each in listed.values()
    ]
    session.screen.table(headings, cells)
    session.warn_of_names(listed.values())


def _row(listed: Listed) -> dict[str, Any]:
    identity = listed.identity
    return {
        "party": listed.party,
        "name": listed.name,
        "country": identity and identity.country,
        "identifier": identity and identity.identifier,
        "messages": bool(listed.entry and listed.entry.jwks),
        "known": listed.entry is not None,
        "waits": listed.waits,
        "resembles": listed.resembles,
    }


def _party(party: int) -> Fact:
    return fact("party", party, say("party"))


def _hash(entry: DirectoryEntry) -> Fact:
    return fact("hash", entry.hash, say("hash"))


def _entry_argument() -> Any:
    text = say("entry-application")
    return typer.Argument(metavar=say("metavar-entry"), help=text)


def _kept_argument() -> Any:
    text = say("entry-application-statement")
    return typer.Argument(metavar=say("metavar-entry"), help=text)


def _after_option() -> Any:
    text = say("entry-before")
    return typer.Option("--after", metavar=file_word(), help=text)


def _party_option() -> Any:
    return party_option("--party", say("number-party"))
