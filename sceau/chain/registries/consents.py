# SPDX-License-Identifier: Apache-2.0
"""What the chain knows of a consent, read at one block."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import TYPE_CHECKING, Any

from sceau.chain.registries.errors import NoConsentKnown, NotRevoked
from sceau.chain.times import iso_text
from sceau.documents.identifiers import bytes_of
from sceau.errors import Language, NodeError, Sentence

if TYPE_CHECKING:
    from sceau.chain.network import Network
    from sceau.chain.node import Block


class Status(Enum):
    """The status of a consent at a block."""

    UNKNOWN = "unknown"
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    #: Revoked without being recorded: it can never be recorded.
    REVOKED_EARLY = "revoked-early"


@dataclass(frozen=True)
class ConsentState:
    """A consent as the registry holds it at ``block``; times in seconds, zero where there is none.

    ``recorder`` is the party that recorded it; ``revoked_at`` is the revocation by the consent's key,
    ``withdrawn_at`` the withdrawal by that party.
    """

    consent: str
    recorder: int
    recorded_at: int
    expires_at: int
    revoked_at: int
    withdrawn_at: int
    attested: bool
    block: Block

    @property
    def status(self) -> Status:
        """Its status at the time of the block; the patient's own revocation takes precedence."""
        if self.revoked_at:
            return Status.REVOKED if self.recorded_at else Status.REVOKED_EARLY
        if not self.recorded_at:
            return Status.UNKNOWN
        if self.withdrawn_at:
            return Status.WITHDRAWN
        return Status.VALID if self.block.timestamp < self.expires_at else Status.EXPIRED

    def valid_at(self, time: int) -> bool:
        """The contract's own rule: recorded at or before ``time`` (seconds), and nothing ended it by then."""
        ends = [end for end in (self.expires_at, self.revoked_at, self.withdrawn_at) if end]
        return bool(self.recorded_at) and self.recorded_at <= time < min(ends)

    @property
    def ended(self) -> bool:
        """Whether somebody ended it: its key, or the party that recorded it."""
        return self.revoked_at != 0 or self.withdrawn_at != 0

    @property
    def revoked(self) -> bool:
        """Whether the consent's key revoked it, before it was recorded or after; permanent."""
        return self.revoked_at != 0

    def to_json(self) -> dict[str, Any]:
        """The state as JSON values."""
        return {
            "consent": self.consent,
            "status": self.status.value,
            "recorder": self.recorder or None,
            "recorded_at": iso_text(self.recorded_at),
            "expires_at": iso_text(self.expires_at),
            "revoked_at": iso_text(self.revoked_at),
            "withdrawn_at": iso_text(self.withdrawn_at),
            "attested": self.attested if self.recorded_at else None,
            "block": self.block.to_json(),
        }

    def words(self, language: Language = "en") -> str:
        """The state in one sentence, with the date and time of what happened (UTC)."""
        return self.sentence.text(language)

    @property
    def sentence(self) -> Sentence:
        """The same in both languages."""
        status = self.status
        when = _shown(
            {
                Status.VALID: self.expires_at,
                Status.EXPIRED: self.expires_at,
                Status.REVOKED: self.revoked_at,
                Status.REVOKED_EARLY: self.revoked_at,
                Status.WITHDRAWN: self.withdrawn_at,
                Status.UNKNOWN: 0,
            }[status]
        )
        return Sentence(f"consent-states.consent-{status.value}", when=when, recorder=self.recorder)


def read_state(network: Network, consent: str, block: Block | None = None) -> ConsentState:
    """What the registry holds of a consent ('0x' hex) at a block, the newest if none is given.

    Where something rests on it, use :func:`consent_standing`. Raises as :meth:`Network.head`, unless a block is given.
    """
    at = block or network.head()
    held = network.read("ConsentRegistry", "consentOf", bytes_of(consent), block=at.number)
    recorder, recorded_at, expires_at, revoked_at, withdrawn_at, attested = held
    return ConsentState(
        consent=consent,
        recorder=recorder,
        recorded_at=recorded_at,
        expires_at=expires_at,
        revoked_at=revoked_at,
        withdrawn_at=withdrawn_at,
        attested=attested,
        block=at,
    )


def consent_standing(network: Network, consent: str, block: Block | None = None) -> ConsentState:
    """The state of a consent, for what rests on it; arguments and errors as :func:`read_state`.

    Of all nodes that were named and may be believed, each at its own newest block, an answer that it has ended wins:
    a node can fall behind, and no node can make a revocation undone.
    """
    state = read_state(network, consent, block)
    states = [state]
    for witness, head in network.witnesses():
        with suppress(NodeError):
            states.append(read_state(witness, consent, head))
    return next((each for each in states if each.ended), state)


def prove_revoked(network: Network, consent: str, block: Block | None = None) -> ConsentState:
    """The state that shows a consent revoked by its key, with the block at which it was read.

    Raises :class:`NoConsentKnown` when nothing is recorded, :class:`NotRevoked` when something else is.
    """
    state = read_state(network, consent, block)
    if state.status is Status.UNKNOWN:
        raise NoConsentKnown(consent=consent, block=state.block.number)
    if not state.revoked:
        raise NotRevoked(consent=consent, block=state.block.number, state=state.sentence)
    return state


def _shown(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
