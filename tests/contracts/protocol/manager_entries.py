# SPDX-License-Identifier: Apache-2.0
"""Who may call the functions of the access manager, OpenZeppelin's."""

from tests.contracts.support.actors import ADMIN_NAMES
from tests.contracts.support.chain import Call
from tests.contracts.support.entries import Entry, administrator, nobody, only, views
from tests.contracts.support.terms import NOBODY, ZERO
from tests.contracts.support.world import GOVERNANCE, SUSPENSION, World, selector_of


def _data(call: Call) -> bytes:
    return bytes.fromhex(call.data[2:])


def _suspension(world: World) -> tuple[str, bytes]:
    return world.parties.address, _data(world.parties.suspend(world.practice.number))


def manager(function: str, *args: object) -> Entry:
    """A function of the access manager that its administrator alone may call."""
    return Entry(lambda world: Call(world.manager, function, args), administrator())


def _on_consents(function: str, *args: object) -> Entry:
    return Entry(
        lambda world: Call(world.manager, function, (world.consents.address, *args)), administrator()
    )


def _multicall(world: World) -> Call:
    return world.manager.multicall([_data(world.manager.grantRole(SUSPENSION, world.unknown.address, 0))])


ACCESS_MANAGER = views(
    "ConsortiumAccessManager",
    {
        "ADMIN_ROLE()": (),
        "PUBLIC_ROLE()": (),
        "canCall(address,address,bytes4)": (
            NOBODY,
            NOBODY,
            bytes(4),
        ),
        "expiration()": (),
        "getAccess(uint64,address)": (
            0,
            NOBODY,
        ),
        "getNonce(bytes32)": (ZERO,),
        "getRoleAdmin(uint64)": (SUSPENSION,),
        "getRoleGrantDelay(uint64)": (SUSPENSION,),
        "getRoleGuardian(uint64)": (SUSPENSION,),
        "getSchedule(bytes32)": (ZERO,),
        "getTargetAdminDelay(address)": (NOBODY,),
        "getTargetFunctionRole(address,bytes4)": (
            NOBODY,
            bytes(4),
        ),
        "hasRole(uint64,address)": (
            SUSPENSION,
            NOBODY,
        ),
        "hashOperation(address,address,bytes)": (
            NOBODY,
            NOBODY,
            b"",
        ),
        "isTargetClosed(address)": (NOBODY,),
        "minSetback()": (),
    },
) | {
    "grantRole(uint64,address,uint32)": manager("grantRole", SUSPENSION, "0x" + "77" * 20, 0),
    "revokeRole(uint64,address)": manager("revokeRole", SUSPENSION, "0x" + "77" * 20),
    "labelRole(uint64,string)": manager("labelRole", SUSPENSION, "suspension"),
    "setGrantDelay(uint64,uint32)": manager("setGrantDelay", SUSPENSION, 60),
    "setRoleAdmin(uint64,uint64)": manager("setRoleAdmin", SUSPENSION, GOVERNANCE),
    "setRoleGuardian(uint64,uint64)": manager("setRoleGuardian", SUSPENSION, GOVERNANCE),
    "setTargetAdminDelay(address,uint32)": _on_consents("setTargetAdminDelay", 60),
    "setTargetClosed(address,bool)": _on_consents("setTargetClosed", True),
    "setTargetFunctionRole(address,bytes4[],uint64)": Entry(
        lambda world: world.manager.setTargetFunctionRole(
            world.consents.address, [selector_of(world.consents, "pause")], GOVERNANCE
        ),
        administrator(),
    ),
    "updateAuthority(address,address)": Entry(
        lambda world: world.manager.updateAuthority(world.consents.address, world.manager.address),
        administrator(),
    ),
    "multicall(bytes[])": Entry(_multicall, administrator()),
    "renounceRole(uint64,address)": Entry(
        lambda world: world.manager.renounceRole(SUSPENSION, world.admins[SUSPENSION].address),
        only(ADMIN_NAMES[SUSPENSION], "AccessManagerBadConfirmation"),
    ),
    "execute(address,bytes)": Entry(
        lambda world: world.manager.execute(*_suspension(world)),
        only(ADMIN_NAMES[SUSPENSION], "AccessManagerUnauthorizedCall"),
    ),
    # No role is held with a delay here, so there is nothing to schedule, cancel or consume.
    "schedule(address,bytes,uint48)": Entry(
        lambda world: world.manager.schedule(*_suspension(world), 0),
        nobody("AccessManagerUnauthorizedCall"),
    ),
    "cancel(address,address,bytes)": Entry(
        lambda world: world.manager.cancel(world.admins[SUSPENSION].address, *_suspension(world)),
        nobody("AccessManagerNotScheduled"),
    ),
    # Asks its caller back, and only a contract can answer.
    "consumeScheduledOp(address,bytes)": Entry(
        lambda world: world.manager.consumeScheduledOp(world.unknown.address, bytes(4)),
        nobody("no custom error"),
    ),
}
