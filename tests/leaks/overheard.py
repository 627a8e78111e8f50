# SPDX-License-Identifier: Apache-2.0
"""What a process says while it works: logs down to DEBUG, standard output and error."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

#: Hex that is read as the bytes it stands for: among its digits any short number would be found by chance.
_HEX = re.compile(r"(?:0x)?((?:[0-9a-fA-F]{2}){8,})")


@contextmanager
def overheard() -> Iterator[list[str]]:
    """Inside, everything that is logged or printed; yields the texts so far, the printed ones last, at the end."""
    said: list[str] = []
    handler = _Listener(said)
    root, printed = logging.getLogger(), io.StringIO()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with redirect_stdout(printed), redirect_stderr(printed):
            yield said
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        said.append(printed.getvalue())


def pieces(place: str, texts: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Texts as pieces to search: the words, and the bytes that hex in them stands for."""
    for text in texts:
        yield place, _HEX.sub(" ", text).encode("utf-8", "surrogateescape")
        for run in _HEX.findall(text):
            yield place, bytes.fromhex(run)


class _Listener(logging.Handler):
    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._said = said
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(self.format(record))
