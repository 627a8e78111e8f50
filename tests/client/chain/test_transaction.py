# SPDX-License-Identifier: Apache-2.0
"""Writing: nothing is sent that would fail, what was sent is followed, what failed says why."""

from __future__ import annotations

import asyncio
import dataclasses
import os

import pytest

from sceau.chain import contract_errors as refused
from sceau.chain.errors import (
    KeyInUse,
    OthersWaiting,
    SenderHasNoFunds,
    TransactionNotMined,
    TransactionRefused,
    TransactionReplaced,
    TransactionReverted,
)
from sceau.chain.fees import fee_fields, highest_fee, is_free
from sceau.chain.following import Offered, Signed, Transaction, hand_over, offer
from sceau.chain.network import Network
from sceau.chain.signer import Signer
from sceau.chain.transaction import send, send_data
from tests.support.deployed import Deployed

COMMITMENT = b"\x11" * 32
# Fails when its caller pays a price for gas, which no call does: GASPRICE ISZERO JUMPI, else REVERT.
FAILS_ONLY_WHEN_PAID = bytes.fromhex("3a156008575f5ffd5b00")
# Returns the code that follows it.
_CREATOR = bytes.fromhex("600a600c5f39600a5ff30000")


def test_a_write_returns_a_handle_that_is_waited_for(either_chain: Deployed) -> None:
    network, signer = either_chain.network, either_chain.signers["stranger"]
    before = network.node.head().number
    transaction = send(network, signer, "ConsentRegistry", "revoke", b"\x12" * 32)
    assert transaction.hash in repr(transaction)
    receipt = transaction.wait(30)
    assert receipt.hash == transaction.hash
    assert receipt.block_number > before
    assert receipt.block_hash == network.node.block(receipt.block_number).hash
    assert receipt.contract is None
    assert 40_000 < receipt.gas_used < 60_000
    assert transaction.receipt() == receipt
    assert network.node.sender(transaction.hash) == signer.address


def test_a_handle_can_be_awaited(either_chain: Deployed) -> None:
    async def write() -> int:
        transaction = send(
            either_chain.network, either_chain.signers["stranger"], "ConsentRegistry", "revoke", b"\x13" * 32
        )
        return (await transaction).block_number

    assert asyncio.run(write()) <= either_chain.network.node.head().number


def test_what_the_contract_would_refuse_is_not_sent(either_chain: Deployed) -> None:
    network, signer = either_chain.network, either_chain.signers["stranger"]
    nonce = either_chain.sent_by(signer.address)
    with pytest.raises(refused.AccessManagedUnauthorized):
        send(network, signer, "PartyRegistry", "suspend", 1)
    assert either_chain.sent_by(signer.address) == nonce


def test_a_refusal_is_told_even_to_a_sender_without_money(chain: Deployed) -> None:
    with pytest.raises(refused.AccessManagedUnauthorized):
        send(chain.network, Signer.generate(), "PartyRegistry", "suspend", 1)


def test_without_money_nothing_is_sent_where_fees_are_charged(chain: Deployed) -> None:
    poor = Signer.generate()
    with pytest.raises(SenderHasNoFunds, match=poor.address) as told:
        send(chain.network, poor, "ConsentRegistry", "revoke", COMMITMENT)
    assert told.value.details["balance"] == 0
    with pytest.raises(SenderHasNoFunds):
        send_data(chain.network.node, poor, to=poor.address, value=1, chain_id=chain.network.chain_id)
    assert chain.sent_by(poor.address) == 0


def test_without_money_one_writes_where_nothing_costs_a_fee(free_chain: Deployed) -> None:
    nobody = Signer.generate()
    transaction = send(free_chain.network, nobody, "ConsentRegistry", "revoke", COMMITMENT)
    assert transaction.wait(30).gas_used > 21_000
    assert free_chain.network.node.balance(nobody.address) == 0
    assert is_free(free_chain.network.node)


