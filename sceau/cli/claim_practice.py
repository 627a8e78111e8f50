# SPDX-License-Identifier: Apache-2.0
"""``sceau claim order``, ``remake``, ``invoice``, ``cancel``: what the practice writes once a claim is authorised."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.file_store import FileStore
from sceau.cli.options import Needs, file_option, output_option
from sceau.cli.reading import reading
from sceau.cli.session import Session
from sceau.cli.step_options import (
    claim_argument,
    difference_option,
    envelope_option,
    keep_option,
    note_reason_option,
    reference_option,
    step_file,
    supplier_option,
    values_argument,
    values_option,
)
from sceau.cli.words import say
from sceau.cli.writing import difference_facts, finish, own_values, read_values

_ORDER = "lens-order/1"
_INVOICE = "fr-optical-invoice/1"
_NOTE = "claim-note/1"


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau claim``."""
    messages, alone = Needs.WRITE | Needs.MESSAGES, Needs.WRITE | Needs.STORE
    for name, function, french, needs in (
        (
            "order",
            order,
            "Scelle une commande, d'après la prise en charge reçue du payeur, et l'écrit.",
            messages,
        ),
        ("remake", remake, "Scelle une commande qui remplace la précédente, et l'écrit.", messages),
        ("invoice", invoice, "Scelle la facture de la commande actuelle, et l'écrit.", alone),
        ("cancel", cancel, "Annule pour toujours un dossier qui n'est pas facturé.", alone),
    ):
        add_command(group, name, function, french=french, needs=needs)


def order(
    session: Session,
    values: Annotated[Path, values_argument()],
    authorisation: Annotated[Path, _authorisation_option()],
    supplier: Annotated[int, supplier_option()],
    output: Annotated[Path, output_option(step_file())],
    envelope: Annotated[Path | None, envelope_option()] = None,
    keep: Annotated[Path | None, keep_option()] = None,
) -> None:
    """Seal an order, on the payer's authorisation as it was received, and write it."""
    from sceau.messages.step import ReceivedStep

    store = FileStore(session.settings, step=output, envelope=envelope, others=(keep,))
    ordered = read_values(session, values, _ORDER)
    practice = session.practice(store)
    with reading(session, practice, store) as messages:
        received = messages.take(authorisation, ReceivedStep, keep=keep, must_keep=True)
        handle = practice.order(
            received.claim, ordered, supplier=supplier, authorisation=received, tell=envelope is not None
        )
        finish(session, handle, output, envelope=envelope)


def remake(
    session: Session,
    claim: Annotated[str, claim_argument()],
    values: Annotated[Path, values_argument()],
    supplier: Annotated[int, supplier_option()],
    output: Annotated[Path, output_option(step_file())],
    envelope: Annotated[Path | None, envelope_option()] = None,
) -> None:
    """Seal an order that replaces the one before (order.reason says why), and write it."""
    store = FileStore(session.settings, step=output, envelope=envelope)
    ordered = read_values(session, values, _ORDER)
    handle = session.practice(store).remake(claim, ordered, supplier=supplier, tell=envelope is not None)
    finish(session, handle, output, envelope=envelope)


def invoice(
    session: Session,
    values: Annotated[Path, values_argument()],
    order: Annotated[Path, _order_option()],
    output: Annotated[Path, output_option(step_file())],
    despite_difference: Annotated[bool, difference_option()] = False,
) -> None:
    """Seal the invoice of the current order, and write it; the chain compares the two."""
    from sceau.claim.prepared import PreparedStep
    from sceau.roles.errors import NotAnOrder, OrderOfAnotherNumber

    store = FileStore(session.settings, step=output)
    invoiced = read_values(session, values, _INVOICE)
    placed = session.read(order, PreparedStep.from_json)
    with session.in_file(order, NotAnOrder, OrderOfAnotherNumber):
        handle = session.practice(store).invoice(
            placed.claim, invoiced, order=placed, despite_difference=despite_difference
        )
    finish(session, handle, output, result=difference_facts(handle))


def cancel(
    session: Session,
    claim: Annotated[str, claim_argument()],
    output: Annotated[Path, output_option(step_file())],
    reason: Annotated[str | None, note_reason_option()] = None,
    reference: Annotated[str | None, reference_option()] = None,
    values: Annotated[Path | None, values_option(_NOTE)] = None,
) -> None:
    """Cancel for ever a claim that is not invoiced."""
    practice = session.practice(FileStore(session.settings, step=output))
    own = own_values(session, values, _NOTE)
    finish(session, practice.cancel(claim, reason=reason, reference=reference, values=own), output)


def _authorisation_option() -> Any:
    return file_option(
        "--authorisation",
        say("payer-authorisation-envelope-what-kept"),
    )


def _order_option() -> Any:
    return file_option(
        "--order",
        say("file-keeps-order-key-seals"),
    )
