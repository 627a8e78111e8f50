# SPDX-License-Identifier: Apache-2.0
"""What every part of a random life needs: the chain, the model beside it, and choices."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st

from tests.contracts.support.chain import Call, Contract, Receipt, Refused
from tests.contracts.support.head import head_of
from tests.contracts.support.model.claims import Claims
from tests.contracts.support.model.consents import Consents
from tests.contracts.support.model.parties import ModelParty, Parties, Reasons
from tests.contracts.support.signing import Signer, consent_id
from tests.contracts.support.world import World

T = TypeVar("T")
Data = Any  # what `st.data()` gives; Hypothesis has no public name for it
Act = Callable[[int], Reasons]

SPARE_KEYS, PATIENTS, HEIRS = 8, 5, 3


class Accounts:
    """Everybody who may send in a random life, funded once."""

    def __init__(self, world: World) -> None:
        organisations = (
            world.practice,
            world.supplier,
            world.payer,
            world.auditor,
            world.other_practice,
            world.other_supplier,
            world.other_payer,
        )
        self.keys = [
            key
            for party in organisations
            for key in (party.key, party.second, party.retired, party.compromised)
        ]
        self.spare = [world.account(f"spare key {number}") for number in range(SPARE_KEYS)]
        self.heirs = [world.account(f"heir {number}") for number in range(HEIRS)]
        self.patients = [world.account(f"patient {number}") for number in range(PATIENTS)]
        self.controllers = [party.controller for party in organisations]
        self.everybody = [
            *self.keys,
            *self.spare,
            *self.heirs,
            *self.patients,
            *self.controllers,
            *world.admins.values(),
            world.admin,
            world.unknown,
        ]
        self.by_address = {signer.address: signer for signer in self.everybody}


def parties_as_founded(world: World, accounts: Accounts) -> Parties:
    """The founders' parties are tested elsewhere; here they are taken from the chain."""
    founded, chain = Parties(), world.chain
    for number in range(1, chain.read(world.parties.partyCount()) + 1):
        keys = list(chain.read(world.parties.keysOf(number)))
        founded.parties[number] = ModelParty(world.party(number), keys)
    for signer in accounts.keys:
        founded.keys[signer.address] = world.key(signer.address)
    return founded


