# SPDX-License-Identifier: Apache-2.0
"""The locks agree: the demonstration installs a part of what the tests install, and all that the client needs."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]


def canonical(name: str) -> str:
    """A package's name in the one writing of the index (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[str, str]:
    """The version of each package of a lock."""
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    found = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE)
    return {canonical(name): version for name, version in found}


def names(needed: list[str]) -> set[str]:
    return {canonical(re.split(r"[^A-Za-z0-9._-]", each)[0]) for each in needed}


def test_the_demonstration_installs_a_part_of_what_the_tests_install() -> None:
    assert pins("demo").items() <= pins("dev").items()


@pytest.mark.parametrize("lock", ["demo", "dev", "client"])
def test_a_lock_holds_what_the_client_needs(lock: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = names(project["dependencies"]) | names(extras["fhir"]) | names(extras["envelope"])
    assert needed - set(pins(lock)) == set()
