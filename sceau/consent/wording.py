# SPDX-License-Identifier: Apache-2.0
"""The words that a patient is shown before agreeing, in a versioned French file.

``text/fr-1.txt`` holds the text and, below a line of dashes, the words of everything that is filled in: data
groups, purposes, dates. So the hash of the file covers every word that is read. What the file has no words for
cannot be asked for. ``text/fr-1.en.txt`` is a translation for reading; nobody signs it.

A published file never changes: consents name it by version and hash. A change is a new version beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
from importlib import resources

from sceau.consent.errors import NotInWords, TextChanged, TextUnknown
from sceau.errors import Language
from sceau.record import text as free_text

#: SHA-256 of each published text file, by version. SHA-256 so that ``sha256sum`` alone checks it.
PUBLISHED: Mapping[str, str] = {
    "fr-1": "0x7fdb3ba67afcffe2ffb0913fea5ccc93f9eb3860fe25d45caa6b9c51152f71d5",
}

#: The version that new requests name, by the language a patient signs in.
CURRENT: Mapping[str, str] = {"fr": "fr-1"}

_RULE = "\n-----\n"


@dataclass(frozen=True)
class Terms:
    """What a consent says, ready to be put into words.

    ``practice`` and ``payer`` are party numbers, ``purpose`` and ``groups`` codes, ``expires_at`` seconds.
    """

    practice: int
    payer: int
    purpose: str
    groups: tuple[str, ...]
    expires_at: int
    attested: bool


class ConsentText:
    """One version of the text, in the language it is signed in or in its English reading version."""

    def __init__(self, version: str, content: str) -> None:
        self.version = version
        body, _, words = content.partition(_RULE)
        self._body = body.strip()
        self._words = dict(line.split(" = ", 1) for line in words.splitlines() if line)

    @property
    def groups(self) -> frozenset[str]:
        """Codes of the data groups that this text has words for; no other can be asked for under it."""
        return self._codes("group.")

    @property
    def purposes(self) -> frozenset[str]:
        """Codes of the purposes that this text has words for."""
        return self._codes("purpose.")

    def check(self, purpose: str, groups: Iterable[str]) -> None:
        """Raises :class:`NotInWords`, naming the path, unless the text covers the purpose and every group."""
        if purpose not in self.purposes:
            raise NotInWords(path="purpose", version=self.version)
        for place, group in enumerate(groups, 1):
            if group not in self.groups:
                raise NotInWords(path=f"group.{place}", version=self.version)

    def purpose(self, code: str) -> str:
        """A purpose in words."""
        return self._words[f"purpose.{code}"]

    def group(self, code: str) -> str:
        """A data group in words."""
        return self._words[f"group.{code}"]

    def filled(self, terms: Terms, names: Mapping[int, str]) -> str:
        """The text as the patient reads it. Raises :class:`NotInWords`.

        ``names`` gives names of parties by number. They must come from a directory that was checked against the
        chain, never from the request itself; a party without a name is shown by its number.
        """
        self.check(terms.purpose, terms.groups)
        return self._body.format(
            practice=self.party(terms.practice, names),
            payer=self.party(terms.payer, names),
            purpose=self.purpose(terms.purpose),
            groups="\n".join(f"- {self.group(code)}" for code in terms.groups),
            expires=self._expires(terms.expires_at),
            attested=self._words[f"attested.{str(terms.attested).lower()}"],
        )

    def party(self, number: int, names: Mapping[int, str]) -> str:
        """A party in words: its name, if one is known, and its number."""
        name = names.get(number, "")
        # A name with line breaks or hidden characters could pass for a part of the text.
        if free_text.broken_rule(name) is not None:
            return self._words["party.unnamed"].format(number=number)
        return self._words["party.named"].format(number=number, name=name)

    def _expires(self, expires_at: int) -> str:
        end = datetime.fromtimestamp(expires_at, timezone.utc)
        month = self._words[f"month.{end.month}"]
        day = self._words.get(f"day.{end.day}", str(end.day))
        return self._words["expires"].format(day=day, month=month, year=end.year)

    def _codes(self, prefix: str) -> frozenset[str]:
        return frozenset(key[len(prefix) :] for key in self._words if key.startswith(prefix))


def published_hash(version: str) -> str:
    """The leaf ``text.hash`` of a version: '0x' and SHA-256 of its file. Raises :class:`TextUnknown`."""
    try:
        return PUBLISHED[version]
    except KeyError:
        pass
    raise TextUnknown


@cache
def consent_text(version: str, language: Language = "fr") -> ConsentText:
    """The text of a version: the one that is signed ('fr'), or its reading version ('en').

    Raises :class:`TextUnknown` for a version that is not in this package, and :class:`TextChanged` when the
    file is not the one that was published.
    """
    expected = published_hash(version)
    signed = _read(f"{version}.txt")
    if "0x" + hashlib.sha256(signed).hexdigest() != expected:
        raise TextChanged(version=version)
    return ConsentText(version, (signed if language != "en" else _read(f"{version}.en.txt")).decode())


def _read(name: str) -> bytes:
    return (resources.files("sceau.consent") / "text" / name).read_bytes()
