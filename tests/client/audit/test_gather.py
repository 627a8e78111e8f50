# SPDX-License-Identifier: Apache-2.0
"""Evidence holds what was chosen and nothing else, and an auditor who has a node alone can check it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from sceau import SceauError
from sceau.audit.errors import (
    ChosenNowhere,
    EvidenceEmpty,
    HoldsNoRecord,
    NothingChosen,
    OfAnotherClaim,
    OfNoStep,
)
from sceau.audit.evidence import Evidence
from sceau.audit.gather import EvidenceBuilder
from sceau.audit.step_document import StepDocument
from sceau.claim.errors import OrderKeyMissing
from sceau.conformity.errors import GroupUnknown
from sceau.conformity.groups import group_of_code
from sceau.messages.errors import EnvelopeError
from sceau.messages.order import ORDER
from sceau.messages.stored import StoredMessage
from sceau.party.errors import NotInDirectory
from sceau.roles.acting import ActingParty
from sceau.roles.auditor import Auditor
from sceau.roles.errors import StoreMissing
from sceau.store import Kind
from sceau.terms import Group, group_words
from tests.support.life import Life
from tests.support.mailboxes import hostile_envelope
from tests.support.stage import OTHER_LENS, Stage
from tests.support.unsent import sealed_anew

GROUP = Group.LENS_PRODUCT


@pytest.fixture
def swapped(stage: Stage) -> Life:
    """A claim on which the supplier attests another lens than was ordered, having accepted the order."""
    return stage.swapped


def builder(life: Life, paths: Sequence[str] = (), groups: Sequence[Group] = ()) -> EvidenceBuilder:
    directory = life.mailboxes["practice"].directory
    return EvidenceBuilder(life.chain.network, life.claim, paths=paths, groups=groups, directory=directory)


def step(life: Life, function: str) -> StepDocument:
    return StepDocument.of_step(life.steps[function])


def messages(party: ActingParty, claim: str) -> list[StoredMessage]:
    return [StoredMessage.from_json(each) for each in party.store.of_claim(Kind.MESSAGE, claim)]


def counts(made: Evidence) -> tuple[int, int, int]:
    return len(made.records), len(made.groups), len(made.messages)


def through_its_file(made: Evidence) -> Evidence:
    return Evidence.from_json(json.dumps(made.to_json()))


def rulings(life: Life, made: Evidence) -> list[tuple[str, int | None]]:
    found = Auditor(life.chain.network).audit(through_its_file(made))
    assert all(check.holds for check in found.checks), [check.sentence.en for check in found.checks]
    return [(ruling.code, ruling.fault) for ruling in found.rulings]


# From documents


def test_only_what_was_chosen_is_in_the_file(swapped: Life) -> None:
    chosen = builder(swapped, ["order.reference", "right.code"], [Group.ACT_CODES])
    chosen.add_step(step(swapped, "order"))
    chosen.add_step(step(swapped, "open"))
    made = chosen.build()
    assert counts(made) == (2, 1, 0)
    shown = {leaf.path for each in made.records for leaf in each.multiproof.leaves}
    assert shown == {"sceau.record", "order.reference", "right.code"}
    text = json.dumps(made.to_json())
    order = swapped.steps["order"]
    assert swapped.key.reveal() not in text
    assert "0x" + order.record.seed.hex() not in text
    assert str(order.record.values["right.sphere"]) not in text
    assert rulings(swapped, made) == [("not-opened-ask", None), ("not-opened-ask", None)]


def test_an_order_is_given_for_its_key_alone_and_shows_nothing_of_itself_unless_chosen(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()
    chosen = builder(life, ["invoice.number"])
    chosen.add_step(step(life, "order"))
    chosen.add_step(step(life, "invoice"))
    made = chosen.build()
    assert counts(made) == (1, 0, 0)
    assert made.records[0].scope.step == "invoiced"


def test_a_group_opens_with_the_key_of_the_order_that_the_record_is_about(stage: Stage) -> None:
    life = stage.delivered
    life.remake(**OTHER_LENS)
    first, second = life.steps["order"], life.steps["remake"]
    life.deliver(**OTHER_LENS)
    assert first.order_key != second.order_key
    chosen = builder(life, groups=[GROUP])
    for name in ("order", "remake", "deliver"):
        chosen.add_step(step(life, name))
    assert [each.scope.order_number for each in chosen.build().groups] == [1, 2, 2]
    assert rulings(life, chosen.build()) == []
    alone = builder(life, groups=[GROUP])
    alone.add_step(step(life, "order"))
    alone.add_step(step(life, "deliver"))
    with pytest.raises(OrderKeyMissing) as caught:
        alone.build()
    assert caught.value.details == {"order": 2, "claim": life.claim}
    later = builder(life, groups=[GROUP])
    later.add_step(StepDocument((first.record,)))
    later.add_step(step(life, "remake"))
    with pytest.raises(OrderKeyMissing) as caught:
        later.build()
    assert caught.value.details == {"order": 1, "claim": life.claim}


def test_a_disclosure_is_shown_as_its_sender_made_it(stage: Stage) -> None:
    life = stage.ordered
    disclosure = life.disclosure()
    chosen = builder(life)
    chosen.add_step(StepDocument(disclosure=disclosure))
    made = chosen.build()
    assert made.records[0].multiproof == disclosure.multiproof
    assert rulings(life, made) == []


def test_nothing_chosen_may_be_missing_and_no_step_is_given_for_nothing(stage: Stage) -> None:
    life = stage.delivered
    life.invoice()

    def made(paths: Sequence[str], groups: Sequence[Group], *names: str) -> Evidence:
        chosen = builder(life, paths, groups)
        for name in names:
            chosen.add_step(step(life, name))
        return chosen.build()

    with pytest.raises(EvidenceEmpty):
        made(["right.code"], [GROUP])
    with pytest.raises(NothingChosen) as caught:
        made(["invoice.number"], [], "open", "invoice")
    assert caught.value.details == {"record": "fr-optical-quote/1 (opened)"}
    with pytest.raises(NothingChosen):
        made([], [GROUP], "order", "open")
    with pytest.raises(ChosenNowhere) as nowhere:
        made(["right.sphere"], [], "open")
    assert nowhere.value.details == {"what": "right.sphere"}
    with pytest.raises(ChosenNowhere) as nowhere:
        made(["right.code"], [GROUP], "open")
    assert nowhere.value.details == {"what": group_words(GROUP)}
    # A disclosure is no record that one chooses from.
    chosen = builder(life, ["total.amc"])
    chosen.add_step(StepDocument(disclosure=life.disclosure()))
    with pytest.raises(ChosenNowhere):
        chosen.build()


def test_what_is_not_of_the_claim_is_not_taken(stage: Stage) -> None:
    life, other = stage.ordered, stage.delivered
    chosen = builder(life)
    with pytest.raises(OfNoStep):
        chosen.add_step(step(other, "order"))
    with pytest.raises(HoldsNoRecord):
        chosen.add_step(StepDocument())
    with pytest.raises(OfAnotherClaim):
        chosen.add_message(messages(other.supplier, other.claim)[0])
    for claim in ("0x" + "00" * 32, "0x" + "ff" * 32):
        stray = hostile_envelope(
            life.mailboxes["practice"], ORDER, {"claim": claim}, recipient=life.supplier.party
        )
        with pytest.raises(OfAnotherClaim):
            chosen.add_message(StoredMessage(life.mailboxes["supplier"].open(stray, ORDER).signed, "{}"))
    for claim in (other.claim, "0x" + "00" * 32, "0x" + "ff" * 32):
        with pytest.raises(OfAnotherClaim):
            chosen.add_evidence(Evidence.about(life.chain.network, claim))
    with pytest.raises(EvidenceEmpty):
        chosen.build()


def test_a_message_comes_with_what_its_sender_publishes_and_without_what_is_attached(swapped: Life) -> None:
    chosen = builder(swapped)
    (order,) = messages(swapped.supplier, swapped.claim)
    chosen.add_message(order)
    chosen.add_message(order)
    made = chosen.build()
    assert made.messages == (order.signed,)
    assert [each.name for each in made.entries] == ["practice SARL"]
    assert swapped.key.reveal() not in json.dumps(made.to_json())
    assert rulings(swapped, made) == [("not-opened-ask", None), ("not-opened-ask", None)]
    header, payload, signature = order.signed.split(".")
    forged = StoredMessage(".".join((header, payload, signature[:-6] + "AAAAAA")), order.attached)
    with pytest.raises(EnvelopeError):
        chosen.add_message(forged)
    with pytest.raises(NotInDirectory):
        EvidenceBuilder(swapped.chain.network, swapped.claim).add_message(order)


def test_the_evidence_of_several_parties_is_joined(swapped: Life) -> None:
    own = builder(swapped, groups=[GROUP])
    own.add_step(step(swapped, "order"))
    (order,) = messages(swapped.supplier, swapped.claim)
    both = builder(swapped)
    both.add_evidence(own.build())
    theirs = builder(swapped, groups=[GROUP])
    theirs.add_step(StepDocument.of_message(order))
    theirs.add_step(step(swapped, "deliver"))
    theirs.add_message(order)
    both.add_evidence(theirs.build())
    both.add_evidence(theirs.build())
    made = both.build()
    assert (len(made.messages), len(made.entries)) == (1, 1)
    assert rulings(swapped, made) == [("goods-differ", None)]


def test_groups_are_named_by_their_codes() -> None:
    assert [group_of_code(group_words(group).code) for group in Group] == list(Group)
    for code in ("colour", "", "LENS-PRODUCT"):
        with pytest.raises(GroupUnknown) as caught:
            group_of_code(code)
        assert caught.value.details == {"known": "act-codes, lens-product, correction, quantity"}


# From a party's store


def test_each_party_shows_what_it_stored(swapped: Life) -> None:
    shop = swapped.practice.evidence(swapped.claim, groups=[GROUP], messages=True)
    # The authorisation and the supplier's acceptance.
    assert counts(shop) == (0, 1, 2)
    assert rulings(swapped, shop) == [("not-opened-ask", None)]
    maker = swapped.supplier.evidence(swapped.claim, groups=[GROUP], messages=True, others=[shop])
    # Its own delivery, and the order that it received; its message, and the practice's two.
    assert counts(maker) == (0, 3, 3)
    assert rulings(swapped, maker) == [("goods-differ", None)]


def test_a_payer_shows_what_it_was_shown(stage: Stage) -> None:
    life = stage.ordered
    made = life.payer.evidence(life.claim, paths=["decision.date"])
    assert [each.scope.step for each in made.records] == ["authorised"]
    disclosure = life.disclosure()
    received = StepDocument(disclosure=life.show(disclosure).disclosure)
    assert builder(life, ["total.amc"]).shows(received)
    assert not builder(life, ["left.sphere"]).shows(received)


def test_what_is_stored_and_not_on_the_chain_is_left_out(stage: Stage) -> None:
    life = stage.ordered
    waiting = sealed_anew(life.steps["order"])
    life.practice.store.put(Kind.STEP, waiting.record.root, waiting.to_json(), claim=life.claim)
    made = life.practice.evidence(life.claim, groups=[GROUP])
    assert counts(made) == (0, 1, 0)
    assert rulings(life, made) == []


def test_a_party_with_nothing_to_show_is_told_so(stage: Stage) -> None:
    life = stage.ordered
    with pytest.raises(EvidenceEmpty):
        life.supplier.evidence(stage.opened.claim, messages=True)
    with pytest.raises(EvidenceEmpty):
        life.practice.evidence(life.claim)
    with pytest.raises(ChosenNowhere):
        life.practice.evidence(life.claim, paths=["right.serial.1"])
    with pytest.raises(StoreMissing):
        ActingParty(life.chain.network, life.chain.signers["practice"]).evidence(life.claim, messages=True)
    with pytest.raises(SceauError):
        life.practice.evidence("not a claim")
