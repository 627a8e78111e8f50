# SPDX-License-Identifier: Apache-2.0
"""Who may do what: each restricted function has one role, each role its holders, and any change is seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sceau.chain import contract_errors as refused
from sceau.chain.network import Network
from sceau.chain.transaction import send
from sceau.documents.errors import AddressInvalid
from sceau.party.access import (
    ADMIN,
    ADMIN_ROLES,
    MANAGER,
    Holder,
    admin_role,
    holders,
    wiring_faults,
)
from sceau.party.errors import AdminRoleUnknown, LastAdmin, RoleNotHeld
from sceau.roles.admin import Admin
from sceau.roles.handle import WriteState
from sceau.terms import Role
from tests.support.deployed import Deployed

CONTRACTS = Path(__file__).resolve().parents[3] / "contracts"
RESTRICTED = re.compile(r"function (\w+)\([^{;]*?\brestricted\b", re.DOTALL)


def restricted_in_the_source() -> set[tuple[str, str]]:
    found = set()
    for source in CONTRACTS.rglob("*.sol"):
        names = [source.stem] if source.stem != "ConsortiumPausable" else ["ConsentRegistry", "ClaimRegistry"]
        functions = RESTRICTED.findall(source.read_text(encoding="utf-8"))
        found |= {(name, function) for name in names for function in functions}
    return found


def test_every_restricted_function_of_the_source_is_opened_by_one_role() -> None:
    opened = [place for role in ADMIN_ROLES for place in role.opens]
    assert len(opened) == len(set(opened))
    assert set(opened) == restricted_in_the_source()


def test_what_one_admin_may_do_alone_only_stops_things() -> None:
    alone = {function for role in ADMIN_ROLES if role.alone for _, function in role.opens}
    assert alone == {"suspend", "pause"}


def test_after_a_deployment_the_admin_holds_every_role_and_nobody_else_any(either_chain: Deployed) -> None:
    head = either_chain.network.node.head().number
    found = holders(either_chain.network, block=head)
    assert set(found) == {ADMIN, *ADMIN_ROLES}
    assert all(held == (Holder(either_chain.admin.address, 0, False),) for held in found.values())
    assert wiring_faults(either_chain.network, block=head) == []


def test_a_suspender_may_suspend_and_pause_and_nothing_else(chain: Deployed) -> None:
    network, guard = chain.network, chain.signers["stranger"]
    chain.consortium.grant([admin_role("suspension")], guard.address).wait()
    Admin(network, guard).suspend(1).wait()
    Admin(network, guard).pause("ClaimRegistry").wait()
    acts: tuple[Callable[[], object], ...] = (
        lambda: Admin(network, guard).reinstate(1),
        lambda: Admin(network, guard).unpause("ClaimRegistry"),
        lambda: Admin(network, guard).set_roles(1, Role.PAYER),
        lambda: Admin(network, guard).set_compromised_since(chain.signers["practice"].address, 1),
    )
    for act in acts:
        with pytest.raises(refused.AccessManagedUnauthorized):
            act()
    with pytest.raises(refused.AccessManagerUnauthorizedAccount):
        Admin(network, guard).grant([admin_role("ADMISSION")], guard.address)


def test_roles_are_handed_over_and_the_first_admin_keeps_none(chain: Deployed) -> None:
    network, old, new = chain.network, chain.admin, chain.signers["stranger"]
    Admin(network, old).grant((*ADMIN_ROLES, ADMIN), new.address).wait()
    Admin(network, new).revoke((*ADMIN_ROLES, ADMIN), old.address).wait()
    found = holders(network, block=network.node.head().number)
    assert {h.account for held in found.values() for h in held} == {new.address}
    with pytest.raises(refused.AccessManagedUnauthorized):
        Admin(network, old).suspend(1)


def test_an_admin_gives_up_all_its_own_roles_at_once(chain: Deployed) -> None:
    """ADMIN goes last, whatever the order in which they are named."""
    network, other = chain.network, chain.signers["stranger"].address
    chain.consortium.grant([ADMIN], other).wait()
    chain.consortium.revoke((ADMIN, *ADMIN_ROLES), chain.admin.address).wait()
    found = holders(network, block=network.node.head().number)
    assert {h.account for held in found.values() for h in held} == {other}


def test_the_last_admin_stays_and_nothing_else_is_taken_with_it(chain: Deployed) -> None:
    network, height = chain.network, chain.network.node.head().number
    with pytest.raises(LastAdmin, match=chain.admin.address):
        chain.consortium.revoke((*ADMIN_ROLES, ADMIN), chain.admin.address)
    assert network.node.head().number == height


def test_what_was_granted_or_taken_before_is_written(chain: Deployed) -> None:
    guard, roles = chain.signers["stranger"].address, [admin_role("SUSPENSION"), admin_role("GOVERNANCE")]
    with pytest.raises(RoleNotHeld, match="SUSPENSION"):
        chain.consortium.revoke(roles, guard)
    granted = chain.consortium.grant(roles, guard)
    granted.wait()
    again = chain.consortium.grant(roles, guard)
    assert (again.state, again.hash) == (WriteState.WRITTEN, granted.hash)
    # Another delay is another grant.
    assert chain.consortium.grant(roles, guard, delay=60).wait().hash != granted.hash
    taken = chain.consortium.revoke(roles, guard)
    taken.wait()
    again = chain.consortium.revoke(roles, guard)
    assert (again.state, again.hash) == (WriteState.WRITTEN, taken.hash)


@pytest.mark.parametrize("account", ["0x12", "0x" + "AB" * 20, "stranger"])
def test_an_address_that_is_mistyped_is_given_no_role(chain: Deployed, account: str) -> None:
    with pytest.raises(AddressInvalid):
        chain.consortium.grant([ADMIN], account)


def test_a_contract_that_holds_a_role_is_told_from_a_key(chain: Deployed) -> None:
    network = chain.network
    contract = network.address("ClaimRegistry")
    chain.consortium.grant([admin_role("GOVERNANCE")], contract, delay=3600).wait()
    held = holders(network, block=network.node.head().number)[admin_role("GOVERNANCE")]
    assert Holder(contract, 3600, True) in held


@pytest.mark.parametrize(
    ("function", "arguments", "code"),
    [
        (
            "setTargetFunctionRole",
            lambda n: (n.address("PartyRegistry"), [bytes.fromhex("f38d4ee1")], 2),
            None,
        ),
        ("setTargetFunctionRole", lambda n: (n.address("PartyRegistry"), [selector("admit")], 2), "opener"),
        ("setTargetClosed", lambda n: (n.address("ClaimRegistry"), True), "closed"),
        (
            "updateAuthority",
            lambda n: (n.address("ConsentRegistry"), n.address("ClaimRegistry")),
            "authority",
        ),
        ("setRoleAdmin", lambda _: (3, 2), "role-admin"),
    ],
)
def test_any_other_wiring_is_found(
    chain: Deployed, function: str, arguments: Callable[[Network], tuple[Any, ...]], code: str | None
) -> None:
    network = chain.network
    send(network, chain.admin, MANAGER, function, *arguments(network)).wait()
    faults = wiring_faults(network, block=network.node.head().number)
    assert {fault.code for fault in faults} == ({code} if code else set())


def selector(function: str) -> bytes:
    from sceau.party.access import selector as found

    return found("PartyRegistry", function)


def test_an_unknown_role_is_told_with_those_there_are() -> None:
    assert admin_role("Admission").number == 1
    with pytest.raises(AdminRoleUnknown, match="ADMISSION, SUSPENSION"):
        admin_role("ROOT")
