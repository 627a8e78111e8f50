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
from sceau.chain.terms import Role
from sceau.chain.transaction import send
from sceau.party import management
from sceau.party.access import (
    ADMIN,
    ADMIN_ROLES,
    MANAGER,
    Holder,
    admin_role,
    grant,
    holders,
    revoke,
    wiring_faults,
)
from sceau.party.errors import AdminRoleUnknown
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
    grant(network, chain.admin, admin_role("suspension"), guard.address).wait()
    management.suspend(network, guard, 1).wait()
    management.pause(network, guard, "ClaimRegistry").wait()
    acts: tuple[Callable[[], object], ...] = (
        lambda: management.reinstate(network, guard, 1),
        lambda: management.unpause(network, guard, "ClaimRegistry"),
        lambda: management.set_roles(network, guard, 1, Role.PAYER),
        lambda: management.set_compromised_since(network, guard, chain.signers["practice"].address, 1),
    )
    for act in acts:
        with pytest.raises(refused.AccessManagedUnauthorized):
            act()
    with pytest.raises(refused.AccessManagerUnauthorizedAccount):
        grant(network, guard, admin_role("ADMISSION"), guard.address)


def test_roles_are_handed_over_and_the_first_admin_keeps_none(chain: Deployed) -> None:
    network, old, new = chain.network, chain.admin, chain.signers["stranger"]
    for role in (*ADMIN_ROLES, ADMIN):
        grant(network, old, role, new.address).wait()
    for role in (*ADMIN_ROLES, ADMIN):
        revoke(network, new, role, old.address).wait()
    found = holders(network, block=network.node.head().number)
    assert {h.account for held in found.values() for h in held} == {new.address}
    with pytest.raises(refused.AccessManagedUnauthorized):
        management.suspend(network, old, 1)


def test_a_contract_that_holds_a_role_is_told_from_a_key(chain: Deployed) -> None:
    network = chain.network
    contract = network.address("ClaimRegistry")
    grant(network, chain.admin, admin_role("GOVERNANCE"), contract, delay=3600).wait()
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
