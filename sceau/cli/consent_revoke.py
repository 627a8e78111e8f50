# SPDX-License-Identifier: Apache-2.0
"""``sceau consent revoke | relay``: taking a consent back, for ever.

``scripts/revoke_consent.py`` is the same command under a name of its own. Whoever relays a revocation writes
nowhere who asked.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.consent_view import (
    receipt_data,
    receipt_facts,
    register_data,
    register_facts,
    state_data,
    state_facts,
)
from sceau.cli.errors import RelayKeyNeeded
from sceau.cli.options import Needs, force_option, output_option, pin_option, yes_option
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.documents.files import require_writable, save_json
from sceau.settings import connect_for_card, with_nodes

if TYPE_CHECKING:
    from sceau.chain.network import Network
    from sceau.chain.registries.consents import ConsentState
    from sceau.chain.signer import Signer
    from sceau.consent.card import Card
    from sceau.consent.compact import CompactCard
    from sceau.consent.revocation import Revocation
    from sceau.deployment import RegistryId


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau consent``."""
    add_revoke(group)
    add_command(
        group,
        "relay",
        relay,
        french="Envoie une révocation signée ailleurs, pour qui que ce soit.",
        needs=Needs.WRITE,
    )


def add_revoke(app: typer.Typer) -> None:
    """Adds ``revoke`` alone, for the script."""
    add_command(
        app,
        "revoke",
        revoke,
        french="Retire pour toujours l'accord d'une carte, par le nœud de n'importe quel membre, ou dans un "
        "fichier signé que n'importe qui peut envoyer.",
        needs=Needs.WRITE,
    )


