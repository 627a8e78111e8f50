# SPDX-License-Identifier: Apache-2.0
"""``sceau claim justify``: a party's signed word on a finding, for the payer to accept or not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.file_store import require_places, save_envelope
from sceau.cli.options import Needs, code_option, output_option
from sceau.cli.result import claim_fact, fact
from sceau.cli.session import Session
from sceau.cli.step_options import claim_argument
from sceau.cli.words import say


def add(group: typer.Typer) -> None:
    """Adds the command to ``sceau claim``."""
    add_command(
        group,
        "justify",
        justify,
        french="Écrit au payeur, signé, pourquoi un constat sur le dossier n'est pas un tort ; il l'accepte ou non.",
        needs=Needs.CHAIN | Needs.KEYSTORE | Needs.MESSAGES,
    )


def justify(
    session: Session,
    claim: Annotated[str, claim_argument()],
    finding: Annotated[str, _finding_option()],
    reason: Annotated[str, _reason_option()],
    output: Annotated[Path, output_option(_file())],
    order: Annotated[int | None, _order_option()] = None,
) -> None:
    """Write to the payer, signed, why a finding on the claim is no wrong; it accepts that or not."""
    from sceau.roles.justifying import justify as write

    require_places(output)
    acting = session.acting()
    history = acting.history(claim)
    made = write(acting.mailbox, history, finding, reason, order_number=order)
    save_envelope(output, made.text)
    session.screen.show(
        [
            claim_fact(history.state.claim),
            fact("recipient", made.recipient, say("For payer", "Au payeur")),
            fact("envelope", str(output), say("Envelope", "Enveloppe")),
        ]
    )


def _finding_option() -> Any:
    return code_option(
        "--finding",
        say(
            "Code of the finding, as sceau verify --json gives it: delivery-differs, order-returned…",
            "Code du constat, donné par sceau verify --json : delivery-differs, order-returned…",
        ),
    )


def _order_option() -> Any:
    text = say(
        "Number of the order that the finding is about; the current one otherwise.",
        "Numéro de la commande dont parle le constat ; sinon la commande en cours.",
    )
    return typer.Option("--order", metavar="N", min=1, help=text, show_default=False)


def _reason_option() -> Any:
    return code_option(
        "--reason",
        say(
            "Why, in a code of your own (WRONG-LENS-SENT-BACK); nothing about a person.",
            "Pourquoi, en un code à vous (WRONG-LENS-SENT-BACK) ; rien sur une personne.",
        ),
    )


def _file() -> str:
    return say("File for the envelope.", "Fichier de l'enveloppe.")
