# SPDX-License-Identifier: Apache-2.0
"""Nobody is blamed for what another put into the file, and nothing holds that was not held against the chain."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from sceau.audit import audit
from sceau.audit.evidence import Evidence, OpenedGroup, RecordPart
from sceau.audit.ruling import Report
from sceau.claim.prepared import PreparedStep
from sceau.conformity.keys import GroupKey, OrderContext, OrderKey
from sceau.conformity.opening import open_group
from sceau.conformity.seals import locks, tags
from sceau.errors import SceauError
from sceau.formats.optics.order import load_delivery
from sceau.messages.evidence import OPENING
from sceau.messages.kinds import KINDS as KINDS_OF_MESSAGES
from sceau.messages.mailbox import Mailbox
from sceau.messages.order import ANSWER, ORDER, group_key_hashes
from sceau.party.directory import Directory
from sceau.record import Multiproof, SealedRecord, seal
from sceau.record.leaf import Leaf
from sceau.record.tree import build, multiproof
from sceau.store import LocalStore
from sceau.terms import Group, Step
from tests.support.life import DATA, Life
from tests.support.mailboxes import hostile_envelope, signed_on
from tests.support.stage import OTHER_LENS, Stage
from tests.support.unsent import unsent

GROUP = Group.LENS_PRODUCT


@pytest.fixture
def swapped(stage: Stage) -> Life:
    """A claim on which the supplier attests another lens than was ordered, having accepted the order."""
    return stage.swapped


def opened(life: Life, function: str, key: OrderKey | None = None, group: Group = GROUP) -> OpenedGroup:
    opening, key = life.steps[function].record, key or life.key
    assert key is not None
    return OpenedGroup(opening.scope, open_group(opening, key, group))


def report(
    life: Life,
    groups: Sequence[OpenedGroup] = (),
    messages: Sequence[str] = (),
    records: Sequence[RecordPart] = (),
) -> Report:
    network = life.chain.network
    evidence = Evidence.about(
        network, life.claim, groups=tuple(groups), messages=tuple(messages), records=tuple(records)
    )
    read = Evidence.from_json(json.dumps(evidence.to_json()))
    return audit(network, read, life.mailboxes["practice"].directory)


def rulings(found: Report) -> list[tuple[str, int | None]]:
    return [(ruling.code, ruling.fault) for ruling in found.rulings]


def failing(found: Report) -> list[str]:
    return [check.sentence.code for check in found.checks if not check.holds]


def signed(life: Life, kind: str, body: dict[str, Any], *, by: str, to: str) -> str:
    envelope = hostile_envelope(life.mailboxes[by], kind, body, recipient=life.chain.party(to))
    return life.mailboxes[to].open(envelope, kind).signed


def signed_order(life: Life, key: OrderKey) -> str:
    """An order that the practice signed with another key than its locks have."""
    return signed(life, ORDER, order_body(life, key), by="practice", to="supplier")


def order_body(life: Life, key: OrderKey) -> dict[str, Any]:
    opening = life.steps["order"].record
    hashes = group_key_hashes(key, OrderContext.of(opening.scope))
    return {"claim": life.claim, "order": 1, "commitment": opening.root, "group_keys": hashes}


def acceptance(life: Life) -> dict[str, Any]:
    root = life.steps["order"].record.root
    return {"claim": life.claim, "order": 1, "commitment": root, "answer": "accepted", "reason": None}


def deliver_under(life: Life, key: OrderKey, *, root: str | None = None) -> None:
    """True goods, under a key that the client would not take; ``root`` instead of the delivery's own."""
    number, order_locks = life.supplier.history(life.claim).current_order()
    scope = replace(life.steps["order"].record.scope, profile="lens-delivery", step="delivered")
    opening = seal(scope, load_delivery(DATA / "delivery.json"))
    arguments = (life.claim, number, root or opening.root, list(tags(opening, key)), order_locks)
    step = PreparedStep(life.claim, "deliver", arguments, opening)
    life.supplier.resend(step).wait(30)
    life.steps["deliver"] = step


def test_a_record_of_every_step_can_be_shown(stage: Stage) -> None:
    """Each is sealed for the order that the chain writes its step under."""
    paid, refused, given_up = stage.delivered, stage.ordered, stage.authorised
    paid.invoice()
    paid.settle()
    paid.note("dispute")
    paid.note("recordReturn")
    refused.invoice()
    refused.refuse("invoice")
    given_up.order()
    given_up.remake("CORRECTION")
    given_up.note("cancel")
    for life in (paid, refused, given_up):
        shown = [each.record for each in life.steps.values()]
        found = report(life, records=[RecordPart.of(each, [next(iter(each.values))]) for each in shown])
        assert found.holds, [check.sentence.en for check in found.checks]
        assert len(found.checks) == 1 + len(shown)


