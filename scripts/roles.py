# SPDX-License-Identifier: Apache-2.0
"""`tools/brownie run roles FUNCTION [ARGUMENT...] --network NAME`: who among the admins may do what.

    show                                  every admin role and who holds it
    grant ROLE[,ROLE] ACCOUNT [SECONDS]   give roles to an account (a key, a Safe), usable after a delay
    revoke ROLE[,ROLE] ACCOUNT [yes]      take them away

How a consortium shares the roles is described in docs/deploy.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from sceau.documents.identifiers import require_address
from sceau.party.access import AdminRole, Holder, admin_role, holders
from scripts import admin
from scripts.parties import ArgumentInvalid

__getattr__ = admin.unknown_verb("roles", __doc__)


@admin.entry
def show() -> None:
    """Every admin role, what it opens, and who holds it."""
    network = admin.network()
    print(roles_lines(holders(network, block=network.node.head().number)))


@admin.entry
def grant(labels: str, account: str, delay: str = "0") -> None:
    """Gives roles to an account."""
    roles = roles_argument(labels)
    if not (delay.isascii() and delay.isdigit() and int(delay) < 2**32):
        raise ArgumentInvalid(expected="a delay in whole seconds")
    admin.report("The roles are granted", admin.role().grant(roles, account, delay=int(delay)))


@admin.entry
def revoke(labels: str, account: str, confirmation: str = "") -> None:
    """Takes roles away. The last holder of ADMIN keeps it: without one, no role could ever change again."""
    roles, account = roles_argument(labels), require_address(account)
    for role in roles:
        print(f"{account} will no longer hold {role.label}: {role.words.en}.")
    admin.confirm("Take away?", confirmation)
    admin.report("The roles are revoked", admin.role().revoke(roles, account))


def roles_argument(text: str) -> list[AdminRole]:
    """Admin roles by their labels, with commas between them. Raises AdminRoleUnknown."""
    return [admin_role(label) for label in text.split(",")]


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
