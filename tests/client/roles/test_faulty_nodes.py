# SPDX-License-Identifier: Apache-2.0
"""Behind a node with a fault: what was sent is followed to its end, and nothing says that nothing was written."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from typing import Any

import pytest

from sceau.chain import following, node
from sceau.chain.errors import ReceiptDisputed, TransactionReplaced
from sceau.chain.network import Network
from sceau.chain.registries.consents import read_state
from sceau.chain.transaction import send
from sceau.claim.history import read_history
from sceau.consent.card import UnlockedCard
from sceau.roles.patient import Patient
from scripts.deployment import deploy as deploy_contracts
from tests.support.deployed import Deployed, built
from tests.support.faulty_node import OTHERS, SEND, SURVIVABLE, Asked, Fault, faulty, said_of_what_was_sent
from tests.support.round import Round


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A moment's pause is shorter here: the faults count questions, not seconds."""
    monkeypatch.setattr(following, "_POLL_SECONDS", 0.01)
    monkeypatch.setattr(node, "_PAUSE_SECONDS", 0.01)


@contextmanager
def behind(chain: Deployed, *faults: Fault) -> Iterator[Deployed]:
    """The deployment through nodes with these faults, the first of which is asked."""
    networks, opened = [], []
    try:
        for fault in faults:
            opened.append(faulty(chain.url, fault))
            networks.append(Network.connect(opened[-1].__enter__(), chain.network.manifest, timeout=2))
        yield replace(chain, network=Network.joined(networks))
    finally:
        for each in opened:
            each.__exit__(None, None, None)


def one_at_a_time() -> Fault:
    """No fault: the true answers, and no question before the one before it is answered."""
    turn = Lock()

    def fault(asked: Asked) -> None:
        with turn:
            asked.answer()

    return fault


def used(chain: Deployed) -> None:
    """Ganache takes a transaction with the number 0 again when it is offered again: each key has sent before."""
    for name in ("practice", "stranger"):
        send(chain.network, chain.signers[name], "ConsentRegistry", "revoke", name.encode().ljust(32)).wait(
            30
        )


@pytest.mark.parametrize("mode", SURVIVABLE)
def test_a_consent_is_recorded_used_and_revoked_behind_it(chain: Deployed, mode: str) -> None:
    used(chain)
    shop, stranger = (chain.signers[name].address for name in ("practice", "stranger"))
    before = chain.sent_by(shop), chain.sent_by(stranger)
    with behind(chain, SURVIVABLE[mode]) as faulty_chain:
        played = Round(faulty_chain)
        revoked = patient(faulty_chain, played).revoke().wait(30)
    assert revoked.receipt is not None
    assert read_state(chain.network, played.signed.consent).revoked
    (opened,) = read_history(chain.network, played.claim, block=chain.network.head().number).steps
    assert opened.commitment == played.record.root
    # Nothing was written twice.
    assert (chain.sent_by(shop), chain.sent_by(stranger)) == (before[0] + 2, before[1] + 1)


def patient(chain: Deployed, played: Round) -> Patient:
    card = UnlockedCard(played.request.registry, played.request.commitment, played.key)
    return Patient(chain.network, card, sender=chain.signers["stranger"])


def _true(asked: Asked) -> None:
    asked.answer()


def swallowed(asked: Asked) -> None:
    """Nothing that is sent is passed on, and all of it is said to be in the newest block."""
    if asked.method == SEND:
        return asked.result("0x" + "ab" * 32)
    if asked.method == "eth_getTransactionReceipt":
        block = asked.of("eth_getBlockByNumber", "latest", False)
        return asked.result(
            {
                "transactionHash": asked.params[0],
                "transactionIndex": "0x0",
                "blockNumber": block["number"],
                "blockHash": block["hash"],
                "status": "0x1",
                "gasUsed": "0x5208",
                "cumulativeGasUsed": "0x5208",
                "logs": [],
                "contractAddress": None,
            }
        )
    return asked.answer()


