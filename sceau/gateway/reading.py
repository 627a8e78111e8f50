# SPDX-License-Identifier: Apache-2.0
"""What any shop may be asked: its state, its claims and consents, its outbox and its messages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from sceau.claim.history import state_named
from sceau.errors import SceauError
from sceau.gateway import answers, asked
from sceau.gateway.asking import Posted, Reading, body_of, takes
from sceau.gateway.problems import problem_of
from sceau.roles.errors import NotReceived

router = APIRouter(prefix="/v1/{shop}")

Limit = Annotated[int, Query(ge=1, le=1_000)]


@router.get("", response_model=answers.ShopAnswer, summary="The state of a shop")
def state(shop: Reading) -> answers.ShopAnswer:
    """What waits, and what the last turn of the post did."""
    with shop.turn():
        followed = shop.party.followed
        stands = shop.party.queue.outbox.condition()
        try:
            party: int | None = shop.party.party
        except SceauError:
            party = None
    trouble = shop.syncing.trouble
    return answers.ShopAnswer(
        role=shop.role_name,
        party=party,
        followed=None if followed is None else followed.to_json(),
        unwritten=stands.unfinished,
        oldest_seconds=stands.oldest,
        sync=answers.of_report(shop.syncing.report),
        trouble=None if trouble is None else problem_of(trouble),
    )


@router.get(
    "/claims", response_model=answers.ClaimsAnswer, summary="Claims and their states, even without a node"
)
def claims(
    shop: Reading, state: str | None = None, after: str | None = None, limit: Limit = 100
) -> answers.ClaimsAnswer:
    """The claims of the party, as the chain was followed; ``after`` a claim, those that came later."""
    wanted = None if state is None else state_named(state)
    with shop.turn():
        found = shop.party.claims(state=wanted, after=after, limit=limit)
        block = shop.party.followed
    return answers.ClaimsAnswer(
        claims=[each.to_json() for each in found], block=None if block is None else block.to_json()
    )


@router.get(
    "/claims/{claim}", response_model=answers.ClaimAnswer, summary="A claim and all that was written on it"
)
def claim(shop: Reading, claim: str, held: bool = False) -> answers.ClaimAnswer:
    """The claim as the chain has it now, proved by its head; with ``held``, the values in this party's store."""
    with shop.turn():
        own = [step.record.root for step in shop.party.steps(claim)]
        timeline = shop.party.timeline(claim, held=held)
    return answers.ClaimAnswer(claim=timeline.to_json(), own_steps=own)


@router.get(
    "/claims/{claim}/information-requests",
    response_model=answers.RequestsAnswer,
    summary="What a payer asked to be shown of a claim, with the answers",
)
def information_requests(shop: Reading, claim: str) -> answers.RequestsAnswer:
    """As the payer that asked, or the practice that was asked, stores them."""
    with shop.turn():
        found = shop.party.information_requests(claim)
    return answers.RequestsAnswer(requests=[each.told() for each in found])


@router.get(
    "/claims/{claim}/steps/{commitment}", response_model=answers.StepAnswer, summary="Where a step stands"
)
def step(shop: Reading, claim: str, commitment: str) -> answers.StepAnswer:
    """A step that this party stored: *queued*, *sent*, *written* or *refused*."""
    with shop.turn():
        for each in shop.party.steps(claim):
            if each.record.root == commitment:
                return answers.of_step(each, shop.party.standing(each))
    raise NotReceived(name=commitment)


@router.get(
    "/consents/{consent}", response_model=answers.ConsentStateAnswer, summary="The state of a consent"
)
def consent(shop: Reading, consent: str) -> answers.ConsentStateAnswer:
    """The consent, for what rests on it: that it ended counts, whoever says it."""
    with shop.turn():
        return answers.ConsentStateAnswer(consent=shop.party.consent(consent).to_json())


@router.get("/outbox", response_model=answers.OutboxAnswer, summary="What waits to be written or shown")
def outbox(shop: Reading) -> answers.OutboxAnswer:
    """The entries that are not written yet, and the disclosures that wait for their steps."""
    with shop.turn():
        queue = shop.party.queue
        return answers.OutboxAnswer(
            entries=[answers.of_entry(each) for each in queue.outbox.unfinished()],
            disclosures=[answers.of_intention(each) for each in queue.intentions()],
        )


@router.post(
    "/outbox/{entry}/retry",
    response_model=answers.DoneAnswer,
    status_code=201,
    summary="Lets a stopped entry wait again",
    openapi_extra=takes(asked.Nothing),
)
def retry(
    posted: Posted, entry: int, _: Annotated[asked.Nothing, Depends(body_of(asked.Nothing))]
) -> JSONResponse:
    """Once its cause is corrected."""

    def work() -> answers.DoneAnswer:
        posted.shop.party.queue.retry(entry)
        return answers.DoneAnswer()

    return posted.at_once(work)


@router.post(
    "/outbox/{entry}/drop",
    response_model=answers.DoneAnswer,
    status_code=201,
    summary="Gives up an entry that was sent to no node",
    openapi_extra=takes(asked.Nothing),
)
def drop(
    posted: Posted, entry: int, _: Annotated[asked.Nothing, Depends(body_of(asked.Nothing))]
) -> JSONResponse:
    """What was stored for it is forgotten."""

    def work() -> answers.DoneAnswer:
        posted.shop.party.queue.drop(entry)
        return answers.DoneAnswer()

    return posted.at_once(work)


@router.get("/messages", response_model=answers.MessagesAnswer, summary="Messages that nobody handled yet")
def messages(shop: Reading) -> answers.MessagesAnswer:
    """Each with what it asks for, as its claim stands now."""
    with shop.turn():
        inbox = shop.party.inbox()
        found = [answers.of_listed(each) for each in inbox.listed()]
    return answers.MessagesAnswer(messages=found, problems=answers.of_troubles(inbox.problems))


@router.get(
    "/messages/{message}", response_model=answers.ReceivedAnswer, summary="A message that was received"
)
def message(shop: Reading, message: str) -> answers.ReceivedAnswer:
    """What it says, with the values of the record that it opens; those of a disclosure are in the verdict on it."""
    with shop.turn():
        stored = shop.party.received(message)
        opened, received = shop.party.message(stored)
    key = f"{opened.sender}:{opened.id}"
    return answers.ReceivedAnswer(
        message=answers.of_received(key, opened, received), values=answers.of_values(received)
    )


@router.post(
    "/messages/{message}/done",
    response_model=answers.DoneAnswer,
    status_code=201,
    summary="Counts a message as handled",
    openapi_extra=takes(asked.Nothing),
)
def done(
    posted: Posted, message: str, _: Annotated[asked.Nothing, Depends(body_of(asked.Nothing))]
) -> JSONResponse:
    """It is listed no more."""

    def work() -> answers.DoneAnswer:
        posted.shop.party.inbox().done(message)
        return answers.DoneAnswer()

    return posted.at_once(work)
