# SPDX-License-Identifier: Apache-2.0
"""``sceau evidence``: what a party shows an auditor of one claim, from the files it keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.cli.command import add_command
from sceau.cli.errors import (
    ChosenNowhere,
    EvidenceEmpty,
    GroupUnknown,
    NothingChosen,
    OfAnotherClaim,
    OrderKeyMissing,
)
from sceau.cli.holdings import Holding, held_step, read_holding
from sceau.cli.mail import load_directory
from sceau.cli.options import Needs, file_word, force_option, output_option
from sceau.cli.session import Session
from sceau.cli.step_options import claim_argument
from sceau.cli.words import say
from sceau.documents.files import require_writable, save_json

if TYPE_CHECKING:
    from sceau.audit.evidence import Evidence, OpenedGroup, RecordPart
    from sceau.chain.terms import Group
    from sceau.conformity.keys import OrderKey
    from sceau.messages.envelope import Message
    from sceau.party.directory import DirectoryEntry
    from sceau.record import SealedRecord

Held = Sequence[tuple[Path, Holding]]


def add(app: typer.Typer) -> None:
    """Adds the command."""
    add_command(
        app,
        "evidence",
        evidence,
        french="Réunit pour un auditeur ce que vous montrez d'un dossier : valeurs choisies, groupes, messages.",
        needs=Needs.CHAIN | Needs.DIRECTORY,
    )


def evidence(
    session: Session,
    claim: Annotated[str, claim_argument()],
    output: Annotated[Path, output_option()],
    step: Annotated[list[Path] | None, _step_option()] = None,
    path: Annotated[list[str] | None, _path_option()] = None,
    group: Annotated[list[str] | None, _group_option()] = None,
    message: Annotated[list[Path] | None, _message_option()] = None,
    others: Annotated[list[Path] | None, _add_option()] = None,
    force: Annotated[bool, force_option()] = False,
) -> None:
    """Gather for an auditor what you show of a claim: chosen values, opened groups, received messages."""
    from sceau.audit.evidence import Evidence
    from sceau.claim.history import read_history

    require_writable(output, force=force)
    if not (step or message or others):
        raise EvidenceEmpty
    paths, groups = path or [], [_group(code) for code in group or ()]
    network = session.network
    history = read_history(network, claim, block=network.node.head().number)
    for each in step or ():
        held_step(session, each, history)
    held = [(each, session.read(each, read_holding)) for each in step or ()]
    _require_places(held, paths, groups)
    messages = [_message(session, each, history.state.claim) for each in message or ()]
    made = Evidence.about(
        network,
        history.state.claim,
        records=tuple(_records(held, paths)),
        groups=tuple(_groups(held, groups)),
        messages=tuple(each.signed for each in messages),
        entries=_entries(session, messages),
    )
    for other in others or ():
        made = _joined(made, session.read(other, Evidence.from_json), other)
    save_json(output, made.to_json(), force=force)
    _show(session, made, output)


def _require_places(held: Held, paths: Sequence[str], groups: Sequence[Group]) -> None:
    """Nothing chosen is missing, and no step is given for nothing; one may be given for its order key alone."""
    from sceau.chain.terms import group_words

    openings = [holding.record for _, holding in held if holding.record is not None]
    for path in paths:
        if not any(path in record.values for record in openings):
            raise ChosenNowhere(what=path)
    for group in groups:
        if not any(_has_groups(record) for record in openings):
            raise ChosenNowhere(what=group_words(group))
    for file, holding in held:
        record = holding.record
        if record is None or holding.order_key is not None:
            continue
        if not any(path in record.values for path in paths) and not (groups and _has_groups(record)):
            raise NothingChosen(path=file)


def _records(held: Held, paths: Sequence[str]) -> Iterator[RecordPart]:
    """The chosen values of each step that has them. A disclosure shows what its sender chose, no less."""
    from sceau.audit.evidence import RecordPart

    for _, holding in held:
        if holding.disclosure is not None:
            yield RecordPart(holding.disclosure.scope, holding.disclosure.multiproof)
        elif holding.record is not None:
            chosen = [path for path in paths if path in holding.record.values]
            if chosen:
                yield RecordPart.of(holding.record, chosen)


def _groups(held: Held, groups: Sequence[Group]) -> Iterator[OpenedGroup]:
    """The chosen groups of each order, delivery and invoice."""
    from sceau.audit.evidence import OpenedGroup
    from sceau.conformity.opening import open_group

    for file, holding in held:
        record = holding.record
        if record is None or not groups or not _has_groups(record):
            continue
        key = _key(held, record)
        if key is None:
            raise OrderKeyMissing(path=file, order=record.scope.order_number)
        for group in groups:
            yield OpenedGroup(record.scope, open_group(record, key, group))


def _has_groups(record: SealedRecord) -> bool:
    from sceau.conformity.groups import VERSIONS

    return record.scope.profile_key in VERSIONS


def _key(held: Held, record: SealedRecord) -> OrderKey | None:
    """The key of the order that a record is about, which the order's own file keeps."""
    for _, holding in held:
        placed = holding.record
        if (
            holding.order_key is not None
            and placed is not None
            and placed.scope.order_number == record.scope.order_number
        ):
            return holding.order_key
    return None


