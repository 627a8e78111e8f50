# SPDX-License-Identifier: Apache-2.0
"""A program in another language, written from docs/conformity.md with ethers, gives the same tags and locks."""

import json
import random
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sceau.conformity import OrderContext, OrderKey, group_values, lock_of, tag_of
from sceau.formats.optics.order import load_delivery, load_invoice, load_order
from sceau.record import Scope, SealedRecord
from sceau.terms import Group

HERE = Path(__file__).parent
VECTORS = json.loads((HERE.parent / "vectors" / "conformity.json").read_text("utf-8"))
DATA = HERE.parent / "data"

if shutil.which("node") is None:
    pytest.skip("Node.js is not installed", allow_module_level=True)
if not (HERE.parents[1] / "node_modules" / "ethers").is_dir():
    pytest.skip("the npm packages are not installed (run: npm ci)", allow_module_level=True)


def asked(openings: list[tuple[str, SealedRecord]]) -> Any:
    """What the program answers to pairs of order key and sealed record."""
    cases = [
        {
            "orderKey": key,
            "scope": record.scope.text(),
            "values": [
                [path, record.profile.field(path).type, str(value)] for path, value in record.values.items()
            ],
        }
        for key, record in openings
    ]
    done = subprocess.run(
        ["node", str(HERE / "conformity.cjs")],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_gives_the_published_vectors() -> None:
    records = VECTORS["records"]
    answers = asked([(case["orderKey"], SealedRecord.from_json(case["opening"])) for case in records])
    for case, groups in zip(records, answers, strict=True):
        assert {
            name: group["encoded"] for name, group in zip(VECTORS["groups"], groups, strict=True)
        } == case["groups"]
        assert case.get("locks") in (None, [group["lock"] for group in groups])
        assert case.get("tags") in (None, [group["tag"] for group in groups])


def test_it_agrees_on_random_orders_of_random_claims() -> None:
    rng = random.Random(4)
    drawn = [random_record(rng) for _ in range(60)]
    for (key, record), answer in zip(drawn, asked(drawn), strict=True):
        context = OrderContext.of(record.scope)
        contents = group_values(record.scope.profile_key, record.values)
        for group in Group:
            group_key = OrderKey.read(key).group_key(context, group)
            tag = tag_of(group_key, contents[group])
            assert answer[group] == {
                "key": group_key.reveal(),
                "encoded": "0x" + contents[group].encoded.hex(),
                "tag": tag,
                "lock": lock_of(context, group, tag),
            }


def random_record(rng: random.Random) -> tuple[str, SealedRecord]:
    name, profile, load = rng.choice(
        [
            ("order", "lens-order", load_order),
            ("delivery", "lens-delivery", load_delivery),
            ("invoice", "fr-optical-invoice", load_invoice),
        ]
    )
    data = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    if rng.random() < 0.3 and name != "invoice":
        del data[rng.choice(["right", "left"])]
    for eye in sorted({"right", "left"} & set(data)):
        lens = data[eye]
        lens |= {
            "sphere": str(rng.randint(-16, 16)),
            "cylinder": str(rng.randint(-4, 4)),
            "axis": rng.randint(0, 180),
        }
        lens |= {"addition": "0.75", "quantity": rng.randint(1, 9)}
        lens["prism"] = [{"amount": str(rng.randint(0, 9)), "base": rng.choice(["up", "down", "in", "out"])}]
        lens["supplement"] = [
            {"type": "05", "code": f"S{n}"} for n in rng.sample(range(99), rng.randint(0, 8))
        ]
    scope = Scope(
        profile,
        1,
        rng.randint(1, 2**63 - 1),
        f"0x{rng.getrandbits(160):040x}",
        f"0x{rng.getrandbits(256):064x}",
        rng.randint(1, 255),
        "any",
    )
    return "0x" + secrets.token_hex(32), SealedRecord(scope, load(_exact(data)), bytes(32))


def _exact(data: Any) -> Any:
    """The file's object with its decimals as text: floats are refused."""
    return json.loads(json.dumps(data), parse_float=str)
