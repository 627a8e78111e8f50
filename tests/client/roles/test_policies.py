# SPDX-License-Identifier: Apache-2.0
"""The policies by which a party disclosed or judged can be shown later, whatever became of their files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sceau.policy import load_policy
from sceau.policy.errors import PolicyUnknown
from sceau.store import Kind
from tests.support.stage import Stage

POLICY = "fr-responsible-contract"


def test_both_sides_keep_the_policy_of_a_disclosure(stage: Stage) -> None:
    round_ = stage.round
    used = load_policy(POLICY)
    round_.practice.disclose(
        round_.record, payer=stage.chain.party("payer"), clause="detailed", consent=round_.held
    )
    judged = round_.verdict().judged
    assert judged is not None
    for party in (round_.practice, round_.payer):
        assert party.policy(judged.policy_hash or "") == used == party.policy(used.file_hash.upper())
        assert len(list(party.store.of_kind(Kind.POLICY))) == 1
        with pytest.raises(PolicyUnknown):
            party.policy("0x" + "00" * 32)


def test_a_policy_of_one_s_own_is_shown_after_its_folder_is_gone(stage: Stage, tmp_path: Path) -> None:
    round_, folder = stage.round, tmp_path / "policies"
    folder.mkdir()
    written = json.loads(load_policy(POLICY).text) | {"sources": ["https://example.org/contract"]}
    (folder / "own.json").write_text(json.dumps(written), encoding="utf-8")
    round_.payer._policies = folder
    judged = round_.verdict().judged
    assert judged is not None
    shutil.rmtree(folder)
    kept = round_.payer.policy(judged.policy_hash or "")
    assert kept.sources == ("https://example.org/contract",)
    assert kept.text == json.dumps(written)
