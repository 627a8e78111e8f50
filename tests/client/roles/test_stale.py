# SPDX-License-Identifier: Apache-2.0
"""Behind a node whose newest block is too old, or in the future, no verb acts; a revocation goes through."""

from __future__ import annotations

import inspect
import json
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import sceau
from sceau import Auditor, Payer, Practice, Supplier
from sceau.audit.evidence import Evidence
from sceau.chain.contract_errors import ContractError
from sceau.chain.errors import HeadInFuture, NodeStale
from sceau.chain.registries.consents import Status, consent_standing, read_state
from sceau.chain.registries.parties import read_key
from sceau.consent.card import UnlockedCard
from sceau.consent.revocation import sign_revocation_of
from sceau.consent.signing import sign_consent
from sceau.errors import InputError, NodeError
from sceau.messages.information import InformationRequest
from sceau.party.access import ADMIN_ROLES
from sceau.roles.admin import Admin
from sceau.roles.controller import Controller
from sceau.roles.patient import Patient
from sceau.store.erasing import Copies
from sceau.terms import Role
from tests.client.party.conftest import ENTRY
from tests.client.roles.test_admin import application_to
from tests.support.audits import GROUP, WEEK, Office
from tests.support.deployed import key
from tests.support.lying_node import Lie, behind, head_at
from tests.support.stage import Stage
from tests.support.stores import content_of

#: Made with a true node: what a verb needs; then called behind the false one.
Act = Callable[[], object]
Row = Callable[[Stage], Act]


def practice(stage: Stage) -> Practice:
    return stage.opened.practice


def of_practice() -> dict[str, Row]:
    def request_consent(stage: Stage) -> Act:
        day = stage.round.today() + timedelta(days=2)
        return lambda: practice(stage).request_consent(
            payer=stage.chain.party("payer"), groups=["AMOUNTS"], expires_on=day
        )

    def record_consent(stage: Stage) -> Act:
        request = stage.round.request
        signed = sign_consent(request, key("a patient"))
        return lambda: stage.round.practice.record_consent(signed, request)

    def open_claim(stage: Stage) -> Act:
        values, payer = stage.opened.values("open"), stage.chain.party("payer")
        return lambda: practice(stage).open_claim(
            "fr-optical-quote", values, payer=payer, consent=stage.round.signed.consent
        )

    def order(stage: Stage) -> Act:
        life = stage.authorised
        supplier = life.supplier.party
        return lambda: life.practice.order(life.claim, life.values("order"), supplier=supplier)

    def remake(stage: Stage) -> Act:
        life = stage.ordered
        values = {**life.values("remake"), "order.reason": "BREAKAGE"}
        supplier = life.supplier.party
        return lambda: life.practice.remake(life.claim, values, supplier=supplier)

    def disclose(stage: Stage) -> Act:
        held, payer = stage.round.held, stage.chain.party("payer")
        return lambda: stage.round.practice.disclose(
            stage.round.record, payer=payer, clause="detailed", consent=held
        )

    def envelope_of_disclosure(stage: Stage) -> Act:
        # On a block of now: one that was made long before its envelope is refused for that, whatever the head is.
        stage.chain.catch_up()
        made = stage.opened.disclosure()
        return lambda: stage.opened.practice.disclosure_envelope(made)

    return {
        "request_consent": request_consent,
        "record_consent": record_consent,
        "withdraw_consent": lambda stage: (
            lambda: stage.round.practice.withdraw_consent(stage.round.signed.consent)
        ),
        "open_claim": open_claim,
        "order": order,
        "remake": remake,
        "invoice": lambda stage: (
            lambda: stage.delivered.practice.invoice(stage.delivered.claim, stage.delivered.values("invoice"))
        ),
        "cancel": lambda stage: lambda: practice(stage).cancel(stage.opened.claim, reason="OTHER"),
        "disclose": disclose,
        "disclosure_envelope": envelope_of_disclosure,
        "show": lambda stage: lambda: practice(stage).show(stage.opened.claim, clause="minimal"),
        "shown": lambda stage: lambda: practice(stage).shown(stage.opened.claim, clause="minimal"),
        "act_code_key_envelope": lambda stage: (
            lambda: stage.ordered.practice.act_code_key_envelope(stage.ordered.steps["order"])
        ),
        "justify": lambda stage: (
            lambda: stage.delivered.practice.justify(
                stage.delivered.claim, "delivery-differs", "OTHER", order_number=1
            )
        ),
    }


