# SPDX-License-Identifier: Apache-2.0
"""What the chain says of order, delivery and invoice, judged for the order that is to be paid.

An earlier order's marks leave the claim's slot when it is remade; its events stay, so everything is judged from the
history. A difference on an order that was then remade and delivered in conformity is no reproach.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sceau.claim.history import History
from sceau.terms import Step, groups_words
from sceau.verify.findings import finding
from sceau.verify.verdict import Finding


def check_orders(history: History, checked: Collection[int] = ()) -> list[Finding]:
    """Findings on the orders of a claim; none before the first.

    ``checked`` are the orders whose act codes the payer recomputed and found to be its own: those alone can be
    *conform*, the others are *declared conform*.
    """
    last = history.state.order_number
    if last == 0:
        return []
    found: list[Finding] = []
    for order_number in range(1, last):
        found += _replaced(history, order_number)
    found += _current(history, last, checked)
    found += _invoice(history, last)
    return found


def _replaced(history: History, order_number: int) -> Iterator[Finding]:
    delivery = history.find(Step.DELIVER, order_number)
    if delivery is not None and delivery.mismatch:
        yield finding("replaced-order-differed", order=order_number, groups=groups_words(delivery.mismatch))
    yield finding("order-remade" if delivery else "order-corrected", order=order_number, by=order_number + 1)


def _current(history: History, order_number: int, checked: Collection[int]) -> Iterator[Finding]:
    delivery = history.find(Step.DELIVER, order_number)
    if delivery is None:
        yield finding("delivery-not-attested", order=order_number)
    elif delivery.mismatch:
        yield finding("delivery-differs", order=order_number, groups=groups_words(delivery.mismatch))
    else:
        yield finding("conform" if order_number in checked else "declared-conform", order=order_number)
    if history.find(Step.RETURN, order_number):
        yield finding("order-returned", order=order_number)
    if history.find(Step.DISPUTE, order_number):
        yield finding("order-disputed", order=order_number)


def _invoice(history: History, last: int) -> Iterator[Finding]:
    invoice = history.find(Step.INVOICE)
    if invoice is None:
        return
    if invoice.mismatch:
        yield finding("invoice-differs", order=invoice.order_number, groups=groups_words(invoice.mismatch))
    delivery = history.find(Step.DELIVER, invoice.order_number)
    if invoice.order_number != last and delivery is None:
        yield finding("invoice-of-replaced-order", order=invoice.order_number, current=last)
    if delivery is None or history.steps.index(delivery) > history.steps.index(invoice):
        yield finding("invoice-before-delivery", order=invoice.order_number)
