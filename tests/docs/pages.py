# SPDX-License-Identifier: Apache-2.0
"""The project's pages, cut into what a test can hold them to."""

from __future__ import annotations

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def path_of_a_newcomer() -> str:
    """The PATH of somebody who has not yet done what a page says: nothing of the project is on it."""
    folders = (Path(folder) for folder in os.environ["PATH"].split(os.pathsep))
    return os.pathsep.join(
        str(folder) for folder in folders if folder.is_absolute() and not (folder / "sceau").exists()
    )


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of a language, in order."""
    return [code for name, code in _BLOCK.findall(page.read_text(encoding="utf-8")) if name == language]


def links(page: Path) -> list[str]:
    """The targets of links to files of the project."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [target for target in _LINK.findall(text) if "://" not in target]
