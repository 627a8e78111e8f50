# SPDX-License-Identifier: Apache-2.0
"""How the addresses that write are declared, and what their bodies have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel

from sceau.claim.steps import STEPS
from sceau.documents.model import Shape
from sceau.formats.documents import read_document
from sceau.gateway.answers import MessageAnswer
from sceau.gateway.asking import takes
from sceau.record import Value, load_profile
from sceau.record.values import RecordValues
from sceau.terms import Step

F = TypeVar("F", bound=Callable[..., Any])

_MADE, _ACCEPTED = 201, 202
_LOCATION = {"Location": {"description": "The address of its state", "schema": {"type": "string"}}}


def post(
    router: APIRouter,
    path: str,
    shape: type[Shape],
    answer: type[BaseModel],
    summary: str,
    *,
    status: int = 202,
) -> Callable[[F], F]:
    """Declares an address that writes: what it takes, what it answers."""
    responses: dict[int | str, dict[str, Any]] = {}
    if status == _ACCEPTED:
        responses[_ACCEPTED] = {"headers": _LOCATION}
        if answer is not MessageAnswer:
            responses[_MADE] = {
                "model": answer,
                "description": "It stands on the chain",
                "headers": _LOCATION,
            }
    return router.post(
        path,
        response_model=answer,
        status_code=status,
        summary=summary,
        openapi_extra=takes(shape),
        responses=responses,
        response_description="Stored; it waits, is on its way, or stands on the chain",
    )


def record_of(document: Mapping[str, Any], step: Step) -> RecordValues:
    """The values in a document for the record of a step; raises as :func:`read_document`."""
    return read_document(document, *(load_profile(name).key for name in STEPS[step].profiles))


def values_of(document: Mapping[str, Any], step: Step) -> dict[str, Value]:
    """The same, where a step has one profile."""
    return dict(record_of(document, step).values)
