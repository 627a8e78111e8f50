# SPDX-License-Identifier: Apache-2.0
"""Patients whose key is a contract wallet (ERC-1271), well-behaved or not. P14."""

import pytest

from tests.contracts.conftest import Mock
from tests.contracts.support.chain import Call, Contract, Receipt, refused
from tests.contracts.support.signing import REVOCATION, Signer, consent_id
from tests.contracts.support.terms import NO_CONSENT
from tests.contracts.support.world import World

YES = bytes.fromhex("1626ba7e")

# Every answer but the magic word in a whole word of its own.
WRONG_ANSWERS = {
    "nothing": b"",
    "the magic word alone": YES,
    "31 bytes": YES + bytes(27),
    "no": bytes.fromhex("ffffffff") + bytes(28),
    "true": bytes(31) + b"\x01",
    "the magic word at the wrong end": bytes(28) + YES,
    "the magic word and more": YES + bytes(27) + b"\x01",
    "another magic word": bytes.fromhex("20c13b0b") + bytes(28),
}


def test_a_contract_wallet_consents_and_revokes_by_its_owners_signature(world: World, mock: Mock) -> None:
    owner = world.patient
    wallet = mock("Wallet", owner.address)
    record, commitment = _record(world, owner, wallet)
    consent = consent_id(commitment, wallet.address)
    assert world.chain.send(record, world.practice.key.address).event.args["key"] == wallet.address
    world.chain.send(_revoke(world, owner, wallet, commitment), world.unknown.address)
    assert world.consent(consent).revoked_at


def test_a_contract_wallet_revokes_by_a_transaction_of_its_own(world: World, mock: Mock) -> None:
    owner = world.patient
    wallet = mock("Wallet", owner.address)
    record, commitment = _record(world, owner, wallet)
    world.chain.send(record, world.practice.key.address)
    data = bytes.fromhex(world.consents.revoke(commitment).data[2:])
    receipt = world.chain.send(wallet.execute(world.consents.address, data), owner.address)
    assert receipt.event.name == "ConsentRevoked"
    assert world.consent(consent_id(commitment, wallet.address)).revoked_at == receipt.time


def test_a_contract_wallet_whose_owner_did_not_sign_is_refused(world: World, mock: Mock) -> None:
    wallet = mock("Wallet", world.patient.address)
    stranger = Signer("a stranger")
    record, commitment = _record(world, stranger, wallet)
    _refused(world, record, wallet)
    _refused(world, _revoke(world, stranger, wallet, commitment), wallet)


def test_the_owner_of_a_wallet_does_not_sign_for_it_by_name(world: World, mock: Mock) -> None:
    """A consent of the wallet is none of its owner: the key is the wallet's address."""
    wallet = mock("Wallet", world.patient.address)
    record, commitment = _record(world, world.patient, wallet)
    world.chain.send(record, world.practice.key.address)
    world.chain.send(world.consents.revoke(commitment), world.patient.address)
    assert not world.consent(consent_id(commitment, wallet.address)).revoked_at


@pytest.mark.parametrize("answer", WRONG_ANSWERS)
def test_a_wallet_that_answers_wrong_is_refused(answer: str, world: World, mock: Mock) -> None:
    _both_refused(world, mock("AnsweringWallet", WRONG_ANSWERS[answer]))


def test_a_wallet_that_says_yes_to_everything_is_believed(world: World, mock: Mock) -> None:
    """So that the cases beside this one are refused for what they answer and for nothing else."""
    wallet = mock("AnsweringWallet", YES + bytes(28))
    record, commitment = _record(world, world.patient, wallet)
    world.chain.send(record, world.practice.key.address)
    assert world.consent(consent_id(commitment, wallet.address)).recorded_at


def test_a_wallet_that_reverts_is_refused(world: World, mock: Mock) -> None:
    _both_refused(world, mock("RevertingWallet"))


def test_a_wallet_that_writes_when_asked_is_refused(world: World, mock: Mock) -> None:
    wallet = mock("WritingWallet")
    _both_refused(world, wallet)
    assert world.chain.read(wallet.asked()) == 0


