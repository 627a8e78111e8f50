# SPDX-License-Identifier: Apache-2.0
"""Writes the test vectors beside it; with --check, writes nothing and fails when a file differs.

python -m tests.vectors.generate
"""

import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from sceau.record import SealedRecord, Value
from sceau.record.canonical import LeafType
from sceau.record.leaf import Leaf, salt
from sceau.record.leaf_json import leaf_to_json
from sceau.record.tree import build, multiproof
from tests.vectors import canonical_cases, refused_cases
from tests.vectors.layout import laid_out
from tests.vectors.samples import (
    CONSENT_SEED,
    CONSENT_VALUES,
    LENS_SEED,
    LENS_VALUES,
    consent_scope,
    lens_scope,
)

HERE = Path(__file__).parent


def salts() -> dict[str, Any]:
    paths = ["sceau.record", "practice", "group.1", "group.8", "right.prism.vertical", "pad.1", "pad.12"]
    return {
        "about": "salt = HMAC-SHA-256(seed, 'sceau-salt-1:' + path)",
        "cases": [
            {"seed": "0x" + seed.hex(), "path": path, "salt": "0x" + salt(seed, path).hex()}
            for seed in (bytes(32), bytes(range(32)), b"\xff" * 32)
            for path in paths
        ],
    }


def leaves() -> dict[str, Any]:
    values: list[tuple[LeafType, str, Value]] = [
        ("string", "a", ""),
        ("string", "right.sphere", "-2.00"),
        ("string", "text", "Verres à teinte légère, n° 2 (½ €) 日本語 𝔘"),
        ("string", "text", "x" * 200),
        ("uint256", "right.axis", 180),
        ("uint256", "n", 0),
        ("uint256", "n", 2**256 - 1),
        ("int256", "n", -1),
        ("int256", "n", -(2**255)),
        ("int256", "n", 2**255 - 1),
        ("bool", "attested", True),
        ("bool", "attested", False),
        ("bytes32", "pad.1", "0x" + "00" * 32),
        ("bytes32", "text.hash", "0x" + "0f" * 32),
    ]
    cases = []
    for number, (kind, path, value) in enumerate(values):
        leaf = Leaf(kind, path, value, sha256(b"leaf %d" % number).digest())
        cases.append({**leaf_to_json(leaf), "hash": "0x" + leaf.hash.hex()})
    return {
        "about": "hash = keccak(keccak(abi(string type, string name, bytes abi(value), bytes32 salt)))",
        "cases": cases,
    }


def trees() -> dict[str, Any]:
    cases = []
    for count in (1, 2, 4, 8, 16, 64):
        hashes = [sha256(b"tree %d" % number).digest() for number in range(count)]
        nodes = build(hashes)
        chosen_sets = [
            [0],
            [count - 1],
            list(range(count)),
            list(range(0, count, 3)),
            list(range(count // 2)),
        ]
        proofs = []
        for chosen in (each for each in chosen_sets if each):
            order, branch = multiproof(nodes, [nodes.index(hashes[place], count - 1) for place in chosen])
            proofs.append(
                {
                    "leaves": ["0x" + nodes[index].hex() for index in order],
                    "proof": ["0x" + node.hex() for node in branch.proof],
                    "proofFlags": list(branch.flags),
                }
            )
        cases.append(
            {
                "leaves": ["0x" + each.hex() for each in hashes],
                "root": "0x" + nodes[0].hex(),
                "multiproofs": proofs,
            }
        )
    return {"about": "Trees over given leaf hashes, and multiproofs of some of them.", "cases": cases}


def openings() -> dict[str, Any]:
    cases = []
    for scope, values, seed in (
        (consent_scope(), CONSENT_VALUES, CONSENT_SEED),
        (lens_scope(), LENS_VALUES, LENS_SEED),
    ):
        record = SealedRecord(scope, values, seed)
        cases.append(
            {
                "opening": record.to_json(),
                "leaves": [{**leaf_to_json(leaf), "hash": "0x" + leaf.hash.hex()} for leaf in record.leaves],
                "full": record.prove_all().to_json(),
            }
        )
    return {
        "about": "Whole records: the opening, all its leaves, and the same as a full disclosure.",
        "cases": cases,
    }


def disclosures() -> dict[str, Any]:
    cases = []
    for scope, values, seed in (
        (consent_scope(), CONSENT_VALUES, CONSENT_SEED),
        (lens_scope(), LENS_VALUES, LENS_SEED),
    ):
        record = SealedRecord(scope, values, seed)
        paths = list(record.values)
        for chosen in ([paths[0]], [paths[-1]], paths[1:4], paths[::2], paths):
            shown = record.prove(chosen)
            cases.append(
                {
                    "root": record.root,
                    "scope": scope.text(),
                    "disclosure": shown.to_json(),
                    "paths": sorted(shown.read(record.root, scope)),
                }
            )
    return {"about": "Disclosures that a reader accepts, with the paths that they show.", "cases": cases}


def files() -> dict[str, str]:
    contents = {
        "canonical.json": canonical_cases.vectors(),
        "salts.json": salts(),
        "leaves.json": leaves(),
        "trees.json": trees(),
        "openings.json": openings(),
        "disclosures.json": disclosures(),
        "refused.json": refused_cases.vectors(),
    }
    return {name: laid_out(content) for name, content in contents.items()}


def main() -> int:
    check = sys.argv[1:] == ["--check"]
    drifted = []
    for name, content in files().items():
        path = HERE / name
        if check and (not path.exists() or path.read_text("utf-8") != content):
            drifted.append(name)
        if not check:
            path.write_text(content, "utf-8")
    if drifted:
        print(f"differ from what the code makes: {', '.join(drifted)}", file=sys.stderr)
    return 1 if drifted else 0


if __name__ == "__main__":
    sys.exit(main())
