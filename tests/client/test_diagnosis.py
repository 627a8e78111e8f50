# SPDX-License-Identifier: Apache-2.0
"""What a gateway or a program may ask before it works: everything looked at, and what is wrong, without a surface."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sceau.chain.signer import Signer, stated_address
from sceau.diagnosis import Check, Level, diagnose, gravest, signing_address
from sceau.errors import NodeError
from sceau.settings import Settings, load_settings
from tests.support.deployed import Deployed
from tests.support.limited_node import Limit
from tests.support.lying_node import lying_at

PASSWORD = "a long password"


@pytest.fixture
def given(deployed: Deployed, tmp_path: Path) -> dict[str, Any]:
    """Flags of a practice that lacks nothing."""
    keystore = deployed.signers["practice"].to_keystore(PASSWORD, iterations=2**10)
    (tmp_path / "key.json").write_text(json.dumps(keystore))
    (tmp_path / "password").write_text(PASSWORD + "\n")
    return {
        "nodes": [deployed.url],
        "manifest": deployed.write_manifest(tmp_path),
        "keystore": tmp_path / "key.json",
        "password_file": tmp_path / "password",
    }


def settings(given: Mapping[str, Any]) -> Settings:
    return load_settings(given, environment={}, directories=[])


def looked_at(given: Mapping[str, Any]) -> dict[str, Check]:
    return {check.name: check for check in diagnose(settings(given))}


def test_nothing_is_wrong_where_everything_is_there(deployed: Deployed, given: dict[str, Any]) -> None:
    checks = looked_at(given)
    assert {check.level for check in checks.values()} == {Level.OK}
    assert gravest(checks.values()) is None
    assert deployed.signers["practice"].address in checks["key"].words.en
    assert all(check.words.en and check.words.fr for check in checks.values())


@pytest.mark.parametrize(
    ("change", "wrong", "node"),
    [
        ({"nodes": ["http://127.0.0.1:1"]}, "node", True),
        ({"manifest": "/nowhere/deployment.json"}, "manifest", False),
        ({"nodes": ["http://127.0.0.1:1"], "manifest": "/nowhere/deployment.json"}, "manifest", False),
        ({"keystore": "/nowhere/key.json"}, "key", False),
        ({"nodes": ["http://127.0.0.1:1"], "keystore": "/nowhere/key.json"}, "key", False),
        ({"policies": "/nowhere"}, "policies", False),
    ],
)
def test_a_fault_has_its_error_and_the_gravest_is_the_one_to_see_to(
    given: dict[str, Any], change: dict[str, Any], wrong: str, node: bool
) -> None:
    checks = looked_at({**given, **change})
    check = checks[wrong]
    assert check.level is Level.FAULT
    assert check.error is not None
    assert check.code == check.error.code
    assert gravest(checks.values()) is check.error
    assert isinstance(check.error, NodeError) is node


def test_a_key_that_is_not_opened_is_taken_at_its_files_word(given: dict[str, Any]) -> None:
    without = settings({name: value for name, value in given.items() if name != "password_file"})
    assert signing_address(without) == signing_address(settings(given)) == stated_address(given["keystore"])
    keystore = json.loads(given["keystore"].read_text())
    given["keystore"].write_text(json.dumps({**keystore, "address": "somewhere"}))
    assert signing_address(without) is None
    assert {c.name: c.level for c in diagnose(without)}["key"] is Level.WARNING


def test_a_surface_may_say_how_the_key_is_opened(given: dict[str, Any]) -> None:
    stranger = Signer.generate().address
    checks = {check.name: check for check in diagnose(settings(given), key=lambda: stranger)}
    assert checks["key"].level is Level.WARNING
    assert stranger in checks["key"].words.en


@pytest.mark.parametrize(("blocks", "expected"), [(1, 1), (2, 2), (13, 13), (10**6, None)])
def test_the_limit_of_a_question_about_events_is_found(
    deployed: Deployed, given: dict[str, Any], blocks: int, expected: int | None
) -> None:
    limit = Limit(blocks=blocks)
    with lying_at(deployed.url, limit) as url:
        check = looked_at({**given, "nodes": [url]})["events"]
    assert check.level is Level.OK
    assert check.data["limit"] == expected
    assert len(limit.asked) <= 2 + (deployed.network.node.head().number).bit_length()


def test_a_limit_that_the_manifest_names_too_high_is_a_warning(
    deployed: Deployed, given: dict[str, Any], tmp_path: Path
) -> None:
    manifest = tmp_path / "named.json"
    manifest.write_text(json.dumps({**deployed.network.manifest.to_json(), "logs_range": 12}))
    for blocks, level in ((11, Level.WARNING), (12, Level.OK), (13, Level.OK)):
        with lying_at(deployed.url, Limit(blocks=blocks)) as url:
            check = looked_at({**given, "nodes": [url], "manifest": manifest})["events"]
        assert check.level is level


def test_a_node_that_answers_no_question_about_events_is_at_fault(
    deployed: Deployed, given: dict[str, Any]
) -> None:
    with lying_at(deployed.url, Limit(blocks=0)) as url:
        check = looked_at({**given, "nodes": [url]})["events"]
    assert check.level is Level.FAULT
    assert check.code == "node-refused"
