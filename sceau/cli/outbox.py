# SPDX-License-Identifier: Apache-2.0
"""``sceau outbox``: what waits to be written on the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.times import utc_text
from sceau.cli.command import add_command
from sceau.cli.options import Needs, argument
from sceau.cli.result import fact
from sceau.cli.session import Session
from sceau.cli.words import say, spoken
from sceau.errors import Sentence

if TYPE_CHECKING:
    from sceau.messages.intended import Intention
    from sceau.store.entry import Entry


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau outbox``."""
    add_command(
        group,
        "list",
        list_,
        french="Liste ce qui attend d'être écrit sur la chaîne, avec la réponse du nœud.",
        needs=Needs.SIGN | Needs.STORE,
    )
    add_command(
        group,
        "send",
        send,
        french="Envoie ce qui attend, et dit ce qui a été écrit ou arrêté.",
        needs=Needs.WRITE | Needs.STORE,
    )
    add_command(
        group,
        "retry",
        retry,
        french="Remet en attente une écriture arrêtée, une fois la cause corrigée.",
        needs=Needs.SIGN | Needs.STORE,
    )
    add_command(
        group,
        "drop",
        drop,
        french="Abandonne une écriture qui n'a été envoyée à aucun nœud.",
        needs=Needs.SIGN | Needs.STORE,
    )


def list_(session: Session) -> None:
    """List what waits to be written on the chain, with the node's answer."""
    queue = session.correspondent().queue
    found, stands, intended = queue.outbox.unfinished(), queue.outbox.condition(), queue.intentions()
    if session.screen.as_json:
        session.screen.data(
            {
                "waiting": stands.unfinished,
                "oldest": stands.oldest,
                "elsewhere": stands.elsewhere,
                "entries": [_data(each) for each in found],
                "disclosures": [_intended_data(each) for each in intended],
            }
        )
        return
    age = "-" if stands.oldest is None else f"{stands.oldest} s"
    session.screen.facts([(say("outbox-waiting"), stands.unfinished), (say("outbox-oldest"), age)])
    if stands.elsewhere:
        session.screen.note(say("outbox-elsewhere", number=stands.elsewhere))
    if found or intended:
        headings = [
            say("outbox-entry"),
            say("outbox-what"),
            say("outbox-state"),
            say("outbox-since"),
            say("outbox-said"),
        ]
        session.screen.table(
            headings, [*(_row(each) for each in found), *(_intended_row(each) for each in intended)]
        )


def send(session: Session) -> None:
    """Send what waits, and say what was written or stopped."""
    party = session.correspondent()
    with session.screen.working(say("waiting-block")):
        report = party.queue.sync(session.timeout or _SECONDS)
    session.screen.show(
        [
            fact("written", report.written, say("outbox-written")),
            fact("waiting", report.queued, say("outbox-waiting")),
            fact(
                "problems",
                [{"code": each.code, "entry": each.place} for each in report.problems],
                say("outbox-problems"),
                len(report.problems),
            ),
        ]
    )
    if not session.screen.as_json:
        for each in report.problems:
            session.screen.text(f"{each.place} {each.text(spoken())}".strip())


def retry(session: Session, entry: Annotated[int, _entry_argument()]) -> None:
    """Make a stopped write wait again, once its cause is corrected."""
    session.correspondent().queue.retry(entry)
    session.screen.show([fact("entry", entry, say("outbox-entry"))], note=say("outbox-waits-again"))


def drop(session: Session, entry: Annotated[int, _entry_argument()]) -> None:
    """Give up a write that was sent to no node."""
    session.correspondent().queue.drop(entry)
    session.screen.show([fact("entry", entry, say("outbox-entry"))], note=say("outbox-dropped"))


# How long sending goes on where the caller does not say.
_SECONDS = 120


_STATES = {
    "wanted": Sentence("outbox.wanted"),
    "signed": Sentence("outbox.signed"),
    "offered": Sentence("outbox.offered"),
    "accepted": Sentence("outbox.accepted"),
    "stopped": Sentence("outbox.stopped"),
}


def _entry_argument() -> Any:
    return argument(say("metavar-number"), say("outbox-entry-help"))


def _data(entry: Entry) -> dict[str, Any]:
    return {
        "entry": entry.id,
        "state": entry.state.value,
        "function": entry.call.function,
        "claim": entry.lane,
        "wanted_at": entry.wanted_at,
        "hash": None if entry.signed is None else entry.signed.hash,
        "earlier": [each.hash for each in entry.earlier],
        "said": entry.said,
        "reason": None if entry.reason is None else entry.reason["code"],
    }


def _intended_data(intention: Intention) -> dict[str, Any]:
    return {
        "entry": intention.id,
        "state": _state(intention),
        "claim": intention.claim,
        "payer": intention.payer,
        "policy": intention.policy,
        "clause": intention.clause,
        "paths": list(intention.paths),
        "wanted_at": intention.wanted_at,
        "reason": None if intention.reason is None else intention.reason["code"],
    }


def _intended_row(intention: Intention) -> list[object]:
    state = _STATES[_state(intention)].text(spoken())
    said = (intention.reason or {}).get(spoken()) or say("outbox-waits-for-step")
    return [intention.id, say("outbox-disclosure"), state, utc_text(intention.wanted_at), said]


def _state(intention: Intention) -> str:
    return "wanted" if intention.reason is None else "stopped"


def _row(entry: Entry) -> list[object]:
    reason = (entry.reason or {}).get(spoken(), "")
    again = say("outbox-higher-fee", number=len(entry.earlier)) if entry.earlier else ""
    said = " ".join(filter(None, [reason or entry.said, again])) or "-"
    state = _STATES[entry.state.value].text(spoken())
    return [entry.id, entry.call.function, state, utc_text(entry.wanted_at), said]
