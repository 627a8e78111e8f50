# SPDX-License-Identifier: Apache-2.0
"""The page on a claim's life is played as it stands, at four desks."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path
from typing import Any

from scripts.documents import document
from tests.client.cli.conftest import PASSWORD
from tests.client.cli.offices import Office, Published, open_office, publish
from tests.docs.pages import ROOT, blocks
from tests.support.deployed import Deployed
from tests.support.life import UNTIL

PAGE = ROOT / "docs" / "claims.md"

DESKS = {"shop": "practice", "maker": "supplier", "insurer": "payer", "auditor": "auditor"}

#: Commands that the page says do not go through, by a part of the line: their exit codes.
ENDS = {
    "verify $CLAIM  #": 3,
    "audit practice.json": 3,
    "audit evidence.json": 3,
    "audit $CLAIM": 3,
}


def lines() -> list[str]:
    return [
        line.removeprefix("$ ")
        for block in blocks(PAGE, "console")
        for line in block.splitlines()
        if line.strip()
    ]


def test_the_page_is_played_as_it_stands(deployed: Deployed, tmp_path: Path) -> None:
    with deployed.rolled_back():
        play(deployed, tmp_path)


def play(deployed: Deployed, here: Path) -> None:
    desks = furnish(deployed, here, publish(deployed))
    desk, claim, outputs = desks["shop"], "", {}
    for line in lines():
        words = shlex.split(line.replace("$CLAIM", claim).replace("$LAST_DAY", UNTIL), comments=True)
        if words[0] == "cd":
            desk = desks[words[1].rpartition("/")[2]]
        elif words[0] == "cp":
            shutil.copy(desk.path(words[1]), desk.path(words[2]))
        else:
            assert words[0] == "sceau", line
            result = desk.run(*words[1:])
            expected = next((code for part, code in ENDS.items() if part in line), 0)
            assert result.code == expected, (line, result)
            outputs[line] = result.out + result.err
            if words[1:3] == ["claim", "open"]:
                claim = next(word for word in result.out.split() if word.startswith("0x"))
    verdict = next(out for line, out in outputs.items() if "verify $CLAIM  #" in line)
    assert "lens product" in " ".join(verdict.split())
    for evidence in ("practice.json", "evidence.json", "$CLAIM"):
        said = next(out for line, out in outputs.items() if f"audit {evidence}" in line)
        assert "not those ordered" in said, said
    bare, held = (outputs[f"sceau claim show $CLAIM{flag}"] for flag in ("", " --held"))
    assert ("VIR-88214" in bare, "VIR-88214" in held) == (False, True)
    assert json.loads(desks["shop"].run("claim", "show", claim, "--json").out)["state"] == "settled"


def test_the_beneficiary_file_of_the_page_is_one() -> None:
    from sceau.renewal.beneficiary import read_beneficiary

    (written,) = blocks(PAGE, "json")
    assert read_beneficiary(written.encode()).band == "FROM-16"


def furnish(deployed: Deployed, here: Path, published: Published) -> dict[str, Office]:
    """The desks, with the files that their own software would give; the shop has no message keys yet."""
    desks = {
        folder: open_office(here / folder, deployed, party, published) for folder, party in DESKS.items()
    }
    shop, maker = desks["shop"], desks["maker"]
    (settings,) = blocks(PAGE, "toml")
    for desk in desks.values():
        desk.write("sceau.toml", settings.replace("http://127.0.0.1:8545", deployed.url))
        desk.path("directory/practice.json").unlink()
    (here / "exchange").mkdir()
    shop.path("messages.jwe").unlink()
    shop.write("controller.json", deployed.controllers["practice"].to_keystore(PASSWORD, iterations=2**10))
    for name in ("quote", "order", "invoice"):
        shop.path(f"{name}.json").write_bytes(document(name))
    for name in ("quote", "invoice"):
        _changed(shop, f"{name}.json", f"{name}-2.json", ["pec", "number"], "PEC 2026 0417 339")
    _changed(shop, "order.json", "remade.json", ["order", "reason"], "DEFECT")
    maker.path("delivery.json").write_bytes(document("delivery"))
    _changed(maker, "delivery.json", "swapped.json", ["right", "lens", "code"], "ECO50")
    _changed(maker, "swapped.json", "swapped.json", ["dispatch", "reference"], "BL 88-20418")
    return desks


def _changed(desk: Office, source: str, target: str, path: list[str], value: Any) -> None:
    """A copy of a file with another value at a place."""
    content = desk.json(source)
    inner = content
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    desk.write(target, content)
