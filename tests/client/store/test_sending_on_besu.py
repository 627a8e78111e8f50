# SPDX-License-Identifier: Apache-2.0
"""What a Besu node answers, played to the outbox: everything is written once and in order, whatever is said meanwhile.

The answers are those of Besu 26.2 on four validators.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from sceau.chain import node
from sceau.chain.errors import NodeStale
from sceau.chain.network import Network
from sceau.chain.transaction import send_data
from sceau.store import LocalStore, sending
from sceau.store.entry import EntryState
from tests.support.deployed import Deployed
from tests.support.faulty_node import BLOCK, RECEIPT, SEND, Asked, Fault, faulty, said_of_what_was_sent
from tests.support.opened_claims import claim_of, opened, outbox_of, sender_of, want

WAIT = 30
NAMES = [f"claim {n}" for n in range(3)]

TRACE = "java.lang.IllegalStateException: upfront cost\n\tat org.hyperledger.besu.Some.method(Some.java:1)"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(sending, "_PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(node, "_PAUSE_SECONDS", 0.01)


def answers(method: str, answer: Callable[[Asked], None], *, first: int | None = None) -> Fault:
    """The ``first`` questions of a method are answered so, or all of them."""

    def at(asked: Asked) -> None:
        if asked.method == method and (first is None or asked.times <= first):
            answer(asked)
        else:
            asked.answer()

    return at


def refusals(code: int, words: str, *, first: int = 2) -> Fault:
    """The ``first`` transactions are refused in these words, and not taken."""
    return answers(SEND, lambda asked: asked.error(code, words), first=first)


def hash_alone(asked: Asked) -> None:
    """A hash as the answer to a transaction that is not kept: another took its place, or nobody can pay for it."""
    from eth_utils.crypto import keccak

    asked.result("0x" + keccak(hexstr=asked.params[0]).hex())


def a_moment_later(asked: Asked) -> None:
    """A height that was announced is unknown for an instant."""
    if asked.method == BLOCK and asked.params[0] != "0x0" and asked.times % 2:
        return asked.result(None)
    return asked.answer()


#: What Besu says in passing.
PASSING: Mapping[str, Fault] = {
    "the very same transaction is mined": said_of_what_was_sent(-32001, "Nonce too low"),
    "the same transaction is pending": said_of_what_was_sent(-32000, "Known transaction"),
    "too far ahead": refusals(-32000, "Transaction nonce is too distant from current sender nonce"),
    "another is worth more": refusals(-32000, "Replacement transaction underpriced"),
    "not on the allow-list": refusals(-32007, "Sender account not authorized to send transactions", first=4),
    "wrong chain": refusals(-32000, "Wrong chainId"),
    "over the limit of a block": refusals(-32005, "Transaction gas limit exceeds block gas limit"),
    "under the cost": refusals(-32003, "Intrinsic gas exceeds gas limit"),
    "pool is full": refusals(-32000, "Transaction pool not enabled"),
    "a hash, and nothing kept": answers(SEND, hash_alone, first=2),
    "an API that is off": answers(
        "eth_maxPriorityFeePerGas", lambda asked: asked.error(-32604, "Method not enabled")
    ),
    "a stack trace": answers("eth_estimateGas", lambda asked: asked.error(-32603, TRACE), first=2),
    "an unknown block": answers("eth_getBalance", lambda asked: asked.result(None), first=1),
    "a height for an instant unknown": a_moment_later,
    "a receipt much later": answers(RECEIPT, lambda asked: asked.result(None), first=9),
    "bad JSON": answers(
        "eth_estimateGas",
        lambda asked: asked.raw(b'{"jsonrpc":"2.0","id":null,"error":{"code":-32700}}', 400),
        first=1,
    ),
    "too many logs": answers(
        "eth_getLogs", lambda asked: asked.error(-32005, "Requested range exceeds maximum RPC range limit")
    ),
}


@pytest.fixture
def behind(chain: Deployed) -> Iterator[Callable[[Fault], Network]]:
    """Opens the deployment behind a node with a fault."""
    with ExitStack() as opened_nodes:
        yield lambda fault: Network(
            node.Node(opened_nodes.enter_context(faulty(chain.url, fault)), timeout=2), chain.network.manifest
        )


@pytest.mark.parametrize("answer", PASSING)
def test_what_is_said_in_passing_loses_doubles_and_blocks_nothing(
    chain: Deployed, behind: Callable[[Fault], Network], answer: str
) -> None:
    network = behind(PASSING[answer])
    outbox = outbox_of(LocalStore(None), network)
    for name in NAMES:
        want(outbox, network, chain, name, lane="one")
    sender = sender_of(outbox, network, chain)
    # A program that sends what waits each minute: what one round could not do, the next does.
    for _ in range(20):
        done = sender.drain(WAIT)
        assert not done.stopped
        if not outbox.unfinished():
            break
        assert all("\n" not in each.said for each in outbox.unfinished())
    assert outbox.condition().entries == {EntryState.MINED: 3}
    assert opened(chain) == [claim_of(chain, name) for name in NAMES]


def test_a_revert_is_known_by_its_data(chain: Deployed, behind: Callable[[Fault], Network]) -> None:
    """Besu's code and words are its own: 3, ``Execution reverted``, the error in ``data``."""

    def reverted(asked: Asked) -> None:
        answer = asked.true()
        error: Any = answer.get("error")
        if asked.method not in ("eth_call", "eth_estimateGas") or error is None:
            return asked.answer(answer)
        data = error["data"]
        return asked.error(
            3, "Execution reverted", data=data if isinstance(data, str) else data.get("result", "0x")
        )

    network = behind(reverted)
    outbox = outbox_of(LocalStore(None), network)
    illegal = sending.call_of(network, "ClaimRegistry", "cancel", b"\x01" * 32, b"\x02" * 32)
    outbox.want("cancel", illegal, lane="lane", signer=chain.signers["practice"].address)
    done = sender_of(outbox, network, chain).drain(WAIT)
    ((entry, error),) = done.stopped
    assert error is not None
    assert (entry.key, error.code) == ("cancel", "claim-step-illegal")


