# SPDX-License-Identifier: Apache-2.0
"""The claim registry, in plain Python: the table of docs/protocol.md, locks, tags and the head."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from eth_abi import encode
from eth_utils import keccak

from tests.contracts.support.chain import Event, refused
from tests.contracts.support.head import detail, next_head
from tests.contracts.support.life import claim_id, lock
from tests.contracts.support.model.consents import Consents
from tests.contracts.support.model.parties import Parties, Reasons
from tests.contracts.support.protocol import Row, Situation, errors, steps
from tests.contracts.support.terms import (
    NO_CLAIM,
    PAYER,
    PRACTICE,
    SUPPLIER,
    ZERO,
    Claim,
    Conformity,
    State,
    Step,
)

LAST_ORDER = 255
ROLE = {"practice": PRACTICE, "payer": PAYER, "supplier": SUPPLIER}
NEW_ORDER = {"delivered_at": 0, "returned_at": 0, "disputed_at": 0, "delivery_mismatch": 0}
PLAIN_EVENTS = {
    Step.AUTHORISE: "ClaimAuthorised",
    Step.REFUSE: "ClaimRefused",
    Step.CANCEL: "ClaimCancelled",
    Step.SETTLE: "ClaimSettled",
    Step.RETURN: "OrderReturned",
    Step.DISPUTE: "OrderDisputed",
}


@dataclass(frozen=True)
class Written:
    """What a step writes, beside its claim. Unused fields stay as they are."""

    commitment: bytes
    head: bytes = ZERO
    order: int = 0
    supplier: int = 0
    locks: Sequence[bytes] = ()
    tags: Sequence[bytes] = ()
    order_locks: Sequence[bytes] = ()


@dataclass
class Claims:
    """Claims by identifier, with the locks of their current order."""

    parties: Parties
    consents: Consents
    claims: dict[bytes, Claim] = field(default_factory=dict)
    locks: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    paused: bool = False
    events: list[Event] = field(default_factory=list)

    def claim(self, claim: bytes) -> Claim:
        return self.claims.get(claim, NO_CLAIM)

    def conformity(self, claim: bytes) -> tuple[int, int]:
        stored = self.claims[claim]
        mismatch = stored.delivery_mismatch
        if stored.invoiced_order == stored.order:
            mismatch |= stored.invoice_mismatch
        if mismatch:
            return Conformity.MISMATCH, mismatch
        return (Conformity.CONFORM if stored.delivered_at else Conformity.NOT_ATTESTED), 0

    def open(
        self, nonce: bytes, payer: int, consent: bytes, commitment: bytes, sender: str, now: int
    ) -> Reasons:
        practice, reasons = self.parties.acting(sender, PRACTICE)
        claim = claim_id(practice, nonce)
        if self.paused:
            reasons.append(refused("EnforcedPause"))
        if practice and payer in (0, practice):
            reasons.append(refused("ClaimPartiesNotDistinct", practice, 0, payer))
        if claim in self.claims:
            reasons.append(refused(errors()["Open, of a claim that was opened before"], claim))
        if consent != ZERO:
            recorder = self.consents.consent(consent).recorder
            if recorder != practice:
                reasons.append(refused("ClaimConsentOfAnotherPractice", consent, recorder, practice))
            elif not self.consents.valid_at(consent, now):
                reasons.append(refused("ClaimConsentNotValid", consent))
        if commitment == ZERO:
            reasons.append(refused("ClaimCommitmentEmpty"))
        if reasons:
            return reasons
        self.claims[claim] = NO_CLAIM._replace(practice=practice, payer=payer, state=State.OPENED)
        args = {"practice": practice, "payer": payer, "consent": consent}
        self._write(claim, Step.OPEN, practice, sender, now, commitment, "ClaimOpened", **args)
        return []

    def write(self, claim: bytes, step: Step, written: Written, sender: str, now: int) -> Reasons:
        """Any step but the opening."""
        stored, row = self.claim(claim), steps()[step]
        party, reasons = self.parties.acting(sender, ROLE[row.party])
        reasons += self._table_reasons(claim, stored, row)
        owner = getattr(stored, row.party)
        if party and party != owner:
            why = errors()["another party of the consortium than the row's"]
            reasons.append(refused(why, claim, owner, party))
        reasons += self._reasons_of(claim, stored, step, written)
        if written.commitment == ZERO:
            reasons.append(refused("ClaimCommitmentEmpty"))
        if not reasons:
            self._apply(claim, stored, row, written, party, sender, now)
        return reasons

    # -- inside

    def _table_reasons(self, claim: bytes, stored: Claim, row: Row) -> Reasons:
        marks = {mark for mark in ("delivered", "returned", "disputed") if getattr(stored, f"{mark}_at")}
        here = Situation(State(stored.state), stored.order > 0, frozenset(marks))
        arguments = {
            "ClaimStepIllegal": (claim, stored.state, row.step),
            "OrderNotDelivered": (claim, stored.order),
            "OrderAlreadyMarked": (claim, stored.order, row.step),
        }
        reasons = [errors()[f"needs {need}"] for need in row.needs if not here.meets(need)]
        if here.state not in row.legal_in:
            reasons.append(errors()["not legal in this state"])
        return [refused(reason, *arguments[reason]) for reason in reasons]

    def _reasons_of(self, claim: bytes, stored: Claim, step: Step, written: Written) -> Reasons:
        reasons = []
        if steps()[step].names_head and written.head != stored.head:
            reasons.append(refused("ClaimHeadMoved", claim, written.head, stored.head))
        if step in (Step.REMAKE, Step.DELIVER, Step.INVOICE, Step.RETURN, Step.DISPUTE):
            if written.order != stored.order:
                reasons.append(refused("OrderNotCurrent", claim, written.order, stored.order))
            if step is Step.REMAKE and written.order == LAST_ORDER:
                reasons.append(refused("OrderLimitReached", claim))
        if step in (Step.DELIVER, Step.INVOICE) and tuple(written.order_locks) != self.locks.get(claim):
            reasons.append(refused("OrderLocksWrong", claim, written.order))
        if step in (Step.ORDER, Step.REMAKE):
            three = (stored.practice, written.supplier, stored.payer)
            if written.supplier in (0, stored.practice, stored.payer):
                reasons.append(refused("ClaimPartiesNotDistinct", *three))
        return reasons

    def _apply(
        self, claim: bytes, stored: Claim, row: Row, written: Written, party: int, sender: str, now: int
    ) -> None:
        changes: dict[str, Any] = {}
        args: dict[str, Any] = {}
        name = PLAIN_EVENTS.get(row.step, "")
        if row.state_after is not None:
            changes["state"] = row.state_after
        if row.mark:
            changes[f"{row.mark}_at"] = now
            args["orderNumber"] = stored.order
        if row.step in (Step.ORDER, Step.REMAKE):
            name, order = "OrderPlaced", stored.order + 1
            locks_hash = keccak(encode(["bytes32[4]"], [written.locks]))
            changes |= {**NEW_ORDER, "supplier": written.supplier, "order": order, "locks_hash": locks_hash}
            args = {"supplier": written.supplier, "orderNumber": order, "locks": tuple(written.locks)}
            self.locks[claim] = tuple(written.locks)
        if row.step is Step.DELIVER:
            mismatch = self._mismatch(claim, stored.order, written.tags)
            changes["delivery_mismatch"] = mismatch
            verdict = Conformity.MISMATCH if mismatch else Conformity.CONFORM
            name = "OrderDelivered"
            args |= {"mismatch": mismatch, "conformity": verdict, "tags": tuple(written.tags)}
        if row.step is Step.INVOICE:
            mismatch = _mask(
                given != held for given, held in zip(written.locks, self.locks[claim], strict=True)
            )
            changes |= {"invoiced_order": stored.order, "invoice_mismatch": mismatch}
            name = "ClaimInvoiced"
            args = {"orderNumber": stored.order, "mismatch": mismatch, "locks": tuple(written.locks)}
        self.claims[claim] = stored._replace(**changes)
        self._write(claim, row.step, party, sender, now, written.commitment, name, **args)

    def _mismatch(self, claim: bytes, order: int, tags: Sequence[bytes]) -> int:
        made = [lock(claim, order, group, tag) for group, tag in enumerate(tags)]
        return _mask(given != held for given, held in zip(made, self.locks[claim], strict=True))

    def _write(
        self,
        claim: bytes,
        step: Step,
        party: int,
        key: str,
        now: int,
        commitment: bytes,
        name: str,
        **args: object,
    ) -> None:
        event = Event("ClaimRegistry", name, {"claim": claim, "key": key, "commitment": commitment, **args})
        stored = self.claims[claim]
        head = next_head(stored.head, claim, step, party, key, now, stored.order, commitment, detail(event))
        self.claims[claim] = stored._replace(head=head)
        self.events.append(event)


def _mask(differs: Any) -> int:
    return sum(1 << group for group, different in enumerate(differs) if different)
