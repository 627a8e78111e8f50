# SPDX-License-Identifier: Apache-2.0
"""``sceau claim authorise``, ``refuse``, ``settle``: a payer's decisions, each on what it verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.errors import DisclosureOfAnotherStep
from sceau.cli.judging import (
    Held,
    Judged,
    act_codes_option,
    authorisation_option,
    beneficiary_option,
    judge,
    justification_option,
    keep_option,
)
from sceau.cli.options import Needs, output_option
from sceau.cli.sending import Result
from sceau.cli.session import Session
from sceau.cli.step_options import (
    envelope_option,
    normalised,
    open_desk,
    read_values,
    serving_one_claim,
    step_file,
    today,
    values_option,
    write_step,
)
from sceau.cli.words import say, spoken

if TYPE_CHECKING:
    from sceau.chain.terms import Step
    from sceau.record import Value
    from sceau.roles.payer import Payer

PROFILE = "payer-decision/1"

_NEEDS = Needs.WRITE | Needs.POLICIES | Needs.MESSAGES

#: What an authorisation repeats of what was asked, and a settlement of what was invoiced, unless a file says otherwise.
_ASKED = ("pec.number", "right.code", "left.code", "frame.code", "total.amc", "currency")
_PAID = ("pec.number", "total.amc", "currency")


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau claim``."""
    for name, function, french in (
        ("authorise", authorise, "Juge une divulgation du dossier ; acceptée, accorde ce qu'elle montre."),
        ("refuse", refuse, "Juge une divulgation, puis refuse le dossier pour toujours."),
        ("settle", settle, "Juge une divulgation de la facture ; acceptée, règle le dossier."),
    ):
        add_command(group, name, function, french=french, needs=_NEEDS)


def authorise(
    session: Session,
    disclosure: Annotated[Path, _disclosure_argument()],
    output: Annotated[Path, output_option(step_file())],
    envelope: Annotated[Path | None, envelope_option()] = None,
    valid_until: Annotated[str | None, _valid_until_option()] = None,
    values: Annotated[Path | None, values_option(PROFILE)] = None,
    justification: Annotated[list[Path] | None, justification_option()] = None,
    beneficiary: Annotated[Path | None, beneficiary_option()] = None,
    despite_doubt: Annotated[bool, _doubt_option()] = False,
    keep: Annotated[Path | None, keep_option()] = None,
) -> None:
    """Judge a disclosure of the claim; if it is accepted, authorise what it shows."""
    from sceau.chain.terms import Step

    mail = open_desk(session, output, envelope, keep)
    judged = judge(session, mail, disclosure, Held.of(justification, beneficiary=beneficiary), keep=keep)
    _require_step(judged, Step.OPEN)
    judged.require_accepted(despite_doubt=despite_doubt)
    decision = _decision(session, judged, values, _ASKED, {"valid-until": valid_until})
    prepared = _payer(session).prepare_authorisation(judged.claim, decision, head=judged.head)
    serving = _serving(session, judged)
    write_step(session, mail, prepared, output, envelope, _result(judged), serving)


def refuse(
    session: Session,
    disclosure: Annotated[Path, _disclosure_argument()],
    output: Annotated[Path, output_option(step_file())],
    reason: Annotated[str | None, _reason_option()] = None,
    envelope: Annotated[Path | None, envelope_option()] = None,
    values: Annotated[Path | None, values_option(PROFILE)] = None,
    keep: Annotated[Path | None, keep_option()] = None,
) -> None:
    """Judge a disclosure, then refuse the claim for ever, whatever the verdict on its content."""
    mail = open_desk(session, output, envelope, keep)
    judged = judge(session, mail, disclosure, Held(), keep=keep)
    judged.require_ground()
    decision = _decision(session, judged, values, ("pec.number",), {"decision.reason": reason})
    prepared = _payer(session).prepare_refusal(judged.claim, decision, head=judged.head)
    write_step(session, mail, prepared, output, envelope, _result(judged))


