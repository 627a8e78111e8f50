# SPDX-License-Identifier: Apache-2.0
"""Directory entries: an organisation's public name and message keys, pinned by the hash that the chain holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sceau.chain.network import Network
from sceau.chain.registries.parties import read_party
from sceau.documents.errors import FileMalformed
from sceau.documents.identifiers import hex_of
from sceau.documents.strict_json import Data
from sceau.errors import Sentence
from sceau.party.errors import NotInDirectory
from sceau.party.message_keys import PublicKeys
from sceau.record import text as free_text

if TYPE_CHECKING:
    from sceau.party import shapes

FORMAT = "sceau-directory-entry/1"

_WHAT = Sentence("files.directory-entry")


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
    """Entries by their hash. An entry counts for a party when the chain holds its hash for that party."""

    def __init__(self, entries: Mapping[str, DirectoryEntry]) -> None:
        self._entries = dict(entries)

    @classmethod
    def of(cls, *entries: DirectoryEntry) -> Directory:
        """A directory of these entries."""
        return cls({entry.hash: entry for entry in entries})

    @classmethod
    def load(cls, folder: str | Path) -> Directory:
        """Every ``*.json`` of a folder; raises as :meth:`DirectoryEntry.from_json`."""
        return cls.of(
            *(DirectoryEntry.from_json(path.read_bytes()) for path in sorted(Path(folder).glob("*.json")))
        )

    def also(self, *entries: DirectoryEntry) -> Directory:
        """This directory with more entries; whoever gives them, each counts by its hash on the chain alone."""
        return Directory({**self._entries, **Directory.of(*entries)._entries})

    def entry(self, network: Network, party: int, *, block: int | None = None) -> DirectoryEntry:
        """The entry of a party, checked against the chain.

        Raises:
            NotInDirectory: none here has the hash that the chain holds for the party.
            PartyUnknown: no party has this number.
        """
        entry = self._entries.get(read_party(network, party, block=block).directory)
        if entry is None:
            raise NotInDirectory(party=party)
        return entry

    def keys(self, network: Network, party: int, *, block: int | None = None) -> PublicKeys:
        """The message keys of a party. Raises :class:`NotInDirectory` also when it publishes none."""
        jwks = self.entry(network, party, block=block).jwks
        if jwks is None:
            raise NotInDirectory(party=party)
        return PublicKeys(jwks)