def test_of_two_that_exclude_each_other_the_later_says_why_it_failed(either_chain: Deployed) -> None:
    """Both are fine when they are sent; in the block, the first is in the way of the second."""
    network = either_chain.network
    one, two = either_chain.signers["practice"], either_chain.signers["supplier"]
    key = Signer.generate()
    signature = key.sign_typed(
        {
            "name": "Sceau ConsentRegistry",
            "version": "1",
            "chainId": network.chain_id,
            "verifyingContract": network.address("ConsentRegistry"),
        },
        {"Revocation": [{"name": "consent", "type": "bytes32"}]},
        {"consent": network.read("ConsentRegistry", "consentId", COMMITMENT, key.address)},
    )
    arguments = (COMMITMENT, key.address, signature)
    with either_chain.without_blocks():
        sent = [send(network, s, "ConsentRegistry", "revokeBySignature", *arguments) for s in (one, two)]
        assert [t.receipt() for t in sent] == [None, None]
    outcomes = []
    for transaction in sent:
        try:
            outcomes.append(transaction.wait(30).gas_used > 0)
        except refused.ConsentAlreadyRevoked:
            outcomes.append(False)
    assert sorted(outcomes) == [False, True]


def test_a_failure_that_no_call_repeats_names_transaction_and_block(chain: Deployed) -> None:
    node, signer, chain_id = chain.network.node, chain.signers["stranger"], chain.network.chain_id
    created = send_data(
        node, signer, to=None, data="0x" + (_CREATOR + FAILS_ONLY_WHEN_PAID).hex(), chain_id=chain_id
    ).wait(30)
    assert node.code(created.contract or "") == FAILS_ONLY_WHEN_PAID
    transaction = send_data(node, signer, to=created.contract, chain_id=chain_id)
    with pytest.raises(TransactionReverted) as told:
        transaction.wait(30)
    assert told.value.details == {"hash": transaction.hash, "block": node.head().number}


def test_a_transaction_in_no_block_is_no_failure_and_can_still_come(chain: Deployed) -> None:
    with chain.without_blocks():
        transaction = send(chain.network, chain.signers["stranger"], "ConsentRegistry", "revoke", COMMITMENT)
        with pytest.raises(TransactionNotMined, match=transaction.hash):
            transaction.wait(0.3)
        assert transaction.receipt() is None
    assert transaction.wait(30).hash == transaction.hash


def test_writes_in_a_row_take_numbers_in_a_row(free_chain: Deployed) -> None:
    """Without waiting in between; not on Ganache, which forgets its pool when asked for the next number."""
    signer = free_chain.signers["stranger"]
    sent = [send(free_chain.network, signer, "ConsentRegistry", "revoke", bytes([n]) * 32) for n in (1, 2, 3)]
    for transaction in sent:
        transaction.wait(30)
    eth = free_chain.network.node.web3.eth
    nonces = [eth.get_transaction(t.hash)["nonce"] for t in sent]  # type: ignore[arg-type] # text is taken
    assert nonces == [nonces[0], nonces[0] + 1, nonces[0] + 2]


def used(chain: Deployed, name: str) -> Signer:
    """A signer that has written before: Ganache takes number 0 for none, and writes such a transaction every time."""
    send(chain.network, chain.signers[name], "ConsentRegistry", "revoke", os.urandom(32)).wait(30)
    return chain.signers[name]


def signed(chain: Deployed, signer: Signer, *, nonce: int, value: int = 0) -> Signed:
    fees = fee_fields(chain.network.node, chain.network.node.head())
    request = {"from": signer.address, "to": signer.address, "value": value, "data": "0x"}
    hash_, raw = signer.sign_transaction(
        {
            "to": signer.address,
            "value": value,
            "data": "0x",
            "gas": 21_000,
            "nonce": nonce,
            "chainId": chain.network.chain_id,
            **fees,
        }
    )
    return Signed(hash_, raw, request, nonce)


def test_the_very_same_transaction_again_is_a_success(either_chain: Deployed) -> None:
    node, signer = either_chain.network.node, used(either_chain, "auditor")
    nonce = either_chain.sent_by(signer.address)
    same = signed(either_chain, signer, nonce=nonce)
    for _ in range(2):
        assert offer(node, same) is Offered.TAKEN
    Transaction((node,), same).wait(30)
    assert offer(node, same) is Offered.TAKEN
    assert either_chain.sent_by(signer.address) == nonce + 1


