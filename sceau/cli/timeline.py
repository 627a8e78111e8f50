# SPDX-License-Identifier: Apache-2.0
"""``sceau claim show``: the timeline of a claim, with what the reader holds of its records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.times import utc_text
from sceau.cli.options import file_word, flag_option
from sceau.cli.result import block_facts
from sceau.cli.session import Session
from sceau.cli.step_options import claim_argument
from sceau.cli.words import either, say, spoken
from sceau.settings import open_store

if TYPE_CHECKING:
    from sceau.claim.timeline import StepValues, Timeline, TimelineStep


def show(
    session: Session,
    claim: Annotated[str, claim_argument()],
    files: Annotated[list[Path] | None, _with_option()] = None,
    held: Annotated[bool, _held_option()] = False,
) -> None:
    """Show the timeline of a claim: all that the chain holds of it, proved by its head, and what you hold."""
    from sceau.audit.step_document import StepDocument
    from sceau.roles.auditor import Auditor

    reader = Auditor(session.network, store=open_store(session.settings) if held else None)
    with session.screen.working(say("reading-history")):
        timeline = reader.timeline(claim, held=held)

    def values(data: bytes) -> StepValues:
        return StepDocument.from_json(data).values(timeline.history)

    timeline = timeline.also(*[session.read(path, values) for path in files or ()])
    names = session.names(*timeline.parties)
    if session.screen.as_json:
        named = {str(party): name for party, name in names.items()}
        session.screen.data({**timeline.to_json(), "names": named})
    else:
        _draw(session, timeline, names)


def _draw(session: Session, timeline: Timeline, names: Mapping[int, str]) -> None:
    from sceau.terms import state_words

    state, screen = timeline.history.state, session.screen
    screen.facts(
        [
            (say("claim"), state.claim),
            (say("state"), state_words(state.state).text(spoken())),
            (say("practice"), _party(state.practice, names)),
            (say("payer"), _party(state.payer, names)),
            (say("supplier"), _party(state.supplier, names) if state.supplier else "-"),
            (say("patients-consent"), timeline.history.consent or say("none")),
            (say("head"), state.head),
            *((each.label, each.words) for each in block_facts(timeline.block)),
        ]
    )
    screen.text()
    screen.timeline([(_headline(step, names), list(_details(step, names))) for step in timeline.steps])
    if not timeline.known:
        screen.note(say("what-steps-say-sealed-file"))


def _headline(step: TimelineStep, names: Mapping[int, str]) -> str:
    from sceau.terms import state_words, step_words

    written = step.written
    what = step_words(written.step).text(spoken())
    number = f" {written.order_number}" if written.order_number else ""
    line = f"{utc_text(written.time)}  {what}{number}, {_party(written.party, names)}"
    return f"{line} → {state_words(step.state).text(spoken())}" if step.changed else line


def _details(step: TimelineStep, names: Mapping[int, str]) -> Iterator[str]:
    from sceau.record import load_profile_key
    from sceau.record.words import values_in_words
    from sceau.terms import groups_words

    written = step.written
    if written.supplier is not None:
        yield say("to-the-supplier") + _party(written.supplier, names)
    if step.conform:
        yield say("conform-order-every-group")
    elif step.conform is not None:
        groups = groups_words(written.mismatch).text(spoken())
        yield say("differs-order") + groups
    for profile, values in step.values.items():
        yield load_profile_key(profile).title(spoken()) + either(":", " :")
        for title, words in values_in_words(profile, values, spoken()):
            yield f"  {title}{either(':', ' :')} {words}"


def _party(party: int, names: Mapping[int, str]) -> str:
    number = say("the-party") + f" {party}"
    return f"{number} ({names[party]})" if party in names else number


def _held_option() -> Any:
    return flag_option("--held", text=say("show-held"))


def _with_option() -> Any:
    text = say("file-yours-kept-step-opening")
    return typer.Option("--with", metavar=file_word(), help=text)
