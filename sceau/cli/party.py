# SPDX-License-Identifier: Apache-2.0
"""``sceau party``: asking to be admitted, and looking at who was."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.times import iso_text, utc_text
from sceau.cli.command import add_command
from sceau.cli.consent_view import Facts, block_data, block_facts
from sceau.cli.entry_options import country_option, identifier_option, jwks_option, name_option
from sceau.cli.errors import RoleUnknown
from sceau.cli.groups import new_group
from sceau.cli.options import Needs, file_word, force_option, output_option, party_number
from sceau.cli.session import Session
from sceau.cli.words import say, spoken
from sceau.documents.files import load, require_writable
from sceau.errors import Sentence

if TYPE_CHECKING:
    from sceau.chain.network import Network
    from sceau.chain.registries.parties import KeyState, PartyState
    from sceau.chain.terms import Role

_MESSAGE_KEYS = Sentence("message-keys", "set of message keys", "un jeu de clés de messages")
_ADDRESS = re.compile(r"0[xX][0-9a-fA-F]{40}")


def add(app: typer.Typer) -> None:
    """Adds the group to the command."""
    group = new_group(
        say(
            "Organisations: ask to be admitted, look who was.",
            "Organisations : demander l'admission, consulter.",
        )
    )
    app.add_typer(group, name="party")
    add_command(
        group,
        "apply",
        apply,
        french="Écrit une demande d'admission, avec la preuve que chaque clé est détenue. Sans nœud.",
        needs=Needs.MANIFEST | Needs.PASSWORD,
    )
    add_command(group, "read", read, french="Vérifie une demande d'admission et la montre en toutes lettres.")
    add_command(
        group,
        "show",
        show,
        french="Montre une partie et ses clés, par son numéro ou l'adresse d'une clé.",
        needs=Needs.CHAIN,
    )
    add_command(group, "list", list_parties, french="Liste les parties admises.", needs=Needs.CHAIN)


def apply(
    session: Session,
    name: Annotated[str, name_option()],
    identifier: Annotated[str, identifier_option()],
    role: Annotated[list[str], _role_option()],
    controller: Annotated[str, _controller_option()],
    key: Annotated[list[Path], _key_option()],
    output: Annotated[Path, output_option()],
    country: Annotated[str, country_option()] = "FR",
    jwks: Annotated[Path | None, jwks_option()] = None,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Write an application, with the proof that each signing key is held. No node is needed."""
    from sceau.chain.manifest import Manifest
    from sceau.documents.strict_json import read_object
    from sceau.party import application
    from sceau.party.directory import DirectoryEntry

    require_writable(output, force=force)
    roles = _roles(role)
    manifest = Manifest.load(session.settings.require_manifest())
    keys_of_messages = None
    if jwks is not None:
        with session.in_file(jwks):
            keys_of_messages = read_object(load(jwks), _MESSAGE_KEYS)
    made = application.apply(
        manifest,
        entry=DirectoryEntry(name, country, identifier, keys_of_messages),
        roles=roles,
        controller=controller,
        keys=[session.open_keystore(path) for path in key],
    )
    made.save(output, force=force)
    if session.screen.as_json:
        session.screen.data({"file": str(output), "application": made.to_json()})
        return
    session.screen.text(made.in_words(spoken()))
    session.screen.note(
        say(f"Written to {output}: send it to an admin.", f"Écrit dans {output} : à envoyer.")
    )


def read(session: Session, application: Annotated[Path, _application_argument()]) -> None:
    """Check an application and show it in words."""
    from sceau.party.application import Application

    asked = session.read(application, Application.from_json)
    if session.screen.as_json:
        session.screen.data(asked.to_json())
    else:
        session.screen.text(asked.in_words(spoken()))


def show(session: Session, party: Annotated[str, _party_argument()]) -> None:
    """Show a party and its keys, by its number or by a key's address."""
    from sceau.chain.registries.parties import party_number as party_of_key
    from sceau.chain.registries.parties import read_party

    number = None if _ADDRESS.fullmatch(party) else party_number(party)
    network = session.network
    if number is None:
        from eth_utils.address import to_checksum_address

        number = party_of_key(network, to_checksum_address(party))
    block = network.node.head()
    found = read_party(network, number, block=block.number)
    keys = _keys(network, number, block.number)
    if session.screen.as_json:
        data = {**_party_data(found), "keys": [_key_data(key) for key in keys], "block": block_data(block)}
        session.screen.data(data)
        return
    session.screen.facts([*_party_facts(found), *block_facts(block)])
    session.screen.text()
    headings = (say("Signing key", "Clé de signature"), say("Since", "Depuis"), say("State", "État"))
    session.screen.table(headings, [(key.key, utc_text(key.added_at), _key_words(key)) for key in keys])


