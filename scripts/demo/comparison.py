# SPDX-License-Identifier: Apache-2.0
"""Order, delivery and invoice, compared by the chain: alike, a swapped lens, a remake, an absent lens maker."""

from __future__ import annotations

from collections.abc import Mapping

from sceau.record import Value
from scripts.demo.demonstration import Demonstration, documents_of
from scripts.demo.story import HIDDEN
from scripts.life import ClaimLife


def play(demo: Demonstration, authorised: ClaimLife) -> None:
    """Four claims; the first is the authorised one of the first chapter."""
    _alike(demo, authorised)
    _swapped(demo)
    _remade(demo)
    _absent(demo)


def _authorised(demo: Demonstration, place: int) -> ClaimLife:
    life = demo.life()
    life.open(values=documents_of(place).quote)
    life.authorise()
    demo.note(life)
    return life


def _alike(demo: Demonstration, life: ClaimLife) -> None:
    story = demo.story
    story.chapter(
        "Order, delivery and invoice agree, and the claim is paid",
        "Today insurers ask for order forms and delivery notes to know that what is invoiced was ordered and "
        "delivered. Here the chain compares the three without seeing any of them, and the claim of chapter 1 is "
        "paid.",
    )
    life.order()
    life.answer()
    life.deliver(**documents_of(1).delivery)
    life.invoice(**documents_of(1).invoice)
    order = life.steps["order"].record.values
    story.table(
        "Who has what of the order:",
        ("what is compared", "shop and maker", "insurer sees", "chain holds"),
        [
            ("act codes", _both(order, "code"), _both(order, "code"), "a lock"),
            ("lens product", _both(order, "lens.code"), HIDDEN, "a lock"),
            ("correction (sphere)", _both(order, "sphere"), HIDDEN, "a lock"),
            ("quantity", _both(order, "quantity"), HIDDEN, "a lock"),
        ],
    )
    story.say(
        "The lens maker recomputed every lock from the order before it made anything. The optician writes plus "
        "cylinders, the lens maker minus cylinders: it is one correction, and the chain finds it alike."
    )
    story.say(
        "The shop gives the insurer one key, that of the act codes. With it the insurer's program checks that order "
        "and invoice carry the codes that it authorised; it learns nothing of the lens."
    )
    verdict = life.payer.verify(life.show(life.disclosure("invoice")), act_codes=life.act_codes())
    demo.verdict(verdict)
    life.settle()
    story.say("The insurer settles the claim.")
    demo.history(life)
    demo.outcome("Order, delivery and invoice agree", verdict.words(), "paid")


def _swapped(demo: Demonstration) -> None:
    story = demo.story
    story.chapter(
        "A swapped lens",
        "The shop orders one lens and invoices it; the lens maker delivers a cheaper one for the right eye, as its "
        "dispatch record says. The insurer learns before it pays that the lens differs, and still not "
        "which lens the patient wears.",
    )
    life = _authorised(demo, 2)
    life.order()
    life.deliver(**documents_of(2).delivery, **{"right.lens.code": "ECO50"})
    life.invoice(**documents_of(2).invoice)
    verdict = life.verdict("invoice")
    demo.verdict(verdict, notes=False)
    life.refuse("invoice")
    story.say(
        "The insurer refuses to pay. Shop and lens maker can each show an auditor what it sealed, and nothing else in "
        "its place."
    )
    demo.history(life)
    demo.outcome("A swapped lens", verdict.words(), "not paid; open to an auditor")


def _remade(demo: Demonstration) -> None:
    story = demo.story
    story.chapter(
        "A remake, which is no fraud",
        "The glasses break, and the shop orders again under the same claim. The insurer sees a remake, not a "
        "second pair, and pays once; why it was made is sealed, for it may say something of the patient.",
    )
    life = _authorised(demo, 3)
    life.order()
    life.deliver(**documents_of(3).delivery)
    life.remake("BREAKAGE")
    life.deliver(**documents_of(3).delivery)
    life.invoice(**documents_of(3).invoice)
    verdict = life.verdict("invoice")
    demo.verdict(verdict)
    life.settle()
    story.say(
        "This time the insurer was given no key: it knows that shop and lens maker sealed the same, not what. It "
        "settles the claim, once."
    )
    demo.history(life)
    demo.outcome("A remake after a breakage", verdict.words(), "paid once")


def _absent(demo: Demonstration) -> None:
    story = demo.story
    story.chapter(
        "A lens maker that is not connected",
        "Not every lens maker takes part from the first day: the shop orders by other means, and nobody attests "
        "the delivery. That is silence, and never counts as fraud.",
    )
    life = _authorised(demo, 4)
    life.connected = False
    life.order()
    life.invoice(**documents_of(4).invoice)
    verdict = life.verdict("invoice")
    demo.verdict(verdict)
    life.settle()
    story.say("The insurer settles the claim, and knows what nobody attested.")
    demo.history(life)
    demo.outcome("A lens maker that is not connected", verdict.words(), "paid; not attested")


def _both(values: Mapping[str, Value], path: str) -> str:
    """A value of either eye."""
    return ", ".join(str(values[f"{eye}.{path}"]) for eye in ("right", "left"))