def of_informing() -> dict[str, Row]:
    def asked(stage: Stage, *paths: str) -> InformationRequest:
        life = stage.opened
        made = life.payer.request_information(life.claim, paths, clause="minimal", reason="AMOUNTS")
        request = life.practice.receive(made.text)
        assert isinstance(request, InformationRequest)
        return request

    def check_information(stage: Stage) -> Act:
        request = asked(stage, "right.price")
        return lambda: practice(stage).check_information(request)

    def grant_information(stage: Stage) -> Act:
        request = asked(stage, "total.price")
        return lambda: practice(stage).grant_information(request)

    def decline_information(stage: Stage) -> Act:
        request = asked(stage, "total.price")
        return lambda: practice(stage).decline_information(request, "OTHER")

    return {
        "check_information": check_information,
        "grant_information": grant_information,
        "decline_information": decline_information,
    }


def erase(stage: Stage) -> Act:
    copies = Copies(Path(tempfile.mkdtemp()) / "backup")
    return lambda: practice(stage).erase(copies, claims=[stage.opened.claim])


def received(stage: Stage) -> Act:
    life = stage.opened
    life.payer.receive(life.practice.disclosure_envelope(life.disclosure()).text)
    return lambda: life.payer.received(life.claim)


def of_any_party() -> dict[str, Row]:
    def told(stage: Stage) -> str:
        return stage.opened.practice.disclosure_envelope(stage.opened.disclosure()).text

    def read(verb: str) -> Row:
        def row(stage: Stage) -> Act:
            text = told(stage)
            return lambda: getattr(stage.opened.payer, verb)(text)

        return row

    def receiving(stage: Stage) -> Act:
        text = told(stage)

        def act() -> object:
            with stage.opened.payer.receiving(text) as received:
                return received

        return act

    def reception(stage: Stage) -> Act:
        text = told(stage)

        def act() -> object:
            with stage.opened.payer.reception() as opened:
                return opened.read(text)

        return act

    def confirm_request(stage: Stage) -> Act:
        asked = Office.of(stage.ordered).ask(stage.ordered.practice)
        return lambda: stage.ordered.practice.confirm_request(asked)

    def answer_request(stage: Stage) -> Act:
        asked = Office.of(stage.ordered).confirmed(stage.ordered.practice)
        return lambda: stage.ordered.practice.answer_request(asked)

    return {
        "erase": erase,
        "held": lambda stage: lambda: practice(stage).held(claims=[stage.opened.claim]),
        "erasure_certificate": lambda stage: lambda: practice(stage).erasure_certificate(),
        "history": lambda stage: lambda: practice(stage).history(stage.opened.claim),
        "timeline": lambda stage: lambda: practice(stage).timeline(stage.opened.claim, held=True),
        "follow": lambda stage: lambda: practice(stage).follow(),
        "consent": lambda stage: lambda: practice(stage).consent(stage.round.signed.consent),
        "message": read("message"),
        "read": read("read"),
        "receive": read("receive"),
        "received": received,
        "receiving": receiving,
        "reception": reception,
        "envelope": lambda stage: lambda: stage.ordered.practice.envelope(stage.ordered.steps["order"]),
        "evidence": lambda stage: (
            lambda: stage.ordered.practice.evidence(stage.ordered.claim, paths=["right.sphere"])
        ),
        "resend": lambda stage: lambda: stage.ordered.practice.resend(stage.ordered.steps["order"]),
        "standing": lambda stage: lambda: stage.ordered.practice.standing(stage.ordered.steps["order"]),
        "confirm_request": confirm_request,
        "answer_request": answer_request,
    }


