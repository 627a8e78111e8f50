# SPDX-License-Identifier: Apache-2.0
"""What the commands that write a step of a claim have in common."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sceau.cli.envelope import seal_step
from sceau.cli.errors import FileTwice, ValuesOfAnotherProfile
from sceau.cli.mail import Mail
from sceau.cli.options import file_word, party_option
from sceau.cli.sending import Result, keep_and_send, not_written
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.documents.files import require_writable
from sceau.errors import Sentence

if TYPE_CHECKING:
    from sceau.claim.prepared import PreparedStep
    from sceau.record import Value

NOTE = "claim-note/1"


def open_desk(session: Session, *writes: Path | None) -> Mail:
    """The post of a command that will write these files; raises at once where one cannot be written.

    Raises :class:`FileExists`, :class:`FileNotWritten`, and :class:`FileTwice` when one name is given for two.
    """
    require_places(*writes)
    return Mail(session)


def require_places(*writes: Path | None, force: bool = False) -> None:
    """Each of the files that are wanted can be written, and none is wanted for two things."""
    wanted = [path for path in writes if path is not None]
    for path in wanted:
        require_writable(path, force=force)
    if len({path.parent.resolve() / path.name for path in wanted}) < len(wanted):
        raise FileTwice


def write_step(
    session: Session,
    mail: Mail,
    prepared: PreparedStep,
    output: Path,
    envelope: Path | None = None,
    result: Result | None = None,
    serving: AbstractContextManager[None] | None = None,
) -> None:
    """Keeps a step, sends it, and writes its envelope when one is asked for; what was opened for it is received.

    The envelope is sealed first: what is wrong with keys or directory is said before anything is on the chain.
    ``serving`` enters a number that serves this claim only (:func:`serving_one_claim`).
    """
    sealed = None if envelope is None else (envelope, seal_step(mail, prepared)[1])
    with serving or nullcontext():
        keep_and_send(session, prepared, output, envelope=sealed, result=result)
    mail.done()


def serving_one_claim(
    session: Session, what: Sentence, number: object, claim: str
) -> AbstractContextManager[None]:
    """Enters a number for a claim in the party's register while its step is sent.

    Raises :class:`NumberAlreadyUsed` when it serves another claim that was not refused or cancelled. Without a register
    nothing is checked, and a warning says so.
    """
    from sceau.store.once_only import OnceOnly

    if session.settings.store is None:
        session.screen.warn(
            say(
                "No store (--store): not checked whether the number served another claim.",
                "Pas de registre (--store) : non vérifié si le numéro a servi à un autre dossier.",
            )
        )
        return nullcontext()
    return OnceOnly(session.settings.store).serving(
        what, str(number), claim, over=lambda other: _ended(session, other), not_written=not_written()
    )


def _ended(session: Session, claim: str) -> bool:
    """Whether a claim has ended without being paid."""
    from sceau.chain.registries.claims import read_claim
    from sceau.chain.registries.errors import NoSuchClaim
    from sceau.chain.terms import State

    head = session.network.node.head().number
    try:
        return read_claim(session.network, claim, block=head).state in (State.REFUSED, State.CANCELLED)
    except NoSuchClaim:
        # It was on another chain, or never written.
        return True


def read_values(session: Session, path: Path, profile: str) -> dict[str, Value]:
    """The values of a file for one profile. Raises :class:`ValuesOfAnotherProfile`, RecordError."""
    from sceau.record.values import RecordValues

    record = session.read(path, RecordValues.from_json)
    if record.profile != profile:
        raise ValuesOfAnotherProfile(path=path, found=record.profile, needed=profile)
    return dict(record.values)


def normalised(profile: str, given: Mapping[str, str | None]) -> dict[str, Value]:
    """The options that were given, by path, in the writing of a profile."""
    from sceau.record import load_profile
    from sceau.record.normalise import normalise

    name, _, version = profile.partition("/")
    return normalise(load_profile(name, int(version)), given)


def note_values(
    session: Session, values: Path | None, reason: str | None, reference: str | None
) -> dict[str, Value]:
    """The note on a claim that options, or a file, give; dated by the chain's day unless the file says otherwise."""
    own = {"note.date": today(session)} if values is None else read_values(session, values, NOTE)
    return {**own, **normalised(NOTE, {"note.reason": reason, "note.reference": reference})}


def today(session: Session) -> str:
    """The day of the chain's newest block, ISO 8601."""
    return datetime.fromtimestamp(session.network.node.head().timestamp, timezone.utc).date().isoformat()


def step_file() -> str:
    """Help for ``-o`` of a step."""
    return say(
        "File that keeps the step's opening; without it the step can never be shown or proved.",
        "Fichier où garder l'ouverture ; sans lui, l'étape ne pourra être ni montrée ni prouvée.",
    )


def envelope_option() -> Any:
    """``--envelope FILE``."""
    text = say(
        "Also write the envelope for who relies on the step (or later: sceau envelope step).",
        "Écrire aussi l'enveloppe pour qui s'y fie (ou plus tard : sceau envelope step).",
    )
    return typer.Option("--envelope", metavar=file_word(), help=text)


def values_option(profile: str) -> Any:
    """``--values FILE``."""
    text = say(
        f"Values of the record ({profile}), by path.", f"Valeurs de l'enregistrement ({profile}), par chemin."
    )
    return typer.Option("--values", metavar=file_word(), help=text)


def values_argument() -> Any:
    """``VALUES``."""
    text = say("Values of the record (sceau import writes them).", "Valeurs (écrites par sceau import).")
    return typer.Argument(metavar=say("VALUES", "VALEURS"), help=text)


def claim_argument() -> Any:
    """``CLAIM``."""
    text = say("The claim's identifier (0x…).", "L'identifiant du dossier (0x…).")
    return typer.Argument(metavar=say("CLAIM", "DOSSIER"), help=text)


def supplier_option() -> Any:
    """``--supplier NUMBER``."""
    return party_option("--supplier", say("Party number of the supplier.", "Numéro du fournisseur."))


def reason_option() -> Any:
    """``--reason CODE`` of a note."""
    text = say(
        "Why: BREAKAGE, ADAPTATION, DEFECT, CORRECTION, NOT-RECEIVED, LOCKS-DIFFER, PATIENT or OTHER; sealed.",
        "Motif : BREAKAGE, ADAPTATION, DEFECT, CORRECTION, NOT-RECEIVED, LOCKS-DIFFER, PATIENT ou OTHER ; scellé.",
    )
    return typer.Option("--reason", metavar="CODE", help=text)


def reference_option() -> Any:
    """``--reference CODE`` of a note."""
    text = say("Your own reference; sealed.", "Votre propre référence ; scellée.")
    return typer.Option("--reference", metavar="CODE", help=text)


def difference_option() -> Any:
    """``--despite-difference``."""
    text = say(
        "Write it although it differs from the order; the difference stays on the chain.",
        "Écrire bien que cela diffère de la commande ; la différence reste sur la chaîne.",
    )
    return typer.Option("--despite-difference", metavar="", help=text)
