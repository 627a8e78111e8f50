# SPDX-License-Identifier: Apache-2.0
"""How the texts of envelopes travel from one party to another: what a transport must do, and the first one, folders.

A transport is trusted with nothing. It may lose, repeat, delay, change or invent what it carries: an envelope proves
itself when it is opened, and a message is left again until its recipient's receipt comes back.
"""

from __future__ import annotations

import os
import random
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sceau.documents.wrapped import is_encrypted, text_of
from sceau.errors import Sentence
from sceau.messages.errors import ExchangeUnusable
from sceau.store.keys import settle

#: Longest file that is read, in bytes: the longest envelope, with what a mail program may put around its lines.
LONGEST = 256_000

#: Most files of one sender that are looked at in one :meth:`Transport.arrived`.
MOST_FILES = 2_000

_ENDING = ".sceau"
_UNFINISHED = re.compile(r"^[.~]|\.(part|tmp|partial|crdownload|filepart)$", re.IGNORECASE)
_SHOWN = 60

_TOO_LONG = Sentence("posting.file-too-long")
_NO_FILE = Sentence("posting.not-a-file")
_FOREIGN = Sentence("posting.foreign-file")


@dataclass(frozen=True)
class Letter:
    """Something that lies there from one partner, under a name that only its transport reads.

    ``text`` is that of an envelope, whole or not, or ``None`` for what is none; ``why`` says then what it is.
    """

    sender: int
    name: str
    text: str | None
    why: Sentence | None = None

    def __repr__(self) -> str:
        return f"Letter(from party {self.sender}, {self.shown})"

    @property
    def shown(self) -> str:
        """Its name as it may be shown: another party chose it."""
        plain = ascii(self.name)[1:-1]
        return plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "…"


class Transport(Protocol):
    """Carries texts between one party and its partners. Every method raises :class:`ExchangeUnusable`."""

    def partners(self) -> list[int]:
        """The parties from which something may have come."""

    def leave(self, recipient: int, name: str, text: str) -> None:
        """Leaves a text for a party, durably, under a name: in place of what was left under the same name."""

    def take_back(self, recipient: int, name: str) -> None:
        """Removes what was left for a party under a name, if it is still there."""

    def is_waiting(self, recipient: int, name: str) -> bool:
        """Whether what was left under a name is surely still there, unfetched."""

    def arrived(self, sender: int) -> Iterator[Letter]:
        """What came from a party, the oldest first; at most :data:`MOST_FILES`, of more a random choice."""

    def remove(self, letter: Letter) -> None:
        """Takes away what was received."""


