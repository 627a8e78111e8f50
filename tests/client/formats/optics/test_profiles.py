# SPDX-License-Identifier: Apache-2.0
"""The optical profiles hold what they promise, and the document shows them as they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sceau.formats.optics.correction import PrismPart, addition, correction, fold_prism, lens_values
from sceau.record import Value, load_profile
from sceau.record.errors import RuleBroken, ValueNotCanonical

ROOT = Path(__file__).parents[4]
OPTICAL = ["optical-prescription", "optical-claim", "fr-optical-quote"]
GROUPS = {
    *("PEC", "DATES", "AMOUNTS", "GROUPED-CODES", "CLASS", "DETAIL-AMOUNTS"),
    *("COVERAGE", "RENEWAL", "PRODUCT", "CORRECTION", "PRESCRIPTION"),
}
WRITTEN = {"prescription.written": "2026-10-02"}


@pytest.mark.parametrize("name", OPTICAL)
def test_every_field_has_a_known_group_and_a_name_in_both_languages(name: str) -> None:
    for field in load_profile(name, 1).fields.values():
        assert field.group in GROUPS
        assert field.title("en") != field.title("fr")
        assert field.path not in (field.title("en"), field.title("fr"))


def test_codes_and_corrections_are_in_the_groups_that_keep_them_apart() -> None:
    prescription = load_profile("optical-prescription", 1).fields
    assert {field.group for field in prescription.values()} == {"CORRECTION", "PRESCRIPTION"}
    quote, claim = load_profile("fr-optical-quote", 1).fields, load_profile("optical-claim", 1).fields
    for fields in (quote, claim):
        for path, field in fields.items():
            assert (field.group == "PRESCRIPTION") == path.startswith("prescription.")
            assert (field.group == "PRODUCT") == path.startswith("part.")


def test_the_widest_lens_that_correction_writes_is_held_by_the_profile() -> None:
    profile = load_profile("optical-prescription", 1)
    for sphere, cylinder, prism in ((40, -15, 30), (-40, -15, 30), (25, 15, 30)):
        folded = fold_prism([PrismPart(prism, "down"), PrismPart(prism, "in")], "left")
        lens = correction(sphere, cylinder, 180)
        profile.validate(WRITTEN | lens_values("left", lens, addition(8), folded))


def test_a_record_holds_only_the_one_writing_of_a_lens() -> None:
    profile = load_profile("optical-prescription", 1)
    lens: dict[str, Value] = {"right.sphere": "-1.00", "right.cylinder": "-0.50", "right.axis": 180}
    assert profile.validate(WRITTEN | lens)
    changes: tuple[dict[str, Value], ...] = (
        {"right.cylinder": "0.50"},
        {"right.axis": 0},
        {"right.axis": 181},
        {"right.sphere": "-1"},
        {"right.sphere": "-1.10"},
        {"right.addition": "0.00"},
        {"right.prism.vertical": "0.00"},
        {"right.prism.vertical": "+0.50"},
    )
    for change in changes:
        with pytest.raises(ValueNotCanonical):
            profile.validate(WRITTEN | lens | change)
    incomplete: tuple[dict[str, Value], ...] = (
        {},
        {"right.sphere": "-1.00"},
        {"right.sphere": "-1.00", "right.cylinder": "0.00", "right.axis": 180},
        {"right.sphere": "-1.00", "right.cylinder": "-0.50"},
        lens | {"left.addition": "2.00"},
        lens | {"left.prism.horizontal": "2.00"},
    )
    for broken in incomplete:
        with pytest.raises(RuleBroken):
            profile.validate(WRITTEN | broken)


def test_the_document_shows_the_profiles_as_they_are() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tools.profile_docs", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
