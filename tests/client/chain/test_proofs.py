# SPDX-License-Identifier: Apache-2.0
"""A proof that was taken from a node is read without one, and believed in nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sceau import Network
from sceau.chain.errors import ProofInvalid, ProofOfAnotherChain, ProofsRequired
from sceau.chain.proof_reading import reading
from sceau.chain.proof_taking import Read, take_proof
from sceau.chain.registries.consents import read_state
from sceau.claim.history import History, read_history
from sceau.documents.errors import FileMalformed
from sceau.documents.identifiers import bytes_of
from sceau.proof.document import ChainProof
from sceau.proof.errors import ValidatorsOutdated
from sceau.proof.header import read_header
from sceau.proof.nodes import Nodes
from tests.support.qbft import FORK, Seals, address_of, proved, validator_keys
from tests.support.stage import Played, Stage

KEYS = validator_keys(4)


def of_claim(claim: str) -> Read:
    return "ClaimRegistry", "claimOf", (bytes_of(claim),)


def of_consent(consent: str) -> Read:
    return "ConsentRegistry", "consentOf", (bytes_of(consent),)


def taken(network: Network, claim: str, *reads: Read) -> ChainProof:
    """The proof of a claim's history, and of what else is read."""
    block = network.head().number
    events = network.events("ClaimRegistry", [claim], to_block=block)
    written = [(event.block, event.transaction) for event in events]
    proof = take_proof(network, [of_claim(claim), *reads], block=block, written=written)
    assert proof is not None
    # As a file.
    return ChainProof.from_json(json.dumps(proof.to_json()))


def test_a_claim_and_a_consent_are_read_from_a_proof_as_from_the_node(stage: Stage) -> None:
    consent = stage.round.signed.consent
    with proved(stage.chain, KEYS) as (network, _):
        proof = taken(network, stage.round.claim, of_consent(consent))
        manifest = network.manifest
        true = read_history(network, stage.round.claim, block=proof.block)
        state = read_state(network, consent, network.node.block(proof.block))
    with reading(proof, manifest) as offline:
        assert offline.node.head().proved
        assert read_history(offline, stage.round.claim, block=proof.block) == true
        assert read_state(offline, consent, offline.node.head()) == state


@pytest.fixture(scope="module")
def swapped(played: Played) -> tuple[ChainProof, Network, History]:
    """The proof of a claim with many steps, the deployment whose manifest proves it, and the true history."""
    with played.set() as stage, proved(stage.chain, KEYS) as (network, _):
        stage.swapped.invoice()
        proof = taken(network, stage.swapped.claim)
        return proof, network, read_history(network, stage.swapped.claim, block=proof.block)


def why(proof: ChainProof, network: Network, claim: str) -> str:
    """Why a proof shows no history of a claim."""
    with pytest.raises(ProofInvalid) as caught, reading(proof, network.manifest) as offline:
        read_history(offline, claim, block=offline.node.head().number)
    return str(caught.value.details["why"].code)


def test_a_whole_life_is_read_with_its_blocks_and_transactions(
    swapped: tuple[ChainProof, Network, History],
) -> None:
    proof, network, true = swapped
    assert len(proof.receipts) == len(true.steps) > 4
    with reading(proof, network.manifest) as offline:
        assert read_history(offline, true.state.claim, block=proof.block) == true


def test_without_any_part_nothing_is_shown(swapped: tuple[ChainProof, Network, History]) -> None:
    proof, network, true = swapped
    claim, nodes = true.state.claim, list(proof.nodes)
    for each in nodes:
        fewer = replace(proof, nodes=Nodes(set(nodes) - {each}))
        assert why(fewer, network, claim) in ("no-branch", "not-there")
    for header in proof.headers:
        fewer = replace(proof, headers=tuple(each for each in proof.headers if each != header))
        assert why(fewer, network, claim) == "not-there"


def test_a_receipt_that_is_left_out_is_missed(swapped: tuple[ChainProof, Network, History]) -> None:
    proof, network, true = swapped
    for each in proof.receipts:
        fewer = replace(proof, receipts=tuple(other for other in proof.receipts if other != each))
        assert why(fewer, network, true.state.claim) == "not-there"


def test_a_receipt_that_is_nowhere_is_not_shown(swapped: tuple[ChainProof, Network, History]) -> None:
    proof, network, true = swapped
    claim, (first, *_) = true.state.claim, proof.receipts
    for number, place in ((first[0], first[1] + 1), (first[0], 10**9), (first[0] - 1, 0)):
        more = replace(proof, receipts=(*proof.receipts, (number, place)))
        assert why(more, network, claim) in ("no-branch", "no-receipt", "not-there")


def test_no_byte_of_a_header_can_be_changed(swapped: tuple[ChainProof, Network, History]) -> None:
    proof, network, true = swapped
    *others, last = proof.headers
    for place in range(len(last)):
        edited = bytearray(last)
        edited[place] ^= 1
        changed = replace(proof, headers=(*others, bytes(edited)))
        with pytest.raises(ProofInvalid), reading(changed, network.manifest) as offline:
            read_history(offline, true.state.claim, block=offline.node.head().number)


