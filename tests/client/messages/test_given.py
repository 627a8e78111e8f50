# SPDX-License-Identifier: Apache-2.0
"""The register of disclosures: what left in an envelope, to whom, under what; never a value."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest

from sceau.messages.errors import ReaderNotNamed
from sceau.messages.evidence import EvidenceRequest
from sceau.messages.given import Given, given_by
from sceau.messages.kinds import KINDS
from sceau.policy import load_policy
from sceau.roles.acting import ActingParty
from sceau.store import Kind, LocalStore
from sceau.terms import Group, group_words
from tests.support.life import Life
from tests.support.stage import Stage
from tests.support.stores import rows_of

ALL = tuple(group_words(group).code for group in Group)


def entries(role: ActingParty, claim: str, kind: str) -> list[Given]:
    return [each for each in role.register(claim).entries if each.kind == kind]


def secrets_of(life: Life) -> list[str]:
    """Every value that is long enough to be looked for, and every seed and key of the claim's steps."""
    found = []
    for step in life.practice.steps(life.claim):
        found += [str(value) for value in step.record.values.values() if len(str(value)) >= 6]
        found += [step.record.seed.hex(), *([step.order_key.reveal()[2:]] if step.order_key else [])]
    return found


def test_an_order_gives_its_whole_record_and_every_key(stage: Stage) -> None:
    life = stage.ordered
    [given] = entries(life.practice, life.claim, "order")
    step = life.practice.steps(life.claim)[-1]
    [shown] = given.shown
    assert (given.recipient, given.policy, given.consent) == (stage.chain.party("supplier"), None, None)
    assert (shown.commitment, shown.order_number, shown.whole) == (step.record.root, 1, True)
    assert shown.paths == tuple(sorted(step.record.values))
    assert shown.keys == ALL


def test_the_key_of_act_codes_is_given_alone(stage: Stage) -> None:
    life = stage.ordered
    order = life.practice.steps(life.claim)[-1]
    life.practice.act_code_key_envelope(order)
    [given] = entries(life.practice, life.claim, "act-code-key")
    [shown] = given.shown
    assert (given.recipient, shown.keys, shown.paths) == (stage.chain.party("payer"), ALL[:1], ())
    assert (shown.order_number, shown.whole) == (1, False)


def test_a_disclosure_says_policy_consent_and_last_day(stage: Stage) -> None:
    round_ = stage.round
    life = stage.opened
    practice = type(life.practice)(
        stage.chain.network,
        stage.chain.signers["practice"],
        store=round_.practice.store,
        mailbox=life.published.mailbox("practice", round_.practice.store),
    )
    made = practice.disclose(
        round_.record, payer=stage.chain.party("payer"), clause="detailed", consent=round_.held
    )
    practice.disclosure_envelope(made)
    [given] = entries(practice, round_.claim, "disclosure")
    assert given.policy == {
        "id": "fr-responsible-contract",
        "version": load_policy("fr-responsible-contract").version,
        "clause": "detailed",
    }
    assert given.consent == round_.signed.consent
    assert given.delete_by == made.delete_by.isoformat()
    record, consent = given.shown
    assert (record.commitment, record.paths, record.whole) == (round_.record.root, made.paths, False)
    assert consent.commitment == round_.request.commitment
    assert "payer" in consent.paths


def test_it_holds_no_value_seed_or_key(stage: Stage) -> None:
    life = stage.delivered
    life.practice.act_code_key_envelope(life.practice.steps(life.claim)[-1])
    written = json.dumps(life.practice.register().to_json())
    assert len(life.practice.register(life.claim).entries) == 3
    for secret in secrets_of(life):
        assert secret not in written


def test_an_envelope_made_again_is_one_entry(stage: Stage) -> None:
    """It repairs a lost message; thousands of them must not fill the store."""
    life = stage.ordered
    order = life.practice.steps(life.claim)[-1]
    [before] = entries(life.practice, life.claim, "order")
    life.practice.envelope(order)
    [given] = entries(life.practice, life.claim, "order")
    assert (given.times, given.first_at, given.id) == (before.times + 1, before.first_at, before.id)


def test_what_is_refused_is_not_in_it(stage: Stage) -> None:
    life = stage.ordered
    step = life.practice.steps(life.claim)[-1]
    before = life.practice.register(life.claim)
    with pytest.raises(ReaderNotNamed):
        life.practice.mailbox.encrypt(
            "order",
            {"claim": life.claim, "order": 1, "commitment": step.record.root},
            recipient=stage.chain.party("payer"),
            attached={"opening": step.record.to_json(), "order_key": life.key.reveal()},
        )
    assert life.practice.register(life.claim) == before


def test_a_message_without_values_is_no_entry_and_begins_the_register(stage: Stage) -> None:
    life = stage.ordered
    store = LocalStore(None)
    supplier = type(life.supplier)(
        stage.chain.network,
        stage.chain.signers["supplier"],
        store=store,
        mailbox=life.published.mailbox("supplier", store),
    )
    assert supplier.register().since is None
    supplier.mailbox.encrypt(
        "order-answer",
        {"claim": life.claim, "order": 1, "commitment": "0x" + "11" * 32, "answer": "accepted"},
        recipient=stage.chain.party("practice"),
    )
    register = supplier.register()
    assert (register.entries, register.since) == ((), stage.chain.network.head().timestamp)
    assert not any(kind == Kind.GIVEN.value for kind, _ in rows_of(store))


def test_an_auditor_is_given_groups_with_their_keys(stage: Stage) -> None:
    """Entered by what an envelope holds: a kind that is added to the table is entered without a word here."""
    life = stage.delivered
    auditor, practice = stage.chain.party("auditor"), life.practice
    now = stage.chain.network.head().timestamp
    request = EvidenceRequest.make(
        auditor,
        practice.party,
        life.claim,
        [(1, Group.CORRECTION)],
        deadline=now + 2 * 86_400,
        asked_at=now,
    )
    [envelope] = practice.answer_request(request)
    assert envelope.recipient == auditor
    [given] = entries(practice, life.claim, "evidence-opening")
    [shown] = given.shown
    assert (given.recipient, shown.keys) == (auditor, (group_words(Group.CORRECTION).code,))
    assert "right.sphere" in shown.paths
    assert "order.reference" not in shown.paths


def test_every_kind_that_can_hold_something_is_told_by_what_it_holds() -> None:
    """Whatever the kind is called, a key inside is entered."""
    now = int(datetime.now(timezone.utc).timestamp())
    for kind in KINDS:
        assert given_by(kind, {"order": 1}, {}, claim="0x", recipient=1, now=now) is None
        found = given_by(kind, {"order": 1}, {"key": "0x11"}, claim="0x", recipient=1, now=now)
        assert found is not None
        assert found.shown[0].keys == ALL[:1]
