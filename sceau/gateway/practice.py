# SPDX-License-Identifier: Apache-2.0
"""What a practice's software asks: consents, quotes, orders, invoices, disclosures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from sceau.consent.signing import SignedConsent
from sceau.formats.documents import read_document
from sceau.gateway import answers, asked
from sceau.gateway.asking import Posted, body_of
from sceau.gateway.posts import post, record_of, values_of
from sceau.messages.information import REQUEST as INFORMATION_REQUEST
from sceau.messages.information import InformationRequest
from sceau.roles.disclosing import DEFAULT_POLICY
from sceau.roles.errors import ConsentDropped, DisclosureQueued, NotReceived
from sceau.roles.handle import Envelope
from sceau.roles.practice import Practice
from sceau.terms import Step

router = APIRouter(prefix="/v1/{shop}", tags=["practice"])


@post(
    router,
    "/consent-requests",
    asked.ConsentRequestAsked,
    answers.ConsentRequestAnswer,
    "Asks a patient's consent",
    status=201,
)
def request_consent(
    posted: Posted, given: Annotated[asked.ConsentRequestAsked, Depends(body_of(asked.ConsentRequestAsked))]
) -> JSONResponse:
    """The request that the patient reads and signs. It is stored, and written nowhere."""
    practice = posted.shop.acting_as(Practice)

    def work() -> answers.ConsentRequestAnswer:
        return answers.of_request(
            practice.request_consent(
                payer=given.payer,
                groups=given.groups,
                expires_on=given.expires_on,
                attested=given.attested,
            )
        )

    return posted.once(work)


@post(
    router,
    "/consents",
    asked.ConsentAsked,
    answers.ConsentAnswer,
    "Records the consent that the patient signed",
)
def record_consent(
    posted: Posted, given: Annotated[asked.ConsentAsked, Depends(body_of(asked.ConsentAsked))]
) -> JSONResponse:
    """It must answer a request of this practice."""
    practice = posted.shop.acting_as(Practice)

    def work() -> answers.ConsentAnswer:
        signed = SignedConsent.from_json(given.signed)
        return answers.of_consent(signed.consent, practice.record_consent(signed))

    return posted.once(work)


@post(
    router,
    "/consents/{consent}/withdrawal",
    asked.Nothing,
    answers.ConsentAnswer,
    "Withdraws a consent, at the word of a patient without the card",
)
def withdraw_consent(
    posted: Posted, consent: str, _: Annotated[asked.Nothing, Depends(body_of(asked.Nothing))]
) -> JSONResponse:
    """For ever. It is sent before all else that waits."""
    practice = posted.shop.acting_as(Practice)

    def work() -> answers.ConsentAnswer:
        try:
            return answers.of_consent(consent, practice.withdraw_consent(consent))
        except ConsentDropped:
            # It is done: as a refusal it would be forgotten, and asked again it would be sent to the chain.
            return answers.ConsentAnswer(consent=consent, state="dropped", transaction=None)

    return posted.once(work)


@post(router, "/quotes", asked.QuoteAsked, answers.StepAnswer, "Opens a claim with a quote")
def open_claim(
    posted: Posted, given: Annotated[asked.QuoteAsked, Depends(body_of(asked.QuoteAsked))]
) -> JSONResponse:
    """The record is sealed; the chain holds its commitment alone."""
    practice = posted.shop.acting_as(Practice)

    def work() -> answers.StepAnswer:
        record = record_of(given.quote, Step.OPEN)
        inner = given.prescription
        return answers.of_handle(
            practice.open_claim(
                record.profile_name,
                record.values,
                payer=given.payer,
                consent=given.consent,
                prescription=None if inner is None else read_document(inner, "optical-prescription/1").values,
            )
        )

    return posted.once(work)


@post(
    router,
    "/claims/{claim}/disclosures",
    asked.DisclosureAsked,
    answers.MessageAnswer,
    "Shows the claim's payer what a clause allows",
)
def show(
    posted: Posted,
    claim: str,
    given: Annotated[asked.DisclosureAsked, Depends(body_of(asked.DisclosureAsked))],
) -> JSONResponse:
    """Of the opening, or of the invoice once there is one, under the claim's own consent."""
    practice = posted.shop.acting_as(Practice)

    return posted.once(
        lambda: _queued_or(
            lambda: practice.show(
                claim, clause=given.clause, paths=given.paths, policy=given.policy or DEFAULT_POLICY
            )
        )
    )


