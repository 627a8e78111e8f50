# SPDX-License-Identifier: Apache-2.0
"""``scripts/revoke_consent.py`` is the command, needs only the client, and proves what it did."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from tests.client.cli.conftest import Desk

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "revoke_consent.py"
PROGRAM = (sys.executable, str(SCRIPT))


def test_it_revokes_and_proves_it(recorded: Desk) -> None:
    words = ("card.json", "--yes", "--pin-file", "pin")
    done = recorded.process(*words, "--json", program=PROGRAM)
    assert done.code == 0, done
    assert done.data["status"] == "revoked"
    assert done.data["block"]["hash"].startswith("0x")
    again = recorded.process(*words, program=PROGRAM, LANG="fr_FR.UTF-8")
    assert again.code == 0
    assert "déjà révoqué" in again.out


def test_a_wrong_pin_and_a_dead_node_have_their_codes(recorded: Desk) -> None:
    recorded.write("pin", "719264")
    wrong = recorded.process("card.json", "--yes", "--pin-file", "pin", program=PROGRAM)
    assert wrong.code == 1
    assert "PIN" in wrong.err
    dead = recorded.process("card.json", "--via", "http://127.0.0.1:1", program=PROGRAM)
    assert "127.0.0.1:1" in dead.refused(5)


def test_its_help_is_its_own_in_both_languages(bare: Desk) -> None:
    assert "revoke_consent.py [OPTIONS]" in bare.process("--help", program=PROGRAM).out
    assert "Retire pour toujours" in bare.process("--help", program=PROGRAM, LANG="fr_FR.UTF-8").out
    assert "CARD" in bare.process(program=PROGRAM).refused(2)


def test_it_imports_the_client_only() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert {name.partition(".")[0] for name in names} == {"__future__", "sys", "sceau"}
