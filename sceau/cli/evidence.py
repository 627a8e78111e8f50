# SPDX-License-Identifier: Apache-2.0
"""``sceau evidence``: what a party shows an auditor of one claim, from the files it keeps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.file_store import require_places
from sceau.cli.options import Needs, file_word, flag_option, force_option, output_option
from sceau.cli.result import claim_fact, fact
from sceau.cli.session import Session
from sceau.cli.step_options import claim_argument
from sceau.cli.words import say
from sceau.documents.files import save_json

if TYPE_CHECKING:
    from sceau.audit.evidence import Evidence
    from sceau.terms import Group


def add(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app,
        "evidence",
        evidence,
        french=(
            "Réunit pour un auditeur ce que vous montrez d'un dossier : valeurs choisies, groupes, messages.\n\n"
            "Sans fichier d'une étape, d'un message ou d'autres preuves, tout vient de votre stockage."
        ),
        needs=Needs.CHAIN | Needs.KEYSTORE | Needs.STORE | Needs.DIRECTORY,
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
    messages: Annotated[bool, _messages_option()] = False,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Gather for an auditor what you show of a claim: chosen values, opened groups, received messages.

    Without a file of a step, a message or other evidence it is gathered from your store.
    """
    from sceau.conformity.groups import group_of_code

    require_places(output, force=force)
    groups = [group_of_code(code) for code in group or ()]
    if not (step or message or others):
        session.settings.require_store()
        made = session.acting().evidence(claim, paths=path or (), groups=groups, messages=messages)
    else:
        made = _of_files(session, claim, path or [], groups, (step or [], message or [], others or []))
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


def _of_files(
    session: Session,
    claim: str,
    paths: list[str],
    groups: list[Group],
    files: tuple[list[Path], list[Path], list[Path]],
) -> Evidence:
    """The same from files: of steps, of received messages, and of others' evidence."""
    from sceau.audit.evidence import Evidence
    from sceau.audit.gather import EvidenceBuilder
    from sceau.audit.step_document import StepDocument
    from sceau.messages.stored import StoredMessage

    builder = EvidenceBuilder(
        session.network, claim, paths=paths, groups=groups, directory=lambda: session.directory
    )
    steps, messages, others = files
    for each in steps:
        session.read(each, lambda data: builder.add_step(StepDocument.from_json(data)))
    for each in messages:
        session.read(each, lambda data: builder.add_message(StoredMessage.from_json(data)))
    for each in others:
        session.read(each, lambda data: builder.add_evidence(Evidence.from_json(data)))
    return builder.build()


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


def _messages_option() -> Any:
    return flag_option("--messages", text=say("add-what-senders-signed"))


def _add_option() -> Any:
    text = say("add-another-party-evidence-claim")
    return typer.Option("--add", metavar=file_word(), help=text)
