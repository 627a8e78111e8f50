# SPDX-License-Identifier: Apache-2.0
"""``sceau envelope request``, ``receipt``, ``answer`` and ``ruling``: what passes between an auditor and the others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.file_store import require_places, save_envelope
from sceau.cli.options import Needs, argument, code_option, file_word, output_option, party_option
from sceau.cli.reading import Reading
from sceau.cli.result import claim_fact, fact
from sceau.cli.session import Session
from sceau.cli.step_options import claim_argument
from sceau.cli.words import say
from sceau.cli.writing import message_facts, require_way

if TYPE_CHECKING:
    from sceau.messages.evidence import EvidenceRequest
    from sceau.roles.acting import ActingParty
    from sceau.roles.handle import Envelope

_NEEDS = Needs.CHAIN | Needs.KEYSTORE | Needs.MESSAGES | Needs.EXCHANGE


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau envelope``."""
    for name, function, french in (
        (
            "request",
            request,
            "Demande à une partie, en tant qu'auditeur, d'ouvrir des groupes de ses commandes.",
        ),
        ("receipt", receipt, "Accuse réception de la demande d'un auditeur."),
        (
            "answer",
            answer,
            "Ouvre à l'auditeur les groupes qu'il a demandés, signés : une enveloppe pour chacune de vos étapes.",
        ),
        ("ruling", ruling, "Dit au payeur, en tant qu'auditeur, quelle partie est en faute pour un constat."),
    ):
        add_command(group, name, function, french=french, needs=_NEEDS)


def request(
    session: Session,
    claim: Annotated[str, claim_argument()],
    party: Annotated[int, _party_option()],
    group: Annotated[list[str], _group_option()],
    until: Annotated[str, _until_option()],
    output: Annotated[Path | None, output_option(say("file-envelope"))] = None,
    order: Annotated[int, _order_option()] = 1,
) -> None:
    """Ask a party, as an auditor, to open groups of an order."""
    from sceau.chain.times import seconds_of
    from sceau.conformity.groups import group_of_code

    require_way(session, output)
    require_places(output)
    session.settings.require_store()
    groups = [(order, group_of_code(code)) for code in group]
    made = session.auditor().request_evidence(claim, party, groups, deadline=seconds_of(until))
    _write(session, claim, made, output)


def receipt(
    session: Session,
    request: Annotated[Path, _request_argument()],
    output: Annotated[Path | None, output_option(say("file-envelope"))] = None,
) -> None:
    """Confirm to an auditor that you received its request: from its deadline on, silence is your fault."""
    require_way(session, output)
    require_places(output)
    acting = session.acting()
    asked = _asked(session, acting, request)
    _write(session, asked.claim, acting.confirm_request(asked), output)


def answer(
    session: Session,
    request: Annotated[Path, _request_argument()],
    output: Annotated[list[Path] | None, _outputs_option()] = None,
) -> None:
    """Open to an auditor the groups that it asked for, signed: one envelope for each of your steps."""
    files = output or []
    require_way(session, files[0] if files else None)
    require_places(*files)
    acting = session.acting()
    asked = _asked(session, acting, request)

    def fits(count: int) -> None:
        if files and count != len(files):
            raise typer.BadParameter(say("name-one-file-each-step", count=count))

    made = acting.answer_request(asked, check=fits)
    for each, path in zip(made, files, strict=False):
        save_envelope(path, each.text)
    words = ", ".join(map(str, files)) or say("queued-for-sync")
    session.screen.show(
        [
            claim_fact(asked.claim),
            fact("recipient", asked.auditor, say("for-party")),
            fact("envelopes", [str(path) for path in files] or None, say("envelope"), words),
        ]
    )


def ruling(
    session: Session,
    claim: Annotated[str, claim_argument()],
    finding: Annotated[str, _finding_option()],
    output: Annotated[Path | None, output_option(say("file-envelope"))] = None,
    evidence: Annotated[Path | None, _evidence_option()] = None,
    order: Annotated[int | None, _ruled_order_option()] = None,
    fault: Annotated[int | None, _fault_option()] = None,
) -> None:
    """Tell the payer, as an auditor, which party is at fault for a finding on a claim, or that none is."""
    from sceau.audit.evidence import Evidence

    require_way(session, output)
    require_places(output)
    auditor = session.auditor()
    given = claim if evidence is None else session.read(evidence, Evidence.from_json)
    with session.screen.working(say("auditing")):
        report = auditor.audit(given)
    _write(session, claim, auditor.rule(report, finding, fault, order_number=order), output)


def _asked(session: Session, acting: ActingParty, path: Path) -> EvidenceRequest:
    from sceau.messages.evidence import EvidenceRequest

    return Reading(session, acting).take(path, EvidenceRequest)


def _write(session: Session, claim: str, made: Envelope, output: Path | None) -> None:
    if output is not None:
        save_envelope(output, made.text)
    session.screen.show(
        [
            claim_fact(claim.lower()),
            fact("recipient", made.recipient, say("for-party")),
            *message_facts(output),
        ]
    )


def _party_option() -> Any:
    return party_option("--party", say("party-number-asked"))


def _group_option() -> Any:
    return typer.Option("--group", metavar=say("metavar-group"), help=say("group-ask-open"))


def _until_option() -> Any:
    return typer.Option("--until", metavar=say("metavar-date"), help=say("deadline-answer"))


def _order_option() -> Any:
    return typer.Option("--order", metavar="N", min=1, help=say("number-order-asked"))


def _ruled_order_option() -> Any:
    text = say("number-order-finding-about-current")
    return typer.Option("--order", metavar="N", min=1, help=text, show_default=False)


def _finding_option() -> Any:
    return code_option("--finding", say("code-finding-sceau-verify-json"))


def _fault_option() -> Any:
    return party_option("--fault", say("party-number-at-fault"))


def _evidence_option() -> Any:
    return typer.Option("--evidence", metavar=file_word(), help=say("evidence-ruling-rests-on"))


def _request_argument() -> Any:
    return argument(say("metavar-request"), say("kept-request-or-envelope"))


def _outputs_option() -> Any:
    text = say("file-envelope-repeat-each-step")
    return typer.Option("--output", "-o", metavar=file_word(), help=text)
