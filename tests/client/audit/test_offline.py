# SPDX-License-Identifier: Apache-2.0
"""Evidence of a proved chain is judged without a node as it is with one, and with nothing less than its whole proof."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sceau.audit import audit, audit_offline
from sceau.audit.errors import EvidenceForeign, EvidenceUnproved
from sceau.audit.evidence import Evidence
from sceau.audit.gather import EvidenceBuilder
from sceau.audit.step_document import StepDocument
from sceau.chain.errors import ProofInvalid, ProofOfAnotherChain, ProofsRequired
from sceau.chain.manifest import Manifest
from sceau.chain.network import Network
from sceau.cli.main import run
from sceau.messages.stored import StoredMessage
from sceau.party.directory import Directory
from sceau.proof.document import ChainProof
from sceau.proof.nodes import Nodes
from sceau.store import Kind
from sceau.terms import Group
from tests.support.life import Life
from tests.support.qbft import address_of, proved, validator_keys
from tests.support.stage import Played

KEYS = validator_keys(4)
PAGE = Path(__file__).resolve().parents[3] / "docs" / "proved.md"


def gathered(network: Network, life: Life) -> Evidence:
    """All that an auditor needs of a swapped lens: both sides opened, and what both parties signed."""
    directory = life.mailboxes["practice"].directory
    builder = EvidenceBuilder(
        network, life.claim, paths=["right.code"], groups=[Group.LENS_PRODUCT], directory=directory
    )
    for function in ("open", "order", "deliver"):
        builder.add_step(StepDocument.of_step(life.steps[function]))
    for party in (life.practice, life.supplier):
        for each in party.store.of_claim(Kind.MESSAGE, life.claim):
            builder.add_message(StoredMessage.from_json(each))
    return Evidence.from_json(json.dumps(builder.build().to_json()))


@contextmanager
def without_a_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refused(*_: Any, **__: Any) -> None:
        raise AssertionError("a connection was opened")

    with monkeypatch.context() as patched:
        patched.setattr(socket, "create_connection", refused)
        patched.setattr(socket.socket, "connect", refused)
        yield


@pytest.fixture(scope="module")
def made(played: Played) -> tuple[Evidence, Manifest, Any]:
    """Evidence, the manifest that proves it, and what a node's audit says of it."""
    with played.set() as stage, proved(stage.chain, KEYS) as (network, _):
        evidence = gathered(network, stage.swapped)
        return evidence, network.manifest, audit(network, evidence)


