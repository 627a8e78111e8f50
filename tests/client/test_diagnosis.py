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
