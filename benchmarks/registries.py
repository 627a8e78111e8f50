# SPDX-License-Identifier: Apache-2.0
"""What Sceau's own contracts cost, written by the roles as the parties' software writes them.

Every figure is the steady case: parties, keys and accounts are known, and the same was done once before for
another patient. Draws are fixed, so that every run gives the same figures: a zero byte of calldata costs 12 gas less
than another one, and which bytes of a commitment are zero is chance.
"""

from datetime import datetime, timedelta, timezone
from typing import TypeVar

from sceau import Payer, Practice, Supplier
from sceau.claim.steps import BY_FUNCTION
from sceau.consent.card import UnlockedCard
from sceau.consent.signing import SignedConsent, sign_consent
from sceau.roles.handle import Handle
from sceau.roles.patient import Patient
from sceau.store import LocalStore
from scripts.life import ClaimLife
from tests.support.chance import fixed, fixed_deployer, message_keys
from tests.support.deployed import Deployed, deploy, key
from tests.support.mailboxes import Published, publish
from tools.ganache import Node

GROUPS = ("AMOUNTS", "CLASS", "COVERAGE", "DATES", "DETAIL-AMOUNTS", "GROUPED-CODES", "PEC", "RENEWAL")
A_YEAR = timedelta(days=365)

R = TypeVar("R", Practice, Supplier, Payer)


def measure(node: Node) -> dict[str, int]:
    """Gas of each operation, by its key in the gas table, on a node just started or used by others before."""
    with fixed("sceau gas table"), fixed_deployer():
        chain = deploy(node)
        consortium = _Consortium(chain, publish(chain, "practice", "supplier", "payer", draw=message_keys))
        for patient in ("a first patient", "a second patient"):
            gas = consortium.consents(patient) | consortium.life(patient) | consortium.marks(patient)
    return gas


class _Consortium:
    def __init__(self, chain: Deployed, published: Published) -> None:
        self._chain, self._published = chain, published
        self._shop = Practice(chain.network, chain.signers["practice"], store=LocalStore(None))

    def consents(self, patient: str) -> dict[str, int]:
        """Record a consent, revoke it, and revoke another before it is recorded; each relayed."""
        signed, card = self._sign(patient)
        _, early = self._sign(f"{patient}, early")
        return {
            "consent_recorded": self._shop.record_consent(signed).wait().gas_used,
            "consent_revoked": self._revoke(card),
            "consent_revoked_early": self._revoke(early),
        }

    def life(self, patient: str) -> dict[str, int]:
        """Live a claim: open it under a consent, authorise, order, deliver, invoice, settle."""
        gas: dict[str, int] = {}
        life = self._open(f"life of {patient}", gas)
        life.authorise()
        life.order()
        life.deliver()
        life.invoice()
        life.settle()
        if any(step.mismatch for step in life.practice.history(life.claim).steps):
            raise RuntimeError("the measured claim is not conform")
        return gas | {"claim_life": sum(gas.values())}

    def marks(self, patient: str) -> dict[str, int]:
        """Write on other claims what a smooth life has not: dispute, return, remake, cancel, refuse."""
        gas: dict[str, int] = {}
        self._open(f"refusal of {patient}", gas).refuse()
        life = self._open(f"marks of {patient}", gas)
        life.authorise()
        life.order()
        life.dispute()
        life.deliver()
        life.record_return()
        life.remake()
        life.cancel()
        marks = ("refuse", "dispute", "recordReturn", "remake", "cancel")
        return {_key(function): gas[_key(function)] for function in marks}

    def _open(self, name: str, gas: dict[str, int]) -> ClaimLife:
        """A claim opened under a consent of its own; what its steps use goes into ``gas``."""

        def written(function: str, handle: Handle) -> None:
            gas[_key(function)] = handle.wait().gas_used

        signed, _ = self._sign(name)
        self._shop.record_consent(signed).wait()
        # With stores of its own: the sample files name one file number and one dispatch.
        life = ClaimLife(
            self._role(Practice, "practice"),
            self._role(Supplier, "supplier"),
            self._role(Payer, "payer"),
            written=written,
        )
        life.open(consent=signed.consent)
        return life

    def _role(self, role: type[R], name: str) -> R:
        chain, store = self._chain, LocalStore(None)
        mailbox = self._published.mailbox(name, store)
        return role(chain.network, chain.signers[name], store=store, mailbox=mailbox)

    def _sign(self, name: str) -> tuple[SignedConsent, UnlockedCard]:
        """A consent that a patient's key signs."""
        today = datetime.fromtimestamp(self._chain.now, timezone.utc).date()
        request = self._shop.request_consent(
            payer=self._chain.party("payer"), groups=GROUPS, expires_on=today + A_YEAR
        )
        fresh = key(name)
        return sign_consent(request, fresh), UnlockedCard(request.registry, request.commitment, fresh)

    def _revoke(self, card: UnlockedCard) -> int:
        patient = Patient(self._chain.network, card, sender=self._chain.signers["stranger"])
        receipt = patient.revoke().wait().receipt
        if receipt is None:
            raise RuntimeError("the consent was revoked before")
        return receipt.gas_used


def _key(function: str) -> str:
    """The gas table's key of a step, by the registry's function."""
    return f"claim_{BY_FUNCTION[function].code}"
