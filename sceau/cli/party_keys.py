# SPDX-License-Identifier: Apache-2.0
"""``sceau party keys | add-key | retire-key | offer-control | withdraw-offer | accept-control``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sceau.chain.registries.parties import KeyState, party_number, read_keys
from sceau.chain.times import iso_text, seconds_of, utc_text
from sceau.cli.command import add_command
from sceau.cli.options import Needs, file_word, party_option, yes_option
from sceau.cli.options import party_number as checked_number
from sceau.cli.result import Fact, block_facts, fact, for_programs
from sceau.cli.session import Session
from sceau.cli.words import say, spoken
from sceau.cli.writing import show, wait
from sceau.documents.identifiers import require_address

if TYPE_CHECKING:
    from sceau.chain.node import Block
    from sceau.roles.controller import Controller, StolenKey
    from sceau.roles.handle import Handle

_ADDRESS = re.compile(r"0[xX][0-9a-fA-F]{40}")


def add(group: typer.Typer) -> None:
    """Adds the commands to ``sceau party``."""
    add_command(
        group,
        "keys",
        keys,
        french="Liste les clés de signature d'une partie, retirées comprises ; les vôtres sans autre indication.",
        needs=Needs.SIGN,
    )
    add_command(
        group,
        "add-key",
        add_key,
        french="Ajoute une clé de signature à votre partie ; avec la clé de son contrôleur.",
        needs=Needs.WRITE,
    )
    add_command(
        group,
        "retire-key",
        retire_key,
        french="Retire pour toujours une clé de signature, volée ou non ; avec elle-même, ou la clé du contrôleur.",
        needs=Needs.WRITE,
    )
    add_command(
        group,
        "offer-control",
        offer_control,
        french="Propose le contrôle de votre partie à une autre adresse ; avec la clé de son contrôleur.",
        needs=Needs.WRITE,
    )
    add_command(
        group,
        "withdraw-offer",
        withdraw_offer,
        french="Retire l'offre de contrôle ; avec la clé du contrôleur.",
        needs=Needs.WRITE,
    )
    add_command(
        group,
        "accept-control",
        accept_control,
        french="Accepte le contrôle d'une partie, proposé à votre clé.",
        needs=Needs.WRITE,
    )


def keys(session: Session, party: Annotated[str | None, party_argument()] = None) -> None:
    """List the signing keys of a party, retired ones too; your own if none is named."""
    network = session.network
    number = party_named(session, party) if party else party_number(network, session.key_address)
    block = network.head()
    found = read_keys(network, number, block=block.number)
    show_keys(session, [_party(number)], found, block)


def add_key(
    session: Session,
    party: Annotated[int, _party_option()],
    key: Annotated[Path, _key_option()],
    key_password_file: Annotated[Path | None, _key_password_option()] = None,
) -> None:
    """Add a signing key to your party; with the key of its controller."""
    added = session.open_keystore(key, key_password_file)
    handle = _controller(session, party).add_key(added)
    _written(session, handle, [_party(party), _key(added.address)])


def retire_key(
    session: Session,
    key: Annotated[str | None, _retired_argument()] = None,
    stolen_since: Annotated[str | None, _stolen_option()] = None,
    yes: Annotated[bool, yes_option()] = False,
) -> None:
    """Retire a signing key for ever, stolen or not; with the key itself, or that of the party's controller."""
    since = seconds_of(stolen_since) if stolen_since else None
    address = require_address(key) if key else session.key_address
    number = party_number(session.network, address)
    question = say("retire-key-party-ever", address=address, number=number)
    session.confirm(question, yes=yes)
    controller = _controller(session, number)
    stolen = None if since is None else controller.retire_stolen_key(address, since=since)
    handle = controller.retire_key(address) if stolen is None else stolen.retirement
    told = for_programs("stolen", None if stolen is None else _told(stolen))
    _written(session, handle, [_party(number), _key(address), told])
    if stolen is not None and not session.screen.as_json:
        session.screen.title(say("tell-admins"))
        session.screen.text(stolen.words(spoken()))
        session.screen.text(say("command") + _command(stolen))


