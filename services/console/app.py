"""The console's HTTP application: pages, API, feeds and health, behind one guard."""

from __future__ import annotations

from typing import Any, cast

from fastapi import APIRouter, FastAPI, Request
from prometheus_client.exposition import choose_encoder
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from services.console.api_alerts import alerts_api
from services.console.api_deliveries import deliveries_api
from services.console.api_incidents import incidents_api
from services.console.api_operating import operating_api
from services.console.api_subscriptions import subscriptions_api
from services.console.feeds import feeds_api
from services.console.guard import Guard
from services.console.login import login_pages
from services.console.operating_pages import operating_pages
from services.console.pages import pages_of
from services.console.parts import Parts
from services.console.problems import Problem, handle_problems
from services.console.showing import Pages
from services.console.streaming import news_stream
from services.console.subscription_pages import subscription_pages
from services.shared.health import HealthReport

API_VERSION = "1"
MAX_BODY_BYTES = 100_000
_DESCRIPTION = """\
Incidents, subscriptions, and what each subscription was told.

Alerts are given by the `number` that they also have on their channel: 1, 2, 3 without a gap for each subscription. Who
has every number has everything.

Where a token is set, send it as `Authorization: Bearer <token>`, or as the password of basic authentication. Errors are
problem details (RFC 9457) that name each wrong field.
"""


def create_app(parts: Parts) -> ASGIApp:
    """The whole application, with its guard."""
    return Guard(_application(parts), parts.sessions)


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document of the API, as /openapi.json gives it."""
    document: dict[str, Any] = _application(cast("Parts", _Nothing())).openapi()
    return document


class _Nothing:
    """What a console is made of, where nobody will ask it for anything."""

    def __getattr__(self, name: str) -> _Nothing:
        return self


def _application(parts: Parts) -> FastAPI:
    pages = Pages(parts.desk)
    app = FastAPI(
        title="Tocsin",
        version=API_VERSION,
        description=_DESCRIPTION,
        # Their pages take scripts from elsewhere, which this console does not.
        docs_url=None,
        redoc_url=None,
        max_body_size=MAX_BODY_BYTES,
    )
    problems: dict[int | str, dict[str, Any]] = {
        status: {"model": Problem, "description": said}
        for status, said in (
            (404, "There is no such thing"),
            (422, "Something asked is wrong"),
            (503, "Ask again later"),
        )
    }
    api = APIRouter(prefix="/api/v1", responses=problems)
    for part in (incidents_api, subscriptions_api, alerts_api, deliveries_api, operating_api):
        api.include_router(part(parts))
    app.include_router(api)
    app.include_router(feeds_api(parts))
    app.include_router(_service(parts))
    app.include_router(login_pages(parts, pages), include_in_schema=False)
    for made in (pages_of, subscription_pages, operating_pages):
        app.include_router(made(parts, pages), include_in_schema=False)
    app.mount("/static", StaticFiles(packages=[("services.console", "static")]), name="static")
    handle_problems(app, pages)
    return app


def _service(parts: Parts) -> APIRouter:
    """Health and metrics as every service has them, and news for open pages."""
    router = APIRouter(include_in_schema=False)

    def answer(report: HealthReport, good: bool) -> Response:
        return JSONResponse(report.as_json("console"), 200 if good else 503)

    @router.get("/healthz")
    async def healthz() -> Response:
        report = parts.health.report()
        return answer(report, report.ok)

    @router.get("/readyz")
    async def readyz() -> Response:
        report = parts.health.report()
        return answer(report, report.ready)

    @router.get("/metrics")
    async def show_metrics(request: Request) -> Response:
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        return Response(encode(parts.registry), headers={"Content-Type": content_type})

    @router.get("/live")
    async def live() -> Response:
        return news_stream(parts)

    return router
