# SPDX-License-Identifier: Apache-2.0
"""`tools/brownie run roles FUNCTION [ARGUMENT...] --network NAME`: who among the admins may do what.

    show                                  every admin role and who holds it
    grant ROLE[,ROLE] ACCOUNT [SECONDS]   give roles to an account (a key, a Safe), usable after a delay
    revoke ROLE[,ROLE] ACCOUNT [yes]      take them away

How a consortium shares the roles is described in docs/deploy.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from sceau.party import access
from sceau.party.access import ADMIN, AdminRole, Holder
from sceau.party.errors import LastAdmin
from scripts import office
from scripts.parties import ArgumentInvalid, key_argument


@office.entry
def show() -> None:
    """Every admin role, what it opens, and who holds it."""
    network = office.network()
    print(roles_lines(access.holders(network, block=network.node.head().number)))


@office.entry
def grant(labels: str, account: str, delay: str = "0") -> None:
    """Gives roles to an account."""
    roles, account = roles_argument(labels), key_argument(account)
    if not (delay.isascii() and delay.isdigit() and int(delay) < 2**32):
        raise ArgumentInvalid(expected="a delay in whole seconds")
    network, admin = office.network(), office.admin()
    for role in roles:
        office.report(access.grant(network, admin, role, account, delay=int(delay)))


@office.entry
def revoke(labels: str, account: str, confirmation: str = "") -> None:
    """Takes roles away, ADMIN last. Its last holder keeps it: without one, no role could ever change again."""
    roles, account = roles_argument(labels), key_argument(account)
    network = office.network()
    held = access.holders(network, block=network.node.head().number)
    if ADMIN in roles and {holder.account for holder in held[ADMIN]} <= {account}:
        raise LastAdmin(account=account)
    for role in roles:
        print(f"{account} will no longer hold {role.label}: {role.words.en}.")
    office.confirm("Take away?", confirmation)
    admin = office.admin()
    # Whoever gives up its own roles needs ADMIN to the end.
    for role in sorted(roles, key=lambda role: role == ADMIN):
        office.report(access.revoke(network, admin, role, account))


def roles_argument(text: str) -> list[AdminRole]:
    """Admin roles by their labels, with commas between them. Raises AdminRoleUnknown."""
    return [access.admin_role(label) for label in text.split(",")]


def roles_lines(held: Mapping[AdminRole, tuple[Holder, ...]]) -> str:
    """The roles and their holders, for people."""
    lines = []
    for role, accounts in held.items():
        lines.append(f"{role.label}: {role.words.en}")
        if not accounts:
            lines.append("  held by nobody")
        for account in accounts:
            kind = "contract" if account.is_contract else "single key"
            delay = f", after {account.delay} s" if account.delay else ""
            lines.append(f"  {account.account} ({kind}{delay})")
    return "\n".join(lines)
