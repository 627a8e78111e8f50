# SPDX-License-Identifier: Apache-2.0
"""Behind a node with a fault: what was sent is followed to its end, and nothing says that nothing was written."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest

from sceau.chain import following, node
from sceau.chain.errors import TransactionReplaced
from sceau.chain.network import Network
from sceau.chain.registries.consents import read_state
from sceau.chain.transaction import send
from sceau.claim.history import read_history
from sceau.consent.card import UnlockedCard
from sceau.roles.patient import Patient
from tests.support.deployed import Deployed
from tests.support.faulty_node import SURVIVABLE, Fault, faulty
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


def test_programs_with_one_key_at_once_all_write(either_chain: Deployed) -> None:
    """The number is chosen again by whoever was later; where a node lets one take another's place, that is told."""
    signer = either_chain.signers["payer"]
    networks = [Network(node.Node(either_chain.url), either_chain.network.manifest) for _ in range(5)]

    def write(number: int) -> str:
        sent = send(networks[number], signer, "ConsentRegistry", "revoke", b"one key %d" % number + bytes(23))
        try:
            return sent.wait(30).hash
        except TransactionReplaced:
            return "replaced"

    with ThreadPoolExecutor(5) as pool:
        ended = list(pool.map(write, range(5)))
    written = [each for each in ended if each != "replaced"]
    assert len(written) == len(set(written)) > 0
    assert len(written) == 5 or either_chain.test_node.chain_id != 1337