def test_an_older_state_does_not_pass_for_the_newest(stage: Stage) -> None:
    claim = stage.round.claim
    with proved(stage.chain, KEYS) as (network, _):
        older = taken(network, claim)
        stage.chain.test_node.request("evm_mine")
        newer = taken(network, claim)
    assert newer.block > older.block
    assert why(replace(older, block=newer.block), network, claim) == "not-there"
    both = replace(newer, headers=(*older.headers, *newer.headers), nodes=Nodes([*older.nodes, *newer.nodes]))
    with reading(both, network.manifest) as offline:
        assert offline.node.head().number == newer.block
        assert read_history(offline, claim, block=newer.block).state.claim == claim


def test_it_is_read_by_the_manifest_alone(swapped: tuple[ChainProof, Network, History]) -> None:
    proof, network, true = swapped
    manifest, claim = network.manifest, true.state.claim
    assert manifest.validators is not None
    (first,) = manifest.validators.sets
    strangers = replace(first, validators=frozenset(map(address_of, validator_keys(4, "stranger"))))
    other = replace(manifest, validators=replace(manifest.validators, sets=(strangers,)))
    with pytest.raises(ProofInvalid) as caught, reading(proof, other) as offline:
        read_history(offline, claim, block=proof.block)
    assert caught.value.details["why"].code in ("other-validators", "not-voted", "not-there")
    with pytest.raises(ProofsRequired), reading(proof, replace(manifest, validators=None)):
        pass
    for changed in (replace(proof, chain_id=1), replace(proof, genesis_hash="0x" + "11" * 32)):
        with pytest.raises(ProofOfAnotherChain), reading(changed, manifest):
            pass
    old = replace(first, time=first.time - 91 * 86_400)
    outdated = replace(manifest, validators=replace(manifest.validators, sets=(old,)))
    with pytest.raises(ValidatorsOutdated), reading(proof, outdated) as offline:
        read_history(offline, claim, block=proof.block)


def test_what_is_not_in_it_is_not_known(swapped: tuple[ChainProof, Network, History]) -> None:
    proof, network, true = swapped
    for read in (
        lambda found: read_state(found, "0x" + "11" * 32, found.node.head()),
        lambda found: found.read("PartyRegistry", "partyOf", 1, block=proof.block),
        lambda found: found.read("ConsortiumAccessManager", "minSetback", block=proof.block),
        lambda found: found.node.block(1),
        lambda found: found.node.chain_id(),
        lambda found: read_history(found, true.state.claim, block=proof.block - 1),
    ):
        with pytest.raises(ProofInvalid), reading(proof, network.manifest) as offline:
            read(offline)


def test_headers_between_are_in_it_where_the_validators_changed(stage: Stage) -> None:
    """Two validators join, each by the votes of three; of those that seal the newest block two were listed."""
    joins = validator_keys(2, "joins")
    start = stage.chain.network.head().number + 1

    def seals(number: int) -> Seals:
        turn = min(max(number - start, -1) // 3, 2)
        listed = [*reversed(joins[: max(turn, 0)]), *KEYS]
        vote = (address_of(joins[turn]), True) if turn in (0, 1) else None
        return Seals(listed, proposer=KEYS[number % 3], vote=vote)

    with proved(stage.chain, KEYS, seals=seals) as (network, _):
        for _each in range(10):
            stage.chain.test_node.request("evm_mine")
        proof = taken(network, stage.round.claim)
    numbers = [read_header(each, FORK).number for each in proof.headers]
    assert numbers == sorted(numbers)
    assert len(numbers) > 2 + len(proof.receipts)
    with reading(proof, network.manifest) as offline:
        assert read_history(offline, stage.round.claim, block=proof.block).state.claim == stage.round.claim
    fewer = replace(proof, headers=(proof.headers[0], proof.headers[-1]))
    assert why(fewer, network, stage.round.claim) == "not-there"


@pytest.mark.parametrize(
    "edit",
    [
        {"format": "sceau-proof/2"},
        {"more": 1},
        {"headers": []},
        {"headers": ["c0"]},
        {"nodes": ["0x1"]},
        {"nodes": [1]},
        {"receipts": [{"block": -1, "place": 0}]},
        {"block": "1"},
        {"chain_id": True},
    ],
)
def test_another_shape_is_refused(edit: dict[str, Any], swapped: tuple[ChainProof, Network, History]) -> None:
    with pytest.raises(FileMalformed):
        ChainProof.from_json(json.dumps({**swapped[0].to_json(), **edit}))


def test_a_believed_chain_gives_no_proof(stage: Stage) -> None:
    network = stage.chain.network
    assert take_proof(network, [of_claim(stage.round.claim)], block=network.head().number) is None
