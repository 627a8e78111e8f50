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
    outbox = session.correspondent().queue.outbox
    found, stands = outbox.unfinished(), outbox.condition()
    if session.screen.as_json:
        session.screen.data(
            {
                "waiting": stands.unfinished,
                "oldest": stands.oldest,
                "elsewhere": stands.elsewhere,
                "entries": [_data(each) for each in found],
            }
        )
        return
    age = "-" if stands.oldest is None else f"{stands.oldest} s"
    session.screen.facts([(say("outbox-waiting"), stands.unfinished), (say("outbox-oldest"), age)])
    if stands.elsewhere:
        session.screen.note(say("outbox-elsewhere", number=stands.elsewhere))
    if found:
        headings = [
            say("outbox-entry"),
            say("outbox-what"),
            say("outbox-state"),
            say("outbox-since"),
            say("outbox-said"),
        ]
        session.screen.table(headings, [_row(each) for each in found])


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
        "said": entry.said,
        "reason": None if entry.reason is None else entry.reason["code"],
    }


def _row(entry: Entry) -> list[object]:
    reason = (entry.reason or {}).get(spoken(), "")
    said = reason or entry.said or "-"
    state = _STATES[entry.state.value].text(spoken())
    return [entry.id, entry.call.function, state, utc_text(entry.wanted_at), said]
