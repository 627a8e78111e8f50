# SPDX-License-Identifier: Apache-2.0
"""`tools/brownie run parties FUNCTION [ARGUMENT...] --network NAME`: what consortium admins do to parties.

    show APPLICATION.json            say in words what an application asks
    admit APPLICATION.json [yes]     show it, then admit the party
    calldata APPLICATION.json        show it, and what a Safe or a timelock sends to admit the party
    confirm NUMBER ENTRY.json STATEMENT.json [yes]   say that a party bears its new name, and write that down
    to_sign NUMBER ENTRY.json        what a Safe signs instead (EIP-712, as JSON)
    signed NUMBER ENTRY.json STATEMENT.json ACCOUNT SIGNATURE   write down what a Safe signed
    list                             pauses, then every party: number, roles, state, controller, keys
    suspend NUMBER                   stop a party at once
    reinstate NUMBER                 let it act again
    set_roles NUMBER ROLE[,ROLE]     replace its roles
    compromised KEY SINCE [yes]      say, once for ever, since when a key was in wrong hands
    pause consents|claims            stop new consents, or new claims
    unpause consents|claims          let them be recorded again

What cannot be taken back is asked for at the keyboard, or takes the word `yes` at the end.
"""

from __future__ import annotations

import json
import sys

from sceau.chain.network import Network
from sceau.chain.registries.parties import PartyState, party_number, read_keys, read_parties
from sceau.chain.registries.pauses import Pauses, read_pauses
from sceau.chain.times import seconds_of, utc_text
from sceau.documents.files import load, require_writable, save_json
from sceau.documents.identifiers import require_address
from sceau.errors import InputError
from sceau.party.application import Application, entry_in, read_application, roles_named
from sceau.party.directory import Directory
from sceau.roles.admin import Pausable
from sceau.roles.calls import admission_call
from sceau.roles.confirming import IdentityToConfirm, identity_to_confirm
from sceau.terms import Role, roles_words
from scripts import admin


class ArgumentInvalid(InputError):
    """An argument of a script is not what it should be."""

    code = "argument-invalid"
    en = "This must be {expected}."
    fr = "Il faut ici {expected}."


_REGISTRIES: dict[str, Pausable] = {"consents": "ConsentRegistry", "claims": "ClaimRegistry"}

__getattr__ = admin.unknown_verb("parties", __doc__)


@admin.entry
def show(path: str) -> None:
    """Says what an application asks, after checking its proofs and that it is for this deployment."""
    _shown(path, admin.network())


@admin.entry
def admit(path: str, confirmation: str = "") -> None:
    """Shows an application and admits the party."""
    network = admin.network()
    application = _shown(path, network)
    admin.confirm("Admit this party?", confirmation)
    role = admin.role()
    receipt = admin.report("The party is admitted", role.admit(application, directory=_directory()))
    print(f"It is party {role.number_after(application, receipt)}.")


@admin.entry
def calldata(path: str) -> None:
    """Shows an application and the call that admits the party, for an admin that is a contract."""
    network = admin.network()
    call = admission_call(network, _shown(path, network))
    print(f"to {call.to}")
    print(f"data {call.data}")


@admin.entry
def confirm(number: str, entry: str, output: str, confirmation: str = "") -> None:
    """Shows the identity that a party published, and signs that the party bears it."""
    asked = _identity(number, entry, output)
    admin.confirm("Does this organisation bear this name, and ask for it?", confirmation)
    save_json(output, asked.signed(admin.key()).to_json())
    print(f"Written to {output}: give it to every member, who keeps it in the directory.")


@admin.entry
def to_sign(number: str, entry: str) -> None:
    """The typed data that the owners of a contract sign, when it is the contract that confirms."""
    print(json.dumps(_identity(number, entry).typed.for_wallet(), indent=2))


@admin.entry
def signed(number: str, entry: str, output: str, account: str, signature: str) -> None:
    """Writes down the statement that a contract signed (ERC-1271), once the contract says that it did."""
    asked = _identity(number, entry, output)
    save_json(output, asked.signed_elsewhere(account, signature_argument(signature)).to_json())
    print(f"Written to {output}: give it to every member, who keeps it in the directory.")


@admin.entry
def list() -> None:  # noqa: A001 - it is the word that an admin types
    """Every party, by number; first whether new consents or new claims are paused."""
    network = admin.network()
    block = admin.newest(network).number
    print(pause_lines(read_pauses(network, block=block)))
    for party in read_parties(network, block=block):
        print(party_lines(network, party, block))


