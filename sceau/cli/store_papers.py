# SPDX-License-Identifier: Apache-2.0
"""``sceau store certificate`` and ``check-certificate``: what is handed to a patient, and how it is checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

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
        "check-certificate",
        check_certificate,
        french="Vérifie la signature et la date d'un certificat d'effacement, et le montre.",
        needs=Needs.CHAIN,
    )


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


def _erasure_argument() -> Any:
    return argument(say("metavar-erasure"), say("certificate-of"))
