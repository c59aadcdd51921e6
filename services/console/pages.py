"""The pages of a desk: incidents now, one incident, subscriptions and what they rang, deliveries."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from schemas import (
    ArticleRef,
    DeliveryOutcome,
    Incident,
    IncidentType,
    SeverityLevel,
    SourcedClaim,
)
from services.console.asking import LARGEST_NUMBER, IncidentId, SubscriptionName
from services.console.conditions import conditions_of
from services.console.desk import UnavailableError, UnknownError
from services.console.incident_view import IncidentFilter
from services.console.parts import Parts
from services.console.showing import Pages

PER_PAGE = 30
MOST_TOLD = 100
Cursor = Annotated[str | None, Query(max_length=400)]


@dataclass(frozen=True, slots=True)
class SourceShown:
    """One article of an incident and what it claims."""

    article: ArticleRef
    claims: Sequence[SourcedClaim]


def pages_of(parts: Parts, pages: Pages) -> APIRouter:
    """Every page but the one that asks for the token."""
    router = APIRouter()
    desk, view = parts.desk, parts.view

    @router.get("/")
    async def incidents(
        request: Request,
        q: Annotated[str, Query(max_length=200)] = "",
        severity: Annotated[str, Query(max_length=20)] = "",
        type: Annotated[str, Query(max_length=40)] = "",  # noqa: A002 - the field's name
        place: Annotated[str, Query(max_length=80)] = "",
        cursor: Cursor = None,
    ) -> Response:
        asked = IncidentFilter(
            types=[IncidentType(type)] if type in set(IncidentType) else (),
            severity_at_least=SeverityLevel(severity) if severity in set(SeverityLevel) else None,
            countries=[place.strip().upper()] if len(place.strip()) == 2 else (),
            regions=[place.strip().lower()] if len(place.strip()) > 2 else (),
            text=q,
        )
        page = await view.page(asked, cursor, PER_PAGE)
        chosen = {"q": q, "severity": severity, "type": type, "place": place}
        return pages.page(
            request,
            "incidents.html",
            shown=[(one, desk.words(one)) for one in page.incidents],
            count=await view.count(asked),
            chosen=chosen,
            filtered=any(chosen.values()),
            older=_older(chosen, page.next_cursor),
            first=cursor is None,
            severities=list(SeverityLevel),
            types=sorted(IncidentType),
            backlog=await _or_none(desk.outbox()),
        )

    @router.get("/incidents/{incident_id}")
    async def incident(request: Request, incident_id: IncidentId) -> Response:
        path = await view.resolve(incident_id)
        if not path:
            raise UnknownError(f"There is no incident {incident_id}.")
        if len(path) > 1 and "as" not in request.query_params:
            return RedirectResponse(f"/incidents/{path[-1].incident_id}?from={incident_id}", status_code=303)
        now = path[0] if "as" in request.query_params else path[-1]
        ids = [now.incident_id, *await view.merged_into(now.incident_id)]
        told, decisions = await asyncio.gather(
            _or_none(desk.alerts_about(ids, MOST_TOLD)), _or_none(desk.decisions_about(now.incident_id, MOST_TOLD))
        )
        return pages.page(
            request,
            "incident.html",
            incident=now,
            words=desk.words(now),
            came_from=request.query_params.get("from", ""),
            merged_here=ids[1:],
            sources=_sources(now),
            told=told,
            untold=[one for one in decisions or () if one.kind is None],
        )

    @router.get("/subscriptions")
    async def subscriptions(request: Request) -> Response:
        found = await desk.subscriptions()
        return pages.page(
            request,
            "subscriptions.html",
            present=[(one, conditions_of(one.subscription)) for one in found if one.left_at is None],
            left=[one for one in found if one.left_at is not None],
            channels=desk.channels(),
        )

    @router.get("/subscriptions/{name}")
    async def subscription(
        request: Request, name: SubscriptionName, before: Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER)] = None
    ) -> Response:
        record = await desk.subscription(name)
        alerts, changes = await asyncio.gather(desk.alerts_before(name, before, PER_PAGE), desk.changes(name, PER_PAGE))
        return pages.page(
            request,
            "subscription.html",
            record=record,
            conditions=conditions_of(record.subscription),
            kind=desk.channels().get(record.subscription.channel, ""),
            alerts=alerts,
            older=alerts[-1].number if alerts and alerts[-1].number > 1 else None,
            changes=changes,
        )

    @router.get("/deliveries")
    async def deliveries(
        request: Request,
        outcome: Annotated[str, Query(max_length=20)] = "",
        channel: Annotated[str, Query(max_length=64)] = "",
        subscription: Annotated[str, Query(max_length=64)] = "",
        before: Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER)] = None,
    ) -> Response:
        wanted = DeliveryOutcome(outcome) if outcome in set(DeliveryOutcome) else None
        backlog, dead, attempts, letters = await asyncio.gather(
            desk.outbox(),
            desk.dead_alerts(PER_PAGE),
            desk.attempts_before(
                before, PER_PAGE, outcome=wanted, channel=channel or None, subscription=subscription or None
            ),
            _or_none(desk.dead_letters()),
        )
        return pages.page(
            request,
            "deliveries.html",
            backlog=backlog,
            dead=dead,
            attempts=attempts,
            letters=None if letters is None else {topic: count for topic, count in letters.items() if count},
            outcome=outcome if wanted else "",
            outcomes=list(DeliveryOutcome),
            channel=channel,
            subscription=subscription,
            channels=desk.channels(),
            of=urlencode({k: v for k, v in (("channel", channel), ("subscription", subscription)) if v}),
            older=attempts[-1].position if len(attempts) == PER_PAGE else None,
        )

    return router


async def _or_none(asking: Any) -> Any:
    """What is asked of the store, or None while it does not answer: the rest of the page is worth showing then."""
    try:
        return await asking
    except UnavailableError:
        return None


def _older(chosen: Mapping[str, str], cursor: str | None) -> str | None:
    if cursor is None:
        return None
    return "/?" + urlencode({name: value for name, value in chosen.items() if value} | {"cursor": cursor})


def _sources(incident: Incident) -> list[SourceShown]:
    return [
        SourceShown(source, [claim for claim in incident.claims if claim.article_id == source.article_id])
        for source in incident.sources
    ]
