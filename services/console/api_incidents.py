"""The API of incidents."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.console.answers import AlertsAbout, IncidentAnswer, IncidentList, IncidentSummary
from services.console.asking import IncidentId, Limit, asked_incidents
from services.console.desk import UnknownError
from services.console.incident_view import IncidentFilter
from services.console.parts import Parts


def incidents_api(parts: Parts) -> APIRouter:
    """`/incidents` and what is below."""
    router = APIRouter(prefix="/incidents", tags=["incidents"])

    @router.get("", operation_id="list_incidents", summary="Incidents, the newest first")
    async def list_incidents(
        asked: Annotated[IncidentFilter, Depends(asked_incidents)],
        cursor: Annotated[str | None, Query(max_length=400, description="`next_cursor` of a page.")] = None,
        limit: Limit = 50,
    ) -> IncidentList:
        """Newest by their own clock, the publication of the newest article in them; all conditions must be met."""
        page = await parts.view.page(asked, cursor, limit)
        summaries = tuple(IncidentSummary.of(one, parts.desk.words(one).headline) for one in page.incidents)
        return IncidentList(incidents=summaries, next_cursor=page.next_cursor)

    @router.get("/{incident_id}", operation_id="get_incident", summary="One incident as it stands")
    async def get_incident(incident_id: IncidentId) -> IncidentAnswer:
        """With its toll's history, every claim with the words it came from, severity with its reasons, and sources. An
        incident that was merged is answered with the one that it was found to be."""
        path = await parts.view.resolve(incident_id)
        if not path:
            raise UnknownError(f"There is no incident {incident_id}.")
        incident = path[-1]
        return IncidentAnswer(
            incident=incident,
            headline=parts.desk.words(incident).headline,
            resolved_from=tuple(one.incident_id for one in path[:-1]),
            merged_here=tuple(await parts.view.merged_into(incident.incident_id)),
        )

    @router.get("/{incident_id}/alerts", operation_id="list_alerts_about", summary="Who was told what about it")
    async def list_alerts_about(incident_id: IncidentId, limit: Limit = 100) -> AlertsAbout:
        """Alerts with what became of them, and decisions with their reasons; of that incident itself, not of those that
        it was merged into."""
        if await parts.view.get(incident_id) is None:
            raise UnknownError(f"There is no incident {incident_id}.")
        alerts, decisions = await asyncio.gather(
            parts.desk.alerts_about([incident_id], limit), parts.desk.decisions_about(incident_id, limit)
        )
        return AlertsAbout(alerts=tuple(alerts), decisions=tuple(decisions))

    return router
