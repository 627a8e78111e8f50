# SPDX-License-Identifier: Apache-2.0
"""What a consortium's admins do: admit and suspend parties, set roles, pause, and share their own roles.

Each act is opened by a role of the access manager (:mod:`sceau.party.access`). An admin that is a contract sends the
calls of :mod:`sceau.roles.calls` instead.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, Literal

from sceau.chain.following import Receipt, read_after
from sceau.chain.network import Network
from sceau.chain.registries.errors import KeyOfNoParty
from sceau.chain.registries.parties import address_topic, party_number, party_topic, read_key, read_party
from sceau.chain.signer import Signer
from sceau.documents.identifiers import bytes_of, require_address
from sceau.errors import NodeError
from sceau.party.access import ADMIN, MANAGER, AdminRole, holders
from sceau.party.application import Application
from sceau.party.confirmation import IdentityConfirmation
from sceau.party.directory import Directory
from sceau.party.entry import DirectoryEntry
from sceau.party.errors import LastAdmin, RoleNotHeld
from sceau.roles.confirming import identity_to_confirm, require_distinct_name
from sceau.roles.handle import Handle
from sceau.roles.writing import newest, write
from sceau.terms import Role

#: The registries that take new records, and can be paused.
Pausable = Literal["ConsentRegistry", "ClaimRegistry"]


class Admin:
    """An admin of the consortium acting with its key.

    Every verb raises :class:`ContractError`, by the class of its reason, when the contracts refuse; nothing was written
    then. Doing a verb again finds what it wrote.

    Args:
        network: the deployment.
        signer: the admin's key.
    """

    def __init__(self, network: Network, signer: Signer) -> None:
        self._network = network
        self._signer = signer

    # Parties

    def admit(self, application: Application, *, directory: Directory | None = None) -> Handle:
        """Admits the party that applies; its number is the party of any of its keys once this is written.

        The identity in its entry is confirmed by that. ``directory`` has the other parties' entries, whose names it
        must not resemble.

        Raises:
            ApplicationElsewhere: it is for another chain or contract; nothing was sent.
            NameLooksAlike: its name looks like that of another party in the directory; nothing was sent.
        """
        application.check(self._network)
        block = self._network.head().number
        admitted = read_key(self._network, application.keys[0].key, block=block).party
        require_distinct_name(self._network, application.entry, directory, party=admitted, block=block)
        return self._write_party(
            "admit", *application.arguments(), stands=lambda: self._admitted(application)
        )

    def number_after(self, application: Application, receipt: Receipt, timeout: float = 30) -> int:
        """The number of the party that applied, once ``receipt`` of its admission was given.

        Raises :class:`WrittenUnread` if no node reports it for ``timeout`` seconds.
        """
        return read_after(
            receipt.hash,
            time.monotonic() + timeout,
            lambda: party_number(self._network, application.keys[0].key),
            (NodeError, KeyOfNoParty),
        )

    def confirm_identity(
        self, party: int, entry: DirectoryEntry, *, directory: Directory | None = None
    ) -> IdentityConfirmation:
        """Confirms the identity in the entry that a party published last; send the statement to all members.

        Nothing is sent. Make sure by other means that the organisation asks for it, and that it bears that name.

        Raises:
            ConfirmingRoleMissing: this admin does not hold ADMISSION.
            EntryOfNobody, IdentityInvalid, NameLooksAlike, PartyUnknown: as :func:`identity_to_confirm`.
            ConfirmationWorthless: this admin must wait before it acts, and has not waited since the publication.
        """
        return identity_to_confirm(self._network, party, entry, directory=directory).signed(self._signer)

    def set_roles(self, party: int, roles: Role) -> Handle:
        """Replaces a party's roles."""

        def stands() -> Receipt | None:
            if read_party(self._network, party).roles != roles:
                return None
            return self._newest("PartyRolesSet", party) or self._newest("PartyAdmitted", party)

        return self._write_party("setRoles", party, int(roles), stands=stands)

    def suspend(self, party: int) -> Handle:
        """Suspends a party: none of its keys may act from that block on."""
        return self._write_party("suspend", party, stands=lambda: self._suspension(party, suspended=True))

    def reinstate(self, party: int) -> Handle:
        """Ends a suspension."""
        return self._write_party("reinstate", party, stands=lambda: self._suspension(party, suspended=False))

    def set_compromised_since(self, key: str, since: int) -> Handle:
        """Records, once and for ever, since when (seconds since 1970) a key was compromised; it retires the key too.

        Raises:
            AddressInvalid: ``key`` is not an address.
        """
        key = require_address(key)

        def stands() -> Receipt | None:
            state = read_key(self._network, key)
            if state.compromised_since != since:
                return None
            return self._newest("KeyCompromised", state.party, address_topic(key))

        return self._write_party("setCompromisedSince", key, since, stands=stands)

    # Registries

    def pause(self, registry: Pausable) -> Handle:
        """Stops new consents, or new claims. Running claims and revocations go on."""
        return write(self._network, self._signer, registry, "pause", stands=self._pausing(registry, "Paused"))

    def unpause(self, registry: Pausable) -> Handle:
        """Lets new consents, or new claims, be recorded again."""
        return write(
            self._network, self._signer, registry, "unpause", stands=self._pausing(registry, "Unpaused")
        )

    # Roles of admins

    def grant(self, roles: Iterable[AdminRole], account: str, *, delay: int = 0) -> Handle:
        """Gives roles to an account (a key, a Safe, a timelock), to be used after ``delay`` seconds.

        By a holder of ADMIN. All are given, or none.

        Raises:
            AddressInvalid: ``account`` is not an address.
        """
        account, roles = require_address(account), list(roles)
        calls = [("grantRole", role.number, account, delay) for role in roles]

        def stands() -> Receipt | None:
            if any(self._holds(role, account) != (True, delay) for role in roles):
                return None
            return self._newest_of_role("RoleGranted", roles[-1], account)

        return self._write_roles(calls, stands)

    def revoke(self, roles: Iterable[AdminRole], account: str) -> Handle:
        """Takes roles from an account. By a holder of ADMIN. All are taken, or none.

        Raises:
            AddressInvalid: ``account`` is not an address.
            RoleNotHeld: the account does not hold one of them, and never did.
            LastAdmin: ADMIN would be held by nobody, and no role could ever change again.
        """
        account = require_address(account)
        # An account that gives up its own roles needs ADMIN to the end.
        ordered = sorted(roles, key=lambda role: role == ADMIN)
        held = [role for role in ordered if self._holds(role, account)[0]]
        for role in ordered:
            if role not in held and self._newest_of_role("RoleRevoked", role, account) is None:
                raise RoleNotHeld(account=account, role=role.label)
        if ADMIN in held:
            self._require_another_admin(account)
        calls = [("revokeRole", role.number, account) for role in held]

        def stands() -> Receipt | None:
            if any(self._holds(role, account)[0] for role in ordered):
                return None
            return self._newest_of_role("RoleRevoked", ordered[-1], account)

        return self._write_roles(calls, stands)

    # What stands already

    def _admitted(self, application: Application) -> Receipt | None:
        number = read_key(self._network, application.keys[0].key).party
        if number == 0:
            return None
        party = read_party(self._network, number)
        found = (party.controller, party.roles, party.directory)
        if found != (application.controller, application.roles, application.directory):
            return None
        return self._newest("PartyAdmitted", number)

    def _suspension(self, party: int, *, suspended: bool) -> Receipt | None:
        if read_party(self._network, party).suspended is not suspended:
            return None
        return self._newest("PartySuspended" if suspended else "PartyReinstated", party)

    def _pausing(self, registry: Pausable, event: str) -> Callable[[], Receipt | None]:
        def stands() -> Receipt | None:
            if self._network.read(registry, "paused") is not (event == "Paused"):
                return None
            return newest(self._network, registry, event)

        return stands

    def _newest(self, event: str, party: int, *topics: str) -> Receipt | None:
        return newest(self._network, "PartyRegistry", event, party_topic(party), *topics)

    def _newest_of_role(self, event: str, role: AdminRole, account: str) -> Receipt | None:
        return newest(self._network, MANAGER, event, f"0x{role.number:064x}", address_topic(account))

    def _holds(self, role: AdminRole, account: str) -> tuple[bool, int]:
        """Whether an account holds a role, and after what delay in seconds it may use it."""
        member, delay = self._network.read(MANAGER, "hasRole", role.number, account)
        return bool(member), int(delay)

    def _require_another_admin(self, account: str) -> None:
        held = holders(self._network, block=self._network.head().number)[ADMIN]
        if {holder.account for holder in held} <= {account}:
            raise LastAdmin(account=account)

    def _write_party(self, function: str, *args: Any, stands: Callable[[], Receipt | None]) -> Handle:
        return write(self._network, self._signer, "PartyRegistry", function, *args, stands=stands)

    def _write_roles(self, calls: list[tuple[Any, ...]], stands: Callable[[], Receipt | None]) -> Handle:
        encoded = [bytes_of(self._network.encode(MANAGER, *call)) for call in calls]
        return write(self._network, self._signer, MANAGER, "multicall", encoded, stands=stands)
