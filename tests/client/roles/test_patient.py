# SPDX-License-Identifier: Apache-2.0
"""A patient's program: it reads, signs, looks at a consent and takes it back, with a card and any node's address."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from sceau.chain.contract_errors import ConsentAlreadyRevoked
from sceau.chain.errors import (
    ChainOfAnother,
    ContractNotDeployed,
    NodeUnreachable,
    SenderHasNoFunds,
    TransactionNotMined,
)
from sceau.chain.fees import is_free
from sceau.chain.following import Receipt
from sceau.chain.network import Network
from sceau.chain.registries.consents import Status
from sceau.chain.signer import Signer
from sceau.chain.transaction import send_data
from sceau.consent import card as card_module
from sceau.consent.card import UnlockedCard
from sceau.consent.compact import load_card
from sceau.consent.errors import (
    NotWhatWasAsked,
    PinRefused,
    PrintFormatUnknown,
    RequestForeign,
    SignatureNotByKey,
    SignedForeign,
)
from sceau.consent.request import ConsentRequest
from sceau.consent.revocation import relay
from sceau.roles.errors import CardLocked, CardMissing, KeyHasHistory, SenderMissing
from sceau.roles.handle import WriteState
from sceau.roles.patient import Patient
from sceau.roles.practice import Practice
from tests.support.deployed import Deployed

PIN = "482915"


@pytest.fixture(scope="module", autouse=True)
def cheap_scrypt() -> Iterator[None]:
    """Scrypt that costs a millisecond instead of a second; the strength itself has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(card_module, "SCRYPT_N", 2**10)
        yield


def asked_on(chain: Deployed) -> ConsentRequest:
    today = datetime.fromtimestamp(chain.now, timezone.utc).date()
    return Practice(chain.network, chain.signers["practice"]).request_consent(
        payer=chain.party("payer"), groups=["AMOUNTS"], expires_on=today + timedelta(days=30)
    )


def card_on(chain: Deployed, *, recorded: bool = True) -> UnlockedCard:
    """The card of a consent that a patient gave."""
    request = asked_on(chain)
    signed, card = Patient(chain.network).sign(request, PIN)
    if recorded:
        Practice(chain.network, chain.signers["practice"]).record_consent(signed, request).wait(30)
    return card.unlock(PIN)


@pytest.fixture
def request_made(chain: Deployed) -> ConsentRequest:
    return asked_on(chain)


def test_the_program_of_a_patient(free_chain: Deployed, tmp_path: Path, capsys: Any) -> None:
    """A card and any member's node: no manifest, no key, no money."""
    request = asked_on(free_chain)
    signed, made = Patient(free_chain.network).sign(request, PIN)
    made.save(tmp_path / "card.json")
    Practice(free_chain.network, free_chain.signers["practice"]).record_consent(signed, request).wait(30)

    card = load_card(tmp_path / "card.json").unlock(PIN)
    with Patient.at(free_chain.url, card) as patient:
        print(patient.state().words("fr"))
        print(patient.revoke().wait().proof)

    said = capsys.readouterr().out
    assert "valable jusqu'au" in said
    assert "revoked_at=" in said
    assert free_chain.sent_by(card.key.address) == 0
    with pytest.raises(CardMissing):
        patient.state()


def test_a_request_is_read_shown_and_signed_with_a_fresh_key(
    chain: Deployed, request_made: ConsentRequest
) -> None:
    patient = Patient(chain.network)
    read = patient.read_request(request_made.to_json())
    assert "VOTRE ACCORD" in read.in_words("fr")
    one, card = patient.sign(read, PIN)
    other, _ = patient.sign(read, PIN)
    assert one.key != other.key
    assert card.unlock(PIN).key.address.lower() == one.key
    one.check(request_made)


def test_a_request_for_another_registry_is_neither_read_nor_signed(
    chain: Deployed, request_made: ConsentRequest
) -> None:
    foreign = replace(request_made, registry=replace(request_made.registry, contract="0x" + "de" * 20))
    with pytest.raises(RequestForeign):
        Patient(chain.network).read_request(foreign.to_json())
    with pytest.raises(RequestForeign):
        Patient(chain.network).sign(foreign, PIN)


def test_a_key_that_was_used_before_signs_only_at_the_patients_word(
    chain: Deployed, request_made: ConsentRequest
) -> None:
    patient, used = Patient(chain.network), chain.signers["stranger"]
    chain.fund(used.address, 1)
    with pytest.raises(KeyHasHistory, match=used.address):
        patient.sign(request_made, PIN, key=used)
    signed, _ = patient.sign(request_made, PIN, key=used, despite_history=True)
    assert signed.key == used.address.lower()
    fresh = Signer.generate()
    assert patient.sign(request_made, PIN, key=fresh)[0].key == fresh.address.lower()


def test_an_easy_pin_locks_nothing(chain: Deployed, request_made: ConsentRequest) -> None:
    with pytest.raises(PinRefused):
        Patient(chain.network).sign(request_made, "123456")


