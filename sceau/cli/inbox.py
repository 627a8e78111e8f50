# SPDX-License-Identifier: Apache-2.0
"""``sceau inbox``: the messages that came, and what each asks of you."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.times import iso_text, utc_text
from sceau.cli.command import add_command
from sceau.cli.options import Needs, flag_option
from sceau.cli.received import facts_of, kind_words
from sceau.cli.result import Fact, fact
from sceau.cli.session import Session
from sceau.cli.sync import problems_data, tell_problems
from sceau.cli.words import say, spoken

if TYPE_CHECKING:
    from sceau.messages.envelope import Message
    from sceau.messages.kinds import Received
    from sceau.roles.tasks import Task


def add(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app,
        "inbox",
        inbox,
        french="Liste les messages reçus, et ce que chacun vous demande.",
        needs=Needs.SIGN | Needs.MESSAGES,
    )


def inbox(
    session: Session,
    done: Annotated[list[str] | None, _done_option()] = None,
    clear: Annotated[bool, _clear_option()] = False,
) -> None:
    """List the messages that you received, and what each asks of you."""
    party = session.correspondent()
    messages = party.inbox()
    for key in done or ():
        messages.done(key)
    listed = messages.listed()
    found = [_facts(*each) for each in listed]
    if session.screen.as_json:
        session.screen.data(
            {
                "messages": [{each.key: each.value for each in facts if each.key} for facts in found],
                "problems": problems_data(messages.problems),
            }
        )
    else:
        _tell(session, found)
    tell_problems(session, messages.problems)
    if clear:
        messages.clear(listed)


def _tell(session: Session, found: list[list[Fact]]) -> None:
    if not found:
        session.screen.text(say("inbox-empty"))
    for facts in found:
        session.screen.tell(facts)
        session.screen.text()


def _facts(key: str, message: Message, received: Received, task: Task | None) -> list[Fact]:
    from sceau.roles.tasks import TASK_WORDS

    words = say("inbox-asks-nothing") if task is None else TASK_WORDS[task].text(spoken())
    return [
        fact("id", key, say("inbox-id")),
        fact("kind", message.kind, say("message"), kind_words(message.kind)),
        fact("from", message.sender, say("from-party")),
        fact("signed_at", iso_text(message.issued_at), say("signed-at"), utc_text(message.issued_at)),
        *facts_of(received),
        fact("asks", None if task is None else task.value, say("inbox-asks"), words),
    ]


def _done_option() -> Any:
    return typer.Option("--done", metavar="ID", help=say("inbox-done"))


def _clear_option() -> Any:
    return flag_option("--clear", text=say("inbox-clear"))
