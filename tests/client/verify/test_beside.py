# SPDX-License-Identifier: Apache-2.0
"""Each rule of the verification asked of the values just beside the right one, on either side of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from sceau.chain.errors import BlockChanged
from sceau.chain.node import Block
from sceau.chain.registries.consents import consent_standing
from sceau.chain.times import iso_text
from sceau.claim.history import History
from sceau.conformity.keys import GroupKey
from sceau.disclosure import Disclosure
from sceau.documents.model import Fault, parse
from sceau.messages.disclosure import Sent
from sceau.messages.envelope import LIFETIME
from sceau.record import Value
from sceau.terms import Group, Step
from sceau.verify import verify_disclosure
from sceau.verify.act_codes import ActCodes, check_act_codes, fits_standing_order
from sceau.verify.consent import check_consent
from sceau.verify.findings import finding
from sceau.verify.order import check_orders
from sceau.verify.parties import check_parties
from sceau.verify.policy import When, check_policy
from sceau.verify.settlement import own_authorisation
from sceau.verify.shapes import Finding as FindingShape
from sceau.verify.verdict import Finding
from tests.client.verify.cheats import CODES
from tests.client.verify.test_orders_property import lives
from tests.support.life import Life
from tests.support.lying_node import lying
from tests.support.round import PURPOSE
from tests.support.stage import Stage

LOWEST, HIGHEST = "0x" + "00" * 32, "0x" + "ff" * 32


def codes(found: Iterable[Finding]) -> set[str]:
    return {each.code for each in found}


# Who it is for, who wrote it, and where


@pytest.mark.parametrize("beside", [-1, 1])
def test_a_party_beside_the_right_one_is_another(stage: Stage, beside: int) -> None:
    life, made = stage.opened, stage.opened.disclosure()
    network, payer = stage.chain.network, stage.opened.payer.party
    assert codes(life.payer.verify(replace(made, recipient=payer + beside)).reasons) == {"not-addressed"}
    found = verify_disclosure(network, replace(made, recipient=payer + beside), reader=payer + beside)
    assert codes(found.reasons) == {"not-the-payer"}
    assert (found.values, set(found.dropped)) == ({}, set(made.paths))
    found = life.payer.verify(replace(made, sender=made.sender + beside))
    assert codes(found.reasons) == {"not-the-writer"}


def test_what_may_not_be_held_for_several_reasons_is_not_held(stage: Stage) -> None:
    """Of another purpose, not covered by a consent, and of another payer's claim: each alone, two and all."""
    whole, payer = stage.round.disclose(), stage.round.payer.party
    for number in range(1, 8):
        made, reader = whole, payer
        if number & 1:
            made = replace(made, purpose="OTHER")
        if number & 2:
            made = replace(made, consent=None)
        if number & 4:
            reader = payer + 1
            made = replace(made, recipient=reader)
        found = verify_disclosure(stage.chain.network, made, reader=reader)
        assert (found.values, set(found.dropped)) == ({}, set(made.paths))


@pytest.mark.parametrize(
    "place",
    [{"contract": "0x" + "00" * 20}, {"contract": "0x" + "ff" * 20}, {"chain_id": 1}, {"chain_id": 2**31}],
    ids=str,
)
def test_a_contract_or_a_chain_beside_the_right_one_is_foreign(stage: Stage, place: dict[str, Any]) -> None:
    made = stage.opened.disclosure()
    found = stage.opened.payer.verify(replace(made, scope=replace(made.scope, **place)))
    assert codes(found.findings) == {"foreign-chain"}


@pytest.mark.parametrize("other", [LOWEST, HIGHEST])
def test_a_block_that_was_replaced_while_it_was_read_gives_no_verdict(stage: Stage, other: str) -> None:
    made = stage.opened.disclosure()

    def lie(method: str, params: Any, result: Any) -> Any:
        replaced = method == "eth_getBlockByNumber" and params[0] not in ("latest", "0x0")
        return {**result, "hash": other} if replaced else result

    with lying(stage.chain, lie) as network, pytest.raises(BlockChanged):
        verify_disclosure(network, made, reader=stage.opened.payer.party)


# The consent


def of_consent(stage: Stage, made: Disclosure, history: History, block: Block, purpose: str) -> set[str]:
    return codes(check_consent(stage.chain.network, made, history, block, purpose)[0])


