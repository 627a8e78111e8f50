# SPDX-License-Identifier: Apache-2.0
"""The chain's times, as people write and read them."""

from __future__ import annotations

from datetime import datetime, timezone

from sceau.documents.errors import TimeInvalid


def utc_text(seconds: int) -> str:
    """Seconds since 1970 as ``2026-11-23 19:30:00 UTC``; the bare number if no calendar holds it."""
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, ValueError, OSError):
        return str(seconds)


def iso_text(seconds: int) -> str | None:
    """Seconds since 1970 as ``2026-11-23T19:30:00Z``, for programs; ``None`` for zero, which stands for never."""
    if not seconds:
        return None
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_of(text: str) -> int:
    """Seconds since 1970 of a date or time in ISO 8601, UTC where no zone is given.

    Raises:
        TimeInvalid: it is not one, or before 1970: no chain is so old.
    """
    try:
        read = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise TimeInvalid(text=text[:40]) from None
    seconds = int((read if read.tzinfo else read.replace(tzinfo=timezone.utc)).timestamp())
    if seconds < 0:
        raise TimeInvalid(text=text[:40])
    return seconds
