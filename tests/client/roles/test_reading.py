# SPDX-License-Identifier: Apache-2.0
"""What a role reads: messages from envelopes, from what was stored or as bare files, and what belongs to them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from sceau import Outcome, Payer
from sceau.disclosure.errors import DisclosureMalformed
from sceau.documents.errors import FileMalformed
from sceau.messages.act_codes import ActCodeKey
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.messages.errors import EnvelopeError, EnvelopeOfAnotherKind
from sceau.messages.justification import Justification
from sceau.messages.order import OrderAnswer
from sceau.messages.source import read_disclosure_source, read_source
from sceau.messages.stored import StoredMessage
from sceau.policy.errors import PolicyUnknown
from sceau.record.errors import ValueNotCanonical
from sceau.roles.errors import NotTheAuthorisation, OwnAuthorisationMissing, SignerMissing
from sceau.roles.handle import WriteState
from sceau.store import Kind, LocalStore
from tests.support.life import UNTIL
from tests.support.stage import Stage


def own_payer(stage: Stage, store: LocalStore) -> Payer:
    """The payer with an empty store."""
    mailbox = stage.opened.published.mailbox("payer", store)
    return Payer(stage.chain.network, stage.chain.signers["payer"], store=store, mailbox=mailbox)


# Sources


def test_a_disclosure_is_read_from_an_envelope_a_stored_message_or_a_bare_file(stage: Stage) -> None:
    life = stage.opened
    made = life.disclosure()
    envelope = life.practice.disclosure_envelope(made).text
    store = LocalStore(None)
    payer = own_payer(stage, store)
    with payer.reception() as reception:
        first = reception.disclosure(read_disclosure_source((envelope + "\n").encode()))
    (stored,) = store.of_claim(Kind.MESSAGE, life.claim)
    with payer.reception() as reception:
        again = reception.disclosure(read_disclosure_source(json.dumps(stored).encode()))
        bare = reception.disclosure(read_disclosure_source(json.dumps(made.to_json()).encode()))
    assert isinstance(first, ReceivedDisclosure)
    assert isinstance(again, ReceivedDisclosure)
    assert first.disclosure.id == again.disclosure.id == made.id
    assert bare == made
    # Who signed it counts: what a bare file says is no ground for a refusal, as it could come from anyone.
    assert [payer.issued(payer.verify(each)).signed for each in (first, again, bare)] == [True, True, False]
    assert len(store.of_claim(Kind.MESSAGE, life.claim)) == 1


@pytest.mark.parametrize("read", [read_source, read_disclosure_source])
@pytest.mark.parametrize("data", [b"", b"hello", b"{}", b'{"format": "sceau-message/1"}', b"[" * 5000])
def test_what_is_none_of_these_is_refused(read: Callable[[bytes], object], data: bytes) -> None:
    with pytest.raises((FileMalformed, DisclosureMalformed)):
        read(data)


def test_a_cut_envelope_is_refused_as_one(stage: Stage) -> None:
    life = stage.opened
    whole = life.practice.disclosure_envelope(life.disclosure()).text.encode()
    for cut in (whole[:10], whole[:-20], whole[:50] + b"\xff" + whole[50:]):
        source = read_source(cut)
        assert isinstance(source, str)
        with pytest.raises(EnvelopeError):
            life.payer.read(source)


# Receptions


def test_messages_of_several_kinds_are_received_together_or_not_at_all(stage: Stage) -> None:
    life, store = stage.delivered, LocalStore(None)
    payer = own_payer(stage, store)
    shown = life.practice.disclosure_envelope(life.disclosure()).text
    word = life.supplier.justify(life.claim, "order-returned", "credit-note-sent").text
    key = life.practice.act_code_key_envelope(life.steps["order"]).text

    def work(*, fails: bool) -> None:
        with payer.reception() as reception:
            assert isinstance(reception.disclosure(shown), ReceivedDisclosure)
            assert reception.take(word, Justification).reason == "CREDIT-NOTE-SENT"
            assert reception.take(key, ActCodeKey).order_number == 1
            if fails:
                raise KeyError

    with pytest.raises(KeyError):
        work(fails=True)
    assert store.of_claim(Kind.MESSAGE, life.claim) == []
    work(fails=False)
    stored = [StoredMessage.from_json(each) for each in store.of_claim(Kind.MESSAGE, life.claim)]
    assert [type(payer.read(each)) for each in stored] == [ReceivedDisclosure, Justification, ActCodeKey]


def test_a_message_of_another_kind_is_not_taken(stage: Stage) -> None:
    life = stage.delivered
    word = life.supplier.justify(life.claim, "order-returned", "credit-note-sent").text
    with pytest.raises(EnvelopeOfAnotherKind), life.payer.reception() as reception:
        reception.take(word, OrderAnswer)


# A payer's own


def test_a_payer_that_only_verifies_needs_its_number_alone(stage: Stage) -> None:
    life = stage.opened
    bare = Payer(stage.chain.network, party=stage.chain.party("payer"))
    assert bare.verify(life.disclosure()).outcome is Outcome.ACCEPTED
    other = Payer(stage.chain.network, party=stage.chain.party("other_payer"))
    assert other.verify(life.disclosure()).reasons[0].code == "not-addressed"
    with pytest.raises(SignerMissing):
        Payer(stage.chain.network).verify(life.disclosure())
    keyless = Payer(stage.chain.network, party=stage.chain.party("payer"), store=LocalStore(None))
    verdict = keyless.verify(life.disclosure())
    with pytest.raises(SignerMissing):
        keyless.authorise(verdict, valid_until=UNTIL)
    assert keyless.steps(life.claim) == []


def test_a_key_that_is_given_as_a_function_is_asked_for_when_something_is_written(stage: Stage) -> None:
    life, asked = stage.opened, []

    def unlock() -> object:
        asked.append("password")
        return stage.chain.signers["payer"]

    payer = Payer(stage.chain.network, unlock, party=lambda: 3, store=LocalStore(None))  # type: ignore[arg-type] # a signer
    verdict = payer.verify(life.disclosure())
    assert asked == []
    payer.authorise(verdict, valid_until=UNTIL).wait(30)
    assert asked == ["password"]


def test_act_codes_are_held_against_the_payers_own_authorisation(stage: Stage) -> None:
    life = stage.delivered
    key = life.act_code_key()
    own = life.payer.act_codes([key])
    assert own.authorised["right.code"] == life.steps["authorise"].record.values["right.code"]
    lost = own_payer(stage, LocalStore(None))
    with pytest.raises(OwnAuthorisationMissing):
        lost.act_codes([key])
    assert lost.act_codes([key], life.steps["authorise"]) == own
    for other in (life.steps["order"], stage.authorised.steps["authorise"]):
        with pytest.raises(NotTheAuthorisation):
            lost.act_codes([key], other)


# A practice's and a supplier's


def test_a_policy_may_be_named(stage: Stage) -> None:
    life = stage.opened
    record, payer = life.steps["open"].record, life.payer.party
    usual = life.practice.disclose(record, payer=payer, clause="minimal")
    version = f"{usual.policy.id}/{usual.policy.version}"
    assert life.practice.disclose(record, payer=payer, clause="minimal", policy=version).paths == usual.paths
    for unknown in ("no-such-policy", f"{usual.policy.id}/1999-01-01"):
        with pytest.raises(PolicyUnknown):
            life.practice.disclose(record, payer=payer, clause="minimal", policy=unknown)


def test_a_reason_is_a_code_however_it_is_written(stage: Stage) -> None:
    life = stage.ordered
    assert life.answer(refuse_because="out-of-stock ").reason == "OUT-OF-STOCK"
    with pytest.raises(ValueNotCanonical):
        life.answer(refuse_because="a sentence, about Mrs Martin")


def test_a_consent_is_recorded_once_and_withdrawn_once(stage: Stage) -> None:
    asked = stage.round
    request, signed = asked.request, asked.signed
    shop = stage.opened.practice
    again = shop.record_consent(signed, request)
    assert again.state is WriteState.WRITTEN
    withdrawn = shop.withdraw_consent(signed.consent)
    assert withdrawn.state is WriteState.SENT
    receipt = withdrawn.wait(30)
    repeated = shop.withdraw_consent(signed.consent)
    assert (repeated.state, repeated.wait()) == (WriteState.WRITTEN, receipt)
