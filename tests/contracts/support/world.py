# SPDX-License-Identifier: Apache-2.0
"""A consortium on the development chain: its contracts, its admins and its parties."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from eth_utils import keccak

from tests.contracts.support.chain import Call, Chain, Contract, Receipt, selector
from tests.contracts.support.signing import CONSENT, REVOCATION, SIGNING_KEY, Domain, Signer, consent_id
from tests.contracts.support.terms import (
    AUDITOR,
    PAYER,
    PRACTICE,
    SUPPLIER,
    ZERO,
    Claim,
    Consent,
    Party,
    SigningKey,
    midnight_after,
)

ADMIN_ROLE = 0
ADMISSION, SUSPENSION, GOVERNANCE, COMPROMISE = 1, 2, 3, 4

# Which access role opens which restricted function: the wiring of a consortium, each act by itself.
RESTRICTED: dict[int, dict[str, tuple[str, ...]]] = {
    ADMISSION: {"PartyRegistry": ("admit",)},
    SUSPENSION: {
        "PartyRegistry": ("suspend",),
        "ConsentRegistry": ("pause",),
        "ClaimRegistry": ("pause",),
    },
    GOVERNANCE: {
        "PartyRegistry": ("reinstate", "setRoles"),
        "ConsentRegistry": ("unpause",),
        "ClaimRegistry": ("unpause",),
    },
    COMPROMISE: {"PartyRegistry": ("setCompromisedSince",)},
}


@dataclass(frozen=True)
class Organisation:
    """A party with the accounts behind it. `retired` and `compromised` are keys that may act no more."""

    name: str
    number: int
    controller: Signer
    key: Signer
    second: Signer
    retired: Signer
    compromised: Signer


class World:
    """Deployed contracts, wired to four access roles, and one party of each kind beside another of its kind."""

    def __init__(self, chain: Chain, contracts: dict[str, Contract], chain_id: int) -> None:
        self.chain, self.chain_id = chain, chain_id
        self.manager = contracts["ConsortiumAccessManager"]
        self.parties = contracts["PartyRegistry"]
        self.consents = contracts["ConsentRegistry"]
        self.claims = contracts["ClaimRegistry"]
        self.contracts = contracts
        self._serial = count(1)
        self.admin = self.account("admin")
        self.admins = {
            ADMISSION: self.account("admin of admission"),
            SUSPENSION: self.account("admin of suspension"),
            GOVERNANCE: self.account("admin of governance"),
            COMPROMISE: self.account("admin of compromise"),
        }
        self.unknown = self.account("nobody in particular")
        self.patient = self.account("a patient")

    def settle_in(self) -> None:
        """Wire the access roles and admit the parties."""
        self.wire()
        self.practice = self.admit("practice", PRACTICE)
        self.supplier = self.admit("supplier", SUPPLIER)
        self.payer = self.admit("payer", PAYER)
        self.auditor = self.admit("auditor", AUDITOR)
        self.other_practice = self.admit("other practice", PRACTICE)
        self.other_supplier = self.admit("other supplier", SUPPLIER)
        self.other_payer = self.admit("other payer", PAYER)

    def wire(self) -> None:
        for role, targets in RESTRICTED.items():
            self.chain.send(self.manager.grantRole(role, self.admins[role].address, 0), self.admin.address)
            for name, functions in targets.items():
                contract = self.contracts[name]
                selectors = [selector_of(contract, function) for function in functions]
                call = self.manager.setTargetFunctionRole(contract.address, selectors, role)
                self.chain.send(call, self.admin.address)

    def account(self, name: str) -> Signer:
        """A funded account of this name; the same address whenever it is asked for."""
        signer = Signer(name)
        self.chain.fund(signer.address)
        return signer

    def fresh(self, kind: str) -> Signer:
        """A funded account that nobody has used."""
        return self.account(f"{kind} {next(self._serial)}")

    def word(self, kind: str = "word") -> bytes:
        """32 bytes that were not used before."""
        return bytes(keccak(text=f"{kind} {next(self._serial)}"))

    # -- parties

    def application(self, controller: str, key: Signer, domain: Domain | None = None) -> tuple[str, bytes]:
        """A key with its proof of possession for this controller."""
        return key.address, self.possession(controller, key, domain)

    def possession(self, controller: str, key: Signer, domain: Domain | None = None) -> bytes:
        where = domain or self.domain(self.parties)
        return key.sign(where, SIGNING_KEY, {"controller": controller, "key": key.address})

    def admit(self, name: str, roles: int) -> Organisation:
        """A party with two acting keys, one that it retired and one that was declared compromised."""
        controller = self.account(f"{name}'s controller")
        keys = [self.account(f"{name}'s {which} key") for which in ("first", "second", "retired", "stolen")]
        applications = [self.application(controller.address, key) for key in keys]
        receipt = self.restricted(
            ADMISSION, self.parties.admit(controller.address, roles, ZERO, applications)
        )
        number = receipt.events[0].args["party"]
        self.chain.send(self.parties.retireKey(keys[2].address), controller.address)
        self.restricted(COMPROMISE, self.parties.setCompromisedSince(keys[3].address, receipt.time))
        return Organisation(name, number, controller, *keys)

    def restricted(self, role: int, call: Call) -> Receipt:
        return self.chain.send(call, self.admins[role].address)

    def suspend(self, party: Organisation) -> Receipt:
        return self.restricted(SUSPENSION, self.parties.suspend(party.number))

    def reinstate(self, party: Organisation) -> Receipt:
        return self.restricted(GOVERNANCE, self.parties.reinstate(party.number))

    def set_roles(self, party: Organisation, roles: int) -> Receipt:
        return self.restricted(GOVERNANCE, self.parties.setRoles(party.number, roles))

    def pause(self, contract: Contract) -> Receipt:
        return self.restricted(SUSPENSION, contract.pause())

    def unpause(self, contract: Contract) -> Receipt:
        return self.restricted(GOVERNANCE, contract.unpause())

    def party(self, number: int) -> Party:
        return Party(*self.chain.read(self.parties.partyOf(number)))

    def key(self, address: str) -> SigningKey:
        return SigningKey(*self.chain.read(self.parties.keyOf(address)))

    # -- consents

    def domain(self, contract: Contract) -> Domain:
        return Domain.of(contract, self.chain_id)

    def expiry(self, days: int = 365) -> int:
        return midnight_after(self.chain.now, days)

    def consent_call(self, patient: Signer, **choices: Any) -> Call:
        """The call that records a consent, signed by the patient; `choices` name what is out of the ordinary.

        commitment, recorder, expires_at, attested, signature, signed (changes to the signed message), domain, key.
        """
        commitment = choices.get("commitment") or self.word("consent")
        recorder = choices.get("recorder", self.practice.number)
        expires_at = choices.get("expires_at") or self.expiry()
        attested = choices.get("attested", False)
        message = {
            "commitment": commitment,
            "recorder": recorder,
            "expiresAt": expires_at,
            "attested": attested,
        } | choices.get("signed", {})
        domain = choices.get("domain") or self.domain(self.consents)
        signature = choices.get("signature") or patient.sign(domain, CONSENT, message)
        key = choices.get("key", patient.address)
        return self.consents.record(commitment, key, expires_at, attested, signature)

    def record_consent(self, patient: Signer, **choices: Any) -> bytes:
        """Record a consent by the practice (or the recorder chosen); its identifier."""
        recorder = choices.pop("by", self.practice)
        call = self.consent_call(patient, recorder=recorder.number, **choices)
        self.chain.send(call, recorder.key.address)
        return consent_id(call.args[0], call.args[1])

    def revocation(self, patient: Signer, commitment: bytes, domain: Domain | None = None) -> bytes:
        """Signature that revokes."""
        message = {"consent": consent_id(commitment, patient.address)}
        return patient.sign(domain or self.domain(self.consents), REVOCATION, message)

    def consent(self, consent: bytes) -> Consent:
        return Consent(*self.chain.read(self.consents.consentOf(consent)))

    # -- claims

    def claim(self, claim: bytes) -> Claim:
        return Claim(*self.chain.read(self.claims.claimOf(claim)))


def selector_of(contract: Contract, function: str) -> bytes:
    return selector(contract.function(function))
