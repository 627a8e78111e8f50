# SPDX-License-Identifier: Apache-2.0
"""Our records and those of the npm packages are byte for byte the same, both ways.

`@openzeppelin/merkle-tree` and `@ethereum-attestation-service/eas-sdk` check what we disclose, and we read what
they make. They check the proof alone: the last tests show what they accept and a reader of ours refuses.
"""

import json
import random
import secrets
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sceau.record import RECORD_PATH, Leaf, Multiproof, Scope, Value, seal
from sceau.record.canonical import LeafType
from sceau.record.errors import DisclosureRefused, ProofDoesNotFit
from sceau.record.leaf_json import leaf_to_json
from sceau.record.tree import Branch, build, multiproof, root_from
from tests.client.record.records import random_record, vectors

PROGRAM = Path(__file__).parent / "private_data.cjs"
PACKAGES = Path(__file__).parents[2] / "node_modules"

if shutil.which("node") is None:
    pytest.skip("Node.js is not installed", allow_module_level=True)
if not (PACKAGES / "@ethereum-attestation-service" / "eas-sdk").is_dir():
    pytest.skip("the npm packages are not installed (run: npm ci)", allow_module_level=True)


def asked(requests: list[dict[str, Any]]) -> Any:
    """What the packages answer to all ``requests``, from one process."""
    done = subprocess.run(
        ["node", str(PROGRAM)],
        input=json.dumps(requests),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def random_leaf(rng: random.Random, number: int) -> Leaf:
    draws: dict[LeafType, Callable[[], Value]] = {
        "string": lambda: "".join(rng.choice('aé日𝔘 \n"\\') for _ in range(rng.randint(0, 70))),
        "uint256": lambda: rng.choice([0, 1, 2**256 - 1, rng.getrandbits(256)]),
        "int256": lambda: rng.choice([0, -1, -(2**255), 2**255 - 1, rng.getrandbits(200) - 2**199]),
        "bool": lambda: rng.random() < 0.5,
        "bytes32": lambda: f"0x{rng.getrandbits(256):064x}",
    }
    kind = rng.choice(sorted(draws))
    return Leaf(kind, f"path.{number}", draws[kind](), rng.getrandbits(256).to_bytes(32, "big"))


def test_the_packages_verify_our_disclosures() -> None:
    rng = random.Random(1)
    requests = []
    for _ in range(200):
        scope, values = random_record(rng)
        record = seal(scope, values)
        shown = record.prove(rng.sample(sorted(values), rng.randint(1, len(values))))
        requests.append({"verify": {"root": record.root, "disclosure": shown.to_json()}})
        requests.append({"verify": {"root": record.root, "disclosure": record.prove_all().to_json()}})
    assert asked(requests) == [{"sdk": True, "tree": True}] * 400


def test_the_packages_refuse_our_disclosures_once_edited() -> None:
    rng = random.Random(2)
    requests = []
    for _ in range(100):
        scope, values = random_record(rng)
        record = seal(scope, values)
        part = record.prove(rng.sample(sorted(values), rng.randint(1, len(values)))).to_json()
        leaf = rng.choice(part["leaves"])
        if rng.random() < 0.5:
            leaf["salt"] = "0x" + secrets.token_hex(32)
        else:
            leaf["name"] += "x"
        requests.append({"verify": {"root": record.root, "disclosure": part}})
    assert asked(requests) == [{"sdk": False, "tree": False}] * 100


def test_trees_and_multiproofs_of_the_packages_are_ours() -> None:
    rng = random.Random(3)
    requests, trees = [], []
    for _ in range(150):
        leaves = [random_leaf(rng, number) for number in range(2 ** rng.randint(0, 6))]
        chosen = rng.sample(range(len(leaves)), rng.randint(1, len(leaves)))
        trees.append((leaves, chosen))
        requests.append({"build": {"leaves": [leaf_to_json(leaf) for leaf in leaves], "chosen": chosen}})
    for (leaves, chosen), made in zip(trees, asked(requests), strict=True):
        nodes = build(leaf.hash for leaf in leaves)
        assert made["root"] == "0x" + nodes[0].hex()
        places = {nodes.index(leaves[place].hash, len(leaves) - 1): leaves[place] for place in chosen}
        order, branch = multiproof(nodes, places)
        ours = Multiproof(tuple(places[index] for index in order), branch.proof, branch.flags)
        assert made["disclosure"] == ours.to_json()
        theirs = Multiproof.from_json(made["disclosure"])
        found = root_from(
            [leaf.hash for leaf in theirs.leaves], Branch(theirs.proof, theirs.proof_flags), len(leaves)
        )
        assert found == nodes[0]


def test_a_record_sealed_by_the_sdk_is_read() -> None:
    rng = random.Random(4)
    requests, records = [], []
    for _ in range(100):
        scope, values = random_record(rng)
        # The leaves of a record, without salts: the SDK draws its own.
        leaves = [{**leaf_to_json(leaf)} for leaf in seal(scope, values).leaves]
        for leaf in leaves:
            del leaf["salt"]
        chosen = rng.sample(sorted(values), rng.randint(1, len(values)))
        names = [leaf["name"] for leaf in leaves]
        records.append((scope, values, chosen))
        requests.append(
            {"seal": {"values": leaves, "chosen": [names.index(path) for path in [RECORD_PATH, *chosen]]}}
        )
    for (scope, values, chosen), made in zip(records, asked(requests), strict=True):
        part = Multiproof.from_json(json.dumps(made["disclosure"]))
        assert part.read(made["root"], scope) == {path: values[path] for path in chosen}
        with pytest.raises(ProofDoesNotFit):
            part.read("0x" + "00" * 32, scope)


def test_the_packages_agree_with_the_vectors() -> None:
    full = [
        {"root": case["opening"]["root"], "disclosure": case["full"]}
        for case in vectors("openings.json")["cases"]
    ]
    parts = [
        {key: case[key] for key in ("root", "disclosure")} for case in vectors("disclosures.json")["cases"]
    ]
    assert asked([{"verify": each} for each in full + parts]) == [{"sdk": True, "tree": True}] * len(
        full + parts
    )
    trees = vectors("trees.json")["cases"]
    answers = asked([{"process": {key: case[key] for key in ("leaves", "multiproofs")}} for case in trees])
    for case, answer in zip(trees, answers, strict=True):
        assert answer == {"root": case["root"], "roots": [True] * len(case["multiproofs"])}


def test_what_the_packages_accept_and_a_reader_refuses() -> None:
    """The proof fits in all of these; the rules of docs/records.md are what refuses them."""
    cases = vectors("refused.json")["disclosures"]
    answers = asked([{"verify": {key: case[key] for key in ("root", "disclosure")}} for case in cases])
    for case, answer in zip(cases, answers, strict=True):
        # A wrong proof is refused by all; a tree of another size than the profile's by a reader only.
        fits = case["code"] != "disclosure-proof-wrong" or case["name"].startswith("a tree with")
        assert (answer["tree"] is True) == fits, case["name"]
        assert (answer["sdk"] is True) == fits, case["name"]
        with pytest.raises(DisclosureRefused):
            Multiproof.from_json(case["disclosure"]).read(case["root"], Scope.parse(case["scope"]))
