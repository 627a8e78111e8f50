# SPDX-License-Identifier: Apache-2.0
"""The contracts' ABIs, shipped with the package."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from sceau.documents.identifiers import hex_of

ContractName = Literal["PartyRegistry", "ConsentRegistry", "ClaimRegistry", "ConsortiumAccessManager"]

CONTRACTS: tuple[ContractName, ...] = (
    "ConsortiumAccessManager",
    "PartyRegistry",
    "ConsentRegistry",
    "ClaimRegistry",
)


@cache
def abi(name: ContractName) -> list[dict[str, Any]]:
    """The ABI of a contract, as a list of entries."""
    text = (files("sceau.chain") / "abi" / f"{name}.json").read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = json.loads(text)
    return entries


@cache
def error_entries() -> dict[str, dict[str, Any]]:
    """Every error of every contract by its selector (``0x`` and 8 hex digits)."""
    from eth_utils.crypto import keccak

    found = {}
    for name in CONTRACTS:
        for entry in abi(name):
            if entry["type"] == "error":
                signature = f"{entry['name']}({','.join(i['type'] for i in entry['inputs'])})"
                found[hex_of(keccak(text=signature)[:4])] = entry
    return found
