# SPDX-License-Identifier: Apache-2.0
"""A French quote and what follows from it, as an optician's and a lens maker's software write them, on any day.

The files are those of ``tests/data``. A verification holds their dates against the chain's time, so they move with it.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "tests" / "data"

#: The day on which the files of ``tests/data`` are told: that of the invoice.
TOLD = date(2026, 12, 1)

_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def document(name: str, day: date | None = None) -> bytes:
    """The file ``name`` (``quote``, ``order``, ``delivery``, ``invoice``) as if its invoice was made out on ``day``.

    ``day`` is today, in UTC, unless another is given. The distances between all dates stay.
    """
    moved = (day or datetime.now(timezone.utc).date()) - TOLD
    text = (DATA / f"{name}.json").read_text(encoding="utf-8")
    return _DATE.sub(lambda found: (date.fromisoformat(found[0]) + moved).isoformat(), text).encode()
