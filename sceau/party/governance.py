# SPDX-License-Identifier: Apache-2.0
"""How the admin roles are shared: holders, delays and guardians as the access manager has them, and what is unsafe.

A finding says where fewer people than the design asks for can act, or can act unseen. A deployment just made has
several: its admin holds every role until the roles are shared (docs/deploy.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sceau.chain.abis import ContractName
from sceau.chain.network import Network
from sceau.chain.times import utc_text
from sceau.errors import Sentence
from sceau.party.access import (
    ADMIN,
    ADMIN_ROLES,
    MANAGED,
    MANAGER,
    AdminRole,
    Holder,
    holders,
    pending_grants,
)


@dataclass(frozen=True)
class SharedRole:
    """A role as it is shared.

    ``holders`` hold it now; ``pending`` will, each from a time in seconds since 1970. ``guardian`` is the role that can
    cancel what its holders schedule, ``grant_delay`` the seconds that a grant waits.
    """

    role: AdminRole
    holders: tuple[Holder, ...]
    pending: Mapping[str, int]
    guardian: int
    grant_delay: int


@dataclass(frozen=True)
class Governance:
    """The sharing of all roles at one block.

    ``target_delays`` are the seconds for which a change of who may call a contract waits, by contract; ``deployers``
    the accounts that deployed: the first admin, and the keys that created the contracts.
    """

    roles: tuple[SharedRole, ...]
    target_delays: Mapping[ContractName, int]
    deployers: frozenset[str]

    def findings(self) -> list[Sentence]:
        """What is unsafe, in the order of the rules; each has a code."""
        return [
            *self._single_keys(),
            *self._deployer(),
            *self._holders(),
            *self._delays(),
            *self._guardians(),
            *self._pending(),
        ]

    @property
    def _held(self) -> dict[str, list[AdminRole]]:
        """The roles of each single key. A contract's rules are its own."""
        held: dict[str, list[AdminRole]] = {}
        for shared in self.roles:
            for holder in shared.holders:
                if not holder.is_contract:
                    held.setdefault(holder.account, []).append(shared.role)
        return held

    def _single_keys(self) -> Iterator[Sentence]:
        for account, roles in self._held.items():
            several = [role for role in roles if not role.alone]
            if len(roles) == len(self.roles):
                yield Sentence("governance.key-holds-every-role", account=account)
            elif several and len(several) < len(roles):
                yield Sentence("governance.key-stops-and-restarts", account=account, roles=_labels(roles))
            elif several:
                yield Sentence("governance.key-holds-shared-role", account=account, roles=_labels(several))

    def _deployer(self) -> Iterator[Sentence]:
        for account in sorted(self.deployers):
            roles = [s.role for s in self.roles if account in {holder.account for holder in s.holders}]
            if roles:
                yield Sentence("governance.deployer-holds-role", account=account, roles=_labels(roles))

    def _holders(self) -> Iterator[Sentence]:
        for shared in self.roles:
            if not shared.holders:
                yield Sentence("governance.role-of-nobody", role=shared.role.label)
            elif shared.role.alone and all(holder.is_contract for holder in shared.holders):
                yield Sentence("governance.stop-takes-several", role=shared.role.label)

    def _delays(self) -> Iterator[Sentence]:
        for shared in self.roles:
            for holder in shared.holders:
                who = {"account": holder.account, "role": shared.role.label}
                if not shared.role.alone and holder.delay == 0:
                    yield Sentence("governance.no-execution-delay", **who)
                if shared.role.alone and holder.delay > 0:
                    yield Sentence("governance.stop-is-delayed", delay=holder.delay, **who)
            if not shared.role.alone and shared.grant_delay == 0:
                yield Sentence("governance.no-grant-delay", role=shared.role.label)
        for contract, delay in self.target_delays.items():
            if delay == 0:
                yield Sentence("governance.no-target-admin-delay", contract=contract)

    def _guardians(self) -> Iterator[Sentence]:
        accounts = {s.role.number: {holder.account for holder in s.holders} for s in self.roles}
        for shared in self.roles:
            role, found = shared.role, shared.guardian
            if found not in accounts:
                yield Sentence("governance.guardian-unknown", role=role.label, found=found)
            elif not accounts[found]:
                yield Sentence("governance.guardian-of-nobody", role=role.label, found=found)
            # The manager lets nobody give ADMIN another guardian than itself.
            elif role != ADMIN and accounts[found] <= accounts[role.number]:
                yield Sentence("governance.guardian-is-holder", role=role.label, found=found)

    def _pending(self) -> Iterator[Sentence]:
        for shared in self.roles:
            for account, since in shared.pending.items():
                when = utc_text(since)
                yield Sentence("governance.grant-pending", account=account, role=shared.role.label, when=when)


def read_governance(network: Network, *, block: int) -> Governance:
    """How the roles are shared at a block. The holders are found in the manager's events, then asked of it."""
    held, coming = holders(network, block=block), pending_grants(network, block=block)
    roles = tuple(
        SharedRole(
            role,
            held[role],
            coming[role],
            int(network.read(MANAGER, "getRoleGuardian", role.number, block=block)),
            int(network.read(MANAGER, "getRoleGrantDelay", role.number, block=block)),
        )
        for role in (ADMIN, *ADMIN_ROLES)
    )
    delays = {
        name: int(network.read(MANAGER, "getTargetAdminDelay", network.address(name), block=block))
        for name in MANAGED
    }
    return Governance(roles, delays, frozenset(_deployers(network)))


def _deployers(network: Network) -> Iterator[str]:
    from eth_utils.address import to_checksum_address

    manager = network.manifest.contracts[MANAGER]
    if manager.arguments:
        yield str(to_checksum_address(manager.arguments[0]))
    for transaction in {entry.transaction for entry in network.manifest.contracts.values()}:
        yield network.node.sender(transaction)


def _labels(roles: list[AdminRole]) -> str:
    return ", ".join(role.label for role in roles)
