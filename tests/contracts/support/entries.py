# SPDX-License-Identifier: Apache-2.0
"""Entries of the list of all functions: how a call can go through, and who may send it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.contracts.support.actors import ADMIN_NAMES, ActingParty
from tests.contracts.support.chain import Call
from tests.contracts.support.terms import PAYER, PRACTICE, SUPPLIER
from tests.contracts.support.world import World

# Name of the error by which this actor is refused; None if it may.
Verdict = Callable[[World, ActingParty], str | None]


@dataclass(frozen=True)
class Entry:
    """Sets the stage for a call that can go through, and says who may send it."""

    call: Callable[[World], Call]
    verdict: Verdict


def anybody(_: World, __: ActingParty) -> None:
    return None


def nobody(error: str) -> Verdict:
    return lambda _, __: error


def only(name: str, error: str) -> Verdict:
    """One actor; everybody else gets this error."""
    return lambda _, actor: None if actor.name == name else error


def restricted(role: int) -> Verdict:
    return only(ADMIN_NAMES[role], "AccessManagedUnauthorized")


def administrator() -> Verdict:
    return only("manager's administrator", "AccessManagerUnauthorizedAccount")


def keys_of(party: str, role: int, otherwise: str | None) -> Verdict:
    """Acting keys of one party; another party that holds the role gets `otherwise`."""

    def verdict(world: World, actor: ActingParty) -> str | None:
        if actor.why_not:
            return actor.why_not
        if not actor.roles & role:
            return "PartyLacksRole"
        return None if actor.party == getattr(world, party).number else otherwise

    return verdict


def step_of(party: str) -> Verdict:
    role = {"practice": PRACTICE, "supplier": SUPPLIER, "payer": PAYER}[party]
    return keys_of(party, role, "ClaimOfAnotherParty")


def views(contract: str, arguments: dict[str, tuple[object, ...]]) -> dict[str, Entry]:
    """Reading functions by their signatures, with arguments: everybody gets the same answer."""

    def entry(signature: str, args: tuple[object, ...]) -> Entry:
        return Entry(lambda world: Call(world.contracts[contract], signature.split("(")[0], args), anybody)

    return {signature: entry(signature, args) for signature, args in arguments.items()}


def of_an_authority(contract: str) -> dict[str, Entry]:
    """What every contract has that asks the access manager. Only the manager itself changes the authority."""
    return views(contract, {"authority()": (), "isConsumingScheduledOp()": ()}) | {
        "setAuthority(address)": Entry(
            lambda world: world.contracts[contract].setAuthority(world.manager.address),
            nobody("AccessManagedUnauthorized"),
        )
    }
