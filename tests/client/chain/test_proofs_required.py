# SPDX-License-Identifier: Apache-2.0
"""Who requires proofs believes no node: a manifest by which it would is refused before anything is asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sceau import Network, Outcome, Payer
from sceau.chain.errors import NodeUnreachable, ProofsRequired
from sceau.chain.manifest import Manifest
from sceau.chain.node import Node
from sceau.chain.registries.consents import Status, read_state
from sceau.consent.card import UnlockedCard
from sceau.diagnosis import Level, diagnose
from sceau.proof.errors import ValidatorsOutdated
from sceau.proof.trust import Listed
from sceau.roles.patient import Patient
from sceau.settings import (
    ProofsWrong,
    Settings,
    connect,
    connect_for_card,
    connect_when_possible,
    load_settings,
)
from sceau.verify import verify_disclosure
from tests.support.deployed import Deployed
from tests.support.qbft import Seals, listing, proved, qbft_at, validator_keys
from tests.support.stage import Stage

KEYS = validator_keys(4)
#: No node: who asks it anything is told that it does not answer.
NOWHERE = "http://127.0.0.1:1"


def card_of(stage: Stage) -> UnlockedCard:
    request = stage.round.request
    return UnlockedCard(request.registry, request.commitment, stage.round.key)


@pytest.mark.parametrize("given", ["file", "variable", "flag"])
def test_they_are_required_in_a_file_a_variable_or_a_flag(tmp_path: Path, given: str) -> None:
    def loaded(word: str) -> Settings:
        (tmp_path / "sceau.toml").write_text(f'proofs = "{word}"' if given == "file" else "")
        environment = {"SCEAU_PROOFS": word} if given == "variable" else {}
        flags: Mapping[str, Any] = {"proofs": word} if given == "flag" else {}
        return load_settings(flags, environment=environment, directories=[tmp_path])

    assert loaded("required").proofs == "required"
    for word in ("optional", "REQUIRED", "no"):
        with pytest.raises(ProofsWrong):
            loaded(word)


def test_no_weaker_word_stands_before_the_one_that_requires_them(tmp_path: Path) -> None:
    (tmp_path / "sceau.toml").write_text('proofs = "required"')
    assert load_settings({"proofs": ""}, environment={"SCEAU_PROOFS": ""}, directories=[tmp_path]).proofs


@pytest.mark.parametrize("connected", [connect, connect_when_possible])
def test_a_manifest_without_validators_is_refused_before_a_node_is_asked(
    deployed: Deployed, tmp_path: Path, connected: Callable[[Settings], Network]
) -> None:
    settings = Settings(nodes=(NOWHERE,), manifest=deployed.write_manifest(tmp_path), proofs="required")
    with pytest.raises(ProofsRequired):
        connected(settings)
    # It is the manifest that is refused: without the setting the node is asked.
    with pytest.raises(NodeUnreachable):
        connected(replace(settings, proofs=None)).head()


def test_no_role_is_opened_on_it_and_nothing_is_written(deployed: Deployed, tmp_path: Path) -> None:
    manifest, store = deployed.write_manifest(tmp_path), tmp_path / "store"
    store.mkdir()
    config = tmp_path / "sceau.toml"
    config.write_text(
        f'nodes = ["{deployed.url}"]\nmanifest = "{manifest.name}"\nstore = "store"\nproofs = "required"\n'
    )
    before = deployed.test_node.request("eth_blockNumber")
    with pytest.raises(ProofsRequired):
        Payer.open(config)
    assert not list(store.iterdir())
    assert deployed.test_node.request("eth_blockNumber") == before


def test_a_card_alone_is_not_enough(stage: Stage, tmp_path: Path) -> None:
    settings = Settings(nodes=(NOWHERE,), proofs="required")
    with pytest.raises(ProofsRequired):
        connect_for_card(settings, card_of(stage))
    with pytest.raises(ProofsRequired):
        connect_for_card(replace(settings, manifest=stage.chain.write_manifest(tmp_path)), card_of(stage))


def test_a_program_requires_them_without_settings(deployed: Deployed) -> None:
    manifest = deployed.network.manifest
    refused: tuple[Callable[[], Network], ...] = (
        lambda: Network.connect(NOWHERE, manifest, proofs_required=True),
        lambda: Network(Node(NOWHERE), manifest, proofs_required=True),
        lambda: Network.later([Node(NOWHERE)], manifest, proofs_required=True),
    )
    for connected in refused:
        with pytest.raises(ProofsRequired):
            connected()


def test_a_manifest_with_validators_is_used_and_proves(stage: Stage, tmp_path: Path) -> None:
    disclosure = stage.round.disclose()
    with proved(stage.chain, KEYS) as (network, _):
        (tmp_path / "m.json").write_text(json.dumps(network.manifest.to_json()))
        settings = Settings(nodes=(NOWHERE, _url(network)), manifest=tmp_path / "m.json", proofs="required")
        for connected in (connect(settings), connect_when_possible(settings)):
            verdict = verify_disclosure(connected, disclosure, reader=stage.chain.party("payer"))
            assert (verdict.outcome, verdict.block.proved) == (Outcome.ACCEPTED, True)
        assert Patient(connect_for_card(settings, card_of(stage)), card_of(stage)).state().block.proved


@pytest.mark.parametrize("required", [True, False])
def test_past_the_window_a_patient_who_requires_them_believes_no_node_either(
    stage: Stage, required: bool
) -> None:
    card = card_of(stage)
    with qbft_at(stage.chain.url, lambda _: Seals(KEYS)) as (url, sealed):
        old = _outdated(listing(stage.chain.network.manifest, sealed, KEYS))
        patient = Patient(
            Network.connect(url, old, proofs_required=required), card, sender=stage.chain.signers["stranger"]
        )
        if required:
            for verb in (patient.state, patient.revoke, patient.standing, patient.revoked):
                with pytest.raises(ValidatorsOutdated):
                    verb()
        else:
            patient.revoke().wait(30)
    revoked = read_state(stage.chain.network, card.consent).status is Status.REVOKED
    assert revoked is not required


def test_a_diagnosis_says_that_the_manifest_cannot_prove(deployed: Deployed, tmp_path: Path) -> None:
    settings = Settings(nodes=(deployed.url,), manifest=deployed.write_manifest(tmp_path))
    assert all(check.level is not Level.FAULT for check in diagnose(settings))
    (fault,) = (
        check for check in diagnose(replace(settings, proofs="required")) if check.level is Level.FAULT
    )
    assert isinstance(fault.error, ProofsRequired)
    assert fault.name == "manifest"


def _url(network: Network) -> str:
    return network.node.url


def _outdated(manifest: Manifest) -> Manifest:
    assert manifest.validators is not None
    (first,) = manifest.validators.sets
    long_ago = Listed(first.block, first.time - 100 * 86_400, first.validators)
    return replace(manifest, validators=replace(manifest.validators, sets=(long_ago,)))
