# SPDX-License-Identifier: Apache-2.0
"""What patients, practices, suppliers and payers do in a random life."""

from typing import Any

from tests.contracts.support.chain import Call
from tests.contracts.support.life import ARGUMENTS, FUNCTIONS, claim_id, lock
from tests.contracts.support.machine.random_life import Data, RandomLife
from tests.contracts.support.model.claims import Written
from tests.contracts.support.protocol import Situation, steps
from tests.contracts.support.signing import CONSENT
from tests.contracts.support.terms import DAY, GROUPS, MAX_LIFETIME, ZERO, State, Step


class Claiming(RandomLife):
    """Consents and claims."""

    # -- consents

    def record_consent(self, data: Data) -> None:
        """Mostly right in every point; else wrong in one or several."""
        commitment, patient = self._commitment(data, old=25)
        sender, recorder = self._acting(data, "practice")
        day = self.now // DAY * DAY
        ends = [day + DAY, day + 2 * DAY, day + 400 * DAY, day + MAX_LIFETIME, day + 30 * DAY]
        wrong = [day, 0, day + MAX_LIFETIME + DAY, day + DAY // 2, day + DAY + 1]
        expires_at = self._pick(data, wrong if self._chance(data, 10) else ends)
        attested, signed = self._chance(data, 30), not self._chance(data, 10)
        if self._chance(data, 4):
            commitment = ZERO
        signature = patient.sign(
            self.world.domain(self.world.consents),
            CONSENT,
            {
                "commitment": commitment if signed else self._word(),
                "recorder": recorder,
                "expiresAt": expires_at,
                "attested": attested,
            },
        )
        call = self.world.consents.record(commitment, patient.address, expires_at, attested, signature)
        signed_for = recorder if signed else None
        self._try(
            "record",
            call,
            sender,
            lambda now: self.consents.record(
                commitment, patient.address, expires_at, attested, signed_for, sender, now
            ),
        )

    def revoke_consent(self, data: Data) -> None:
        """Directly or by a relay who may be anybody, recorded or not, twice or not."""
        commitment, patient = self._commitment(data, old=85)
        directly, signed = self._chance(data, 40), not self._chance(data, 15)
        if directly:
            call, sender, signed = self.world.consents.revoke(commitment), patient.address, True
        else:
            signature = self.world.revocation(patient, commitment if signed else self._word())
            call = self.world.consents.revokeBySignature(commitment, patient.address, signature)
            sender = self._pick(data, self.accounts.everybody).address
        self._try(
            "revoke",
            call,
            sender,
            lambda now: self.consents.revoke(commitment, patient.address, signed, now),
        )

    def withdraw_consent(self, data: Data) -> None:
        """By the practice that recorded it, or by somebody else."""
        consent = self._consent(data)
        sender, _ = self._acting(data, "practice", self.consents.consent(consent).recorder)
        call = self.world.consents.withdraw(consent)
        self._try("withdraw", call, sender, lambda now: self.consents.withdraw(consent, sender, now))

    # -- claims

    def open_claim(self, data: Data) -> None:
        """Under a consent or none."""
        consent = self._consent(data) if self._chance(data, 60) else ZERO
        sender, practice = self._acting(data, "practice", self.consents.consent(consent).recorder)
        payers = [number for number, party in self.parties.parties.items() if party.record.roles & 4]
        payer = self._pick(data, [0, practice, 99] if self._chance(data, 10) or not payers else payers)
        again = self.nonces and self._chance(data, 12)
        nonce = self._pick(data, self.nonces)[0] if again else self._word()
        commitment = ZERO if self._chance(data, 4) else self._word()
        call = self.world.claims.open(nonce, payer, consent, commitment)
        taken = self._try(
            "open",
            call,
            sender,
            lambda now: self.claims.open(nonce, payer, consent, commitment, sender, now),
        )
        if taken:
            self.nonces.append((nonce, claim_id(practice, nonce)))

    def advance_claim(self, data: Data) -> None:
        """A step that the table allows, by a key of its party, with right arguments; tags and locks as they come."""
        if not self.nonces:
            self.open_claim(data)
            return
        _, claim = self._pick(data, self.nonces[-6:])
        here = self._situation(claim)
        rows = [row for row in steps().values() if row.step is not Step.OPEN and here.allows(row)]
        # The ends of a claim are many; the way through its life is long.
        onward = [row for row in rows if row.step not in (Step.REFUSE, Step.CANCEL)]
        if onward and self._chance(data, 90):
            rows = onward
        if rows:
            row = self._pick(data, rows)
            sender, _ = self._acting(data, row.party, self._owner(claim, row.party), stray=4)
            self._write(claim, row.step, self._written(data, claim, row.step), sender)

    def try_claim(self, data: Data) -> None:
        """A step that the table or at least the state allows, or any, by anybody, with an argument that is wrong."""
        _, claim = self._pick(data, [*self.nonces[-6:], (ZERO, self._word())])
        here = self._situation(claim)
        rows = [row for row in steps().values() if row.step is not Step.OPEN]
        allowed = [row for row in rows if here.allows(row)]
        near = [row for row in rows if here.state in row.legal_in and row not in allowed]
        row = self._pick(data, self._pick(data, [allowed, allowed, near, rows]) or rows)
        sender, _ = self._acting(data, row.party, self._owner(claim, row.party), stray=40)
        written = self._written(data, claim, row.step, wrong=self._chance(data, 60))
        self._write(claim, row.step, written, sender)

    def _write(self, claim: bytes, step: Step, written: Written, sender: str) -> None:
        given = {
            "head": written.head,
            "order": written.order,
            "supplier": written.supplier,
            "commitment": written.commitment,
            "locks": written.locks,
            "tags": written.tags,
            "order_locks": written.order_locks,
        }
        args = (claim, *(given[name] for name in ARGUMENTS[step]))
        call = Call(self.world.claims, FUNCTIONS[step], args)
        self._try(
            step.name.lower(), call, sender, lambda now: self.claims.write(claim, step, written, sender, now)
        )
        stored = self.claims.claim(claim)
        assert self.world.claim(claim) == stored

    def _written(self, data: Data, claim: bytes, step: Step, *, wrong: bool = False) -> Written:
        """What a step writes: right, but for one argument where `wrong`."""
        stored = self.claims.claim(claim)
        order = stored.order + (step in (Step.ORDER, Step.REMAKE))
        tags = [claim[:28] + bytes([0, order & 255, 0, group]) for group in range(GROUPS)]
        locks = [lock(claim, order, group, tag) for group, tag in enumerate(tags)]
        order_locks = list(self.claims.locks.get(claim, locks))
        suppliers = [number for number, party in self.parties.parties.items() if party.record.roles & 2]
        fitting = [number for number in suppliers if number not in (stored.practice, stored.payer)]
        written = Written(
            commitment=self._word(),
            head=stored.head,
            order=stored.order,
            supplier=self._pick(data, fitting or [2]),
            locks=self._perhaps_other(data, locks),
            tags=order_locks if self._chance(data, 10) else self._perhaps_other(data, tags),
            order_locks=order_locks,
        )
        if not wrong:
            return written
        mistakes: list[dict[str, Any]] = [
            {"commitment": ZERO},
            {"head": self._pick(data, [ZERO, self._word()])},
            {"order": self._pick(data, [0, 1, stored.order + 1, 255]) & 255},
            {"supplier": self._pick(data, [0, stored.practice, stored.payer])},
            {"order_locks": [self._word(), *order_locks[1:]]},
        ]
        fitting_mistakes = [mistake for mistake in mistakes if mistake.keys() <= set(ARGUMENTS[step])]
        return Written(**(vars(written) | self._pick(data, fitting_mistakes)))

    def _perhaps_other(self, data: Data, words: list[bytes]) -> list[bytes]:
        """The same words, or some of them replaced."""
        mask = self._pick(data, [0, 0, 0, 0, 1, 2, 4, 8, 5, 15])
        return [self._word() if mask >> group & 1 else word for group, word in enumerate(words)]

    def _situation(self, claim: bytes) -> Situation:
        stored = self.claims.claim(claim)
        marks = [mark for mark in ("delivered", "returned", "disputed") if getattr(stored, f"{mark}_at")]
        return Situation(State(stored.state), stored.order > 0, frozenset(marks))

    def _owner(self, claim: bytes, role: str) -> int:
        owner: int = getattr(self.claims.claim(claim), role)
        return owner
