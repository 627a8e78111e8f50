# SPDX-License-Identifier: Apache-2.0
"""``sceau consent read | sign | print``: what a patient, or whoever helps one, does with a request and a card."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.consent_view import consent_fact
from sceau.cli.file_store import require_places
from sceau.cli.options import Needs, file_word, force_option, output_option, pin_option, yes_option
from sceau.cli.result import fact
from sceau.cli.session import NEW_PIN, Session
from sceau.cli.words import say, spoken
from sceau.documents.errors import FileExists, FileNotWritten
from sceau.documents.files import require_writable, save_json

if TYPE_CHECKING:
    from sceau.consent.request import ConsentRequest
    from sceau.roles.patient import Patient


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau consent``."""
    add_command(
        group,
        "read",
        read,
        french="Vérifie une demande d'accord et la montre en toutes lettres.",
        needs=Needs.CHAIN | Needs.DIRECTORY,
    )
    add_command(
        group,
        "sign",
        sign,
        french="Montre une demande d'accord, la signe avec une clé neuve, et met cette clé sur une carte.",
        needs=Needs.CHAIN | Needs.PASSWORD | Needs.DIRECTORY,
    )
    add_command(group, "print", print_card, french="Met une carte en page pour l'impression (PDF ou PNG).")


def read(session: Session, request: Annotated[Path, _request_argument()]) -> None:
    """Check a consent request and show it in words."""
    asked = session.read(request, _patient(session).read_request)
    if session.screen.as_json:
        session.screen.data(asked.described(_names(session, asked)))
    else:
        _show(session, asked)


def sign(
    session: Session,
    request: Annotated[Path, _request_argument()],
    output: Annotated[Path, output_option()],
    card: Annotated[Path, _card_option()],
    pin_file: Annotated[Path | None, pin_option()] = None,
    key: Annotated[Path | None, _key_option()] = None,
    yes: Annotated[bool, yes_option()] = False,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Show a consent request, sign it with a fresh key, and put that key on a card."""
    require_places(output, card, force=force)
    patient = _patient(session)
    asked = session.read(request, patient.read_request)
    # A PIN from a file is judged before anybody reads a page; one that is typed is asked for after it.
    pin = None if pin_file is None else _new_pin(session, pin_file)
    if not session.screen.as_json:
        _show(session, asked)
    session.confirm(say("do-agree"), yes=yes)
    signer = None if key is None else session.open_keystore(key)
    used_before = signer is not None and patient.has_history(signer.address)
    if used_before and signer is not None:
        _warn_of_history(session, signer.address, yes=yes)
    pin = pin or _new_pin(session, None)
    with session.screen.working(say("signing")):
        signed, made = patient.sign(asked, pin, key=signer, despite_history=used_before)
    # The card first: a signed consent without its card could be recorded and never revoked.
    save_json(card, made.to_json(), force=force)
    try:
        save_json(output, signed.to_json(), force=force)
    except (FileExists, FileNotWritten):
        card.unlink()
        raise
    session.screen.show(
        [
            consent_fact(made.consent),
            fact("signed", str(output), say("signed")),
            fact("card", str(card), say("card")),
        ],
        note=say("give-signed-consent-shop-keep"),
    )


def print_card(
    session: Session,
    card: Annotated[Path, _card_argument()],
    output: Annotated[Path, _print_option()],
    pin_file: Annotated[Path | None, pin_option()] = None,
) -> None:
    """Print a card to a file (PDF or PNG)."""
    from sceau.consent.compact import load_card

    require_writable(output)
    with session.in_file(card):
        held = load_card(card)
    pin = session.pin(pin_file)
    with session.screen.working(say("locking-card-printing")):
        with session.in_file(card):
            unlocked = held.unlock(pin)
        unlocked.save_printed(output, pin)
    session.screen.show([consent_fact(held.consent), fact("file", str(output), say("file"))])


def _patient(session: Session) -> Patient:
    from sceau.roles.patient import Patient

    return Patient(session.network)


def _show(session: Session, asked: ConsentRequest) -> None:
    """The French text, which is the one that is signed, and a reading version for an English reader."""
    names = _names(session, asked)
    session.screen.text(asked.in_words("fr", names))
    if spoken() != "fr":
        session.screen.title(
            "\nReading version in English (the French text above is the one that is signed)\n"
        )
        session.screen.text(asked.in_words("en", names))
    session.screen.text()


def _names(session: Session, asked: ConsentRequest) -> dict[int, str]:
    """The names of who asks and who would see, never taken from the request itself."""
    return session.names(asked.terms.practice, asked.terms.payer)


def _new_pin(session: Session, file: Path | None) -> str:
    from sceau.consent.pin import check_pin

    pin = session.secrets.get(NEW_PIN, file, flag="--pin-file", twice=True)
    check_pin(pin)
    return pin


def _warn_of_history(session: Session, address: str, *, yes: bool) -> None:
    session.screen.warn(say("address-used-before-consent-will", address=address))
    session.confirm(say("use-all-same"), yes=yes)


def _request_argument() -> Any:
    return typer.Argument(
        metavar=say("metavar-request"),
        help=say("consent-request-shop"),
    )


def _card_argument() -> Any:
    return typer.Argument(metavar=say("metavar-card"), help=say("consent-card"))


def _card_option() -> Any:
    text = say("card-file-write-takes-consent")
    return typer.Option("--card", metavar=file_word(), help=text)


def _key_option() -> Any:
    text = say("sign-keystore-not-fresh-key")
    return typer.Option("--key", metavar=file_word(), help=text)


def _print_option() -> Any:
    return output_option(say("file-write-pdf-png"))
