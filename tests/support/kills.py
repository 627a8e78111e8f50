# SPDX-License-Identifier: Apache-2.0
"""Real processes that are killed with SIGKILL at random points.

A process that has imported everything is forked, so that a life takes as long as its work. The work opens its own
store and its own connection.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import wait
from typing import IO

_FAILED = 70


def lives(work: Callable[[int, Callable[[str], None]], None], points: int, seed: int) -> Iterator[list[str]]:
    """What each of ``points`` lives of ``work`` told before it was killed, or ended.

    ``work`` is given the life's number and a function that tells a line: what was told is known to the outside. A life
    is killed after a random part of the time that a whole one takes; one of five may end, so that what the others left
    does not grow for ever. Fails where a life ends with an error.
    """
    draw = random.Random(seed)
    longest = 0.0
    for number in range(points):
        limit = None if number % 10 < 2 else draw.uniform(0, longest * 1.1)
        began = time.monotonic()
        told, whole = live(work, number, limit)
        if whole:
            longest = max(longest * 0.9, time.monotonic() - began)
        yield told


def live(
    work: Callable[[int, Callable[[str], None]], None], number: int = 0, limit: float | None = None
) -> tuple[list[str], bool]:
    """What one life of ``work`` told, and whether it came to its end before ``limit`` seconds had passed."""
    reading, writing = os.pipe()

    def telling() -> None:
        os.close(reading)
        work(number, lambda line: _tell(writing, line))

    child = forked(telling)
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        told, killed = _until(child, pipe, limit)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code == 0 or (killed and code == -signal.SIGKILL), f"a life ended with {code}"
    return told.decode().splitlines(), code == 0


def forked(work: Callable[[], object]) -> int:
    """Starts ``work`` in a process of its own, which ends with it; its id. The exit code is 0 unless it raised."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = _FAILED
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _tell(pipe: int, line: str) -> None:
    os.write(pipe, f"{line}\n".encode())


def _until(child: int, pipe: IO[bytes], limit: float | None) -> tuple[bytes, bool]:
    """What comes by a pipe until it is closed, as it is when the child ends; the child is killed after ``limit``.

    And whether it was.
    """
    until = None if limit is None else time.monotonic() + limit
    told, killed = b"", False
    while True:
        left = None if until is None or killed else max(0.0, until - time.monotonic())
        if not wait([pipe.fileno()], left):
            os.kill(child, signal.SIGKILL)
            killed = True
        elif piece := pipe.read(65_536):
            told += piece
        else:
            return told, killed
