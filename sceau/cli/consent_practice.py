# SPDX-License-Identifier: Apache-2.0
"""``sceau consent request | record | withdraw``: what a practice does with consents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.consent_named import identifier_of
from sceau.cli.consent_view import consent_fact, state_facts
from sceau.cli.exits import Exit
from sceau.cli.options import (
    Needs,
    argument,
    code_option,
    file_option,
    flag_option,
    force_option,
    output_option,
    party_option,
    yes_option,
)
from sceau.cli.result import fact, for_programs
from sceau.cli.session import Session
from sceau.cli.words import say, spoken
from sceau.cli.writing import show, wait
from sceau.documents.files import require_writable, save_json

if TYPE_CHECKING:
    from sceau.consent.request import ConsentRequest


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau consent``."""
    add_command(
        group,
        "request",
        request,
        french="Écrit une demande d'accord, à faire lire et signer au patient.",
        needs=Needs.SIGN | Needs.STORE,
    )
    add_command(
        group,
        "record",
        record,
        french="Enregistre sur la chaîne l'accord que le patient a signé.",
        needs=Needs.WRITE | Needs.STORE,
    )
    add_command(
        group,
        "withdraw",
        withdraw,
        french="Retire un accord enregistré par ce magasin, à la demande d'un patient sans sa carte.",
        needs=Needs.WRITE | Needs.STORE,
    )


def request(
    session: Session,
    payer: Annotated[int, _payer_option()],
    purpose: Annotated[str, _purpose_option()],
    group: Annotated[list[str], _group_option()],
    output: Annotated[Path, output_option()],
    until: Annotated[date | None, _until_option()] = None,
    attested: Annotated[bool, _attested_option()] = False,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Write a consent request, for the patient to read and sign."""
    require_writable(output, force=force)
    made = session.practice().request_consent(
        payer=payer, purpose=purpose, groups=group, expires_on=until, attested=attested
    )
    save_json(output, made.to_json(), force=force)
    session.screen.show(
        [
            fact("file", str(output), say("request")),
            fact("commitment", made.commitment, say("commitment")),
            for_programs("practice", made.recorder),
            fact("payer", payer, say("for-payer"), say("the-party") + f" {payer}"),
            fact("expires_on", made.ends_on.isoformat(), say("until")),
            for_programs("unusual_end", made.unusual_end is not None),
            for_programs("attested", attested),
        ],
        note="\n".join(_notes(made)),
    )


def _notes(made: ConsentRequest) -> Iterator[str]:
    yield say("give-file-patient-software-only")
    if made.unusual_end is not None:
        yield made.unusual_end.text(spoken())


def record(
    session: Session,
    signed: Annotated[Path, _signed_argument()],
    request: Annotated[Path | None, _request_option()] = None,
) -> Exit:
    """Record on the chain the consent that the patient signed."""
    from sceau.consent.errors import ConsentError, RequestRefused
    from sceau.consent.request import ConsentRequest
    from sceau.consent.signing import SignedConsent

    answer = session.read(signed, SignedConsent.from_json)
    asked = None if request is None else session.read(request, ConsentRequest.from_json)
    with session.in_file(signed, ConsentError), session.in_file(request or signed, RequestRefused):
        handle = session.practice().record_consent(answer, asked)
    return show(session, [consent_fact(answer.consent)], wait(session, handle))


def withdraw(
    session: Session,
    consent: Annotated[str, _consent_argument()],
    yes: Annotated[bool, yes_option()] = False,
) -> Exit:
    """Withdraw a consent that this practice recorded, for a patient who lost the card."""
    from sceau.chain.errors import NodeUnreachable
    from sceau.chain.registries.consents import read_state

    consent = identifier_of(session, consent)
    practice = session.practice()
    # Off line a practice knows what the patient asks for, and the withdrawal waits.
    with suppress(NodeUnreachable) if session.settings.store else nullcontext():
        session.screen.tell(state_facts(read_state(session.own_network, consent)))
    session.confirm(say("withdraw-consent-ever"), yes=yes)
    written = wait(session, practice.withdraw_consent(consent))
    if written.receipt is None:
        return show(session, [consent_fact(consent)], written)
    state = practice.state_after(consent, written.receipt, session.timeout)
    return show(session, state_facts(state), written)


def _payer_option() -> Any:
    return party_option(
        "--payer",
        say("party-number-insurer-may-see"),
    )


def _purpose_option() -> Any:
    return code_option(
        "--purpose",
        say("code-purpose-such-reimbursement"),
    )


def _group_option() -> Any:
    return code_option(
        "--group",
        say("code-data-group-may-shown"),
    )


def _until_option() -> Any:
    text = say("day-ends-at-most-731")
    return typer.Option("--until", parser=_day, metavar=say("metavar-date"), help=text)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # Newer versions of Python read more than one writing.
    if day is None or day.isoformat() != text:
        raise typer.BadParameter(say("date-wanted-such-2027-06"))
    return day


def _attested_option() -> Any:
    return flag_option(
        "--attested",
        text=say("practice-vouches-signed-paper"),
    )


def _signed_argument() -> Any:
    return argument(
        say("metavar-signed-consent"),
        say("signed-consent-patient-gave"),
    )


def _request_option() -> Any:
    return file_option("--request", say("request-patient-signed"))


def _consent_argument() -> Any:
    return argument(
        say("metavar-consent"),
        say("consent-identifier-0x-signed-consent"),
    )
