# SPDX-License-Identifier: Apache-2.0
"""docs/deploy.md is played from top to bottom, as an admin would type it.

Brownie is started for the deployment and its verification, and forked for what comes after.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sceau.chain.manifest import Manifest
from sceau.chain.network import Network
from sceau.chain.registries.parties import read_keys, read_party
from sceau.chain.signer import Signer
from sceau.party.access import ADMIN_ROLES, admin_role, holders
from scripts.block_period import BLOCKS_READ, GAPS_NEEDED, LONGEST_MEASURED
from tests.docs.pages import path_of_a_newcomer
from tests.support.forked_brownie import forked_brownie
from tools import ganache

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
COMMANDS = "\n".join(re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))

#: Keys that are locked at little cost: to open the others takes a second for each command.
CHEAP_KEYS = ("admin", "controller", "shop", "shop-2")
CHEAPLY = ROOT / "tests" / "client" / "cli" / "cheaply.py"

#: It compiles for half a minute where no answer of the compiler is kept, and behind each fault its own tests play it.
VERIFIED = "tools/brownie run verify_deployment --network sceau\n"


def test_the_page_is_played_from_top_to_bottom(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    if ganache.anvil_program() is None:
        pytest.skip("Anvil is not installed here")
    assert COMMANDS.count(VERIFIED) == 1
    whole = pytestconfig.getoption("--fault") is None
    commands = COMMANDS if whole else COMMANDS.replace(VERIFIED, "")
    safe, guard = Signer.generate().address, Signer.generate().address
    folder = tmp_path / "forked"
    folder.mkdir()
    with ganache.anvil(at_once=True) as node:
        node.request("anvil_mine", hex(GAPS_NEEDED + 1), "0x1")  # old enough for its period to be measured
        assert "http://127.0.0.1:8545" in commands
        environment = {
            "PATH": path_of_a_newcomer(),
            "HOME": str(tmp_path),
            "SAFE": safe,
            "GUARD": guard,
            "LANG": "C.UTF-8",
            **{name: os.environ[name] for name in ("SOLC_KEPT",) if name in os.environ},
        }
        with forked_brownie(folder, {**environment, "SCEAU_NODE_URL": node.url}) as brownie:
            for script in ("parties", "roles"):
                assert f"tools/brownie run {script} " in commands
                commands = commands.replace(f"tools/brownie run {script} ", f"{brownie} run {script} ")
            for name in CHEAP_KEYS:
                made = f"sceau key new -o ~/consortium/{name}.json\n"
                assert commands.count(made) == 1
                commands = commands.replace(made, f"{sys.executable} {CHEAPLY} {made.removeprefix('sceau ')}")
            ended = subprocess.run(
                ["sh", "-euc", commands.replace("http://127.0.0.1:8545", node.url)],
                env=environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
            )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        network = Network.connect(node.url, tmp_path / "consortium" / "deployment.json")
        party = read_party(network, 1)
        keys = read_keys(network, 1, block=network.node.head().number)
        held = holders(network, block=network.node.head().number)
        assert not network.read("ConsentRegistry", "paused")
    assert not party.suspended
    assert [(key.active, key.compromised_since) for key in keys] == [(False, 1_795_161_600), (True, 0)]
    assert "In wrong hands since: 2026-11-20 08:00:00 UTC" in ended.stdout
    successor = json.loads((tmp_path / "consortium" / "controller-2.json").read_text())["address"]
    assert party.controller.lower().endswith(successor.lower())
    assert "Optique de la Gare" in ended.stdout
    assert "The code is the published source." in ended.stdout or not whole
    for role in ADMIN_ROLES:
        assert [h.account for h in held[role]] == [guard if role.alone else safe]
    assert [h.account for h in held[admin_role("ADMIN")]] == [safe]


@pytest.mark.any_node
def test_the_page_names_every_field_of_the_manifest_and_every_role() -> None:
    entry = {
        "address": "0x" + "12" * 20,
        "code_hash": "0x" + "12" * 32,
        "transaction": "0x" + "12" * 32,
        "arguments": [],
    }
    names = ("ConsortiumAccessManager", "PartyRegistry", "ConsentRegistry", "ClaimRegistry")
    whole = {
        "format": "sceau-deployment/1",
        "chain_id": 1,
        "genesis_hash": "0x" + "12" * 32,
        "block": 1,
        "block_period": 0,
        "contracts": dict.fromkeys(names, entry),
        "compiler": {},
    }
    written = Manifest.from_json(whole).to_json()
    for field in [
        *(set(written) - {"contracts"}),
        *(f"contracts.*.{f}" for f in written["contracts"]["PartyRegistry"]),
    ]:
        assert f"`{field}`" in PAGE
    for role in ADMIN_ROLES:
        (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{role.label}` |")]
        assert all(function in row for _, function in role.opens)
        assert row.endswith("| each admin alone |" if role.alone else "| several together |")


@pytest.mark.any_node
def test_the_page_says_what_a_block_period_is_measured_from() -> None:
    assert f"between the last {BLOCKS_READ - 1} blocks" in PAGE
    assert GAPS_NEEDED == 10
    assert "younger than ten blocks" in PAGE
    assert f"more than {LONGEST_MEASURED} seconds between blocks" in PAGE
