# SPDX-License-Identifier: Apache-2.0
"""``sceau verify``: a payer's verdict on a disclosure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.times import utc_text
from sceau.cli.command import add_command
from sceau.cli.exits import Exit
from sceau.cli.file_store import FileStore
from sceau.cli.judging import beside, judge
from sceau.cli.options import Needs, party_option
from sceau.cli.reading import Reading
from sceau.cli.session import Session
from sceau.cli.step_options import (
    act_codes_option,
    authorisation_option,
    beneficiary_option,
    disclosure_argument,
    justification_option,
)
from sceau.cli.words import either, say, spoken

if TYPE_CHECKING:
    from sceau.verify.verdict import Verdict


def add(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app,
        "verify",
        verify,
        french="Juge une divulgation : acceptée (code 0), refusée (3), dans le doute (4), avec chaque raison.",
        needs=Needs.CHAIN | Needs.KEYSTORE | Needs.POLICIES | Needs.MESSAGES,
    )


def verify(
    session: Session,
    disclosure: Annotated[Path, disclosure_argument()],
    reader: Annotated[int | None, _reader_option()] = None,
    justification: Annotated[list[Path] | None, justification_option()] = None,
    act_codes: Annotated[list[Path] | None, act_codes_option()] = None,
    authorisation: Annotated[Path | None, authorisation_option()] = None,
    beneficiary: Annotated[Path | None, beneficiary_option()] = None,
) -> Exit:
    """Judge a disclosure: accepted (exit code 0), refused (3) or in doubt (4), with every reason.

    An envelope may be judged as often as wanted: judging does not count it as received.
    """
    from sceau.messages.disclosure import ReceivedDisclosure

    payer = session.payer(FileStore(session.settings, verdicts_stay=True), party=reader)
    held = beside(justification, act_codes, authorisation, beneficiary)
    messages = Reading(session, payer)
    shown = messages.disclosure(disclosure)
    verdict = judge(session, messages, payer, shown, held)
    # Without a store it is forgotten with this run.
    id_ = verdict.id if session.settings.store else None
    if session.screen.as_json:
        session.screen.data({**verdict.to_json(), "id": id_})
    else:
        scope = shown.disclosure.scope if isinstance(shown, ReceivedDisclosure) else shown.scope
        _show(session, verdict, id_, scope.profile_key)
    return _exit(verdict)


def _exit(verdict: Verdict) -> Exit:
    """The exit code that says a verdict; a stale node is no verdict on the claim."""
    from sceau.verify.findings import NODE_FINDINGS
    from sceau.verify.verdict import Outcome

    if any(finding.code in NODE_FINDINGS for finding in verdict.findings):
        return Exit.NODE
    return {
        Outcome.ACCEPTED: Exit.OK,
        Outcome.REFUSED: Exit.VERDICT_REFUSED,
        Outcome.IN_DOUBT: Exit.VERDICT_IN_DOUBT,
    }[verdict.outcome]


def _show(session: Session, verdict: Verdict, id_: str | None, profile: str) -> None:
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
            *([(say("verdict-number"), id_)] if id_ else []),
        ]
    )
    if verdict.values:
        from sceau.record.words import values_in_words

        screen.text()
        for title, value in values_in_words(profile, verdict.values, language):
            screen.text(f"{title}{either(':', ' :')} {value}")
    if verdict.dropped:
        screen.warn(say("shown-not-kept") + ", ".join(verdict.dropped))


def _reader_option() -> Any:
    return party_option(
        "--as",
        say("party-number-reader-keystore-key"),
    )
