# SPDX-License-Identifier: Apache-2.0
"""What a payer's software asks: verdicts, and the decisions that rest on them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from sceau.gateway import answers, asked
from sceau.gateway.asking import Posted, Reading, body_of
from sceau.gateway.posts import post
from sceau.messages.disclosure import KIND as DISCLOSURE
from sceau.messages.disclosure import ReceivedDisclosure
from sceau.roles.disclosing import DEFAULT_POLICY
from sceau.roles.errors import NotReceived
from sceau.roles.payer import Payer

router = APIRouter(prefix="/v1/{shop}", tags=["payer"])


@post(
    router,
    "/verdicts",
    asked.VerdictAsked,
    answers.VerdictAnswer,
    "Judges a disclosure that came",
    status=201,
)
def verify(
    posted: Posted, given: Annotated[asked.VerdictAsked, Depends(body_of(asked.VerdictAsked))]
) -> JSONResponse:
    """Accepted, refused or in doubt, with every reason, read at one block."""
    payer = posted.shop.acting_as(Payer)

    def work() -> answers.VerdictAnswer:
        shown = payer.read(payer.received(given.disclosure, DISCLOSURE))
        if not isinstance(shown, ReceivedDisclosure):
            raise NotReceived(name=given.disclosure)
        return answers.of_verdict(payer.verify(shown))

    return posted.once(work)


@router.get("/verdicts/{verdict}", response_model=answers.IssuedAnswer, summary="A verdict that was issued")
def issued(shop: Reading, verdict: str) -> answers.IssuedAnswer:
    """Without the values that were shown."""
    with shop.turn():
        return answers.of_issued(shop.acting_as(Payer).issued(verdict))


@post(
    router,
    "/verdicts/{verdict}/authorisation",
    asked.AuthorisationAsked,
    answers.StepAnswer,
    "Authorises the claim",
)
def authorise(
    posted: Posted,
    verdict: str,
    given: Annotated[asked.AuthorisationAsked, Depends(body_of(asked.AuthorisationAsked))],
) -> JSONResponse:
    """On a verdict of its opening."""
    payer = posted.shop.acting_as(Payer)
    return posted.once(
        lambda: answers.of_handle(
            payer.authorise(
                verdict,
                valid_until=given.valid_until,
                file_number=given.file_number,
                despite_doubt=given.despite_doubt,
            )
        )
    )


@post(
    router,
    "/verdicts/{verdict}/refusal",
    asked.RefusalAsked,
    answers.StepAnswer,
    "Refuses the claim for ever",
)
def refuse(
    posted: Posted,
    verdict: str,
    given: Annotated[asked.RefusalAsked, Depends(body_of(asked.RefusalAsked))],
) -> JSONResponse:
    """On a verdict that gives ground for it."""
    payer = posted.shop.acting_as(Payer)
    return posted.once(lambda: answers.of_handle(payer.refuse(verdict, reason=given.reason)))


@post(
    router,
    "/verdicts/{verdict}/settlement",
    asked.SettlementAsked,
    answers.StepAnswer,
    "Settles the invoiced claim",
)
def settle(
    posted: Posted,
    verdict: str,
    given: Annotated[asked.SettlementAsked, Depends(body_of(asked.SettlementAsked))],
) -> JSONResponse:
    """On a verdict of its invoice."""
    payer = posted.shop.acting_as(Payer)
    return posted.once(
        lambda: answers.of_handle(
            payer.settle(
                verdict,
                payment_reference=given.payment_reference,
                payment_date=given.payment_date,
                despite_doubt=given.despite_doubt,
            )
        )
    )


@post(
    router,
    "/claims/{claim}/information-requests",
    asked.InformationAsked,
    answers.MessageAnswer,
    "Asks the practice to be shown more",
)
def request_information(
    posted: Posted,
    claim: str,
    given: Annotated[asked.InformationAsked, Depends(body_of(asked.InformationAsked))],
) -> JSONResponse:
    """What policy and consent do not allow is refused before a person sees it."""
    payer = posted.shop.acting_as(Payer)
    return posted.once(
        lambda: answers.of_envelope(
            payer.request_information(
                claim,
                given.paths,
                clause=given.clause,
                reason=given.reason,
                policy=given.policy or DEFAULT_POLICY,
            )
        )
    )


@post(
    router,
    "/claims/{claim}/payment-notices",
    asked.PaymentAsked,
    answers.MessageAnswer,
    "Tells the practice that a settled claim was paid",
)
def tell_payment(
    posted: Posted, claim: str, given: Annotated[asked.PaymentAsked, Depends(body_of(asked.PaymentAsked))]
) -> JSONResponse:
    """With the amount that its settlement seals; nothing is written on the chain."""
    payer = posted.shop.acting_as(Payer)
    return posted.once(
        lambda: answers.of_envelope(
            payer.payment_notice(claim, day=given.day, reference=given.reference, amount=given.amount)
        )
    )
