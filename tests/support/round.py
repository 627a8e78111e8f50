# SPDX-License-Identifier: Apache-2.0
"""One patient's round: a consent recorded, a claim opened under it, and what the practice keeps of both."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, datetime, timedelta, timezone

from sceau import Disclosure, GivenConsent, Payer, Practice, Verdict, load_policy
from sceau.chain.signer import Signer
from sceau.consent.request import ConsentRequest
from sceau.consent.revocation import relay, sign_revocation_of
from sceau.consent.signing import SignedConsent, sign_consent
from sceau.disclosure import build_disclosure
from sceau.formats.optics.quote import load_quote
from sceau.record import SealedRecord, Value
from sceau.roles.patient import Patient
from sceau.store import LocalStore
from scripts.documents import document
from tests.support.deployed import Deployed
from tests.support.stores import copied

GROUPS = ("AMOUNTS", "CLASS", "COVERAGE", "DATES", "DETAIL-AMOUNTS", "GROUPED-CODES", "PEC", "RENEWAL")
PURPOSE = "THIRD-PARTY-PAYMENT"


class Round:
    """A claim under a consent; a key signs it without a card, whose PIN takes a second to stretch."""

    def __init__(
        self,
        chain: Deployed,
        groups: Sequence[str] = GROUPS,
        *,
        record: bool = True,
        changes: Mapping[str, Value] = {},
    ) -> None:
        self.chain = chain
        self.practice = Practice(chain.network, chain.signers["practice"], store=LocalStore(None))
        self.payer = Payer(chain.network, chain.signers["payer"], store=LocalStore(None))
        self.key = Signer.generate()
        self.request, self.signed = self.consent(groups, record=record)
        quote = {**load_quote(document("quote")), **changes}
        opened = self.practice.open_claim(
            "fr-optical-quote",
            quote,
            payer=chain.party("payer"),
            consent=self.signed.consent if record else None,
        )
        opened.wait(30)
        assert opened.step is not None
        self.opened = opened.step
        self.claim, self.record = opened.claim, opened.step.record

    def copy(self) -> Round:
        """The same claim, to go on with while this one stays as it is: for a chain that is rolled back."""
        own = copy(self)
        stores = (copied(party.store) for party in (self.practice, self.payer))
        own.practice = Practice(self.chain.network, self.chain.signers["practice"], store=next(stores))
        own.payer = Payer(self.chain.network, self.chain.signers["payer"], store=next(stores))
        return own

    def consent(
        self,
        groups: Sequence[str] = GROUPS,
        *,
        practice: str = "practice",
        payer: str = "payer",
        purpose: str = PURPOSE,
        attested: bool = False,
        record: bool = True,
    ) -> tuple[ConsentRequest, SignedConsent]:
        """A consent signed by this round's key, and recorded by a practice if ``record``."""
        recorder = Practice(self.chain.network, self.chain.signers[practice])
        made = recorder.request_consent(
            payer=self.chain.party(payer),
            purpose=purpose,
            groups=groups,
            expires_on=self.today() + timedelta(days=30),
            attested=attested,
        )
        request = Patient(self.chain.network).read_request(json.dumps(made.to_json()))
        signed = sign_consent(request, self.key)
        if record:
            recorder.record_consent(signed, request).wait(30)
        return request, signed

    def today(self) -> date:
        return datetime.fromtimestamp(self.chain.now, timezone.utc).date()

    @property
    def held(self) -> GivenConsent:
        return GivenConsent(self.request.record, self.signed.key)

    def disclose(self, clause: str = "detailed", record: SealedRecord | None = None) -> Disclosure:
        """All that the clause and the consent allow, through a file as it reaches the payer.

        Made as by a practice that does not look whether the consent still stands, which its payer must.
        """
        made = build_disclosure(
            record or self.record,
            None,
            sender=self.practice.party,
            recipient=self.chain.party("payer"),
            policy=load_policy("fr-responsible-contract"),
            clause=clause,
            consent=self.held,
            made_at=datetime.fromtimestamp(self.chain.now, timezone.utc),
        )
        return Disclosure.from_json(json.dumps(made.to_json()))

    def verdict(self, clause: str = "detailed") -> Verdict:
        return self.payer.verify(self.disclose(clause))

    def revoke(self) -> None:
        revocation = sign_revocation_of(self.request.commitment, self.key, self.request.registry)
        relay(self.chain.network, self.chain.signers["stranger"], revocation).wait(30)
