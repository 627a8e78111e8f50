# SPDX-License-Identifier: Apache-2.0
"""The demonstration is played as a reader plays it, on a Ganache of its own and on a node that is running."""

from __future__ import annotations

import os
import subprocess
import uuid
from pathlib import Path

import pytest

from tools.ganache import anvil, anvil_program

ROOT = Path(__file__).resolve().parents[2]

#: What a reader is told, in this order.
STORY = (
    "Deployed and admitted",
    "VOTRE ACCORD POUR TRANSMETTRE DES DONNÉES",
    "All that was sent to the chain",
    "What each party sees of the claim",
    "Verdict: ACCEPTED",
    "python scripts/revoke_consent.py card.json",
    "révoqué par sa clé",
    "Verdict: REFUSED",
    "The patient revoked the consent",
    "A conform claim, compared by the chain",
    "The insurer's verdict: ACCEPTED",
    "A swapped lens",
    "lens product",
    "The insurer's verdict: REFUSED",
    "A remake, which is no fraud",
    "The insurer's verdict: ACCEPTED",
    "A supplier that is not connected",
    "this is silence, not fraud",
    "What it cost",
)


def _demo(*variables: str, mark: str = "") -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    environment["SCEAU_DEMO_MARK"] = mark
    ended = subprocess.run(
        ["make", "demo", *variables],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    return ended.stdout


def _assert_told(output: str) -> None:
    place = 0
    for sentence in STORY:
        found = output.find(sentence, place)
        assert found >= 0, f"not told, or not in its place: {sentence}"
        place = found


def _left_over(mark: str) -> list[str]:
    """Processes that inherited a mark in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


def test_it_is_played_on_a_chain_of_its_own_and_leaves_no_process() -> None:
    mark = uuid.uuid4().hex
    _assert_told(_demo(mark=mark))
    assert _left_over(mark) == []


@pytest.mark.skipif(anvil_program() is None, reason="Anvil is missing on this machine")
def test_it_is_played_on_a_running_chain_that_charges_nothing_and_leaves_it_running() -> None:
    with anvil() as node:
        _assert_told(_demo(f"NETWORK={node.url}"))
        assert node.request("eth_chainId") == hex(node.chain_id)


def test_a_node_that_is_not_there_is_said_in_one_line() -> None:
    ended = subprocess.run(
        ["make", "demo", "NETWORK=http://127.0.0.1:9"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode != 0
    assert "http://127.0.0.1:9 does not answer" in ended.stderr
    assert "Traceback" not in ended.stderr
