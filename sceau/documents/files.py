# SPDX-License-Identifier: Apache-2.0
"""Reading and writing the small files that people hand each other: whole or not at all, and private.

Nearly every file of Sceau holds a key, a salt or a name, so all are made readable by their owner only.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sceau.documents.errors import FileExists, FileNotRead, FileNotWritten
from sceau.errors import Sentence

#: Longest file that is read, in bytes.
LONGEST = 1_000_000


_REASONS = {
    FileNotFoundError: Sentence("documents.absent"),
    PermissionError: Sentence("documents.rights"),
    IsADirectoryError: Sentence("documents.folder"),
    NotADirectoryError: Sentence("documents.no-folder"),
    ValueError: Sentence("documents.name"),
}
_NO_FILE = Sentence("documents.no-file")
_DASH = Sentence("documents.dash")
TOO_BIG = Sentence("documents.too-big")


def load(path: str | Path) -> bytes:
    """The content of a file. Raises :class:`FileNotRead`."""
    try:
        content = first_bytes(path, LONGEST + 1)
    except (OSError, ValueError) as error:
        raise FileNotRead(path=path, why=_why(error)) from None
    if len(content) > LONGEST:
        raise FileNotRead(path=path, why=TOO_BIG)
    return content


def first_bytes(path: str | Path, most: int) -> bytes:
    """The first bytes of a file, ``most`` at most: a device or a pipe may never end. Raises OSError, ValueError."""
    with Path(path).open("rb") as file:
        return file.read(most)


def require_writable(path: str | Path, *, force: bool = False) -> None:
    """Raises what :func:`save` would, before anything else is done. ``force`` allows an existing file."""
    target = Path(path)
    if str(path) == "-":
        # In other programs it is the standard output; a file of that name would surprise, and is hard to remove.
        raise FileNotWritten(path=path, why=_DASH)
    try:
        if target.is_dir():
            raise IsADirectoryError
        if not force and (target.exists() or target.is_symlink()):
            raise FileExists(path=path)
        if target.exists() and not target.is_file():
            # A device, say: it would be replaced by a file.
            raise FileNotWritten(path=path, why=_NO_FILE)
        # Asked for its whole name: a working directory that was deleted is still a directory.
        if not Path(os.path.realpath(target.parent)).is_dir():
            raise FileNotFoundError
        if not os.access(target.parent, os.W_OK):
            raise PermissionError
    except (OSError, ValueError) as error:
        raise FileNotWritten(path=path, why=_why(error)) from None


def save(path: str | Path, content: bytes, *, force: bool = False) -> None:
    """Writes a file whole or not at all, readable by its owner only (mode 0600).

    Raises :class:`FileExists` unless ``force``, and :class:`FileNotWritten` when the place cannot be written.
    """
    require_writable(path, force=force)
    target = Path(path)
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".sceau-")
    except OSError as error:
        raise FileNotWritten(path=path, why=_why(error)) from None
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if force:
            temporary.replace(target)
        else:
            _publish(temporary, target)
    except FileExistsError:
        raise FileExists(path=path) from None
    except (OSError, ValueError) as error:
        raise FileNotWritten(path=path, why=_why(error)) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def save_json(path: str | Path, value: Mapping[str, Any], *, force: bool = False) -> None:
    """Writes a JSON file; raises as :func:`save`."""
    save(path, (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode(), force=force)


def _publish(temporary: Path, target: Path) -> None:
    """Gives a finished file its name, unless the name was taken meanwhile."""
    try:
        # A hard link fails when the name is taken; a rename would silently replace the other file.
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        # No hard links on this file system (FAT, some shares): the check made before has to do.
        temporary.replace(target)


def _why(error: Exception) -> Sentence | str:
    for kind, reason in _REASONS.items():
        if isinstance(error, kind):
            return reason
    return getattr(error, "strerror", None) or type(error).__name__
