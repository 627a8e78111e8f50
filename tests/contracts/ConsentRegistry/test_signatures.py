# SPDX-License-Identifier: Apache-2.0
"""Which signatures count. Each wrong one is wrong in one point, and the right one is taken after it. P11, P13.

Each act twice: by a patient's own key, and by a contract wallet (ERC-1271) that the patient owns.
"""

from collections.abc import Callable
from typing import Any

import pytest
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from tests.contracts.conftest import Mock
from tests.contracts.support.chain import Call, refused
from tests.contracts.support.protocol import table
from tests.contracts.support.signing import (
    CONSENT,
    CURVE_ORDER,
    REVOCATION,
    SIGNING_KEY,
    Domain,
    Signer,
    compact,
    consent_id,
    malleated,
)
from tests.contracts.support.terms import DAY
from tests.contracts.support.world import World

FOREIGN_DOMAINS: dict[str, Callable[[World, Domain], Domain]] = {
    "main net": lambda _, here: here.elsewhere(chain_id=1),
    "a Ganache elsewhere": lambda _, here: here.elsewhere(chain_id=here.chain_id + 1),
    "no chain": lambda _, here: here.elsewhere(chain_id=0),
    "the party registry": lambda world, _: world.domain(world.parties),
    "this name, another contract": lambda world, here: here.elsewhere(contract=world.claims.address),
    "this contract, another name": lambda _, here: here.elsewhere(name="Sceau PartyRegistry"),
    "another version": lambda _, here: here.elsewhere(version="2"),
}

OTHERWISE_SIGNED: dict[str, Callable[[World], dict[str, Any]]] = {
    "another commitment": lambda world: {"commitment": world.word()},
    "another recorder": lambda world: {"recorder": world.other_practice.number},
    "a later expiry": lambda world: {"expiresAt": world.expiry() + DAY},
    "an earlier expiry": lambda world: {"expiresAt": world.expiry() - DAY},
    "the contrary of attested": lambda _: {"attested": True},
}

MISSHAPEN: dict[str, Callable[[bytes], bytes]] = {
    "malleated": malleated,
    "malleated, v kept": lambda good: malleated(good)[:64] + good[64:],
    "compact": compact,
    "without its last byte": lambda good: good[:64],
    "half": lambda good: good[:32],
    "empty": lambda _: b"",
    "one byte too long": lambda good: good + b"\x00",
    "twice": lambda good: good + good,
    "v of 0 or 1": lambda good: good[:64] + bytes([good[64] - 27]),
    "the other v": lambda good: good[:64] + bytes([27 + 28 - good[64]]),
    "one bit off in r": lambda good: bytes([good[0] ^ 1]) + good[1:],
    "one bit off in s": lambda good: good[:63] + bytes([good[63] ^ 1]) + good[64:],
    "all zero": lambda _: bytes(65),
    "r and s of the curve's order": lambda _: CURVE_ORDER.to_bytes(32, "big") * 2 + b"\x1b",
}


class Case:
    """One signed act: recording or revoking. `call(signature)` sends that signature for it."""

    def __init__(self, world: World, act: str, key: str | None = None) -> None:
        self.world, self.act, self.key = world, act, key or world.patient.address
        self.commitment = world.word()
        self.consent = consent_id(self.commitment, self.key)
        self.expires_at = world.expiry()

    @property
    def message(self) -> dict[str, Any]:
        if self.act == "revoke":
            return {"consent": self.consent}
        return {
            "commitment": self.commitment,
            "recorder": self.world.practice.number,
            "expiresAt": self.expires_at,
            "attested": False,
        }

    def sign(self, signer: Signer | None = None, domain: Domain | None = None, **changes: Any) -> bytes:
        kind = REVOCATION if self.act == "revoke" else CONSENT
        where = domain or self.world.domain(self.world.consents)
        return (signer or self.world.patient).sign(where, kind, self.message | changes)

    def call(self, signature: bytes) -> Call:
        registry = self.world.consents
        if self.act == "revoke":
            return registry.revokeBySignature(self.commitment, self.key, signature)
        return registry.record(self.commitment, self.key, self.expires_at, False, signature)

    def is_refused(self, signature: bytes) -> None:
        expected = refused("ConsentSignatureInvalid", self.key)
        assert self.world.chain.refusal(self.call(signature), self.world.practice.key.address) == expected

    def is_taken(self, signature: bytes) -> None:
        self.world.chain.send(self.call(signature), self.world.practice.key.address)


@pytest.fixture(params=["a key", "a wallet"])
def key(request: pytest.FixtureRequest, world: World, mock: Mock) -> str:
    """Address of the consent's key; the patient signs for either."""
    patient = world.patient.address
    return mock("Wallet", patient).address if request.param == "a wallet" else patient


@pytest.fixture(params=["record", "revoke"])
def case(request: pytest.FixtureRequest, world: World, key: str) -> Case:
    return Case(world, request.param, key)


@pytest.mark.parametrize("where", FOREIGN_DOMAINS)
def test_a_signature_made_for_another_domain_is_refused(where: str, case: Case, world: World) -> None:
    here = world.domain(world.consents)
    case.is_refused(case.sign(domain=FOREIGN_DOMAINS[where](world, here)))
    case.is_taken(case.sign())


