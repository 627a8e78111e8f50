# SPDX-License-Identifier: Apache-2.0
"""``sceau disclose``: shows a payer the part of a record that a policy allows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.errors import ConsentHalf
from sceau.cli.options import Needs, file_option, force_option, output_option, party_option
from sceau.cli.result import fact, for_programs
from sceau.cli.session import Session
from sceau.cli.step_options import step_argument
from sceau.cli.words import say
from sceau.documents.files import require_writable, save_json

if TYPE_CHECKING:
    from sceau.disclosure import GivenConsent
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
        needs=Needs.SIGN | Needs.POLICIES,
    )


def disclose(
    session: Session,
    step: Annotated[Path, step_argument()],
    to: Annotated[int, _to_option()],
    clause: Annotated[str, _clause_option()],
    output: Annotated[Path, output_option()],
    policy: Annotated[str, _policy_option()] = _DEFAULT_POLICY,
    path: Annotated[list[str] | None, _path_option()] = None,
    consent_request: Annotated[Path | None, _request_option()] = None,
    signed_consent: Annotated[Path | None, _signed_option()] = None,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Write for a payer the part of a record that a policy allows to be shown, with its proofs."""
    from sceau.claim.prepared import read_record

    require_writable(output, force=force)
    record = session.read(step, read_record)
    practice = session.practice()
    consent = _consent(session, practice, consent_request, signed_consent)
    made = practice.disclose(record, path or None, payer=to, clause=clause, policy=policy, consent=consent)
    save_json(output, made.to_json(), force=force)
    rules = {"id": made.policy.id, "version": made.policy.version, "clause": clause}
    session.screen.show(
        [
            fact("file", str(output), say("disclosure")),
            for_programs("id", made.id),
            fact("recipient", to, say("for-payer")),
            fact("policy", rules, say("policy"), f"{made.policy}, {clause}"),
            fact("delete_by", made.delete_by.isoformat(), say("delete")),
            fact("paths", list(made.paths), say("paths-shown"), ", ".join(made.paths)),
        ]
    )


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
