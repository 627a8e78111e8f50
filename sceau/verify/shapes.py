# SPDX-License-Identifier: Apache-2.0
"""Shape of a verdict as JSON, docs/verdicts.md. The client writes it and reads none: a verdict is proved by nothing."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sceau.disclosure.shapes import PolicyReference, Word
from sceau.documents.fields import Day, Hash, Name, PartyNumber, Time
from sceau.documents.model import Shape, exactly

Id = Annotated[str, exactly("[0-9a-f]{32}")]
"""32 random hexadecimal digits."""

Count = Annotated[int, Field(ge=0)]

FindingCode = Annotated[str, exactly("[a-z]+(?:-[a-z]+)*")]
"""A finding's stable name; docs/verdicts.md lists them."""


class FindingData(Shape):
    """What a finding's sentence says beside the order, as fields; a finding has those that it is about."""

    at: Time | None = None
    """When it came about: a mark or an invoice, a revocation, a theft of a key, a making, an opening."""
    since: Time | None = None
    """When the step was written that a disclosure shows."""
    issued: Time | None = None
    """When a disclosure was signed."""
    day: Day | None = None
    latest: Day | None = None
    due: Day | None = None
    """The day on which a renewal is due."""
    before: Count | None = None
    """Days before the block in which a date of care counts."""
    after: Count | None = None
    """Days after the block in which a date of care counts."""
    age: Count | None = None
    """Seconds."""
    ahead: Count | None = None
    """Seconds."""
    limit: Count | None = None
    """Seconds."""
    nodes: Count | None = None
    number: Count | None = None
    """A block."""
    by: Count | None = None
    """The number of the order that replaces or closes."""
    current: Count | None = None
    """The number of the order placed last."""
    reader: PartyNumber | None = None
    recipient: PartyNumber | None = None
    payer: PartyNumber | None = None
    practice: PartyNumber | None = None
    sender: PartyNumber | None = None
    writer: PartyNumber | None = None
    recorder: PartyNumber | None = None
    supplier: PartyNumber | None = None
    """The supplier of the order."""
    party: PartyNumber | None = None
    """Who signed a word, set the mark that closes, wrote by a stolen key, or is suspended."""
    fault: PartyNumber | None = None
    """Who is at fault by a ruling; null for nobody."""
    groups: list[Name] | None = None
    """Groups that differ."""
    paths: list[str] | None = None
    what: Name | None = None
    """What act codes were checked against, what a delivery closes, or the finding that a word is about."""
    found: FindingData | None = None
    """The data of the finding that a word is about."""
    why: str | None = None
    """The code of an error."""
    reason: str | None = None
    """A code of the party that justifies."""
    mark: Name | None = None
    state: Name | None = None
    step: str | None = None
    profile: str | None = None
    rules: str | None = None
    policy: PolicyReference | None = None
    clause: Word | None = None
    authorised: int | str | None = None
    """What the payer itself authorised: an amount in cents, a currency or a file number."""


class Finding(Shape):
    """One thing that the verification found."""

    code: FindingCode
    order: Annotated[int, Field(ge=0)]
    """The number of the order that it is about; 0 for the claim as a whole."""
    weight: Literal["refuses", "doubts", "notes"]
    data: FindingData
    en: str
    fr: str


class JudgedPolicy(PolicyReference):
    """The clause of a policy under which something was disclosed."""

    hash: Hash | None
    """SHA-256 of the policy's file as the reader has it; null where the reader has none, or did not come to it."""


class Block(Shape):
    """The block at which everything was read."""

    number: Annotated[int, Field(ge=0)]
    hash: Hash
    time: Time
    age: Annotated[int, Field(ge=0)]
    """Seconds, by the reader's clock."""
    proved: bool = False
    """Whether the chain's validators sealed it, and what was read is the state under it; else the node was believed."""


class Verdict(Shape):
    """A payer's verdict on a disclosure, as ``sceau verify --json`` writes it on one line."""

    format: Literal["sceau-verdict/1"]
    file: str | None = None
    """The disclosure's file, as the command was given it."""
    id: Id | None
    """Its number among the payer's verdicts; null where the payer has no store."""
    outcome: Literal["accepted", "refused", "in-doubt"]
    claim: str
    practice: PartyNumber | None
    """The claim's practice on the chain; null where the claim was not read."""
    disclosure: Id
    profile: str
    step: str
    order: int | None
    policy: JudgedPolicy
    purpose: Word
    delete_by: Day
    """The last day on which the payer may hold the values."""
    head: Hash | None
    """The claim's head; null where the claim was not read."""
    findings: list[Finding]
    block: Block
    values: dict[str, str | int | bool]
    """What was shown, proved and lawful to hold, by path."""
    dropped: list[str]
    """Paths that were shown and may not be held."""
