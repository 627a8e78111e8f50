# SPDX-License-Identifier: Apache-2.0
"""``sceau store erase`` and ``sceau store expire``: what must go is final."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.options import Needs, file_option, flag_option
from sceau.cli.result import Fact, all_for_programs, for_people
from sceau.cli.session import Session
from sceau.cli.words import say, spoken
from sceau.settings import open_store

if TYPE_CHECKING:
    from sceau.retention import Periods
    from sceau.roles.acting import ActingParty
    from sceau.roles.erasing import Erasure
    from sceau.store.erasing import Copies


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau store``."""
    add_command(
        group,
        "erase",
        erase,
        french="Efface définitivement dossiers, accords ou enregistrements, sauf ce qui doit être conservé.",
        needs=Needs.CHAIN | Needs.STORE,
    )
    add_command(
        group,
        "expire",
        expire,
        french="Montre ce dont la durée de conservation est passée ; l'efface avec --apply.",
        needs=Needs.CHAIN | Needs.STORE,
    )


def erase(
    session: Session,
    backup: Annotated[Path, _backup_option()],
    claims: Annotated[list[str] | None, _claims_option()] = None,
    consents: Annotated[list[str] | None, _consents_option()] = None,
    records: Annotated[list[str] | None, _records_option()] = None,
    key_copy: Annotated[Path | None, _key_copy_option()] = None,
    insist: Annotated[bool, _insist_option()] = False,
    nowhere_else: Annotated[bool, _nowhere_else_option()] = False,
    old_backups: Annotated[list[Path] | None, _old_backups_option()] = None,
    search: Annotated[list[Path] | None, _search_option()] = None,
    periods: Annotated[Path | None, _periods_option()] = None,
) -> None:
    """Erase claims, consents or records for good, except what must be kept."""
    with session.screen.working(say("erasing")):
        done = _role(session).erase(
            _copies(backup, key_copy),
            claims=claims or (),
            consents=consents or (),
            records=records or (),
            insist=insist,
            nowhere_else=nowhere_else,
            old_backups=old_backups or (),
            search=search or (),
            periods=_periods(session, periods),
        )
    _show(session, done)


def expire(
    session: Session,
    backup: Annotated[Path | None, _backup_option()] = None,
    apply: Annotated[bool, _apply_option()] = False,
    periods: Annotated[Path | None, _periods_option()] = None,
) -> None:
    """Show what was kept for as long as the periods say; erase it with --apply."""
    from sceau.roles.erasing import expired

    role, counting = _role(session), _periods(session, periods)
    found = expired(session.network, role.store, counting)
    if apply:
        if backup is None:
            raise typer.BadParameter(say("erase-backup-wanted"))
        done = role.erase(
            _copies(backup, None),
            claims=found.claims,
            consents=found.consents,
            records=found.records,
            given=found.given,
            periods=counting,
        )
        _show(session, done)
        return
    session.screen.show(
        [
            *all_for_programs({name: list(each) for name, each in vars(found).items()}),
            *(for_people(say("claim"), claim) for claim in found.claims),
            *(for_people(say("consent"), consent) for consent in found.consents),
            *(for_people(say("expired-request"), request) for request in found.records),
            for_people(say("expired-given"), len(found.given)),
        ],
        note=say("expire-shows-only"),
    )


def _role(session: Session) -> ActingParty:
    from sceau.roles.acting import ActingParty

    return ActingParty(session.network, store=open_store(session.settings))


def _copies(backup: Path, key_copy: Path | None) -> Copies:
    from sceau.store.erasing import Copies
    from sceau.store.keys import KeyFile

    return Copies(backup, None if key_copy is None else KeyFile(key_copy))


def _periods(session: Session, folder: Path | None) -> Periods | None:
    from datetime import datetime, timezone

    from sceau.retention import load_periods

    if folder is None:
        return None
    day = datetime.fromtimestamp(session.network.head().timestamp, timezone.utc).date()
    return load_periods(on=day, directory=folder)


def _show(session: Session, done: Erasure) -> None:
    facts: list[Fact] = [*all_for_programs(done.to_json())]
    if done.erased is not None:
        facts += [for_people(say("erasure"), done.erased.id)]
        facts += [for_people(say("erased-records"), sum(done.erased.kinds.values()))]
        facts += [for_people(f"  {kind}", number) for kind, number in done.erased.kinds.items()]
    facts += [for_people(say("erased-final"), say("yes") if done.final else say("erased-not-final"))]
    for each in done.finished:
        facts.append(for_people(say("erased-backups"), _covered(each.backup_covers or "")))
    if done.proof is not None:
        facts.append(
            for_people(
                say("erased-proof"),
                say("erased-nothing-found", number=done.proof.looked_for, files=len(done.proof.files))
                if done.proof.holds
                else say("erased-found"),
            )
        )
        traces = [*done.proof.found_in, *done.proof.readable]
        facts += [for_people(f"  {say('file')}", path) for path in traces]
    facts += [for_people(say("not-known-here"), each) for each in done.unknown]
    for kept in done.kept:
        facts += [
            for_people(say("erased-kept"), kept.subject),
            for_people(say("erased-why"), kept.words(spoken())),
        ]
    session.screen.show(facts)


def _covered(code: str) -> str:
    return {
        "covered": say("backups-covered"),
        "key-under-passphrase": say("backups-not-covered-passphrase"),
        "key-in-keyring": say("backups-not-covered-keyring"),
        "copies-of-key-not-excluded": say("backups-not-covered-copies"),
    }[code]


def _backup_option() -> Any:
    return file_option("--backup", say("erase-backup"))


def _claims_option() -> Any:
    return typer.Option("--claim", metavar=say("metavar-claim"), help=say("erase-claim"))


def _consents_option() -> Any:
    return typer.Option("--consent", metavar=say("metavar-consent"), help=say("erase-consent"))


def _records_option() -> Any:
    return typer.Option("--record", metavar="0x…", help=say("erase-record"))


def _key_copy_option() -> Any:
    return file_option("--key-copy", say("erase-key-copy"))


def _insist_option() -> Any:
    return flag_option("--insist", text=say("erase-insist"))


def _nowhere_else_option() -> Any:
    return flag_option("--no-other-key-copy", text=say("erase-nowhere-else"))


def _old_backups_option() -> Any:
    return file_option("--old-backup", say("erase-old-backup"))


def _search_option() -> Any:
    return file_option("--search", say("erase-search"))


def _periods_option() -> Any:
    return typer.Option("--periods", metavar=say("metavar-path"), help=say("erase-periods"))


def _apply_option() -> Any:
    return flag_option("--apply", text=say("expire-apply"))
