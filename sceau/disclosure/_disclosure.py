# SPDX-License-Identifier: Apache-2.0
"""What a practice sends to a payer: shown leaves with their proof, and everything that says why and to whom.

A disclosure names its recipient, claim, step, consent or policy clause, policy version, purpose, time and
delete-by date. It cannot be made non-transferable: a reader who was shown a leaf can show it again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sceau.disclosure.errors import DisclosureMalformed
from sceau.documents.strict_json import Data
from sceau.documents.times import time_text
from sceau.record import Multiproof, Scope

FORMAT = "sceau-disclosure/1"


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

    def to_json(self) -> dict[str, str]:
        """The reference as JSON values."""
        return {"id": self.id, "version": self.version, "clause": self.clause}


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

    @cached_property
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
            "policy": self.policy.to_json(),
            "purpose": self.purpose,
            "consent": None
            if consent is None
            else {
                "commitment": consent.commitment,
                "key": consent.key,
                "shown": consent.multiproof.to_json(),
            },
            "made_at": time_text(self.made_at),
            "delete_by": self.delete_by.isoformat(),
        }

    @classmethod
    def from_json(cls, data: Data) -> Disclosure:
        """Reads a disclosure from its text or the parsed object. Nothing is proved by reading it.

        Raises:
            DisclosureMalformed: it is truncated, edited in its shape, or not a disclosure.
            FileMalformed: it is not JSON, or a value shown is not written as its type asks.
            ScopeNotCanonical: its record is not named as it should be.
        """
        from sceau.disclosure import shapes
        from sceau.documents.model import Fault, parse

        written = parse(shapes.Disclosure, data)
        if isinstance(written, Fault):
            raise DisclosureMalformed(why=written.sentence)
        given = written.consent
        return cls(
            id=written.id,
            sender=written.sender,
            recipient=written.recipient,
            scope=Scope.parse(written.record.scope),
            root=written.record.root,
            multiproof=Multiproof.of_shape(written.record.shown),
            policy=PolicyReference(written.policy.id, written.policy.version, written.policy.clause),
            purpose=written.purpose,
            consent=None
            if given is None
            else ConsentPart(given.commitment, given.key, Multiproof.of_shape(given.shown)),
            made_at=written.made_at,
            delete_by=written.delete_by,
        )


def new_id() -> str:
    """A random identifier of a disclosure: 32 hex digits."""
    return secrets.token_hex(16)