def of_supplier() -> dict[str, Row]:
    def received(stage: Stage) -> Any:
        assert stage.ordered.received is not None
        return stage.ordered.received

    return {
        "tell_payer": lambda stage: lambda: stage.ordered.supplier.tell_payer(stage.ordered.claim, 1),
        "orders_without_envelope": lambda stage: lambda: stage.ordered.supplier.orders_without_envelope(),
        "answer": lambda stage: lambda: stage.ordered.supplier.answer(received(stage)),
        "deliver": lambda stage: (
            lambda: stage.ordered.supplier.deliver(received(stage), stage.ordered.values("deliver"))
        ),
        "record_return": lambda stage: (
            lambda: stage.delivered.supplier.record_return(stage.delivered.claim, reason="OTHER")
        ),
        "dispute": lambda stage: lambda: stage.ordered.supplier.dispute(stage.ordered.claim, reason="OTHER"),
        "justify": lambda stage: (
            lambda: stage.delivered.supplier.justify(
                stage.delivered.claim, "delivery-differs", "OTHER", order_number=1
            )
        ),
    }


def of_payer() -> dict[str, Row]:
    def authorise(stage: Stage) -> Act:
        verdict = stage.opened.verdict()
        return lambda: stage.opened.payer.authorise(verdict)

    def refuse(stage: Stage) -> Act:
        verdict = stage.opened.verdict()
        return lambda: stage.opened.payer.refuse(verdict, reason="OTHER")

    def settle(stage: Stage) -> Act:
        stage.delivered.invoice()
        verdict = stage.delivered.verdict("invoice")
        return lambda: stage.delivered.payer.settle(verdict)

    def payment_notice(stage: Stage) -> Act:
        life = stage.delivered
        life.invoice()
        life.settle()
        return lambda: life.payer.payment_notice(life.claim, day=stage.round.today(), reference="VIR-1")

    def request_information(stage: Stage) -> Act:
        life = stage.opened
        return lambda: life.payer.request_information(
            life.claim, ["total.price"], clause="minimal", reason="AMOUNTS"
        )

    return {
        "authorise": authorise,
        "refuse": refuse,
        "settle": settle,
        "payment_notice": payment_notice,
        "request_information": request_information,
    }


def of_auditor() -> dict[str, Row]:
    def audit(stage: Stage) -> Act:
        evidence = Evidence.about(stage.chain.network, stage.opened.claim)
        return lambda: Auditor(stage.chain.network).audit(evidence)

    def request_evidence(stage: Stage) -> Act:
        life, deadline = stage.ordered, stage.chain.now + WEEK
        return lambda: Office.of(life).auditor.request_evidence(
            life.claim, life.practice.party, [(1, GROUP)], deadline=deadline
        )

    def asked(stage: Stage) -> Act:
        office = Office.of(stage.ordered)
        office.confirmed(stage.ordered.practice)
        return lambda: office.auditor.asked(stage.ordered.claim)

    def rule(stage: Stage) -> Act:
        office = Office.of(stage.delivered)
        report = office.report()
        return lambda: office.auditor.rule(report, "delivery-differs", None, order_number=1)

    return {
        "audit": audit,
        "request_evidence": request_evidence,
        "asked": asked,
        "rule": rule,
        "history": lambda stage: lambda: Auditor(stage.chain.network).history(stage.opened.claim),
        "timeline": lambda stage: lambda: Auditor(stage.chain.network).timeline(stage.opened.claim),
    }


def of_controller() -> dict[str, Row]:
    def row(act: Callable[[Controller], object]) -> Row:
        return lambda stage: lambda: act(stage.chain.controller("practice"))

    return {
        "signing_keys": row(lambda each: each.signing_keys()),
        "add_key": row(lambda each: each.add_key(key("another key"))),
        "retire_key": row(lambda each: each.retire_key(key("practice").address)),
        "retire_stolen_key": row(lambda each: each.retire_stolen_key(key("practice").address, since=1)),
        "offer_control": row(lambda each: each.offer_control(key("another").address)),
        "withdraw_offer": row(lambda each: each.withdraw_offer()),
        "accept_control": row(lambda each: each.accept_control()),
        "publish": row(lambda each: each.publish(ENTRY)),
    }