def _message(session: Session, path: Path, claim: str) -> Message:
    """A kept message, as its sender signed it. Raises :class:`OfAnotherClaim`, :class:`EnvelopeError`."""
    from sceau.messages.mailbox import read_signed_message
    from sceau.messages.stored import StoredMessage

    kept = session.read(path, StoredMessage.from_json)
    with session.in_file(path):
        message = read_signed_message(session.network, load_directory(session), kept.signed)
        if message.body.get("claim", claim) != claim:
            raise OfAnotherClaim(path=path, claim=claim)
    return message


def _entries(session: Session, messages: Sequence[Message]) -> tuple[DirectoryEntry, ...]:
    """What the senders of messages publish of themselves: an auditor needs no directory of its own."""
    if not messages:
        return ()
    directory = load_directory(session)
    return tuple(
        directory.entry(session.network, party) for party in sorted({each.sender for each in messages})
    )


def _joined(made: Evidence, other: Evidence, path: Path) -> Evidence:
    about = ("chain_id", "genesis_hash", "contract", "claim")
    if any(getattr(made, part) != getattr(other, part) for part in about):
        raise OfAnotherClaim(path=path, claim=made.claim)
    messages = dict.fromkeys((*made.messages, *other.messages))
    entries = {entry.hash: entry for entry in (*made.entries, *other.entries)}
    return replace(
        made,
        records=(*made.records, *other.records),
        groups=(*made.groups, *other.groups),
        messages=tuple(messages),
        entries=tuple(entries.values()),
    )


def _group(code: str) -> Group:
    from sceau.chain.terms import Group, group_words

    groups = {group_words(group).code: group for group in Group}
    if code not in groups:
        raise GroupUnknown(known=", ".join(groups))
    return groups[code]


def _show(session: Session, made: Evidence, output: Path) -> None:
    counts = {"records": len(made.records), "groups": len(made.groups), "messages": len(made.messages)}
    if session.screen.as_json:
        session.screen.data({"file": str(output), "claim": made.claim, **counts})
        return
    session.screen.facts(
        [
            (say("Claim", "Dossier"), made.claim),
            (say("Records", "Enregistrements"), counts["records"]),
            (say("Opened groups", "Groupes ouverts"), counts["groups"]),
            (say("Messages", "Messages"), counts["messages"]),
            (say("File", "Fichier"), output),
        ]
    )
    session.screen.note(
        say(
            "What you chose stands there in clear, health data included: give it to the auditor alone, encrypted.",
            "Ce que vous avez choisi y est en clair, données de santé comprises : à remettre chiffré à l'auditeur.",
        )
    )


def _step_option() -> Any:
    text = say(
        "A kept step, opening, disclosure or received order; repeat it for several.",
        "Une étape gardée, ouverture, divulgation ou commande reçue ; à répéter.",
    )
    return typer.Option("--step", metavar=file_word(), help=text)


def _path_option() -> Any:
    text = say("Show this path of each step that has it.", "Montrer ce chemin de chaque étape qui l'a.")
    return typer.Option("--path", metavar=say("PATH", "CHEMIN"), help=text)


def _group_option() -> Any:
    text = say(
        "Open this group of each order, delivery, invoice: act-codes, lens-product, correction, quantity.",
        "Ouvrir ce groupe des commandes, livraisons, factures : act-codes, lens-product, correction, quantity.",
    )
    return typer.Option("--group", metavar=say("GROUP", "GROUPE"), help=text)


def _message_option() -> Any:
    text = say(
        "Add what the sender of a received message signed.",
        "Ajouter ce qu'a signé l'auteur d'un message reçu.",
    )
    return typer.Option("--message", metavar=file_word(), help=text)


def _add_option() -> Any:
    text = say("Add another party's evidence on the claim.", "Ajouter les preuves d'une autre partie.")
    return typer.Option("--add", metavar=file_word(), help=text)
