# SPDX-License-Identifier: Apache-2.0
"""Whose word closes what, and until when: justifications and auditors' rulings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sceau import Payer
from sceau.chain.transaction import send
from sceau.messages.envelope import LIFETIME
from sceau.messages.errors import NotJustifiable, WordNotSigned
from sceau.messages.justification import JUSTIFIABLE, KIND, FindingOfClaim, Justification
from sceau.messages.mailbox import Mailbox
from sceau.messages.ruling import AuditRuling
from sceau.messages.word import Word
from sceau.party.directory import Directory
from sceau.roles.errors import MailboxMissing, NotConcerned
from sceau.store import LocalStore
from sceau.terms import Role
from sceau.verify import verify_disclosure
from sceau.verify.act_codes import ActCodes
from sceau.verify.verdict import Verdict
from tests.client.verify.cheats import CODES
from tests.support.life import Life
from tests.support.mailboxes import rotated, signed_on
from tests.support.stage import OTHER_LENS, Stage
from tests.support.words import about, ruled, word

ELSEWHERE = "0x" + "77" * 32


def judged(life: Life, *words: Word) -> Verdict:
    return life.payer.verify(life.disclosure(), justifications=words)


def left(life: Life, *words: Word) -> set[str]:
    """The reasons that are left when these words are accepted."""
    return {reason.code for reason in judged(life, *words).reasons}


def noted(life: Life, *words: Word) -> set[str]:
    return {note.code for note in judged(life, *words).notes}


@pytest.fixture
def returned(stage: Stage) -> Life:
    """A delivered order that went back."""
    stage.delivered.note("recordReturn")
    return stage.delivered


# What was signed


def test_a_word_closes_its_own_finding_on_its_own_order_alone(stage: Stage) -> None:
    life = stage.delivered
    life.invoice(**OTHER_LENS)
    life.note("recordReturn")
    assert left(life) == {"invoice-differs", "order-returned"}
    mine = word(life, "order-returned")
    assert left(life, mine) == {"invoice-differs"}
    assert left(life, word(life, "order-returned", order=2)) == {"invoice-differs", "order-returned"}
    assert left(life, word(life, "order-disputed")) == {"invoice-differs", "order-returned"}
    assert left(life, mine, word(life, "invoice-differs")) == set()


@pytest.mark.parametrize(
    "change",
    [
        lambda mine: replace(mine, signed=""),
        lambda mine: replace(mine, signed=mine.signed[:-8] + "AAAAAAAA"),
        lambda mine: replace(mine, signed="a.b.c"),
        lambda mine: replace(mine, reason="ANOTHER"),
        lambda mine: replace(mine, party=2),
        lambda mine: replace(mine, about=replace(mine.about, order_number=2)),
        lambda mine: replace(mine, about=replace(mine.about, finding="delivery-differs")),
        lambda mine: replace(mine, about=replace(mine.about, claim=ELSEWHERE)),
        lambda mine: replace(mine, about=replace(mine.about, head=ELSEWHERE)),
        lambda mine: Justification(1, mine.about, "BY-HAND", "x"),
        lambda mine: AuditRuling(mine.party, mine.about, None, mine.signed),
    ],
)
def test_a_word_made_or_changed_by_hand_is_refused(returned: Life, change: Callable[[Any], Word]) -> None:
    mine = word(returned, "order-returned")
    assert left(returned, mine) == set()
    with pytest.raises(WordNotSigned):
        judged(returned, change(mine))


def test_a_word_of_another_claim_closes_nothing(stage: Stage, returned: Life) -> None:
    """Signed as it is: the very same finding on order 1 of a claim of the same parties."""
    stage.ordered.deliver()
    stage.ordered.note("recordReturn")
    theirs = word(stage.ordered, "order-returned")
    assert left(stage.ordered, theirs) == set()
    assert left(returned, theirs) == {"order-returned"}
    assert "word-without-effect" in noted(returned, theirs)
    # Nor where it names this claim, and the head of that one.
    assert left(returned, word(returned, "order-returned", head=stage.ordered.head())) == {"order-returned"}


def test_a_word_to_another_payer_is_refused(stage: Stage, returned: Life) -> None:
    mine = word(returned, "order-returned")
    other = Payer(
        stage.chain.network,
        stage.chain.signers["other_payer"],
        mailbox=returned.published.mailbox("other_payer"),
    )
    shown = replace(returned.disclosure(), recipient=other.party)
    with pytest.raises(WordNotSigned):
        other.verify(shown, justifications=[mine])


def test_words_need_the_mailbox_that_received_them(stage: Stage, returned: Life) -> None:
    mine = word(returned, "order-returned")
    bare = Payer(stage.chain.network, stage.chain.signers["payer"])
    with pytest.raises(MailboxMissing):
        bare.verify(returned.disclosure(), justifications=[mine])
    with pytest.raises(WordNotSigned):
        verify_disclosure(
            stage.chain.network, returned.disclosure(), reader=bare.party, justifications=[mine]
        )
    assert bare.verify(returned.disclosure()).words() == "in doubt"


def test_a_word_received_before_its_signers_keys_were_changed_still_counts(
    stage: Stage, returned: Life
) -> None:
    chain, mine = stage.chain, word(returned, "order-returned")
    party, controller = returned.practice.party, chain.controllers["practice"]
    send(chain.network, controller, "PartyRegistry", "setDirectory", party, b"\x12" * 32).wait(30)
    assert left(returned, mine) == set()
    with pytest.raises(WordNotSigned):
        judged(returned, replace(mine, reason="ANOTHER"))
    # Without the former entry, a payer that received it has it in its store, and another has nothing that shows it.
    own = returned.mailboxes["payer"]
    for store, shown in ((own.store, True), (LocalStore(None), False)):
        box = Mailbox(chain.network, own.party, own.keys, Directory.of(), store)
        bare = Payer(chain.network, chain.signers["payer"], mailbox=box)
        if shown:
            assert bare.verify(returned.disclosure(), justifications=[mine]).words() == "accepted"
        else:
            with pytest.raises(WordNotSigned):
                bare.verify(returned.disclosure(), justifications=[mine])


def by_hand(life: Life, keys: Mailbox, finding: str, time: int) -> Justification:
    """A word on a finding at the present head, which no envelope brought: signed by any keys, on any day."""
    body = {**about(life, finding).body(), "reason": "OTHER"}
    file = signed_on(keys, life.mailboxes["payer"], KIND, body, time)
    read = life.payer.read(file)
    assert isinstance(read, Justification)
    return read


def test_a_retired_key_signs_no_word_whatever_day_it_bears(stage: Stage) -> None:
    """The supplier's old key is in other hands: the word is dated to when the key counted, before the return."""
    life, chain = stage.delivered, stage.chain
    stolen, then = life.mailboxes["supplier"], chain.now
    chain.sleep(1_000)
    life.published = rotated(life.published, "supplier")
    life.practice, life.supplier, life.payer = life._roles()
    chain.sleep(100_000)
    life.note("recordReturn")
    forged = by_hand(life, stolen, "order-returned", then)
    with pytest.raises(WordNotSigned):
        judged(life, forged)
    # The new key's word counts, and a retired key opens no envelope either.
    assert left(life, word(life, "order-returned", by="supplier")) == set()