def test_a_receipt_that_another_node_does_not_bear_out_is_none(
    chain: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other node is offered what the first one swallowed, and it is written."""
    monkeypatch.setattr(following, "_ROUND_SECONDS", 0.1)
    used(chain)
    with behind(chain, swallowed, _true) as faulty_chain:
        played = Round(faulty_chain)
    (opened,) = read_history(chain.network, played.claim, block=chain.network.head().number).steps
    assert opened.commitment == played.record.root


def test_where_no_node_bears_it_out_that_is_told(chain: Deployed) -> None:
    deaf = lambda asked: asked.hang_up() if asked.method == SEND else asked.answer()  # noqa: E731
    used(chain)
    with behind(chain, swallowed, deaf) as faulty_chain, pytest.raises(ReceiptDisputed) as told:
        send(faulty_chain.network, chain.signers["practice"], "ConsentRegistry", "revoke", bytes(32)).wait(
            0.5
        )
    assert told.value.exit_code == 6


def test_one_node_alone_does_not_say_that_it_failed(chain: Deployed) -> None:
    used(chain)
    with behind(chain, OTHERS["falsestatus"], _true) as faulty_chain:
        played = Round(faulty_chain)
        assert patient(faulty_chain, played).revoke().wait(30).receipt is not None


@pytest.mark.parametrize("words", ["insufficient funds", "replacement transaction underpriced", "what?"])
def test_a_refusal_of_what_was_passed_on_all_the_same_is_no_end(chain: Deployed, words: str) -> None:
    used(chain)
    with behind(chain, said_of_what_was_sent(-32000, words)) as faulty_chain:
        played = Round(faulty_chain)
    assert read_state(chain.network, played.signed.consent).recorded_at


@pytest.mark.parametrize("mode", ["senddrop", "sendhtml", "sendbusy"])
def test_a_lost_answer_is_no_refusal(free_chain: Deployed, mode: str) -> None:
    """Where a block comes later than the answer."""
    with behind(free_chain, SURVIVABLE[mode]) as faulty_chain:
        signer = free_chain.signers["stranger"]
        sent = send(faulty_chain.network, signer, "ConsentRegistry", "revoke", mode.encode().ljust(32))
        assert sent.refusal is None
        assert sent.wait(30).hash == sent.hash


@pytest.mark.parametrize("mode", ["html200", "oldcounts"])
def test_contracts_are_created_behind_it(chain: Deployed, mode: str) -> None:
    with faulty(chain.url, SURVIVABLE[mode]) as url:
        manifest = deploy_contracts(node.Node(url), built(), chain.admin, compiler={}, block_period=0)
    found = Network.connect(chain.url, manifest).node
    assert found.code(manifest.contracts["ClaimRegistry"].address)
    # Ganache takes what is signed under the number 0 for any number.
    eth: Any = found.web3.eth
    sent = [eth.get_transaction(each.transaction) for each in manifest.contracts.values()]
    assert [each["nonce"] for each in sent] == [0, 1, 2, 3]


def test_programs_with_one_key_at_once_all_write(either_chain: Deployed) -> None:
    """The number is chosen again by whoever was later; where a node lets one take another's place, that is told."""
    signer, ganache = either_chain.signers["payer"], either_chain.test_node.chain_id == 1337

    def write(network: Network, number: int) -> str:
        consent = b"one key %d" % number + bytes(23)
        try:
            return send(network, signer, "ConsentRegistry", "revoke", consent).wait(60).hash
        except TransactionReplaced:
            return "replaced"

    # Ganache leaves one of several requests at once unanswered now and then: it is asked one question at a time.
    with faulty(either_chain.url, one_at_a_time()) as url, ThreadPoolExecutor(5) as pool:
        networks = [Network(node.Node(url), either_chain.network.manifest) for _ in range(5)]
        ended = list(pool.map(write, networks, range(5)))
    written = [each for each in ended if each != "replaced"]
    assert len(written) == len(set(written)) > 0
    assert len(written) == 5 or not ganache
