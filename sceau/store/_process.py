# SPDX-License-Identifier: Apache-2.0
"""What a process that holds the keys of a store gives up: its memory is written into no file."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache

_PR_SET_DUMPABLE = 4


@cache
def without_core_dump() -> None:
    """From now on this process leaves no core dump, and on Linux no other process of the same user reads its memory."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
