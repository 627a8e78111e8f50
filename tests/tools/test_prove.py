# SPDX-License-Identifier: Apache-2.0
"""A proof counts only if it was run, whole, and ended as it must; the page lists every one."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tools import run_tests
from tools.prove import PROOFS, Result, declared, faults, read_results

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "proofs.md").read_text(encoding="utf-8")
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
FILES = sorted(path.stem for path in PROOFS.glob("?*Proof.sol"))


def told(**ended: int) -> dict[str, Any]:
    """What Halmos writes of functions that ended so."""
    results = [
        {"name": f"{name}(uint256)", "exitcode": code, "num_bounded_loops": 0} for name, code in ended.items()
    ]
    return {"exitcode": 1, "test_results": {"tests/proofs/X.sol:X": results}}


def test_a_check_must_be_proved_and_a_refutation_found() -> None:
    results = read_results(told(check_a=0, refute_b=1))
    assert faults(results, ["check_a", "refute_b"]) == []


@pytest.mark.parametrize("ended", [1, 2, 3, 4, 5])
def test_a_check_that_is_refuted_or_unknown_fails(ended: int) -> None:
    (fault,) = faults(read_results(told(check_a=ended)), ["check_a"])
    assert "check_a" in fault


@pytest.mark.parametrize("ended", [0, 2, 3, 4, 5])
def test_a_false_property_that_is_not_refuted_fails(ended: int) -> None:
    (fault,) = faults(read_results(told(refute_a=ended)), ["refute_a"])
    assert "refute_a" in fault


def test_a_function_that_was_not_run_fails() -> None:
    assert len(faults([], ["check_a", "refute_b"])) == 2


def test_a_proof_with_a_loop_cut_off_fails() -> None:
    assert not Result("check_a", 0, 1).as_it_must


@pytest.mark.parametrize("proof", FILES)
def test_the_page_lists_every_function_of_a_proof(proof: str) -> None:
    names = declared(proof)
    assert len(names) == len(set(names))
    assert any(name.startswith("check_") for name in names)
    assert any(name.startswith("refute_") for name in names)
    assert [name for name in names if f"`{name}`" not in PAGE] == []


def test_the_page_lists_nothing_else_and_only_properties_of_the_protocol() -> None:
    listed = set(re.findall(r"`((?:check|refute)_\w+)`", PAGE))
    assert listed == {name for proof in FILES for name in declared(proof)}
    numbers = set(re.findall(r"\bP\d+\b", PAGE))
    assert numbers
    assert [number for number in numbers if f"**{number}**" not in PROTOCOL] == []


def test_every_step_of_the_table_has_its_proof() -> None:
    from sceau.terms import Step

    names = set(declared("ClaimProof"))
    assert {f"check_P24_{step.name.lower()}" for step in Step} <= names


def test_what_cannot_be_proved_here_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_tests, "CAN_PROVE", False)
    assert any("Halmos" in line for line in run_tests.not_run())
    assert ("proofs" in {stage.name for stage in run_tests.THEN}) == (sys.version_info >= (3, 11))


def test_every_answer_to_slither_is_one_line_that_says_something() -> None:
    answers = json.loads((ROOT / "tools" / "slither.json").read_text(encoding="utf-8"))
    assert answers
    for each in answers:
        assert len(each["answer"]) > 20
        assert "\n" not in each["answer"]


def test_a_finding_without_an_answer_and_an_answer_without_a_finding_fail() -> None:
    from tools.slither_findings import NotAnswered, compare

    found = {"check": "reentrancy", "where": ["A.f()"], "what": ["x = y"]}
    compare([found], [{**found, "answer": "It asks nobody."}])
    for findings, answers in (
        ([found], []),
        ([found], [{**found, "answer": " "}]),
        ([found], [{**found, "what": ["x = z"], "answer": "It asks nobody."}]),
        ([], [{**found, "answer": "It asks nobody."}]),
    ):
        with pytest.raises(NotAnswered):
            compare(findings, answers)
