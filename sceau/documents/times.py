# SPDX-License-Identifier: Apache-2.0
"""Days and times as documents write them: ISO 8601, in one writing each."""

from __future__ import annotations

from datetime import date, datetime, timezone

_FIRST_YEAR = 1000


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
    if not isinstance(written, str):
        return None
    try:
        time = datetime.fromisoformat(written.removesuffix("Z")).replace(tzinfo=timezone.utc)
    except ValueError:
        return None
    # Before the year 1000 strftime writes fewer digits, on some systems: there is no writing of such a time.
    return time if time.year >= _FIRST_YEAR and time_text(time) == written else None


def time_text(time: datetime) -> str:
    """A time in UTC as :func:`time_of` reads it."""
    return time.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
