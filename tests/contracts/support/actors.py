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
class ActingParty:
    """Who tries. `party` is 0 for an account that is no signing key; `why_not` is why its key may not act."""

    name: str
    address: str
    party: int = 0
    roles: int = 0
    why_not: str | None = "KeyUnknown"


def everybody(world: World) -> list[ActingParty]:
    """All actors. Three of the parties are suspended for it."""
    actors = [
        ActingParty("manager's administrator", world.admin.address),
        *(ActingParty(ADMIN_NAMES[role], admin.address) for role, admin in world.admins.items()),
        ActingParty("unknown account", world.unknown.address),
        ActingParty("patient", world.patient.address),
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
        actors.append(ActingParty(f"suspended {name}'s key", key, suspended.number, role, "PartyIsSuspended"))
    return actors


def _accounts(party: Organisation, role: int) -> list[ActingParty]:
    retired = [
        ActingParty(
            f"{party.name}'s {which} key", getattr(party, which).address, party.number, role, "KeyIsRetired"
        )
        for which in ("retired", "compromised")
    ]
    controller = ActingParty(f"{party.name}'s controller", party.controller.address)
    return [_acting(party, role, "key"), _acting(party, role, "second"), *retired, controller]


def _acting(party: Organisation, role: int, which: str) -> ActingParty:
    address = getattr(party, which).address
    return ActingParty(f"{party.name}'s {which}", address, party.number, role, None)
