# SPDX-License-Identifier: Apache-2.0
"""The programs and commands of docs/store.md do what the page says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from sceau.store import Kind, LocalStore
from tests.docs.pages import ROOT, blocks

PAGE = ROOT / "docs" / "store.md"


def test_the_program_opens_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("store", "keys"):
        Path(folder).mkdir()
    (program,) = blocks(PAGE, "python")
    there: dict[str, object] = {}
    exec(program, there)  # noqa: S102 - what the page shows
    store = there["store"]
    assert isinstance(store, LocalStore)
    store.put(Kind.STEP, "a", {})
    assert "locked" in Path("keys/shop.key").read_text()


def test_the_commands_run_in_their_order(tmp_path: Path) -> None:
    for folder in ("store", "new-store"):
        (tmp_path / folder).mkdir()
    (tmp_path / "sceau.toml").write_text('store = "store"\n')
    LocalStore(tmp_path / "store").put(Kind.STEP, "a", {"at": 1})
    lines = [line.removeprefix("$ ") for block in blocks(PAGE, "console") for line in block.splitlines()]
    assert len(lines) == 5
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    for line in lines[:4]:
        words = shlex.split(line)
        done = subprocess.run(
            [sys.executable, "-m", "sceau.cli.main", *words[1:]],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (line, done.stderr)
    assert LocalStore(tmp_path / "new-store", LocalStore(tmp_path / "store").keys).get(Kind.STEP, "a") == {
        "at": 1
    }


def test_the_names_on_the_page_are_the_program_s() -> None:
    from sceau.settings import SETTINGS
    from sceau.store import backup
    from sceau.store.errors import RecordDamaged, StoreLocked

    text = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`(store_[a-z_]+)`", text))
    assert named == {"store_key", "store_passphrase_file"} <= set(SETTINGS)
    assert RecordDamaged.code in text
    assert f"code\n{StoreLocked.exit_code}" in text or f"code {StoreLocked.exit_code}" in text
    for name in ("back_up", "restore", "condition"):
        assert name in text
        assert callable(getattr(backup, name))
