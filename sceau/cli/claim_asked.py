# SPDX-License-Identifier: Apache-2.0
"""``sceau claim ask``, ``asked``, ``check-request``, ``grant``, ``decline``: what a payer asks to be shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.times import utc_text
from sceau.cli.command import add_command
from sceau.cli.file_store import require_places, save_envelope
from sceau.cli.options import Needs, argument, code_option, flag_option, output_option
from sceau.cli.reading import Reading
from sceau.cli.result import claim_fact, fact, for_programs
from sceau.cli.session import Session
from sceau.cli.step_options import claim_argument
from sceau.cli.words import say
from sceau.cli.writing import message_facts, require_way

if TYPE_CHECKING:
    from sceau.messages.asked import AskedInformation
    from sceau.messages.information import InformationRequest
    from sceau.roles.handle import Envelope
    from sceau.roles.practice import Practice

# As in sceau.roles.disclosing, which takes too long to load for a page of help.
_DEFAULT_POLICY = "fr-responsible-contract"
# As in sceau.messages.information, for the same reason.
_REASONS = "AMOUNTS, CLASS, CODES, DUPLICATE, RENEWAL, SAMPLE"
_NEEDS = Needs.CHAIN | Needs.KEYSTORE | Needs.MESSAGES | Needs.EXCHANGE


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau claim``."""
    for name, function, french, needs in (
        (
            "ask",
            ask,
            "Demande au magasin, en tant que payeur, de montrer d'autres chemins d'un dossier.",
            _NEEDS,
        ),
        (
            "asked",
            asked,
            "Liste ce qu'un payeur a demandé de voir, et ce qui a été refusé, décliné ou montré.",
            Needs.CHAIN | Needs.KEYSTORE | Needs.STORE,
        ),
        (
            "check-request",
            check_request,
            "Refuse ce que les règles et l'accord ne permettent pas d'une demande ; sceau sync le fait seul.",
            _NEEDS | Needs.POLICIES,
        ),
        (
            "grant",
            grant,
            "Montre au payeur ce qui, dans sa demande, peut être montré.",
            _NEEDS | Needs.POLICIES,
        ),
        (
            "decline",
            decline,
            "Décline, dans un message signé, ce qui attend dans la demande d'un payeur.",
            _NEEDS | Needs.POLICIES,
        ),
    ):
        add_command(group, name, function, french=french, needs=needs)


def ask(
    session: Session,
    claim: Annotated[str, claim_argument()],
    path: Annotated[list[str], _path_option()],
    clause: Annotated[str, _clause_option()],
    reason: Annotated[str, _reason_option()],
    output: Annotated[Path | None, output_option(_file())] = None,
    policy: Annotated[str, _policy_option()] = _DEFAULT_POLICY,
    opening: Annotated[bool, _opening_option()] = False,
) -> None:
    """Ask the practice, as a payer, to be shown further paths of a claim."""
    from sceau.terms import Step

    require_way(session, output)
    require_places(output)
    session.settings.require_store()
    step = Step.OPEN if opening else None
    made = session.payer().request_information(
        claim, path, clause=clause, reason=reason, step=step, policy=policy
    )
    _write(session, claim.lower(), made, output)


def asked(session: Session, claim: Annotated[str | None, _claim_argument()] = None) -> None:
    """List what a payer asked to be shown, and what was refused, declined or granted."""
    session.settings.require_store()
    found = session.acting().information_requests(claim)
    if session.screen.as_json:
        session.screen.data({"requests": [each.told() for each in found]})
        return
    if not found:
        session.screen.text(say("nothing-asked"))
    for each in found:
        session.screen.facts(_words(each))
        session.screen.text()


def check_request(
    session: Session,
    request: Annotated[Path, _request_argument()],
    output: Annotated[Path | None, output_option(_file())] = None,
) -> None:
    """Refuse what policy and consent do not allow of a request; ``sceau sync`` does it by itself."""
    practice, read = _read(session, request, output)
    made = practice.check_information(read)
    if made is not None:
        _save(made, output)
    (found,) = [each for each in practice.information_requests(read.claim) if each.request.id == read.id]
    refused = {path: why for each in found.answers for path, why in each.why.items()}
    session.screen.show(
        [
            claim_fact(read.claim),
            fact("refused", refused, say("refused-paths"), ", ".join(refused) or "-"),
            fact("waiting", list(found.waiting), say("paths-that-wait"), ", ".join(found.waiting) or "-"),
            *(message_facts(output) if made is not None else [for_programs("envelope", None)]),
        ]
    )


def grant(
    session: Session,
    request: Annotated[Path, _request_argument()],
    output: Annotated[Path | None, output_option(_file())] = None,
) -> None:
    """Show the payer what may be shown of what it asked for."""
    practice, read = _read(session, request, output)
    _write(session, read.claim, practice.grant_information(read), output)


def decline(
    session: Session,
    request: Annotated[Path, _request_argument()],
    reason: Annotated[str, _decline_option()],
    output: Annotated[Path | None, output_option(_file())] = None,
) -> None:
    """Decline, in a signed message, what waits of what a payer asked for."""
    practice, read = _read(session, request, output)
    _write(session, read.claim, practice.decline_information(read, reason), output)


def _read(session: Session, path: Path, output: Path | None) -> tuple[Practice, InformationRequest]:
    from sceau.messages.information import InformationRequest

    require_way(session, output)
    require_places(output)
    session.settings.require_store()
    practice = session.practice()
    return practice, Reading(session, practice).take(path, InformationRequest)


def _write(session: Session, claim: str, made: Envelope, output: Path | None) -> None:
    _save(made, output)
    session.screen.show(
        [
            claim_fact(claim),
            fact("recipient", made.recipient, say("for-party")),
            *message_facts(output),
        ]
    )


def _save(made: Envelope, output: Path | None) -> None:
    if output is not None:
        save_envelope(output, made.text)


def _words(each: AskedInformation) -> list[tuple[str, object]]:
    request = each.request
    words = {
        "refused": say("refused-paths"),
        "declined": say("declined-paths"),
        "granted": say("granted-paths"),
    }
    return [
        (say("claim"), request.claim),
        (say("payer"), request.payer),
        (say("asked-at"), utc_text(request.asked_at)),
        *(
            (
                words[answer.outcome],
                ", ".join(f"{path} ({why})" if why else path for path, why in answer.why.items()),
            )
            for answer in each.answers
        ),
        (say("paths-that-wait"), ", ".join(each.waiting) or "-"),
    ]


def _claim_argument() -> Any:
    return argument(say("metavar-claim"), say("claim-identifier-0x"))


def _path_option() -> Any:
    return typer.Option("--path", metavar=say("metavar-path"), help=say("path-asked-repeat"))


def _clause_option() -> Any:
    return typer.Option("--clause", metavar="CLAUSE", help=say("clause-asked-under"))


def _policy_option() -> Any:
    return typer.Option("--policy", metavar=say("metavar-policy"), help=say("policy-asked-under"))


def _opening_option() -> Any:
    return flag_option("--opening", text=say("ask-about-opening"))


def _reason_option() -> Any:
    return code_option("--reason", say("why-asked", codes=_REASONS))


def _decline_option() -> Any:
    return code_option("--reason", say("why-declined"))


def _request_argument() -> Any:
    return argument(say("metavar-request"), say("request-of-inbox-or-file"))


def _file() -> str:
    return say("file-envelope")
