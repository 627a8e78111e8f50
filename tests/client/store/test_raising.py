# SPDX-License-Identifier: Apache-2.0
"""A transaction that offers too little is signed again with a higher fee: decided once, stored first, mined once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau.chain.errors import FeeTooHigh
from sceau.chain.network import Network
from sceau.store import LocalStore
from sceau.store.entry import Entry, EntryState, SignedCall
from sceau.store.outbox import Outbox
from sceau.store.raising import PATIENT_BLOCKS, higher, replaces
from sceau.store.sending import Round
from tests.client.chain.test_fees import asking
from tests.support.deployed import Deployed
from tests.support.lying_node import lying
from tests.support.opened_claims import claim_of, opened, outbox_of, sender_of, want

GWEI = 10**9


class Market:
    """The free chain with a base fee of the test's own choosing, whose blocks the test makes."""

    def __init__(self, chain: Deployed) -> None:
        self.chain = chain
        self.outbox = outbox_of(LocalStore(None), chain.network)

    def block(self, base_fee: int, count: int = 1) -> None:
        """Makes blocks, the last one with this base fee."""
        for _ in range(count):
            self.chain.test_node.request("anvil_setNextBlockBaseFeePerGas", hex(base_fee))
            self.chain.test_node.request("evm_mine")
        self.chain.network.look()

    def round(self, network: Network | None = None) -> Round:
        """One round of a process that has just begun."""
        return sender_of(self.outbox, network or self.chain.network, self.chain).round()

    def stuck(self, name: str) -> Entry:
        """An entry whose fee is too low since some blocks."""
        self.block(GWEI)
        want(self.outbox, self.chain.network, self.chain, name)
        assert self.round().problem is None
        self.block(100 * GWEI, PATIENT_BLOCKS - 1)
        self.round()
        before = entry(self.outbox, name)
        # It was patient so far, although the node may have dropped it.
        assert before.earlier == ()
        self.block(100 * GWEI)
        return before


@contextmanager
def market(chain: Deployed) -> Iterator[Market]:
    request, signer = chain.test_node.request, chain.signers["practice"]
    request("anvil_setBalance", signer.address, hex(10**18))
    with chain.without_blocks():
        try:
            yield Market(chain)
        finally:
            request("anvil_setNextBlockBaseFeePerGas", "0x0")
            request("evm_mine")
            request("anvil_setBalance", signer.address, "0x0")
    chain.network.look()


def entry(outbox: Outbox, name: str) -> Entry:
    found = outbox.find(name)
    assert found is not None
    return found


def count(chain: Deployed, name: str) -> int:
    return opened(chain).count(claim_of(chain, name))


def test_what_offers_too_little_is_signed_again_and_mined_once(free_chain: Deployed) -> None:
    with market(free_chain) as there:
        before = there.stuck("raised")
        assert there.round().problem is None
        after = entry(there.outbox, "raised")
        assert after.number == before.number
        assert after.earlier == (before.signed,)
        assert after.signed is not None
        assert before.signed is not None
        assert replaces(before.signed, after.signed.fees or {})
        # Another process decides nothing again.
        there.round()
        assert entry(there.outbox, "raised").signed == after.signed
        there.block(100 * GWEI)
        assert [each.key for each, _ in there.round().mined] == ["raised"]
        done = entry(there.outbox, "raised")
        assert (done.state, done.earlier, done.signed) == (EntryState.MINED, (), after.signed)
        assert count(free_chain, "raised") == 1


@pytest.mark.parametrize("mined", ["earlier", "later"])
def test_killed_between_the_decision_and_the_offer(
    free_chain: Deployed, monkeypatch: pytest.MonkeyPatch, mined: str
) -> None:
    """The next process offers what was decided; and if the earlier bytes are mined nevertheless, they count."""
    with market(free_chain) as there:
        before = there.stuck(mined)
        sender = sender_of(there.outbox, free_chain.network, free_chain)
        with monkeypatch.context() as patched:
            patched.setattr(sender, "_offer", killed)
            with pytest.raises(KeyboardInterrupt):
                sender.round()
        decided = entry(there.outbox, mined)
        assert (decided.state, decided.earlier) == (EntryState.SIGNED, (before.signed,))
        assert decided.signed is not None
        assert before.signed is not None
        if mined == "earlier":
            # Some other node held it all the time.
            there.block(GWEI)
            free_chain.test_node.request("eth_sendRawTransaction", before.signed.raw)
            there.block(GWEI)
        else:
            assert there.round().offered == 1
            there.block(100 * GWEI)
        assert [each.key for each, _ in there.round().mined] == [mined]
        expected = before.signed if mined == "earlier" else decided.signed
        assert entry(there.outbox, mined).signed == expected
        assert count(free_chain, mined) == 1
        want(there.outbox, free_chain.network, free_chain, f"after {mined}")
        there.round()
        assert entry(there.outbox, f"after {mined}").number == (before.number or 0) + 1


def killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_no_fee_grows_over_the_ceiling_but_a_withdrawal_offers_it(
    free_chain: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with market(free_chain) as there:
        before = there.stuck("ceiling")
        assert before.signed is not None
        assert before.signed.fees is not None
        limit = before.signed.fees["gas"] * 5 * GWEI
        monkeypatch.setattr(free_chain.network, "fee_limit", limit)
        done = there.round()
        assert isinstance(done.problem, FeeTooHigh)
        assert entry(there.outbox, "ceiling").signed == before.signed
        sender, head = sender_of(there.outbox, free_chain.network, free_chain), free_chain.network.head()
        (raised,) = sender._raised([replace(entry(there.outbox, "ceiling"), urgent=True)], head, Round())
        assert raised.signed is not None
        fees = raised.signed.fees or {}
        assert limit - fees["gas"] < fees["gas"] * fees["maxFeePerGas"] <= limit
        there.block(3 * GWEI)
        there.round()
        there.block(3 * GWEI)
        there.round()
        assert count(free_chain, "ceiling") == 1


def test_a_withdrawal_is_sent_at_the_ceiling_and_waits_for_nothing_that_costs_more(
    free_chain: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with market(free_chain) as there:
        there.block(10 * GWEI)
        network = free_chain.network
        want(there.outbox, network, free_chain, "too dear")
        want(there.outbox, network, free_chain, "urgent", urgent=True)
        monkeypatch.setattr(network, "fee_limit", 10**6 * GWEI)
        done = there.round()
        assert isinstance(done.problem, FeeTooHigh)
        assert done.offered == 1
        assert entry(there.outbox, "too dear").state is EntryState.WANTED
        urgent = entry(there.outbox, "urgent")
        assert urgent.signed is not None
        fees = urgent.signed.fees or {}
        assert network.fee_limit - fees["gas"] < fees["gas"] * fees["maxFeePerGas"] <= network.fee_limit
        there.block(GWEI)
        assert [each.key for each, _ in there.round().mined] == ["urgent"]
        assert count(free_chain, "urgent") == 1


def test_on_a_chain_without_fees_nothing_is_signed_again(free_chain: Deployed) -> None:
    """There a node lets any other transaction with this number replace the first."""
    outbox = outbox_of(LocalStore(None), free_chain.network)
    want(outbox, free_chain.network, free_chain, "free")
    # It could pay more.
    request, signer = free_chain.test_node.request, free_chain.signers["practice"]
    request("anvil_setBalance", signer.address, hex(10**18))
    sender = sender_of(outbox, free_chain.network, free_chain)
    with free_chain.without_blocks():
        sender.round()
        waiting = outbox.in_flight(free_chain.signers["practice"].address)
        head = free_chain.network.head()
        late = replace(head, number=head.number + 1_000)
        assert sender._raised(waiting, late, Round()) == waiting
    sender.drain(30)
    request("anvil_setBalance", signer.address, "0x0")
    assert count(free_chain, "free") == 1


def test_whichever_of_the_two_ganache_writes_counts_once(ganache_chain: Deployed) -> None:
    outbox = outbox_of(LocalStore(None), ganache_chain.network)
    want(outbox, ganache_chain.network, ganache_chain, "ganache")
    with ganache_chain.without_blocks():
        sender_of(outbox, ganache_chain.network, ganache_chain).round()
        first = entry(outbox, "ganache")
        head = ganache_chain.network.head()
        with lying(ganache_chain, asking(base_fee=20 * GWEI)) as network:
            sender = sender_of(outbox, network, ganache_chain)
            late = replace(head, number=head.number + PATIENT_BLOCKS, base_fee=20 * GWEI)
            (raised,) = sender._raised([first], late, Round())
            sender._offer([raised], Round())
        assert entry(outbox, "ganache").state is EntryState.ACCEPTED
    sender_of(outbox, ganache_chain.network, ganache_chain).drain(30)
    done = entry(outbox, "ganache")
    assert (done.state, done.number) == (EntryState.MINED, first.number)
    assert done.signed in (first.signed, raised.signed)
    assert opened(ganache_chain) == [claim_of(ganache_chain, "ganache")]


FEES = st.integers(0, 10**12)


@given(FEES, FEES, FEES, FEES, FEES)
def test_a_fee_grows_only_where_it_must_and_enough(
    fee: int, tip: int, base_fee: int, asked_tip: int, gas: int
) -> None:
    fees = {"type": 2, "gas": gas, "maxFeePerGas": fee + tip, "maxPriorityFeePerGas": tip}
    signed = SignedCall("0x", "0x", 0, fees=fees)
    asked = {"type": 2, "maxFeePerGas": 2 * base_fee + asked_tip, "maxPriorityFeePerGas": asked_tip}
    found = higher(signed, asked, base_fee)
    if base_fee + asked_tip <= fee + tip:
        assert found is None
    else:
        assert found is not None
        assert replaces(signed, found)
        assert found["maxFeePerGas"] >= asked["maxFeePerGas"]
        assert found["maxFeePerGas"] >= found["maxPriorityFeePerGas"]
        assert (found["gas"], found["type"]) == (gas, 2)
    assert higher(replace(signed, fees=None), asked, base_fee) is None


def test_a_gas_price_grows_as_well() -> None:
    signed = SignedCall("0x", "0x", 0, fees={"gas": 1, "gasPrice": 100})
    assert higher(signed, {"gasPrice": 100}, 0) is None
    assert higher(signed, {"gasPrice": 101}, 0) == {"gas": 1, "gasPrice": 113}
    assert higher(signed, {"gasPrice": 0}, 0) is None
