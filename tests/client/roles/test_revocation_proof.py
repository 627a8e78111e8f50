# SPDX-License-Identifier: Apache-2.0
"""What a patient keeps of a revocation shows it later: the file without a node, the code at any node."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sceau import Network
from sceau.chain.errors import ProofInvalid, ProofOfAnotherChain, ProofsRequired
from sceau.chain.manifest import Manifest
from sceau.chain.proof_taking import Read, take_proof
from sceau.chain.registries.errors import NoConsentKnown, NotRevoked
from sceau.cli.main import run
from sceau.consent.card import Card, UnlockedCard
from sceau.consent.errors import RevocationCodeUnreadable, RevocationNotShown, SignedForeign
from sceau.consent.revocation_proof import RevocationCode, RevocationProof
from sceau.documents.errors import FileMalformed
from sceau.proof.nodes import Nodes
from sceau.roles.patient import Patient
from sceau.roles.revoked import Revoked
from tests.support.qbft import proved, validator_keys
from tests.support.stage import Stage

KEYS = validator_keys(4)


def card_of(stage: Stage) -> UnlockedCard:
    request = stage.round.request
    return UnlockedCard(request.registry, request.commitment, stage.round.key)


def revoked(network: Network, stage: Stage) -> tuple[Patient, Revoked]:
    patient = Patient(network, card_of(stage), sender=stage.chain.signers["stranger"])
    return patient, patient.revoke().wait(30)


def kept(network: Network, stage: Stage) -> RevocationProof:
    """The file, as it comes back."""
    patient, found = revoked(network, stage)
    proof = patient.proof_of(found)
    assert proof is not None
    return RevocationProof.from_json(json.dumps(proof.to_json()))


@pytest.fixture
def network(stage: Stage) -> Iterator[Network]:
    with proved(stage.chain, KEYS) as (network, _):
        yield network


def test_the_file_shows_it_without_a_node(network: Network, stage: Stage) -> None:
    proof = kept(network, stage)
    state = proof.check(network.manifest)
    assert state.revoked
    assert state.block.proved
    assert state.consent == stage.round.signed.consent
    assert (state.block.number, state.block.hash) == (proof.code.block, proof.code.hash)
    text = json.dumps(proof.to_json())
    assert stage.round.key.address.lower() not in text.lower()


def test_one_taken_without_a_manifest_is_checked_by_whoever_has_it(network: Network, stage: Stage) -> None:
    """A patient has a card and the address of a node."""
    manifest = network.manifest
    plain = Network(network.node.anew(), replace(manifest, validators=None))
    proof = kept(plain, stage)
    assert proof.check(manifest).revoked
    with pytest.raises(ProofsRequired):
        proof.check(plain.manifest)


def test_a_chain_that_proves_nothing_gives_no_file(stage: Stage) -> None:
    patient, found = revoked(stage.chain.network, stage)
    assert patient.proof_of(found) is None
    assert found.code.check(stage.chain.network).revoked


def test_a_chain_of_ones_own_gives_a_file_that_no_other_believes(stage: Stage) -> None:
    with proved(stage.chain, validator_keys(4, "stranger")) as (forged, _):
        plain = Network(forged.node.anew(), replace(forged.manifest, validators=None))
        proof = kept(plain, stage)
    with proved(stage.chain, KEYS) as (network, _), pytest.raises(ProofInvalid):
        proof.check(network.manifest)


def test_a_file_of_before_the_revocation_shows_none(network: Network, stage: Stage) -> None:
    """The node shows an old block, or the holder edits the file."""
    before = network.head()
    proof = kept(network, stage)
    read: Read = ("ConsentRegistry", "consentOf", (bytes.fromhex(stage.round.signed.consent[2:]),))
    old = take_proof(network, [read], block=before.number)
    assert old is not None
    code = RevocationCode(proof.code.consent, before.number, before.hash, before.timestamp)
    with pytest.raises(NotRevoked):
        replace(proof, code=code, proof=old).check(network.manifest)
    with pytest.raises(NotRevoked):
        replace(proof, proof=old).check(network.manifest)


def test_an_edited_file_shows_nothing(network: Network, stage: Stage) -> None:
    proof = kept(network, stage)
    manifest, code = network.manifest, proof.code
    for other in (
        replace(code, hash="0x" + "11" * 32),
        replace(code, block=code.block - 1),
        replace(code, time=code.time - 1),
    ):
        with pytest.raises(RevocationNotShown):
            replace(proof, code=other).check(manifest)
    with pytest.raises((ProofInvalid, NoConsentKnown)):
        replace(proof, code=replace(code, consent="0x" + "11" * 32)).check(manifest)
    nodes = list(proof.proof.nodes)
    for each in nodes:
        fewer = replace(proof.proof, nodes=Nodes(set(nodes) - {each}))
        with pytest.raises(ProofInvalid):
            replace(proof, proof=fewer).check(manifest)
    with pytest.raises(ProofInvalid):
        replace(proof, proof=replace(proof.proof, block=code.block - 1)).check(manifest)
    with pytest.raises(ProofOfAnotherChain):
        replace(proof, proof=replace(proof.proof, chain_id=1)).check(manifest)
    for registry in (
        replace(proof.registry, chain_id=1),
        replace(proof.registry, contract="0x" + "11" * 20),
        replace(proof.registry, genesis_hash="0x" + "11" * 32),
    ):
        with pytest.raises(SignedForeign):
            replace(proof, registry=registry).check(manifest)
    for key, value in (("format", "sceau-revocation-proof/2"), ("time", -1), ("hash", "0x12"), ("more", 1)):
        with pytest.raises(FileMalformed):
            RevocationProof.from_json(json.dumps({**proof.to_json(), key: value}))


def test_the_code_is_checked_at_any_node(network: Network, stage: Stage) -> None:
    before = network.head()
    # Two blocks of one second tell of one time.
    stage.chain.sleep(2)
    _, found = revoked(network, stage)
    code = RevocationCode.from_text(found.code.to_text())
    assert code == found.code
    state = code.check(network)
    assert state.revoked
    assert state.block.proved
    assert not code.check(Network(network.node.anew(), _believed(network))).block.proved
    wrong = [
        replace(code, hash="0x" + "11" * 32),
        replace(code, time=code.time + 1),
        replace(code, block=code.block + 1000),
        # Another block of the chain, older than the revocation.
        RevocationCode(code.consent, before.number, before.hash, before.timestamp),
    ]
    for each in wrong:
        with pytest.raises(RevocationNotShown):
            each.check(network)
    with pytest.raises(NoConsentKnown):
        replace(code, consent="0x" + "11" * 32).check(network)


def _believed(network: Network) -> Manifest:
    return replace(network.manifest, validators=None)


def test_a_node_that_swallows_the_revocation_does_not_pass_the_code(stage: Stage) -> None:
    """It tells the patient of a revocation that it did not send: the printed code names what is not there."""
    with proved(stage.chain, KEYS) as (network, _):
        head = network.head()
        code = RevocationCode(stage.round.signed.consent, head.number, head.hash, head.timestamp)
        with pytest.raises(NotRevoked):
            code.check(network)


codes = st.builds(
    RevocationCode,
    st.binary(min_size=32, max_size=32).map(lambda data: "0x" + data.hex()),
    st.integers(0, 2**40 - 1),
    st.binary(min_size=32, max_size=32).map(lambda data: "0x" + data.hex()),
    st.integers(0, 2**40 - 1),
)


@given(code=codes, place=st.integers(0, 10**6), letter=st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_a_code_is_read_as_it_was_written_or_not_at_all(
    code: RevocationCode, place: int, letter: str
) -> None:
    text = code.to_text()
    assert len(text) == len("SCEAUR1:") + 125
    assert RevocationCode.from_text(text.lower()) == code
    wrapped = "\r\n".join(text[each : each + 30] for each in range(0, len(text), 30))
    assert RevocationCode.from_text(f" {wrapped}\n") == code
    place = place % 125 + len("SCEAUR1:")
    changed = text[:place] + letter + text[place + 1 :]
    for each in ({changed} - {text}) | {text[:-1], text + "A", text[8:], "SCEAU1:" + text[8:], ""}:
        # The last character has bits that say nothing.
        if each[:-1] != text[:-1] or each == "":
            with pytest.raises(RevocationCodeUnreadable):
                RevocationCode.from_text(each)


def test_the_commands_keep_and_check_it(
    network: Network,
    stage: Stage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    card = card_of(stage)
    Card.lock(card.registry, card.commitment, card.key, "480153").save(tmp_path / "card.json")
    (tmp_path / "pin").write_text("480153")
    (tmp_path / "deployment.json").write_text(json.dumps(network.manifest.to_json()))
    monkeypatch.chdir(tmp_path)

    def done(*words: str) -> Any:
        assert run([*words, "--manifest", "deployment.json", "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    _, before = revoked(network, stage)
    url = network.node._url
    found = done(
        *("consent", "revoke", "card.json", "--pin-file", "pin", "--yes"),
        *("--node", url, "--proof", "proof.json"),
    )
    assert found["proof"] == "proof.json"
    assert RevocationCode.from_text(found["revocation_code"]).consent == before.proof.consent
    checked = done("consent", "revoked", "proof.json", "--node", "http://127.0.0.1:9")
    assert (checked["consent"], checked["status"]) == (before.proof.consent, "revoked")
    assert checked["block"]["proved"]
    assert done("consent", "revoked", found["revocation_code"], "--node", url)["status"] == "revoked"
    (tmp_path / "code.txt").write_text(found["revocation_code"])
    assert done("consent", "revoked", "code.txt", "--node", url)["status"] == "revoked"
    (tmp_path / "other.txt").write_text("what?")
    assert run(["consent", "revoked", "other.txt", "--manifest", "deployment.json"]) == 1
    assert run(["consent", "revoked", "absent.txt", "--manifest", "deployment.json"]) == 1
