# SPDX-License-Identifier: Apache-2.0
"""The evidence file: a claim, chosen parts of its records, opened groups, and messages as their senders signed them.

It holds no root: roots, locks and tags come from the chain. It can hold health data: encrypt it to the auditor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from sceau.audit.errors import EvidenceMalformed
from sceau.chain.network import Network
from sceau.conformity.opening import GroupOpening
from sceau.documents.errors import FileMalformed
from sceau.documents.identifiers import checked_id
from sceau.documents.strict_json import Data
from sceau.errors import SceauError, Sentence
from sceau.party.directory import DirectoryEntry
from sceau.proof.document import ChainProof
from sceau.record import Multiproof, Scope, SealedRecord

if TYPE_CHECKING:
    from sceau.audit import shapes

FORMAT = "sceau-evidence/1"

_WHAT = Sentence("files.evidence")
W = TypeVar("W")
T = TypeVar("T")


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
    which the chain's hash proves; ``proof`` shows the claim and those hashes without a node, where the chain's
    validators are known.
    """

    chain_id: int
    genesis_hash: str
    contract: str
    claim: str
    records: tuple[RecordPart, ...] = ()
    groups: tuple[OpenedGroup, ...] = ()
    messages: tuple[str, ...] = ()
    entries: tuple[DirectoryEntry, ...] = ()
    proof: ChainProof | None = None

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
        proof: ChainProof | None = None,
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
            proof,
        )

    def with_more(self, groups: Iterable[OpenedGroup], messages: Iterable[str]) -> Evidence:
        """This evidence with more opened groups and messages; a message that is in it already is not there twice."""
        return replace(
            self,
            groups=(*self.groups, *groups),
            messages=tuple(dict.fromkeys((*self.messages, *messages))),
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
            **({} if self.proof is None else {"proof": self.proof.to_json()}),
        }

    @classmethod
    def from_json(cls, data: Data) -> Evidence:
        """Reads an evidence file; nothing in it is judged before :func:`sceau.audit.audit`.

        Raises:
            EvidenceMalformed, FileMalformed: it is truncated, edited in its shape, or not an evidence file.
            IdentifierInvalid: its claim is not an identifier.
        """
        from sceau.audit import shapes
        from sceau.documents.model import Fault, parse

        written = parse(shapes.Evidence, data)
        if isinstance(written, Fault):
            if written.where and written.place != "format":
                raise EvidenceMalformed(part=written.place)
            raise FileMalformed(what=_WHAT, rule=written.sentence)
        return cls(
            chain_id=written.chain_id,
            genesis_hash=written.genesis_hash,
            contract=written.contract,
            claim=checked_id(written.claim),
            records=_each("records", written.records, _record),
            groups=_each("groups", written.groups, _group),
            messages=tuple(written.messages),
            entries=_each("entries", written.entries, DirectoryEntry.of_shape),
            proof=None if written.proof is None else ChainProof.of_shape(written.proof),
        )


def _each(part: str, items: Iterable[W], read: Callable[[W], T]) -> tuple[T, ...]:
    """What ``read`` makes of each item; an item that it refuses is named by its place."""
    made = []
    for number, item in enumerate(items):
        try:
            made.append(read(item))
        except SceauError as error:
            raise EvidenceMalformed(part=f"{part}[{number}]") from error
    return tuple(made)


def _record(written: shapes.ShownRecord) -> RecordPart:
    return RecordPart(Scope.parse(written.scope), Multiproof.of_shape(written.shown))


def _group(written: shapes.OpenedGroup) -> OpenedGroup:
    return OpenedGroup(Scope.parse(written.scope), GroupOpening.of_shape(written.opening))