def test_each_term_of_a_consent_beside_the_right_one_is_another(stage: Stage) -> None:
    made, block = stage.round.disclose(), stage.chain.network.node.head()
    history = stage.round.practice.history(stage.round.claim)
    assert of_consent(stage, made, history, block, PURPOSE) == {"consent-by-key"}
    for consent in (LOWEST, HIGHEST):
        moved = replace(history, consent=consent)
        assert "consent-not-of-claim" in of_consent(stage, made, moved, block, PURPOSE)
    for beside in (-1, 1):
        state = replace(history.state, practice=history.state.practice + beside)
        found = of_consent(stage, made, replace(history, state=state), block, PURPOSE)
        assert found >= {"consent-other-recorder", "consent-other-practice"}
        other = replace(made, recipient=made.recipient + beside)
        assert "consent-other-payer" in of_consent(stage, other, history, block, PURPOSE)
    for purpose in ("A", "Z"):
        assert "consent-other-purpose" in of_consent(stage, made, history, block, purpose)


def test_a_consent_ends_with_the_second_in_which_it_expires(stage: Stage) -> None:
    made, block = stage.round.disclose(), stage.chain.network.node.head()
    history = stage.round.practice.history(stage.round.claim)
    expires_at = consent_standing(stage.chain.network, stage.round.signed.consent, block).expires_at
    for beside, ended in ((-1, False), (0, True), (1, True)):
        at = replace(block, timestamp=expires_at + beside)
        assert ("consent-expired" in of_consent(stage, made, history, at, PURPOSE)) is ended


# The keys


@pytest.mark.parametrize(("beside", "doubted"), [(-1, True), (0, True), (1, False)])
def test_a_step_is_doubted_from_the_second_in_which_its_key_was_in_wrong_hands(
    stage: Stage, beside: int, doubted: bool
) -> None:
    chain, life = stage.chain, stage.ordered
    history = life.practice.history(life.claim)
    [authorised] = [step for step in history.steps if step.party == life.payer.party]
    chain.sleep(10)
    chain.consortium.set_compromised_since(authorised.key, authorised.time + beside).wait(30)
    found = check_parties(chain.network, history, chain.network.node.head())
    assert ("key-compromised" in codes(found)) is doubted


# Act codes


def act_codes_of(
    life: Life, held: ActCodes, sealed: Mapping[str, Value] | None = None
) -> tuple[set[str], set[int]]:
    found, fitting = check_act_codes(
        life.chain.network, life.practice.history(life.claim), held, None, sealed
    )
    return codes(found), set(fitting)


@pytest.mark.parametrize("claim", [LOWEST, HIGHEST])
def test_a_key_of_another_claim_is_passed_over(stage: Stage, claim: str) -> None:
    life = stage.delivered
    own = life.act_code_key()
    assert act_codes_of(life, ActCodes((replace(own, claim=claim),), CODES)) == (set(), set())
    # It hides none that follows.
    both = ActCodes((replace(own, claim=claim), own), CODES)
    assert act_codes_of(life, both) == ({"act-codes-fit"}, {1})


def test_only_the_order_that_is_invoiced_is_wholly_checked(stage: Stage) -> None:
    life = stage.ordered
    first = life.act_code_key()
    assert act_codes_of(life, ActCodes((first,), CODES))[1] == {1}
    life.invoice()
    life.remake("CORRECTION")
    second = life.act_code_key("remake")
    held = ActCodes((first, second), CODES, invoiced=CODES)
    assert act_codes_of(life, held) == ({"act-codes-fit"}, {1})
    # Not while no invoice is in hand, nor where its codes are other ones.
    assert act_codes_of(life, replace(held, invoiced=None))[1] == set()
    assert act_codes_of(life, replace(held, invoiced={"right.code": "VXC9"}))[1] == set()
    assert act_codes_of(life, held, {"right.code": "VXC9"})[1] == set()
    network, history = life.chain.network, life.practice.history(life.claim)
    assert fits_standing_order(network, history, held, None, 2)
    assert fits_standing_order(network, history, replace(held, invoiced=None), CODES, 2)
    assert not fits_standing_order(network, history, held, {"right.code": "VXC9"}, 2)
    assert not fits_standing_order(network, history, held, None, 1)
    assert not fits_standing_order(network, history, held, None, 3)
    assert not fits_standing_order(network, history, replace(held, keys=(first,)), None, 2)
    assert not fits_standing_order(network, history, replace(held, invoiced=None), None, 2)


