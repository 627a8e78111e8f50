# SPDX-License-Identifier: Apache-2.0
"""Standard input, output and error as they are on any machine: closed, full, abandoned, or without accents.

A command does its work whatever becomes of its output: what cannot be shown is told at the end, and never undoes or
skips what was asked for.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from typing import IO

#: What a terminal without a character shows instead, where taking its accent away does not do.
_PLAIN = {
    "●": "*",
    "│": "|",
    "─": "-",
    "→": "->",
    "–": "-",
    "—": "-",
    "’": "'",
    "°": "o",
    "«": '"',
    "»": '"',
    "œ": "oe",
    "Œ": "OE",
}

#: Variables that libraries read as a number of columns or lines, whatever they hold; and the most that is one.
_SIZES = ("COLUMNS", "LINES", "TERMINAL_WIDTH")
_LARGEST = 10_000

_lost: OSError | None = None


def prepare() -> None:
    """Makes the three streams usable; called once, before anything is written."""
    global _lost  # noqa: PLW0603 - a process has one standard output
    _lost = None
    for name in _SIZES:
        if not _is_size(os.environ.get(name, "1")):
            del os.environ[name]
    codecs.register_error("sceau-plain", _plainer)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            # Closed by whoever started us (">&-"): a file opened later must not get its number.
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - a stream
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="sceau-plain")


def _is_size(written: str) -> bool:
    return written.isascii() and written.isdigit() and 0 < int(written[:9]) <= _LARGEST


def give_up(stream: IO[str], error: OSError) -> None:
    """After ``error``, lets what is written to ``stream`` go nowhere; :func:`finish` tells it of the output."""
    global _lost  # noqa: PLW0603 - as above
    if stream is sys.stdout:
        _lost = error
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def finish() -> OSError | None:
    """Writes what is left of the output, and returns why some of it was lost, ``None`` if nothing was."""
    try:
        sys.stdout.flush()
    except OSError as error:
        give_up(sys.stdout, error)
    return _lost


def _plainer(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_plain(char) for char in error.object[error.start : error.end]), error.end


def _plain(char: str) -> str:
    if char in _PLAIN:
        return _PLAIN[char]
    return unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode() or "?"
