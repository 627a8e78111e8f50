# SPDX-License-Identifier: Apache-2.0
"""The project's pages, cut into what a test can hold them to."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of a language, in order."""
    return [code for name, code in _BLOCK.findall(page.read_text(encoding="utf-8")) if name == language]


def links(page: Path) -> list[str]:
    """The targets of links to files of the project."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [target for target in _LINK.findall(text) if "://" not in target]