@pytest.mark.parametrize("insists", [True, False])
def test_a_wallet_that_re_enters_to_revoke_changes_nothing(insists: bool, world: World, mock: Mock) -> None:
    commitment = world.word()
    data = bytes.fromhex(world.consents.revoke(commitment).data[2:])
    wallet = mock("ReenteringWallet", world.consents.address, data, insists)
    record, _ = _record(world, world.patient, wallet, commitment)
    outcome = world.chain.attempt(record, world.practice.key.address)
    stored = world.consent(consent_id(commitment, wallet.address))
    if insists:
        assert outcome == refused("ConsentSignatureInvalid", wallet.address)
        assert stored == NO_CONSENT
    else:
        # Its own attempt failed, and it still says yes: the consent stands as it was asked for.
        assert isinstance(outcome, Receipt)
        assert outcome.event.name == "ConsentRecorded"
        assert stored.revoked_at == 0


def test_a_wallet_that_re_enters_to_record_itself_again_records_once(world: World, mock: Mock) -> None:
    commitment = world.word()
    placeholder = world.consents.record(commitment, world.patient.address, world.expiry(), True, b"")
    wallet = mock("ReenteringWallet", world.consents.address, bytes.fromhex(placeholder.data[2:]), True)
    record, _ = _record(world, world.patient, wallet, commitment)
    _refused(world, record, wallet)


@pytest.mark.parametrize("act", ["record", "revoke"])
def test_a_wallet_that_reads_the_registry_while_asked_finds_nothing_written(
    act: str, world: World, mock: Mock
) -> None:
    wallet = mock("ReadingWallet")
    record, commitment = _record(world, world.patient, wallet)
    consent = consent_id(commitment, wallet.address)
    question = bytes.fromhex(world.consents.consentOf(consent).data[2:])
    world.chain.send(wallet.ask(world.consents.address, question), world.unknown.address)
    call = record if act == "record" else _revoke(world, world.patient, wallet, commitment)
    world.chain.send(call, world.practice.key.address)
    # Now it finds something, and says no.
    _refused(world, _revoke(world, world.patient, wallet, commitment), wallet)


def test_ecdsa_is_tried_first(world: World, mock: Mock) -> None:
    """An address with a key and a hostile contract: the key's signature counts, the contract is not asked."""
    reverting = mock("RevertingWallet")
    code = world.chain.request("eth_getCode", reverting.address, "latest")
    patient = Signer("a patient with code")
    world.chain.set_code(patient.address, code)
    assert world.chain.request("eth_getCode", patient.address, "latest") == code
    call = world.consent_call(patient)
    world.chain.send(call, world.practice.key.address)
    commitment = call.args[0]
    revoke = world.consents.revokeBySignature(
        commitment, patient.address, world.revocation(patient, commitment)
    )
    world.chain.send(revoke, world.unknown.address)


def test_an_address_without_code_is_no_wallet(world: World) -> None:
    nobody_home = "0x" + "77" * 20
    call = world.consent_call(world.patient, key=nobody_home)
    expected = refused("ConsentSignatureInvalid", nobody_home)
    assert world.chain.refusal(call, world.practice.key.address) == expected


@pytest.mark.parametrize("number", range(1, 10))
def test_a_precompiled_contract_is_no_wallet(number: int, world: World) -> None:
    """Some of them answer anything: the fourth gives back what it was asked."""
    address = f"0x{number:040x}"
    commitment = world.word()
    record = world.consents.record(commitment, address, world.expiry(), False, bytes(65))
    expected = refused("ConsentSignatureInvalid", address)
    assert world.chain.refusal(record, world.practice.key.address) == expected


def _record(
    world: World, owner: Signer, wallet: Contract, commitment: bytes | None = None
) -> tuple[Call, bytes]:
    commitment = commitment or world.word()
    call = world.consent_call(owner, commitment=commitment, key=wallet.address)
    return call, commitment


def _revoke(world: World, owner: Signer, wallet: Contract, commitment: bytes) -> Call:
    message = {"consent": consent_id(commitment, wallet.address)}
    signature = owner.sign(world.domain(world.consents), REVOCATION, message)
    return world.consents.revokeBySignature(commitment, wallet.address, signature)


def _both_refused(world: World, wallet: Contract) -> None:
    record, commitment = _record(world, world.patient, wallet)
    _refused(world, record, wallet)
    _refused(world, _revoke(world, world.patient, wallet, commitment), wallet)
    assert world.consent(consent_id(commitment, wallet.address)) == NO_CONSENT


def _refused(world: World, call: Call, wallet: Contract) -> None:
    expected = refused("ConsentSignatureInvalid", wallet.address)
    assert world.chain.refusal(call, world.practice.key.address) == expected
