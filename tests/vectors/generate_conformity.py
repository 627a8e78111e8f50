# SPDX-License-Identifier: Apache-2.0
"""Writes conformity.json beside it; with --check, writes nothing and fails when it differs.

python -m tests.vectors.generate_conformity
"""

import sys
from pathlib import Path
from typing import Any

from sceau.conformity import (
    CanonicalGroup,
    OrderContext,
    OrderKey,
    act_code_lock,
    group_values,
    lock_of,
    locks,
    open_group,
    tag_of,
    tags,
)
from sceau.conformity.groups import Entry
from sceau.formats.optics.order import load_delivery, load_invoice, load_order
from sceau.record import Scope, SealedRecord
from sceau.terms import Group, group_words
from tests.vectors.layout import laid_out

HERE = Path(__file__).parent
FILE = HERE / "conformity.json"
DATA = HERE.parent / "data"

PLACES: list[dict[str, Any]] = [
    {
        "chain_id": 1337,
        "contract": "0x5fbdb2315678afecb367f032d93f642f64180aa3",
        "claim": "0x" + "0c" * 32,
        "order": 1,
    },
    {
        "chain_id": 1337,
        "contract": "0x5fbdb2315678afecb367f032d93f642f64180aa3",
        "claim": "0x" + "0c" * 32,
        "order": 2,
    },
    {"chain_id": 2**63 - 1, "contract": "0x" + "ff" * 20, "claim": "0x" + "00" * 31 + "01", "order": 255},
]
KEYS = [bytes(range(32)), bytes(32), b"\xff" * 32]
SEED = bytes(range(32, 64))
ABOUT = (
    "Group keys, tags and locks of docs/conformity.md. group key = HMAC-SHA-256(order key, abi(string "
    "'sceau-group-key-1', uint256 chain, address contract, bytes32 claim, uint8 order, uint256 group)); tag = "
    "HMAC-SHA-256(group key, abi(uint256 version, (string path, string type, bytes abi(value))[])); lock = "
    "keccak(abi(bytes32 claim, uint8 order, uint256 group, bytes32 tag)). Integers are decimal text."
)


def context_of(place: dict[str, Any]) -> OrderContext:
    return OrderContext(place["chain_id"], place["contract"], place["claim"], place["order"])


def name(group: Group) -> str:
    return group_words(group).code


def group_keys() -> list[dict[str, Any]]:
    return [
        {
            "orderKey": "0x" + key.hex(),
            **{part: str(value) for part, value in place.items()},
            "groupKeys": {
                name(group): OrderKey(key).group_key(context_of(place), group).reveal() for group in Group
            },
        }
        for key in KEYS
        for place in PLACES
    ]


def seals() -> list[dict[str, Any]]:
    """Chosen contents of each group under one order key, down to the lock."""
    key = OrderKey(KEYS[0])
    cases = []
    contents: list[tuple[dict[str, Any], Group, list[Entry]]] = [
        (PLACES[0], Group.ACT_CODES, [("right.code", "string", "VXB1")]),
        (PLACES[0], Group.ACT_CODES, [("left.code", "string", "VXB2"), ("right.code", "string", "VXB1")]),
        (PLACES[1], Group.QUANTITY, [("left.quantity", "uint256", 1), ("right.quantity", "uint256", 9)]),
        (
            PLACES[2],
            Group.CORRECTION,
            [
                ("left.axis", "uint256", 180),
                ("left.cylinder", "string", "-0.25"),
                ("left.prism.vertical", "string", "-1.50"),
                ("left.sphere", "string", "0.00"),
            ],
        ),
        (
            PLACES[1],
            Group.LENS_PRODUCT,
            [("right.lens.code", "string", "A" * 35), ("right.lens.index", "uint256", 1670)],
        ),
    ]
    for place, group, entries in contents:
        context = context_of(place)
        content = CanonicalGroup(group, 1, tuple(entries))
        group_key = key.group_key(context, group)
        tag = tag_of(group_key, content)
        cases.append(
            {
                **{part: str(value) for part, value in place.items()},
                "group": name(group),
                "version": str(content.version),
                "entries": [
                    {"path": path, "type": kind, "value": str(value)} for path, kind, value in entries
                ],
                "encoded": "0x" + content.encoded.hex(),
                "groupKey": group_key.reveal(),
                "tag": tag,
                "lock": lock_of(context, group, tag),
            }
        )
    return cases


def sealed(profile: str, step: str, values: dict[str, Any], order: int = 1) -> SealedRecord:
    place = context_of(PLACES[0])
    scope = Scope(profile, 1, place.chain_id, place.contract, place.claim, order, step)
    return SealedRecord(scope, values, SEED)


def records() -> list[dict[str, Any]]:
    """The sample order, delivery and invoice: written differently, they give the same seals."""
    key = OrderKey(KEYS[0])
    cases = []
    for profile, step, values in (
        ("lens-order", "ordered", load_order(DATA / "order.json")),
        ("lens-delivery", "delivered", load_delivery(DATA / "delivery.json")),
        ("fr-optical-invoice", "invoiced", load_invoice(DATA / "invoice.json")),
    ):
        record = sealed(profile, step, values)
        contents = group_values(record.scope.profile_key, values)
        case = {
            "orderKey": key.reveal(),
            "opening": record.to_json(),
            "groups": {name(group): "0x" + contents[group].encoded.hex() for group in Group},
        }
        kind = "tags" if profile == "lens-delivery" else "locks"
        cases.append(case | {kind: list((tags if kind == "tags" else locks)(record, key))})
    return cases


def act_codes() -> list[dict[str, Any]]:
    key = OrderKey(KEYS[0])
    context = context_of(PLACES[0])
    group_key = key.group_key(context, Group.ACT_CODES)
    return [
        {
            **{part: str(value) for part, value in PLACES[0].items()},
            "groupKey": group_key.reveal(),
            "codes": codes,
            "lock": act_code_lock(group_key, context, codes),
        }
        for codes in ({"right.code": "VXB1", "left.code": "VXB2"}, {"left.code": "VXB2"})
    ]


def openings() -> list[dict[str, Any]]:
    key = OrderKey(KEYS[0])
    record = sealed("lens-delivery", "delivered", load_delivery(DATA / "delivery.json"))
    return [
        {
            "root": record.root,
            "scope": record.scope.text(),
            "tag": tags(record, key)[group],
            "opening": open_group(record, key, group).to_json(),
        }
        for group in Group
    ]


def written() -> str:
    content = {
        "about": ABOUT,
        "groups": [name(group) for group in Group],
        "groupKeys": group_keys(),
        "seals": seals(),
        "records": records(),
        "actCodes": act_codes(),
        "groupOpenings": openings(),
    }
    return laid_out(content)


def main() -> int:
    if "--check" not in sys.argv[1:]:
        FILE.write_text(written())
        return 0
    if FILE.read_text() != written():
        print(f"{FILE.name} differs. If that is meant, run: python -m tests.vectors.generate_conformity")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
