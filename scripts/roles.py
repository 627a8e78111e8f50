# SPDX-License-Identifier: Apache-2.0
"""`tools/brownie run roles FUNCTION [ARGUMENT...] --network NAME`: who among the admins may do what.

    show                                  every admin role and who holds it
    grant ROLE[,ROLE] ACCOUNT [SECONDS]   give roles to an account (a key, a Safe), usable after a delay
    revoke ROLE[,ROLE] ACCOUNT [yes]      take them away

How a consortium shares the roles is described in docs/deploy.md.
"""

from __future__ import annotations

from sceau.documents.identifiers import require_address
from sceau.party.access import AdminRole, admin_role
from sceau.party.governance import Governance, SharedRole, read_governance
from scripts import admin
from scripts.parties import ArgumentInvalid

__getattr__ = admin.unknown_verb("roles", __doc__)


@admin.entry
def show() -> None:
    """Every admin role, what it opens, who holds it after what delays, and what is unsafe about that."""
    network = admin.network()
    print(governance_lines(read_governance(network, block=admin.newest(network).number)))


@admin.entry
def grant(labels: str, account: str, delay: str = "0") -> None:
    """Gives roles to an account."""
    roles = roles_argument(labels)
    if not (delay.isascii() and delay.isdigit() and int(delay[:11]) < 2**32):
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


def governance_lines(found: Governance) -> str:
    """The roles, their holders and delays, then the findings by their codes, for people."""
    lines = [line for shared in found.roles for line in _role_lines(shared)]
    lines += [f"{name}: target admin delay {delay} s" for name, delay in found.target_delays.items()]
    findings = found.findings()
    lines.append(f"Findings on the sharing of the roles: {len(findings)}")
    lines += [f"  - {finding.code}: {finding.en}" for finding in findings]
    return "\n".join(lines)


def _role_lines(shared: SharedRole) -> list[str]:
    role = shared.role
    lines = [
        f"{role.label}: {role.words.en}",
        f"  grant delay {shared.grant_delay} s, guardian: role {shared.guardian}",
    ]
    if not shared.holders:
        lines.append("  held by nobody")
    for holder in shared.holders:
        kind = "contract" if holder.is_contract else "single key"
        delay = f", after {holder.delay} s" if holder.delay else ""
        lines.append(f"  {holder.account} ({kind}{delay})")
    return lines
