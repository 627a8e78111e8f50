# SPDX-License-Identifier: Apache-2.0
"""Closing a non-conformity: a payer accepts a party's signed justification, or is given an auditor's ruling.

A word closes its finding as long as nothing was written since that the finding follows from: it names the claim's head
at which the finding stood. So a justification or ruling from before its finding closes nothing, and a new mark ends
an old one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from sceau.claim.history import History, WrittenStep
from sceau.claim.steps import STEPS, placing
from sceau.messages.justification import JUSTIFIABLE
from sceau.messages.ruling import AuditRuling
from sceau.messages.word import Word
from sceau.terms import Step
from sceau.verify.findings import finding
from sceau.verify.verdict import Finding

#: What a finding on one order follows from, beside the orders placed.
_ABOUT_ORDER = frozenset({Step.DELIVER, Step.RETURN, Step.DISPUTE, Step.INVOICE})


def close(
    found: Iterable[Finding],
    words: Sequence[Word],
    history: History,
    auditors: Collection[int],
    outdated: Collection[Word] = (),
) -> list[Finding]:
    """``found``, with each finding that a word closes turned into a note, and a note on each word that closes nothing.

    ``words`` were all read from what their senders signed; ``auditors`` are those of their senders that are auditors;
    ``outdated`` the words after which a supplier told the payer of a mark on the order.
    A ruling that the practice is at fault leaves the finding as it is, whatever else closes findings.
    """
    given = [each for each in words if each not in outdated and _counts(each, history, auditors)]
    closed: list[Finding] = []
    used: list[Word] = []
    for each in found:
        own = [word for word in given if (word.finding, word.order_number) == (each.code, each.order_number)]
        if not own or each.code not in JUSTIFIABLE:
            closed.append(each)
            continue
        used += own
        closed += _answered(each, own, history.state.practice)
    return [*closed, *_without_effect(word for word in words if word not in used)]


def _answered(found: Finding, words: Sequence[Word], practice: int) -> Iterator[Finding]:
    """What a finding becomes by the words on it."""
    about = {"order": found.order_number, "what": found.sentence, "found": dict(found.data)}
    rulings = [word for word in words if isinstance(word, AuditRuling)]
    against = next((each for each in rulings if each.fault == practice), None)
    if against is not None:
        yield found
        yield finding("ruled-against-practice", party=against.party, practice=practice, **about)
        return
    for word in words:
        if isinstance(word, AuditRuling):
            yield finding(
                "ruled" if word.fault is None else "ruled-at-fault",
                party=word.party,
                fault=word.fault,
                **about,
            )
        else:
            yield finding("justified", party=word.party, reason=word.reason, **about)


def _without_effect(words: Iterable[Word]) -> Iterator[Finding]:
    for word in words:
        yield finding("word-without-effect", party=word.party, what=word.finding, order=word.order_number)


def _counts(word: Word, history: History, auditors: Collection[int]) -> bool:
    """Whether a word is about this claim as it still is, and by a party whose word it is."""
    if word.claim != history.state.claim or not _still_stands(word, history):
        return False
    order = history.find(placing(word.order_number), word.order_number) if word.order_number else None
    parties = {history.state.practice} | ({order.supplier} if order else set())
    if not isinstance(word, AuditRuling):
        return word.party in parties
    # Nobody rules in its own case, and nobody is at fault who has no part in the order.
    return (
        word.party in auditors
        and word.party not in _everybody(history)
        and (word.fault is None or word.fault in parties)
    )


def _everybody(history: History) -> set[int | None]:
    state = history.state
    return {state.practice, state.payer, *(step.supplier for step in history.steps)}


def _still_stands(word: Word, history: History) -> bool:
    """Whether all that the finding follows from was written when the claim had the head that the word names."""
    later = history.since(word.about.head)
    return later is not None and not any(_touches(each, word.order_number) for each in later)


def _touches(written: WrittenStep, order_number: int) -> bool:
    """Whether a finding on an order (0: on the claim as a whole) may follow from a step.

    Any order placed counts: it replaces the one before, and what is said of an order may follow from the one that
    stands in its place.
    """
    if order_number == 0:
        return written.step is Step.INVOICE
    if STEPS[written.step].places_order:
        return True
    return written.step in _ABOUT_ORDER and written.order_number == order_number
