# SPDX-License-Identifier: Apache-2.0
"""A directory: the entries that a reader keeps, and the admins' statements, checked against the chain.

An entry's message keys count for a party when the chain holds the entry's hash for it. Its identity counts when the
admins confirmed it besides: by admitting the party with it, or by a statement. So keys can be replaced at once after a
theft, and no party gives itself another name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sceau.chain.network import Network
from sceau.chain.registries.errors import EntriesIncomplete
from sceau.chain.registries.parties import (
    Publication,
    read_parties,
    read_party,
    read_publications,
    read_published,
)
from sceau.chain.times import utc_text
from sceau.documents.strict_json import Data
from sceau.party.confirmation import IdentityConfirmation
from sceau.party.entry import DirectoryEntry as DirectoryEntry
from sceau.party.entry import Identity
from sceau.party.errors import EntryOfNobody, FormerEntryMissing, NotInDirectory
from sceau.party.folder import Kept, kept_of
from sceau.party.message_keys import PublicKeys
from sceau.party.names import looks


@dataclass(frozen=True)
class Listed:
    """What a directory knows of a party at a block.

    ``entry`` is the one whose hash the chain holds, ``None`` if it is not here; its message keys count. ``identity`` is
    the one that the admins confirmed last, ``None`` if it is not known here. ``waits`` says that the entry has another
    one, which they did not confirm. ``resembles`` is the number of the party whose name this one's looks like, and
    which had it first; this one is shown by its number then.
    """

    party: int
    entry: DirectoryEntry | None
    identity: Identity | None
    waits: bool
    resembles: int | None = None

    @property
    def name(self) -> str | None:
        """The name that may be shown."""
        return None if self.identity is None or self.resembles else self.identity.name


class Directory:
    """Entries and statements, from whatever source: each counts by what the chain says of it alone.

    ``stored`` gives what a store holds under an entry's hash, where ``kept`` does not have it.
    """

    def __init__(self, kept: Iterable[Kept] = (), stored: Callable[[str], Data | None] | None = None) -> None:
        self._kept = tuple(kept)
        self._stored = stored
        self._entries: dict[str, DirectoryEntry] = {}
        self._statements: dict[tuple[int, int, str], list[IdentityConfirmation]] = {}
        #: The hash of the identity in each entry known by its hash, and the identities themselves.
        self._identity_in: dict[str, str] = {}
        self._identities: dict[str, Identity] = {}
        for each in self._kept:
            if isinstance(each, DirectoryEntry):
                self._add_entry(each)
            else:
                self._statements.setdefault((each.party, each.publication, each.identity), []).append(each)

    @classmethod
    def of(cls, *kept: Kept) -> Directory:
        """A directory of these entries and statements."""
        return cls(kept)

    @classmethod
    def load(cls, folder: str | Path) -> Directory:
        """Every ``*.json`` of a folder.

        Raises:
            FileNotRead: there is no such folder.
            InFile: a file is invalid; the error names it and has the code of the reason.
        """
        return cls(kept_of(folder))

    def also(self, *kept: Kept) -> Directory:
        """This directory with more entries; each counts only by what the chain says of it, whatever its source."""
        return Directory((*self._kept, *kept), self._stored)

    def beside(self, stored: Callable[[str], Data | None]) -> Directory:
        """This directory with what a store holds under an entry's hash."""
        return Directory(self._kept, stored)

    def _by_hash(self, digest: str) -> DirectoryEntry | None:
        entry = self._entries.get(digest)
        if entry is None and self._stored is not None:
            kept = self._stored(digest)
            entry = None if kept is None else DirectoryEntry.from_json(kept)
        return entry if entry is not None and entry.hash == digest else None

    # Message keys

    def entry(self, network: Network, party: int, *, block: int | None = None) -> DirectoryEntry:
        """The entry of a party whose hash the chain holds. Its name may be one that nobody confirmed: show none of it.

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

    def keys(self, network: Network, party: int, *, block: int | None = None) -> PublicKeys:
        """The message keys of a party. Raises :class:`NotInDirectory` also when it publishes none."""
        jwks = self.entry(network, party, block=block).jwks
        if jwks is None:
            raise NotInDirectory(party=party)
        return PublicKeys(jwks)

    # Identities

    def listed(self, network: Network, *, block: int | None = None) -> dict[int, Listed]:
        """What is known of every party, by number, at a block or at the head."""
        at = network.head().number if block is None else block
        published = read_publications(network, block=at)
        found, since = {}, {}
        for party, publications in sorted(published.items()):
            found[party], since[party] = self._judged(network, party, publications, at)
        return _without_look_alikes(found, since)

    def listed_of(
        self, network: Network, parties: Iterable[int], *, block: int | None = None
    ) -> dict[int, Listed]:
        """What is known of these parties, by number.

        Raises:
            PartyUnknown: no party has one of the numbers.
            EntriesIncomplete: the node hides events.
        """
        at = network.head().number if block is None else block
        held = {party: read_party(network, party, block=at).directory for party in sorted(set(parties))}
        # What is remembered may lack some; what the node itself hides is not believed.
        for fresh in (False, True):
            published = read_publications(network, block=at, fresh=fresh)
            hidden = [p for p in held if p not in published or published[p][-1].directory != held[p]]
            if not hidden:
                listed = self.listed(network, block=at)
                return {party: listed[party] for party in held}
        raise EntriesIncomplete(party=hidden[0])

    def names(self, network: Network, parties: Iterable[int], *, block: int | None = None) -> dict[int, str]:
        """Names by party number, of those that may be shown under one; raises as :meth:`listed_of`."""
        listed = self.listed_of(network, parties, block=block)
        return {party: each.name for party, each in listed.items() if each.name is not None}

    def resembling(self, network: Network, name: str, party: int, *, block: int) -> int | None:
        """The number of another party than ``party`` whose confirmed name looks like ``name``, or ``None``."""
        forms = looks(name)
        for each in self.listed(network, block=block).values():
            if each.party != party and each.identity and not forms.isdisjoint(looks(each.identity.name)):
                return each.party
        return None

    def _add_entry(self, entry: DirectoryEntry) -> None:
        identity = entry.identity
        self._entries[entry.hash] = entry
        self._identities[identity.hash] = identity
        self._identity_in |= dict.fromkeys((entry.hash, *entry.former_hashes()), identity.hash)

    def _judged(
        self, network: Network, party: int, publications: Sequence[Publication], block: int
    ) -> tuple[Listed, int]:
        """A party, and the block since which its identity counts."""
        confirmed, stands, since = None, False, 0
        for place, publication in enumerate(publications):
            identity = self._identity_in.get(publication.directory)
            # An identity stands from one publication to the next; what nobody here knows could have been another.
            if identity is None or (stands and identity == confirmed):
                stands = stands and identity is not None
                continue
            stands = place == 0 or self._is_confirmed(network, party, place, identity, publication, block)
            if stands:
                confirmed, since = identity, publication.block
        entry = self._entries.get(publications[-1].directory)
        known = None if confirmed is None or entry is None else self._identities.get(confirmed)
        return Listed(party, entry, known, waits=entry is not None and not stands), since

    def _is_confirmed(
        self, network: Network, party: int, place: int, identity: str, publication: Publication, block: int
    ) -> bool:
        statements = self._statements.get((party, place, identity), ())
        return any(each.counts(network, publication, block=block) for each in statements)


def party_of(network: Network, entry: DirectoryEntry, *, block: int) -> int:
    """The party that publishes an entry.

    Raises:
        EntryOfNobody: the chain holds its hash for no party.
    """
    for party in read_parties(network, block=block):
        if party.directory == entry.hash:
            return party.party
    raise EntryOfNobody


def _without_look_alikes(listed: Mapping[int, Listed], since: Mapping[int, int]) -> dict[int, Listed]:
    """The same, with each party named whose name was there first. One party's name takes nothing from the others."""
    first: dict[str, int] = {}
    found = dict(listed)
    for party in sorted(listed, key=lambda each: (since[each], each)):
        identity = listed[party].identity
        if identity is None:
            continue
        forms = looks(identity.name)
        other = next((first[form] for form in sorted(forms) if form in first), None)
        if other is None:
            first |= dict.fromkeys(forms, party)
        else:
            found[party] = replace(listed[party], resembles=other)
    return found
