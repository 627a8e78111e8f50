# SPDX-License-Identifier: Apache-2.0
"""``sceau envelope``: signed and encrypted messages between parties, as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.times import iso_text, utc_text
from sceau.cli.command import add_command
from sceau.cli.errors import NotAnEnvelope, NotAnOrder, NotSentWhole
from sceau.cli.groups import new_group
from sceau.cli.mail import Mail, is_envelope
from sceau.cli.options import Needs, force_option, output_option
from sceau.cli.received import kind_words, what_it_says
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.documents.files import load, require_writable, save

if TYPE_CHECKING:
    from sceau.claim.prepared import PreparedStep
    from sceau.messages.envelope import Message

_NEEDS = Needs.CHAIN | Needs.KEYSTORE | Needs.MESSAGES


def add(app: typer.Typer) -> None:
    """Adds the group to the command."""
    group = new_group(
        say(
            "Signed and encrypted messages between parties.", "Messages signés et chiffrés entre les parties."
        )
    )
    app.add_typer(group, name="envelope")
    for name, function, french in (
        ("open", open_, "Ouvre une enveloppe reçue, la tient contre la chaîne et garde ce qu'elle contient."),
        ("show", show, "Montre un message gardé, ou une enveloppe sans la compter comme reçue."),
        ("step", step, "Met une étape gardée sous enveloppe, pour qui s'y fie : fournisseur ou magasin."),
        ("disclosure", disclosure, "Met une divulgation sous enveloppe, pour le payeur qu'elle nomme."),
        ("act-codes", act_codes, "Met sous enveloppe la clé des codes actes d'une commande, pour le payeur."),
    ):
        add_command(group, name, function, french=french, needs=_NEEDS)


def open_(
    session: Session,
    envelope: Annotated[Path, _envelope_argument()],
    output: Annotated[Path, output_option()],
) -> None:
    """Open a received envelope, hold it against the chain, and keep what it holds."""
    mail = Mail(session)
    if not is_envelope(load(envelope)):
        raise NotAnEnvelope(path=envelope)
    message = mail.take(envelope, None, keep=output)
    _show(session, message, envelope, done=mail, file=output)


def show(session: Session, message: Annotated[Path, _message_argument()]) -> None:
    """Show a kept message, or an envelope without counting it as received."""
    _show(session, Mail(session).take(message, None), message)


def step(
    session: Session,
    step: Annotated[Path, _step_argument()],
    output: Annotated[Path, output_option()],
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Put a kept step into an envelope, for who relies on it: supplier or practice."""
    from sceau.claim.prepared import PreparedStep

    require_writable(output, force=force)
    prepared = session.read(step, PreparedStep.from_json)
    recipient, sealed = seal_step(Mail(session), prepared)
    _write(session, sealed, recipient, output, force=force)


def disclosure(
    session: Session,
    disclosure: Annotated[Path, _disclosure_argument()],
    output: Annotated[Path, output_option()],
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Put a disclosure into an envelope, for the payer that it names."""
    from sceau.disclosure import Disclosure
    from sceau.messages.disclosure import disclosure_envelope

    require_writable(output, force=force)
    shown = session.read(disclosure, Disclosure.from_json)
    sealed = disclosure_envelope(Mail(session).post, shown)
    _write(session, sealed, shown.recipient, output, force=force)


def act_codes(
    session: Session,
    order: Annotated[Path, _order_argument()],
    output: Annotated[Path, output_option()],
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Put the act-code key of an order into an envelope, for the claim's payer: that key and no other."""
    from sceau.chain.registries.claims import read_claim
    from sceau.claim.prepared import PreparedStep
    from sceau.messages.act_codes import act_code_key_envelope

    require_writable(output, force=force)
    prepared = session.read(order, PreparedStep.from_json)
    if prepared.order_key is None:
        raise NotAnOrder(path=order)
    network = session.network
    payer = read_claim(network, prepared.claim, block=network.node.head().number).payer
    _write(
        session, act_code_key_envelope(Mail(session).post, prepared, payer=payer), payer, output, force=force
    )


def seal_step(mail: Mail, prepared: PreparedStep) -> tuple[int, str]:
    """Who relies on a step that was prepared, and its envelope: an order's supplier, or the claim's practice.

    Raises :class:`NotSentWhole` for a step of which nobody may see the whole.
    """
    from sceau.chain.registries.claims import read_claim
    from sceau.chain.terms import Step, step_words
    from sceau.messages.order import order_envelope
    from sceau.messages.step import step_envelope

    if prepared.order_key is not None:
        supplier = _supplier(prepared)
        return supplier, order_envelope(mail.post, prepared, supplier=supplier)
    if prepared.function not in _TO_THE_PRACTICE:
        code = prepared.record.scope.step
        words = next((w for w in map(step_words, Step) if w.code == code), prepared.function)
        raise NotSentWhole(step=words)
    network = mail.post.network
    practice = read_claim(network, prepared.claim, block=network.node.head().number).practice
    return practice, step_envelope(mail.post, prepared, recipient=practice)


_TO_THE_PRACTICE = frozenset({"authorise", "refuse", "settle", "deliver", "recordReturn", "dispute"})


def _supplier(prepared: PreparedStep) -> int:
    """The supplier that an order's call names: the last of its whole numbers, after a replaced order's own."""
    numbers = [argument for argument in prepared.arguments if isinstance(argument, int)]
    return numbers[-1]


def _show(
    session: Session, message: Message, path: Path, *, done: Mail | None = None, file: Path | None = None
) -> None:
    with session.in_file(path):
        said = what_it_says(session.network, message)
    if done is not None:
        done.done()
    if session.screen.as_json:
        session.screen.data(
            {
                "kind": message.kind,
                "from": message.sender,
                "id": message.id,
                "signed_at": iso_text(message.issued_at),
                **said.data,
                **({"file": str(file)} if file else {}),
            }
        )
        return
    session.screen.facts(
        [
            (say("Message", "Message"), kind_words(message.kind)),
            (say("From party", "De la partie"), message.sender),
            (say("Signed", "Signé"), utc_text(message.issued_at)),
            *said.facts,
            *([(say("Kept in", "Gardé dans"), file)] if file else []),
        ]
    )


def _write(session: Session, sealed: str, recipient: int, output: Path, *, force: bool) -> None:
    save(output, (sealed + "\n").encode(), force=force)
    if session.screen.as_json:
        session.screen.data({"file": str(output), "recipient": recipient})
        return
    session.screen.facts(
        [
            (say("Envelope", "Enveloppe"), output),
            (say("For party", "Pour la partie"), recipient),
        ]
    )


def _envelope_argument() -> Any:
    text = say("The envelope that was received.", "L'enveloppe reçue.")
    return typer.Argument(metavar=say("ENVELOPE", "ENVELOPPE"), help=text)


def _message_argument() -> Any:
    text = say("A kept message, or an envelope.", "Un message gardé, ou une enveloppe.")
    return typer.Argument(metavar="MESSAGE", help=text)


def _step_argument() -> Any:
    text = say("The file that keeps the step.", "Le fichier qui garde l'étape.")
    return typer.Argument(metavar=say("STEP", "ÉTAPE"), help=text)


def _disclosure_argument() -> Any:
    text = say("The disclosure (sceau disclose).", "La divulgation (sceau disclose).")
    return typer.Argument(metavar=say("DISCLOSURE", "DIVULGATION"), help=text)


def _order_argument() -> Any:
    text = say("The file that keeps the order.", "Le fichier qui garde la commande.")
    return typer.Argument(metavar=say("ORDER", "COMMANDE"), help=text)
