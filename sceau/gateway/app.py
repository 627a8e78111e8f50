# SPDX-License-Identifier: Apache-2.0
"""The gateway as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException

from sceau import __version__
from sceau.documents.model import Shape
from sceau.errors import SceauError
from sceau.gateway import asked, payer, practice, reading, supplier
from sceau.gateway.asking import KEY, Served
from sceau.gateway.errors import AddressUnknown, GatewayFailed, MethodWrong, ParameterMalformed
from sceau.gateway.problems import MEDIA_TYPE, Problem, response_of
from sceau.gateway.shops import MOST_REQUESTS

_DESCRIPTION = (
    "The verbs of a practice, a supplier and a payer. Every request that writes has an Idempotency-Key: repeated under "
    "it, it is done once, and answered as the first time. What is not on the chain yet is answered with 202 and the "
    "address of its state."
)
_NOT_FOUND, _METHOD_WRONG = 404, 405


def application(served: Served) -> FastAPI:
    """The application; its shops follow the chain and their post as long as it runs, and are closed when it ends."""

    @asynccontextmanager
    async def lives(_: FastAPI) -> AsyncIterator[None]:
        # AnyIO's own number is 40: five shops whose nodes are silent would take them all.
        to_thread.current_default_thread_limiter().total_tokens = MOST_REQUESTS
        served.shops.start()
        try:
            yield
        finally:
            served.shops.close()

    app = FastAPI(
        title="Sceau",
        version=__version__,
        description=_DESCRIPTION,
        # The pages that show the document fetch scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        lifespan=lives,
        generate_unique_id_function=lambda route: route.name,
        responses={"default": {"model": Problem, "description": "Why it was refused"}},
    )
    app.state.served = served
    for each in (reading, practice, supplier, payer):
        app.include_router(each.router)
    app.add_exception_handler(SceauError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _unserved)
    app.add_exception_handler(Exception, _refused)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app


async def _refused(_: Request, error: Exception) -> JSONResponse:
    return response_of(error if isinstance(error, SceauError) else GatewayFailed())


async def _malformed(_: Request, error: Exception) -> JSONResponse:
    """Of what FastAPI says, the parameter's declared name alone: the rest holds what was sent."""
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    place = problems[0]["loc"] if problems else ()
    return response_of(ParameterMalformed(name=str(place[-1]) if place else "-"))


async def _unserved(_: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 0
    if status == _METHOD_WRONG:
        return response_of(MethodWrong())
    return response_of(AddressUnknown() if status == _NOT_FOUND else GatewayFailed())


def _document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the shapes of the bodies, and problems as what they are."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        schemas = document["components"]["schemas"]
        shapes = [each for each in vars(asked).values() if isinstance(each, type) and issubclass(each, Shape)]
        wanted: Any = [(each, "validation") for each in shapes if each is not Shape]
        _, made = models_json_schema(wanted, ref_template="#/components/schemas/{model}")
        schemas.update(made["$defs"])
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        for path in document["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
                _as_problem(operation["responses"]["default"])
                for each in operation["parameters"]:
                    if each["in"] == "header":
                        # It is looked at where its absence is told by an error of its own.
                        each["required"] = True
                        each["schema"] = {"type": "string", "pattern": f"^{KEY.pattern}$"}
        app.openapi_schema = document
    return app.openapi_schema


def _as_problem(response: dict[str, Any]) -> None:
    content = response["content"]
    content[MEDIA_TYPE] = content.pop("application/json")