@admin.entry
def suspend(number: str) -> None:
    """Suspends a party: from that block on none of its keys may act."""
    party = party_argument(number)
    admin.report("The party is suspended", admin.role().suspend(party))


@admin.entry
def reinstate(number: str) -> None:
    """Ends a suspension."""
    party = party_argument(number)
    admin.report("The party may act again", admin.role().reinstate(party))


@admin.entry
def set_roles(number: str, roles: str) -> None:
    """Replaces a party's roles."""
    party, mask = party_argument(number), roles_argument(roles)
    admin.report("The party's roles are replaced", admin.role().set_roles(party, mask))


@admin.entry
def compromised(key: str, since: str, confirmation: str = "") -> None:
    """Says since when a key was in wrong hands; what it wrote from then on is in doubt, and it is retired."""
    key, seconds = require_address(key), seconds_of(since)
    party = party_number(admin.network(), key)
    print(f"What key {key} of party {party} wrote from {utc_text(seconds)} on is in doubt.")
    admin.confirm("Say so, for ever?", confirmation)
    admin.report(
        "It is said since when the key was in wrong hands", admin.role().set_compromised_since(key, seconds)
    )


@admin.entry
def pause(what: str) -> None:
    """Stops new consents, or new claims; running claims and revocations go on."""
    registry = registry_argument(what)
    admin.report("Nothing new is recorded from now on", admin.role().pause(registry))


@admin.entry
def unpause(what: str) -> None:
    """Lets new consents, or new claims, be recorded again."""
    registry = registry_argument(what)
    admin.report("It is recorded again", admin.role().unpause(registry))


def pause_lines(pauses: Pauses) -> str:
    """Whether new consents and new claims are paused, in two lines."""
    found = {"consents": pauses.consents, "claims": pauses.claims}
    return "\n".join(f"new {what}: {'PAUSED' if paused else 'recorded'}" for what, paused in found.items())


def party_lines(network: Network, party: PartyState, block: int) -> str:
    """A party, and its keys that are not retired, in a few lines."""
    state = "SUSPENDED" if party.suspended else "may act"
    lines = [
        f"{party.party}: {roles_words(party.roles).en}; {state}; admitted {utc_text(party.admitted_at)}",
        f"   controller {party.controller}",
        f"   directory entry {party.directory}",
    ]
    for key in read_keys(network, party.party, block=block):
        if not key.retired_at:
            lines.append(f"   key {key.key} since {utc_text(key.added_at)}")
    return "\n".join(lines)


def party_argument(text: str) -> int:
    """A party's number. Raises ArgumentInvalid."""
    if not (text.isascii() and text.isdigit() and 0 < int(text[:11]) < 2**32):
        raise ArgumentInvalid(expected="a party's number, such as 7")
    return int(text)


def roles_argument(text: str) -> Role:
    """Roles by their names, with commas between them. Raises RoleUnknown."""
    return roles_named(text.lower().split(","))


def registry_argument(text: str) -> Pausable:
    """The contract that records what is named. Raises ArgumentInvalid."""
    if text not in _REGISTRIES:
        raise ArgumentInvalid(expected=" or ".join(_REGISTRIES))
    return _REGISTRIES[text]


def signature_argument(text: str) -> bytes:
    """A signature as hexadecimal text. Raises ArgumentInvalid."""
    try:
        return bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        raise ArgumentInvalid(expected="a signature, 0x and hexadecimal digits") from None


def _identity(number: str, path: str, output: str | None = None) -> IdentityToConfirm:
    """The identity in an entry that a party published, once it was shown."""
    if output is not None:
        require_writable(output)
    party, entry = party_argument(number), entry_in(load(path))
    found = identity_to_confirm(admin.network(), party, entry, directory=_directory())
    print(f"Party {party} published: {entry.name}, {entry.country} {entry.identifier}", file=sys.stderr)
    return found


def _directory() -> Directory | None:
    """The directory of the settings, if they name one: no new name may look like one in it."""
    folder = admin.settings().directory
    return None if folder is None else Directory.load(folder)


def _shown(path: str, network: Network) -> Application:
    """An application for this deployment, once it was shown in words."""
    application = read_application(path)
    application.check(network)
    print(application.in_words(admin.settings().language))
    return application
