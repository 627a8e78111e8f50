# SPDX-License-Identifier: Apache-2.0
"""`tools/brownie run parties FUNCTION [ARGUMENT...] --network NAME`: what consortium admins do to parties.

    show APPLICATION.json            say in words what an application asks
    admit APPLICATION.json [yes]     show it, then admit the party
    calldata APPLICATION.json        show it, and what a Safe or a timelock sends to admit the party
    list                             every party: number, roles, state, controller, keys
    suspend NUMBER                   stop a party at once
    reinstate NUMBER                 let it act again
    set_roles NUMBER ROLE[,ROLE]     replace its roles
    compromised KEY SINCE [yes]      say, once for ever, since when a key was in wrong hands
    pause consents|claims            stop new consents, or new claims
    unpause consents|claims          let them be recorded again

What cannot be taken back is asked for at the keyboard, or takes the word `yes` at the end.
"""

from __future__ import annotations

from datetime import datetime, timezone

from sceau.chain.network import Network
from sceau.chain.registries.parties import party_number, read_key, read_party
from sceau.chain.terms import Role, roles_words
from sceau.chain.times import utc_text
from sceau.documents.identifiers import checksummed
from sceau.errors import SceauError
from sceau.party import management
from sceau.party.application import ROLES, read_application
from scripts import office


class ArgumentInvalid(SceauError):
    """An argument of a script is not what it should be."""

    code = "argument-invalid"
    en = "This must be {expected}."
    fr = "Il faut ici {expected}."


_REGISTRIES: dict[str, management.Pausable] = {"consents": "ConsentRegistry", "claims": "ClaimRegistry"}


@office.entry
def show(path: str) -> None:
    """Says what an application asks, after checking its proofs and that it is for this deployment."""
    application = read_application(path)
    application.check(office.network())
    print(application.in_words(office.settings().language))


@office.entry
def admit(path: str, confirmation: str = "") -> None:
    """Shows an application and admits the party."""
    application = read_application(path)
    network = office.network()
    application.check(network)
    print(application.in_words(office.settings().language))
    office.confirm("Admit this party?", confirmation)
    office.report(application.admit(network, office.admin()))
    print(f"It is party {party_number(network, application.keys[0].key)}.")


@office.entry
def calldata(path: str) -> None:
    """Shows an application and the call that admits the party, for an admin that is a contract."""
    application = read_application(path)
    network = office.network()
    application.check(network)
    print(application.in_words(office.settings().language))
    arguments = management.admission(
        application.controller, application.roles, application.directory, application.keys
    )
    print(f"to {network.address('PartyRegistry')}")
    print(f"data {network.encode('PartyRegistry', 'admit', *arguments)}")


@office.entry
def list() -> None:  # noqa: A001 - it is the word that an admin types
    """Every party, by number."""
    network = office.network()
    for number in range(1, network.read("PartyRegistry", "partyCount") + 1):
        print(party_lines(network, number))


@office.entry
def suspend(number: str) -> None:
    """Suspends a party: from that block on none of its keys may act."""
    office.report(management.suspend(office.network(), office.admin(), party_argument(number)))


@office.entry
def reinstate(number: str) -> None:
    """Ends a suspension."""
    office.report(management.reinstate(office.network(), office.admin(), party_argument(number)))


@office.entry
def set_roles(number: str, roles: str) -> None:
    """Replaces a party's roles."""
    party, mask = party_argument(number), roles_argument(roles)
    office.report(management.set_roles(office.network(), office.admin(), party, mask))


@office.entry
def compromised(key: str, since: str, confirmation: str = "") -> None:
    """Says since when a key was in wrong hands; what it wrote from then on is in doubt, and it is retired."""
    network, seconds = office.network(), time_argument(since)
    key = key_argument(key)
    print(
        f"What key {key} of party {party_number(network, key)} wrote from {utc_text(seconds)} on is in doubt."
    )
    office.confirm("Say so, for ever?", confirmation)
    office.report(management.set_compromised_since(network, office.admin(), key, seconds))


@office.entry
def pause(what: str) -> None:
    """Stops new consents, or new claims; running claims and revocations go on."""
    registry = registry_argument(what)
    office.report(management.pause(office.network(), office.admin(), registry))


@office.entry
def unpause(what: str) -> None:
    """Lets new consents, or new claims, be recorded again."""
    registry = registry_argument(what)
    office.report(management.unpause(office.network(), office.admin(), registry))


def party_lines(network: Network, number: int) -> str:
    """A party in a few lines."""
    party = read_party(network, number)
    state = "SUSPENDED" if party.suspended else "may act"
    lines = [
        f"{number}: {roles_words(party.roles).en}; {state}; admitted {utc_text(party.admitted_at)}",
        f"   controller {party.controller}",
        f"   directory entry {party.directory}",
    ]
    for key in network.read("PartyRegistry", "keysOf", number):
        lines.append(f"   key {key} since {utc_text(read_key(network, key).added_at)}")
    return "\n".join(lines)


def party_argument(text: str) -> int:
    """A party's number. Raises ArgumentInvalid, as all of these do."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**32):
        raise ArgumentInvalid(expected="a party's number, such as 7")
    return int(text)


def roles_argument(text: str) -> Role:
    """Roles by their names, with commas between them."""
    roles = Role(0)
    for name in text.lower().split(","):
        if name not in ROLES:
            raise ArgumentInvalid(expected=f"roles with commas between them: {', '.join(ROLES)}")
        roles |= ROLES[name]
    return roles


def key_argument(text: str) -> str:
    """An address, checksummed."""
    found = checksummed(text)
    if found is None:
        raise ArgumentInvalid(
            expected="a key's address, 0x and 40 hexadecimal digits, typed without a mistake"
        )
    return found


def time_argument(text: str) -> int:
    """Seconds since 1970 of a date or time in ISO 8601, UTC where no zone is given."""
    try:
        read = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise ArgumentInvalid(expected="a time such as 2026-11-23T08:30:00Z") from None
    return int((read if read.tzinfo else read.replace(tzinfo=timezone.utc)).timestamp())


def registry_argument(text: str) -> management.Pausable:
    """The contract that records what is named."""
    if text not in _REGISTRIES:
        raise ArgumentInvalid(expected=" or ".join(_REGISTRIES))
    return _REGISTRIES[text]
