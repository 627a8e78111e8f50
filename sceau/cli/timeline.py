# SPDX-License-Identifier: Apache-2.0
"""``sceau claim show``: the timeline of a claim, with what the reader holds of its records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.times import utc_text
from sceau.cli.options import file_word
from sceau.cli.result import block_facts
from sceau.cli.session import Session
from sceau.cli.step_options import claim_argument
from sceau.cli.words import say, spoken

if TYPE_CHECKING:
    from sceau.claim.timeline import StepValues, Timeline, TimelineStep


def show(
    session: Session,
    claim: Annotated[str, claim_argument()],
    held: Annotated[list[Path] | None, _with_option()] = None,
) -> None:
    """Draw the timeline of a claim: all that the chain holds of it, proved by its head, and what you hold."""
    from sceau.audit.step_document import StepDocument
    from sceau.roles.auditor import Auditor

    auditor = Auditor(session.network)
    with session.screen.working(say("Reading the history…", "Lecture de l'historique…")):
        timeline = auditor.timeline(claim)

    def values(data: bytes) -> StepValues:
        return StepDocument.from_json(data).values(timeline.history)

    timeline = timeline.also(*[session.read(path, values) for path in held or ()])
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
            (say("Claim", "Dossier"), state.claim),
            (say("State", "État"), state_words(state.state).text(spoken())),
            (say("Practice", "Magasin"), _party(state.practice, names)),
            (say("Payer", "Payeur"), _party(state.payer, names)),
            (say("Supplier", "Fournisseur"), _party(state.supplier, names) if state.supplier else "-"),
            (say("Consent", "Accord du patient"), timeline.history.consent or say("none", "aucun")),
            (say("Head", "Tête"), state.head),
            *((each.label, each.words) for each in block_facts(timeline.block)),
        ]
    )
    screen.text()
    screen.timeline([(_headline(step, names), list(_details(step, names))) for step in timeline.steps])
    if not timeline.known:
        screen.note(
            say(
                "What the steps say is sealed; --with FILE adds what you hold of it.",
                "Ce que disent les étapes est scellé ; --with FICHIER ajoute ce que vous en détenez.",
            )
        )


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
        yield say("to the supplier, ", "au fournisseur, ") + _party(written.supplier, names)
    if step.conform:
        yield say("conform to the order in every group", "conforme à la commande en tout groupe")
    elif step.conform is not None:
        groups = groups_words(written.mismatch).text(spoken())
        yield say("DIFFERS from the order in: ", "DIFFÈRE de la commande en : ") + groups
    for profile, values in step.values.items():
        yield load_profile_key(profile).title(spoken()) + say(":", " :")
        for title, words in values_in_words(profile, values, spoken()):
            yield f"  {title}{say(':', ' :')} {words}"


def _party(party: int, names: Mapping[int, str]) -> str:
    number = say("party", "partie") + f" {party}"
    return f"{number} ({names[party]})" if party in names else number


def _with_option() -> Any:
    text = say(
        "A file of yours: kept step, opening, disclosure, received message; repeat it for several.",
        "Un de vos fichiers : étape, ouverture, divulgation, message reçu ; à répéter.",
    )
    return typer.Option("--with", metavar=file_word(), help=text)