def test_another_transaction_under_a_number_that_is_used_is_refused_with_the_nodes_reason(
    either_chain: Deployed,
) -> None:
    node, signer = either_chain.network.node, used(either_chain, "auditor")
    nonce = either_chain.sent_by(signer.address)
    hand_over((node,), signed(either_chain, signer, nonce=nonce)).wait(30)
    other = signed(either_chain, signer, nonce=nonce, value=1)
    with pytest.raises(KeyInUse, match="nonce") as told:
        hand_over((node,), other).wait(30)
    assert (told.value.details["hash"], told.value.exit_code) == (other.hash, 6)


def test_the_signature_of_another_chain_is_refused(either_chain: Deployed) -> None:
    signer = either_chain.signers["auditor"]
    node = either_chain.network.node
    nonce = either_chain.sent_by(signer.address)
    elsewhere = dataclasses.replace(either_chain.network.manifest, chain_id=4242)
    foreign = dataclasses.replace(either_chain, network=Network(node, elsewhere))
    with pytest.raises(TransactionRefused) as told:
        hand_over((node,), signed(foreign, signer, nonce=nonce)).wait(30)
    assert type(told.value) is TransactionRefused


def test_a_refusal_says_how_many_of_the_same_key_are_waiting(free_chain: Deployed) -> None:
    """The usual cause: Besu takes five transactions of one key, and says of the sixth that its number is wrong."""
    signer = free_chain.signers["payer"]
    elsewhere = dataclasses.replace(free_chain.network.manifest, chain_id=4242)
    foreign = Network(free_chain.network.node, elsewhere)
    free_chain.test_node.request("evm_setIntervalMining", 0)
    try:
        waiting = [
            send(free_chain.network, signer, "ConsentRegistry", "revoke", bytes([n]) * 32) for n in (1, 2)
        ]
        with pytest.raises(OthersWaiting, match="a block: 2"):
            send(foreign, signer, "ConsentRegistry", "revoke", bytes([3]) * 32).wait(30)
    finally:
        free_chain.test_node.request("evm_setIntervalMining", 1)
    for transaction in waiting:
        transaction.wait(30)


def test_a_transaction_whose_number_another_took_is_not_waited_for(either_chain: Deployed) -> None:
    """Besu lets a free transaction take the place of another of the same key without a word."""
    node, signer = either_chain.network.node, used(either_chain, "auditor")
    nonce = either_chain.sent_by(signer.address)
    lost = signed(either_chain, signer, nonce=nonce, value=1)
    hand_over((node,), signed(either_chain, signer, nonce=nonce)).wait(30)
    with pytest.raises(TransactionReplaced, match=lost.hash) as told:
        Transaction((node,), lost).wait(30)
    assert told.value.exit_code == 6


# Fees


def test_fees_are_twice_the_base_fee_and_the_tip(chain: Deployed) -> None:
    node = chain.network.node
    head, tip = node.head(), node.web3.eth.max_priority_fee
    assert head.base_fee
    assert fee_fields(node, head) == {
        "type": 2,
        "maxFeePerGas": 2 * head.base_fee + tip,
        "maxPriorityFeePerGas": tip,
    }
    transaction = send(chain.network, chain.signers["stranger"], "ConsentRegistry", "revoke", COMMITMENT)
    sent = node.web3.eth.get_transaction(transaction.hash)  # type: ignore[arg-type] # text is taken
    assert (sent["type"], sent["maxFeePerGas"]) == (2, 2 * head.base_fee + tip)
    assert not is_free(node)


def test_no_base_fee_means_no_fee_whatever_the_node_says_of_its_price(free_chain: Deployed) -> None:
    node = free_chain.network.node
    assert node.web3.eth.gas_price > 0
    assert fee_fields(node, node.head()) == {"type": 2, "maxFeePerGas": 0, "maxPriorityFeePerGas": 0}


def test_before_london_there_is_only_a_price(chain: Deployed) -> None:
    node = chain.network.node
    old = dataclasses.replace(node.head(), base_fee=None)
    fees = fee_fields(node, old)
    assert fees == {"gasPrice": node.web3.eth.gas_price}
    assert highest_fee(fees) == fees["gasPrice"]
