# SPDX-License-Identifier: Apache-2.0
"""What a node asks for has a ceiling: above it nothing is sent, but a revocation, which then offers the ceiling."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau import LocalStore, Practice, load_quote
from sceau.chain.errors import FeeTooHigh
from sceau.chain.fees import FEE_LIMIT, capped, coins_text, highest_fee, wei_of
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.registries.consents import read_state
from sceau.chain.transaction import send
from sceau.consent.card import UnlockedCard
from sceau.roles.patient import Patient
from scripts.documents import document
from tests.support.life import UNTIL
from tests.support.lying_node import Lie, lying
from tests.support.stage import Stage

GWEI = 10**9


def asking(base_fee: int = GWEI, tip: int = GWEI, gas: int | None = None) -> Lie:
    """A node that asks for a fee, or says that everything takes much gas."""

    def lie(method: str, _params: Any, result: Any) -> Any:
        if method == "eth_getBlockByNumber":
            return {**result, "baseFeePerGas": hex(base_fee)}
        if method == "eth_maxPriorityFeePerGas":
            return hex(tip)
        if method == "eth_estimateGas" and gas is not None:
            return hex(gas)
        return result

    return lie


GREEDY = {
    "a base fee": asking(base_fee=10**15),
    "a tip": asking(tip=10**15),
    "gas": asking(gas=2**40),
}


@pytest.mark.parametrize("greed", GREEDY)
def test_above_the_ceiling_nothing_is_sent(stage: Stage, greed: str) -> None:
    chain, signer = stage.chain, stage.chain.signers["stranger"]
    before = chain.sent_by(signer.address)
    with lying(chain, GREEDY[greed]) as network, pytest.raises(FeeTooHigh) as refused:
        send(network, signer, "ConsentRegistry", "revoke", b"\x12" * 32)
    assert refused.value.details["limit"] == "0.1"
    assert chain.sent_by(signer.address) == before


@pytest.mark.parametrize("greed", GREEDY)
def test_above_the_ceiling_nothing_leaves_an_outbox(stage: Stage, greed: str) -> None:
    chain, signer, store = stage.chain, stage.chain.signers["practice"], LocalStore(None)
    quote, payer = load_quote(document("quote")), stage.chain.party("payer")
    before = chain.sent_by(signer.address)
    with lying(chain, GREEDY[greed]) as network:
        shop = Practice(network, signer, store=store, queues=True)
        with pytest.raises(FeeTooHigh):
            shop.open_claim("fr-optical-quote", quote, payer=payer)
        assert shop.queue.outbox.condition().unfinished == 0
        # What was wanted before, off line, waits for a node that asks for less.
        away = Network.later([Node("http://127.0.0.1:9")], network.manifest)
        Practice(away, signer, store=store, queues=True).open_claim("fr-optical-quote", quote, payer=payer)
        report = shop.sync(5)
        assert ([each.code for each in report.problems], report.queued) == (["fee-too-high"], 1)
    assert chain.sent_by(signer.address) == before
    report = Practice(chain.network, signer, store=store, queues=True).sync(30)
    assert (report.problems, report.written) == ((), 1)


def test_a_step_that_was_not_sent_is_taken_back(stage: Stage) -> None:
    life = stage.opened
    verdict = life.verdict()
    stage.chain.network.fee_limit = 1
    try:
        with pytest.raises(FeeTooHigh):
            life.payer.authorise(verdict, valid_until=UNTIL)
    finally:
        stage.chain.network.fee_limit = FEE_LIMIT
    assert life.payer.steps(life.claim) == []
    life.payer.authorise(verdict, valid_until=UNTIL).wait(30)


@pytest.mark.parametrize("greed", GREEDY)
def test_a_revocation_is_sent_at_the_ceiling(stage: Stage, greed: str) -> None:
    chain, request = stage.chain, stage.round.request
    card = UnlockedCard(request.registry, request.commitment, stage.round.key)
    sender = chain.signers["stranger"]
    held = chain.network.node.balance(sender.address)
    with lying(chain, GREEDY[greed]) as network:
        network.fee_limit = 10**16
        revoked = Patient(network, card, sender=sender).revoke().wait(30)
    assert revoked.receipt is not None
    sent: Any = chain.network.node.web3.eth.get_transaction(revoked.receipt.hash)  # type: ignore[arg-type] # text
    assert sent["gas"] * sent["maxFeePerGas"] <= 10**16
    assert held - chain.network.node.balance(sender.address) <= 10**16
    assert read_state(chain.network, card.consent).revoked


@pytest.mark.parametrize("queues", [True, False])
@pytest.mark.parametrize("greed", GREEDY)
def test_a_withdrawal_is_sent_at_the_ceiling(stage: Stage, greed: str, queues: bool) -> None:
    chain, (_, signed) = stage.chain, stage.round.consent()
    with lying(chain, GREEDY[greed]) as network:
        network.fee_limit = 10**16
        shop = Practice(network, chain.signers["practice"], store=LocalStore(None), queues=queues)
        receipt = shop.withdraw_consent(signed.consent).wait(30)
    sent: Any = chain.network.node.web3.eth.get_transaction(receipt.hash)  # type: ignore[arg-type] # text
    assert sent["gas"] * sent["maxFeePerGas"] <= 10**16
    assert read_state(chain.network, signed.consent).withdrawn_at > 0


@given(st.integers(0, 10**30), st.integers(0, 10**30), st.integers(21_000, 10**6), st.integers(1, 10**20))
def test_what_is_capped_costs_no_more_than_the_ceiling(most: int, tip: int, gas: int, limit: int) -> None:
    fields = {"type": 2, "maxFeePerGas": most + tip, "maxPriorityFeePerGas": tip}
    found = capped(fields, gas, limit)
    assert found["type"] == 2
    assert gas * highest_fee(found) <= limit
    assert found["maxPriorityFeePerGas"] <= found["maxFeePerGas"] <= most + tip
    assert gas * highest_fee(capped({"gasPrice": most}, gas, limit)) <= limit


@given(st.integers(1, 10**26))
def test_an_amount_is_read_as_it_is_written(wei: int) -> None:
    assert wei_of(coins_text(wei)) == wei


@pytest.mark.parametrize(
    ("text", "wei"),
    [
        ("0.1", FEE_LIMIT),
        (" 2 ", 2 * 10**18),
        ("0.000000000000000001", 1),
        *((wrong, None) for wrong in ("", "0", "0.0", "-1", "1,5", "1e3", ".5", "1.", "inf", "٣", "1" * 10)),
    ],
)
def test_an_amount_is_digits_and_a_point(text: str, wei: int | None) -> None:
    assert wei_of(text) == wei


def test_a_ceiling_is_the_networks_own(stage: Stage) -> None:
    other = Network(Node(stage.chain.url), stage.chain.network.manifest)
    other.fee_limit = 1000
    with pytest.raises(FeeTooHigh):
        send(other, stage.chain.signers["stranger"], "ConsentRegistry", "revoke", b"\x12" * 32)