# Openings that somebody else put there


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("whose", ["order", "deliver"])
def test_a_false_opening_beside_the_true_one_blames_nobody(swapped: Life, whose: str, place: int) -> None:
    sides = [opened(swapped, "order"), opened(swapped, "deliver")]
    true = opened(swapped, whose)
    false = replace(true, opening=replace(true.opening, key=GroupKey(GROUP, b"\x01" * 32)))
    sides.insert(place, false)
    found = report(swapped, sides)
    assert rulings(found) == [("goods-differ", None)]
    assert failing(found) == ["group-of-nobody"]


def test_the_other_sides_root_does_not_open_ones_own_delivery(stage: Stage) -> None:
    """A supplier that commits to the practice's root has that opened by the practice, and has opened nothing."""
    life = stage.ordered
    deliver_under(life, OrderKey.draw(), root=life.steps["order"].record.root)
    sides = [opened(life, "order", group=group) for group in Group]
    assert rulings(report(life, sides)) == [("not-opened-ask", None)] * 4
    disguised = [replace(side, scope=life.steps["deliver"].record.scope) for side in sides]
    assert rulings(report(life, [*sides, *disguised])) == [("not-opened-ask", None)] * 4


@pytest.mark.parametrize("function", ["order", "deliver", "invoice"])
def test_a_group_that_is_opened_falsely_does_not_hold_though_none_differs(
    stage: Stage, function: str
) -> None:
    life = stage.delivered
    life.invoice()
    true = opened(life, function)
    assert report(life, [true]).holds
    false = replace(true, opening=replace(true.opening, key=GroupKey(GROUP, b"\x01" * 32)))
    assert failing(report(life, [false])) == ["group-of-nobody"]
    assert failing(report(life, [true, false])) == ["group-of-nobody"]
    foreign = replace(true, scope=replace(true.scope, claim="0x" + "77" * 32))
    assert failing(report(life, [foreign])) == ["group-does-not-hold"]
    unsealed = replace(true, scope=life.steps["authorise"].record.scope)
    assert failing(report(life, [unsealed])) == ["group-of-nobody"]


# Both lie


def test_a_supplier_that_did_not_accept_is_not_to_blame_for_the_key_it_was_given(stage: Stage) -> None:
    life, wrong = stage.ordered, OrderKey.draw()
    deliver_under(life, wrong)
    sides = [opened(life, "order"), opened(life, "deliver", wrong)]
    others = [opened(life, name, key, group) for group in Group if group is not GROUP
              for name, key in (("order", None), ("deliver", wrong))]  # fmt: skip
    order = signed_order(life, wrong)
    assert rulings(report(life, [*sides, *others], [order])) == [("envelope-differs", 1)] * 4
    # Without that order it has nothing to plead.
    assert rulings(report(life, [*sides, *others])) == [("key-not-explained", None)] * 4


def test_a_practice_that_signs_a_false_key_and_a_supplier_that_accepts_it_are_both_at_fault(
    stage: Stage,
) -> None:
    life, wrong = stage.ordered, OrderKey.draw()
    life.answer()
    deliver_under(life, wrong)
    sides = [
        opened(life, name, key, group)
        for group in Group
        for name, key in (("order", None), ("deliver", wrong))
    ]
    found = report(life, sides, [signed_order(life, wrong), life.signed["answer"]])
    assert rulings(found) == [("envelope-differs", 1), ("wrong-key-after-acceptance", 2)] * 4


def test_another_envelope_does_not_excuse_other_goods_than_were_accepted(swapped: Life) -> None:
    sides = [opened(swapped, "order"), opened(swapped, "deliver")]
    stray = signed_order(swapped, OrderKey.draw())
    assert rulings(report(swapped, sides, [stray])) == [("envelope-differs", 1)]
    found = report(swapped, sides, [stray, swapped.signed["answer"]])
    assert rulings(found) == [("envelope-differs", 1), ("goods-differ", None)]


@pytest.mark.parametrize("refused_first", [True, False])
def test_who_ever_accepted_has_accepted_whatever_else_it_answered(stage: Stage, refused_first: bool) -> None:
    life, own = stage.ordered, OrderKey.draw()
    answers = []
    for reason in (None, "NOT-IN-CATALOGUE"):
        life.answer(refuse_because=reason)
        answers.append(life.signed["answer"])
    deliver_under(life, own)
    sides = [
        opened(life, name, key, group) for group in Group for name, key in (("order", None), ("deliver", own))
    ]
    found = report(life, sides, answers[::-1] if refused_first else answers)
    assert rulings(found) == [("wrong-key-after-acceptance", 2)] * 4


