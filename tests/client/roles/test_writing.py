# SPDX-License-Identifier: Apache-2.0
"""A step is stored before it is sent, written once, and taken back when it surely was not written."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sceau import Practice
from sceau.chain.contract_errors import ClaimStepIllegal, ContractError
from sceau.chain.signer import Signer
from sceau.chain.transaction import send, send_data
from sceau.claim.errors import OrderKeyMissing
from sceau.consent.signing import sign_consent
from sceau.disclosure.errors import ConsentDoesNotCover
from sceau.formats.optics.order import load_order
from sceau.formats.optics.quote import load_quote
from sceau.messages import justification
from sceau.messages.errors import NotTheReader
from sceau.record import seal
from sceau.roles.acting import ActingParty
from sceau.roles.errors import (
    AuthorisationMissing,
    DifferenceNotConfirmed,
    NotAnOrder,
    NotConcerned,
    OrderOfAnotherNumber,
    PartyOfAnotherRole,
    RecordNotShared,
    RequestMissing,
    StepPending,
    StoreMissing,
)
from sceau.roles.handle import Handle, WriteState
from sceau.store import Kind, LocalStore
from sceau.store.errors import NumberAlreadyUsed, StoreUnusable
from sceau.terms import State, Step
from scripts.documents import document
from tests.support.deployed import Deployed
from tests.support.life import DATA, UNTIL, Life
from tests.support.mailboxes import hostile_envelope
from tests.support.round import GROUPS
from tests.support.stage import Stage
from tests.support.stores import rows_of
from tests.support.unsent import sealed_anew, unsent
from tests.support.words import about

ROOT = Path(__file__).parents[3]
ORDER = load_order(document("order"))


def practice(life: Life, store: LocalStore) -> Practice:
    mailbox = life.published.mailbox("practice", store)
    return Practice(life.chain.network, life.chain.signers["practice"], store=store, mailbox=mailbox)


# Written once


def test_a_handle_says_where_its_write_stands(stage: Stage) -> None:
    life = stage.opened
    handle = life.practice.cancel(life.claim, reason="OTHER")
    assert handle.state is WriteState.SENT
    receipt = handle.wait(30)
    assert (handle.state, handle.hash) == (WriteState.WRITTEN, receipt.hash)
    assert handle.wait(30) == receipt


def test_a_verb_that_is_repeated_finds_what_it_wrote(stage: Stage) -> None:
    """As after a crash between sending and hearing: nothing is sealed anew, nothing written twice."""
    life = stage.authorised
    first = life.practice.order(life.claim, ORDER, supplier=life.supplier.party)
    first.wait(30)
    again = life.practice.order(life.claim, ORDER, supplier=life.supplier.party)
    assert again.state is WriteState.WRITTEN
    assert again.wait() == first.wait()
    assert again.step is not None
    assert first.step is not None
    assert again.step.record.root == first.step.record.root
    assert len(life.practice.history(life.claim).steps) == 3


def test_a_step_that_was_stored_and_never_sent_is_sent_by_the_same_verb(stage: Stage) -> None:
    life = stage.authorised
    step = unsent(life.practice.order, life.claim, ORDER, supplier=life.supplier.party)
    life.practice.store.put(Kind.STEP, step.record.root, step.to_json(), claim=life.claim)
    with pytest.raises(StepPending):
        life.practice.order(life.claim, {**ORDER, "right.lens.code": "ECO50"}, supplier=life.supplier.party)
    handle = life.practice.order(life.claim, ORDER, supplier=life.supplier.party)
    handle.wait(30)
    assert handle.step is not None
    assert handle.step.record.root == step.record.root


def test_what_nobody_heard_of_is_found_and_what_was_heard_of_is_asked_anew(stage: Stage) -> None:
    """A claim may be opened, and an order remade, twice with the same values: only a cut-off is no second time."""
    life = stage.delivered
    shop, supplier = life.practice, life.supplier.party
    quote, payer = load_quote(document("quote")), life.payer.party
    opened = [shop.open_claim("fr-optical-quote", quote, payer=payer) for _ in range(2)]
    assert opened[0].claim == opened[1].claim
    opened[1].wait(30)
    assert shop.open_claim("fr-optical-quote", quote, payer=payer).claim != opened[0].claim
    remade = {**ORDER, "order.reason": "BREAKAGE"}
    first = shop.remake(life.claim, remade, supplier=supplier)
    again = shop.remake(life.claim, remade, supplier=supplier)
    assert (again.state, again.hash) == (WriteState.WRITTEN, first.hash)
    third = shop.remake(life.claim, remade, supplier=supplier)
    assert third.step is not None
    assert third.step.order_number == 3


def test_what_nobody_heard_of_on_another_deployment_stays_there(stage: Stage) -> None:
    life = stage.opened
    quote, store = load_quote(document("quote")), life.practice.store
    step = unsent(life.practice.open_claim, "fr-optical-quote", quote, payer=life.payer.party)
    record = seal(replace(step.record.scope, contract="0x" + "12" * 20), step.record.values)
    elsewhere = replace(step, record=record, arguments=(*step.arguments[:3], record.root))
    store.put(Kind.STEP, record.root, elsewhere.to_json(), claim=elsewhere.claim)
    store.put(Kind.UNCONFIRMED, elsewhere.fingerprint, {"step": record.root}, claim=elsewhere.claim)
    handle = life.practice.open_claim("fr-optical-quote", quote, payer=life.payer.party)
    handle.wait(30)
    assert handle.claim != elsewhere.claim


def test_the_same_step_sent_twice_at_once_is_written_by_one(stage: Stage) -> None:
    """Two tills, two keys, one step: the second transaction is refused in its block, and the step is written."""
    life, node, chain = stage.opened, stage.chain.test_node, stage.chain
    other = Signer.generate()
    chain.fund(other.address)
    network = chain.network
    chain.controller("practice").add_key(other).wait(30)
    second_till = Practice(network, other, store=life.practice.store)
    node.stop_blocks()
    try:
        first = life.practice.cancel(life.claim, reason="OTHER")
        assert first.step is not None
        second = second_till.resend(first.step)
        assert second.hash != first.hash
    finally:
        node.start_blocks()
    receipts = [handle.wait(30) for handle in (first, second)]
    assert receipts[0] == receipts[1]
    assert receipts[0].hash in (first.hash, second.hash)
    assert [handle.state for handle in (first, second)] == [WriteState.WRITTEN] * 2
    assert life.practice.steps(life.claim)[-1].record.root == first.step.record.root


def test_an_illegal_step_has_its_own_error_and_leaves_nothing(stage: Stage) -> None:
    life = stage.opened
    life.note("cancel")
    with pytest.raises(ClaimStepIllegal):
        life.practice.resend(sealed_anew(life.steps["cancel"]))
    stored = len(life.practice.steps(life.claim))
    with pytest.raises(ClaimStepIllegal):
        life.practice.cancel(life.claim, reason="PATIENT")
    assert len(life.practice.steps(life.claim)) == stored


def test_a_step_that_a_block_refuses_is_taken_back(stage: Stage) -> None:
    life, node = stage.opened, stage.chain.test_node
    verdict = life.verdict()
    node.stop_blocks()
    try:
        cancelled = life.practice.cancel(life.claim, reason="OTHER")
        authorised = life.payer.authorise(verdict, valid_until=UNTIL)
        assert len(life.payer.steps(life.claim)) == 1
    finally:
        node.start_blocks()
    cancelled.wait(30)
    with pytest.raises(ContractError):
        authorised.wait(30)
    assert authorised.state is WriteState.REFUSED
    assert life.payer.steps(life.claim) == []
    # Its file number serves another claim.
    other = Life(stage.chain, life.published)
    other.payer = life.payer
    life.payer.authorise(other.verdict(), valid_until=UNTIL).wait(30)


def test_a_step_that_may_still_wait_for_a_block_is_not_taken_back(free_chain: Deployed) -> None:
    """It was stored before, and its key has something on its way: that may be this step."""
    life, node = Life(free_chain), free_chain.test_node
    life.authorise()
    step = unsent(life.practice.order, life.claim, ORDER, supplier=life.supplier.party)
    life.practice.store.put(Kind.STEP, step.record.root, step.to_json(), claim=life.claim)
    # The claim ends meanwhile.
    practice(life, LocalStore(None)).cancel(life.claim, reason="OTHER").wait(30)
    network, signer = free_chain.network, free_chain.signers["practice"]
    node.request("evm_setIntervalMining", 0)
    try:
        send_data(network.node, signer, to=signer.address, value=0, chain_id=network.chain_id)
        with pytest.raises(ClaimStepIllegal):
            life.practice.order(life.claim, ORDER, supplier=life.supplier.party)
        assert life.practice.steps(life.claim)[-1].record.root == step.record.root
    finally:
        node.request("evm_mine")
        node.request("evm_setIntervalMining", 1)
    with pytest.raises(ClaimStepIllegal):
        life.practice.order(life.claim, ORDER, supplier=life.supplier.party)
    assert step.record.root not in [each.record.root for each in life.practice.steps(life.claim)]


class FullStore(LocalStore):
    """A store whose disk is full when a step is put into it."""

    def put(self, kind: Kind, key: str, document: Mapping[str, Any], *, claim: str = "") -> None:
        if kind is Kind.STEP:
            raise StoreUnusable(path="store")
        super().put(kind, key, document, claim=claim)


def test_a_step_that_was_stored_stays_stored_when_the_disk_is_full(stage: Stage, tmp_path: Path) -> None:
    life = stage.authorised
    step = unsent(life.practice.order, life.claim, ORDER, supplier=life.supplier.party)
    store = LocalStore(tmp_path)
    authorisation = life.practice.store.of_claim(Kind.MESSAGE, life.claim)[-1]
    store.put(Kind.MESSAGE, "authorisation", authorisation, claim=life.claim)
    store.put(Kind.STEP, step.record.root, step.to_json(), claim=life.claim)
    with pytest.raises(StoreUnusable):
        practice(life, FullStore(tmp_path)).order(life.claim, ORDER, supplier=life.supplier.party)
    assert practice(life, store).steps(life.claim) == [step]
    practice(life, store).order(life.claim, ORDER, supplier=life.supplier.party).wait(30)


def test_a_step_is_stored_before_it_is_sent(stage: Stage, tmp_path: Path) -> None:
    """A process that is killed while it sends has stored what it sent."""
    chain = stage.chain
    (tmp_path / "key").write_bytes(chain.signers["practice"].key_bytes())
    (tmp_path / "manifest.json").write_text(json.dumps(chain.network.manifest.to_json()))
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from sceau import Network, Practice, Signer\n"
        "from sceau.claim.prepared import PreparedStep\n"
        "from sceau.formats.optics.quote import load_quote\n"
        "from sceau.store import LocalStore\n"
        "folder, url, quote = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])\n"
        "PreparedStep.send = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "network = Network.connect(url, folder / 'manifest.json')\n"
        "shop = Practice(network, Signer.from_key((folder / 'key').read_bytes()), store=LocalStore(folder))\n"
        "shop.open_claim('fr-optical-quote', load_quote(quote), payer=3)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), chain.url, str(DATA / "quote.json")],
        cwd=ROOT,
        check=False,
    )
    assert ended.returncode == -9
    store = LocalStore(tmp_path)
    (claim,) = [row.claim for kind, row in rows_of(store) if kind == Kind.STEP.value]
    shop = Practice(chain.network, chain.signers["practice"], store=store)
    (step,) = shop.steps(claim)
    shop.resend(step).wait(30)
    assert shop.history(claim).state.state is State.OPENED


def test_writing_needs_a_store(stage: Stage) -> None:
    bare = Practice(stage.chain.network, stage.chain.signers["practice"])
    with pytest.raises(StoreMissing):
        bare.open_claim("fr-optical-quote", load_quote(document("quote")), payer=stage.chain.party("payer"))


# Who is named, who is told


def test_a_party_is_named_for_a_role_that_it_holds(stage: Stage) -> None:
    chain, life = stage.chain, stage.authorised
    supplier, payer = chain.party("supplier"), chain.party("payer")
    day = stage.round.today()
    for act in (
        lambda: life.practice.open_claim("fr-optical-quote", load_quote(document("quote")), payer=supplier),
        lambda: life.practice.request_consent(payer=supplier, groups=GROUPS, expires_on=day),
        lambda: life.practice.order(life.claim, ORDER, supplier=payer),
        lambda: stage.delivered.practice.remake(
            stage.delivered.claim, {**ORDER, "order.reason": "BREAKAGE"}, supplier=payer
        ),
    ):
        with pytest.raises(PartyOfAnotherRole):
            act()


def test_a_claim_under_a_consent_is_opened_for_the_payer_that_the_consent_names(stage: Stage) -> None:
    """A number that was mistyped when the claim is opened would send all of it to another insurer."""
    chain, round_ = stage.chain, stage.round
    store, consent = round_.practice.store, round_.signed.consent
    quote, other = load_quote(document("quote")), chain.party("other_payer")
    store.put(Kind.SIGNED_CONSENT, consent, round_.signed.to_json())
    store.put(Kind.CONSENT_REQUEST, round_.request.commitment, round_.request.to_json())
    with pytest.raises(ConsentDoesNotCover):
        round_.practice.open_claim("fr-optical-quote", quote, payer=other, consent=consent)
    opened = round_.practice.open_claim(
        "fr-optical-quote", quote, payer=chain.party("payer"), consent=consent
    )
    opened.wait(30)
    assert round_.practice.history(opened.claim).state.payer == chain.party("payer")


def test_the_table_says_who_is_told_of_a_step(stage: Stage) -> None:
    life = stage.delivered
    assert life.practice.envelope(life.steps["order"]).recipient == life.supplier.party
    assert life.payer.envelope(life.steps["authorise"]).recipient == life.practice.party
    assert life.supplier.envelope(life.steps["deliver"]).recipient == life.practice.party
    for step in ("open",):
        with pytest.raises(RecordNotShared):
            life.practice.envelope(life.steps[step])


def test_a_lost_envelope_is_made_again(stage: Stage) -> None:
    """The practice's store is gone: the payer sends the authorisation again, and the order goes on."""
    life = stage.authorised
    lost = practice(life, LocalStore(None))
    with pytest.raises(AuthorisationMissing):
        lost.order(life.claim, ORDER, supplier=life.supplier.party)
    lost.receive(life.payer.envelope(life.steps["authorise"]).text)
    lost.order(life.claim, ORDER, supplier=life.supplier.party).wait(30)


