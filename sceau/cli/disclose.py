# SPDX-License-Identifier: Apache-2.0
"""``sceau disclose``: shows a payer the part of a record that a policy allows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.errors import ConsentHalf
from sceau.cli.file_store import file_store
from sceau.cli.options import Needs, argument, file_option, force_option, output_option, party_option
from sceau.cli.result import fact, for_programs, proof_fact
from sceau.cli.session import Session
from sceau.cli.step_options import claim_in_place
from sceau.cli.words import say
from sceau.cli.writing import require_way
from sceau.documents.files import require_writable, save_json

if TYPE_CHECKING:
    from sceau.disclosure import Disclosure, GivenConsent
    from sceau.roles.practice import Practice

# As in sceau.roles.practice, which takes too long to load for a page of help.
_DEFAULT_POLICY = "fr-responsible-contract"


def add(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app,
        "disclose",
        disclose,
        french="Écrit pour un payeur la part d'un dossier qu'une règle permet de montrer, avec ses preuves.",
        needs=Needs.SIGN | Needs.POLICIES | Needs.MESSAGES | Needs.EXCHANGE,
    )


def disclose(
    session: Session,
    step: Annotated[Path, _step_argument()],
    clause: Annotated[str, _clause_option()],
    to: Annotated[int | None, _to_option()] = None,
    output: Annotated[Path | None, output_option()] = None,
    policy: Annotated[str, _policy_option()] = _DEFAULT_POLICY,
    path: Annotated[list[str] | None, _path_option()] = None,
    consent_request: Annotated[Path | None, _request_option()] = None,
    signed_consent: Annotated[Path | None, _signed_option()] = None,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Write for a payer the part of a record that a policy allows to be shown, with its proofs."""
    from sceau.claim.prepared import read_record

    stored = claim_in_place(step)
    if stored is not None:
        require_way(session, output)
    elif to is None or output is None:
        raise typer.BadParameter(say("file-needs-to-and-output"))
    if output is not None:
        require_writable(output, force=force)
    # The policy stays, as a payer's verdict and its policy do.
    practice = session.practice(file_store(session.settings, verdicts_stay=True))
    consent = _consent(session, practice, consent_request, signed_consent)
    if stored is not None:
        posted = session.settings.exchange is not None
        made = practice.shown(
            stored, clause=clause, paths=path or None, policy=policy, payer=to, later=posted
        )
        if posted:
            practice.disclosure_envelope(made)
    else:
        record = session.read(step, read_record)
        made = practice.disclose(
            record, path or None, payer=to or 0, clause=clause, policy=policy, consent=consent
        )
    if output is not None:
        save_json(output, made.to_json(), force=force)
    _show(session, made, output)


def _show(session: Session, made: Disclosure, output: Path | None) -> None:
    clause = made.policy.clause
    rules = {"id": made.policy.id, "version": made.policy.version, "clause": clause}
    session.screen.show(
        [
            fact("file", *_file(output)),
            for_programs("id", made.id),
            fact("recipient", made.recipient, say("for-payer")),
            fact("policy", rules, say("policy"), f"{made.policy}, {clause}"),
            fact("delete_by", made.delete_by.isoformat(), say("delete")),
            fact("paths", list(made.paths), say("paths-shown"), ", ".join(made.paths)),
            proof_fact(session.own_network),
        ]
    )


def _file(output: Path | None) -> tuple[str | None, str, str]:
    """What programs read, the label, and what people read."""
    return (None if output is None else str(output)), say("disclosure"), str(output or say("queued-for-sync"))


def _consent(
    session: Session, practice: Practice, request: Path | None, signed: Path | None
) -> GivenConsent | None:
    from sceau.consent.request import ConsentRequest
    from sceau.consent.signing import SignedConsent

    if request is None and signed is None:
        return None
    if request is None or signed is None:
        raise ConsentHalf
    asked = session.read(request, ConsentRequest.from_json)
    answer = session.read(signed, SignedConsent.from_json)
    with session.in_file(signed):
        return practice.given_consent(answer, asked)


def _step_argument() -> Any:
    return argument(say("metavar-step"), say("step-of-claim-or-file"))


def _to_option() -> Any:
    return party_option("--to", say("party-number-payer-may-read"))


def _clause_option() -> Any:
    text = say("clause-policy-minimal-needs-no")
    return typer.Option("--clause", metavar="CLAUSE", help=text)


def _policy_option() -> Any:
    text = say("policy-version-another-than-today")
    return typer.Option("--policy", metavar=say("metavar-policy"), help=text)


def _path_option() -> Any:
    text = say("show-path-only-repeat-several")
    return typer.Option("--path", metavar=say("metavar-path"), help=text)


def _request_option() -> Any:
    return file_option("--consent-request", say("request-consent-relied"))


def _signed_option() -> Any:
    return file_option("--signed-consent", say("signed-consent-relied"))
