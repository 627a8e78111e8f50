# SPDX-License-Identifier: Apache-2.0
"""Reading a consent's slot."""

from __future__ import annotations

from dataclasses import dataclass

from sceau.chain.network import Event, Network
from sceau.claim.registry import checked_id


@dataclass(frozen=True)
class ConsentState:
    """A consent as the contract holds it; fields as in ``IConsentRegistry.Consent``, times in seconds, 0 for none.

    ``recorder`` 0 with a ``revoked_at`` is a tombstone: it was revoked before it was recorded.
    """

    consent: str
    recorder: int
    recorded_at: int
    expires_at: int
    revoked_at: int
    withdrawn_at: int
    attested: bool

    def valid_at(self, time: int) -> bool:
        """recordedAt <= time < min(expiresAt, revokedAt, withdrawnAt), as the contract judges."""
        ends = [end for end in (self.expires_at, self.revoked_at, self.withdrawn_at) if end]
        return 0 < self.recorded_at <= time < min(ends)


def read_consent(network: Network, consent: str, *, block: int) -> ConsentState:
    """A consent at a block; all zero if the chain knows nothing of it.

    Raises:
        IdentifierInvalid: ``consent`` is no identifier.
    """
    consent = checked_id(consent, "A consent's identifier")
    stored = network.read("ConsentRegistry", "consentOf", bytes.fromhex(consent[2:]), block=block)
    return ConsentState(consent, *stored)


def recording(network: Network, consent: str, *, block: int) -> Event | None:
    """The event by which a consent was recorded, up to a block."""
    events = network.events("ConsentRegistry", [consent], to_block=block)
    return next((event for event in events if event.name == "ConsentRecorded"), None)