@post(
    router,
    "/claims/{claim}/orders",
    asked.OrderAsked,
    answers.StepAnswer,
    "Orders, or replaces the current order",
)
def order(
    posted: Posted, claim: str, given: Annotated[asked.OrderAsked, Depends(body_of(asked.OrderAsked))]
) -> JSONResponse:
    """Its key goes to the supplier alone."""
    practice = posted.shop.acting_as(Practice)

    def work() -> answers.StepAnswer:
        write = practice.remake if given.replaces else practice.order
        return answers.of_handle(write(claim, values_of(given.order, Step.ORDER), supplier=given.supplier))

    return posted.once(work)


@post(
    router, "/claims/{claim}/invoices", asked.InvoiceAsked, answers.StepAnswer, "Invoices the current order"
)
def invoice(
    posted: Posted, claim: str, given: Annotated[asked.InvoiceAsked, Depends(body_of(asked.InvoiceAsked))]
) -> JSONResponse:
    """It is compared with its order before it is written."""
    practice = posted.shop.acting_as(Practice)

    def work() -> answers.StepAnswer:
        values = values_of(given.invoice, Step.INVOICE)
        return answers.of_handle(practice.invoice(claim, values, despite_difference=given.despite_difference))

    return posted.once(work)


@post(
    router,
    "/messages/{message}/grant",
    asked.Nothing,
    answers.MessageAnswer,
    "Shows the payer what it asked for, as far as it may be shown",
)
def grant(
    posted: Posted, message: str, _: Annotated[asked.Nothing, Depends(body_of(asked.Nothing))]
) -> JSONResponse:
    """A disclosure like any other; what policy and consent do not allow was refused before."""
    practice = posted.shop.acting_as(Practice)
    return posted.once(lambda: _queued_or(lambda: practice.grant_information(_requested(practice, message))))


@post(
    router,
    "/messages/{message}/decline",
    asked.DeclineAsked,
    answers.MessageAnswer,
    "Declines what a payer asked for",
)
def decline(
    posted: Posted, message: str, given: Annotated[asked.DeclineAsked, Depends(body_of(asked.DeclineAsked))]
) -> JSONResponse:
    """In a signed answer."""
    practice = posted.shop.acting_as(Practice)
    return posted.once(
        lambda: answers.of_envelope(practice.decline_information(_requested(practice, message), given.reason))
    )


def _requested(practice: Practice, message: str) -> InformationRequest:
    """A request for information that was received. Raises as :meth:`CorrespondingParty.received`."""
    read = practice.read(practice.received(message, INFORMATION_REQUEST))
    if not isinstance(read, InformationRequest):
        raise NotReceived(name=message)
    return read


def _queued_or(show: Callable[[], Envelope]) -> answers.MessageAnswer:
    """A message that shows something, or that it is made once its step is written."""
    try:
        return answers.of_envelope(show())
    except DisclosureQueued:
        return answers.MessageAnswer(id=None, recipient=None, state="queued")


@post(router, "/claims/{claim}/cancellation", asked.NoteAsked, answers.StepAnswer, "Cancels a claim for ever")
def cancel(
    posted: Posted, claim: str, given: Annotated[asked.NoteAsked, Depends(body_of(asked.NoteAsked))]
) -> JSONResponse:
    """As long as it is not invoiced."""
    practice = posted.shop.acting_as(Practice)
    return posted.once(
        lambda: answers.of_handle(practice.cancel(claim, reason=given.reason, reference=given.reference))
    )
