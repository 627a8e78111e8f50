# SPDX-License-Identifier: Apache-2.0
"""``sceau envelope``: signed and encrypted messages between parties, as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.times import iso_text, utc_text
from sceau.cli import envelope_audit
from sceau.cli.command import add_command
from sceau.cli.errors import NotAnEnvelope
from sceau.cli.file_store import file_store, require_places, save_envelope
from sceau.cli.options import Needs, argument, force_option, output_option
from sceau.cli.reading import Reading, reading
from sceau.cli.received import facts_of, kind_words
from sceau.cli.result import Fact, fact, for_programs, proof_fact
from sceau.cli.session import Session
from sceau.cli.step_options import claim_in_place, step_argument
from sceau.cli.words import say
from sceau.cli.writing import require_way
from sceau.documents.files import load

if TYPE_CHECKING:
    from sceau.messages.envelope import Message
    from sceau.messages.kinds import Received
    from sceau.roles.handle import Envelope

_NEEDS = Needs.CHAIN | Needs.KEYSTORE | Needs.MESSAGES | Needs.EXCHANGE


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau envelope``."""
    for name, function, french in (
        (
            "open",
            open_,
            "Ouvre une enveloppe reçue, la compare avec la chaîne et enregistre ce qu'elle contient.",
        ),
        ("show", show, "Montre un message conservé, ou une enveloppe sans la compter comme reçue."),
        (
            "step",
            step,
            "Met une étape enregistrée sous enveloppe, pour la partie qui s'y fie : fournisseur ou magasin.",
        ),
        ("disclosure", disclosure, "Met une divulgation sous enveloppe, pour le payeur qu'elle nomme."),
        ("act-codes", act_codes, "Met sous enveloppe la clé des codes actes d'une commande, pour le payeur."),
    ):
        add_command(group, name, function, french=french, needs=_NEEDS)
    envelope_audit.add(group)


def open_(
    session: Session,
    envelope: Annotated[Path, _envelope_argument()],
    output: Annotated[Path, output_option()],
) -> None:
    """Open a received envelope, check it against the chain, and store what it holds."""
    from sceau.messages.source import is_envelope

    store = file_store(session.settings, others=(output,))
    if not is_envelope(load(envelope)):
        raise NotAnEnvelope(path=envelope)
    with reading(session, session.acting(store), store) as messages:
        opened = messages.any(envelope, keep=output)
    session.screen.show([*_facts(session, *opened), fact("file", str(output), say("kept-in"))])


def show(session: Session, message: Annotated[Path, _message_argument()]) -> None:
    """Show a stored message, or an envelope without counting it as received."""
    session.screen.show(_facts(session, *Reading(session, session.acting()).any(message)))


def step(
    session: Session,
    step: Annotated[Path, step_argument()],
    output: Annotated[Path, output_option()],
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Put a stored step into an envelope, for the party that relies on it: supplier or practice."""
    from sceau.claim.prepared import PreparedStep

    require_places(output, force=force)
    prepared = session.read(step, PreparedStep.from_json)
    _write(session, session.acting().envelope(prepared), output, force=force)


def disclosure(
    session: Session,
    disclosure: Annotated[Path, _disclosure_argument()],
    output: Annotated[Path, output_option()],
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Put a disclosure into an envelope, for the payer that it names."""
    from sceau.disclosure import Disclosure

    require_places(output, force=force)
    shown = session.read(disclosure, Disclosure.from_json)
    _write(session, session.practice().disclosure_envelope(shown), output, force=force)


def act_codes(
    session: Session,
    order: Annotated[Path, _order_argument()],
    output: Annotated[Path | None, output_option()] = None,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Put the act-code key of an order into an envelope, for the claim's payer: that key and no other."""
    from sceau.claim.prepared import PreparedStep
    from sceau.roles.errors import NotAnOrder

    require_way(session, output)
    require_places(output, force=force)
    practice = session.practice()
    claim = claim_in_place(order)
    prepared = session.read(order, PreparedStep.from_json) if claim is None else practice.placed_order(claim)
    with session.in_file(order, NotAnOrder):
        made = practice.act_code_key_envelope(prepared)
    _write(session, made, output, force=force)


def _facts(session: Session, message: Message, received: Received) -> list[Fact]:
    return [
        fact("kind", message.kind, say("message"), kind_words(message.kind)),
        fact("from", message.sender, say("from-party")),
        for_programs("id", message.id),
        fact("signed_at", iso_text(message.issued_at), say("signed-at"), utc_text(message.issued_at)),
        *facts_of(received),
        proof_fact(session.own_network),
    ]


def _write(session: Session, made: Envelope, output: Path | None, *, force: bool) -> None:
    if output is not None:
        save_envelope(output, made.text, force=force)
    words = say("queued-for-sync") if output is None else str(output)
    session.screen.show(
        [
            fact("file", None if output is None else str(output), say("envelope"), words),
            fact("recipient", made.recipient, say("for-party")),
        ]
    )


def _envelope_argument() -> Any:
    return argument(say("metavar-envelope"), say("envelope-received"))


def _message_argument() -> Any:
    return argument("MESSAGE", say("kept-message-envelope"))


def _disclosure_argument() -> Any:
    return argument(
        say("metavar-disclosure"),
        say("disclosure-sceau-disclose"),
    )


def _order_argument() -> Any:
    return argument(say("metavar-order"), say("file-keeps-order"))
