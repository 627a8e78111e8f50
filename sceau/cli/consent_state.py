# SPDX-License-Identifier: Apache-2.0
"""``sceau consent show | check | receipt``: what a card says, what the chain says, and a receipt of both."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.consent_named import read_named
from sceau.cli.consent_view import register_data, register_facts, state_data, state_facts
from sceau.cli.exits import Exit, exit_of
from sceau.cli.hints import message_of
from sceau.cli.options import Needs, file_word, force_option, output_option
from sceau.cli.parties import names_of
from sceau.cli.session import Session
from sceau.cli.words import say, spoken
from sceau.documents.files import require_writable, save_json
from sceau.errors import SceauError
from sceau.settings import connect_for_card

if TYPE_CHECKING:
    from sceau.chain.registries.consents import ConsentState
    from sceau.deployment import RegistryId


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau consent``."""
    add_command(
        group,
        "show",
        show,
        french="Montre ce que dit une carte et, si un nœud est donné, l'état de son accord. Sans code.",
        needs=Needs.CHAIN,
    )
    add_command(
        group,
        "check",
        check,
        french="Dit si un accord est valable maintenant (code de sortie 0) ou non (3).",
        needs=Needs.CHAIN,
    )
    add_command(
        group,
        "receipt",
        receipt,
        french="Écrit le reçu d'un accord (forme ISO/IEC TS 27560), ou son équivalent FHIR.",
        needs=Needs.CHAIN | Needs.DIRECTORY,
    )


def show(
    session: Session,
    card: Annotated[Path, _card_argument()],
    offline: Annotated[bool, _offline_option()] = False,
) -> Exit:
    """Show what a card says and, where a node is named, how its consent stands. No PIN needed."""
    from sceau.consent.compact import load_card

    with session.in_file(card):
        held = load_card(card)
    data: dict[str, Any] = {**register_data(held.consent, held.registry), "key": held.address}
    facts = register_facts(held.consent, held.registry, held.address)
    code, state = Exit.OK, None
    if not offline and session.settings.nodes:
        try:
            state = _state(session, card, held.consent, held.registry)
        except SceauError as error:
            # The card's own words are shown all the same.
            session.screen.error(error.code, message_of(error))
            code = exit_of(error)
    if session.screen.as_json:
        session.screen.data({**data, "state": None if state is None else state_data(state)})
    else:
        session.screen.facts([*facts, *(state_facts(state) if state else [])])
    return code


def check(session: Session, consent: Annotated[str, _consent_argument()]) -> Exit:
    """Say whether a consent is valid now (exit code 0) or not (3)."""
    from sceau.chain.registries.consents import Status, read_state

    identifier, register = read_named(session, consent)
    if register is None:
        state = read_state(session.network, identifier)
    else:
        state = _state(session, Path(consent), identifier, register)
    if session.screen.as_json:
        session.screen.data(state_data(state))
    else:
        session.screen.facts([(say("Consent", "Accord"), state.consent), *state_facts(state)])
    return Exit.OK if state.status is Status.VALID else Exit.VERDICT_REFUSED


def receipt(
    session: Session,
    signed: Annotated[Path, _signed_argument()],
    request: Annotated[Path, _request_option()],
    output: Annotated[Path | None, output_option()] = None,
    fhir: Annotated[bool, _fhir_option()] = False,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Write the receipt of a consent (shape of ISO/IEC TS 27560), or its FHIR equivalent."""
    from sceau.chain.registries.consents import read_state
    from sceau.consent.receipt import consent_receipt, fhir_consent
    from sceau.consent.request import ConsentRequest
    from sceau.consent.signing import SignedConsent

    if output is not None:
        require_writable(output, force=force)
    answer = session.read(signed, SignedConsent.from_json)
    asked = session.read(request, ConsentRequest.from_json)
    with session.in_file(request):
        asked.check(session.register)
    state = read_state(session.network, answer.consent)
    names = names_of(session, (asked.terms.practice, asked.terms.payer))
    make = fhir_consent if fhir else consent_receipt
    with session.in_file(signed):
        document = make(asked, answer.key, state, names=names, language=spoken())
    if output is None:
        session.screen.data(document)
        return
    save_json(output, document, force=force)
    if session.screen.as_json:
        session.screen.data({"consent": answer.consent, "file": str(output)})
    else:
        session.screen.facts([(say("Receipt", "Reçu"), output), *state_facts(state)])


def _state(session: Session, path: Path, consent: str, register: RegistryId) -> ConsentState:
    from sceau.chain.registries.consents import read_state
    from sceau.consent.card import check_registry
    from sceau.deployment import RegistryId

    with session.screen.working(say("Asking the node…", "Question au nœud…")):
        network = connect_for_card(session.settings, register)
        with session.in_file(path):
            check_registry(register, RegistryId.of(network.manifest))
        return read_state(network, consent)


def _card_argument() -> Any:
    return typer.Argument(metavar=say("CARD", "CARTE"), help=say("The consent card.", "La carte d'accord."))


def _consent_argument() -> Any:
    text = say(
        "The consent's identifier (0x…), or its card or signed consent.",
        "L'identifiant de l'accord (0x…), ou sa carte, ou l'accord signé.",
    )
    return typer.Argument(metavar=say("CONSENT", "ACCORD"), help=text)


def _signed_argument() -> Any:
    return typer.Argument(metavar=say("SIGNED", "ACCORD"), help=say("The signed consent.", "L'accord signé."))


def _request_option() -> Any:
    text = say("The request that was signed.", "La demande qui a été signée.")
    return typer.Option("--request", metavar=file_word(), help=text)


def _offline_option() -> Any:
    return typer.Option("--offline", metavar="", help=say("Ask no node.", "Ne demander à aucun nœud."))


def _fhir_option() -> Any:
    text = say("Write a FHIR R4 Consent instead.", "Écrire plutôt un Consent FHIR R4.")
    return typer.Option("--fhir", metavar="", help=text)
