# SPDX-License-Identifier: Apache-2.0
"""docs/proved.md: its program reads a consent of a Besu network from a proof."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

from tests.docs.pages import ROOT, blocks
from tests.js.kept import STATE, of_besu
from tests.js.proving import require_packages

require_packages()


def test_the_program_shows_a_consent(tmp_path: Path) -> None:
    (program,) = blocks(ROOT / "docs" / "proved.md", "js")
    proof, manifest = of_besu()
    assert manifest.validators is not None
    # However long ago the network ran.
    manifest = replace(manifest, validators=replace(manifest.validators, window_days=1_000_000))
    consent = STATE["proofs"]["ended"]["consent"]
    written, found = re.subn(r"0x[0-9a-f]{4}…", consent, program)
    assert found == 1
    (tmp_path / "program.mjs").write_text(written, encoding="utf-8")
    (tmp_path / "proof.json").write_text(json.dumps(proof.to_json()), encoding="utf-8")
    (tmp_path / "deployment.json").write_text(json.dumps(manifest.to_json()), encoding="utf-8")
    for folder in ("web", "sceau"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    done = subprocess.run(
        ["node", "program.mjs"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    status, _, time = done.stdout.split()
    assert (status, time[:4]) == ("revoked", "2026")
