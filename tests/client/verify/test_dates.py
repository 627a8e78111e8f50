# SPDX-License-Identifier: Apache-2.0
"""A policy is not rolled back by a date: what a sender says of the time is held against the chain and the reader."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from sceau import Outcome, Payer, Practice, Verdict, load_policy
from sceau.disclosure.errors import PolicyDoesNotApply
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.messages.envelope import CLOCK_SECONDS, LIFETIME
from sceau.messages.errors import DisclosureOfAnotherTime, EnvelopeStale
from sceau.messages.stored import StoredMessage
from sceau.policy.errors import PolicyUnknown
from sceau.store import Kind, LocalStore
from tests.client.verify.cheats import POLICY, ROOT, policy_file
from tests.client.verify.dated import envelope, made, sent, step_time
from tests.support.life import Life
from tests.support.round import Round
from tests.support.stage import Stage

_DAY = 86_400


def reasons(verdict: Verdict) -> set[str]:
    return {finding.code for finding in verdict.reasons}


def opened_now(stage: Stage) -> Life:
    """A claim that is opened days after the parties published their keys."""
    stage.chain.sleep(3 * _DAY)
    return Life(stage.chain, stage.opened.published)


def holds(verdict: Verdict, code: str | None) -> bool:
    """Whether the verdict is accepted (no code), or is refused for this alone and holds nothing."""
    if code is None:
        return verdict.outcome is Outcome.ACCEPTED and bool(verdict.values)
    return reasons(verdict) == {code} and verdict.values == {} and bool(verdict.dropped)


def test_the_limits_are_five_minutes_and_fourteen_days() -> None:
    assert (CLOCK_SECONDS, LIFETIME) == (300, 1_209_600)


@pytest.mark.parametrize("apart", [0, 299, 300, 301, 3_599])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_disclosure_is_signed_when_it_is_made(stage: Stage, apart: int, sign: int) -> None:
    life = stage.opened
    stage.chain.sleep(20_000)
    issued_at = stage.chain.now - 5_000
    verdict = life.payer.verify(sent(life, made_at=issued_at + sign * apart, issued_at=issued_at))
    assert holds(verdict, None if apart <= 300 else "made-at-another-time")


@pytest.mark.parametrize("before", [-1, 0, 299, 300, 301, 3_599])
def test_a_disclosure_is_signed_after_its_step_was_written(stage: Stage, before: int) -> None:
    life = opened_now(stage)
    stage.chain.sleep(20_000)
    at = step_time(life) - before
    verdict = life.payer.verify(sent(life, made_at=at, issued_at=at))
    assert holds(verdict, None if before <= 300 else "made-before-step")


@pytest.mark.parametrize("ahead", [299, 300, 301])
def test_neither_date_is_ahead_of_the_chain(stage: Stage, ahead: int) -> None:
    life = stage.opened
    stage.chain.sleep(20_000)
    now = stage.chain.now
    verdict = life.payer.verify(sent(life, made_at=now + ahead, issued_at=now + min(ahead, 300)))
    assert holds(verdict, None if ahead <= 300 else "made-in-the-future")


def test_a_signature_ahead_of_the_chain_is_not_believed_from_a_stored_file(stage: Stage) -> None:
    """Made within five minutes of now, signed five minutes and more later: a file, since no envelope opens then."""
    life, now = stage.opened, stage.chain.now
    received = sent(life, made_at=now + 300, issued_at=now + 300)
    bent = replace(received, sent=replace(received.sent, issued_at=now + 301))
    assert holds(life.payer.verify(bent), "made-in-the-future")


# The reader's first opening


def opened_after(life: Life, seconds: int) -> ReceivedDisclosure:
    """A disclosure that the payer's store says was opened so long after it was signed, as it is read again."""
    issued_at = life.chain.now
    message, _ = life.payer.message(envelope(life, made(life, issued_at), issued_at))
    stored = StoredMessage.of(replace(message, opened_at=issued_at + seconds))
    life.payer.store.put(Kind.MESSAGE, f"{message.sender}:{message.id}", stored.to_json(), claim=life.claim)
    received = life.payer.read(stored)
    assert isinstance(received, ReceivedDisclosure)
    return received


