# SPDX-License-Identifier: Apache-2.0
"""``sceau claim order``, ``remake``, ``invoice``, ``cancel``: what the practice writes once a claim is authorised."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.exits import Exit
from sceau.cli.file_store import file_store
from sceau.cli.options import Needs, file_option, output_option
from sceau.cli.reading import reading
from sceau.cli.session import Session
from sceau.cli.step_options import (
    claim_argument,
    claim_named,
    claim_option,
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
from sceau.cli.writing import difference_facts, finish, own_values, read_values, told

_ORDER = "lens-order/1"
_INVOICE = "fr-optical-invoice/1"
_NOTE = "claim-note/1"


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau claim``."""
    messages, alone = Needs.WRITE | Needs.MESSAGES | Needs.EXCHANGE, Needs.WRITE | Needs.STORE
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
    supplier: Annotated[int, supplier_option()],
    claim: Annotated[str | None, claim_option()] = None,
    authorisation: Annotated[Path | None, _authorisation_option()] = None,
    output: Annotated[Path | None, output_option(step_file())] = None,
    envelope: Annotated[Path | None, envelope_option()] = None,
    keep: Annotated[Path | None, keep_option()] = None,
) -> Exit:
    """Seal an order, on the payer's authorisation as it was received, and write it."""
    from sceau.messages.step import ReceivedStep

    store = file_store(session.settings, step=output, envelope=envelope, others=(keep,))
    ordered = read_values(session, values, _ORDER)
    practice = session.practice(store)
    with reading(session, practice, store) as messages:
        received = None
        if authorisation is not None:
            received = messages.take(authorisation, ReceivedStep, keep=keep, must_keep=True)
        handle = practice.order(
            claim_named(claim, received),
            ordered,
            supplier=supplier,
            authorisation=received,
            tell=told(envelope),
        )
        return finish(session, handle, output, envelope=envelope)


def remake(
    session: Session,
    claim: Annotated[str, claim_argument()],
    values: Annotated[Path, values_argument()],
    supplier: Annotated[int, supplier_option()],
    output: Annotated[Path | None, output_option(step_file())] = None,
    envelope: Annotated[Path | None, envelope_option()] = None,
) -> Exit:
    """Seal an order that replaces the one before (order.reason says why), and write it."""
    store = file_store(session.settings, step=output, envelope=envelope)
    ordered = read_values(session, values, _ORDER)
    handle = session.practice(store).remake(claim, ordered, supplier=supplier, tell=told(envelope))
    return finish(session, handle, output, envelope=envelope)


def invoice(
    session: Session,
    values: Annotated[Path, values_argument()],
    claim: Annotated[str | None, claim_option()] = None,
    order: Annotated[Path | None, _order_option()] = None,
    output: Annotated[Path | None, output_option(step_file())] = None,
    despite_difference: Annotated[bool, difference_option()] = False,
) -> Exit:
    """Seal the invoice of the current order, and write it; the chain compares the two."""
    from sceau.claim.prepared import PreparedStep
    from sceau.roles.errors import NotAnOrder, OrderOfAnotherNumber

    store = file_store(session.settings, step=output)
    invoiced = read_values(session, values, _INVOICE)
    placed = None if order is None else session.read(order, PreparedStep.from_json)
    with session.in_file(order or values, NotAnOrder, OrderOfAnotherNumber):
        handle = session.practice(store).invoice(
            claim_named(claim, placed), invoiced, order=placed, despite_difference=despite_difference
        )
    return finish(session, handle, output, result=difference_facts(handle))


def cancel(
    session: Session,
    claim: Annotated[str, claim_argument()],
    output: Annotated[Path | None, output_option(step_file())] = None,
    reason: Annotated[str | None, note_reason_option()] = None,
    reference: Annotated[str | None, reference_option()] = None,
    values: Annotated[Path | None, values_option(_NOTE)] = None,
) -> Exit:
    """Cancel for ever a claim that is not invoiced."""
    practice = session.practice(file_store(session.settings, step=output))
    own = own_values(session, values, _NOTE)
    return finish(session, practice.cancel(claim, reason=reason, reference=reference, values=own), output)


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
