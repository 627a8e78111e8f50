# SPDX-License-Identifier: Apache-2.0
"""``sceau party``: asking to be admitted, looking at who was, and a party's own keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sceau.chain.manifest import Manifest
from sceau.chain.registries.parties import PartyState, read_keys, read_parties, read_party
from sceau.chain.registries.pauses import read_pauses
from sceau.chain.times import utc_text
from sceau.cli import party_keys
from sceau.cli.command import add_command
from sceau.cli.entry_options import (
    country_option,
    given_entry,
    identifier_option,
    jwks_option,
    name_option,
)
from sceau.cli.options import Needs, file_word, force_option, output_option
from sceau.cli.party_keys import party_argument, party_named, show_keys
from sceau.cli.result import all_for_programs, block_facts, for_people, for_programs
from sceau.cli.session import Session
from sceau.cli.words import say, spoken
from sceau.documents.files import require_writable
from sceau.party import application
from sceau.party.application import Application, roles_named
from sceau.terms import roles_words


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau party``."""
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
    add_command(
        group,
        "list",
        list_parties,
        french="Liste les parties admises, et dit si les nouveaux accords ou dossiers sont en pause.",
        needs=Needs.CHAIN,
    )
    party_keys.add(group)


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
    require_writable(output, force=force)
    roles = roles_named(role)
    manifest = Manifest.load(session.settings.require_manifest())
    made = application.apply(
        manifest,
        entry=given_entry(session, name, country, identifier, jwks),
        roles=roles,
        controller=controller,
        keys=[session.open_keystore(path) for path in key],
    )
    made.save(output, force=force)
    if session.screen.as_json:
        session.screen.data({"file": str(output), "application": made.to_json()})
        return
    session.screen.text(made.in_words(spoken()))
    session.screen.note(say("written-send-admin", output=output))


def read(session: Session, application: Annotated[Path, _application_argument()]) -> None:
    """Check an application and show it in words."""
    asked = session.read(application, Application.from_json)
    if session.screen.as_json:
        session.screen.data(asked.to_json())
    else:
        session.screen.text(asked.in_words(spoken()))


def show(session: Session, party: Annotated[str, party_argument()]) -> None:
    """Show a party and its keys, by its number or by a key's address."""
    number, network = party_named(session, party), session.network
    block = network.head()
    found = read_party(network, number, block=block.number)
    facts = [
        *all_for_programs(found.to_json()),
        for_people(say("party"), found.party),
        for_people(say("roles"), roles_words(found.roles).text(spoken())),
        for_people(say("state"), _state(found)),
        for_people(say("admitted"), utc_text(found.admitted_at)),
        for_people(say("controller"), found.controller),
        for_people(say("directory"), found.directory),
    ]
    if found.pending_controller:
        facts.append(for_people(say("control-offered"), found.pending_controller))
    show_keys(session, facts, read_keys(network, number, block=block.number), block)


def list_parties(session: Session) -> None:
    """List the parties that were admitted, and say whether new consents or claims are paused."""
    network = session.network
    block = network.head()
    with session.screen.working(say("reading-parties")):
        parties = read_parties(network, block=block.number)
        pauses = read_pauses(network, block=block.number)
    if session.screen.as_json:
        listed = [party.to_json() for party in parties]
        session.screen.show(
            [for_programs("parties", listed), for_programs("paused", pauses.to_json()), *block_facts(block)]
        )
        return
    if pauses.consents:
        session.screen.warn(say("consents-paused"))
    if pauses.claims:
        session.screen.warn(say("claims-paused"))
    headings = (
        say("number"),
        say("roles"),
        say("state"),
        say("admitted"),
    )
    session.screen.table(
        headings,
        [
            (
                party.party,
                roles_words(party.roles).text(spoken()),
                _state(party),
                utc_text(party.admitted_at),
            )
            for party in parties
        ],
    )


def _state(party: PartyState) -> str:
    return say("suspended") if party.suspended else say("active")


def _role_option() -> Any:
    text = say("role-asked-practice-supplier-payer")
    return typer.Option("--role", metavar=say("metavar-role"), help=text)


def _controller_option() -> Any:
    text = say("address-will-manage-keys-kept")
    return typer.Option("--controller", metavar=say("metavar-address"), help=text)


def _key_option() -> Any:
    text = say("keystore-signing-key-repeat-several")
    return typer.Option("--key", metavar=file_word(), help=text)


def _application_argument() -> Any:
    text = say("the-application")
    return typer.Argument(metavar=say("metavar-application"), help=text)