def test_a_revocation_is_proved_and_doing_it_again_is_written(chain: Deployed) -> None:
    card, sender = card_on(chain), chain.signers["stranger"]
    patient = Patient(chain.network, card, sender=sender)
    assert patient.state().status is Status.VALID
    handle = patient.revoke()
    states = [handle.state]
    revoked = handle.wait(30)
    states.append(handle.state)
    assert states == [WriteState.SENT, WriteState.WRITTEN]
    assert isinstance(revoked.receipt, Receipt)
    assert revoked.proof.revoked
    assert revoked.proof.block.number >= revoked.receipt.block_number
    sent = chain.sent_by(sender.address)
    again = patient.revoke()
    assert (again.state, again.hash) == (WriteState.WRITTEN, None)
    assert again.wait().receipt is None
    assert again.wait().proof.revoked_at == revoked.proof.revoked_at
    assert chain.sent_by(sender.address) == sent


def test_a_revocation_that_another_overtook_is_written(free_chain: Deployed) -> None:
    """Both were sent before either was in a block: the later one is refused there, and what is wanted is so."""
    card = card_on(free_chain)
    free_chain.test_node.request("evm_setIntervalMining", 0)
    try:
        patient = Patient(free_chain.network, card)
        handles = [patient.revoke(), Patient(free_chain.network).relay(patient.sign_revocation())]
    finally:
        free_chain.test_node.request("evm_setIntervalMining", 1)
    results = [handle.wait(30) for handle in handles]
    assert [handle.state for handle in handles] == [WriteState.WRITTEN] * 2
    assert all(result.proof.revoked for result in results)
    assert [result.receipt is None for result in results].count(True) == 1


def test_a_revocation_that_waits_for_a_block_is_not_sent_again(either_chain: Deployed) -> None:
    """Whether nobody pays, or a member does: what waits is followed."""
    chain, sender = either_chain, either_chain.signers["stranger"]
    card = card_on(chain)
    with chain.without_blocks():
        first = Patient(chain.network, card, sender=sender).revoke()
        sent = chain.sent_by(sender.address)
        again = Patient(chain.network, card, sender=sender).revoke()
        assert (first.waited, again.waited) == (False, True)
        assert (again.state, again.hash) == (WriteState.SENT, first.hash)
        assert chain.sent_by(sender.address) == sent
        assert chain.sent_by(card.sender().address) == (1 if is_free(chain.network.node) else 0)
        with pytest.raises(TransactionNotMined) as waits:
            again.wait(1)
        assert (waits.value.exit_code, waits.value.details["hash"]) == (6, first.hash)
    results = [handle.wait(30) for handle in (first, again)]
    assert [result.receipt for result in results] == [results[0].receipt] * 2
    assert results[1].proof.revoked
    assert Patient(chain.network, card, sender=sender).revoke().hash is None


def test_who_copied_the_cards_key_cannot_keep_a_revocation_waiting(free_chain: Deployed) -> None:
    """The key that sends follows from the card's. Whoever sends something else by it is passed by."""
    chain = free_chain
    card = card_on(chain)
    with chain.without_blocks():
        thief = send_data(
            chain.network.node, card.sender(), to=chain.admin.address, chain_id=chain.network.chain_id
        )
        handle = Patient(chain.network, card).revoke()
        assert not handle.waited
        assert handle.hash != thief.hash
        assert chain.sent_by(card.sender().address) == 1
    assert handle.wait(30).proof.revoked


def test_the_key_that_sends_tells_nothing_of_the_cards(chain: Deployed) -> None:
    card, other = card_on(chain), card_on(chain)
    assert card.sender().address == replace(card).sender().address
    found = {card.sender().address, other.sender().address, card.key.address, other.key.address}
    assert len(found) == 4


def test_a_handle_is_awaited(chain: Deployed) -> None:
    patient = Patient(chain.network, card_on(chain), sender=chain.signers["stranger"])

    async def revoke() -> bool:
        return (await patient.revoke()).proof.revoked

    assert asyncio.run(revoke())


def test_a_consent_that_is_not_recorded_yet_is_revoked_for_ever(chain: Deployed) -> None:
    patient = Patient(chain.network, card_on(chain, recorded=False), sender=chain.signers["stranger"])
    assert patient.state().status is Status.UNKNOWN
    assert patient.revoke().wait(30).proof.status is Status.REVOKED_EARLY


def test_where_writing_costs_somebody_must_pay(chain: Deployed) -> None:
    card = card_on(chain)
    with pytest.raises(SenderMissing):
        Patient(chain.network, card).revoke()
    with pytest.raises(SenderHasNoFunds):
        Patient(chain.network, card, sender=Signer.generate()).revoke()
    opened: list[Signer] = []

    def open_keystore() -> Signer:
        opened.append(chain.signers["stranger"])
        return opened[-1]

    patient = Patient(chain.network, card, sender=open_keystore)
    assert patient.state().status is Status.VALID
    assert opened == []
    assert patient.revoke().wait(30).proof.revoked
    assert opened == [chain.signers["stranger"]]


