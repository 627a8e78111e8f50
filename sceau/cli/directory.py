# SPDX-License-Identifier: Apache-2.0
"""``sceau directory``: the entries in which parties publish their names and message keys.

The chain holds the hash of each party's entry; the entries themselves travel by any way and are kept in a folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.consent_view import receipt_data, receipt_facts
from sceau.cli.entry_options import country_option, identifier_option, jwks_option, name_option
from sceau.cli.errors import EntryOfNobody
from sceau.cli.groups import new_group
from sceau.cli.options import Needs, force_option, output_option, party_option
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.documents.files import load, require_writable, save_json
from sceau.errors import Sentence

if TYPE_CHECKING:
    from sceau.chain.network import Network
    from sceau.party.directory import DirectoryEntry

_ENTRY = Sentence("directory-entry", "directory entry", "une fiche d'annuaire")
_JWKS = Sentence("message-keys", "set of message keys", "un jeu de clés de messages")


def add(app: typer.Typer) -> None:
    """Adds the group to the command."""
    group = new_group(
        say(
            "Names and message keys that parties publish.",
            "Noms et clés de messages que publient les parties.",
        )
    )
    app.add_typer(group, name="directory")
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
    from sceau.documents.strict_json import read_object
    from sceau.party.directory import DirectoryEntry
    from sceau.party.message_keys import PublicKeys

    require_writable(output, force=force)
    keys = None
    if jwks is not None:
        with session.in_file(jwks):
            keys = PublicKeys.from_jwks(read_object(load(jwks), _JWKS), name).jwks
    made = DirectoryEntry.from_json(DirectoryEntry(name, country, identifier, keys).to_json())
    save_json(output, made.to_json(), force=force)
    if session.screen.as_json:
        session.screen.data({"file": str(output), "hash": made.hash})
        return
    session.screen.facts([(say("Entry", "Fiche"), output), (say("Hash", "Empreinte"), made.hash)])


def publish(
    session: Session, entry: Annotated[Path, _entry_argument()], party: Annotated[int, _party_option()]
) -> None:
    """Write an entry's hash on the chain; with the key of the party's controller."""
    from sceau.party.management import set_directory

    published = session.read(entry, _read_entry)
    receipt = session.wait(set_directory(session.network, session.signer, party, published.hash))
    if session.screen.as_json:
        session.screen.data({"party": party, "hash": published.hash, "transaction": receipt_data(receipt)})
        return
    session.screen.facts(
        [
            (say("Party", "Partie"), party),
            (say("Name", "Nom"), published.name),
            (say("Hash", "Empreinte"), published.hash),
            *receipt_facts(receipt),
        ]
    )


def add_entry(session: Session, entry: Annotated[Path, _entry_argument()]) -> None:
    """Put an entry (or that of an application) that the chain confirms into your directory."""
    from sceau.documents.errors import FileNotRead

    found = session.read(entry, _read_entry)
    folder = session.settings.require_directory()
    if not folder.is_dir():
        raise FileNotRead(
            path=folder, why=Sentence("no-folder", "there is no such folder", "ce dossier n'existe pas")
        )
    with session.screen.working(say("Reading the parties…", "Lecture des parties…")):
        party = _party_of(session.network, found)
    file = folder / f"party-{party}.json"
    save_json(file, found.to_json(), force=True)
    if session.screen.as_json:
        session.screen.data({"party": party, "name": found.name, "file": str(file)})
        return
    session.screen.facts(
        [
            (say("Party", "Partie"), party),
            (say("Name", "Nom"), found.name),
            (say("Kept in", "Gardée dans"), file),
        ]
    )


def list_entries(session: Session) -> None:
    """List the parties with their names, where your directory has their entry."""
    from sceau.party.errors import NotInDirectory

    directory, network = session.directory, session.network
    rows: list[tuple[int, DirectoryEntry | None]] = []
    for party in range(1, network.read("PartyRegistry", "partyCount") + 1):
        try:
            rows.append((party, directory.entry(network, party)))
        except NotInDirectory:
            rows.append((party, None))
    if session.screen.as_json:
        session.screen.data(
            {
                "parties": [
                    {"party": party, "entry": None if found is None else found.to_json()}
                    for party, found in rows
                ]
            }
        )
        return
    headings = (
        say("Number", "Numéro"),
        say("Name", "Nom"),
        say("Identifier", "Identifiant"),
        say("Messages", "Messages"),
    )
    cells = [
        (
            party,
            found.name if found else say("(no entry)", "(pas de fiche)"),
            f"{found.country} {found.identifier}" if found else "",
            say("yes", "oui") if found and found.jwks else say("no", "non"),
        )
        for party, found in rows
    ]
    session.screen.table(headings, cells)


def _read_entry(data: bytes) -> DirectoryEntry:
    """An entry by itself, or the one that an application holds."""
    from sceau.documents.strict_json import read_object
    from sceau.party.application import Application
    from sceau.party.directory import FORMAT, DirectoryEntry

    if read_object(data, _ENTRY).get("format") == FORMAT:
        return DirectoryEntry.from_json(data)
    return Application.from_json(data).entry


def _party_of(network: Network, entry: DirectoryEntry) -> int:
    """The party that publishes an entry. Raises :class:`EntryOfNobody`."""
    from sceau.chain.registries.parties import read_party

    block = network.node.head().number
    count = network.read("PartyRegistry", "partyCount", block=block)
    for party in range(1, count + 1):
        if read_party(network, party, block=block).directory == entry.hash:
            return party
    raise EntryOfNobody


def _entry_argument() -> Any:
    text = say("The entry, or an application.", "La fiche, ou une demande d'admission.")
    return typer.Argument(metavar=say("ENTRY", "FICHE"), help=text)


def _party_option() -> Any:
    return party_option("--party", say("Number of the party.", "Numéro de la partie."))