def list_parties(session: Session) -> None:
    """List the parties that were admitted."""
    from sceau.chain.registries.parties import read_party
    from sceau.chain.terms import roles_words

    network = session.network
    block = network.node.head()
    with session.screen.working(say("Reading the parties…", "Lecture des parties…")):
        count = network.read("PartyRegistry", "partyCount", block=block.number)
        parties = [read_party(network, number, block=block.number) for number in range(1, count + 1)]
    if session.screen.as_json:
        session.screen.data({"parties": [_party_data(p) for p in parties], "block": block_data(block)})
        return
    headings = (
        say("Number", "Numéro"),
        say("Roles", "Rôles"),
        say("State", "État"),
        say("Admitted", "Admise"),
    )
    rows = [
        (p.party, roles_words(p.roles).text(spoken()), _state(p), utc_text(p.admitted_at)) for p in parties
    ]
    session.screen.table(headings, rows)


def _roles(names: Iterable[str]) -> Role:
    from sceau.chain.terms import Role
    from sceau.party.application import ROLES

    roles = Role(0)
    for name in names:
        if name not in ROLES:
            raise RoleUnknown(known=", ".join(ROLES))
        roles |= ROLES[name]
    return roles


def _keys(network: Network, party: int, block: int) -> list[KeyState]:
    """Every key the party ever had, in the order in which they were added."""
    from sceau.chain.registries.parties import read_key

    topic = f"0x{party:064x}"
    events = network.events("PartyRegistry", [topic], to_block=block)
    addresses = [str(event.args["key"]) for event in events if event.name == "KeyAdded"]
    return [read_key(network, address, block=block) for address in addresses]


def _state(party: PartyState) -> str:
    return say("suspended", "suspendue") if party.suspended else say("active", "active")


def _key_words(key: KeyState) -> str:
    words = []
    if key.retired_at:
        words.append(say("retired ", "retirée ") + utc_text(key.retired_at))
    if key.compromised_since:
        words.append(say("in doubt since ", "douteuse depuis ") + utc_text(key.compromised_since))
    if key.suspended:
        words.append(say("party suspended", "partie suspendue"))
    return ", ".join(words) or say("may act", "peut agir")


def _party_facts(party: PartyState) -> Facts:
    from sceau.chain.terms import roles_words

    return [
        (say("Party", "Partie"), party.party),
        (say("Roles", "Rôles"), roles_words(party.roles).text(spoken())),
        (say("State", "État"), _state(party)),
        (say("Admitted", "Admise"), utc_text(party.admitted_at)),
        (say("Controller", "Contrôleur"), party.controller),
        (say("Directory", "Annuaire"), party.directory),
    ]


def _party_data(party: PartyState) -> dict[str, Any]:
    from sceau.party.application import ROLES

    return {
        "party": party.party,
        "roles": [name for name, role in ROLES.items() if role in party.roles],
        "suspended": party.suspended,
        "admitted_at": iso_text(party.admitted_at),
        "controller": party.controller,
        "pending_controller": party.pending_controller,
        "directory": party.directory,
    }


def _key_data(key: KeyState) -> dict[str, Any]:
    return {
        "key": key.key,
        "active": key.active,
        "added_at": iso_text(key.added_at),
        "retired_at": iso_text(key.retired_at),
        "compromised_since": iso_text(key.compromised_since),
    }


def _role_option() -> Any:
    text = say(
        "Role asked for: practice, supplier, payer or auditor; repeat it for several.",
        "Rôle demandé : practice (magasin), supplier (fournisseur), payer (payeur) ou auditor (auditeur) ; à répéter.",
    )
    return typer.Option("--role", metavar=say("ROLE", "RÔLE"), help=text)


def _controller_option() -> Any:
    text = say(
        "Address that will manage the keys, kept off line (0x…).",
        "Adresse qui gérera les clés, gardée hors ligne (0x…).",
    )
    return typer.Option("--controller", metavar=say("ADDRESS", "ADRESSE"), help=text)


def _key_option() -> Any:
    text = say(
        "Keystore of a signing key; repeat it for several.", "Fichier d'une clé de signature ; à répéter."
    )
    return typer.Option("--key", metavar=file_word(), help=text)


def _application_argument() -> Any:
    text = say("The application.", "La demande d'admission.")
    return typer.Argument(metavar=say("APPLICATION", "DEMANDE"), help=text)


def _party_argument() -> Any:
    text = say(
        "Its number, or the address of one of its keys.", "Son numéro, ou l'adresse d'une de ses clés."
    )
    return typer.Argument(metavar=say("PARTY", "PARTIE"), help=text)
