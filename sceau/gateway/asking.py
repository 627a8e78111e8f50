# SPDX-License-Identifier: Apache-2.0
"""What every request has: a client that may ask it, a shop that is asked, and, where it writes, a name and a body."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from sceau.claim.prepared import PreparedStep
from sceau.consent.request import ConsentRequest
from sceau.documents.model import Fault, Shape, parse
from sceau.documents.strict_json import LONGEST, parse_object
from sceau.errors import Sentence
from sceau.gateway.answers import ConsentAnswer, MessageAnswer, StepAnswer, of_handle, of_request
from sceau.gateway.clients import Client, Clients, Rate
from sceau.gateway.errors import (
    BodyMalformed,
    BodyNotJson,
    BodyTooLong,
    BodyTooSlow,
    RequestKeyMissing,
    RightMissing,
    ShopUnknown,
)
from sceau.gateway.shops import Shop, Shops
from sceau.roles.handle import WriteState
from sceau.store import Kind
from sceau.store.errors import RequestErased
from sceau.store.requests import Begun

S = TypeVar("S", bound=Shape)

#: How the name of a request is written.
KEY = re.compile(r"[!-~]{8,128}")
_JSON = "application/json"
_BODY_SECONDS = 20.0
_ACCEPTED, _MADE = 202, 201

#: Names the scheme in the OpenAPI document; who asks is found by :class:`Clients`.
_BEARER = HTTPBearer(auto_error=False, description="The client's token.")


class Served:
    """What the requests of one gateway have in common."""

    def __init__(self, clients: Clients, shops: Shops, rate: Rate) -> None:
        self.clients = clients
        self.shops = shops
        self.rate = rate

    def client(self, request: Request) -> Client:
        """Who asks. Raises :class:`TokenMissing`, :class:`TooManyRequests`."""
        client = self.clients.of(request.headers.get("authorization", ""))
        self.rate.count(client.name)
        return client

    def shop(self, client: Client, name: str) -> Shop:
        """A shop that a client may ask for. Raises :class:`ShopUnknown`: whether there is another is not said."""
        shop = self.shops.get(name) if name in client.shops else None
        if shop is None:
            raise ShopUnknown
        return shop


def _reading(request: Request, shop: str, _: Annotated[Any, Depends(_BEARER)]) -> Shop:
    served: Served = request.app.state.served
    return served.shop(served.client(request), shop)


#: A request that reads: the shop that is asked.
Reading = Annotated[Shop, Depends(_reading)]


class Writing:
    """A request that writes: the shop that is asked, under the name that its client chose."""

    def __init__(self, shop: Shop, name: str, asked: bytes, about: str = "") -> None:
        self.shop = shop
        self._name = name
        self._asked = asked
        #: The claim or consent in its address.
        self._about = about

    def at_once(self, work: Callable[[], BaseModel]) -> JSONResponse:
        """As :meth:`once`, of work that asks no node: it is one change with its answer, so that neither stands alone.

        What such work changes is not there any more when it is asked again.
        """

        def together() -> BaseModel:
            with self.shop.store.change():
                answer = work()
                self._answered(answer)
            return answer

        return self.once(together)

    def once(self, work: Callable[[], BaseModel]) -> JSONResponse:
        """The answer of some work, which is done once, whoever is killed when and however often it is asked.

        Raises as :meth:`sceau.store.requests.Requests.once`, and what the work raises: what failed has written nothing,
        and may be asked again under the same name.
        """
        with self.shop.turn():
            with self.shop.requests.once(self._name, self._asked) as begun:
                if begun.answer is not None:
                    return JSONResponse(begun.answer["body"], begun.answer["status"], begun.answer["headers"])
                answer = self._made_before(begun) or work()
            status, headers, body = self._answered(answer)
        self.shop.syncing.wake()
        return JSONResponse(body, status, headers)

    def _answered(self, answer: BaseModel) -> tuple[int, dict[str, str], dict[str, Any]]:
        """Status, headers and body of an answer, which is stored."""
        status, headers, body = _of(answer, self.shop.name)
        told = {"status": status, "headers": headers, "body": body}
        self.shop.requests.answer(self._name, told, about=_about(answer) or self._about)
        return status, headers, body

    def _made_before(self, begun: Begun) -> BaseModel | None:
        """The answer to what an earlier attempt stored, which ended before it answered."""
        for each in begun.made:
            stored = self.shop.store.get(each.kind, each.key)
            if stored is None and each.kind is Kind.CONSENT_REQUEST:
                raise RequestErased
            if stored is None and each.kind is Kind.INTENTION:
                # It was made meanwhile: a disclosure that arrived would be made a second time.
                told = self.shop.store.get(Kind.TOLD, each.key)
                stored = told and self.shop.store.get(Kind.OUTGOING, told["id"])
                if stored is not None:
                    return _leaves(stored)
            if stored is None:
                # It was taken back: it could not be written.
                continue
            if each.kind is Kind.CONSENT_REQUEST:
                return of_request(ConsentRequest.from_json(stored))
            if each.kind is Kind.STEP:
                return of_handle(self.shop.party.resend(PreparedStep.from_json(stored)))
            if each.kind is Kind.OUTGOING:
                return _leaves(stored)
            if each.kind is Kind.INTENTION:
                return MessageAnswer(id=None, recipient=stored["payer"], state="queued")
        # All else may be done again: it is the same, or another of which only one is answered.
        return None


def _leaves(stored: dict[str, Any]) -> MessageAnswer:
    """A message that is stored."""
    draft = stored["draft"]
    return MessageAnswer(id=draft["id"], recipient=draft["recipient"], state="leaves")


def _of(answer: BaseModel, shop: str) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Status, headers and body of an answer; what is not on the chain yet has a status address."""
    body = answer.model_dump(mode="json")
    if isinstance(answer, StepAnswer):
        place = f"/v1/{shop}/claims/{answer.claim}/steps/{answer.commitment}"
        return _status(answer.state), {"Location": place}, body
    if isinstance(answer, ConsentAnswer):
        return _status(answer.state), {"Location": f"/v1/{shop}/consents/{answer.consent}"}, body
    if isinstance(answer, MessageAnswer):
        return _ACCEPTED, {"Location": f"/v1/{shop}/outbox"}, body
    return _MADE, {}, body


