# SPDX-License-Identifier: Apache-2.0
"""Slither's findings in the contracts, held against the answers in `tools/slither.json`.

`.venv-proofs/bin/python -m tools.slither_findings` fails on a finding without an answer, and on an answer to a finding
that is no more. With `--write` it writes new findings into the file, each with an empty answer for a person to fill in.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ANSWERS = ROOT / "tools" / "slither.json"
COMPILER = ROOT / "tools" / "solc" / "solc-v0.8.28"
_OUTPUT = {"*": {"*": ["abi", "evm.bytecode", "evm.deployedBytecode"], "": ["ast"]}}


class NotAnswered(RuntimeError):
    """Findings and answers differ; the message lists how."""


def read_contracts() -> Any:
    """The contracts as Slither reads them."""
    from crytic_compile import CryticCompile
    from crytic_compile.platform.solc_standard_json import SolcStandardJson
    from slither import Slither

    standard = SolcStandardJson(standard_input(_OUTPUT))
    compiled = CryticCompile(standard, solc=str(COMPILER), solc_working_dir=str(ROOT))
    return Slither(compiled, filter_paths=["node_modules"])


def findings() -> list[dict[str, Any]]:
    """What every detector of Slither finds: its name, where, and the expressions concerned; sorted, without lines."""
    from slither.detectors import all_detectors
    from slither.detectors.abstract_detector import AbstractDetector

    slither = read_contracts()
    for detector in vars(all_detectors).values():
        if inspect.isclass(detector) and issubclass(detector, AbstractDetector):
            slither.register_detector(detector)
    found = [_identity(result) for results in slither.run_detectors() for result in results]
    return sorted(found, key=json.dumps)


def compare(found: Iterable[dict[str, Any]], answered: Iterable[dict[str, Any]]) -> None:
    """Raises NotAnswered unless each finding has one answer that says something, and each answer a finding."""
    answers = {json.dumps(_without_answer(each)): str(each["answer"]) for each in answered}
    there = [json.dumps(each) for each in found]
    faults = [f"no answer: {each}" for each in there if not answers.get(each, "").strip()]
    faults += [f"no such finding any more: {each}" for each in answers if each not in there]
    if faults:
        raise NotAnswered("\n".join(faults))


def main() -> int:
    """Entry of `python -m tools.slither_findings`."""
    found = findings()
    answered = json.loads(ANSWERS.read_text(encoding="utf-8")) if ANSWERS.exists() else []
    if "--write" in sys.argv[1:]:
        known = {json.dumps(_without_answer(each)): each["answer"] for each in answered}
        answered = [{**each, "answer": known.get(json.dumps(each), "")} for each in found]
        ANSWERS.write_text(json.dumps(answered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    try:
        compare(found, answered)
    except NotAnswered as error:
        print(error)
        print(f"Mend each finding, or answer it in one line in {ANSWERS.relative_to(ROOT)}.")
        return 1
    print(f"Slither: {len(found)} findings, each answered in {ANSWERS.relative_to(ROOT)}.")
    return 0


def standard_input(selection: dict[str, Any]) -> dict[str, Any]:
    """What the compiler is given. No optimizer: what Slither says does not depend on it."""
    paths = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "contracts").rglob("*.sol"))
    return {
        "language": "Solidity",
        "sources": {path: {"urls": [path]} for path in paths},
        "settings": {
            "evmVersion": "shanghai",
            "remappings": ["@openzeppelin=node_modules/@openzeppelin"],
            "outputSelection": selection,
        },
    }


def _identity(result: dict[str, Any]) -> dict[str, Any]:
    elements = [element for element in result["elements"] if element["type"] != "pragma"]
    where = [_place(each) for each in elements if each["type"] != "node"]
    nodes = [str(each["name"]) for each in elements if each["type"] == "node"]
    return {"check": result["check"], "where": where, "what": nodes}


def _place(element: dict[str, Any]) -> str:
    fields = element.get("type_specific_fields", {})
    parent = fields.get("parent", {}).get("name")
    name = str(fields.get("signature") or element["name"])
    return f"{parent}.{name}" if parent else name


def _without_answer(answered: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answered.items() if key != "answer"}


if __name__ == "__main__":
    sys.exit(main())
