# SPDX-License-Identifier: Apache-2.0
"""``sceau claim tell``, ``unannounced``: what a supplier says of a replaced order, and orders it never received."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.times import iso_text, utc_text
from sceau.cli.command import add_command
from sceau.cli.file_store import file_store
from sceau.cli.options import Needs, code_option, flag_option, output_option
from sceau.cli.result import claim_fact, fact, order_fact
from sceau.cli.session import Session
from sceau.cli.step_options import claim_argument
from sceau.cli.words import say
from sceau.cli.writing import message_facts, require_way

if TYPE_CHECKING:
    from sceau.roles.supplier import OrderWithoutEnvelope


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau claim``."""
    add_command(
        group,
        "tell",
        tell,
        french="Signale au payeur, dans un message signé, une contestation ou un retour d'une commande remplacée.",
        needs=Needs.CHAIN | Needs.KEYSTORE | Needs.MESSAGES | Needs.EXCHANGE,
    )
    add_command(
        group,
        "unannounced",
        unannounced,
        french="Liste les commandes qui vous nomment sur la chaîne et dont aucune enveloppe n'est arrivée.",
        needs=Needs.CHAIN | Needs.KEYSTORE | Needs.STORE,
    )


def tell(
    session: Session,
    claim: Annotated[str, claim_argument()],
    order: Annotated[int, _order_option()],
    output: Annotated[Path | None, output_option(_file())] = None,
    returned: Annotated[bool, _returned_option()] = False,
    reason: Annotated[str | None, _reason_option()] = None,
) -> None:
    """Tell the payer, in a signed message, of a dispute or a return of an order that was replaced."""
    from sceau.terms import Step

    require_way(session, output)
    supplier = session.supplier(file_store(session.settings, envelope=output))
    mark = Step.RETURN if returned else Step.DISPUTE
    made = supplier.tell_payer(claim, order, mark, reason=reason)
    session.screen.show(
        [
            claim_fact(claim),
            order_fact(order),
            fact("recipient", made.recipient, say("payer")),
            *message_facts(output),
        ]
    )


def unannounced(session: Session) -> None:
    """List the orders that name you on the chain and that you never received; dispute those you do not know."""
    found = session.supplier().orders_without_envelope()
    if session.screen.as_json:
        session.screen.data({"orders": [_json(each) for each in found]})
        return
    if not found:
        session.screen.text(say("every-order-announced"))
    for each in found:
        session.screen.facts(
            [
                (say("claim"), each.claim),
                (say("order"), each.order_number),
                (say("practice"), each.practice),
                (say("placed-at"), utc_text(each.time)),
                (say("dispute-it"), _what_to_do(each)),
            ]
        )
        session.screen.text()


def _json(each: OrderWithoutEnvelope) -> dict[str, Any]:
    return {
        "claim": each.claim,
        "order": each.order_number,
        "practice": each.practice,
        "placed_at": iso_text(each.time),
        "current": each.current,
        "disputed": each.disputed,
    }


def _what_to_do(each: OrderWithoutEnvelope) -> str:
    if each.disputed:
        return say("disputed-already")
    verb = "dispute" if each.current else "tell"
    return f"sceau claim {verb} {each.claim} --order {each.order_number} --reason NOT-RECEIVED -o …"


def _order_option() -> Any:
    return typer.Option("--order", metavar="N", min=1, help=say("number-own-order-replaced"))


def _returned_option() -> Any:
    return flag_option("--returned", text=say("tell-return"))


def _reason_option() -> Any:
    return code_option("--reason", say("why-code-own-not-received"))


def _file() -> str:
    return say("file-envelope-tell")