@pytest.mark.parametrize("late", [-1, 0, 1])
def test_a_disclosure_is_opened_within_fourteen_days(stage: Stage, late: int) -> None:
    received = opened_after(stage.opened, LIFETIME + late)
    assert holds(stage.opened.payer.verify(received), None if late <= 0 else "opened-late")


def test_what_was_opened_in_time_is_judged_again_for_as_long_as_it_may_be_held(stage: Stage) -> None:
    life = stage.opened
    received = life.show(life.disclosure())
    stage.chain.sleep(100 * _DAY)
    [stored] = life.payer.store.of_claim(Kind.MESSAGE, life.claim)
    again = life.payer.read(StoredMessage.from_json(stored))
    assert isinstance(again, ReceivedDisclosure)
    assert again.sent == received.sent
    assert holds(life.payer.verify(again), None)


@pytest.mark.parametrize("changes", [{}, {"opened_at": None}, {"opened_at": "as the sender likes"}])
def test_a_file_that_the_reader_never_stored_counts_as_opened_now(
    stage: Stage, changes: dict[str, Any]
) -> None:
    """A sender that hands over what a reader stores, dated back, goes round the envelope's fourteen days."""
    life = stage.opened
    issued_at = stage.chain.now
    message, _ = life.payer.message(envelope(life, made(life, issued_at), issued_at))
    file = StoredMessage.of(message).to_json()
    stage.chain.sleep(LIFETIME + _DAY)
    if changes.get("opened_at"):
        changes = {"opened_at": issued_at + 60}
    received = life.payer.read(StoredMessage.from_json(json.dumps(file | changes)))
    assert isinstance(received, ReceivedDisclosure)
    codes = reasons(life.payer.verify(received))
    assert "opened-late" in codes


def test_the_day_of_another_message_of_the_same_number_is_not_borrowed(stage: Stage) -> None:
    """Who signs two messages under one number has the first received, and hands over the second as a file."""
    life = stage.opened
    issued_at = stage.chain.now
    first, _ = life.payer.message(envelope(life, made(life, issued_at), issued_at))
    second, _ = life.payer.message(envelope(life, made(life, issued_at), issued_at))
    life.payer.store.put(
        Kind.MESSAGE, f"{second.sender}:{second.id}", StoredMessage.of(first).to_json(), claim=life.claim
    )
    stage.chain.sleep(LIFETIME + _DAY)
    received = life.payer.read(StoredMessage.of(second))
    assert isinstance(received, ReceivedDisclosure)
    assert "opened-late" in reasons(life.payer.verify(received))


def test_a_message_stored_before_the_day_was_kept_counts_as_opened_now(stage: Stage) -> None:
    life = stage.opened
    life.show(life.disclosure())
    [stored] = life.payer.store.of_claim(Kind.MESSAGE, life.claim)
    old = {name: value for name, value in stored.items() if name != "opened_at"}
    message = life.payer.message(StoredMessage.from_json(stored))[0]
    life.payer.store.put(Kind.MESSAGE, f"{message.sender}:{message.id}", old, claim=life.claim)
    again = life.payer.read(StoredMessage.from_json(old))
    assert isinstance(again, ReceivedDisclosure)
    assert again.sent.opened_at == stage.chain.now
    assert holds(life.payer.verify(again), None)


# The attack: an older and wider policy, by a date


def day_of(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, timezone.utc).date()


def later_version(directory: Path, life: Life, days: int) -> str:
    """A version that comes into force so many days after the claim was opened."""
    version = (day_of(step_time(life)) + timedelta(days=days)).isoformat()
    policy_file(directory, version=version, valid_from=version)
    return version


def payer_with(life: Life, policies: Path) -> Payer:
    return Payer(
        life.chain.network,
        life.chain.signers["payer"],
        mailbox=life.mailboxes["payer"],
        store=life.payer.store,
        policies=policies,
    )


def test_a_date_before_the_step_brings_no_older_policy_back(stage: Stage, tmp_path: Path) -> None:
    """The claim is opened on the first day of the new version; everything is dated on the day before."""
    life = opened_now(stage)
    later_version(tmp_path, life, 0)
    payer = payer_with(life, tmp_path)
    at = step_time(life) - _DAY
    shown = payer.receive(envelope(life, made(life, at), at))
    assert isinstance(shown, ReceivedDisclosure)
    assert holds(payer.verify(shown), "made-before-step")
    stale = replace(made(life, at), made_at=datetime.fromtimestamp(at, timezone.utc))
    assert holds(payer.verify(stale), "made-before-step") is False
    assert reasons(payer.verify(stale)) >= {"policy-not-in-force"}


