# SPDX-License-Identifier: Apache-2.0
"""Write where the contracts store what their views answer, as the compiler says, into `sceau/proof/layout.json`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tools.slither_findings import COMPILER, ROOT, standard_input

SHIPPED = ROOT / "sceau" / "proof" / "layout.json"
#: The views that the client proves, each with the variable that it answers, by contract and its source.
VIEWS: dict[tuple[str, str], dict[str, str]] = {
    ("ClaimRegistry", "contracts/claim/ClaimRegistry.sol"): {"claimOf": "_claims", "paused": "_paused"},
    ("ConsentRegistry", "contracts/consent/ConsentRegistry.sol"): {
        "consentOf": "_consents",
        "paused": "_paused",
    },
    # Of each role its members: a mapping within what a mapping holds.
    ("ConsortiumAccessManager", "contracts/governance/ConsortiumAccessManager.sol"): {
        "getAccess": "_roles.members",
        "hasRole": "_roles.members",
    },
    ("PartyRegistry", "contracts/party/PartyRegistry.sol"): {
        "keyOf": "_keys",
        "partyCount": "partyCount",
        "partyOf": "_parties",
    },
}


def layout_text() -> str:
    """The file's text: for each view its variable's slot, whether it is a mapping, and the members in their order."""
    given = standard_input({source: {name: ["storageLayout"]} for name, source in VIEWS})
    ended = subprocess.run(
        (str(COMPILER), "--standard-json"),
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    made = json.loads(ended.stdout)["contracts"]
    layouts = {
        name: {view: _view(made[source][name]["storageLayout"], label) for view, label in views.items()}
        for (name, source), views in VIEWS.items()
    }
    return json.dumps(layouts, indent=1) + "\n"


def _view(layout: dict[str, Any], path: str) -> dict[str, Any]:
    label, _, inner = path.partition(".")
    (variable,) = (each for each in layout["storage"] if each["label"] == label)
    kind = layout["types"][variable["type"]]
    mapped = kind["encoding"] == "mapping"
    if not mapped:
        return {"slot": int(variable["slot"]), "mapped": False, "members": [_member(variable, layout)]}
    members = layout["types"][kind["value"]]["members"]
    within = {}
    if inner:
        (held,) = (each for each in members if each["label"] == inner)
        within = {"inner": int(held["slot"])}
        members = layout["types"][layout["types"][held["type"]]["value"]]["members"]
    return {
        "slot": int(variable["slot"]),
        "mapped": True,
        **within,
        "members": [_member(each, layout, int(each["slot"])) for each in members],
    }


def _member(variable: dict[str, Any], layout: dict[str, Any], slot: int = 0) -> dict[str, Any]:
    size = int(layout["types"][variable["type"]]["numberOfBytes"])
    return {"name": variable["label"], "slot": slot, "offset": variable["offset"], "size": size}


def main() -> None:
    """Write the file, unless it is so already."""
    path, text = Path(SHIPPED), layout_text()
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(ROOT)} written")


if __name__ == "__main__":
    main()
