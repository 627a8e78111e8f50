# SPDX-License-Identifier: Apache-2.0
"""``sceau claim authorise``, ``refuse``, ``settle``: a payer's decisions, each on what it verified."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.exits import Exit
from sceau.cli.file_store import file_store
from sceau.cli.judging import Beside, beside, own_authorisation, relied_on
from sceau.cli.options import Needs, code_option, date_option, output_option
from sceau.cli.result import Fact, fact, for_people, for_programs
from sceau.cli.session import Session
from sceau.cli.step_options import (
    act_codes_option,
    authorisation_option,
    beneficiary_option,
    doubt_option,
    envelope_option,
    judged_argument,
    justification_option,
    keep_option,
    step_file,
    values_option,
)
from sceau.cli.words import say, spoken
from sceau.cli.writing import finish, own_values, told

if TYPE_CHECKING:
    from sceau.roles.issued import IssuedVerdict

_PROFILE = "payer-decision/1"
_NEEDS = Needs.WRITE | Needs.POLICIES | Needs.MESSAGES | Needs.EXCHANGE


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau claim``."""
    for name, function, french in (
        (
            "authorise",
            authorise,
            "Juge une divulgation du dossier ; si elle est acceptée, accorde ce qu'elle montre.",
        ),
        ("refuse", refuse, "Juge une divulgation, puis refuse le dossier pour toujours."),
        ("settle", settle, "Juge une divulgation de la facture ; si elle est acceptée, règle le dossier."),
    ):
        add_command(group, name, function, french=french, needs=_NEEDS)


def authorise(
    session: Session,
    disclosure: Annotated[str, judged_argument()],
    output: Annotated[Path | None, output_option(step_file())] = None,
    envelope: Annotated[Path | None, envelope_option()] = None,
    valid_until: Annotated[str | None, _valid_until_option()] = None,
    file_number: Annotated[str | None, _file_number_option()] = None,
    values: Annotated[Path | None, values_option(_PROFILE)] = None,
    justification: Annotated[list[Path] | None, justification_option()] = None,
    beneficiary: Annotated[Path | None, beneficiary_option()] = None,
    despite_doubt: Annotated[bool, doubt_option()] = False,
    keep: Annotated[Path | None, keep_option()] = None,
) -> Exit:
    """Judge a disclosure of the claim; if it is accepted, authorise what it shows."""
    store = file_store(session.settings, step=output, envelope=envelope, others=(keep,))
    own, payer = own_values(session, values, _PROFILE), session.payer(store)
    held = beside(justification, beneficiary=beneficiary, keep=keep)
    with relied_on(session, payer, store, disclosure, held) as verdict:
        handle = payer.authorise(
            verdict.id,
            valid_until=valid_until,
            file_number=file_number,
            values=own,
            despite_doubt=despite_doubt,
            tell=told(envelope),
        )
        return finish(session, handle, output, envelope=envelope, result=_facts(verdict))


def refuse(
    session: Session,
    disclosure: Annotated[str, judged_argument()],
    output: Annotated[Path | None, output_option(step_file())] = None,
    reason: Annotated[str | None, _reason_option()] = None,
    envelope: Annotated[Path | None, envelope_option()] = None,
    values: Annotated[Path | None, values_option(_PROFILE)] = None,
    keep: Annotated[Path | None, keep_option()] = None,
) -> Exit:
    """Judge a disclosure, then refuse the claim for ever, whatever the verdict on its content."""
    store = file_store(session.settings, step=output, envelope=envelope, others=(keep,))
    own, payer = own_values(session, values, _PROFILE), session.payer(store)
    with relied_on(session, payer, store, disclosure, Beside(keep=keep)) as verdict:
        handle = payer.refuse(verdict.id, reason=reason, values=own, tell=told(envelope))
        return finish(session, handle, output, envelope=envelope, result=_facts(verdict))


def settle(
    session: Session,
    disclosure: Annotated[str, judged_argument()],
    output: Annotated[Path | None, output_option(step_file())] = None,
    envelope: Annotated[Path | None, envelope_option()] = None,
    payment_reference: Annotated[str | None, _reference_option()] = None,
    payment_date: Annotated[str | None, _payment_date_option()] = None,
    values: Annotated[Path | None, values_option(_PROFILE)] = None,
    act_codes: Annotated[list[Path] | None, act_codes_option()] = None,
    authorisation: Annotated[Path | None, authorisation_option()] = None,
    beneficiary: Annotated[Path | None, beneficiary_option()] = None,
    justification: Annotated[list[Path] | None, justification_option()] = None,
    despite_doubt: Annotated[bool, doubt_option()] = False,
    keep: Annotated[Path | None, keep_option()] = None,
) -> Exit:
    """Judge a disclosure of the invoice; if it is accepted, settle the claim."""
    store = file_store(session.settings, step=output, envelope=envelope, others=(keep,))
    own, payer = own_values(session, values, _PROFILE), session.payer(store)
    held = beside(justification, act_codes, authorisation, beneficiary, keep)
    with relied_on(session, payer, store, disclosure, held) as verdict:
        handle = payer.settle(
            verdict.id,
            payment_reference=payment_reference,
            payment_date=payment_date,
            values=own,
            authorisation=own_authorisation(session, held),
            despite_doubt=despite_doubt,
            tell=told(envelope),
        )
        return finish(session, handle, output, envelope=envelope, result=_facts(verdict))


def _facts(verdict: IssuedVerdict) -> list[Fact]:
    return [
        fact("verdict", verdict.outcome.value, say("verdict"), verdict.words(spoken())),
        *(for_people(" ", each.text(spoken())) for each in verdict.reasons),
        for_programs("reasons", [each.code for each in verdict.reasons]),
    ]


def _valid_until_option() -> Any:
    return date_option(
        "--valid-until",
        say("last-day-authorisation"),
    )


def _file_number_option() -> Any:
    return code_option("--file-number", say("file-number-authorisation"))


def _reason_option() -> Any:
    return code_option(
        "--reason",
        say("why-code-sealed-not-chain"),
    )


def _reference_option() -> Any:
    return code_option("--payment-reference", say("reference-payment-sealed"))


def _payment_date_option() -> Any:
    return date_option("--payment-date", say("date-payment-sealed"))