def of_admin() -> dict[str, Row]:
    def row(act: Callable[[Admin], object]) -> Row:
        return lambda stage: lambda: act(stage.chain.consortium)

    other = key("another admin").address

    def admit(stage: Stage) -> Act:
        application = application_to(stage.chain)
        return lambda: stage.chain.consortium.admit(application)

    def confirm_identity(stage: Stage) -> Act:
        entry = stage.opened.published.directory.entry(stage.chain.network, 1)
        return lambda: stage.chain.consortium.confirm_identity(1, entry)

    return {
        "admit": admit,
        "confirm_identity": confirm_identity,
        "set_roles": row(lambda admin: admin.set_roles(1, Role.AUDITOR)),
        "suspend": row(lambda admin: admin.suspend(1)),
        "reinstate": row(lambda admin: admin.reinstate(1)),
        "set_compromised_since": row(lambda admin: admin.set_compromised_since(key("practice").address, 1)),
        "pause": row(lambda admin: admin.pause("ClaimRegistry")),
        "unpause": row(lambda admin: admin.unpause("ClaimRegistry")),
        "grant": row(lambda admin: admin.grant(ADMIN_ROLES, other)),
        "revoke": row(lambda admin: admin.revoke(ADMIN_ROLES, other)),
    }


def of_patient() -> dict[str, Row]:
    def patient(stage: Stage) -> Patient:
        return Patient(stage.chain.network, stage.round.signed)

    def read_request(stage: Stage) -> Act:
        asked = json.dumps(stage.round.request.to_json())
        return lambda: patient(stage).read_request(asked)

    return {
        "read_request": read_request,
        "has_history": lambda stage: lambda: patient(stage).has_history(key("practice").address),
        "sign": lambda stage: lambda: patient(stage).sign(stage.round.request, "482915"),
        "standing": lambda stage: lambda: patient(stage).standing(),
        "receipt": lambda stage: lambda: patient(stage).receipt(stage.round.request),
    }


def of_readings() -> dict[str, Row]:
    """What programs read by themselves, at the newest block."""
    return {
        "read_state": lambda stage: lambda: read_state(stage.chain.network, stage.round.signed.consent),
        "consent_standing": lambda stage: (
            lambda: consent_standing(stage.chain.network, stage.round.signed.consent)
        ),
        "read_key": lambda stage: lambda: read_key(stage.chain.network, key("practice").address),
        "names": lambda stage: lambda: stage.opened.published.directory.names(stage.chain.network, [1]),
    }


#: Every verb of every role that reads the chain, by role.
VERBS: Mapping[type[object], Mapping[str, Row]] = {
    Practice: {**of_any_party(), **of_practice(), **of_informing()},
    Supplier: of_supplier(),
    Payer: of_payer(),
    Auditor: of_auditor(),
    Controller: of_controller(),
    Admin: of_admin(),
    Patient: of_patient(),
    object: of_readings(),
}

#: What does nothing on the strength of the chain, or is looked at in a test of its own.
OTHERS: Mapping[type[object], set[str]] = {
    # Opened, made or stored here; a key's party, which never changes.
    Practice: {
        "open",
        "close",
        "party",
        "signer",
        "store",
        "mailbox",
        "steps",
        "placed_order",
        "given_consent",
        "state_after",
        "register",
        "transport",
        "inbox",
        # As the chain was followed before.
        "claims",
        "consents",
        "proof_of",
        "followed",
        "policy",
        "queue",
        # It tells of the head instead of raising it. What it does to messages and writes is in tests of their own.
        "sync",
        "deletion_notices",
        "obey_deletion",
        "deletion_answered",
        "information_requests",
        "information_answered",
    },
    Controller: {"party"},
    # It follows what was written.
    Admin: {"number_after"},
    # A verdict tells of the head, one of many as one alone.
    Payer: {"verify", "verify_each", "issued", "act_codes", "told"},
    # Nothing stops a revocation, and a patient may look at any node's word.
    Patient: {"at", "state", "sender", "revoke", "revoked", "sign_revocation", "relay", "proof_of"},
}

#: Heads on which nothing may be done, with what is said of them.
HEADS: Mapping[str, tuple[Lie, type[NodeError]]] = {
    "stale": (head_at(lambda: time.time() - 61), NodeStale),
    "in the future": (head_at(lambda: time.time() + 320), HeadInFuture),
}


