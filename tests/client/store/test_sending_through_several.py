# SPDX-License-Identifier: Apache-2.0
"""One node of several that refuses falsely, or keeps for itself what it was given, stops and loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from sceau.chain import node
from sceau.chain.network import Network
from sceau.store import LocalStore, sending
from sceau.store.entry import EntryState
from tests.support.deployed import Deployed
from tests.support.faulty_node import SEND, Asked, Fault, faulty
from tests.support.opened_claims import claim_of, opened, outbox_of, sender_of, want

WAIT = 30


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(sending, "_PAUSE_SECONDS", 0.02)


@pytest.fixture
def beside(chain: Deployed) -> Iterator[Callable[..., Network]]:
    """Opens the deployment through nodes with these faults, and a true one behind them."""
    with ExitStack() as opened_nodes:

        def joined(*faults: Fault, true: bool = True) -> Network:
            urls = [opened_nodes.enter_context(faulty(chain.url, fault)) for fault in faults]
            return Network.joined(
                [
                    Network(node.Node(url), chain.network.manifest)
                    for url in [*urls, *([chain.url] if true else [])]
                ]
            )

        yield joined


def refuses(asked: Asked) -> None:
    """Every call, and every estimate, as a contract that has such a claim already."""
    if asked.method in ("eth_call", "eth_estimateGas") and "from" in asked.params[0]:
        return asked.error(3, "Execution reverted", data=already_opened())
    return asked.answer()


def already_opened() -> str:
    from eth_utils.crypto import keccak

    return "0x" + keccak(text="ClaimAlreadyOpened(bytes32)")[:4].hex() + "00" * 32


def raves(asked: Asked) -> None:
    """Every estimate ends with a stack trace."""
    if asked.method == "eth_estimateGas":
        return asked.error(-32603, "java.lang.IllegalStateException")
    return asked.answer()


def swallows(asked: Asked) -> None:
    """A transaction is answered with its hash, and passed to nobody; asked for it, the node says that it has it."""
    from eth_utils.crypto import keccak

    if asked.method == SEND:
        return asked.result("0x" + keccak(hexstr=asked.params[0]).hex())
    return asked.answer()


@pytest.mark.parametrize("fault", [refuses, raves, swallows])
def test_one_node_stops_and_loses_nothing(
    chain: Deployed, beside: Callable[..., Network], fault: Fault
) -> None:
    network = beside(fault)
    outbox = outbox_of(LocalStore(None), network)
    names = [f"claim {n}" for n in range(3)]
    for name in names:
        want(outbox, network, chain, name, lane="one")
    done = sender_of(outbox, network, chain).drain(WAIT)
    assert not done.stopped
    assert opened(chain) == [claim_of(chain, name) for name in names]


def test_what_every_node_refuses_stops(chain: Deployed, beside: Callable[..., Network]) -> None:
    network = beside(refuses, refuses, true=False)
    outbox = outbox_of(LocalStore(None), network)
    want(outbox, network, chain, "claim")
    ((_, error),) = sender_of(outbox, network, chain).drain(WAIT).stopped
    assert error is not None
    assert error.code == "claim-already-opened"


def test_a_node_that_calls_legal_what_is_not_makes_nothing_written(
    chain: Deployed, beside: Callable[..., Network]
) -> None:
    """The contract refuses it in its block; the number is used, and what waits behind it goes on."""

    def calls_legal(asked: Asked) -> None:
        if asked.method == "eth_estimateGas":
            return asked.result(hex(300_000))
        if asked.method == "eth_call" and "from" in asked.params[0]:
            return asked.result("0x")
        return asked.answer()

    network = beside(calls_legal)
    outbox = outbox_of(LocalStore(None), network)
    illegal = sending.call_of(network, "ClaimRegistry", "cancel", b"\x01" * 32, b"\x02" * 32)
    outbox.want("cancel", illegal, lane="lane", signer=chain.signers["practice"].address)
    want(outbox, network, chain, "claim")
    done = sender_of(outbox, network, chain).drain(WAIT)
    assert [each.key for each, _ in done.stopped] == ["cancel"]
    assert opened(chain) == [claim_of(chain, "claim")]
    assert outbox.condition().entries == {EntryState.STOPPED: 1, EntryState.MINED: 1}
