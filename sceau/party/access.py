# SPDX-License-Identifier: Apache-2.0
"""Who in the consortium may call which restricted function: the roles of the access manager, and their wiring.

Each act that one admin alone may do is apart from those that need several (design: one admin alone may suspend
or pause; none alone may admit, grant or unpause). Any account can hold a role: a person's, a Safe, a timelock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sceau.chain.abis import ContractName, abi
from sceau.chain.announced import announced
from sceau.chain.network import Network
from sceau.documents.identifiers import bytes_of
from sceau.errors import Sentence
from sceau.party.errors import AdminRoleUnknown

MANAGER: ContractName = "ConsortiumAccessManager"
#: Contracts that ask the access manager.
MANAGED: tuple[ContractName, ...] = ("PartyRegistry", "ConsentRegistry", "ClaimRegistry")


@dataclass(frozen=True)
class AdminRole:
    """A role of the access manager: its number there, its label there, and what it opens.

    ``alone`` says whether one admin alone should hold it; the others belong to several together.
    """

    number: int
    label: str
    words: Sentence
    opens: tuple[tuple[ContractName, str], ...]
    alone: bool = False


#: The manager's own role 0: grants and revokes all roles, and says which role opens what.
ADMIN = AdminRole(
    0,
    "ADMIN",
    Sentence("admin-roles.admin"),
    (),
)

ADMIN_ROLES = (
    AdminRole(
        1,
        "ADMISSION",
        Sentence("admin-roles.admission"),
        (("PartyRegistry", "admit"), ("PartyRegistry", "setRoles")),
    ),
    AdminRole(
        2,
        "SUSPENSION",
        Sentence("admin-roles.suspension"),
        (("PartyRegistry", "suspend"), ("ConsentRegistry", "pause"), ("ClaimRegistry", "pause")),
        alone=True,
    ),
    AdminRole(
        3,
        "GOVERNANCE",
        Sentence("admin-roles.governance"),
        (("PartyRegistry", "reinstate"), ("ConsentRegistry", "unpause"), ("ClaimRegistry", "unpause")),
    ),
    AdminRole(
        4,
        "COMPROMISE",
        Sentence("admin-roles.compromise"),
        (("PartyRegistry", "setCompromisedSince"),),
    ),
)


def admin_role(label: str) -> AdminRole:
    """The role of this label, in any case.

    Raises:
        AdminRoleUnknown: there is no such role.
    """
    for role in (ADMIN, *ADMIN_ROLES):
        if role.label == label.upper():
            return role
    raise AdminRoleUnknown(known=", ".join(r.label for r in (ADMIN, *ADMIN_ROLES)))


def wiring(network: Network, holder: str) -> list[bytes]:
    """Calldata of the calls that label the roles, open their functions and give all of them to ``holder``.

    They go to the access manager, by its first admin, as one ``multicall``.
    """
    calls = []
    for role in ADMIN_ROLES:
        calls.append(network.encode(MANAGER, "labelRole", role.number, role.label))
        for contract, selectors in _by_contract(role).items():
            target = network.address(contract)
            calls.append(network.encode(MANAGER, "setTargetFunctionRole", target, selectors, role.number))
        calls.append(network.encode(MANAGER, "grantRole", role.number, holder, 0))
    return [bytes_of(call) for call in calls]


@dataclass(frozen=True)
class Holder:
    """An account that holds a role, and after what delay (seconds) it may use it."""

    account: str
    delay: int
    is_contract: bool


def holders(network: Network, *, block: int) -> Mapping[AdminRole, tuple[Holder, ...]]:
    """Who holds each role at a block. Found in the manager's events, confirmed by asking it."""
    return {
        role: tuple(_holding(network, role, accounts, block))
        for role, accounts in _granted(network, block).items()
    }


def pending_grants(network: Network, *, block: int) -> Mapping[AdminRole, Mapping[str, int]]:
    """Who will hold each role: accounts whose grant waits for a grant delay, with its time in seconds since 1970."""
    return {
        role: dict(_waiting(network, role, accounts, block))
        for role, accounts in _granted(network, block).items()
    }


def wiring_faults(network: Network, *, block: int) -> list[Sentence]:
    """What is not as :func:`wiring` leaves it; empty when all is well.

    Another manager, a contract closed to its admins, a function opened by another role, a role that others than
    the holders of ADMIN may give away.
    """
    return [
        *_authority_faults(network, block),
        *_opener_faults(network, block),
        *_role_admin_faults(network, block),
    ]


def _authority_faults(network: Network, block: int) -> Iterator[Sentence]:
    for contract in MANAGED:
        if network.read(contract, "authority", block=block).lower() != network.address(MANAGER).lower():
            yield Sentence("admin-faults.authority", contract=contract)
        if network.read(MANAGER, "isTargetClosed", network.address(contract), block=block):
            yield Sentence("admin-faults.closed", contract=contract)


def _opener_faults(network: Network, block: int) -> Iterator[Sentence]:
    for role in ADMIN_ROLES:
        for contract, function in role.opens:
            target, opener = network.address(contract), selector(contract, function)
            found = network.read(MANAGER, "getTargetFunctionRole", target, opener, block=block)
            if found != role.number:
                where = {"contract": contract, "function": function, "role": role.label}
                yield Sentence("admin-faults.opener", found=found, **where)


def _role_admin_faults(network: Network, block: int) -> Iterator[Sentence]:
    for role in ADMIN_ROLES:
        found = network.read(MANAGER, "getRoleAdmin", role.number, block=block)
        if found != ADMIN.number:
            yield Sentence("admin-faults.role-admin", role=role.label, found=found, admin=ADMIN.label)


def selector(contract: ContractName, function: str) -> bytes:
    """The four bytes that call a function of a contract (none of ours is overloaded)."""
    from eth_utils.abi import function_abi_to_4byte_selector

    entry = next(e for e in abi(contract) if e["type"] == "function" and e["name"] == function)
    return bytes(function_abi_to_4byte_selector(entry))  # type: ignore[arg-type] # ABI entries are plain dicts here


def _by_contract(role: AdminRole) -> dict[ContractName, list[bytes]]:
    found: dict[ContractName, list[bytes]] = {}
    for contract, function in role.opens:
        found.setdefault(contract, []).append(selector(contract, function))
    return found


def _granted(network: Network, block: int) -> dict[AdminRole, list[str]]:
    """Every account that a role was ever granted to."""
    found: dict[int, set[str]] = {}
    for event in announced(network, MANAGER, to_block=block, fresh=True):
        if event.name == "RoleGranted":
            found.setdefault(int(event.args["roleId"]), set()).add(str(event.args["account"]))
    return {role: sorted(found.get(role.number, ())) for role in (ADMIN, *ADMIN_ROLES)}


def _waiting(
    network: Network, role: AdminRole, accounts: Iterable[str], block: int
) -> Iterable[tuple[str, int]]:
    for account in accounts:
        since = int(network.read(MANAGER, "getAccess", role.number, account, block=block)[0])
        if since and not network.read(MANAGER, "hasRole", role.number, account, block=block)[0]:
            yield account, since


def _holding(network: Network, role: AdminRole, accounts: Iterable[str], block: int) -> Iterable[Holder]:
    for account in accounts:
        member, delay = network.read(MANAGER, "hasRole", role.number, account, block=block)
        if member:
            yield Holder(account, int(delay), network.node.has_code(account, block))
