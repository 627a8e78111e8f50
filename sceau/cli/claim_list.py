# SPDX-License-Identifier: Apache-2.0
"""``sceau claim list``: the party's claims, as the chain was followed into its store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.hints import message_of
from sceau.cli.options import Needs
from sceau.cli.result import block_facts
from sceau.cli.session import Session
from sceau.cli.words import say, spoken
from sceau.errors import NodeError

if TYPE_CHECKING:
    from sceau.store.index import Listed


def add(group: typer.Typer) -> None:
    """Adds the command to ``sceau claim``."""
    add_command(
        group,
        "list",
        list_claims,
        french="Liste vos dossiers et leur état, même sans nœud.",
        needs=Needs.CHAIN | Needs.KEYSTORE | Needs.STORE,
    )


def list_claims(
    session: Session,
    state: Annotated[str | None, _state_option()] = None,
    after: Annotated[str | None, _after_option()] = None,
    limit: Annotated[int, _limit_option()] = 100,
) -> None:
    """List your claims and their states, even without a node."""
    from sceau.claim.history import state_named

    wanted = None if state is None else state_named(state)
    party = session.correspondent()
    try:
        with session.screen.working(say("following-chain")):
            party.follow()
    except NodeError as error:
        session.screen.warn(message_of(error))
    block = party.followed
    found = party.claims(state=wanted, after=after, limit=limit)
    if session.screen.as_json:
        at = None if block is None else block.to_json()
        session.screen.data({"claims": [each.to_json() for each in found], "block": at})
        return
    if block is None:
        session.screen.text(say("chain-not-followed"))
        return
    for each in found:
        session.screen.text(each.claim)
        session.screen.text("  " + _words(each))
    session.screen.facts(
        [
            (say("claims-listed"), str(len(found))),
            *((each.label, each.words) for each in block_facts(block)),
        ]
    )


def _words(listed: Listed) -> str:
    from sceau.terms import state_words

    parties = [(say("practice"), listed.practice), (say("payer"), listed.payer)]
    if listed.supplier is not None:
        parties.append((say("supplier"), listed.supplier))
    named = ", ".join(f"{role} {party}" for role, party in parties)
    return f"{state_words(listed.state).text(spoken())}, {listed.day.isoformat()}; {named}"


def _state_option() -> Any:
    return typer.Option("--state", metavar=say("metavar-state"), help=say("claim-list-state"))


def _after_option() -> Any:
    return typer.Option("--after", metavar=say("metavar-claim"), help=say("claim-list-after"))


def _limit_option() -> Any:
    return typer.Option("--limit", metavar="N", min=1, help=say("claim-list-limit"))
