# SPDX-License-Identifier: Apache-2.0
"""Consents on a real chain: recorded, looked up, taken back, and shown to be so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from sceau.chain.contract_errors import (
    ConsentAlreadyRevoked,
    ConsentExpiryInvalid,
    ConsentSignatureInvalid,
)
from sceau.chain.errors import SenderHasNoFunds
from sceau.chain.following import Receipt
from sceau.chain.registries.consents import ConsentState, Status, prove_revoked, read_state
from sceau.chain.registries.errors import NoConsentKnown, NotRevoked
from sceau.chain.signer import Signer
from sceau.chain.transaction import send, send_data
from sceau.consent.card import UnlockedCard
from sceau.consent.compact import CompactCard
from sceau.consent.errors import ExpiryRefused, SignatureNotByKey, SignedForeign
from sceau.consent.receipt import consent_receipt
from sceau.consent.revocation import Revocation, relay, revoke_directly, sign_revocation
from sceau.consent.signing import has_history, sign_consent, signed_by_wallet
from sceau.deployment import RegistryId
from sceau.roles.patient import Patient
from sceau.roles.practice import Practice
from tests.support.deployed import Deployed

PIN = "482915"


class Round:
    """One request, answered, on one chain."""

    def __init__(
        self, chain: Deployed, key: Signer | None = None, attested: bool = False, days: int = 30
    ) -> None:
        self.chain = chain
        self.network = chain.network
        self.practice = Practice(chain.network, chain.signers["practice"])
        head = chain.network.node.head().timestamp
        self.request = self.practice.request_consent(
            payer=chain.party("payer"),
            purpose="THIRD-PARTY-PAYMENT",
            groups=["AMOUNTS", "DETAIL-AMOUNTS"],
            expires_on=datetime.fromtimestamp(head, timezone.utc).date() + timedelta(days=days),
            attested=attested,
        )
        self.key = key or Signer.generate()
        self.signed = sign_consent(self.request, self.key)
        self.card = UnlockedCard(self.request.registry, self.request.commitment, self.key)

    @property
    def consent(self) -> str:
        return self.signed.consent

    def record(self) -> Receipt:
        return self.practice.record_consent(self.signed, self.request).wait(30)

    def state(self) -> ConsentState:
        return read_state(self.network, self.consent)


@pytest.fixture
def round_(chain: Deployed) -> Round:
    return Round(chain)


@pytest.fixture
def recorded(round_: Round) -> Round:
    round_.record()
    return round_


def test_the_contract_computes_the_same_identifier_and_digest(round_: Round) -> None:
    """The typed data that a wallet is given hashes to what the contract will check."""
    from eth_account.messages import encode_typed_data
    from eth_utils import keccak

    signed, network = round_.signed, round_.network
    commitment = bytes.fromhex(signed.commitment[2:])
    found = network.read("ConsentRegistry", "consentId", commitment, round_.key.address)
    assert "0x" + bytes(found).hex() == signed.consent
    message = encode_typed_data(full_message=round_.request.for_wallet())
    digest = keccak(b"\x19" + message.version + message.header + message.body)
    terms = (commitment, signed.recorder, signed.expires_at, signed.attested)
    assert bytes(network.read("ConsentRegistry", "consentDigest", *terms)) == digest


@pytest.mark.parametrize("attested", [False, True])
def test_a_recorded_consent_is_valid(chain: Deployed, attested: bool) -> None:
    round_ = Round(chain, attested=attested)
    assert round_.state().status is Status.UNKNOWN
    receipt = round_.record()
    state = round_.state()
    assert state.status is Status.VALID
    assert state.recorder == chain.party("practice")
    assert state.attested is attested
    assert state.expires_at == round_.request.expires_at
    assert (state.block.number, state.block.hash) == (receipt.block_number, receipt.block_hash)
    assert state.valid_at(state.recorded_at)


def test_the_state_is_read_at_the_block_asked_for(recorded: Round) -> None:
    before = recorded.network.node.block(recorded.state().block.number - 1)
    assert read_state(recorded.network, recorded.consent, before).status is Status.UNKNOWN


def test_a_consent_expires_by_itself(chain: Deployed) -> None:
    round_ = Round(chain, days=1)
    round_.record()
    chain.sleep(86_400)
    assert round_.state().status is Status.EXPIRED


@pytest.mark.parametrize("name", ["stranger", "supplier", "other_payer"])
def test_anybody_relays_a_revocation(chain: Deployed, recorded: Round, name: str) -> None:
    revocation = Revocation.from_json(sign_revocation(recorded.card).to_json())
    receipt = relay(chain.network, chain.signers[name], revocation).wait(30)
    state = prove_revoked(chain.network, recorded.consent)
    assert state.status is Status.REVOKED
    assert state.block.number == receipt.block_number
    assert state.revoked_at == state.block.timestamp
    assert "révoqué par sa clé" in state.words("fr")


def test_a_revocation_is_shown_at_a_block_and_not_before_it(chain: Deployed, recorded: Round) -> None:
    before = chain.network.node.head()
    relay(chain.network, chain.signers["stranger"], sign_revocation(recorded.card)).wait(30)
    with pytest.raises(NotRevoked, match=r"valid until .*recorded by practice 1"):
        prove_revoked(chain.network, recorded.consent, before)
    assert prove_revoked(chain.network, recorded.consent).revoked


def test_what_is_not_there_is_not_shown_revoked(chain: Deployed, round_: Round) -> None:
    with pytest.raises(NoConsentKnown):
        prove_revoked(chain.network, round_.consent)


def test_a_revocation_before_recording_is_a_tombstone(chain: Deployed, round_: Round) -> None:
    relay(chain.network, chain.signers["stranger"], sign_revocation(round_.card)).wait(30)
    state = prove_revoked(chain.network, round_.consent)
    assert state.status is Status.REVOKED_EARLY
    with pytest.raises(ConsentAlreadyRevoked):
        round_.record()
    assert round_.state().recorded_at == 0


def test_a_revocation_is_for_ever_and_counts_once(chain: Deployed, recorded: Round) -> None:
    revocation = sign_revocation(recorded.card)
    relay(chain.network, chain.signers["stranger"], revocation).wait(30)
    before = chain.sent_by(chain.signers["stranger"].address)
    with pytest.raises(ConsentAlreadyRevoked):
        relay(chain.network, chain.signers["stranger"], revocation)
    assert chain.sent_by(chain.signers["stranger"].address) == before


def test_no_pause_and_no_suspension_stops_a_revocation(chain: Deployed, recorded: Round) -> None:
    send(chain.network, chain.admin, "ConsentRegistry", "pause").wait(30)
    send(chain.network, chain.admin, "PartyRegistry", "suspend", chain.party("practice")).wait(30)
    relay(chain.network, chain.signers["practice"], sign_revocation(recorded.card)).wait(30)
    assert recorded.state().status is Status.REVOKED


def test_a_forged_revocation_is_not_sent(chain: Deployed, recorded: Round) -> None:
    forged = replace(sign_revocation(recorded.card), signature="0x" + "11" * 65)
    before = chain.sent_by(chain.signers["stranger"].address)
    with pytest.raises(SignatureNotByKey):
        relay(chain.network, chain.signers["stranger"], forged)
    assert chain.sent_by(chain.signers["stranger"].address) == before
    assert recorded.state().status is Status.VALID


def test_the_contract_refuses_what_the_client_refuses(chain: Deployed, recorded: Round) -> None:
    commitment = bytes.fromhex(recorded.signed.commitment[2:])
    stranger, key = chain.signers["stranger"], recorded.key.address
    with pytest.raises(ConsentSignatureInvalid):
        send(chain.network, stranger, "ConsentRegistry", "revokeBySignature", commitment, key, b"\x11" * 65)


def test_a_card_for_another_register_sends_nothing(chain: Deployed, recorded: Round) -> None:
    elsewhere = replace(recorded.card.registry, genesis_hash="0x" + "00" * 32)
    foreign = replace(recorded.card, registry=elsewhere)
    before = chain.sent_by(chain.signers["stranger"].address)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: revoke_directly(chain.network, foreign),
        lambda: Patient(chain.network, foreign, sender=chain.signers["stranger"]).revoke(),
    )
    for attempt in attempts:
        with pytest.raises(SignedForeign, match="genesis"):
            attempt()
    assert chain.sent_by(chain.signers["stranger"].address) == before


def test_a_card_revokes_by_itself_where_writing_is_free(free_chain: Deployed) -> None:
    round_ = Round(free_chain)
    round_.record()
    revoke_directly(free_chain.network, round_.card).wait(30)
    assert prove_revoked(free_chain.network, round_.consent).status is Status.REVOKED


def test_a_file_is_relayed_by_somebody_without_an_account_where_writing_is_free(free_chain: Deployed) -> None:
    round_ = Round(free_chain)
    round_.record()
    revoked = Patient(free_chain.network).relay(sign_revocation(round_.card)).wait(30)
    assert revoked.proof.status is Status.REVOKED


def test_where_writing_costs_the_card_says_that_it_has_nothing(chain: Deployed, recorded: Round) -> None:
    with pytest.raises(SenderHasNoFunds):
        revoke_directly(chain.network, recorded.card)
    assert recorded.state().status is Status.VALID


def test_a_wallet_with_money_revokes_directly(chain: Deployed) -> None:
    wallet = Signer.generate()
    chain.fund(wallet.address)
    round_ = Round(chain, key=wallet)
    round_.record()
    revoke_directly(chain.network, round_.card).wait(30)
    assert round_.state().status is Status.REVOKED


def test_a_withdrawal_by_the_practice_is_told_apart(chain: Deployed, recorded: Round) -> None:
    recorded.practice.withdraw_consent(recorded.consent).wait(30)
    state = recorded.state()
    assert state.status is Status.WITHDRAWN
    assert "retiré" in state.words("fr")
    with pytest.raises(NotRevoked, match="withdrawn"):
        prove_revoked(chain.network, recorded.consent)
    relay(chain.network, chain.signers["stranger"], sign_revocation(recorded.card)).wait(30)
    assert prove_revoked(chain.network, recorded.consent).status is Status.REVOKED


def test_a_printed_card_revokes(chain: Deployed) -> None:
    request = Round(chain).request
    signed, card = Patient(chain.network).sign(request, PIN)
    Practice(chain.network, chain.signers["practice"]).record_consent(signed, request).wait(30)
    printed = CompactCard.lock(card.unlock(PIN), PIN)
    scanned = CompactCard.from_text(printed.to_text()).unlock(PIN)
    Patient(chain.network, scanned, sender=chain.signers["stranger"]).revoke().wait(30)
    assert read_state(chain.network, card.consent).status is Status.REVOKED


def test_the_time_of_the_chain_judges_a_request(chain: Deployed, round_: Round) -> None:
    """Moved a year ahead, the chain refuses what the local clock would take, and the client says it first."""
    data = round_.request.to_json()
    patient = Patient(chain.network)
    assert patient.read_request(data) == round_.request
    chain.sleep(365 * 86_400)
    with pytest.raises(ExpiryRefused):
        patient.read_request(data)
    with pytest.raises(ConsentExpiryInvalid):
        round_.record()
    Round(chain, days=731).record()
    with pytest.raises(ExpiryRefused):
        Round(chain, days=732)


class TestContractWallet:
    """A patient whose wallet is a contract (ERC-1271): only the chain can ask it."""

    @pytest.fixture
    def wallet(self, chain: Deployed) -> str:
        """A wallet that calls every signature its own: it answers 0x1626ba7e to any call."""
        node = chain.network.node
        runtime = bytes.fromhex("631626ba7e60e01b60005260206000f3")
        creation = bytes.fromhex("6010600c60003960106000f3") + runtime
        sender = chain.signers["stranger"]
        created = send_data(
            node, sender, to=None, data="0x" + creation.hex(), chain_id=chain.network.chain_id
        ).wait(30)
        assert created.contract
        return created.contract

    def test_it_consents_and_revokes(self, chain: Deployed, round_: Round, wallet: str) -> None:
        signature = b"any signature, of any length, that the wallet calls its own"
        signed = signed_by_wallet(round_.request, wallet, signature)
        assert not signed.signed_by_key()
        with pytest.raises(SignatureNotByKey):
            signed.check(round_.request)
        round_.practice.record_consent(signed, round_.request).wait(30)
        assert read_state(chain.network, signed.consent).status is Status.VALID
        revocation = Revocation(signed.commitment, wallet.lower(), "0x" + signature.hex(), signed.registry)
        relay(chain.network, chain.signers["supplier"], Revocation.from_json(revocation.to_json())).wait(30)
        assert prove_revoked(chain.network, signed.consent).status is Status.REVOKED


class TestHistory:
    """Which keys would link a consent to something else."""

    def test_a_fresh_key_has_none(self, chain: Deployed) -> None:
        assert not has_history(chain.network, Signer.generate().address)

    def test_a_key_that_sent_or_holds_something_has(self, chain: Deployed) -> None:
        assert has_history(chain.network, chain.signers["practice"].address)
        rich = Signer.generate()
        chain.fund(rich.address, 1)
        assert has_history(chain.network, rich.address)

    def test_a_contract_has(self, chain: Deployed) -> None:
        assert has_history(chain.network, chain.network.address("PartyRegistry"))

    def test_a_contract_of_the_first_block_has(self, free_chain: Deployed) -> None:
        """Put there by the genesis file, it sent nothing, not even its own creation."""
        address = Signer.generate().address
        free_chain.test_node.request("anvil_setCode", address, "0x00")
        assert has_history(free_chain.network, address)

    def test_a_key_that_signed_a_relayed_consent_has(self, chain: Deployed, recorded: Round) -> None:
        """Nothing was sent by it, and it holds nothing: only the event names it."""
        assert chain.sent_by(recorded.key.address) == 0
        assert has_history(chain.network, recorded.key.address)


def test_a_receipt_is_made_from_what_the_chain_holds(chain: Deployed, recorded: Round) -> None:
    relay(chain.network, chain.signers["stranger"], sign_revocation(recorded.card)).wait(30)
    state = recorded.state()
    receipt = consent_receipt(recorded.request, recorded.key.address, state)
    events = receipt["dpv:hasRecordOfActivity"]["dpv:hasConsentStatus"]
    assert [each["@type"] for each in events] == ["dpv:ConsentGiven", "dpv:ConsentWithdrawn"]
    assert receipt["dct:source"].endswith(state.block.hash)


def test_the_coordinates_are_those_of_the_manifest(chain: Deployed) -> None:
    here = RegistryId.of(chain.network.manifest)
    assert here.chain_id == chain.network.chain_id
    assert here.genesis_hash == chain.network.node.genesis_hash()
    assert here.contract == chain.network.address("ConsentRegistry").lower()
