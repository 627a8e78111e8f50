# SPDX-License-Identifier: Apache-2.0
"""``sceau verify``: a payer's verdict on each of some disclosures."""

from __future__ import annotations

from dataclasses import astuple, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.times import utc_text
from sceau.cli.command import add_command
from sceau.cli.file_store import file_store
from sceau.cli.hints import message_of
from sceau.cli.judging import beside, judge
from sceau.cli.options import Needs, party_option
from sceau.cli.reading import Reading
from sceau.cli.result import proof_words
from sceau.cli.session import Session
from sceau.cli.step_options import (
    act_codes_option,
    authorisation_option,
    beneficiary_option,
    disclosures_argument,
    justification_option,
)
from sceau.cli.words import either, say, spoken
from sceau.documents.errors import InFile
from sceau.errors import SceauError

if TYPE_CHECKING:
    from sceau.verify.verdict import Verdict


def add(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app,
        "verify",
        verify,
        french=(
            "Juge des divulgations : acceptée (code 0), refusée (3), dans le doute (4), avec chaque raison.\n\n"
            "Une enveloppe peut être jugée autant de fois qu'on veut : juger ne la compte pas comme reçue.\n\n"
            "De plusieurs fichiers, chacun est jugé. Le code est le premier qui s'est produit parmi 5, 1 (un fichier "
            "n'a pas pu être jugé), 3, 4."
        ),
        needs=Needs.CHAIN | Needs.KEYSTORE | Needs.POLICIES | Needs.MESSAGES,
    )


def verify(
    session: Session,
    disclosures: Annotated[list[Path], disclosures_argument()],
    reader: Annotated[int | None, _reader_option()] = None,
    justification: Annotated[list[Path] | None, justification_option()] = None,
    act_codes: Annotated[list[Path] | None, act_codes_option()] = None,
    authorisation: Annotated[Path | None, authorisation_option()] = None,
    beneficiary: Annotated[Path | None, beneficiary_option()] = None,
) -> int:
    """Judge disclosures: accepted (exit code 0), refused (3) or in doubt (4), with every reason.

    An envelope may be judged as often as wanted: judging does not count it as received.

    Of several files each is judged. The code is the first that occurred of 5, 1 (a file could not be judged), 3, 4.
    """
    from sceau.verify.batch import exit_code, exit_code_of_all

    held = beside(justification, act_codes, authorisation, beneficiary)
    if len(disclosures) > 1 and any(astuple(held)):
        raise typer.BadParameter(say("one-claim-alone"))
    payer = session.payer(file_store(session.settings, verdicts_stay=True), party=reader)
    messages = Reading(session, payer)

    if len(disclosures) == 1:
        verdict = judge(session, messages, payer, messages.disclosure(disclosures[0]), held)
        _tell(session, disclosures[0], verdict)
        return exit_code(verdict)
    # What is wrong with settings, node or key is told once, and not of each file.
    _ = session.network, payer.party
    codes: list[int] = []
    answers = payer.verify_each(disclosures, messages.disclosure)
    while True:
        with session.screen.working(say("verifying")):
            answer = next(answers, None)
        if answer is None:
            return exit_code_of_all(codes)
        codes.append(answer.exit_code)
        if answer.verdict is not None:
            _tell(session, answer.given, answer.verdict, named=True)
        elif answer.error is not None:
            _tell_error(session, answer.given, answer.error)


def _tell(session: Session, file: Path, verdict: Verdict, *, named: bool = False) -> None:
    """Prints a verdict; ``named`` says for people of which file it is."""
    # Without a store it is forgotten with this run.
    verdict = verdict if session.settings.store else replace(verdict, id="")
    if session.screen.as_json:
        session.screen.line({"file": str(file), **verdict.to_json()})
        return
    if named:
        session.screen.title(str(file))
    _show(session, verdict)
    if named:
        session.screen.text()


def _tell_error(session: Session, file: Path, error: SceauError) -> None:
    if session.screen.as_json:
        message = message_of(error)
        session.screen.line({"file": str(file), "error": error.code, "message": message})
    else:
        named = error if isinstance(error, InFile) else InFile(file, error)
        session.screen.error(error.code, message_of(named))


def _show(session: Session, verdict: Verdict) -> None:
    """Prints a verdict for people: the answer first, then why, then what was read."""
    screen, language = session.screen, spoken()
    screen.title(say("verdict-is") + verdict.words(language).upper())
    screen.facts([("-", finding.sentence.text(language)) for finding in verdict.reasons])
    screen.facts([(" ", finding.sentence.text(language)) for finding in verdict.notes])
    screen.text()
    block = verdict.block
    screen.facts(
        [
            (say("claim"), verdict.claim),
            (say("head"), verdict.head or "-"),
            (
                say("read-at"),
                say("block")
                + f" {block.number}, {utc_text(int(block.time.timestamp()))} "
                + say("ago", age=block.age),
            ),
            (say("block-hash"), block.hash),
            (say("proof-of-block"), proof_words(block.proved)),
            *([(say("verdict-number"), verdict.id)] if verdict.id else []),
        ]
    )
    if verdict.values and verdict.judged is not None:
        from sceau.record.words import values_in_words

        screen.text()
        for title, value in values_in_words(verdict.judged.profile, verdict.values, language):
            screen.text(f"{title}{either(':', ' :')} {value}")
    if verdict.dropped:
        screen.warn(say("shown-not-kept") + ", ".join(verdict.dropped))


def _reader_option() -> Any:
    return party_option(
        "--as",
        say("party-number-reader-keystore-key"),
    )
