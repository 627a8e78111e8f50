# SPDX-License-Identifier: Apache-2.0
"""What is found on a claim's orders and its invoice, judged from the whole history.

An earlier order's marks leave the claim's slot when it is remade; its events stay. Placing an order closes nothing,
and an acceptance closes nothing: a trouble of any order, also of a replaced one, is open until goods close it
(``marks.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timezone

from sceau.claim.history import History, WrittenStep
from sceau.errors import Sentence
from sceau.messages.told_mark import ToldMark
from sceau.terms import Step, groups_words, step_words
from sceau.verify.findings import At, finding
from sceau.verify.marks import Mark, Marks
from sceau.verify.verdict import Finding


def check_orders(
    history: History,
    *,
    checked: Collection[int] = (),
    told: Iterable[ToldMark] = (),
    standing_fits: bool = False,
) -> list[Finding]:
    """Findings on the orders of a claim; none before the first.

    Args:
        history: everything written on the claim.
        checked: the orders whose act codes the payer recomputed and found to be its own: those alone can be *conform*,
            the others are *declared conform*.
        told: what suppliers of replaced orders told the payer.
        standing_fits: whether the invoice's codes give the act-code lock of the order placed last, under its own key.
    """
    last = history.state.order_number
    if last == 0:
        return []
    marks = Marks(history, told)
    found: list[Finding] = []
    for order_number in range(1, last + 1):
        found += _troubles(marks, order_number)
        if order_number < last:
            code = "order-remade" if marks.delivery(order_number) else "order-corrected"
            found.append(finding(code, order=order_number, by=order_number + 1))
    found += _standing(history, marks, last, checked)
    found += _invoice(history, marks, last, standing_fits=standing_fits)
    return found + [_told(mark) for mark in _newest(marks)]


def _troubles(marks: Marks, order_number: int) -> Iterator[Finding]:
    """For each kind of trouble of an order one finding while one is open, or one note when all are closed."""
    for step in (Step.DELIVER, Step.RETURN, Step.DISPUTE):
        troubles = [mark for mark in marks.of(order_number, step) if mark.is_trouble]
        closed = [marks.closing(mark) for mark in troubles]
        if None in closed:
            yield _open(troubles[0])
        elif troubles:
            yield _closed(troubles[-1], closed[-1])


def _open(trouble: Mark) -> Finding:
    about = {"order": trouble.order_number, "supplier": trouble.supplier, "at": At(trouble.time)}
    if trouble.step is Step.DELIVER:
        return finding("delivery-differs", groups=groups_words(trouble.mismatch), **about)
    return finding("order-returned" if trouble.step is Step.RETURN else "order-disputed", **about)


def _closed(trouble: Mark, closing: Mark | None) -> Finding:
    if closing is None:
        raise AssertionError("an open trouble")  # the caller asked before
    if trouble.step is Step.DELIVER:
        what = Sentence("verify.differed", groups=groups_words(trouble.mismatch))
    elif trouble.step is Step.RETURN:
        what = Sentence("verify.returned")
    else:
        what = Sentence("verify.disputed")
    return finding(
        "closed-by-delivery",
        order=trouble.order_number,
        supplier=trouble.supplier,
        what=what,
        groups=groups_words(trouble.mismatch),
        by=closing.order_number,
        party=closing.supplier,
    )


def _standing(history: History, marks: Marks, last: int, checked: Collection[int]) -> Iterator[Finding]:
    """What is attested of the order placed last."""
    delivery = marks.delivery(last)
    if delivery is None:
        if not _is_unattested_among_several(history, last):
            yield finding("delivery-not-attested", order=last)
    elif not delivery.mismatch:
        yield finding("conform" if last in checked else "declared-conform", order=last)


def _is_unattested_among_several(history: History, order_number: int) -> bool:
    """Whether an order without delivery is invoiced, on a claim whose orders name several suppliers.

    The silence of an only supplier is harmless: it can still speak. Among several, it may be of one that knows nothing.
    """
    invoice = history.find(Step.INVOICE)
    suppliers = {step.supplier for step in history.steps if step.supplier is not None}
    return invoice is not None and invoice.order_number == order_number and len(suppliers) > 1


def _invoice(history: History, marks: Marks, last: int, *, standing_fits: bool) -> Iterator[Finding]:
    invoice = history.find(Step.INVOICE)
    if invoice is None:
        return
    order_number = invoice.order_number
    if invoice.mismatch:
        yield finding(
            "invoice-differs",
            order=order_number,
            groups=groups_words(invoice.mismatch),
            at=At(invoice.time),
        )
    if order_number < last and not marks.whole(order_number):
        yield _replaced_after_invoice(marks, order_number, last, standing_fits=standing_fits)
    elif marks.delivery(order_number) is None and _is_unattested_among_several(history, order_number):
        yield finding(
            "invoiced-order-not-attested", order=order_number, supplier=history.supplier_of(order_number)
        )
    if not _was_delivered_before(history, invoice):
        yield finding("invoice-before-delivery", order=order_number)


def _replaced_after_invoice(marks: Marks, invoiced: int, last: int, *, standing_fits: bool) -> Finding:
    """The order that is invoiced was not delivered whole: the one that stands must be, with the invoice's codes."""
    delivery = marks.delivery(last)
    if delivery is None or not standing_fits or not marks.whole(last):
        return finding("invoice-of-replaced-order", order=invoiced, current=last)
    return finding("invoice-fits-standing-order", order=invoiced, by=last, party=delivery.supplier)


def _was_delivered_before(history: History, invoice: WrittenStep) -> bool:
    delivery = history.find(Step.DELIVER, invoice.order_number)
    return delivery is not None and history.steps.index(delivery) < history.steps.index(invoice)


def _newest(marks: Marks) -> Iterable[Mark]:
    """The newest told mark of each kind on each order."""
    return {(mark.order_number, mark.step): mark for mark in marks.all if mark.told}.values()


def _told(mark: Mark) -> Finding:
    day = datetime.fromtimestamp(mark.time, timezone.utc).date()
    return finding(
        "mark-told",
        order=mark.order_number,
        supplier=mark.supplier,
        mark=step_words(mark.step),
        day=day,
    )
