# SPDX-License-Identifier: Apache-2.0
"""OpenZeppelin's access management as a consortium wires it: each act opened by its own role alone. P1."""

from collections.abc import Callable

import pytest

from tests.contracts.support.chain import Call, Event, refused
from tests.contracts.support.signing import Signer
from tests.contracts.support.terms import PRACTICE, SUPPLIER, ZERO
from tests.contracts.support.world import (
    ADMIN_ROLE,
    ADMISSION,
    COMPROMISE,
    GOVERNANCE,
    RESTRICTED,
    SUSPENSION,
    World,
    selector_of,
)

ACTS = [
    (role, contract, function)
    for role, targets in RESTRICTED.items()
    for contract, functions in targets.items()
    for function in functions
]
EVERY_ACT = pytest.mark.parametrize(("role", "contract", "function"), ACTS)


def _admit(world: World) -> Call:
    controller = world.fresh("controller")
    application = world.application(controller.address, Signer("somebody's first key"))
    return world.parties.admit(controller.address, PRACTICE, ZERO, [application])


# Each restricted call as it goes through once the stage is set.
CALLS: dict[tuple[str, str], Callable[[World], Call]] = {
    ("PartyRegistry", "admit"): _admit,
    ("PartyRegistry", "suspend"): lambda world: world.parties.suspend(world.practice.number),
    ("PartyRegistry", "reinstate"): lambda world: world.parties.reinstate(world.payer.number),
    ("PartyRegistry", "setRoles"): lambda world: world.parties.setRoles(world.practice.number, SUPPLIER),
    ("PartyRegistry", "setCompromisedSince"): lambda world: world.parties.setCompromisedSince(
        world.practice.key.address, 1
    ),
    ("ConsentRegistry", "pause"): lambda world: world.consents.pause(),
    ("ClaimRegistry", "pause"): lambda world: world.claims.pause(),
    ("ConsentRegistry", "unpause"): lambda world: world.consents.unpause(),
    ("ClaimRegistry", "unpause"): lambda world: world.claims.unpause(),
}


def _staged(world: World, contract: str, function: str) -> Call:
    world.suspend(world.payer)
    if function == "unpause":
        world.pause(world.contracts[contract])
    return CALLS[contract, function](world)


@EVERY_ACT
def test_an_act_is_open_to_the_holder_of_its_role_and_to_no_other_account(
    role: int, contract: str, function: str, world: World
) -> None:
    call = _staged(world, contract, function)
    accounts = {
        **{f"holder of role {other}": admin for other, admin in world.admins.items() if other != role},
        "administrator of the manager": world.admin,
        "practice": world.practice.key,
        "controller": world.practice.controller,
        "patient": world.patient,
        "nobody": world.unknown,
    }
    for account in accounts.values():
        expected = refused("AccessManagedUnauthorized", account.address)
        assert world.chain.refusal(call, account.address) == expected
    world.chain.send(call, world.admins[role].address)


@EVERY_ACT
def test_an_act_is_closed_to_whoever_lost_the_role(
    role: int, contract: str, function: str, world: World
) -> None:
    call = _staged(world, contract, function)
    holder = world.admins[role].address
    world.chain.send(world.manager.revokeRole(role, holder), world.admin.address)
    assert world.chain.refusal(call, holder) == refused("AccessManagedUnauthorized", holder)


@EVERY_ACT
def test_an_act_can_be_given_to_another_account(
    role: int, contract: str, function: str, world: World
) -> None:
    """An ordinary account, a Safe or a timelock: the manager asks only for the address."""
    call = _staged(world, contract, function)
    new_holder = world.fresh("admin").address
    world.chain.send(world.manager.grantRole(role, new_holder, 0), world.admin.address)
    world.chain.send(call, new_holder)