def test_no_word_of_a_day_to_come_outlives_what_is_told_later(stage: Stage) -> None:
    """Its practice dates it a year ahead, so that no mark which the first supplier tells could be newer."""
    life = stage.ordered
    first = life.supplied_by("other_supplier")
    life.remake("CORRECTION")
    life.deliver()
    life.payer.receive(first.tell_payer(life.claim, 1, reason="NOT-RECEIVED").text)
    ahead = by_hand(life, life.mailboxes["practice"], "order-disputed", stage.chain.now + 31_536_000)
    with pytest.raises(WordNotSigned):
        judged(life, ahead)
    stage.chain.sleep(1_000)
    mine = word(life, "order-disputed")
    assert left(life, mine) == set()
    stage.chain.sleep(1_000)
    life.payer.receive(first.tell_payer(life.claim, 1, reason="NOT-RECEIVED").text)
    assert left(life, mine) == {"order-disputed"}


def test_a_word_that_nobody_received_counts_while_its_envelope_would_open(stage: Stage) -> None:
    life = stage.delivered
    life.note("recordReturn")
    fresh = by_hand(life, life.mailboxes["practice"], "order-returned", stage.chain.now)
    assert left(life, fresh) == set()
    kept = word(life, "order-returned")
    stage.chain.sleep(LIFETIME)
    with pytest.raises(WordNotSigned):
        judged(life, fresh)
    # One that was received counts for ever.
    assert left(life, kept) == set()


