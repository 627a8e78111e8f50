# SPDX-License-Identifier: Apache-2.0
"""docs/conformity.md says what the code does: its examples run and its table is the code's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sceau.conformity.groups import PATHS, VERSIONS
from sceau.conformity.keys import GROUP_KEY_LABEL
from sceau.policy import list_policies
from sceau.record import load_profile
from sceau.terms import Group, group_words

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "conformity.md").read_text("utf-8")


def test_its_examples_run_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    examples = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    # One needs a chain: tests/client/audit plays it.
    assert len(examples) == 4
    for example in (each for each in examples if "auditor." not in each):
        exec(example, names)  # noqa: S102  # the document's own example


def test_its_table_of_groups_is_the_codes() -> None:
    rows = re.findall(r"^\| ([0-9]) \| ([a-z ]+) \| (.*) \|$", TEXT, re.MULTILINE)
    assert [(int(number), name) for number, name, _ in rows] == [
        (int(group), group_words(group).en) for group in Group
    ]
    for number, _, paths in rows:
        assert tuple(re.findall(r"`([a-zN.]+)`", paths)) == PATHS[Group(int(number))]
    assert f'"{GROUP_KEY_LABEL}"' in TEXT


def test_no_policy_shows_anybody_an_order_a_delivery_or_what_is_about_a_lens() -> None:
    order, delivery, invoice = VERSIONS
    paths = load_profile(*_parts(invoice)).fields
    for policy in list_policies():
        for clause in policy.clauses.values():
            assert not {order, delivery} & set(clause.allow)
            shown = {path for path in paths if clause.allowed(invoice, path)}
            assert {"right.code", "left.code", "total.price", "pec.number"} <= shown
            assert {paths[path].group for path in shown} <= {
                *("PEC", "DATES", "AMOUNTS", "GROUPED-CODES", "CLASS", "DETAIL-AMOUNTS", "COVERAGE"),
            }


def _parts(profile_key: str) -> tuple[str, int]:
    name, version = profile_key.split("/")
    return name, int(version)
