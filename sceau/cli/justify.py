# SPDX-License-Identifier: Apache-2.0
"""``sceau claim justify``: a party's signed word on a finding, for the payer to accept or not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.errors import NotConcerned
from sceau.cli.options import Needs, output_option
from sceau.cli.session import Session
from sceau.cli.step_options import claim_argument, open_desk
from sceau.cli.words import say
from sceau.documents.files import save


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
    from sceau.claim.history import read_history
    from sceau.messages.justification import OF_AN_ORDER, justification_envelope
    from sceau.record.normalise import normalised_code

    mail = open_desk(session, output)
    history = read_history(session.network, claim, block=session.network.node.head().number)
    state = history.state
    if mail.party not in {state.practice, *(step.supplier for step in history.steps)}:
        raise NotConcerned(party=mail.party)
    if order is None:
        order = state.order_number if finding in OF_AN_ORDER else 0
    sealed = justification_envelope(
        mail.post, state.claim, finding, normalised_code(reason), order_number=order, recipient=state.payer
    )
    save(output, (sealed + "\n").encode())
    if session.screen.as_json:
        session.screen.data({"claim": state.claim, "recipient": state.payer, "envelope": str(output)})
        return
    session.screen.facts(
        [
            (say("Claim", "Dossier"), state.claim),
            (say("For payer", "Au payeur"), state.payer),
            (say("Envelope", "Enveloppe"), output),
        ]
    )


def _finding_option() -> Any:
    text = say(
        "Code of the finding, as sceau verify --json gives it: delivery-differs, order-returned…",
        "Code du constat, donné par sceau verify --json : delivery-differs, order-returned…",
    )
    return typer.Option("--finding", metavar="CODE", help=text)


def _order_option() -> Any:
    text = say(
        "Number of the order that the finding is about; the current one otherwise.",
        "Numéro de la commande dont parle le constat ; sinon la commande en cours.",
    )
    return typer.Option("--order", metavar="N", min=1, help=text, show_default=False)


def _reason_option() -> Any:
    text = say(
        "Why, in a code of your own (WRONG-LENS-SENT-BACK); nothing about a person.",
        "Pourquoi, en un code à vous (WRONG-LENS-SENT-BACK) ; rien sur une personne.",
    )
    return typer.Option("--reason", metavar="CODE", help=text)


def _file() -> str:
    return say("File for the envelope.", "Fichier de l'enveloppe.")
