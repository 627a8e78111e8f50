# SPDX-License-Identifier: Apache-2.0
"""``sceau consent revoke | relay``: taking a consent back, for ever.

``scripts/revoke_consent.py`` is the same command under a name of its own. Whoever relays a revocation writes
nowhere who asked.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from sceau.cli.command import add_command
from sceau.cli.consent_view import consent_fact, registry_facts, state_facts
from sceau.cli.hints import message_of
from sceau.cli.options import Needs, file_word, force_option, output_option, pin_option, yes_option
from sceau.cli.result import fact, for_programs, receipt_facts
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.consent.errors import ConsentError
from sceau.documents.files import require_writable, save_json
from sceau.errors import SceauError
from sceau.settings import connect_for_card, with_nodes

if TYPE_CHECKING:
    from sceau.chain.network import MadeForRegistry, Network
    from sceau.chain.signer import Signer
    from sceau.consent.card import Card, UnlockedCard
    from sceau.consent.compact import CompactCard
    from sceau.roles.patient import Patient
    from sceau.roles.revoked import RevocationHandle, Revoked


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau consent``."""
    add_revoke(group)
    add_command(
        group,
        "relay",
        relay,
        french="Envoie une révocation signée ailleurs, pour n'importe quel patient.",
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
    proof: Annotated[Path | None, _proof_option()] = None,
    pin_file: Annotated[Path | None, pin_option()] = None,
    yes: Annotated[bool, yes_option()] = False,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Revoke a card's consent for ever, through any member's node, or in a signed file that anyone can send."""
    from sceau.consent.compact import load_card

    if offline != (output is not None):
        raise typer.BadParameter(say("offline-output-go-together"))
    with session.in_file(card):
        held = load_card(card)

    def unlocked() -> UnlockedCard:
        session.confirm(say("revoke-consent-ever"), yes=yes)
        pin = session.pin(pin_file)
        with (
            session.screen.working(say("opening-card")),
            session.in_file(card),
        ):
            return held.unlock(pin)

    if proof is not None:
        require_writable(proof, force=force)
    if output is not None:
        require_writable(output, force=force)
        _sign(session, held, output, unlocked, force=force)
    else:
        session.settings = with_nodes(session.settings, via or ())
        _revoke(session, card, held, unlocked, _Kept(proof, force))


def relay(
    session: Session,
    revocation: Annotated[Path, _revocation_argument()],
    via: Annotated[list[str] | None, _via_option()] = None,
    proof: Annotated[Path | None, _proof_option()] = None,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Send a revocation that was signed elsewhere, for any patient."""
    from sceau.consent.revocation import Revocation
    from sceau.roles.patient import Patient

    if proof is not None:
        require_writable(proof, force=force)
    read = session.read(revocation, Revocation.from_json)
    session.settings = with_nodes(session.settings, via or ())
    patient = Patient(_connected(session, read), sender=_sender(session))
    with session.in_file(revocation, ConsentError):
        handle = patient.relay(read)
    if patient.doubt is not None:
        session.screen.warn(message_of(patient.doubt))
    _followed(session, patient, handle, _Kept(proof, force))


def _sign(
    session: Session,
    held: Card | CompactCard,
    output: Path,
    unlocked: Callable[[], UnlockedCard],
    *,
    force: bool,
) -> None:
    from sceau.consent.revocation import sign_revocation

    facts = registry_facts(held.consent, held.registry)
    session.screen.tell(facts)
    save_json(output, sign_revocation(unlocked()).to_json(), force=force)
    session.screen.show(
        [
            *(for_programs(each.key, each.value) for each in facts),
            fact("file", str(output), say("signed-revocation")),
        ],
        note=say("nothing-revoked-yet-give-file"),
    )


def _revoke(
    session: Session,
    path: Path,
    held: Card | CompactCard,
    unlocked: Callable[[], UnlockedCard],
    kept: _Kept,
) -> None:
    from sceau.chain.registries.consents import Status
    from sceau.roles.patient import Patient

    network, sender = _connected(session, held), _sender(session)
    patient = Patient(network, held, sender=sender)
    with session.in_file(path, ConsentError):
        known = patient.revoked()
        if known is not None:
            _show(session, known, sent=False, file=kept.save(session, patient, known))
            return
        before = patient.state()
    # Who sends is settled before anybody is asked anything.
    _ = patient.sender
    session.screen.tell([*registry_facts(held.consent, held.registry), *state_facts(before)])
    if before.status is Status.UNKNOWN and not session.screen.as_json:
        session.screen.note(say("not-recorded-yet-revoked-now"))
    if patient.doubt is not None:
        session.screen.warn(message_of(patient.doubt))
    patient = Patient(network, unlocked(), sender=sender)
    _followed(session, patient, patient.revoke(), kept)


def _followed(session: Session, patient: Patient, handle: RevocationHandle, kept: _Kept) -> None:
    """Waits for a revocation and shows its proof."""
    if handle.waited:
        session.screen.warn(say("revocation-waits", hash=handle.hash))
    revoked = session.wait(handle)
    file = kept.save(session, patient, revoked)
    _show(session, revoked, sent=handle.hash is not None, file=file)
    if handle.hash is not None and not (revoked.witnessed or session.screen.as_json):
        session.screen.note(say("revocation-not-witnessed"))


def _connected(session: Session, made: MadeForRegistry) -> Network:
    with session.screen.working(say("reaching-node")):
        return connect_for_card(session.settings, made)


def _sender(session: Session) -> Callable[[], Signer] | None:
    return None if session.settings.keystore is None else lambda: session.signer


class _Kept(NamedTuple):
    """Where the proof of a revocation is to be kept, if anywhere."""

    path: Path | None
    force: bool

    def save(self, session: Session, patient: Patient, revoked: Revoked) -> Path | None:
        """Writes the proof; what fails here changes nothing of the revocation, and is a warning."""
        if self.path is None:
            return None
        try:
            proof = patient.proof_of(revoked)
            if proof is not None:
                proof.save(self.path, force=self.force)
                return self.path
            session.screen.warn(say("revoked-without-proof"))
        except SceauError as error:
            session.screen.warn(say("revoked-proof-not-kept", why=error))
        return None


def _show(session: Session, revoked: Revoked, *, sent: bool, file: Path | None) -> None:
    if not session.screen.as_json:
        session.screen.title(say("revoked") if sent else say("revoked-before"))
    receipt = revoked.receipt
    session.screen.show(
        [
            consent_fact(revoked.proof.consent),
            *state_facts(revoked.proof),
            fact(
                "witnessed",
                revoked.witnessed,
                say("witnessed"),
                say("yes") if revoked.witnessed else say("no"),
            ),
            *([for_programs("transaction", None)] if receipt is None else receipt_facts(receipt)),
            fact("revocation_code", revoked.code.to_text(), say("revocation-code")),
            *([] if file is None else [fact("proof", str(file), say("revocation-proof"))]),
        ]
    )


def _card_argument() -> Any:
    text = say("card-file-file-text-qr")
    return typer.Argument(metavar=say("metavar-card"), help=text)


def _revocation_argument() -> Any:
    text = say("the-signed-revocation")
    return typer.Argument(metavar=say("metavar-revocation"), help=text)


def _proof_option() -> Any:
    return typer.Option("--proof", metavar=file_word(), help=say("file-revocation-proof"))


def _revocation_file() -> str:
    return say("offline-signed-file-write")


def _via_option() -> Any:
    text = say("address-any-member-node")
    return typer.Option("--via", metavar="URL", help=text)


def _offline_option() -> Any:
    text = say("send-nothing-write-signed-file")
    return typer.Option("--offline", metavar="", help=text)