def test_the_table_holds_every_verb_of_every_role() -> None:
    for role, rows in VERBS.items():
        if role is object:
            continue
        inherited = set() if role is Practice else {name for name, _ in inspect.getmembers(Practice)}
        own = {name for name, _ in inspect.getmembers(role) if not name.startswith("_")}
        if role in (Supplier, Payer, Auditor):
            own -= inherited - set(rows)
        assert own == set(rows) | OTHERS.get(role, set()), role.__name__


#: Where a head is asked for that nobody judges: what looks at a node itself or holds it
#: against others, what follows a transaction that was sent,
#: what reads a proof, which has one block, and what sends a revocation.
UNJUDGED = {
    "chain/network.py",
    "chain/conflicts.py",
    "chain/fees.py",
    "chain/transaction.py",
    "chain/following.py",
    "chain/proof_reading.py",
    "diagnosis.py",
} | {
    "roles/patient.py",
    "roles/revoked.py",
}


def test_nobody_else_asks_a_node_for_its_head() -> None:
    root = Path(sceau.__file__).parent
    asking = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if "node.head()" in path.read_text(encoding="utf-8")
    }
    assert asking == UNJUDGED


def kept(stage: Stage) -> list[object]:
    """All that the stores of the stage hold."""
    stores = [stage.round.practice.store, stage.round.payer.store]
    for life in (stage.opened, stage.authorised, stage.ordered, stage.delivered):
        stores += [life.practice.store, life.supplier.store, life.payer.store]
    return [content_of(store) for store in stores]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize(("role", "verb"), [(role, verb) for role, rows in VERBS.items() for verb in rows])
def test_no_verb_acts_on_a_head_that_is_not_of_now(
    stage: Stage, role: type[object], verb: str, head: str
) -> None:
    act = VERBS[role][verb](stage)
    before = kept(stage)
    lie, told = HEADS[head]
    with behind(stage.chain, lie) as asked, pytest.raises(told) as raised:
        act()
    assert raised.value.exit_code == 5
    assert "eth_sendRawTransaction" not in asked
    assert kept(stage) == before


@pytest.mark.parametrize(
    ("role", "verb"),
    [(role, verb) for role, rows in VERBS.items() for verb in rows if verb != "record_consent"],
)
def test_a_verb_acts_where_blocks_come_on_demand(stage: Stage, role: type[object], verb: str) -> None:
    """No row of the table fails for the node itself, so that the test above shows what the head alone does."""
    act = VERBS[role][verb](stage)
    with behind(stage.chain, HEADS["stale"][0], block_period=0), suppress(ContractError, InputError):
        act()


@pytest.mark.parametrize("head", HEADS)
def test_a_verdict_on_such_a_head_is_none(stage: Stage, head: str) -> None:
    disclosure = stage.round.disclose()
    lie, told = HEADS[head]
    with behind(stage.chain, lie):
        verdict = stage.round.payer.verify(disclosure)
        assert [finding.code for finding in verdict.findings] == [told.code]
        assert not verdict.values


@pytest.mark.parametrize("head", HEADS)
def test_a_patient_is_told_what_is_wrong_with_the_nodes_word_and_revokes_all_the_same(
    stage: Stage, head: str
) -> None:
    request, lie, told = stage.round.request, *HEADS[head]
    card = UnlockedCard(request.registry, request.commitment, stage.round.key)
    sender = stage.chain.signers["stranger"]
    with behind(stage.chain, lie):
        patient = Patient(stage.chain.network, card, sender=sender)
        assert patient.state().status is Status.VALID
        assert type(patient.doubt) is told
        revoked = patient.revoke().wait(30)
        assert type(patient.doubt) is told
    assert revoked.receipt is not None
    assert consent_standing(stage.chain.network, card.consent).status is Status.REVOKED


@pytest.mark.parametrize("head", HEADS)
def test_a_signed_revocation_is_relayed_whatever_the_head(stage: Stage, head: str) -> None:
    request = stage.round.request
    revocation = sign_revocation_of(request.commitment, stage.round.key, request.registry)
    with behind(stage.chain, HEADS[head][0]):
        Patient(stage.chain.network, sender=stage.chain.signers["stranger"]).relay(revocation).wait(30)
    assert consent_standing(stage.chain.network, revocation.consent).status is Status.REVOKED
