# SPDX-License-Identifier: Apache-2.0
"""The evidence file: a claim, chosen parts of its records, opened groups, and messages as their senders signed them.

It holds no root: roots, locks and tags come from the chain. It can hold health data: encrypt it to the auditor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sceau.audit.errors import EvidenceMalformed
from sceau.chain.network import Network
from sceau.conformity.opening import GroupOpening
from sceau.documents.identifiers import checked_id
from sceau.documents.strict_json import read_object, require_keys
from sceau.errors import SceauError, Sentence
from sceau.party.directory import DirectoryEntry
from sceau.record import Multiproof, Scope, SealedRecord

FORMAT = "sceau-evidence/1"

_WHAT = Sentence("files.evidence")
_KEYS = (
    "format",
    "chain_id",
    "genesis_hash",
    "contract",
    "claim",
    "records",
    "groups",
    "messages",
    "entries",
)
_MOST = 1000
_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


@dataclass(frozen=True, repr=False)
class RecordPart:
    """Some leaves of a sealed record, with their proof."""

    scope: Scope
    multiproof: Multiproof

    @classmethod
    def of(cls, opening: SealedRecord, paths: list[str]) -> RecordPart:
        """The leaves at ``paths`` of a record that the maker of the file holds."""
        return cls(opening.scope, opening.prove(paths))


@dataclass(frozen=True, repr=False)
class OpenedGroup:
    """One group of an order, delivery or invoice, opened by who wrote it."""

    scope: Scope
    opening: GroupOpening


@dataclass(frozen=True, repr=False)
class Evidence:
    """What an auditor is given on one claim.

    ``messages`` are inner JWS, as ``Message.signed`` holds them; ``entries`` what their senders publish of themselves,
    which the chain's hash proves.
    """

    chain_id: int
    genesis_hash: str
    contract: str
    claim: str
    records: tuple[RecordPart, ...] = ()
    groups: tuple[OpenedGroup, ...] = ()
    messages: tuple[str, ...] = ()
    entries: tuple[DirectoryEntry, ...] = ()

    def __repr__(self) -> str:
        return f"Evidence({self.claim})"

    @property
    def subject(self) -> tuple[int, str, str, str]:
        """What it is about: chain id, genesis hash, claim contract and claim."""
        return self.chain_id, self.genesis_hash, self.contract, self.claim

    @classmethod
    def about(
        cls,
        network: Network,
        claim: str,
        *,
        records: tuple[RecordPart, ...] = (),
        groups: tuple[OpenedGroup, ...] = (),
        messages: tuple[str, ...] = (),
        entries: tuple[DirectoryEntry, ...] = (),
    ) -> Evidence:
        """Evidence on a claim of this deployment."""
        manifest = network.manifest
        contract = network.address("ClaimRegistry").lower()
        return cls(
            manifest.chain_id,
            manifest.genesis_hash,
            contract,
            checked_id(claim),
            records,
            groups,
            messages,
            entries,
        )

    def to_json(self) -> dict[str, Any]:
        """The file as JSON values."""
        return {
            "format": FORMAT,
            "chain_id": self.chain_id,
            "genesis_hash": self.genesis_hash,
            "contract": self.contract,
            "claim": self.claim,
            "records": [{"scope": r.scope.text(), "shown": r.multiproof.to_json()} for r in self.records],
            "groups": [{"scope": g.scope.text(), "opening": g.opening.to_json()} for g in self.groups],
            "messages": list(self.messages),
            "entries": [entry.to_json() for entry in self.entries],
        }

    @classmethod
    def from_json(cls, data: str | bytes | Mapping[str, object]) -> Evidence:
        """Reads an evidence file; nothing in it is judged before :func:`sceau.audit.audit`.

        Raises:
            EvidenceMalformed, FileMalformed: it is truncated, edited in its shape, or no evidence file.
        """
        read = read_object(data, _WHAT)
        require_keys(read, _KEYS, _WHAT)
        if read["format"] != FORMAT:
            raise EvidenceMalformed(part="format")
        if type(read["chain_id"]) is not int:
            raise EvidenceMalformed(part="chain_id")
        for part in ("genesis_hash", "contract"):
            if not isinstance(read[part], str):
                raise EvidenceMalformed(part=part)
        messages = _items(read, "messages")
        if not all(isinstance(each, str) and _JWS.fullmatch(each) for each in messages):
            raise EvidenceMalformed(part="messages")
        if not isinstance(read["claim"], str):
            raise EvidenceMalformed(part="claim")
        return cls(
            chain_id=read["chain_id"],
            genesis_hash=read["genesis_hash"],
            contract=read["contract"],
            claim=checked_id(read["claim"]),
            records=tuple(_record(each, n) for n, each in enumerate(_items(read, "records"))),
            groups=tuple(_group(each, n) for n, each in enumerate(_items(read, "groups"))),
            messages=tuple(messages),
            entries=tuple(_entry(each, n) for n, each in enumerate(_items(read, "entries"))),
        )


def _items(read: Mapping[str, Any], part: str) -> list[Any]:
    items = read[part]
    if not isinstance(items, list) or len(items) > _MOST:
        raise EvidenceMalformed(part=part)
    return items


def _record(item: object, number: int) -> RecordPart:
    scope, shown = _pair(item, "shown", f"records[{number}]")
    try:
        return RecordPart(Scope.parse(scope), Multiproof.from_json(shown))
    except SceauError as error:
        raise EvidenceMalformed(part=f"records[{number}]") from error


def _group(item: object, number: int) -> OpenedGroup:
    scope, opening = _pair(item, "opening", f"groups[{number}]")
    try:
        return OpenedGroup(Scope.parse(scope), GroupOpening.from_json(opening))
    except SceauError as error:
        raise EvidenceMalformed(part=f"groups[{number}]") from error


def _entry(item: object, number: int) -> DirectoryEntry:
    try:
        if isinstance(item, Mapping):
            return DirectoryEntry.from_json(item)
    except SceauError as error:
        raise EvidenceMalformed(part=f"entries[{number}]") from error
    raise EvidenceMalformed(part=f"entries[{number}]")


def _pair(item: object, second: str, part: str) -> tuple[Any, Mapping[str, object]]:
    if not isinstance(item, Mapping) or set(item) != {"scope", second}:
        raise EvidenceMalformed(part=part)
    if not isinstance(item[second], Mapping):
        raise EvidenceMalformed(part=f"{part}.{second}")
    return item["scope"], item[second]
