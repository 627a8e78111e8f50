# SPDX-License-Identifier: Apache-2.0
"""``sceau claim paid``: a payer's signed word that it paid a claim that it settled."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.file_store import require_places, save_envelope
from sceau.cli.options import Needs, code_option, date_option, output_option
from sceau.cli.result import claim_fact, fact
from sceau.cli.session import Session
from sceau.cli.step_options import claim_argument
from sceau.cli.words import say
from sceau.cli.writing import message_facts, require_way


def add(group: typer.Typer) -> None:
    """Adds the command to ``sceau claim``."""
    add_command(
        group,
        "paid",
        paid,
        french="Annonce au magasin, dans un message signé, que vous avez payé un dossier que vous avez réglé.",
        needs=Needs.CHAIN | Needs.KEYSTORE | Needs.MESSAGES | Needs.EXCHANGE,
    )


def paid(
    session: Session,
    claim: Annotated[str, claim_argument()],
    date: Annotated[str, _date_option()],
    reference: Annotated[str, _reference_option()],
    output: Annotated[Path | None, output_option(_file())] = None,
    amount: Annotated[int | None, _amount_option()] = None,
) -> None:
    """Tell the practice, in a signed message, that you paid a claim that you settled."""
    require_way(session, output)
    require_places(output)
    made = session.payer().payment_notice(claim, day=date, reference=reference, amount=amount)
    if output is not None:
        save_envelope(output, made.text)
    session.screen.show(
        [
            claim_fact(claim.lower()),
            fact("recipient", made.recipient, say("for-party")),
            *message_facts(output),
        ]
    )


def _date_option() -> Any:
    return date_option("--date", say("day-of-transfer"))


def _reference_option() -> Any:
    return code_option("--reference", say("own-reference-of-transfer"))


def _amount_option() -> Any:
    return typer.Option("--amount", metavar=say("metavar-cents"), min=0, help=say("amount-transferred"))


def _file() -> str:
    return say("file-envelope")
