# SPDX-License-Identifier: Apache-2.0
"""``sceau claim order``, ``remake``, ``invoice``, ``cancel``: what the practice writes once a claim is authorised."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.compared import compared, require_confirmed
from sceau.cli.errors import InvoiceOfReplacedOrder, NotAnOrder
from sceau.cli.judging import keep_option
from sceau.cli.options import Needs, file_word, output_option
from sceau.cli.session import Session
from sceau.cli.step_options import (
    NOTE,
    claim_argument,
    difference_option,
    envelope_option,
    note_values,
    open_desk,
    read_values,
    reason_option,
    reference_option,
    step_file,
    supplier_option,
    values_argument,
    values_option,
    write_step,
)
from sceau.cli.words import say

if TYPE_CHECKING:
    from sceau.claim.prepared import PreparedStep
    from sceau.roles.practice import Practice

_ORDER = "lens-order/1"
_INVOICE = "fr-optical-invoice/1"


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau claim``."""
    messages = Needs.WRITE | Needs.MESSAGES
    for name, function, french, needs in (
        (
            "order",
            order,
            "Scelle une commande, d'après la prise en charge reçue du payeur, et l'écrit.",
            messages,
        ),
        ("remake", remake, "Scelle une commande qui remplace la précédente, et l'écrit.", messages),
        ("invoice", invoice, "Scelle la facture de la commande actuelle, et l'écrit.", Needs.WRITE),
        ("cancel", cancel, "Annule pour toujours un dossier qui n'est pas facturé.", Needs.WRITE),
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
    from sceau.chain.terms import Role, Step
    from sceau.cli.parties import require_role
    from sceau.messages.step import KIND, step_of

    mail = open_desk(session, output, envelope, keep)
    record = read_values(session, values, _ORDER)
    message = mail.take(authorisation, KIND, keep=keep, must_keep=True)
    with session.in_file(authorisation):
        authorised = step_of(session.network, message, Step.AUTHORISE)
    require_role(session.network, supplier, Role.SUPPLIER)
    claim = authorised.history.state.claim
    prepared = _practice(session).prepare_order(
        claim, record, supplier=supplier, authorisation=authorised.record
    )
    write_step(session, mail, prepared, output, envelope)


def remake(
    session: Session,
    claim: Annotated[str, claim_argument()],
    values: Annotated[Path, values_argument()],
    supplier: Annotated[int, supplier_option()],
    output: Annotated[Path, output_option(step_file())],
    envelope: Annotated[Path | None, envelope_option()] = None,
) -> None:
    """Seal an order that replaces the one before (order.reason says why), and write it."""
    from sceau.chain.terms import Role
    from sceau.cli.parties import require_role

    mail = open_desk(session, output, envelope)
    record = read_values(session, values, _ORDER)
    require_role(session.network, supplier, Role.SUPPLIER)
    prepared = _practice(session).prepare_remake(claim, record, supplier=supplier)
    write_step(session, mail, prepared, output, envelope)


def invoice(
    session: Session,
    values: Annotated[Path, values_argument()],
    order: Annotated[Path, _order_option()],
    output: Annotated[Path, output_option(step_file())],
    despite_difference: Annotated[bool, difference_option()] = False,
) -> None:
    """Seal the invoice of the current order, and write it; the chain compares the two."""
    mail = open_desk(session, output)
    record = read_values(session, values, _INVOICE)
    placed = session.read(order, _placed)
    practice = _practice(session)
    current, _ = practice.history(placed.claim).current_order()
    if placed.order_key is None:
        raise NotAnOrder(path=order)
    if placed.record.scope.order_number != current:
        raise InvoiceOfReplacedOrder(path=order, order=placed.record.scope.order_number, current=current)
    prepared = practice.prepare_invoice(placed.claim, record, key=placed.order_key)
    require_confirmed(prepared, confirmed=despite_difference)
    write_step(session, mail, prepared, output, result=compared(prepared))


def cancel(
    session: Session,
    claim: Annotated[str, claim_argument()],
    output: Annotated[Path, output_option(step_file())],
    reason: Annotated[str | None, reason_option()] = None,
    reference: Annotated[str | None, reference_option()] = None,
    values: Annotated[Path | None, values_option(NOTE)] = None,
) -> None:
    """Cancel for ever a claim that is not invoiced."""
    mail = open_desk(session, output)
    note = note_values(session, values, reason, reference)
    write_step(session, mail, _practice(session).prepare_cancellation(claim, note), output)


def _practice(session: Session) -> Practice:
    from sceau.roles.practice import Practice

    return Practice(session.network, session.signer)


def _placed(data: bytes) -> PreparedStep:
    from sceau.claim.prepared import PreparedStep

    return PreparedStep.from_json(data)


def _authorisation_option() -> Any:
    text = say(
        "The payer's authorisation: its envelope, or what was kept of it.",
        "La prise en charge du payeur : son enveloppe, ou ce qui en est gardé.",
    )
    return typer.Option("--authorisation", metavar=file_word(), help=text)


def _order_option() -> Any:
    text = say(
        "The file that keeps the order: its key seals the invoice.", "Le fichier qui garde la commande."
    )
    return typer.Option("--order", metavar=file_word(), help=text)
