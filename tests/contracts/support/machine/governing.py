# SPDX-License-Identifier: Apache-2.0
"""What admins and controllers do in a random life."""

from collections.abc import Callable

from tests.contracts.support.chain import Call, Contract, refused
from tests.contracts.support.machine.random_life import Act, Data, RandomLife
from tests.contracts.support.model.claims import Claims
from tests.contracts.support.model.consents import Consents
from tests.contracts.support.model.parties import Reasons
from tests.contracts.support.terms import DAY, NOBODY, ZERO
from tests.contracts.support.world import ADMISSION, COMPROMISE, GOVERNANCE, SUSPENSION


class Governing(RandomLife):
    """Acts of the consortium and of the parties on themselves."""

    def govern(self, data: Data) -> None:
        """Suspend, reinstate, give roles, declare a key compromised, pause, unpause."""
        act = self._pick(data, list(self._governing()))
        role, prepare = self._governing()[act]
        name = act.removesuffix(" again")
        sender = self.world.admins[role].address
        if self._chance(data, 15):
            sender = self._pick(data, self.accounts.everybody).address
        call, change = prepare(data)
        if sender != self.world.admins[role].address:
            unauthorised = [refused("AccessManagedUnauthorized", sender)]
            self._try(name, call, sender, lambda _: unauthorised)
        else:
            self._try(name, call, sender, change)

    def _governing(self) -> dict[str, tuple[int, Callable[[Data], tuple[Call, Act]]]]:
        return {
            "suspend": (SUSPENSION, self._suspend),
            "reinstate": (GOVERNANCE, self._reinstate),
            "reinstate again": (GOVERNANCE, self._reinstate),
            "set roles": (GOVERNANCE, self._set_roles),
            "compromise": (COMPROMISE, self._compromise),
            "compromise again": (COMPROMISE, self._compromise),
            "pause": (SUSPENSION, self._pause),
            "unpause": (GOVERNANCE, self._unpause),
            "unpause again": (GOVERNANCE, self._unpause),
        }

    def _suspend(self, data: Data) -> tuple[Call, Act]:
        party = self._any_party(data)
        return self.world.parties.suspend(party), lambda _: self.parties.suspend(party)

    def _reinstate(self, data: Data) -> tuple[Call, Act]:
        suspended = [number for number, party in self.parties.parties.items() if party.record.suspended]
        party = self._pick(data, suspended) if suspended else self._any_party(data)
        return self.world.parties.reinstate(party), lambda _: self.parties.reinstate(party)

    def _set_roles(self, data: Data) -> tuple[Call, Act]:
        party, roles = self._any_party(data), self._pick(data, [7, 15, 7, 1, 2, 4, 8, 3, 6, 0, 16, 255])
        return self.world.parties.setRoles(party, roles), lambda _: self.parties.set_roles(party, roles)

    def _compromise(self, data: Data) -> tuple[Call, Act]:
        key = self._pick(data, [*self.accounts.keys[2::4], *self.accounts.spare, *self.accounts.keys]).address
        stored = self.parties.key(key)
        dates = [
            0,
            1,
            stored.added_at,
            stored.retired_at,
            stored.retired_at + 1,
            self.now,
            self.now + 10 * DAY,
        ]
        since = self._pick(data, dates)
        call = self.world.parties.setCompromisedSince(key, since)
        return call, lambda now: self.parties.set_compromised_since(key, since, now)

    def _pause(self, data: Data) -> tuple[Call, Act]:
        registry, model = self._registry(data)
        return registry.pause(), lambda _: self._set_paused(model, True)

    def _unpause(self, data: Data) -> tuple[Call, Act]:
        registry, model = self._registry(data)
        return registry.unpause(), lambda _: self._set_paused(model, False)

    def _registry(self, data: Data) -> tuple[Contract, Consents | Claims]:
        both: list[tuple[Contract, Consents | Claims]] = [
            (self.world.consents, self.consents),
            (self.world.claims, self.claims),
        ]
        return self._pick(data, both)

    def _set_paused(self, model: Consents | Claims, paused: bool) -> Reasons:
        if model.paused == paused:
            return [refused("EnforcedPause" if paused else "ExpectedPause")]
        model.paused = paused
        return []

    # -- parties

    def admit(self, data: Data) -> None:
        """A new party, often with a controller or a key that may not be one."""
        controller = self._pick(
            data, [*self.accounts.heirs, *self.accounts.controllers, self.accounts.keys[0]]
        )
        roles = self._pick(data, [1, 2, 4, 7, 15, 0, 16])
        count = self._pick(data, [1, 1, 2, 3, 0])
        candidates = [*self.accounts.spare, *self.accounts.spare, *self.accounts.controllers[:1]]
        keys = [self._pick(data, candidates) for _ in range(count)]
        proven = [not self._chance(data, 8) for _ in keys]
        proofs = [
            self.world.possession(controller.address if good else NOBODY, key)
            for key, good in zip(keys, proven, strict=True)
        ]
        applications = [(key.address, proof) for key, proof in zip(keys, proofs, strict=True)]
        call = self.world.parties.admit(controller.address, roles, ZERO, applications)
        given = [(key.address, good) for key, good in zip(keys, proven, strict=True)]
        self._try(
            "admit",
            call,
            self.world.admins[ADMISSION].address,
            lambda now: self.parties.admit(controller.address, roles, given, now),
        )

    def manage_keys(self, data: Data) -> None:
        """Add or retire a key, mostly by the party's controller."""
        party = self._any_party(data)
        sender = self._controller_or_anybody(data, party)
        if self._chance(data, 60):
            key = self._pick(
                data, [*self.accounts.spare, *self.accounts.keys[:2], *self.accounts.controllers[:2]]
            )
            proven = not self._chance(data, 10)
            controller = self._controller(party) if proven else NOBODY
            call = self.world.parties.addKey(party, key.address, self.world.possession(controller, key))
            self._try(
                "add key",
                call,
                sender,
                lambda now: self.parties.add_key(party, key.address, proven, sender, now),
            )
        else:
            keys = [*self.accounts.keys, *self.accounts.spare]
            address = self._pick(data, keys).address
            by = self._pick(data, [address, sender, self._controller(self.parties.key(address).party)])
            self._try(
                "retire key",
                self.world.parties.retireKey(address),
                by,
                lambda now: self.parties.retire_key(address, by, now),
            )

    def manage_party(self, data: Data) -> None:
        """Offer or accept control, or write in the directory."""
        party = self._any_party(data)
        sender = self._controller_or_anybody(data, party)
        act = self._pick(data, ["offer", "accept", "directory"])
        if act == "directory":
            word = self._word()
            call = self.world.parties.setDirectory(party, word)
            self._try(act, call, sender, lambda _: self.parties.set_directory(party, word, sender))
        elif act == "offer":
            heirs = [signer.address for signer in (*self.accounts.heirs, *self.accounts.controllers)]
            heir = self._pick(data, [*heirs, NOBODY, self.accounts.keys[0].address, *self._spare()])
            call = self.world.parties.offerController(party, heir)
            self._try(act, call, sender, lambda _: self.parties.offer_controller(party, heir, sender))
        else:
            offered = {
                number: held.record.pending_controller
                for number, held in self.parties.parties.items()
                if held.record.pending_controller != NOBODY
            }
            if offered and self._chance(data, 85):
                party = self._pick(data, sorted(offered))
                sender = offered[party]
            call = self.world.parties.acceptController(party)
            self._try(act, call, sender, lambda _: self.parties.accept_controller(party, sender))