class ExchangeFolder:
    """A transport by files: one folder for each direction, ``1-to-3`` for what party 1 leaves for party 3.

    Both parties use the same name, so that any program that synchronises folders, a mounted server or a person with
    mail attachments will do. A folder is shared with that one partner. Files are written whole under random names; of
    what others put there only plain files are read, up to a length, and nothing but what was received is removed.

    Args:
        folder: where these folders are; it must exist. A folder for what leaves is made when it is needed.
        party: the party's own number.
    """

    def __init__(self, folder: str | Path, party: int) -> None:
        self._folder = Path(folder)
        self._party = party

    def __repr__(self) -> str:
        return f"ExchangeFolder({str(self._folder)!r}, party {self._party})"

    def partners(self) -> list[int]:
        """As :meth:`Transport.partners`."""
        wanted = re.compile(rf"([1-9][0-9]{{0,9}})-to-{self._party}")
        try:
            with os.scandir(self._folder) as entries:
                found = [
                    wanted.fullmatch(entry.name) for entry in entries if entry.is_dir(follow_symlinks=False)
                ]
        except OSError as error:
            raise _unusable(self._folder, error) from None
        return sorted(int(match[1]) for match in found if match is not None)

    def leave(self, recipient: int, name: str, text: str) -> None:
        """As :meth:`Transport.leave`."""
        folder = self._made(recipient)
        temporary = folder / f".{name}.part"
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
        try:
            # Whoever may write into the folder could have put a link, or a pipe, under this name.
            with suppress(FileNotFoundError):
                temporary.unlink()
            # Encrypted already: who may read the file is for the user's own settings to say.
            with os.fdopen(os.open(temporary, flags | os.O_EXCL, 0o666), "wb") as file:
                file.write(text.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(folder / (name + _ENDING))
            settle(folder)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink()
            raise _unusable(folder, error) from None

    def take_back(self, recipient: int, name: str) -> None:
        """As :meth:`Transport.take_back`."""
        with suppress(OSError):
            (self._outgoing(recipient) / (name + _ENDING)).unlink()

    def is_waiting(self, recipient: int, name: str) -> bool:
        """As :meth:`Transport.is_waiting`."""
        return (self._outgoing(recipient) / (name + _ENDING)).is_file()

    def arrived(self, sender: int) -> Iterator[Letter]:
        """As :meth:`Transport.arrived`."""
        folder = self._incoming(sender)
        try:
            _require_folder(folder)
            chosen = _some(folder)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _unusable(folder, error) from None
        for _, name in sorted(chosen):
            letter = _read(folder, sender, name)
            if letter is not None:
                yield letter

    def remove(self, letter: Letter) -> None:
        """As :meth:`Transport.remove`."""
        folder = self._incoming(letter.sender)
        try:
            _require_folder(folder)
            (folder / letter.name).unlink(missing_ok=True)
        except OSError as error:
            raise _unusable(folder, error) from None

    def _outgoing(self, recipient: int) -> Path:
        return self._folder / f"{self._party}-to-{recipient}"

    def _incoming(self, sender: int) -> Path:
        return self._folder / f"{sender}-to-{self._party}"

    def _made(self, recipient: int) -> Path:
        folder = self._outgoing(recipient)
        try:
            with suppress(FileExistsError):
                folder.mkdir()
            _require_folder(folder)
        except OSError as error:
            raise _unusable(folder, error) from None
        return folder


def _require_folder(folder: Path) -> None:
    """A partner that may write beside it could have put a link there, which leads anywhere. Raises OSError."""
    if not stat.S_ISDIR(folder.lstat().st_mode):
        raise NotADirectoryError


def _some(folder: Path) -> list[tuple[float, str]]:
    """Names with their times, :data:`MOST_FILES` at most: each of more as likely as any, so that junk hides nothing."""
    chosen: list[tuple[float, str]] = []
    count = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if _UNFINISHED.search(entry.name):
                continue
            count += 1
            place = len(chosen) if len(chosen) < MOST_FILES else random.randrange(count)  # noqa: S311
            if place >= MOST_FILES:
                continue
            try:
                found = (entry.stat(follow_symlinks=False).st_mtime, entry.name)
            except OSError:
                continue
            if place == len(chosen):
                chosen.append(found)
            else:
                chosen[place] = found
    return chosen


def _read(folder: Path, sender: int, name: str) -> Letter | None:
    """What a file holds; ``None`` where it is gone again, or cannot be read now."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    path = folder / name
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return Letter(sender, name, None, _NO_FILE)
        # Without waiting: a pipe may have taken the file's place since.
        with os.fdopen(os.open(path, flags), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                return Letter(sender, name, None, _NO_FILE)
            data = file.read(LONGEST + 1) if found.st_size <= LONGEST else b" " * (LONGEST + 1)
    except (OSError, ValueError):
        return None
    if len(data) > LONGEST:
        return Letter(sender, name, None, _TOO_LONG)
    if not is_encrypted(data):
        return Letter(sender, name, None, _FOREIGN)
    return Letter(sender, name, text_of(data))


def _unusable(folder: Path, error: OSError) -> ExchangeUnusable:
    return ExchangeUnusable(path=folder, why=error.strerror or type(error).__name__)
