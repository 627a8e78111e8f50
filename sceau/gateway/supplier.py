# SPDX-License-Identifier: Apache-2.0
"""What a supplier's software asks: answers to orders, deliveries, returns, disputes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from sceau.documents.identifiers import checked_id
from sceau.gateway import answers, asked
from sceau.gateway.asking import Posted, body_of
from sceau.gateway.posts import post, values_of
from sceau.messages.order import ORDER, ReceivedOrder
from sceau.roles.errors import NotReceived
from sceau.roles.supplier import Supplier
from sceau.terms import Step

router = APIRouter(prefix="/v1/{shop}", tags=["supplier"])


@post(
    router,
    "/claims/{claim}/order-answers",
    asked.OrderAnswerAsked,
    answers.MessageAnswer,
    "Accepts the newest order that came, or refuses it",
)
def answer(
    posted: Posted,
    claim: str,
    given: Annotated[asked.OrderAnswerAsked, Depends(body_of(asked.OrderAnswerAsked))],
) -> JSONResponse:
    """An order that does not fit its locks is refused, whatever is asked."""
    supplier = posted.shop.acting_as(Supplier)
    return posted.once(
        lambda: answers.of_envelope(
            supplier.answer(_order(supplier, claim), refuse_because=given.refuse_because)
        )
    )


@post(
    router,
    "/claims/{claim}/deliveries",
    asked.DeliveryAsked,
    answers.StepAnswer,
    "Attests the delivery of the current order",
)
def deliver(
    posted: Posted, claim: str, given: Annotated[asked.DeliveryAsked, Depends(body_of(asked.DeliveryAsked))]
) -> JSONResponse:
    """From the supplier's own record of what was made, never copied from the order."""
    supplier = posted.shop.acting_as(Supplier)

    def work() -> answers.StepAnswer:
        values = values_of(given.delivery, Step.DELIVER)
        return answers.of_handle(
            supplier.deliver(_order(supplier, claim), values, despite_difference=given.despite_difference)
        )

    return posted.once(work)


@post(
    router, "/claims/{claim}/returns", asked.MarkAsked, answers.StepAnswer, "Records the return of the order"
)
def record_return(
    posted: Posted, claim: str, given: Annotated[asked.MarkAsked, Depends(body_of(asked.MarkAsked))]
) -> JSONResponse:
    """Of the delivered order."""
    supplier = posted.shop.acting_as(Supplier)
    return posted.once(
        lambda: answers.of_handle(
            supplier.record_return(
                claim, order_number=given.order, reason=given.reason, reference=given.reference
            )
        )
    )


@post(router, "/claims/{claim}/disputes", asked.MarkAsked, answers.StepAnswer, "Disputes the order")
def dispute(
    posted: Posted, claim: str, given: Annotated[asked.MarkAsked, Depends(body_of(asked.MarkAsked))]
) -> JSONResponse:
    """No such order was received, or it does not fit its locks."""
    supplier = posted.shop.acting_as(Supplier)
    return posted.once(
        lambda: answers.of_handle(
            supplier.dispute(claim, order_number=given.order, reason=given.reason, reference=given.reference)
        )
    )


def _order(supplier: Supplier, claim: str) -> ReceivedOrder:
    """The newest order of a claim that was received. Raises as :meth:`CorrespondingParty.received`."""
    read = supplier.read(supplier.received(checked_id(claim), ORDER))
    if not isinstance(read, ReceivedOrder):
        raise NotReceived(name=claim)
    return read