def test_another_partys_message_does_not_hide_the_authorisation(stage: Stage) -> None:
    """Anyone may send a word on a claim, and then publish other keys: it is refused, or stored and read no more."""
    life, chain = stage.authorised, stage.chain
    stranger = life.published.mailbox("other_practice")
    body = {**about(life, "renewal-too-early").body(), "reason": "OTHER"}
    word = hostile_envelope(stranger, justification.KIND, body, recipient=life.practice.party)
    with pytest.raises(NotTheReader):
        life.practice.receive(word)
    mailbox = life.practice.mailbox
    mailbox.receive([mailbox.open(word)], claim_of=lambda _: life.claim)
    controller, entry = chain.controllers["other_practice"], b"\x12" * 32
    send(chain.network, controller, "PartyRegistry", "setDirectory", stranger.party, entry).wait(30)
    life.practice.order(life.claim, ORDER, supplier=life.supplier.party).wait(30)


# Orders and invoices


def test_an_invoice_finds_the_key_of_its_order(stage: Stage) -> None:
    life = stage.delivered
    life.remake("DEFECT")
    values = dict(life.unsent_invoice().record.values)
    lost = practice(life, LocalStore(None))
    with pytest.raises(OrderKeyMissing):
        lost.invoice(life.claim, values)
    with pytest.raises(OrderOfAnotherNumber):
        lost.invoice(life.claim, values, order=life.steps["order"])
    with pytest.raises(NotAnOrder):
        lost.invoice(life.claim, values, order=life.steps["deliver"])
    with pytest.raises(NotAnOrder):
        lost.invoice(life.claim, values, order=stage.ordered.steps["order"])
    step = unsent(lost.invoice, life.claim, values, order=life.steps["remake"])
    assert step.order_number == 2
    life.practice.invoice(life.claim, values).wait(30)
    assert life.practice.history(life.claim).find(Step.INVOICE, 2) is not None


