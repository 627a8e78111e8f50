# SPDX-License-Identifier: Apache-2.0
"""Everybody who may try a function: each kind of key of each kind of party, admins, controllers, strangers."""

from dataclasses import dataclass

from tests.contracts.support.terms import PAYER, PRACTICE, SUPPLIER
from tests.contracts.support.world import (
    ADMISSION,
    COMPROMISE,
    GOVERNANCE,
    SUSPENSION,
    Organisation,
    World,
)

ADMIN_NAMES = {
    ADMISSION: "admin of admission",
    SUSPENSION: "admin of suspension",
    GOVERNANCE: "admin of governance",
    COMPROMISE: "admin of compromise",
}


@dataclass(frozen=True)
class Actor:
    """Who tries. `party` is 0 for an account that is no signing key; `why_not` is why its key may not act."""

    name: str
    address: str
    party: int = 0
    roles: int = 0
    why_not: str | None = "KeyUnknown"


def everybody(world: World) -> list[Actor]:
    """All actors. Three of the parties are suspended for it."""
    actors = [
        Actor("manager's administrator", world.admin.address),
        *(Actor(ADMIN_NAMES[role], admin.address) for role, admin in world.admins.items()),
        Actor("unknown account", world.unknown.address),
        Actor("patient", world.patient.address),
    ]
    own = {"practice": PRACTICE, "supplier": SUPPLIER, "payer": PAYER, "auditor": 8}
    for name, role in own.items():
        actors += _accounts(getattr(world, name), role)
        if name == "auditor":
            continue
        actors.append(_acting(getattr(world, f"other_{name}"), role, "key"))
        suspended = world.admit(f"suspended {name}", role)
        world.suspend(suspended)
        key = suspended.key.address
        actors.append(Actor(f"suspended {name}'s key", key, suspended.number, role, "PartyIsSuspended"))
    return actors


def _accounts(party: Organisation, role: int) -> list[Actor]:
    retired = [
        Actor(
            f"{party.name}'s {which} key", getattr(party, which).address, party.number, role, "KeyIsRetired"
        )
        for which in ("retired", "compromised")
    ]
    controller = Actor(f"{party.name}'s controller", party.controller.address)
    return [_acting(party, role, "key"), _acting(party, role, "second"), *retired, controller]


def _acting(party: Organisation, role: int, which: str) -> Actor:
    address = getattr(party, which).address
    return Actor(f"{party.name}'s {which}", address, party.number, role, None)
