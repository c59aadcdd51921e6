"""The API of attempts to deliver, and of what waits."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query

from schemas import DeliveryOutcome
from services.console.answers import AlertAnswer, Backlog, DeliveryList
from services.console.asking import LARGEST_NUMBER, AlertId, Limit
from services.console.parts import Parts


def deliveries_api(parts: Parts) -> APIRouter:
    """`/alerts/{id}`, `/deliveries` and `/backlog`."""
    router = APIRouter(tags=["deliveries"])

    @router.get("/alerts/{alert_id}", operation_id="get_alert", summary="One alert and every attempt to deliver it")
    async def get_alert(alert_id: AlertId) -> AlertAnswer:
        """The id is the one that the channel was given."""
        record, attempts = await asyncio.gather(
            parts.desk.alert(alert_id), parts.desk.attempts_before(None, 200, alert_id=alert_id)
        )
        return AlertAnswer(record=record, attempts=tuple(attempts))

    @router.get("/deliveries", operation_id="list_deliveries", summary="Attempts to deliver, the newest first")
    async def list_deliveries(
        subscription: Annotated[str | None, Query(max_length=64)] = None,
        channel: Annotated[str | None, Query(max_length=64)] = None,
        outcome: Annotated[DeliveryOutcome | None, Query()] = None,
        before: Annotated[int | None, Query(ge=1, le=LARGEST_NUMBER, description="`next_before` of a page.")] = None,
        limit: Limit = 50,
    ) -> DeliveryList:
        """Those that meet all that is given."""
        found = await parts.desk.attempts_before(
            before, limit, subscription=subscription, channel=channel, outcome=outcome
        )
        return DeliveryList(deliveries=tuple(found), next_before=found[-1].position if len(found) == limit else None)

    @router.get("/backlog", operation_id="get_backlog", summary="What waits, and what could not be done")
    async def get_backlog() -> Backlog:
        """Alerts that wait by channel, alerts given up, and dead letters by topic."""
        outbox, dead_letters = await asyncio.gather(parts.desk.outbox(), parts.desk.dead_letters())
        return Backlog(**outbox.model_dump(), dead_letters=dict(dead_letters))

    return router
