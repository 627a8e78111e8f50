# SPDX-License-Identifier: Apache-2.0
"""``sceau sync``: writes what waits, sends the post, and fetches what came."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.options import Needs
from sceau.cli.result import fact, for_programs
from sceau.cli.session import Session
from sceau.cli.words import say, spoken

if TYPE_CHECKING:
    from sceau.roles.posting import Problem

#: What a party needs for its post.
POST = Needs.MESSAGES | Needs.EXCHANGE


def add(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app,
        "sync",
        sync,
        french="Écrit ce qui attend, envoie les messages, et relève ceux qui sont arrivés.",
        needs=Needs.WRITE | POST,
    )


def sync(session: Session) -> None:
    """Write what waits, send messages, and receive those that arrived."""
    party = session.correspondent()
    with session.screen.working(say("synchronising")):
        report = party.sync(session.timeout)
    session.screen.show(
        [
            fact("written", report.written, say("sync-written")),
            fact("queued", report.queued, say("sync-queued")),
            fact("sent", report.sent, say("sync-sent")),
            fact("received", report.received, say("sync-received")),
            fact("waiting", report.waiting, say("sync-waiting")),
            for_programs("offline", report.offline),
            fact("problems", problems_data(report.problems), say("outbox-problems"), len(report.problems)),
        ],
        note=say("sync-look") if report.received else "",
    )
    tell_problems(session, report.problems)


def problems_data(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems as programs read them."""
    return [
        {"code": each.code, "party": each.party, "place": each.place, "count": each.count}
        for each in problems
    ]


def tell_problems(session: Session, problems: Iterable[Problem]) -> None:
    """Problems as people read them, one below the other."""
    if session.screen.as_json:
        return
    for each in problems:
        times = f" (× {each.count})" if each.count > 1 else ""
        session.screen.text(f"{each.place} {each.text(spoken())}{times}".strip())