def test_an_order_placed_before_the_one_that_is_invoiced_is_not_wholly_checked(stage: Stage) -> None:
    life = stage.ordered
    first = life.act_code_key()
    life.remake("CORRECTION")
    second = life.act_code_key("remake")
    network, history = life.chain.network, life.practice.history(life.claim)
    held = ActCodes((first, second), CODES, invoiced=CODES)
    assert not fits_standing_order(network, history, held, None, 2)
    life.invoice()
    assert act_codes_of(life, held) == ({"act-codes-fit"}, {2})
    history = life.practice.history(life.claim)
    assert not fits_standing_order(network, history, held, None, 1)
    assert not fits_standing_order(network, history, held, None, 2)


def test_without_act_codes_no_invoice_fits_the_order_that_stands(stage: Stage) -> None:
    life = stage.ordered
    life.invoice()
    life.remake("CORRECTION")
    life.deliver()
    found = codes(life.verdict("invoice").findings)
    assert "invoice-of-replaced-order" in found
    assert "invoice-fits-standing-order" not in found


@pytest.mark.parametrize("byte", [b"\x00", b"\xff"])
def test_a_key_beside_the_right_one_fits_nothing(stage: Stage, byte: bytes) -> None:
    life = stage.delivered
    other = replace(life.act_code_key(), key=GroupKey(Group.ACT_CODES, byte * 32))
    assert act_codes_of(life, ActCodes((other,), CODES)) == ({"act-codes-not-authorised"}, set())


@pytest.mark.parametrize("lock", [LOWEST, HIGHEST])
def test_a_lock_beside_the_right_one_is_another(stage: Stage, lock: str) -> None:
    life = stage.delivered
    history = life.practice.history(life.claim)
    steps = tuple(replace(step, locks=(lock,) * len(step.locks)) for step in history.steps)
    held = ActCodes((life.act_code_key(),), CODES)
    found, _ = check_act_codes(life.chain.network, replace(history, steps=steps), held, None)
    assert codes(found) == {"act-codes-not-authorised"}


# Orders


def test_nothing_is_found_on_the_orders_of_a_claim_without_any(stage: Stage) -> None:
    assert check_orders(stage.opened.practice.history(stage.opened.claim)) == []


def test_a_trouble_that_was_said_twice_is_open_since_it_was_first_said() -> None:
    said: tuple[str, object] = ("told", (1, Step.DISPUTE))
    claim = lives([("remake", 4), said, ("deliver", True), said], 3)
    [found] = [each for each in claim.findings() if each.code == "order-disputed"]
    assert [mark.said_at for mark in claim.told] == [15, 25]
    assert found.data["at"] == iso_text(15)
    [told] = [each for each in claim.findings() if each.code == "mark-told"]
    assert (told.order_number, told.data["mark"]) == (1, "disputed")


def test_a_trouble_that_was_said_twice_is_closed_by_what_closes_the_last() -> None:
    said: tuple[str, object] = ("told", (1, Step.DISPUTE))
    claim = lives([("remake", 4), said, ("deliver", False), ("remake", 5), said, ("deliver", False)], 3)
    [found] = [each for each in claim.findings() if each.code == "closed-by-delivery"]
    assert (found.order_number, found.data["by"], found.data["party"]) == (1, 3, 5)


# The payer's own authorisation


def test_a_decision_beside_the_authorisation_is_none(stage: Stage) -> None:
    life = stage.authorised
    record = life.steps["authorise"].record
    history = life.practice.history(life.claim)
    assert own_authorisation(history, [record]) == record
    for commitment in (LOWEST, HIGHEST):
        steps = tuple(replace(step, commitment=commitment) for step in history.steps)
        assert own_authorisation(replace(history, steps=steps), [record]) is None
    assert own_authorisation(history, [life.steps["open"].record]) is None


# Policy and dates: seconds in which the bits of 300 are all set, and none


