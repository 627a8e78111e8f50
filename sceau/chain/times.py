# SPDX-License-Identifier: Apache-2.0
"""The chain's times, for people."""

from __future__ import annotations

from datetime import datetime, timezone


def utc_text(seconds: int) -> str:
    """Seconds since 1970 as ``2026-11-23 19:30:00 UTC``; the bare number if no calendar holds it."""
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, ValueError, OSError):
        return str(seconds)