def offer_control(
    session: Session,
    to: Annotated[str, _address_argument()],
    party: Annotated[int, _party_option()],
) -> None:
    """Offer control of your party to another address; with the key of its controller."""
    handle = _controller(session, party).offer_control(to)
    _written(
        session,
        handle,
        [_party(party), fact("offered_to", require_address(to), say("offered"))],
    )


def withdraw_offer(session: Session, party: Annotated[int, _party_option()]) -> None:
    """Withdraw the offer of control; with the key of the controller."""
    _written(session, _controller(session, party).withdraw_offer(), [_party(party)])


def accept_control(session: Session, party: Annotated[int, _party_option()]) -> None:
    """Accept control of a party, which was offered to your key."""
    handle = _controller(session, party).accept_control()
    controller = fact("controller", session.signer.address, say("controller"))
    _written(session, handle, [_party(party), controller])


def show_keys(session: Session, facts: Sequence[Fact], found: Sequence[KeyState], block: Block) -> None:
    """Shows facts of a party, then its keys."""
    shown = [*facts, for_programs("keys", [key.to_json() for key in found]), *block_facts(block)]
    session.screen.show(shown)
    if session.screen.as_json:
        return
    session.screen.text()
    headings = (say("signing-key"), say("since"), say("state"))
    session.screen.table(headings, [(key.key, utc_text(key.added_at), _state(key)) for key in found])


def party_named(session: Session, named: str) -> int:
    """The number of a party that is named by it, or by the address of one of its keys."""
    if _ADDRESS.fullmatch(named):
        return party_number(session.network, require_address(named))
    return checked_number(named)


def party_argument() -> Any:
    """``PARTY``."""
    text = say("number-address-one-keys")
    return typer.Argument(metavar=say("metavar-party"), help=text)


def _controller(session: Session, party: int) -> Controller:
    from sceau.roles.controller import Controller

    return Controller(session.network, session.signer, party)


def _written(session: Session, handle: Handle, facts: Sequence[Fact]) -> None:
    show(session, facts, wait(session, handle))


def _told(stolen: StolenKey) -> dict[str, Any]:
    return {
        "since": iso_text(stolen.since),
        "to": stolen.call.to,
        "data": stolen.call.data,
        "command": _command(stolen),
        "en": stolen.words("en"),
        "fr": stolen.words("fr"),
    }


def _command(stolen: StolenKey) -> str:
    """What an admin types: its scripts are in the project, and not in the library."""
    return f"tools/brownie run parties compromised {stolen.key} {iso_text(stolen.since)} --network NAME"


def _party(number: int) -> Fact:
    return fact("party", number, say("party"))


def _key(address: str) -> Fact:
    return fact("key", address, say("signing-key"))


def _state(key: KeyState) -> str:
    words = []
    if key.retired_at:
        words.append(say("retired") + utc_text(key.retired_at))
    if key.compromised_since:
        words.append(say("doubt-since") + utc_text(key.compromised_since))
    if key.suspended:
        words.append(say("party-suspended"))
    return ", ".join(words) or say("may-act")


def _party_option() -> Any:
    return party_option("--party", say("number-own-party"))


def _key_option() -> Any:
    text = say("keystore-signing-key-add")
    return typer.Option("--key", metavar=file_word(), help=text)


def _key_password_option() -> Any:
    text = say("file-keystore-password-if-another")
    return typer.Option("--key-password-file", metavar=file_word(), help=text)


def _retired_argument() -> Any:
    text = say("address-key-own-signing-key")
    return typer.Argument(metavar=say("metavar-key"), help=text)


def _stolen_option() -> Any:
    text = say("stolen-key-time-may-have")
    return typer.Option("--stolen-since", metavar=say("metavar-time"), help=text)


def _address_argument() -> Any:
    text = say("address-must-accept")
    return typer.Argument(metavar=say("metavar-address"), help=text)
