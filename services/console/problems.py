"""Errors as answers: RFC 9457 problem details for programs, a page for people."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from services.console.desk import ConflictError, FaultyError, StaleError, UnavailableError, UnknownError
from services.console.incident_view import CursorError
from services.console.showing import Pages
from services.console.waking import TooManyListenersError

log = structlog.get_logger()

RETRY_SECONDS = 5
PROGRAM_PATHS = ("/api/", "/feeds/", "/openapi.json", "/healthz", "/readyz", "/metrics", "/live")


class WrongField(BaseModel):
    """One value that cannot be used."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    field: str
    """Where it is, as `regions[1]` or `limit`; empty for the whole."""
    message: str
    """What is wrong, and what to write instead."""


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    status: int
    """The HTTP status."""
    title: str
    """The status in words."""
    detail: str
    """What is wrong and what to do."""
    errors: tuple[WrongField, ...] = Field(default=())
    """Each value that is wrong."""


def handle_problems(app: FastAPI, pages: Pages) -> None:
    """Answer every exception of `app` as a problem."""

    def answer(request: Request, problem: Problem, headers: dict[str, str] | None = None) -> Response:
        if request.url.path.startswith(PROGRAM_PATHS):
            body = problem.model_dump(mode="json", exclude_defaults=False)
            return JSONResponse(body, problem.status, headers, media_type="application/problem+json")
        page = pages.page(request, "error.html", problem=problem)
        page.status_code = problem.status
        page.headers.update(headers or {})
        return page

    async def refused(request: Request, error: Exception) -> Response:
        headers: dict[str, str] = {}
        match error:
            case UnknownError():
                problem = _problem(404, str(error) or "There is no such thing.")
            case StaleError():
                problem = _problem(412, str(error))
            case ConflictError():
                problem = _problem(409, str(error))
            case CursorError():
                problem = _problem(422, str(error), (WrongField(field="cursor", message=str(error)),))
            case FaultyError():
                faults = tuple(WrongField(field=fault.field, message=fault.message) for fault in error.faults)
                problem = _problem(422, "It cannot be used as it is.", faults)
            case UnavailableError():
                problem = _problem(503, f"The alerter's store does not answer: {error}.")
                headers["Retry-After"] = str(RETRY_SECONDS)
            case TooManyListenersError():
                problem = _problem(503, "As many connections listen as this console keeps open: ask again later.")
                headers["Retry-After"] = str(RETRY_SECONDS * 6)
            case RequestValidationError():
                faults = tuple(
                    WrongField(field=_field_of(one["loc"]), message=str(one["msg"])) for one in error.errors()
                )
                problem = _problem(422, "; ".join(f"{one.field}: {one.message}" for one in faults), faults)
            case HTTPException():
                problem = _problem(error.status_code, str(error.detail))
                headers.update(error.headers or {})
            case _:
                log.exception("request_fault", path=request.url.path, exc_info=error)
                problem = _problem(500, "A fault of the console's own; its log has the particulars.")
        return answer(request, problem, headers)

    handled = (
        *(UnknownError, ConflictError, CursorError, FaultyError, UnavailableError, TooManyListenersError),
        *(RequestValidationError, HTTPException, Exception),
    )
    for kind in handled:
        app.add_exception_handler(kind, refused)


def _problem(status: int, detail: str, errors: tuple[WrongField, ...] = ()) -> Problem:
    return Problem(status=status, title=HTTPStatus(status).phrase, detail=detail, errors=errors)


def _field_of(location: tuple[int | str, ...]) -> str:
    """`("query", "limit")` as `limit`, `("body", "regions", 1)` as `regions[1]`."""
    found = ""
    for step in location[1:]:
        found += f"[{step}]" if isinstance(step, int) else f".{step}" if found else str(step)
    return found