def test_a_word_on_the_codes_of_a_paper_closes_none_on_codes_that_were_not_authorised(stage: Stage) -> None:
    """Ordered and invoiced alike, and other than authorised; the paper in the payer's hand says what was authorised."""
    life = stage.authorised
    for step in (life.order, life.deliver, life.invoice):
        step(**{"right.code": "VXC9"})
    paper = ActCodes((life.act_code_key(),), CODES, invoiced=CODES)

    def open_after(*words: Word) -> set[str]:
        verdict = life.payer.verify(life.disclosure(), act_codes=paper, justifications=words)
        return {reason.code for reason in verdict.reasons}

    both = {"act-codes-differ", "act-codes-not-authorised"}
    assert open_after() == both
    for code in both:
        assert open_after(word(life, code)) == both - {code}


# When it was said


@pytest.mark.parametrize(
    ("finding", "play"),
    [
        ("delivery-differs", lambda life: life.deliver(**OTHER_LENS)),
        ("order-disputed", lambda life: life.note("dispute")),
        ("invoice-differs", lambda life: life.invoice(**OTHER_LENS)),
    ],
)
def test_a_word_from_before_its_finding_closes_nothing(
    stage: Stage, finding: str, play: Callable[[Life], None]
) -> None:
    life = stage.ordered
    before, earliest = word(life, finding), stage.ordered.practice.history(life.claim).steps[0].head
    play(life)
    assert left(life) == {finding}
    assert left(life, before) == {finding}
    assert left(life, word(life, finding, head=earliest)) == {finding}
    assert left(life, word(life, finding)) == set()


def test_a_word_on_a_return_from_before_it_closes_nothing(stage: Stage) -> None:
    life = stage.delivered
    before = word(life, "order-returned")
    life.note("recordReturn")
    assert left(life, before) == {"order-returned"}


def test_a_return_ends_the_word_on_the_difference_that_was_delivered(stage: Stage) -> None:
    life = stage.swapped
    words = [word(life, "delivery-differs", by=by) for by in ("practice", "supplier")]
    assert left(life, *words) == set()
    life.note("recordReturn")
    assert left(life, *words) == {"delivery-differs", "order-returned"}


@pytest.mark.parametrize("mark", ["dispute", "invoice"])
def test_a_new_mark_ends_an_old_word(returned: Life, mark: str) -> None:
    mine = word(returned, "order-returned")
    assert left(returned, mine) == set()
    if mark == "invoice":
        returned.invoice()
    else:
        returned.note(mark)
    assert "order-returned" in left(returned, mine)
    assert "order-returned" not in left(returned, word(returned, "order-returned"))


def test_what_does_not_touch_the_order_ends_no_word(stage: Stage) -> None:
    life = stage.delivered
    life.invoice(**OTHER_LENS)
    mine = word(life, "invoice-differs")
    verdict = life.payer.verify(life.disclosure("invoice"), justifications=[mine])
    life.payer.settle(verdict).wait(30)
    assert left(life, mine) == set()


def test_an_order_placed_later_ends_an_old_word(stage: Stage) -> None:
    life = stage.ordered
    life.invoice(**OTHER_LENS)
    mine = word(life, "invoice-differs")
    life.remake("CORRECTION")
    assert "invoice-differs" in left(life, mine)


def test_a_word_on_a_renewal_ends_with_the_invoice(stage: Stage) -> None:
    life = stage.delivered
    before = word(life, "renewal-too-early")
    assert "word-without-effect" in noted(life, before)  # there is no such finding
    life.invoice()
    named = before.about
    assert named.order_number == 0
    assert life.practice.history(life.claim).since(named.head) is not None


# Whose it is


@pytest.mark.parametrize("stranger", ["payer", "auditor", "other_practice", "other_supplier", "other_payer"])
def test_the_word_of_somebody_without_a_part_in_it_closes_nothing(returned: Life, stranger: str) -> None:
    theirs = word(returned, "order-returned", by=stranger)
    assert left(returned, theirs) == {"order-returned"}
    assert "word-without-effect" in noted(returned, theirs)