DAY = 86_400
SET = (1_790_000_000 // 512) * 512 + 0b100101100
CLEAR = (1_790_000_000 // 512) * 512
AT = pytest.mark.parametrize("at", [SET, CLEAR])


def of_policy(stage: Stage, made_at: int, when: When, **changes: Any) -> set[str]:
    made = replace(
        stage.round.disclose(),
        made_at=datetime.fromtimestamp(made_at, timezone.utc),
        delete_by=day(made_at),
    )
    made = replace(made, **changes)
    values = made.multiproof.read(stage.round.opened.record.root, made.scope)
    return codes(check_policy(made, values, when, None)[0])


def day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, timezone.utc).date()


def when(
    at: int, *, step_time: int | None = None, issued_at: int | None = None, opened_at: int | None = None
) -> When:
    sent = Sent(at if issued_at is None else issued_at, opened_at)
    return When(Block(1, LOWEST, at, None), step_time, sent)


@AT
def test_a_disclosure_is_as_new_as_its_block_to_five_minutes(stage: Stage, at: int) -> None:
    assert of_policy(stage, at, when(at)) == set()
    for ahead, future in ((300, False), (301, True)):
        found = of_policy(stage, at + ahead, when(at, issued_at=at), delete_by=day(at))
        assert ("made-in-the-future" in found) is future
        found = of_policy(stage, at, when(at, issued_at=at + ahead))
        assert ("made-in-the-future" in found) is future


@AT
def test_a_disclosure_is_signed_after_its_step_to_five_minutes(stage: Stage, at: int) -> None:
    for before, early in ((-1, False), (0, False), (300, False), (301, True)):
        moment = when(at + DAY, step_time=at, issued_at=at - before)
        assert ("made-before-step" in of_policy(stage, at - before, moment, delete_by=day(at + DAY))) is early


def test_a_disclosure_is_opened_within_two_weeks(stage: Stage) -> None:
    for late, found in ((-1, set()), (0, set()), (1, {"opened-late"})):
        moment = when(SET + LIFETIME + DAY, issued_at=SET, opened_at=SET + LIFETIME + late)
        assert of_policy(stage, SET, moment, delete_by=day(SET + LIFETIME + DAY)) == found
    # Not known when: it counts as opened now.
    for late, found in ((0, set()), (1, {"opened-late"})):
        moment = when(SET + LIFETIME + late, issued_at=SET)
        assert of_policy(stage, SET, moment, delete_by=day(SET + LIFETIME + DAY)) == found
    nobody = replace(when(SET + LIFETIME + DAY), sent=None)
    assert of_policy(stage, SET, nobody, delete_by=day(SET + LIFETIME + DAY)) == {"not-signed"}


def test_it_may_be_held_to_the_last_day_and_promised_for_no_longer_than_the_policy_allows(
    stage: Stage,
) -> None:
    for beside, passed in ((-1, True), (0, False), (1, False)):
        by = day(SET) + timedelta(days=beside)
        assert ("delete-by-passed" in of_policy(stage, SET, when(SET), delete_by=by)) is passed
    longest = _longest(stage)
    for beside, late in ((-1, False), (0, False), (1, True)):
        by = day(SET) + timedelta(days=longest + beside)
        assert ("delete-by-too-late" in of_policy(stage, SET, when(SET), delete_by=by)) is late


def _longest(stage: Stage) -> int:
    _, _, clause = check_policy(stage.round.disclose(), {}, when(SET), None)
    assert clause is not None
    return clause.delete_after_days


@pytest.mark.parametrize("purpose", ["A", "Z", ""])
def test_a_purpose_beside_that_of_the_clause_is_another(stage: Stage, purpose: str) -> None:
    assert of_policy(stage, SET, when(SET), purpose=purpose) == {"purpose-differs"}


# Findings


def test_a_finding_is_about_the_claim_as_a_whole_unless_it_names_an_order() -> None:
    assert finding("claim-unknown").order_number == 0
    about = finding("order-corrected", order=3, by=4)
    assert (about.order_number, about.data) == (3, {"by": 4})


@pytest.mark.parametrize("count", [-1, 0, 1])
def test_a_count_is_no_less_than_nothing(count: int) -> None:
    found = finding("order-corrected", order=3, by=count)
    assert isinstance(parse(FindingShape, found.to_json()), Fault) is (count < 0)
