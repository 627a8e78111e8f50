# SPDX-License-Identifier: Apache-2.0
"""``sceau evidence``: what a party shows an auditor of one claim, from the files it keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.file_store import require_places
from sceau.cli.options import Needs, file_word, force_option, output_option
from sceau.cli.result import claim_fact, fact
from sceau.cli.session import Session
from sceau.cli.step_options import claim_argument
from sceau.cli.words import say
from sceau.documents.files import save_json


def add(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app,
        "evidence",
        evidence,
        french="Réunit pour un auditeur ce que vous montrez d'un dossier : valeurs choisies, groupes, messages.",
        needs=Needs.CHAIN | Needs.DIRECTORY,
    )


def evidence(
    session: Session,
    claim: Annotated[str, claim_argument()],
    output: Annotated[Path, output_option()],
    step: Annotated[list[Path] | None, _step_option()] = None,
    path: Annotated[list[str] | None, _path_option()] = None,
    group: Annotated[list[str] | None, _group_option()] = None,
    message: Annotated[list[Path] | None, _message_option()] = None,
    others: Annotated[list[Path] | None, _add_option()] = None,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Gather for an auditor what you show of a claim: chosen values, opened groups, received messages."""
    from sceau.audit.evidence import Evidence
    from sceau.audit.gather import EvidenceBuilder
    from sceau.audit.step_document import StepDocument
    from sceau.conformity.groups import group_of_code
    from sceau.messages.stored import StoredMessage

    require_places(output, force=force)
    builder = EvidenceBuilder(
        session.network,
        claim,
        paths=path or (),
        groups=[group_of_code(code) for code in group or ()],
        directory=lambda: session.directory,
    )
    for each in step or ():
        session.read(each, lambda data: builder.add_step(StepDocument.from_json(data)))
    for each in message or ():
        session.read(each, lambda data: builder.add_message(StoredMessage.from_json(data)))
    for each in others or ():
        session.read(each, lambda data: builder.add_evidence(Evidence.from_json(data)))
    made = builder.build()
    save_json(output, made.to_json(), force=force)
    session.screen.show(
        [
            claim_fact(made.claim),
            fact("records", len(made.records), say("records")),
            fact("groups", len(made.groups), say("opened-groups")),
            fact("messages", len(made.messages), say("messages")),
            fact("file", str(output), say("file")),
        ],
        note=say("what-chose-stands-there-clear"),
    )


def _step_option() -> Any:
    text = say("kept-step-opening-disclosure-received")
    return typer.Option("--step", metavar=file_word(), help=text)


def _path_option() -> Any:
    text = say("show-path-each-step-has")
    return typer.Option("--path", metavar=say("metavar-path"), help=text)


def _group_option() -> Any:
    text = say("open-group-each-order-delivery")
    return typer.Option("--group", metavar=say("metavar-group"), help=text)


def _message_option() -> Any:
    text = say("add-what-sender-received-message")
    return typer.Option("--message", metavar=file_word(), help=text)


def _add_option() -> Any:
    text = say("add-another-party-evidence-claim")
    return typer.Option("--add", metavar=file_word(), help=text)
