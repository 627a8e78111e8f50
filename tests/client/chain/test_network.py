# SPDX-License-Identifier: Apache-2.0
"""A deployment seen through a node: only on its own chain, only its own contracts, at any block."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from sceau.chain.abis import ContractName
from sceau.chain.errors import ContractCodeDiffers, ContractNotDeployed, NodeUnreachable, WrongChain
from sceau.chain.manifest import Manifest
from sceau.chain.network import Network
from sceau.chain.node import Node
from sceau.chain.registries.parties import read_party, read_published
from sceau.party.entry import DirectoryEntry
from sceau.terms import Role
from tests.support.deployed import PARTIES, Deployed
from tests.support.lying_node import lying
from tools.ganache import free_port

ENTRY = DirectoryEntry("Optique de la Gare", "FR", "73282932000074", None)


def edited(manifest: Manifest, name: ContractName | None = None, **changes: object) -> Manifest:
    if name is None:
        return dataclasses.replace(manifest, **changes)  # type: ignore[arg-type] # of a test's own making
    entry = dataclasses.replace(manifest.contracts[name], **changes)  # type: ignore[arg-type] # the same
    return dataclasses.replace(manifest, contracts={**manifest.contracts, name: entry})


def test_a_manifest_file_is_enough_to_connect(either_chain: Deployed, tmp_path: Path) -> None:
    network = Network.connect(either_chain.url, either_chain.write_manifest(tmp_path))
    assert network.manifest == either_chain.network.manifest
    assert network.chain_id == either_chain.test_node.chain_id
    assert repr(network) == f"Network({either_chain.url!r}, chain {network.chain_id})"


def test_another_chain_id_is_refused(chain: Deployed) -> None:
    with pytest.raises(WrongChain, match="chain id 1337; the manifest says 2018"):
        Network.connect(chain.url, edited(chain.network.manifest, chain_id=2018))


def test_another_chain_with_the_same_id_is_refused_by_its_first_block(chain: Deployed) -> None:
    with pytest.raises(WrongChain) as told:
        Network.connect(chain.url, edited(chain.network.manifest, genesis_hash="0x" + "12" * 32))
    assert "genesis block" in told.value.message("en")
    assert "le bloc d'origine" in told.value.message("fr")


@pytest.mark.parametrize(
    "name", ["ConsortiumAccessManager", "PartyRegistry", "ConsentRegistry", "ClaimRegistry"]
)
def test_an_address_without_a_contract_is_refused(chain: Deployed, name: ContractName) -> None:
    manifest = edited(chain.network.manifest, name, address="0x" + "12" * 20)
    with pytest.raises(ContractNotDeployed, match=name):
        Network.connect(chain.url, manifest)


@pytest.mark.parametrize(
    "name", ["ConsortiumAccessManager", "PartyRegistry", "ConsentRegistry", "ClaimRegistry"]
)
def test_other_code_at_an_address_is_refused(chain: Deployed, name: ContractName) -> None:
    chain.test_node.request("evm_setAccountCode", chain.network.address(name), "0x00")
    with pytest.raises(ContractCodeDiffers, match=name):
        Network.connect(chain.url, chain.network.manifest)


def test_a_node_that_does_not_answer_is_told(chain: Deployed) -> None:
    with pytest.raises(NodeUnreachable):
        Network.connect(f"http://127.0.0.1:{free_port()}", chain.network.manifest)


def test_views_are_read_at_the_head_and_at_any_block(chain: Deployed) -> None:
    network = chain.network
    before = network.node.head().number
    chain.consortium.set_roles(1, Role.PAYER).wait(30)
    assert network.read("PartyRegistry", "partyOf", 1)[2] == Role.PAYER
    assert network.read("PartyRegistry", "partyOf", 1, block=before)[2] == Role.PRACTICE
    assert network.read("PartyRegistry", "partyCount") == len(PARTIES)


def test_events_of_a_contract_are_read_in_order_and_decoded(either_chain: Deployed) -> None:
    network = either_chain.network
    head = network.node.head().number
    events = network.events("PartyRegistry", to_block=head)
    admitted = [e for e in events if e.name == "PartyAdmitted"]
    assert [e.args["party"] for e in admitted[: len(PARTIES)]] == list(range(1, len(PARTIES) + 1))
    assert admitted[0].args["controller"] == either_chain.controllers["practice"].address
    assert admitted[0].args["directory"] == "0x" + "00" * 32
    assert events == sorted(events, key=lambda e: (e.block, e.index))
    assert network.node.sender(admitted[0].transaction) == either_chain.admin.address
    assert {e.name for e in network.events("ConsortiumAccessManager", to_block=head)} >= {
        "RoleGranted",
        "RoleLabel",
        "TargetFunctionRoleUpdated",
    }


def test_events_are_chosen_by_topic_and_block(chain: Deployed) -> None:
    network = chain.network
    third = "0x" + (3).to_bytes(32, "big").hex()
    before = network.node.head().number
    chain.consortium.suspend(3).wait(30)
    after = network.node.head().number
    chosen = network.events("PartyRegistry", [third], to_block=after)
    assert {e.args["party"] for e in chosen} == {3}
    assert [e.name for e in chosen] == ["PartyAdmitted", "KeyAdded", "PartySuspended"]
    late = network.events("PartyRegistry", [third], from_block=before + 1, to_block=after)
    assert [e.name for e in late] == ["PartySuspended"]
    assert network.events("PartyRegistry", [third], to_block=before)[-1].name == "KeyAdded"


def test_an_event_of_another_contract_is_not_taken_for_ours(chain: Deployed) -> None:
    """The very same event from an address that is not in the manifest."""
    elsewhere = edited(chain.network.manifest, "PartyRegistry", address="0x" + "12" * 20)
    assert (
        Network(chain.network.node, elsewhere).events(
            "PartyRegistry", to_block=chain.network.node.head().number
        )
        == []
    )


def asked_of(asked: list[str], method: str) -> int:
    return sum(each == method for each in asked)


def test_what_stands_at_the_newest_block_is_asked_once(chain: Deployed) -> None:
    asked: list[str] = []

    def heard(method: str, _: object, result: object) -> object:
        asked.append(method)
        return result

    with lying(chain, heard) as network:
        old = network.head().number
        for _ in range(3):
            assert read_party(network, 1, block=old).party == 1
            events = network.events("PartyRegistry", to_block=old, once=True)
            assert events == chain.network.events("PartyRegistry", to_block=old)
        assert (asked_of(asked, "eth_call"), asked_of(asked, "eth_getLogs")) == (1, 1)
        assert read_party(network, 2, block=old).party == 2
        assert asked_of(asked, "eth_call") == 2

        chain.consortium.suspend(1).wait(30)
        assert not read_party(network, 1, block=old).suspended
        new = network.head().number
        assert read_party(network, 1, block=new).suspended
        assert not read_party(network, 1, block=old).suspended
        assert len(network.events("PartyRegistry", name="PartySuspended", to_block=new)) == 1
        # An older block is asked each time: it is no longer known that it is still there.
        assert asked_of(asked, "eth_call") == 4


def test_a_block_that_was_replaced_answers_for_itself(chain: Deployed) -> None:
    network = chain.network
    with chain.rolled_back():
        chain.consortium.suspend(1).wait(30)
        before = network.head()
        assert read_party(network, 1, block=before.number).suspended
    chain.consortium.suspend(2).wait(30)
    after = network.head()
    assert (after.number, after.hash != before.hash) == (before.number, True)
    assert not read_party(network, 1, block=after.number).suspended


def test_one_node_does_not_answer_for_another(chain: Deployed) -> None:
    """Both have the same newest block; one of them hides a suspension there."""
    chain.consortium.suspend(1).wait(30)

    def hides(method: str, _: object, result: Any) -> object:
        # The fourth word of a party says whether it is suspended.
        return result[:194] + "0" * 64 + result[258:] if method == "eth_call" else result

    with lying(chain, hides) as network:
        head = network.head().number
        assert not read_party(network, 1, block=head).suspended
        network.node = chain.network.node
        assert read_party(network, 1, block=head).suspended
        assert network.head().number == head
        assert read_party(network, 1, block=head).suspended


def test_a_list_that_a_late_replica_cut_is_asked_for_again(chain: Deployed) -> None:
    """It answers with the events that it has, and says nothing of those that it has not."""
    chain.controller("practice").publish(ENTRY).wait(30)
    cut = [True]

    def late(method: str, _: object, result: Any) -> object:
        if method == "eth_getLogs" and result and cut[0]:
            cut[0] = False
            return result[:-1]
        return result

    with lying(chain, late) as network:
        head = network.head().number
        assert [each.hash for each in read_published(network, 1, block=head)][-1] == ENTRY.hash
        assert not cut[0]


def test_what_one_thread_is_told_at_a_block_counts_at_no_other(chain: Deployed) -> None:
    """A block comes while a party is asked for: the answer of the old block is none of the new one."""
    network = Network(chain.network.node, chain.network.manifest)
    old = network.head().number

    def suspended() -> bool:
        chain.consortium.suspend(1).wait(30)
        assert network.head().number > old
        return False

    assert network._once(old, "is 1 suspended?", suspended) is False
    assert network._once(network.head().number, "is 1 suspended?", lambda: True) is True


def test_what_a_node_was_asked_before_another_took_its_place_is_not_remembered(chain: Deployed) -> None:
    network = Network(chain.network.node, chain.network.manifest)
    head, other = network.head().number, Node(chain.url)

    def turned() -> int:
        network.node = other
        return 1

    assert network._once(head, "how many?", turned) == 1
    network.node = chain.network.node
    assert network._once(head, "how many?", lambda: 2) == 2
