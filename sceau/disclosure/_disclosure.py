# SPDX-License-Identifier: Apache-2.0
"""What a practice sends to a payer: shown leaves with their proof, and everything that says why and to whom.

A disclosure names its recipient, claim, step, consent or policy clause, policy version, purpose, time and
delete-by date. It cannot be made non-transferable: whoever was shown a leaf can show it again.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

from sceau.disclosure.errors import DisclosureMalformed
from sceau.documents.strict_json import read_object
from sceau.errors import Sentence
from sceau.record import Multiproof, Scope

FORMAT = "sceau-disclosure/1"

_WHAT = Sentence("files.disclosure")
_HASH = re.compile(r"0x[0-9a-f]{64}")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_ID = re.compile(r"[0-9a-f]{32}")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,79}")
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class ConsentPart:
    """The consent relied on: commitment and key give its identifier, ``multiproof`` what it says to the reader."""

    commitment: str
    key: str
    multiproof: Multiproof


@dataclass(frozen=True)
class PolicyReference:
    """The policy clause under which something is disclosed."""

    id: str
    version: str
    clause: str

    def __str__(self) -> str:
        return f"{self.id} {self.version}"


@dataclass(frozen=True, repr=False)
class Disclosure:
    """A disclosure of one record.

    ``id`` is 32 random hex digits; ``sender`` and ``recipient`` party numbers; ``scope`` the record's; ``root`` its
    commitment on the chain; ``made_at`` UTC; after ``delete_by`` the recipient may not hold the values.
    """

    id: str
    sender: int
    recipient: int
    scope: Scope
    root: str
    multiproof: Multiproof
    policy: PolicyReference
    purpose: str
    consent: ConsentPart | None
    made_at: datetime
    delete_by: date

    def __repr__(self) -> str:
        return f"Disclosure({self.id}, {self.scope.profile_key}, to party {self.recipient})"

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths shown, in order, without ``sceau.record``."""
        return tuple(sorted(leaf.path for leaf in self.multiproof.leaves if leaf.path != "sceau.record"))

    def to_json(self) -> dict[str, Any]:
        """The disclosure as JSON values."""
        consent = self.consent
        return {
            "format": FORMAT,
            "id": self.id,
            "sender": self.sender,
            "recipient": self.recipient,
            "record": {"scope": self.scope.text(), "root": self.root, "shown": self.multiproof.to_json()},
            "policy": {
                "id": self.policy.id,
                "version": self.policy.version,
                "clause": self.policy.clause,
            },
            "purpose": self.purpose,
            "consent": None
            if consent is None
            else {
                "commitment": consent.commitment,
                "key": consent.key,
                "shown": consent.multiproof.to_json(),
            },
            "made_at": self.made_at.strftime(_TIME),
            "delete_by": self.delete_by.isoformat(),
        }

    @classmethod
    def from_json(cls, data: str | bytes | Mapping[str, object]) -> Disclosure:
        """Reads a disclosure from its text or the parsed object. Nothing is proved by reading it.

        Raises:
            DisclosureMalformed: it is truncated, edited in its shape, or no disclosure.
            FileMalformed: it is not JSON, or its shown leaves are not.
            ScopeNotCanonical: its record is not named as it should be.
        """
        read = _Fields(read_object(data, _WHAT), _KEYS, "")
        if read.value("format") != FORMAT:
            raise _malformed(f"its format is not {FORMAT}", f"son format n'est pas {FORMAT}")
        record = _Fields(read.value("record"), ("scope", "root", "shown"), "record.")
        policy = _Fields(read.value("policy"), ("id", "version", "clause"), "policy.")
        return cls(
            id=read.text("id", _ID),
            sender=read.party("sender"),
            recipient=read.party("recipient"),
            scope=Scope.parse(record.value("scope")),
            root=record.text("root", _HASH),
            multiproof=_multiproof(record),
            policy=PolicyReference(
                policy.text("id", _WORD), policy.text("version", _WORD), policy.text("clause", _WORD)
            ),
            purpose=read.text("purpose", _WORD),
            consent=_consent(read.value("consent")),
            made_at=read.time("made_at"),
            delete_by=read.date("delete_by"),
        )


_KEYS = (
    "format",
    "id",
    "sender",
    "recipient",
    "record",
    "policy",
    "purpose",
    "consent",
    "made_at",
    "delete_by",
)


def new_id() -> str:
    """A random identifier of a disclosure: 32 hex digits."""
    return secrets.token_hex(16)


class _Fields:
    """The fields of one JSON object, each checked as it is taken."""

    def __init__(self, data: object, keys: tuple[str, ...], prefix: str) -> None:
        self._prefix = prefix
        if not isinstance(data, Mapping):
            part = prefix.rstrip(".")
            raise _malformed(f"'{part}' is not an object", f"« {part} » n'est pas un objet")
        for key in keys:
            if key not in data:
                raise _malformed(f"'{prefix}{key}' is missing", f"« {prefix}{key} » manque")
        if len(data) > len(keys):
            raise _malformed("it holds a key that the format does not have", "une clé n'est pas du format")
        self._data = data

    def value(self, name: str) -> Any:
        return self._data[name]

    def wrong(self, name: str) -> DisclosureMalformed:
        place = f"{self._prefix}{name}"
        return _malformed(f"'{place}' is not as it should be", f"« {place} » n'est pas comme il faut")

    def text(self, name: str, shape: re.Pattern[str]) -> str:
        value = self._data[name]
        if not isinstance(value, str) or not shape.fullmatch(value):
            raise self.wrong(name)
        return value

    def party(self, name: str) -> int:
        value = self._data[name]
        if type(value) is not int or not 0 < value < 2**32:
            raise self.wrong(name)
        return value

    def time(self, name: str) -> datetime:
        value = self._data[name]
        try:
            time = datetime.strptime(value, _TIME).replace(tzinfo=timezone.utc)
        except (TypeError, ValueError):
            raise self.wrong(name) from None
        if time.strftime(_TIME) != value:
            raise self.wrong(name)
        return time

    def date(self, name: str) -> date:
        value = self._data[name]
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            raise self.wrong(name) from None
        if day.isoformat() != value:
            raise self.wrong(name)
        return day


def _malformed(en: str, fr: str) -> DisclosureMalformed:
    return DisclosureMalformed(why=Sentence("disclosure-part", en, fr))


def _multiproof(fields: _Fields) -> Multiproof:
    shown = fields.value("shown")
    if not isinstance(shown, Mapping):
        raise fields.wrong("shown")
    return Multiproof.from_json(shown)


def _consent(data: object) -> ConsentPart | None:
    if data is None:
        return None
    fields = _Fields(data, ("commitment", "key", "shown"), "consent.")
    return ConsentPart(
        commitment=fields.text("commitment", _HASH),
        key=fields.text("key", _ADDRESS),
        multiproof=_multiproof(fields),
    )