def test_a_date_of_long_ago_brings_no_older_policy_back(stage: Stage, tmp_path: Path) -> None:
    """The claim is old, and its first day was under the older version: the envelope is of that day, and stale."""
    life = stage.opened
    later_version(tmp_path, life, 10)
    stage.chain.sleep(30 * _DAY)
    at = step_time(life)
    with pytest.raises(EnvelopeStale):
        payer_with(life, tmp_path).receive(envelope(life, made(life, at), at))


def test_made_long_ago_and_signed_today_brings_no_older_policy_back(stage: Stage, tmp_path: Path) -> None:
    life = stage.opened
    later_version(tmp_path, life, 10)
    stage.chain.sleep(30 * _DAY)
    payer = payer_with(life, tmp_path)
    shown = payer.receive(envelope(life, made(life, step_time(life)), stage.chain.now))
    assert isinstance(shown, ReceivedDisclosure)
    assert holds(payer.verify(shown), "made-at-another-time")


def test_what_was_opened_in_time_is_judged_by_the_version_of_its_day_when_another_replaced_it(
    stage: Stage, tmp_path: Path
) -> None:
    life = stage.opened
    later_version(tmp_path, life, 10)
    life.show(life.disclosure())
    stage.chain.sleep(100 * _DAY)
    payer = payer_with(life, tmp_path)
    [stored] = payer.store.of_claim(Kind.MESSAGE, life.claim)
    again = payer.read(StoredMessage.from_json(stored))
    assert isinstance(again, ReceivedDisclosure)
    assert holds(payer.verify(again), None)
    # The same under a store that did not open it then.
    elsewhere = replace(again, sent=replace(again.sent, opened_at=None))
    assert holds(payer.verify(elsewhere), "opened-late")


def test_one_envelope_is_opened_in_time_by_every_store_or_not_at_all(stage: Stage, tmp_path: Path) -> None:
    """A payer's second store, which did not open it, opens it no more; nor does it take over the first one's file."""
    life = stage.opened
    later_version(tmp_path, life, 10)
    text = life.practice.disclosure_envelope(life.disclosure()).text
    life.payer.receive(text)
    [stored] = life.payer.store.of_claim(Kind.MESSAGE, life.claim)
    stage.chain.sleep(LIFETIME)
    second = Payer(
        stage.chain.network,
        stage.chain.signers["payer"],
        mailbox=life.published.mailbox("payer"),
        store=LocalStore(None),
        policies=tmp_path,
    )
    with pytest.raises(EnvelopeStale):
        second.receive(text)
    stage.chain.sleep(10)
    taken_over = second.read(StoredMessage.from_json(stored))
    assert isinstance(taken_over, ReceivedDisclosure)
    assert holds(second.verify(taken_over), "opened-late")


@pytest.mark.parametrize("years", [-30, -1, 1, 30])
def test_the_readers_own_clock_brings_no_older_policy_back(stage: Stage, tmp_path: Path, years: int) -> None:
    life = opened_now(stage)
    later_version(tmp_path, life, 0)
    payer, now = payer_with(life, tmp_path), stage.chain.now
    shown = payer.receive(envelope(life, made(life, now), now))
    assert isinstance(shown, ReceivedDisclosure)
    verdict = payer.verify(shown, clock=lambda: now + years * 365 * _DAY)
    assert holds(verdict, "policy-not-in-force")


