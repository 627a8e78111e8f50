# SPDX-License-Identifier: Apache-2.0
"""The part of a document that a tool writes: everything below a line that names the tool."""

from __future__ import annotations

import sys
from pathlib import Path

DOCUMENTS = Path(__file__).parents[1] / "docs"


def keep_equal(document: str, tool: str, wanted: str) -> int:
    """Writes ``wanted`` below the tool's line or, with ``--check`` on the command line, compares; 1 on a difference."""
    path, line = DOCUMENTS / document, f"<!-- Below this line: python -m {tool} -->\n"
    intro, marker, written = path.read_text("utf-8").partition(line)
    if not marker:
        print(f"{path}: the line that names {tool} is missing", file=sys.stderr)
        return 1
    wanted = "\n" + wanted
    if "--check" not in sys.argv[1:]:
        path.write_text(intro + marker + wanted, "utf-8")
        return 0
    if written != wanted:
        print(f"docs/{document} is not what it should be. Run: python -m {tool}", file=sys.stderr)
        return 1
    return 0
