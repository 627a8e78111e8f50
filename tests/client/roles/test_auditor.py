# SPDX-License-Identifier: Apache-2.0
"""An auditor needs a node, and a directory only for messages whose senders' entries are not in the evidence."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sceau import Auditor, Network
from sceau.audit.errors import EvidenceForeign
from sceau.audit.evidence import Evidence, RecordPart
from sceau.chain.errors import NodeStale
from sceau.party.directory import Directory
from tests.support.stage import Stage


def test_a_directory_is_asked_for_when_there_are_messages_and_only_then(stage: Stage) -> None:
    life = stage.ordered
    network, asked = life.chain.network, []

    def directory() -> Directory:
        asked.append(1)
        return life.published.directory

    auditor = Auditor(network, directory)
    record = RecordPart.of(life.steps["open"].record, ["right.code"])
    assert auditor.audit(Evidence.about(network, life.claim, records=(record,))).holds
    assert asked == []
    bare = Evidence.about(network, life.claim, messages=(life.signed["order"],))
    assert auditor.audit(bare).holds
    assert asked == [1]
    assert Auditor(network, life.published.directory).audit(bare).holds
    assert not Auditor(network).audit(bare).holds


def test_what_is_about_another_deployment_or_read_on_a_stale_node_gives_no_report(stage: Stage) -> None:
    life = stage.ordered
    network = life.chain.network
    auditor, evidence = Auditor(network), Evidence.about(network, life.claim)
    foreign = Evidence.from_json(json.dumps({**evidence.to_json(), "genesis_hash": "0x" + "11" * 32}))
    with pytest.raises(EvidenceForeign):
        auditor.audit(foreign)
    beating = Network(network.node, replace(network.manifest, block_period=2))
    with pytest.raises(NodeStale):
        Auditor(beating).audit(evidence, clock=lambda: life.chain.now + 10**6)
