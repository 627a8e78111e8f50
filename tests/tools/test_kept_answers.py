# SPDX-License-Identifier: Apache-2.0
"""An answer of the compiler is given again for the very same question alone."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from scripts.source import ROOT

COMPILER = ROOT / "tools" / "solc" / "solc-v0.8.28"
BASE = (
    "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.28;\ncontract Base { uint256 public one = %d; }\n"
)
MADE = "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.28;\nimport './Base.sol';\ncontract Made is Base {}\n"
WIDE = {"*": {"*": ["abi", "evm.bytecode"], "": ["ast"]}}
NARROW = {"*": {"Made": ["evm.bytecode.object"]}}


def asked(folder: Path, selection: dict[str, Any], **settings: Any) -> str:
    """What the compiler says of `Made`, whose import it reads."""
    question = {
        "settings": {"outputSelection": selection, **settings},
        "sources": {"Made.sol": {"content": MADE}},
        "language": "Solidity",
    }
    ended = subprocess.run(
        [COMPILER, "--standard-json"],
        input=json.dumps(question),
        cwd=folder,
        env={**os.environ, "SOLC_KEPT": str(folder / "kept")},
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout


def test_an_answer_is_given_again_for_the_very_same_question_alone(tmp_path: Path) -> None:
    (tmp_path / "Base.sol").write_text(BASE % 1)
    answer = asked(tmp_path, WIDE, evmVersion="shanghai")
    assert "ast" in answer
    (kept,) = (tmp_path / "kept").iterdir()
    # As it would never say it: whatever says it was not compiled.
    kept.write_text(json.dumps({**json.loads(kept.read_text()), "answer": "kept"}))
    assert asked(tmp_path, NARROW, evmVersion="shanghai") == "kept"
    assert asked(tmp_path, NARROW, evmVersion="paris") != "kept"
    assert asked(tmp_path, {"*": {"Made": ["metadata"]}}, evmVersion="shanghai") != "kept"
    kept.write_text(json.dumps({**json.loads(kept.read_text()), "answer": "kept", "outputs": WIDE}))
    assert asked(tmp_path, NARROW, evmVersion="shanghai") == "kept"
    (tmp_path / "Base.sol").write_text(BASE % 2)
    assert asked(tmp_path, NARROW, evmVersion="shanghai") != "kept"


def test_what_does_not_compile_is_asked_again(tmp_path: Path) -> None:
    assert "File not found" in asked(tmp_path, NARROW)
    (tmp_path / "Base.sol").write_text(BASE % 1)
    assert json.loads(asked(tmp_path, NARROW))["contracts"]["Made.sol"]["Made"]["evm"]["bytecode"]["object"]