def test_no_node_is_asked_and_the_same_is_found(
    made: tuple[Evidence, Manifest, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence, manifest, online = made
    with without_a_network(monkeypatch):
        found = audit_offline(manifest, evidence)
    assert found.checks == online.checks
    assert found.rulings == online.rulings
    assert [each.code for each in online.rulings] == ["goods-differ"]
    assert found.history == online.history
    assert len(evidence.messages) >= 2
    assert all(check.holds for check in found.checks)
    assert found.block.proved
    assert found.seals is not None
    assert found.seals.validators == tuple(sorted(map(address_of, KEYS)))
    assert set(found.seals.sealers) == set(map(address_of, KEYS[:3]))
    assert found.to_json()["sealers"] == list(found.seals.sealers)
    assert (online.seals, "sealers" in online.to_json()) == (None, False)


def proof_of(evidence: Evidence) -> ChainProof:
    assert evidence.proof is not None
    return evidence.proof


def test_evidence_of_a_believed_chain_has_no_proof(played: Played) -> None:
    with played.set() as stage:
        evidence = gathered(stage.chain.network, stage.swapped)
        assert "proof" not in evidence.to_json()
        with pytest.raises(EvidenceUnproved):
            audit_offline(stage.chain.network.manifest, evidence)


def test_evidence_that_is_joined_needs_no_directory_of_the_joiner(played: Played) -> None:
    """Its messages are read by the entries that each party's own evidence brings."""
    with played.set() as stage, proved(stage.chain, KEYS) as (network, _):
        own, claim = gathered(network, stage.swapped), stage.swapped.claim

        def none() -> Directory:
            raise AssertionError("the directory was asked for")

        joining = EvidenceBuilder(network, claim, directory=none)
        joining.add_evidence(own)
        found = audit_offline(network.manifest, joining.build())
    assert [each.code for each in found.rulings] == ["goods-differ"]
    assert all(check.holds for check in found.checks)


def test_an_edited_proof_is_refused(made: tuple[Evidence, Manifest, Any]) -> None:
    evidence, manifest, _ = made
    proof = proof_of(evidence)
    first, *rest = proof.headers
    edited = bytearray(first)
    edited[100] ^= 1
    for other in (
        replace(proof, headers=(bytes(edited), *rest)),
        replace(proof, headers=(first,)),
        replace(proof, receipts=proof.receipts[:-1]),
        replace(proof, nodes=Nodes()),
        replace(proof, block=proof.block - 1),
    ):
        with pytest.raises(ProofInvalid):
            audit_offline(manifest, replace(evidence, proof=other))


def test_what_a_sender_published_must_be_in_the_proof(made: tuple[Evidence, Manifest, Any]) -> None:
    """Its messages do not hold without the receipts of its admission; nobody is at fault for that."""
    evidence, manifest, online = made
    proof = proof_of(evidence)
    steps = {step.block for step in online.history.steps}
    fewer = replace(proof, receipts=tuple(each for each in proof.receipts if each[0] in steps))
    assert len(fewer.receipts) < len(proof.receipts)
    found = audit_offline(manifest, replace(evidence, proof=fewer))
    failed = [check.sentence.key for check in found.checks if not check.holds]
    assert failed == ["checks.message-does-not-hold"] * len(evidence.messages)
    assert all(ruling.fault is None for ruling in found.rulings)


def test_the_proof_of_one_claim_says_nothing_of_another(
    made: tuple[Evidence, Manifest, Any], played: Played
) -> None:
    evidence, manifest, _ = made
    with played.set() as stage:
        other = stage.delivered.claim
    with pytest.raises(ProofInvalid):
        audit_offline(manifest, replace(evidence, claim=other))


def test_another_deployment_is_refused(made: tuple[Evidence, Manifest, Any]) -> None:
    evidence, manifest, _ = made
    with pytest.raises(ProofsRequired):
        audit_offline(replace(manifest, validators=None), evidence)
    with pytest.raises(ProofOfAnotherChain):
        audit_offline(replace(manifest, chain_id=1), replace(evidence, chain_id=1))
    with pytest.raises(EvidenceForeign):
        audit_offline(manifest, replace(evidence, contract="0x" + "11" * 20))


def test_validators_of_its_makers_own_are_not_believed(
    made: tuple[Evidence, Manifest, Any], played: Played
) -> None:
    """A practice runs a chain of its own, on which everything suits it, and seals it itself."""
    _, manifest, _ = made
    with played.set() as stage, proved(stage.chain, validator_keys(4, "stranger")) as (network, _):
        forged = gathered(network, stage.swapped)
    with pytest.raises(ProofInvalid):
        audit_offline(manifest, replace(forged, contract=manifest.contracts["ClaimRegistry"].address.lower()))


def test_the_command_and_the_documented_program_ask_no_node(
    made: tuple[Evidence, Manifest, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    evidence, manifest, _ = made
    (tmp_path / "evidence.json").write_text(json.dumps(evidence.to_json()))
    (tmp_path / "deployment.json").write_text(json.dumps(manifest.to_json()))
    monkeypatch.chdir(tmp_path)
    words = ["audit", "evidence.json", "--offline", "--manifest", "deployment.json"]
    with without_a_network(monkeypatch):
        assert run([*words, "--json", "--page", "page.html"]) == 3
        found = json.loads(capsys.readouterr().out)
        assert run(words) == 3
        shown = capsys.readouterr().out
        assert run([*words, "--page", "page.html"]) == 1
        capsys.readouterr()
    assert [each["code"] for each in found["rulings"]] == ["goods-differ"]
    assert (len(found["sealers"]), len(found["validators"])) == (3, 4)
    assert "3" in shown
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), flags=re.DOTALL)
    with without_a_network(monkeypatch):
        exec(program, {})  # noqa: S102 - the page's own
    assert capsys.readouterr().out == "False sealed by 3 of 4\n"
    page = (tmp_path / "page.html").read_text()
    for text in (*found["validators"], found["claim"], found["head"], found["block"]["hash"]):
        assert text in page
    assert "<script" not in page
    assert "ECO50" not in page
