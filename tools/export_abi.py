# SPDX-License-Identifier: Apache-2.0
"""Copy the ABIs of the compiled contracts into the client, sorted: the same build gives the same files."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "build" / "contracts"
SHIPPED = ROOT / "sceau" / "chain" / "abi"
CONTRACTS = ("ClaimRegistry", "ConsentRegistry", "ConsortiumAccessManager", "PartyRegistry")


def abi_text(contract: str, built: Path = BUILT) -> str:
    """The ABI of a compiled contract as it is shipped: entries by type, name and inputs; two blanks.

    Raises FileNotFoundError when the contract has not been compiled.
    """
    abi: list[dict[str, Any]] = json.loads((built / f"{contract}.json").read_text(encoding="utf-8"))["abi"]
    ordered = sorted(abi, key=lambda entry: (entry["type"], entry.get("name", ""), json.dumps(entry)))
    return json.dumps(ordered, indent=2, sort_keys=True) + "\n"


def main() -> None:
    """Write the four files, touching only those that changed."""
    SHIPPED.mkdir(parents=True, exist_ok=True)
    for contract in CONTRACTS:
        path = SHIPPED / f"{contract}.json"
        text = abi_text(contract)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(ROOT)} written")


if __name__ == "__main__":
    main()