@pytest.mark.parametrize(
    "changes",
    [
        {"commitment": "0x" + "00" * 32},
        {"commitment": "0x" + "ff" * 32},
        {"order": 0},
        {"order": 2},
        {"claim": "0x" + "77" * 32},
        {"answer": "refused"},
        {"order": True},
    ],
    ids=str,
)
def test_an_acceptance_of_another_order_is_none(stage: Stage, changes: dict[str, object]) -> None:
    life, own = stage.ordered, OrderKey.draw()
    answer = signed(life, ANSWER, {**acceptance(life), **changes}, by="supplier", to="practice")
    deliver_under(life, own)
    sides = [
        opened(life, name, key, group) for group in Group for name, key in (("order", None), ("deliver", own))
    ]
    assert rulings(report(life, sides, [answer])) == [("key-not-explained", None)] * 4


# Messages


def test_a_message_on_another_claim_says_nothing_of_this_one(swapped: Life, stage: Stage) -> None:
    other = stage.delivered
    for claim in (other.claim, "0x" + "00" * 32, "0x" + "ff" * 32):
        stray = signed(other, "step-opening", {"claim": claim}, by="practice", to="supplier")
        found = report(swapped, messages=[swapped.signed["answer"], stray])
        assert failing(found) == ["message-does-not-hold"]


KINDS = [kind for kind in KINDS_OF_MESSAGES if kind not in (ORDER, ANSWER, OPENING)]


@pytest.mark.parametrize("kind", [*KINDS, ANSWER])
def test_no_other_message_is_an_order_whatever_it_says(swapped: Life, kind: str) -> None:
    sides = [opened(swapped, "order"), opened(swapped, "deliver")]
    stray = signed(swapped, kind, order_body(swapped, OrderKey.draw()), by="practice", to="supplier")
    found = report(swapped, sides, [stray])
    assert rulings(found) == [("goods-differ", None)]
    assert failing(found) == []


@pytest.mark.parametrize("kind", [*KINDS, ORDER])
def test_no_other_message_is_an_answer_whatever_it_says(stage: Stage, kind: str) -> None:
    life, own = stage.ordered, OrderKey.draw()
    deliver_under(life, own)
    sides = [
        opened(life, name, key, group) for group in Group for name, key in (("order", None), ("deliver", own))
    ]
    stray = signed(life, kind, acceptance(life), by="supplier", to="practice")
    found = report(life, sides, [stray])
    assert rulings(found) == [("key-not-explained", None)] * 4
    assert failing(found) == []


@pytest.mark.parametrize(("by", "to"), [("practice", "payer"), ("payer", "practice")])
def test_nobody_accepts_for_the_supplier(stage: Stage, by: str, to: str) -> None:
    life, own = stage.ordered, OrderKey.draw()
    deliver_under(life, own)
    sides = [
        opened(life, name, key, group) for group in Group for name, key in (("order", None), ("deliver", own))
    ]
    stray = signed(life, ANSWER, acceptance(life), by=by, to=to)
    assert rulings(report(life, sides, [stray])) == [("key-not-explained", None)] * 4


def test_a_message_that_is_passed_over_hides_none_that_follows(stage: Stage) -> None:
    life, own = stage.ordered, OrderKey.draw()
    deliver_under(life, own)
    sides = [
        opened(life, name, key, group) for group in Group for name, key in (("order", None), ("deliver", own))
    ]
    broken = signed(life, ANSWER, {**acceptance(life), "order": "1"}, by="supplier", to="practice")
    second = {**order_body(life, own), "order": 2}
    stray = signed(life, ORDER, second, by="practice", to="supplier")
    given = [
        broken,
        stray,
        signed_order(life, own),
        signed(life, ANSWER, acceptance(life), by="supplier", to="practice"),
    ]
    found = report(life, sides, given)
    assert rulings(found) == [("envelope-differs", 1), ("wrong-key-after-acceptance", 2)] * 4


