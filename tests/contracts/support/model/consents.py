# SPDX-License-Identifier: Apache-2.0
"""The consent registry, in plain Python: what docs/protocol.md says of consents."""

from dataclasses import dataclass, field

from tests.contracts.support.chain import Event, refused
from tests.contracts.support.model.parties import Parties, Reasons
from tests.contracts.support.signing import consent_id
from tests.contracts.support.terms import DAY, MAX_LIFETIME, NO_CONSENT, PRACTICE, ZERO, Consent


@dataclass
class Consents:
    """Consents by identifier."""

    parties: Parties
    consents: dict[bytes, Consent] = field(default_factory=dict)
    paused: bool = False
    events: list[Event] = field(default_factory=list)

    def consent(self, consent: bytes) -> Consent:
        return self.consents.get(consent, NO_CONSENT)

    def valid_at(self, consent: bytes, time: int) -> bool:
        stored = self.consent(consent)
        ends = [end for end in (stored.expires_at, stored.revoked_at, stored.withdrawn_at) if end]
        return bool(stored.recorded_at) and stored.recorded_at <= time < min(ends)

    def record(
        self,
        commitment: bytes,
        key: str,
        expires_at: int,
        attested: bool,
        signed_for: int | None,
        sender: str,
        now: int,
    ) -> Reasons:
        """`signed_for` is the recorder in a signature that is otherwise right; None is a wrong signature."""
        recorder, reasons = self.parties.acting(sender, PRACTICE)
        consent = consent_id(commitment, key)
        stored = self.consent(consent)
        if self.paused:
            reasons.append(refused("EnforcedPause"))
        if commitment == ZERO:
            reasons.append(refused("ConsentCommitmentEmpty"))
        if not now < expires_at <= now + MAX_LIFETIME or expires_at % DAY:
            bounds = (now + 1, now + MAX_LIFETIME)
            reasons.append(refused("ConsentExpiryInvalid", expires_at, *bounds))
        if stored.recorded_at:
            reasons.append(refused("ConsentAlreadyRecorded", consent))
        if stored.revoked_at:
            reasons.append(refused("ConsentAlreadyRevoked", consent))
        if signed_for is None or signed_for != recorder:
            reasons.append(refused("ConsentSignatureInvalid", key))
        if not reasons:
            self.consents[consent] = Consent(recorder, now, expires_at, 0, 0, attested)
            self._say(
                "ConsentRecorded",
                consent=consent,
                recorder=recorder,
                key=key,
                commitment=commitment,
                expiresAt=expires_at,
                attested=attested,
            )
        return reasons

    def revoke(self, commitment: bytes, key: str, signed: bool, now: int) -> Reasons:
        """By the key itself or by a signature that is right or not. Asks nothing about anybody else."""
        consent = consent_id(commitment, key)
        stored = self.consent(consent)
        reasons = []
        if not signed:
            reasons.append(refused("ConsentSignatureInvalid", key))
        if stored.revoked_at:
            reasons.append(refused("ConsentAlreadyRevoked", consent))
        if not reasons:
            self.consents[consent] = stored._replace(revoked_at=now)
            self._say("ConsentRevoked", consent=consent)
        return reasons

    def withdraw(self, consent: bytes, sender: str, now: int) -> Reasons:
        caller, reasons = self.parties.acting(sender, PRACTICE)
        stored = self.consent(consent)
        if caller and stored.recorder != caller:
            reasons.append(refused("ConsentOfAnotherRecorder", consent, stored.recorder, caller))
        if stored.revoked_at:
            reasons.append(refused("ConsentAlreadyRevoked", consent))
        if stored.withdrawn_at:
            reasons.append(refused("ConsentAlreadyWithdrawn", consent))
        if not reasons:
            self.consents[consent] = stored._replace(withdrawn_at=now)
            self._say("ConsentWithdrawn", consent=consent, recorder=caller)
        return reasons

    def _say(self, name: str, **args: object) -> None:
        self.events.append(Event("ConsentRegistry", name, args))
