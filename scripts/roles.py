# SPDX-License-Identifier: Apache-2.0
"""`tools/brownie run roles FUNCTION [ARGUMENT...] --network NAME`: who among the admins may do what.

    show                             every admin role and who holds it
    grant ROLE ACCOUNT [SECONDS]     give a role to an account (a key, a Safe), usable after a delay
    revoke ROLE ACCOUNT [yes]        take it away

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
def grant(label: str, account: str, delay: str = "0") -> None:
    """Gives a role to an account."""
    role, account = access.admin_role(label), key_argument(account)
    if not (delay.isascii() and delay.isdigit() and int(delay) < 2**32):
        raise ArgumentInvalid(expected="a delay in whole seconds")
    office.report(access.grant(office.network(), office.admin(), role, account, delay=int(delay)))


@office.entry
def revoke(label: str, account: str, confirmation: str = "") -> None:
    """Takes a role away. The last holder of ADMIN keeps it: without one, no role could ever change again."""
    role, account = access.admin_role(label), key_argument(account)
    network = office.network()
    held = access.holders(network, block=network.node.head().number)[role]
    if role == ADMIN and {holder.account for holder in held} <= {account}:
        raise LastAdmin(account=account)
    print(f"{account} will no longer hold {role.label}: {role.words.en}.")
    office.confirm("Take the role away?", confirmation)
    office.report(access.revoke(network, office.admin(), role, account))


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
