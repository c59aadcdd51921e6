"""The page that asks for the token, so that a browser can be let in."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import sent_by
from services.console.parts import Parts
from services.console.sessions import COOKIE, SESSION_SECONDS
from services.console.showing import Pages

REFUSED_SECONDS = 0.5
"""How long a wrong token waits for its answer: guessing takes longer, and a person does not notice."""


def login_pages(parts: Parts, pages: Pages) -> APIRouter:
    """`/login` and `/logout`."""
    router = APIRouter()

    @router.get("/login")
    async def ask(request: Request, after: Annotated[str, Query(alias="next", max_length=2000)] = "/") -> Response:
        if parts.sessions is None:
            return RedirectResponse("/", status_code=303)
        return pages.page(request, "login.html", next=_own_path(after), wrong=False)

    @router.post("/login")
    async def let_in(request: Request) -> Response:
        if parts.sessions is None:
            return RedirectResponse("/", status_code=303)
        sent = await sent_by(request)
        after = _own_path(sent.one("next"))
        if not parts.sessions.holds_token(sent.one("token")):
            await asyncio.sleep(REFUSED_SECONDS)
            page = pages.page(request, "login.html", next=after, wrong=True)
            page.status_code = 401
            return page
        answer = RedirectResponse(after, status_code=303)
        answer.set_cookie(
            COOKIE,
            parts.sessions.open(),
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    @router.post("/logout")
    async def let_out() -> Response:
        answer = RedirectResponse("/login", status_code=303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    return router


def _own_path(path: str) -> str:
    """`path` where it is one of this console; the first page for an address elsewhere."""
    own = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if own else "/"
