# SPDX-License-Identifier: Apache-2.0
"""The published vectors are what the code makes, and the code is what the vectors say."""

import subprocess
import sys
from typing import Any

import pytest

from sceau.record import Leaf, Multiproof, Scope, SealedRecord
from sceau.record.leaf import salt
from sceau.record.tree import Branch, build, root_from
from tests.client.record.records import VECTORS, vectors


def raw(written: str) -> bytes:
    return bytes.fromhex(written[2:])


def test_the_files_are_what_the_generator_writes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.vectors.generate", "--check"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=VECTORS.parents[1],
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("case", vectors("salts.json")["cases"], ids=lambda case: case["path"])
def test_salts(case: Any) -> None:
    assert "0x" + salt(raw(case["seed"]), case["path"]).hex() == case["salt"]


@pytest.mark.parametrize("case", vectors("leaves.json")["cases"], ids=lambda case: case["type"])
def test_leaves(case: Any) -> None:
    written = {key: case[key] for key in ("type", "name", "value", "salt")}
    (leaf,) = Multiproof.from_json({"leaves": [written], "proof": [], "proofFlags": []}).leaves
    assert isinstance(leaf, Leaf)
    assert "0x" + leaf.hash.hex() == case["hash"]


@pytest.mark.parametrize("case", vectors("trees.json")["cases"], ids=lambda case: str(len(case["leaves"])))
def test_trees(case: Any) -> None:
    hashes = [raw(each) for each in case["leaves"]]
    assert "0x" + build(hashes)[0].hex() == case["root"]
    for shown in case["multiproofs"]:
        branch = Branch(tuple(map(raw, shown["proof"])), tuple(shown["proofFlags"]))
        found = root_from([raw(each) for each in shown["leaves"]], branch, len(hashes))
        assert found == raw(case["root"])


@pytest.mark.parametrize(
    "case", vectors("openings.json")["cases"], ids=lambda case: case["opening"]["scope"][16:23]
)
def test_openings(case: Any) -> None:
    record = SealedRecord.from_json(case["opening"])
    assert record.to_json() == case["opening"]
    written = {leaf["name"]: leaf for leaf in case["leaves"]}
    assert len(written) == len(record.leaves)
    for leaf in record.leaves:
        assert "0x" + leaf.hash.hex() == written[leaf.path]["hash"]
        assert "0x" + leaf.salt.hex() == written[leaf.path]["salt"]
    full = Multiproof.from_json(case["full"])
    assert full.read_full(record.root, record.scope) == dict(record.values)


@pytest.mark.parametrize(
    "case", vectors("disclosures.json")["cases"], ids=lambda case: ",".join(case["paths"])[:40]
)
def test_disclosures(case: Any) -> None:
    shown = Multiproof.from_json(case["disclosure"])
    assert shown.to_json() == case["disclosure"]
    assert sorted(shown.read(case["root"], Scope.parse(case["scope"]))) == case["paths"]
    openings = (SealedRecord.from_json(each["opening"]) for each in vectors("openings.json")["cases"])
    record = next(each for each in openings if each.root == case["root"])
    assert record.prove(case["paths"]).to_json() == case["disclosure"]
