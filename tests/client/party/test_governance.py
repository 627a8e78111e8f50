# SPDX-License-Identifier: Apache-2.0
"""How the admin roles are shared is read from the chain, and every unsafe way of sharing them has a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sceau.chain.transaction import send, send_data
from sceau.locale.catalogue import catalogue
from sceau.party.access import ADMIN, ADMIN_ROLES, MANAGED, MANAGER, admin_role
from sceau.party.governance import read_governance
from sceau.roles.admin import Admin
from tests.support.deployed import Deployed, key

ALL = (ADMIN, *ADMIN_ROLES)
SEVERAL = [role for role in ALL if not role.alone]
SUSPENSION = admin_role("SUSPENSION")
DAY = 86_400


def found(chain: Deployed) -> list[tuple[str, str]]:
    """Every finding by its code, and what it is about."""
    governance = read_governance(chain.network, block=chain.network.node.head().number)
    return [
        (each.code, str(each.details.get("role") or each.details.get("contract") or each.details["account"]))
        for each in governance.findings()
    ]


def codes(chain: Deployed) -> set[str]:
    return {code for code, _ in found(chain)}


def manage(chain: Deployed, function: str, *args: Any) -> None:
    send(chain.network, chain.admin, MANAGER, function, *args).wait()


def contract(chain: Deployed) -> str:
    """A contract that may hold roles: what it does is nobody's business here."""
    # PUSH1 1, PUSH1 0, MSTORE8, PUSH1 1, PUSH1 0, RETURN: one byte of code.
    made = send_data(
        chain.network.node,
        chain.admin,
        to=None,
        data="0x600160005360016000f3",
        chain_id=chain.network.chain_id,
    ).wait()
    assert made.contract is not None
    return made.contract


def shared_well(chain: Deployed, *, guards: Iterable[str]) -> None:
    """As docs/deploy.md ends: a contract with delays for what belongs to several, SUSPENSION for each admin alone."""
    safe = contract(chain)
    for role in SEVERAL:
        chain.consortium.grant([role], safe, delay=DAY).wait()
    for guard in guards:
        chain.consortium.grant([SUSPENSION], guard).wait()
    for role in SEVERAL:
        manage(chain, "setGrantDelay", role.number, DAY)
        if role != ADMIN:
            manage(chain, "setRoleGuardian", role.number, SUSPENSION.number)
    for name in MANAGED:
        manage(chain, "setTargetAdminDelay", chain.network.address(name), DAY)
    # A longer delay counts after the manager's own setback of five days.
    chain.sleep(6 * DAY)
    chain.consortium.revoke(ALL, chain.admin.address).wait()


def test_a_deployment_just_made_is_one_key_with_everything(chain: Deployed) -> None:
    first = chain.admin.address
    expected = [("key-holds-every-role", first), ("deployer-holds-role", first)]
    for role in SEVERAL:
        expected += [("no-execution-delay", role.label), ("no-grant-delay", role.label)]
    expected += [("no-target-admin-delay", name) for name in MANAGED]
    expected += [("guardian-is-holder", role.label) for role in ADMIN_ROLES]
    assert sorted(found(chain)) == sorted(expected)


def test_the_page_names_every_finding() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z-]+)` \| [^`]", page, re.MULTILINE)) >= set(
        catalogue("en")["governance"]
    )


def test_roles_shared_well_have_no_finding(chain: Deployed) -> None:
    shared_well(chain, guards=[key("guard").address, key("second guard").address])
    assert found(chain) == []


def test_each_unsafe_grant_is_found(chain: Deployed) -> None:
    guard, other = key("guard").address, key("other").address
    chain.consortium.grant([SUSPENSION, admin_role("GOVERNANCE")], guard).wait()
    chain.consortium.grant([admin_role("ADMISSION")], other).wait()
    assert {("key-stops-and-restarts", guard), ("key-holds-shared-role", other)} <= set(found(chain))


def test_a_stop_that_waits_or_takes_several_or_that_nobody_may_is_found(chain: Deployed) -> None:
    consortium, first = chain.consortium, chain.admin.address
    consortium.grant([SUSPENSION], key("guard").address, delay=60).wait()
    assert ("stop-is-delayed", "SUSPENSION") in found(chain)
    consortium.revoke([SUSPENSION], first).wait()
    consortium.revoke([SUSPENSION], key("guard").address).wait()
    assert ("role-of-nobody", "SUSPENSION") in found(chain)
    consortium.grant([SUSPENSION], contract(chain)).wait()
    assert ("stop-takes-several", "SUSPENSION") in found(chain)


def test_a_guardian_of_nobody_and_one_that_is_unknown_are_found(chain: Deployed) -> None:
    manage(chain, "setRoleGuardian", admin_role("ADMISSION").number, 77)
    assert ("guardian-unknown", "ADMISSION") in found(chain)
    manage(chain, "setRoleGuardian", admin_role("ADMISSION").number, admin_role("COMPROMISE").number)
    chain.consortium.revoke([admin_role("COMPROMISE")], chain.admin.address).wait()
    assert ("guardian-of-nobody", "ADMISSION") in found(chain)


def test_a_grant_that_waits_is_seen_before_it_counts(chain: Deployed) -> None:
    """Who waits holds nothing yet: a list of holders alone would not show it."""
    role = admin_role("ADMISSION")
    manage(chain, "setGrantDelay", role.number, DAY)
    chain.sleep(6 * DAY)
    sneaked = key("sneaked in").address
    Admin(chain.network, chain.admin).grant([role], sneaked).wait()
    assert ("grant-pending", role.label) in found(chain)
    chain.sleep(2 * DAY)
    assert ("grant-pending", role.label) not in found(chain)
    assert ("key-holds-shared-role", sneaked) in found(chain)