def test_a_wider_file_of_the_same_version_is_the_practices_own_affair(stage: Stage, tmp_path: Path) -> None:
    """It names the version that the payer has, and shows what that file does not allow without a consent."""
    life = stage.opened
    clauses = json.loads((ROOT / POLICY).read_text("utf-8"))["clauses"]
    policy_file(tmp_path, clauses={**clauses, "minimal": {**clauses["detailed"], "consent": False}})
    shop = Practice(stage.chain.network, stage.chain.signers["practice"], policies=tmp_path)
    shown = shop.disclose(life.steps["open"].record, payer=life.payer.party, clause="minimal")
    assert "right.price" in shown.paths
    verdict = life.payer.verify(shown)
    assert reasons(verdict) == {"outside-policy"}
    assert "right.price" in verdict.dropped
    assert "right.price" not in verdict.values
    own = load_policy("fr-responsible-contract")
    assert verdict.judged is not None
    assert verdict.judged.policy_hash == own.file_hash
    assert life.payer.policy(own.file_hash).text == own.text
    for part in (own.file_hash[:-1], own.file_hash[:10], own.file_hash + "0"):
        with pytest.raises(PolicyUnknown):
            life.payer.policy(part)


def test_a_file_without_an_envelope_is_judged_by_the_policy_of_the_block_s_day(
    stage: Stage, tmp_path: Path
) -> None:
    life = stage.opened
    later_version(tmp_path, life, 10)
    payer = payer_with(life, tmp_path)
    assert holds(payer.verify(made(life, step_time(life))), None)
    stage.chain.sleep(30 * _DAY)
    assert holds(payer.verify(made(life, step_time(life))), "policy-not-in-force")


def test_a_file_without_an_envelope_says_that_nobody_signed_it(stage: Stage) -> None:
    life = stage.opened
    bare = life.payer.verify(life.disclosure())
    enveloped = life.payer.verify(life.show(life.disclosure()))
    assert {each.code for each in bare.notes} - {each.code for each in enveloped.notes} == {"not-signed"}
    assert reasons(bare) == reasons(enveloped)


# Making one


def test_none_is_made_under_a_version_that_was_replaced(stage: Stage, tmp_path: Path) -> None:
    life = stage.opened
    version = later_version(tmp_path, life, 0)
    shop = Practice(stage.chain.network, stage.chain.signers["practice"], policies=tmp_path)
    record = life.steps["open"].record
    old = load_policy("fr-responsible-contract", "2024-11-30")
    for policy in (old, old.key):
        with pytest.raises(PolicyDoesNotApply) as refused:
            shop.disclose(record, payer=life.payer.party, clause="minimal", policy=policy)
        assert version in refused.value.message("en")
    assert shop.disclose(record, payer=life.payer.party, clause="minimal").policy.version == version
    # Without the folder the shop knows no later version.
    made_so = life.practice.disclose(record, payer=life.payer.party, clause="minimal", policy=old)
    assert made_so.policy.version == "2024-11-30"


def test_none_is_put_into_an_envelope_long_after_it_was_made(stage: Stage) -> None:
    life = stage.opened
    shown = life.disclosure()
    exact = replace(shown, made_at=datetime.fromtimestamp(stage.chain.now - 300, timezone.utc))
    assert life.practice.disclosure_envelope(exact).recipient == life.payer.party
    for apart in (-301, 301):
        moved = replace(shown, made_at=datetime.fromtimestamp(stage.chain.now + apart, timezone.utc))
        with pytest.raises(DisclosureOfAnotherTime):
            life.practice.disclosure_envelope(moved)


# The kind of contract


def under_a_contract(stage: Stage, changes: Mapping[str, Any]) -> Round:
    return Round(stage.chain, changes=changes)


def test_none_is_made_of_a_record_of_another_kind_of_contract(stage: Stage) -> None:
    other = under_a_contract(stage, {"contract.type": "OTHER"})
    for clause in ("minimal", "detailed"):
        with pytest.raises(PolicyDoesNotApply):
            other.disclose(clause)
    same = under_a_contract(stage, {"contract.type": "RESPONSIBLE"})
    assert same.disclose("minimal").recipient == same.payer.party


def test_values_of_another_kind_of_contract_are_not_held(stage: Stage, tmp_path: Path) -> None:
    """A practice whose own file says that the policy is for other contracts shows one to a payer that has ours."""
    other = under_a_contract(stage, {"contract.type": "OTHER"})
    policy_file(tmp_path, contract="other")
    shop = Practice(stage.chain.network, stage.chain.signers["practice"], policies=tmp_path)
    shown = shop.disclose(other.record, payer=other.payer.party, clause="detailed", consent=other.held)
    assert "contract.type" in shown.paths
    assert holds(other.payer.verify(shown), "contract-differs")
