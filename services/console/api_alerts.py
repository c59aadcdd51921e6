"""The API of one subscription's alerts: what a channel was told, for whoever would rather ask, or check.

The ids and numbers are those that go out by the channel. Numbers count 1, 2, 3 without a gap and never change.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query
from sse_starlette import EventSourceResponse

from schemas import AlertRecord
from services.console.answers import AlertList
from services.console.asking import LARGEST_NUMBER, Limit, SubscriptionName
from services.console.desk import ConflictError, Fault, FaultyError
from services.console.parts import Parts
from services.console.streaming import alert_stream

After = Annotated[int, Query(ge=0, le=LARGEST_NUMBER, description="The last number that you have; 0 for none.")]


def alerts_api(parts: Parts) -> APIRouter:
    """`/subscriptions/{name}/alerts` and what is below."""
    router = APIRouter(prefix="/subscriptions/{name}/alerts", tags=["alerts"])
    desk = parts.desk

    @router.get("", operation_id="list_alerts", summary="A subscription's alerts by their numbers")
    async def list_alerts(name: SubscriptionName, after: After = 0, limit: Limit = 50) -> AlertList:
        """In ascending order. Read on with `next_after` until it is `last_number`: then you have everything. Alerts
        that were cancelled, corrected or never delivered stay, with what became of them."""
        last = (await desk.subscription(name)).last_number
        found = await desk.alerts_after(name, after, limit)
        return AlertList(
            alerts=tuple(found),
            last_number=max(last, found[-1].number if found else 0),
            next_after=found[-1].number if found else after,
        )

    @router.get(
        "/stream",
        operation_id="stream_alerts",
        summary="The same as server-sent events, those to come too",
        response_class=EventSourceResponse,
        responses={
            200: {
                "description": "Events `alert`: `id` is the number and `data` an AlertRecord. A comment every "
                "15 s says that the stream lives.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            }
        },
    )
    async def stream_alerts(
        name: SubscriptionName,
        after: After = 0,
        last_event_id: Annotated[
            str | None, Header(max_length=40, description="The last number that you have; stronger than `after`.")
        ] = None,
    ) -> EventSourceResponse:
        """A reader that reconnects with `Last-Event-ID`, as browsers do, goes on where it was."""
        last = (await desk.subscription(name)).last_number
        if last_event_id:
            after = _number(last_event_id)
        if after > last:
            raise ConflictError(
                f"{name} has counted to {last}, not to {after}: its store is another one than before; begin again "
                "with after=0."
            )
        return alert_stream(parts, name, after)

    @router.get("/{number}", operation_id="get_alert_by_number", summary="One alert by its number")
    async def get_alert_by_number(name: SubscriptionName, number: int) -> AlertRecord:
        """For a number that did not come by the channel."""
        await desk.subscription(name)
        found = await desk.alerts_after(name, number - 1, 1) if 0 < number < LARGEST_NUMBER else []
        if not found or found[0].number != number:
            raise ConflictError(f"{name} has no alert {number} yet.")
        return found[0]

    return router


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < LARGEST_NUMBER):
        raise FaultyError([Fault("Last-Event-ID", "must be the `id` of an event of this stream")])
    return int(text)
