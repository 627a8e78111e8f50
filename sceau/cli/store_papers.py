# SPDX-License-Identifier: Apache-2.0
"""``sceau store certificate``, ``check-certificate`` and ``held``: what is handed to a patient."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.registries.parties import party_number
from sceau.cli.command import add_command
from sceau.cli.options import Needs, argument, file_word, force_option, output_option
from sceau.cli.session import Session
from sceau.cli.words import say, spoken
from sceau.settings import open_store

if TYPE_CHECKING:
    from sceau.papers.certificate import ErasureCertificate


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau store``."""
    add_command(
        group,
        "certificate",
        certificate,
        french="Fait le certificat signé d'un effacement, tel qu'il se présente maintenant.",
        needs=Needs.SIGN | Needs.STORE,
    )
    add_command(
        group,
        "held",
        held,
        french="Montre en clair tout ce que vous tenez des dossiers et des accords d'une personne, pour elle.",
        needs=Needs.SIGN | Needs.STORE,
    )
    add_command(
        group,
        "check-certificate",
        check_certificate,
        french="Vérifie la signature et la date d'un certificat d'effacement, et le montre.",
        needs=Needs.CHAIN,
    )


def held(
    session: Session,
    claims: Annotated[list[str] | None, _claims_option()] = None,
    consents: Annotated[list[str] | None, _consents_option()] = None,
    output: Annotated[Path | None, output_option()] = None,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Show all that you hold of a person's claims and consents, in clear, for that person."""
    from sceau.documents.files import require_writable
    from sceau.roles.acting import ActingParty
    from sceau.roles.holding import page

    if not claims and not consents:
        raise typer.BadParameter(say("held-of-whom"))
    if output is not None:
        require_writable(output, force=force)
    role = ActingParty(
        session.network,
        party=lambda: party_number(session.network, session.key_address),
        store=open_store(session.settings),
    )
    found = role.held(claims=claims or (), consents=consents or ())
    if output is not None:
        found.save(output, force=force)
    if session.screen.as_json:
        session.screen.data(found.to_json())
    else:
        session.screen.text(page(found, spoken()).rstrip("\n"))


def certificate(
    session: Session,
    erasure: Annotated[str | None, _erasure_argument()] = None,
    output: Annotated[Path | None, output_option()] = None,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Make the signed certificate of an erasure, as things stand now."""
    from sceau.documents.files import require_writable
    from sceau.roles.acting import ActingParty

    if output is not None:
        require_writable(output, force=force)
    role = ActingParty(session.network, lambda: session.signer, store=open_store(session.settings))
    made = role.erasure_certificate(erasure)
    if output is not None:
        made.save(output, force=force)
    _show(session, made)


def check_certificate(
    session: Session, file: Annotated[Path, argument(file_word(), say("certificate-file"))]
) -> None:
    """Check signature and date of a certificate of erasure, and show it."""
    from sceau.papers.certificate import ErasureCertificate

    read = session.read(file, ErasureCertificate.from_json)
    with session.in_file(file):
        read.check(session.network)
    _show(session, read)


def _show(session: Session, made: ErasureCertificate) -> None:
    from sceau.roles.certifying import page

    if session.screen.as_json:
        session.screen.data(made.to_json())
    else:
        session.screen.text(page(made, spoken()).rstrip("\n"))


def _claims_option() -> Any:
    return typer.Option("--claim", metavar=say("metavar-claim"), help=say("held-claim"))


def _consents_option() -> Any:
    return typer.Option("--consent", metavar=say("metavar-consent"), help=say("held-consent"))


def _erasure_argument() -> Any:
    return argument(say("metavar-erasure"), say("certificate-of"))
