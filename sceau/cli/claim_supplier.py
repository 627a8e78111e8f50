# SPDX-License-Identifier: Apache-2.0
"""``sceau claim answer``, ``deliver``, ``return``, ``dispute``: what the supplier says and writes of an order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.exits import Exit
from sceau.cli.file_store import file_store, save_envelope
from sceau.cli.options import Needs, argument, code_option, output_option
from sceau.cli.reading import reading
from sceau.cli.received import locks_fact
from sceau.cli.result import claim_fact, fact, order_fact, proof_fact
from sceau.cli.session import Session
from sceau.cli.step_options import (
    claim_argument,
    difference_option,
    envelope_option,
    keep_option,
    note_reason_option,
    own_order_option,
    reference_option,
    step_file,
    values_argument,
    values_option,
)
from sceau.cli.words import say
from sceau.cli.writing import (
    difference_facts,
    finish,
    message_facts,
    own_values,
    read_values,
    require_way,
    told,
)

_DELIVERY = "lens-delivery/1"
_NOTE = "claim-note/1"
_NEEDS = Needs.WRITE | Needs.MESSAGES | Needs.EXCHANGE


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau claim``."""
    for name, function, french, needs in (
        (
            "answer",
            answer,
            "Recalcule chaque verrou d'une commande reçue et écrit la réponse au magasin.",
            Needs.CHAIN | Needs.KEYSTORE | Needs.MESSAGES | Needs.EXCHANGE,
        ),
        ("deliver", deliver, "Atteste ce qui est livré, d'après vos propres données de production.", _NEEDS),
        ("return", return_, "Enregistre le retour de la commande livrée.", _NEEDS),
        (
            "dispute",
            dispute,
            "Conteste la commande : elle n'est pas arrivée, ou ne correspond pas à ses verrous.",
            _NEEDS,
        ),
    ):
        add_command(group, name, function, french=french, needs=needs)


def answer(
    session: Session,
    order: Annotated[Path, _order_argument()],
    output: Annotated[Path | None, output_option(_answer_file())] = None,
    refuse_because: Annotated[str | None, _refuse_option()] = None,
    keep: Annotated[Path | None, keep_option()] = None,
) -> Exit:
    """Recompute every lock of a received order and write the answer to the practice.

    An order that does not fit its locks is refused, and the exit code is 3.
    """
    from sceau.messages.order import ReceivedOrder

    require_way(session, output)
    store = file_store(session.settings, others=(output, keep))
    supplier = session.supplier(store)
    with reading(session, supplier, store) as messages:
        received = messages.take(order, ReceivedOrder, keep=keep, must_keep=True)
        made = supplier.answer(received, refuse_because=refuse_because)
        if output is not None:
            save_envelope(output, made.text)
    accepted = not received.differing and refuse_because is None
    words = say("accepted") if accepted else say("refused")
    session.screen.show(
        [
            claim_fact(received.claim),
            order_fact(received.order_number),
            locks_fact(received),
            proof_fact(session.own_network),
            fact("accepted", accepted, say("answer"), words),
            *message_facts(output),
        ]
    )
    return Exit.VERDICT_REFUSED if received.differing else Exit.OK


def deliver(
    session: Session,
    order: Annotated[Path, _order_argument()],
    values: Annotated[Path, values_argument()],
    output: Annotated[Path | None, output_option(step_file())] = None,
    envelope: Annotated[Path | None, envelope_option()] = None,
    despite_difference: Annotated[bool, difference_option()] = False,
    keep: Annotated[Path | None, keep_option()] = None,
) -> Exit:
    """Attest what is delivered, from your own production record; the chain compares it with the order."""
    from sceau.messages.order import ReceivedOrder

    store = file_store(session.settings, step=output, envelope=envelope, others=(keep,))
    delivered = read_values(session, values, _DELIVERY)
    supplier = session.supplier(store)
    with reading(session, supplier, store) as messages:
        received = messages.take(order, ReceivedOrder, keep=keep, must_keep=True)
        handle = supplier.deliver(
            received, delivered, despite_difference=despite_difference, tell=told(envelope)
        )
        return finish(session, handle, output, envelope=envelope, result=difference_facts(handle))


def return_(
    session: Session,
    claim: Annotated[str, claim_argument()],
    output: Annotated[Path | None, output_option(step_file())] = None,
    order: Annotated[int | None, own_order_option()] = None,
    reason: Annotated[str | None, note_reason_option()] = None,
    reference: Annotated[str | None, reference_option()] = None,
    values: Annotated[Path | None, values_option(_NOTE)] = None,
    envelope: Annotated[Path | None, envelope_option()] = None,
) -> Exit:
    """Record the return of the delivered order."""
    supplier = session.supplier(file_store(session.settings, step=output, envelope=envelope))
    own, tell = own_values(session, values, _NOTE), told(envelope)
    handle = supplier.record_return(
        claim, order_number=order, reason=reason, reference=reference, values=own, tell=tell
    )
    return finish(session, handle, output, envelope=envelope)


def dispute(
    session: Session,
    claim: Annotated[str, claim_argument()],
    output: Annotated[Path | None, output_option(step_file())] = None,
    order: Annotated[int | None, own_order_option()] = None,
    reason: Annotated[str | None, note_reason_option()] = None,
    reference: Annotated[str | None, reference_option()] = None,
    values: Annotated[Path | None, values_option(_NOTE)] = None,
    envelope: Annotated[Path | None, envelope_option()] = None,
) -> Exit:
    """Dispute the order: it was not received, or does not fit its locks."""
    supplier = session.supplier(file_store(session.settings, step=output, envelope=envelope))
    own, tell = own_values(session, values, _NOTE), told(envelope)
    handle = supplier.dispute(
        claim, order_number=order, reason=reason, reference=reference, values=own, tell=tell
    )
    return finish(session, handle, output, envelope=envelope)


def _order_argument() -> Any:
    return argument(
        say("metavar-order"),
        say("order-received-envelope-keep-what"),
    )


def _answer_file() -> str:
    return say("file-envelope-answer")


def _refuse_option() -> Any:
    return code_option(
        "--refuse-because",
        say("refuse-order-reason-code-though"),
    )
