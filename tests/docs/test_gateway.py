# SPDX-License-Identifier: Apache-2.0
"""The file, the requests and the table of docs/gateway.md are those of the gateway."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.documents import document
from tests.client.cli.offices import open_office, publish
from tests.client.gateway.running import House, address_of, ended
from tests.docs.pages import ROOT, blocks
from tests.support.deployed import Deployed

PAGE = ROOT / "docs" / "gateway.md"
DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))


def test_the_table_lists_every_address() -> None:
    listed = re.findall(r"^\| `([A-Z]+ /[^`]*)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    served = [f"{method.upper()} {path}" for path, each in DOCUMENT["paths"].items() for method in each]
    assert listed == served


def test_the_requests_of_the_page_are_answered(deployed: Deployed, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not here")
    (file,) = blocks(PAGE, "toml")
    (requests,) = blocks(PAGE, "sh")
    folder = tmp_path / "practice"
    open_office(folder, deployed, "practice", publish(deployed))
    (folder / "quote.json").write_bytes(document("quote"))
    made = subprocess.run(
        [sys.executable, "-m", "sceau.cli.main", "gateway", "--new-token", "till.token"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert made.returncode == 0
    assert (folder / "till.token").stat().st_mode & 0o077 == 0
    (folder / "gateway.toml").write_text(file.replace("127.0.0.1:8420", "127.0.0.1:0"))
    with ended(House.started(folder / "gateway.toml")) as process:
        requests = requests.replace("127.0.0.1:8420", address_of(process))
        done = subprocess.run(
            ["sh", "-ec", requests], cwd=folder, capture_output=True, text=True, check=True, timeout=60
        )
    state, opened = done.stdout.replace("}{", "}\n{").splitlines()
    assert json.loads(state)["role"] == "practice"
    assert json.loads(opened)["step"] == "opened"
