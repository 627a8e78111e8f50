# SPDX-License-Identifier: Apache-2.0
"""Directory entries: an organisation's public name and message keys, pinned by the hash that the chain holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sceau.chain.network import Network
from sceau.chain.registries.parties import read_parties, read_party, read_published
from sceau.chain.times import utc_text
from sceau.documents.errors import FileMalformed, FileNotRead, InFile
from sceau.documents.files import load, save_json
from sceau.documents.identifiers import hex_of
from sceau.documents.strict_json import Data
from sceau.errors import SceauError, Sentence
from sceau.party.errors import EntryOfNobody, FormerEntryMissing, NotInDirectory
from sceau.party.message_keys import PublicKeys
from sceau.record import text as free_text

if TYPE_CHECKING:
    from sceau.party import shapes

FORMAT = "sceau-directory-entry/1"

_WHAT = Sentence("files.directory-entry")
_NO_FOLDER = Sentence("documents.folder-missing")


@dataclass(frozen=True)
class DirectoryEntry:
    """What a party publishes of itself.

    ``country`` is ISO 3166 alpha-2, ``identifier`` its public number there (a SIRET in France), ``jwks`` its
    message keys, ``None`` if it takes no messages.
    """

    name: str
    country: str
    identifier: str
    jwks: Mapping[str, Any] | None

    @classmethod
    def make(
        cls, name: str, country: str, identifier: str, jwks: Mapping[str, Any] | None = None
    ) -> DirectoryEntry:
        """An entry that every reader takes; raises as :meth:`from_json`."""
        # Read back what would be written: what is refused on reading is refused on making.
        return cls.from_json(cls(name, country, identifier, jwks).to_json())

    @property
    def hash(self) -> str:
        """keccak256 of the entry as JSON with sorted keys, no blanks, UTF-8: what the chain holds."""
        from eth_hash.auto import keccak

        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hex_of(keccak(text.encode("utf-8")))

    def to_json(self) -> dict[str, Any]:
        """The entry as JSON values."""
        return {
            "format": FORMAT,
            "name": self.name,
            "country": self.country,
            "identifier": self.identifier,
            "jwks": None if self.jwks is None else dict(self.jwks),
        }

    @classmethod
    def from_json(cls, data: Data) -> DirectoryEntry:
        """Reads an entry. Raises :class:`FileMalformed` or :class:`MessageKeysInvalid`."""
        from sceau.documents.model import read
        from sceau.party import shapes

        return cls.of_shape(read(shapes.DirectoryEntry, data, _WHAT))

    @classmethod
    def of_shape(cls, written: shapes.DirectoryEntry) -> DirectoryEntry:
        """What a document holds, once its shape was found right; raises as :meth:`from_json`."""
        for text in (written.name, written.country, written.identifier):
            # Shown to admins and patients: nothing in it may hide, or write over what stands beside it.
            rule = free_text.broken_rule(text)
            if rule is not None:
                raise FileMalformed(what=_WHAT, rule=rule)
        jwks = None if written.jwks is None else PublicKeys.of_shape(written.jwks, written.name).jwks
        return cls(written.name, written.country, written.identifier, jwks)


class Directory:
    """Entries by their hash. An entry counts for a party when the chain holds its hash for that party.

    ``stored`` gives what a store holds under a hash, where ``entries`` do not have it.
    """

    def __init__(
        self,
        entries: Mapping[str, DirectoryEntry],
        stored: Callable[[str], Data | None] | None = None,
    ) -> None:
        self._entries = dict(entries)
        self._stored = stored

    @classmethod
    def of(cls, *entries: DirectoryEntry) -> Directory:
        """A directory of these entries."""
        return cls({entry.hash: entry for entry in entries})

    @classmethod
    def load(cls, folder: str | Path) -> Directory:
        """Every ``*.json`` of a folder.

        Raises:
            FileNotRead: there is no such folder.
            InFile: an entry is invalid; the error names its file and has the code of the reason.
        """
        path = Path(folder)
        if not path.is_dir():
            raise FileNotRead(path=path, why=_NO_FOLDER)
        return cls.of(*(_entry_in(each) for each in sorted(path.glob("*.json"))))

    def also(self, *entries: DirectoryEntry) -> Directory:
        """This directory with more entries; whoever gives them, each counts by its hash on the chain alone."""
        return Directory({**self._entries, **Directory.of(*entries)._entries}, self._stored)

    def beside(self, stored: Callable[[str], Data | None]) -> Directory:
        """This directory with what a store holds under an entry's hash."""
        return Directory(self._entries, stored)

    def _by_hash(self, digest: str) -> DirectoryEntry | None:
        entry = self._entries.get(digest)
        if entry is None and self._stored is not None:
            kept = self._stored(digest)
            entry = None if kept is None else DirectoryEntry.from_json(kept)
        return entry if entry is not None and entry.hash == digest else None

    def entry(self, network: Network, party: int, *, block: int | None = None) -> DirectoryEntry:
        """The entry of a party, checked against the chain.

        Raises:
            NotInDirectory: none here has the hash that the chain holds for the party.
            PartyUnknown: no party has this number.
        """
        entry = self._by_hash(read_party(network, party, block=block).directory)
        if entry is None:
            raise NotInDirectory(party=party)
        return entry

    def entry_at(
        self, network: Network, party: int, time: int, *, block: int | None = None
    ) -> DirectoryEntry:
        """The entry that a party published at a time (seconds since 1970), by the registry's events up to ``block``.

        Raises:
            NotInDirectory: none here has that entry's hash; :class:`FormerEntryMissing` if it was replaced since.
            PartyUnknown: no party has this number.
            EntriesIncomplete: the node hides events.
        """
        head = network.head().number if block is None else block
        published = read_published(network, party, block=head)
        then = [each for each in published if each.since <= time]
        entry = self._by_hash(then[-1].hash) if then else None
        if entry is None and then and then[-1] is published[-1]:
            raise NotInDirectory(party=party)
        if entry is None:
            raise FormerEntryMissing(party=party, at=utc_text(time))
        return entry

    def keys_at(self, network: Network, party: int, time: int, *, block: int | None = None) -> PublicKeys:
        """The message keys that a party published at a time; raises as :meth:`entry_at`, also where it had none."""
        jwks = self.entry_at(network, party, time, block=block).jwks
        if jwks is None:
            raise NotInDirectory(party=party)
        return PublicKeys(jwks)

    def entries(self, network: Network, *, block: int) -> dict[int, DirectoryEntry | None]:
        """The entry of every party by its number, ``None`` where none here has the hash that the chain holds."""
        return {
            party.party: self._entries.get(party.directory) for party in read_parties(network, block=block)
        }

    def names(self, network: Network, parties: Iterable[int], *, block: int | None = None) -> dict[int, str]:
        """Names by party number, of those whose entry the chain confirms; raises :class:`PartyUnknown`."""
        found = {}
        for party in sorted(set(parties)):
            entry = self._entries.get(read_party(network, party, block=block).directory)
            if entry is not None:
                found[party] = entry.name
        return found

    def keys(self, network: Network, party: int, *, block: int | None = None) -> PublicKeys:
        """The message keys of a party. Raises :class:`NotInDirectory` also when it publishes none."""
        jwks = self.entry(network, party, block=block).jwks
        if jwks is None:
            raise NotInDirectory(party=party)
        return PublicKeys(jwks)


