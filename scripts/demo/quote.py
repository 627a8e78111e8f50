# SPDX-License-Identifier: Apache-2.0
"""A French quote under the minimal clause: no consent is needed, and most of the quote stays in the shop."""

from __future__ import annotations

from sceau.chain.times import utc_text
from sceau.formats.optics.order import load_order
from sceau.record import Value, load_profile
from sceau.terms import Step, state_words
from scripts.demo.demonstration import Demonstration, documents_of, holdings
from scripts.documents import document
from scripts.life import ClaimLife


def play(demo: Demonstration) -> ClaimLife:
    """The quote is sealed, shown in part, verified and authorised; the claim goes on in a later chapter."""
    story = demo.story
    story.chapter(
        "A French quote: the insurer sees what it needs, and no more",
        "The shop asks the insurer to pay for progressive glasses, and shows the few values that a claim needs, "
        "which takes no consent. The prescription and the detailed prices stay in the shop, sealed: nobody can "
        "change them afterwards unseen.",
    )
    life = demo.life()
    life.open(values=documents_of(1).quote, prescription=_prescription())
    disclosure = life.disclosure()
    demo.note(life)
    opened = life.steps["open"]
    values, seen = holdings(
        story, opened.record, disclosure.paths, what="the quote", inner=opened.inner.values()
    )
    story.say(
        f"Of {values} values the insurer sees {seen}, and {values - seen} stay in the shop. The chain holds none "
        "of them: one commitment, 32 bytes that look random, stands for all."
    )
    verdict = life.payer.verify(life.show(disclosure))
    story.say(
        "The insurer's program proves each value that it is shown against the commitment on the chain, and drops "
        "whatever the policy forbids it to hold."
    )
    demo.verdict(verdict)
    life.authorise()
    story.say("The insurer authorises the claim; the shop is told in an encrypted message.")
    _chain(demo, life)
    demo.outcome(
        "French quote, without a consent", verdict.words(), f"the insurer sees {seen} of {values} values"
    )
    return life


def _prescription() -> dict[str, Value]:
    """The prescription behind the quote: the correction that is ordered in a later chapter."""
    fields = load_profile("optical-prescription").fields
    written = documents_of(1).quote["prescription.written"]
    return {
        path: value
        for path, value in {**load_order(document("order")), "prescription.written": written}.items()
        if path in fields
    }


def _chain(demo: Demonstration, life: ClaimLife) -> None:
    history = life.practice.history(life.claim)
    sealed = {Step.OPEN: "the quote and the prescription", Step.AUTHORISE: "the insurer's decision"}
    demo.story.table(
        "What the chain holds of this claim (identifiers and hashes left out):",
        ("what", "how it stands there"),
        [
            ("who asks, and who is asked", f"members no. {history.state.practice} and {history.state.payer}"),
            ("the claim's state", state_words(history.state.state).en),
            *(
                (sealed[step.step], f"a commitment, {step.commitment[:10]}…, of {utc_text(step.time)}")
                for step in history.steps
            ),
        ],
    )
