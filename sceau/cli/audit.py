# SPDX-License-Identifier: Apache-2.0
"""``sceau audit``: holds an evidence file against the chain, and says who is wrong where a group differs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.times import utc_text
from sceau.cli.command import add_command
from sceau.cli.exits import Exit
from sceau.cli.options import Needs
from sceau.cli.session import Session
from sceau.cli.words import say, spoken

if TYPE_CHECKING:
    from sceau.audit.ruling import Report, Ruling


def add(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app,
        "audit",
        audit,
        french="Compare des preuves à la chaîne : tout est valable (code 0), ou non, ou une partie est en faute (3).",
        needs=Needs.CHAIN | Needs.KEYSTORE | Needs.MESSAGES,
    )


def audit(session: Session, evidence: Annotated[Path, _evidence_argument()]) -> Exit:
    """Check evidence against the chain: all is valid (exit code 0), or not, or a party is at fault (3)."""
    from sceau.audit.errors import EvidenceForeign
    from sceau.audit.evidence import Evidence

    given = session.read(evidence, Evidence.from_json)
    auditor = session.auditor()
    with session.screen.working(say("auditing")), session.in_file(evidence, EvidenceForeign):
        report = auditor.audit(given)
    if session.screen.as_json:
        session.screen.data(report.to_json())
    else:
        _show(session, report)
    return Exit.OK if report.holds else Exit.VERDICT_REFUSED


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
        screen.facts([(_fault(each), each.sentence.text(language)) for each in report.rulings])
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
        ]
    )


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


def _fault(ruling: Ruling) -> str:
    if ruling.ask is not None:
        return say("to-be-asked") + say("the-party") + f" {ruling.ask}"
    if ruling.fault is None:
        return say("no-false-seal")
    return say("at-fault") + say("the-party") + f" {ruling.fault}"


def _evidence_argument() -> Any:
    text = say("evidence-file-sceau-evidence")
    return typer.Argument(metavar=say("metavar-evidence"), help=text)