def revoke(
    session: Session,
    card: Annotated[Path, _card_argument()],
    via: Annotated[list[str] | None, _via_option()] = None,
    offline: Annotated[bool, _offline_option()] = False,
    output: Annotated[Path | None, output_option(_revocation_file())] = None,
    pin_file: Annotated[Path | None, pin_option()] = None,
    yes: Annotated[bool, yes_option()] = False,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Take back a card's consent for ever, through any member's node, or in a signed file that anyone can send."""
    from sceau.consent.compact import load_card

    if offline != (output is not None):
        raise typer.BadParameter(
            say("--offline and --output go together.", "--offline et --output vont ensemble.")
        )
    with session.in_file(card):
        held = load_card(card)
    if output is not None:
        require_writable(output, force=force)
        _revoke_offline(session, card, held, output, pin_file, yes=yes, force=force)
        return
    session.settings = with_nodes(session.settings, via or ())
    network = _network(session, card, held.registry)
    before = _state(network, held.consent)
    if before.revoked:
        _show_done(session, before)
        return
    sender = _sender(session, network)
    _show_before(session, held, before)
    revocation = _signed(session, card, held, pin_file, yes=yes)
    _send(session, network, sender, revocation)


def relay(
    session: Session,
    revocation: Annotated[Path, _revocation_argument()],
    via: Annotated[list[str] | None, _via_option()] = None,
) -> None:
    """Send a revocation that was signed elsewhere, for whoever it may be."""
    from sceau.consent.revocation import Revocation

    read = session.read(revocation, Revocation.from_json)
    session.settings = with_nodes(session.settings, via or ())
    network = _network(session, revocation, read.registry)
    before = _state(network, read.consent)
    if before.revoked:
        _show_done(session, before)
        return
    _send(session, network, _sender(session, network), read)


def _revoke_offline(
    session: Session,
    path: Path,
    held: Card | CompactCard,
    output: Path,
    pin_file: Path | None,
    *,
    yes: bool,
    force: bool,
) -> None:
    if not session.screen.as_json:
        session.screen.facts(register_facts(held.consent, held.registry))
    revocation = _signed(session, path, held, pin_file, yes=yes)
    save_json(output, revocation.to_json(), force=force)
    if session.screen.as_json:
        session.screen.data({**register_data(held.consent, held.registry), "file": str(output)})
        return
    session.screen.facts([(say("Signed revocation", "Révocation signée"), output)])
    session.screen.note(
        say(
            "Nothing is revoked yet. Give the file to any member: sceau consent relay FILE sends it.",
            "Rien n'est encore révoqué. Remettez le fichier à un membre : sceau consent relay FICHIER l'envoie.",
        )
    )


def _network(session: Session, path: Path, register: RegistryId) -> Network:
    from sceau.consent.card import check_registry
    from sceau.deployment import RegistryId

    with session.screen.working(say("Reaching the node…", "Connexion au nœud…")):
        network = connect_for_card(session.settings, register)
    with session.in_file(path):
        check_registry(register, RegistryId.of(network.manifest))
    return network


def _state(network: Network, consent: str) -> ConsentState:
    from sceau.chain.registries.consents import read_state

    return read_state(network, consent)


def _sender(session: Session, network: Network) -> Signer | None:
    """Who sends: on a chain free of fees a key that nobody ever saw, elsewhere the keystore that pays."""
    from sceau.chain.fees import fee_fields, highest_fee

    fees = fee_fields(network.node, network.node.head())
    if highest_fee(fees) == 0:
        return None
    if session.settings.keystore is None:
        raise RelayKeyNeeded
    return session.signer


def _show_before(session: Session, held: Card | CompactCard, state: ConsentState) -> None:
    from sceau.chain.registries.consents import Status

    if session.screen.as_json:
        return
    session.screen.facts([*register_facts(held.consent, held.registry), *state_facts(state)])
    if state.status is Status.UNKNOWN:
        session.screen.note(
            say(
                "It is not recorded (yet). Revoked now, it can never be recorded.",
                "Il n'est pas (encore) enregistré. Révoqué maintenant, il ne pourra jamais l'être.",
            )
        )


def _signed(
    session: Session, path: Path, held: Card | CompactCard, pin_file: Path | None, *, yes: bool
) -> Revocation:
    from sceau.consent.revocation import sign_revocation

    session.confirm(say("Revoke this consent for ever?", "Révoquer cet accord pour toujours ?"), yes=yes)
    pin = session.pin(pin_file)
    with session.screen.working(say("Opening the card…", "Ouverture de la carte…")), session.in_file(path):
        return sign_revocation(held.unlock(pin))


def _send(session: Session, network: Network, sender: Signer | None, revocation: Revocation) -> None:
    from sceau.chain.registries.consents import prove_revoked
    from sceau.consent import revocation as revocations

    receipt = session.wait(revocations.relay(network, sender, revocation))
    proved = prove_revoked(network, revocation.consent)
    if session.screen.as_json:
        session.screen.data({**state_data(proved), "transaction": receipt_data(receipt)})
        return
    session.screen.title(say("\nRevoked.", "\nRévoqué."))
    session.screen.facts(
        [(say("Consent", "Accord"), proved.consent), *state_facts(proved), *receipt_facts(receipt)]
    )


def _show_done(session: Session, state: ConsentState) -> None:
    """The consent was revoked before: what is wanted is so."""
    if session.screen.as_json:
        session.screen.data({**state_data(state), "transaction": None})
        return
    session.screen.title(say("It was revoked before.", "Il était déjà révoqué."))
    session.screen.facts([(say("Consent", "Accord"), state.consent), *state_facts(state)])


def _card_argument() -> Any:
    text = say(
        "The card: its file, or a file with the text of its QR code.",
        "La carte : son fichier, ou un fichier avec le texte de son code QR.",
    )
    return typer.Argument(metavar=say("CARD", "CARTE"), help=text)


def _revocation_argument() -> Any:
    text = say("The signed revocation.", "La révocation signée.")
    return typer.Argument(metavar=say("REVOCATION", "RÉVOCATION"), help=text)


def _revocation_file() -> str:
    return say("With --offline: the signed file to write.", "Avec --offline : le fichier signé à écrire.")


def _via_option() -> Any:
    text = say("Address of any member's node.", "Adresse du nœud de n'importe quel membre.")
    return typer.Option("--via", metavar="URL", help=text)


def _offline_option() -> Any:
    text = say("Send nothing: write a signed file.", "Ne rien envoyer : écrire un fichier signé.")
    return typer.Option("--offline", metavar="", help=text)
