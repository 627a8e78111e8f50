# SPDX-License-Identifier: Apache-2.0
"""The folder in which a reader keeps a directory: entries, and the admins' statements, each in a file of its own."""

from __future__ import annotations

from pathlib import Path

from sceau.documents.errors import FileNotRead, InFile
from sceau.documents.files import load, save_json
from sceau.documents.strict_json import read_object
from sceau.errors import SceauError, Sentence
from sceau.party.confirmation import FORMAT as CONFIRMATION
from sceau.party.confirmation import IdentityConfirmation
from sceau.party.entry import DirectoryEntry

#: What a directory holds.
Kept = DirectoryEntry | IdentityConfirmation

_WHAT = Sentence("files.directory-entry")
_NO_FOLDER = Sentence("documents.folder-missing")


def kept_of(folder: str | Path) -> list[Kept]:
    """What is in every ``*.json`` of a folder.

    Raises:
        FileNotRead: there is no such folder.
        InFile: a file is invalid; the error names it and has the code of the reason.
    """
    return [_kept_in(each) for each in sorted(_existing(folder).glob("*.json"))]


def store_entry(folder: str | Path, entry: DirectoryEntry, party: int) -> Path:
    """Puts the entry of a party into a directory's folder, and gives the file's path.

    A former entry stays beside it under its hash: what was signed by its keys is checked against it. If its identity
    is the same, the new one names the hash of its keys, too.

    Raises:
        FileNotRead, FileNotWritten: there is no such folder, or it cannot be written to.
    """
    file = _existing(folder) / f"party-{party}.json"
    former = _former(file)
    if former is not None:
        entry = entry.after(former)
        if former != entry:
            file.replace(file.with_name(f"{file.stem}-{former.hash[2:18]}.json"))
    save_json(file, entry.to_json(), force=True)
    return file


def store_confirmation(folder: str | Path, statement: IdentityConfirmation) -> Path:
    """Puts a statement into a directory's folder, beside the entries, and gives the file's path.

    Raises:
        FileNotRead, FileNotWritten: there is no such folder, or it cannot be written to.
    """
    file = _existing(folder) / f"party-{statement.party}-confirmed-{statement.publication}.json"
    save_json(file, statement.to_json(), force=True)
    return file


def _existing(folder: str | Path) -> Path:
    path = Path(folder)
    if not path.is_dir():
        raise FileNotRead(path=path, why=_NO_FOLDER)
    return path


def _former(file: Path) -> DirectoryEntry | None:
    """The entry in a file that is to be replaced; ``None`` where there is none, or none that can be read."""
    try:
        former = _kept_in(file) if file.exists() else None
    except SceauError:
        return None
    return former if isinstance(former, DirectoryEntry) else None


def _kept_in(path: Path) -> Kept:
    try:
        data = load(path)
        if read_object(data, _WHAT).get("format") == CONFIRMATION:
            return IdentityConfirmation.from_json(data)
        return DirectoryEntry.from_json(data)
    except FileNotRead:
        raise
    except SceauError as error:
        raise InFile(path, error) from None