def test_a_node_that_was_cut_off_is_offered_nothing(
    chain: Deployed, behind: Callable[[Fault], Network]
) -> None:
    """It answers from its old state for ever, takes transactions, and passes them to nobody."""

    def old(asked: Asked) -> None:
        if asked.method == SEND:
            return hash_alone(asked)
        answer = asked.true()
        if asked.method == BLOCK and asked.params[0] == "latest":
            time = int(answer["result"]["timestamp"], 16)
            answer["result"]["timestamp"] = hex(time - 100_000)
        return asked.answer(answer)

    manifest = replace(chain.network.manifest, block_period=1)
    chain.catch_up()
    cut_off = Network(behind(old).node, manifest)
    outbox = outbox_of(LocalStore(None), cut_off)
    want(outbox, cut_off, chain, "claim")
    done = sender_of(outbox, cut_off, chain).drain(WAIT)
    assert isinstance(done.problem, NodeStale)
    assert outbox.condition().entries == {EntryState.WANTED: 1}
    both = Network.joined([cut_off, Network(node.Node(chain.url), manifest)])
    assert sender_of(outbox, both, chain).drain(WAIT).problem is None
    assert opened(chain) == [claim_of(chain, "claim")]


def test_what_silently_took_its_place_is_told_and_it_goes_under_the_next_number(free_chain: Deployed) -> None:
    """At price 0 another transaction with the same number replaces the first, and nobody says so."""
    chain, practice = free_chain, free_chain.signers["practice"]
    outbox = outbox_of(LocalStore(None), chain.network)
    before = len(opened(chain))
    wanted = want(outbox, chain.network, chain, "replaced")
    with chain.without_blocks():
        sender_of(outbox, chain.network, chain).round()
        (flying,) = outbox.in_flight(practice.address)
        chain.test_node.request("anvil_dropTransaction", flying.signed.hash if flying.signed else "")
        other = send_data(
            chain.network.node, practice, to=chain.admin.address, value=0, chain_id=chain.network.chain_id
        )
    other.wait(WAIT)
    done = sender_of(outbox, chain.network, chain).drain(WAIT)
    assert [each.id for each in done.replaced] == [wanted.id]
    assert opened(chain)[before:] == [claim_of(chain, "replaced")]


def test_a_key_without_money_writes_many_where_writing_is_free(free_chain: Deployed) -> None:
    chain = free_chain
    outbox = outbox_of(LocalStore(None), chain.network)
    names = [f"free {n}" for n in range(11)]
    for name in names:
        want(outbox, chain.network, chain, name)
    before = len(opened(chain))
    done = sender_of(outbox, chain.network, chain).drain(WAIT)
    assert not done.stopped
    assert done.problem is None
    assert opened(chain)[before:] == [claim_of(chain, name) for name in names]


@pytest.mark.parametrize("late", [0, 1, 2, 5])
def test_a_step_that_its_block_refuses_stops_whenever_its_receipt_is_found(
    chain: Deployed, behind: Callable[[Fault], Network], late: int
) -> None:
    """A block can take a transaction between two questions of one round: the count says so, the receipt not yet."""
    network = behind(answers(RECEIPT, lambda asked: asked.result(None), first=late))
    practice = chain.signers["practice"]
    outbox = outbox_of(LocalStore(None), network)
    # Ganache takes a transaction with the number 0 again when it is offered again.
    want(outbox, network, chain, "before")
    sender_of(outbox, chain.network, chain).drain(WAIT)
    sender = sender_of(outbox, network, chain)
    illegal = sending.call_of(network, "ClaimRegistry", "cancel", b"\x01" * 32, b"\x02" * 32)
    outbox.want("cancel", illegal, lane="lane", signer=practice.address)
    fields = {"type": 2, "gas": 500_000, "maxFeePerGas": 10**10, "maxPriorityFeePerGas": 10**9}
    outbox.number(
        outbox.ready(practice.address, 1),
        1,
        lambda entry, number: sender._sign(entry, number, fields, network.node.head()),
    )
    want(outbox, network, chain, "claim")
    done = sender_of(outbox, network, chain).drain(WAIT)
    assert [(each.key, error.code if error else None) for each, error in done.stopped] == [
        ("cancel", "claim-step-illegal")
    ]
    assert [each.key for each, _ in done.mined] == ["claim"]