def test_a_replaced_orders_supplier_does_not_close_the_new_ones(stage: Stage) -> None:
    life, chain = stage.delivered, stage.chain
    other = chain.party("other_supplier")
    values = {**life.steps["order"].record.values, "order.reason": "DEFECT"}
    life.practice.remake(life.claim, values, supplier=other).wait(30)
    life.invoice(**OTHER_LENS)
    assert "invoice-differs" in left(life)
    assert "invoice-differs" in left(life, word(life, "invoice-differs", by="supplier", order=2))
    with pytest.raises(NotConcerned):
        life.supplier.justify(life.claim, "invoice-differs", "OTHER", order_number=2)
    theirs = word(life, "invoice-differs", by="other_supplier", order=2)
    assert "invoice-differs" not in left(life, theirs)
    # On the first order it is the other way round.
    assert life.supplier.justify(life.claim, "order-returned", "OTHER", order_number=1).text


def test_a_supplier_has_no_say_in_a_renewal(stage: Stage) -> None:
    life = stage.delivered
    with pytest.raises(NotConcerned):
        life.supplier.justify(life.claim, "renewal-too-early", "OTHER")
    assert life.practice.justify(life.claim, "renewal-too-early", "OTHER").text


@pytest.mark.parametrize("finding", ["claim-closed", "key-compromised", "consent-revoked"])
def test_no_word_is_about_what_is_no_mere_difference(stage: Stage, finding: str) -> None:
    assert finding not in JUSTIFIABLE
    with pytest.raises(NotJustifiable):
        stage.opened.practice.justify(stage.opened.claim, finding, "TRUST-ME")


# Rulings


def test_an_auditor_closes_a_finding_unless_it_finds_the_practice_at_fault(
    stage: Stage, returned: Life
) -> None:
    supplier, practice = stage.chain.party("supplier"), stage.chain.party("practice")
    for fault, code in ((None, "ruled"), (supplier, "ruled-at-fault")):
        ruling = ruled(returned, "order-returned", fault)
        assert left(returned, ruling) == set()
        assert code in noted(returned, ruling)
    against = ruled(returned, "order-returned", practice)
    assert left(returned, against) == {"order-returned"}
    assert "ruled-against-practice" in noted(returned, against)
    # Whatever else is said of it, and in whatever order.
    others: list[Word] = [word(returned, "order-returned"), ruled(returned, "order-returned", None)]
    assert left(returned, against, *others) == {"order-returned"}
    assert left(returned, *others, against) == {"order-returned"}


def test_a_ruling_is_bound_to_its_claim_order_and_head_as_a_word_is(stage: Stage) -> None:
    life = stage.ordered
    before = ruled(life, "order-disputed", None)
    life.note("dispute")
    ruling = ruled(life, "order-disputed", None)
    assert left(life, before) == {"order-disputed"}
    assert left(life, ruled(life, "order-disputed", None, order=2)) == {"order-disputed"}
    assert left(life, ruling) == set()
    with pytest.raises(WordNotSigned):
        judged(life, replace(ruling, fault=2))
    # A delivery with a difference: one without would close the dispute itself.
    life.deliver(**{"right.lens.code": "ECO50"})
    assert left(life, ruling) == {"order-disputed", "delivery-differs"}


@pytest.mark.parametrize(
    ("name", "roles"),
    [("other_payer", None), ("practice", Role.PRACTICE), ("supplier", Role.SUPPLIER), ("payer", Role.PAYER)],
)
def test_nobody_rules_without_the_role_or_in_its_own_case(
    stage: Stage, returned: Life, name: str, roles: Role | None
) -> None:
    if roles is not None:
        stage.chain.consortium.set_roles(stage.chain.party(name), roles | Role.AUDITOR).wait(30)
    assert left(returned, ruled(returned, "order-returned", None, by=name)) == {"order-returned"}


def test_a_suspended_auditor_rules_nothing(stage: Stage, returned: Life) -> None:
    ruling = ruled(returned, "order-returned", None)
    stage.chain.consortium.suspend(stage.chain.party("auditor")).wait(30)
    assert left(returned, ruling) == {"order-returned"}


def test_a_ruling_against_a_party_without_a_part_in_the_order_closes_nothing(
    stage: Stage, returned: Life
) -> None:
    other = stage.chain.party("other_supplier")
    assert left(returned, ruled(returned, "order-returned", other)) == {"order-returned"}


def test_a_finding_is_named_as_the_claim_has_it(returned: Life) -> None:
    assert about(returned, "order-returned") == FindingOfClaim(
        returned.claim, 1, "order-returned", returned.head()
    )
