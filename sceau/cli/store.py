# SPDX-License-Identifier: Apache-2.0
"""``sceau store``: looks after the encrypted store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sceau.cli.command import add_command
from sceau.cli.options import Needs, argument, file_word, force_option
from sceau.cli.result import Fact, fact, for_people
from sceau.cli.session import Session
from sceau.cli.words import say
from sceau.settings import open_store
from sceau.store import LocalStore

if TYPE_CHECKING:
    from sceau.store.backup import Condition


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau store``."""
    add_command(
        group,
        "status",
        status,
        french="Dit combien d'enregistrements de chaque sorte le stockage tient, et son époque.",
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
        french="Remet une sauvegarde là où rien n'est encore stocké.",
        needs=Needs.STORE,
    )
    add_command(
        group,
        "take-in",
        take_in,
        french="Reprend le stockage de la version précédente, et des fichiers d'étapes, de demandes et d'accords.",
        needs=Needs.STORE,
    )


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
    """Bring a backup into a place where nothing was stored yet."""
    from sceau.store.backup import restore as restored

    store: LocalStore = open_store(session.settings)
    with session.screen.working(say("restoring")):
        found = restored(file, store)
    session.screen.show(_facts(found), note=say("restored-later-is-missing"))


def take_in(
    session: Session,
    files: Annotated[list[Path] | None, argument(file_word(), say("files-taken-in"))] = None,
) -> None:
    """Take in the store of the version before, and files of steps, requests and consents."""
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


def _facts(found: Condition) -> list[Fact]:
    return [
        fact("records", found.records, say("records"), found.total),
        *(for_people(f"  {kind}", number) for kind, number in found.records.items()),
        fact("epoch", found.epoch, say("epoch")),
        fact("size", found.size, say("size"), f"{found.size:,}".replace(",", " ")),
    ]