def test_a_difference_is_confirmed_before_it_is_written(stage: Stage) -> None:
    life = stage.ordered
    other = {**life.unsent_invoice().record.values, "right.lens.code": "ECO50"}
    before = life.head()
    with pytest.raises(DifferenceNotConfirmed) as refused:
        life.practice.invoice(life.claim, other)
    assert refused.value.details["groups"].code == "lens-product"
    made = dict(stage.delivered.steps["deliver"].record.values) | {"right.lens.code": "ECO50"}
    assert life.received is not None
    with pytest.raises(DifferenceNotConfirmed):
        life.supplier.deliver(life.received, made)
    assert life.head() == before
    life.supplier.deliver(life.received, made, despite_difference=True).wait(30)


def test_a_dispatch_serves_one_claim(stage: Stage) -> None:
    first, second = stage.ordered, stage.authorised
    second.supplier = first.supplier
    second.order()
    made = dict(stage.delivered.steps["deliver"].record.values)
    assert first.received is not None
    assert second.received is not None
    first.supplier.deliver(first.received, made).wait(30)
    with pytest.raises(NumberAlreadyUsed):
        first.supplier.deliver(second.received, made)
    assert first.supplier.steps(second.claim) == []
    other = {**made, "dispatch.reference": "EXP-2"}
    first.supplier.deliver(second.received, other).wait(30)


