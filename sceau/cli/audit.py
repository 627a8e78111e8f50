# SPDX-License-Identifier: Apache-2.0
"""``sceau audit``: holds an evidence file against the chain, and says who is wrong where a group differs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.times import utc_text
from sceau.cli.command import add_command
from sceau.cli.exits import Exit
from sceau.cli.options import Needs, file_word, flag_option, force_option
from sceau.cli.result import proof_words
from sceau.cli.session import Session
from sceau.cli.step_options import claim_in_place
from sceau.cli.words import say, spoken
from sceau.documents.files import require_writable, save

if TYPE_CHECKING:
    from sceau.audit.evidence import Evidence
    from sceau.audit.ruling import Report


def add(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app,
        "audit",
        audit,
        french="Compare des preuves à la chaîne : tout est valable (code 0), ou non, ou une partie est en faute (3).",
        needs=Needs.CHAIN | Needs.KEYSTORE | Needs.MESSAGES,
    )


def audit(
    session: Session,
    evidence: Annotated[Path, _evidence_argument()],
    offline: Annotated[bool, _offline_option()] = False,
    page: Annotated[Path | None, _page_option()] = None,
    force: Annotated[bool, force_option()] = False,
) -> Exit:
    """Check evidence against the chain: all is valid (exit code 0), or not, or a party is at fault (3)."""
    from sceau.audit.errors import EvidenceForeign
    from sceau.audit.evidence import Evidence
    from sceau.audit.page import audit_page
    from sceau.chain.errors import ProofInvalid

    if page is not None:
        require_writable(page, force=force)
    claim = claim_in_place(evidence)
    if claim is not None:
        found = _of_store(session, claim, offline=offline)
    else:
        given = session.read(evidence, Evidence.from_json)
        with session.in_file(evidence, EvidenceForeign, ProofInvalid):
            found = _offline(session, given) if offline else _audited(session, given)
    if page is not None:
        save(page, audit_page(found, spoken()).encode(), force=force)
    if session.screen.as_json:
        session.screen.data({**found.to_json(), **({} if page is None else {"page": str(page)})})
    else:
        _show(session, found)
    return Exit.OK if found.holds else Exit.VERDICT_REFUSED


def _of_store(session: Session, claim: str, *, offline: bool) -> Report:
    """The audit of what the auditor's store holds of a claim alone."""
    if offline:
        raise typer.BadParameter(say("offline-needs-evidence-file"), param_hint="--offline")
    settings = session.settings
    settings.require_store()
    settings.require_keystore()
    settings.require_directory()
    return _audited(session, claim)


def _audited(session: Session, given: Evidence | str) -> Report:
    auditor = session.auditor()
    with session.screen.working(say("auditing")):
        return auditor.audit(given)


def _offline(session: Session, evidence: Evidence) -> Report:
    from sceau.audit import audit_offline
    from sceau.chain.manifest import Manifest

    settings = session.settings
    directory = session.directory if settings.directory else None
    return audit_offline(Manifest.load(settings.require_manifest()), evidence, directory)


def _show(session: Session, report: Report) -> None:
    from sceau.terms import state_words

    screen, language = session.screen, spoken()
    failed = sum(not check.holds for check in report.checks)
    screen.title(say("audit") + _outcome(report, failed))
    screen.facts(
        [
            (say("holds") if check.holds else say("fails"), check.sentence.text(language))
            for check in report.checks
        ]
    )
    if report.rulings:
        screen.text()
        screen.facts([(each.blame.text(language), each.sentence.text(language)) for each in report.rulings])
    screen.text()
    state, block = report.history.state, report.block
    screen.facts(
        [
            (say("claim"), state.claim),
            (say("state"), state_words(state.state).text(language)),
            (say("head"), state.head),
            (
                say("read-at"),
                say("block") + f" {block.number}, {utc_text(int(block.time.timestamp()))}",
            ),
            (say("block-hash"), block.hash),
            (say("proof-of-block"), _proof(report)),
        ]
    )


def _proof(report: Report) -> str:
    seals = report.seals
    if seals is None:
        return proof_words(report.block.proved)
    return say("proved-by-file", sealers=len(seals.sealers), validators=len(seals.validators))


def _outcome(report: Report, failed: int) -> str:
    if report.holds:
        return say("all-holds")
    parts = []
    if failed:
        one, several = say("check-fails"), say("checks-fail")
        parts.append(one if failed == 1 else f"{failed} {several}")
    if report.rulings:
        parts.append(say("group-differs"))
    return ", ".join(parts)


def _evidence_argument() -> Any:
    text = say("evidence-file-sceau-evidence")
    return typer.Argument(metavar=say("metavar-evidence"), help=text)


def _offline_option() -> Any:
    return flag_option("--offline", text=say("audit-offline"))


def _page_option() -> Any:
    return typer.Option("--page", metavar=file_word(), help=say("audit-page"))