@pytest.mark.parametrize("act", ["record", "revoke"])
@pytest.mark.parametrize("shape", MISSHAPEN)
def test_a_signature_in_another_form_is_refused(shape: str, act: str, world: World) -> None:
    """Of a key; which forms a wallet takes is its own affair."""
    case = Case(world, act)
    good = case.sign()
    case.is_refused(MISSHAPEN[shape](good))
    case.is_taken(good)


def test_a_signature_by_another_key_is_refused(case: Case, world: World) -> None:
    for signer in (Signer("somebody else"), world.practice.key, world.practice.controller, world.admin):
        case.is_refused(case.sign(signer=signer))
    case.is_taken(case.sign())


@pytest.mark.parametrize("what", OTHERWISE_SIGNED)
def test_a_consent_counts_only_for_what_was_signed(what: str, key: str, world: World) -> None:
    case = Case(world, "record", key)
    case.is_refused(case.sign(**OTHERWISE_SIGNED[what](world)))
    case.is_taken(case.sign())


def test_a_signature_of_another_type_is_refused(key: str, world: World) -> None:
    record, revoke = Case(world, "record", key), Case(world, "revoke", key)
    revoke.commitment, revoke.consent = record.commitment, record.consent
    possession = world.possession(world.practice.controller.address, world.patient)
    here = world.domain(world.consents)
    possession_here = world.possession(world.practice.controller.address, world.patient, here)
    record.is_refused(revoke.sign())
    revoke.is_refused(record.sign())
    for signature in (possession, possession_here):
        record.is_refused(signature)
        revoke.is_refused(signature)
    # The same fields under another type's name.
    record.is_refused(world.patient.sign(here, {"Agreement": CONSENT["Consent"]}, record.message))
    revoke.is_refused(world.patient.sign(here, {"Consent": REVOCATION["Revocation"]}, revoke.message))
    record.is_taken(record.sign())
    revoke.is_taken(revoke.sign())


def test_a_recorded_consents_signature_is_worthless_after_its_use(key: str, world: World) -> None:
    case = Case(world, "record", key)
    good = case.sign()
    case.is_taken(good)
    again = world.chain.refusal(case.call(good), world.practice.key.address)
    assert again == refused("ConsentAlreadyRecorded", case.consent)


def test_a_revocations_signature_is_worthless_after_its_use(key: str, world: World) -> None:
    case = Case(world, "revoke", key)
    good = case.sign()
    case.is_taken(good)
    again = world.chain.refusal(case.call(good), world.unknown.address)
    assert again == refused("ConsentAlreadyRevoked", case.consent)


def test_a_revocation_of_one_consent_revokes_no_other_of_the_same_key(key: str, world: World) -> None:
    first, second = Case(world, "revoke", key), Case(world, "revoke", key)
    second.is_refused(first.sign())
    second.is_refused(first.sign(consent=second.commitment))
    first.is_taken(first.sign())
    assert not world.consent(second.consent).revoked_at


def test_the_digests_of_the_contract_are_those_that_wallets_sign(world: World) -> None:
    here = world.domain(world.consents)
    record, revoke = Case(world, "record"), Case(world, "revoke")
    digest = world.chain.read(
        world.consents.consentDigest(record.commitment, world.practice.number, record.expires_at, False)
    )
    assert digest == _digest(here, CONSENT, record.message)
    assert world.chain.read(world.consents.revocationDigest(revoke.consent)) == _digest(
        here, REVOCATION, revoke.message
    )
    controller, key = world.practice.controller.address, world.practice.key.address
    assert world.chain.read(world.parties.possessionDigest(controller, key)) == _digest(
        world.domain(world.parties), SIGNING_KEY, {"controller": controller, "key": key}
    )


def test_the_types_of_the_document_are_those_that_are_signed() -> None:
    signed = {
        f"`{name}({','.join(f'{kind} {field}' for field, kind in fields)})`"
        for types in (SIGNING_KEY, CONSENT, REVOCATION)
        for name, fields in types.items()
    }
    rows = table("type", "signed by")
    assert {written for written, _, verified, *_ in rows if "no contract takes it" not in verified} == signed


@pytest.mark.parametrize("name", ["consents", "parties"])
def test_the_domain_that_a_contract_gives_is_the_documents(name: str, world: World) -> None:
    contract = getattr(world, name)
    fields, given_name, version, chain_id, address, salt, extensions = world.chain.read(
        contract.eip712Domain()
    )
    here = world.domain(contract)
    assert (given_name, version, chain_id, address) == (here.name, "1", here.chain_id, contract.address)
    assert (fields, salt, extensions) == (b"\x0f", bytes(32), ())


def _digest(domain: Domain, kind: dict[str, Any], message: dict[str, Any]) -> bytes:
    types = {name: [{"name": n, "type": t} for n, t in fields] for name, fields in kind.items()}
    header = {
        "name": domain.name,
        "version": domain.version,
        "chainId": domain.chain_id,
        "verifyingContract": domain.contract,
    }
    signable = encode_typed_data(header, types, message)
    return bytes(keccak(b"\x19" + signable.version + signable.header + signable.body))
