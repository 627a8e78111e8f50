# SPDX-License-Identifier: Apache-2.0
"""Nodes are held against each other: two proved blocks of one height show that validators broke the rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sceau import Network, Outcome
from sceau.chain.conflicts import Heights, check_conflict, compare_nodes
from sceau.chain.errors import (
    AnswerUnproved,
    BlocksConflict,
    ProofInvalid,
    ProofOfAnotherChain,
    ProofsRequired,
)
from sceau.chain.manifest import Manifest
from sceau.chain.node import Node
from sceau.chain.registries.consents import Status, read_state
from sceau.consent.card import UnlockedCard
from sceau.diagnosis import CONFLICT, Level, diagnose, diagnose_conflict, gravest
from sceau.documents.errors import FileMalformed
from sceau.proof.conflict import Conflict, conflict
from sceau.proof.errors import Unproved, ValidatorsOutdated
from sceau.proof.header import read_header
from sceau.proof.trust import Listed
from sceau.roles.patient import Patient
from sceau.settings import Settings, connect
from sceau.verify import verify_disclosure
from tests.client.cli.conftest import Desk
from tests.support.deployed import Deployed
from tests.support.qbft import FORK, Seals, SealsOf, address_of, listing, qbft_at, validator_keys
from tests.support.stage import Stage

KEYS = validator_keys(4)
ADDRESSES = [address_of(each) for each in KEYS]
STRANGERS = validator_keys(4, "stranger")


def one(_: int) -> Seals:
    """The chain as it is."""
    return Seals(KEYS, sealers=KEYS[:3])


def another(_: int) -> Seals:
    """Other blocks of the same heights, which three of the four sealed too."""
    return Seals(KEYS, sealers=KEYS[1:], proposer=KEYS[3])


@contextmanager
def nodes(
    chain: Deployed, first: SealsOf = one, second: SealsOf = another, *, required: bool = False
) -> Iterator[tuple[Manifest, Callable[[], list[Network]]]]:
    """The manifest, and new connections to two nodes."""
    with (
        qbft_at(chain.url, first) as (one_url, sealed),
        qbft_at(chain.url, second) as (other_url, _),
    ):
        manifest = listing(chain.network.manifest, sealed, KEYS)

        def made() -> list[Network]:
            return [Network(Node(url), manifest, proofs_required=required) for url in (one_url, other_url)]

        yield manifest, made


@pytest.fixture(scope="module")
def found(deployed: Deployed) -> tuple[Manifest, Conflict]:
    """Two blocks that contradict each other, with the manifest."""
    with deployed.rolled_back(), nodes(deployed) as (manifest, made):
        ((error, kept),) = compare_nodes(made())
        assert error.details["sealers"] == ", ".join(sorted(ADDRESSES[1:3]))
        return manifest, kept


def test_nodes_that_agree_contradict_nothing(chain: Deployed) -> None:
    with nodes(chain, second=one) as (_, made):
        assert not list(compare_nodes(made()))
    # Another round, other seals of the same block: the block is one.
    with nodes(chain, second=lambda _: Seals(KEYS, sealers=KEYS[1:], round=2)) as (_, made):
        assert not list(compare_nodes(made()))


def test_a_node_that_proves_nothing_contradicts_nothing(chain: Deployed) -> None:
    with nodes(chain, second=lambda _: Seals(STRANGERS)) as (_, made):
        assert not list(compare_nodes(made()))


def test_a_conflict_below_the_newest_block_is_found_at_the_lower_head(chain: Deployed) -> None:
    last = chain.network.head().number

    def behind(method: str, params: Any, result: Any) -> Any:
        asked = method == "eth_getBlockByNumber" and params[0] == "latest"
        return sealed[0].block(last - 2) if asked else result

    sealed: list[Any] = []
    with (
        qbft_at(chain.url, one) as (url, true),
        qbft_at(chain.url, another, behind) as (other, false),
    ):
        sealed.append(false)
        manifest = listing(chain.network.manifest, true, KEYS)
        ((error, _),) = compare_nodes([Network(Node(each), manifest) for each in (url, other)])
    assert error.details["number"] == last - 2


def test_what_is_kept_is_checked_again_without_a_node(found: tuple[Manifest, Conflict]) -> None:
    manifest, kept = found
    read = Conflict.from_json(json.dumps(kept.to_json()))
    assert read == kept
    first, second = check_conflict(read, manifest)
    assert conflict(first, second) == set(ADDRESSES[1:3])
    assert [len(each) for each in (kept.first, kept.second)] == [1, 1]


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: replace(kept, second=kept.first),
        lambda kept: replace(kept, second=(kept.second[0][:-1],)),
        lambda kept: replace(kept, first=(b"",)),
        lambda kept: replace(kept, first=(kept.first[0].replace(b"\x63\x74\x69\x63", b"\x63\x74\x69\x64"),)),
    ],
    ids=["one block twice", "a header cut short", "no header", "a header changed after it was sealed"],
)
def test_what_contradicts_nothing_or_is_not_proved_is_refused(
    found: tuple[Manifest, Conflict], change: Callable[[Conflict], Conflict]
) -> None:
    manifest, kept = found
    with pytest.raises(ProofInvalid):
        check_conflict(change(kept), manifest)


def test_it_counts_for_the_manifest_of_its_chain_alone(found: tuple[Manifest, Conflict]) -> None:
    manifest, kept = found
    for other in (replace(kept, chain_id=1), replace(kept, genesis_hash="0x" + "1" * 64)):
        with pytest.raises(ProofOfAnotherChain):
            check_conflict(other, manifest)
    with pytest.raises(ProofsRequired):
        check_conflict(kept, replace(manifest, validators=None))
    assert manifest.validators is not None
    (first,) = manifest.validators.sets
    strangers = Listed(first.block, first.time, frozenset(map(address_of, STRANGERS)))
    with pytest.raises(ProofInvalid):
        check_conflict(kept, replace(manifest, validators=replace(manifest.validators, sets=(strangers,))))
    with pytest.raises(ValidatorsOutdated):
        check_conflict(kept, manifest, clock=lambda: first.time + 91 * 86_400)


@pytest.mark.parametrize(
    "change",
    [{"first": []}, {"second": ["0x0"]}, {"second": "0x00"}, {"format": "sceau-conflict/2"}, {"more": 1}],
)
def test_a_file_of_another_shape_is_malformed(
    found: tuple[Manifest, Conflict], change: dict[str, Any]
) -> None:
    with pytest.raises(FileMalformed):
        Conflict.from_json(json.dumps({**found[1].to_json(), **change}))


def test_two_heights_are_no_conflict(chain: Deployed) -> None:
    with qbft_at(chain.url, one) as (url, sealed):
        node = Node(url)
        node_network = Network(node, listing(chain.network.manifest, sealed, KEYS))
        number = node_network.head().number
        prover = node.prover
        assert prover is not None
        low, high = prover.header(node, number - 1), prover.header(node, number)
    for pair in ((low, high), (high, high)):
        with pytest.raises(Unproved):
            conflict(*pair)


def test_who_is_not_in_a_blocks_list_did_not_seal_it_as_a_validator(chain: Deployed) -> None:
    more = [*KEYS, STRANGERS[0]]
    with nodes(
        chain, lambda _: Seals(KEYS, sealers=KEYS[:3]), lambda _: Seals(KEYS, sealers=KEYS, proposer=KEYS[3])
    ) as (_, made):
        first, second = (read_header(_raw(each), FORK) for each in made())
    assert conflict(first, second) == set(ADDRESSES[:3])
    outsider = replace(first, sealers=frozenset(map(address_of, more)))
    assert conflict(outsider, replace(second, sealers=outsider.sealers)) == set(ADDRESSES)


def _raw(network: Network) -> bytes:
    prover = network.node.prover
    assert prover is not None
    return prover.header(network.node, network.head().number).raw


def test_the_way_to_a_block_under_changed_validators_is_kept_with_it(chain: Deployed) -> None:
    first, last = chain.network.manifest.block, chain.network.head().number
    out = (first + last) // 2

    def changed(proposer: int) -> SealsOf:
        def seals(number: int) -> Seals:
            if out - 3 <= number < out:
                return Seals(KEYS, proposer=KEYS[number - out + 3], vote=(ADDRESSES[3], False))
            if number < out:
                return Seals(KEYS)
            # Two of the first set, and so no quorum of it, sealed what came after the change.
            return Seals(KEYS[:3], sealers=KEYS[:2], proposer=KEYS[proposer])

        return seals

    with nodes(chain, changed(0), changed(1)) as (manifest, made):
        ((_, kept),) = compare_nodes(made())
    assert len(kept.first) > 1
    assert len(kept.second) > 1
    assert conflict(*check_conflict(kept, manifest)) == set(ADDRESSES[:2])
    with pytest.raises(ProofInvalid):
        check_conflict(replace(kept, first=kept.first[-1:]), manifest)


def test_whoever_reads_from_both_is_told_and_believes_none_any_more(stage: Stage) -> None:
    disclosure = stage.round.disclose()
    with nodes(stage.chain) as (_, made):
        network = Network.joined(made())
        for attempt in (
            lambda: verify_disclosure(network, disclosure, reader=stage.chain.party("payer")),
            network.head,
            network.others[0].head,
            lambda: network.read("PartyRegistry", "partyCount", block=stage.chain.network.head().number),
        ):
            with pytest.raises(BlocksConflict) as told:
                attempt()
        assert set(ADDRESSES[1:3]) == set(told.value.details["sealers"].split(", "))
    with nodes(stage.chain, second=one) as (_, made):
        joined = Network.joined(made())
        verdict = verify_disclosure(joined, disclosure, reader=stage.chain.party("payer"))
        assert verdict.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("required", [False, True])
def test_a_revocation_goes_out_to_both(stage: Stage, required: bool) -> None:
    request = stage.round.request
    card = UnlockedCard(request.registry, request.commitment, stage.round.key)
    with nodes(stage.chain, required=required) as (_, made):
        patient = Patient(Network.joined(made()), card, sender=stage.chain.signers["stranger"])
        with pytest.raises(BlocksConflict):
            patient.state()
        if required:
            with pytest.raises(BlocksConflict):
                patient.revoke()
        else:
            assert not patient.revoke().wait(30).proof.block.proved
    revoked = read_state(stage.chain.network, card.consent).status is Status.REVOKED
    assert revoked is not required


def test_a_conflict_is_not_forgotten_while_blocks_go_by(chain: Deployed) -> None:
    heights = Heights()
    with nodes(chain) as (_, made):
        first, second = (read_header(_raw(each), FORK) for each in made())
    for number in range(2000):
        heights.add(replace(first, number=number), "one")
    with pytest.raises(BlocksConflict):
        heights.add(replace(second, number=976), "other")
    with pytest.raises(BlocksConflict):
        heights.add(replace(first, number=5000), "one")
    with pytest.raises(BlocksConflict):
        heights.require_one()


def test_a_diagnosis_shows_it_and_what_is_kept_shows_it_again(chain: Deployed, tmp_path: Path) -> None:
    with nodes(chain) as (manifest, made):
        path = tmp_path / "manifest.json"
        path.write_text(json.dumps(manifest.to_json()))
        urls = tuple(each.node.url for each in made())
        settings = Settings(nodes=urls, manifest=path)
        checks = list(diagnose(settings))
        with pytest.raises(BlocksConflict):
            connect(settings).head()
    (check,) = (each for each in checks if each.name == CONFLICT)
    assert check.level is Level.FAULT
    assert gravest(checks) is check.error
    assert all(address in check.words.fr for address in ADDRESSES[1:3])
    again = diagnose_conflict(settings, Conflict.from_json(json.dumps(check.data[CONFLICT])))
    assert again.level is Level.OK
    assert again.data["sealers"] == sorted(ADDRESSES[1:3])
    assert again.data["one_round"] is True
    assert all(address in again.words.fr for address in ADDRESSES[1:3])


def test_a_diagnosis_of_nodes_that_agree_says_so(chain: Deployed, tmp_path: Path) -> None:
    with nodes(chain, second=one) as (manifest, made):
        path = tmp_path / "manifest.json"
        path.write_text(json.dumps(manifest.to_json()))
        checks = {
            each.name: each
            for each in diagnose(Settings(nodes=tuple(one.node.url for one in made()), manifest=path))
        }
    assert checks["blocks"].level is Level.OK
    assert CONFLICT not in checks


def test_the_command_keeps_the_two_blocks_and_checks_what_was_kept(chain: Deployed, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with nodes(chain, second=lambda _: replace(another(0), round=1)) as (manifest, made):
        desk.write("manifest.json", manifest.to_json())
        urls = [word for each in made() for word in ("--node", each.node.url)]
        told = desk.run("doctor", "--manifest", "manifest.json", *urls)
        assert told.code == 5
    (kept,) = tmp_path.glob("sceau-conflict-*.json")
    assert kept.name in told.err
    assert ADDRESSES[1] in told.out
    before = kept.read_bytes()
    with_file = ("doctor", "--manifest", "manifest.json", "--conflict", kept.name)
    shown = desk.run(*with_file, "--json")
    assert shown.code == 0
    (check,) = shown.data["checks"]
    assert (check["sealers"], check["one_round"]) == (sorted(ADDRESSES[1:3]), False)
    assert "different rounds" in check["en"]
    assert kept.read_bytes() == before
    desk.write(kept.name, {**json.loads(before), "second": json.loads(before)["first"]})
    assert kept.name in desk.run(*with_file).refused()


def test_a_conflict_of_one_node_with_itself_is_found_too(chain: Deployed) -> None:
    """A node that showed one block, and shows another one of that height later."""
    turn = [one]
    with qbft_at(chain.url, lambda number: turn[0](number)) as (url, sealed):
        network = Network(Node(url), listing(chain.network.manifest, sealed, KEYS))
        network.head()
        with qbft_at(chain.url, another) as (_, changed):
            number = network.head().number
            prover = network.node.prover
            assert prover is not None
            with pytest.raises(BlocksConflict):
                prover.block(network.node, changed.block(number))
        with pytest.raises(BlocksConflict):
            network.head()
    assert not issubclass(BlocksConflict, AnswerUnproved)
