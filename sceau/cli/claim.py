# SPDX-License-Identifier: Apache-2.0
"""``sceau claim``: opening a claim, sending a step that was kept, and reading what the chain holds of one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sceau.cli import (
    claim_asked,
    claim_list,
    claim_paid,
    claim_payer,
    claim_practice,
    claim_supplier,
    claim_told,
    justify,
)
from sceau.cli.command import add_command
from sceau.cli.consent_named import identifier_of
from sceau.cli.exits import Exit
from sceau.cli.file_store import file_store
from sceau.cli.options import Needs, file_option, force_option, output_option, party_option
from sceau.cli.session import Session
from sceau.cli.step_options import step_argument, step_file, values_argument
from sceau.cli.timeline import show
from sceau.cli.words import say
from sceau.cli.writing import finish


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau claim``."""
    add_command(
        group,
        "open",
        open_claim,
        french="Scelle un dossier, l'enregistre, puis l'ouvre sur la chaîne.",
        needs=Needs.WRITE | Needs.STORE,
    )
    for module in (claim_payer, claim_paid, claim_asked, claim_practice, claim_supplier, claim_told, justify):
        module.add(group)
    add_command(
        group,
        "send",
        send,
        french="Envoie (de nouveau) une étape enregistrée dans un fichier ; elle n'est jamais écrite deux fois.",
        needs=Needs.WRITE | Needs.STORE,
    )
    claim_list.add(group)
    add_command(
        group,
        "show",
        show,
        french="Montre l'historique d'un dossier : ce que la chaîne en contient, prouvé, et ce que vous en détenez.",
        needs=Needs.CHAIN | Needs.DIRECTORY | Needs.STORE,
    )


def open_claim(
    session: Session,
    values: Annotated[Path, values_argument()],
    payer: Annotated[int, _payer_option()],
    output: Annotated[Path | None, output_option(step_file())] = None,
    consent: Annotated[str | None, _consent_option()] = None,
    prescription: Annotated[Path | None, _prescription_option()] = None,
    force: Annotated[bool, force_option()] = False,
) -> Exit:
    """Seal a record, store it, then open the claim on the chain."""
    from sceau.record.values import RecordValues

    store = file_store(session.settings, step=output, force=force)
    record = session.read(values, RecordValues.from_json)
    inner = None if prescription is None else session.read(prescription, RecordValues.from_json)
    handle = session.practice(store).open_claim(
        record.profile_name,
        record.values,
        payer=payer,
        consent=None if consent is None else identifier_of(session, consent),
        prescription=None if inner is None else inner.values,
    )
    return finish(session, handle, output)


def send(session: Session, step: Annotated[Path, step_argument()]) -> Exit:
    """Send (again) a step that was stored in a file; it is never written twice."""
    from sceau.claim.prepared import PreparedStep

    prepared = session.read(step, PreparedStep.from_json)
    return finish(session, session.acting().resend(prepared), step)


def _payer_option() -> Any:
    return party_option("--payer", say("party-number-insurer"))


def _consent_option() -> Any:
    text = say("consent-under-opened-0x-signed")
    return typer.Option("--consent", metavar=say("metavar-consent"), help=text)


def _prescription_option() -> Any:
    return file_option(
        "--prescription",
        say("values-prescription-sealed-inside"),
    )
