# SPDX-License-Identifier: Apache-2.0
"""The party registry, in plain Python: what docs/protocol.md says of parties and keys.

Every act answers with the reasons for which it must be refused; with none it changes the model and adds its events.
A party's roles and suspension stand in one place here; the contract copies them to keys.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tests.contracts.support.chain import Event, Refused, refused
from tests.contracts.support.terms import EVERY_ROLE, MAX_KEYS, NO_KEY, NOBODY, Party, SigningKey

Reasons = list[Refused]


@dataclass
class ModelParty:
    record: Party
    keys: list[str] = field(default_factory=list)


@dataclass
class Parties:
    """Parties by number, and every key that was ever registered."""

    parties: dict[int, ModelParty] = field(default_factory=dict)
    keys: dict[str, SigningKey] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    # -- reading

    def key(self, address: str) -> SigningKey:
        """A key as the registry must show it: while it acts, with its party's roles and suspension."""
        key = self.keys.get(address, NO_KEY)
        if key.party and not key.retired_at:
            party = self.parties[key.party].record
            return key._replace(roles=party.roles, suspended=party.suspended)
        return key

    def acting(self, address: str, role: int) -> tuple[int, Reasons]:
        """The party of a key, and why the key may not act."""
        key = self.key(address)
        if not key.party:
            return 0, [refused("KeyUnknown", address)]
        if key.retired_at:
            return key.party, [refused("KeyIsRetired", address)]
        reasons = []
        if key.suspended:
            reasons.append(refused("PartyIsSuspended", key.party))
        if not key.roles & role:
            reasons.append(refused("PartyLacksRole", key.party, role))
        return key.party, reasons

    def controllers(self) -> set[str]:
        return {party.record.controller for party in self.parties.values()}

    # -- acts of the consortium

    def admit(self, controller: str, roles: int, keys: Iterable[tuple[str, bool]], now: int) -> Reasons:
        """`keys` come with whether their possession is proven."""
        keys = list(keys)
        reasons = self._bad_roles(roles) + self._bad_controller(controller)
        if not keys:
            reasons.append(refused("PartyKeyCountInvalid", 0, MAX_KEYS))
        if reasons:
            return reasons
        number = len(self.parties) + 1
        trial = Parties({**self.parties}, {**self.keys})
        trial.parties[number] = ModelParty(Party(controller, NOBODY, roles, False, now, bytes(32)))
        for address, proven in keys:
            reasons = trial._add(number, address, proven, now)
            if reasons:
                return reasons
        self.parties, self.keys = trial.parties, trial.keys
        admitted = {"party": number, "controller": controller, "roles": roles, "directory": bytes(32)}
        self._say("PartyAdmitted", **admitted)
        self.events += trial.events
        return []

    def set_roles(self, party: int, roles: int) -> Reasons:
        reasons = self._bad_roles(roles) + self._unknown(party)
        if not reasons:
            self._change(party, roles=roles)
            self._say("PartyRolesSet", party=party, roles=roles)
        return reasons

    def suspend(self, party: int) -> Reasons:
        reasons = self._unknown(party)
        if not reasons and self.parties[party].record.suspended:
            reasons = [refused("PartyIsSuspended", party)]
        if not reasons:
            self._change(party, suspended=True)
            self._say("PartySuspended", party=party)
        return reasons

    def reinstate(self, party: int) -> Reasons:
        reasons = self._unknown(party)
        if not reasons and not self.parties[party].record.suspended:
            reasons = [refused("PartyNotSuspended", party)]
        if not reasons:
            self._change(party, suspended=False)
            self._say("PartyReinstated", party=party)
        return reasons

    def set_compromised_since(self, address: str, since: int, now: int) -> Reasons:
        key = self.keys.get(address, NO_KEY)
        if not key.party:
            return [refused("KeyUnknown", address)]
        reasons = []
        if key.compromised_since:
            reasons.append(refused("KeyAlreadyCompromised", address, key.compromised_since))
        latest = key.retired_at or now
        if not 0 < since <= latest:
            reasons.append(refused("KeyCompromiseDateInvalid", address, since, latest))
        if reasons:
            return reasons
        self.keys[address] = key._replace(compromised_since=since)
        self._say("KeyCompromised", party=key.party, key=address, compromisedSince=since)
        if not key.retired_at:
            self._retire(address, now)
        return []

    # -- acts of a party

    def add_key(self, party: int, address: str, proven: bool, sender: str, now: int) -> Reasons:
        reasons = self._not_controller(party, sender)
        return reasons or self._add(party, address, proven, now)

    def retire_key(self, address: str, sender: str, now: int) -> Reasons:
        key = self.keys.get(address, NO_KEY)
        if not key.party:
            return [refused("KeyUnknown", address)]
        reasons = []
        if sender not in (address, self.parties[key.party].record.controller):
            reasons.append(refused("KeyNotYours", address, sender))
        if key.retired_at:
            reasons.append(refused("KeyIsRetired", address))
        if not reasons:
            self._retire(address, now)
        return reasons

    def set_directory(self, party: int, directory: bytes, sender: str) -> Reasons:
        reasons = self._not_controller(party, sender)
        if not reasons:
            self._change(party, directory=directory)
            self._say("PartyDirectorySet", party=party, directory=directory)
        return reasons

    def offer_controller(self, party: int, controller: str, sender: str) -> Reasons:
        reasons = self._not_controller(party, sender)
        if controller != NOBODY:
            reasons += self._bad_controller(controller)
        if not reasons:
            self._change(party, pending_controller=controller)
            self._say("ControllerOffered", party=party, controller=controller)
        return reasons

    def accept_controller(self, party: int, sender: str) -> Reasons:
        reasons = self._unknown(party) + self._bad_controller(sender)
        if party in self.parties and self.parties[party].record.pending_controller != sender:
            reasons.append(refused("ControllerNotOffered", party, sender))
        if not reasons:
            self._change(party, controller=sender, pending_controller=NOBODY)
            self._say("ControllerChanged", party=party, controller=sender)
        return reasons

    # -- inside

    def _add(self, party: int, address: str, proven: bool, now: int) -> Reasons:
        holder = self.parties[party]
        reasons = []
        if address == NOBODY or address in self.controllers():
            reasons.append(refused("KeyInvalid", address))
        if address in self.keys:
            reasons.append(refused("KeyTaken", address, self.keys[address].party))
        if len(holder.keys) >= MAX_KEYS:
            reasons.append(refused("PartyKeyCountInvalid", len(holder.keys) + 1, MAX_KEYS))
        if not proven:
            reasons.append(refused("KeyPossessionUnproven", address))
        if not reasons:
            self.keys[address] = SigningKey(party, 0, False, now, 0, 0)
            self.parties[party] = replace(holder, keys=[*holder.keys, address])
            self._say("KeyAdded", party=party, key=address)
        return reasons

    def _retire(self, address: str, now: int) -> None:
        """What its party's roles and suspension were stays with the key."""
        self.keys[address] = self.key(address)._replace(retired_at=now)
        party = self.keys[address].party
        self.parties[party].keys.remove(address)
        self._say("KeyRetired", party=party, key=address)

    def _change(self, party: int, **changes: object) -> None:
        held = self.parties[party]
        self.parties[party] = replace(held, record=Party(**(held.record._asdict() | changes)))

    def _say(self, name: str, **args: object) -> None:
        self.events.append(Event("PartyRegistry", name, args))

    def _unknown(self, party: int) -> Reasons:
        return [] if party in self.parties else [refused("PartyUnknown", party)]

    def _not_controller(self, party: int, sender: str) -> Reasons:
        reasons = self._unknown(party)
        if not reasons and self.parties[party].record.controller != sender:
            reasons = [refused("ControllerOnly", party, sender)]
        return reasons

    def _bad_controller(self, controller: str) -> Reasons:
        bad = controller == NOBODY or controller in self.keys
        return [refused("ControllerInvalid", controller)] if bad else []

    @staticmethod
    def _bad_roles(roles: int) -> Reasons:
        return [] if 0 < roles <= EVERY_ROLE else [refused("PartyRolesInvalid", roles)]
