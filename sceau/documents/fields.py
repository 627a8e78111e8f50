# SPDX-License-Identifier: Apache-2.0
"""Types of fields that several documents have. Imported where shapes are declared: it needs pydantic."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from sceau.documents.identifiers import ADDRESS, HASH, checksummed
from sceau.documents.model import Fault, Says, Shape, exactly, fault_at
from sceau.documents.times import day_of, time_of


def _day(written: object) -> date:
    day = day_of(written)
    if day is None:
        raise PydanticCustomError("day", "not a day")
    return day


def _time(written: object) -> datetime:
    time = time_of(written)
    if time is None:
        raise PydanticCustomError("time", "not a time")
    return time


def _address(written: object) -> str:
    address = checksummed(written) if isinstance(written, str) else None
    if address is None:
        raise PydanticCustomError("address", "not an address")
    return address


#: A contract wallet's signature has no fixed length; no known one is longer, in bytes.
LONGEST_SIGNATURE = 4096

Hash = Annotated[
    str,
    exactly(HASH),
    Says("documents.json-hash"),
]
"""A hash or an identifier of 32 bytes."""

Address = Annotated[
    str,
    exactly(ADDRESS),
    Says("documents.json-address"),
]
"""An address of the chain."""

Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date"}),
    Says("documents.json-day"),
]
"""A day of the calendar, ISO 8601."""

Time = Annotated[
    datetime,
    BeforeValidator(_time),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": "^.{19}Z$"}),
    Says("documents.json-time"),
]
"""A time in UTC, whole seconds, with a Z."""

AnyAddress = Annotated[
    str,
    BeforeValidator(_address),
    WithJsonSchema({"type": "string", "pattern": "^0x[0-9a-fA-F]{40}$"}),
    Says("documents.json-any-address"),
]
"""An address, with its checksum (EIP-55) or in lower case; it is given its checksum."""

ChainId = Annotated[int, Field(ge=1, le=2**63 - 1)]
"""A chain's id."""

PartyNumber = Annotated[int, Field(ge=1, le=2**32 - 1)]
"""A party's number in the party registry."""

Seconds = Annotated[int, Field(ge=1, le=2**40 - 1)]
"""A time, in seconds since 1970 UTC."""

Signature = Annotated[
    str,
    exactly(r"0x(?:[0-9a-f]{2})+"),
    Field(max_length=2 + 2 * LONGEST_SIGNATURE),
    Says("documents.json-signature"),
]
"""A signature. That of a contract wallet has no fixed length."""


class OfRegistry(Shape):
    """A document made for one contract on one chain."""

    chain_id: ChainId
    genesis_hash: Hash
    """Hash of the chain's first block: chain ids are used more than once."""
    contract: Address


Name = Annotated[
    str, exactly("[a-z][a-z0-9]*(?:-[a-z0-9]+)*"), Field(max_length=60), Says("documents.json-name")
]
"""A name in lower case with hyphens."""

Code = Annotated[
    str, exactly("[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*"), Field(max_length=60), Says("documents.json-code")
]
"""A code in capitals with hyphens."""

WebAddress = Annotated[str, exactly("https?://[!-~]+"), Says("documents.json-web-address")]


class Dated(Shape):
    """One version of something that changes with the law. Both days are included."""

    id: Name
    version: Day
    valid_from: Day
    valid_until: Day | None
    """The last day; null until further notice."""
    sources: Annotated[list[WebAddress], Field(min_length=1), Says("documents.json-sources")]

    def fault(self) -> Fault | None:
        """What is wrong with its days."""
        if self.valid_until is not None and self.valid_until < self.valid_from:
            return fault_at("valid_until", "documents.ends-before-start")
        return None
