# SPDX-License-Identifier: Apache-2.0
"""``sceau consent show | check | receipt``: what a card says, what the chain says, and a receipt of both."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.consent_named import read_named
from sceau.cli.consent_view import consent_fact, registry_facts, state_facts
from sceau.cli.exits import Exit, exit_of
from sceau.cli.hints import message_of
from sceau.cli.options import Needs, file_word, force_option, output_option
from sceau.cli.result import Fact, fact, for_people, for_programs
from sceau.cli.session import Session
from sceau.cli.words import say, spoken
from sceau.documents.files import require_writable, save_json
from sceau.errors import SceauError
from sceau.settings import connect_for_card

if TYPE_CHECKING:
    from sceau.chain.network import Network
    from sceau.chain.registries.consents import ConsentState
    from sceau.roles.patient import OfConsent


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
    """Show what a card says and, if a node is named, the state of its consent. No PIN needed."""
    from sceau.consent.compact import load_card

    with session.in_file(card):
        held = load_card(card)
    code, state = Exit.OK, None
    if not offline and session.settings.nodes:
        try:
            state = _state(session, card, held)
        except SceauError as error:
            # The card's own words are shown nevertheless.
            session.screen.error(error.code, message_of(error))
            code = exit_of(error)
    facts = [
        *registry_facts(held.consent, held.registry),
        fact("key", held.address, say("key")),
        for_programs("state", None if state is None else state.to_json()),
    ]
    session.screen.show([*facts, *_for_people(state)])
    return code


def check(session: Session, consent: Annotated[str, _consent_argument()]) -> Exit:
    """Say whether a consent is valid now (exit code 0) or not (3)."""
    from sceau.chain.registries.consents import Status

    state = _state_of(session, consent)
    session.screen.show([consent_fact(state.consent), *state_facts(state)])
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
    from sceau.consent.errors import ConsentError, RequestRefused
    from sceau.consent.request import ConsentRequest
    from sceau.consent.signing import SignedConsent
    from sceau.roles.patient import Patient

    if output is not None:
        require_writable(output, force=force)
    answer = session.read(signed, SignedConsent.from_json)
    asked = session.read(request, ConsentRequest.from_json)
    patient, names = Patient(session.network, answer), session.names(asked.terms.practice, asked.terms.payer)
    with session.in_file(signed, ConsentError), session.in_file(request, RequestRefused):
        document = patient.receipt(asked, fhir=fhir, names=names, language=spoken())
    if output is None:
        session.screen.data(document)
        return
    save_json(output, document, force=force)
    session.screen.show(
        [
            for_programs("consent", answer.consent),
            fact("file", str(output), say("receipt")),
            *_for_people(patient.state()),
        ]
    )


def _state_of(session: Session, named: str) -> ConsentState:
    """The state of a consent, for what rests on it."""
    held = read_named(session, named)
    if isinstance(held, str):
        return session.acting().consent(held)
    from sceau.roles.patient import Patient

    network = _network(session, held)
    with session.in_file(Path(named)):
        return Patient(network, held).standing()


def _state(session: Session, path: Path, held: OfConsent) -> ConsentState:
    """The state of a consent, for anybody who looks at it; what is wrong with the node's answer is shown beside it."""
    from sceau.roles.patient import Patient

    patient = Patient(_network(session, held), held)
    with session.in_file(path):
        state = patient.state()
    if patient.doubt is not None:
        session.screen.warn(message_of(patient.doubt))
    return state


def _network(session: Session, held: OfConsent) -> Network:
    with session.screen.working(say("asking-node")):
        return connect_for_card(session.settings, held)


def _for_people(state: ConsentState | None) -> list[Fact]:
    facts = [] if state is None else state_facts(state)
    return [for_people(each.label, each.words) for each in facts]


def _card_argument() -> Any:
    return typer.Argument(metavar=say("metavar-card"), help=say("consent-card"))


def _consent_argument() -> Any:
    text = say("consent-identifier-0x-card-signed")
    return typer.Argument(metavar=say("metavar-consent"), help=text)


def _signed_argument() -> Any:
    return typer.Argument(metavar=say("metavar-signed-consent"), help=say("signed-consent"))


def _request_option() -> Any:
    text = say("request-signed")
    return typer.Option("--request", metavar=file_word(), help=text)


def _offline_option() -> Any:
    return typer.Option("--offline", metavar="", help=say("ask-no-node"))


def _fhir_option() -> Any:
    text = say("write-fhir-r4-consent-instead")
    return typer.Option("--fhir", metavar="", help=text)