# Consents and words


def test_a_consent_answers_the_request_that_the_practice_remembers(stage: Stage) -> None:
    asked = stage.round
    store = LocalStore(None)
    shop = Practice(stage.chain.network, stage.chain.signers["practice"], store=store)
    request = shop.request_consent(
        payer=stage.chain.party("payer"),
        groups=GROUPS,
        expires_on=asked.today().replace(year=asked.today().year + 1),
    )
    signed = sign_consent(request, Signer.generate())
    forgetful = Practice(stage.chain.network, stage.chain.signers["practice"])
    with pytest.raises(RequestMissing):
        forgetful.record_consent(signed)
    shop.record_consent(signed).wait(30)
    assert shop.given_consent(signed).record.root == request.commitment


def test_a_party_without_a_part_in_a_claim_justifies_nothing(stage: Stage) -> None:
    life = stage.delivered
    store = LocalStore(None)
    stranger = Practice(
        stage.chain.network,
        stage.chain.signers["other_practice"],
        store=store,
        mailbox=life.published.mailbox("other_practice", store),
    )
    with pytest.raises(NotConcerned):
        stranger.justify(life.claim, "order-returned", "TRUST-ME")
    envelope = life.supplier.justify(life.claim, "order-returned", "credit-note-sent")
    assert envelope.recipient == life.payer.party


def test_no_secret_is_in_what_is_shown_of_a_write(stage: Stage) -> None:
    life = stage.ordered
    seed = life.steps["order"].record.seed.hex()[:12]
    handle: Handle = life.practice.remake(
        life.claim, {**ORDER, "order.reason": "BREAKAGE"}, supplier=life.supplier.party, tell=True
    )
    assert handle.envelope is not None
    assert isinstance(life.practice, ActingParty)
    for shown in (repr(handle), repr(handle.envelope), repr(handle.step)):
        for secret in (seed, life.key.reveal()[2:14], "VXB1", "BREAKAGE", handle.envelope.text[:20]):
            assert secret not in shown
    handle.wait(30)
