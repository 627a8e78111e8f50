# SPDX-License-Identifier: Apache-2.0
"""Days and times as documents write them: ISO 8601, in one writing each."""

from __future__ import annotations

import re
from datetime import date, datetime

# Before the year 1000 strftime writes fewer digits, on some systems: there is no writing of such a time. Nor is there
# one of the hour 24, which some versions of Python read.
_TIME = re.compile(r"([1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2})Z")


def day_of(written: object) -> date | None:
    """The day of ``2026-11-29``; ``None`` for any other writing, and for a day that no calendar has."""
    if not isinstance(written, str):
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if day.isoformat() == written else None


def time_of(written: object) -> datetime | None:
    """The time of ``2026-11-29T16:30:00Z``; ``None`` for any other writing."""
    shaped = _TIME.fullmatch(written) if isinstance(written, str) else None
    try:
        return None if shaped is None else datetime.fromisoformat(f"{shaped[1]}+00:00")
    except ValueError:
        return None


def time_text(time: datetime) -> str:
    """A time in UTC as :func:`time_of` reads it."""
    return time.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
