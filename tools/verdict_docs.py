# SPDX-License-Identifier: Apache-2.0
"""Write the table of findings of docs/verdicts.md from the client, or with ``--check`` say whether they are equal.

python -m tools.verdict_docs [--check]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from sceau.message.justification import JUSTIFIABLE
from sceau.verify.findings import CATALOGUE

DOCUMENT = Path(__file__).parents[1] / "docs" / "verdicts.md"
MARKER = "<!-- Below this line: python -m tools.verdict_docs -->\n"


def table() -> str:
    """Everything below the marker: a row for each finding."""
    return "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    yield "| finding | weight | what it means and what to do | en français | justifiable |"
    yield "|---|---|---|---|---|"
    for code, (weight, english, french) in CATALOGUE.items():
        closed = "yes" if code in JUSTIFIABLE else ""
        yield f"| `{code}` | {weight.value} | {english} | {french} | {closed} |"


def main() -> int:
    """Writes or checks the document; 1 when ``--check`` finds a difference."""
    intro, marker, written = DOCUMENT.read_text("utf-8").partition(MARKER)
    if not marker:
        print(f"{DOCUMENT}: the marker line is missing", file=sys.stderr)
        return 1
    wanted = "\n" + table()
    if "--check" not in sys.argv[1:]:
        DOCUMENT.write_text(intro + MARKER + wanted, "utf-8")
        return 0
    if written != wanted:
        print(
            "docs/verdicts.md differs from the findings. Run: python -m tools.verdict_docs", file=sys.stderr
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