def party_of(network: Network, entry: DirectoryEntry, *, block: int) -> int:
    """The party that publishes an entry.

    Raises:
        EntryOfNobody: the chain holds its hash for no party.
    """
    for party in read_parties(network, block=block):
        if party.directory == entry.hash:
            return party.party
    raise EntryOfNobody


def _entry_in(path: Path) -> DirectoryEntry:
    try:
        return DirectoryEntry.from_json(load(path))
    except FileNotRead:
        raise
    except SceauError as error:
        raise InFile(path, error) from None


def store_entry(folder: str | Path, entry: DirectoryEntry, party: int) -> Path:
    """Puts the entry of a party into a directory's folder, and gives the file's path.

    A former entry stays beside it under its hash: what was signed by its keys is held against it.

    Raises:
        FileNotRead, FileNotWritten: there is no such folder, or it cannot be written to.
    """
    path = Path(folder)
    if not path.is_dir():
        raise FileNotRead(path=path, why=_NO_FOLDER)
    file = path / f"party-{party}.json"
    if file.exists():
        _set_aside(file, entry)
    save_json(file, entry.to_json(), force=True)
    return file


def _set_aside(file: Path, entry: DirectoryEntry) -> None:
    """Gives the file of a former entry a name of its own; one that holds no entry is left to be overwritten."""
    try:
        former = _entry_in(file)
    except InFile:
        return
    if former != entry:
        file.replace(file.with_name(f"{file.stem}-{former.hash[2:18]}.json"))