def test_an_invoice_under_another_key_alone_differs_in_its_key(stage: Stage) -> None:
    life, other = stage.delivered, OrderKey.draw()
    step = life.unsent_invoice()
    claim, number, root, _, order_locks = step.arguments
    again = replace(step, arguments=(claim, number, root, list(locks(step.record, other)), order_locks))
    life.practice.resend(again).wait(30)
    life.steps["invoice"] = again
    sides = [
        opened(life, name, key, group)
        for group in Group
        for name, key in (("order", None), ("invoice", other))
    ]
    found = report(life, sides)
    assert rulings(found) == [("invoice-differs", 1)] * 4
    assert all("the key" in ruling.sentence.en for ruling in found.rulings)


@pytest.mark.parametrize(
    "changes", [{"order": 0}, {"order": 2}, {"claim": None, "order": 1}], ids=["before", "after", "no claim"]
)
def test_another_signed_order_is_not_held_against_the_practice(
    swapped: Life, changes: dict[str, object]
) -> None:
    sides = [opened(swapped, "order"), opened(swapped, "deliver")]
    body = {**order_body(swapped, OrderKey.draw()), **changes}
    stray = signed(
        swapped,
        ORDER,
        {name: each for name, each in body.items() if each is not None},
        by="practice",
        to="supplier",
    )
    assert rulings(report(swapped, sides, [stray])) == [("goods-differ", None)]


@pytest.mark.parametrize(("before", "holds"), [(300, True), (301, False), (100_000, False)])
def test_an_order_dated_before_its_claim_was_authorised_is_not_the_practices(
    stage: Stage, before: int, holds: bool
) -> None:
    """By a key that the practice had then, and that is in other hands since."""
    stage.chain.sleep(200_000)
    life = Life(stage.chain, stage.swapped.published)
    life.chain.sleep(50_000)
    life.authorise()
    life.order()
    life.answer()
    life.deliver(**OTHER_LENS)
    authorised = life.practice.history(life.claim).find(Step.AUTHORISE)
    assert authorised is not None
    body = order_body(life, OrderKey.draw())
    boxes, day = life.mailboxes, authorised.time - before
    forged = signed_on(boxes["practice"], boxes["supplier"], ORDER, body, day).signed
    found = report(life, [opened(life, "order"), opened(life, "deliver")], [forged])
    assert rulings(found) == ([("envelope-differs", 1)] if holds else [("goods-differ", None)])
    assert failing(found) == ([] if holds else ["message-does-not-hold"])


@pytest.mark.parametrize(("before", "holds"), [(300, True), (301, False)])
def test_an_acceptance_dated_before_the_order_is_not_the_suppliers(
    stage: Stage, before: int, holds: bool
) -> None:
    life, own = stage.authorised, OrderKey.draw()
    stage.chain.sleep(10_000)
    life.order()
    deliver_under(life, own)
    placed = life.practice.history(life.claim).find(Step.ORDER, 1)
    assert placed is not None
    boxes, day = life.mailboxes, placed.time - before
    forged = signed_on(boxes["supplier"], boxes["practice"], ANSWER, acceptance(life), day).signed
    sides = [
        opened(life, name, key, group) for group in Group for name, key in (("order", None), ("deliver", own))
    ]
    code = ("wrong-key-after-acceptance", 2) if holds else ("key-not-explained", None)
    assert rulings(report(life, sides, [forged])) == [code] * 4


def test_an_entry_that_its_forger_put_into_the_file_gives_its_keys_to_nobody(swapped: Life) -> None:
    """The supplier signs an order in the practice's name, and brings an entry of the practice with its own keys."""
    network, boxes = swapped.chain.network, swapped.mailboxes
    practice = boxes["practice"].directory.entry(network, swapped.practice.party)
    theirs = boxes["supplier"].directory.entry(network, swapped.supplier.party)
    false_entry = replace(practice, jwks=theirs.jwks)
    forger = Mailbox(
        network,
        swapped.practice.party,
        boxes["supplier"].keys,
        Directory.of(practice, theirs),
        LocalStore(None),
    )
    now = network.node.head().timestamp
    body = order_body(swapped, OrderKey.draw())
    forged = signed_on(forger, boxes["supplier"], ORDER, body, now).signed
    sides = (opened(swapped, "order"), opened(swapped, "deliver"))
    for entries in ((false_entry,), (false_entry, practice), (practice, false_entry, theirs)):
        file = Evidence.about(network, swapped.claim, groups=sides, messages=(forged,), entries=entries)
        found = audit(network, Evidence.from_json(json.dumps(file.to_json())))
        assert rulings(found) == [("goods-differ", None)]
        assert failing(found) == ["message-does-not-hold"]


