# SPDX-License-Identifier: Apache-2.0
"""The consortium that the other tests stand on."""

from __future__ import annotations

from sceau.chain.registries.parties import read_key, read_party
from tests.support.deployed import PARTIES, Deployed


def test_every_party_has_its_number_role_and_key(either_chain: Deployed) -> None:
    for number, (name, role) in enumerate(PARTIES, 1):
        key = read_key(either_chain.network, either_chain.signers[name].address)
        assert (either_chain.party(name), key.party, key.roles, key.active) == (number, number, role, True)
        party = read_party(either_chain.network, number)
        assert party.controller == either_chain.controllers[name].address


def test_a_test_that_writes_leaves_nothing(deployed: Deployed) -> None:
    node = deployed.network.node
    head, time = node.head(), deployed.now
    with deployed.rolled_back():
        deployed.consortium.suspend(1).wait()
        deployed.sleep(86_400)
        assert deployed.now >= time + 86_400
    assert node.head() == head
    assert read_key(deployed.network, deployed.signers["practice"].address).active
