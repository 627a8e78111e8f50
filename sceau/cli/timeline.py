# SPDX-License-Identifier: Apache-2.0
"""``sceau claim show``: the timeline of a claim, as every member sees it, with what the reader holds of its records.

The chain shows parties, times, states and which groups differ. What the steps say is sealed: it is shown where a file
of the reader's holds it, proved under the commitment on the chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.times import utc_text
from sceau.cli.consent_view import block_data, block_facts, iso
from sceau.cli.holdings import HeldStep, held_step
from sceau.cli.in_words import in_words
from sceau.cli.options import file_word
from sceau.cli.parties import names_of
from sceau.cli.received import group_names
from sceau.cli.session import Session
from sceau.cli.step_options import claim_argument
from sceau.cli.words import say, spoken

if TYPE_CHECKING:
    from sceau.chain.node import Block
    from sceau.claim.history import History, WrittenStep
    from sceau.record import Value


def show(
    session: Session,
    claim: Annotated[str, claim_argument()],
    held: Annotated[list[Path] | None, _with_option()] = None,
) -> None:
    """Draw the timeline of a claim: all that the chain holds of it, proved by its head, and what you hold."""
    from sceau.claim.history import read_history
    from sceau.documents.identifiers import checked_id

    claim = checked_id(claim)
    block = session.network.node.head()
    with session.screen.working(say("Reading the history…", "Lecture de l'historique…")):
        history = read_history(session.network, claim, block=block.number)
    holdings = [held_step(session, path, history) for path in held or ()]
    state, steps = history.state, history.steps
    names = names_of(session, {state.payer, *(step.party for step in steps), *_suppliers(history)})
    if session.screen.as_json:
        session.screen.data(_data(history, block, holdings, names))
    else:
        _draw(session, history, block, holdings, names)


def _suppliers(history: History) -> set[int]:
    return {step.supplier for step in history.steps if step.supplier is not None}


def _states(steps: Sequence[WrittenStep]) -> Iterator[int]:
    """The claim's state after each step; marks and remakes change none."""
    from sceau.chain.terms import State, Step

    after = {
        Step.OPEN: State.OPENED,
        Step.AUTHORISE: State.AUTHORISED,
        Step.REFUSE: State.REFUSED,
        Step.CANCEL: State.CANCELLED,
        Step.ORDER: State.ORDERED,
        Step.INVOICE: State.INVOICED,
        Step.SETTLE: State.SETTLED,
    }
    state = State.NONE
    for step in steps:
        state = after.get(step.step, state)
        yield state


def _data(
    history: History, block: Block, holdings: Iterable[HeldStep], names: Mapping[int, str]
) -> dict[str, Any]:
    from sceau.chain.terms import group_words, state_words, step_words

    state = history.state
    return {
        "claim": state.claim,
        "state": state_words(state.state).code,
        "practice": state.practice,
        "payer": state.payer,
        "supplier": state.supplier or None,
        "order": state.order_number,
        "consent": history.consent,
        "head": state.head,
        "steps": [
            {
                "step": step_words(step.step).code,
                "order": step.order_number,
                "party": step.party,
                "supplier": step.supplier,
                "key": step.key,
                "time": iso(step.time),
                "block": step.block,
                "transaction": step.transaction,
                "commitment": step.commitment,
                "mismatch": [group_words(group).code for group in step.mismatch],
                "state": state_words(after).code,
                "values": _values(step, holdings),
            }
            for step, after in zip(history.steps, _states(history.steps), strict=True)
        ],
        "names": {str(party): name for party, name in names.items()},
        "block": block_data(block),
    }


def _values(step: WrittenStep, holdings: Iterable[HeldStep]) -> dict[str, dict[str, Value]]:
    """What is held of a step, by profile and path."""
    found: dict[str, dict[str, Value]] = {}
    for held in holdings:
        if held.written == step:
            for profile, values in held.records:
                found.setdefault(profile, {}).update(values)
    return found


def _draw(
    session: Session,
    history: History,
    block: Block,
    holdings: Sequence[HeldStep],
    names: Mapping[int, str],
) -> None:
    from sceau.chain.terms import state_words

    state, screen = history.state, session.screen
    screen.facts(
        [
            (say("Claim", "Dossier"), state.claim),
            (say("State", "État"), state_words(state.state).text(spoken())),
            (say("Practice", "Magasin"), _party(state.practice, names)),
            (say("Payer", "Payeur"), _party(state.payer, names)),
            (say("Supplier", "Fournisseur"), _party(state.supplier, names) if state.supplier else "-"),
            (say("Consent", "Accord du patient"), history.consent or say("none", "aucun")),
            (say("Head", "Tête"), state.head),
            *block_facts(block),
        ]
    )
    screen.text()
    states = list(_states(history.steps))
    screen.timeline(
        [
            (_headline(step, changed, names), list(_details(step, holdings, names)))
            for step, changed in zip(history.steps, _changes(states), strict=True)
        ]
    )
    if not holdings:
        screen.note(
            say(
                "What the steps say is sealed; --with FILE adds what you hold of it.",
                "Ce que disent les étapes est scellé ; --with FICHIER ajoute ce que vous en détenez.",
            )
        )


def _changes(states: Sequence[int]) -> list[int | None]:
    """Each state that a step led to, ``None`` where it left the state as it was."""
    return [None if place and state == states[place - 1] else state for place, state in enumerate(states)]


def _headline(step: WrittenStep, changed: int | None, names: Mapping[int, str]) -> str:
    from sceau.chain.terms import state_words, step_words

    what = step_words(step.step).text(spoken())
    number = f" {step.order_number}" if step.order_number else ""
    line = f"{utc_text(step.time)}  {what}{number}, {_party(step.party, names)}"
    return line if changed is None else f"{line} → {state_words(changed).text(spoken())}"


def _details(step: WrittenStep, holdings: Iterable[HeldStep], names: Mapping[int, str]) -> Iterator[str]:
    from sceau.chain.terms import Step
    from sceau.record import load_profile

    if step.supplier is not None:
        yield say("to the supplier, ", "au fournisseur, ") + _party(step.supplier, names)
    if step.mismatch:
        yield say("DIFFERS from the order in: ", "DIFFÈRE de la commande en : ") + group_names(step.mismatch)
    elif step.step in (Step.DELIVER, Step.INVOICE):
        yield say("conform to the order in every group", "conforme à la commande en tout groupe")
    for key, values in _values(step, holdings).items():
        name, _, version = key.partition("/")
        profile = load_profile(name, int(version))
        yield profile.title(spoken()) + say(":", " :")
        for title, value in in_words(key, values):
            yield f"  {title}{say(':', ' :')} {value}"


def _party(party: int, names: Mapping[int, str]) -> str:
    number = say("party", "partie") + f" {party}"
    return f"{number} ({names[party]})" if party in names else number


def _with_option() -> Any:
    text = say(
        "A file of yours: kept step, opening, disclosure, received message; repeat it for several.",
        "Un de vos fichiers : étape, ouverture, divulgation, message reçu ; à répéter.",
    )
    return typer.Option("--with", metavar=file_word(), help=text)
