# SPDX-License-Identifier: Apache-2.0
"""Errors as HTTP answers: problem details (https://www.rfc-editor.org/rfc/rfc9457), in English and in French."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from pydantic import BaseModel

from sceau.errors import SceauError

if TYPE_CHECKING:
    from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """Why a request was refused."""

    type: str
    """``urn:sceau:error:`` and the code."""
    title: str
    """The status in words."""
    status: int
    code: str
    """The code of the error, for programs."""
    detail: str
    """What is wrong, where, and what to do, in English."""
    detail_fr: str
    """The same in French."""


def problem_of(error: SceauError) -> Problem:
    """The body of the answer. It holds what the error's sentence says, and no value of the request."""
    return Problem(
        type=f"urn:sceau:error:{error.code}",
        title=HTTPStatus(error.http_status).phrase,
        status=error.http_status,
        code=error.code,
        detail=error.message("en"),
        detail_fr=error.message("fr"),
    )


def response_of(error: SceauError) -> JSONResponse:
    """The answer."""
    from starlette.responses import JSONResponse

    headers = {"WWW-Authenticate": "Bearer"} if error.http_status == HTTPStatus.UNAUTHORIZED else {}
    problem = problem_of(error).model_dump()
    return JSONResponse(problem, status_code=error.http_status, headers=headers, media_type=MEDIA_TYPE)
