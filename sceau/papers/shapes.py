# SPDX-License-Identifier: Apache-2.0
"""Shapes of what a party hands out. Specified in docs/erasure.md."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sceau.documents.fields import Address, Day, Hash, Name, OfRegistry, PartyNumber, Signature, Time
from sceau.documents.model import Shape, exactly

Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
Id = Annotated[str, exactly("[0-9a-f]{32}")]
"""32 random hexadecimal digits."""


class Block(Shape):
    """The chain's newest block when it was made: it was not made before."""

    number: Count
    hash: Hash


class ErasedThere(Shape):
    """What was erased: identifiers and commitments, which say nothing without the secrets that are gone."""

    claims: list[Hash]
    consents: list[Hash]
    commitments: list[Hash]
    """Of the records that were erased."""
    records: dict[Name, Count]
    """How many rows of each kind."""


class Stays(Shape):
    """What stays in the store of what was erased, and holds no value."""

    kind: Name
    count: Count
    reason: Literal["must-not-come-back", "must-not-serve-twice", "says-who-was-given-what"]


class KeptThere(Shape):
    """What was to be erased as well and is kept."""

    subject: Hash
    """A claim or a consent."""
    reason: Name
    until: Day | None
    """The first day on which the reason holds no more, where one is known."""


class TriedBackup(Shape):
    """An old backup that was tried with the keys that remained."""

    sha256: Annotated[str, exactly("[0-9a-f]{64}")]
    bytes: Count
    readable: bool
    at: Time


class Backups(Shape):
    """Whether old backups are unreadable as well."""

    covered: Literal["covered", "copies-of-key-not-excluded", "key-under-passphrase", "key-in-keyring"] | None
    """Null while the erasure is not final."""
    tried: list[TriedBackup]


class Search(Shape):
    """What was searched for after the erasure."""

    at: Time
    looked_for: Count
    """Writings of values, salts, seeds and keys."""
    files: Count
    bytes: Count
    found_in: Count
    """Files that held one of them."""
    rows_that_verify: Count
    """Rows of the store from which an erased record could still be shown."""


class Notice(Shape):
    """A deletion notice, and what became of it."""

    cause: Literal["erased", "consent-revoked", "consent-withdrawn", "delete-by"]
    made_at: Time
    state: Literal["handed-over", "waiting", "left", "received"]
    """Handed over: a person carries it, and nothing more is known."""
    outcome: Literal["deleted", "kept", "nothing-held"] | None
    """The recipient's answer; null while there is none."""
    reason: Name | None
    until: Day | None


class GivenTo(Shape):
    """A party that was given something of what was erased."""

    recipient: PartyNumber
    claim: Hash
    commitments: list[Hash]
    """Of the records that it was given whole or in part, as far as known."""
    keys: bool
    """Whether it was given keys of groups."""
    last_at: Time
    delete_by: Day | None
    notices: list[Notice]
    """Empty where none was made yet."""


class ChainStep(Shape):
    """A step of a claim, as it stands on the chain for ever."""

    step: Name
    order: Count
    commitment: Hash | None


class ChainClaim(Shape):
    """What the chain holds of a claim."""

    claim: Hash
    steps: list[ChainStep]


class ErasureCertificate(OfRegistry):
    """A party's signed word on one erasure; ``contract`` is the party registry."""

    format: Literal["sceau-erasure-certificate/1"]
    party: PartyNumber
    erasure: Id
    issued_at: Time
    """The time of the block."""
    block: Block
    removed_at: Time
    final_at: Time | None
    """When the key was destroyed under which it was; null while it was not."""
    periods: str | None
    """The retention periods by which it was judged what is kept."""
    erased: ErasedThere
    stays: list[Stays]
    kept: list[KeptThere]
    backups: Backups
    search: Search | None
    """Null where none was made: the process was stopped before it, and what it would look for is gone."""
    given: list[GivenTo]
    on_chain: list[ChainClaim]
    key: Address
    """The party's signing key that signed."""
    signature: Signature
    """EIP-712 signature of the typed data ErasureCertificate."""


class HeldRecord(Shape):
    """Values of one record, or of a part of one."""

    profile: str
    """Name and version of the profile; empty where the document does not say it."""
    values: dict[str, str | int | bool]
    """By path."""


class Held(Shape):
    """One document that the party holds, without its secrets, signatures and hashes of proofs."""

    kind: Name
    """Of row, in the store."""
    sender: PartyNumber | None
    """From whom it came; null for the party's own."""
    recipient: PartyNumber | None
    """For whom it was made, where it was for somebody."""
    about: str
    """The step, or the kind of message."""
    at: Time | None
    records: list[HeldRecord]
    facts: dict[str, str]
    """Everything else that it says, by place in the document."""


class ShownRecord(Shape):
    """Which part of a record was given, without its values."""

    profile: str
    step: str | None
    order: Count
    commitment: Hash | None
    paths: list[str]
    keys: list[str]
    """Groups whose keys were given."""
    whole: bool
    """Whether the seed was given, so that every leaf can be rebuilt."""


class GivenEntry(Shape):
    """An entry of the register of disclosures."""

    recipient: PartyNumber
    kind: Name
    claim: Hash
    shown: list[ShownRecord]
    policy: dict[str, str] | None
    consent: Hash | None
    delete_by: Day | None
    first_at: Time
    last_at: Time
    times: Count
    left_at: Time | None
    """When one last left by the exchange; null where none is known to have."""


class NoticeTo(Notice):
    """A deletion notice, and to whom."""

    recipient: PartyNumber


class WrittenThere(ChainStep):
    """A step of a claim on the chain, by whom and when."""

    party: PartyNumber
    at: Time


class ClaimOnChain(Shape):
    """What the chain holds of a claim, for everybody who reads it."""

    state: Name
    consent: Hash | None
    steps: list[WrittenThere]


class Keeping(Shape):
    """How long it is kept."""

    reason: Name | None
    """Why it may not be erased now; null where it may."""
    until: Day | None
    """The first day on which the reason holds no more, where one is known."""
    erased_from: Day | None
    """From which day on it is erased by itself; null while the claim runs, or the consent has no end."""


class HeldOf(Shape):
    """What is held of one claim or consent."""

    subject: Hash
    held: list[Held]
    notes: dict[Name, Count]
    """How many rows of each other kind: they say how far something is, and hold no value."""
    given: list[GivenEntry]
    notices: list[NoticeTo]
    erased_at: list[Time]
    """When something of it was erased."""
    kept: Keeping


class HeldOfClaim(HeldOf):
    """What is held of a claim."""

    on_chain: ClaimOnChain | None
    """Null where the chain holds no such claim."""


class ConsentOnChain(Shape):
    """A consent as the chain holds it."""

    recorder: PartyNumber
    recorded_at: Time
    expires_at: Time
    revoked_at: Time | None
    withdrawn_at: Time | None
    attested: bool


class HeldOfConsent(HeldOf):
    """What is held of a consent."""

    on_chain: ConsentOnChain | None
    """Null where it was not recorded."""


class Holding(OfRegistry):
    """All that a party holds of a person's claims and consents; ``contract`` is the party registry. In clear."""

    format: Literal["sceau-holding/1"]
    party: PartyNumber
    made_at: Time
    """The time of the block."""
    block: Block
    register_since: Time | None
    """Since when the party notes what it gives to whom; null where it never gave anything."""
    periods: str
    claims: list[HeldOfClaim]
    consents: list[HeldOfConsent]