@pytest.mark.parametrize("role", [ADMISSION, SUSPENSION, GOVERNANCE, COMPROMISE])
def test_the_holder_of_a_role_gives_it_to_nobody(role: int, world: World) -> None:
    holder, friend = world.admins[role].address, world.unknown.address
    for wanted in (ADMIN_ROLE, *world.admins):
        call = world.manager.grantRole(wanted, friend, 0)
        expected = refused("AccessManagerUnauthorizedAccount", holder, ADMIN_ROLE)
        assert world.chain.refusal(call, holder) == expected


def test_every_restricted_function_is_wired_and_no_other_needs_a_role(world: World) -> None:
    """A function that nobody wired would be the administrator's alone."""
    wired = {(contract, function): role for role, contract, function in ACTS}
    assert set(wired) == set(CALLS)
    for name, contract in world.contracts.items():
        if name == "ConsortiumAccessManager":
            continue
        for signature in contract.functions():
            function = signature.split("(")[0]
            selector = selector_of(contract, function)
            given = world.chain.read(world.manager.getTargetFunctionRole(contract.address, selector))
            assert given == wired.get((name, function), ADMIN_ROLE), f"{name}.{signature}"


@pytest.mark.parametrize(("contract", "function"), list(CALLS))
def test_an_act_that_was_given_to_no_role_is_the_administrators(
    contract: str, function: str, world: World
) -> None:
    target = world.contracts[contract]
    selectors = [selector_of(target, function)]
    call = _staged(world, contract, function)
    unwire = world.manager.setTargetFunctionRole(target.address, selectors, ADMIN_ROLE)
    world.chain.send(unwire, world.admin.address)
    for admin in world.admins.values():
        expected = refused("AccessManagedUnauthorized", admin.address)
        assert world.chain.refusal(call, admin.address) == expected
    world.chain.send(call, world.admin.address)


def test_a_role_held_with_a_delay_acts_only_after_it_was_announced(world: World) -> None:
    """What a timelock needs: schedule, wait, execute."""
    slow, delay = world.fresh("slow admin").address, 3600
    world.chain.send(world.manager.grantRole(GOVERNANCE, slow, delay), world.admin.address)
    call = world.parties.setRoles(world.practice.number, SUPPLIER)
    data = bytes.fromhex(call.data[2:])
    operation = world.chain.read(world.manager.hashOperation(slow, world.parties.address, data))
    execute = world.manager.execute(world.parties.address, data)
    assert world.chain.refusal(call, slow) == refused("AccessManagerNotScheduled", operation)
    world.chain.send(world.manager.schedule(world.parties.address, data, 0), slow)
    assert world.chain.refusal(execute, slow) == refused("AccessManagerNotReady", operation)
    world.chain.sleep(delay)
    world.chain.send(execute, slow)
    assert world.party(world.practice.number).roles == SUPPLIER


def test_the_registries_ask_the_manager_they_were_deployed_with(world: World) -> None:
    for contract in (world.parties, world.consents, world.claims):
        assert world.chain.read(contract.authority()) == world.manager.address
        call = contract.setAuthority(world.unknown.address)
        for account in (world.admin, *world.admins.values(), world.unknown):
            expected = refused("AccessManagedUnauthorized", account.address)
            assert world.chain.refusal(call, account.address) == expected


def test_a_change_of_authority_goes_through_the_administrator_and_is_announced(world: World) -> None:
    call = world.manager.updateAuthority(world.consents.address, world.manager.address)
    receipt = world.chain.send(call, world.admin.address)
    assert receipt.event == Event("ConsentRegistry", "AuthorityUpdated", {"authority": world.manager.address})
    for admin in world.admins.values():
        expected = refused("AccessManagerUnauthorizedAccount", admin.address, ADMIN_ROLE)
        assert world.chain.refusal(call, admin.address) == expected


def test_the_registries_that_a_contract_asks_are_fixed(world: World) -> None:
    assert world.chain.read(world.consents.parties()) == world.parties.address
    assert world.chain.read(world.claims.parties()) == world.parties.address
    assert world.chain.read(world.claims.consents()) == world.consents.address
