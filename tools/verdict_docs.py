# SPDX-License-Identifier: Apache-2.0
"""Write the table of findings of docs/verdicts.md from the client, or with ``--check`` say whether they are equal.

python -m tools.verdict_docs [--check]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from sceau.locale.catalogue import template
from sceau.messages.justification import JUSTIFIABLE
from sceau.verify.findings import CATALOGUE
from tools.document_table import keep_equal


def table() -> str:
    """Everything below the marker: a row for each finding."""
    return "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    yield "| finding | weight | what it means and what to do | en français | justifiable |"
    yield "|---|---|---|---|---|"
    for code, kind in CATALOGUE.items():
        closed = "yes" if code in JUSTIFIABLE else ""
        english, french = (template(f"findings.{code}", language) for language in ("en", "fr"))
        yield f"| `{code}` | {kind.weight.value} | {english} | {french} | {closed} |"


if __name__ == "__main__":
    sys.exit(keep_equal("verdicts.md", "tools.verdict_docs", table()))
