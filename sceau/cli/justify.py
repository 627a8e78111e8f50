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
from sceau.cli.writing import message_facts, require_way


def add(group: typer.Typer) -> None:
    """Adds the command to ``sceau claim``."""
    add_command(
        group,
        "justify",
        justify,
        french="Explique au payeur, dans un message signé, pourquoi un constat n'est pas une faute ; il décide.",
        needs=Needs.CHAIN | Needs.KEYSTORE | Needs.MESSAGES | Needs.EXCHANGE,
    )


def justify(
    session: Session,
    claim: Annotated[str, claim_argument()],
    finding: Annotated[str, _finding_option()],
    reason: Annotated[str, _reason_option()],
    output: Annotated[Path | None, output_option(_file())] = None,
    order: Annotated[int | None, _order_option()] = None,
) -> None:
    """Write to the payer, signed, why a finding on the claim is not a fault; the payer decides."""
    require_way(session, output)
    require_places(output)
    made = session.practice().justify(claim, finding, reason, order_number=order)
    if output is not None:
        save_envelope(output, made.text)
    session.screen.show(
        [
            claim_fact(claim.lower()),
            fact("recipient", made.recipient, say("for-payer")),
            *message_facts(output),
        ]
    )


def _finding_option() -> Any:
    return code_option(
        "--finding",
        say("code-finding-sceau-verify-json"),
    )


def _order_option() -> Any:
    text = say("number-order-finding-about-current")
    return typer.Option("--order", metavar="N", min=1, help=text, show_default=False)


def _reason_option() -> Any:
    return code_option(
        "--reason",
        say("why-code-own-wrong-lens"),
    )


def _file() -> str:
    return say("file-envelope")
