# SPDX-License-Identifier: Apache-2.0
"""docs/verdicts.md says what the code does: its tables are the code's and its examples run."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

from sceau.chain import contract_errors
from sceau.chain.illegal_steps import NAMED
from sceau.locale.catalogue import template
from sceau.messages.justification import JUSTIFIABLE
from sceau.renewal import load_rules
from sceau.verify.findings import CATALOGUE
from sceau.verify.verdict import Weight
from tests.support.stage import Stage

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "verdicts.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table of a section, without its head."""
    section = re.split(r"^## ", TEXT, flags=re.MULTILINE)
    body = next(part for part in section if part.startswith(heading))
    lines = [line for line in body.splitlines() if line.startswith("| ")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_its_table_of_findings_is_the_codes() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tools.verdict_docs", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert [row[0] for row in rows("All findings")] == list(CATALOGUE)


def test_what_the_contract_refuses_is_said_as_its_errors_say_it() -> None:
    named = {sentence.code: sentence for sentence in NAMED.values()}
    found = {row[0]: row for row in rows("Refused by the contract")}
    for name, (_, error, english, french, way) in found.items():
        kind = getattr(contract_errors, error)
        assert issubclass(kind, contract_errors.ContractError)
        if kind is contract_errors.ClaimStepIllegal:
            assert (english, french) == (named[name].en, named[name].fr)
        else:
            said = tuple(template(f"errors.{kind.code}", language) for language in ("en", "fr"))
            assert (name, english, french) == (kind.code, *said)
        assert way
    assert set(named) | {"party-suspended", "claim-consent-not-valid"} == set(found)


def test_what_is_flagged_or_judged_is_a_finding_with_a_way_to_close_it() -> None:
    told = [*rows("Recorded and flagged"), *rows("Judged by the payer's client")]
    names = {row[0] for row in told}
    assert names <= set(CATALOGUE)
    assert names >= JUSTIFIABLE
    for name, what, closed in told:
        assert what
        assert closed
        assert ("justification" in closed) == (name in JUSTIFIABLE), name
    # Whatever makes an answer refused or doubtful for what was done on the claim has its row.
    order = {code for code, kind in CATALOGUE.items() if kind.weight is not Weight.NOTES}
    assert {
        code for code in order if code.startswith(("delivery-", "invoice-", "order-", "renewal-"))
    } <= names


def test_its_table_of_renewal_is_the_rules() -> None:
    rules = load_rules(on=date(2026, 11, 23))
    cases = ("VISION-CHANGE", "FRAME-NO-LONGER-FITS", "MEDICAL-SITUATION")
    early = {case.code: case.months for case in rules.early}
    written = {row[0].split("`")[0]: row[1:] for row in rows("Renewal")}
    assert set(written) == {band.code for band in rules.bands}
    for band in rules.bands:
        expected = [f"{band.months} months"]
        for case in cases:
            months = early[case].get(band.code)
            expected.append("" if months is None else f"{months} months" if months else "no delay")
        assert written[band.code] == expected


def test_its_examples_run(stage: Stage) -> None:
    life = stage.delivered
    life.note("recordReturn")
    names: dict[str, object] = {
        "practice": life.practice,
        "payer": life.payer,
        "claim": life.claim,
        "order": life.steps["order"],
        "disclosure": life.disclosure(),
    }
    examples = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert len(examples) == 4
    for example in examples:
        exec(example, names)  # noqa: S102  # the document's own example
