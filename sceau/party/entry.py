# SPDX-License-Identifier: Apache-2.0
"""Directory entries: an organisation's identity and its message keys, pinned by the hash that the chain holds.

The hash is made of two: that of the identity (name, country, identifier) and that of the message keys. So keys can be
replaced and the identity be seen to be the same, by whoever knows the two hashes of each entry in between.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sceau.documents.errors import FileMalformed
from sceau.documents.identifiers import hex_of
from sceau.documents.strict_json import Data
from sceau.errors import Sentence
from sceau.party import identifier, names
from sceau.party.errors import NameRefused
from sceau.party.message_keys import PublicKeys
from sceau.record import text as free_text

if TYPE_CHECKING:
    from sceau.party import shapes

FORMAT = "sceau-directory-entry/2"

_WHAT = Sentence("files.directory-entry")


@dataclass(frozen=True)
class Identity:
    """Who an organisation is: what its admission, or a statement of the admins, confirms.

    ``country`` is ISO 3166 alpha-2, ``identifier`` its public number there (a SIRET in France).
    """

    name: str
    country: str
    identifier: str

    @cached_property
    def hash(self) -> str:
        """keccak256 of the three as JSON, ``0x`` hex."""
        return _hash({"name": self.name, "country": self.country, "identifier": self.identifier})

    def check(self) -> None:
        """Raises :class:`FileMalformed` or :class:`NameRefused` unless people can be shown it."""
        for text in (self.name, self.country, self.identifier):
            # Shown to admins and patients: nothing in it may hide, or write over what stands beside it.
            rule = free_text.broken_rule(text)
            if rule is not None:
                raise FileMalformed(what=_WHAT, rule=rule)
        rule = identifier.broken_rule(self.country, self.identifier)
        if rule is not None:
            raise FileMalformed(what=_WHAT, rule=rule)
        rule = names.broken_rule(self.name)
        if rule is not None:
            raise NameRefused(rule=rule)


@dataclass(frozen=True)
class DirectoryEntry:
    """What a party publishes of itself.

    ``name``, ``country`` and ``identifier`` are its identity, ``jwks`` its message keys, ``None`` if it takes no
    messages. ``former_keys`` are hashes of the message keys of its entries before this one, under the same identity:
    they are no part of the entry's hash, and prove to a reader that the identity stood all the time.
    """

    name: str
    country: str
    identifier: str
    jwks: Mapping[str, Any] | None
    former_keys: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def make(
        cls,
        name: str,
        country: str,
        identifier: str,
        jwks: Mapping[str, Any] | None = None,
        *,
        former: DirectoryEntry | None = None,
    ) -> DirectoryEntry:
        """An entry that every reader takes, with what follows from the ``former`` one; raises as :meth:`from_json`."""
        # Read back what would be written: what is refused on reading is refused on making.
        made = cls.from_json(cls(name, country, identifier, jwks).to_json())
        return made if former is None else made.after(former)

    @cached_property
    def identity(self) -> Identity:
        """Who publishes it."""
        return Identity(self.name, self.country, self.identifier)

    @cached_property
    def keys_hash(self) -> str:
        """keccak256 of the message keys as JSON, ``0x`` hex."""
        return _hash(self.jwks)

    @cached_property
    def hash(self) -> str:
        """What the chain holds, ``0x`` hex: :func:`entry_hash` of its identity and its keys."""
        return entry_hash(self.identity.hash, self.keys_hash)

    def former_hashes(self) -> Iterable[str]:
        """Hashes of the entries before this one that its ``former_keys`` name."""
        identity = self.identity.hash
        return [entry_hash(identity, keys) for keys in self.former_keys]

    def after(self, former: DirectoryEntry) -> DirectoryEntry:
        """This entry with what proves that it follows ``former``; of another identity it proves nothing."""
        if former.identity != self.identity:
            return self
        known = dict.fromkeys((*former.former_keys, former.keys_hash, *self.former_keys))
        return replace(self, former_keys=tuple(keys for keys in known if keys != self.keys_hash))

    def to_json(self) -> dict[str, Any]:
        """The entry as JSON values."""
        return {
            "format": FORMAT,
            "name": self.name,
            "country": self.country,
            "identifier": self.identifier,
            "identity": self.identity.hash,
            "jwks": None if self.jwks is None else dict(self.jwks),
            "former_keys": list(self.former_keys),
        }

    @classmethod
    def from_json(cls, data: Data) -> DirectoryEntry:
        """Reads an entry. Raises :class:`FileMalformed`, :class:`NameRefused` or :class:`MessageKeysInvalid`."""
        from sceau.documents.model import read
        from sceau.party import shapes

        return cls.of_shape(read(shapes.DirectoryEntry, data, _WHAT))

    @classmethod
    def of_shape(cls, written: shapes.DirectoryEntry) -> DirectoryEntry:
        """What a document holds, once its shape was found right; raises as :meth:`from_json`."""
        from sceau.documents.model import malformed_at

        identity = Identity(written.name, written.country, written.identifier)
        identity.check()
        if written.identity != identity.hash:
            raise malformed_at("identity", "party.identity", _WHAT)
        jwks = None if written.jwks is None else PublicKeys.of_shape(written.jwks, written.name).jwks
        return cls(written.name, written.country, written.identifier, jwks, tuple(written.former_keys))


def entry_hash(identity: str, keys: str) -> str:
    """The hash of an entry of this identity and these message keys (their hashes), ``0x`` hex."""
    return _hash({"format": FORMAT, "identity": identity, "keys": keys})


def _hash(value: Any) -> str:
    """keccak256 of JSON with sorted keys, no blanks, UTF-8."""
    from eth_hash.auto import keccak

    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hex_of(keccak(text.encode("utf-8")))
