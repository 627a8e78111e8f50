# SPDX-License-Identifier: Apache-2.0
"""Who is wrong: each row of the table of docs/conformity.md, from client to chain to auditor."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from sceau.audit import audit
from sceau.audit.errors import EvidenceForeign, EvidenceMalformed
from sceau.audit.evidence import Evidence, OpenedGroup, RecordPart
from sceau.audit.ruling import Report
from sceau.chain.errors import BlockChanged, NodeStale
from sceau.chain.network import Network
from sceau.claim.prepared import PreparedStep
from sceau.conformity.keys import OrderContext, OrderKey
from sceau.conformity.opening import open_group
from sceau.conformity.seals import tags
from sceau.documents.errors import FileMalformed
from sceau.formats.optics.order import load_delivery
from sceau.messages.order import ORDER, group_key_hashes
from sceau.record import seal
from sceau.terms import Group
from tests.support.audits import false, rulings
from tests.support.life import DATA, Life
from tests.support.lying_node import lying
from tests.support.mailboxes import hostile_envelope
from tests.support.stage import OTHER_LENS, Stage

GROUP = Group.LENS_PRODUCT
PARTS = ("records", "groups", "messages", "entries")


@pytest.fixture
def swapped(stage: Stage) -> Life:
    """A claim on which the supplier attests another lens than was ordered, having accepted the order."""
    return stage.swapped


def opened(step: PreparedStep, key: OrderKey | None, group: Group = GROUP) -> OpenedGroup:
    assert key is not None
    return OpenedGroup(step.record.scope, open_group(step.record, key, group))


def report(life: Life, groups: Sequence[OpenedGroup] = (), messages: Sequence[str] = ()) -> Report:
    network = life.chain.network
    evidence = Evidence.about(network, life.claim, groups=tuple(groups), messages=tuple(messages))
    # Through the file, as it reaches an auditor.
    read = Evidence.from_json(json.dumps(evidence.to_json()))
    return audit(network, read, life.mailboxes["practice"].directory)


def sides(life: Life) -> list[OpenedGroup]:
    return [opened(life.steps["order"], life.key), opened(life.steps["deliver"], life.key)]


def test_who_did_not_open_is_to_be_asked(swapped: Life) -> None:
    practice, supplier = sides(swapped)
    for given, asked in (([supplier], [1]), ([practice], [2]), ([], [1, 2])):
        found = report(swapped, given)
        assert rulings(found) == [("not-opened-ask", None)] * len(asked)
        assert [ruling.ask for ruling in found.rulings] == asked
        assert not found.holds


def test_an_opening_that_does_not_give_its_own_seal_is_none(swapped: Life) -> None:
    practice, supplier = sides(swapped)
    for given, asked in (([practice, false(supplier)], 2), ([false(practice), supplier], 1)):
        found = report(swapped, given)
        assert rulings(found) == [("not-opened-ask", None)]
        assert found.rulings[0].ask == asked


def test_an_opening_of_another_record_is_none(swapped: Life, stage: Stage) -> None:
    _, supplier = sides(swapped)
    life = stage.opened
    life.authorise()
    life.order(**OTHER_LENS)
    foreign = opened(life.steps["order"], life.key)
    assert rulings(report(swapped, [foreign, supplier])) == [("not-opened-ask", None)]
    disguised = replace(foreign, scope=swapped.steps["order"].record.scope)
    assert rulings(report(swapped, [disguised, supplier])) == [("not-opened-ask", None)]


def test_two_true_seals_that_differ_say_that_the_goods_differ(swapped: Life) -> None:
    found = report(swapped, sides(swapped), [swapped.signed["order"], swapped.signed["answer"]])
    assert rulings(found) == [("goods-differ", None)]
    assert "right.lens.code" in found.rulings[0].sentence.en
    assert "ECO50" not in json.dumps(found.to_json())


def test_a_practice_whose_signed_order_says_another_key_is_at_fault(swapped: Life) -> None:
    order = swapped.steps["order"]
    other = group_key_hashes(OrderKey.draw(), OrderContext.of(order.record.scope))
    signed = _signed_order(swapped, group_keys=other)
    assert rulings(report(swapped, sides(swapped), [signed])) == [("envelope-differs", 1)]


def test_a_practice_whose_signed_order_says_another_record_is_at_fault(swapped: Life) -> None:
    signed = _signed_order(swapped, commitment="0x" + "77" * 32)
    assert rulings(report(swapped, sides(swapped), [signed])) == [("envelope-differs", 1)]


@pytest.mark.parametrize(
    ("messages", "ruling"),
    [
        (lambda life: [life.signed["order"]], ("key-not-explained", None)),
        (lambda life: [life.signed["order"], life.signed["answer"]], ("wrong-key-after-acceptance", 2)),
    ],
)
def test_a_supplier_with_another_key_cannot_plead_it(
    stage: Stage, messages: Callable[[Life], list[str]], ruling: tuple[str, int | None]
) -> None:
    life = stage.ordered
    life.answer()
    own = OrderKey.draw()
    _deliver_with(life, own)
    found = report(
        life,
        [
            opened(step, key, group)
            for step, key in ((life.steps["order"], life.key), (life.steps["deliver"], own))
            for group in Group
        ],
        messages(life),
    )
    assert rulings(found) == [ruling] * len(Group)


def test_a_practice_that_invoices_something_else_is_at_fault(stage: Stage) -> None:
    life = stage.delivered
    life.invoice(**OTHER_LENS)
    groups = [opened(life.steps["order"], life.key), opened(life.steps["invoice"], life.key)]
    found = report(life, groups)
    assert rulings(found) == [("invoice-differs", 1)]
    assert "right.lens.code" in found.rulings[0].sentence.en
    assert rulings(report(life, groups[:1])) == [("not-opened-ask", None)]


def test_a_conform_claim_gives_no_ruling(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    life.settle()
    assert report(life).holds


def test_chosen_values_are_held_against_the_chain(swapped: Life) -> None:
    network, opening = swapped.chain.network, swapped.steps["open"].record
    record = RecordPart.of(opening, ["right.code", "total.amc"])
    evidence = Evidence.about(network, swapped.claim, records=(record,))
    found = audit(network, evidence, swapped.mailboxes["practice"].directory)
    assert [check.sentence.code for check in found.checks] == ["history", "record-holds"]


def test_an_edited_value_does_not_hold(swapped: Life) -> None:
    network, opening = swapped.chain.network, swapped.steps["open"].record
    record = RecordPart.of(opening, ["right.code", "total.amc"])
    edited = json.loads(json.dumps(Evidence.about(network, swapped.claim, records=(record,)).to_json()))
    for leaf in edited["records"][0]["shown"]["leaves"]:
        if leaf["name"] == "total.amc":
            leaf["value"] = "99999"
    found = audit(network, Evidence.from_json(edited), swapped.mailboxes["practice"].directory)
    assert [check.holds for check in found.checks] == [True, False]
    assert not found.holds


def test_a_forged_message_does_not_hold(swapped: Life) -> None:
    header, payload, signature = swapped.signed["order"].split(".")
    forged = ".".join((header, payload[:-2] + "AA", signature))
    found = report(swapped, sides(swapped), [forged])
    assert not all(check.holds for check in found.checks)


@pytest.mark.parametrize(
    "foreign", [{"contract": "0x" + "12" * 20}, {"genesis_hash": "0x" + "12" * 32}, {"chain_id": 5}], ids=str
)
def test_evidence_of_another_deployment_is_refused(swapped: Life, foreign: dict[str, Any]) -> None:
    network = swapped.chain.network
    with pytest.raises(EvidenceForeign):
        audit(network, replace(Evidence.about(network, swapped.claim), **foreign))


def test_a_node_that_is_behind_or_replaces_the_block_that_was_read_gives_no_report(swapped: Life) -> None:
    evidence, own = Evidence.about(swapped.chain.network, swapped.claim), swapped.chain.network
    beating = Network(own.node, replace(own.manifest, block_period=2))
    with pytest.raises(NodeStale):
        audit(beating, evidence, clock=lambda: swapped.chain.now + 10**6)

    def lie(method: str, params: Any, result: Any) -> Any:
        replaced = method == "eth_getBlockByNumber" and params[0] not in ("latest", "0x0")
        return {**result, "hash": "0x" + "77" * 32} if replaced else result

    with lying(swapped.chain, lie) as network, pytest.raises(BlockChanged):
        audit(network, evidence)


def test_an_order_signed_to_somebody_else_is_not_held_against_the_practice(swapped: Life) -> None:
    order = swapped.steps["order"]
    other = group_key_hashes(OrderKey.draw(), OrderContext.of(order.record.scope))
    body = {"claim": swapped.claim, "order": 1, "commitment": order.record.root, "group_keys": other}
    for reader in ("practice", "payer"):
        recipient = swapped.chain.party(reader)
        stray = hostile_envelope(swapped.mailboxes["practice"], ORDER, body, recipient=recipient)
        signed = swapped.mailboxes[reader].open(stray, ORDER).signed
        assert rulings(report(swapped, sides(swapped), [signed])) == [("goods-differ", None)]
    # Nor one that somebody else signed.
    forged = hostile_envelope(swapped.mailboxes["payer"], ORDER, body, recipient=swapped.supplier.party)
    signed = swapped.mailboxes["supplier"].open(forged, ORDER).signed
    assert rulings(report(swapped, sides(swapped), [signed])) == [("goods-differ", None)]


def test_messages_are_checked_by_the_entries_that_the_evidence_brings(swapped: Life) -> None:
    network, directory = swapped.chain.network, swapped.mailboxes["practice"].directory
    entry = directory.entry(network, swapped.practice.party)
    given = Evidence.about(network, swapped.claim, messages=(swapped.signed["order"],), entries=(entry,))
    read = Evidence.from_json(json.dumps(given.to_json()))
    assert [check.sentence.code for check in audit(network, read).checks] == ["history", "message-holds"]
    for entries in ((), (replace(entry, name="Somebody else"),)):
        found = audit(network, replace(read, entries=entries))
        assert [check.sentence.code for check in found.checks] == ["history", "message-does-not-hold"]


@pytest.mark.parametrize("length", [0, 1, 40, 200])
def test_a_truncated_file_is_refused_plainly(swapped: Life, length: int) -> None:
    text = json.dumps(Evidence.about(swapped.chain.network, swapped.claim).to_json())
    with pytest.raises((EvidenceMalformed, FileMalformed)):
        Evidence.from_json(text[:length])


FILE = {
    "format": "sceau-evidence/1",
    "chain_id": 1337,
    "genesis_hash": "0x" + "11" * 32,
    "contract": "0x" + "22" * 20,
    "claim": "0x" + "33" * 32,
    **{part: [] for part in PARTS},
}


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"chain_id": "1337"}, "chain_id"),
        ({"genesis_hash": 5}, "genesis_hash"),
        ({"records": {}}, "records"),
        ({"records": [5]}, "records[0]"),
        ({"records": [{"scope": "x"}]}, "records[0].shown"),
        ({"messages": ["no JWS"]}, "messages[0]"),
    ],
    ids=str,
)
def test_the_part_of_a_file_that_is_damaged_is_named(changes: dict[str, object], part: str) -> None:
    with pytest.raises(EvidenceMalformed) as refused:
        Evidence.from_json({**FILE, **changes})
    assert refused.value.details == {"part": part}


@pytest.mark.parametrize("name", [*FILE, "more"])
def test_a_file_that_lacks_a_part_or_is_of_another_format_is_no_evidence(name: str) -> None:
    without = {each: value for each, value in FILE.items() if each != name}
    for other in (without if name in FILE else {**FILE, name: []}, {**FILE, "format": f"sceau-{name}/1"}):
        with pytest.raises(FileMalformed):
            Evidence.from_json(other)


@pytest.mark.parametrize("part", PARTS)
def test_a_file_holds_a_thousand_of_each_at_most(part: str) -> None:
    """One more is refused for its number, whatever it is."""
    for count, named in ((1000, f"{part}[0]"), (1001, part)):
        with pytest.raises(EvidenceMalformed) as refused:
            Evidence.from_json({**FILE, part: [5] * count})
        assert refused.value.details == {"part": named}


def _signed_order(life: Life, **changes: object) -> str:
    """An order message that the practice signed with something else in it than its order."""
    order, post = life.steps["order"], life.mailboxes["practice"]
    body = {
        "claim": life.claim,
        "order": 1,
        "commitment": order.record.root,
        "group_keys": group_key_hashes(life.key, OrderContext.of(order.record.scope)),
        **changes,
    }
    envelope = hostile_envelope(post, ORDER, body, recipient=life.chain.party("supplier"))
    return life.mailboxes["supplier"].open(envelope, ORDER).signed


def _deliver_with(life: Life, key: OrderKey) -> None:
    """A delivery that the client would refuse to make: true goods, sealed with a key of the supplier's own."""
    number, order_locks = life.supplier.history(life.claim).current_order()
    first = life.steps["order"].record.scope
    opening = seal(
        replace(first, profile="lens-delivery", step="delivered"), load_delivery(DATA / "delivery.json")
    )
    arguments = (life.claim, number, opening.root, list(tags(opening, key)), order_locks)
    step = PreparedStep(life.claim, "deliver", arguments, opening)
    life.supplier.resend(step).wait(30)
    life.steps["deliver"] = step
