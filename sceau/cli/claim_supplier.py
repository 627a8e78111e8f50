# SPDX-License-Identifier: Apache-2.0
"""``sceau claim answer``, ``deliver``, ``return``, ``dispute``: what the supplier says and writes of an order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.compared import compared, require_confirmed
from sceau.cli.exits import Exit
from sceau.cli.judging import keep_option
from sceau.cli.options import Needs, output_option
from sceau.cli.received import group_names
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
    serving_one_claim,
    step_file,
    values_argument,
    values_option,
    write_step,
)
from sceau.cli.words import say
from sceau.documents.files import save

if TYPE_CHECKING:
    from sceau.cli.mail import Mail
    from sceau.messages.order import ReceivedOrder
    from sceau.roles.supplier import Supplier

_DELIVERY = "lens-delivery/1"
_NEEDS = Needs.WRITE | Needs.MESSAGES


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau claim``."""
    for name, function, french, needs in (
        (
            "answer",
            answer,
            "Recalcule chaque verrou d'une commande reçue et écrit la réponse au magasin.",
            Needs.CHAIN | Needs.KEYSTORE | Needs.MESSAGES,
        ),
        ("deliver", deliver, "Atteste ce qui est livré, d'après votre propre fiche de production.", _NEEDS),
        ("return", return_, "Inscrit le retour de la commande livrée.", _NEEDS),
        ("dispute", dispute, "Conteste la commande : non reçue, ou ne répondant pas à ses verrous.", _NEEDS),
    ):
        add_command(group, name, function, french=french, needs=needs)


def answer(
    session: Session,
    order: Annotated[Path, _order_argument()],
    output: Annotated[Path, output_option(_answer_file())],
    refuse_because: Annotated[str | None, _refuse_option()] = None,
    keep: Annotated[Path | None, keep_option()] = None,
) -> Exit:
    """Recompute every lock of a received order and write the answer to the practice.

    An order that does not fit its locks is refused, and the exit code is 3.
    """
    from sceau.chain.terms import group_words
    from sceau.messages.order import answer_envelope

    mail = open_desk(session, output, keep)
    received = _received(session, mail, order, keep)
    reason = None if refuse_because is None else str(_code(refuse_because))
    sealed = answer_envelope(mail.post, received, refuse_because=reason)
    save(output, (sealed + "\n").encode())
    mail.done()
    accepted = not received.differing and reason is None
    if session.screen.as_json:
        session.screen.data(
            {
                "claim": received.claim,
                "order": received.order_number,
                "accepted": accepted,
                "differing": [group_words(group).code for group in received.differing],
                "envelope": str(output),
            }
        )
    else:
        session.screen.facts(
            [
                (say("Claim", "Dossier"), received.claim),
                (say("Order", "Commande"), received.order_number),
                (say("Locks", "Verrous"), _locks(received)),
                (
                    say("Answer", "Réponse"),
                    say("accepted", "acceptée") if accepted else say("refused", "refusée"),
                ),
                (say("Envelope", "Enveloppe"), output),
            ]
        )
    return Exit.VERDICT_REFUSED if received.differing else Exit.OK


def deliver(
    session: Session,
    order: Annotated[Path, _order_argument()],
    values: Annotated[Path, values_argument()],
    output: Annotated[Path, output_option(step_file())],
    envelope: Annotated[Path | None, envelope_option()] = None,
    despite_difference: Annotated[bool, difference_option()] = False,
    keep: Annotated[Path | None, keep_option()] = None,
) -> None:
    """Attest what is delivered, from your own production record; the chain compares it with the order."""
    from sceau.store.once_only import DISPATCH

    mail = open_desk(session, output, envelope, keep)
    record = read_values(session, values, _DELIVERY)
    received = _received(session, mail, order, keep)
    prepared = _supplier(session).prepare_delivery(received, record)
    require_confirmed(prepared, confirmed=despite_difference)
    # One physical order serves one claim only: the supplier's own dispatch says which goods are meant.
    serving = serving_one_claim(session, DISPATCH, record["dispatch.reference"], received.claim)
    write_step(session, mail, prepared, output, envelope, compared(prepared), serving)


def return_(
    session: Session,
    claim: Annotated[str, claim_argument()],
    output: Annotated[Path, output_option(step_file())],
    reason: Annotated[str | None, reason_option()] = None,
    reference: Annotated[str | None, reference_option()] = None,
    values: Annotated[Path | None, values_option(NOTE)] = None,
    envelope: Annotated[Path | None, envelope_option()] = None,
) -> None:
    """Record the return of the delivered order."""
    mail = open_desk(session, output, envelope)
    note = note_values(session, values, reason, reference)
    write_step(session, mail, _supplier(session).prepare_return(claim, note), output, envelope)


def dispute(
    session: Session,
    claim: Annotated[str, claim_argument()],
    output: Annotated[Path, output_option(step_file())],
    reason: Annotated[str | None, reason_option()] = None,
    reference: Annotated[str | None, reference_option()] = None,
    values: Annotated[Path | None, values_option(NOTE)] = None,
    envelope: Annotated[Path | None, envelope_option()] = None,
) -> None:
    """Dispute the order: it was not received, or does not fit its locks."""
    mail = open_desk(session, output, envelope)
    note = note_values(session, values, reason, reference)
    write_step(session, mail, _supplier(session).prepare_dispute(claim, note), output, envelope)


def _received(session: Session, mail: Mail, order: Path, keep: Path | None) -> ReceivedOrder:
    from sceau.messages.order import ORDER, order_of

    message = mail.take(order, ORDER, keep=keep, must_keep=True)
    with session.in_file(order):
        return order_of(session.network, message)


def _supplier(session: Session) -> Supplier:
    from sceau.roles.supplier import Supplier

    return Supplier(session.network, session.signer)


def _locks(received: ReceivedOrder) -> str:
    if received.differing:
        return say("differ in: ", "diffèrent en : ") + group_names(received.differing)
    return say("all recomputed, the order fits", "tous recalculés, la commande leur répond")


def _code(text: str) -> Any:
    from sceau.record.canonical import Limits, canonical
    from sceau.record.normalise import normalised_code

    return canonical("--refuse-because", "code", normalised_code(text), Limits(longest=40))


def _order_argument() -> Any:
    text = say(
        "The order received: its envelope (with --keep), or what was kept of it.",
        "La commande reçue : son enveloppe (avec --keep), ou ce qui en est gardé.",
    )
    return typer.Argument(metavar=say("ORDER", "COMMANDE"), help=text)


def _answer_file() -> str:
    return say("File for the envelope of the answer.", "Fichier de l'enveloppe de la réponse.")


def _refuse_option() -> Any:
    text = say(
        "Refuse the order for this reason, a code, though its locks fit.",
        "Refuser la commande pour ce motif, un code, bien que ses verrous répondent.",
    )
    return typer.Option("--refuse-because", metavar="CODE", help=text)