def settle(
    session: Session,
    disclosure: Annotated[Path, _disclosure_argument()],
    output: Annotated[Path, output_option(step_file())],
    envelope: Annotated[Path | None, envelope_option()] = None,
    payment_reference: Annotated[str | None, _reference_option()] = None,
    payment_date: Annotated[str | None, _payment_date_option()] = None,
    values: Annotated[Path | None, values_option(PROFILE)] = None,
    act_codes: Annotated[list[Path] | None, act_codes_option()] = None,
    authorisation: Annotated[Path | None, authorisation_option()] = None,
    beneficiary: Annotated[Path | None, beneficiary_option()] = None,
    justification: Annotated[list[Path] | None, justification_option()] = None,
    despite_doubt: Annotated[bool, _doubt_option()] = False,
    keep: Annotated[Path | None, keep_option()] = None,
) -> None:
    """Judge a disclosure of the invoice; if it is accepted, settle the claim."""
    from sceau.chain.terms import Step

    mail = open_desk(session, output, envelope, keep)
    held = Held.of(justification, act_codes, authorisation, beneficiary)
    judged = judge(session, mail, disclosure, held, keep=keep)
    _require_step(judged, Step.INVOICE)
    judged.require_accepted(despite_doubt=despite_doubt)
    payment = {"payment.reference": payment_reference, "payment.date": payment_date}
    decision = _decision(session, judged, values, _PAID, payment)
    prepared = _payer(session).prepare_settlement(judged.claim, decision, head=judged.head)
    write_step(session, mail, prepared, output, envelope, _result(judged))


def _payer(session: Session) -> Payer:
    from sceau.roles.payer import Payer

    return Payer(session.network, session.signer)


def _require_step(judged: Judged, needed: Step) -> None:
    """A claim is authorised on what it was opened with, and settled on its invoice."""
    from sceau.chain.terms import Step, step_words

    code = judged.disclosure.scope.step
    if code != step_words(needed).code:
        found = next((words for words in map(step_words, Step) if words.code == code), code)
        raise DisclosureOfAnotherStep(found=found, needed=step_words(needed))


def _decision(
    session: Session,
    judged: Judged,
    file: Path | None,
    repeated: Iterable[str],
    given: Mapping[str, str | None],
) -> dict[str, Value]:
    """The decision to seal: what was shown of ``repeated``, or a file's values, and the options over both."""
    if file is not None:
        own = read_values(session, file, PROFILE)
    else:
        shown = judged.verdict.values
        own = {"decision.date": today(session), **{path: shown[path] for path in repeated if path in shown}}
        if "currency" not in own:
            own.pop("total.amc", None)
    return {**own, **normalised(PROFILE, given)}


def _serving(session: Session, judged: Judged) -> AbstractContextManager[None] | None:
    """A payer's file number serves one claim only; where none was shown there is nothing to hold it against."""
    from sceau.store.once_only import FILE_NUMBER

    number = judged.verdict.values.get("pec.number")
    return None if number is None else serving_one_claim(session, FILE_NUMBER, number, judged.claim)


def _result(judged: Judged) -> Result:
    verdict = judged.verdict
    reasons = [("", finding.sentence.text(spoken())) for finding in verdict.reasons]
    return Result(
        [(say("Verdict", "Verdict"), verdict.words(spoken())), *reasons],
        {"verdict": verdict.outcome.value, "reasons": [finding.code for finding in verdict.reasons]},
    )


def _disclosure_argument() -> Any:
    text = say(
        "The disclosure received: the file, its envelope, or what was kept of that.",
        "La divulgation reçue : le fichier, son enveloppe, ou ce qui en est gardé.",
    )
    return typer.Argument(metavar=say("DISCLOSURE", "DIVULGATION"), help=text)


def _doubt_option() -> Any:
    text = say("Go on although the verdict is in doubt.", "Continuer bien que le verdict soit dans le doute.")
    return typer.Option("--despite-doubt", metavar="", help=text)


def _valid_until_option() -> Any:
    text = say("Last day of the authorisation.", "Dernier jour de validité de la prise en charge.")
    return typer.Option("--valid-until", metavar="DATE", help=text)


def _reason_option() -> Any:
    text = say("Why, as a code; sealed, not on the chain.", "Motif, en code ; scellé, pas sur la chaîne.")
    return typer.Option("--reason", metavar="CODE", help=text)


def _reference_option() -> Any:
    text = say("Reference of the payment; sealed.", "Référence du paiement ; scellée.")
    return typer.Option("--payment-reference", metavar="CODE", help=text)


def _payment_date_option() -> Any:
    text = say("Date of the payment; sealed.", "Date du paiement ; scellée.")
    return typer.Option("--payment-date", metavar="DATE", help=text)
