# SPDX-License-Identifier: Apache-2.0
"""``sceau store``: looks after the encrypted store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.times import utc_text
from sceau.cli import store_erase, store_papers
from sceau.cli.command import add_command
from sceau.cli.options import Needs, argument, file_word, force_option
from sceau.cli.received import kind_words
from sceau.cli.result import Fact, fact, for_people
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.settings import open_store
from sceau.store import LocalStore

if TYPE_CHECKING:
    from sceau.messages.given import Given
    from sceau.store.backup import Condition


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau store``."""
    add_command(
        group,
        "status",
        status,
        french="Dit combien d'enregistrements de chaque sorte le stockage contient, et son époque.",
        needs=Needs.STORE,
    )
    add_command(
        group,
        "backup",
        backup,
        french="Écrit une sauvegarde chiffrée du stockage, et la relit en entier.",
        needs=Needs.STORE,
    )
    add_command(
        group,
        "restore",
        restore,
        french="Restaure une sauvegarde là où rien n'est encore stocké.",
        needs=Needs.STORE,
    )
    add_command(
        group,
        "take-in",
        take_in,
        french="Reprend le stockage de la version précédente, et des fichiers d'étapes, de demandes et d'accords.",
        needs=Needs.STORE,
    )
    add_command(
        group,
        "register",
        register,
        french="Montre à qui vous avez transmis quoi, quand et jusqu'à quand, sans les valeurs.",
        needs=Needs.STORE,
    )
    store_erase.add(group)
    store_papers.add(group)


def status(session: Session) -> None:
    """Say how many records of each kind the store holds, and its epoch."""
    from sceau.store.backup import condition

    store = open_store(session.settings)
    session.screen.show([*_facts(condition(store)), fact("key", store.keys.shown, say("key"))])


def backup(
    session: Session,
    file: Annotated[Path, argument(file_word(), say("file-write"))],
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Write an encrypted backup of the store, and read it back whole."""
    from sceau.store.backup import back_up

    with session.screen.working(say("backing-up")):
        found = back_up(open_store(session.settings), file, force=force)
    session.screen.show(
        [fact("file", str(file), say("file")), *_facts(found)], note=say("backup-opens-with-key")
    )


def restore(session: Session, file: Annotated[Path, argument(file_word(), say("backup-file"))]) -> None:
    """Restore a backup to a place where nothing is stored yet."""
    from sceau.store.backup import restore as restored

    store: LocalStore = open_store(session.settings)
    with session.screen.working(say("restoring")):
        found = restored(file, store)
    session.screen.show(_facts(found), note=say("restored-later-is-missing"))


def take_in(
    session: Session,
    files: Annotated[list[Path] | None, argument(file_word(), say("files-taken-in"))] = None,
) -> None:
    """Take in the store of the earlier version, and files of steps, requests and consents."""
    from sceau.roles.taking_in import take_in_all

    taken = take_in_all(session.settings, files or ())
    session.screen.show(
        [
            fact("documents", taken.documents, say("documents")),
            fact("numbers", taken.numbers, say("once-only-numbers")),
            fact("received", taken.received, say("received-ids")),
        ],
        note=say("taken-in-remove-files"),
    )


def register(session: Session, claim: Annotated[str | None, _claim_option()] = None) -> None:
    """Show to whom you gave what, when and until when, without the values."""
    from sceau.documents.identifiers import checked_id
    from sceau.messages.given import read_register

    found = read_register(open_store(session.settings), None if claim is None else checked_id(claim))
    if session.screen.as_json:
        session.screen.data(found.to_json())
        return
    since = "-" if found.since is None else utc_text(found.since)
    session.screen.facts([(say("register-since"), since)])
    if found.entries:
        headings = [
            say("register-to"),
            say("register-what"),
            say("register-last"),
            say("register-until"),
        ]
        rows = [
            [each.recipient, _given(each), utc_text(each.last_at), each.delete_by or "-"]
            for each in found.entries
        ]
        session.screen.table(headings, rows)
    else:
        session.screen.text(say("register-nothing"))
    session.screen.note(say("register-before-unknown"))


def _claim_option() -> Any:
    return typer.Option("--claim", metavar=say("metavar-claim"), help=say("register-of-claim"))


def _given(entry: Given) -> str:
    """What an entry of the register says was given."""
    parts = [kind_words(entry.kind)]
    for shown in entry.shown:
        if shown.whole:
            parts.append(say("register-whole"))
        elif shown.paths:
            parts.append(", ".join(shown.paths))
        if shown.keys:
            parts.append(say("register-keys", groups=", ".join(shown.keys)))
    return "; ".join(parts)


def _facts(found: Condition) -> list[Fact]:
    return [
        fact("records", found.records, say("records"), found.total),
        *(for_people(f"  {kind}", number) for kind, number in found.records.items()),
        fact("epoch", found.epoch, say("epoch")),
        fact("size", found.size, say("size"), f"{found.size:,}".replace(",", " ")),
    ]