def test_where_writing_is_free_nothing_tells_who_sent(free_chain: Deployed) -> None:
    """A key that is at hand is not used: each revocation comes from a key that was never seen."""
    own = free_chain.signers["practice"]
    sent, senders = free_chain.sent_by(own.address), set()
    for _ in range(2):
        receipt = Patient(free_chain.network, card_on(free_chain), sender=own).revoke().wait(30).receipt
        assert receipt is not None
        senders.add(free_chain.network.node.sender(receipt.hash))
    # The practice recorded two consents, and nothing more.
    assert free_chain.sent_by(own.address) == sent + 2
    assert len(senders) == 2
    assert own.address not in senders


def test_a_revocation_is_signed_off_line_and_relayed_by_anybody(chain: Deployed) -> None:
    card = card_on(chain)
    revocation = Patient(Network.for_card(chain.url, card), card).sign_revocation()
    anybody = Patient(chain.network, sender=chain.signers["supplier"])
    with pytest.raises(SignatureNotByKey):
        anybody.relay(replace(revocation, signature="0x" + "11" * 65))
    assert anybody.relay(revocation).wait(30).proof.revoked
    assert anybody.relay(revocation).state is WriteState.WRITTEN
    # The low-level sender still tells it from a fresh one.
    with pytest.raises(ConsentAlreadyRevoked):
        relay(chain.network, chain.signers["supplier"], revocation)


def test_a_locked_card_shows_its_consent_and_revokes_nothing(
    chain: Deployed, request_made: ConsentRequest
) -> None:
    _, card = Patient(chain.network).sign(request_made, PIN)
    patient = Patient.at(chain.url, card, sender=chain.signers["stranger"])
    assert patient.state().status is Status.UNKNOWN
    with pytest.raises(CardLocked):
        patient.revoke()
    with pytest.raises(CardMissing):
        Patient(chain.network).sign_revocation()


def test_a_card_is_used_on_its_own_chain_and_registry_only(chain: Deployed, free_chain: Deployed) -> None:
    card = card_on(chain, recorded=False)
    request = asked_on(chain)
    signed, _ = Patient(chain.network).sign(request, PIN)
    revocation = Patient(Network.for_card(chain.url, card), card).sign_revocation()
    for made, called in (
        (card, ("The card", "La carte")),
        (signed, ("The signed consent", "L'accord signé")),
        (revocation, ("The revocation", "La révocation")),
    ):
        with pytest.raises(ChainOfAnother) as refused:
            Network.for_card(free_chain.url, made)
        assert refused.value.code == "made-for-another-chain"
        english, french = called
        assert refused.value.message("en").startswith(english)
        assert refused.value.message("fr").startswith(french)
    with pytest.raises(ContractNotDeployed):
        Patient.at(chain.url, replace(card, registry=replace(card.registry, contract="0x" + "de" * 20)))
    with pytest.raises(NodeUnreachable):
        Patient.at("http://127.0.0.1:1", card)
    elsewhere = replace(card, registry=replace(card.registry, contract="0x" + "de" * 20))
    patient = Patient(chain.network, elsewhere, sender=chain.signers["stranger"])
    for attempt in (patient.state, patient.revoke):
        with pytest.raises(SignedForeign):
            attempt()


def test_a_receipt_says_how_the_consent_stands_and_only_of_its_own_request(chain: Deployed) -> None:
    request, other = asked_on(chain), asked_on(chain)
    signed, card = Patient(chain.network).sign(request, PIN)
    Practice(chain.network, chain.signers["practice"]).record_consent(signed, request).wait(30)
    # A card, locked or not, and the signed consent are all of one consent.
    for held in (signed, card, card.unlock(PIN)):
        patient = Patient(chain.network, held)
        receipt = patient.receipt(request, names={1: "Optique du Pont"})
        assert receipt["dct:identifier"].startswith(signed.consent)
        assert "Optique du Pont" in str(receipt)
        assert patient.receipt(request, fhir=True)["resourceType"] == "Consent"
        with pytest.raises(NotWhatWasAsked):
            patient.receipt(other)
    foreign = replace(request, registry=replace(request.registry, contract="0x" + "de" * 20))
    with pytest.raises(RequestForeign):
        Patient(chain.network, signed).receipt(foreign)


def test_an_unlocked_card_is_printed(chain: Deployed, tmp_path: Path) -> None:
    pytest.importorskip("segno")
    pytest.importorskip("reportlab")
    card = card_on(chain, recorded=False)
    card.save_printed(tmp_path / "card.png", PIN)
    assert (tmp_path / "card.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(PrintFormatUnknown):
        card.save_printed(tmp_path / "card.txt", PIN)
