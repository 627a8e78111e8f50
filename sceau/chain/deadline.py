# SPDX-License-Identifier: Apache-2.0
"""Work with a time limit that holds, whatever the work waits for.

No time limit of a socket covers looking a name up, shaking hands and headers that come one byte at a time. So the work
is done by another thread; one that is late ends by itself and holds up nobody, not even the end of the process.
"""

from __future__ import annotations

import os
import queue
from collections.abc import Callable
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")

_Result = tuple[Any, BaseException | None]


class TooLate(Exception):
    """The work was not done in time."""


class _Worker:
    """A thread that does one piece of work after the other."""

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        Thread(target=self._run, daemon=True).start()

    def do(self, work: Callable[[], Any], seconds: float) -> _Result:
        """What the work gave or raised. Raises ``queue.Empty`` after ``seconds``."""
        done: queue.SimpleQueue[_Result] = queue.SimpleQueue()

        def run() -> None:
            try:
                done.put((work(), None))
            except BaseException as error:
                done.put((None, error))

        self._work.put(run)
        return done.get(timeout=seconds)

    def end(self) -> None:
        """Lets the thread end, once it has done what it was given."""
        self._work.put(None)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work()


# Starting a thread costs as much as a question to a node on the same computer.
_idle: list[_Worker] = []
# A process that is made by a copy of this one has none of its threads.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)


def within(seconds: float, work: Callable[[], T]) -> T:
    """What ``work`` returns or raises; :class:`TooLate` where that takes more than ``seconds``."""
    try:
        worker = _idle.pop()
    except IndexError:
        worker = _Worker()
    try:
        result, error = worker.do(work, seconds)
    except queue.Empty:
        worker.end()
        raise TooLate from None
    except BaseException:
        worker.end()
        raise
    _idle.append(worker)
    if error is not None:
        raise error
    return result  # type: ignore[no-any-return] # the queue holds what work gave