def _about(answer: BaseModel) -> str:
    """The claim or consent with which an answer is erased."""
    if isinstance(answer, StepAnswer):
        return answer.claim
    return answer.consent if isinstance(answer, ConsentAnswer) else ""


def _status(state: str) -> int:
    return _MADE if state in (WriteState.WRITTEN.value, "dropped") else _ACCEPTED


async def _body(request: Request) -> bytes:
    """The body of a request. Raises :class:`BodyNotJson`, :class:`BodyTooLong`, :class:`BodyTooSlow`."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        raise BodyNotJson
    taken = bytearray()

    async def take() -> None:
        async for piece in request.stream():
            taken.extend(piece)
            if len(taken) > LONGEST:
                raise BodyTooLong(limit=LONGEST)

    try:
        await asyncio.wait_for(take(), _BODY_SECONDS)
    except asyncio.TimeoutError:
        raise BodyTooSlow from None
    return bytes(taken)


async def _writing(
    request: Request,
    shop: str,
    _: Annotated[Any, Depends(_BEARER)],
    idempotency_key: Annotated[
        str | None,
        Header(description="A name that the client chooses for this request: 8 to 128 visible characters."),
    ] = None,
) -> Writing:
    served: Served = request.app.state.served
    client = served.client(request)
    found = served.shop(client, shop)
    if not client.writes:
        raise RightMissing
    if idempotency_key is None or not KEY.fullmatch(idempotency_key):
        raise RequestKeyMissing
    request.state.body = await _body(request)
    asked = b"\n".join((request.method.encode(), request.url.path.encode(), request.state.body))
    named = request.path_params.get("claim") or request.path_params.get("consent") or ""
    return Writing(found, f"{client.name}/{idempotency_key}", asked, named.lower())


#: A request that writes.
Posted = Annotated[Writing, Depends(_writing)]


def body_of(shape: type[S]) -> Callable[..., Coroutine[Any, Any, S]]:
    """What a request asks, of one shape; its client is known before its body is read.

    Raises :class:`BodyMalformed`.
    """

    async def read(request: Request, _: Posted) -> S:
        found = parse_object(request.state.body, decimals=True)
        read = Fault("", "", found) if isinstance(found, Sentence) else parse(shape, found)
        if isinstance(read, Fault):
            raise BodyMalformed(why=read.sentence)
        return read

    return read


def takes(shape: type[Shape]) -> dict[str, Any]:
    """What the OpenAPI document says of a body."""
    schema = {"$ref": f"#/components/schemas/{shape.__name__}"}
    return {"requestBody": {"required": True, "content": {_JSON: {"schema": schema}}}}