class RandomLife:
    """One random life, and what became of the steps of all lives."""

    world: ClassVar[World]
    accounts: ClassVar[Accounts]
    #: Every life begins with them: the chain is put back after each.
    founded: ClassVar[Parties]
    reader: ClassVar[Contract]
    taken: ClassVar[Counter[str]] = Counter()
    errors: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        self.chain = self.world.chain
        self.snapshot = self.chain.snapshot()
        self.now = self.chain.now
        self.parties = deepcopy(self.founded)
        self.consents = Consents(self.parties)
        self.claims = Claims(self.parties, self.consents)
        self.commitments: list[tuple[bytes, Signer]] = []
        self.nonces: list[tuple[bytes, bytes]] = []
        self.serial = 0

    def end(self) -> None:
        """Compare all that the chain holds with the model, and put the chain back."""
        self._compare_everything()
        self.chain.revert(self.snapshot)

    # -- choosing

    def _pick(self, data: Data, choices: Sequence[T]) -> T:
        chosen: T = data.draw(st.sampled_from(choices))
        return chosen

    def _chance(self, data: Data, percent: int) -> bool:
        drawn: int = data.draw(st.integers(0, 99))
        return 100 - percent <= drawn

    def _word(self) -> bytes:
        self.serial += 1
        return b"\xab" * 24 + self.serial.to_bytes(8, "big")

    def _any_party(self, data: Data) -> int:
        return self._pick(data, [*self.parties.parties, *self.parties.parties, 0, 99])

    def _controller(self, party: int) -> str:
        held = self.parties.parties.get(party)
        return held.record.controller if held else self.world.unknown.address

    def _controller_or_anybody(self, data: Data, party: int) -> str:
        if self._chance(data, 15):
            return self._pick(data, self.accounts.everybody).address
        return self._controller(party)

    def _spare(self) -> list[str]:
        return [signer.address for signer in self.accounts.spare]

    def _acting(self, data: Data, role: str, party: int = 0, stray: int = 12) -> tuple[str, int]:
        """An acting key of a party, or of any that holds the role; sometimes any key. And its party."""
        bit = {"practice": 1, "supplier": 2, "payer": 4}[role]
        holders = [(number, held) for number, held in self.parties.parties.items() if held.record.roles & bit]
        able = [
            key
            for number, held in holders
            if (number == party or not party) and not held.record.suspended
            for key in held.keys
        ]
        if not able or self._chance(data, stray):
            # Few of all accounts are keys of the role, and fewer of a suspended party: each as often as anybody.
            of_the_role = [key for _, held in holders for key in held.keys]
            barred = [key for _, held in holders if held.record.suspended for key in held.keys]
            everybody = [signer.address for signer in self.accounts.everybody]
            able = self._pick(data, [keys for keys in (of_the_role, barred, everybody) if keys])
        key = self._pick(data, able)
        return key, self.parties.key(key).party

    def _commitment(self, data: Data, old: int) -> tuple[bytes, Signer]:
        if self.commitments and self._chance(data, old):
            return self._pick(data, self.commitments)
        made = (self._word(), self._pick(data, self.accounts.patients))
        self.commitments.append(made)
        return made

    def _consent(self, data: Data) -> bytes:
        """Mostly one that was recorded and still lasts."""
        known = list(self.consents.consents)
        lasting = [consent for consent in known if self.consents.valid_at(consent, self.now)]
        if lasting and self._chance(data, 75):
            return self._pick(data, lasting)
        return self._pick(data, [*known, self._word()])

    # -- comparing

    def _try(self, name: str, call: Call, sender: str, act: Act) -> bool:
        """Send, and ask the model: refused for a reason that it gives, or taken with the events that it gives."""
        models = (self.parties, self.consents, self.claims)
        for model in models:
            model.events.clear()
        self.now += 1
        outcome = self.chain.attempt(call, sender, self.now)
        reasons = act(self.now)
        if reasons:
            assert isinstance(outcome, Refused), f"{name}: {outcome}, expected one of {reasons}"
            assert outcome in reasons, f"{name}: {outcome}, expected one of {reasons}"
            self.taken[f"{name}, refused"] += 1
            self.errors[outcome.name] += 1
            return False
        assert isinstance(outcome, Receipt), f"{name}: {outcome}, expected to be taken"
        events = [event for model in models for event in model.events]
        if call.function in ("pause", "unpause"):
            assert [event.contract for event in outcome.events] == [call.contract.name]
        else:
            assert list(outcome.events) == events
        self.taken[name] += 1
        return True

    def _compare_everything(self) -> None:
        world, chain = self.world, self.chain
        expected = [*self._of_parties(), *self._of_consents(), *self._of_claims()]
        found = chain.read_all(self.reader, [call for call, _ in expected])
        for (call, value), answer in zip(expected, found, strict=True):
            # A party's keys stand in no order.
            held = sorted(answer) if call.function == "keysOf" else answer
            assert held == value, f"{call.function}{call.args}"
        events = chain.logs(world.claims)
        for claim, held in self.claims.claims.items():
            own = [(time, event) for time, event in events if event.args.get("claim") == claim]
            assert head_of(own) == held.head

    def _of_parties(self) -> Iterator[tuple[Call, object]]:
        yield self.world.parties.partyCount(), len(self.parties.parties)
        for number, party in self.parties.parties.items():
            yield self.world.parties.partyOf(number), party.record
            yield self.world.parties.keysOf(number), sorted(party.keys)
        for signer in (*self.accounts.keys, *self.accounts.spare):
            yield self.world.parties.keyOf(signer.address), self.parties.key(signer.address)

    def _of_consents(self) -> Iterator[tuple[Call, object]]:
        registry = self.world.consents
        yield registry.paused(), self.consents.paused
        for commitment, patient in self.commitments:
            consent = consent_id(commitment, patient.address)
            stored = self.consents.consent(consent)
            yield registry.consentOf(consent), stored
            for time in {self.now, stored.recorded_at, stored.expires_at, stored.revoked_at}:
                valid = self.consents.valid_at(consent, time)
                yield registry.isValidAt(consent, time), valid
                yield registry.validityOf(consent, time), (stored.recorder, valid)

    def _of_claims(self) -> Iterator[tuple[Call, object]]:
        registry = self.world.claims
        yield registry.paused(), self.claims.paused
        for claim, held in self.claims.claims.items():
            yield registry.claimOf(claim), held
            yield registry.conformityOf(claim), self.claims.conformity(claim)
