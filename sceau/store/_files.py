# SPDX-License-Identifier: Apache-2.0
"""Making and reading files that SQLite has open in this process, without taking its locks away.

On POSIX, a process that closes any descriptor of a file loses all its locks on that file, those of SQLite as well
(https://www.sqlite.org/howtocorrupt.html, section 2.2). Another process then takes the log for abandoned and removes
it, and what this process writes afterwards is lost. So a descriptor of such a file is used again and never closed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

_BLOCK = 1 << 20
_ENDINGS = ("", "-wal", "-shm", "-journal")

_lock = Lock()
#: The SQLite files that this process opened.
_opened: set[Path] = set()
#: Descriptors of files that SQLite may have open, by device and number.
_kept: dict[tuple[int, int], int] = {}


def make(path: Path) -> None:
    """Makes an empty file for a database, unless it is there, and notes that SQLite will have it open.

    Its owner alone can read it, as all files of Sceau; SQLite would leave that to the umask. Raises ``OSError``.
    """
    path = Path(os.path.realpath(path))
    with _lock:
        _opened.difference_update([each for each in _opened if not each.exists()])
        _opened.add(path)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            return


def blocks(path: Path) -> Iterator[bytes]:
    """What stands in a file, which SQLite may have open. Raises ``OSError``."""
    descriptor, kept = _descriptor(path)
    try:
        at = 0
        while block := _read(descriptor, at):
            yield block
            at += len(block)
    finally:
        if not kept:
            os.close(descriptor)


def copy(source: Path, target: Path) -> None:
    """Copies a file, which SQLite may have open, over one that it has not. Raises ``OSError``."""
    with target.open("wb") as file:
        for block in blocks(source):
            file.write(block)


def _descriptor(path: Path) -> tuple[int, bool]:
    """A descriptor to read a file by, and whether it is kept."""
    with _lock:
        # The name may stand for a file of a database by a link: what counts is the file.
        found = path.stat()
        number = (found.st_dev, found.st_ino)
        if number in _kept:
            return _kept[number], True
        descriptor = os.open(path, os.O_RDONLY)
        if os.name == "posix" and number in _numbers():
            _kept[number] = descriptor
            return descriptor, True
        return descriptor, False


def _numbers() -> Iterator[tuple[int, int]]:
    """The files of all databases that this process opened."""
    for path in _opened:
        for ending in _ENDINGS:
            try:
                found = Path(f"{path}{ending}").stat()
            except OSError:
                continue
            yield found.st_dev, found.st_ino


def _read(descriptor: int, at: int) -> bytes:
    with _lock:
        os.lseek(descriptor, at, os.SEEK_SET)
        return os.read(descriptor, _BLOCK)
