# SPDX-License-Identifier: Apache-2.0
"""Invoices and authorisations as a payer should not take them, on a claim that is otherwise in order."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace

from sceau import Disclosure
from sceau.chain.registries.claims import NO_CONSENT, claim_id
from sceau.claim.prepared import PreparedStep
from sceau.conformity.seals import locks
from sceau.documents.identifiers import hex_of
from sceau.record import Scope, Value, seal
from sceau.store import Kind
from sceau.terms import Step
from tests.support.life import UNTIL, Life

#: What the payer authorises of tests/data.
AUTHORISED: Mapping[str, Value] = {
    "total.amc": 34_397,
    "currency": "EUR",
    "pec.number": "PEC20260417338",
    "valid-until": UNTIL,
    "right.code": "VXB1",
    "left.code": "VXB2",
    "frame.code": "MXB",
}


def dearer(cents: int) -> dict[str, Value]:
    """What an invoice of tests/data says if the payer is asked for that much more."""
    return {
        "right.price": 14_900 + cents,
        "right.amc": 12_000 + cents,
        "total.price": 46_700 + cents,
        "total.amc": 34_397 + cents,
    }


def quoted_on(day: str) -> dict[str, Value]:
    """What a quote of tests/data says if it is dated ``day``, whatever that day is."""
    long_ago = {"prescription.written": "2018-10-02", "equipment.last": "2016-09-12"}
    return {**long_ago, "quote.date": day, "quote.valid-until": "2090-01-01"}


def authorise_as_sealed(life: Life, values: Mapping[str, Value]) -> None:
    """An authorisation with these values alone, by a payer's other software; the practice is told, and orders."""
    date = life.verdict().block.time.date().isoformat()
    step = life.sealed("payer-decision", {"decision.date": date, **values}, Step.AUTHORISE)
    life.payer.store.put(Kind.STEP, step.record.root, step.to_json(), claim=life.claim)
    life.payer.resend(step).wait(30)
    life.practice.receive(life.payer.envelope(step).text)


def opened_as(life: Life, profile: str, values: Mapping[str, Value], shown: tuple[str, ...]) -> Disclosure:
    """A claim that another software opened with a record of any profile, and what it shows of it."""
    network, nonce = life.chain.network, secrets.token_bytes(32)
    claim = claim_id(life.practice.party, nonce)
    record = seal(Scope(profile, 1, network.chain_id, _contract(life), claim, 0, "opened"), values)
    arguments = (hex_of(nonce), life.payer.party, NO_CONSENT, record.root)
    life.practice.resend(PreparedStep(claim, "open", arguments, record)).wait(30)
    return replace(life.disclosure(), scope=record.scope, multiproof=record.prove(shown))


def invoiced_as(life: Life, profile: str, values: Mapping[str, Value], shown: tuple[str, ...]) -> Disclosure:
    """The invoice of an ordered claim, sealed by another software as a record of any profile; what it shows of it."""
    network = life.chain.network
    number, order_locks = life.practice.history(life.claim).current_order()
    record = seal(
        Scope(profile, 1, network.chain_id, _contract(life), life.claim, number, "invoiced"), values
    )
    own = locks(life.unsent_invoice().record, life.key)
    arguments = (life.claim, number, record.root, list(own), order_locks)
    life.practice.resend(PreparedStep(life.claim, "invoice", arguments, record)).wait(30)
    return replace(life.disclosure(), scope=record.scope, multiproof=record.prove(shown))


def _contract(life: Life) -> str:
    return life.chain.network.address("ClaimRegistry").lower()
