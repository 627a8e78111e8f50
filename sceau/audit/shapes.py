# SPDX-License-Identifier: Apache-2.0
"""Shape of the evidence file. Specified in docs/verdicts.md."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sceau.conformity.shapes import GroupOpening
from sceau.documents.model import Shape
from sceau.messages.shapes import Jws
from sceau.party.shapes import DirectoryEntry
from sceau.proof.shapes import ChainProof
from sceau.record.shapes import Multiproof, ScopeText

_MOST = 1000


class ShownRecord(Shape):
    """Some leaves of a sealed record, with their proof."""

    scope: ScopeText
    shown: Multiproof


class OpenedGroup(Shape):
    """One group of an order, delivery or invoice, opened by the party that wrote it."""

    scope: ScopeText
    opening: GroupOpening


class Evidence(Shape):
    """What an auditor is given on one claim: parts of its records, opened groups, messages as they were signed.

    It holds no root: roots, locks and tags come from the chain. It can hold health data.
    """

    format: Literal["sceau-evidence/1"]
    chain_id: int
    genesis_hash: str
    contract: str
    """The claim registry."""
    claim: Annotated[str, Field(json_schema_extra={"pattern": "^0x[0-9a-fA-F]{64}$"})]
    records: Annotated[list[ShownRecord], Field(max_length=_MOST)]
    groups: Annotated[list[OpenedGroup], Field(max_length=_MOST)]
    messages: Annotated[list[Jws], Field(max_length=_MOST)]
    entries: Annotated[list[DirectoryEntry], Field(max_length=_MOST)]
    """What the senders of the messages publish of themselves."""
    proof: ChainProof | None = None
    """What shows the claim without a node."""
