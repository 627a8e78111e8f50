# SPDX-License-Identifier: Apache-2.0
"""Disclosures as no honest client makes them, and what a payer holds beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from sceau import Disclosure
from sceau.consent.request import ConsentRequest
from sceau.consent.signing import SignedConsent
from sceau.disclosure import ConsentPart
from sceau.policy import list_policies
from sceau.record import Multiproof, SealedRecord, Value
from sceau.verify.act_codes import ActCodes
from tests.support.life import Life

POLICY = Path("sceau/policy/data/fr-responsible-contract-2024-11-30.json")
RULES = Path("sceau/renewal/data/fr-optical-2020-01-01.json")
ROOT = Path(__file__).parents[3]

#: The grouped codes of tests/data, as a payer authorised them.
CODES: dict[str, Value] = {"right.code": "VXB1", "left.code": "VXB2"}


def consent_shown(
    request: ConsentRequest, signed: SignedConsent, paths: Iterable[str] | None = None
) -> ConsentPart:
    """A consent shown whole, or only at ``paths``."""
    record: SealedRecord = request.record
    return ConsentPart(record.root, signed.key, record.prove(record.values if paths is None else paths))


def edited(shown: Multiproof, path: str, value: str) -> Multiproof:
    """The same leaves with another value at ``path``."""
    data = shown.to_json()
    for leaf in data["leaves"]:
        if leaf["name"] == path:
            leaf["value"] = value
    return Multiproof.from_json(data)


def file_of(disclosure: Disclosure) -> str:
    """The disclosure as it lies on a disk."""
    return json.dumps(disclosure.to_json())


def policy_file(directory: Path, **changes: object) -> None:
    """The packaged policy in ``directory`` with other values."""
    _copied(POLICY, directory, changes)
    assert list_policies(directory)


def rules_file(directory: Path, **changes: object) -> None:
    """The packaged renewal rules in ``directory`` with other values."""
    _copied(RULES, directory, changes)


def _copied(source: Path, directory: Path, changes: dict[str, object]) -> None:
    data = json.loads((ROOT / source).read_text("utf-8")) | changes
    (directory / source.name).write_text(json.dumps(data), encoding="utf-8")


def act_codes(life: Life, authorised: dict[str, Value] | None = None) -> ActCodes:
    """What the payer holds of the first order's act codes, with those that it authorised unless others are given."""
    held = life.act_codes()
    return held if authorised is None else replace(held, authorised=authorised)