def test_the_order_and_the_number_of_pieces_change_no_ruling(swapped: Life) -> None:
    network, directory = swapped.chain.network, swapped.mailboxes["practice"].directory
    true = [opened(swapped, "order"), opened(swapped, "deliver")]
    wrong = [replace(each, opening=replace(each.opening, key=GroupKey(GROUP, b"\x01" * 32))) for each in true]
    file = Evidence.about(
        network,
        swapped.claim,
        records=(RecordPart.of(swapped.steps["open"].record, ["right.code"]),),
        groups=(*true, *wrong),
        messages=(swapped.signed["order"], swapped.signed["answer"]),
        entries=tuple(directory.entry(network, party) for party in (1, 2)),
    ).to_json()
    lists = ("records", "groups", "messages", "entries")
    rng = random.Random(3)
    for times in (1, 1, 2, 3):
        pieces = {name: rng.sample(file[name] * times, len(file[name]) * times) for name in lists}
        edited = dict(rng.sample(list({**file, **pieces}.items()), len(file)))
        found = audit(network, Evidence.from_json(json.dumps(edited)))
        assert rulings(found) == [("goods-differ", None)]
        assert set(failing(found)) == {"group-of-nobody"}


# Two values for one path


def two_faced(opening: SealedRecord, path: str, value: str) -> tuple[str, list[Multiproof]]:
    """A root under which ``path`` has a second value, and a proof of either."""
    free = next(leaf for leaf in opening.leaves if leaf.path.startswith("pad."))
    first = next(leaf for leaf in opening.leaves if leaf.path == path)
    second = Leaf(first.type, path, value, free.salt)
    leaves = [second if leaf is free else leaf for leaf in opening.leaves]
    nodes = build(leaf.hash for leaf in leaves)
    return "0x" + nodes[0].hex(), [_proof(nodes, [opening.leaves[0], each]) for each in (first, second)]


def _proof(nodes: list[bytes], shown: list[Leaf]) -> Multiproof:
    places = {nodes.index(leaf.hash, len(nodes) // 2): leaf for leaf in shown}
    order, branch = multiproof(nodes, places)
    return Multiproof(tuple(places[place] for place in order), branch.proof, branch.flags)


def test_a_record_that_seals_two_values_for_one_path_is_the_proof_of_a_cheat(stage: Stage) -> None:
    life = stage.ordered
    step = unsent(life.supplier.dispute, life.claim, reason="OTHER")
    root, proofs = two_faced(step.record, "note.reason", "PATIENT")
    claim, number, _ = step.arguments
    life.supplier.resend(replace(step, arguments=(claim, number, root))).wait(30)
    records = [RecordPart(step.record.scope, proof) for proof in proofs]
    for record in records:
        assert report(life, records=[record]).holds
    assert rulings(report(life, records=records[::-1])) == [("two-values", 2)]
    found = report(life, records=records)
    assert rulings(found) == [("two-values", 2)]
    assert not found.holds
    assert "note.reason" in found.rulings[0].sentence.fr
    assert "PATIENT" not in json.dumps(found.to_json())


# Edited files


def edits(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The evidence with one value anywhere replaced by another."""
    for path in _paths(whole):
        hostile: tuple[Any, ...] = (None, True, 5, "", "\ud800", [], {}, "0x" + "11" * 32)
        for value in hostile:
            edited = json.loads(json.dumps(whole))
            place = edited
            for key in path[:-1]:
                place = place[key]
            if place[path[-1]] != value:
                place[path[-1]] = value
                yield edited


def _paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = (
        value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    )
    for key, each in items:
        yield (*before, key)
        yield from _paths(each, (*before, key))


def test_no_edited_file_holds_and_none_crashes_the_audit(stage: Stage) -> None:
    life = stage.delivered
    network, directory = life.chain.network, life.mailboxes["practice"].directory
    evidence = Evidence.about(
        network,
        life.claim,
        records=(RecordPart.of(life.steps["open"].record, ["right.code"]),),
        groups=(opened(life, "deliver", group=Group.QUANTITY),),
        messages=(life.signed["order"],),
        entries=(directory.entry(network, life.practice.party),),
    )
    assert audit(network, evidence).holds
    tried = 0
    for edited in edits(evidence.to_json()):
        tried += 1
        if [] in (edited["records"], edited["groups"], edited["messages"]):
            continue  # less is shown, and what is shown holds
        try:
            found = audit(network, Evidence.from_json(json.dumps(edited)))
        except SceauError as error:
            error.message("fr").encode()  # it can be printed
            continue
        assert not found.holds, edited
        assert "\n" not in "".join(check.sentence.en for check in found.checks)
    assert tried > 300
